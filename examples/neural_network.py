"""A small neural network that tells two spirals apart, trained on gradients by the compiler.

    python examples/neural_network.py
    python examples/neural_network.py --steps 3000 --out pictures

The parameters are a list of (weights, bias) tuples, and so is their gradient: it has the structure of the argument.
"""
from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from tqdm import trange

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from s2sad import value_and_grad

Layers = list[tuple[np.ndarray, np.ndarray]]

WIDTHS = (2, 24, 24, 1)
RATE = 0.01
DECAY = 1e-4


class Data(NamedTuple):
    points: np.ndarray
    labels: np.ndarray


class Training(NamedTuple):
    """The trained layers and the loss at the start of every step."""

    layers: Layers
    losses: np.ndarray


def spirals(per_arm: int, seed: int, noise: float = 0.04) -> Data:
    """Two arms of a spiral around the origin, labelled 0 and 1."""
    draw = np.random.default_rng(seed)
    turn = np.sqrt(draw.random(per_arm)) * 3.0 * np.pi
    arm = np.stack([turn * np.cos(turn), turn * np.sin(turn)], axis=1) / (3.0 * np.pi)
    points = np.concatenate([arm, -arm]) + noise * draw.normal(size=(2 * per_arm, 2))
    return Data(points, np.repeat([0.0, 1.0], per_arm))


def initial_layers(seed: int, widths: Sequence[int] = WIDTHS) -> Layers:
    """Weights scaled by the number of inputs, biases zero."""
    draw = np.random.default_rng(seed)
    return [
        (draw.normal(size=(inputs, outputs)) * 1.5 / np.sqrt(inputs), np.zeros(outputs))
        for inputs, outputs in pairwise(widths)
    ]


def scores(layers: Layers, points: np.ndarray) -> np.ndarray:
    """One number per point, positive where the network says 1."""
    signal = 3.0 * points
    for weights, bias in layers[:-1]:
        signal = np.tanh(signal @ weights + bias)
    weights, bias = layers[-1]
    return (signal @ weights + bias)[:, 0]


def loss(layers: Layers, points: np.ndarray, labels: np.ndarray) -> float:
    """Mean negative log-likelihood, with a ridge on the weights."""
    found = scores(layers, points)
    ridge = sum(np.sum(weights * weights) for weights, _ in layers)
    return np.mean(np.logaddexp(0.0, found) - labels * found) + DECAY * ridge


loss_and_gradient = value_and_grad(loss)


def loss_and_gradient_by_hand(layers: Layers, points: np.ndarray, labels: np.ndarray) -> tuple[float, Layers]:
    """Backpropagation written out, to compare with."""
    signals = [3.0 * points]
    for weights, bias in layers[:-1]:
        signals.append(np.tanh(signals[-1] @ weights + bias))
    found = scores(layers, points)
    cotangent = ((np.exp(found - np.logaddexp(0.0, found)) - labels) / labels.size)[:, np.newaxis]
    gradient: Layers = []
    for (weights, _), signal in zip(reversed(layers), reversed(signals), strict=True):
        gradient.append((signal.T @ cotangent + 2.0 * DECAY * weights, cotangent.sum(axis=0)))
        cotangent = (cotangent @ weights.T) * (1.0 - signal * signal)
    return loss(layers, points, labels), gradient[::-1]


class Adam:
    """Steps of Adam (Kingma and Ba, 2015, algorithm 1) on a list of tuples of arrays."""

    def __init__(self, layers: Layers, rate: float = RATE) -> None:
        self.rate, self.count = rate, 0
        self.mean = [tuple(np.zeros_like(each) for each in layer) for layer in layers]
        self.square = [tuple(np.zeros_like(each) for each in layer) for layer in layers]

    def step(self, layers: Layers, gradient: Layers) -> Layers:
        self.count += 1
        self.mean = _blend(self.mean, gradient, 0.9, lambda slope: slope)
        self.square = _blend(self.square, gradient, 0.999, lambda slope: slope * slope)
        first, second = 1.0 - 0.9**self.count, 1.0 - 0.999**self.count
        moved = []
        for layer, mean, square in zip(layers, self.mean, self.square, strict=True):
            moved.append(tuple(
                each - self.rate * (m / first) / (np.sqrt(s / second) + 1e-8)
                for each, m, s in zip(layer, mean, square, strict=True)
            ))
        return moved


def _blend(old: Layers, gradient: Layers, keep: float, of: Callable[[np.ndarray], np.ndarray]) -> Layers:
    """Running means of a function of the gradient."""
    return [
        tuple(keep * each + (1.0 - keep) * of(slope) for each, slope in zip(layer, slopes, strict=True))
        for layer, slopes in zip(old, gradient, strict=True)
    ]


def train(data: Data, steps: int, seed: int = 0, progress: bool = True) -> Training:
    """Full-batch training; `progress` shows a bar on standard error."""
    layers = initial_layers(seed)
    adam = Adam(layers)
    losses = []
    with trange(steps, desc="training", unit="step", disable=not progress) as bar:
        for _ in bar:
            value, gradient = loss_and_gradient(layers, data.points, data.labels)
            layers = adam.step(layers, gradient)
            losses.append(float(value))
            bar.set_postfix(loss=f"{value:.4f}", refresh=False)
    return Training(layers, np.array(losses))


def accuracy(layers: Layers, data: Data) -> float:
    """The share of points on the right side of the boundary."""
    return float(np.mean((scores(layers, data.points) > 0.0) == (data.labels == 1.0)))


def draw(layers: Layers, data: Data, file: Path) -> None:
    ticks = np.linspace(-1.15, 1.15, 301)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    likely = 0.5 * (1.0 + np.tanh(0.5 * scores(layers, grid.reshape(-1, 2)))).reshape(grid.shape[:2])
    figure, axes = plt.subplots(figsize=(6, 6))
    shades = axes.contourf(ticks, ticks, likely, levels=np.linspace(0.0, 1.0, 21), cmap="RdBu", alpha=0.8)
    axes.contour(ticks, ticks, likely, levels=[0.5], colors="black", linewidths=1.0)
    for label, color in ((0.0, "darkred"), (1.0, "darkblue")):
        axes.scatter(*data.points[data.labels == label].T, s=9, color=color, label=f"spiral {label:g}")
    figure.colorbar(shades, ax=axes, label="probability of spiral 1", shrink=0.8)
    axes.set(xlabel="x", ylabel="y", title="Decision boundary, test points", aspect="equal")
    axes.legend(loc="lower left")
    figure.savefig(file, dpi=120, bbox_inches="tight")
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a small neural network on two spirals.")
    parser.add_argument("--steps", type=int, default=1500, help="steps of training (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("."), metavar="DIR", help="folder for the picture "
                        "(default: the current one)")
    options = parser.parse_args()
    if options.steps < 1:
        parser.error("--steps must be at least 1")

    data, test = spirals(per_arm=150, seed=0), spirals(per_arm=150, seed=1)
    training = train(data, options.steps)
    print(f"loss {training.losses[0]:.4f} -> {training.losses[-1]:.4f} in {options.steps} steps")
    print(f"accuracy {accuracy(training.layers, data):.3f} on the training points, "
          f"{accuracy(training.layers, test):.3f} on new ones")
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "neural_network_boundary.png"
    draw(training.layers, test, file)
    print(f"wrote {file}")


if __name__ == "__main__":
    main()
