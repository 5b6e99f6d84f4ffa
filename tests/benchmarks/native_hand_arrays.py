"""Adjoints of the functions of whole arrays, written by hand for Numba: vectors, stencils and networks.

One loop nest does what the function says in a chain of array operations. Where a stencil reads neighbours, its adjoint gathers
from neighbours instead of adding to them, so that it vectorises as well: the cotangents of what was written have a ring of
zeros around them, and the walls, which are only read, are added up beside.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from .kernels import Array, ValueAndGradients
from .native_hand_loops import native


@native
def rosenbrock(x: Array) -> ValueAndGradients:
    n = len(x)
    value, x_bar = 0.0, np.empty(n)
    for i in range(n - 1):
        rise, rest = x[i + 1] - x[i] * x[i], 1.0 - x[i]
        value += 100.0 * (rise * rise) + rest * rest
    x_bar[0] = -400.0 * (x[1] - x[0] * x[0]) * x[0] - 2.0 * (1.0 - x[0])
    for i in range(1, n - 1):
        here = x[i]
        x_bar[i] = 200.0 * (here - x[i - 1] * x[i - 1]) - 400.0 * (x[i + 1] - here * here) * here - 2.0 * (1.0 - here)
    x_bar[n - 1] = 200.0 * (x[n - 1] - x[n - 2] * x[n - 2])
    return value, (x_bar,)


@native
def logistic_loss(weights: Array, bias: float, features: Array, labels: Array) -> ValueAndGradients:
    """One exponential gives both the loss and its slope."""
    scores = np.dot(features, weights)
    rows = len(scores)
    total = bias_bar = 0.0
    for i in range(rows):
        score = scores[i] + bias
        small = math.exp(-abs(score))
        total += max(score, 0.0) + math.log1p(small) - labels[i] * score
        chance = (1.0 if score > 0.0 else small) / (1.0 + small)
        slope = (chance - labels[i]) / rows
        bias_bar += slope
        scores[i] = slope
    weights_bar = np.dot(scores, features)
    ridge = 0.0
    for j in range(len(weights)):
        ridge += weights[j] * weights[j]
        weights_bar[j] += 0.02 * weights[j]
    return total / rows + 0.01 * ridge, (weights_bar, bias_bar)


@native
def average(old: Array, new: Array) -> None:
    """The inside of `new` becomes the mean of each point of `old` and its four neighbours."""
    rows, columns = old.shape
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            new[i, j] = 0.2 * (old[i, j] + old[i, j - 1] + old[i, j + 1] + old[i + 1, j] + old[i - 1, j])


@native
def into_walls(bar: Array, walls: Array) -> None:
    """What the averages next to the walls send to them."""
    rows, columns = bar.shape
    for j in range(1, columns - 1):
        walls[0, j] += 0.2 * bar[1, j]
        walls[rows - 1, j] += 0.2 * bar[rows - 2, j]
    for i in range(1, rows - 1):
        walls[i, 0] += 0.2 * bar[i, 1]
        walls[i, columns - 1] += 0.2 * bar[i, columns - 2]


@native
def jacobi_2d(a: Array, b: Array, steps: int) -> ValueAndGradients:
    """The averages are linear and their own adjoints but for the walls; nothing is saved."""
    a, b = a.copy(), b.copy()
    for _ in range(steps):
        average(a, b)
        average(b, a)
    rows, columns = a.shape
    a_bar, b_bar = np.zeros(a.shape), np.zeros(b.shape)
    a_inner, b_inner = np.zeros(a.shape), np.zeros(b.shape)
    value = 0.0
    for i in range(rows):
        for j in range(columns):
            value += a[i, j] * a[i, j]
            a_bar[i, j] = 2.0 * a[i, j]
    a_inner[1:-1, 1:-1] = a_bar[1:-1, 1:-1]
    for _ in range(steps):
        average(a_inner, b_inner)
        into_walls(a_inner, b_bar)
        average(b_inner, a_inner)
        into_walls(b_inner, a_bar)
    a_bar[1:-1, 1:-1] = a_inner[1:-1, 1:-1]
    return value, (a_bar, b_bar)


@native
def warm(old: Array, new: Array, k: float) -> None:
    """A step of the heat equation in the inside; the walls are those of before."""
    layers, rows, columns = old.shape
    for h in range(1, layers - 1):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                here = old[h, i, j]
                new[h, i, j] = here + k * (
                    (old[h + 1, i, j] - 2.0 * here + old[h - 1, i, j])
                    + (old[h, i + 1, j] - 2.0 * here + old[h, i - 1, j])
                    + (old[h, i, j + 1] - 2.0 * here + old[h, i, j - 1])
                )


@native
def cool(bar: Array, before: Array, state: Array, k: float, sums: Array) -> None:
    """A step back in the inside; `sums` gather the slope for `k` by columns, so that they are added in vectors."""
    layers, rows, columns = bar.shape
    for h in range(1, layers - 1):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                here = bar[h, i, j]
                spread = (
                    (bar[h + 1, i, j] + bar[h - 1, i, j]) + (bar[h, i + 1, j] + bar[h, i - 1, j])
                    + (bar[h, i, j + 1] + bar[h, i, j - 1]) - 6.0 * here
                )
                sums[j] += state[h, i, j] * spread
                before[h, i, j] = here + k * spread


@native
def cool_walls(bar: Array, walls: Array, state: Array, k: float) -> float:
    """What the points next to the walls send to them, and the walls' part of the slope for `k`."""
    layers, rows, columns = bar.shape
    slope = 0.0
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            low, high = bar[1, i, j], bar[layers - 2, i, j]
            walls[0, i, j] += k * low
            walls[layers - 1, i, j] += k * high
            slope += state[0, i, j] * low + state[layers - 1, i, j] * high
    for h in range(1, layers - 1):
        for j in range(1, columns - 1):
            low, high = bar[h, 1, j], bar[h, rows - 2, j]
            walls[h, 0, j] += k * low
            walls[h, rows - 1, j] += k * high
            slope += state[h, 0, j] * low + state[h, rows - 1, j] * high
        for i in range(1, rows - 1):
            low, high = bar[h, i, 1], bar[h, i, columns - 2]
            walls[h, i, 0] += k * low
            walls[h, i, columns - 1] += k * high
            slope += state[h, i, 0] * low + state[h, i, columns - 1] * high
    return slope


