"""Shapes of arrays that something is put into or left out of, of choices, and of windows."""
from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast, place
from s2sad.types.given import Shape, axes_of, fresh, lengths, one_or_array, replaced, whole
from s2sad.types.indexing import chosen, is_mask, is_place, part_length
from s2sad.types.questions import Undecided, undecided
from s2sad.types.sizes import product


def _flat(a: Any, axis: Any) -> tuple[Shape, int]:
    """The shape along an axis of which something is put in, and the number of the axis: without one, that of all elements in a row."""
    shape = shape_of(a)
    return ((product(shape),), 0) if axis is None else (shape, place(axis, len(shape)))


def inserted(arr: Any, obj: Any, values: Any, axis: Any) -> Array:
    shape, at = _flat(arr, axis)
    count = _places(shape[at], obj)
    if count == 1:  # as many as there are values then
        given = (1,) * (len(shape) - len(shape_of(values))) + shape_of(values)
        count = given[0] if not shape_of(obj) and not isinstance(obj, slice) else given[at]
    return fresh(arr, replaced(shape, at, shape[at] + count))


def _places(n: Any, obj: Any) -> Any:
    """How many places are named."""
    if isinstance(obj, slice):
        return part_length(n, obj)
    if is_place(obj):
        return 1
    return chosen(obj) if is_mask(obj) else product(shape_of(obj))


def deleted(arr: Any, obj: Any, axis: Any) -> Array:
    shape, at = _flat(arr, axis)
    return fresh(arr, replaced(shape, at, shape[at] - _named(shape[at], obj)))


def _named(n: Any, obj: Any) -> Any:
    """How many of n are named, each once."""
    if isinstance(obj, slice) or is_place(obj) or is_mask(obj) or product(shape_of(obj)) == 1:
        return _places(n, obj)
    if isinstance(obj, Array):
        raise undecided("the numbers that an array holds")
    given = [whole(k) for k in (obj.tolist() if isinstance(obj, np.ndarray) else obj)]
    if all(k >= 0 for k in given) or all(k < 0 for k in given):
        return len(set(given))
    return len({k % int(n) for k in given})


def chosen_from(a: Any, choices: Any) -> Any:
    """One of the choices for each number; an array of choices has them along its first axis."""
    each = [choices.shape[1:]] if isinstance(choices, np.ndarray) else [shape_of(c) for c in choices]
    like = np.result_type(*[dtype_of(c) for c in ([choices] if isinstance(choices, np.ndarray) else choices)])
    return one_or_array(like, broadcast(shape_of(a), *each))


def windows(x: Any, window_shape: Any, axis: Any) -> Array:
    """A window at each place where it lies within the array, its axes at the end."""
    shape, wide = shape_of(x), lengths(window_shape)
    axes = tuple(range(len(shape))) if axis is None else axes_of_windows(axis, len(shape))
    if len(axes) != len(wide):
        raise ValueError("Must provide window_shape for all axes")
    left = list(shape)
    for k, width in zip(axes, wide, strict=True):
        left[k] = left[k] - width + 1
    if any(_is_negative(n) for n in left):
        raise ValueError("window shape cannot be larger than input array shape")
    return Array(dtype_of(x), (*left, *wide), writeable=False)


def _is_negative(size: Any) -> bool:
    """Whether a window is too wide, as far as that is known."""
    with contextlib.suppress(Undecided):
        return bool(size < 0)
    return False


def axes_of_windows(axis: Any, rank: int) -> tuple[int, ...]:
    """Axes, of which one may be named more than once."""
    return tuple(axes_of(k, rank)[0] for k in (axis if isinstance(axis, (tuple, list)) else (axis,)))
