"""A logistic regression on the squares of two numbers, by Newton's method: the gradient, and the Hessian as well.

    python examples/logistic.py logistic.png
"""
from __future__ import annotations

import numpy as np
from drawing import draw
from scipy.optimize import OptimizeResult, minimize
from scipy.special import expit, log_expit

from s2sad import hessian, value_and_grad

RIDGE = 1e-2


def points(count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Points, and 1 or -1: whether each lies in an ellipse, more or less."""
    rng = np.random.default_rng(8)
    x = rng.uniform(-2.0, 2.0, size=(count, 2))
    inside = 1.0 - x[:, 0] ** 2 - (x[:, 1] - 0.5 * x[:, 0]) ** 2
    return x, np.where(rng.uniform(size=count) < expit(4.0 * inside), 1.0, -1.0)


def features(x: np.ndarray) -> np.ndarray:
    a, b = x[..., 0], x[..., 1]
    return np.stack([np.ones_like(a), a, b, a * a, a * b, b * b], axis=-1)


def loss(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    return -np.sum(log_expit(y * (features(x) @ w))) + RIDGE * w @ w


def chance(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    return expit(features(x) @ w)


def fitted() -> OptimizeResult:
    return minimize(value_and_grad(loss), np.zeros(6), args=points(), jac=True, hess=hessian(loss), method="trust-exact")


def main() -> None:
    found, (x, y) = fitted(), points()
    print("weights", *found.x.round(2))
    print(f"right for {np.mean((chance(found.x, x) > 0.5) == (y > 0.0)):.1%} of the points, after {found.nit} steps")

    def put(axes):
        at = np.stack(np.meshgrid(np.linspace(-2.0, 2.0, 80), np.linspace(-2.0, 2.0, 80)), axis=-1)
        axes.contourf(at[..., 0], at[..., 1], chance(found.x, at), levels=10, cmap="RdBu", alpha=0.6)
        axes.scatter(*x.T, c=y, s=10, cmap="RdBu", edgecolors="k", linewidths=0.3)
        axes.set_aspect("equal")

    draw(put)


if __name__ == "__main__":
    main()
