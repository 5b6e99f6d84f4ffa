"""Views share their numbers with what they were taken from, copies do not; one idea each."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave

VECTORS = ((wave(5),), (positive(3),), (wave(4, dtype=np.float32),))
MATRICES = ((wave(3, 4),), (positive(2, 3),), (wave(4, 3, dtype=np.float32),))
CUBES = ((wave(2, 3, 4),), (positive(3, 2, 2),))

# A write through a view changes its base


@program(*VECTORS)
def slice_is_written(x):
    y = x**2
    v = y[1:]
    v[0] = x[0]
    v *= 2.0
    return np.sum(y * x)


@program(*VECTORS)
def base_is_written_and_the_view_reads_it(x):
    y = np.zeros(len(x))
    v = y[::2]
    y[:] = x**2
    return np.sum(v) * x[0] + v[-1] ** 2


@program(*VECTORS)
def augmented_view_changes_its_base(x):
    y = x.copy()
    v = y[:2]
    v *= 2
    v += x[1]
    v **= 2
    return np.sum(y**2)


@program(*VECTORS)
def reversed_view(x):
    y = x * np.arange(1.0, len(x) + 1)
    back = y[::-1]
    back[0] = x[0] ** 2
    y[0] += back[1]
    return np.sum(back * x)


@program(*MATRICES)
def transpose_is_written(m):
    y = m**2
    t = y.T
    t[0] = m[:, 1]
    t[1, 0] *= 3.0
    y[-1] += 1.0
    return np.sum(t * np.arange(t.size).reshape(t.shape))


@program(*CUBES)
def axes_moved_in_every_way(c):
    y = c.copy()
    np.transpose(y, (2, 0, 1))[0] *= 2.0
    y.transpose(1, 0, 2)[0, 1] = c[0, 0]
    y.swapaxes(0, 2)[1] += 1.0
    np.swapaxes(y, 1, 2)[0, 0] = c[1, :, 0] ** 2
    np.moveaxis(y, 0, -1)[..., 0] *= 0.5
    np.rollaxis(y, 2)[0] -= c[..., 1]
    return np.sum(y**2)


@program(*MATRICES)
def reshape_as_a_view(m):
    y = m.copy()
    flat = y.reshape(-1)
    flat[1] = m[0, 0] ** 2
    flat[::3] *= 2.0
    y[1, 0] += flat[0]
    return np.sum(flat * m.ravel())


@program(*MATRICES)
def ravel_as_a_view_and_flatten_as_a_copy(m):
    y = m.copy()
    view, copy = y.ravel(), y.flatten()
    view[0] = m[0, 1] ** 2
    copy[0] = 7.0
    y[0, 0] += copy[1]
    return np.sum(view**2) + np.sum(copy)


@program(*MATRICES)
def reshape_that_must_copy(m):
    y = m.copy()
    copy = y.T.reshape(-1)
    copy[0] = m[1, 1] ** 2
    y[0, 0] = m[0, 1] ** 3
    return np.sum(copy**2) + np.sum(y)


@program(*MATRICES)
def ravel_of_a_transpose_is_a_copy(m):
    y = m * 1.5
    copy = y.T.ravel()
    copy *= 2.0
    y.T.ravel(order="F")[0] = m[0, 1] ** 2
    return np.sum(y * y) + np.sum(copy**2)


@program(*CUBES)
def views_of_views(c):
    y = c.copy()
    a = y[1:]
    b = a[..., ::-1]
    d = b[0].T
    d[0] = c[0, :, 1]
    a[0, 0] *= 2.0
    b += 0.5
    y[1, 0, 0] **= 2
    return np.sum(y**2) + np.sum(d * d[::-1])


@program(*VECTORS)
def new_axes_and_squeezed_ones(x):
    y = x**2
    column = y[:, None]
    column[0] = x[1]
    np.squeeze(column)[1:] *= 2.0
    np.expand_dims(y, 0)[0, -1] += x[0]
    column[..., np.newaxis].squeeze(axis=-1)[1, 0] = 1.0
    return np.sum(column * x)


@program(*MATRICES)
def diagonal_blocks_and_halves(m):
    y = m.copy()
    left, right = np.split(y[:, :2], 2, axis=1)
    left[:] = right**2
    top, rest = y[0], y[1:]
    rest += top
    top[0] = rest[0, 0]
    for part in np.array_split(y, 2):
        part[0] *= 2.0
    return np.sum(y**2)


@program(*VECTORS)
def zero_dimensional_view_of_an_item(x):
    y = x.copy()
    item = y[0, ...]
    item[...] = x[1] ** 2
    item *= 3.0
    number = y[1]
    number *= 100.0
    return np.sum(y**2) + number


@program(*MATRICES)
def rows_by_iteration_are_views(m):
    y = m.copy()
    for k, row in enumerate(y):
        row *= k + 1
        row[0] = row[-1] ** 2
    first, *rest = y
    first += rest[0]
    return np.sum(y**2)


@program(*MATRICES)
def columns_by_iterating_over_the_transpose(m):
    y = m.copy()
    for column, weight in zip(y.T, m[0]):
        column -= np.mean(column)
        column *= weight
    for i, row in zip(range(9), y):
        row[i % 2 :] += 1.0
    return np.sum(y**2)


@program(*MATRICES)
def rows_kept_in_a_list(m):
    y = np.zeros(m.shape)
    rows = list(y)
    for row, source in zip(rows, m):
        row[:] = source**2
    rows[0] *= 2.0
    return np.sum(y * m)


@program(*VECTORS)
def view_taken_before_and_after_a_write(x):
    y = x.copy()
    before = y[1:]
    s = np.sum(before**2)
    y *= x
    after = y[1:]
    after += before
    return s + np.sum(before * after)


@program(*VECTORS)
def view_outlives_the_name_of_its_base(x):
    y = x**2
    v = y[:-1]
    w = y[1:]
    y = np.zeros(len(x))
    v *= 2.0
    w += v
    return np.sum(v**2) + np.sum(w) + np.sum(y)


@program(*MATRICES)
def asarray_and_friends_are_aliases(m):
    y = m.copy()
    np.asarray(y)[0] = m[1] ** 2
    np.asanyarray(y)[1, 0] *= 2.0
    np.atleast_1d(y)[:, 1] += 1.0
    np.ascontiguousarray(y)[0, 0] = m[0, 0]
    np.array(y, copy=None)[1, 1] *= m[0, 1]
    y.view()[0, 2] = m[0, 1] ** 3
    return np.sum(y**2)


@program(*VECTORS)
def broadcast_view_is_read_after_a_write(x):
    y = x.copy()
    wide = np.broadcast_to(y, (2, len(x)))
    y[0] *= x[1]
    return np.sum(wide**2) + np.sum(wide[1] * x)


# Overlapping ranges


@program(*VECTORS)
def shift_to_the_right(x):
    y = x.copy()
    y[1:] = y[:-1] * 2
    return np.sum(y**2)


@program(*VECTORS)
def shift_without_arithmetic(x):
    y = x**2
    y[1:] = y[:-1]
    y[:-1] = y[1:] * 1.0
    y[::-1] = y
    return np.sum(y * x)


@program(*VECTORS)
def augmented_overlap(x):
    y = x.copy()
    y[1:] += y[:-1]
    y[:-1] *= y[1:]
    y += y[::-1]
    return np.sum(y**2)


@program(*MATRICES)
def overlap_of_rows_and_columns(m):
    y = m.copy()
    n = min(m.shape)
    y[0, :n] = y[:n, 0] ** 2
    y[1:] -= y[:-1]
    square = y[:n, :n]
    square[:] = square.T
    return np.sum(y**2)


@program(*VECTORS)
def swap_of_two_parts(x):
    y = x.copy()
    y[0], y[1] = y[1], y[0]
    y[[0, -1]] = y[[-1, 0]]
    y[:2], y[-2:] = y[-2:] * 2.0, y[:2] * 3.0
    return np.sum(y**2 * np.arange(1.0, len(x) + 1))


# Copies stay copies


@program(*VECTORS)
def copies_made_in_every_way(x):
    y = x**2
    copies = [y.copy(), np.array(y), np.copy(y), +y, y * 1, y / 1.0, y + 0, y - 0.0, y[[*range(len(x))]], y[y > -1.0], y.astype(y.dtype)]
    y[0] = 0.0
    for k, c in enumerate(copies):
        c[1] *= k
    y += 1.0
    return sum(np.sum(c * x) for c in copies) + np.sum(y**2)


@program(*VECTORS)
def copies_made_by_functions(x):
    y = x**2
    copies = [np.abs(y), np.positive(y), np.where(True, y, 0.0), np.concatenate([y]), np.maximum(y, y), np.sort(y),
              np.take(y, np.arange(len(x))), np.repeat(y, 1), np.roll(y, 0), np.tile(y, 1), y.clip(-9.0, 99.0), np.stack([y])[0],
              np.pad(y, 0), y.flatten()]  # fmt: skip
    y *= 0.5
    for k, c in enumerate(copies):
        c[0] += k * x[1]
    return sum(np.sum(c**2) for c in copies) + np.sum(y)


@program(*VECTORS)
def fancy_read_is_a_copy_and_a_slice_is_not(x):
    y = x**2
    fancy, part = y[[0, 1]], y[0:2]
    y[0] = x[1]
    fancy[1] = 3.0
    part[1] *= x[0]
    return np.sum(fancy * part) + np.sum(y)


@program(*VECTORS)
def augmented_fancy_read_writes_back(x):
    y = x**2
    y[[0, -1]] *= x[:2]
    picked = y[[0, -1]]
    picked *= 5.0
    y[y > 1.0] **= 0.5
    return np.sum(y**2) + np.sum(picked)


@program(*VECTORS)
def plain_assignment_of_arithmetic_makes_a_new_array(x):
    y = x.copy()
    z = y
    y = y * 2.0
    y[0] = 1.0
    z[1] = x[0] ** 2
    return np.sum(y**2) + np.sum(z**2)


@program(*VECTORS)
def number_read_before_a_write_stays(x):
    y = x.copy()
    a, b = y[0], float(y[1])
    y[0] = 10.0
    y[1] = a * b
    return a * y[1] + np.sum(y)


@program(*MATRICES)
def row_copy_and_row_view(m):
    y = m.copy()
    view, copy = y[0], y[0].copy()
    y[0] = m[1]
    view[0] *= 2.0
    copy[1] *= 3.0
    return np.sum(view * copy) + np.sum(y)


@program(*VECTORS)
def lists_of_items_are_copies(x):
    y = x**2
    items = y.tolist()
    also = list(y)
    y[0] = 5.0
    items[1] = also[0] * 2
    return sum(items) * x[0] + np.sum(y) * also[1]


@program(*MATRICES)
def view_or_copy_decided_by_the_layout(m):
    total = 0.0
    for y in (m.copy(), m.T.copy().T, np.repeat(m, 2, axis=1)[:, ::2]):
        flat = y.reshape(-1)
        flat[0] = m[0, 1] ** 2
        total += y[0, 0] * flat[1] + np.shares_memory(y, flat)
        total += np.sum(y**2) * (2.0 if np.shares_memory(flat, y) else 1.0)
    return total


@program((wave(6), 2), (positive(4), 1), argnums=0)
def view_whose_bounds_move_in_a_loop(x, width):
    y = x.copy()
    for start in range(0, len(x) - width):
        window = y[start : start + width]
        window *= x[start]
        y[start + width] += np.sum(window)
    return np.sum(y**2)


@program(*MATRICES)
def recursion_into_halves_of_a_view(m):
    def scale(v, depth):
        if len(v) > 1 and depth:
            half = len(v) // 2
            scale(v[:half], depth - 1)
            scale(v[half:], depth - 1)
            v[0] += v[-1]
        else:
            v **= 2

    y = m.ravel().copy()
    scale(y, 2)
    return np.sum(y * m.ravel())


@program((wave(24, 25),))
def view_of_a_large_array_is_read_twice(m):
    t = np.sin(m).T
    return np.sum((t + 1.0) * t) + np.sum((2.0 * t.T) * t.T * m)


@program(*MATRICES)
def copies_and_views_of_a_transpose_in_a_loop(m):
    y = m * 1.0
    for k in range(len(m)):
        copy, view = y.T.reshape(-1), y.reshape(-1)
        copy[k] += 1.0
        view[k] *= copy[k]
    return np.sum(y * y)


@program(*MATRICES)
def axis_taken_apart_is_a_view(m):
    y = m * 2.0
    apart, gaps = y.T.reshape(m.shape[1], 1, m.shape[0]), y[:, 1:].reshape(-1)
    apart[0] *= 3.0
    gaps *= y[0, 0]
    return np.sum(y * y) + np.sum(gaps * gaps)
