"""A value that is named and then put at a place is one line, unless the place reads the name."""
from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.emit.lines import comment, line
from s2sad.emit.saved_at_once import saved_at_once
from tests.oracles import agrees


def lines(*source: str) -> list[str]:
    """Lines as they are printed."""
    return [line(text, ast.parse(text.strip()).body[0]) for text in source]


def together(found: list[str], breadth: int = 100) -> list[str]:
    return saved_at_once(found, lambda node: ast.unparse(ast.fix_missing_locations(node)), breadth)


def test_these_are_one() -> None:
    assert together(lines("a = f(x)", "s[i] = a", "b = a")) == ["s[i] = a = f(x)", "b = a"]
    assert together(lines("  a = x", "  s[i] = a", "  t[i] = a")) == ["  s[i] = a = x", "  t[i] = a"]


@pytest.mark.parametrize(
    "source",
    [
        ("a = f(x)", "s[a] = a"),
        ("a = f(x)", "a[i] = a"),
        ("a = f(x)", "s[i] = b"),
        ("a = f(x)", "s[i] = a + 1"),
        ("a = f(x)", "s[i] += a"),
        ("a = f(x)", "b = 1", "s[i] = a"),
        ("    a = f(x)", "s[i] = a"),
    ],
)
def test_these_stay_as_they_are(source: tuple[str, ...]) -> None:
    assert together(lines(*source)) == list(source)


def test_what_has_no_room_or_a_comment_between_stays() -> None:
    first, second = lines("a = f(x)", "s[i] = a")
    assert together([first, second], breadth=14) == [first, second]
    remark = comment("# f.py:1  x", ("f.py", 1), False, False)
    assert together([first, remark, second]) == [first, remark, second]


def damped(x: Any, n: Any) -> Any:
    y = x
    for k in range(n):
        y = math.sin(y) if y * y > 0.5 else y * math.exp(-0.1 * k * y)
        y = y * y
    return y


def rising(x: Any, n: Any) -> Any:
    table = [0.0] * 8
    for k in range(n):
        step = math.sin(x * (k + 1))
        table[k] = step
        x = x + step * table[k - 1]
    return x + sum(table)


@pytest.mark.parametrize("function", [damped, rising])
def test_values_and_gradients_are_those_of_the_function(function: Any) -> None:
    derivative = value_and_grad(function, control="keep")
    for x, n in [(0.7, 5), (1.4, 1), (0.2, 0)]:
        agrees(derivative, function, x, n)


def test_what_a_loop_saves_is_put_on_its_stack_where_it_is_made() -> None:
    derivative = value_and_grad(rising, control="keep")
    derivative(0.7, 5)
    assert "t_saved[k] = t1 = table[k - 1]" in derivative.source


def test_a_warning_shows_the_line_that_it_is_from() -> None:
    def overflowing(x: Any, n: Any) -> Any:
        table = np.zeros(4)
        for k in range(n):
            big = np.exp(x * 1000.0)
            table[k] = big
        return np.sum(table)

    derivative = value_and_grad(overflowing, control="keep")
    with pytest.warns(RuntimeWarning, match="overflow") as seen:
        derivative(np.float64(1.0), 2)
    with pytest.warns(RuntimeWarning, match="overflow") as expected:
        overflowing(np.float64(1.0), 2)
    assert {(w.filename, w.lineno) for w in seen} >= {(w.filename, w.lineno) for w in expected}
