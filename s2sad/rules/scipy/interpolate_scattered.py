"""Rules of scipy.interpolate: interpolants of scattered points. The formulas are written out and followed."""
from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import scipy.interpolate
import scipy.spatial

from s2sad.rules.following import means
from s2sad.rules.language import zero
from s2sad.rules.solving import as_now, check_as_then, constant, in_place_of, refused, varies

# Radial functions: one linear equation for their coefficients and those of a polynomial

DEGREES = {"thin_plate_spline": 1, "linear": 0, "cubic": 1, "quintic": 2, "multiquadric": 0}


def radial_at(y: Any, d: Any, options: Any, x: Any) -> Any:
    """What SciPy's object gives."""
    return scipy.interpolate.RBFInterpolator(y, d, **dict(options))(x)


zero("radial_at(y, d, options, x)")


class Radial:
    """In place of SciPy's object."""

    def __init__(self, y: Any, d: Any, smoothing: Any, kernel: str, epsilon: Any, degree: int, options: Any, shared: Any) -> None:
        self.y, self.d, self.smoothing, self.kernel, self.epsilon = y, d, smoothing, kernel, epsilon
        self.powers = [p for p in itertools.product(range(degree + 1), repeat=np.shape(y)[1]) if sum(p) <= degree]
        self.options, self.shared, self.then = options, shared, as_now(shared)

    def __call__(self, x: Any) -> Any:
        check_as_then("RBFInterpolator", self.then, self.shared)
        x = np.asarray(x) * 1.0
        value = radial_at(constant(self.y), constant(self.d), constant(self.options), constant(x))
        n, m = np.shape(self.y)[0], len(self.powers)
        p, middle = self._polynomials(self.y), np.zeros((m, m))
        inner = self._radial(self.y, self.y) + np.diag(self.smoothing * np.ones(n))
        matrix = np.concatenate((np.concatenate((inner, p), axis=1), np.concatenate((np.transpose(p), middle), axis=1)))
        rows = np.reshape(self.d, (n, -1))
        right = np.concatenate((rows, np.zeros((m, np.shape(rows)[1]))))
        found = np.concatenate((self._radial(x, self.y), self._polynomials(x)), axis=1) @ np.linalg.solve(matrix, right)
        return in_place_of(value, np.reshape(found, (np.shape(x)[0], *np.shape(self.d)[1:])))

    def _radial(self, x: Any, y: Any) -> Any:
        square = np.sum((x[:, None, :] - y[None, :, :]) ** 2, axis=-1) * self.epsilon**2
        return _kernel(self.kernel, square)

    def _polynomials(self, x: Any) -> Any:
        if len(self.powers) == 0:
            return np.zeros((np.shape(x)[0], 0))
        middle, wide = np.mean(constant(self.y), axis=0), np.ptp(constant(self.y), axis=0)
        scaled = (x - middle) / np.where(np.equal(wide, 0), 1.0, wide)
        return np.stack([np.prod(scaled ** np.array(p), axis=1) for p in self.powers], axis=1)


def _kernel(name: str, square: Any) -> Any:
    apart = np.greater(square, 0)
    some = np.where(apart, square, 1.0)
    if name == "thin_plate_spline":
        return np.where(apart, 0.5 * square * np.log(some), 0.0)
    if name == "linear":
        return np.where(apart, -np.sqrt(some), 0.0)
    if name == "cubic":
        return np.where(apart, some**1.5, 0.0)
    if name == "quintic":
        return np.where(apart, -(some**2.5), 0.0)
    if name == "multiquadric":
        return -np.sqrt(1.0 + square)
    if name == "inverse_multiquadric":
        return 1.0 / np.sqrt(1.0 + square)
    return 1.0 / (1.0 + square) if name == "inverse_quadratic" else np.exp(-square)


def _rbf(y: Any, d: Any, neighbors: Any = None, smoothing: Any = 0.0, kernel: Any = "thin_plate_spline", epsilon: Any = None,
         degree: Any = None) -> Any:  # fmt: skip
    if neighbors is not None:
        refused("scipy.interpolate.RBFInterpolator() has no derivative with neighbors, which it chooses by the distances")
    shared, smoothing = (np.asarray(y),), as_now(smoothing)
    y, d, name = np.asarray(y) * 1.0, np.asarray(d) * 1.0, kernel.lower()
    options = (("smoothing", smoothing), ("kernel", kernel), ("epsilon", epsilon), ("degree", degree))
    order = max(DEGREES.get(name, -1), 0) if degree is None else int(degree)
    return Radial(y, d, smoothing, name, 1.0 if epsilon is None else epsilon, order, options, shared)


