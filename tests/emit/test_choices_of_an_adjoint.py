"""A branch that gives a name a value on each side is a line: where that changes a number, and in an adjoint from several lines too."""
from __future__ import annotations

import math
from typing import Any

import pytest

from s2sad import value_and_grad
from tests.oracles import agrees


def rising(x: Any, n: Any) -> Any:
    for _ in range(n):
        if x < 1.0:
            x = x * x + 0.5
        else:
            x = math.sin(x)
    return x * x


def either_way(x: Any, n: Any) -> Any:
    y = x * x
    for k in range(n):
        x = x + 0.3 * y if x < y else x - 0.4 * y * k
    return x * y


@pytest.mark.parametrize("function", [rising, either_way])
@pytest.mark.parametrize("x", [0.3, 0.9, 1.7])
def test_values_and_gradients_are_those_of_the_function(function: Any, x: float) -> None:
    derivative = value_and_grad(function, control="keep")
    for n in (3, 1, 0):
        agrees(derivative, function, x, n)


def lines(function: Any) -> list[str]:
    derivative = value_and_grad(function, control="keep")
    derivative(0.3, 3)
    return [line.strip() for line in derivative.source.split("\n")]


def test_the_adjoint_is_a_line_under_the_first_line_of_its_sides_and_the_function_stays_as_it_is_written() -> None:
    found = lines(rising)
    place = found.index("x_bar = 2 * (x_bar * x) if x < 1.0 else x_bar * math.cos(x)")
    head = rising.__code__.co_firstlineno + 3
    assert found[place - 1].startswith("# adjoint of") and f".py:{head}" in found[place - 1]
    assert "x = math.sin(x)" in found


def test_a_number_that_is_changed_is_a_line_as_it_is_written() -> None:
    assert "x_1 = x_1 + 0.3 * y if x_1 < y else x_1 - 0.4 * y * k" in lines(either_way)
