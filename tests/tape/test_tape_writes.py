"""The tape and functions that write into arrays: every value is the function's own, every gradient agrees with differences."""
from __future__ import annotations

import functools
import itertools
import math
import operator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import scipy.integrate

from s2sad import grad, tape
from tests.oracles import assert_close
from tests.tape_writing import M3, M34, V4, V5, cases, check_second_order, check_single_precision, check_values_and_gradients

IDX = np.array([2, 0, 2, 1])
CASES, case = cases()


# Items, slices, masks, indices


@case(V4)
def item_of_zeros(x):
    y = np.zeros(3)
    y[0] = x[0] * x[1]
    y[-1] = y[0] ** 2 + x[2]
    return np.sum(y**2)


@case(0.8)
def number_into_two_dimensions(x):
    y = np.ones((2, 3))
    y[1, 2] = x
    y[0] = x * y[1]
    return np.sum(np.sin(y) * y)


@case(V4)
def item_of_an_argument(x):
    before = np.sum(x**3)
    x[1] = x[0] ** 2
    return before + np.sum(x**2)


@case(V4)
def constant_over_active(x):
    y = x * 2.0
    y[1:3] = 5.0
    return np.sum(y**2)


@case(V5)
def slices_with_steps(x):
    y = np.zeros(10)
    y[::2] = x
    y[9:0:-2] = x**2
    y[-3:] *= 2.0
    return np.sum(y**2 * np.arange(10))


@case(M34)
def rows_columns_and_ellipsis(m):
    y = np.zeros((3, 4))
    y[..., 1] = m[:, 0] ** 2
    y[2] = m[0]
    y[:, None, 3] = m[:, 1:2]
    return np.sum(y**2)


@case(V5)
def value_overlaps_the_target(x):
    y = x**2
    y[1:] = y[:-1] * 2
    y[1:] = y[:-1]
    y[:-1] = y[1:]
    y[::-1] = y
    return np.sum(y * x)


@case(V4)
def repeated_indices_the_last_wins(x):
    y = np.zeros(3)
    y[IDX] = x**2
    y[[0, 0, 1]] += x[:3]
    return np.sum(y**3)


@case(M34)
def repeated_indices_in_two_dimensions(m):
    y = np.zeros((2, 2))
    y[[[0, 1, 0], [1, 0, 0]], [1, 0, 1]] = m[:2, :3] ** 2
    return np.sum(y**2 * [[1.0, 2.0], [3.0, 4.0]])


@case(V5)
def mask_of_numbers_and_arrays(x):
    y = x * 1.0
    y[x > 1.0] = x[0] * 3.0
    y[y < 0.5] = (x**2)[y < 0.5]
    return np.sum(y**2)


@case(M34)
def mixed_indices(m):
    y = np.zeros((3, 4))
    y[[0, 2], 1:3] = m[1:, :2]
    y[np.array([True, False, True]), 0] = m[0, 0] ** 2
    y[1, IDX] = m[1]
    return np.sum(y**2)


@case(V4)
def broadcasting_of_the_value(x):
    y = np.zeros((2, 4))
    y[:] = x
    y[:, 1:2] = x[0] * np.ones((1, 2, 1))[0]
    y[0, :2] = np.reshape(x[2:] ** 2, (1, 2))
    return np.sum(y**2)


@case(1.3)
def array_without_axes(x):
    y = np.zeros(())
    y[()] = x**2
    y += y * x
    y[...] = y * 2.0
    return float(y) + y


@case(1.3)
def result_without_axes(x):
    y = np.zeros(())
    y[()] = x**2
    z = np.sin(y)
    y *= z
    return y


@case(V4)
def empty_selections(x):
    y = np.zeros(4)
    y[2:2] = x[:0]
    y[[]] = x[:0]
    np.zeros(0)[:] = x[0]
    y[x > 100.0] = x[0]
    y[3] = x[3] ** 2
    return np.sum(y)


@case(V4)
def list_of_values(x):
    y = np.zeros((2, 2))
    y[0] = [x[0], x[1] ** 2]
    y[:, 1] = (x[2], 3.0)
    return np.sum(y**2)


# Aliases and views


@case(M34)
def views_of_views(m):
    y = np.zeros((3, 4))
    part = y[1:][:, ::-1].T
    y[:] = m
    part[1] = y[0, :2] ** 2
    part[2:, 1] += 1.0
    return np.sum(y * np.arange(12.0).reshape(3, 4)) + np.sum(part**2)


@case(M34)
def reshape_ravel_transpose_diagonal(m):
    y = m.copy()
    y.reshape(-1)[5] = m[0, 0] ** 2
    y.T[0] *= 2.0
    y.ravel()[::4] += m[1, 1]
    np.swapaxes(y, 0, 1)[3, 2] = y[0, 0]
    return np.sum(y**2) + np.sum(np.diagonal(y) * y[:, 0])


@case(V5)
def view_taken_before_the_write(x):
    y = x**2
    tail, rev = y[2:], y[::-1]
    kept = tail * 1.0
    y[3] = x[0]
    rev[0] = tail[0] * x[1]
    return np.sum(tail**2) + np.sum(rev * np.arange(5)) + np.sum(kept)


