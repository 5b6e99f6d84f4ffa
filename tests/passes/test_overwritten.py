"""A place that was set to zero is assigned what is added to it first, and in a loop that adds to it in the next step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.benchmarks.changing import jacobi_2d
from tests.oracles import agrees

A, B = np.linspace(0.2, 1.0, 30).reshape(5, 6), np.cos(np.arange(30.0)).reshape(5, 6)


def text_of(function: Any, *args: Any, argnums: Any = 0, control: Any = "keep") -> str:
    derivative = value_and_grad(function, argnums=argnums, control=control)
    agrees(derivative, function, *args, argnums=argnums)
    return derivative.source


def loop_of(text: str) -> str:
    """The adjoint of the loop."""
    return text[text.rindex("for ") :].partition("\n    return")[0]


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_two_buffers_are_never_set_to_zero_within_the_loop(steps: int) -> None:
    """Each buffer gets five neighbours by one assignment and four additions; once after the loop one is set to zero."""
    text = text_of(jacobi_2d, A, B, steps, argnums=(0, 1))
    inside, after = loop_of(text).rsplit("\n", 1)
    assert inside.count(" += ") == 8 and inside.count("[1:-1, 1:-1] = ") == 2 and "= 0.0" not in inside
    assert after == "    b_bar[1:-1, 1:-1] = 0.0"


def one_buffer(a, b, n):
    a = a.copy()
    for _ in range(n):
        a[1:-1] = b[1:-1] * (a[1:-1] + a[:-2] + a[2:])
    return np.sum(a * a)


def three_buffers(a, b, n):
    a, b, c = a.copy(), b.copy(), np.zeros(a.shape)
    for _ in range(n):
        c[1:-1] = 0.5 * a[:-2] + b[1:-1]
        b[1:-1] = np.sin(c[1:-1] + c[2:])
        a[1:-1] = b[:-2] * 0.25 + 0.5 * b[1:-1]
    return np.sum(a * b) + np.sum(c)


def another_place_each_step(a, b, n):
    a, b = a.copy(), b.copy()
    for k in range(n):
        b[k] = a[k] + a[k + 1]
        a[k] = b[k] * 2.0 + b[k + 1]
    return np.sum(a * b)


def read_at_the_end_of_a_step(a, b, n):
    a, b, total = a.copy(), b.copy(), 0.0
    for _ in range(n):
        total = total + np.sum(b * b)
        b[1:-1] = a[1:-1] + a[2:]
        a[1:-1] = b[1:-1] * b[:-2]
    return total + np.sum(a)


def on_a_condition(a, b, n):
    a, b = a.copy(), b.copy()
    for _ in range(n):
        if np.sum(a) > 0.0:
            b[1:-1] = a[1:-1] + a[2:]
        a[1:-1] = b[1:-1] + b[:-2]
    return np.sum(a * b)


def by_tables(a, b, n):
    a, b, table = a.copy(), b.copy(), np.array([1, 1, 2])
    for _ in range(n):
        b[1:4] = a[table] + a[1:4]
        a[1:4] = b[table] * b[1:4]
    return np.sum(a * a)


def by_turns(a, b, n):
    """The row that is set to zero is another one than that which the next step adds to first."""
    a, c = a.copy(), np.zeros(a.shape)
    for k in range(n):
        i = k % 2
        c[i] = a[k] * b[k]
        a[k + 1] = np.sin(c[i]) + c[1 - i]
    return np.sum(a * a)


def values_of_their_own(a, b, n):
    """What is added to the place is computed after what is added to another."""
    a, b, c = a.copy(), b.copy(), np.zeros(a.shape)
    for _ in range(n):
        c[1:-1] = 0.5 * a[:-2] + b[1:-1]
        b[1:-1] = np.sin(c[1:-1]) * np.cos(c[2:]) + np.exp(c[:-2])
        a[1:-1] = np.cos(c[2:]) * np.sin(c[1:-1]) + b[:-2]
    return np.sum(a * b)


def what_was_not_zero_before(a, b, n):
    a, b = a.copy(), b.copy()
    for _ in range(n):
        b[1:-1] = a[1:-1] + a[2:]
        a[1:-1] = b[1:-1] + b[:-2]
    return np.sum(a * a) + np.sum(b * b * b)


def shown(a, b, n):
    """What is added is a part of the array itself."""
    a = a.copy()
    for _ in range(n):
        a[1:-1] = a[:-2] + a[1:-1] + a[2:] + 0.0 * b[1:-1]
        a[0] = a[1]
    return np.sum(a * a)


PROGRAMS = [one_buffer, by_turns, values_of_their_own, three_buffers, another_place_each_step, read_at_the_end_of_a_step,
            on_a_condition, by_tables, what_was_not_zero_before, shown]  # fmt: skip


@pytest.mark.parametrize("control", ["keep", "record"])
@pytest.mark.parametrize("function", PROGRAMS)
def test_other_programs_are_right(function: Any, control: str) -> None:
    for steps in (0, 1, 2, 3):
        text_of(function, A, B, steps, argnums=(0, 1), control=control)
