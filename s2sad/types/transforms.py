"""Shapes and dtypes of the transforms of scipy.fft."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types import spectra
from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import place
from s2sad.types.given import replaced


def full(x: Any, n: Any, axis: Any) -> Array:
    return spectra.full(x, n, axis)


def half(x: Any, n: Any, axis: Any) -> Array:
    return spectra.half(x, n, axis)


def from_half(x: Any, n: Any, axis: Any) -> Array:
    return spectra.from_half(x, n, axis)


def _several(numbers: Any) -> Any:
    """Axes or lengths, of which one may be said alone."""
    return numbers if numbers is None or isinstance(numbers, (tuple, list)) else (numbers,)


def full_n(x: Any, s: Any, axes: Any) -> Array:
    return spectra.full_n(x, _several(s), _several(axes))


def half_n(x: Any, s: Any, axes: Any) -> Array:
    return spectra.half_n(x, _several(s), _several(axes))


def from_half_n(x: Any, s: Any, axes: Any) -> Array:
    return spectra.from_half_n(x, _several(s), _several(axes))


def _floating(x: Any) -> Any:
    """The dtype of a transform that does not make what is real complex."""
    dtype = dtype_of(x)
    return np.result_type(dtype, np.float32) if dtype.kind in "fc" else np.dtype(float)


def trigonometric(x: Any, n: Any, axis: Any) -> Array:
    shape = shape_of(x)
    return Array(_floating(x), shape if n is None else replaced(shape, place(axis, len(shape)), n))


def trigonometric_n(x: Any, s: Any, axes: Any) -> Array:
    return Array(_floating(x), full_n(x, s, axes).shape)


def hankel(a: Any) -> Array:
    return Array(_floating(a), shape_of(a))


def inverse_hankel(A: Any) -> Array:
    return hankel(A)
