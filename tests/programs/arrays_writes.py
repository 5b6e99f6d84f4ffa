"""Items, slices, masks and whole arrays that are assigned or updated, one idea each."""

from __future__ import annotations

import numpy as np

from . import program
from .samples import positive, wave

VECTORS = ((wave(5),), (positive(3),), (wave(4, dtype=np.float32),))
MATRICES = ((wave(3, 4),), (positive(2, 3),), (wave(4, 3, dtype=np.float32),))
CUBES = ((wave(2, 3, 4),), (positive(3, 2, 2),))

# Where a value is written


@program(*VECTORS)
def one_item(x):
    y = np.zeros(len(x))
    y[1] = x[0] * x[1]
    return np.sum(y**2) + y[0]


@program(*VECTORS)
def one_item_twice_the_last_write_wins(x):
    y = np.ones(3)
    y[0] = x[0] ** 2
    y[0] = x[1] ** 3
    return y @ y


@program(*VECTORS)
def item_counted_from_the_end(x):
    y = x * 2.0
    y[-1] = x[0] ** 2
    y[-len(x)] *= y[-1]
    return np.sum(y**2)


@program(*VECTORS)
def items_in_a_loop(x):
    y = np.zeros_like(x)
    for i in range(len(x)):
        y[i] = x[i] * x[-1 - i]
    return np.sum(np.sin(y))


@program((0.7,), (-1.2,), (np.float32(0.4),))
def number_written_into_a_new_array(x):
    y = np.zeros(3)
    y[1] = x
    y[2] = x**2
    return y[0] + y[1] * y[2]


@program(*VECTORS)
def slice_with_a_step(x):
    y = np.ones(2 * len(x))
    y[::2] = x**2
    y[1::2] *= x
    return np.sum(y * np.arange(len(y)))


@program(*VECTORS)
def slice_with_a_negative_step(x):
    y = np.zeros(len(x))
    y[::-1] = x * np.arange(1.0, len(x) + 1)
    y[-1:0:-2] = 0.5 * x[: len(y[-1:0:-2])] ** 2
    return y @ y


@program((wave(5), 1, 3), (positive(4), 0, 4), (wave(6), -2, 9), argnums=0)
def slice_bounds_that_change(x, start, stop):
    y = x.copy()
    y[start:stop] = x[start:stop] ** 2
    return np.sum(y**2)


@program(*VECTORS)
def empty_slice(x):
    y = x**2
    y[2:2] = 5.0
    y[len(x) :] = x[len(x) :]
    return np.sum(y * x)


@program(*MATRICES)
def row_column_and_corner(m):
    y = np.zeros(m.shape)
    y[0] = m[1] ** 2
    y[:, 1] = m[:, 0]
    y[-1, -1] = m[0, 0] * m[0, 1]
    return np.sum(y**2)


@program(*MATRICES)
def block_of_two_slices(m):
    y = m.copy()
    y[1:, :-1] = m[:-1, 1:] * m[1:, :-1]
    return np.sum(y**2)


@program(*CUBES)
def none_and_ellipsis(c):
    y = np.zeros(c.shape)
    y[..., 0] = c[..., 1] ** 2
    y[0, ...] += c[1]
    y[:, None, 1:2] = c[:, None, 0:1]
    y[...] *= 2.0
    return np.sum(y**2)


@program(*CUBES)
def index_tuple_kept_in_a_variable(c):
    y, inner = np.ones_like(c), (slice(None), -1, slice(0, 2))
    y[inner] = c[inner] ** 2
    y[(0, 1)] = c[1, 0]
    return np.sum(y**2)


@program((wave(5), np.array([0, 2])), (positive(4), np.array([3, -3])), (wave(4, dtype=np.float32), np.array([1, 0])), argnums=0)
def integer_array(x, index):
    y = np.zeros(len(x))
    y[index] = x[:2] ** 2
    return np.sum(y * x)


@program((wave(5), np.array([0, 2, 0, 2])), (positive(4), np.array([1, 1, 1, 1])), argnums=0)
def integer_array_with_repeats_the_last_write_wins(x, index):
    y = x * 0.5
    y[index] = x[:4] ** 2
    return np.sum(y**2)


