"""Shapes: reshaping, transposing, joining, splitting, repeating, padding, diagonals, triangles, differences."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave

CUBE = wave(2, 3, 4)


def ramp(x):
    """Distinct weights of the shape of `x`, so that a misplaced element shows."""
    return np.cos(np.arange(x.size, dtype=float)).reshape(x.shape)


@program((wave(6),), (wave(2, 3),), (wave(3, 1, 4),), (wave(2, 4, dtype=np.float32),))
def reshape_and_ravel(x):
    a = x.reshape(2, -1) if x.size % 2 == 0 else x
    b = np.reshape(x, (-1, 1)) * np.ravel(a)[::-1][:, None]
    c = np.ravel(x, order="F") * np.reshape(x, x.size, order="F")
    return np.sum(a**2 * ramp(a)) + np.sum(b * ramp(b)) + np.sum(c * ramp(c)) + x.reshape((1,) + x.shape)[0].sum()


@program((CUBE,), (wave(3, 2, 2),), (wave(1, 4, 2, dtype=np.float32),))
def transpose_swap_and_move(x):
    a = np.transpose(x, (2, 0, 1))
    b = np.swapaxes(x, 0, -1) * x.T
    c = np.moveaxis(x, 0, -1) * np.moveaxis(x, [0, 1], [-1, -2]).swapaxes(0, 1).transpose(0, 1, 2)[:1, :1, :1]
    d = np.moveaxis(x, (0, 2), (2, 0))
    return np.sum(a**2 * ramp(a)) + np.sum(b * ramp(b)) + np.sum(c * ramp(c)) + np.sum(np.sin(d) * ramp(d))


@program((wave(3), wave(2, 3)), (positive(2), wave(4, 2)), argnums=(0, 1))
def adding_and_dropping_axes(v, m):
    column = np.expand_dims(v, 1)
    lifted = np.expand_dims(m, axis=(0, -1))
    flat = np.squeeze(lifted) * np.squeeze(lifted, axis=0)[..., 0]
    table = v[:, np.newaxis] * v[None, :]
    return np.sum(flat * v) + np.sum(table * ramp(table)) + np.sum((m @ column).squeeze(-1) ** 2)


@program((wave(3), 0.5), (wave(1), -1.5), argnums=(0, 1))
def broadcast_to_shapes(v, s):
    rows = np.broadcast_to(v, (4, v.size))
    grid = np.broadcast_to(s, (2, 3))
    a, b = (np.broadcast_to(part, (v.size, v.size)) for part in (v[:, None], v))
    column = np.broadcast_to(v[:, None], (v.size, 2))
    return np.sum(rows * ramp(rows)) + np.sum(grid**2) + np.sum(a * b * ramp(a)) + np.sum(column**3)


@program((wave(2, 3), wave(1, 3), wave(2, 2)), (wave(1, 1), wave(3, 1), positive(1, 4)), argnums=(0, 1, 2))
def concatenate_along_axes(a, b, c):
    tall = np.concatenate((a, b, a * 2))
    wide = np.concatenate([a, c], axis=-1)
    flat = np.concatenate((a, c), axis=None)
    return np.sum(tall**2 * ramp(tall)) + np.sum(wide**3 * ramp(wide)) + np.sum(np.sin(flat) * ramp(flat))


@program((wave(3), wave(3, phase=1.0)), (wave(1), positive(1)), (wave(2, 2), wave(2, 2, phase=2.0)), argnums=(0, 1))
def stack_family(a, b):
    rows = np.stack([a, b, a * b])
    last = np.stack((a, b), axis=-1)
    tall, wide, deep = np.vstack((a, b)), np.hstack([a, b]), np.dstack((a, b))
    columns = np.column_stack((a, b))
    return sum(np.sum(part**2 * ramp(part)) for part in (rows, last, tall, wide, deep, columns))


@program((wave(6), 0.4), (wave(6, 2), -1.2), argnums=(0, 1))
def splitting_and_joining(x, s):
    first, second, third = np.split(x, 3)
    head, tail = np.split(x, [2])
    parts = np.array_split(x, 4)
    joined = np.concatenate([part * (k + s) for k, part in enumerate(parts)])
    upper, lower = np.vsplit(np.stack([x, x * x]), 2)
    left, right = np.hsplit(upper, 2) if x.ndim == 1 else (upper, lower)
    total = np.sum(first * second**2 * third) + np.sum(head) * np.sum(tail)
    return total + np.sum(joined * ramp(joined)) + np.sum(left * right)


@program((wave(3), 2), (wave(2, 2), 3), (wave(1, 2, dtype=np.float32), 1), argnums=0)
def tile_and_repeat(x, n):
    tiled = np.tile(x, n)
    grid = np.tile(x, (2, n))
    each = np.repeat(x, n)
    rows = np.repeat(x, np.arange(1, x.shape[0] + 1), axis=0)
    return sum(np.sum(np.sin(part) * ramp(part)) for part in (tiled, grid, each, rows))


@program((wave(5),), (wave(3, 4),), (CUBE,))
def flip_and_roll(x):
    total = np.sum(np.flip(x) * x * ramp(x)) + np.sum(np.flip(x, axis=-1) ** 3 * ramp(x))
    total = total + np.sum(np.roll(x, 2) * x) + np.sum(np.roll(x, -1, axis=0) * ramp(x))
    if x.ndim > 1:
        total = total + np.sum(np.roll(x, (1, -2), axis=(0, 1)) * x) + np.sum(np.fliplr(x) * np.flipud(x) * ramp(x))
    return total


@program((wave(4), 0.5), (wave(2, 3), -1.5), argnums=(0, 1))
def padding_modes(x, fill):
    zero = np.pad(x, 1)
    value = np.pad(x, (2, 1), constant_values=0.5) * fill
    edge = np.pad(x, 2, mode="edge")
    mirrored = np.pad(x, 1, mode="reflect") + np.pad(x, 1, mode="symmetric")
    wrapped = np.pad(x, ((0, 1),) * x.ndim, "wrap")
    return sum(np.sum(part**2 * ramp(part)) for part in (zero, value, edge, mirrored, wrapped))


@program((wave(3), wave(3, 3)), (wave(2), positive(2, 2)), argnums=(0, 1))
def diagonals_and_traces(v, m):
    d = np.diag(v) @ m
    above = np.diag(v, k=1)
    total = np.sum(d * ramp(d)) + np.sum(np.diag(m, -1) ** 2) + np.sum(above[:-1, 1:] @ m)
    return (
        total + np.trace(m @ m) + np.trace(m, offset=1) * v[0] + np.sum(np.diagonal(m) * v) + np.sum(np.diag(v) * m.T)
    )


@program((wave(3, 3),), (wave(2, 4),), (wave(2, 3, 3),), (wave(4, 2, dtype=np.float32),))
def triangles(m):
    lower, upper = np.tril(m), np.triu(m, k=1)
    strict = np.tril(m, -1) ** 2
    return np.sum(lower**2 * ramp(m)) + np.sum(upper**3 * ramp(m)) + np.sum(strict + np.triu(m, -1) * m)


@program((wave(3, 3),), (wave(2, 4, 4),))
def traces_of_stacks(m):
    total = np.trace(m, axis1=-2, axis2=-1)
    return (
        np.sum(total**2) + np.sum(np.trace(m, offset=-1, axis1=-1, axis2=-2)) + np.sum(np.diagonal(m, 1, -2, -1) ** 2)
    )


@program((wave(6),), (wave(4, 5),), (wave(5, 3, dtype=np.float32),))
def differences(x):
    first = np.diff(x)
    second = np.diff(x, n=2, axis=0)
    extended = np.diff(x, axis=-1, prepend=0.0)
    return np.sum(first**2 * ramp(first)) + np.sum(second**3) + np.sum(extended * ramp(extended) * x)


@program((0.4, 1.5, 4), (-0.7, 2.5, 2), argnums=(0, 1))
def arrays_built_from_scalars(a, b, n):
    matrix = np.array([[a, b], [a * b, 1.0]])
    filled = np.full((n, 2), a) * np.ones((n, 1)) + np.zeros(2)
    basis = np.eye(2, 3) * b + np.identity(3)[:2]
    like = np.full_like(filled, b) + np.zeros_like(matrix)[0] + np.ones_like(basis)[0, 0]
    stacked = np.asarray([a * k for k in range(n)]) + np.arange(n) / 2
    return np.sum(matrix @ matrix.T) + np.sum(filled * like) + np.sum(basis**2) + np.sum(stacked**2) * a


@program((0.4, 1.5, 4), (-0.7, 2.5, 7), argnums=(0, 1))
def grid_with_active_ends(low, high, n):
    points = np.linspace(low, high, n)
    fixed = np.linspace(0.0, 1.0, num=n, endpoint=False)
    heights = np.sin(points) * fixed
    return np.sum((heights[1:] + heights[:-1]) / 2 * np.diff(points))
