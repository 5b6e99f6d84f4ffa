"""Equations with sparse arrays, and with their transposes, solved by SciPy: directly, by factors that there are, and step by step."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse.linalg

from s2sad.errors import MissingRule
from s2sad.rules.scipy.sparse_entries import rows_and_columns, with_entries

SYMMETRIC = frozenset({"cg", "minres"})
OF_THE_MATRIX = frozenset({"M", "M1", "M2"})


def _summed(a: Any, in_order: bool) -> Any:
    """An array that the solvers leave as it is: others they sort in the memory where it is."""
    if a.format not in ("csr", "csc"):
        return a.tocsc()
    if in_order and not a.has_canonical_format:
        raise MissingRule("a solver sorts the entries of a sparse array in place, and adds those of one place up",
                          hint='sort them before, or use control="record"')  # fmt: skip
    return a if a.has_canonical_format else a.copy()


def _spsolve(a: Any, b: Any, in_order: bool = False, **options: Any) -> Any:
    return scipy.sparse.linalg.spsolve(_summed(a, in_order), b, **options)


def _splu(a: Any, in_order: bool = False, **options: Any) -> Any:
    return scipy.sparse.linalg.splu(_summed(a, in_order), **options)


def solved(where: Any, data: Any, b: Any, shape: Any, options: Any) -> Any:
    """`spsolve(a, b)`."""
    return _spsolve(with_entries(where, data, shape), b, **options)


def solved_transposed(where: Any, data: Any, b: Any, shape: Any, options: Any) -> Any:
    """`spsolve(a.T, b)`."""
    return _spsolve(with_entries(where, data, shape).T, b, **options)


def solved_triangle(where: Any, data: Any, b: Any, shape: Any, options: Any) -> Any:
    """`spsolve_triangular(a, b)`."""
    return scipy.sparse.linalg.spsolve_triangular(with_entries(where, data, shape), b, **options)


def solved_triangle_transposed(where: Any, data: Any, b: Any, shape: Any, options: Any) -> Any:
    a = with_entries(where, data, shape).T
    turned = {**options, "lower": not options.get("lower", True)}
    return scipy.sparse.linalg.spsolve_triangular(a if a.format in ("csr", "csc") else a.tocsc(), b, **turned)


def in_triangle(where: Any, shape: Any, size: Any, options: Any) -> Any:
    """Which entries a triangular solver reads."""
    rows, columns = rows_and_columns(where, size[1:], shape)
    inside = rows >= columns if options.get("lower", True) else rows <= columns
    return np.reshape(inside & ((rows != columns) | (not options.get("unit_diagonal", False))), size)


def factored(where: Any, data: Any, shape: Any, options: Any) -> Any:
    """`splu(a)`, which no derivative goes through: what it solves depends on the entries that it is told again."""
    return _splu(with_entries(where, data, shape), **options)


def solved_by(factors: Any, where: Any, data: Any, b: Any, shape: Any, trans: str) -> Any:
    """The solution by the factors of the array with these entries."""
    return factors.solve(b, trans)


def iterated(where: Any, data: Any, b: Any, x0: Any, shape: Any, name: str, options: Any) -> Any:
    """The solution that a solver has converged to. Raises ArithmeticError where it has not, for the derivative is that of the solution."""
    found, info = getattr(scipy.sparse.linalg, name)(with_entries(where, data, shape), b, x0, **options)
    if info:
        raise _not_converged(name, info)
    return found


def iterated_again(where: Any, data: Any, b: Any, shape: Any, name: str, options: Any, turned: bool) -> Any:
    """The solution of the same equation, or of the transposed one, for another right side: scaled, for the solvers stop at numbers that
    are small as they stand. What speeds up the one is not what speeds up the other, where it is not symmetric.
    """
    size = np.max(np.abs(b), initial=0.0)
    if size == 0.0 or not np.isfinite(size):
        return np.ravel(b) * np.ones(1, b.dtype)
    left_out = {"atol"} if name in SYMMETRIC or not turned else {"atol", *OF_THE_MATRIX}
    rest = {k: v for k, v in options.items() if k not in left_out}
    a = with_entries(where, data, shape)
    a = a.T if turned and name not in SYMMETRIC else a
    found, info = getattr(scipy.sparse.linalg, name)(a, b / size, **rest)
    if info and name not in SYMMETRIC:  # short recurrences break down at some right sides, such as unit vectors
        given = {"rtol": rest.get("rtol", 1e-5), "restart": min(shape[0], 100), "maxiter": 100}
        return iterated(a, None, b / size, None, shape, "gmres", given) * size
    if info:
        raise _not_converged(name, info)
    return found * size


def _not_converged(name: str, info: int) -> ArithmeticError:
    return ArithmeticError(f"{name}() has not converged (info={info}), and the derivative of what it gives is that of the solution")


def eigenvalues(where: Any, data: Any, shape: Any, k: int, options: Any) -> Any:
    """The eigenvalues that `eigsh` finds."""
    return scipy.sparse.linalg.eigsh(with_entries(where, data, shape), k, return_eigenvectors=False, **options)


def eigenpairs(where: Any, data: Any, shape: Any, k: int, options: Any) -> Any:
    """The same, and eigenvectors."""
    return scipy.sparse.linalg.eigsh(with_entries(where, data, shape), k, **options)


def eigenvectors(where: Any, data: Any, shape: Any, values: Any, options: Any) -> Any:
    """Eigenvectors in the order of the values."""
    found, vectors = scipy.sparse.linalg.eigsh(with_entries(where, data, shape), len(values), **options)
    return vectors[:, np.argsort(found)[np.argsort(np.argsort(values))]]


def singular_values(where: Any, data: Any, shape: Any, k: int, options: Any) -> Any:
    return scipy.sparse.linalg.svds(with_entries(where, data, shape), k, return_singular_vectors=False, **options)


def singular_vectors(where: Any, data: Any, shape: Any, values: Any, options: Any) -> Any:
    """Left and right vectors in the order of the values, in columns."""
    left, found, right = scipy.sparse.linalg.svds(with_entries(where, data, shape), len(values), **options)
    order = np.argsort(found)[np.argsort(np.argsort(values))]
    return left[:, order], np.conj(right[order]).T


def bordered(where: Any, size: Any, n: int) -> Any:
    """The places of a square array with one more row and column: of its entries, the diagonal, the new column, and the new row. With it,
    which entries lie inside."""
    rows, columns = rows_and_columns(where, size[1:], (n, n))
    inside, each, last = rows >= 0, np.arange(n), np.full(n, n)
    places = [np.where(inside, rows, 0), each, each, last], [np.where(inside, columns, 0), each, last, each]
    return ("coo", *map(np.concatenate, places)), inside * 1.0


def doubled(where: Any, size: Any, shape: Any) -> Any:
    """The places of an array in the upper right of a square one, and of its transpose in the lower left."""
    if where is None:
        where = "coo", *map(np.ravel, np.indices(shape))
    rows, columns = rows_and_columns(where, size[1:], shape)
    moved = np.where(columns >= 0, columns + shape[0], -1)
    return "coo", np.concatenate([rows, moved]), np.concatenate([moved, rows])


def quadrature(where: Any, data: Any, shape: Any) -> Any:
    """Places and weights of Gauss and Legendre between 0 and 1, enough for products of two exponentials of the array.

    With `n` places the error for `exp(c s)` falls as `(e c / (8 n)) ** (2 n)`, by the error term of DLMF 3.5(v); here `c` is at most twice
    the norm.
    """
    norm = scipy.sparse.linalg.norm(with_entries(where, data, shape), 1) if where is not None else np.linalg.norm(data, 1)
    places, weights = np.polynomial.legendre.leggauss(12 + int(np.ceil(norm)))
    return [(0.5 * (p + 1.0), 0.5 * w) for p, w in zip(places.tolist(), weights.tolist(), strict=True)]


def exponential_times(where: Any, data: Any, b: Any, shape: Any, options: Any) -> Any:
    """What the exponential of an array makes of `b`."""
    return scipy.sparse.linalg.expm_multiply(with_entries(where, data, shape), b, **options)


def exponential_times_transposed(where: Any, data: Any, b: Any, shape: Any, options: Any) -> Any:
    return scipy.sparse.linalg.expm_multiply(with_entries(where, data, shape).T, b, **options)