@program((wave(5), np.array([0, 2, 0, 2])), (positive(4), np.array([1, 1, 1, 1])), argnums=0)
def integer_array_with_repeats_added_once(x, index):
    y = x**2
    y[index] += x[index] * x[:4]
    return np.sum(y**2)


@program(*MATRICES)
def integer_arrays_on_two_axes(m):
    y = np.zeros(m.shape)
    y[[0, 1, 0], [1, 0, 1]] = m[1, :3] ** 2
    y[np.ix_([0, -1], [2])] += m[:2, :1]
    return np.sum(y**2)


@program(*CUBES)
def slice_mixed_with_an_integer_array(c):
    y = c.copy()
    y[:, [1, 0], 1:] *= c[:, [0, 1], 1:]
    y[[0, 1], :, [0, 1]] = c[0, :, :2].T
    return np.sum(y**2)


@program((wave(5),), (positive(3),), (-positive(4),), (wave(4, dtype=np.float32),))
def mask_gets_a_number(x):
    y = x**2
    y[x > 0.5] = 3.0
    return np.sum(y * x)


@program((wave(5), 0.7), (positive(3), 9.0), (wave(4, dtype=np.float32), np.float32(0.1)), argnums=(0, 1))
def mask_gets_a_differentiated_number(x, level):
    y = x**2
    y[x > level] = level**2
    return np.sum(y * x)


@program((wave(6),), (positive(3),), (wave(3, 4),))
def mask_gets_an_array(x):
    y, mask = np.zeros(x.shape), x > 0.0
    y[mask] = x[mask] ** 2
    y[~mask] = np.exp(x[~mask])
    return np.sum(y**2)


@program((wave(4, 3),), (positive(2, 3),))
def mask_of_rows_and_of_columns(m):
    y = m.copy()
    y[m[:, 0] > 0] *= 2.0
    y[:, m[0] > 0.5] = m[:, :1] ** 2
    return np.sum(y**2)


@program((0.7,), (-1.2,), (np.float32(0.4),))
def array_without_axes(x):
    y = np.array(0.0)
    y[()] = x**2
    y += x
    y[...] = y * x
    return y * y


@program((0.7,), (-1.2,), (np.float32(0.4),), (np.array(1.5),))
def array_without_axes_as_it_is(x):
    t = np.zeros(())
    t += x
    t[()] = t * x
    return t


@program((0.7,), (-1.2,), (np.float32(0.4),), (np.array(1.5),))
def number_of_an_array_without_axes(x):
    t = np.zeros(())
    np.add.at(t, (), x**2)
    np.copyto(t, t * x)
    t.fill(t * x)
    return float(t)


@program((0.7,), (-1.2,), (np.array(1.5),))
def view_of_an_array_without_axes(x):
    t = np.array(x)
    u = t[...]
    u *= 2
    t[...] = u * t
    u += t
    return t * u + u


@program((0.7,), (-1.2,), (np.array(1.5),))
def view_without_axes_of_an_array(x):
    t = np.zeros(2)
    u = t[0, ...]
    u += x
    u *= x
    u[()] = u * 3 * x
    return t.sum() + u * u


@program((np.float32(0.7),), (np.float32(-1.2),))
def array_without_axes_in_single_precision(x):
    t = np.zeros((), dtype=np.float32)
    t += x
    np.multiply(t, x, out=t)
    t -= x * x * x
    return t[()]


@program(*MATRICES)
def written_value_is_broadcast(m):
    y = np.empty((2, *m.shape))
    y[0] = m[0, 0]
    y[1] = m[0]
    y[:, :, :1] *= m[:, :1]
    return np.sum(y**2) + np.sum(y[0] * m)


@program(*VECTORS)
def written_value_has_leading_axes_of_one(x):
    y = np.zeros(len(x))
    y[:] = x[None, None] ** 2
    return np.sum(y * x)


