"""Rules of scipy.interpolate: interpolants by their knots as well, where these are differentiated, by formulas that are followed.

C. de Boor, A Practical Guide to Splines, 1978, chapter IV: the equations for the slopes of a cubic spline.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate

from s2sad.rules.following import follow, means
from s2sad.rules.language import zero
from s2sad.rules.scipy import interpolate
from s2sad.rules.scipy.interpolate_cells import Cubic, cell_of
from s2sad.rules.solving import as_now, check_as_then, constant, in_place_of, refused, varies

# Cubic splines: the slopes at the knots are such that second derivatives meet


def _cubic_spline(x: Any, y: Any, axis: Any = 0, bc_type: Any = "not-a-knot", extrapolate: Any = None) -> Any:
    if not (varies(x) or varies(bc_type)):
        return interpolate._cubic_spline(x, y, axis, bc_type, extrapolate)
    return _by_slopes("CubicSpline", x, y, axis, bc_type, (("extrapolate", extrapolate),))


def _interp_spline(x: Any, y: Any, k: Any = 3, t: Any = None, bc_type: Any = None, axis: Any = 0, check_finite: Any = True) -> Any:
    if not (varies(x) or varies(bc_type)):
        return interpolate._interp_spline(x, y, k, t, bc_type, axis, check_finite)
    if k != 3 or t is not None or bc_type == "periodic":
        refused("scipy.interpolate.make_interp_spline() has a derivative by its places where k is 3, t is None and nothing is periodic")
    return _by_slopes("make_interp_spline", x, y, axis, bc_type, ())


def _by_slopes(kind: str, x: Any, y: Any, axis: Any, bc_type: Any, options: Any) -> Any:
    if axis != 0 or (isinstance(bc_type, str) and bc_type == "periodic"):
        refused(f"scipy.interpolate.{kind}() has a derivative by its places along the first axis, and where it is not periodic")
    x, y = np.asarray(x) * 1.0, np.asarray(y) * 1.0
    given = None if bc_type is None else bc_type if isinstance(bc_type, str) else tuple([_plain(end) for end in bc_type])
    return Cubic(kind, x, y, _slopes(x, y, bc_type), None, (("bc_type", given), *options))


def _plain(end: Any) -> Any:
    """A condition at an end, of plain values."""
    return end if end is None or isinstance(end, str) else constant(end)


def _ends(bc_type: Any, n: int) -> Any:
    """At both ends a derivative and its value; None where the last cubics go on into each other."""
    found = [_end(end) for end in ((bc_type, bc_type) if bc_type is None or isinstance(bc_type, str) else bc_type)]
    return found if n > 2 else [(2, 0.0) if end is None else end for end in found]


def _end(end: Any) -> Any:
    if end is None or (isinstance(end, str) and end == "not-a-knot"):
        return None
    if isinstance(end, str):
        return (1 if end == "clamped" else 2, 0.0)
    return end[0] if isinstance(end, list) else end


def _slopes(x: Any, y: Any, bc_type: Any) -> Any:
    n = len(x)
    wide = (slice(None), *(None,) * (np.ndim(y) - 1))
    h = np.diff(x)
    m = np.diff(y, axis=0) / h[wide]
    start, end = _ends(bc_type, n)
    if n == 3 and start is None and end is None:  # one parabola
        bent = (m[1] - m[0]) / (h[0] + h[1])
        return np.stack([m[0] - h[0] * bent, m[0] + h[0] * bent, m[1] + h[1] * bent])
    first, last = _row(start, h, m), _row(end, h[::-1], m[::-1], -1.0)
    inner = 3.0 * (h[1:][wide] * m[:-1] + h[:-1][wide] * m[1:])
    main = np.concatenate((first[0], 2.0 * (h[1:] + h[:-1]), last[0]))
    matrix = np.diag(main) + np.diag(np.concatenate((first[1], h[:-1])), 1) + np.diag(np.concatenate((h[1:], last[1])), -1)
    right = np.concatenate((first[2], inner, last[2]))
    return np.reshape(np.linalg.solve(matrix, np.reshape(right, (n, -1))), np.shape(right))


def _row(end: Any, h: Any, m: Any, way: float = 1.0) -> Any:
    """The equation at an end, seen from there: by the slope here, by the next one, and what they give."""
    if end is None:
        whole = h[0] + h[1]
        return h[1:2], np.stack([whole]), np.stack([((h[0] + 2.0 * whole) * h[1] * m[0] + h[0] ** 2 * m[1]) / whole])
    order, value = end
    if order == 1:
        return np.ones(1), np.zeros(1), np.stack([value + 0.0 * m[0]])
    return 2.0 * np.ones(1), np.ones(1), np.stack([3.0 * m[0] - 0.5 * way * h[0] * value])


# Polynomials through all points


def through_at(kind: str, x: Any, y: Any, options: Any, points: Any) -> Any:
    """What SciPy's object gives."""
    return getattr(scipy.interpolate, kind)(x, y, **dict(options))(points)


def once_each(x: Any) -> bool:
    return len(set(np.asarray(x).tolist())) == np.size(x)


zero("through_at(kind, x, y, options, points)")
zero("once_each(x)")


