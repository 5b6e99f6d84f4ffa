"""Linear systems and their factors in scipy.linalg. Each solution goes back through a solution with the transposed matrix, in the same
structure; of a matrix of which a part is read, that part has a cotangent.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from s2sad.errors import MissingRule
from s2sad.rules.decompositions import least_squares_left, least_squares_right
from s2sad.rules.factors import _conj, adjoint, from_triangle, pinv_back, transposed, whole
from s2sad.rules.facts import Facts
from s2sad.rules.language import rule, zero
from s2sad.rules.linalg import _cholesky_ahead, _cholesky_back, _norm_back, _scales
from s2sad.runtime.arrays import cofactors
from s2sad.runtime.functions import unbroadcast
from s2sad.runtime.pivots import row_order
from s2sad.types import dependence, solving
from s2sad.types import linear as linear_algebra

HERMITIAN = ("pos", "positive definite", "her", "hermitian")
SYMMETRIC = ("sym", "symmetric")
TURNED = {"upper triangular": "lower triangular", "lower triangular": "upper triangular"}


# What of a matrix is read


def _band(m: Any) -> Any:
    return np.triu(np.tril(m, 1), -1)


def _read(a: Any, assume_a: Any, lower: Any) -> Any:
    """The matrix that is meant."""
    if assume_a in HERMITIAN:
        return whole(a, not lower)
    if assume_a in SYMMETRIC:
        beside = np.tril(a, -1) if lower else np.triu(a, 1)
        return beside + transposed(beside) + a * np.eye(np.shape(a)[-1])
    return _part(a, assume_a)


def _part(a: Any, assume_a: Any) -> Any:
    if assume_a == "upper triangular":
        return np.triu(a)
    if assume_a == "lower triangular":
        return np.tril(a)
    if assume_a == "diagonal":
        return a * np.eye(np.shape(a)[-1])
    return _band(a) if assume_a == "tridiagonal" else a


def _read_back(m: Any, assume_a: Any, lower: Any) -> Any:
    """The cotangent of what is read, from that of the matrix that is meant."""
    if assume_a in HERMITIAN:
        return from_triangle(m, not lower)
    if assume_a in SYMMETRIC:
        both = m + transposed(m) * (1.0 - np.eye(np.shape(m)[-1]))
        return np.tril(both) if lower else np.triu(both)
    return _part(m, assume_a)


# Solutions


def _as_columns(x: Any, b: Any) -> Any:
    """Right sides, or what has their shape, as matrices."""
    return np.expand_dims(x, -1) if np.ndim(b) == 1 else x


def _product_back(y: Any, x: Any, a: Any, b: Any) -> Any:
    """The cotangent of a matrix by those of the right sides, and the solutions."""
    return -unbroadcast(_as_columns(y, b) @ transposed(_as_columns(x, b)), np.shape(a))


def _applied(m: Any, x: Any, b: Any) -> Any:
    """The product of matrices with solutions."""
    product = m @ _as_columns(x, b)
    return product[..., 0] if np.ndim(b) == 1 else product


def _vectors(solved: Any, g: Any, b: Any) -> Any:
    return solved[..., 0] if np.ndim(b) == 1 and np.ndim(g) > 1 else solved


def _ready(g: Any, b: Any) -> Any:
    """Right sides that are vectors, one for each matrix of a stack, are columns."""
    return np.expand_dims(g, -1) if np.ndim(b) == 1 and np.ndim(g) > 1 else g


def _solve_back(g: Any, a: Any, b: Any, lower: Any, assume_a: Any, turned: Any) -> Any:
    """The solution with the transposed matrix, before a broadcast `b` is summed."""
    right = _ready(g, b)
    if turned or assume_a in SYMMETRIC or assume_a == "diagonal":
        found = scipy.linalg.solve(a, right, lower=lower, assume_a=assume_a)
    elif assume_a in HERMITIAN:
        found = _conj(scipy.linalg.solve(a, _conj(right), lower=lower, assume_a=assume_a))
    else:
        found = scipy.linalg.solve(transposed(a), right, assume_a=TURNED.get(assume_a, assume_a))
    return _vectors(found, g, b)


def _solve_left(g: Any, ans: Any, a: Any, b: Any, lower: Any, assume_a: Any, turned: Any) -> Any:
    back = _product_back(_solve_back(g, a, b, lower, assume_a, turned), ans, a, b)
    return _read_back(transposed(back) if turned else back, assume_a, lower)


def _solve_again(r: Any, a: Any, b: Any, lower: Any, assume_a: Any, turned: Any) -> Any:
    return _vectors(scipy.linalg.solve(a, _ready(r, b), lower=lower, assume_a=assume_a, transposed=turned), r, b)


def _solve_rate(a_dot: Any, ans: Any, a: Any, b: Any, lower: Any, assume_a: Any, turned: Any) -> Any:
    m = _read(a_dot, assume_a, lower)
    return _applied(transposed(m) if turned else m, ans, b)


SOURCE = "Giles, Collected matrix derivative results (2008), 2.3.1"
rule("scipy.linalg.solve(a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False)",
     a="_solve_left(g, ans, a, b, lower, assume_a, transposed)",
     b="unbroadcast(_solve_back(g, a, b, lower, assume_a, transposed), np.shape(b))",
     jvp="_solve_again(b_dot - _solve_rate(a_dot, ans, a, b, lower, assume_a, transposed),"
     " a, b, lower, assume_a, transposed)",
     may_raise=True, facts=Facts(gives=linear_algebra.solution))  # fmt: skip


def _triangle(m: Any, lower: Any, unit: Any) -> Any:
    return np.tril(m, -1 if unit else 0) if lower else np.triu(m, 1 if unit else 0)


def _kind(trans: Any) -> Any:
    """0 for the matrix, 1 for its transpose, 2 for its adjoint."""
    return {"N": 0, "T": 1, "C": 2}.get(trans, trans)


def _turned(m: Any, trans: Any) -> Any:
    """The cotangent of a matrix, from that of its transpose or adjoint; and the tangent of these, from that of the matrix."""
    kind = _kind(trans)
    return m if kind == 0 else transposed(m) if kind == 1 else adjoint(m)


def _triangular_back(g: Any, a: Any, b: Any, trans: Any, lower: Any, unit: Any) -> Any:
    right, kind = _ready(g, b), _kind(trans)
    if kind == 2:
        found = _conj(scipy.linalg.solve_triangular(a, _conj(right), lower=lower, unit_diagonal=unit))
    else:
        found = scipy.linalg.solve_triangular(a, right, trans=1 - kind, lower=lower, unit_diagonal=unit)
    return _vectors(found, g, b)


def _triangular_left(g: Any, ans: Any, a: Any, b: Any, trans: Any, lower: Any, unit: Any) -> Any:
    back = _product_back(_triangular_back(g, a, b, trans, lower, unit), ans, a, b)
    return _triangle(_turned(back, trans), lower, unit)


def _triangular_again(r: Any, a: Any, b: Any, trans: Any, lower: Any, unit: Any) -> Any:
    return _vectors(scipy.linalg.solve_triangular(a, _ready(r, b), trans=trans, lower=lower, unit_diagonal=unit), r, b)


rule("scipy.linalg.solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True)",
     a="_triangular_left(g, ans, a, b, trans, lower, unit_diagonal)",
     b="unbroadcast(_triangular_back(g, a, b, trans, lower, unit_diagonal), np.shape(b))",
     jvp="_triangular_again(b_dot - _applied(_turned(_triangle(a_dot, lower, unit_diagonal), trans), ans, b),"
     " a, b, trans, lower, unit_diagonal)",
     may_raise=True, facts=Facts(gives=linear_algebra.solution))  # fmt: skip

# Cholesky factors


STAYS = bool(scipy.linalg.cho_factor(np.array([[4.0, 0.0], [0.5, 4.0]]))[0][1, 0] == 0.5)
"""Whether SciPy leaves beside the factor what it has not read of the matrix: so it was up to version 1.17."""


def _beside(m: Any, lower: Any) -> Any:
    """The triangle that is not read, where it stays."""
    if not STAYS:
        return np.zeros_like(m)
    return np.triu(m, 1) if lower else np.tril(m, -1)


def _cho_factor_back(g: Any, c: Any, lower: Any) -> Any:
    own = _triangle(g, lower, False)
    return _cholesky_back(own, _triangle(c, lower, False), not lower) + _beside(g, lower)


def _cho_factor_ahead(a_dot: Any, c: Any, lower: Any) -> Any:
    return _cholesky_ahead(a_dot, _triangle(c, lower, False), not lower) + _beside(a_dot, lower)


SOURCE = "Murray, Differentiation of the Cholesky decomposition (2016), 3"
rule("scipy.linalg.cholesky(a, lower=False, overwrite_a=False, check_finite=True)",
     a="_cholesky_back(g, ans, not lower)", jvp="_cholesky_ahead(a_dot, ans, not lower)",
     may_raise=True, facts=Facts(gives=linear_algebra.square))  # fmt: skip
rule("scipy.linalg.cho_factor(a, lower=False, overwrite_a=False, check_finite=True)",
     a="_cho_factor_back(g[0], ans[0], lower)",
     jvp="(_cho_factor_ahead(a_dot, ans[0], lower), 0.0)", may_raise=True,
     facts=Facts(gives=solving.factor_and_side))  # fmt: skip


def _cho_solve_back(g: Any, c: Any, b: Any) -> Any:
    return _vectors(_conj(scipy.linalg.cho_solve(c, _conj(_ready(g, b)))), g, b)


def _cho_solve_left(g: Any, ans: Any, given: Any, b: Any) -> Any:
    """Which triangle holds the factor is a value here, and chosen as one."""
    c, lower = given
    back = _product_back(_cho_solve_back(g, given, b), ans, c, b)
    both = back + adjoint(back)
    factor = _conj(np.where(lower, np.tril(c), np.triu(c)))
    return np.where(lower, np.tril(both @ factor), np.triu(factor @ both)), 0.0


SOURCE = "Giles, Collected matrix derivative results (2008), 2.3.1"
rule("scipy.linalg.cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True)",
     c_and_lower="_cho_solve_left(g, ans, c_and_lower, b)",
     b="unbroadcast(_cho_solve_back(g, c_and_lower, b), np.shape(b))", may_raise=True, as_given=True,
     facts=Facts(gives=solving.by_cholesky_factor))  # fmt: skip

# Triangles and an order of rows


def _lu_square(gl: Any, gu: Any, lo: Any, up: Any) -> Any:
    """De Hoog, Anderssen and Lukas, Differentiation of matrix functionals using triangular factorization (2011)."""
    inner = np.tril(transposed(lo) @ gl, -1) + np.triu(gu @ transposed(up))
    left = scipy.linalg.solve_triangular(lo, inner, trans=1, lower=True, unit_diagonal=True)
    return transposed(scipy.linalg.solve_triangular(up, transposed(left)))


def _lu_back(gl: Any, gu: Any, lo: Any, up: Any) -> Any:
    """The cotangent of the product of a lower and an upper factor of any shape."""
    m, n = np.shape(lo)[-2], np.shape(up)[-1]
    if m > n:
        below = transposed(scipy.linalg.solve_triangular(up, transposed(gl[..., n:, :])))
        above = _lu_square(gl[..., :n, :], gu - transposed(lo[..., n:, :]) @ below, lo[..., :n, :], up)
        return np.concatenate((above, below), axis=-2)
    if m < n:
        right = scipy.linalg.solve_triangular(lo, gu[..., m:], trans=1, lower=True, unit_diagonal=True)
        left = _lu_square(gl - right @ transposed(up[..., m:]), gu[..., :m], lo, up[..., :m])
        return np.concatenate((left, right), axis=-1)
    return _lu_square(gl, gu, lo, up)


def _rows(m: Any, order: Any) -> Any:
    return np.take_along_axis(m, np.expand_dims(order, -1), axis=-2)


def _lu_parts_back(g: Any, ans: Any, a: Any, permute_l: Any, p_indices: Any) -> Any:
    if permute_l:
        order, lo, up = scipy.linalg.lu(a, p_indices=True)
        return _rows(_lu_back(_rows(g[0], np.argsort(order, axis=-1)), g[1], lo, up), order)
    back = _lu_back(g[1], g[2], ans[1], ans[2])
    return _rows(back, ans[0]) if p_indices else ans[0] @ back


def _unpacked(lu: Any) -> Any:
    k = min(np.shape(lu)[-2:])
    return np.tril(lu[..., :k], -1) + np.eye(np.shape(lu)[-2], k), np.triu(lu[..., :k, :])


def _packed_back(g: Any, lu: Any, pivots: Any) -> Any:
    lo, up = _unpacked(lu)
    k = np.shape(up)[-2]
    back = _lu_back(np.tril(g[..., :k], -1), np.triu(g[..., :k, :]), lo, up)
    return _rows(back, np.argsort(row_order(pivots, np.shape(lu)[-2]), axis=-1))


def _lu_solve_back(g: Any, given: Any, b: Any, trans: Any) -> Any:
    right = _ready(g, b)
    if trans == 2:
        found = _conj(scipy.linalg.lu_solve(given, _conj(right)))
    else:
        found = scipy.linalg.lu_solve(given, right, trans=1 - trans)
    return _vectors(found, g, b)


def _lu_solve_left(g: Any, ans: Any, given: Any, b: Any, trans: Any) -> Any:
    lu, pivots = given
    back = _turned(_product_back(_lu_solve_back(g, given, b, trans), ans, lu, b), trans)
    lo, up = _unpacked(lu)
    ordered = _rows(back, row_order(pivots, np.shape(lu)[-2]))
    return np.tril(ordered @ transposed(up), -1) + np.triu(transposed(lo) @ ordered), np.zeros_like(pivots)


zero("row_order(pivots, n)", facts=Facts(gives=solving.order_of_rows))
SOURCE = "De Hoog, Anderssen and Lukas (2011)"
rule("scipy.linalg.lu(a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False)",
     a="_lu_parts_back(g, ans, a, permute_l, p_indices)", may_raise=True,
     facts=Facts(gives=solving.lower_and_upper))  # fmt: skip
rule("scipy.linalg.lu_factor(a, overwrite_a=False, check_finite=True)", a="_packed_back(g[0], ans[0], ans[1])",
     may_raise=True, facts=Facts(gives=solving.packed))  # fmt: skip
rule("scipy.linalg.lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True)",
     lu_and_piv="_lu_solve_left(g, ans, lu_and_piv, b, trans)",
     b="unbroadcast(_lu_solve_back(g, lu_and_piv, b, trans), np.shape(b))", may_raise=True, as_given=True,
     facts=Facts(gives=solving.by_packed_factors))  # fmt: skip

# Inverses, determinants, least squares, norms


def _inverse_back(g: Any, ans: Any, assume_a: Any, lower: Any) -> Any:
    inverse = transposed(ans)
    return _read_back(-(inverse @ g @ inverse), assume_a, lower)


def _pinvh_back(g: Any, ans: Any, a: Any, lower: Any) -> Any:
    return from_triangle(pinv_back(g, ans, whole(a, not lower)), not lower)


SOURCE = "Giles, Collected matrix derivative results (2008), 2.2"
rule("scipy.linalg.inv(a, overwrite_a=False, check_finite=True, assume_a=None, lower=False)",
     a="_inverse_back(g, ans, assume_a, lower)", jvp="-(ans @ _read(a_dot, assume_a, lower) @ ans)",
     may_raise=True, facts=Facts(gives=linear_algebra.square))  # fmt: skip
rule("scipy.linalg.det(a, overwrite_a=False, check_finite=True)", a="_scales(g, a) * cofactors(a)",
     facts=Facts(gives=linear_algebra.a_number_each))  # fmt: skip
SOURCE = "Golub and Pereyra, The differentiation of pseudo-inverses (1973)"
rule("scipy.linalg.pinv(a, atol=None, rtol=None, return_rank=False, check_finite=True)",
     a="pinv_back(g[0], ans[0], a) if return_rank else pinv_back(g, ans, a)", may_raise=True,
     facts=Facts(gives=solving.pseudo_inverse))  # fmt: skip
rule("scipy.linalg.pinvh(a, atol=None, rtol=None, lower=True, return_rank=False, check_finite=True)",
     a="_pinvh_back(g[0], ans[0], a, lower) if return_rank else _pinvh_back(g, ans, a, lower)", may_raise=True,
     facts=Facts(gives=solving.pseudo_inverse))  # fmt: skip
rule("scipy.linalg.lstsq(a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True, lapack_driver=None)",
     a="least_squares_left(g, ans, a, b, _least(cond, a, b))",
     b="least_squares_right(g, ans, a, b, _least(cond, a, b))",
     may_raise=True, dynamic=True, facts=Facts(gives=solving.least_squares))  # fmt: skip
SOURCE = ""
rule("scipy.linalg.norm(a, ord=None, axis=None, keepdims=False, check_finite=True)", a="_norm_back(g, ans, a, ord, axis)",
     facts=Facts(axes=("ord",), gives=solving.norm, spreads=dependence.reduces("a")))  # fmt: skip


def _least(cond: Any, a: Any, b: Any) -> Any:
    return np.finfo(np.result_type(a, b)).eps if cond is None else cond
