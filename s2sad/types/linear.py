"""Shapes of linear algebra: matrices, or stacks of them."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import dtype_of, shape_of
from s2sad.types.families import broadcast
from s2sad.types.given import Shape, agreed, agreed_shape, axes_of, below_zero, fresh, without
from s2sad.types.operators import matmul
from s2sad.types.sizes import same, smaller


def matrix(a: Any) -> Shape:
    shape = shape_of(a)
    if len(shape) < 2:
        raise np.linalg.LinAlgError(f"{len(shape)}-dimensional array given. Array must be at least two-dimensional")
    return shape


def square(a: Any) -> Shape:
    """The shape of square matrices."""
    shape = matrix(a)
    if not same(shape[-1], shape[-2]) and not shape[-1] == shape[-2]:
        raise np.linalg.LinAlgError(f"Last 2 dimensions of the array must be square: {shape[-2]} and {shape[-1]} elements")
    return shape


def a_number_each(a: Any) -> Shape:
    return square(a)[:-2]


def sign_and_logarithm(a: Any) -> list[Shape]:
    return [square(a)[:-2]] * 2


def values(a: Any) -> Shape:
    return square(a)[:-1]


def values_and_vectors(a: Any) -> list[Shape]:
    return [square(a)[:-1], square(a)]


def cofactors(a: Any, directions: Any) -> Shape:
    shape = matrix(a)
    if below_zero(shape[-2] - shape[-1]):
        raise ValueError("a matrix with more columns than rows has no cofactors")
    along = [matrix(d) for d in directions]
    size = agreed_shape([s[-2:] for s in (shape, *along)], "a direction is a matrix of the same shape")
    return (*broadcast(*(s[:-2] for s in (shape, *along))), *size)


def solution(a: Any, b: Any) -> Shape:
    rows, right = square(a), shape_of(b)
    if not right:
        raise np.linalg.LinAlgError("0-dimensional array given. Array must be at least one-dimensional")
    agreed(rows[-1], right[-2:][0], "solve: the operands have a mismatch in their core dimension")
    return (*broadcast(rows[:-2], right[:-2]), *right[-2:])


def pseudo_inverse(a: Any) -> Shape:
    shape = matrix(a)
    return (*shape[:-2], shape[-1], shape[-2])


def singular(a: Any, full_matrices: Any, compute_uv: Any) -> Any:
    *rest, rows, columns = matrix(a)
    least = smaller(rows, columns)
    if not compute_uv:
        return (*rest, least)
    left, right = (rows, columns) if full_matrices else (least, least)
    return [(*rest, rows, left), (*rest, least), (*rest, right, columns)]


def orthogonal(a: Any, mode: Any) -> Any:
    *rest, rows, columns = matrix(a)
    least = rows if mode == "complete" else smaller(rows, columns)
    if mode == "raw":
        return [(*rest, columns, rows), (*rest, least)]
    return (*rest, least, columns) if mode == "r" else [(*rest, rows, least), (*rest, least, columns)]


def chain(arrays: Any) -> Any:
    """The product of several matrices, of which the first and the last may be vectors."""
    if len(arrays) < 2:
        raise ValueError("Expecting at least two arrays.")
    product = fresh(arrays[0], shape_of(arrays[0]))
    for each in arrays[1:]:
        product = fresh([product.dtype.type(1), dtype_of(each).type(1)], matmul(product, each))
    return product.shape


def norm(x: Any, ord: Any, axis: Any, keepdims: Any) -> Shape:
    shape = shape_of(x)
    if axis is None:
        if ord is not None and len(shape) not in (1, 2):
            raise ValueError("Improper number of dimensions to norm.")
        _has_an_extreme(shape, tuple(range(len(shape))), ord)
        return (1,) * len(shape) if keepdims else ()
    gone = axes_of(axis, len(shape))
    if len(gone) > 2:
        raise ValueError("Improper number of dimensions to norm.")
    _has_an_extreme(shape, gone, ord)
    return without(shape, *gone, keepdims=keepdims)


def _has_an_extreme(shape: Shape, axes: tuple[int, ...], ord: Any) -> None:
    """Raises what NumPy raises where a norm is the largest or smallest of no elements."""
    if isinstance(ord, (int, float)) and (len(axes) == 2 or abs(ord) == np.inf):
        np.linalg.norm(np.ones([0 if shape[axis] == 0 else 1 for axis in axes]), ord)


def rank(A: Any) -> Shape:
    return shape_of(A)[:-2]


def trace(a: Any, axis1: Any, axis2: Any) -> Shape:
    return without(shape_of(a), *axes_of((axis1, axis2), len(shape_of(a))))


def last_trace(x: Any) -> Shape:
    return trace(x, -2, -1)
