"""Shapes and dtypes of convolutions and filters."""
from __future__ import annotations

import functools
from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import place
from s2sad.types.given import replaced
from s2sad.types.sizes import larger, smaller


def _common(*values: Any) -> Any:
    return functools.reduce(np.promote_types, [dtype_of(v) for v in values])


def _lengths(first: Any, second: Any, mode: str) -> tuple[Any, ...]:
    """How long a convolution is along each axis, for the three modes."""
    pairs = list(zip(first, second, strict=True))
    if mode == "full":
        return tuple(n + k - 1 for n, k in pairs)
    if mode == "same":
        return tuple(first)
    return tuple(larger(n, k) - smaller(n, k) + 1 for n, k in pairs)


def convolved(in1: Any, in2: Any, mode: Any) -> Array:
    return Array(_common(in1, in2), _lengths(shape_of(in1), shape_of(in2), mode))


def convolved_along(in1: Any, in2: Any, mode: Any, axes: Any) -> Array:
    first, second = shape_of(in1), shape_of(in2)
    rank = len(first)
    over = set(range(rank)) if axes is None else {place(k, rank) for k in (axes if isinstance(axes, (tuple, list)) else (axes,))}
    lengths = [_lengths([n], [k], mode)[0] if at in over and not n == 1 and not k == 1 else larger(n, k) if mode != "same" else n
               for at, (n, k) in enumerate(zip(first, second, strict=True))]  # fmt: skip
    return Array(_common(in1, in2), tuple(lengths))


def convolved_in_the_plane(in1: Any, in2: Any, mode: Any) -> Array:
    return convolved(in1, in2, mode)


def in_the_plane(x: Any, w: Any, mode: Any) -> Array:
    return convolved(x, w, mode)


def of_the_array(c: Any, w: Any, shape: Any) -> Array:
    return Array(_common(c, w), tuple(shape))


def of_the_weights(c: Any, x: Any, w: Any) -> Array:
    return Array(_common(c, x), shape_of(w))


def by_lag(c: Any, v: Any, count: Any) -> Array:
    return Array(_common(c, v), (count,))


def _kept(v: Any) -> Any:
    """How many coefficients there are; a number is one."""
    shape = shape_of(v)
    return shape[0] if shape else 1


def filtered(b: Any, a: Any, x: Any, axis: Any, zi: Any) -> Any:
    """The filtered array, and what is left over where it is said what was there before."""
    shape = shape_of(x)
    if zi is None:
        return Array(_common(b, a, x), shape)
    dtype = _common(b, a, x, zi)
    return [Array(dtype, shape), Array(dtype, replaced(shape, axis, larger(_kept(a), _kept(b)) - 1))]


def floating(x: Any) -> Array:
    """Of what is not in single precision, in double precision."""
    return Array(dtype_of(x) if dtype_of(x) == np.float32 else np.float64, shape_of(x))


def without_trend(data: Any) -> Array:
    dtype = dtype_of(data)
    return Array(dtype if dtype.char in "dfDF" else np.dtype(float), shape_of(data))


def like(name: str) -> Any:
    """A function that gives the type of the parameter of a name."""
    return {"volume": lambda volume: _same(volume), "input": lambda input: _same(input), "a": lambda a: _same(a)}[name]


def _same(value: Any) -> Array:
    return Array(dtype_of(value), shape_of(value))


def _complex(x: Any) -> Any:
    return np.result_type(dtype_of(x), np.complex64)


def analytic(x: Any, N: Any, axis: Any) -> Array:
    return Array(_complex(x), shape_of(x) if N is None else replaced(shape_of(x), axis, N))


def analytic_in_the_plane(x: Any, N: Any, axes: Any) -> Array:
    shape = shape_of(x)
    for axis, length in zip(axes, N if isinstance(N, (tuple, list)) else (N, N), strict=True):
        shape = shape if length is None else replaced(shape, axis, length)
    return Array(_complex(x), shape)


def in_sections(sos: Any, x: Any, zi: Any) -> Any:
    if zi is None:
        return Array(_common(sos, x), shape_of(x))
    dtype = _common(sos, x, zi)
    return [Array(dtype, shape_of(x)), Array(dtype, shape_of(zi))]


def resampled(h: Any, x: Any, up: Any, down: Any, axis: Any) -> Array:
    shape = shape_of(x)
    length = ((shape[place(axis, len(shape))] - 1) * up + shape_of(h)[0] - 1) // down + 1
    return Array(_common(h, x), replaced(shape, axis, length))


def before_resampling(c: Any, h: Any, length: Any, axis: Any) -> Array:
    return Array(_common(c, h), replaced(shape_of(c), axis, length))


def taps(c: Any, x: Any, count: Any) -> Array:
    return Array(_common(c, x), (count,))


def state(b: Any, a: Any) -> Array:
    return Array(_common(b, a), (larger(_kept(a), _kept(b)) - 1,))
