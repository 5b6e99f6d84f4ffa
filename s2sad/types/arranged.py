"""Shapes of matrices that vectors are arranged to."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast
from s2sad.types.given import Shape
from s2sad.types.sizes import product


def _row(a: Any) -> Shape:
    return shape_of(a) or (1,)


def toeplitz(c: Any, r: Any) -> Shape:
    column, row = _row(c), _row(c if r is None else r)
    return (*broadcast(column[:-1], row[:-1]), column[-1], row[-1])


def circulant(c: Any) -> Shape:
    shape = _row(c)
    return (*shape, shape[-1])


def hankel(c: Any, r: Any) -> Shape:
    return (product(shape_of(c)), product(shape_of(c if r is None else r)))


def fiedler(a: Any) -> Shape:
    return circulant(a)


def fiedler_companion(a: Any) -> Array:
    (n,) = shape_of(a)
    return Array(np.result_type(dtype_of(a), np.float32), (n - 1, n - 1))


def leslie(f: Any, s: Any) -> Array:
    """SciPy is not asked, which wants two of one for each of the other."""
    return Array(np.result_type(dtype_of(f), dtype_of(s)), circulant(f))


def of_diagonal(s: Any, M: Any, N: Any) -> Array:
    return Array(dtype_of(s), (*shape_of(s)[:-1], M, N))


def blocks(arrs: Any) -> Shape:
    shapes = [(1,) * (2 - len(shape_of(a))) + shape_of(a) for a in arrs]
    rows: Any = 0
    columns: Any = 0
    for shape in shapes:
        rows, columns = rows + shape[-2], columns + shape[-1]
    return (*broadcast(*(shape[:-2] for shape in shapes)), rows, columns)


def _double(*arrays: Any) -> Any:
    return np.result_type(np.float64, *(dtype_of(a) for a in arrays))


def _given(c_or_cr: Any) -> tuple[Any, ...]:
    return c_or_cr if isinstance(c_or_cr, tuple) else (c_or_cr,)


def as_right_side(c_or_cr: Any, b: Any) -> Array:
    """SciPy solves these systems in double precision."""
    return Array(_double(*_given(c_or_cr), b), shape_of(b))


def toeplitz_product(c_or_cr: Any, x: Any) -> Shape:
    return (*shape_of(_given(c_or_cr)[0])[-1:], *shape_of(x)[1:])


def banded_solution(ab: Any, b: Any) -> Array:
    """LAPACK is not asked, which takes other numbers of diagonals than one for wrong."""
    return Array(np.result_type(np.float32, dtype_of(ab), dtype_of(b)), shape_of(b))


def hermitian_solution(ab: Any, b: Any) -> Shape:
    return shape_of(b)
