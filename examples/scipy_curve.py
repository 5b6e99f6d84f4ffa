"""A curve fitted by SciPy's `curve_fit`, with the Jacobian of the model by its parameters as `jac`.

    python examples/scipy_curve.py

`curve_fit` gives each parameter as an argument of its own and takes one matrix: the Jacobians side by side.
"""
from __future__ import annotations

import numpy as np
from counted import Counted
from scipy.optimize import curve_fit

from s2sad import jacobian

TRUE = (2.0, 0.7, 5.0, 0.4)
START = (1.0, 1.0, 4.0, 1.0)
NOISE = 0.02


def peak(t: np.ndarray, height: float, width: float, middle: float, ground: float) -> np.ndarray:
    """A peak as of a spectrum, over a constant ground."""
    return ground + height / (1.0 + ((t - middle) / width) ** 2)


def points() -> tuple[np.ndarray, np.ndarray]:
    t = np.linspace(0.0, 10.0, 80)
    return t, peak(t, *TRUE) + NOISE * np.random.default_rng(0).normal(size=80)


by_parameters = jacobian(peak, argnums=(1, 2, 3, 4))


def columns(t: np.ndarray, *parameters: float) -> np.ndarray:
    return np.stack(by_parameters(t, *parameters), axis=1)


def fitted(by_differences: bool = False) -> tuple[np.ndarray, np.ndarray, int, int]:
    """The parameters, their covariance, and the calls of the model and of its Jacobian."""
    model, slope = Counted(peak), Counted(columns)
    jac = None if by_differences else slope
    found, covariance = curve_fit(model, *points(), p0=START, sigma=np.full(80, NOISE), absolute_sigma=True, jac=jac)
    return found, covariance, model.calls, slope.calls


def main() -> None:
    (one, spread, calls, _), (other, same_spread, fewer, slopes) = fitted(by_differences=True), fitted()
    agree = np.allclose(one, other, rtol=1e-6) and np.allclose(spread, same_spread, rtol=1e-4, atol=1e-9)
    print(f"calls of the model: {calls} by differences, and {fewer} with {slopes} Jacobians, the same fit: {agree}")
    rows = zip(("height", "width", "middle", "ground"), other, np.sqrt(np.diag(same_spread)), TRUE, strict=True)
    for name, value, deviation, true in rows:
        print(f"{name:<7} {value:.3f} +- {deviation:.3f}, made with {true}")


if __name__ == "__main__":
    main()
