"""One model fitted by gradient descent, by Adam and by SciPy's L-BFGS, as such loops are written: with a bar, and with a curve of the loss.

    python examples/optimisers.py
    python examples/optimisers.py loss.png

The model is a network of one hidden layer. It is a dict of arrays for the loops, and one vector for SciPy; the loss is the same.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator

import matplotlib
import numpy as np
from scipy.optimize import minimize
from tqdm import tqdm

from s2sad import tree, value_and_grad

Params = dict[str, np.ndarray]
STEPS, BATCH = 400, 16
FEWER = 60  # steps of L-BFGS, of which each takes all points


def network(params: Params, x: np.ndarray) -> np.ndarray:
    return np.tanh(x[:, None] * params["w"] + params["b"]) @ params["out"]


@value_and_grad
def loss(params: Params, x: np.ndarray, y: np.ndarray) -> float:
    return np.mean((network(params, x) - y) ** 2)


def start(width: int = 12) -> Params:
    rng = np.random.default_rng(0)
    return {"w": 2.0 * rng.normal(size=width), "b": rng.normal(size=width), "out": rng.normal(size=width) / width}


def points() -> tuple[np.ndarray, np.ndarray]:
    x = np.linspace(-2.0, 2.0, 64)
    return x, np.sin(3.0 * x) * np.exp(-(x**2) / 2.0)


def batches(x: np.ndarray, y: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Parts of the points in an order that is drawn, again and again."""
    rng = np.random.default_rng(1)
    while True:
        order = rng.permutation(len(x))
        for part in np.split(order, len(x) // BATCH):
            yield x[part], y[part]


def descent(params: Params, rate: float = 0.1, momentum: float = 0.9) -> tuple[Params, list[float]]:
    """Stochastic gradient descent with momentum."""
    seen, velocity = [], tree.map(np.zeros_like, params)
    bar = tqdm(zip(range(STEPS), batches(*points()), strict=False), total=STEPS, desc="SGD", disable=None)
    for _, (x, y) in bar:
        value, slope = loss(params, x, y)
        velocity = tree.map(lambda v, g: momentum * v - rate * g, velocity, slope)
        params = tree.map(np.add, params, velocity)
        seen.append(float(value))
        bar.set_postfix(loss=f"{value:.5f}", refresh=False)
    return params, seen


def adam(params: Params, rate: float = 0.03) -> tuple[Params, list[float]]:
    seen, mean = [], tree.map(np.zeros_like, params)
    square = mean
    bar = tqdm(zip(range(1, STEPS + 1), batches(*points()), strict=False), total=STEPS, desc="Adam", disable=None)
    for k, (x, y) in bar:
        value, slope = loss(params, x, y)
        mean = tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, slope)
        square = tree.map(lambda s, g: 0.999 * s + 0.001 * g * g, square, slope)
        size = rate * np.sqrt(1.0 - 0.999**k) / (1.0 - 0.9**k)
        params = tree.map(lambda p, m, s, size=size: p - size * m / (np.sqrt(s) + 1e-8), params, mean, square)
        seen.append(float(value))
        bar.set_postfix(loss=f"{value:.5f}", refresh=False)
    return params, seen


def lbfgs(params: Params) -> tuple[Params, list[float]]:
    """SciPy's, over one vector: the arrays one after the other."""
    leaves, structure = tree.flatten(params)
    ends = np.cumsum([leaf.size for leaf in leaves])

    def as_params(vector: np.ndarray) -> Params:
        return tree.unflatten(structure, np.split(vector, ends[:-1]))

    def objective(vector: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = loss(as_params(vector), *points())
        return value, np.concatenate(tree.leaves(slope))

    seen: list[float] = []
    with tqdm(total=FEWER, desc="L-BFGS", disable=None) as bar:

        def each(intermediate_result: object) -> None:
            seen.append(float(intermediate_result.fun))
            bar.update()

        found = minimize(objective, np.concatenate(leaves), jac=True, method="L-BFGS-B", options={"maxiter": FEWER}, callback=each)
    return as_params(found.x), seen


WAYS = {"SGD": descent, "Adam": adam, "L-BFGS": lbfgs}


def draw(curves: dict[str, list[float]], file: str | None) -> None:
    if file is not None:
        matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 3.6), layout="constrained")
    for name, seen in curves.items():
        axes.semilogy(seen, label=name, linewidth=1.2)
    axes.set(xlabel="step", ylabel="loss")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    if file is None:
        pyplot.show()
    else:
        figure.savefig(file, dpi=100)


def main() -> None:
    curves = {}
    for name, optimise in WAYS.items():
        params, curves[name] = optimise(start())
        print(f"{name:7} {len(curves[name]):3} steps, loss of all points {loss(params, *points())[0]:.1e}")
    draw(curves, sys.argv[1] if len(sys.argv) > 1 else None)


if __name__ == "__main__":
    main()
