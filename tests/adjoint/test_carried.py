"""What a loop carries and has stored in an array as well is read from there; where the two may differ it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad
from tests.adjoint.test_still_there import saved
from tests.oracles import agrees, assert_close

SIZES = (6, 1, 2, 3)


def after_a_store(x):
    y = np.zeros(len(x))
    s = np.sin(x[0])
    y[0] = s
    for k in range(1, len(x)):
        s = s * s + np.sin(s * x[k])
        y[k] = s
    return np.sum(y * y)


def from_zeros(x):
    y = np.zeros(len(x) + 1)
    s = 0.0
    for k in range(1, len(x) + 1):
        s = np.sin(s) + x[k - 1] * s * s + x[k - 1]
        y[k] = s
    return np.sum(y * y)


def from_a_number(x):
    y = np.zeros(len(x) + 1)
    s = 1.0
    y[0] = 1.0
    for k in range(len(x)):
        s = np.sin(s) + x[k] * s * s
        y[k + 1] = s
    return np.sum(y * y)


def from_what_was_read(x):
    y = x.copy()
    s = y[0]
    for k in range(1, len(x)):
        s = np.sin(s) * s + y[k]
        y[k] = s
    return np.sum(y * y)


def backwards(x):
    n = len(x)
    y = np.zeros(n)
    s = x[n - 1]
    y[n - 1] = s
    for k in range(n - 2, -1, -1):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
    return np.sum(y * y)


def counted(x):
    y = np.zeros(len(x))
    y[0] = s = x[0]
    k = 1
    while k < len(x):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
        k += 1
    return np.sum(y * y)


def by_a_branch(x):
    y = np.zeros(len(x))
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        if x[k] > 0.6:
            s = s * s * x[k]
        else:
            s = np.sin(s) + x[k]
        y[k] = s
    return np.sum(y * y)


def rows(x):
    h = np.zeros((len(x) + 1, 3))
    state = np.ones(3)
    h[0] = state
    for k in range(len(x)):
        state = np.tanh(state * state + x[k] * state)
        h[k + 1] = state
    return np.sum(h * h)


def of_each_row(x):
    y = np.zeros((3, len(x)))
    for i in range(3):
        s = x[0] * (i + 1.0)
        y[i, 0] = s
        for k in range(1, len(x)):
            s = np.sin(s * x[k]) + s * s
            y[i, k] = s
    return np.sum(y * y)


def beside_what_is_written_over(x):
    y = np.zeros(len(x))
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        head = y[:k]
        s = np.sin(s) * s + head @ x[:k] * s
        y[:k] = head * s
        y[k] = s
    return np.sum(y * y)


READ: list[Callable[..., Any]] = [
    after_a_store, from_zeros, from_a_number, from_what_was_read, backwards, counted, by_a_branch, rows, of_each_row,
]  # fmt: skip


# Where the array holds something else, or may


def another_first(x):
    y = np.zeros(len(x))
    s = x[0] * 2.0
    y[0] = x[0]
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
    return np.sum(y * y) + s * s


def a_negative_zero(x):
    y = np.zeros(len(x) + 1)
    s = -0.0
    for k in range(1, len(x) + 1):
        s = np.arctan2(s, -1.0) * x[k - 1] + 0.1 * s * s
        y[k] = s
    return np.sum(y * y) + s * s


def nothing_stored_first(x):
    y = np.ones(len(x) + 1)
    s = x[0]
    for k in range(1, len(x) + 1):
        s = np.sin(s * x[k - 1]) + s * s
        y[k] = s
    return np.sum(y * y) + s * s


def written_over_first(x):
    y = np.zeros(len(x))
    s = x[0]
    y[0] = s
    y[0] = 3.0 * s
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
    return np.sum(y * y) + s * s


def written_over_first_perhaps(x):
    y = np.zeros(len(x))
    s = x[0]
    y[0] = s
    y[len(x) // 7] = 5.0
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
    return np.sum(y * y) + s * s


def written_over_before_the_next(x):
    y = np.zeros(len(x))
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
        if x[k] > 0.6:
            y[k] = 2.0
    return np.sum(y * y) + s * s


def written_over_afterwards(x):
    y = np.zeros(len(x))
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
    y[:] = 2.0 * y
    return np.sum(y * y) + s * s


def written_at_times(x):
    y = np.zeros(len(x))
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        if x[k] > 0.6:
            y[k] = s
    return np.sum(y * y) + s * s


def a_step_behind(x):
    y = np.zeros(len(x) + 1)
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        y[k] = s
        s = np.sin(s * x[k]) + s * s
    return np.sum(y * y) + s


def every_second(x):
    n = len(x)
    y = np.zeros(2 * n)
    s = x[0]
    y[0] = s
    for k in range(1, n):
        s = np.sin(s * x[k]) + s * s
        y[2 * k] = s
    return np.sum(y * y) + s * s


def to_the_square(x):
    n = len(x)
    y = np.zeros(n * n + 1)
    s = x[0]
    y[0] = s
    for k in range(1, n):
        s = np.sin(s * x[k]) + s * s
        y[k * k] = s
    return np.sum(y * y) + s * s


def rounded_when_stored(x):
    y = np.zeros(len(x), np.float32)
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
    return np.sum(y * y) * 1.0 + s * s


def the_last_place_first(x):
    y = np.zeros(len(x) + 1)
    s = x[0]
    y[-1] = s
    for k in range(len(x)):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
    return np.sum(y * y) + s * s


def another_array_each_time(x):
    y = np.zeros(len(x))
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        y = y * 1.5
        y[k] = s
    return np.sum(y * y) + s * s


def left_early(x):
    y = np.zeros(len(x))
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        if s > 1.2:
            break
        y[k] = s
    return np.sum(y * y) + s * s


def gone_on_in_a_second_loop(x):
    y = np.zeros(2 * len(x))
    s = x[0]
    y[0] = s
    for k in range(1, len(x)):
        s = np.sin(s * x[k]) + s * s
        y[k] = s
    for k in range(len(x)):
        s = np.cos(s * x[k]) + 0.1 * s
        y[len(x) + k] = s
    return np.sum(y * y) + s * s


OTHERS: list[Callable[..., Any]] = [
    another_first, a_negative_zero, nothing_stored_first, written_over_first, written_over_first_perhaps, written_over_before_the_next,
    written_over_afterwards, written_at_times, a_step_behind, every_second, to_the_square, rounded_when_stored, the_last_place_first,
    another_array_each_time, left_early, gone_on_in_a_second_loop,
]  # fmt: skip


@pytest.mark.parametrize("function", [*READ, beside_what_is_written_over, *OTHERS])
def test_gradients(function: Callable[..., Any]) -> None:
    """One path for all sizes: loops without a step and with one are among them."""
    derivative = value_and_grad(function, control="keep")
    for size in SIZES:
        agrees(derivative, function, np.linspace(0.3, 0.9, size))
    assert [path.kept for path in derivative.paths] == [True]


@pytest.mark.parametrize("function", [*READ, beside_what_is_written_over, *OTHERS])
def test_second_derivatives(function: Callable[..., Any]) -> None:
    def second(x):
        return np.sum(grad(function)(x) * np.cos(x))

    derivative = value_and_grad(second, control="keep")
    for size in SIZES[:2]:
        x = np.linspace(0.3, 0.9, size)
        for found, expected in zip(derivative(x), tape.gradient(second, (x,)), strict=True):
            assert_close(found, expected)


@pytest.mark.parametrize("function", READ)
def test_nothing_is_saved_for_what_the_array_holds(function: Callable[..., Any]) -> None:
    derivative = value_and_grad(function, control="keep")
    derivative(np.linspace(0.3, 0.9, 6))
    assert saved(derivative.paths[0].function) == (function is counted)  # which saves where it is


def test_it_is_the_last_element_of_a_part_that_is_saved() -> None:
    derivative = value_and_grad(beside_what_is_written_over, control="keep")
    derivative(np.linspace(0.3, 0.9, 6))
    assert saved(derivative.paths[0].function) == 1


def stored_from_the_first(x):
    y, s = np.zeros(8), 0.0
    for k in range(8):
        s = s * x[k % len(x)] + np.sin(s + x[0])
        y[k] = s
    return np.sum(y * y)


def stored_from_the_first_of_any_size(x):
    y, s = np.zeros(len(x)), 0.0
    for k in range(len(x)):
        s = s * x[k] + np.sin(s + x[0])
        y[k] = s
    return np.sum(y * y)


def stored_from_the_last(x):
    y, s = np.zeros(len(x)), 0.0
    for k in range(len(x) - 1, -1, -1):
        s = s * x[k] + np.sin(s + x[0])
        y[k] = s
    return np.sum(y * y)


def stored_in_every_second(x):
    y, s = np.zeros(2 * len(x)), 0.0
    for k in range(0, 2 * len(x), 2):
        s = s * x[k // 2] + np.sin(s + x[0])
        y[k] = s
    return np.sum(y * y)


def stored_further_in_front(x):
    y, s = np.zeros(len(x) + 3), 0.0
    for k in range(3, len(x) + 3):
        s = s * x[k - 3] + np.sin(s + x[0])
        y[k - 3] = s
    return np.sum(y * y)


@pytest.mark.parametrize("f", [stored_from_the_first, stored_from_the_first_of_any_size, stored_from_the_last, stored_in_every_second,
                               stored_further_in_front], ids=lambda f: f.__name__)  # fmt: skip
def test_in_front_of_the_first_place_there_is_none(f: Callable[..., Any]) -> None:
    """Python counts from the end there, and beyond the last place raises: what the first step begins with is saved."""
    gradient = value_and_grad(f, control="keep")
    for size in SIZES:
        x = np.cos(1.0 + np.arange(float(size)))
        assert_close(gradient(x)[1], tape.gradient(f, (x,))[1])
