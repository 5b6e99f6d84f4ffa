"""Linear algebra. Matrices may come in stacks; a triangle that NumPy does not read gets a zero cotangent."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.indexing import DIAGONAL, _trace_back
from s2sad.rules.language import linear, rule, zero
from s2sad.rules.leading import solution
from s2sad.rules.products import as_array
from s2sad.rules.reductions import _equal_back, spread
from s2sad.rules.shapes import VIEW
from s2sad.runtime.arrays import cofactors, ratio_or_zero, scatter_diagonal
from s2sad.runtime.functions import unbroadcast
from s2sad.types import dependence, places
from s2sad.types import linear as linear_algebra
from s2sad.types.shaping import matrix_transposed

NONE = np._NoValue
INFINITIES = (math.inf, -math.inf)


def transposed(x: Any) -> Any:
    return as_array(x).T if np.ndim(x) == 2 else np.swapaxes(x, -1, -2)


def _conj(x: Any) -> Any:
    return np.conj(x) if np.iscomplexobj(x) else x


def _scales(g: Any, a: Any) -> Any:
    """One factor per matrix, in a shape that broadcasts against the matrices."""
    return g if np.ndim(a) == 2 else np.expand_dims(g, (-2, -1))


def _real_only(a: Any, name: str) -> None:
    if np.iscomplexobj(a):
        raise MissingRule(f"{name} has no rule for complex matrices")


def _slogdet_back(g: Any, ans: Any, a: Any) -> Any:
    factor = g[1] + 1j * np.imag(g[0] * ans[0]) if np.iscomplexobj(a) else g[1]
    return _scales(factor, a) * transposed(np.linalg.inv(a))


def _solve_right(g: Any, a: Any, b: Any) -> Any:
    """The solution with the transposed matrix, before a broadcast `b` is summed."""
    if np.ndim(b) == 1 and np.ndim(a) > 2:
        return np.linalg.solve(transposed(a), np.expand_dims(g, -1))[..., 0]
    return np.linalg.solve(transposed(a), g)


def _solve_left(g: Any, ans: Any, a: Any, b: Any) -> Any:
    back = _solve_right(g, a, b)
    if np.ndim(b) == 1:
        outer = np.outer(back, ans) if np.ndim(a) == 2 else np.expand_dims(back, -1) * np.expand_dims(ans, -2)
        return -outer
    return -unbroadcast(back @ transposed(ans), np.shape(a))


def _solved(a: Any, r: Any, b: Any) -> Any:
    """The solution for right sides like `b`, of which those that are vectors may be one for each matrix here."""
    if np.ndim(b) == 1 and np.ndim(a) > 2:
        return np.linalg.solve(a, np.expand_dims(r, -1))[..., 0]
    return np.linalg.solve(a, r)


def _applied(a: Any, x: Any, b: Any) -> Any:
    return (a @ np.expand_dims(x, -1))[..., 0] if np.ndim(b) == 1 and np.ndim(a) > 2 else a @ x


def _from_triangle(s: Any, upper: Any = False) -> Any:
    """The cotangent of the triangle that was read, from the one of the whole symmetric or Hermitian matrix."""
    both = s + _conj(transposed(s))
    half = 0.5 * both * np.eye(np.shape(s)[-1])
    return (np.triu(both) if upper else np.tril(both)) - half


def _cholesky_back(g: Any, ans: Any, upper: Any) -> Any:
    """Murray, Differentiation of the Cholesky decomposition (2016), section 3."""
    if upper:
        return transposed(_cholesky_back(transposed(g), transposed(ans), False))
    rows = transposed(ans)
    inner = np.tril(rows @ g)
    inner = inner - 0.5 * inner * np.eye(np.shape(ans)[-1])
    half = np.linalg.solve(rows, inner)
    return _from_triangle(transposed(np.linalg.solve(_conj(rows), transposed(half))))


def _cholesky_ahead(a_dot: Any, ans: Any, upper: Any) -> Any:
    """The same source, section 2.1."""
    if upper:
        return transposed(_cholesky_ahead(transposed(a_dot), transposed(ans), False))
    read = np.tril(a_dot)
    both, identity = read + _conj(transposed(read)), np.eye(np.shape(ans)[-1])
    half = np.linalg.solve(ans, both - 0.5 * both * identity)
    inner = np.tril(_conj(transposed(np.linalg.solve(ans, _conj(transposed(half))))))
    return ans @ (inner - 0.5 * inner * identity)


def _power_back(g: Any, a: Any, n: int) -> Any:
    """By the squarings that also make the power."""
    if n == 0:
        return np.zeros_like(g)
    if n < 0:
        inverse = transposed(np.linalg.inv(a))
        return -(inverse @ _power_back(g, np.linalg.inv(a), -n) @ inverse)
    if n == 1:
        return g
    if n % 2:
        rest = np.linalg.matrix_power(a, n - 1)
        return g @ transposed(rest) + _power_back(transposed(a) @ g, a, n - 1)
    root = transposed(np.linalg.matrix_power(a, n // 2))
    return _power_back(g @ root + root @ g, a, n // 2)


def _chain_back(g: Any, arrays: Any) -> Any:
    """One cotangent per factor of a chain of matrices; the first and the last may be vectors."""
    first, last = np.ndim(arrays[0]) == 1, np.ndim(arrays[-1]) == 1
    head = np.expand_dims(arrays[0], 0) if first else arrays[0]
    factors = [head, *arrays[1:-1], np.expand_dims(arrays[-1], 1) if last else arrays[-1]]
    backward = [np.reshape(g, (np.shape(factors[0])[0], np.shape(factors[-1])[1]))]
    for factor in factors[:0:-1]:
        backward.append(backward[-1] @ factor.T)
    forward, parts = None, []
    for factor, rest, array in zip(factors, backward[::-1], arrays, strict=True):
        part = rest if forward is None else forward.T @ rest
        parts.append(part if np.shape(part) == np.shape(array) else np.reshape(part, np.shape(array)))
        forward = factor if forward is None else forward @ factor
    return parts


def _pinv_back(g: Any, ans: Any, a: Any) -> Any:
    """Golub and Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems (1973)."""
    _real_only(a, "np.linalg.pinv")
    p, q, h = ans, transposed(ans), transposed(g)
    rows, columns = np.shape(a)[-2], np.shape(a)[-1]
    return -(q @ g @ q) + (np.eye(rows) - a @ p) @ h @ p @ q + q @ p @ h @ (np.eye(columns) - p @ a)


def _eigh_back(gw: Any, gv: Any, w: Any, v: Any, upper: Any) -> Any:
    """Equal eigenvalues count as not coupled, which is right for every function that does not depend on their basis."""
    _real_only(v, "np.linalg.eigh")
    inner = np.expand_dims(gw, -1) * np.eye(np.shape(w)[-1])
    if gv is not None:
        gaps = np.expand_dims(w, -2) - np.expand_dims(w, -1)
        inner = inner + ratio_or_zero(1.0, gaps) * (transposed(v) @ gv)
    return _from_triangle(v @ inner @ transposed(v), upper)


def _coupled(basis: Any, g: Any, s: Any) -> Any:
    product = transposed(basis) @ g
    gaps = np.expand_dims(s, -2) ** 2 - np.expand_dims(s, -1) ** 2
    return ratio_or_zero(1.0, gaps) * (product - transposed(product))


def _leading(basis: Any, g: Any, k: int) -> Any:
    """The first k columns of a basis and their cotangent, which takes up that of the columns completing the basis."""
    if np.shape(basis)[-1] == k:
        return basis, g
    rest, g_rest = basis[..., k:], g[..., k:]
    return basis[..., :k], g[..., :k] - rest @ (transposed(g_rest) @ basis[..., :k])


def _svd_back(g: Any, ans: Any, a: Any, full_matrices: Any, compute_uv: Any) -> Any:
    """Townsend, Differentiating the singular value decomposition (2016), for any shape."""
    if not compute_uv:
        u, _, vh = np.linalg.svd(a, full_matrices=False)
        return _conj(u * np.expand_dims(g, -2)) @ _conj(vh)
    _real_only(a, "np.linalg.svd")
    s, k = ans[1], np.shape(ans[1])[-1]
    u, gu = _leading(ans[0], g[0], k)
    v, gv = _leading(transposed(ans[2]), transposed(g[2]), k)
    columns, rows = np.expand_dims(s, -2), np.expand_dims(s, -1)
    inner = _coupled(u, gu, s) * columns + rows * _coupled(v, gv, s) + np.expand_dims(g[1], -1) * np.eye(k)
    result = u @ inner @ transposed(v)
    if np.shape(a)[-2] > k:
        result = result + (gu - u @ (transposed(u) @ gu)) * ratio_or_zero(1.0, columns) @ transposed(v)
    if np.shape(a)[-1] > k:
        result = result + u @ transposed((gv - v @ (transposed(v) @ gv)) * ratio_or_zero(1.0, columns))
    return result


def _check_qr(q: Any, r: Any) -> None:
    _real_only(q, "np.linalg.qr")
    if np.shape(r)[-2] != np.shape(r)[-1]:
        raise MissingRule("np.linalg.qr has a rule for matrices with at least as many rows as columns")


def _qr_back(gq: Any, gr: Any, q: Any, r: Any) -> Any:
    """Walter and Lehmann, Algorithmic differentiation of linear algebra functions with application in optimum
    experimental design (2010)."""
    _check_qr(q, r)
    m = r @ transposed(gr)
    m = m if gq is None else m - transposed(gq) @ q
    symmetric = np.tril(m) + transposed(np.tril(m, -1))
    outer = q @ symmetric if gq is None else gq + q @ symmetric
    return transposed(np.linalg.solve(r, transposed(outer)))


def _qr_ahead(a_dot: Any, q: Any, r: Any) -> Any:
    """The tangents of both factors. The same source."""
    rate = transposed(np.linalg.solve(transposed(r), transposed(a_dot)))
    inner = transposed(q) @ rate
    turn = np.tril(inner, -1) - transposed(np.tril(inner, -1))
    return rate - q @ (inner - turn), (inner - turn) @ r


def _qr_mode_ahead(a_dot: Any, ans: Any, a: Any, mode: str) -> Any:
    q, r = _qr_factors(ans, a, mode)
    _check_qr(q, r)
    return _qr_ahead(a_dot, q, r)[1] if mode == "r" else _qr_ahead(a_dot, q, r)


def _qr_factors(ans: Any, a: Any, mode: str) -> Any:
    if mode == "r":
        return np.linalg.qr(a)
    if mode != "reduced" and np.shape(a)[-2] != np.shape(a)[-1]:
        raise MissingRule(f"np.linalg.qr has no rule for mode={mode!r}")
    return ans


def _qr_mode_back(g: Any, ans: Any, a: Any, mode: str) -> Any:
    q, r = _qr_factors(ans, a, mode)
    return _qr_back(None, g, q, r) if mode == "r" else _qr_back(g[0], g[1], q, r)


def _direction(x: Any) -> Any:
    return ratio_or_zero(np.conj(x), np.abs(x)) if np.iscomplexobj(x) else np.sign(x)


def _norm_back(g: Any, ans: Any, x: Any, ord: Any, axis: Any) -> Any:
    x = as_array(x)
    axis = axis[0] if isinstance(axis, (tuple, list)) and len(axis) == 1 else axis
    matrix = isinstance(axis, (tuple, list)) or (axis is None and np.ndim(x) == 2)
    if ord is None or (ord in ("fro", "f") if matrix else ord == 2):
        return _conj(x) * spread(ratio_or_zero(g, ans), x, axis)
    if matrix:
        return _matrix_norm_back(g, ans, x, ord, (0, 1) if axis is None else axis)
    return _vector_norm_back(g, ans, x, ord, axis)


def _vector_norm_back(g: Any, ans: Any, x: Any, p: Any, axis: Any) -> Any:
    if p == 0:
        return np.zeros_like(x)
    if p == 1:
        return _direction(x) * spread(g, x, axis)
    size = np.abs(x)
    if p in INFINITIES:
        return _direction(x) * _equal_back(g, size, ans, axis)
    if p < 1:
        at_zero = size == 0
        powers = np.where(at_zero, 0.0, np.where(at_zero, 1.0, size) ** (p - 1))
    else:
        powers = size ** (p - 1)
    return _direction(x) * powers * spread(ratio_or_zero(g, ans ** (p - 1)), x, axis)


def _matrix_norm_back(g: Any, ans: Any, x: Any, ord: Any, axis: Any) -> Any:
    seed = spread(g, x, tuple(axis))
    if ord in ("nuc", 2, -2):
        return _spectral_back(seed, x, ord, axis)
    sums = np.sum(np.abs(x), axis=axis[0] if ord in (1, -1) else axis[1], keepdims=True)
    return _direction(x) * _equal_back(seed, sums, ans, tuple(axis))


def _spectral_back(seed: Any, x: Any, ord: Any, axis: Any) -> Any:
    """The cotangent of a norm of the singular values: their own, put back between the singular vectors."""
    u, s, vh = np.linalg.svd(np.moveaxis(x, axis, (-2, -1)), full_matrices=False)
    weights = np.sign(s)
    if ord != "nuc":
        reached = s == (np.max if ord == 2 else np.min)(s, axis=-1, keepdims=True)
        weights = np.where(reached, weights / np.sum(reached, axis=-1, keepdims=True), 0.0)
    back = _conj(u * np.expand_dims(weights, -2)) @ _conj(vh)
    return seed * np.moveaxis(back, (-2, -1), axis)


SQUARE = Facts(gives=linear_algebra.square)
NUMBERS = Facts(gives=linear_algebra.a_number_each)

rule("np.linalg.inv(a)", a="-(transposed(ans) @ g @ transposed(ans))", jvp="-(ans @ a_dot @ ans)", may_raise=True, facts=SQUARE)
rule("np.linalg.det(a)", a="_scales(g, a) * cofactors(a)", facts=NUMBERS)
rule("cofactors(a, *directions)", a="cofactors(a, *directions, g)",
     directions="[cofactors(a, *directions[:i], *directions[i + 1:], g) for i in range(len(directions))]",
     facts=Facts(gives=linear_algebra.cofactors))  # fmt: skip
rule("np.linalg.slogdet(a)", a="_slogdet_back(g, ans, a)", facts=Facts(gives=linear_algebra.sign_and_logarithm))
rule("np.linalg.solve(a, b)", a="_solve_left(g, ans, a, b)", b="unbroadcast(_solve_right(g, a, b), np.shape(b))",
     jvp="_solved(a, b_dot - _applied(a_dot, ans, b), b)", may_raise=True,
     facts=Facts(gives=linear_algebra.solution, mapped={"b": "solution(a, b)"}))  # fmt: skip
rule("np.linalg.norm(x, ord=None, axis=None, keepdims=False)", x="_norm_back(g, ans, x, ord, axis)",
     facts=Facts(axes=("ord",), gives=linear_algebra.norm, spreads=dependence.reduces("x")))  # fmt: skip
rule("np.linalg.cholesky(a, upper=False)", a="_cholesky_back(g, ans, upper)", jvp="_cholesky_ahead(a_dot, ans, upper)",
     may_raise=True, facts=SQUARE)
rule("np.linalg.matrix_power(a, n)", a="_power_back(g, a, n)", may_raise=True, facts=SQUARE)
rule("np.linalg.multi_dot(arrays)", arrays="_chain_back(g, arrays)", as_given=True, facts=Facts(gives=linear_algebra.chain))
rule("np.linalg.pinv(a, rcond=None, rtol=NONE)", a="_pinv_back(g, ans, a)", may_raise=True,
     facts=Facts(gives=linear_algebra.pseudo_inverse))  # fmt: skip
rule("np.linalg.eigh(a, UPLO='L')", a="_eigh_back(g[0], g[1], ans[0], ans[1], UPLO in 'Uu')", may_raise=True,
     facts=Facts(gives=linear_algebra.values_and_vectors))  # fmt: skip
rule("np.linalg.eigvalsh(a, UPLO='L')", a="_eigh_back(g, None, ans, np.linalg.eigh(a, UPLO)[1], UPLO in 'Uu')",
     may_raise=True, facts=Facts(gives=linear_algebra.values))  # fmt: skip
rule("np.linalg.svd(a, full_matrices=True, compute_uv=True)", a="_svd_back(g, ans, a, full_matrices, compute_uv)",
     may_raise=True, facts=Facts(gives=linear_algebra.singular))  # fmt: skip
rule("np.linalg.qr(a, mode='reduced')", a="_qr_mode_back(g, ans, a, mode)", jvp="_qr_mode_ahead(a_dot, ans, a, mode)",
     may_raise=True, facts=Facts(gives=linear_algebra.orthogonal))  # fmt: skip
linear("np.linalg.trace(x, offset=0, dtype=None)", x="_trace_back(g, x, offset, -2, -1)",
       facts=Facts(gives=linear_algebra.last_trace, mapped="np.linalg.trace(x, offset=offset, dtype=dtype)",
       spreads=dependence.traced("x")))  # fmt: skip
linear("np.linalg.diagonal(x, offset=0)", x="scatter_diagonal(g, np.shape(x), offset, -2, -1)",
       facts=DIAGONAL.but(gives=places.last_diagonal, mapped="np.linalg.diagonal(x, offset=offset)", spreads=dependence.moves))  # fmt: skip
linear("np.linalg.matrix_transpose(x)", x="np.matrix_transpose(g)",
       facts=VIEW.but(gives=matrix_transposed, mapped="np.matrix_transpose(x)", spreads=dependence.moves))  # fmt: skip
zero("np.linalg.matrix_rank(A, tol=None)", facts=Facts(gives=linear_algebra.rank))
