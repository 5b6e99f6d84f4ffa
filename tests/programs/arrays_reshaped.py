"""Arrays given another shape in place: the object stays, its other names see the shape, its views keep theirs and share its memory."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave

VECTORS = ((wave(6),), (positive(4),), (wave(8, dtype=np.float32),))
MATRICES = ((wave(3, 4),), (positive(2, 3),), (wave(4, 3, dtype=np.float32),))


@program(*MATRICES)
def flattened_in_place(m):
    y = m * 2.0
    y.shape = y.size
    return np.sum(y * y * np.arange(1.0, len(y) + 1))


@program(*VECTORS)
def length_left_to_numpy(x):
    y = np.zeros(len(x))
    y += x
    y.shape = (2, -1)
    y[1] *= y[0]
    return np.sum(y[1] ** 2) + y.shape[1] * y[0, 1]


@program(*VECTORS)
def all_names_see_the_shape(x):
    y = x**2
    other, held = y, [y]
    other.shape = (len(x) // 2, 2)
    held[0][:, 1] = 3.0 * x[0]
    return np.sum(y[0] * x[:2]) + np.sum(y @ np.array([1.0, 2.0])) + float(y is other) * y[1, 0]


@program(*MATRICES)
def views_keep_their_shapes(m):
    y = m.copy()
    row, turned, part = y[1], y.T, y[:, 1:]
    corner = part[:1]
    y.shape = (-1,)
    y[1] = m[0, 0] ** 2
    row[0] = m[1, 1] * 5.0
    corner *= 3.0
    turned[0, 0] = m[0, 2]
    return np.sum(y * np.arange(y.size)) + np.sum(row**3) + np.sum(turned[1] * m[0, 1]) + np.sum(part * part)


@program(*MATRICES)
def what_was_computed_before_stays(m):
    y = m * 3.0
    square, row = y * y, y[0]
    y.shape = (m.shape[1], m.shape[0])
    y[0] = 2.0 * m[0, 0]
    return np.sum(square * m) + np.sum(y**2) + np.sum(row * row)


@program(*VECTORS)
def shape_there_and_back(x):
    y = np.sin(x)
    first = y[:2]
    y.shape = (2, len(x) // 2)
    second = y[1]
    y.shape = (1, 2, -1)
    y[0, 0, 0] = x[1] * x[2]
    y.shape = len(x)
    second += first[0]
    first[1] = 7.0 * x[3]
    return np.sum(y * y) + np.sum(first) * np.sum(second)


@program(*MATRICES)
def view_of_an_argument_reshaped(m):
    v = m[1:]
    v.shape = v.size
    return np.sum(v * v * np.arange(1.0, len(v) + 1)) + np.sum(m[0] ** 2) * m.shape[1]


@program(*VECTORS)
def view_of_an_own_array_reshaped(x):
    y = x * 1.5
    v = y[: len(x) - 2]
    end, also = v[-1:], v
    v.shape = (2, -1)
    v[0, 0] = x[1] ** 2
    end[0] = x[0] * x[1]
    y[1] *= 4.0
    return np.sum(also[1] * 2.0) + np.sum(y**2) + v[0, 1 - v.shape[1]] * end[0]


@program(*VECTORS)
def reshaped_in_a_loop(x):
    y = x.copy()
    for k in range(1, 4):
        y.shape = (2, -1) if k % 2 else (-1,)
        y[:1] *= k * x[0]
    return np.sum(y * y)


@program(*MATRICES)
def layout_that_needs_a_copy(m):
    y = (m * 2.0).T
    try:
        y.shape = (y.size,)
    except AttributeError:
        y = y.reshape(-1)
    y[1] = m[0, 0] ** 3
    return np.sum(y * y * np.arange(y.size))


@program(*VECTORS)
def size_that_does_not_fit(x):
    y = x * 2.0
    try:
        y.shape = (3, 5)
    except ValueError:
        y[0] = x[1] * x[0]
    return np.sum(y * y)


def flat(y):
    y.shape = (-1,)


@program(*MATRICES)
def reshaped_by_a_helper(m):
    y = m + 1.0
    top = y[0]
    flat(y)
    setattr(y, "shape", (1, *y.shape))
    top[:] = y[0, -1] * m[0]
    return np.sum(y[0] ** 2) + y.ndim * top[1]


@program(*MATRICES)
def shape_assigned_by_its_parts(m):
    y = m * m
    row = y.ravel()
    y.shape = y.shape[::-1]
    y[0, 1] = m[1, 0]
    y.shape += (1,)
    return row[1] * 3.0 + np.sum(y * y) + np.sum(y[1, :, 0] * m[0, 0])


@program(*VECTORS)
def shape_there_and_back_on_one_side(x):
    y = x * 2.0
    part = y[1:3]
    if x[0] > 1.0:
        y.shape = (2, -1)
        y[1] *= x[0]
        y.shape = y.size
    part *= y[0]
    return np.sum(y * y) + np.sum(part**3)


@program(*VECTORS)
def shape_given_on_both_sides(x):
    y = x * 2.0
    part, pairs = y[1:3], y.reshape(-1, 2)
    if x[0] > 1.0:
        y.shape = (2, -1)
        y[1] *= x[0]
    else:
        flat(y)
        y.shape = (2, -1)
        y[0, 0] = x[1] ** 2
    part *= 2.0
    y[0] *= np.sum(pairs)
    return np.sum(y * y) * y.shape[1] + np.sum(part**3) + pairs[0, 1]


@program(*VECTORS)
def shape_there_and_back_in_each_step(x):
    y = x * 2.0
    every_other = y[::2]
    for k in range(len(x)):
        y.shape = (2, -1)
        y[1, 0] *= x[k]
        every_other[1] += y[0, 0]
        y.shape = len(x)
        y[k] += every_other[0]
    return np.sum(y * y) + np.sum(every_other**3)


@program(*VECTORS)
def rows_reshaped_in_a_loop(x):
    y = x[:, None] * x
    for k in range(len(x)):
        row = y[k]
        row.shape = (2, -1)
        row[0] *= x[0]
        row[1, 0] += row[0, 0]
    return np.sum(y * y)


@program(*VECTORS)
def buffers_reshaped_in_turn(x):
    a, b = x * 2.0, x * 3.0
    for k in range(len(x) // 2 + 1):
        a, b = b, a
        a.shape = (2, -1)
        a[0] *= 1.5
        a.shape = (-1,)
        b[0] += a[1]
    return np.sum(a * x) + np.sum(b * b)
