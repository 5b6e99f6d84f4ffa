"""Shapes and dtypes of moments, counts and differences along axes."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.types.arrays import Array, Told, dtype_of, element, shape_of
from s2sad.types.families import counted, place


def _variables(m: Any, rowvar: Any) -> Any:
    shape = shape_of(m)
    return 1 if len(shape) < 2 else shape[0] if rowvar else shape[1]


def covariance(m: Any, y: Any, rowvar: Any) -> tuple[Any, ...]:
    """A matrix, which is a number where there is one variable."""
    count = _variables(m, rowvar)
    if y is not None:
        count = count + (shape_of(y)[0] if len(shape_of(y)) == 2 and shape_of(y)[0] == 1 else _variables(y, rowvar))
    return () if count == 1 else (count, count)


def correlation(x: Any, y: Any, rowvar: Any) -> tuple[Any, ...]:
    return covariance(x, y, rowvar)


def window(M: Any) -> tuple[Any, ...]:
    return (counted(M),)


def ordered_by_keys(keys: Any, axis: Any) -> tuple[Any, ...]:
    shape = shape_of(keys)
    return shape[1:]


def slopes(f: Any, varargs: Any, axis: Any, edge_order: Any) -> Any:
    """Of `np.gradient`: one array for an axis, several for several."""
    shape, kind = shape_of(f), dtype_of(f)
    axes = range(len(shape)) if axis is None else [place(k, len(shape)) for k in (axis if isinstance(axis, tuple) else (axis,))]
    if any(not shape[k] >= edge_order + 1 for k in axes):
        raise ValueError("Shape of array too small to calculate a numerical gradient")
    made = np.gradient(np.ones(3, kind), *[element(v) for v in varargs if not shape_of(v)][:1])
    one = Array(made.dtype, shape)
    return one if len(axes) == 1 else Told(tuple([one for _ in axes]))


def counts(a: Any, bins: Any, range: Any, density: Any, weights: Any) -> Any:
    """Of `np.histogram`: as many as there are bins, and their edges."""
    if isinstance(bins, str):
        raise CannotKeep("how many bins there are depends on values", None, "say how many")
    count = shape_of(bins)[0] - 1 if shape_of(bins) else counted(bins)
    few = np.arange(2).astype(dtype_of(bins)) if shape_of(bins) else 1
    ends: Any = np.arange(2).astype(range.dtype) if type(range) is Array else range and (type(range[0])(0), type(range[1])(1))
    like = np.histogram(np.ones(1, dtype_of(a)), few, ends, density, None if weights is None else np.ones(1, dtype_of(weights)))
    return Told((Array(like[0].dtype, (count,)), Array(like[1].dtype, (count + 1,))))


def edges(a: Any, bins: Any, range: Any) -> Any:
    return counts(a, bins, range, None, None).value[1]
