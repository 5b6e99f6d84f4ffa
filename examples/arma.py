"""A series that follows its past and its past noise, ARMA(2, 1), fitted by the noise that a recursive filter finds in it.

    python examples/arma.py arma.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.optimize import OptimizeResult, minimize
from scipy.signal import freqz, lfilter

from s2sad import value_and_grad

TRUE = np.array([1.5, -0.75, 0.4])


def series(steps: int = 600) -> np.ndarray:
    noise = np.random.default_rng(11).normal(size=steps)
    return lfilter([1.0, TRUE[2]], [1.0, -TRUE[0], -TRUE[1]], noise)


def filters(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What makes noise of the series: numerator and denominator."""
    return np.array([1.0, -p[0], -p[1]]), np.array([1.0, p[2]])


@value_and_grad
def loss(p: np.ndarray, y: np.ndarray) -> float:
    """The logarithm of the mean square of the noise: the negative likelihood, but for constants."""
    numerator, denominator = filters(p)
    noise = lfilter(numerator, denominator, y)
    return np.log(np.mean(noise**2))


def fitted() -> OptimizeResult:
    """The noise is found again from the series where the last number is smaller than 1."""
    return minimize(loss, np.zeros(3), args=(series(),), jac=True, method="L-BFGS-B", bounds=[(-2.0, 2.0), (-1.0, 1.0), (-0.95, 0.95)])


def main() -> None:
    found = fitted()
    for name, true, value in zip(("first", "second", "noise"), TRUE, found.x, strict=True):
        print(f"{name:6} {value:6.3f}, true {true:5.2f}")

    def put(left, right):
        left.plot(series()[:150], linewidth=0.8)
        left.set(xlabel="step")
        for p, style in ((TRUE, "k:"), (found.x, "-")):
            w, h = freqz(*filters(p)[::-1])
            right.semilogy(w, np.abs(h) ** 2, style)
        right.set(xlabel="frequency", ylabel="power")

    draw(put, panels=2)


if __name__ == "__main__":
    main()