@native
def heat_3d(u: Array, k: float, steps: int) -> ValueAndGradients:
    """The states are the stack; a change is linear in its state, so the slope for `k` is taken from the state on the way back."""
    layers, rows, columns = u.shape
    states = np.empty((steps + 1, layers, rows, columns))
    for t in range(steps + 1):
        states[t] = u  # the walls
    for t in range(steps):
        warm(states[t], states[t + 1], k)
    last, u_bar = states[steps], np.empty(u.shape)
    value = k_bar = 0.0
    for h in range(layers):
        for i in range(rows):
            for j in range(columns):
                value += last[h, i, j] * last[h, i, j]
                u_bar[h, i, j] = 2.0 * last[h, i, j]
    bar, before, sums = np.zeros(u.shape), np.zeros(u.shape), np.zeros(columns)
    bar[1:-1, 1:-1, 1:-1] = u_bar[1:-1, 1:-1, 1:-1]
    for t in range(steps - 1, -1, -1):
        cool(bar, before, states[t], k, sums)
        k_bar += cool_walls(bar, u_bar, states[t], k)
        bar, before = before, bar
    u_bar[1:-1, 1:-1, 1:-1] = bar[1:-1, 1:-1, 1:-1]
    return value, (u_bar, k_bar + np.sum(sums))


@native
def network_loss(w1: Array, b1: Array, w2: Array, b2: Array, inputs: Array, targets: Array) -> ValueAndGradients:
    hidden = np.dot(inputs, w1)
    rows, width = hidden.shape
    for i in range(rows):
        for j in range(width):
            hidden[i, j] = math.tanh(hidden[i, j] + b1[j])
    outputs = np.dot(hidden, w2)
    columns = outputs.shape[1]
    value, scale = 0.0, 2.0 / outputs.size
    b1_bar, b2_bar = np.zeros(width), np.zeros(columns)
    for i in range(rows):
        for j in range(columns):
            error = outputs[i, j] + b2[j] - targets[i, j]
            value += error * error
            outputs[i, j] = scale * error
            b2_bar[j] += scale * error
    w2_bar = np.dot(hidden.T, outputs)
    back = np.dot(outputs, w2.T)
    for i in range(rows):
        for j in range(width):
            back[i, j] *= 1.0 - hidden[i, j] * hidden[i, j]
            b1_bar[j] += back[i, j]
    return value / outputs.size, (np.dot(inputs.T, back), b1_bar, w2_bar, b2_bar)


@native
def rnn(w: Array, u: Array, b: Array, inputs: Array, targets: Array) -> ValueAndGradients:
    """What does not depend on other steps is one product for all of them, before the loop and after it."""
    steps, n = targets.shape
    h, driven, slopes = np.zeros((steps + 1, n)), np.dot(inputs, u.T), np.empty((steps, n))
    loss = 0.0
    for t in range(steps):
        now = h[t + 1]
        np.dot(w, h[t], now)
        for i in range(n):
            now[i] = math.tanh(now[i] + driven[t, i] + b[i])
            error = now[i] - targets[t, i]
            loss += error * error
    carried, b_bar = np.zeros(n), np.zeros(n)
    for t in range(steps - 1, -1, -1):
        now, row = h[t + 1], slopes[t]
        for i in range(n):
            row[i] = (2.0 * (now[i] - targets[t, i]) + carried[i]) * (1.0 - now[i] * now[i])
            b_bar[i] += row[i]
        np.dot(row, w, carried)
    return loss, (np.dot(slopes.T, h[:-1]), np.dot(slopes.T, inputs), b_bar)


HAND: dict[str, Any] = {f.__name__: f for f in (rosenbrock, logistic_loss, jacobi_2d, heat_3d, network_loss, rnn)}
