"""Rules of scipy.interpolate: polynomials in pieces, by their coefficients and breakpoints. The formulas are written out and followed."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.interpolate

from s2sad.rules.following import means
from s2sad.rules.language import zero
from s2sad.rules.scipy.interpolate import lacking, stood_for, up_to
from s2sad.rules.scipy.interpolate_cells import cell_of
from s2sad.rules.solving import as_now, check_as_then, constant, in_place_of, refused


def pieces_of(kind: str, c: Any, x: Any, extrapolate: Any, steps: Any) -> Any:
    made = getattr(scipy.interpolate, kind)(c, x, extrapolate)
    for nu in steps:
        made = made.derivative(nu) if nu >= 0 else made.antiderivative(-nu)
    return made


def pieces_at(kind: str, c: Any, x: Any, extrapolate: Any, steps: Any, points: Any, nu: int, further: Any) -> Any:
    """What SciPy's object gives."""
    return pieces_of(kind, c, x, extrapolate, steps)(points, nu, further)


def area_of_pieces(kind: str, c: Any, x: Any, extrapolate: Any, steps: Any, a: Any, b: Any, further: Any) -> Any:
    return pieces_of(kind, c, x, extrapolate, steps).integrate(a, b, further)


zero("pieces_at(kind, c, x, extrapolate, steps, points, nu, further)")
zero("area_of_pieces(kind, c, x, extrapolate, steps, a, b, further)")


class Pieces:
    """In place of SciPy's object, with whose arrays it shares the memory as well; a derivative is of the coefficients as they are then."""

    def __init__(self, kind: str, c: Any, x: Any, extrapolate: Any, steps: Any = ()) -> None:
        self._kind, self.c, self.x, self.extrapolate, self._steps = kind, as_now(c) if steps else c, x, extrapolate, steps
        self._shared: Any = (x,) if steps else ()
        self._then: Any = as_now(self._shared)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What it stands for."""
        held = object.__getattribute__(self, "__dict__")
        return stood_for(held["_kind"]) if "_kind" in held else Pieces

    def __call__(self, x: Any, nu: Any = 0, extrapolate: Any = None) -> Any:
        check_as_then(self._kind, self._then, self._shared)
        points, given = np.asarray(x) * 1.0, (constant(self.c), constant(self.x), self.extrapolate, self._steps)
        value = pieces_at(self._kind, *given, constant(points), nu, extrapolate)
        further = self._further() if extrapolate is None else extrapolate
        if further == "periodic":
            points = points - np.floor((points - self.x[0]) / (self.x[-1] - self.x[0])) * (self.x[-1] - self.x[0])
        found = _value(self._after(nu), self.x, points)
        if not further:
            beyond = np.less(points, np.min(constant(self.x))) | np.greater(points, np.max(constant(self.x)))
            found = np.where(beyond[(..., *(None,) * (np.ndim(self.c) - 2))], 0.0, found)
        return in_place_of(value, found)

    def _further(self) -> Any:
        """What stands beyond the ends; an antiderivative has no period."""
        if self.extrapolate == "periodic":
            return False if any(nu < 0 for nu in self._steps) else "periodic"
        return True if self.extrapolate is None else self.extrapolate

    def _after(self, nu: Any) -> Any:
        """The coefficients of powers of the distance from the left end of each piece, after all derivatives that were taken, and one."""
        found = _in_powers(self.c, self.x) if self._kind == "BPoly" else self.c
        for step in (*self._steps, nu):
            for _ in range(abs(step)):
                found = _risen(found, self.x) if step < 0 else _fallen(found)
        return found

    def derivative(self, nu: Any = 1) -> Any:
        check_as_then(self._kind, self._then, self._shared)
        return Pieces(self._kind, self.c, self.x, self.extrapolate, (*self._steps, nu))

    def antiderivative(self, nu: Any = 1) -> Any:
        return self.derivative(-nu)

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        check_as_then(self._kind, self._then, self._shared)
        given = (constant(self.c), constant(self.x), self.extrapolate, self._steps)
        value = area_of_pieces(self._kind, *given, constant(a), constant(b), extrapolate)
        further, whole = self._further() if extrapolate is None else extrapolate, self._after(-1)

        def above(point: Any) -> Any:
            return _value(whole, self.x, np.asarray(point) * 1.0)

        return in_place_of(value, up_to(above, b, self.x[0], self.x[-1], further) - up_to(above, a, self.x[0], self.x[-1], further))

    def __getattr__(self, name: str) -> Any:
        return lacking(self._kind, name)


def _value(c: Any, x: Any, points: Any) -> Any:
    i = cell_of(x, points)
    s = (points - x[i])[(..., *(None,) * (np.ndim(c) - 2))]
    found = c[0][i]
    for k in range(1, np.shape(c)[0]):
        found = found * s + c[k][i]
    return found


def _fallen(c: Any) -> Any:
    """The coefficients of the derivative, the highest first."""
    n = np.shape(c)[0]
    if n == 1:
        return 0.0 * c
    return c[:-1] * np.arange(n - 1.0, 0.0, -1.0)[(slice(None), *(None,) * (np.ndim(c) - 1))]


def _risen(c: Any, x: Any) -> Any:
    """Those of the antiderivative that is zero at the first breakpoint."""
    n = np.shape(c)[0]
    inner = c / np.arange(float(n), 0.0, -1.0)[(slice(None), *(None,) * (np.ndim(c) - 1))]
    h = np.diff(x)[(slice(None), *(None,) * (np.ndim(c) - 2))]
    ends = inner[0]
    for k in range(1, n):
        ends = ends * h + inner[k]
    starts = np.concatenate((np.zeros((1, *np.shape(ends)[1:])), np.cumsum(ends * h, axis=0)[:-1]))
    return np.concatenate((inner, starts[None]))


def _in_powers(c: Any, x: Any) -> Any:
    """The coefficients of powers from those of Bernstein's polynomials."""
    n = np.shape(c)[0] - 1
    h = np.diff(x)[(slice(None), *(None,) * (np.ndim(c) - 2))]
    found = [math.comb(n, k) * sum(((-1.0) ** (k - j) * math.comb(k, j) * c[j] for j in range(1, k + 1)), (-1.0) ** k * c[0]) / h**k
             for k in range(n, -1, -1)]  # fmt: skip
    return np.stack(found)


def _ppoly(c: Any, x: Any, extrapolate: Any = None, axis: Any = 0) -> Any:
    return Pieces("PPoly", _first(c, axis), np.ascontiguousarray(x, np.float64), extrapolate)


def _bpoly(c: Any, x: Any, extrapolate: Any = None, axis: Any = 0) -> Any:
    return Pieces("BPoly", _first(c, axis), np.ascontiguousarray(x, np.float64), extrapolate)


def _first(c: Any, axis: Any) -> Any:
    if axis != 0:
        refused("there is a rule for piecewise polynomials along the first axis; move the axis")
    return np.ascontiguousarray(c, np.complex128 if np.iscomplexobj(c) else np.float64)


means("scipy.interpolate.PPoly", _ppoly)
means("scipy.interpolate.BPoly", _bpoly)
