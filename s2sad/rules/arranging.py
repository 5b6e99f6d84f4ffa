"""Functions of NumPy that arrange, choose and search: what is joined, cut, padded, repeated along axes, counted and compared."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.creation import AS_ARRAY, _array_back
from s2sad.rules.facts import Facts
from s2sad.rules.following import follow
from s2sad.rules.language import linear, method
from s2sad.rules.leading import behind
from s2sad.runtime.arrays import scatter
from s2sad.runtime.functions import unbroadcast
from s2sad.types import dependence, inserting


def _along(axis: int, index: Any) -> Any:
    return (slice(None),) * axis + (index,)


def _flat(a: Any, axis: Any) -> Any:
    """The array along an axis of which something is put in or left out: without an axis, all its elements in a row."""
    return np.ravel(a) if axis is None else a


# Put in and left out: the same is done to the numbers of the places, and they say where each element goes


def _origin(g: Any, arr: Any, obj: Any, axis: int) -> Any:
    """The places of a result: first those of the array, then those of the values, in their order."""
    n = np.shape(arr)[axis]
    count = np.shape(g)[axis] - n
    return np.argsort(np.insert(np.full(n, -1), obj, np.arange(count)), kind="stable")


def _insert_back(g: Any, arr: Any, obj: Any, axis: Any) -> Any:
    flat, at = _flat(arr, axis), 0 if axis is None else axis % np.ndim(arr)
    kept = _origin(g, flat, obj, at)[: np.shape(flat)[at]]
    return np.reshape(g[_along(at, kept)], np.shape(arr))


def _values_back(g: Any, arr: Any, obj: Any, values: Any, axis: Any) -> Any:
    """Those of one place stand with their first axis along that of the array if the place is a number, and with the same axis if not."""
    flat, at = _flat(arr, axis), 0 if axis is None else axis % np.ndim(arr)
    put = g[_along(at, _origin(g, flat, obj, at)[np.shape(flat)[at] :])]
    if isinstance(obj, slice) or np.ndim(obj):
        return unbroadcast(put, np.shape(values))
    missing = np.ndim(flat) - np.ndim(values)
    return np.reshape(unbroadcast(np.moveaxis(put, at, 0), (1,) * missing + np.shape(values)), np.shape(values))


def _delete_back(g: Any, arr: Any, obj: Any, axis: Any) -> Any:
    flat, at = _flat(arr, axis), 0 if axis is None else axis % np.ndim(arr)
    kept = np.delete(np.arange(np.shape(flat)[at]), obj)
    return np.reshape(scatter(g, _along(at, kept), np.shape(flat)), np.shape(arr))


linear("np.insert(arr, obj, values, axis=None)", arr="_insert_back(g, arr, obj, axis)",
       values="_values_back(g, arr, obj, values, axis)", may_raise=True, dynamic=True,
       facts=Facts(counts="obj", gives=inserting.inserted, placed=True, spreads=dependence.moves))  # fmt: skip
linear("np.delete(arr, obj, axis=None)", arr="_delete_back(g, arr, obj, axis)", may_raise=True, dynamic=True,
       facts=Facts(counts="obj", gives=inserting.deleted, placed=True, spreads=dependence.moves,
                   mapped="None if axis is None and np.ndim(arr) != 2 else"
                          " np.delete(arr, obj, 1 if axis is None else behind(axis))"))  # fmt: skip


# Choices


def _within(a: Any, count: Any, mode: str) -> Any:
    return np.mod(a, count) if mode == "wrap" else np.clip(a, 0, count - 1) if mode == "clip" else a


def _choose_back(g: Any, a: Any, choices: Any, mode: str) -> Any:
    """What goes back to each choice; an array of them has an array of cotangents."""
    places = _within(a, len(choices), mode)
    parts = [unbroadcast(np.where(np.equal(places, k), g, 0.0), np.shape(choices[k])) for k in range(len(choices))]
    return parts if isinstance(choices, (list, tuple)) else np.stack(parts)


linear("np.choose(a, choices, mode='raise')", choices="_choose_back(g, a, choices, mode)", as_given=True, may_raise=True,
       facts=Facts(gives=inserting.chosen_from, spreads=dependence.moves))  # fmt: skip
method("choose", np.choose, direct=True)


# Windows


def _windows_back(g: Any, x: Any, window_shape: Any, axis: Any) -> Any:
    """Window after window, from the last: what two of them read has both cotangents."""
    count = len(window_shape) if isinstance(window_shape, (tuple, list)) else 1
    axes = range(count) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    for axis in reversed(list(axes)):
        at = axis % np.ndim(x)
        places, width = np.shape(g)[at], np.shape(g)[-1]
        index = np.reshape(np.arange(places), (-1, 1)) + np.arange(width)
        shape = (*np.shape(g)[:at], places + width - 1, *np.shape(g)[at + 1 : -1])
        g = scatter(np.moveaxis(g, -1, at + 1), _along(at, index), shape)
    return g


linear("np.lib.stride_tricks.sliding_window_view(x, window_shape, axis=None, subok=False, writeable=False)",
       x="_windows_back(g, x, window_shape, axis)",
       facts=Facts(memory="shown", gives=inserting.windows, spreads=dependence.moves,
                   mapped="np.lib.stride_tricks.sliding_window_view(x, window_shape,"
                          " tuple(range(1, np.ndim(x))) if axis is None else behind(axis))"))  # fmt: skip

linear("np.require(a, dtype=None, requirements=None)", a="_array_back(g, a)", as_given=True,
       facts=AS_ARRAY.but(spreads=dependence.moves, mapped=""))  # fmt: skip

follow("np.append", "np.apply_over_axes", "np.array_equiv", "np.block", "np.einsum_path", "np.fill_diagonal", "np.fromfunction",
       "np.intersect1d", "np.mask_indices", "np.meshgrid", "np.resize", "np.setdiff1d", "np.setxor1d", "np.trim_zeros", "np.union1d",
       "np.vectorize")  # fmt: skip
