"""Rules of scipy.sparse.linalg: equations by the entries and the right side, at the solution; eigenvalues and singular values.

With `a x = b`, the cotangent of `b` solves the transposed equation, and that of an entry is minus the product of the two solutions in its
place: Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation (2008), section 2.3.1.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse.linalg

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.following import follow, replace
from s2sad.rules.language import rule, zero
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy.sparse_arrays import Sparse, is_sparse, sparse
from s2sad.rules.scipy.sparse_entries import outer_entries, sparse_product, sparse_product_transposed
from s2sad.rules.scipy.sparse_solving import (
    bordered,
    doubled,
    eigenpairs,
    eigenvalues,
    eigenvectors,
    exponential_times,
    exponential_times_transposed,
    factored,
    in_triangle,
    iterated,
    iterated_again,
    quadrature,
    singular_values,
    singular_vectors,
    solved,
    solved_by,
    solved_transposed,
    solved_triangle,
    solved_triangle_transposed,
)
from s2sad.rules.solving import as_now, on_types
from s2sad.types import sparse as types

SOLVERS = ("bicg", "bicgstab", "cg", "cgs", "gmres", "gcrotmk", "lgmres", "minres", "qmr", "tfqmr")
TURNED = {"N": "T", "T": "N"}


def _minus(where: Any, u: Any, v: Any, data: Any) -> Any:
    return -outer_entries(where, u, np.reshape(v, np.shape(u)), np.shape(data))


def _read(where: Any, entries: Any, shape: Any, options: Any) -> Any:
    """The entries that a triangular solver reads, and zeros."""
    return np.where(in_triangle(where, shape, np.shape(entries), options), entries, 0.0)


def _like(g: Any, b: Any) -> Any:
    return np.reshape(g, np.shape(b))


SOLVED = Facts(gives=types.solved, may_raise=True)
rule("solved(where, data, b, shape, options)", b="_like(solved_transposed(where, data, g, shape, options), b)",
     data="_minus(where, solved_transposed(where, data, g, shape, options), ans, data)",
     jvp="solved(where, data, b_dot, shape, options) - solved(where, data, sparse_product(where, data_dot, ans, shape), shape, options)",
     facts=SOLVED)  # fmt: skip
rule("solved_transposed(where, data, b, shape, options)", b="_like(solved(where, data, g, shape, options), b)",
     data="_minus(where, ans, solved(where, data, g, shape, options), data)",
     jvp="solved_transposed(where, data, b_dot, shape, options) - "
         "solved_transposed(where, data, sparse_product_transposed(where, data_dot, ans, shape), shape, options)",
     facts=SOLVED)  # fmt: skip
rule("solved_triangle(where, data, b, shape, options)", b="solved_triangle_transposed(where, data, g, shape, options)",
     data="_read(where, _minus(where, solved_triangle_transposed(where, data, g, shape, options), ans, data), shape, options)",
     jvp="solved_triangle(where, data, b_dot, shape, options) - "
         "solved_triangle(where, data, sparse_product(where, _read(where, data_dot, shape, options), ans, shape), shape, options)",
     facts=SOLVED)  # fmt: skip
rule("solved_triangle_transposed(where, data, b, shape, options)", b="solved_triangle(where, data, g, shape, options)",
     data="_read(where, _minus(where, ans, solved_triangle(where, data, g, shape, options), data), shape, options)",
     jvp="solved_triangle_transposed(where, data, b_dot, shape, options) - solved_triangle_transposed(where, data, "
         "sparse_product_transposed(where, _read(where, data_dot, shape, options), ans, shape), shape, options)", facts=SOLVED)  # fmt: skip


def _by_factors(factors: Any, where: Any, data: Any, g: Any, ans: Any, shape: Any, trans: str) -> Any:
    back = solved_by(factors, where, data, g, shape, TURNED[trans])
    return _minus(where, back, ans, data) if trans == "N" else _minus(where, ans, back, data)


def _along_factors(where: Any, data_dot: Any, ans: Any, shape: Any, trans: str) -> Any:
    return sparse_product(where, data_dot, ans, shape) if trans == "N" else sparse_product_transposed(where, data_dot, ans, shape)


rule("solved_by(factors, where, data, b, shape, trans)", b="solved_by(factors, where, data, g, shape, TURNED[trans])",
     data="_by_factors(factors, where, data, g, ans, shape, trans)",
     jvp="solved_by(factors, where, data, b_dot, shape, trans) - "
         "solved_by(factors, where, data, _along_factors(where, data_dot, ans, shape, trans), shape, trans)", facts=SOLVED)  # fmt: skip
rule("iterated(where, data, b, x0, shape, name, options)", b="_like(iterated_again(where, data, g, shape, name, options, True), b)",
     data="_minus(where, iterated_again(where, data, g, shape, name, options, True), ans, data)", x0="0.0 * _like(g, x0)",
     jvp="iterated_again(where, data, b_dot, shape, name, options, False) - "
         "iterated_again(where, data, sparse_product(where, data_dot, ans, shape), shape, name, options, False) + 0.0 * x0_dot",
     facts=SOLVED)  # fmt: skip
rule("iterated_again(where, data, b, shape, name, options, turned)",
     b="_like(iterated_again(where, data, g, shape, name, options, not turned), b)",
     data="_again_back(where, data, ans, iterated_again(where, data, g, shape, name, options, not turned), turned)",
     facts=SOLVED)  # fmt: skip


def _again_back(where: Any, data: Any, ans: Any, back: Any, turned: bool) -> Any:
    return _minus(where, ans, back, data) if turned else _minus(where, back, ans, data)


zero("factored(where, data, shape, options)")
zero("in_triangle(where, shape, size, options)", facts=Facts(gives=types.in_triangle))

# Eigenvalues and singular values, each with the vectors of its own, and these by what is orthogonal to them


def _of_vectors(where: Any, u: Any, v: Any, g: Any, data: Any) -> Any:
    return outer_entries(where, u * g, v, np.shape(data))


def _without_vector(where: Any, entries: Any, n: Any, value: Any, v: Any, y: Any) -> Any:
    """What `value - a` makes `y` of, both without their parts along the eigenvector `v`: an equation with one more row and column."""
    y = np.concatenate([y - v * (v @ y) / (v @ v), np.zeros(1, y.dtype)])
    if where is None:
        square = np.block([[value * np.eye(n) - entries, v[:, None]], [v[None, :], np.zeros((1, 1))]])
        return np.linalg.solve(square, y)[:n]
    framed, inside = bordered(where, np.shape(entries), n)
    kept = np.ravel(entries) * inside
    return solved(framed, np.concatenate([-kept, value * np.ones(n), v, v]), y, (n + 1, n + 1), {})[:n]


def _eigenvectors_back(where: Any, data: Any, shape: Any, values: Any, vectors: Any, g: Any) -> Any:
    n = shape[0]
    z = np.stack([_without_vector(where, data, n, values[k], vectors[:, k], g[:, k]) for k in range(len(values))], axis=1)
    return outer_entries(where, z, vectors, np.shape(data))


def _singular_back(where: Any, data: Any, shape: Any, values: Any, vectors: Any, g: Any) -> Any:
    """Singular vectors side by side are eigenvectors of the array beside its transpose."""
    (u, v), (rows, columns) = vectors, shape
    n, w, gw = rows + columns, np.concatenate([u, v]), np.concatenate([g[0], g[1]])
    beside = doubled(where, np.shape(data), shape)
    entries = np.concatenate([np.ravel(data), np.ravel(data)])
    z = np.stack([_without_vector(beside, entries, n, values[k], w[:, k], gw[:, k]) for k in range(len(values))], axis=1)
    return outer_entries(where, z[:rows], v, np.shape(data)) + outer_entries(where, u, z[rows:], np.shape(data))


rule("eigenvalues(where, data, shape, k, options)", data="_of_values(where, data, shape, ans, options, g)",
     facts=Facts(gives=types.values))  # fmt: skip
rule("eigenvectors(where, data, shape, values, options)", data="_eigenvectors_back(where, data, shape, values, ans, g)",
     values="0.0 * np.sum(g, axis=0)")  # fmt: skip
rule("eigenpairs(where, data, shape, k, options)",
     data="_of_vectors(where, ans[1], ans[1], g[0], data) + _eigenvectors_back(where, data, shape, ans[0], ans[1], g[1])")  # fmt: skip
rule("singular_values(where, data, shape, k, options)", data="_of_singular_values(where, data, shape, ans, options, g)",
     facts=Facts(gives=types.values))  # fmt: skip
rule("singular_vectors(where, data, shape, values, options)", data="_singular_back(where, data, shape, values, ans, g)",
     values="0.0 * np.sum(g[0], axis=0)")  # fmt: skip
zero("bordered(where, size, n)", "doubled(where, size, shape)")
# The derivative of exp(a) along e is the integral of exp((1 - s) a) e exp(s a): Van Loan, Computing integrals involving the matrix
# exponential (1978), equation (1.4)


def _exponential_back(where: Any, data: Any, u: Any, v: Any, shape: Any) -> Any:
    """The integral over `s` of the entries of `exp((1 - s) a.T) u` and `exp(s a) v`."""
    found: Any = 0.0
    for place, weight in quadrature(where, data, shape):
        left = exponential_times_transposed(where, (1.0 - place) * data, u, shape, {})
        right = exponential_times(where, place * data, v, shape, {})
        found = found + weight * outer_entries(where, left, right, np.shape(data))
    return found


rule("exponential_times(where, data, b, shape, options)", b="exponential_times_transposed(where, data, g, shape, options)",
     data="_exponential_back(where, data, g, b, shape)", facts=Facts(gives=types.solved))  # fmt: skip
rule("exponential_times_transposed(where, data, b, shape, options)", b="exponential_times(where, data, g, shape, options)",
     data="_exponential_back(where, data, b, g, shape)", facts=Facts(gives=types.solved))  # fmt: skip
zero("quadrature(where, data, shape)")


def _of_values(where: Any, data: Any, shape: Any, values: Any, options: Any, g: Any) -> Any:
    vectors = eigenvectors(where, data, shape, values, options)
    return _of_vectors(where, vectors, vectors, g, data)


def _of_singular_values(where: Any, data: Any, shape: Any, values: Any, options: Any, g: Any) -> Any:
    u, v = singular_vectors(where, data, shape, values, options)
    return _of_vectors(where, u, v, g, data)


def _parts(a: Any) -> Any:
    """What says where the entries of an array are, the entries, and its shape."""
    if isinstance(a, scipy.sparse.linalg.LinearOperator):
        return a, None, a.shape
    if not is_sparse(a):
        array = np.asarray(a)
        return None, array, np.shape(array)
    one = sparse(a)
    return one.where, one.entries, one.shape


def _single(a: Any, what: str, *summed: str) -> Any:
    """The array, which SciPy has summed in place if it is of one of these formats."""
    if not is_sparse(a):
        raise MissingRule(f"{what} takes the elements of an array that are not zero, which depends on their values",
                          hint="make a sparse array of its entries, or use np.linalg.solve")  # fmt: skip
    one = sparse(a)
    if isinstance(a, Sparse) and one.format in summed and not on_types():
        one.sum_duplicates()
    return one


def _in_order(a: Any) -> dict[str, Any]:
    """That the solver is to refuse an array which it would sum in place, where that cannot be told from types."""
    return {"in_order": True} if isinstance(a, Sparse) and on_types() else {}


def _no_sparse(b: Any) -> None:
    if is_sparse(b):
        raise MissingRule("the solution for a sparse right side has entries by their values", hint="use toarray()")


def _spsolve(A: Any, b: Any, permc_spec: Any = None, use_umfpack: bool = True) -> Any:
    one = _single(A, "spsolve()", "csr", "csc")
    _no_sparse(b)
    return solved(one.where, one.entries, np.asarray(b), one.shape, {"permc_spec": permc_spec, "use_umfpack": use_umfpack} | _in_order(A))


def _spsolve_triangular(A: Any, b: Any, lower: bool = True, overwrite_A: bool = False, overwrite_b: bool = False,
                        unit_diagonal: bool = False) -> Any:  # fmt: skip
    one = _single(A, "spsolve_triangular()")
    return solved_triangle(one.where, one.entries, np.asarray(b), one.shape, {"lower": lower, "unit_diagonal": unit_diagonal})


class Factors:
    """What `splu` gives of entries that are differentiated."""

    def __init__(self, a: Any, options: Any) -> None:
        self.where, self.entries, self.shape = as_now(a.where), as_now(a.entries), a.shape
        self.factors = factored(a.where, a.entries, a.shape, options)

    def solve(self, rhs: Any, trans: str = "N") -> Any:
        if trans not in TURNED:
            raise MissingRule("solve() with trans='H' has no rule", hint="use trans='T' of the conjugate")
        return solved_by(self.factors, self.where, self.entries, np.asarray(rhs), self.shape, trans)

    def __getattr__(self, name: str) -> Any:
        raise MissingRule(f"{name} of the factors of a sparse array has no rule", hint="use solve()")


def _splu(A: Any, **options: Any) -> Any:
    return Factors(_single(A, "splu()", "csc"), options | _in_order(A))


def _factorized(A: Any) -> Any:
    return _splu(A).solve


def _solve_outside(self: Any, rhs: Any, trans: str = "N") -> Any:
    """By factors of an array that has no derivative."""
    if trans not in TURNED:
        raise MissingRule("solve() with trans='H' has no rule", hint="use trans='T' of the conjugate")
    return solved_by(self, None, None, np.asarray(rhs), self.shape, trans)


def _iterative(name: str) -> Any:
    def solver(A: Any, b: Any, x0: Any = None, **options: Any) -> Any:
        if options.get("callback") is not None:
            raise MissingRule(f"{name}() calls a function in each step, and its derivative is that of the solution",
                              hint="leave out callback=")  # fmt: skip
        where, data, shape = _parts(A)
        return iterated(where, data, np.asarray(b), x0, shape, name, options), 0

    return solver


def _eigsh(A: Any, k: int = 6, M: Any = None, sigma: Any = None, which: str = "LM", v0: Any = None, ncv: Any = None, maxiter: Any = None,
           tol: Any = 0, return_eigenvectors: bool = True, **options: Any) -> Any:  # fmt: skip
    where, data, shape = _parts(A)
    if M is not None or options or np.iscomplexobj(data):
        raise MissingRule("eigsh() has a rule for one real array", hint="use np.linalg.eigh")
    given = {"sigma": sigma, "which": which, "v0": v0, "ncv": ncv, "maxiter": maxiter, "tol": tol}
    return (eigenpairs if return_eigenvectors else eigenvalues)(where, data, shape, k, given)


def _svds(A: Any, k: int = 6, ncv: Any = None, tol: Any = 0, which: str = "LM", v0: Any = None, maxiter: Any = None,
          return_singular_vectors: Any = True, solver: str = "arpack", rng: Any = None, options: Any = None) -> Any:  # fmt: skip
    where, data, shape = _parts(A)
    if return_singular_vectors is not False or np.iscomplexobj(data):
        raise MissingRule("svds() has a rule for the singular values of a real array",
                          hint="use return_singular_vectors=False, or np.linalg.svd")  # fmt: skip
    given = {"ncv": ncv, "tol": tol, "which": which, "v0": v0, "maxiter": maxiter, "solver": solver, "rng": rng}
    return singular_values(where, data, shape, k, given)


def _expm_multiply(A: Any, B: Any, start: Any = None, stop: Any = None, num: Any = None, endpoint: Any = None, traceA: Any = None) -> Any:
    if any(p is not None for p in (start, stop, num, endpoint)):
        raise MissingRule("expm_multiply() has no rule for several times", hint="call it with t * A for each")
    where, data, shape = _parts(A)
    return exponential_times(where, data, np.asarray(B), shape, {"traceA": traceA})


def _norm(x: Any, ord: Any = None, axis: Any = None) -> Any:
    one = sparse(x)
    if axis is None and ord in (None, "fro", "f"):
        return np.linalg.norm(np.ravel(one.single().entries))
    if axis is None and ord in (1, np.inf, -1, -np.inf):
        sums = abs(one.tocsr()).sum(axis=0 if ord in (1, -1) else 1)
        return np.max(sums) if ord > 0 else np.min(sums)
    raise MissingRule(f"norm() of a sparse array has no rule for ord={ord!r}, axis={axis!r}", hint="use toarray() and np.linalg.norm")


def _of_numpy(self: Any, x: Any) -> None:
    """Operators and what they are applied to are NumPy's."""


