"""The tape and the memory of arrays: algorithms in place, derivatives inside, what lies outside, and what is refused."""
from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from s2sad import tape
from s2sad.api import elementwise_grad, grad, value_and_grad, vjp
from s2sad.errors import MissingRule, UnsupportedMutation
from tests import differences
from tests.tape_writing import M3, M34, V4, V5, cases, check_second_order, check_single_precision, check_values_and_gradients

CASES, case = cases()


# Algorithms


@case(M34)
def jacobi(m):
    a = m.copy()
    b = np.zeros_like(a)
    for _ in range(3):
        b[1:-1, 1:-1] = 0.25 * (a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:])
        b[0], b[-1], b[:, 0], b[:, -1] = m[0], m[-1], m[:, 0], m[:, -1]
        a, b = b, a
    return np.sum(a**2)


@case(V5)
def seidel(x):
    u = x * 1.0
    for _ in range(3):
        for i in range(1, 4):
            u[i] = 0.5 * (u[i - 1] + u[i + 1]) + 0.1 * np.sin(u[i])
    return np.sum(u**2)


@case(M3, V4[:3])
def triangular_solve(m, b):
    y = np.zeros(3)
    for i in range(3):
        y[i] = (b[i] - m[i, :i] @ y[:i]) / m[i, i]
    for i in reversed(range(3)):
        y[i] -= m[i, i + 1 :] @ y[i + 1 :]
    return np.sum(y**2)


@case(M3)
def lu_in_place(m):
    a = m + 0.0
    for k in range(3):
        a[k + 1 :, k] /= a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(a[k + 1 :, k], a[k, k + 1 :])
    return np.sum(np.log(np.abs(a.diagonal()))) + a[2, 0]


@case(M3)
def cholesky_in_place(m):
    a = m @ m.T + np.eye(3)
    for j in range(3):
        a[j, j] = np.sqrt(a[j, j] - a[j, :j] @ a[j, :j])
        for i in range(j + 1, 3):
            a[i, j] = (a[i, j] - a[i, :j] @ a[j, :j]) / a[j, j]
        a[j, j + 1 :] = 0.0
    return np.sum(a * M3)


@case(M3)
def gram_schmidt(m):
    q = m.copy()
    for i in range(3):
        for j in range(i):
            q[:, i] -= (q[:, j] @ q[:, i]) * q[:, j]
        q[:, i] /= np.linalg.norm(q[:, i])
    return np.sum(q * np.arange(9.0).reshape(3, 3))


@case(V5)
def dynamic_programme(x):
    best = np.full((3, 5), -1.0)
    best[0] = x
    for t in range(1, 3):
        for i in range(5):
            best[t, i] = max(best[t - 1, max(i - 1, 0) : i + 2]) + x[i] ** 2
    return np.max(best[-1])


@case(V4, 0.3)
def adam_steps(w, rate):
    m, v = np.zeros(4), np.zeros(4)
    for t in range(1, 4):
        g = 2 * w + np.cos(w)
        m *= 0.9
        m += 0.1 * g
        np.multiply(v, 0.99, out=v)
        v[:] = v + 0.01 * g * g
        w -= rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-3)
    return np.sum(w**2)


# Derivatives inside


@case(V4)
def gradient_of_a_function_that_writes(x):
    last = x[3] ** 2

    def g(y):
        y[1:] *= y[:-1]
        y[0] = last
        return np.sum(y**3)

    slope = grad(g)(x)
    value, again = value_and_grad(g)(x * 1.0)
    slope[0] = 2.0
    return np.sum(slope * x) + value + np.sum(again**2) + np.sum(x**2)


@case(V4)
def gradients_have_memory_of_their_own(x):
    a, b = grad(lambda p, q: np.sum((p + q) ** 2 * x), argnums=(0, 1))(x, x)
    a[0] = 7.0
    y = np.zeros(4)
    y[:] = elementwise_grad(np.sin)(x)
    return np.sum(a * x) + np.sum(b * x**2) + np.sum(y * x)


@case(V4)
def pullbacks_of_values_that_are_written_later(x):
    def g(y):
        z = np.zeros(4)
        z[:] = y**2
        return z

    value, back = vjp(g, x)
    value[0] = 5.0
    (slope,) = back(np.ones(4))
    _, other = vjp(lambda y: y**2, np.arange(4.0))
    return np.sum(slope * x) + np.sum(value) + np.sum(other(x)[0] * x) + np.sum(back(x)[0])


