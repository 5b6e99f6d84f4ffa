"""Linear algebra. Matrices may come in stacks; a triangle that NumPy does not read gets a zero cotangent."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.rules.factors import (
    _conj,
    eigh_ahead,
    eigh_back,
    from_triangle,
    pinv_back,
    qr_mode_ahead,
    qr_mode_back,
    svd_mode_ahead,
    svd_mode_back,
    transposed,
    whole,
)
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


def _scales(g: Any, a: Any) -> Any:
    """One factor per matrix, in a shape that broadcasts against the matrices."""
    return g if np.ndim(a) == 2 else np.expand_dims(g, (-2, -1))


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


def _cholesky_back(g: Any, ans: Any, upper: Any) -> Any:
    """Murray, Differentiation of the Cholesky decomposition (2016), section 3."""
    if upper:
        return transposed(_cholesky_back(transposed(g), transposed(ans), False))
    rows = transposed(ans)
    inner = np.tril(rows @ g)
    inner = inner - 0.5 * inner * np.eye(np.shape(ans)[-1])
    half = np.linalg.solve(rows, inner)
    return from_triangle(transposed(np.linalg.solve(_conj(rows), transposed(half))))


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

SOURCE = "Giles, Collected matrix derivative results (2008), 2.2 and 2.3"
rule("np.linalg.inv(a)", a="-(transposed(ans) @ g @ transposed(ans))", jvp="-(ans @ a_dot @ ans)", may_raise=True, facts=SQUARE)
rule("np.linalg.det(a)", a="_scales(g, a) * cofactors(a)", facts=NUMBERS)
rule("cofactors(a, *directions)", a="cofactors(a, *directions, g)",
     directions="[cofactors(a, *directions[:i], *directions[i + 1:], g) for i in range(len(directions))]",
     facts=Facts(gives=linear_algebra.cofactors))  # fmt: skip
rule("np.linalg.slogdet(a)", a="_slogdet_back(g, ans, a)", facts=Facts(gives=linear_algebra.sign_and_logarithm))
rule("np.linalg.solve(a, b)", a="_solve_left(g, ans, a, b)", b="unbroadcast(_solve_right(g, a, b), np.shape(b))",
     jvp="_solved(a, b_dot - _applied(a_dot, ans, b), b)", may_raise=True,
     facts=Facts(gives=linear_algebra.solution, mapped={"b": "solution(a, b)"}))  # fmt: skip
SOURCE = ""
rule("np.linalg.norm(x, ord=None, axis=None, keepdims=False)", x="_norm_back(g, ans, x, ord, axis)",
     facts=Facts(axes=("ord",), gives=linear_algebra.norm, spreads=dependence.reduces("x")))  # fmt: skip
SOURCE = "Murray, Differentiation of the Cholesky decomposition (2016), 3"
rule("np.linalg.cholesky(a, upper=False)", a="_cholesky_back(g, ans, upper)", jvp="_cholesky_ahead(a_dot, ans, upper)",
     may_raise=True, facts=SQUARE)
SOURCE = ""
rule("np.linalg.matrix_power(a, n)", a="_power_back(g, a, n)", may_raise=True, facts=SQUARE)
rule("np.linalg.multi_dot(arrays)", arrays="_chain_back(g, arrays)", as_given=True, facts=Facts(gives=linear_algebra.chain))
SOURCE = "Golub and Pereyra, The differentiation of pseudo-inverses (1973)"
rule("np.linalg.pinv(a, rcond=None, hermitian=False, rtol=NONE)",
     a="from_triangle(pinv_back(g, ans, whole(a))) if hermitian else pinv_back(g, ans, a)", may_raise=True,
     facts=Facts(gives=linear_algebra.pseudo_inverse))  # fmt: skip
SOURCE = "Giles, Collected matrix derivative results (2008), 3.1"
rule("np.linalg.eigh(a, UPLO='L')", a="eigh_back(g[0], g[1], ans[0], ans[1], UPLO in 'Uu')",
     jvp="eigh_ahead(a_dot, ans[0], ans[1], UPLO in 'Uu')", may_raise=True,
     facts=Facts(gives=linear_algebra.values_and_vectors))  # fmt: skip
rule("np.linalg.eigvalsh(a, UPLO='L')", a="eigh_back(g, None, ans, np.linalg.eigh(a, UPLO)[1], UPLO in 'Uu')",
     jvp="eigh_ahead(a_dot, ans, np.linalg.eigh(a, UPLO)[1], UPLO in 'Uu')[0]", may_raise=True,
     facts=Facts(gives=linear_algebra.values))  # fmt: skip
SOURCE = "Townsend, Differentiating the singular value decomposition (2016); Wan and Zhang (2019)"
rule("np.linalg.svd(a, full_matrices=True, compute_uv=True, hermitian=False)",
     a="svd_mode_back(g, ans, a, full_matrices, compute_uv, hermitian)",
     jvp="svd_mode_ahead(a_dot, ans, a, full_matrices, compute_uv, hermitian)", may_raise=True,
     facts=Facts(gives=linear_algebra.singular))  # fmt: skip
SOURCE = "Walter and Lehmann (2010)"
rule("np.linalg.qr(a, mode='reduced')", a="qr_mode_back(g, ans, a, mode)", jvp="qr_mode_ahead(a_dot, ans, a, mode)",
     may_raise=True, facts=Facts(gives=linear_algebra.orthogonal))  # fmt: skip
SOURCE = ""
linear("np.linalg.trace(x, offset=0, dtype=None)", x="_trace_back(g, x, offset, -2, -1)",
       facts=Facts(gives=linear_algebra.last_trace, mapped="np.linalg.trace(x, offset=offset, dtype=dtype)",
       spreads=dependence.traced("x")))  # fmt: skip
linear("np.linalg.diagonal(x, offset=0)", x="scatter_diagonal(g, np.shape(x), offset, -2, -1)",
       facts=DIAGONAL.but(gives=places.last_diagonal, mapped="np.linalg.diagonal(x, offset=offset)", spreads=dependence.moves))  # fmt: skip
linear("np.linalg.matrix_transpose(x)", x="np.matrix_transpose(g)",
       facts=VIEW.but(gives=matrix_transposed, mapped="np.matrix_transpose(x)", spreads=dependence.moves))  # fmt: skip
zero("np.linalg.matrix_rank(A, tol=None, hermitian=False, rtol=None)", facts=Facts(gives=linear_algebra.rank))