replace(_spsolve, "scipy.sparse.linalg.spsolve")
replace(_spsolve_triangular, "scipy.sparse.linalg.spsolve_triangular")
replace(_splu, "scipy.sparse.linalg.splu")
replace(_factorized, "scipy.sparse.linalg.factorized")
replace(_solve_outside, "scipy.sparse.linalg.SuperLU.solve")
replace(_eigsh, "scipy.sparse.linalg.eigsh")
replace(_svds, "scipy.sparse.linalg.svds")
replace(_norm, "scipy.sparse.linalg.norm")
for solver in SOLVERS:
    replace(_iterative(solver), f"scipy.sparse.linalg.{solver}")
replace(_expm_multiply, "scipy.sparse.linalg.expm_multiply")
replace(_of_numpy, "scipy.sparse.linalg.LinearOperator._check_matching_namespace")
follow("scipy.sparse.linalg.aslinearoperator", "scipy.sparse.linalg.LinearOperator", "scipy.sparse.linalg.matrix_power")

refuse("scipy.sparse.linalg.SuperLU", why="splu() makes it, and its solve() has the derivative")
refuse("scipy.sparse.linalg.LaplacianNd", why="it is made of sizes alone")
refuse("scipy.sparse.linalg.spilu", why="its factors leave entries out, and which ones depends on their values")
refuse("scipy.sparse.linalg.inv", why="which entries the inverse has depends on their values; use spsolve with an array")
refuse("scipy.sparse.linalg.expm", why="which entries the exponential has depends on their values; use scipy.linalg.expm of toarray()")
refuse("scipy.sparse.linalg.funm_multiply_krylov", why="it is an approximation in a space that depends on the values; use np.linalg.eigh")
refuse("scipy.sparse.linalg.eigs", why="the eigenvalues of an array that is not symmetric come in any order; use np.linalg.eigvals")
refuse("scipy.sparse.linalg.lobpcg", why="it has no rule; eigsh() has one")
refuse("scipy.sparse.linalg.lsqr", "scipy.sparse.linalg.lsmr",
       why="the least squares of a sparse array have no rule; solve the normal equations by spsolve or cg")  # fmt: skip
refuse("scipy.sparse.linalg.onenormest", why="it is an estimate; norm(A, 1) has the derivative")
refuse("scipy.sparse.linalg.is_sptriangular", "scipy.sparse.linalg.spbandwidth", why="it tells of places alone")
refuse("scipy.sparse.linalg.use_solver", why="it is a setting")
