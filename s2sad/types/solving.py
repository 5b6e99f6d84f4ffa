"""Shapes of what scipy.linalg solves and factors."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types import linear
from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast
from s2sad.types.given import Shape, agreed
from s2sad.types.questions import undecided
from s2sad.types.sizes import at_least_zero, smaller


def factor_and_side(a: Any) -> list[Any]:
    return [linear.square(a), ()]


def _solved(matrix: Shape, b: Any) -> Shape:
    right = shape_of(b)
    agreed(matrix[-1], right[-2:][0], "the matrix and the right sides have different lengths")
    return (*broadcast(matrix[:-2], right[:-2]), *right[-2:])


def by_cholesky_factor(c_and_lower: Any, b: Any) -> Shape:
    return _solved(linear.square(c_and_lower[0]), b)


def by_packed_factors(lu_and_piv: Any, b: Any) -> Array:
    """LAPACK is not asked for the dtype: an exchange with a row that is not there would be made."""
    lu = lu_and_piv[0]
    return Array(np.result_type(dtype_of(lu), dtype_of(b), np.float32), _solved(linear.square(lu), b))


def order_of_rows(pivots: Any, n: Any) -> Array:
    return Array(np.intp, (*shape_of(pivots)[:-1], n))


def lower_and_upper(a: Any, permute_l: Any, p_indices: Any) -> list[Shape]:
    *rest, rows, columns = linear.matrix(a)
    least = smaller(rows, columns)
    factors = [(*rest, rows, least), (*rest, least, columns)]
    return factors if permute_l else [(*rest, rows) if p_indices else (*rest, rows, rows), *factors]


def packed(a: Any) -> list[Shape]:
    *rest, rows, columns = linear.matrix(a)
    return [(*rest, rows, columns), (*rest, smaller(rows, columns))]


def pseudo_inverse(a: Any, return_rank: Any) -> Any:
    shape = linear.pseudo_inverse(a)
    return [shape, shape[:-2]] if return_rank else shape


def least_squares(a: Any, b: Any, lapack_driver: Any) -> list[Any]:
    """There are residuals only if the matrix has more rows than columns, and these are independent."""
    (*rest, rows, columns), right = linear.matrix(a), shape_of(b)
    if lapack_driver == "gelsy" or rest or (not at_least_zero(columns - rows) and not rows <= columns):
        raise undecided("the rank of a matrix")
    dtype = np.result_type(dtype_of(a), dtype_of(b))
    real = np.zeros(1, dtype).real.dtype
    return [Array(dtype, (columns, *right[1:])), Array(dtype, (0,)), (), Array(real, (smaller(rows, columns),))]


def norm(a: Any, ord: Any, axis: Any, keepdims: Any) -> Shape:
    return linear.norm(a, ord, axis, keepdims)
