"""`float` is not called of what is a float already, and is of what is a number of NumPy's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad


def power(x: float, n: int) -> float:
    y = 1.0
    for _ in range(n):
        y = y * x + math.sin(x)
    return y


def on_some_ways(x: float, n: int) -> float:
    y = 0.0
    for i in range(n):
        if i % 2:
            y = y + x * x
    return y


def of_elements(a: Any, x: float) -> Any:
    y = 0.0
    for i in range(len(a)):
        y = y + a[i] * x * x
    return y


def of_an_element_at_the_end(a: Any, x: float) -> Any:
    y = x * x
    for i in range(len(a)):
        if a[i] > 0.0:
            y = y * a[i]
    return y


@pytest.mark.parametrize("function", [power, on_some_ways])
def test_what_comes_of_floats_is_one(function: Any) -> None:
    derivative = value_and_grad(function, control="keep")
    for n in (3, 0, 4):
        value, gradient = derivative(1.5, n)
        assert type(gradient) is float and (value, gradient) == value_and_grad(function, control="record")(1.5, n)
    assert "float(" not in derivative.source


@pytest.mark.parametrize("function", [of_elements, of_an_element_at_the_end])
@pytest.mark.parametrize("control", ["keep", "record"])
def test_what_comes_of_elements_is_made_one(function: Any, control: Any) -> None:
    derivative = value_and_grad(function, argnums=1, control=control)
    for a in (np.array([1.5, -0.5, 2.0]), np.array([-1.0, -1.0, -1.0])):
        assert type(derivative(a, 1.5)[1]) is float


def test_a_gradient_has_the_class_of_its_argument() -> None:
    derivative = value_and_grad(power, control="keep")
    for x, kind in ((1.5, float), (np.float64(1.5), np.float64), (2, float), (np.float32(0.5), np.float32)):
        assert type(derivative(x, 3)[1]) is kind
