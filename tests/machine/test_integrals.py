"""Integrals of functions of the user's: closures, infinite limits, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.interpolate

from s2sad import grad, value_and_grad
from s2sad.errors import MissingRule


def test_limits_that_are_infinite_and_what_the_function_knows():
    def f(a, b):
        return scipy.integrate.quad(lambda x: a * np.exp(-b * x * x), -np.inf, np.inf)[0]

    value, found = value_and_grad(f, (0, 1))(1.5, 2.0)
    assert value == f(1.5, 2.0)
    assert found == pytest.approx((math.sqrt(math.pi / 2.0), -1.5 * math.sqrt(math.pi) / 2.0 * 2.0**-1.5))


def test_weights_are_refused():
    def f(a):
        return scipy.integrate.quad(lambda x: a * x, 0.0, 1.0, weight="cos", wvar=2.0)[0]

    with pytest.raises(MissingRule, match="no derivative with a weight"):
        grad(f)(1.0)
    with pytest.raises(MissingRule, match=r"scipy.integrate.quad\(\) and dblquad\(\) have one"):
        grad(lambda a: scipy.integrate.tplquad(lambda x, y, z: a * x, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0)[0])(1.0)


def test_what_no_rule_of_an_interpolant_covers_is_refused():
    x, y = np.arange(5.0), np.arange(5.0) ** 2
    with pytest.raises(MissingRule, match="no derivative with respect to 'x'"):
        grad(lambda x: scipy.interpolate.CubicSpline(x, y)(1.5).item())(x)
    with pytest.raises(MissingRule, match="no derivative without lam"):
        grad(lambda y: scipy.interpolate.make_smoothing_spline(x, y)(1.5).item())(y)
    with pytest.raises(MissingRule, match="FITPACK chooses knots by the numbers"):
        grad(lambda y: scipy.interpolate.UnivariateSpline(x, y)(1.5).item())(y)
    with pytest.raises(MissingRule, match="has a derivative with the methods linear"):
        grad(lambda y: scipy.interpolate.interpn((x,), y, np.array([1.5]), method="cubic")[0])(y)
    made = scipy.interpolate.interp1d(x, y)
    with pytest.raises(MissingRule, match="it was made outside"):
        grad(lambda p: made(p).item())(1.5)
