"""Derivatives that s2sad computes itself for scipy.special and math, as series and integrals: their digits."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import scipy.special

from s2sad.runtime.functions import digamma, polygamma
from s2sad.runtime.special import carlson, complex_polygamma, diric_derivative, gammainc_derivative, zeta_derivative
from s2sad.runtime.special_beta import betainc_derivative

mp = pytest.importorskip("mpmath")
mp.mp.dps = 30


def close(found: object, wanted: object, digits: int) -> None:
    np.testing.assert_allclose(complex(found), complex(wanted), rtol=10.0**-digits, atol=1e-25)  # type: ignore[arg-type]


@pytest.mark.parametrize("x", [1e-3, 0.3, 1.0, 7.5, 30.0, 1e5])
def test_polygamma_functions_are_those_of_scipy(x: float) -> None:
    close(digamma(x), scipy.special.digamma(x), 13)
    for n in range(1, 7):
        close(polygamma(n, x), scipy.special.polygamma(n, x), 13)


@pytest.mark.parametrize("z", [0.3 + 0.2j, -2.6 + 1.0j, 4.0 - 7.0j, -0.3 + 1e-3j])
def test_polygamma_functions_of_complex_numbers(z: complex) -> None:
    for n in range(1, 4):
        close(complex_polygamma(n, z), mp.psi(n, z), 11)


@pytest.mark.parametrize(("x", "q"), [(1.1, 1.0), (2.0, 0.3), (7.5, 4.0), (0.3, 1.0), (30.0, 1.5)])
def test_zeta_by_its_exponent(x: float, q: float) -> None:
    for n in (1, 2, 3):
        close(zeta_derivative(x, q, n=n), mp.zeta(x, q, derivative=n), 11)


@pytest.mark.parametrize("x", [1e-5, 0.3, 1.0, 1.6, 40.0])
@pytest.mark.parametrize("a", [0.05, 1.0, 7.0, 40.0, 900.0])
def test_incomplete_gamma_by_its_shape(a: float, x: float) -> None:
    value = a * x if x < 10.0 else a + 5.0 * math.sqrt(a)
    for n in (1, 3):
        close(gammainc_derivative(a, value, n=n), derivative(lambda s: mp.gammainc(s, 0, value, regularized=True), (a,), (n,)), 10)


@pytest.mark.parametrize("x", [1e-4, 0.1, 0.4, 0.8, 0.97])
@pytest.mark.parametrize(("a", "b"), [(0.1, 0.3), (2.0, 3.0), (40.0, 7.0), (0.5, 90.0), (300.0, 200.0)])
def test_incomplete_beta_by_its_shapes(a: float, b: float, x: float) -> None:
    for i, j in ((1, 0), (0, 1), (1, 1)):
        wanted = derivative(lambda s, t: mp.betainc(s, t, 0, x, regularized=True), (a, b), (i, j))
        close(betainc_derivative(a, b, x, i=i, j=j), wanted, 10)


def derivative(function: Callable[..., object], at: tuple[float, ...], orders: tuple[int, ...]) -> object:
    return mp.diff(function, at if len(at) > 1 else at[0], orders if len(at) > 1 else orders[0])


def test_carlson_integrals_are_those_of_scipy() -> None:
    for x, y, z, p in ((0.4, 1.3, 0.6, 1.7), (0.0, 1e-6, 3.0, 2.0), (1e5, 0.2, 2.0, 40.0)):
        close(0.5 * carlson(x, y, z, 1.0), scipy.special.elliprf(x, y, z), 13)
        close(1.5 * carlson(x, y, z, 1.0, c=1.5), scipy.special.elliprd(x, y, z), 13)
        close(1.5 * carlson(x, y, z, p, d=1.0), scipy.special.elliprj(x, y, z, p), 13)
    close(0.5 * carlson(0.4 + 2.0j, -1.0 + 0.6j, 0.6, 1.0), scipy.special.elliprf(0.4 + 2.0j, -1.0 + 0.6j, 0.6), 13)


def test_carlson_integrals_that_are_none() -> None:
    assert carlson(0.0, 1.0, 2.0, 1.0, a=1.5) == math.inf
    assert math.isnan(carlson(1.0, 1.0, 2.0, -1.0, d=1.0))


def test_shapes_and_numbers_that_are_none() -> None:
    np.testing.assert_array_equal(gammainc_derivative(np.array([-1.0, 2.0, 2.0]), np.array([1.0, 0.0, np.inf])), [np.nan, 0.0, 0.0])
    np.testing.assert_array_equal(betainc_derivative(np.array([-1.0, 2.0, 2.0]), 1.5, np.array([0.5, 0.0, 1.0]), i=1), [np.nan, 0.0, 0.0])
    assert math.isnan(diric_derivative(0.5, 2.5))


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_the_precision_is_that_of_the_argument(kind: type) -> None:
    x = np.array([0.3, 0.6], kind)
    shapes = (gammainc_derivative(2.0, x), betainc_derivative(2.0, 1.0, x, i=1))
    for found in (*shapes, zeta_derivative(x + kind(1), 1.0), diric_derivative(x, 3)):
        assert found.dtype == kind and found.shape == (2,)
