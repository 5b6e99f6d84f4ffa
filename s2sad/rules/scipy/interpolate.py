"""Rules of scipy.interpolate: interpolants that are linear in the numbers that they go through, and splines that are there already.

What an interpolant gives at a point is a sum of these numbers, with weights that SciPy computes of the unit vectors; by the point its
derivative is SciPy's own. By the knots, on which the weights depend as well, `interpolate_knots.py` has the formulas.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.following import means
from s2sad.rules.language import rule, zero
from s2sad.rules.refusing import refuse
from s2sad.rules.solving import as_now, check_as_then, in_place_of, refused, unheld
from s2sad.types import sampled

KINDS = {"linear": 1, "slinear": 1, "quadratic": 2, "cubic": 3}


def _made(kind: str, x: Any, y: Any, options: Any, steps: Any = ()) -> Any:
    made = getattr(scipy.interpolate, kind)(x, y, **dict(options))
    for nu in steps:  # as they were asked for: SciPy multiplies the coefficients in each
        made = made.derivative(nu) if nu >= 0 else made.antiderivative(-nu)
    return made


def linear_at(kind: str, x: Any, y: Any, options: Any, how: Any, points: Any, nu: int) -> Any:
    """What the interpolant of the first axis of `y` gives: its derivative of an order.

    `how`: the derivatives that were taken before, antiderivatives as negative orders; and what stands beyond the ends, None as it was made.
    """
    if kind == "interp1d":
        return _interp1d_at(x, y, options, points, nu)
    made = _made(kind, x, y, options, how[0])
    if kind in ("KroghInterpolator", "BarycentricInterpolator"):
        return made(points) if nu == 0 else made.derivative(points, nu)
    return made(points, nu, how[1])


def _interp1d_at(x: Any, y: Any, options: Any, points: Any, nu: int) -> Any:
    made = _made("interp1d", x, y, options)
    if nu == 0:
        return made(points)
    degree = KINDS.get(dict(options)["kind"], 0) if isinstance(dict(options)["kind"], str) else int(dict(options)["kind"])
    order = np.argsort(x)
    x, y, flat = np.asarray(x)[order], np.asarray(y)[order], np.ravel(points)
    found = scipy.interpolate.make_interp_spline(x, y, degree)(flat, nu) if nu <= degree else np.zeros((*flat.shape, *y.shape[1:]))
    if dict(options)["fill_value"] != "extrapolate":
        found[(flat < x[0]) | (flat > x[-1])] = 0.0
    return np.reshape(found, (*np.shape(points), *y.shape[1:]))


def _weights(kind: str, x: Any, options: Any, how: Any, points: Any, nu: int) -> Any:
    """By the last axis: the weights of all numbers."""
    there = tuple([(name, _without_values(name, value)) for name, value in options])
    units = np.eye(len(x) - (dict(options)["k"] + 1 if kind == "BSpline" else 0))
    if dict(options).get("bc_type") == "periodic":  # the first number is the last: they share
        units[np.ix_([0, -1], [0, -1])] = 0.5
    return linear_at(kind, x, units, there, how, np.ravel(points), nu)


def _without_values(name: str, value: Any) -> Any:
    """The same condition with a value of zero."""
    if name == "fill_value" and value != "extrapolate":
        return 0.0
    if name != "bc_type" or value is None or isinstance(value, str):
        return value
    return tuple([_at_zero(one) for one in value])


def _at_zero(one: Any) -> Any:
    if one is None or isinstance(one, str):
        return "natural" if one == "natural" else one
    if isinstance(one, list):
        return [(order, 0.0) for order, _ in one]
    return {1: "clamped", 2: "natural"}[one[0]]


def linear_back(kind: str, x: Any, g: Any, options: Any, how: Any, points: Any, nu: int) -> Any:
    """The transpose: for each number the sum of what depends on it, times a weight; of points that count, for beyond the ends are NaNs."""
    rows = np.reshape(g, (np.size(points), *np.shape(g)[np.ndim(points) :]))
    counts = np.any(rows != 0.0, axis=tuple(range(1, rows.ndim)))
    weights = np.where(counts[:, None], _weights(kind, x, options, how, points, nu), 0.0)
    return np.tensordot(weights, rows, ((0,), (0,)))


def _by_points(g: Any, slopes: Any, points: Any) -> Any:
    return np.sum(g * slopes, axis=tuple(range(np.ndim(points), np.ndim(slopes))))


AT = Facts(gives=sampled.interpolated_at)
rule("linear_at(kind, x, y, options, how, points, nu)", y="linear_back(kind, x, g, options, how, points, nu)",
     points="_by_points(g, linear_at(kind, x, y, options, how, points, nu + 1), points)", facts=AT)  # fmt: skip


def bare_at(kind: str, x: Any, y: Any, options: Any, how: Any, points: Any, nu: int) -> Any:
    """The same without values at the ends: what is linear in the numbers."""
    found = np.tensordot(_weights(kind, x, options, how, points, nu), y, ((1,), (0,)))
    return np.reshape(found, (*np.shape(points), *np.shape(y)[1:]))


rule("bare_at(kind, x, y, options, how, points, nu)", y="linear_back(kind, x, g, options, how, points, nu)",
     points="_by_points(g, bare_at(kind, x, y, options, how, points, nu + 1), points)", facts=AT)  # fmt: skip
rule("linear_back(kind, x, c, options, how, points, nu)", c="bare_at(kind, x, g, options, how, points, nu)",
     points="_by_points(c, bare_at(kind, x, g, options, how, points, nu + 1), points)",
     facts=Facts(gives=sampled.interpolated_back))  # fmt: skip


# Interpolants that are made where a value is differentiated


class Interpolant:
    """In place of SciPy's object, with its methods. What it has beside these is refused.

    It is of the arrays as they are when it is made; what is `written` into those whose memory SciPy's object shares is refused.
    """

    def __init__(self, kind: str, x: Any, y: Any, options: Any, axis: Any, steps: Any = (), beyond: Any = None, shared: Any = ()) -> None:
        self._kind, self._x, self._options, self._steps, self.axis = kind, as_now(x), as_now(options), steps, axis
        self._shared, self._then = shared, as_now(shared)
        self._y, self._beyond = as_now(y if axis == 0 or np.ndim(y) == 1 else np.moveaxis(y, axis, 0)), as_now(beyond)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What it stands for."""
        held = object.__getattribute__(self, "__dict__")
        return stood_for(held["_kind"]) if "_kind" in held else Interpolant

    def __call__(self, x: Any, nu: Any = 0, extrapolate: Any = None) -> Any:
        check_as_then(self._kind, self._then, self._shared)
        points = np.asarray(x) * 1.0
        found = linear_at(self._kind, self._x, self._y, self._options, (self._steps, extrapolate), points, nu)
        if self._beyond is not None:
            found = _filled(self._x, found, points, self._beyond)
        if self.axis == 0 or np.ndim(self._y) == 1:
            return found
        rank = np.ndim(points)
        return np.moveaxis(found, tuple(range(rank)), tuple(range(self.axis % np.ndim(self._y), self.axis % np.ndim(self._y) + rank)))

    def derivative(self, nu: Any = 1) -> Any:
        check_as_then(self._kind, self._then, self._shared)
        made = Interpolant(self._kind, self._x, self._y, self._options, 0, (*self._steps, nu))
        made.axis = self.axis
        return made

    def antiderivative(self, nu: Any = 1) -> Any:
        return self.derivative(-nu)

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        check_as_then(self._kind, self._then, self._shared)
        value = integral_of(self._kind, self._x, self._y, self._options, (self._steps, extrapolate), a, b)
        first, last = _ends(self._kind, self._x, dict(self._options))
        further = _further(dict(self._options), self._steps) if extrapolate is None else extrapolate
        above = self.antiderivative()
        return in_place_of(value, up_to(above, b, first, last, further) - up_to(above, a, first, last, further))

    def __getattr__(self, name: str) -> Any:
        if name == "x" and self._kind == "CubicSpline":
            return self._x * 1.0
        return lacking(self._kind, name)


