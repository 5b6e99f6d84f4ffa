"""A Kalman filter for something that moves, whose two noises are found by the likelihood of what was measured.

    python examples/kalman_filter.py kalman_filter.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.optimize import OptimizeResult, minimize

from s2sad import value_and_grad

STEP, PUSHED, MEASURED = 0.1, 2.0, 0.3  # of time, and the true noises
MOVE = np.array([[1.0, 0.0, STEP, 0.0], [0.0, 1.0, 0.0, STEP], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
SEEN = np.eye(2, 4)
SPREAD = np.kron(np.array([[STEP**3 / 3.0, STEP**2 / 2.0], [STEP**2 / 2.0, STEP]]), np.eye(2))


def track(steps: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Where it was, and what was measured."""
    rng = np.random.default_rng(5)
    state, factor = np.array([0.0, 0.0, 1.0, 0.5]), np.linalg.cholesky(SPREAD)
    places = []
    for _ in range(steps):
        state = MOVE @ state + PUSHED * factor @ rng.normal(size=4)
        places.append(SEEN @ state)
    return np.array(places), np.array(places) + MEASURED * rng.normal(size=(steps, 2))


def update(mean: np.ndarray, cov: np.ndarray, y: np.ndarray, pushed: float, measured: float) -> tuple[np.ndarray, np.ndarray, float]:
    """A step in time and a measurement: the new mean and covariance, and the logarithm of the probability of what was measured."""
    mean, cov = MOVE @ mean, MOVE @ cov @ MOVE.T + pushed**2 * SPREAD
    error, expected = y - SEEN @ mean, SEEN @ cov @ SEEN.T + measured**2 * np.eye(2)
    gain = np.linalg.solve(expected, SEEN @ cov).T
    density = -0.5 * (error @ np.linalg.solve(expected, error) + np.linalg.slogdet(2.0 * np.pi * expected)[1])
    return mean + gain @ error, cov - gain @ SEEN @ cov, density


@value_and_grad
def negative_log_likelihood(p: np.ndarray, ys: np.ndarray) -> float:
    """Of the logarithms of the two noises."""
    pushed, measured = np.exp(p)
    mean, cov, total = np.zeros(4), 10.0 * np.eye(4), 0.0
    for y in ys:
        mean, cov, density = update(mean, cov, y, pushed, measured)
        total = total - density
    return total


def fitted() -> OptimizeResult:
    return minimize(negative_log_likelihood, np.zeros(2), args=(track()[1],), jac=True, method="BFGS", options={"gtol": 1e-4})


def filtered(p: np.ndarray, ys: np.ndarray) -> np.ndarray:
    mean, cov, means = np.zeros(4), 10.0 * np.eye(4), []
    for y in ys:
        mean, cov, _ = update(mean, cov, y, *np.exp(p))
        means.append(mean[:2])
    return np.array(means)


def main() -> None:
    found, (places, ys) = fitted(), track()
    print("noise of the motion      {:.3f}\nnoise of the measurement {:.3f}".format(*np.exp(found.x)))
    estimate = filtered(found.x, ys)
    off = [np.sqrt(np.mean(np.sum((each - places)[10:] ** 2, axis=1))) for each in (ys, estimate)]
    print(f"off by {off[0]:.3f} measured, by {off[1]:.3f} filtered")

    def put(axes):
        axes.plot(*ys.T, ".", color="0.7", markersize=4, label="measured")
        axes.plot(*places.T, "k", linewidth=0.8, label="true")
        axes.plot(*estimate.T, label="filtered")
        axes.legend(frameon=False)

    draw(put)


if __name__ == "__main__":
    main()
