"""Shapes and dtypes of filters over arrays, which give one number for each that they are given."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.questions import undecided


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


# Interpolation


def _wide(value: Any) -> Any:
    return np.promote_types(dtype_of(value), np.float64)


def wide(input: Any) -> Array:
    return Array(_wide(input), shape_of(input))


def at_places(f: Any, coordinates: Any) -> Array:
    return Array(np.promote_types(_wide(f), _wide(coordinates)), shape_of(coordinates)[1:])


def of_shape(c: Any, shape: Any) -> Array:
    return Array(_wide(c), tuple(shape))


def _margin(order: Any, mode: Any, prefilter: Any) -> int:
    return 12 if prefilter and order > 1 and mode in ("nearest", "grid-constant") else 0


def coefficients(x: Any, order: Any, mode: Any, prefilter: Any) -> Array:
    margin = 2 * _margin(order, mode, prefilter)
    return Array(_wide(x) if prefilter and order > 1 else dtype_of(x), tuple(n + margin for n in shape_of(x)))


def samples(c: Any, order: Any, mode: Any, prefilter: Any) -> Array:
    margin = 2 * _margin(order, mode, prefilter)
    return Array(_wide(c) if prefilter and order > 1 else dtype_of(c), tuple(n - margin for n in shape_of(c)))


def mapped(input: Any, coordinates: Any) -> Array:
    return Array(dtype_of(input), shape_of(coordinates)[1:])


def transformed(input: Any, output_shape: Any) -> Array:
    return Array(dtype_of(input), shape_of(input) if output_shape is None else tuple(output_shape))


def zoomed(input: Any, zoom: Any) -> Array:
    shape = shape_of(input)
    factors = list(zoom) if isinstance(zoom, (tuple, list)) else [zoom] * len(shape)
    if not all(isinstance(n, int) for n in shape):
        raise undecided("how long an axis becomes that is stretched")
    return Array(dtype_of(input), tuple(round(n * z) for n, z in zip(shape, factors, strict=True)))


def in_frequency(input: Any) -> Array:
    dtype = dtype_of(input)
    return Array(dtype if dtype.char in "fFD" else np.dtype(float), shape_of(input))


def turned_in_frequency(input: Any) -> Array:
    return Array(np.complex64 if dtype_of(input).char == "F" else np.complex128, shape_of(input))
