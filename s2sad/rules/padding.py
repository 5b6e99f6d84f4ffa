"""`np.pad` where what it puts around an array is computed: axis by axis, as it is defined. Copies and constants have a rule."""
from __future__ import annotations

from typing import Any

import numpy as np

STATISTICS = {"maximum": np.max, "minimum": np.min, "mean": np.mean, "median": np.median}


def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    """`np.pad(array, pad_width, mode, **options)` in such a mode."""
    array = np.asarray(array)
    widths = _pairs(pad_width, np.ndim(array))
    if callable(mode):
        return _by_function(array, widths, mode, options)
    if mode == "linear_ramp":
        return _ramps(array, widths, **options)
    return _statistics(array, widths, STATISTICS[mode], **options)


def _pairs(given: Any, rank: int) -> Any:
    """A pair for each axis, from what NumPy takes for that."""
    if isinstance(given, dict):
        given = [given.get(k, given.get(k - rank, 0)) for k in range(rank)]
        return [(w, w) if isinstance(w, (int, np.integer)) else w for w in given]
    given = given.tolist() if isinstance(given, np.ndarray) else given
    if not isinstance(given, (list, tuple)):
        return [(given, given)] * rank
    each = [(p[0], p[-1]) for p in (given if isinstance(given[0], (list, tuple)) else [given]) if len(p) <= 2]
    if len(each) not in (1, rank):
        raise ValueError("operands could not be broadcast together")
    return each if len(each) == rank else each * rank


def _part(array: Any, axis: int, part: slice) -> Any:
    return array[(slice(None),) * axis + (part,)]


def _by_function(array: Any, widths: Any, function: Any, options: Any) -> Any:
    """A function that writes into each vector, with zeros around."""
    padded = np.pad(array, widths)
    for axis, width in enumerate(widths):
        view = np.moveaxis(padded, axis, -1)
        for place in np.ndindex(np.shape(view)[:-1]):
            function(view[(*place, Ellipsis)], tuple(width), axis, options)
    return padded


def _ramps(array: Any, widths: Any, end_values: Any = 0) -> Any:
    """From a value at each end in even steps to the edge."""
    ends = np.broadcast_to(np.asarray(end_values), (np.ndim(array), 2))
    for axis, (before, after) in enumerate(widths):
        first, last = (np.squeeze(_part(array, axis, part), axis) for part in (slice(0, 1), slice(-1, None)))
        left = np.linspace(ends[axis, 0], first, before, False, dtype=array.dtype, axis=axis)
        right = np.linspace(ends[axis, 1], last, after, False, dtype=array.dtype, axis=axis)
        array = np.concatenate([left, array, np.flip(right, axis)], axis=axis)
    return array


def _statistics(array: Any, widths: Any, function: Any, stat_length: Any = None) -> Any:
    """A statistic of the elements at each end, so many of them or all."""
    lengths = [(None, None)] * np.ndim(array) if stat_length is None else _pairs(stat_length, np.ndim(array))
    for axis, (before, after) in enumerate(widths):
        first, last = lengths[axis]
        head = function(_part(array, axis, slice(first)), axis=axis, keepdims=True)
        tail = head if last is None else function(_part(array, axis, slice(-last if last else np.shape(array)[axis], None)),
                                                  axis=axis, keepdims=True)  # fmt: skip
        array = np.concatenate([np.repeat(head, before, axis=axis), array, np.repeat(tail, after, axis=axis)], axis=axis)
    return array