@case(V4)
def plain_view_of_a_plain_array(x):
    y = np.arange(6.0)
    low, high = y[:3], y[3:]
    high[:] = x[:3]
    low[1] = high[0] ** 2
    return np.sum(y**2) + np.sum(low) * high[2]


@case(M34)
def rows_multiplied_in_a_loop(m):
    y = m.copy()
    for i, row in enumerate(y):
        row *= i + y[0, 0]
    for a, b in zip(y, y[::-1], strict=True):
        a += b * 0.5
    return np.sum(y**2)


@case(V4)
def alias_in_containers_and_closures(x):
    y = np.zeros(4)
    box, table = [y], {"y": y[1:]}

    def put(i, v):
        y[i] = v

    box[0][0] = x[0] ** 2
    table["y"][:] = x[1:] * y[0]
    put(2, x[3] ** 2)
    box.append(y)
    return np.sum(y**2) + np.sum(box[1]) + (box[0] is y) + (box[1] is y) + (y is not box[1]) + (table["y"].base is y)


@dataclass
class Grid:
    cells: Any
    step: float = 0.1

    def advance(self) -> None:
        self.cells[1:-1] += self.step * (self.cells[2:] - 2 * self.cells[1:-1] + self.cells[:-2])
        self.cells *= 1.1


@case(V5)
def array_in_an_object(x):
    grid = Grid(x**2)
    for _ in range(3):
        grid.advance()
    return np.sum(grid.cells**2)


def scale(y: Any, k: Any) -> Any:
    y *= k
    y[0] = k
    return y


@case(V4, 1.5)
def helper_writes_into_its_argument(x, k):
    y = np.sin(x)
    z = scale(y, k)
    return np.sum(y**2) + np.sum(z) + (z is y)


@case(V4)
def swap_in_a_loop(x):
    a, b = x**2, np.empty(4)
    for _ in range(3):
        b[:] = np.sin(a) + 0.5 * a[::-1]
        a, b = b, a
    return np.sum(a * b)


@case(V4)
def elements_and_rows_swapped(x):
    y = np.outer(x, x)
    y[0, 0], y[1, 1] = y[1, 1], y[0, 0] * 2.0
    y[[0, 1]] = y[[1, 0]]
    y[0], y[2] = y[2].copy(), y[0].copy()
    return np.sum(y * np.arange(16.0).reshape(4, 4))


@case(V5)
def windows_see_later_writes(x):
    y = x * 1.0
    windows = np.lib.stride_tricks.sliding_window_view(y, 2)
    wide = np.broadcast_to(y, (2, 5))
    y[1] = x[0] ** 2
    return np.sum(np.prod(windows, axis=1)) + np.sum(wide[0] * wide[1])


# In place operators and functions that write


@case(V4, 0.7)
def every_operator_in_place(x, k):
    y = x**2 + 1.0
    y += x
    y -= k
    y *= x
    y /= k + x**2
    y **= 2
    y %= 1.7
    y //= 0.5
    z = np.eye(4) + np.outer(x, x)
    z @= z.copy()
    return np.sum(y) + np.sum(z) * np.sum(x)


@case(V4)
def saved_values_are_those_of_then(x):
    y = np.exp(x)
    z = y * x
    w = np.sqrt(y)
    y *= 3.0
    w[:] = 0.0
    c = np.arange(4.0)
    u = c * x
    c[:] = 100.0
    return np.sum(z**2) + np.sum(y) + np.sum(u) + np.sum(w)


@case(V4)
def add_at_with_repeats(x):
    y = np.zeros(3)
    np.add.at(y, IDX, x**2)
    np.subtract.at(y, [0, 0], x[:2])
    np.add.at(y, IDX, x[0])
    np.multiply.at(y, [1, 1], x[:2])
    np.add.at(y, slice(0, 2), x[2:])
    return np.sum(y**2)


@case(V4)
def results_given_by_out(x):
    y, z = np.zeros(4), np.zeros((2, 4))
    np.sin(x, out=y)
    np.multiply(y, x, z[1])
    np.add(z[1], 1.0, out=z[0, ::-1])
    np.exp(x, out=y, where=x > 0)
    np.dot(z, y, out=z[:, 0].copy())
    np.cumsum(y, out=y)
    return np.sum(z**2) + np.sum(y)


@case(V4)
def copyto_put_place_putmask(x):
    y = np.zeros(6)
    np.copyto(y[:4], x)
    np.copyto(y, y[0] ** 2, where=np.arange(6) % 3 == 1)
    np.put(y, [0, -1, 0], x[:3] * 2)
    np.place(y, np.arange(6) > 3, x[:1] ** 2)
    np.putmask(y, [False, True] * 3, y**2 + x[1])
    np.put_along_axis(y, np.array([2, 3]), x[2:], 0)
    return np.sum(y**3)


