"""Integrals of functions of the user's: closures, infinite limits, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.interpolate
from scipy.integrate import nquad, quad, quad_vec

from s2sad import grad, value_and_grad
from s2sad.errors import MissingRule
from tests.oracles import module


def test_limits_that_are_infinite_and_what_the_function_knows():
    def f(a, b):
        return scipy.integrate.quad(lambda x: a * np.exp(-b * x * x), -np.inf, np.inf)[0]

    value, found = value_and_grad(f, (0, 1))(1.5, 2.0)
    assert value == f(1.5, 2.0)
    assert found == pytest.approx((math.sqrt(math.pi / 2.0), -1.5 * math.sqrt(math.pi) / 2.0 * 2.0**-1.5))


@pytest.mark.parametrize("reason, text", [
    ("a weight and an infinite limit", "quad(lambda x: a / (1.0 + x), 0.0, np.inf, weight='cos', wvar=2.0)"),
    ("with the weight of Cauchy", "quad(lambda x: a * x, 0.0, 1.0, weight='cauchy', wvar=0.3)"),
    ("with full_output", "quad(lambda x: a * x, 0.0, 1.0, full_output=True)"),
    ("with full_output, or by points", "quad_vec(lambda x: a * x, 0.0, 1.0, points=[0.1 * a])"),
    ("with full_output", "nquad(lambda x: a * x, [(0.0, 1.0)], full_output=True)"),
    ("with a weight, or by points", "nquad(lambda x: a * x, [(0.0, 1.0)], opts={'weight': 'cos', 'wvar': 1.0})"),
    ("what a solver tells beside its solution", "(0.0, *quad(lambda x: a * x, 0.0, 1.0))[1:][::-1]"),
])  # fmt: skip
def test_what_is_refused_of_integrals(reason, text):
    f = module(f"def f(a):\n    return {text}[0]\n", np=np, quad=quad, quad_vec=quad_vec, nquad=nquad).f
    with pytest.raises(MissingRule, match=reason):
        grad(f)(1.0)


@pytest.mark.parametrize("control", ["record", "keep"])
def test_what_does_not_converge_has_no_derivative(control):
    with pytest.warns(scipy.integrate.IntegrationWarning), pytest.raises(ArithmeticError, match="maximum number of subdivisions"):
        grad(diverging, control=control)(1.0)
    with pytest.raises(ArithmeticError, match="Target precision not reached"):
        grad(unsettled, control=control)(1.0)


def diverging(a):
    return scipy.integrate.quad(reciprocal, 0.0, 1.0, args=(a,))[0]


def unsettled(a):
    return scipy.integrate.quad_vec(reciprocal, 0.0, 1.0, limit=9, args=(a,))[0]


def reciprocal(x, a):
    return 1.0 / abs(x - 0.3) + a


@pytest.mark.parametrize("control", ["record", "keep"])
def test_of_an_integrand_in_single_precision_the_derivative_is_an_integral_in_double(control):
    """Rounding in the integrand is no slope of it; an adaptive rule would cut the interval without end."""

    def f(v):
        return quad(lambda t: np.exp(-t * t * v[0] ** 2) * v[1], 0.0, 1.0 + v[2] ** 2)[0]

    x = np.array([0.7, 1.2, 0.3], np.float32)
    found, exact = grad(f, control=control)(x), grad(f)(x.astype(float))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, rtol=2e-7)


def test_a_peak_at_a_point_is_not_missed():
    """Without the points neither SciPy nor the integral that the derivative is would see it."""

    def f(a):
        return scipy.integrate.quad(lambda x: a * np.exp(-(((x - 0.3) / 1e-6) ** 2)), 0.0, 1.0, points=[0.3 - 1e-5, 0.3, 0.3 + 1e-5])[0]

    assert grad(f)(2.0) == pytest.approx(f(1.0), rel=1e-6) == pytest.approx(math.sqrt(math.pi) * 1e-6, rel=1e-6)


def test_what_no_rule_of_an_interpolant_covers_is_refused():
    x, y = np.arange(5.0), np.arange(5.0) ** 2
    with pytest.raises(MissingRule, match="where it is not periodic"):
        grad(lambda x: scipy.interpolate.CubicSpline(x, np.zeros(5), bc_type="periodic")(1.5).item())(x)
    with pytest.raises(MissingRule, match="where k is 3"):
        grad(lambda x: scipy.interpolate.make_interp_spline(x, y, k=1)(1.5).item())(x)
    with pytest.raises(MissingRule, match="no derivative with neighbors"):
        grad(lambda y: scipy.interpolate.RBFInterpolator(np.eye(5), y, neighbors=3)(np.ones((1, 5)))[0])(y)
    with pytest.raises(MissingRule, match="with the methods linear and nearest"):
        grad(lambda y: scipy.interpolate.griddata(np.eye(5)[:, :2], y, np.ones((1, 2)), method="cubic")[0])(y)
    with pytest.raises(MissingRule, match="no derivative without lam"):
        grad(lambda y: scipy.interpolate.make_smoothing_spline(x, y)(1.5).item())(y)
    with pytest.raises(MissingRule, match="FITPACK chooses knots by the numbers"):
        grad(lambda y: scipy.interpolate.UnivariateSpline(x, y)(1.5).item())(y)
    with pytest.raises(MissingRule, match="has a derivative with the methods linear"):
        grad(lambda y: scipy.interpolate.interpn((x,), y, np.array([1.5]), method="cubic")[0])(y)
    surface = scipy.interpolate.RectBivariateSpline(x, x, np.outer(x, y))
    for asked in (lambda p: surface(p, 1.5)[0, 0], lambda p: surface.ev(p, 1.5).item(), lambda p: surface.integral(0.0, p, 0.0, 1.0)):
        with pytest.raises(MissingRule, match="FITPACK's splines of two variables"):
            grad(asked)(1.5)
    made = scipy.interpolate.interp1d(x, y)
    with pytest.raises(MissingRule, match="it was made outside"):
        grad(lambda p: made(p).item())(1.5)


def test_an_interpolant_is_of_the_class_that_scipy_makes_and_has_its_knots():
    x = np.arange(5.0)

    def f(y, p):
        made = scipy.interpolate.CubicSpline(x, y)
        if isinstance(made, scipy.interpolate.CubicSpline) and isinstance(made.derivative(), scipy.interpolate.PPoly):
            return made(p * made.x[-1]).item()
        return scipy.interpolate.PchipInterpolator(x, y)(p).item()

    y = np.array([0.3, 1.0, -0.2, 0.5, 0.9])
    for control in ("record", "keep"):
        assert value_and_grad(f, 1, control=control)(y, 0.4) == (
            f(y, 0.4),
            pytest.approx(4.0 * scipy.interpolate.CubicSpline(x, y)(1.6, 1)),
        )


@pytest.mark.parametrize(
    "asked",
    [
        lambda made: made.roots()[0],
        lambda made: made.c[0, 0],
        lambda made: made.solve(0.5)[0],
    ],
)
def test_what_an_interpolant_has_beside_its_methods_is_refused(asked):
    x, y = np.arange(5.0), np.array([0.3, 1.0, -0.2, 0.5, 0.9])
    for kind in (scipy.interpolate.CubicSpline, scipy.interpolate.PchipInterpolator):
        with pytest.raises(MissingRule, match=r"of an interpolant by scipy\.interpolate\.\w+ has no rule"):
            grad(lambda y, kind=kind: asked(kind(x, y)))(y)
    with pytest.raises(MissingRule, match=r"derivatives that .* gives have no derivative here"):
        grad(lambda y: scipy.interpolate.RegularGridInterpolator((x,), y, method="cubic")(x[1:2], nu=(1,))[0])(y)