# Triangles: which one a point lies in is known from the points alone, and there the interpolant is linear


def simplices_of(points: Any, xi: Any) -> Any:
    """The corners of the simplex of each point, -1 outside."""
    triangles = scipy.spatial.Delaunay(points)
    at = triangles.find_simplex(xi)
    return np.where(at[..., None] < 0, -1, triangles.simplices[at])


def flat_at(kind: str, points: Any, values: Any, options: Any, xi: Any) -> Any:
    """What SciPy's object gives."""
    return getattr(scipy.interpolate, kind)(points, values, **dict(options))(xi)


def nearest_to(points: Any, xi: Any) -> Any:
    """The places of the points that are nearest."""
    return scipy.spatial.cKDTree(points).query(xi)[1]


zero("simplices_of(points, xi)")
zero("flat_at(kind, points, values, options, xi)")
zero("nearest_to(points, xi)")


class Scattered:
    """In place of SciPy's object."""

    def __init__(self, kind: str, points: Any, values: Any, options: Any) -> None:
        self.kind, self.points, self.values, self.options, self.shared = kind, as_now(points), values, options, points

    def __call__(self, *args: Any) -> Any:
        check_as_then(self.kind, self.points, self.shared)
        given = args[0] if len(args) == 1 else args
        xi = np.stack(np.broadcast_arrays(*given), axis=-1) if isinstance(given, tuple) else np.asarray(given)
        value = flat_at(self.kind, constant(self.points), constant(self.values), self.options, constant(xi))
        rows = np.reshape(xi, (-1, np.shape(xi)[-1]))
        if self.kind == "NearestNDInterpolator":
            found = self.values[nearest_to(constant(self.points), constant(rows))]
        else:
            found = _among_corners(self.points, self.values, rows)
        return in_place_of(value, np.reshape(found, np.shape(value)))


def _among_corners(points: Any, values: Any, xi: Any) -> Any:
    corners = simplices_of(constant(points), constant(xi))
    outside, last = np.less(corners[:, 0], 0), points[corners[:, -1]]
    edges = points[corners[:, :-1]] - last[:, None, :]
    whole = np.where(outside[:, None, None], np.eye(np.shape(points)[1]), np.swapaxes(edges, 1, 2))
    shares = np.linalg.solve(whole, (xi - last)[:, :, None])[:, :, 0]
    there = values[corners]
    wide = (..., *(None,) * (np.ndim(values) - 1))
    found = np.sum(shares[wide] * (there[:, :-1] - there[:, -1:]), axis=1) + there[:, -1]
    return np.where(outside[wide], 0.0, found)


def _as_floats(a: Any) -> Any:
    """The array itself where it is of double precision, as SciPy keeps it."""
    a = np.asarray(a)
    return a if a.dtype in (np.float64, np.complex128) else a * 1.0


def _linear_nd(points: Any, values: Any, fill_value: Any = np.nan, rescale: Any = False) -> Any:
    if rescale or not np.ndim(points) == 2 or varies(fill_value):
        refused("scipy.interpolate.LinearNDInterpolator() has a derivative of points in rows that are not rescaled, filled by a constant")
    return Scattered("LinearNDInterpolator", _as_floats(points), _as_floats(values), (("fill_value", fill_value),))


def _nearest_nd(x: Any, y: Any, rescale: Any = False, tree_options: Any = None) -> Any:
    if rescale or not np.ndim(x) == 2:
        refused("scipy.interpolate.NearestNDInterpolator() has a derivative of points in rows that are not rescaled")
    return Scattered("NearestNDInterpolator", _as_floats(x), _as_floats(y), ())


def _griddata(points: Any, values: Any, xi: Any, method: Any = "linear", fill_value: Any = np.nan, rescale: Any = False) -> Any:
    if method == "cubic":
        refused("scipy.interpolate.griddata() has a derivative with the methods linear and nearest")
    where = np.stack(points, axis=-1) if isinstance(points, tuple) else np.asarray(points)
    if np.ndim(where) != 2 or np.shape(where)[1] < 2:
        refused("scipy.interpolate.griddata() has a derivative of points in a plane or in space; interp1d() has one of those on a line")
    made = _nearest_nd(where, values, rescale) if method == "nearest" else _linear_nd(where, values, fill_value, rescale)
    return made(xi)


means("scipy.interpolate.RBFInterpolator", _rbf)
means("scipy.interpolate.LinearNDInterpolator", _linear_nd)
means("scipy.interpolate.NearestNDInterpolator", _nearest_nd)
means("scipy.interpolate.griddata", _griddata)