@case(M3)
def diagonals_filled(m):
    y = m @ m
    np.fill_diagonal(y, m[0])
    np.fill_diagonal(y[:2, :2], m[0, 1] ** 2)
    y[np.diag_indices(3)] += y[0]
    y[np.triu_indices(3, 1)] *= 2.0
    return np.sum(y**2)


@case(V5)
def sorted_partitioned_and_filled_in_place(x):
    y, z, w = x**2, np.zeros(5), np.zeros((2, 5))
    z[:] = x
    z.sort()
    y.partition(2)
    w[0].fill(x[0] * 3)
    w[1].put([1, 2], x[1:3])
    return np.sum(z * np.arange(5)) + y[2] * np.max(y) + np.sum(w**2)


@case(V4)
def methods_of_plain_arrays_that_were_written(x):
    y = np.zeros(4)
    total, fill = y.sum, y.fill
    fill(x[0])
    y[1:] *= x[1:]
    return total() + y.dot(x) + y.max() + y.reshape(2, 2).T[0, 1] + y.mean() * y.shape[0] + y.item(2) + sum(y.tolist())


@case(V4)
def methods_with_underscores(x):
    y = np.zeros(4)
    y.__setitem__(slice(1, 3), x[:2])
    y.__iadd__(x)
    y.__getitem__(slice(2)).__imul__(x[3])
    y = operator.iadd(y, 1.0)
    operator.setitem(y, 0, y[1] * 2)
    return np.sum(y**2) + operator.getitem(y, -1) + operator.itemgetter(2)(y)


@case(V4)
def native_code_reads_what_was_written(x):
    y = np.zeros(4)
    y[:] = x**2
    a = math.sin(y[0]) + float(y[1]) + max(y) + sum(y) + sorted(y)[1] + min(list(y))
    a += functools.reduce(operator.mul, y) + list(map(operator.neg, y))[3]
    b, *rest = y
    a += b * rest[1] + next(iter(y)) + next(reversed(y)) + list(itertools.accumulate([y, y]))[1][2]
    return a + np.sum([y, x]) + np.sum(np.concatenate([y[:2], x])) + np.hypot(*y[:2]) + functools.reduce(operator.add, [y, y])[0]


@case(V5)
def elements_read_while_others_are_written(x):
    y = np.zeros(5)
    total = 0.0
    for i, v in enumerate(y):
        total += v * v
        if i + 1 < len(y):
            y[i + 1] = x[i] + 0.5 * v
    for index, v in np.ndenumerate(y):
        y[0] += v * index[0]
    return total + np.sum(y * [w * 1.0 for w in y])


@case(V4)
def comparisons_and_truth(x):
    y = np.zeros(4)
    y[:] = x
    if (y > 1.0).any() and y[0] < 1.0 and -y[1] > 0 and not np.all(y):
        y[0] = 0.0
    if y[2] > 1.5:
        y *= y
    return np.sum(np.where(y > 0.5, -y, y**2)) + np.sum((-y)[::-1] * x + abs(y))


# Dtypes


@case(V4)
def integers_truncate(x):
    n = np.zeros(4, int)
    n[:] = x * 7.3
    n[0] = x[1]
    flags = np.zeros(4, bool)
    flags[:] = x > 0
    n += flags
    return np.sum(x * n) + np.sum(x[flags])


@case(V4)
def complex_parts(x):
    z = np.zeros(4, complex)
    z[:] = x * (1 + 2j)
    z *= z
    z.real[1:] = x[:3]
    z.imag = x**2
    im = z.imag
    z[0] = x[1] * 3j
    z[[2, 2]] += x[:2] * 1j
    return np.sum(np.abs(z) ** 2) + np.sum(im * x) + np.sum((z * z).real)


@case(V4)
def complex_from_views_of_parts(x):
    z = np.zeros((2, 2), complex)
    re, im = z.real, z.imag
    re[:] = np.reshape(x, (2, 2))
    im += re.T**2
    np.add.at(z, ([0, 0], [1, 1]), x[:2] * (1 - 1j))
    return np.sum((z @ z).imag) + np.abs(z[0, 0]) ** 2


@case(V4)
def active_parts_of_an_active_complex_array(x):
    z = np.exp(1j * x)
    re = z.real
    re[0] = x[1] ** 2
    z[1] *= 2.0
    w = z.conj()
    w.real *= x
    return np.sum(re * x) + np.sum((w * z).real)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("check", [check_values_and_gradients, check_second_order, check_single_precision])
@pytest.mark.parametrize(("function", "args", "argnums"), CASES)
def test_the_tape_follows(function: Any, args: Any, argnums: Any, check: Any) -> None:
    check(function, args, argnums)


@pytest.mark.parametrize("function", [np.trapezoid, scipy.integrate.simpson, np.unwrap, lambda y: np.cov(y, y)])
def test_a_function_of_a_package_is_followed_where_it_is_given_what_was_written(function):
    def filled(x):
        y = np.zeros(4)
        y[1:3] = x * x
        return np.sum(function(y))

    assert_close(tape.gradient(filled, (0.7,))[1], grad(filled)(0.7))
