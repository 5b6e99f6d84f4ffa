"""The adjoint of a long short-term memory, written by hand for Numba."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from .kernels import Array, ValueAndGradients
from .native_hand_loops import native


@native
def lstm(weights: Array, bias: Array, inputs: Array) -> ValueAndGradients:
    """Gates, states and squashed states are the stacks; the gates become their own cotangents on the way back."""
    steps, m = inputs.shape
    n = len(bias) // 4
    joined, gates = np.empty((steps, m + n)), np.empty((steps, 4 * n))
    h, c, squashed = np.zeros((steps + 1, n)), np.zeros((steps + 1, n)), np.empty((steps, n))
    value = 0.0
    for t in range(steps):
        row, gate = joined[t], gates[t]
        row[:m] = inputs[t]
        row[m:] = h[t]
        np.dot(weights, row, gate)
        for k in range(3 * n):
            gate[k] = 1.0 / (1.0 + math.exp(-(gate[k] + bias[k])))
        for k in range(n):
            gate[3 * n + k] = math.tanh(gate[3 * n + k] + bias[3 * n + k])
            c[t + 1, k] = gate[n + k] * c[t, k] + gate[k] * gate[3 * n + k]
            squashed[t, k] = math.tanh(c[t + 1, k])
            now = gate[2 * n + k] * squashed[t, k]
            h[t + 1, k] = now
            value += now * now
    c_bar, bias_bar, row_bar = np.zeros(n), np.zeros(4 * n), np.zeros(m + n)
    inputs_bar = np.empty((steps, m))
    for t in range(steps - 1, -1, -1):
        gate = gates[t]
        for k in range(n):
            i, f, o, g, s = gate[k], gate[n + k], gate[2 * n + k], gate[3 * n + k], squashed[t, k]
            h_bar = 2.0 * h[t + 1, k] + row_bar[m + k]
            into = c_bar[k] + h_bar * o * (1.0 - s * s)
            gate[k] = into * g * i * (1.0 - i)
            gate[n + k] = into * c[t, k] * f * (1.0 - f)
            gate[2 * n + k] = h_bar * s * o * (1.0 - o)
            gate[3 * n + k] = into * i * (1.0 - g * g)
            c_bar[k] = into * f
        for k in range(4 * n):
            bias_bar[k] += gate[k]
        np.dot(gate, weights, row_bar)
        inputs_bar[t] = row_bar[:m]
    return value, (np.dot(gates.T, joined), bias_bar, inputs_bar)


HAND: dict[str, Any] = {"lstm": lstm}