def stood_for(kind: str) -> Any:
    """The class of SciPy's object, which that of a derivative is as well."""
    named = getattr(scipy.interpolate, kind)
    return named if isinstance(named, type) else scipy.interpolate.BSpline


def lacking(kind: str, name: str) -> Any:
    """What SciPy's object has and the one in its place has not."""
    if name.startswith("__"):
        raise AttributeError(name)
    raise MissingRule(f"{name} of an interpolant by scipy.interpolate.{kind} has no rule where it is made of what is differentiated",
                      hint="call it, or ask for its derivative() or integrate()")  # fmt: skip


def up_to(above: Any, point: Any, first: Any, last: Any, further: Any) -> Any:
    """An integral up to a point, which may lie in a further period, or beyond the ends."""
    if further == "periodic":
        periods = np.floor((point - first) / (last - first))
        return periods * (above(last) - above(first)) + above(point - periods * (last - first))
    return above(point if further is None or further else np.clip(point, first, last))


def _ends(kind: str, x: Any, options: Any) -> Any:
    knots = x if kind == "BSpline" else options.get("t")
    return (x[0], x[-1]) if knots is None else (knots[options["k"]], knots[-options["k"] - 1])


def _further(options: Any, steps: Any) -> Any:
    """What stands beyond the ends, as SciPy says it of what it has made."""
    further = "periodic" if isinstance(options.get("bc_type"), str) and options["bc_type"] == "periodic" else options.get("extrapolate")
    return False if further == "periodic" and any(nu < 0 for nu in steps) else further