@program((0.7, -0.4), (1.2, 2.0), argnums=(0, 1))
def list_is_written(a, b):
    y = np.zeros((2, 3))
    y[0] = [a, 1.0, a * b]
    y[1, :2] = (b, a)
    y[:, 2] += [a, b]
    return np.sum(y**2)


# Into what it is written


@program(*VECTORS)
def into_every_kind_of_new_array(x):
    n, total = len(x), 0.0
    kinds = (np.zeros(n), np.empty(n), np.ones_like(x), np.arange(float(n)), np.full(n, 2.0), x.copy(), np.array(x), np.array([1.0] * n))
    for k, y in enumerate(kinds):
        y[1:] = x[:-1] ** 2
        y[0] = k * x[-1]
        total += np.sum(y * x)
    return total


@program(*VECTORS)
def into_the_result_of_a_computation(x):
    y = np.sin(x)
    y[0] = 0.0
    z = x + 1.0
    z[1:] *= y[1:]
    return np.sum(z**2)


@program(*VECTORS)
def empty_filled_completely(x):
    y = np.empty((2, len(x)))
    for i in range(2):
        for j in range(len(x)):
            y[i, j] = x[j] ** (i + 1)
    return np.sum(y[0] * y[1])


@program(*VECTORS)
def empty_partly_read(x):
    y = np.empty(len(x) + 4)
    y[: len(x)] = x**2
    return y[: len(x)] @ x


@program((wave(4), positive(3)), (positive(2), wave(5)), argnums=0)
def into_an_array_of_another_size_each_call(x, other):
    y = np.zeros(len(x) + len(other))
    y[: len(x)] = x
    y[len(x) :] = x[0] * other
    return np.sum(y**2)


# Augmented assignment


@program(*VECTORS)
def augmented_items(x):
    y = positive(len(x))
    y[0] += x[0]
    y[1] -= x[0] * x[1]
    y[0] *= x[1]
    y[1] /= 2.0 + x[0] ** 2
    y[2] **= 2
    y[-1] **= 1.5
    return np.sum(y**2)


@program(*VECTORS)
def augmented_slices(x):
    y = positive(2 * len(x))
    y[: len(x)] += x
    y[len(x) :] -= x**2
    y[::2] *= x
    y[1::2] /= 2.0 + x**2
    y[: len(x)] **= 2
    return np.sum(np.sqrt(1.0 + y**2))


@program((wave(5),), (positive(3),), (wave(4, 2),))
def augmented_masks(x):
    y, mask = x * 1.5, x > 0.2
    y[mask] += x[mask] ** 2
    y[mask] *= 2.0
    y[~mask] /= 1.0 + x[~mask] ** 2
    y[np.abs(y) > 1.0] -= 1.0
    return np.sum(y**2)


@program(*VECTORS)
def augmented_whole_arrays(x):
    y = x.copy()
    y += x**2
    y *= x
    y -= 0.5
    y /= 1.0 + x**2
    y **= 2
    y *= 3
    return np.sum(y * x)


@program((positive(4), wave(4)), (positive(2), positive(2)), argnums=(0, 1))
def augmented_power_with_a_differentiated_exponent(x, e):
    y = x + 1.0
    y **= e
    y[0] **= e[1]
    return np.sum(y)


@program((0.4 * wave(3, 3),), (0.5 * positive(2, 2),))
def augmented_matrix_product(m):
    y = m + np.eye(len(m))
    y @= m
    y @= y
    return np.sum(y**2)


@program(*MATRICES)
def augmented_with_broadcasting(m):
    y = np.zeros(m.shape)
    y += m[0]
    y *= m[:, :1]
    y[1:] += m[0, 0]
    return np.sum(y**2)


@program((1.3,), (-0.6,), (np.float32(0.4),))
def augmented_numbers_stay_numbers(x):
    total = other = x
    total += x**2
    total *= other
    return total - other


@program(*VECTORS)
def augmented_with_itself(x):
    y = x.copy()
    y += y
    y *= y
    y -= y[::-1].copy()
    y[:2] += y[:2] * y[1]
    return np.sum(y**2)


# Dtypes


