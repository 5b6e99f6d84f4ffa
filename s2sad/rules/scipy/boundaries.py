"""Filters over arrays that go on beyond their ends in one of the ways of scipy.ndimage, and the transposes of these filters.

An entry of the array that goes on is one of the array, or a constant. So the transpose adds up, for each entry, what belongs to its copies.
A correlation with weights is linear in the array and in the weights: `correlated`, `correlated_back` and `weights_back` are the three parts
of one form in three arguments, which are the derivatives of one another.
"""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.ndimage

Widths = tuple[tuple[int, int], ...]


def sources(length: int, before: int, after: int, mode: str) -> Any:
    """Which entry of an array each entry of it is that goes on by so many at both ends; -1 where it is a constant.

    >>> sources(3, 2, 2, "reflect")
    array([1, 0, 0, 1, 2, 2, 1])
    >>> sources(3, 2, 2, "mirror")
    array([2, 1, 0, 1, 2, 1, 0])
    """
    k = np.arange(-before, length + after)
    if mode in ("wrap", "grid-wrap"):
        return k % length
    if mode == "nearest":
        return np.clip(k, 0, length - 1)
    if mode in ("reflect", "grid-mirror"):
        return np.minimum(k % (2 * length), (-1 - k) % (2 * length))
    if mode == "mirror":
        period = max(2 * length - 2, 1)
        return np.minimum(k % period, -k % period)
    return np.where((k >= 0) & (k < length), k, -1)


def extended(x: Any, widths: Widths, mode: Any, cval: Any = 0.0) -> Any:
    """An array that goes on."""
    for axis, (before, after) in enumerate(widths):
        if before or after:
            k = sources(x.shape[axis], before, after, _mode(mode, axis))
            there = np.expand_dims(k >= 0, tuple(range(1, x.ndim - axis)))
            x = np.where(there, np.take(x, k, axis), np.asarray(cval, x.dtype if np.isrealobj(cval) else None))
    return x


def folded(wide: Any, widths: Widths, mode: Any) -> Any:
    """What belongs to the copies of each entry of an array that goes on, added up."""
    for axis, (before, after) in enumerate(widths):
        if before or after:
            wide = np.moveaxis(_folded_first(np.moveaxis(wide, axis, 0), before, after, _mode(mode, axis)), 0, axis)
    return wide


def _folded_first(wide: Any, before: int, after: int, mode: str) -> Any:
    length = wide.shape[0] - before - after
    k = sources(length, before, after, mode)
    inside = wide[before : before + length].copy()
    for place in (*range(before), *range(before + length, wide.shape[0])):
        if k[place] >= 0:
            inside[k[place]] += wide[place]
    return inside


def _mode(mode: Any, axis: int) -> str:
    return mode if isinstance(mode, str) else str(mode[axis])


def widths_of(shape: Any, origins: Any) -> Widths:
    """By how much an array goes on under a filter of a shape."""
    return tuple((n // 2 + o, n - 1 - n // 2 - o) for n, o in zip(shape, origins, strict=True))


def windows(wide: Any, shape: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The part of an array that each weight of a filter meets."""
    length = tuple(n - k + 1 for n, k in zip(wide.shape, shape, strict=True))
    for at in itertools.product(*map(range, shape)):
        yield at, wide[tuple(slice(a, a + n) for a, n in zip(at, length, strict=True))]


# Correlation with weights that have the axes of the array


def correlated(x: Any, weights: Any, mode: Any = "reflect", cval: Any = 0.0, origins: Any = ()) -> Any:
    """The correlation with weights, which are not conjugated."""
    if isinstance(mode, str):
        return scipy.ndimage.correlate(x, np.conj(weights), mode=mode, cval=cval, origin=origins)
    widths = widths_of(weights.shape, origins)
    return _inside(scipy.ndimage.correlate(extended(x, widths, mode, cval), np.conj(weights), mode="constant", origin=origins), widths)


def _inside(wide: Any, widths: Widths) -> Any:
    return wide[tuple(slice(before, n - after) for n, (before, after) in zip(wide.shape, widths, strict=True))]


def correlated_back(c: Any, weights: Any, mode: Any = "reflect", origins: Any = ()) -> Any:
    """The cotangent of an array from that of its correlation."""
    widths = widths_of(weights.shape, origins)
    turned = np.flip(weights)
    away = [after - n // 2 for (_, after), n in zip(widths, weights.shape, strict=True)]
    wide = scipy.ndimage.correlate(np.pad(c, widths), np.conj(turned), mode="constant", origin=away)
    return folded(wide, widths, mode)


def weights_back(c: Any, x: Any, shape: Any, mode: Any = "reflect", cval: Any = 0.0, origins: Any = ()) -> Any:
    """The cotangent of weights of a shape."""
    wide = extended(x, widths_of(shape, origins), mode, cval)
    found = np.zeros(shape, np.result_type(c, wide))
    for at, part in windows(wide, shape):
        found[at] = np.sum(c * part)
    return found


# Filters that are correlations along one axis after another


def along(weights: Any, axis: int, rank: int) -> Any:
    """Weights along one axis of an array of so many."""
    return np.reshape(weights, [-1 if k == axis % rank else 1 for k in range(rank)])


def one_by_one_back(c: Any, steps: Any) -> Any:
    """The cotangent of what was correlated in steps of an axis, weights, a mode and an origin each."""
    for axis, weights, mode, origin in reversed(steps):
        kernel = along(weights, axis, c.ndim)
        c = correlated_back(c, kernel, mode, tuple(origin if k == axis % c.ndim else 0 for k in range(c.ndim)))
    return c


def each(value: Any, count: int) -> list[Any]:
    """As many values, of which one may be said for all."""
    return [value] * count if isinstance(value, str) or np.ndim(value) == 0 else list(value)


def axes_of(axes: Any, rank: int) -> tuple[int, ...]:
    return tuple(range(rank)) if axes is None else tuple(int(a) % rank for a in np.atleast_1d(axes))