def _filled(x: Any, found: Any, points: Any, beyond: Any) -> Any:
    at = points[(..., *(None,) * (np.ndim(found) - np.ndim(points)))]
    return np.where(at < np.min(x), beyond[0], np.where(at > np.max(x), beyond[1], found))


def integral_of(kind: str, x: Any, y: Any, options: Any, how: Any, a: Any, b: Any) -> Any:
    return _made(kind, x, y, options, how[0]).integrate(a, b, how[1])


zero("integral_of(kind, x, y, options, how, a, b)", facts=Facts(gives=sampled.interpolated_integral))


class Through(Interpolant):
    """A polynomial through all points, whose derivative is asked for at points."""

    def derivative(self, x: Any, der: Any = 1) -> Any:  # type: ignore[override]  # as SciPy has it
        return self(x, der)


def _arrays(*values: Any) -> Any:
    """The arrays whose memory SciPy's object has: those that are given, and ones that are made of lists."""
    return tuple([np.asarray(value) for value in values if value is not None])


def _cubic_spline(x: Any, y: Any, axis: Any = 0, bc_type: Any = "not-a-knot", extrapolate: Any = None) -> Any:
    return Interpolant("CubicSpline", np.asarray(x), np.asarray(y), (("bc_type", bc_type), ("extrapolate", extrapolate)), axis)


def _interp_spline(x: Any, y: Any, k: Any = 3, t: Any = None, bc_type: Any = None, axis: Any = 0, check_finite: Any = True) -> Any:
    options = (("k", k), ("t", t), ("bc_type", bc_type), ("check_finite", check_finite))
    return Interpolant("make_interp_spline", np.asarray(x), np.asarray(y), options, axis, shared=_arrays(*((t, y) if k < 2 else (t,))))


def _lsq_spline(x: Any, y: Any, t: Any, k: Any = 3, w: Any = None, axis: Any = 0, check_finite: Any = True) -> Any:
    options = (("t", t), ("k", k), ("w", w), ("check_finite", check_finite))
    return Interpolant("make_lsq_spline", np.asarray(x), np.asarray(y), options, axis, shared=_arrays(t))


def _smoothing_spline(x: Any, y: Any, w: Any = None, lam: Any = None, *, axis: Any = 0) -> Any:
    if lam is None:
        refused("scipy.interpolate.make_smoothing_spline() has no derivative without lam, which it would choose by the numbers")
    return Interpolant("make_smoothing_spline", np.asarray(x), np.asarray(y), (("w", w), ("lam", lam)), axis)


def _interp1d(x: Any, y: Any, kind: Any = "linear", axis: Any = -1, copy: Any = True, bounds_error: Any = None, fill_value: Any = None,
              assume_sorted: Any = False) -> Any:  # fmt: skip
    beyond = None if fill_value is None or isinstance(fill_value, str) else _two(fill_value)
    filled = np.nan if fill_value is None else fill_value if beyond is None else 0.0
    options = (("kind", kind), ("axis", 0), ("bounds_error", bounds_error), ("fill_value", filled), ("assume_sorted", assume_sorted))
    shared = _arrays(x, y) if not copy and assume_sorted and kind not in ("quadratic", "cubic") else ()
    return Interpolant("interp1d", np.asarray(x), np.asarray(y), options, axis, beyond=beyond, shared=shared)


def _two(values: Any) -> Any:
    return values if isinstance(values, tuple) and len(values) == 2 else (values, values)


def _b_spline(t: Any, c: Any, k: Any, extrapolate: Any = True, axis: Any = 0) -> Any:
    return Interpolant("BSpline", np.asarray(t), np.asarray(c), (("k", k), ("extrapolate", extrapolate)), axis, shared=_arrays(t, c))


means("scipy.interpolate.BSpline", _b_spline)
means("scipy.interpolate.make_lsq_spline", _lsq_spline)
means("scipy.interpolate.make_smoothing_spline", _smoothing_spline)


# Splines that are there already: by the point


