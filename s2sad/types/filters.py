"""Shapes and dtypes of filters over arrays, which give one number for each that they are given."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of


def like_input(input: Any) -> Array:
    return Array(dtype_of(input), shape_of(input))


def like_cotangent(c: Any) -> Array:
    return Array(dtype_of(c), shape_of(c))


def like_array(x: Any) -> Array:
    return Array(dtype_of(x), shape_of(x))


def like_values(v: Any) -> Array:
    return Array(dtype_of(v), shape_of(v))


def weighted(input: Any, weights: Any) -> Array:
    """The dtype is that of the input, unless the weights are complex."""
    return Array(_weighted(dtype_of(input), dtype_of(weights)), shape_of(input))


def _weighted(one: Any, weights: Any) -> Any:
    return np.promote_types(one, np.complex64) if "c" in (one.kind, weights.kind) else one


def weighted_array(x: Any, weights: Any) -> Array:
    return weighted(x, weights)


def weighted_cotangent(c: Any, weights: Any) -> Array:
    return weighted(c, weights)


def of_weights(c: Any, x: Any, shape: Any) -> Array:
    return Array(np.promote_types(dtype_of(c), dtype_of(x)), tuple(shape))
