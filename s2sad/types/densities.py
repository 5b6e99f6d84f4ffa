"""Shapes of densities of several variables."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, shape_of
from s2sad.types.given import one_or_array


def along_last(x: Any, mean: Any, cov: Any) -> Any:
    """One for each vector along the last axis; axes of length 1 are left out."""
    shape = shape_of(x)
    size = (shape_of(cov)[0] if len(shape_of(cov)) == 2 else 1) if mean is None else (*shape_of(mean), 1)[0]
    return _left(shape if len(shape) == 1 and size == 1 else shape[:-1])


def along_first(x: Any) -> Any:
    """One for each vector along the first axis."""
    return _left(shape_of(x)[1:])


def _left(shape: tuple[Any, ...]) -> Any:
    return one_or_array(np.dtype(float), tuple(n for n in shape if n != 1))


def number(*given: Any) -> Any:
    return one_or_array(np.dtype(float), ())


def estimates(values: Any, xi: Any, dtype: Any) -> Any:
    """Of each place, and each kind of values that lie at the points."""
    return Array(np.dtype(dtype), (shape_of(xi)[0], shape_of(values)[1]))