@case(V4)
def deep_copies_are_apart(x):
    y = np.zeros(4)
    y[:] = x
    grid = SimpleNamespace(cells=y)
    other = copy.deepcopy(grid)
    pair = copy.deepcopy([y, y])
    other.cells[0] = 3.0
    pair[0][1] = 2.0
    y[2] = 1.0
    return np.sum(y**2) + np.sum(other.cells**3) + np.sum(pair[1] ** 2) + np.sum(copy.copy(y) * x)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("check", [check_values_and_gradients, check_second_order, check_single_precision])
@pytest.mark.parametrize(("function", "args", "argnums"), CASES)
def test_the_tape_follows(function: Any, args: Any, argnums: Any, check: Any) -> None:
    check(function, args, argnums)


# Masks over infinite derivatives


def test_slots_overwritten_by_a_mask_write_are_an_exact_zero() -> None:
    def f(x: Any) -> Any:
        y = np.sqrt(x)
        y[x == 0] = 0.0
        return np.sum(y * y[::-1])

    def g(x: Any) -> Any:
        y = np.zeros(3)
        y[x > 0] = np.sqrt(x)[x > 0] * x[x > 0]
        return np.sum(y)

    def h(x: Any) -> Any:
        y = np.zeros(3)
        y[:] = np.sqrt(x)
        return np.sum(y[1:])

    def k(x: Any) -> Any:
        y = np.sqrt(x)
        np.add.at(y, [1], x[1])
        return np.sum(y[1:])

    point = np.array([0.0, 1.0, 4.0])
    assert tape.gradient(k, (point,))[1].tolist() == [0.0, 1.5, 0.25]
    assert tape.gradient(h, (point,))[1].tolist() == [0.0, 0.5, 0.25]
    assert tape.gradient(f, (point,))[1].tolist() == [0.0, 1.0, 0.0]
    assert tape.gradient(g, (point,))[1].tolist() == [0.0, 1.5, 3.0]
    _, second = tape.gradient(lambda x: np.sum(grad(g)(x)), (point,))
    assert second.tolist() == [0.0, 0.75, 0.375]


# What is outside, and what is refused


def double(x):
    x *= 2.0
    return x


OUTSIDE = np.array([1.0, 2.0, 3.0, 4.0])
STATE = {"list": [OUTSIDE[1:]], "array": OUTSIDE}


def write_item_outside(x):
    OUTSIDE[0] = x[0]
    return x[0]


def write_view_of_outside(x):
    y = OUTSIDE[::2][1:]
    y += 1.0
    return x[0]


def write_part_of_container(x):
    STATE["list"][0].fill(x[0])
    return x[0]


def write_value_of_container(x):
    for array in STATE.values():
        array[0] = 2.0
    return x[0]


def sort_outside(x):
    OUTSIDE.sort()
    return x[0]


def out_outside(x):
    np.exp(x, out=OUTSIDE)
    return x[0]


def add_at_outside(x):
    np.add.at(OUTSIDE, [0], 1.0)
    return x[0]


def shuffle_outside(x):
    np.random.default_rng(0).shuffle(OUTSIDE)
    return x[0]


def flat_outside(x):
    OUTSIDE.flat[0] = 2.0
    return x[0]


def imag_outside(x):
    OUTSIDE.real = 2.0
    return x[0]


WRITERS = [write_item_outside, write_view_of_outside, write_part_of_container, write_value_of_container, sort_outside, out_outside,
           add_at_outside, shuffle_outside, flat_outside, imag_outside]  # fmt: skip


@pytest.mark.parametrize("function", WRITERS)
def test_arrays_from_outside_are_written_as_in_a_plain_call(function: Any) -> None:
    before = OUTSIDE.copy()
    function(V4)
    wanted, OUTSIDE[:] = OUTSIDE.copy(), before
    tape.gradient(function, (V4,))
    found, OUTSIDE[:] = OUTSIDE.copy(), before
    np.testing.assert_array_equal(found, wanted)


def flat_of_written(x):
    y = np.zeros(4)
    y[0] = x[0]
    return sum(y.flat)


def flat_before_the_write(x):
    y = np.zeros(4)
    total = 0.0
    for v in y.flat:
        total += v
        y[:] = x
    return total


def bits_of_written(x):
    y = np.zeros(4)
    bits = y.view(np.int64)
    y[0] = x[0]
    return x[0] * np.sum(bits)


def shuffled(x):
    y = np.zeros(4)
    y[:] = x
    np.random.default_rng(0).shuffle(y)
    return y[0]


def resized(x):
    y = np.zeros(4)
    y[:] = x
    y.resize(2)
    return y[0]


