"""What functions give that add up samples along an axis."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.given import one_or_array, replaced, without


def _floating(*values: Any) -> Any:
    return np.result_type(*(dtype_of(v) for v in values if v is not None and not isinstance(v, (int, float))), np.float32)


def integrated(y: Any, x: Any, dx: Any, axis: Any) -> Any:
    """One number instead of an axis."""
    return one_or_array(_floating(y, x, dx), without(shape_of(y), axis))


def accumulated(y: Any, x: Any, dx: Any, axis: Any, initial: Any) -> Any:
    """As many numbers along an axis as there are intervals, and one more with that of the beginning."""
    n = shape_of(y)[axis]
    return Array(_floating(y, x, dx), replaced(shape_of(y), axis, n - 1 if initial is None else n))


def weights(n: Any) -> Any:
    """As many as there are samples."""
    return Array(np.dtype(np.float64), (n,))


def _doubles(*values: Any) -> Any:
    return np.result_type(np.float64, *(dtype_of(v) for v in values))


def interpolated_at(kind: Any, x: Any, y: Any, options: Any, how: Any, points: Any, nu: Any) -> Any:
    """As many numbers as points, of each that the interpolant goes through."""
    return Array(_doubles(y), (*shape_of(points), *shape_of(y)[1:]))


def interpolated_back(kind: Any, x: Any, c: Any, options: Any, how: Any, points: Any, nu: Any) -> Any:
    """A number for each knot."""
    n = shape_of(x)[0] - (dict(options)["k"] + 1 if kind == "BSpline" else 0)
    return Array(_doubles(c), (n, *shape_of(c)[len(shape_of(points)) :]))


def interpolated_integral(kind: Any, x: Any, y: Any, options: Any, how: Any, a: Any, b: Any) -> Any:
    """A number for each interpolant."""
    return Array(_doubles(y), shape_of(y)[1:])


def cells(grid: Any, x: Any) -> Any:
    """A place for each point."""
    return Array(np.dtype(np.intp), shape_of(x))
