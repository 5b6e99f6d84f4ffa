"""Sums of products of vectors in an adjoint are products of vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import agrees


def scaled(x, s):
    return np.sum(np.exp(s * x))


def opposite(x, s):
    return np.sum(np.exp(x - s * x[::-1]))


def strided(x, s):
    total = 0.0
    for k in range(3):
        total = total + np.sum(np.sin(s * x[k::2]) ** 2)
    return total


def twice(x, s):
    return np.sum((s * x) ** 2 + np.sin(s * x))


def thrice(x, s):
    return np.sum((s * x) ** 3 * x)


FUNCTIONS = (scaled, opposite, strided, twice, thrice)


@pytest.mark.parametrize("control", ["keep", "record"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_sum_of_products_of_vectors_is_their_product(function: Callable[..., Any], control: Any) -> None:
    derivative = value_and_grad(function, argnums=(0, 1), control=control)
    x = np.linspace(0.3, 1.4, 7)
    agrees(derivative, function, x, 0.7, argnums=(0, 1))
    assert " @ " in derivative.source


@pytest.mark.parametrize("function", FUNCTIONS)
def test_it_is_differentiated_again(function: Callable[..., Any]) -> None:
    x, by_keeping, step = np.linspace(0.3, 1.4, 7), grad(grad(function, argnums=1, control="keep"), argnums=1, control="keep"), 1e-5
    slope = grad(function, argnums=1, control="keep")
    expected = (slope(x, 0.7 + step) - slope(x, 0.7 - step)) / (2 * step)
    np.testing.assert_allclose(by_keeping(x, 0.7), expected, rtol=1e-6)


def test_it_keeps_the_dtype() -> None:
    derivative = value_and_grad(scaled, argnums=(0, 1), control="keep")
    x, s = np.linspace(0.0, 1.0, 50, dtype=np.float32), np.float32(0.5)
    _, (x_bar, s_bar) = derivative(x, s)
    assert " @ " in derivative.source and x_bar.dtype == np.float32 and type(s_bar) is np.float32
    np.testing.assert_allclose(s_bar, np.sum(np.exp(0.5 * x) * x), rtol=1e-5)


def test_an_empty_sum_is_zero() -> None:
    assert grad(scaled, argnums=1, control="keep")(np.zeros(0), 0.5) == 0.0


def test_nothing_flows_through_an_exact_zero() -> None:
    def rooted(x, s):
        return np.sum(np.where(x > 0, np.sqrt(s * x), 0.0))

    derivative = grad(rooted, argnums=1, control="keep")
    assert derivative(np.array([0.0, 4.0]), 1.0) == pytest.approx(1.0)


def of_matrices(x, s):
    return np.sum(np.exp(s * x))


def of_complex_numbers(x, s):
    return np.sum(np.exp(1j * s * x[0])).real


@pytest.mark.parametrize("function", [of_matrices, of_complex_numbers])
def test_matrices_and_complex_numbers_stay_sums(function: Callable[..., Any]) -> None:
    derivative = value_and_grad(function, argnums=(0, 1), control="keep")
    agrees(derivative, function, np.linspace(0.0, 1.0, 6).reshape(3, 2), 0.7, argnums=(0, 1))
    assert " @ " not in derivative.source and ").sum()" in derivative.source
