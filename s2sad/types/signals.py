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
