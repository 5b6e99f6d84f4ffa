"""NumPy's functions and methods that write into an array they are given, one idea each."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave

VECTORS = ((wave(5),), (positive(3),), (wave(4, dtype=np.float32),))
MATRICES = ((wave(3, 4),), (positive(2, 3),), (wave(4, 3, dtype=np.float32),))

# out=


@program(*VECTORS)
def out_of_a_function_of_one_array(x):
    y = np.empty_like(x)
    np.sin(x, out=y)
    np.exp(y, out=y)
    np.negative(y, y)
    return np.sum(y * x)


@program(*VECTORS)
def out_of_a_function_of_two_arrays(x):
    y = np.zeros(len(x))
    z = np.multiply(x, x[::-1], out=y)
    z += 1.3
    np.add(y, x, y)
    np.maximum(y, 0.2 * y, out=(y,))
    return np.sum(y**2) + (z is y)


@program(*VECTORS)
def out_is_a_slice(x):
    y = np.ones(2 * len(x))
    np.square(x, out=y[::2])
    np.subtract(y[::2], x, out=y[1::2])
    return np.sum(y**2)


@program(*VECTORS)
def out_with_where(x):
    y = np.full_like(x, 0.5)
    np.log(np.abs(x), out=y, where=x > 0.0)
    np.multiply(y, x, out=y, where=y < 0.3)
    return np.sum(y**2)


@program((np.array([4.0, 0.0, 2.0]),), (np.array([0.0, 9.0]),), order=1, differences=False, why="the division has no slope at 0")
def out_with_where_hides_a_division_by_zero(x):
    y = np.zeros_like(x)
    np.divide(1.0, x, out=y, where=x != 0)
    return np.sum(y**2)


@program((wave(4), positive(4)), (positive(2), wave(2)), argnums=(0, 1))
def out_overlaps_what_is_read(x, z):
    y = np.concatenate([x, z])
    np.add(y[:-1], y[1:], out=y[1:])
    np.multiply(y[::-1], y, out=y)
    return np.sum(y)


@program(*MATRICES)
def out_of_reductions(m):
    rows, columns = np.empty(m.shape[0], m.dtype), np.empty(m.shape[1], m.dtype)
    np.sum(m**2, axis=1, out=rows)
    np.mean(m, axis=0, out=columns)
    np.max(m, axis=1, out=rows[:1] if m.shape[0] == 1 else rows)
    m.sum(axis=0, out=columns)
    total = np.empty((), m.dtype)
    np.prod(columns, out=total)
    return np.sum(rows**2) + total * columns[0]


@program(*MATRICES)
def out_of_products(m):
    square, vector = np.empty((m.shape[0], m.shape[0]), m.dtype), np.zeros(m.shape[0], m.dtype)
    np.matmul(m, m.T, out=square)
    np.dot(m, m[0], out=vector)
    np.dot(square, vector.copy(), out=vector)
    vector += np.einsum("ij,j->i", m, m[1], out=np.empty_like(vector))
    return np.sum(square) + vector @ vector / 10


@program(*VECTORS)
def out_of_other_functions(x):
    y, both = np.zeros_like(x), np.empty((2, len(x)), x.dtype)
    np.cumsum(x, out=y)
    np.clip(y, -0.9, 0.95, out=y)
    np.stack([x, y], out=both)
    np.take(both, [1, 0], axis=0, out=both.copy())
    np.concatenate([y, x], out=both.reshape(-1))
    return np.sum(both**2 * np.arange(both.size).reshape(both.shape))


@program(*VECTORS)
def out_of_two_results(x):
    fraction, whole = np.empty_like(x), np.empty_like(x)
    np.modf(1.9 * x, out=(fraction, whole))
    return np.sum(fraction**2 * x) + np.sum(whole)


@program(*VECTORS)
def out_as_return_value_in_an_expression(x):
    buffer = np.empty_like(x)
    return np.sum(np.tanh(x, out=buffer) * 2.0) + np.sum(np.square(buffer, out=buffer)) + buffer[0]


# ufunc.at and the other methods of ufuncs


@program((wave(4), np.array([0, 2, 0, 2, 2])), (positive(3), np.array([1, 1, 1])), (wave(4, dtype=np.float32), np.array([-1, 3])), argnums=0)
def add_at_with_repeats(x, index):
    y = np.zeros(len(x))
    np.add.at(y, index, x[0] * np.arange(1.0, len(index) + 1))
    np.add.at(y, [0, 0], x[:2] ** 2)
    return np.sum(y**2)


@program((wave(4), np.array([0, 2, 0])), (positive(3), np.array([1, 1, 1])), argnums=0)
def subtract_and_multiply_at_with_repeats(x, index):
    y = 1.0 + x**2
    np.subtract.at(y, index, x[:3])
    np.multiply.at(y, index, 1.0 + 0.5 * x[:3])
    return np.sum(y**2)


@program((wave(4), np.array([0, 2, 0])), (positive(4), np.array([1, 1, 3])), order=1, argnums=0)
def maximum_and_minimum_at(x, index):
    y = np.zeros(len(x))
    np.maximum.at(y, index, x[1:])
    np.minimum.at(y, index[:2], 0.1 * x[:2])
    return np.sum((y + x) ** 2)


@program(*VECTORS)
def at_without_a_second_array(x):
    y = np.abs(x) + 0.5
    np.negative.at(y, [0, 1, 0])
    np.sqrt.at(y, slice(2, None))
    np.square.at(y, y < 0.0)
    return np.sum(y * x)


@program(*MATRICES)
def add_at_with_two_index_arrays_and_a_mask(m):
    y = np.zeros(m.shape)
    np.add.at(y, ([0, 1, 0], [1, 0, 1]), m[0, :3] ** 2)
    np.add.at(y, (slice(None), [0, 0]), m[:, :2])
    np.add.at(y, m > 0.5, 1.0)
    return np.sum(y**2)


@program(*MATRICES)
def reduce_accumulate_outer_reduceat(m):
    v = m[0]
    y = np.zeros((len(v), len(v)))
    y[0] = np.add.accumulate(v)
    y[1:] = np.multiply.outer(v, v)[1:]
    y[:, -1] = np.add.reduce(y, axis=1)
    segments = np.add.reduceat(v, [0, 2])
    return np.sum(y**2) + np.multiply.reduce(segments) + np.maximum.reduce(v) + np.subtract.outer(v, m[:, 0])[1, 0]


@program(*MATRICES)
def methods_of_ufuncs_with_out(m):
    rows, running = np.zeros(m.shape[0], m.dtype), np.empty_like(m)
    np.add.reduce(m**2, axis=1, out=rows)
    np.multiply.accumulate(m, axis=1, out=running)
    table = np.empty((m.shape[0], m.shape[1]), m.dtype)
    np.subtract.outer(rows, m[0], out=table)
    return np.sum(table**2) / 10 + np.sum(running)


@program(*MATRICES)
def reduce_with_where_and_initial(m):
    y = np.empty(m.shape[1])
    y[:] = np.add.reduce(m, axis=0, where=m > 0, initial=0.5)
    y *= np.sum(m, where=m < 1.0)
    return np.sum(y**2)


# Functions that write into their first argument


@program(*VECTORS)
def copyto_array_number_and_mask(x):
    y = np.zeros(len(x))
    np.copyto(y, x**2)
    np.copyto(y, x[0] * 2, where=x > 0.5)
    np.copyto(y[1:], x[:-1], where=[k % 2 == 0 for k in range(len(x) - 1)])
    return np.sum(y**2)


@program(*MATRICES)
def put_counts_through_the_flat_array(m):
    y = np.zeros(m.shape)
    np.put(y, [0, 5, -1], m[0, :3] ** 2)
    np.put(y, [1, 2, 3], m[1, :2])
    y.put([4], m[0, 0])
    np.put(y, [99, -99], m[0, 1], mode="clip")
    return np.sum(y**2)


@program((wave(6),), (positive(3),), (wave(3, 4),))
def place_and_putmask(x):
    y, z = x * 1.5, x**2
    np.place(y, x > 0.0, x.ravel()[:2])
    np.putmask(z, x > 0.6, x)
    np.putmask(z, x < 0.0, [1.0, 2.0])
    return np.sum(y * z)


@program(*MATRICES)
def put_along_an_axis(m):
    y = np.zeros(m.shape)
    order = np.argsort(m, axis=1)
    np.put_along_axis(y, order, m**2, axis=1)
    np.put_along_axis(y, np.array([0, 3]), m[0, :2], axis=None)
    np.put_along_axis(y, np.argmax(m, axis=1)[:, None], m[:, :1], 1)
    return np.sum(y * m)


@program(*VECTORS)
def fill_with_a_differentiated_number(x):
    y = np.empty((2, len(x)))
    y.fill(x[0] ** 2)
    y[1].fill(x[-1])
    return np.sum(y**2) * x[1]


@program(*VECTORS)
def sort_in_place(x):
    y = x * 2.0
    y.sort()
    z = np.stack([x, -x])
    z.sort(axis=0)
    z[1].sort()
    return np.sum(y**2 * np.arange(len(y))) + np.sum(z[0] * z[1] * np.arange(len(x)))


@program((wave(7),), (positive(5),), order=1)
def partition_in_place(x):
    y = x.copy()
    y.partition(2)
    return y[2] ** 2 + np.sum(y[:2]) - np.sum(y[3:] ** 3)


@program((wave(3, 3),), (positive(2, 4),), (wave(4, 2, dtype=np.float32),))
def fill_diagonal(m):
    y = m**2
    np.fill_diagonal(y, 1.0)
    z = m.copy()
    np.fill_diagonal(z, m[0, 0])
    n = min(m.shape)
    np.fill_diagonal(y[:n, :n], m[0, :n] * m[1, 0])
    return np.sum(y**2) + np.sum(z * m)


@program((wave(5), 3), (positive(3), 2), argnums=0)
def buffers_resized_and_rolled_by_hand(x, shift):
    y = np.empty(len(x))
    y[:shift] = x[-shift:]
    y[shift:] = x[: len(x) - shift]
    z = np.append(y, x[0])
    z[0] = x[1] ** 2
    z = np.concatenate([z[:1], x[2:3], z[1:]])[1:]
    z[-1] *= 2.0
    return np.sum(y * x) + np.sum(z**2)


@program(*MATRICES)
def indices_from_helpers_of_numpy(m):
    y = np.zeros((len(m), len(m)))
    y[np.triu_indices(len(m), 1)] = m[0, 1] ** 2
    y[np.diag_indices(len(m))] = m[:, 0]
    y[np.tril_indices(len(m), -1)] += m[1, 1]
    y[np.where(y > 1.0)] *= 0.5
    y[np.unravel_index(1, y.shape)] += m[0, 0]
    return np.sum(y**2)


@program(*VECTORS)
def an_iterator_that_writes(x):
    y = x.copy()
    for index, value in np.ndenumerate(x):
        y[index] = value**2
    for index in np.ndindex(y.shape):
        y[index] += x[0]
    return np.sum(y * x)


@program((wave(4),), (positive(3),), (wave(4, dtype=np.float32),))
def operators_as_functions(x):
    import operator

    y = x.copy()
    y = operator.iadd(y, x**2)
    operator.setitem(y, 0, x[1])
    y = operator.imul(y, 2.0)
    y.__setitem__(1, x[0] * x[1])
    return np.sum(y**2) + operator.getitem(y, -1)
