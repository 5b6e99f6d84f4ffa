"""The derivative of a power with a constant exponent is written as a person writes it, also where it is infinite."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import NonFiniteWarning, grad, value_and_grad
from s2sad.runtime.functions import power_derivative
from tests.oracles import assert_identical, module

EXPONENTS = (-3, -2.0, -1, -0.5, 0.5, 1.5, 2, 2.5, 3, 7.0)
POINTS = (0.0, -0.0, 1e-160, 0.3, 1.0, 7.5, 1e160, math.inf, math.nan)
SMALL_POINTS = (0.0, -0.0, 1e-30, 0.3, 1.0, 7.5, 1e30, math.inf, math.nan)


def of(n: Any, template: str = "x ** {}") -> Any:
    """A function with the exponent written in it."""
    return module(f"import numpy as np\ndef power(x):\n    return {template.format(n)}\n").power


def returned(function: Any, *args: Any) -> str:
    derivative = grad(function, control="keep")
    derivative(*args)
    return derivative.source.rstrip().rpartition(", ")[2]


@pytest.mark.parametrize(("n", "text"), [(-1, "-x ** -2"), (-2.0, "-2.0 * x ** -3.0"), (0.5, "0.5 * x ** -0.5"), (1.5, "1.5 * x ** 0.5"),
                                         (2, "2.0 * x"), (3, "3.0 * x ** 2")])  # fmt: skip
def test_of_arrays(n: Any, text: str) -> None:
    assert returned(of(n, "np.sum(x ** {})"), np.ones(3)) == text


@pytest.mark.parametrize(("n", "text"), [(-1, "-(value / x)"), (-2, "-2 * (value / x)"), (-1.5, "-1.5 * (value / x)"), (3, "3 * x ** 2")])
def test_of_numbers_by_the_power_that_is_there(n: Any, text: str) -> None:
    assert returned(of(n), 3.0) == text


@pytest.mark.parametrize("n", EXPONENTS)
def test_of_arrays_the_numbers_are_those_of_the_formula(n: Any) -> None:
    derivative = grad(of(n, "np.sum(x ** {})"), control="keep")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", NonFiniteWarning)
        for points in (np.array(POINTS), np.array(SMALL_POINTS, np.float32)):
            found = derivative(points)
            assert found.dtype == points.dtype
            np.testing.assert_array_equal(found, power_derivative(points, n, dx=1))


@pytest.mark.parametrize("n", EXPONENTS)
def test_of_numbers_they_are_where_the_function_has_a_value(n: Any) -> None:
    derivative = value_and_grad(of(n), control="keep")
    for x in POINTS:
        try:
            value = x**n
        except (ZeroDivisionError, OverflowError) as error:
            with pytest.raises(type(error)):
                derivative(x)
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NonFiniteWarning)
                found = derivative(x)
            assert_identical(found[0], value)
            np.testing.assert_allclose(found[1], power_derivative(x, n, dx=1), rtol=1e-15, atol=0.0)


@pytest.mark.parametrize("n", [-2, 0.5, -0.5, 3])
def test_of_second_order(n: Any) -> None:
    assert math.isclose(grad(grad(of(n)))(1.7), n * (n - 1) * 1.7 ** (n - 2), rel_tol=1e-14)
    x, slopes = np.array([0.4, 1.7]), grad(of(n, "np.sum(x ** {})"))
    np.testing.assert_allclose(grad(lambda x: np.sum(slopes(x)))(x), n * (n - 1) * x ** (n - 2), rtol=1e-14)


def test_in_a_loop_that_keeps_no_power() -> None:
    def function(x: Any, steps: int) -> Any:
        for _ in range(steps):
            x = (x + 1.0) ** -2 + x**-0.5
        return x

    derivative = grad(function, control="keep")
    step = 1e-6
    for steps in (0, 1, 3):
        slope = (function(0.9 + step, steps) - function(0.9 - step, steps)) / (2 * step)
        assert math.isclose(derivative(0.9, steps), slope, rel_tol=1e-7)