class Lagrange:
    """A polynomial by its places: a sum of products, each 1 at one place and 0 at the others."""

    def __init__(self, kind: str, x: Any, y: Any, options: Any, shared: Any) -> None:
        self.kind, self.x, self.y, self.options, self.shared, self.then = kind, x, y, options, shared, as_now(shared)

    def __call__(self, x: Any) -> Any:
        check_as_then(self.kind, self.then, self.shared)
        points, own = np.asarray(x) * 1.0, np.eye(len(self.x), dtype=bool)
        value = through_at(self.kind, constant(self.x), constant(self.y), self.options, constant(points))
        above = np.prod(np.where(own, 1.0, (np.ravel(points)[:, None] - self.x)[:, None, :]), axis=-1)
        below = np.prod(np.where(own, 1.0, self.x[:, None] - self.x), axis=-1)
        return in_place_of(value, np.reshape(np.tensordot(above / below, self.y, 1), (*np.shape(points), *np.shape(self.y)[1:])))

    def derivative(self, x: Any, der: Any = 1) -> Any:
        return refused("derivatives of a polynomial have none by its places: differentiate what it gives")


def _through(kind: str, x: Any, y: Any, axis: Any, options: Any = ()) -> Any:
    shared = interpolate._arrays(*((x, y) if kind == "BarycentricInterpolator" else (x,)))
    if not varies(x):
        return interpolate.Through(kind, np.asarray(x), np.asarray(y), options, axis, shared=shared)
    if axis != 0 or not once_each(constant(x)):
        refused(f"scipy.interpolate.{kind}() has a derivative by its places along the first axis, and where each is given once")
    return Lagrange(kind, np.asarray(x) * 1.0, np.asarray(y) * 1.0, options, shared)


def _krogh(xi: Any, yi: Any, axis: Any = 0) -> Any:
    return _through("KroghInterpolator", xi, yi, axis)


def _krogh_interpolate(xi: Any, yi: Any, x: Any, der: Any = 0, axis: Any = 0) -> Any:
    made = _krogh(xi, yi, axis)
    return made(x) if der == 0 else made.derivative(x, der)


def _barycentric(xi: Any, yi: Any = None, axis: Any = 0, *, wi: Any = None, rng: Any = None) -> Any:
    if yi is None or wi is not None:
        refused("scipy.interpolate.BarycentricInterpolator() has a derivative where it is given values, and no weights")
    return _through("BarycentricInterpolator", xi, yi, axis, (("rng", rng),))


def _barycentric_interpolate(xi: Any, yi: Any, x: Any, axis: Any = 0, *, der: Any = 0, rng: Any = None) -> Any:
    made = _barycentric(xi, yi, axis, rng=rng)
    return made(x) if der == 0 else made.derivative(x, der)


# Lines between points


def _interp1d(x: Any, y: Any, kind: Any = "linear", axis: Any = -1, copy: Any = True, bounds_error: Any = None, fill_value: Any = None,
              assume_sorted: Any = False) -> Any:  # fmt: skip
    if not varies(x):
        return interpolate._interp1d(x, y, kind, axis, copy, bounds_error, fill_value, assume_sorted)
    if kind != "linear" or np.ndim(y) != 1 or varies(fill_value):
        refused("scipy.interpolate.interp1d() has a derivative by its places where it is linear, of one row, and filled by constants")
    filled = np.nan if fill_value is None else fill_value
    shared = () if copy or not assume_sorted else interpolate._arrays(x, y)
    return Line(np.asarray(x) * 1.0, np.asarray(y) * 1.0, (("bounds_error", bounds_error), ("fill_value", as_now(filled))), shared)


class Line:
    """In place of SciPy's object."""

    def __init__(self, x: Any, y: Any, options: Any, shared: Any) -> None:
        self.x, self.y, self.options, self.shared, self.then = x, y, options, shared, as_now(shared)

    def __call__(self, x: Any) -> Any:
        check_as_then("interp1d", self.then, self.shared)
        points, order = np.asarray(x) * 1.0, np.argsort(self.x)
        value = line_at(constant(self.x), constant(self.y), self.options, constant(points))
        a, b = self.x[order], self.y[order]
        i = cell_of(a, points)
        found = b[i] + (points - a[i]) * (b[i + 1] - b[i]) / (a[i + 1] - a[i])
        if not isinstance(dict(self.options)["fill_value"], str):
            found = np.where(np.less(points, a[0]) | np.greater(points, a[-1]), 0.0, found)
        return in_place_of(value, found)


def line_at(x: Any, y: Any, options: Any, points: Any) -> Any:
    """What SciPy's object gives."""
    return scipy.interpolate.interp1d(x, y, **dict(options))(points)


zero("line_at(x, y, options, points)")

means("scipy.interpolate.CubicSpline", _cubic_spline)
means("scipy.interpolate.make_interp_spline", _interp_spline)
means("scipy.interpolate.interp1d", _interp1d)
means("scipy.interpolate.KroghInterpolator", _krogh)
means("scipy.interpolate.krogh_interpolate", _krogh_interpolate)
means("scipy.interpolate.BarycentricInterpolator", _barycentric)
means("scipy.interpolate.barycentric_interpolate", _barycentric_interpolate)
follow("scipy.interpolate.lagrange", "scipy.interpolate.pade")
