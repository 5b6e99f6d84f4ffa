"""A factor of all terms of a sum is taken out of the loop of an adjoint that adds them up."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import agrees

X = np.linspace(0.3, 1.4, 5)


def squares(x, s, n):
    total = 0.0
    for k in range(n):
        total += s**2 * x[k]
    return total


def nested(x, s, n):
    total = 0.0
    for i in range(n):
        for j in range(n):
            total += np.sin(s**2 * x[i]) * x[j]
        total += np.cos(s**2 * x[i])
    return total


def of_two(x, s, n):
    total = 0.0
    for k in range(n):
        total += s**2 * x[k] + s**3 * x[k] ** 2
    return total


def left_early(x, s, n):
    total = 0.0
    for k in range(n):
        total += s**2 * x[k]
        if total > 1.0:
            break
    return total


def in_a_branch(x, s, n):
    total = 0.0
    for k in range(n):
        if x[k] > 0.7:
            total += s**2 * x[k]
    return total


def until(x, s, n):
    total = 0.0
    while total < 1.0:
        total += s**2 * 0.3
    return total


FUNCTIONS = (squares, nested, of_two, left_early, in_a_branch, until)


@pytest.mark.parametrize("n", [0, 1, 5])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_gradient_is_the_same(function: Callable[..., Any], n: int) -> None:
    agrees(value_and_grad(function, argnums=(0, 1), control="keep"), function, X, 0.7, n, argnums=(0, 1))


@pytest.mark.parametrize("function", [squares, nested])
def test_the_factor_stands_after_the_loop(function: Callable[..., Any]) -> None:
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    derivative(X, 0.7, 5)
    inside = [line for line in derivative.source.splitlines() if "s_bar +=" in line or "s_bar -=" in line]
    assert inside and not any(" 2 * " in line or line.endswith(" t1") for line in inside)
    assert "float(2 * (s_bar * s))" in derivative.source


def test_terms_with_other_factors_stay() -> None:
    derivative = value_and_grad(of_two, argnums=1, control="keep")
    agrees(derivative, of_two, X, 0.7, 5, argnums=1)


@pytest.mark.parametrize("function", [squares, nested])
def test_it_is_differentiated_again(function: Callable[..., Any]) -> None:
    slope, step = grad(function, argnums=1, control="keep"), 1e-5
    expected = (slope(X, 0.7 + step, 5) - slope(X, 0.7 - step, 5)) / (2 * step)
    assert grad(slope, argnums=1, control="keep")(X, 0.7, 5) == pytest.approx(expected, rel=1e-6)


def inverse(x, s, n):
    total = 0.0
    for k in range(n):
        total += x[k] / s
    return total


def test_a_factor_without_bounds_does_not_matter_where_nothing_is_added() -> None:
    assert grad(squares, argnums=1, control="keep")(X, math.inf, 0) == 0.0
    assert grad(inverse, argnums=1, control="keep")(X, np.float64(0.0), 0) == 0.0