@program((wave(4, dtype=np.float32), wave(4)), (positive(2, dtype=np.float32), positive(2)), argnums=(0, 1))
def double_added_to_single(x, y):
    z = x.copy()
    z += y
    z[0] = y[0] * y[1]
    z *= np.float64(0.5)
    return np.sum(z**2)


@program((wave(4, dtype=np.float32), wave(4)), (positive(2, dtype=np.float32), positive(2)), argnums=(0, 1))
def single_added_to_double(x, y):
    z = y.copy()
    z += x
    z[0] = x[0] * x[1]
    return np.sum(z**2)


@program((wave(5),), (positive(3),), (wave(4, dtype=np.float32),))
def integer_work_array(x):
    count = np.zeros(3, dtype=int)
    for i in range(len(x)):
        count[int(x[i] > 0.0) + i % 2] += 1
    order = np.arange(len(x))
    order[0], order[-1] = order[-1], order[0]
    return np.sum(x[order] * x * count[0]) + count @ x[:3] ** 2


@program((wave(5),), (np.array([0.5, 1.1, -2.2]),))
def numbers_cut_off_in_an_integer_array(x):
    y = np.zeros(len(x), dtype=int)
    y[:] = 3.0 * x
    return np.sum(x**2 * y)


@program((wave(5),), (positive(3),))
def boolean_work_array(x):
    seen = np.zeros(len(x), dtype=bool)
    for i, value in enumerate(x):
        seen[i] = value > 0.1
        seen[0] |= seen[i]
    return np.sum(x[seen] ** 2) + np.sum(np.where(seen, x, 0.5))


@program((wave(4),), (positive(3),))
def complex_work_array(x):
    z = np.zeros(len(x), dtype=complex)
    z += x
    z[1:] *= 1j * x[:-1]
    z[0] = x[1] * np.exp(1j * x[0])
    return np.sum(z.real**2) + np.sum(z.imag * x) + np.sum(np.abs(z[:2]) ** 2)


# Values saved for the adjoint


@program((wave(3),), (positive(4),), (wave(3, dtype=np.float32),))
def constant_written_after_its_use(x):
    w = np.arange(1.0, len(x) + 1)
    s = x @ w
    w[0] = 5.0
    return s**2 + w @ x


@program((wave(3), wave(3, phase=1.0)), (positive(4), wave(4)), argnums=0)
def argument_not_differentiated_written_after_its_use(x, w):
    s = x @ w
    w[0] = 5.0
    w *= 2.0
    return s**2 + w @ x


@program(*VECTORS)
def work_buffer_used_again(x):
    work, total = np.empty_like(x), 0.0
    for k in range(1, 4):
        np.multiply(x, k, out=work)
        total += np.sum(np.sin(work) * x)
        work[:] = x**k
        total = total * np.prod(work)
    return total


@program(*VECTORS)
def factor_overwritten_between_uses(x):
    y = np.exp(0.3 * x)
    p = y * x
    y[:] = 0.0
    q = y * x
    y[0] = x[0]
    return np.sum(p**2) + np.sum(q) + np.sum(y * p)


@program((wave(3, 3),), (positive(2, 2),))
def matrix_overwritten_after_a_product(m):
    a = m.copy()
    p = a @ a
    a[0] = 1.0
    q = a @ p
    a.fill(0.0)
    return np.sum(q**2) + np.sum(a)


@program(*VECTORS)
def result_of_a_function_overwritten(x):
    e = np.exp(x)
    s = np.sum(e)
    r = np.sqrt(e)
    e /= s
    r[0] *= r[0]
    return np.sum(e * r) + s


@program((wave(5), np.array([0, 1, 2])), (positive(4), np.array([1, 1, 3])), argnums=0)
def index_array_written_after_its_use(x, index):
    index = index.copy()
    first = x[index] ** 2
    index[0] = 2
    index += 1
    return np.sum(first) + np.sum(x[index % len(x)] ** 3)


@program((wave(5),), (positive(4),), (wave(4, dtype=np.float32),))
def mask_written_after_its_use(x):
    mask = x > 0.0
    y = np.where(mask, x**2, x)
    mask[0] = not mask[0]
    z = np.where(mask, x**3, 1.0)
    return np.sum(y * z)


