"""Functions of numpy.linalg that are met less often: eigenvalues of any matrix, least squares, condition numbers, tensor equations."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.factors import _conj, adjoint, svd_mode_ahead, svd_mode_back, transposed, values_back
from s2sad.rules.facts import Facts
from s2sad.rules.following import follow
from s2sad.rules.language import rule
from s2sad.rules.leading import multiplied
from s2sad.rules.linalg import _norm_back, _vector_norm_back
from s2sad.rules.reductions import spread
from s2sad.runtime.arrays import ratio_or_zero
from s2sad.runtime.bases import between_vectors, inverse_gaps
from s2sad.runtime.functions import unbroadcast
from s2sad.types import dependence
from s2sad.types import linear as linear_algebra

# Eigenvalues


def _largest(v: Any) -> Any:
    """Where the component of each vector is that is real, in a matrix of zeros and ones: the first of the largest."""
    size = np.abs(v)
    first = np.expand_dims(np.argmax(size, axis=-2), -2)
    return np.expand_dims(np.arange(np.shape(v)[-1]), -1) == first


def without_scale(g: Any, v: Any) -> Any:
    """The cotangent of vectors without what would change their length, which is 1, and the phase of their largest component, which is
    real."""
    along = np.sum(g * v, axis=-2, keepdims=True)
    if not np.iscomplexobj(v):
        return g - along * v
    place = _largest(v)
    largest = np.real(np.sum(np.where(place, v, 0.0), axis=-2, keepdims=True))
    return g - np.real(along) * np.conj(v) - 1j * np.where(place, np.imag(along) / largest, 0.0)


def eig_back(gw: Any, gv: Any, w: Any, v: Any) -> Any:
    """Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation (2008), section 3.1; the
    vectors are scaled as LAPACK does it."""
    turned = None if gv is None else transposed(v) @ without_scale(gv, v)
    inner = between_vectors(gw, inverse_gaps(w), turned) @ transposed(v)
    return np.linalg.solve(transposed(v), inner)


def _scaled_ahead(rate: Any, v: Any) -> Any:
    """The tangent of vectors that keep their length and the phase of their largest component."""
    along = np.real(np.sum(_conj(v) * rate, axis=-2, keepdims=True))
    scaled = rate - v * along
    if not np.iscomplexobj(v):
        return scaled
    place = _largest(v)
    largest = np.real(np.sum(np.where(place, v, 0.0), axis=-2, keepdims=True))
    return scaled - 1j * v * (np.sum(np.where(place, np.imag(rate), 0.0), axis=-2, keepdims=True) / largest)


def eig_ahead(a_dot: Any, w: Any, v: Any) -> Any:
    """The tangents of both. The same source."""
    turned = np.linalg.solve(v, a_dot @ v)
    both = between_vectors(np.diagonal(turned, 0, -2, -1), inverse_gaps(w), turned)
    w_dot = np.diagonal(both, 0, -2, -1)
    return w_dot, _scaled_ahead(v @ (both - np.expand_dims(w_dot, -1) * np.eye(np.shape(w)[-1])), v)


SOURCE = "Giles, Collected matrix derivative results (2008), 3.1"
rule("np.linalg.eig(a)", a="eig_back(g[0], g[1], ans[0], ans[1])", jvp="eig_ahead(a_dot, ans[0], ans[1])", may_raise=True, dynamic=True,
     facts=Facts(gives=linear_algebra.any_values_and_vectors))  # fmt: skip
rule("np.linalg.eigvals(a)", a="eig_back(g, None, ans, np.linalg.eig(a)[1])", jvp="eig_ahead(a_dot, ans, np.linalg.eig(a)[1])[0]",
     may_raise=True, dynamic=True, facts=Facts(gives=linear_algebra.any_values))  # fmt: skip
SOURCE = "Townsend, Differentiating the singular value decomposition (2016)"
rule("np.linalg.svdvals(x)", x="svd_mode_back(g, ans, x, False, False, False)",
     jvp="svd_mode_ahead(x_dot, ans, x, False, False, False)", may_raise=True,
     facts=Facts(gives=linear_algebra.singular_values))  # fmt: skip

# Least squares


def _least(rcond: Any, a: Any, b: Any) -> Any:
    """Which singular values count, as a part of the largest."""
    eps = np.finfo(np.result_type(a, b, np.float32)).eps
    return eps * max(np.shape(a)) if rcond is None else (eps if rcond < 0 else rcond)


def _columns(x: Any) -> Any:
    return np.expand_dims(x, -1) if np.ndim(x) == 1 else x


def _solution_back(gx: Any, x: Any, misfit: Any, p: Any, a: Any) -> Any:
    """By the pseudo-inverse, whose rank stays; nothing here is as large as the square of the number of equations."""
    y = transposed(p) @ gx
    left = misfit @ (transposed(y) @ adjoint(p))
    right = adjoint(p) @ (x @ (transposed(gx) - transposed(y) @ a))
    return _conj(left + right) - y @ transposed(x)


def least_squares_left(g: Any, ans: Any, a: Any, b: Any, rcond: Any) -> Any:
    """Golub and Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems (1973). What is left of the right
    sides is orthogonal to what the matrix makes."""
    x, gx = _columns(ans[0]), _columns(g[0])
    misfit = _columns(b) - a @ x
    back = _solution_back(gx, x, misfit, np.linalg.pinv(a, rcond=rcond), a)
    if np.size(ans[1]) > 0:
        back = back - 2.0 * (g[1] * _conj(misfit)) @ transposed(x)
    return back if ans[3] is None else back + values_back(g[3], *np.linalg.svd(a, full_matrices=False))


def least_squares_right(g: Any, ans: Any, a: Any, b: Any, rcond: Any) -> Any:
    x, gx = _columns(ans[0]), _columns(g[0])
    back = transposed(np.linalg.pinv(a, rcond=rcond)) @ gx
    if np.size(ans[1]) > 0:
        back = back + 2.0 * g[1] * _conj(_columns(b) - a @ x)
    return back if np.ndim(b) == 2 else back[:, 0]


SOURCE = "Golub and Pereyra, The differentiation of pseudo-inverses (1973)"
rule("np.linalg.lstsq(a, b, rcond=None)", a="least_squares_left(g, ans, a, b, _least(rcond, a, b))",
     b="least_squares_right(g, ans, a, b, _least(rcond, a, b))", may_raise=True, dynamic=True,
     facts=Facts(gives=linear_algebra.least_squares))  # fmt: skip

# Norms and condition numbers


def _condition_back(g: Any, ans: Any, x: Any, p: Any) -> Any:
    matrices = (-2, -1)
    if p is None or p in (2, -2):
        above, below = (-2, 2) if p == -2 else (2, -2)
        size, least = np.linalg.norm(x, above, axis=matrices), np.linalg.norm(x, below, axis=matrices)
        return _norm_back(g / least, size, x, above, matrices) - _norm_back(g * ans / least, least, x, below, matrices)
    y = np.linalg.inv(x)
    size, other = np.linalg.norm(x, p, axis=matrices), np.linalg.norm(y, p, axis=matrices)
    by_inverse = transposed(y) @ _norm_back(g * size, other, y, p, matrices) @ transposed(y)
    return _norm_back(g * other, size, x, p, matrices) - by_inverse


def _length_back(g: Any, ans: Any, x: Any, ord: Any, axis: Any) -> Any:
    if ord == 2:
        return _conj(x) * spread(ratio_or_zero(g, ans), x, axis)
    return _vector_norm_back(g, ans, x, ord, axis)


SOURCE = ""
rule("np.linalg.cond(x, p=None)", x="_condition_back(g, ans, x, p)", may_raise=True,
     facts=Facts(axes=("p",), gives=linear_algebra.condition))  # fmt: skip
rule("np.linalg.vector_norm(x, axis=None, keepdims=False, ord=2)", x="_length_back(g, ans, x, ord, axis)",
     facts=Facts(axes=("ord",), gives=linear_algebra.vector_norm, spreads=dependence.reduces("x")))  # fmt: skip
rule("np.linalg.matrix_norm(x, keepdims=False, ord='fro')", x="_norm_back(g, ans, x, ord, (-2, -1))",
     facts=Facts(axes=("ord",), gives=linear_algebra.matrix_norm))  # fmt: skip

# Equations and inverses of tensors


def _order(a: Any, axes: Any) -> Any:
    """The order of axes in which those that are named come last."""
    return [k for k in range(np.ndim(a)) if k not in axes] + list(axes)


def _places(order: Any) -> Any:
    return [order.index(k) for k in range(len(order))]


def _unknowns_last(a: Any, axes: Any) -> Any:
    return a if axes is None else np.transpose(a, _order(a, axes))


def _as_square(a: Any, n: Any) -> Any:
    return np.reshape(a, (n, n))


def _tensor_right(g: Any, a: Any, b: Any, axes: Any) -> Any:
    n = np.size(b)
    square = _as_square(_unknowns_last(a, axes), n)
    return np.reshape(np.linalg.solve(transposed(square), np.reshape(g, (n,))), np.shape(b))


def _tensor_left(g: Any, ans: Any, a: Any, b: Any, axes: Any) -> Any:
    back = -np.multiply.outer(_tensor_right(g, a, b, axes), ans)
    return back if axes is None else np.transpose(back, _places(_order(a, axes)))


def _tensor_ahead(a_dot: Any, b_dot: Any, ans: Any, a: Any, b: Any, axes: Any) -> Any:
    rate = b_dot - np.tensordot(_unknowns_last(a_dot, axes), ans, np.ndim(ans))
    return np.linalg.tensorsolve(_unknowns_last(a, axes), rate)


def _inverse_back(g: Any, ans: Any, a: Any, ind: int) -> Any:
    n = multiplied(np.shape(a)[:ind])
    inverse = transposed(_as_square(ans, n))
    return -np.reshape(inverse @ _as_square(g, n) @ inverse, np.shape(a))


rule("np.linalg.tensorsolve(a, b, axes=None)", a="_tensor_left(g, ans, a, b, axes)", b="_tensor_right(g, a, b, axes)",
     jvp="_tensor_ahead(a_dot, b_dot, ans, a, b, axes)", may_raise=True, facts=Facts(gives=linear_algebra.tensor_solution))  # fmt: skip
rule("np.linalg.tensorinv(a, ind=2)", a="_inverse_back(g, ans, a, ind)", may_raise=True,
     facts=Facts(axes=("ind",), gives=linear_algebra.tensor_inverse))  # fmt: skip

# Products


def _along_last(g: Any, here: Any, other: Any, axis: int) -> Any:
    """The cotangent of one factor of sums along an axis, by the other."""
    wide = np.expand_dims(g, -1) * np.moveaxis(other, axis, -1)
    return np.moveaxis(unbroadcast(wide, np.shape(np.moveaxis(here, axis, -1))), -1, axis)


rule("np.linalg.vecdot(x1, x2, axis=-1)", x1="_conj(_along_last(g, x1, x2, axis))", x2="_along_last(g, x2, _conj(x1), axis)",
     jvp="np.linalg.vecdot(x1_dot, x2, axis=axis) + np.linalg.vecdot(x1, x2_dot, axis=axis)",
     facts=Facts(gives=linear_algebra.vecdot_along))  # fmt: skip
follow("np.linalg.tensordot")
