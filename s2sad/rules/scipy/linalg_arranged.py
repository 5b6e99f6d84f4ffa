"""Matrices that vectors are arranged to, systems of these, and bands, in scipy.linalg; and what has no derivative there."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from s2sad.errors import MissingRule
from s2sad.rules.factors import _conj
from s2sad.rules.facts import Facts
from s2sad.rules.following import follow
from s2sad.rules.language import linear, rule, zero
from s2sad.rules.refusing import refuse
from s2sad.runtime.functions import unbroadcast
from s2sad.types import arranged

# Along diagonals


def _diagonal_sums(m: Any) -> Any:
    """The sums of all diagonals, the last column's corner first: each row of a matrix with zeros behind stands one further on if the rows
    are cut where they are one shorter."""
    rows, columns = np.shape(m)[-2], np.shape(m)[-1]
    stack = np.shape(m)[:-2]
    wide = np.pad(np.flip(m, -1), [(0, 0)] * (np.ndim(m) - 1) + [(0, rows)])
    flat = np.reshape(wide, (*stack, rows * (rows + columns)))[..., : rows * (rows + columns - 1)]
    return np.sum(np.reshape(flat, (*stack, rows, rows + columns - 1)), axis=-2)


def _column_back(m: Any) -> Any:
    """The cotangent of the first column of a Toeplitz matrix, whose first entry is on the diagonal."""
    return _diagonal_sums(m)[..., np.shape(m)[-1] - 1 :]


def _row_back(m: Any) -> Any:
    """That of its first row, whose first entry is not read."""
    sums = np.flip(_diagonal_sums(m)[..., : np.shape(m)[-1] - 1], -1)
    return np.concatenate((np.zeros_like(m[..., 0, :1]), sums), axis=-1)


def _toeplitz_back(g: Any, r: Any) -> Any:
    return _column_back(g) if r is not None else _column_back(g) + _conj(_row_back(g))


def _circulant_back(g: Any) -> Any:
    """Diagonals below, and above those that go on from them."""
    return _column_back(g) + np.flip(np.roll(_row_back(g), -1, axis=-1), -1)


def _hankel_back(g: Any, length: Any) -> Any:
    """The sums of the diagonals that go up: those of the matrix with its columns in the other order."""
    return _diagonal_sums(np.flip(g, -1))[:length]


def _last_row_back(g: Any) -> Any:
    sums = _diagonal_sums(np.flip(g, -1))[np.shape(g)[-2] :]
    return np.concatenate((np.zeros_like(g[0, :1]), sums))


linear("scipy.linalg.toeplitz(c, r=None)", c="np.reshape(_toeplitz_back(g, r), np.shape(c))", r="np.reshape(_row_back(g), np.shape(r))",
       facts=Facts(gives=arranged.toeplitz))  # fmt: skip
linear("scipy.linalg.circulant(c)", c="np.reshape(_circulant_back(g), np.shape(c))", facts=Facts(gives=arranged.circulant))
linear("scipy.linalg.hankel(c, r=None)", c="_hankel_back(g, np.size(c))", r="_last_row_back(g)", facts=Facts(gives=arranged.hankel))
linear("scipy.linalg.leslie(f, s)", f="g[..., 0, :]", s="np.diagonal(g, -1, -2, -1)", facts=Facts(gives=arranged.leslie))
linear("scipy.linalg.diagsvd(s, M, N)", s="np.diagonal(g, 0, -2, -1)", facts=Facts(gives=arranged.of_diagonal, axes=("M", "N")))
follow("scipy.linalg.companion", "scipy.linalg.convolution_matrix", "scipy.linalg.khatri_rao", "scipy.linalg.solve_circulant")


def _fiedler_back(g: Any, a: Any) -> Any:
    signs = np.sign(np.expand_dims(a, -1) - np.expand_dims(a, -2))
    return np.sum(g * signs, axis=-1) - np.sum(g * signs, axis=-2)


def _fiedler_companion_back(g: Any, a: Any) -> Any:
    """Each coefficient stands in one place, divided by the first."""
    if np.ndim(a) != 1:
        raise MissingRule("scipy.linalg.fiedler_companion has a rule for one polynomial")
    n = np.size(a) - 1
    found = -np.concatenate((g[0, :1], np.diagonal(g, 1)[::2], np.diagonal(g, -1)[1::2]))
    order = np.argsort(np.concatenate((np.arange(1, 2), np.arange(2, n + 1, 2), np.arange(3, n + 1, 2))))
    rest = found[order] / a[0]
    return np.concatenate((np.expand_dims(-np.sum(rest * a[1:]) / a[0], 0), rest))


def _blocks_back(g: Any, arrs: Any) -> Any:
    parts, row, column = [], 0, 0
    for each in arrs:
        shape = (1,) * (2 - np.ndim(each)) + np.shape(each)
        part = g[..., row : row + shape[-2], column : column + shape[-1]]
        parts.append(np.reshape(unbroadcast(part, shape), np.shape(each)))
        row, column = row + shape[-2], column + shape[-1]
    return parts


rule("scipy.linalg.fiedler(a)", a="np.reshape(_fiedler_back(g, a), np.shape(a))", facts=Facts(gives=arranged.fiedler))
rule("scipy.linalg.fiedler_companion(a)", a="_fiedler_companion_back(g, a)", may_raise=True,
     facts=Facts(gives=arranged.fiedler_companion))  # fmt: skip
linear("scipy.linalg.block_diag(*arrs)", arrs="_blocks_back(g, arrs)", facts=Facts(gives=arranged.blocks))

# Systems of Toeplitz matrices


def _column_and_row(given: Any) -> Any:
    return given if isinstance(given, tuple) else (given, _conj(given))


def _turned(given: Any) -> Any:
    """The column and the row of the transposed matrix."""
    c, r = _column_and_row(given)
    return np.concatenate((c[..., :1], r[..., 1:]), axis=-1), c


def _given_back(m: Any, given: Any) -> Any:
    if isinstance(given, tuple):
        return _column_back(m), _row_back(m)
    return _column_back(m) + _conj(_row_back(m))


def _outer(y: Any, x: Any) -> Any:
    """The sum of the products of each entry of one with each of the other, over columns where there are some."""
    return np.expand_dims(y, -1) * x if np.ndim(x) == 1 else y @ x.T


def _plain(given: Any) -> Any:
    if np.ndim(_column_and_row(given)[0]) != 1:
        raise MissingRule("a stack of Toeplitz matrices has no rule here; scipy.linalg.toeplitz and solve have")
    return given


SOURCE = "Giles, Collected matrix derivative results (2008), 2.3.1"
rule("scipy.linalg.solve_toeplitz(c_or_cr, b, check_finite=True)",
     c_or_cr="_given_back(-_outer(scipy.linalg.solve_toeplitz(_turned(_plain(c_or_cr)), g), ans), c_or_cr)",
     b="scipy.linalg.solve_toeplitz(_turned(_plain(c_or_cr)), g)", may_raise=True, as_given=True,
     facts=Facts(gives=arranged.as_right_side))  # fmt: skip
SOURCE = ""
rule("scipy.linalg.matmul_toeplitz(c_or_cr, x, check_finite=False, workers=None)",
     c_or_cr="_given_back(_outer(g, x), _plain(c_or_cr))", x="scipy.linalg.matmul_toeplitz(_turned(_plain(c_or_cr)), g)",
     as_given=True, facts=Facts(gives=arranged.toeplitz_product))  # fmt: skip

# Bands: the row of a band that holds a diagonal has the entries of column j at place j


def _moved(x: Any, by: int) -> Any:
    """Entries further on along the first axis, with zeros where there are none."""
    rest = [(0, 0)] * (np.ndim(x) - 1)
    return np.pad(x[by:], [(0, by), *rest]) if by >= 0 else np.pad(x[:by], [(-by, 0), *rest])


def _along(y: Any, x: Any) -> Any:
    return y * x if np.ndim(x) == 1 else np.sum(y * x, axis=-1)


def _turned_band(ab: Any, lower: int, upper: int) -> Any:
    """The band of the transposed matrix."""
    return np.stack([_moved(ab[upper - k], k) for k in range(-lower, upper + 1)])


def _banded_right(g: Any, l_and_u: Any, ab: Any) -> Any:
    lower, upper = l_and_u
    if np.ndim(ab) != 2:
        raise MissingRule("a stack of bands has no rule; take them one by one")
    return scipy.linalg.solve_banded((upper, lower), _turned_band(ab, lower, upper), g)


def _banded_left(g: Any, ans: Any, l_and_u: Any, ab: Any) -> Any:
    y = _banded_right(g, l_and_u, ab)
    return -np.stack([_along(_moved(y, k - l_and_u[1]), ans) for k in range(l_and_u[0] + l_and_u[1] + 1)])


def _hermitian_right(g: Any, ab: Any, lower: Any) -> Any:
    if np.ndim(ab) != 2:
        raise MissingRule("a stack of bands has no rule; take them one by one")
    return _conj(scipy.linalg.solveh_banded(ab, _conj(g), lower=lower))


def _hermitian_left(g: Any, ans: Any, ab: Any, lower: Any) -> Any:
    y, last, rows = _hermitian_right(g, ab, lower), np.shape(ab)[0] - 1, []
    for k in range(last + 1):
        by = k if lower else k - last
        both = _along(_moved(y, by), ans) + _conj(_along(y, _moved(ans, by)))
        rows.append(-(both if by != 0 else 0.5 * both))
    return np.stack(rows)


SOURCE = "Giles, Collected matrix derivative results (2008), 2.3.1"
rule("scipy.linalg.solve_banded(l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True)",
     ab="_banded_left(g, ans, l_and_u, ab)", b="_banded_right(g, l_and_u, ab)",
     may_raise=True, facts=Facts(gives=arranged.banded_solution, axes=("l_and_u",)))  # fmt: skip
rule("scipy.linalg.solveh_banded(ab, b, overwrite_ab=False, overwrite_b=False, lower=False, check_finite=True)",
     ab="_hermitian_left(g, ans, ab, lower)", b="_hermitian_right(g, ab, lower)",
     may_raise=True, facts=Facts(gives=arranged.hermitian_solution))  # fmt: skip

# What gives whole numbers or answers, or is made of these

zero("scipy.linalg.bandwidth(a)")
zero("scipy.linalg.ishermitian(a, atol=None, rtol=None)", "scipy.linalg.issymmetric(a, atol=None, rtol=None)")
zero("scipy.linalg.dft(n, scale=None)")
zero("scipy.linalg.hadamard(n, dtype=int)")
zero("scipy.linalg.hilbert(n)")
zero("scipy.linalg.invhilbert(n, exact=False)")
zero("scipy.linalg.helmert(n, full=False)")
zero("scipy.linalg.pascal(n, kind='symmetric', exact=True)", "scipy.linalg.invpascal(n, kind='symmetric', exact=True)")

# What has no derivative, or none here

refuse("scipy.linalg.null_space", "scipy.linalg.orth",
       why="their columns are any basis of a space; the projector to it has one, by pinv(A) @ A or A @ pinv(A)")
refuse("scipy.linalg.subspace_angles", why="it chooses between two formulas by values; svdvals(qa.conj().T @ qb) of orthonormal columns,"
       " as qr(A, mode='economic') gives them, are the cosines")  # fmt: skip
refuse("scipy.linalg.schur", "scipy.linalg.rsf2csf", "scipy.linalg.qz", "scipy.linalg.ordqz", "scipy.linalg.cdf2rdf",
       why="its factors are not unique: which value stands first is for LAPACK to choose, and of real matrices where blocks stand")
refuse("scipy.linalg.hessenberg", "scipy.linalg.ldl", "scipy.linalg.cossin", "scipy.linalg.matrix_balance",
       why="its factors are not unique, and depend on choices that LAPACK makes by values")
refuse("scipy.linalg.funm", why="the derivative of the function is not given; write it with eig, or with expm and logm")
refuse("scipy.linalg.signm", why="it is constant where it is smooth in the eigenvalues, and computed by an iteration without a rule")
refuse("scipy.linalg.expm_cond", why="it is a norm of a derivative, which is computed to few digits")
refuse("scipy.linalg.eig_banded", "scipy.linalg.eigvals_banded", "scipy.linalg.cholesky_banded", "scipy.linalg.cho_solve_banded",
       why="bands have a rule in solve_banded and solveh_banded alone; eigh and cholesky have one for whole matrices")
refuse("scipy.linalg.qr_delete", "scipy.linalg.qr_insert", "scipy.linalg.qr_update", "scipy.linalg.qr_multiply",
       why="it works on factors that stand already; qr of the whole matrix has a rule")
refuse("scipy.linalg.clarkson_woodruff_transform", why="it draws a random matrix")
refuse("scipy.linalg.find_best_blas_type", "scipy.linalg.get_blas_funcs", "scipy.linalg.get_lapack_funcs",
       why="it gives functions of BLAS or LAPACK, or their names")
