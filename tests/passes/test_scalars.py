"""The numbers in a product of an adjoint meet first, and a quotient that is there is used again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.adjoints.triangular_solve.program import sample, triangular_solve
from tests.oracles import agrees

X = np.linspace(0.3, 1.4, 6)


def length(x, s):
    return np.sin(s * (x @ x))


def quotient(x, s):
    total = 0.0
    for k in range(len(x)):
        total = total + np.sin(x[k] / (s + k))
    return total


def arrays(x, s):
    return np.sum(np.sin(x / (s * x[::-1])))


@pytest.mark.parametrize("function", [length, quotient, arrays])
@pytest.mark.parametrize("control", ["keep", "record"])
def test_the_gradient_is_that_of_before(function: Callable[..., Any], control: Any) -> None:
    agrees(value_and_grad(function, argnums=(0, 1), control=control), function, X, 0.7, argnums=(0, 1))


def line(derivative: Any, start: str) -> str:
    derivative(X, 0.7)
    return next(text for text in map(str.strip, derivative.source.splitlines()) if text.startswith(start))


def test_numbers_meet_before_they_meet_an_array() -> None:
    assert line(value_and_grad(length, control="keep"), "return ").endswith(" * s) * x")


def test_the_sign_of_a_product_is_that_of_the_number() -> None:
    derivative, args = value_and_grad(triangular_solve, argnums=(0, 1), control="keep"), sample(5)
    agrees(derivative, triangular_solve, *args, argnums=(0, 1))
    assert "L_bar[i, :i] = x[:i] * -b_i_bar" in derivative.source


def test_a_quotient_that_is_there_is_used_again() -> None:
    derivative = value_and_grad(quotient, argnums=(0, 1), control="keep")
    line(derivative, "s_bar")
    backwards = derivative.source.partition("x_bar = ")[2]
    assert backwards.count(" / ") == 2  # the quotient itself, and the cotangent of x


def test_it_is_so_in_the_second_order() -> None:
    slope, step = grad(quotient, argnums=1, control="keep"), 1e-5
    expected = (slope(X, 0.7 + step) - slope(X, 0.7 - step)) / (2 * step)
    assert grad(slope, argnums=1, control="keep")(X, 0.7) == pytest.approx(expected, rel=1e-6)


def test_a_narrow_array_stays_narrow() -> None:
    x = X.astype(np.float32)
    gradient = agrees(value_and_grad(length, control="keep"), length, x, 0.7)
    assert gradient.dtype == np.float32
