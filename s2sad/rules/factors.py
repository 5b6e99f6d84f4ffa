"""What the rules of matrix decompositions share: how cotangents of eigenvectors, singular vectors and factors go back to the matrix.

Cotangents are those of the pairing Re sum(g * dy), so nothing is conjugated but where the formula says so. `_conj` of a real array
is the array.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.runtime.arrays import ratio_or_zero
from s2sad.runtime.bases import between_vectors, inverse_gaps, settled
from s2sad.types import linear as linear_algebra
from s2sad.types.given import like_first


def transposed(x: Any) -> Any:
    return x.T if np.ndim(x) == 2 else np.swapaxes(x, -1, -2)


def _conj(x: Any) -> Any:
    return np.conj(x) if np.iscomplexobj(x) else x


def adjoint(x: Any) -> Any:
    return _conj(transposed(x))


def _hermitian_part(x: Any) -> Any:
    return 0.5 * (x + adjoint(x))


def from_triangle(s: Any, upper: Any = False) -> Any:
    """The cotangent of the triangle that was read, from the one of the whole symmetric or Hermitian matrix."""
    both = s + adjoint(s)
    half = 0.5 * both * np.eye(np.shape(s)[-1])
    return (np.triu(both) if upper else np.tril(both)) - half


def whole(a: Any, upper: Any = False) -> Any:
    """The symmetric or Hermitian matrix of which one triangle is read."""
    beside = np.triu(a, 1) if upper else np.tril(a, -1)
    return beside + adjoint(beside) + _diagonal(np.real(a))


def _diagonal(x: Any) -> Any:
    """The diagonal on a matrix of zeros."""
    return x * np.eye(np.shape(x)[-1])


# Eigenvectors


def _gaps_back(g: Any, ans: Any) -> Any:
    weighed = g * ans * ans
    return np.sum(weighed, axis=-1) - np.sum(weighed, axis=-2)


def _nothing(g: Any, free: Any) -> Any:
    return np.zeros_like(free)


rule("inverse_gaps(w)", w="_gaps_back(g, ans)", facts=Facts(gives=linear_algebra.pairs, mapped="inverse_gaps(w)"))
rule("between_vectors(values, gaps, x=None)", values="np.diagonal(g, 0, -2, -1)", gaps="_nothing(g, gaps) if x is None else g * x",
     x="g * gaps", facts=Facts(gives=linear_algebra.between, mapped="between_vectors(values, gaps, x)"))  # fmt: skip
rule("settled(x, free)", x="g", free="_nothing(g, free)", facts=Facts(gives=like_first, mapped="settled(x, free)"))


def eigh_back(gw: Any, gv: Any, w: Any, v: Any, upper: Any) -> Any:
    """Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation (2008), section 3.1."""
    turned = None if gv is None else transposed(v) @ gv
    return from_triangle(_conj(v) @ between_vectors(gw, inverse_gaps(w), turned) @ transposed(v), upper)


def eigh_ahead(a_dot: Any, w: Any, v: Any, upper: Any) -> Any:
    """The tangents of both. The same source."""
    turned = adjoint(v) @ whole(a_dot, upper) @ v
    both = between_vectors(np.real(np.diagonal(turned, 0, -2, -1)), inverse_gaps(w), turned)
    w_dot = np.real(np.diagonal(both, 0, -2, -1))
    return w_dot, v @ (both - _on_diagonal(w_dot))


def _on_diagonal(values: Any) -> Any:
    return np.expand_dims(values, -1) * np.eye(np.shape(values)[-1])


# Singular vectors


def _completed(basis: Any, g: Any, k: int) -> Any:
    """The first k columns of a basis and their cotangent, which takes up that of the columns completing the basis."""
    if np.shape(basis)[-1] == k:
        return basis, g
    rest, g_rest = basis[..., k:], g[..., k:]
    turned = transposed(rest) @ g_rest
    first = g[..., :k] - _conj(rest) @ (adjoint(g_rest) @ _conj(basis[..., :k]))
    return basis[..., :k], settled(first, turned - adjoint(turned))


def _outside(basis: Any, g: Any) -> Any:
    """The part of a cotangent of a basis that turns it out of its space."""
    return g - _conj(basis) @ (transposed(basis) @ g)


def svd_back(g: Any, ans: Any, a: Any) -> Any:
    """Townsend, Differentiating the singular value decomposition (2016), for any shape, and Wan and Zhang, Automatic differentiation
    for complex valued SVD (2019). What turns the left vectors and the right ones alike is divided by differences of singular values,
    what turns them against one another by sums, so that nothing is large there where two are equal."""
    s, k = ans[1], np.shape(ans[1])[-1]
    u, gu = _completed(ans[0], g[0], k)
    v, gv = _completed(adjoint(ans[2]), adjoint(g[2]), k)
    left, right = transposed(u) @ gu, transposed(v) @ gv
    columns, rows = np.expand_dims(s, -2), np.expand_dims(s, -1)
    against = left - right
    inner = _hermitian_part(between_vectors(g[1], inverse_gaps(s), left + right))
    inner = inner + 0.5 * ratio_or_zero(1.0, columns + rows) * (against - adjoint(against))
    result = _conj(u) @ inner @ transposed(v)
    if np.shape(a)[-2] > k:
        result = result + _outside(u, gu) * ratio_or_zero(1.0, columns) @ transposed(v)
    if np.shape(a)[-1] > k:
        result = result + _conj(u) @ adjoint(_outside(v, gv) * ratio_or_zero(1.0, columns))
    return result


def _completed_ahead(basis: Any, first_dot: Any, k: int) -> Any:
    """The tangent of a basis of which that of the first k columns is known."""
    if np.shape(basis)[-1] == k:
        return first_dot
    return np.concatenate((first_dot, -(basis[..., :k] @ (adjoint(first_dot) @ basis[..., k:]))), axis=-1)


def svd_ahead(a_dot: Any, ans: Any, a: Any) -> Any:
    """The tangents of the three. The same sources."""
    s, k = ans[1], np.shape(ans[1])[-1]
    u, v = ans[0][..., :k], adjoint(ans[2])[..., :k]
    moved = adjoint(u) @ a_dot @ v
    columns, rows = np.expand_dims(s, -2), np.expand_dims(s, -1)
    both = between_vectors(np.real(np.diagonal(moved, 0, -2, -1)), inverse_gaps(s), _hermitian_part(moved))
    s_dot = np.real(np.diagonal(both, 0, -2, -1))
    alike = both - _on_diagonal(s_dot)
    against = 0.5 * ratio_or_zero(1.0, columns + rows) * (moved - adjoint(moved))
    u_dot, v_dot = u @ (alike + against), v @ (alike - against)
    if np.shape(a)[-2] > k:
        u_dot = u_dot + (a_dot @ v - u @ moved) * ratio_or_zero(1.0, columns)
    if np.shape(a)[-1] > k:
        v_dot = v_dot + (adjoint(a_dot) @ u - v @ adjoint(moved)) * ratio_or_zero(1.0, columns)
    return _completed_ahead(ans[0], u_dot, k), s_dot, adjoint(_completed_ahead(adjoint(ans[2]), v_dot, k))


def values_back(g: Any, u: Any, s: Any, vh: Any) -> Any:
    """The cotangent of singular values, put back between their vectors."""
    return _conj(u) @ between_vectors(g, inverse_gaps(s)) @ _conj(vh)


def svd_mode_back(g: Any, ans: Any, a: Any, full_matrices: Any, compute_uv: Any, hermitian: Any) -> Any:
    if compute_uv:
        back = svd_back(g, ans, a)
    else:
        back = values_back(g, *np.linalg.svd(a, full_matrices=False, hermitian=hermitian))
    return from_triangle(back) if hermitian else back


def svd_mode_ahead(a_dot: Any, ans: Any, a: Any, full_matrices: Any, compute_uv: Any, hermitian: Any) -> Any:
    direction = whole(a_dot) if hermitian else a_dot
    if compute_uv:
        return svd_ahead(direction, ans, a)
    u, s, vh = np.linalg.svd(a, full_matrices=False, hermitian=hermitian)
    moved = adjoint(u) @ direction @ adjoint(vh)
    both = between_vectors(np.real(np.diagonal(moved, 0, -2, -1)), inverse_gaps(s), _hermitian_part(moved))
    return np.real(np.diagonal(both, 0, -2, -1))


# Orthogonal and triangular factors


def _check_mode(mode: str) -> None:
    if mode not in ("reduced", "complete", "r"):
        raise MissingRule(f"np.linalg.qr has no rule for mode={mode!r}")


def _square_back(gq: Any, gr: Any, q: Any, r: Any) -> Any:
    """Walter and Lehmann, Algorithmic differentiation of linear algebra functions with application in optimum
    experimental design (2010). The diagonal of the triangle is real."""
    m = gr @ transposed(r)
    m = m if gq is None else m - transposed(q) @ gq
    inner = np.triu(m, 1) + adjoint(np.triu(m, 1)) + _diagonal(np.real(m))
    outer = _conj(q) @ inner if gq is None else gq + _conj(q) @ inner
    return transposed(np.linalg.solve(r, transposed(outer)))


def qr_back(gq: Any, gr: Any, q: Any, r: Any, a: Any) -> Any:
    """For any shape: what is right of a square follows from it, and columns that complete the orthogonal factor count by their space."""
    m, n = np.shape(a)[-2], np.shape(a)[-1]
    if m < n:
        rest, g_rest = a[..., m:], gr[..., m:]
        turning = _conj(rest @ transposed(g_rest))
        first = _square_back(turning if gq is None else gq + turning, gr[..., :m], q, r[..., :m])
        return np.concatenate((first, _conj(q) @ g_rest), axis=-1)
    if gq is not None:
        q, gq = _completed(q, gq, n)
    return _square_back(gq, gr[..., :n, :], q, r[..., :n, :])


def _square_ahead(a_dot: Any, q: Any, r: Any) -> Any:
    """The tangents of both factors. The same source."""
    rate = transposed(np.linalg.solve(transposed(r), transposed(a_dot)))
    inner = adjoint(q) @ rate
    turn = np.tril(inner, -1) - adjoint(np.tril(inner, -1))
    if np.iscomplexobj(inner):
        turn = turn + 1j * _diagonal(np.imag(inner))
    return rate - q @ (inner - turn), (inner - turn) @ r


def qr_ahead(a_dot: Any, q: Any, r: Any, a: Any) -> Any:
    m, n = np.shape(a)[-2], np.shape(a)[-1]
    if m < n:
        q_dot, r_dot = _square_ahead(a_dot[..., :m], q, r[..., :m])
        rest = adjoint(q_dot) @ a[..., m:] + adjoint(q) @ a_dot[..., m:]
        return q_dot, np.concatenate((r_dot, rest), axis=-1)
    if np.shape(q)[-1] == n:
        return _square_ahead(a_dot, q, r)
    q_dot, r_dot = _square_ahead(a_dot, q[..., :n], r[..., :n, :])
    return _completed_ahead(q, q_dot, n), np.concatenate((r_dot, np.zeros_like(r[..., n:, :])), axis=-2)


def _factors(ans: Any, a: Any, mode: str) -> Any:
    _check_mode(mode)
    return np.linalg.qr(a) if mode == "r" else ans


def qr_mode_back(g: Any, ans: Any, a: Any, mode: str) -> Any:
    q, r = _factors(ans, a, mode)
    return qr_back(None, g, q, r, a) if mode == "r" else qr_back(g[0], g[1], q, r, a)


def qr_mode_ahead(a_dot: Any, ans: Any, a: Any, mode: str) -> Any:
    q, r = _factors(ans, a, mode)
    tangents = qr_ahead(a_dot, q, r, a)
    return tangents[1] if mode == "r" else tangents


# Pseudo-inverse


def pinv_back(g: Any, p: Any, a: Any) -> Any:
    """Golub and Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems (1973): the rank stays."""
    q, h, star = transposed(p), transposed(g), adjoint(p)
    from_left, from_right = h @ (p @ star), (star @ p) @ h
    left, right = from_left - a @ (p @ from_left), from_right - (from_right @ p) @ a
    return _conj(left + right) - q @ (g @ q)
