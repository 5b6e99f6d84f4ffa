"""Shapes and dtypes of what is computed with sparse arrays; the shape of the array is an argument."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of


def _both(one: Any, other: Any) -> Any:
    return np.result_type(dtype_of(one), dtype_of(other))


def product(data: Any, x: Any, shape: Any) -> Array:
    return Array(_both(data, x), (shape[0], *shape_of(x)[1:]))


def product_transposed(data: Any, x: Any, shape: Any) -> Array:
    return Array(_both(data, x), (shape[-1], *shape_of(x)[1:]))


def outer_entries(u: Any, v: Any, shape: Any) -> Array:
    return Array(_both(u, v), tuple(shape))


def dense(data: Any, shape: Any) -> Array:
    return Array(dtype_of(data), tuple(shape))


def at_entries(array: Any, size: Any) -> Array:
    return Array(dtype_of(array), tuple(size))


def added_up(data: Any, shape: Any, name: str, along: Any) -> Any:
    """The sums of rows or columns, or a diagonal; a number of the dtype where it is of all entries."""
    if name == "diagonal":
        rows, columns = shape[0] + min(along, 0), shape[1] - max(along, 0)
        return Array(dtype_of(data), (min(rows, columns),))
    return dtype_of(data).type(1) if along is None else Array(dtype_of(data), (shape[1 - along % 2],))


def spread_out(sums: Any, size: Any) -> Array:
    return Array(dtype_of(sums), tuple(size))


def solved(data: Any, b: Any) -> Array:
    """A column becomes a vector."""
    shape = shape_of(b)
    return Array(dtype_of(b) if data is None else _both(data, b), shape[:1] if len(shape) == 2 and shape[1] == 1 else shape)


def values(data: Any, k: Any) -> Array:
    return Array(np.zeros(1, dtype_of(data)).real.dtype, (k,))


def in_triangle(size: Any) -> Array:
    return Array(np.dtype(bool), tuple(size))
