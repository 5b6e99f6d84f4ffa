"""Adjoints of kernels of the corpus written out by hand, where the adjoint itself costs many times the function: the measure of those.

A function of 30 numbers costs what its calls of NumPy cost. Here a step of two to four calls has an adjoint of more than ten: which of
two numbers was the smaller one, whether they are equal, for then each has half, and what goes to each of them.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .kernels import Array


def halved(bar: Array, ties: Array) -> Array:
    return bar / (1.0 + ties) if np.count_nonzero(ties) else bar


def shortest_paths_min_plus(weights: Array) -> tuple[float, Array]:
    d = weights.copy()
    np.fill_diagonal(d, 0.0)
    saved = []
    for k in range(len(d)):
        for i in range(len(d)):
            row, through = d[i], d[i, k] + d[k]
            saved.append((row <= through, through <= row))
            d[i] = np.minimum(row, through)
    d_bar = 2.0 * d
    for k in reversed(range(len(d))):
        for i in reversed(range(len(d))):
            stays, changes = saved.pop()
            bar = halved(d_bar[i], stays & changes)
            through_bar = bar * changes
            d_bar[i] = bar * stays
            d_bar[k] += through_bar
            d_bar[i, k] += through_bar.sum()
    np.fill_diagonal(d_bar, 0.0)
    return np.sum(d**2), d_bar


def odd_even_sort_by_slices(x: Array) -> tuple[float, Array]:
    y = np.array(x)
    saved = []
    for k in range(len(y)):
        left, right = y[k % 2 : -1 : 2], y[k % 2 + 1 :: 2]
        low, high = np.minimum(left, right), np.maximum(left, right)
        saved.append((left <= right, right <= left))
        left[:], right[:] = low, high
    weights = np.sqrt(np.arange(1.0, len(y) + 1))
    y_bar = weights.copy()
    for k in reversed(range(len(y))):
        left_bar, right_bar = y_bar[k % 2 : -1 : 2], y_bar[k % 2 + 1 :: 2]
        ordered, turned = saved.pop()
        ties = ordered & turned
        low_bar, high_bar = halved(left_bar, ties), halved(right_bar, ties)
        left_bar[:], right_bar[:] = low_bar * ordered + high_bar * turned, low_bar * turned + high_bar * ordered
    return y @ weights, y_bar


BY_HAND: dict[str, Callable[..., Any]] = {f.__name__: f for f in (shortest_paths_min_plus, odd_even_sort_by_slices)}
