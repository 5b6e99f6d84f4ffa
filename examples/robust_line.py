"""A line through points of which some are far off, by Huber's loss.

    python examples/robust_line.py robust_line.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.optimize import OptimizeResult, minimize
from scipy.special import huber

from s2sad import value_and_grad

TRUE, NEAR = np.array([1.0, 0.5]), 0.3


def points() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(13)
    x = np.linspace(0.0, 10.0, 60)
    y = TRUE[0] + TRUE[1] * x + 0.2 * rng.normal(size=60)
    y[rng.choice(60, 9, replace=False)] += rng.uniform(3.0, 6.0, size=9)
    return x, y


@value_and_grad
def loss(p: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    return np.sum(huber(NEAR, y - p[0] - p[1] * x))


def fitted() -> OptimizeResult:
    return minimize(loss, np.zeros(2), args=points(), jac=True, method="BFGS")


def main() -> None:
    found, squares = fitted(), np.polyfit(*points(), 1)[::-1]
    for name, p in (("true", TRUE), ("Huber", found.x), ("squares", squares)):
        print(f"{name:8} {p[0]:.3f} + {p[1]:.3f} x")

    def put(axes):
        x, y = points()
        axes.plot(x, y, "k.", markersize=5)
        axes.plot(x, squares[0] + squares[1] * x, ":", label="least squares")
        axes.plot(x, found.x[0] + found.x[1] * x, label="Huber")
        axes.legend(frameon=False)

    draw(put)


if __name__ == "__main__":
    main()
