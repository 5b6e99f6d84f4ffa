"""Powers of Python's floats: as one writes their derivatives by hand, and right at the edges."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, grad, value_and_grad
from s2sad.runtime.functions import power_derivative

EXPONENTS = (0.5, 0.25, 1 / 3, 0.04, 0.99, 1.5, 2.5, -0.5, -1.5, -1, -2, -3.0, 3, 2.0)
EDGES = (0.0, -0.0, 5e-324, 1e-310, 1e-200, 1e-100, 0.25, 1.0, 2.0, 1e100, math.inf, math.nan)
quiet = pytest.mark.filterwarnings("ignore::s2sad.errors.NonFiniteWarning", "ignore::RuntimeWarning")


def by_numpy(x: float, n: float, times: int) -> float:
    """n (n - 1) ... x ** (n - times), infinite at a pole."""
    factor = math.prod(n - step for step in range(times))
    with np.errstate(all="ignore"):
        return float(factor * np.power(np.float64(x), float(n - times)))


@quiet
@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("n", EXPONENTS)
def test_the_derivative_at_the_edges(n: float, control: str) -> None:
    def f(x: float) -> float:
        return x**n

    first, second = grad(f, control=control), grad(grad(f), control=control)
    for x in EDGES:
        try:
            f(x)
        except (ZeroDivisionError, OverflowError):
            continue  # as the function raises, so does its gradient
        for derivative, times in ((first, 1), (second, 2)):
            expected = by_numpy(x, n, times) if n != times else float(math.prod(range(1, times + 1)))
            np.testing.assert_allclose(derivative(x), expected, rtol=1e-14, err_msg=f"{x} ** {n}, {times}")


@quiet
@pytest.mark.parametrize("n", EXPONENTS)
@pytest.mark.parametrize("dx", [1, 2, 3])
def test_numbers_of_python_are_treated_as_those_of_numpy(n: float, dx: int) -> None:
    for x in (*EDGES, -2.0):
        expected = power_derivative(np.float64(x), n, dx)
        if x >= 0 or float(n).is_integer():
            np.testing.assert_allclose(power_derivative(x, n, dx), expected, rtol=1e-14, err_msg=f"{x} ** {n}")


def distance(x: float, y: float) -> float:
    return (x * x + y * y) ** 0.5 + (x + y) ** 1.5


@pytest.mark.parametrize("control", ["record", "keep"])
def test_what_one_would_write_by_hand(control: str) -> None:
    derivative = value_and_grad(distance, argnums=(0, 1), control=control)
    value, (by_x, by_y) = derivative(3.0, 4.0)
    assert value == 5.0 + 7.0**1.5
    assert (by_x, by_y) == pytest.approx((0.6 + 1.5 * 7**0.5, 0.8 + 1.5 * 7**0.5), rel=1e-15)
    assert "power_derivative" not in derivative.source
    assert "0.5 * t1 ** -0.5 if t1 else math.inf" in derivative.source


def roots(x: float, n: int) -> float:
    total = 0.0
    for i in range(n):
        total = total + (x * (i + 1)) ** 0.5 * x
    return total


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_root_in_a_loop(control: str) -> None:
    derivative = grad(roots, control=control)
    expected = 1.5 * sum((4.0 * i) ** 0.5 for i in range(1, 6))
    assert derivative(4.0, 5) == pytest.approx(expected, rel=1e-15)
    assert "power_derivative" not in derivative.source


def chosen(x: float) -> Any:
    return x**0.5 if x > 1.0 else (x + 2.0) ** 0.5


def test_a_root_on_one_side_of_a_choice() -> None:
    derivative = grad(chosen, control="keep")
    assert [derivative(x) for x in (4.0, -1.0, 0.25)] == pytest.approx([0.25, 0.5, 1 / 3], rel=1e-15)


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_a_power_that_is_complex_in_another_call(control: str) -> None:
    def f(x: float, n: float) -> Any:
        y = x**n
        return abs(y) if isinstance(y, complex) else y * y

    derivative = value_and_grad(f, control=control)  # type: ignore[call-overload]
    for _ in range(2):
        assert derivative(4.0, 0.5) == (4.0, 1.0)
        try:
            assert derivative(-4.0, 0.5) == pytest.approx((2.0, -0.25))
        except CannotKeep:
            assert control == "keep"


@pytest.mark.parametrize("control", ["record", "keep"])
def test_multiples_of_opposite_signs(control: str) -> None:
    def f(x: Any, y: Any) -> Any:
        return (x + y) ** 2 - x**2

    derivative = value_and_grad(f, argnums=(0, 1), control=control)  # type: ignore[call-overload]
    assert derivative(3.0, 4.0) == (40.0, (8.0, 14.0))
    assert grad(lambda x: np.sum(f(x, 4.0)), control=control)(np.array([3.0, -1.0])).tolist() == [8.0, 8.0]  # type: ignore[call-overload]
