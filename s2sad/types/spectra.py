"""Shapes and dtypes of discrete Fourier transforms."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import place


def _length(shape: tuple[Any, ...], n: Any, axis: Any) -> Any:
    return shape[place(axis, len(shape))] if n is None else n


def _along(transform: Callable[..., Any], a: Any, length: Any, axis: Any) -> Array:
    """What a transform of a given length gives: the dtype that it has of one element."""
    shape = shape_of(a)
    k = place(axis, len(shape))
    return Array(transform(np.ones(1, dtype_of(a)), 1).dtype, (*shape[:k], length, *shape[k + 1 :]))


def full(a: Any, n: Any, axis: Any) -> Array:
    return _along(np.fft.fft, a, _length(shape_of(a), n, axis), axis)


def half(a: Any, n: Any, axis: Any) -> Array:
    """Of a real array: the frequencies that are not negative."""
    return _along(np.fft.rfft, a, _length(shape_of(a), n, axis) // 2 + 1, axis)


def from_half(a: Any, n: Any, axis: Any) -> Array:
    shape = shape_of(a)
    return _along(np.fft.irfft, a, 2 * (shape[place(axis, len(shape))] - 1) if n is None else n, axis)


# Over several axes


def _lengths(a: Any, s: Any, axes: Any) -> dict[int, Any]:
    """How long each axis becomes that a transform goes over, the last one at the end; a length of -1 or None is that of the array."""
    shape = shape_of(a)
    if axes is None:
        axes = range(-len(shape if s is None else s), 0)
    over = [place(axis, len(shape)) for axis in axes]
    if s is not None and len(s) != len(over):
        raise ValueError("Shape and axes have different lengths.")
    given = [None] * len(over) if s is None else s
    return {k: shape[k] if n is None or (isinstance(n, int) and n == -1) else n for k, n in zip(over, given, strict=True)}


def _over(transform: Callable[..., Any], a: Any, lengths: dict[int, Any]) -> Array:
    shape = [lengths.get(k, n) for k, n in enumerate(shape_of(a))]
    return Array(transform(np.ones(1, dtype_of(a)), 1).dtype, tuple(shape))


def full_n(a: Any, s: Any, axes: Any) -> Array:
    return _over(np.fft.fft, a, _lengths(a, s, axes))


def half_n(a: Any, s: Any, axes: Any) -> Array:
    lengths = _lengths(a, s, axes)
    last = [*lengths][-1]
    return _over(np.fft.rfft, a, {**lengths, last: lengths[last] // 2 + 1})


def from_half_n(a: Any, s: Any, axes: Any) -> Array:
    lengths = _lengths(a, s, axes)
    last = [*lengths][-1]
    said = s is not None and s[-1] is not None
    return _over(np.fft.irfft, a, lengths if said else {**lengths, last: 2 * (lengths[last] - 1)})
