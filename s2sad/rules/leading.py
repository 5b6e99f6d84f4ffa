"""What rules say with when their operands have one more axis in front, along which many values lie: axes, indices and shapes behind it.

The functions here are followed, as those of other rules are. One that cannot say how gives None; the operation is made row by row then.
"""
from __future__ import annotations

from typing import Any

import numpy as np


def behind(axis: Any) -> Any:
    """An axis, or several, behind one more in front; those counted from the end stay."""
    if isinstance(axis, (tuple, list)):
        return tuple([k if k < 0 else k + 1 for k in axis])
    return axis if axis < 0 else axis + 1


def within(axis: Any, rows: Any) -> Any:
    """The axes of a reduction, which go over all but the first where none is said."""
    return tuple(range(1, np.ndim(rows))) if axis is None else behind(axis)


def count(rows: Any) -> Any:
    """How many there are."""
    return np.shape(rows)[0]


def shaped(rows: Any, shape: Any) -> Any:
    """The shape of as many of a shape, which may be an array of whole numbers."""
    given = shape.tolist() if isinstance(shape, np.ndarray) else shape
    return (count(rows), *(given if isinstance(given, (tuple, list)) else (given,)))


def aligned(rows: Any, rank: int) -> Any:
    """Rows of arrays that broadcast against arrays of so many axes."""
    missing = rank + 1 - np.ndim(rows)
    return rows[(slice(None), *(None,) * missing)] if missing > 0 else rows


def multiplied(sizes: Any) -> Any:
    """The product of sizes."""
    found: Any = 1
    for size in sizes:
        found = found * size
    return found


def reshaped(rows: Any, shape: Any) -> Any:
    """The shape of as many of a shape, of which one size may be left to what the array has."""
    if isinstance(shape, np.ndarray):
        return shaped(rows, shape)
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    if all(n >= 0 for n in sizes):
        return (count(rows), *sizes)
    left = multiplied(np.shape(rows)[1:]) // multiplied([n for n in sizes if n >= 0])
    return (count(rows), *[n if n >= 0 else left for n in sizes])


def each_flat(rows: Any) -> Any:
    """Each in a row."""
    return rows if np.ndim(rows) == 2 else np.reshape(rows, (count(rows), multiplied(np.shape(rows)[1:])))


def every(index: Any) -> Any:
    """The index of the same part of each."""
    return (slice(None), *(index if isinstance(index, tuple) else (index,)))


def together(index: Any) -> bool:
    """Whether arrays in an index stand side by side: the axes that they make stay behind the first then."""
    parts = index if isinstance(index, tuple) else (index,)
    places = [i for i, p in enumerate(parts) if not isinstance(p, slice) and p is not None and p is not Ellipsis]
    arrays = [i for i in places if np.ndim(parts[i]) > 0]
    return len(arrays) == 0 or places[-1] - places[0] == len(places) - 1


def written(rows: Any, index: Any, value: Any) -> Any:
    """Values to write into a part of each of some arrays, with the axes that broadcast against it."""
    rank = np.ndim(rows[every(index)]) - 1
    missing = np.ndim(value) - 1 - rank  # axes of length 1 in front are left out
    return value[(slice(None), *(0,) * missing)] if missing > 0 else aligned(value, rank)


def padding(pad_width: Any, rank: int) -> Any:
    """The widths for arrays of so many axes, and none in front."""
    given = pad_width.tolist() if isinstance(pad_width, np.ndarray) else pad_width
    if not isinstance(given, (list, tuple)):
        return [(0, 0), *[(given, given)] * rank]
    if not isinstance(given[0], (list, tuple)):
        given = [given if len(given) == 2 else (given[0], given[0])]
    return [(0, 0), *(given if len(given) == rank else list(given) * rank)]


def product(x: Any, y: Any) -> Any:
    """`x @ y` with many `x`."""
    rank = np.ndim(x) - 1
    if np.ndim(y) == 1 or (rank == 1 and np.ndim(y) == 2):
        return x @ y
    if rank == 2 and np.ndim(y) == 2:  # one product
        tall = np.reshape(x, (count(x) * np.shape(x)[1], np.shape(x)[2])) @ y
        return np.reshape(tall, (count(x), np.shape(x)[1], np.shape(y)[1]))
    return aligned(x, np.ndim(y)) @ y if rank >= 2 else None


def product_with(x: Any, y: Any) -> Any:
    """`x @ y` with many `y`."""
    rank = np.ndim(y) - 1
    if rank == 1 and np.ndim(x) == 1:
        return y @ x
    if rank == 1:
        return y @ x.T if np.ndim(x) == 2 else None
    return x @ y if np.ndim(x) == 1 else x @ aligned(y, np.ndim(x))


def solution(a: Any, b: Any) -> Any:
    """The solutions for many right sides."""
    if np.ndim(a) > 2:
        return None
    if np.ndim(b) == 2:
        return np.linalg.solve(a, b.T).T
    wide = np.reshape(np.moveaxis(b, 0, 1), (np.shape(b)[1], count(b) * np.shape(b)[2]))
    return np.moveaxis(np.reshape(np.linalg.solve(a, wide), (np.shape(b)[1], count(b), np.shape(b)[2])), 1, 0)
