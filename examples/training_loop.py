"""A training loop over a dict of parameters: Adam in three lines of `s2sad.tree.map`, and the derivative of the trained loss by the rate.

    python examples/training_loop.py

The second part differentiates through the loop of the first: gradients and the update of the tree are followed like any code.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad import grad, tree, value_and_grad

Params = dict[str, Any]


def network(params: Params, x: np.ndarray) -> np.ndarray:
    for layer in params["hidden"]:
        x = np.tanh(x @ layer["w"] + layer["b"])
    return x @ params["out"]


def loss(params: Params, x: np.ndarray, y: np.ndarray) -> float:
    return np.mean((network(params, x) - y) ** 2)


def start(rng: np.random.Generator, width: int) -> Params:
    sizes = [(1, width), (width, width)]
    layers = [{"w": rng.normal(size=size) / np.sqrt(size[0]), "b": rng.normal(size=size[1])} for size in sizes]
    return {"hidden": layers, "out": rng.normal(size=width) / width}


def adam(params: Params, x: np.ndarray, y: np.ndarray, steps: int, rate: float) -> Params:
    derivative = value_and_grad(loss)
    mean = square = tree.map(np.zeros_like, params)
    for k in range(1, steps + 1):
        _, slope = derivative(params, x, y)
        mean = tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, slope)
        square = tree.map(lambda s, g: 0.999 * s + 0.001 * g * g, square, slope)
        size = rate * np.sqrt(1.0 - 0.999**k) / (1.0 - 0.9**k)
        params = tree.map(lambda p, m, s, size=size: p - size * m / (np.sqrt(s) + 1e-8), params, mean, square)
    return params


def descent(rate: float, params: Params, x: np.ndarray, y: np.ndarray, steps: int) -> float:
    """The loss after some steps of gradient descent."""
    for _ in range(steps):
        slope = grad(loss)(params, x, y)
        params = tree.map(lambda p, g: p - rate * g, params, slope)
    return loss(params, x, y)


def main() -> None:
    rng = np.random.default_rng(0)
    x = np.linspace(-2.0, 2.0, 40)[:, None]
    y = np.sin(3.0 * x[:, 0])
    params = start(rng, 16)
    print("numbers to fit", sum(leaf.size for leaf in tree.leaves(params)))
    print(f"loss before {loss(params, x, y):.4f}")
    fitted = adam(params, x, y, 400, 0.01)
    print(f"loss after {loss(fitted, x, y):.4f}")
    by_rate = grad(descent)(0.05, params, x, y, 20)
    step = 1e-6
    differences = (descent(0.05 + step, params, x, y, 20) - descent(0.05 - step, params, x, y, 20)) / (2 * step)
    print(f"derivative by the rate {by_rate:.6f}")
    print(f"by differences {differences:.6f}")


if __name__ == "__main__":
    main()
