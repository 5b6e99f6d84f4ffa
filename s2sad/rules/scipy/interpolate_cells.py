"""Rules of scipy.interpolate: cubics with slopes that are chosen by neighbours, and grids. The formulas are written out and followed."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate

from s2sad.rules.facts import Facts
from s2sad.rules.following import means
from s2sad.rules.language import zero
from s2sad.rules.scipy.interpolate import lacking, stood_for, up_to
from s2sad.rules.solving import as_now, in_place_of, is_as_then, refused
from s2sad.types import sampled


def cell_of(grid: Any, x: Any) -> Any:
    """The intervals that points lie in, the outer ones for those beyond; the grid ascends or descends."""
    steps = grid if grid[0] < grid[-1] else -grid
    at = np.searchsorted(steps, x if grid[0] < grid[-1] else -np.asarray(x), side="right") - 1
    return np.clip(at, 0, len(grid) - 2)


def cubic_value(kind: str, x: Any, y: Any, slopes: Any, options: Any, how: Any, points: Any, nu: int) -> Any:
    """What SciPy's object gives."""
    return _cubic_of(kind, x, y, slopes, options, how)(points, nu, how[1])


def cubic_integral(kind: str, x: Any, y: Any, slopes: Any, options: Any, how: Any, a: Any, b: Any) -> Any:
    """The integral that SciPy's object gives."""
    return _cubic_of(kind, x, y, slopes, options, how).integrate(a, b, how[1])


def _cubic_of(kind: str, x: Any, y: Any, slopes: Any, options: Any, how: Any) -> Any:
    made = getattr(scipy.interpolate, kind)(*((x, y) if slopes is None else (x, y, slopes)), **dict(options))
    for nu in how[0]:
        made = made.derivative(nu)
    return made


def _gives_cubic(kind: Any, x: Any, y: Any, slopes: Any, options: Any, how: Any, points: Any, nu: Any) -> Any:
    return sampled.interpolated_at(kind, x, y, options, how, points, nu)


def _gives_integral(kind: Any, x: Any, y: Any, slopes: Any, options: Any, how: Any, a: Any, b: Any) -> Any:
    return sampled.interpolated_integral(kind, x, y, options, how, a, b)


zero("cell_of(grid, x)", facts=Facts(gives=sampled.cells))
zero("cubic_value(kind, x, y, slopes, options, how, points, nu)", facts=Facts(gives=_gives_cubic))
zero("cubic_integral(kind, x, y, slopes, options, how, a, b)", facts=Facts(gives=_gives_integral))


# Cubics by the numbers and slopes at the knots


