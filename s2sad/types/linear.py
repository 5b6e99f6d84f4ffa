"""Shapes of linear algebra: matrices, or stacks of them."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast, place
from s2sad.types.given import Shape, agreed, agreed_shape, axes_of, below_zero, fresh, without
from s2sad.types.operators import matmul
from s2sad.types.questions import undecided
from s2sad.types.sizes import at_least_zero, product, same, smaller


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


def any_values(a: Any) -> Shape:
    """Of a complex matrix; those of a real one are real or complex."""
    shape = square(a)
    if dtype_of(a).kind != "c":
        raise undecided("whether the eigenvalues of a matrix are real")
    return shape[:-1]


def any_values_and_vectors(a: Any) -> list[Shape]:
    return [any_values(a), square(a)]


def singular_values(x: Any) -> Any:
    return singular(x, False, False)


def least_squares(a: Any, b: Any, rcond: Any) -> list[Any]:
    """There are residuals only if the matrix has more rows than columns, and these are independent."""
    (rows, columns), right = matrix(a), shape_of(b)
    agreed(rows, right[0], "Incompatible dimensions")
    if not at_least_zero(columns - rows) and not rows <= columns:
        raise undecided("the rank of a matrix")
    real = np.zeros(1, dtype_of([_one(a), _one(b)])).real.dtype
    return [(columns, *right[1:]), Array(real, (0,)), (), Array(real, (smaller(rows, columns),))]


def _one(a: Any) -> Any:
    return dtype_of(a).type(1)


def condition(x: Any, p: Any) -> Shape:
    return matrix(x)[:-2]


def vector_norm(x: Any, axis: Any, keepdims: Any) -> Shape:
    shape = shape_of(x)
    return without(shape, *(range(len(shape)) if axis is None else axes_of(axis, len(shape))), keepdims=keepdims)


def matrix_norm(x: Any, keepdims: Any) -> Shape:
    return without(matrix(x), -2, -1, keepdims=keepdims)


def tensor_solution(a: Any, b: Any, axes: Any) -> Shape:
    shape, right = shape_of(a), shape_of(b)
    order = [k for k in range(len(shape)) if k not in (axes or ())] + list(axes or ())
    unknown = tuple(shape[k] for k in order[len(right) :])
    agreed(product(shape), product(unknown) * product(unknown), "the equations and the unknowns differ in number")
    return unknown


def tensor_inverse(a: Any, ind: Any) -> Shape:
    shape = shape_of(a)
    return (*shape[ind:], *shape[:ind])


def vecdot_along(x1: Any, x2: Any, axis: Any) -> Shape:
    one, other = shape_of(x1), shape_of(x2)
    lengths = one[place(axis, len(one))], other[place(axis, len(other))]
    agreed(lengths[0], lengths[1], "vecdot: the operands have a mismatch in their core dimension")
    return broadcast(without(one, axis), without(other, axis))


def pairs(w: Any) -> Shape:
    """One number for each pair of the last axis."""
    return (*shape_of(w), shape_of(w)[-1])


def between(values: Any, gaps: Any, x: Any) -> Shape:
    return broadcast(pairs(values), shape_of(gaps), () if x is None else shape_of(x))


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
