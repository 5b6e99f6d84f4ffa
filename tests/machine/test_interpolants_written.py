"""Interpolants whose arrays are written into between where one is made and where it is asked: they give what SciPy's give, or refuse."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import MissingRule, UnsupportedMutation, check_grads, tape, value_and_grad

interpolate = pytest.importorskip("scipy.interpolate")

Y, X, TWO = np.array([1.0, 2.0, 4.0, 3.0, 5.0]), np.arange(5.0), np.array([1.4, 2.6])
POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.4, 0.6], [2.0, 2.2]])
AMONG = np.array([[0.3, 0.2], [0.8, 0.2]])

COPIED = {
    "interp1d": lambda x, y: interpolate.interp1d(x, y),
    "interp1d without a copy, which it sorts": lambda x, y: interpolate.interp1d(x, y, copy=False),
    "make_interp_spline": lambda x, y: interpolate.make_interp_spline(x, y),
    "CubicSpline": lambda x, y: interpolate.CubicSpline(x, y),
    "PchipInterpolator": lambda x, y: interpolate.PchipInterpolator(x, y),
    "Akima1DInterpolator": lambda x, y: interpolate.Akima1DInterpolator(x, y),
    "CubicHermiteSpline": lambda x, y: interpolate.CubicHermiteSpline(x, y, y),
}
SPLINES = {
    "make_interp_spline of degree 2": lambda x, y: interpolate.make_interp_spline(x, y, 2),
    "make_smoothing_spline": lambda x, y: interpolate.make_smoothing_spline(x, y, lam=0.1),
    "the derivative of a PPoly": lambda x, y: interpolate.PPoly(y[:4].reshape(2, 2), np.arange(3.0)).derivative(),
    "the derivative of a BSpline": lambda x, y: interpolate.BSpline(np.arange(8.0), y, 2).derivative(),
    "a condition": lambda x, y: interpolate.make_interp_spline(X, 1.0 * y, bc_type=([(1, y[0])], [(1, 0.0)])),
}
SHARED = {
    "PPoly": lambda x, y: interpolate.PPoly(np.reshape(y[:4], (2, 2)), np.arange(3.0)),
    "BPoly": lambda x, y: interpolate.BPoly(np.reshape(y[:4], (2, 2)), np.arange(3.0)),
    "PPoly by its places": lambda x, y: interpolate.PPoly(np.array([[1.0, 2.0, 3.0, 1.5], [2.0, 1.0, 4.0, 1.0]]), y),
    "LinearNDInterpolator": lambda x, y: interpolate.LinearNDInterpolator(POINTS[:5], y),
    "NearestNDInterpolator": lambda x, y: interpolate.NearestNDInterpolator(POINTS[:5], y),
    "RegularGridInterpolator": lambda x, y: interpolate.RegularGridInterpolator((X,), y),
}
REFUSED = {
    "interp1d without a copy": lambda x, y: interpolate.interp1d(X, y, copy=False, assume_sorted=True),
    "make_interp_spline of degree 0": lambda x, y: interpolate.make_interp_spline(X, y, 0),
    "make_interp_spline of degree 1": lambda x, y: interpolate.make_interp_spline(X, y, 1),
    "KroghInterpolator": lambda x, y: interpolate.KroghInterpolator(y, X),
    "BarycentricInterpolator": lambda x, y: interpolate.BarycentricInterpolator(X, y),
    "BarycentricInterpolator by its places": lambda x, y: interpolate.BarycentricInterpolator(y, X),
    "BSpline": lambda x, y: interpolate.BSpline(np.arange(8.0), y, 2),
    "RBFInterpolator": lambda x, y: interpolate.RBFInterpolator(np.reshape(y, (5, 1)), X),
    "an antiderivative by its places": lambda x, y: interpolate.PPoly(np.ones((2, 4)), y).antiderivative(),
}


def places_of(kind: str) -> Any:
    return np.reshape(TWO, (2, 1)) if kind.startswith(("Regular", "RBF")) else AMONG if "ND" in kind else TWO


def numbers_later(make: Callable[..., Any], places: Any) -> Callable[..., Any]:
    def asked(y):
        y = y * 1.0
        made = make(X, y)
        y[1] = y[1] + 0.3
        return np.sum(made(places))

    return asked


def knots_later(make: Callable[..., Any]) -> Callable[..., Any]:
    def asked(x):
        x = x * 1.0
        made = make(x, Y)
        x[1] = x[1] + 0.3 * x[2]
        return np.sum(made(TWO))

    return asked


def one_array_in_a_loop(make: Callable[..., Any], places: Any) -> Callable[..., Any]:
    def asked(y):
        held, total = np.zeros(5), 0.0
        for i in range(3):
            held[:] = y * (i + 1.0)
            total = total + np.sum(make(X, held)(places)) * y[0]
        return total

    return asked


def check(function: Callable[..., Any], x: Any, controls: Any = ("record", "keep")) -> None:
    wanted, units = function(x), np.eye(5) * 1e-6
    slopes = [(function(x + unit) - function(x - unit)) / 2e-6 for unit in units]
    for control in controls:
        value, gradient = value_and_grad(function, control=control)(x)
        np.testing.assert_array_equal(value, wanted)
        np.testing.assert_allclose(gradient, slopes, rtol=1e-5, atol=1e-7)
    check_grads(function, (x,))


@pytest.mark.parametrize("kind", [*COPIED, *SPLINES])
def test_what_is_copied_is_as_it_was(kind: str) -> None:
    make = (COPIED | SPLINES)[kind]
    check(numbers_later(make, TWO), Y, ("record",) if kind == "the derivative of a PPoly" else ("record", "keep"))
    check(one_array_in_a_loop(make, TWO), Y, ("record",))


@pytest.mark.parametrize("kind", COPIED)
def test_and_by_the_knots(kind: str) -> None:
    check(knots_later(COPIED[kind]), X)


@pytest.mark.parametrize("kind", SHARED)
def test_what_shares_memory_sees_what_is_written(kind: str) -> None:
    check(numbers_later(SHARED[kind], places_of(kind)), X if "places" in kind else Y, ("record",))
    if "places" not in kind:
        check(one_array_in_a_loop(SHARED[kind], places_of(kind)), Y, ("record",))


@pytest.mark.parametrize("kind", REFUSED)
def test_or_that_is_refused(kind: str) -> None:
    asked, x = numbers_later(REFUSED[kind], places_of(kind)), X + 0.1 * X**2 if kind in PLACED else Y
    for control in ("record", "keep"):
        with pytest.raises(MissingRule, match="is written into before it is asked, and it shares the memory: give it a copy"):
            value_and_grad(asked, control=control)(x)
    with pytest.raises(MissingRule, match="is written into before it is asked"):
        check_grads(asked, (x,))
    if kind not in PLACED:
        check(one_array_in_a_loop(REFUSED[kind], places_of(kind)), x, ("record",))


PLACED = ("KroghInterpolator", "BarycentricInterpolator by its places", "RBFInterpolator", "an antiderivative by its places")
OUTSIDE = interpolate.PPoly(np.ones((2, 5)), np.arange(6.0))


def assigned(name: str, make: Callable[..., Any], value: Callable[..., Any]) -> Callable[..., Any]:
    def asked(y):
        made = make(y)
        setattr(made, name, value(y))
        return np.sum(made([1.2]))

    return asked


ASSIGNED = {
    "extrapolate of a spline": assigned("extrapolate", lambda y: interpolate.CubicSpline(X, y), lambda y: "periodic"),
    "extrapolate of a cubic": assigned("extrapolate", lambda y: interpolate.PchipInterpolator(X, y), lambda y: False),
    "fill_value": assigned("fill_value", lambda y: interpolate.interp1d(X, y, bounds_error=False), lambda y: 3.0),
    "y": assigned("y", lambda y: interpolate.interp1d(X, y), lambda y: 2.0 * y),
    "c of a constant spline": assigned("c", lambda y: interpolate.BSpline(np.arange(8.0), np.ones(5), 2), lambda y: y),
    "c of pieces": assigned("c", lambda y: interpolate.PPoly(np.stack([y, y]), np.arange(6.0)), lambda y: np.stack([y, y])),
    "method": assigned("method", lambda y: interpolate.RegularGridInterpolator((X,), y), lambda y: "nearest"),
}


@pytest.mark.parametrize("kind", ASSIGNED)
def test_attributes_are_not_assigned(kind: str) -> None:
    told = f"the attribute '{kind.split()[0]}' of an object of .* that is differentiated cannot be changed"
    for control in ("record", "keep"):
        with pytest.raises(MissingRule, match=told):
            value_and_grad(ASSIGNED[kind], control=control)(Y)
    with pytest.raises(MissingRule, match="make another object"):
        check_grads(ASSIGNED[kind], (Y,))


def test_nor_deleted() -> None:
    def deleted(y):
        made = interpolate.PPoly(np.stack([y, y]), np.arange(6.0))
        del made.extrapolate
        return y[0]

    with pytest.raises(MissingRule, match="the attribute 'extrapolate' of an object of PPoly"):
        value_and_grad(deleted)(Y)


def test_nor_those_of_an_object_from_outside_what_is_differentiated() -> None:
    before = OUTSIDE.c.copy()

    def scaled(y):
        OUTSIDE.c = OUTSIDE.c * y[0]
        return OUTSIDE(1.2)

    with pytest.raises(UnsupportedMutation, match="a value that is being differentiated was kept in a PPoly outside the function"):
        value_and_grad(scaled)(Y)
    OUTSIDE.c = before.copy()
    with pytest.raises(UnsupportedMutation, match="a value that is being differentiated was kept in a PPoly outside the function"):
        tape.gradient(scaled, (Y,))
    OUTSIDE.c = before.copy()

    def written(y):
        OUTSIDE.c[0] = y
        return OUTSIDE(1.2)

    for gradient in (value_and_grad(written), lambda y: tape.gradient(written, (y,))):
        with pytest.raises(UnsupportedMutation, match=r"a value that is being|an array that native code refers to is written"):
            gradient(Y)
    OUTSIDE.c = before.copy()

    def asked(y):
        OUTSIDE.extrapolate = False
        return np.nan_to_num(OUTSIDE(7.2)) + OUTSIDE(y[0])

    assert value_and_grad(asked)(Y)[1][0] == 1.0
    OUTSIDE.extrapolate = True


def test_an_array_that_an_object_holds_is_written() -> None:
    def written(y):
        made = interpolate.PPoly(np.stack([y, y]), np.arange(6.0))
        made.c *= y[0]
        made.c[0] = made.c[0] * y[1]
        return made(1.2)

    check(written, Y, ("record",))
