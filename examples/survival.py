"""How long something lasts under two treatments, by Weibull's distribution; of some it is only known that they lasted so long.

    python examples/survival.py survival.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.optimize import OptimizeResult, minimize
from scipy.stats import weibull_min

from s2sad import hessian, value_and_grad

TRUE = np.array([0.4, 1.0, 0.7])  # the logarithms of shape and scale, and what the treatment adds to the latter
LAST = 6.0


def lives(count: int = 150) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, whether the end was seen, and whether treated."""
    rng = np.random.default_rng(9)
    treated = np.arange(count) % 2
    times = weibull_min.rvs(np.exp(TRUE[0]), scale=np.exp(TRUE[1] + TRUE[2] * treated), random_state=rng)
    until = rng.uniform(0.5 * LAST, LAST, size=count)
    return np.minimum(times, until), times <= until, treated


def negative_log_likelihood(p: np.ndarray, times: np.ndarray, ended: np.ndarray, treated: np.ndarray) -> float:
    shape, scale = np.exp(p[0]), np.exp(p[1] + p[2] * treated)
    seen = weibull_min.logpdf(times[ended], shape, scale=scale[ended])
    lasting = weibull_min.logsf(times[~ended], shape, scale=scale[~ended])
    return -np.sum(seen) - np.sum(lasting)


def fitted() -> OptimizeResult:
    return minimize(value_and_grad(negative_log_likelihood), np.array([0.0, 1.0, 0.0]), args=lives(), jac=True, method="BFGS")


def deviations(p: np.ndarray) -> np.ndarray:
    """Of the parameters, by the curvature of the likelihood."""
    return np.sqrt(np.diag(np.linalg.inv(hessian(negative_log_likelihood)(p, *lives()))))


def kaplan_meier(times: np.ndarray, ended: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(times)
    left = len(times) - np.arange(len(times))
    return np.append(0.0, times[order]), np.append(1.0, np.cumprod(1.0 - ended[order] / left))


def main() -> None:
    found = fitted()
    for name, value, deviation, true in zip(("shape", "scale", "treated"), found.x, deviations(found.x), TRUE, strict=True):
        print(f"{name:7} {value:6.3f} +- {deviation:.3f}, true {true:4.1f}")

    def put(axes):
        times, ended, treated = lives()
        at = np.linspace(0.0, LAST, 200)
        for group, name in enumerate(("untreated", "treated")):
            (line,) = axes.step(*kaplan_meier(times[treated == group], ended[treated == group]), where="post", linewidth=0.8)
            scale = np.exp(found.x[1] + found.x[2] * group)
            axes.plot(at, weibull_min.sf(at, np.exp(found.x[0]), scale=scale), color=line.get_color(), label=name)
        axes.set(xlabel="time", ylabel="lasting", ylim=(0.0, 1.02))
        axes.legend(frameon=False)

    draw(put)


if __name__ == "__main__":
    main()
