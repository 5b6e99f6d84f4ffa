"""The functions that are measured, each with an adjoint written out by hand.

The hand-written adjoint is what a good engineer writes in the same language: Python for scalars, NumPy for arrays. It
computes the value with the operations of the function, so the values agree to the last bit and neither side wins by
summing in another order; its gradient is free to share and to reorder.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ValueAndGradients = tuple[Any, tuple[Any, ...]]


@dataclass(frozen=True)
class Kernel:
    """A function with sample arguments, the arguments to differentiate, and the adjoint written by hand.

    `hand(*arguments)` returns the value and a tuple of gradients, one per entry of `argnums`. `small` marks the kernels
    where the time goes into single calls rather than into arithmetic; the target against the operator-overloading peer
    holds for those.
    """

    name: str
    function: Callable[..., Any]
    hand: Callable[..., ValueAndGradients]
    arguments: tuple[Any, ...]
    argnums: tuple[int, ...]
    small: bool


def article(x1: float, x2: float) -> float:
    return math.log(x1) + x1 * math.sin(x2)


def article_hand(x1: float, x2: float) -> ValueAndGradients:
    sine = math.sin(x2)
    return math.log(x1) + x1 * sine, (1.0 / x1 + sine, x1 * math.cos(x2))


def branching_loop(x: float, r: float) -> float:
    """Fifty steps of the logistic map, halved above a threshold; the sum of the states."""
    total = 0.0
    for _ in range(50):
        if x > 0.6:
            x = 0.5 * x
        else:
            x = r * x * (1.0 - x)
        total = total + x
    return total


def branching_loop_hand(x: float, r: float) -> ValueAndGradients:
    states = []
    total = 0.0
    for _ in range(50):
        states.append(x)
        if x > 0.6:
            x = 0.5 * x
        else:
            x = r * x * (1.0 - x)
        total = total + x
    x_bar = r_bar = 0.0
    for x in reversed(states):
        x_bar += 1.0
        if x > 0.6:
            x_bar *= 0.5
        else:
            r_bar += x_bar * x * (1.0 - x)
            x_bar *= r * (1.0 - 2.0 * x)
    return total, (x_bar, r_bar)


def rosenbrock(x: Array) -> float:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def rosenbrock_hand(x: Array) -> ValueAndGradients:
    head = x[:-1]
    rise = x[1:] - head * head
    rest = 1.0 - head
    value = (100.0 * (rise * rise) + rest * rest).sum()
    rise *= 200.0
    x_bar = np.empty(x.shape)
    x_bar[0] = 0.0
    x_bar[1:] = rise
    rise *= head
    rise += rest
    rise *= 2.0
    x_bar[:-1] -= rise
    return value, (x_bar,)


def logistic_loss(weights: Array, bias: float, features: Array, labels: Array) -> float:
    """Mean negative log-likelihood of labels 0 and 1, with a ridge on the weights."""
    scores = features @ weights + bias
    return np.mean(np.logaddexp(0.0, scores) - labels * scores) + 0.01 * np.sum(weights * weights)


def logistic_loss_hand(weights: Array, bias: float, features: Array, labels: Array) -> ValueAndGradients:
    scores = features @ weights + bias
    losses = np.logaddexp(0.0, scores)
    value = (losses - labels * scores).sum() / scores.size + 0.01 * (weights * weights).sum()
    scores_bar = np.exp(scores - losses)
    scores_bar -= labels
    scores_bar /= scores.size
    weights_bar = scores_bar @ features
    weights_bar += 0.02 * weights
    return value, (weights_bar, scores_bar.sum())


def network_loss(w1: Array, b1: Array, w2: Array, b2: Array, inputs: Array, targets: Array) -> float:
    hidden = np.tanh(inputs @ w1 + b1)
    return np.mean((hidden @ w2 + b2 - targets) ** 2)


def network_loss_hand(w1: Array, b1: Array, w2: Array, b2: Array, inputs: Array, targets: Array) -> ValueAndGradients:
    hidden = inputs @ w1
    hidden += b1
    np.tanh(hidden, out=hidden)
    outputs = hidden @ w2
    outputs += b2
    outputs -= targets
    value = (outputs * outputs).sum() / outputs.size
    outputs *= 2.0 / outputs.size
    hidden_bar = outputs @ w2.T
    w2_bar = hidden.T @ outputs
    hidden *= hidden
    np.subtract(1.0, hidden, out=hidden)
    hidden_bar *= hidden
    return value, (inputs.T @ hidden_bar, hidden_bar.sum(axis=0), w2_bar, outputs.sum(axis=0))


def _logistic_arguments(rows: int, columns: int) -> tuple[Any, ...]:
    draw = np.random.default_rng(rows)
    features = draw.normal(size=(rows, columns))
    labels = (features @ draw.normal(size=columns) + draw.normal(size=rows) > 0.0).astype(float)
    return 0.5 * draw.normal(size=columns), 0.1, features, labels


def _network_arguments(inputs: int, hidden: int, outputs: int, batch: int) -> tuple[Any, ...]:
    draw = np.random.default_rng(inputs)
    return (
        draw.normal(size=(inputs, hidden)) / math.sqrt(inputs),
        0.1 * draw.normal(size=hidden),
        draw.normal(size=(hidden, outputs)) / math.sqrt(hidden),
        0.1 * draw.normal(size=outputs),
        draw.normal(size=(batch, inputs)),
        draw.normal(size=(batch, outputs)),
    )


def _logistic(rows: int, columns: int, small: bool) -> Kernel:
    name = f"logistic regression {rows}x{columns}"
    return Kernel(name, logistic_loss, logistic_loss_hand, _logistic_arguments(rows, columns), (0, 1), small)


def _network(inputs: int, hidden: int, outputs: int, batch: int, small: bool) -> Kernel:
    """A network with two layers of weights; the three widths give it its name."""
    name = f"network {inputs}-{hidden}-{outputs}"
    arguments = _network_arguments(inputs, hidden, outputs, batch)
    return Kernel(name, network_loss, network_loss_hand, arguments, (0, 1, 2, 3), small)


KERNELS = (
    Kernel("article f", article, article_hand, (2.0, 1.0), (0, 1), True),
    Kernel("scalar loop 50", branching_loop, branching_loop_hand, (0.3, 3.3), (0, 1), True),
    Kernel("Rosenbrock 1000", rosenbrock, rosenbrock_hand, (np.random.default_rng(0).normal(size=1000),), (0,), True),
    _logistic(64, 8, small=True),
    _logistic(1000, 20, small=False),
    _network(32, 16, 16, batch=16, small=True),
    _network(256, 128, 128, batch=128, small=False),
)