@pytest.mark.parametrize("function", [flat_of_written, flat_before_the_write, bits_of_written, shuffled, resized])
def test_what_would_lose_a_derivative_is_refused(function: Any) -> None:
    with pytest.raises((UnsupportedMutation, MissingRule)):
        tape.gradient(function, (V4,))


def test_arguments_that_share_memory_share_it_in_the_function() -> None:
    def f(a: Any, b: Any) -> Any:
        before = np.sum(b)
        a[0] = 2.0 * a[1]
        return before + np.sum(b * b * b)

    x = V4.copy()
    for args in ((x, x), (x, x[1:]), (x[::-1], x)):
        value, (first, second) = tape.gradient(f, args, (0, 1))
        assert x.tolist() == V4.tolist()
        whole = x.copy()
        again = {0: whole, 1: whole[1:], 2: whole[::-1]}
        aliased = (again[2] if args[0].strides[0] < 0 else whole, again[1] if len(args[1]) == 3 else whole)
        assert value == f(*aliased)
        total = np.zeros(4)
        for part, argument in ((first, args[0]), (second, args[1])):
            offset = 1 if len(argument) == 3 else 0
            total[offset:] += part[::-1] if argument.strides[0] < 0 else part

        def moved(y: Any, args: Any = args) -> Any:
            y = y.copy()
            return f(y[::-1] if args[0].strides[0] < 0 else y, y[1:] if len(args[1]) == 3 else y)

        differences.check(moved, (x,), (0,), (total,), 1e-9)


def test_an_argument_that_is_written_and_read_from_outside_is_refused() -> None:
    shared = V4.copy()

    def f(a: Any) -> Any:
        a[0] = 1.0
        return np.sum(a * shared)

    def g(a: Any) -> Any:
        total = np.sum(shared)
        a[0] = total
        return np.sum(a)

    for function in (f, g):
        with pytest.raises(UnsupportedMutation, match="shares memory"):
            tape.gradient(function, (shared[1:],))
        assert tape.gradient(function, (V4,))[0] == function(V4.copy())


def test_layouts_and_read_only_arrays_stay() -> None:
    def f(a: Any) -> Any:
        flat = a.reshape(-1)
        flat[0] = 5.0
        return np.sum(a**2) * flat[1]

    for array in (M34, M34.T, np.asfortranarray(M34), M34[::2, ::-1], np.repeat(M34, 2, axis=1)[:, ::2]):
        value, gradient = tape.gradient(f, (array,))
        copied = np.array(array, order="K") if array.flags.forc else array
        expected = f(copied.copy(order="K") if copied.flags.forc else np.repeat(M34, 2, axis=1)[:, ::2] if array.shape[0] == 3
                     else M34.copy()[::2, ::-1])  # fmt: skip
        assert value == expected and gradient.shape == array.shape
    fixed = V4.copy()
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        tape.gradient(lambda x: double(x)[0], (fixed,))


def test_exceptions_of_writes_are_the_functions_own() -> None:
    def f(x: Any) -> Any:
        y = np.zeros(3)
        caught = 0
        for index, value in ((5, x[0]), (slice(None), x), ([0, 9], x[0])):
            try:
                y[index] = value
            except (IndexError, ValueError):
                caught += 1
        n = np.zeros(2, int)
        try:
            n += x[:2]
        except TypeError:
            caught += 1
        return np.sum(y) + caught * x[0]

    assert tape.gradient(f, (V4,))[1].tolist() == [4.0, 0.0, 0.0, 0.0]


def test_a_write_in_a_derivative_into_an_array_around_it() -> None:
    def f(x: Any) -> Any:
        log = np.zeros(2)

        def g(y: Any) -> Any:
            log[:] = y[:2] ** 2
            return np.sum(y**2 * log[0])

        slope = grad(g)(x * 2.0)  # 2 y y0^2, and 2 y0 sum(y^2) in the first entry
        return np.sum(slope) + log[1]

    def plain(x: Any) -> Any:
        y = 2.0 * x
        return np.sum(2 * y * y[0] ** 2) + 2 * y[0] * np.sum(y**2) + y[1] ** 2

    value, gradient = tape.gradient(f, (V4,))
    assert value == pytest.approx(plain(V4), rel=1e-14)
    differences.check(plain, (V4,), (0,), (gradient,), 1e-9)


def test_object_arrays_are_written_as_they_are() -> None:
    def f(x: Any) -> Any:
        boxes = np.empty(2, object)
        boxes[0], boxes[1] = x[0], x[1] ** 2
        boxes += 1.0
        return boxes[0] * boxes[1]

    value, gradient = tape.gradient(f, (V4,))
    assert value == f(V4) and gradient[:2] == pytest.approx([1 + 1.44, -2.4 * 1.7])
