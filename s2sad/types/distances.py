"""Shapes of distances between the rows of arrays."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.questions import undecided


def between(XA: Any, XB: Any) -> Array:
    return Array(np.float64, (shape_of(XA)[0], shape_of(XB)[0]))


def among(X: Any) -> Array:
    count = shape_of(X)[0]
    return Array(np.float64, (count * (count - 1) // 2,))


def vector(u: Any, dtype: Any) -> Array:
    return Array(dtype_of(u) if dtype is None else dtype, shape_of(u))


def weights(w: Any, dtype: Any) -> Array:
    return vector(w, dtype)


def number() -> tuple[Any, ...]:
    return ()


def other_form(X: Any) -> Array:
    """A matrix of a row of distances, and the other way round."""
    shape = shape_of(X)
    if len(shape) == 2:
        return Array(dtype_of(X), (shape[0] * (shape[0] - 1) // 2,))
    if not isinstance(shape[0], int):
        raise undecided("between how many points there are so many distances")
    count = math.ceil(math.sqrt(2 * shape[0])) if shape[0] else 1
    return Array(dtype_of(X), (count, count))
