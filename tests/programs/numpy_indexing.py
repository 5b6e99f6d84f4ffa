"""Reading by index: slices, None, Ellipsis, integer arrays with repeats, masks; `where`, `clip`, `select`."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave

CUBE = wave(2, 3, 4)


@program((wave(7),), (positive(4),), (wave(6, dtype=np.float32),))
def slices_with_steps(v):
    ends = v[0] * v[-1]
    odd, reverse, middle = v[1::2], v[::-1], v[1:-1]
    thirds = v[-1:0:-3]
    return (
        ends
        + np.sum(odd**2)
        + np.sum(v * reverse * np.arange(len(v)))
        + np.sum(middle[1:] * middle[:-1])
        + thirds.sum() ** 2
    )


@program((CUBE,), (wave(3, 2, 2),), (wave(2, 3, 4, dtype=np.float32),))
def slices_of_several_axes(x):
    plane = x[1]
    column = x[:, 1, :]
    corner = x[0, -1, ::2]
    last = x[..., -1] * x[..., 0]
    lifted = x[:, None, 1:, ..., np.newaxis]
    return (
        np.sum(plane**2)
        + np.sum(column[::-1] * column)
        + corner.sum()
        + np.sum(last)
        + np.sum(lifted[:, 0, :, :, 0] ** 3)
    )


@program((wave(5), 1, 4), (wave(8), 0, 7), (positive(5), -3, -1), argnums=0)
def slice_bounds_from_arguments(v, start, stop):
    window = v[start:stop]
    chosen = slice(start, None, 2)
    total = np.sum(window) * v[start]
    for k in range(len(window)):
        total += window[k] * v[k - 1] ** 2
    return total + np.sum(v[chosen] ** 2)


@program(
    (wave(5), np.array([0, 2, 2, -1])),
    (wave(3), np.array([1])),
    (wave(4, 2), np.array([3, 3, 3, 0, 1])),
    (wave(4, dtype=np.float32), np.array([0, 0])),
    argnums=0,
)
def integer_arrays_with_repeats(x, index):
    gathered = x[index]
    weights = np.arange(1.0, len(index) + 1)
    flat = gathered if x.ndim == 1 else gathered.sum(axis=1)
    return np.sum(flat**2 * weights) + np.sum(x[[0, 0, 1]] ** 3) + np.sum(np.take(x, index, axis=0))


@program((wave(3, 4),), (wave(5, 3),))
def integer_arrays_on_two_axes(m):
    rows, cols = np.array([0, 2, 0, 1]), np.array([1, 1, 1, -1])
    pairs = m[rows, cols]
    outer = m[rows[:, None], cols[:2]]
    grid = m[np.ix_([0, 2], [2, 0, 0])]
    return (
        np.sum(pairs**2 * np.arange(1.0, 5.0)) + np.sum(outer**3) + np.sum(np.sin(grid) * np.arange(6.0).reshape(2, 3))
    )


@program((CUBE,), (wave(3, 3, 2),))
def mixed_basic_and_advanced(x):
    index = [1, 0, 1]
    split = x[index, :, [0, 1, 1]]
    middle = x[:, index, ::-1]
    trailing = x[1:, 0, [[0], [1]]]
    flagged = x[:, [True, False, True], 0]
    return np.sum(split**2) + np.sum(middle * middle[::-1]) + np.sum(trailing) * np.sum(flagged**3)


@program((wave(6), 0.5), (positive(4), 9.0), (wave(3, 3), -0.2), (wave(5, dtype=np.float32), 0.1), argnums=(0, 1))
def boolean_masks(x, level):
    above = x[x > level]
    inside = x[(x > -1.0) & (x < 1.2)]
    return np.sum(above**2) * level + np.sum(np.cos(inside)) + above.size * level


@program((wave(4, 3),), (positive(2, 3),), (wave(5, 1),))
def masks_of_rows(m):
    keep = m[:, 0] > 0
    kept, rest = m[keep], m[~keep]
    columns = m[:, np.any(m > 1.0, axis=0)]
    return np.sum(kept**2) + np.sum(np.sin(rest)) + np.sum(columns) * 2 + kept.shape[0] * m[0, 0]


@program(
    (wave(5), wave(5, phase=1.0)),
    (wave(2, 3), 0.7),
    (0.3, positive(2, 2)),
    (wave(3), wave(2, 1, phase=0.7)),
    argnums=(0, 1),
)
def where_selects(a, b):
    chosen = np.where(a > b, a * b, a - b)
    constant = np.where(a > 0, a**2, -1.0) + np.where(b > 0.5, 1.0, b)
    return np.sum(chosen * chosen) + np.sum(constant)


@program((wave(5),), (-positive(2, 2),), (positive(3),))
def where_hides_bad_branches(x):
    safe = np.where(x > 0, x, 1.0)
    logs = np.where(x > 0, np.log(safe), x)
    roots = np.where(x > 0, np.sqrt(np.abs(x)), 0.0)
    rows = np.where(x > 0)[0]
    return np.sum(logs * roots) + np.sum(logs) + rows.size * x.ravel()[0]


@program((wave(6), -0.5, 0.9), (wave(2, 3), -9.0, 9.0), (positive(3), 1.2, 1.6), argnums=(0, 1, 2))
def clip_with_active_bounds(x, low, high):
    clipped = np.clip(x, low, high)
    upper = np.clip(x * 2, None, high)
    return (
        np.sum(clipped**2 * x) + np.sum(upper * low) + x.clip(-0.3, 5.0).sum() + np.clip(x, a_min=low, a_max=None).sum()
    )


@program((wave(6),), (3 * positive(2, 3),), (wave(4, dtype=np.float32),))
def select_piecewise(x):
    pieces = np.select([x < -0.7, x < 0.95, x > 2.1], [-x, x**2, np.log(np.abs(x) + 1)], default=1.0)
    plain = np.select([x > 0], [np.exp(-x)])
    return np.sum(pieces * x) + np.sum(plain)


@program((wave(3, 4),), (wave(1, 2),), (CUBE,), (wave(2, 3, dtype=np.float32),))
def iterating_over_rows(m):
    total = 0.0
    for k, row in enumerate(m):
        total = total + np.sum(row**2) * (k + 1)
        for value in row.ravel()[:2]:
            total = total + value * np.max(row)
    first, *_ = m
    return total + np.prod(first)


@program((wave(3, 3),), (positive(2, 2),))
def single_elements(m):
    n = len(m)
    determinant = m[0, 0] * m[1, 1] - m[0][1] * m[1][0]
    for i in range(n):
        determinant = determinant + m[i, n - 1 - i] ** 2 * m[(-1, i)]
    return determinant + m.item(0) * m.item((1, 0)) + m.ravel()[1] ** 2


@program((wave(4, 5),), (wave(3, 3),), (wave(6, 4, dtype=np.float32),))
def laplacian_by_slices(u):
    inner = u[1:-1, 1:-1]
    laplacian = u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4 * inner
    flux = np.diff(u, axis=0)[:, ::2] ** 2
    return np.sum(laplacian**2) + 0.1 * np.sum(inner**3) + np.sum(flux)


@program((wave(5), wave(5)), (positive(3), wave(3)))
def diagonal_beside_a_part(x, y):
    """The gradient of what becomes a diagonal is one, which NumPy only shows; a part is added to it."""
    return np.sum(np.diag(x)) * 2.0 + np.dot(y[-3:], x[-3:])


@program((wave(4),), (positive(3),))
def gradient_that_is_a_diagonal(x):
    return np.sum(np.diag(x) * np.arange(16.0).reshape(4, 4)[: len(x), : len(x)])
