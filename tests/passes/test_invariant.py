"""Powers and quotients that are the same in each step are computed in front of the loops of an adjoint, where these make a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import agrees

X = np.linspace(0.3, 1.4, 5)


def kernel(x, theta):
    K = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        for j in range(len(x)):
            K[i, j] = np.exp(-((x[i] - x[j]) ** 2) / theta**2)
    return np.sum(K * K * X[: len(x)])


def triangle(x, theta):
    total = 0.0
    for i in range(len(x)):
        for j in range(i):
            total += np.exp(x[i] * x[j] / theta**2)
    return total


def before(x, theta):
    total = 0.0
    for i in range(len(x)):
        scale = 1.0 / theta**2
        for j in range(i):
            total += np.exp(x[i] * x[j] / theta**2) * scale
    return total


def backwards(text: str) -> str:
    """The reverse loops."""
    return text.partition("value = " if "value = " in text else "theta_bar = 0.0")[2]


def depth(text: str, part: str) -> int:
    """How deep the line of the reverse loops stands that has this part."""
    lines = [line for line in backwards(text).splitlines() if part in line and "#" not in line]
    assert len(lines) == 1, lines
    return len(lines[0]) - len(lines[0].lstrip())


@pytest.mark.parametrize("size", [0, 1, 5])
@pytest.mark.parametrize("function", [kernel, triangle, before])
def test_the_gradient_is_the_same(function: Callable[..., Any], size: int) -> None:
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    for theta in (0.7, 1.5):
        agrees(derivative, function, X[:size], theta, argnums=(0, 1))


@pytest.mark.parametrize(("function", "expected"), [(kernel, 8), (triangle, 12)])
def test_a_loop_that_makes_a_step_has_it_in_front(function: Callable[..., Any], expected: int) -> None:
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    derivative(X, 0.7)
    assert depth(derivative.source, "theta ** 2") == expected


def test_what_is_computed_before_a_loop_is_not_computed_in_it() -> None:
    derivative = value_and_grad(before, argnums=(0, 1), control="keep")
    derivative(X, 0.7)
    assert depth(derivative.source, "theta ** 2") == 8


@pytest.mark.parametrize("function", [kernel, triangle, before])
def test_nothing_is_computed_where_there_is_no_step(function: Callable[..., Any]) -> None:
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    derivative(X, 0.7)
    assert derivative(X[:0], 1e200)[1][1] == 0.0  # whose square raises
    with pytest.raises(OverflowError):
        derivative(X, 1e200)


def sets_errors(x, theta):
    total = 0.0
    for i in range(len(x)):
        scale = 1.0 / theta**2
        for j in range(len(x)):
            with np.errstate(over="ignore"):
                total += np.exp(x[i] * x[j] / theta**2) * scale
    return total


def test_what_sets_how_errors_are_handled_stays_between() -> None:
    derivative = value_and_grad(sets_errors, argnums=(0, 1), control="keep")
    agrees(derivative, sets_errors, X, 0.7, argnums=(0, 1))
    agrees(derivative, sets_errors, X[:0], 0.7, argnums=(0, 1))


def test_it_is_so_in_the_second_order() -> None:
    slope, step = grad(kernel, argnums=1, control="keep"), 1e-5
    expected = (slope(X, 0.7 + step) - slope(X, 0.7 - step)) / (2 * step)
    assert grad(slope, argnums=1, control="keep")(X, 0.7) == pytest.approx(expected, rel=1e-6)
