"""Lines that kept code does without: what both sides of a branch have in common, and choices of values that are a line."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import agrees

LINE = np.linspace(0.2, 1.0, 5)


def text(function: Any, *args: Any, argnums: Any = 0) -> str:
    """The kept gradient without comments, after it has been compared with the tape at first and second order."""
    derivative = value_and_grad(function, argnums=argnums, control="keep")
    agrees(derivative, function, *args, argnums=argnums)
    lines = [line for line in derivative.source.split("\n")[1:] if not line.strip().startswith("#")]
    return textwrap.dedent("\n".join(lines)).strip()


def one_or_the_other(x: Any, c: Any) -> Any:
    total = 0.0
    for k in range(len(x)):
        if x[k] > c:
            total = total + x[k] * x[k]
        else:
            total = total + 3.0 * x[k]
    return total


def copied_or_not(x: Any, c: Any) -> Any:
    copied = x.copy()
    view = x.view() if c > 1 else x[...]
    return np.sum(copied**2) + np.sum(view**3)


def with_penalty(x: Any, c: Any) -> Any:
    loss = np.sum(np.sin(x))
    if c > 0.5:
        loss = loss + np.sum(x**2)
    return loss * 2.0


def both_end_alike(x: Any, n: Any) -> Any:
    y = np.sin(x)
    total = np.sum(y * y)
    if n > 2:
        total = total * 3.0 + np.sum(x)
    else:
        total = np.cos(total) + np.sum(x)
    return total


def test_a_choice_of_values_is_a_line() -> None:
    assert text(with_penalty, LINE, 1.0).split("\n")[-2:] == [
        "x_bar = 4.0 * x if c > 0.5 else np.zeros(x.shape)",
        "return value, x_bar + 2.0 * np.cos(x)",
    ]


def test_sides_of_the_users_own_stay_sides() -> None:
    assert "    if x_k > c:\n        total += x_k * x_k\n    else:\n        total += 3.0 * x_k\n" in text(one_or_the_other, LINE, 0.5)


def test_what_both_sides_compute_is_computed_in_front() -> None:
    shown = text(copied_or_not, LINE, 1.5)
    assert shown.split("\n")[-1] == "return (copied ** 2).sum() + (view ** 3).sum(), 3.0 * view ** 2 + 2.0 * copied"
    assert text(both_end_alike, LINE, 3).split("\n")[-2:] == [
        "total_bar = 3.0 if n > 2 else -np.sin(total)",
        "return total_1, 1.0 + 2 * (np.cos(x) * (total_bar * y))",
    ]


@pytest.mark.parametrize("function", [one_or_the_other, copied_or_not, with_penalty, both_end_alike])
@pytest.mark.parametrize("c", [0.0, 0.5, 3.0])
def test_second_derivatives(function: Any, c: float) -> None:
    twice = grad(lambda x, c: np.sum(grad(function, control="keep")(x, c) ** 2), control="keep")
    step = 1e-6 * np.cos(np.arange(LINE.size))
    first = grad(function, control="keep")
    change = np.sum(first(LINE + step, c) ** 2) - np.sum(first(LINE - step, c) ** 2)
    np.testing.assert_allclose(change / 2, twice(LINE, c) @ step, rtol=1e-5, atol=1e-12)


def recurrence(x: Any, r: Any) -> Any:
    y = x[0]
    for i in range(1, len(x) - 1):
        y = r * y * (1.0 - y) + x[i]
    return y


def element_on_one_side(x: Any, k: Any, c: Any) -> Any:
    v = x[k]
    y = v * 2.0
    if c > 0.5:
        y = y + v * v
    return y


def test_sizes_and_conditions_are_written_where_they_are_used() -> None:
    shown = text(recurrence, LINE, 0.5, argnums=(0, 1))
    assert shown.count("x.shape[0] - 1") == 1 and shown.count("x.shape[0] - 2, 0, -1") == 1
    assert text(with_penalty, LINE, 1.0).count("c > 0.5") == 2


def test_an_element_that_is_not_there_raises_where_the_function_does() -> None:
    derivative = value_and_grad(element_on_one_side, control="keep")
    derivative(LINE, 1, 1.0)
    for c in (0.0, 1.0):
        with pytest.raises(IndexError):
            derivative(LINE, 7, c)


def test_a_name_that_is_taken_by_another_value_is_not_read_later() -> None:
    def rebound(x: Any, n: Any) -> Any:
        total = np.sum(x)
        late = total > 2.0
        for _ in range(n):
            total = total * 0.5
        return total * 3.0 if late else total

    for n in (0, 3):
        for x in (LINE, LINE * 0.1):
            text(rebound, x, n)
