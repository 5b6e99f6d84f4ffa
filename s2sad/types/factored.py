"""Shapes of the factors of scipy.linalg."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types import linear
from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.given import Shape
from s2sad.types.questions import undecided
from s2sad.types.sizes import smaller


def _real(*arrays: Any) -> Any:
    """The dtype of real results. LAPACK is not asked, which has no second eigenvalue of one element."""
    return np.zeros(1, np.result_type(np.float32, *(dtype_of(a) for a in arrays if a is not None))).real.dtype


def eigvalsh(a: Any, b: Any, subset_by_index: Any) -> Array:
    shape = linear.square(a)
    count = shape[-1] if subset_by_index is None else subset_by_index[1] - subset_by_index[0] + 1
    return Array(_real(a, b), (*shape[:-2], count))


def eigh(a: Any, b: Any, eigvals_only: Any, subset_by_index: Any) -> Any:
    values = eigvalsh(a, b, subset_by_index)
    own = np.result_type(np.float32, dtype_of(a), *(() if b is None else (dtype_of(b),)))
    return values if eigvals_only else [values, Array(own, (*linear.square(a)[:-1], values.shape[-1]))]


def eigh_tridiagonal(d: Any, e: Any, eigvals_only: Any) -> Any:
    (n,) = shape_of(d)
    values = Array(_real(d, e), (n,))
    return values if eigvals_only else [values, Array(values.dtype, (n, n))]


def eigvalsh_tridiagonal(d: Any, e: Any) -> Array:
    return Array(_real(d, e), shape_of(d))


def eig(a: Any, right: Any) -> Any:
    """Of a real matrix the values are complex all the same, and vectors may be real."""
    return linear.any_values_and_vectors(a) if right else linear.values(a)


def singular_values(a: Any) -> Any:
    return linear.singular(a, False, False)


def qr(a: Any, mode: Any, pivoting: Any) -> Any:
    *rest, rows, columns = linear.matrix(a)
    inner = smaller(rows, columns) if mode in ("economic", "raw") else rows
    factors = [(*rest, inner, columns)] if mode == "r" else [(*rest, rows, inner), (*rest, inner, columns)]
    return [*factors, (*rest, columns)] if pivoting else factors


def rq(a: Any, mode: Any) -> Any:
    *rest, rows, columns = linear.matrix(a)
    inner = smaller(rows, columns) if mode == "economic" else columns
    return (*rest, rows, columns) if mode == "r" else [(*rest, rows, inner), (*rest, inner, columns)]


def polar(a: Any, side: Any) -> list[Shape]:
    *rest, rows, columns = linear.matrix(a)
    n = columns if side == "right" else rows
    return [(*rest, rows, columns), (*rest, n, n)]


def procrustes(A: Any, B: Any) -> list[Shape]:
    *rest, _, columns = linear.matrix(A)
    return [(*rest, columns, columns), tuple(rest)]


# Functions of matrices, and matrix equations


def square(A: Any) -> Shape:
    return linear.square(A)


def of_complex(A: Any) -> Shape:
    if dtype_of(A).kind != "c":
        raise undecided("whether this function of a real matrix is real")
    return linear.square(A)


def frechet(A: Any, compute_expm: Any) -> Any:
    shape = linear.square(A)
    return [shape, shape] if compute_expm else shape


def like_last(q: Any) -> Shape:
    return shape_of(q)


def discrete(a: Any, q: Any) -> Array:
    """SciPy is not asked, which finds one and one to be singular."""
    return Array(np.result_type(np.float32, dtype_of(a), dtype_of(q)), shape_of(q))


def like_first(a: Any) -> Shape:
    return shape_of(a)
