"""A line fitted to fifty noisy points by gradient descent, with gradients by the compiler and by the tape.

    python examples/linear_regression.py
    python examples/linear_regression.py --out pictures

One `loss` serves both: the compiler differentiates it on float arrays, the tape runs it on object arrays of Variables.
"""
from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from s2sad import tape, value_and_grad

POINTS = 50
NOISE = 0.05
RATE = 0.5
STEPS = 50


class Problem(NamedTuple):
    """Points x and y, and the weights (slope, intercept) to start from."""

    x: np.ndarray
    y: np.ndarray
    start: np.ndarray

    @property
    def design(self) -> np.ndarray:
        """One row (x, 1) per point, so that a prediction is a matrix product with the weights."""
        return np.stack([self.x, np.ones_like(self.x)], axis=1)


class Fit(NamedTuple):
    """The weights before the first step and after each, and the loss at the start of each step."""

    path: np.ndarray
    losses: np.ndarray


Gradient = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[float, np.ndarray]]


def make_problem(seed: int = 1) -> Problem:
    """Points of y = x + 1 with noise; the draws come in the article's order: x, noise, weights."""
    np.random.seed(seed)
    x = np.random.random(POINTS)
    noise = np.random.normal(0.0, NOISE, POINTS)
    return Problem(x, x + 1.0 + noise, np.random.normal(0.0, 1.0, 2))


def loss(weights: Any, design: np.ndarray, y: np.ndarray) -> Any:
    """Half the mean squared error."""
    error = np.matmul(design, weights) - y
    return np.sum(error * error) / (2 * len(y))


by_compiler: Gradient = value_and_grad(loss)


def by_tape(weights: np.ndarray, design: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """The value and the gradient of the loss with one Variable per weight."""
    tape.reset_tape()
    # Naming the result's type spares the trial call that np.vectorize makes to find it, and with it a Variable.
    variables = np.vectorize(tape.Variable, otypes=[object])(weights)
    value = loss(variables, design, y)
    return value.value, np.array([each.value for each in tape.grad(value, list(variables))])


def descend(problem: Problem, gradient: Gradient) -> Fit:
    """`STEPS` steps of gradient descent."""
    design, weights = problem.design, problem.start
    path, losses = [weights], []
    for _ in range(STEPS):
        value, slope = gradient(weights, design, problem.y)
        weights = weights - RATE * slope
        path.append(weights)
        losses.append(value)
    return Fit(np.array(path), np.array(losses))


def draw_data(problem: Problem, fit: Fit, file: Path) -> None:
    figure, axes = plt.subplots()
    ends = np.array([0.0, 1.0])
    slope, intercept = fit.path[-1]
    axes.scatter(problem.x, problem.y, s=14, color="tab:blue", label="data")
    axes.plot(ends, ends + 1.0, color="red", label="true: y = x + 1")
    axes.plot(ends, slope * ends + intercept, color="green", label=f"fitted: y = {slope:.3f} x + {intercept:.3f}")
    axes.set(xlabel="x", ylabel="y", title="Data, true and fitted line")
    save(figure, axes, file)


def draw_loss(fit: Fit, file: Path) -> None:
    figure, axes = plt.subplots()
    axes.semilogy(np.arange(1, len(fit.losses) + 1), fit.losses, marker=".", label="loss")
    axes.set(xlabel="iteration", ylabel="loss", title="Loss per iteration")
    save(figure, axes, file)


def draw_path(problem: Problem, fit: Fit, file: Path) -> None:
    slopes, intercepts = np.linspace(-0.2, 1.6, 181), np.linspace(0.2, 1.8, 161)
    surface = [[loss(np.array([slope, intercept]), problem.design, problem.y) for slope in slopes]
               for intercept in intercepts]
    figure, axes = plt.subplots()
    lines = axes.contour(slopes, intercepts, surface, levels=np.geomspace(2e-3, 0.6, 12), cmap="viridis")
    axes.clabel(lines, fontsize=7)
    axes.plot(*fit.path.T, color="black", marker=".", label="path of the weights")
    axes.plot(1.0, 1.0, color="red", marker="*", markersize=12, linestyle="none", label="true weights (1, 1)")
    axes.set(xlabel="slope", ylabel="intercept", title="Descent over the contours of the loss")
    save(figure, axes, file)


def save(figure: Any, axes: Any, file: Path) -> None:
    axes.legend()
    figure.savefig(file, dpi=120, bbox_inches="tight")
    plt.close(figure)


def draw(problem: Problem, fit: Fit, folder: Path) -> list[Path]:
    """Save the three pictures and return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"linear_regression_{name}.png" for name in ("data", "loss", "path")]
    draw_data(problem, fit, files[0])
    draw_loss(fit, files[1])
    draw_path(problem, fit, files[2])
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit a line by gradient descent, by the compiler and by the tape.")
    parser.add_argument("--out", type=Path, default=Path("."), metavar="DIR", help="folder for the three pictures "
                        "(default: the current one)")
    options = parser.parse_args()

    problem = make_problem()
    compiled, taped = descend(problem, by_compiler), descend(problem, by_tape)
    print(f"start              slope {problem.start[0]:.8f}  intercept {problem.start[1]:.8f}")
    for name, fit in (("compiler", compiled), ("tape", taped)):
        slope, intercept = fit.path[-1]
        print(f"{name:<9} {STEPS} steps slope {slope:.8f}  intercept {intercept:.8f}  "
              f"loss {fit.losses[0]:.6f} -> {fit.losses[-1]:.6f}")
    print(f"largest difference of a weight on the way: {np.max(np.abs(compiled.path - taped.path)):.1e}")
    for file in draw(problem, compiled, options.out):
        print(f"wrote {file}")


if __name__ == "__main__":
    main()