def spline_at(spline: Any, points: Any, nu: int, extrapolate: Any) -> Any:
    """What a spline gives."""
    return spline(points, nu, extrapolate)


def spline_integral(spline: Any, a: Any, b: Any, extrapolate: Any) -> Any:
    """The integral of a spline."""
    return spline.integrate(a, b, extrapolate)


def fitted_integral(spline: Any, a: Any, b: Any) -> Any:
    """The integral of one of FITPACK's splines, which is zero beyond its ends there."""
    return spline.integral(a, b)


def _fitted_integral(self: Any, a: Any, b: Any) -> Any:
    return fitted_integral(unheld(self), a, b)


rule("fitted_integral(spline, a, b)", a="-g * spline_at(spline, a, 0, 'zeros')", b="g * spline_at(spline, b, 0, 'zeros')")
rule("spline_at(spline, points, nu, extrapolate)", points="_by_points(g, spline_at(spline, points, nu + 1, extrapolate), points)")
rule("spline_integral(spline, a, b, extrapolate)", a="-np.sum(g * spline_at(spline, a, 0, extrapolate))",
     b="np.sum(g * spline_at(spline, b, 0, extrapolate))")  # fmt: skip


def _called(self: Any, x: Any, nu: Any = 0, extrapolate: Any = None) -> Any:
    return spline_at(unheld(self), np.asarray(x) * 1.0, nu, extrapolate)


def _integrated(self: Any, a: Any, b: Any, extrapolate: Any = None) -> Any:
    return spline_integral(unheld(self), a, b, extrapolate)


means("scipy.interpolate.PPoly.__call__", _called)
means("scipy.interpolate.BSpline.__call__", _called)
means("scipy.interpolate.UnivariateSpline.__call__", _called)
means("scipy.interpolate.UnivariateSpline.integral", _fitted_integral)
means("scipy.interpolate.PPoly.integrate", _integrated)
means("scipy.interpolate.BSpline.integrate", _integrated)


rule("scipy.interpolate.splev(x, tck, der=0, ext=0)", x="g * scipy.interpolate.splev(x, tck, der + 1, ext)")

refuse("scipy.interpolate.NdPPoly", "scipy.interpolate.NdBSpline",
       why="there is no rule for its coefficients; BSpline has one, and what is there already has one by the point")  # fmt: skip
refuse("scipy.interpolate.UnivariateSpline", "scipy.interpolate.InterpolatedUnivariateSpline", "scipy.interpolate.LSQUnivariateSpline",
       "scipy.interpolate.splrep", "scipy.interpolate.splprep", "scipy.interpolate.make_splrep", "scipy.interpolate.make_splprep",
       "scipy.interpolate.generate_knots", "scipy.interpolate.splint", "scipy.interpolate.sproot", "scipy.interpolate.spalde",
       "scipy.interpolate.splder", "scipy.interpolate.splantider", "scipy.interpolate.insert",
       why="FITPACK chooses knots by the numbers; scipy.interpolate.make_interp_spline() and make_lsq_spline() have one")  # fmt: skip
refuse("scipy.interpolate.BivariateSpline", "scipy.interpolate.RectBivariateSpline", "scipy.interpolate.SmoothBivariateSpline",
       "scipy.interpolate.LSQBivariateSpline", "scipy.interpolate.LSQSphereBivariateSpline", "scipy.interpolate.RectSphereBivariateSpline",
       "scipy.interpolate.SmoothSphereBivariateSpline", "scipy.interpolate.bisplrep", "scipy.interpolate.bisplev",
       "scipy.interpolate.BivariateSpline.__call__", "scipy.interpolate.BivariateSpline.ev", "scipy.interpolate.BivariateSpline.integral",
       why="there is no rule for FITPACK's splines of two variables; scipy.interpolate.RegularGridInterpolator has one")  # fmt: skip
refuse("scipy.interpolate.CloughTocher2DInterpolator", "scipy.interpolate.Rbf",
       why="there is no rule for it; scipy.interpolate.RBFInterpolator and LinearNDInterpolator have one")  # fmt: skip
refuse("scipy.interpolate.FloaterHormannInterpolator", "scipy.interpolate.AAA", "scipy.interpolate.approximate_taylor_polynomial",
       why="there is no rule for it; scipy.interpolate.KroghInterpolator has one")  # fmt: skip
refuse("scipy.interpolate.interp2d", why="SciPy has taken it away")
refuse("scipy.interpolate.interp1d.__call__",
       why="it was made outside; where it is made in the function, or by make_interp_spline(), it has one")  # fmt: skip
