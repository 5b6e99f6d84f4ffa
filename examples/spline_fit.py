"""A smooth curve through noisy points: the heights of a cubic spline at its knots, with a price for bending.

    python examples/spline_fit.py spline_fit.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.interpolate import CubicSpline
from scipy.optimize import OptimizeResult, minimize

from s2sad import value_and_grad

KNOTS, PRICE = np.linspace(0.0, 10.0, 15), 2e-3
FINE = np.linspace(0.0, 10.0, 101)


def true(x: np.ndarray) -> np.ndarray:
    return np.sin(x) + 0.1 * x + np.exp(-((x - 6.0) ** 2))


def points() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(10)
    x = np.sort(rng.uniform(0.0, 10.0, 80))
    return x, true(x) + 0.15 * rng.normal(size=80)


@value_and_grad
def loss(heights: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    spline = CubicSpline(KNOTS, heights)
    return np.mean((spline(x) - y) ** 2) + PRICE * np.mean(spline(FINE, 2) ** 2)


def fitted() -> OptimizeResult:
    return minimize(loss, np.zeros(len(KNOTS)), args=points(), jac=True, method="BFGS")


def main() -> None:
    found = fitted()
    curve = CubicSpline(KNOTS, found.x)
    print(f"off the points by {np.sqrt(np.mean((curve(points()[0]) - points()[1]) ** 2)):.3f}")
    print(f"off the truth by  {np.sqrt(np.mean((curve(FINE) - true(FINE)) ** 2)):.3f}")

    def put(axes):
        axes.plot(*points(), "k.", markersize=4)
        axes.plot(FINE, true(FINE), ":", color="0.4")
        axes.plot(FINE, curve(FINE))
        axes.plot(KNOTS, found.x, "o", markersize=4, markerfacecolor="none")

    draw(put)


if __name__ == "__main__":
    main()
