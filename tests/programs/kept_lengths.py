"""Lengths that change from step to step and meet: only the run knows which of two arrays NumPy repeats."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave


@program((wave(8),), (positive(7),), (wave(1),), (wave(4, dtype=np.float32),))
def folded_in_halves(x):
    h = x.shape[0]
    y = x
    while h > 1:
        h = h // 2
        y = y[:h] + y[h : 2 * h]
    return y[0] * 1.0


@program((wave(6), 4), (positive(3), 1), (wave(2), 0), (wave(5, dtype=np.float32), 5), argnums=0)
def one_element_or_as_many(x, n):
    total = 0.0
    for k in range(n):
        h = x[: k + 1] if k % 2 else x[:1]
        table = h[:, None] * x[: k + 1] + h
        total = total + np.sum((h + x[: k + 1]) ** 2) + np.sum(table * table.T)
    return total


@program((wave(6), 4), (positive(3), 1), (wave(2), 0), argnums=0)
def larger_ones_of_one_or_as_many(x, n):
    total = 0.0
    for k in range(n):
        h = x[: k + 1] if k % 2 else x[:1]
        g = np.maximum(h, 0.9 * x[: k + 1]) + np.where(h > 0.3, h, x[: k + 1]) + np.clip(x[: k + 1], -h - 3.0, 0.5)
        total = total + np.sum(g * g * h)
    return total


@program((wave(6), 4), (positive(3), 1), (wave(2), 0), argnums=0)
def written_with_one_or_as_many(x, n):
    total, y = 0.0, np.zeros(n + 1)
    for k in range(n):
        h = x[: k + 1] if k % 2 else x[:1]
        z = x[: k + 1] * 2.0
        z += h
        z *= h
        z[:] -= h
        y[: k + 1] += h
        y[1 : k + 2] = h * x[k]
        total = total + np.sum(z**2)
    return total + np.sum(y**2)


def added_to_its_mean(a, b):
    return a + b * np.mean(b)


@program((wave(6), 4), (positive(3), 1), (wave(2), 0), argnums=0)
def one_or_as_many_in_a_helper(x, n):
    total, pair = 0.0, [x[:1], x[:2]]
    for k in range(n):
        h = added_to_its_mean(x[: k + 1] if k % 2 else x[:1], x[: k + 1])
        total = total + np.sum(np.sin(added_to_its_mean(x[: k + 1], h)))
        pair = [pair[0] * 1.5 + x[:2] if k % 2 else x[:1], pair[1] * pair[0]]
    return total + np.sum(pair[0]) + np.sum(pair[1] ** 2)


@program((wave(6), 4), (positive(3), 1), (wave(2), 0), argnums=0)
def joined_and_multiplied_lengths(x, n):
    total = 0.0
    for k in range(n):
        h = (x[: k + 1] if k % 2 else x[:1]) + x[: k + 1]
        rows = np.stack([h, x[: k + 1]])
        total = total + np.sum(rows[0] * rows[1]) + np.sum(np.vstack([h, h]) * h) + h @ x[: k + 1]
        total = total + np.sum(np.concatenate([h, h[:1]]) ** 2) + np.mean(h) + np.linalg.norm(h) + np.cumsum(h)[-1]
    return total


@program((wave(6), 3), (positive(3), 1), (wave(2), 0), argnums=0)
def chosen_by_a_mask_and_repeated(x, n):
    total = 0.0
    for k in range(n):
        m = x[x > 0.1 * k]
        total = total + np.sum(m * x[:1]) + np.sum(m * (m if k % 2 else x[:1]))
    return total


@program((wave(8), 4), (positive(6), 2), (wave(4), 1), argnums=0)
def rows_of_a_length_left_to_numpy(x, n):
    total = 0.0
    for k in range(1, n):
        rows = np.reshape(x[: 2 * k], (k, -1)) * x[:k, None]
        total = total + np.sum(rows @ np.ones(rows.shape[1])) + np.sum(x[: 2 * k].reshape(-1, k) ** 2)
    return total


@program((wave(8),), (positive(5),), (wave(2),), (wave(1),))
def every_second_and_what_lies_between(x):
    y, s = x, 0.0
    while len(y) > 2:
        y = y[::2] + 0.5 * np.append(y[1::2], np.zeros(len(y) % 2))
        s += y[-1]
    return np.sum(y**2) + s


@program((wave(8),), (positive(4),), (wave(1),))
def even_and_odd_places_joined_again(x):
    y, h = x, len(x)
    while h > 1:
        e, o = y[0:h:2], y[1:h:2]
        y = np.concatenate([e + o, e - o])
        h = h // 2
    return np.sum(y**2) + y[0]
