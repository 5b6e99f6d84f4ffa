"""Small arrays that are filled number by number are written out; larger ones, and those that are read meanwhile, are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import agrees, assert_close, assert_identical

U = np.array([1.0, 0.5])
RATES = np.array([0.1, 0.2, 0.3, 0.4])


def lotka_volterra(u, rates):
    birth, hunt, feed, death = rates
    for _ in range(4):
        prey, predators = u
        u = u + 0.1 * np.array([birth * prey - hunt * prey * predators, feed * prey * predators - death * predators])
    return u @ u


def determinant(m):
    (a, b), (c, d) = m
    return a * d - b * c


def one_of_two(x):
    return x[1] ** 3


def one_of_four(x):
    return x[1] ** 3


def seven(x):
    return x[0] * x[1] * x[2] * x[3] * x[4] * x[5] * x[6]


def of_any_length(x):
    return x[0] * x[1]


def text_of(function: Any, *args: Any, argnums: Any = 0, control: Any = "keep") -> str:
    derivative = value_and_grad(function, argnums=argnums, control=control)
    agrees(derivative, function, *args, argnums=argnums)
    return derivative.source


def test_the_cotangent_of_what_is_unpacked_is_written_out():
    text = text_of(lotka_volterra, U, RATES, argnums=(0, 1))
    assert "np.array([birth_bar, hunt_bar, feed_bar, death_bar])" in text
    assert "np.zeros" not in text


@pytest.mark.parametrize("control", ["keep", "record"])
def test_rows_that_are_written_out_are_rows_of_a_list(control):
    text = text_of(determinant, np.array([[1.0, 2.0], [3.0, 5.0]]), control=control)
    assert "np.array([[m[1][1], -m[1][0]], [-m[0][1], m[0][0]]])" in text
    assert "np.zeros" not in text


def test_what_is_not_written_is_zero():
    assert "np.array([0.0, 3" in text_of(one_of_two, U, control="record")


@pytest.mark.parametrize(("function", "arg"), [(one_of_four, RATES), (seven, np.linspace(0.5, 1.0, 7)), (of_any_length, RATES)])
def test_what_is_zero_for_the_most_part_or_long_or_of_any_length_is_filled(function, arg):
    control = "keep" if function is of_any_length else "record"
    assert "np.array(" not in text_of(function, arg, control=control)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_it_is_of_the_dtype_of_the_argument(dtype):
    for control in ("keep", "record"):
        derivative = value_and_grad(lotka_volterra, argnums=(0, 1), control=control)
        found, bars = derivative(U.astype(dtype), RATES.astype(dtype))
        assert_identical(found, lotka_volterra(U.astype(dtype), RATES.astype(dtype)))
        assert [bar.dtype for bar in bars] == [dtype, dtype]


def test_complex_numbers_are_written_out():
    def size(m):
        return np.abs(m[0] * m[1])

    derivative = value_and_grad(size, control="record")
    z = np.array([1.0 + 2.0j, 0.5 - 1.0j])
    agrees(derivative, size, z)
    assert "np.array([" in derivative.source
    assert derivative(z)[1].dtype == np.complex128


def test_what_is_written_out_is_differentiated_again():
    second = grad(lambda m: np.sum(grad(determinant, control="keep")(m) ** 2), control="keep")
    m = np.array([[1.0, 2.0], [3.0, 5.0]])
    assert_close(second(m), 2.0 * m)
