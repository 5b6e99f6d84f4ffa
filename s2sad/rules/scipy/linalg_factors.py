"""Eigenvalues, singular values, orthogonal and polar factors of scipy.linalg."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from s2sad.errors import MissingRule
from s2sad.rules.decompositions import eig_ahead, eig_back
from s2sad.rules.factors import (
    _conj,
    adjoint,
    from_triangle,
    qr_ahead,
    qr_back,
    svd_mode_ahead,
    svd_mode_back,
    transposed,
    whole,
)
from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.runtime.bases import between_vectors, inverse_gaps
from s2sad.types import factored
from s2sad.types import linear as linear_algebra

# Eigenvalues of symmetric and Hermitian matrices


def _found(ans: Any, a: Any, b: Any, lower: Any, only: Any, type: Any, subset: Any) -> Any:
    """All eigenvalues and vectors: those that were asked for as they are, whose signs may be others than in another computation."""
    if type != 1:
        raise MissingRule(f"scipy.linalg.eigh has no rule for type={type!r}: a @ v = w * b @ v is type 1")
    w, v = scipy.linalg.eigh(a, b, lower=lower, subset_by_index=subset) if only else ans
    if subset is None:
        return w, v
    all_w, all_v = scipy.linalg.eigh(a, b, lower=lower)
    first, last = subset
    return all_w, np.concatenate((all_v[..., :first], v, all_v[..., last + 1 :]), axis=-1)


def _placed(g: Any, n: Any, subset: Any) -> Any:
    """A cotangent for those that were asked for, among zeros for all."""
    if subset is None:
        return g
    widths = [(0, 0)] * (np.ndim(g) - 1) + [(subset[0], n - 1 - subset[1])]
    return np.pad(g, widths)


def _sides(g: Any, ans: Any, a: Any, b: Any, lower: Any, only: Any, type: Any, subset: Any) -> Any:
    """Both cotangents of the pencil, before what is read of its matrices."""
    w, v = _found(ans, a, b, lower, only, type, subset)
    n = np.shape(a)[-1]
    turned = None if only else transposed(v) @ _placed(g[1], n, subset)
    return _placed(g if only else g[0], n, subset), turned, w, v


def _eigh_left(g: Any, ans: Any, a: Any, b: Any, lower: Any, only: Any, type: Any, subset: Any) -> Any:
    """Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation (2008), section 3.1."""
    gw, turned, w, v = _sides(g, ans, a, b, lower, only, type, subset)
    return from_triangle(_conj(v) @ between_vectors(gw, inverse_gaps(w), turned) @ transposed(v), not lower)


def _eigh_right(g: Any, ans: Any, a: Any, b: Any, lower: Any, only: Any, type: Any, subset: Any) -> Any:
    """The vectors keep their length by `b`, and each value is the weight of `b` beside `a`."""
    gw, turned, w, v = _sides(g, ans, a, b, lower, only, type, subset)
    inner = -between_vectors(gw, inverse_gaps(w), turned) * np.expand_dims(w, -2)
    if turned is not None:
        inner = inner - 0.5 * np.real(turned) * np.eye(np.shape(a)[-1])
    return from_triangle(_conj(v) @ inner @ transposed(v), not lower)


def _moved(m_dot: Any, found: Any, lower: Any) -> Any:
    return adjoint(found[1]) @ whole(m_dot, not lower) @ found[1]


def _pencil_ahead(moved: Any, scale: Any, found: Any, only: Any, subset: Any) -> Any:
    """The tangents of both. The same source."""
    w, v = found
    if np.iscomplexobj(moved):
        moved = moved - 1j * np.imag(moved) * np.eye(np.shape(w)[-1])  # rounding
    both = between_vectors(np.real(np.diagonal(moved, 0, -2, -1)), inverse_gaps(w), moved)
    w_dot = np.real(np.diagonal(both, 0, -2, -1))
    v_dot = v @ (both + (0.5 * scale - np.expand_dims(w_dot, -1)) * np.eye(np.shape(w)[-1]))
    if subset is not None:
        first, last = subset
        w_dot, v_dot = w_dot[..., first : last + 1], v_dot[..., first : last + 1]
    return w_dot if only else (w_dot, v_dot)


PENCIL = "overwrite_a=False, overwrite_b=False, type=1, check_finite=True, subset_by_index=None, driver=None"


def _pencil(call: str, only: str, gives: Any) -> None:
    """The rule of one of both functions."""
    given = f"ans, a, b, lower, {only}, type, subset_by_index"
    found = f"_found({given})"
    turned = f"_moved(b_dot, {found}, lower)"
    rule(f"scipy.linalg.{call}, {PENCIL})", a=f"_eigh_left(g, {given})",
         b=f"_eigh_right(g, {given})",
         jvp=f"_pencil_ahead(_moved(a_dot, {found}, lower) - {turned} * np.expand_dims({found}[0], -2), 0.0 - {turned}, {found},"
         f" {only}, subset_by_index)", may_raise=True, facts=Facts(gives=gives))  # fmt: skip


SOURCE = "De Leeuw, Derivatives of generalized eigen systems with applications (2007)"
_pencil("eigh(a, b=None, lower=True, eigvals_only=False", "eigvals_only", factored.eigh)
_pencil("eigvalsh(a, b=None, lower=True", "True", factored.eigvalsh)


def _tridiagonal_back(gw: Any, gv: Any, w: Any, v: Any) -> Any:
    turned = None if gv is None else transposed(v) @ gv
    return v @ between_vectors(gw, inverse_gaps(w), turned) @ transposed(v)


def _tridiagonal(g: Any, ans: Any, d: Any, e: Any, only: Any) -> Any:
    if only:
        w, v = scipy.linalg.eigh_tridiagonal(d, e)
        return _tridiagonal_back(g, None, w, v)
    return _tridiagonal_back(g[0], g[1], ans[0], ans[1])


def _beside_diagonal(m: Any) -> Any:
    return np.diagonal(m, 1, -2, -1) + np.diagonal(m, -1, -2, -1)


SOURCE = "Giles, Collected matrix derivative results (2008), 3.1"
rule("scipy.linalg.eigh_tridiagonal(d, e, eigvals_only=False, check_finite=True, tol=0.0, lapack_driver='auto')",
     d="np.diagonal(_tridiagonal(g, ans, d, e, eigvals_only), 0, -2, -1)", e="_beside_diagonal(_tridiagonal(g, ans, d, e, eigvals_only))",
     may_raise=True, facts=Facts(gives=factored.eigh_tridiagonal))  # fmt: skip
rule("scipy.linalg.eigvalsh_tridiagonal(d, e, check_finite=True, tol=0.0, lapack_driver='auto')",
     d="np.diagonal(_tridiagonal(g, ans, d, e, True), 0, -2, -1)", e="_beside_diagonal(_tridiagonal(g, ans, d, e, True))",
     may_raise=True, facts=Facts(gives=factored.eigvalsh_tridiagonal))  # fmt: skip

# Eigenvalues of any matrix


def complex_eig(a: Any) -> Any:
    """As `scipy.linalg.eig`, with vectors that are complex also where all are real."""
    w, v = scipy.linalg.eig(a)
    return w, v.astype(w.dtype, copy=False)


def _eig_back(g: Any, ans: Any, a: Any, right: Any) -> Any:
    if right:
        return eig_back(g[0], g[1], ans[0], ans[1])
    return eig_back(g, None, ans, complex_eig(a)[1])


def _eig_ahead(a_dot: Any, ans: Any, a: Any, right: Any) -> Any:
    if right:
        return eig_ahead(a_dot, ans[0], ans[1])
    return eig_ahead(a_dot, ans, complex_eig(a)[1])[0]


rule("complex_eig(a)", a="eig_back(g[0], g[1], ans[0], ans[1])", jvp="eig_ahead(a_dot, ans[0], ans[1])", may_raise=True,
     facts=Facts(gives=linear_algebra.values_and_vectors))  # fmt: skip
rule("scipy.linalg.eig(a, right=True, overwrite_a=False, check_finite=True)", a="_eig_back(g, ans, a, right)",
     jvp="_eig_ahead(a_dot, ans, a, right)", may_raise=True, dynamic=True,
     facts=Facts(gives=factored.eig))  # fmt: skip
rule("scipy.linalg.eigvals(a, overwrite_a=False, check_finite=True)", a="_eig_back(g, ans, a, False)",
     jvp="_eig_ahead(a_dot, ans, a, False)", may_raise=True,
     facts=Facts(gives=linear_algebra.values))  # fmt: skip

# Singular values

SOURCE = "Townsend, Differentiating the singular value decomposition (2016); Wan and Zhang (2019)"
rule("scipy.linalg.svd(a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True, lapack_driver='gesdd')",
     a="svd_mode_back(g, ans, a, full_matrices, compute_uv, False)",
     jvp="svd_mode_ahead(a_dot, ans, a, full_matrices, compute_uv, False)", may_raise=True,
     facts=Facts(gives=linear_algebra.singular))  # fmt: skip
rule("scipy.linalg.svdvals(a, overwrite_a=False, check_finite=True)",
     a="svd_mode_back(g, ans, a, False, False, False)",
     jvp="svd_mode_ahead(a_dot, ans, a, False, False, False)", may_raise=True,
     facts=Facts(gives=factored.singular_values))  # fmt: skip

# Orthogonal and triangular factors


def _parts(ans: Any, a: Any, mode: Any, pivoting: Any) -> Any:
    """The orthogonal factor, if it is a result, the triangular one, and the matrix with its columns in their order."""
    if mode not in ("full", "economic", "r"):
        raise MissingRule(f"scipy.linalg.qr has no rule for mode={mode!r}")
    ordered = np.take_along_axis(a, np.expand_dims(ans[-1], -2), -1) if pivoting else a
    if mode == "r":
        q, r = scipy.linalg.qr(ordered, mode="economic")
        return q, r, ordered
    return ans[0], ans[1], ordered


def _qr_back(g: Any, ans: Any, a: Any, mode: Any, pivoting: Any) -> Any:
    q, r, ordered = _parts(ans, a, mode, pivoting)
    if mode == "r":
        back = qr_back(None, g[0][..., : np.shape(r)[-2], :], q, r, ordered)
    else:
        back = qr_back(g[0], g[1], q, r, ordered)
    return np.take_along_axis(back, np.expand_dims(np.argsort(ans[-1], axis=-1), -2), -1) if pivoting else back


def _qr_ahead(a_dot: Any, ans: Any, a: Any, mode: Any, pivoting: Any) -> Any:
    q, r, ordered = _parts(ans, a, mode, pivoting)
    along = np.take_along_axis(a_dot, np.expand_dims(ans[-1], -2), -1) if pivoting else a_dot
    q_dot, r_dot = qr_ahead(along, q, r, ordered)
    first: Any = (q_dot, r_dot)
    if mode == "r":
        rows = np.shape(a)[-2] - np.shape(r)[-2]
        first = (np.pad(r_dot, [(0, 0)] * (np.ndim(a) - 2) + [(0, rows), (0, 0)]),)
    return (*first, np.zeros_like(ans[-1])) if pivoting else first


SOURCE = "Walter and Lehmann (2010)"
rule("scipy.linalg.qr(a, overwrite_a=False, lwork=None, mode='full', pivoting=False, check_finite=True)",
     a="_qr_back(g, ans, a, mode, pivoting)", jvp="_qr_ahead(a_dot, ans, a, mode, pivoting)",
     may_raise=True, facts=Facts(gives=factored.qr))  # fmt: skip


def _turned_over(m: Any) -> Any:
    """The adjoint, with its columns in the other order."""
    return adjoint(np.flip(m, -2))


def _as_qr(ans: Any, a: Any, mode: Any) -> Any:
    """Rows from the last to the first make it a product of an orthogonal and a triangular factor: these two, and the matrix."""
    if mode not in ("full", "economic", "r"):
        raise MissingRule(f"scipy.linalg.rq has no rule for mode={mode!r}")
    r, q = scipy.linalg.rq(a, mode="economic") if mode == "r" else ans
    return _turned_over(q), _turned_over(np.flip(r, -1)), _turned_over(a)


def _rq_back(g: Any, ans: Any, a: Any, mode: Any) -> Any:
    q, r, turned = _as_qr(ans, a, mode)
    gr, gq = (g[..., -np.shape(r)[-2] :], None) if mode == "r" else g
    other = None if gq is None else _turned_over(gq)
    return np.flip(adjoint(qr_back(other, _turned_over(np.flip(gr, -1)), q, r, turned)), -2)


def _rq_ahead(a_dot: Any, ans: Any, a: Any, mode: Any) -> Any:
    q, r, turned = _as_qr(ans, a, mode)
    q_dot, r_dot = qr_ahead(_turned_over(a_dot), q, r, turned)
    back = _turned_over(np.flip(r_dot, -1))
    if mode == "r":
        return np.pad(back, [(0, 0)] * (np.ndim(a) - 1) + [(np.shape(a)[-1] - np.shape(back)[-1], 0)])
    return back, np.flip(adjoint(q_dot), -2)


rule("scipy.linalg.rq(a, overwrite_a=False, lwork=None, mode='full', check_finite=True)",
     a="_rq_back(g, ans, a, mode)", jvp="_rq_ahead(a_dot, ans, a, mode)", may_raise=True,
     facts=Facts(gives=factored.rq))  # fmt: skip

# Polar factors


def _right_back(gu: Any, gp: Any, u: Any, p: Any) -> Any:
    """By the equation of Sylvester for how the orthogonal factor turns, in which nothing is divided by differences of singular values:
    Higham, Functions of Matrices (2008), section 8.2."""
    rows, columns = np.shape(u)[-2], np.shape(u)[-1]
    if rows < columns:
        raise MissingRule("scipy.linalg.polar has no rule for more columns than rows; with side='left' it has")
    inner, other = transposed(u) @ gu, transposed(p)
    turning = scipy.linalg.solve_sylvester(other, other, inner - gp @ other)
    back = _conj(u) @ (gp + turning - adjoint(turning))
    if rows > columns:
        back = back + transposed(np.linalg.solve(p, transposed(gu - _conj(u) @ inner)))
    return back


def _polar_back(g: Any, ans: Any, side: Any) -> Any:
    """The left factor is the right one of the adjoint."""
    if side == "right":
        return _right_back(g[0], g[1], ans[0], ans[1])
    return adjoint(_right_back(adjoint(g[0]), g[1], adjoint(ans[0]), ans[1]))


def _procrustes_back(g: Any, ans: Any, a: Any, b: Any) -> Any:
    """The cotangent of `a.conj().T @ b`, of which the first result is the orthogonal factor, and the second the sum of singular values."""
    u = ans[0]
    p = adjoint(u) @ adjoint(a) @ b
    return _right_back(g[0], np.zeros_like(p), u, p) + g[1] * _conj(u)


def _procrustes_left(g: Any, ans: Any, a: Any, b: Any) -> Any:
    return _conj(b @ transposed(_procrustes_back(g, ans, a, b)))


def _procrustes_right(g: Any, ans: Any, a: Any, b: Any) -> Any:
    return _conj(a) @ _procrustes_back(g, ans, a, b)


SOURCE = "Higham, Functions of Matrices (2008), 8.2"
rule("scipy.linalg.polar(a, side='right')", a="_polar_back(g, ans, side)", may_raise=True, facts=Facts(gives=factored.polar))
rule("scipy.linalg.orthogonal_procrustes(A, B, check_finite=True)", A="_procrustes_left(g, ans, A, B)",
     B="_procrustes_right(g, ans, A, B)", may_raise=True, facts=Facts(gives=factored.procrustes))  # fmt: skip