# Infinite derivatives under a mask


@program((np.array([1.0, 0.0, 2.0]), np.array([1.0, 0.0, 1.0])), (positive(2), np.array([0.0, 1.0])), argnums=0)
def mask_write_hides_an_infinite_derivative(x, keep):
    y = np.sqrt(x * keep)
    y[keep == 0] = 0.0
    return np.sum(y**3)


@program((np.array([4.0, 0.0, 0.0, 1.0]),), (np.array([0.0, 9.0]),), order=1, differences=False, why="the square root has no slope at 0")
def mask_write_over_the_root_of_zero(x):
    y = np.sqrt(x)
    y[x == 0] = 0.0
    return np.sum(y)


@program((np.array([1.0, 2.0, 0.5]),), (np.array([3.0, 0.2]),))
def item_write_hides_an_infinite_derivative(x):
    y = np.log(np.abs(x * np.arange(len(x))))
    y[0] = x[0]
    return np.sum(y**2)


@program((positive(4),), (positive(3, phase=1.0),))
def overflow_overwritten(x):
    y = np.exp(1e3 * x)
    y[:] = x**2
    return np.sum(y)


# Control flow on written arrays


@program((wave(5),), (positive(3),), (-positive(4),), (wave(4, dtype=np.float32),))
def branch_on_a_written_item(x):
    y = x.copy()
    for i in range(1, len(y)):
        if y[i - 1] > 0.5:
            y[i] -= 0.5 * y[i - 1]
        else:
            y[i] *= y[i - 1] + 2.0
    return np.sum(y**2)


@program((wave(4),), (2.0 * positive(3),), (wave(4, dtype=np.float32),))
def while_on_a_written_array(x):
    y, turns = x.copy(), 0
    while np.sum(y**2) > 1.0 and turns < 9:
        y[turns % len(y)] *= 0.5
        turns += 1
    return np.sum(y) ** 2 + turns * y[0]


@program((wave(5),), (positive(4),), (-positive(4),))
def early_return_between_writes(x):
    y = np.zeros_like(x)
    for i, value in enumerate(x):
        y[i] = value**2
        if np.sum(y) > 3.0:
            return np.sum(y * x) + i
    y[0] += 1.0
    return np.sum(y**2)


@program((wave(4), 2), (positive(3), 7), argnums=0)
def index_error_caught_around_a_write(x, place):
    y = x.copy()
    try:
        y[place] = x[0] ** 2
        y[place + 1] = x[1] ** 2
    except IndexError:
        y[0] *= 3.0
    finally:
        y[-1] += 1.0
    return np.sum(y**2)


@program((wave(3), 3), (positive(4), 2), argnums=0)
def shape_mismatch_caught_around_a_write(x, n):
    y = np.zeros(n)
    try:
        y[:] = x**2
    except ValueError:
        y[:2] = x[:2]
    return np.sum(y * y)


@program((wave(3), np.arange(3)), (positive(4), np.arange(4.0)), argnums=0)
def casting_error_caught_around_a_write(x, y):
    y = y.copy()
    try:
        y += x
    except TypeError:
        return np.sum(x**2 * y)
    return np.sum(x * y)


@program((wave(4), [2, 0]), (positive(3), [1]), (wave(3), []), argnums=0)
def conditional_expression_and_walrus_in_writes(x, places):
    y = x.copy()
    for k in places:
        y[k] = (v := x[k] * 2.0) * x[0] if x[k] > 0 else (v := x[k] ** 2)
        y[0] += v if y[k] > 0.1 else 1.0
    return np.sum(y**2)


@program((wave(4),), (positive(3),), (wave(4, dtype=np.float32),))
def order_of_evaluation_of_a_write(x):
    y, order = x.copy(), []

    def place(k):
        order.append(k)
        y[k] += 1.0
        return k

    def value(v):
        order.append(v)
        return y[1] * v

    y[place(0)] = value(2)
    y[place(1)] += value(3)
    return np.sum(y**2) * (order[0] + 1.0) + order[2]
