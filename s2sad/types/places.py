"""Shapes of what is read at places, along an axis, on a diagonal, and of the places themselves."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, Told, dtype_of, shape_of
from s2sad.types.families import broadcast, fits, place
from s2sad.types.given import Shape, agreed, axes_of, below_zero, fresh, lengths, one_or_array, replaced, whole, without
from s2sad.types.indexing import chosen
from s2sad.types.joining import padded
from s2sad.types.reductions import partitioned
from s2sad.types.sizes import larger, product, smaller


def scattered(v: Any, shape: Any) -> Array:
    """Zeros of the dtype of what is put among them."""
    return fresh(v, lengths(shape))


def scattered_along_axis(v: Any, indices: Any, axis: Any, shape: Any) -> Array:
    array = scattered(v, shape)
    fits((product(shape_of(v)),), (product(taken_along(array, indices, axis).shape),))
    return array


def scattered_where(v: Any, condition: Any, axis: Any, shape: Any) -> Array:
    """Of a mask, only the run knows how many places it names."""
    array = scattered(v, shape)
    if axis is not None:
        fits(without(shape_of(v), axis), without(array.shape, axis))
    if type(condition) is not Array:
        fits((shape_of(v)[axis or 0],), (chosen(condition),))
    return array


def scattered_on_diagonal(v: Any, shape: Any, offset: Any, axis1: Any, axis2: Any) -> Array:
    array = scattered(v, shape)
    fits(shape_of(v), diagonal(array, offset, axis1, axis2).shape)
    return array


def scattered_from_padding(v: Any, pad_width: Any, mode: Any, shape: Any) -> Array:
    array = scattered(v, shape)
    fits(shape_of(v), padded(array, pad_width, mode).shape)
    return array


def added_by_segments(array: Any, indices: Any, axis: Any) -> Array:
    """A sum for each place that a segment begins at."""
    if len(shape_of(indices)) != 1:
        raise ValueError("object too deep for desired array")
    dtype = np.add.reduceat(np.ones(1, dtype_of(array)), [0]).dtype
    return Array(dtype, replaced(shape_of(array), axis, shape_of(indices)[0]))


def scattered_to_segments(v: Any, indices: Any, axis: Any, shape: Any) -> Array:
    array = scattered(v, shape)
    fits(shape_of(v), replaced(array.shape, axis, shape_of(indices)[0]))
    return array


def taken(a: Any, indices: Any, axis: Any) -> Any:
    shape, at = shape_of(a), shape_of(indices)
    if axis is None:
        return one_or_array(dtype_of(a), at)
    k = place(axis, len(shape))
    return one_or_array(dtype_of(a), (*shape[:k], *at, *shape[k + 1 :]))


def taken_along(arr: Any, indices: Any, axis: Any) -> Array:
    """Places along one axis, broadcast along the others."""
    shape, at = shape_of(arr), shape_of(indices)
    if axis is None:
        return fresh(arr, at)
    if len(shape) != len(at):
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    return fresh(arr, broadcast(replaced(shape, axis, 1), at))


def sorted_in(a: Any, v: Any, sorter: Any) -> Any:
    """One place for each value."""
    if sorter is not None:
        agreed(product(shape_of(a)), product(shape_of(sorter)), "sorter.size must equal")
    return one_or_array(np.intp, shape_of(v))


def order(a: Any, axis: Any) -> Array:
    return Array(np.intp, (product(shape_of(a)),) if axis is None else (shape_of(a) or (1,)))


def order_around(a: Any, kth: Any, axis: Any) -> Array:
    return Array(np.intp, partitioned(a, kth, axis).shape)


# Elements that are not zero, and what they choose


def nonzero(a: Any) -> Told:
    if not shape_of(a):
        raise ValueError("Calling nonzero on 0d arrays is not allowed.")
    return Told((Array(np.intp, (chosen(a),)),) * len(shape_of(a)))


def flat_nonzero(a: Any) -> Array:
    return Array(np.intp, (chosen(a),))


def places_of_nonzero(a: Any) -> Array:
    return Array(np.intp, (chosen(a), len(shape_of(a))))


def compressed(condition: Any, a: Any, axis: Any) -> Array:
    """As many as the condition chooses along the axis."""
    if len(shape_of(condition)) != 1:
        raise ValueError("condition must be a 1-d array")
    return fresh(a, (chosen(condition),) if axis is None else replaced(shape_of(a), axis, chosen(condition)))


def extracted(condition: Any, arr: Any) -> Array:
    return fresh(arr, (chosen(condition),))


# Diagonals


def diagonal(a: Any, offset: Any, axis1: Any, axis2: Any) -> Array:
    shape = shape_of(a)
    if len(shape) < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    first, second = axes_of((axis1, axis2), len(shape))
    length = diagonal_length(shape[first], shape[second], whole(offset))
    return Array(dtype_of(a), (*without(shape, first, second), length), writeable=False)


def last_diagonal(x: Any, offset: Any) -> Array:
    return diagonal(x, offset, -2, -1)


def diagonal_length(rows: Any, columns: Any, offset: Any) -> Any:
    """How many elements of a matrix lie on a diagonal."""
    if type(offset) is int and offset == 0:
        return smaller(rows, columns)
    below = below_zero(offset)
    return larger(smaller(rows + offset if below else rows, columns if below else columns - offset), 0)


def diagonal_matrix(v: Any, k: Any) -> Array:
    """`np.diag`: of a vector a matrix, of a matrix its diagonal."""
    shape = shape_of(v)
    if len(shape) not in (1, 2):
        raise ValueError("Input must be 1- or 2-d.")
    return diagonal(v, k, 0, 1) if len(shape) == 2 else flat_on_diagonal(v, k)


def flat_on_diagonal(v: Any, k: Any) -> Array:
    length = product(shape_of(v)) + abs(whole(k))
    return fresh(v, (length, length))


def triangle(m: Any) -> Shape:
    shape = shape_of(m)
    return shape * 2 if len(shape) == 1 else shape


# Places


def diagonal_places(n: Any, ndim: Any) -> Told:
    return Told((Array(np.intp, (larger(whole(n), 0),)),) * int(ndim))


def lower_places(n: Any, k: Any, m: Any) -> Told:
    count = _count_below(larger(whole(n), 0), whole(k), larger(whole(n if m is None else m), 0))
    return Told((Array(np.intp, (count,)), Array(np.intp, (count,))))


def upper_places(n: Any, k: Any, m: Any) -> Told:
    return lower_places(n if m is None else m, -k, n)


def lower_places_of(arr: Any, k: Any) -> Told:
    rows, columns = _of_matrix(arr)
    return lower_places(rows, k, columns)


def upper_places_of(arr: Any, k: Any) -> Told:
    rows, columns = _of_matrix(arr)
    return upper_places(rows, k, columns)


def diagonal_places_of(arr: Any) -> Told:
    shape = shape_of(arr)
    if len(shape) < 2:
        raise ValueError("input array must be at least 2-d")
    return diagonal_places(shape[0], len(shape))


def flat_places(multi_index: Any) -> Any:
    """One for each place that is given by a number for each axis."""
    each = [multi_index.shape[1:]] if isinstance(multi_index, np.ndarray) else [shape_of(i) for i in multi_index]
    return one_or_array(np.intp, broadcast(*each))


def _of_matrix(arr: Any) -> Shape:
    if len(shape_of(arr)) != 2:
        raise ValueError("input array must be 2-d")
    return shape_of(arr)


def _count_below(rows: Any, k: Any, columns: Any) -> Any:
    """How many elements lie on a diagonal and below it: row i has i + k + 1 of them, but not more than there are columns."""
    return _triangular(rows + k) - _triangular(k) - _triangular(rows + k - columns) + _triangular(k - columns)


def _triangular(n: Any) -> Any:
    """1 + 2 + ... + n."""
    last = larger(n, 0)
    return last * (last + 1) // 2


def unravelled(indices: Any, shape: Any) -> Told:
    return Told(tuple(one_or_array(np.intp, shape_of(indices)) for _ in lengths(shape)))