class Cubic:
    """In place of SciPy's object, with the same methods."""

    def __init__(self, kind: str, x: Any, y: Any, slopes: Any, given: Any, options: Any, steps: Any = ()) -> None:
        self._kind, self.x, self._y, self._slopes, self._given, self._options, self._steps = kind, x, y, slopes, given, options, steps

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What it stands for."""
        held = object.__getattribute__(self, "__dict__")
        return stood_for(held["_kind"]) if "_kind" in held else Cubic

    def __call__(self, x: Any, nu: Any = 0, extrapolate: Any = None) -> Any:
        points, how = np.asarray(x) * 1.0, (self._steps, extrapolate)
        value = cubic_value(self._kind, self.x, self._y, self._given, self._options, how, points, nu)
        if (self._further() if extrapolate is None else extrapolate) == "periodic":
            points = points - np.floor((points - self.x[0]) / (self.x[-1] - self.x[0])) * (self.x[-1] - self.x[0])
        return in_place_of(value, _cubic(self.x, self._y, self._slopes, points, sum(self._steps) + nu))

    def _further(self) -> Any:
        """What stands beyond the ends; an antiderivative has no period."""
        further = dict(self._options).get("extrapolate")
        return False if further == "periodic" and any(nu < 0 for nu in self._steps) else further

    def derivative(self, nu: Any = 1) -> Any:
        return Cubic(self._kind, self.x, self._y, self._slopes, self._given, self._options, (*self._steps, nu))

    def antiderivative(self, nu: Any = 1) -> Any:
        return self.derivative(-nu)

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        value = cubic_integral(self._kind, self.x, self._y, self._given, self._options, (self._steps, extrapolate), a, b)
        further, above = self._further() if extrapolate is None else extrapolate, self.antiderivative()
        return in_place_of(value, up_to(above, b, self.x[0], self.x[-1], further) - up_to(above, a, self.x[0], self.x[-1], further))

    def __getattr__(self, name: str) -> Any:
        return lacking(self._kind, name)


def _cubic(x: Any, y: Any, d: Any, points: Any, nu: int) -> Any:
    """A derivative of the cubic that has these numbers and slopes at the ends of an interval, or its integral from the first knot."""
    i = cell_of(x, points)
    wide = (..., *(None,) * (np.ndim(y) - 1))
    s = (points - x[i])[wide]
    a, b = _bent((x[i + 1] - x[i])[wide], y[i], y[i + 1], d[i], d[i + 1])
    if nu == 0:
        return y[i] + s * (d[i] + s * (b + s * a))
    if nu == 1:
        return d[i] + s * (2.0 * b + 3.0 * s * a)
    if nu == 2:
        return 2.0 * b + 6.0 * s * a
    if nu == -1:
        return _below(x, y, d)[i] + s * (y[i] + s * (d[i] / 2.0 + s * (b / 3.0 + s * a / 4.0)))
    if nu < 0:
        refused("second antiderivatives of these cubics have no derivative here; integrate() of the first has")
    return 6.0 * a + 0.0 * s if nu == 3 else 0.0 * (a + s)


def _bent(h: Any, y: Any, z: Any, d: Any, e: Any) -> Any:
    """The coefficients of the cube and of the square."""
    slope = (z - y) / h
    bent = (d + e - 2.0 * slope) / h
    return bent / h, (slope - d) / h - bent


def _below(x: Any, y: Any, d: Any) -> Any:
    """The integrals from the first knot to each."""
    h = np.diff(x)[(slice(None), *(None,) * (np.ndim(y) - 1))]
    parts = h * (y[:-1] + y[1:]) / 2.0 + h**2 * (d[:-1] - d[1:]) / 12.0
    return np.concatenate((0.0 * y[:1], np.cumsum(parts, axis=0)))


def _at_axis(axis: Any) -> None:
    if axis != 0:
        refused("there is no rule for another axis than the first; move the axis")


def _pchip(x: Any, y: Any, axis: Any = 0, extrapolate: Any = None) -> Any:
    _at_axis(axis)
    x, y = np.asarray(x) * 1.0, np.asarray(y) * 1.0
    return Cubic("PchipInterpolator", x, y, _monotone(x, y), None, (("extrapolate", extrapolate),))


def _monotone(x: Any, y: Any) -> Any:
    """Weighted harmonic means of the slopes beside, zero where these have different signs (Fritsch and Butland 1984)."""
    h = np.diff(x)[(slice(None), *(None,) * (np.ndim(y) - 1))]
    m = np.diff(y, axis=0) / h
    if np.shape(y)[0] == 2:
        return np.concatenate((m, m))
    left, right = m[:-1], m[1:]
    alike = left * right > 0.0
    u, v = 2.0 * h[1:] + h[:-1], h[1:] + 2.0 * h[:-1]
    inner = np.where(alike, (u + v) / (u / np.where(alike, left, 1.0) + v / np.where(alike, right, 1.0)), 0.0)
    return np.concatenate((_at_end(h[0], h[1], m[0], m[1])[None], inner, _at_end(h[-1], h[-2], m[-1], m[-2])[None]))


def _at_end(h: Any, k: Any, m: Any, n: Any) -> Any:
    """By three points, as far as it keeps the shape."""
    d = ((2.0 * h + k) * m - h * n) / (h + k)
    kept = np.where((np.sign(m) != np.sign(n)) & (np.abs(d) > 3.0 * np.abs(m)), 3.0 * m, d)
    return np.where(np.sign(d) != np.sign(m), 0.0, kept)


def _pchip_interpolate(xi: Any, yi: Any, x: Any, der: Any = 0, axis: Any = 0) -> Any:
    return _pchip(xi, yi, axis)(x, der)


def _akima(x: Any, y: Any, axis: Any = 0, *, method: Any = "akima", extrapolate: Any = None) -> Any:
    _at_axis(axis)
    x, y = np.asarray(x) * 1.0, np.asarray(y) * 1.0
    return Cubic("Akima1DInterpolator", x, y, _by_neighbours(x, y, method), None, (("method", method), ("extrapolate", extrapolate)))


def _by_neighbours(x: Any, y: Any, method: str) -> Any:
    """Means of the slopes beside, weighted by how much those further out differ (Akima 1970); two more lie beyond each end."""
    m = np.diff(y, axis=0) / np.diff(x)[(slice(None), *(None,) * (np.ndim(y) - 1))]
    if np.shape(y)[0] == 2:
        return np.concatenate((m, m))
    before, after = 2.0 * m[:1] - m[1:2], 2.0 * m[-1:] - m[-2:-1]
    m = np.concatenate((2.0 * before - m[:1], before, m, after, 2.0 * after - m[-1:]))
    apart = np.abs(np.diff(m, axis=0))
    if method == "makima":
        apart = apart + 0.5 * np.abs(m[1:] + m[:-1])
    left, right = apart[2:], apart[:-2]
    total = left + right
    there = total > 1e-9 * np.max(total)
    weight = right / np.where(there, total, 1.0)
    return np.where(there, m[1:-2] + weight * (m[2:-1] - m[1:-2]), 0.5 * (m[3:] + m[:-3]))


def _hermite(x: Any, y: Any, dydx: Any, axis: Any = 0, extrapolate: Any = None) -> Any:
    _at_axis(axis)
    x, y, d = np.asarray(x) * 1.0, np.asarray(y) * 1.0, np.asarray(dydx) * 1.0
    return Cubic("CubicHermiteSpline", x, y, d, d, (("extrapolate", extrapolate),))


means("scipy.interpolate.PchipInterpolator", _pchip)
means("scipy.interpolate.pchip_interpolate", _pchip_interpolate)
means("scipy.interpolate.Akima1DInterpolator", _akima)
means("scipy.interpolate.CubicHermiteSpline", _hermite)


# Grids


class Grid:
    """In place of SciPy's object."""

    def __init__(self, grid: Any, values: Any, method: Any, bounds_error: Any, fill_value: Any) -> None:
        self.grid, self.values, self.method, self.bounds_error, self.fill_value = grid, values, method, bounds_error, fill_value
        self.then = as_now(grid)

    def __call__(self, xi: Any, method: Any = None, *, nu: Any = None) -> Any:
        if nu is not None:
            refused("derivatives that scipy.interpolate.RegularGridInterpolator gives have no derivative here")
        if not is_as_then(self.then, self.grid) and descends(self.grid):
            refused("scipy.interpolate.RegularGridInterpolator has copied a grid that descends, which is written into: give it a copy")
        how = self.method if method is None else method
        points = np.stack(np.broadcast_arrays(*xi), axis=-1) if isinstance(xi, tuple) else np.asarray(xi)
        value = grid_value(self.grid, self.values, how, self.bounds_error, self.fill_value, points)
        d = len(self.grid)
        rows = np.reshape(points, (-1, 1)) if d == 1 and (np.ndim(points) == 1) else np.reshape(points, (-1, np.shape(points)[-1]))
        found = _on_grid(self.grid, self.values, how, [rows[:, k] for k in range(d)])
        if self.fill_value is not None:
            found = np.where(outside(self.grid, rows)[(slice(None), *(None,) * (np.ndim(found) - 1))], 0.0, found)
        return in_place_of(value, np.reshape(found, np.shape(value)))


