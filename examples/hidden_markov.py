"""A hidden Markov model of counts that change between a quiet and a busy state, fitted by the forward recursion in logarithms.

    python examples/hidden_markov.py hidden_markov.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.optimize import OptimizeResult, minimize
from scipy.special import gammaln, log_softmax, logsumexp, xlogy

from s2sad import value_and_grad

RATES, STAY = np.array([2.0, 8.0]), 0.95


def counts(steps: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """The states, and what is counted in them."""
    rng = np.random.default_rng(7)
    states = np.cumsum(rng.uniform(size=steps) > STAY) % 2
    return states, rng.poisson(RATES[states])


def parts(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The logarithms of the probabilities to go from state to state, and the rates."""
    return log_softmax(p[:4].reshape(2, 2), axis=1), np.exp(p[4:])


def densities(rates: np.ndarray, y: np.ndarray) -> np.ndarray:
    return xlogy(y[:, None], rates) - rates - gammaln(y[:, None] + 1.0)


@value_and_grad
def negative_log_likelihood(p: np.ndarray, y: np.ndarray) -> float:
    moves, rates = parts(p)
    seen = densities(rates, y)
    forward = np.log(0.5) + seen[0]
    for k in range(1, len(y)):
        forward = logsumexp(forward[:, None] + moves, axis=0) + seen[k]
    return -logsumexp(forward)


def fitted() -> OptimizeResult:
    start = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 1.5])
    return minimize(negative_log_likelihood, start, args=(counts()[1],), jac=True, method="L-BFGS-B")


def busy(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The probability of the second state at each time, given what has been counted until then."""
    moves, rates = parts(p)
    chances, found = np.array([0.5, 0.5]), []
    for seen in np.exp(densities(rates, y)):
        chances = (chances @ np.exp(moves) if found else chances) * seen
        chances = chances / np.sum(chances)
        found.append(chances[1])
    return np.array(found)


def main() -> None:
    found, (states, y) = fitted(), counts()
    moves, rates = parts(found.x)
    chance = busy(found.x, y)
    print("rates {:.2f} {:.2f}".format(*rates))
    print("stays {:.3f} {:.3f}".format(*np.exp(np.diag(moves))))
    print(f"the right state in {np.mean((chance > 0.5) == states):.1%} of the steps")

    def put(axes):
        axes.bar(np.arange(len(y)), y, width=1.0, color="0.8")
        axes.plot(chance * y.max(), linewidth=1.0, label="busy, by the model")
        axes.fill_between(np.arange(len(y)), -1.0, -0.4, where=states == 1, color="k", step="mid", label="truly busy")
        axes.legend(frameon=False)

    draw(put)


if __name__ == "__main__":
    main()
