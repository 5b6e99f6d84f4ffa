"""Arrays that change: what a write costs, what it may touch, and paths that depend on memory."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import MissingRule, UnsupportedMutation, grad, tape, value_and_grad, vjp
from tests.oracles import agrees, assert_close, assert_identical, differences

# What a write costs


def recurrence(x, n):
    y = np.zeros(n)
    y[0] = x
    for i in range(n - 1):
        y[i + 1] = np.sin(y[i]) * 1.1
    return y[n - 1]


def running(x, n):
    total, y = np.zeros(3), np.ones(n) * x
    for i in range(n):
        total[i % 3] += y[i] ** 2
        y[i] = total[0]
    return np.sum(total)


def filtered(x, n):
    y = np.zeros(n)
    y[0] = x
    y[1] = x * x
    for i in range(2, n):
        y[i] += 0.5 * y[i - 1] - 0.2 * y[i - 2]
    return np.sum(y)


@pytest.mark.parametrize("function", [recurrence, running, filtered])
def test_a_write_of_one_element_copies_no_array(function: Any) -> None:
    """However long the loop is, there are as many arrays: each statement more costs an element."""
    made = []
    for n in (6, 12, 48):
        derivative = value_and_grad(function, control="record")
        agrees(derivative, function, 0.7, n)
        text = derivative.source
        made.append([text.count(word) for word in ("copy(", "zeros(", "full(", "ones(", "replaced(", "scatter(", "np.where(")])
        lines = [line for line in text.splitlines() if not line.strip().startswith("#")]
        assert len(lines) < 9 * n + 30
    assert made[0] == made[1] == made[2]
    assert sum(made[0]) <= 6


def test_an_element_is_stored_and_its_cotangent_taken() -> None:
    derivative = value_and_grad(recurrence)
    derivative(0.5, 3)
    assert "    y[1] = " in derivative.source and "y_bar[1]" in derivative.source
    assert "copy" not in derivative.source


# Whose memory it is


def test_the_callers_array_is_as_before_and_gradients_are_their_own() -> None:
    def f(x, y):
        x[0] = y[1] ** 2
        y *= x
        x[1:] += y[:-1]
        return np.sum(x * y)

    x, y = np.array([1.0, 2.0, 3.0]), np.array([0.5, 1.5, 2.5])
    kept = x.copy(), y.copy()
    derivative = value_and_grad(f, argnums=(0, 1))
    for _ in range(3):
        _, (by_x, by_y) = derivative(x, y)
        assert_identical((x, y), kept)
        assert not any(np.shares_memory(g, a) for g in (by_x, by_y) for a in (x, y)) and not np.shares_memory(by_x, by_y)
    assert_close((by_x, by_y), tape.gradient(f, (x, y), (0, 1))[1])


def test_arguments_that_share_memory_are_refused_where_one_is_written() -> None:
    def f(x, y):
        x[0] = 5.0
        return np.sum(x * y)

    derivative = grad(f)
    x = np.array([1.0, 2.0, 3.0])
    derivative(x, x.copy())
    for other in (x, x[::-1], x[:3]):
        with pytest.raises(UnsupportedMutation, match="shares memory with another array"):
            derivative(x, other)
    whole = np.arange(8.0)
    np.testing.assert_array_equal(derivative(whole[:3], whole[3:6]), [0.0, 4.0, 5.0])
    with pytest.raises(UnsupportedMutation):
        derivative(whole[:3], whole[2:5])


def test_an_argument_that_may_not_be_written() -> None:
    def f(x):
        x[0] = 2.0
        return np.sum(x * x)

    derivative = grad(f)
    x = np.array([1.0, 3.0])
    locked = x.copy()
    locked.flags.writeable = False
    for _ in range(2):
        np.testing.assert_array_equal(derivative(x), [0.0, 6.0])
        with pytest.raises(ValueError, match="read-only"):
            derivative(locked)
    with pytest.raises(ValueError, match="read-only"):
        grad(lambda x: np.broadcast_to(x, (2, 2)).__setitem__(0, 1.0))(x)


def test_views_and_copies_by_the_layout_of_an_argument() -> None:
    def f(m):
        flat = m.reshape(-1)
        flat[1] = 10.0
        return np.sum(m * m) + flat[1]

    def g(m):
        z = m * 2.0
        row = np.ravel(z)
        row[0] = 3.0
        return np.sum(z * z) + np.sum(row)

    def h(m):
        z = np.ascontiguousarray(m)
        z[0] = m[1]
        return np.sum(m * np.asfortranarray(z))

    base = np.arange(1.0, 13.0).reshape(3, 4)
    layouts = [base, np.asfortranarray(base), base[::-1], np.repeat(base, 2, axis=1)[:, ::2], base.T.copy().T,
               base[:, ::-1].copy()[:, ::-1]]  # fmt: skip
    for function in (f, g, h):
        derivative = value_and_grad(function)
        for _ in range(2):
            for m in layouts:
                value, gradient = derivative(m)
                assert_identical(value, function(clone(m)))
                assert_close(gradient, tape.gradient(function, (m,), (0,))[1][0])


def clone(array: Any) -> Any:
    """A copy that lies in memory as the array does."""
    owner = array
    while owner.base is not None:
        owner = owner.base
    copied = owner.copy("K")
    offset = array.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    return np.ndarray(array.shape, array.dtype, copied, offset, array.strides)


def test_sums_over_arrays_with_gaps_have_the_same_bits() -> None:
    """BLAS and NumPy add in an order that depends on how an array lies in memory, so a copy must lie as the array did."""

    def f(x):
        x[0] = 1.0
        return np.sum(x @ x)

    def g(m):
        y = np.empty(m.shape, order="F")
        y[:] = m
        y[0, 0] = 2.0
        return np.sum(np.exp(y)) + y[:, 1] @ y[:, 1]

    rng = np.random.default_rng(0)
    rows, table = rng.normal(size=(3000, 2)).astype(np.float32), rng.normal(size=(74, 41))
    derivative, other = value_and_grad(f), value_and_grad(g)
    for _ in range(2):
        for x in (rows[:, 0].copy(), rows[:, 0], rows[::-1, 1], rows[::3, 1]):
            value, gradient = derivative(x)
            assert_identical(value, f(clone(x)))
            assert_close(gradient[1:], 2 * x[1:], rtol=1e-6)
        for m in (table, table[::2], np.asfortranarray(table)):
            assert_identical(other(m)[0], g(m))


def test_an_inner_gradient_does_not_change_the_array_it_is_given() -> None:
    def inner(y):
        y[0] *= y[1]
        return np.sum(y**2)

    def f(x):
        y = x * 1.5
        slope = grad(inner)(y)
        return np.sum(slope * y)

    def untouched(x):
        y = x * 1.5
        return 2.0 * y[0] * y[1] ** 2 * y[0] + (2.0 * y[1] + 2.0 * y[0] ** 2 * y[1]) * y[1]

    x = np.array([0.5, 2.0])
    assert_close(value_and_grad(f)(x), value_and_grad(untouched)(x))


# Values of then


def test_the_pullback_belongs_to_the_arguments_of_then() -> None:
    def f(x):
        y = x.copy()
        y[1:] *= y[:-1]
        return y

    x = np.array([1.0, 2.0, 3.0])
    value, pullback = vjp(f, x)
    expected = pullback(np.ones(3))
    x[:] = 100.0
    value[:] = -7.0
    assert_identical(pullback(np.ones(3)), expected)
    np.testing.assert_array_equal(expected[0], [3.0, 4.0, 2.0])


def test_a_value_changed_before_its_pullback_inside_a_function() -> None:
    def f(x):
        value, pullback = vjp(lambda z: z * z, x)
        value[0] = 5.0
        (slope,) = pullback(np.array([1.0, 2.0]))
        x[0] = 0.0
        return np.sum(slope * x) + value[0] + np.sum(value)

    x = np.array([3.0, 4.0])
    # The slope is (2 x0, 4 x1), so with x0 gone the result is 4 x1 x1 + 5 + (5 + x1 x1).
    assert_close(value_and_grad(f)(x), (np.float64(90.0), np.array([0.0, 40.0])))


def test_flat_reads_and_writes_the_array() -> None:
    def f(m):
        y = m.copy().T
        y.flat[1] = m[0, 0] ** 2
        part = y.flat[2:4]
        y.flat[2:4] = m[0, :2]
        part[0] = 100.0
        for k, value in enumerate(m.flat):
            if k % 2:
                y.flat[k] += value
        return np.sum(y * np.arange(y.size).reshape(y.shape)) + np.sum(part)

    derivative = value_and_grad(f)
    for m in (np.arange(1.0, 7.0).reshape(2, 3), np.arange(4.0).reshape(2, 2), np.asfortranarray(np.ones((3, 2)))):
        value, gradient = derivative(m)
        assert_identical(value, f(m))
        assert_close(gradient, differences(f, (m,), 0), rtol=1e-6)


def test_the_tape_refuses_flat_of_what_is_followed() -> None:
    def f(x):
        y = np.sqrt(x)
        y.flat[0] = 3.0
        return np.sum(y)

    with pytest.raises(MissingRule, match="flat is an iterator"):
        tape.gradient(f, (np.ones(2),))


def test_indices_that_the_values_decide() -> None:
    def f(x):
        y = np.zeros(4)
        k = int(np.argmax(x))
        try:
            y[k + 1] = x[k] ** 2
        except IndexError:
            y[0] = x[0]
        y[[k, 0]] += x[1]
        y[np.argsort(x)] *= x
        return np.sum(y * np.array([1.0, 2.0, 3.0, 4.0]))

    derivative = value_and_grad(f)
    for x in ([1.0, 2.0, 0.5, 0.1], [3.0, 2.0, 0.5, 0.1], [1.0, 2.0, 0.5, 9.0], [1.0, 2.0, 5.0, 0.1]):
        agrees(derivative, f, np.array(x))


def test_a_second_derivative_through_writes() -> None:
    def f(x):
        y = np.empty(3)
        y[0] = x[0]
        for i in range(2):
            y[i + 1] = y[i] ** 2 * x[i + 1]
            y[:1] *= math.e
        v = y[::-1]
        v[0] += x[0] ** 3
        return np.sum(y)

    slope = grad(f)
    second = grad(lambda x: np.sum(slope(x) * np.array([1.0, -2.0, 0.5])))
    x = np.array([0.7, 1.2, 0.4])
    assert_close(second(x), differences(lambda x: float(np.sum(slope(x) * np.array([1.0, -2.0, 0.5]))), (x,), 0), rtol=1e-6)


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_an_item_is_read_before_the_value_that_is_added_to_it(control: str) -> None:
    def overwritten(y: Any) -> Any:
        y[0] = 10.0
        return y[1]

    def f(x: Any) -> Any:
        y = x * 2.0
        y[0] += overwritten(y)
        return y[0] * x[0]

    x = np.array([3.0, 5.0])
    for value, gradient in (value_and_grad(f, control=control)(x), tape.gradient(f, (x,))):  # type: ignore[call-overload]
        assert value == f(x) == 48.0  # (2 a + 2 b) a
        assert gradient.tolist() == [22.0, 6.0]


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_view_of_a_large_array_is_no_memory_for_results(control: str) -> None:
    def f(m: Any) -> Any:
        y = np.sin(m)
        return np.sum((y.T + 1.0) * y.T)

    def g(m: Any) -> Any:
        return np.sum((m * m).T * 2.0 * (m * m).T)

    def h(m: Any) -> Any:
        y = np.sin(m)
        return np.sum((y[::-1] - 1.0) * m * y)

    m = np.linspace(0.1, 1.0, 600).reshape(24, 25)
    y = np.sin(m)
    of_h = (y[::-1] - 1.0) * y + np.cos(m) * ((y[::-1] - 1.0) * m + (m * y)[::-1])
    for function, wanted in ((f, np.cos(m) * (2.0 * np.sin(m) + 1.0)), (g, 8.0 * m**3), (h, of_h)):
        value, gradient = value_and_grad(function, control=control)(m)  # type: ignore[call-overload]
        assert value == function(m)
        np.testing.assert_allclose(gradient, wanted, rtol=1e-13)


def test_a_part_of_a_view_from_the_end_to_the_beginning() -> None:
    """As one index of the array it ends before the first element, which -1 does not say."""

    def f(x: Any) -> Any:
        y = x * 2.0
        part = y[::-1][1:]
        part[:] = part * x[1:]
        return np.sum(y)

    x = np.array([1.0, 3.0, 5.0])
    for value, gradient in (value_and_grad(f)(x), tape.gradient(f, (x,))):
        assert value == f(x) == 38.0  # 2 b b + 2 a c + 2 c
        assert gradient.tolist() == [10.0, 12.0, 4.0]


def test_what_is_broadcast_of_a_written_array_warns_of_nothing():
    def f(x):
        x[0, 0] = 2.0 * x[0, 1]
        one, other = np.broadcast_arrays(x, x[:1])
        return np.sum(one * other)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = grad(f)(np.arange(6.0).reshape(2, 3))
    assert found.tolist() == [[0.0, 20.0, 9.0], [2.0, 1.0, 2.0]]
