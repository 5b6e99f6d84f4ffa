"""The numbers in a product of an adjoint meet first, and a quotient that is there is used again."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.adjoints.triangular_solve.program import sample, triangular_solve
from tests.oracles import agrees, assert_identical

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


def squared_error(x):
    return np.mean((x - 1.0) ** 2)


def softplus(x):
    return np.mean(np.log(1 + np.exp(-x)))


def norm(x):
    return np.sqrt(np.sum(x**2))


def over_a_number(x, n):
    return np.sum(x * x) / n


@pytest.mark.parametrize(("function", "end"), [(squared_error, "2.0 / t2.shape[0] * t1"), (norm, "x / value"),
                                               (softplus, "-(exp_minus_x / t1 / log.shape[0])")])  # fmt: skip
def test_a_divisor_meets_the_other_numbers(function: Any, end: str) -> None:
    derivative = value_and_grad(function, control="keep")
    agrees(derivative, function, X)
    assert derivative.source.rstrip().endswith(f", {end}") and "mean" not in derivative.source.partition("return")[0].replace("np.mean", "")


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("control", ["keep", "record", "auto"])
@pytest.mark.parametrize("shape", [(3,), (3, 2), (2, 1, 3)])
@pytest.mark.parametrize("axis", [None, 0, -1])
def test_means_of_something_and_of_nothing(shape: Any, axis: Any, control: Any, dtype: Any) -> None:
    """Code that is kept for arrays with elements is left by those without."""

    def function(x: Any) -> Any:
        return np.sum(np.mean(x * x, axis=axis) * 3.0)

    derivative = value_and_grad(function, control=control)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for size in (shape, (0, *shape[1:]), (*shape[:-1], 0), shape, (5, *shape[1:])):
            x = np.linspace(-1.0, 1.0, int(np.prod(size)), dtype=dtype).reshape(size)
            value, gradient = derivative(x)
            assert_identical(value, function(x))
            count = x.size if axis is None else x.shape[axis]
            assert gradient.dtype == dtype
            np.testing.assert_allclose(gradient, 6.0 * x / max(count, 1), rtol=2 * np.finfo(dtype).eps)


@pytest.mark.parametrize("n", [4, 0, 0.0, 2.0, np.float64(0.0), np.float64(3.0), np.float32(0.0)])
def test_a_divisor_that_is_zero_divides_arrays(n: Any) -> None:
    """An array that is divided by zero is infinite, and two numbers of Python's would not be divided."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for control in ("keep", "record"):
            found = value_and_grad(over_a_number, control=control)(X, n)
            assert_identical(found[0], over_a_number(X, n))
            np.testing.assert_allclose(found[1], 2 * (X / n), rtol=1e-15)


@pytest.mark.parametrize(("first", "zero"), [(4, 0), (2.0, 0.0), (np.float64(2.0), np.float64(0.0))])
def test_code_that_divides_by_a_number_serves_zero_as_well(first: Any, zero: Any) -> None:
    derivative = value_and_grad(over_a_number, control="keep")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in (first, zero, zero):
            derivative(X, n)
    assert derivative.stats().compilations == 1


def told(action: Callable[[], Any]) -> list[str]:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        action()
    return [str(w.message) for w in found if "gives a NaN" not in str(w.message)]


def test_of_the_mean_of_nothing_it_is_told_what_the_function_is_told() -> None:
    derivative = value_and_grad(squared_error, control="keep")
    derivative(X)
    assert "Mean of empty slice" in told(lambda: squared_error(X[:0]))[0]
    assert {*told(lambda: derivative(X[:0]))} == {*told(lambda: squared_error(X[:0]))}
