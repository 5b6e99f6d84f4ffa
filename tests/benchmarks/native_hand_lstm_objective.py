"""The adjoint of ADBench's objective of LSTMs, written by hand for Numba."""
from __future__ import annotations

import math

import numpy as np

from .kernels import Array, ValueAndGradients
from .native_hand_loops import native


@native
def cells_forward(
    x: Array, before: Array, cell: Array, weight: Array, bias: Array, gate: Array, squashed: Array, new: Array, out: Array
) -> None:
    """A layer of a step: its gates, its cells and their hyperbolic tangents are kept for the way back."""
    b = len(x)
    for k in range(b):
        gate[0, k] = 1.0 / (1.0 + math.exp(-(x[k] * weight[k] + bias[k])))
        gate[1, k] = 1.0 / (1.0 + math.exp(-(before[k] * weight[b + k] + bias[b + k])))
        gate[2, k] = 1.0 / (1.0 + math.exp(-(x[k] * weight[2 * b + k] + bias[2 * b + k])))
        gate[3, k] = math.tanh(before[k] * weight[3 * b + k] + bias[3 * b + k])
        new[k] = cell[k] * gate[0, k] + gate[1, k] * gate[3, k]
        squashed[k] = math.tanh(new[k])
        out[k] = gate[2, k] * squashed[k]


@native
def cells_backward(
    x: Array, before: Array, cell: Array, weight: Array, gate: Array, squashed: Array,
    x_bar: Array, hidden_bar: Array, cell_bar: Array, weight_bar: Array, bias_bar: Array,
) -> None:
    """`x_bar` comes in as the cotangent of what the layer gives, and goes out as that of what it takes."""
    b = len(x)
    for k in range(b):
        forget, into, out, change, s = gate[0, k], gate[1, k], gate[2, k], gate[3, k], squashed[k]
        bar = x_bar[k] + hidden_bar[k]
        kept = cell_bar[k] + bar * out * (1.0 - s * s)
        forget_bar = kept * cell[k] * forget * (1.0 - forget)
        into_bar = kept * change * into * (1.0 - into)
        out_bar = bar * s * out * (1.0 - out)
        change_bar = kept * into * (1.0 - change * change)
        cell_bar[k] = kept * forget
        bias_bar[k] += forget_bar
        bias_bar[b + k] += into_bar
        bias_bar[2 * b + k] += out_bar
        bias_bar[3 * b + k] += change_bar
        weight_bar[k] += forget_bar * x[k]
        weight_bar[b + k] += into_bar * before[k]
        weight_bar[2 * b + k] += out_bar * x[k]
        weight_bar[3 * b + k] += change_bar * before[k]
        x_bar[k] = forget_bar * weight[k] + out_bar * weight[2 * b + k]
        hidden_bar[k] = into_bar * weight[b + k] + change_bar * weight[3 * b + k]


@native
def chances_of(last: Array, extra: Array, following: Array, chances: Array) -> float:
    """What a step adds to the objective; the shares of the exponentials are kept."""
    total, mass, wanted = 0.0, 2.0, 0.0
    for k in range(len(last)):
        foretold = last[k] * extra[1, k] + extra[2, k]
        total += following[k] * foretold
        wanted += following[k]
        chances[k] = math.exp(foretold)
        mass += chances[k]
    for k in range(len(last)):
        chances[k] /= mass
    return total - wanted * math.log(mass)


@native
def chances_backward(last: Array, extra: Array, following: Array, chances: Array, scale: float, extra_bar: Array, x_bar: Array) -> None:
    wanted = 0.0
    for k in range(len(last)):
        wanted += following[k]
    for k in range(len(last)):
        bar = scale * (following[k] - wanted * chances[k])
        extra_bar[1, k] += bar * last[k]
        extra_bar[2, k] += bar
        x_bar[k] = bar * extra[1, k]


@native
def lstm_objective(main: Array, extra: Array, state: Array, sequence: Array) -> ValueAndGradients:
    """The gates, cells and outputs of all steps are the stacks; everything else is made again from them."""
    steps, b = len(sequence) - 1, sequence.shape[1]
    layers = len(main) // 2
    gates, squashed, chances = np.empty((steps, layers, 4, b)), np.empty((steps, layers, b)), np.empty((steps, b))
    given, cells = np.empty((steps + 1, layers + 1, b)), np.empty((steps + 1, layers, b))
    for i in range(layers):
        given[0, i + 1], cells[0, i] = state[2 * i], state[2 * i + 1]
    total = 0.0
    for t in range(steps):
        now = given[t + 1]
        for k in range(b):
            now[0, k] = sequence[t, k] * extra[0, k]
        for i in range(layers):
            cells_forward(now[i], given[t, i + 1], cells[t, i], main[2 * i], main[2 * i + 1], gates[t, i], squashed[t, i],
                          cells[t + 1, i], now[i + 1])
        total += chances_of(now[layers], extra, sequence[t + 1], chances[t])
    scale = -1.0 / (steps * b)
    main_bar, extra_bar = np.zeros(main.shape), np.zeros(extra.shape)
    hidden_bar, cells_bar, x_bar = np.zeros((layers, b)), np.zeros((layers, b)), np.empty(b)
    for t in range(steps - 1, -1, -1):
        now = given[t + 1]
        chances_backward(now[layers], extra, sequence[t + 1], chances[t], scale, extra_bar, x_bar)
        for i in range(layers - 1, -1, -1):
            cells_backward(now[i], given[t, i + 1], cells[t, i], main[2 * i], gates[t, i], squashed[t, i],
                           x_bar, hidden_bar[i], cells_bar[i], main_bar[2 * i], main_bar[2 * i + 1])
        for k in range(b):
            extra_bar[0, k] += x_bar[k] * sequence[t, k]
    return scale * total, (main_bar, extra_bar)
