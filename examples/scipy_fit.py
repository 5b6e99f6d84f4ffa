"""A decaying oscillation fitted to noisy points by SciPy's `least_squares`, with the Jacobian of the residuals as `jac`.

    python examples/scipy_fit.py

Then what the noise of the points makes of a number that is computed from the fitted ones: J C J', with their covariance C.
"""
from __future__ import annotations

from collections.abc import Callable

import numpy as np
from counted import Counted
from scipy.optimize import OptimizeResult, least_squares

from s2sad import jacobian

TRUE = np.array([2.0, 0.4, 3.0, 0.5, 0.3])
START = np.array([1.0, 0.2, 2.8, 0.0, 0.0])
NOISE = 0.05


def model(p: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Amplitude, decay, frequency, phase and offset."""
    return p[0] * np.exp(-p[1] * t) * np.cos(p[2] * t + p[3]) + p[4]


def residuals(p: np.ndarray, t: np.ndarray, y: np.ndarray) -> np.ndarray:
    return model(p, t) - y


def half_life_and_quality(p: np.ndarray) -> np.ndarray:
    """Of the oscillation: in what time it halves, and the energy over what is lost in a radian."""
    return np.array([np.log(2.0) / p[1], p[2] / (2.0 * p[1])])


def points() -> tuple[np.ndarray, np.ndarray]:
    t = np.linspace(0.0, 6.0, 60)
    return t, model(TRUE, t) + NOISE * np.random.default_rng(1).normal(size=60)


def fitted(method: str, by_differences: bool = False) -> tuple[OptimizeResult, int, int]:
    """The fit, and the calls of the residuals and of their Jacobian."""
    function, slope = Counted(residuals), Counted(jacobian(residuals))
    found = least_squares(function, START, jac="2-point" if by_differences else slope, args=points(), method=method)
    return found, function.calls, slope.calls


def propagated(function: Callable[[np.ndarray], np.ndarray], p: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """The covariance of what is computed from numbers, from that of these, in first order."""
    j = jacobian(function)(p)
    return j @ covariance @ j.T


def drawn(function: Callable[[np.ndarray], np.ndarray], p: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """The same from many draws."""
    sample = np.random.default_rng(2).multivariate_normal(p, covariance, 20_000)
    return np.cov(np.array([function(each) for each in sample]).T)


def main() -> None:
    print("calls of the residuals, by differences and with their Jacobian:")
    for method in ("trf", "dogbox", "lm"):
        (one, calls, _), (other, fewer, slopes) = fitted(method, by_differences=True), fitted(method)
        agree = np.allclose(one.x, other.x, rtol=1e-6)
        print(f"  {method:<7} {calls:3}, and {fewer} with {slopes} Jacobians, the same fit: {agree}")
    p = other.x
    covariance = NOISE**2 * np.linalg.inv(other.jac.T @ other.jac)
    by_jacobian, by_draws = (np.sqrt(np.diag(f(half_life_and_quality, p, covariance))) for f in (propagated, drawn))
    for name, *row in zip(("half-life", "quality"), half_life_and_quality(p), by_jacobian, by_draws, strict=True):
        print(f"{name:<9} {row[0]:.3f} +- {row[1]:.3f} by J C J', +- {row[2]:.3f} by 20,000 draws")


if __name__ == "__main__":
    main()
