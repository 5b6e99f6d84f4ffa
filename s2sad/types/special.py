"""Shapes of what functions of scipy.special give that do not work element by element, or give several results."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast, elementwise
from s2sad.types.given import Shape
from s2sad.types.reductions import gathered


def log_of_sum(a: Any, axis: Any, b: Any, keepdims: Any, return_sign: Any) -> Any:
    shape = shape_of(a) if b is None else broadcast(shape_of(a), shape_of(b))
    found = gathered(shape, axis, keepdims)
    return [found, found] if return_sign else found


def like_x(x: Any, axis: Any) -> Shape:
    gathered(shape_of(x), axis)
    return shape_of(x)


def pair(*arguments: Any) -> list[Shape]:
    """Of two results, each computed element by element."""
    return [elementwise(*arguments)] * 2


def four(*arguments: Any) -> list[Shape]:
    return [elementwise(*arguments)] * 4


def summed_over_dimensions(a: Any) -> Any:
    """Of the multivariate gamma function, which has no value at 1."""
    shape = shape_of(a)
    return Array(np.result_type(dtype_of(a), np.float32), shape) if shape else np.float64(1.0)