def grid_value(grid: Any, values: Any, method: Any, bounds_error: Any, fill_value: Any, points: Any) -> Any:
    """What SciPy's object gives."""
    return scipy.interpolate.RegularGridInterpolator(grid, values, method, bounds_error, fill_value)(points)


def outside(grid: Any, points: Any) -> Any:
    """The points outside of a grid."""
    low, high = np.array([min(g[0], g[-1]) for g in grid]), np.array([max(g[0], g[-1]) for g in grid])
    return np.any((points < low) | (points > high), axis=-1)


def descends(grid: Any) -> bool:
    """Whether one of the axes of a grid descends."""
    return any(g[0] > g[-1] for g in grid)


def nearer(grid: Any, x: Any) -> Any:
    """The nearest knots."""
    i = cell_of(grid, x)
    return np.where((np.asarray(x) - grid[i]) / (grid[i + 1] - grid[i]) <= 0.5, i, i + 1)


zero("grid_value(grid, values, method, bounds_error, fill_value, points)")
zero("outside(grid, points)")
zero("descends(grid)")
zero("nearer(grid, x)", facts=Facts(gives=sampled.cells))


def _on_grid(grid: Any, values: Any, method: Any, columns: Any) -> Any:
    if method == "nearest":
        return values[tuple([nearer(g, x) for g, x in zip(grid, columns, strict=True)])]
    if method not in ("linear", "slinear"):
        refused("scipy.interpolate.RegularGridInterpolator has a derivative with the methods linear, slinear and nearest")
    wide = (slice(None), *(None,) * (np.ndim(values) - len(grid)))
    corners: Any = [((), 1.0)]
    for g, x in zip(grid, columns, strict=True):
        i = cell_of(g, x)
        t = ((x - g[i]) / (g[i + 1] - g[i]))[wide]
        corners = [((*index, place), weight * share) for index, weight in corners for place, share in ((i, 1.0 - t), (i + 1, t))]
    total = 0.0
    for index, weight in corners:
        total = total + weight * values[index]
    return total


def _regular_grid(points: Any, values: Any, method: Any = "linear", bounds_error: Any = True, fill_value: Any = np.nan, *,
                  solver: Any = None, solver_args: Any = None) -> Any:  # fmt: skip
    return Grid([np.asarray(g) for g in points], np.asarray(values), method, bounds_error, fill_value)


def _interpn(points: Any, values: Any, xi: Any, method: Any = "linear", bounds_error: Any = True, fill_value: Any = np.nan) -> Any:
    return _regular_grid(points, values, method, bounds_error, fill_value)(xi)


def _grid_called(self: Any, xi: Any, method: Any = None, *, nu: Any = None) -> Any:
    return _regular_grid(self.grid, self.values, self.method, self.bounds_error, self.fill_value)(xi, method, nu=nu)


means("scipy.interpolate.RegularGridInterpolator", _regular_grid)
means("scipy.interpolate.RegularGridInterpolator.__call__", _grid_called)
means("scipy.interpolate.interpn", _interpn)
