"""Sparse arrays beside their forms: what is refused and why, arrays that are written into, and what stands beside a loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg as la

from s2sad import MissingRule, grad, jacobian, sparsity, value_and_grad
from tests.oracles import assert_close, differences, module

INDICES, POINTERS = np.array([0, 2, 1, 0, 3]), np.array([0, 2, 3, 5])
DATA, X = np.array([0.5, -1.0, 2.0, 0.25, 1.5]), np.array([1.0, -0.5, 0.75, 2.0])
A = scipy.sparse.csr_array((DATA, INDICES, POINTERS), shape=(3, 4))
S = scipy.sparse.csc_array(np.diag([3.0, 2.0, 4.0]) + np.eye(3, k=1))
NAMES = {"scipy": scipy, "sp": scipy.sparse, "la": la, "np": np, "A": A, "S": S, "i": INDICES, "p": POINTERS}

REFUSED = {
    "sp.csr_array(np.outer(x, x))": "has the elements that are not zero, which depends on their values",
    "sp.lil_array(np.outer(x, x))": "it holds numbers of Python's in dicts or lists",
    "(made + A).data": "data of a sum of sparse arrays: which entries it has depends on their values",
    "sp.csr_matrix((d, i, p), shape=(3, 4)).sum(axis=0)": r"sum\(\) along an axis of a sparse matrix gives an np.matrix",
    "made.sum(axis=(0, 1))": "has a rule for axis= as one number",
    "made.max()": "max of a sparse array whose entries are differentiated has no rule",
    "made / made": "the quotient of two sparse arrays has no rule",
    "made.todok()": "todok of a sparse array",
    "la.lsqr(S, x[:3])[0]": "the least squares of a sparse array have no rule",
    "la.inv(sp.csc_array((d[:3], np.arange(3), np.arange(4))))": "which entries the inverse has depends on their values",
    "la.spsolve(np.outer(x, x), x)": r"spsolve\(\) takes the elements of an array that are not zero",
    "la.expm_multiply(S, x[:3], 0.0, 1.0)": r"expm_multiply\(\) has no rule for several times",
    "la.cg(S, x[:3], callback=print)[0]": r"cg\(\) calls a function in each step",
    "la.svds(made, 1)[1]": "has a rule for the singular values",
    "la.norm(made, axis=0)": r"no rule for ord=None, axis=0",
}


@pytest.mark.parametrize("call", REFUSED)
def test_refusals_say_why(call: str) -> None:
    made = "    made = sp.csr_array((d, i, p), shape=(3, 4))\n" if "made" in call else ""
    f = module(f"def f(d, x):\n{made}    return np.sum({call})\n", **NAMES).f
    with pytest.raises(MissingRule, match=REFUSED[call]):
        grad(f, (0, 1))(DATA, X)


def test_a_solver_that_has_not_converged_is_refused() -> None:
    with pytest.raises(ArithmeticError, match=r"cg\(\) has not converged \(info=1\)"):
        grad(lambda b: np.sum(la.cg(S, b, maxiter=1, rtol=1e-12)[0]))(np.ones(3))


def written(d: Any, x: Any) -> Any:
    a = A.copy()
    a.data[:] = d
    a.data *= x[0]
    return np.sum((a @ x) ** 2)


def assigned(d: Any, x: Any) -> Any:
    a = A.copy()
    a.data = d
    return np.sum(np.sin(a @ x))


def scaled(d: Any, x: Any) -> Any:
    a = scipy.sparse.csr_array((1.0 * d, INDICES, POINTERS), shape=(3, 4))
    a *= x[1]
    a /= 2.0
    return np.sum(np.sin(a @ x))


def rows(d: Any, x: Any) -> Any:
    a = scipy.sparse.csr_array((d, INDICES, POINTERS), shape=(3, 4))
    total = 0.0
    for row in range(a.shape[0]):
        for k in range(a.indptr[row], a.indptr[row + 1]):
            total = total + a.data[k] ** 2 * x[a.indices[k]]
    return total


def newton(d: Any, x: Any) -> Any:
    u = x
    for _ in range(3):
        slope = scipy.sparse.diags_array([3.0 * u**2 + 4.0, -np.ones(3), -d[:3]], offsets=[0, 1, -1]).tocsc()
        u = u - la.spsolve(slope, u**3 + 4.0 * u - x)
    return np.sum(u**2)


@pytest.mark.parametrize("f", [written, assigned, scaled, rows, newton])
def test_programs(f: Any) -> None:
    value, (by_data, by_x) = value_and_grad(f, (0, 1))(DATA, X)
    assert value == f(DATA, X)
    assert_close((by_data, by_x), (differences(f, (DATA, X), 0), differences(f, (DATA, X), 1)), rtol=1e-7)


def test_an_array_of_another_shape_is_not_taken_for_one_that_was_seen() -> None:
    slope = grad(lambda x, a: np.sum((a @ x) ** 2))
    for rows_there in (3, 5):
        a = scipy.sparse.csr_array((DATA, INDICES, np.concatenate([POINTERS, [5] * (rows_there - 3)])), shape=(rows_there, 4))
        np.testing.assert_allclose(slope(X, a), 2.0 * (a.T @ (a @ X)), rtol=1e-14)


def test_entries_that_cancel_keep_their_derivative() -> None:
    """SciPy leaves them out of a sum, which must not be taken for places without one."""
    slope = grad(lambda d: np.sum((scipy.sparse.csr_array((d, INDICES, POINTERS), shape=(3, 4)) - A) @ X))
    np.testing.assert_array_equal(slope(DATA), X[INDICES])


def test_sparse_jacobians_know_the_places() -> None:
    a = scipy.sparse.diags_array([np.ones(5), -2.0 * np.ones(6), np.ones(5)], offsets=[-1, 0, 1]).tocsr()

    def f(x: Any) -> Any:
        return a @ x**2 + a.T @ np.sin(x)

    x = np.linspace(0.0, 1.0, 6)
    assert sparsity(f)(x).nnz == 16
    np.testing.assert_allclose(jacobian(f, sparse=True)(x).toarray(), jacobian(f)(x), rtol=1e-13)

    def g(d: Any) -> Any:
        return scipy.sparse.csr_array((d, INDICES, POINTERS), shape=(3, 4)) @ (X + d[0])

    assert sparsity(g)(DATA).nnz == 3 + 2 + 1 + 2 - 1  # the first entry goes to each row
    np.testing.assert_allclose(jacobian(g, sparse=True)(DATA).toarray(), jacobian(g)(DATA), rtol=1e-13)


@pytest.mark.parametrize("formats", [("csc", "csr"), ("csr", "csc"), ("dia", "dia"), ("dia", "csc"), ("bsr", "csr"), ("coo", "csc")])
def test_what_two_arrays_come_to_has_the_format_of_scipy(formats: tuple[str, str]) -> None:
    """It decides about the order in which numbers are added, and so about the last bit of a sum and of a solution."""

    def f(d: Any, x: Any) -> Any:
        one = scipy.sparse.diags_array([d + 4.0, d[1:]], offsets=[0, 1]).asformat(formats[0])
        other = scipy.sparse.diags_array([x, d[:2]], offsets=[0, -2]).asformat(formats[1])
        made = [one + other, one - other]
        solved = np.sum(la.spsolve(made[0].tocsc(), x)) + np.sum(la.spsolve(made[1].tocsr(), d))
        return sum([m.sum() + np.sum(x @ m) for m in made], solved), [m.format for m in (*made, one.maximum(other))]

    derivative = value_and_grad(f, (0, 1), has_aux=True)
    for k in range(6):
        d, x = DATA[:4] * np.sqrt(k + 2.0), np.cos(k * X + 0.3)
        (value, formats_of), found = derivative(d, x)
        assert (value, formats_of) == f(d, x)
        for place, g in enumerate(found):
            assert_close(g, differences(lambda *args: f(*args)[0], (d, x), place), rtol=1e-6)
