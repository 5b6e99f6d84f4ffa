"""Vectors of equal eigenvalues, and those that complete a basis: what depends on more than their space gets a warning."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import scipy.linalg

from s2sad import grad, jvp
from s2sad.errors import MissingRule
from tests.rule_samples_arrays import drawing

draw, cplx = drawing(23)
TURNED = np.linalg.qr(draw(3, 3))[0]
TWICE = TURNED @ np.diag([2.0, 2.0, 5.0]) @ TURNED.T  # of which two eigenvalues are equal up to rounding
WEIGHTS = draw(3, 3)


@pytest.fixture(autouse=True)
def warned() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_what_depends_on_the_space_alone() -> None:
    np.testing.assert_allclose(grad(lambda a: np.sum(np.linalg.eigvalsh(a) ** 2))(TWICE), np.tril(4 * TWICE) - np.diag(np.diag(2 * TWICE)))
    np.testing.assert_allclose(grad(lambda a: np.linalg.eigvalsh(a)[2])(TWICE)[2, 2], TURNED[2, 2] ** 2)
    apart = grad(lambda a: np.sum(WEIGHTS * np.outer(np.linalg.eigh(a)[1][:, 2], np.linalg.eigh(a)[1][:, 2])))(TWICE)
    v, others = TURNED[:, 2], TURNED[:, :2]
    moved = np.outer(others @ others.T @ (WEIGHTS + WEIGHTS.T) @ v, v) / 3.0
    np.testing.assert_allclose(apart, np.tril(moved + moved.T) - np.diag(np.diag(moved)), atol=1e-12)


def test_unitary_factor_at_equal_singular_values() -> None:
    """What turns both sides against one another is divided by their sum."""

    def factor(a: Any) -> Any:
        u, _, vh = np.linalg.svd(a)
        return np.sum(WEIGHTS * (u @ vh))

    with pytest.warns(RuntimeWarning, match="the space alone"):  # what else depends on more looks just so
        found = grad(factor)(np.eye(3))
    np.testing.assert_allclose(found, 0.5 * (WEIGHTS - WEIGHTS.T), atol=1e-12)


@pytest.mark.parametrize("f", [
    lambda a: np.linalg.eigvalsh(a)[0], lambda a: np.linalg.eigh(a)[1][0, 1], lambda a: np.linalg.svd(a)[1][1],
    lambda a: np.sum(np.linalg.eigh(a)[1] @ np.diag(np.sqrt(np.linalg.eigh(a)[0])) @ np.linalg.eigh(a)[1].T),
])  # fmt: skip
@pytest.mark.parametrize("a", [np.eye(3), TWICE])
def test_what_depends_on_more_warns(f: Callable[..., Any], a: Any) -> None:
    with pytest.warns(RuntimeWarning, match="are equal: of their vectors, the derivative counts the space alone") as found:
        grad(f)(a)
    assert found[0].filename == __file__
    with pytest.warns(RuntimeWarning, match="are equal: of their vectors"):
        jvp(f, (a,), (WEIGHTS,))


def test_phases_of_complex_vectors_warn() -> None:
    a = cplx(3, 3)
    with pytest.warns(RuntimeWarning, match="of their vectors"):
        grad(lambda a: np.real(np.linalg.eigh(a)[1][1, 1]))(a)
    grad(lambda a: np.abs(np.linalg.eigh(a)[1][1, 1]))(a)


def test_columns_that_complete_a_basis() -> None:
    a = draw(4, 2)
    with pytest.warns(RuntimeWarning, match="the vectors that complete a basis are counted by the space alone"):
        grad(lambda a: np.linalg.svd(a)[0][0, 3])(a)
    with pytest.warns(RuntimeWarning, match="the vectors that complete a basis"):
        grad(lambda a: np.linalg.qr(a, "complete")[0][0, 3])(a)
    grad(lambda a: np.sum(np.linalg.qr(a, "complete")[0][:, 2:] ** 2))(a)


@pytest.mark.parametrize(("f", "text"), [
    (lambda a: np.sum(np.linalg.qr(a, "raw")[0]), "np.linalg.qr has no rule for mode='raw'"),
    (lambda a: scipy.linalg.eigh(a, a, type=3)[0][0], "type=3: a @ v = w * b @ v is type 1"),
    (lambda a: np.sum(np.abs(scipy.linalg.logm(-a))), "an eigenvalue is negative"),
    (lambda a: np.sum(scipy.linalg.polar(a[:1])[1]), "more columns than rows; with side='left' it has"),
    (lambda a: np.sum(scipy.linalg.schur(a)[0]), "its factors are not unique"),
    (lambda a: np.sum(scipy.linalg.null_space(a[:1])), "the projector to it has one"),
])  # fmt: skip
def test_what_is_refused(f: Callable[..., Any], text: str) -> None:
    with pytest.raises(MissingRule, match=re.escape(text)):
        grad(f)(np.array([[3.0, 1.0], [1.0, 2.0]]))


@pytest.mark.parametrize("control", ["record", "keep"])
def test_arrays_that_scipy_may_write_over(control: str) -> None:
    """Of SciPy 1.18 the result may be the very array; before it, of an array in Fortran's order."""

    def f(x: Any, may: bool) -> Any:
        b = np.array([[3.0, 1.0], [1.0, 2.0]], order="F")
        y = b @ x
        return np.sum(scipy.linalg.cholesky(b, overwrite_a=may) @ (y * y))

    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(grad(f, control=control)(x, False), grad(f)(x, False))
    with pytest.raises(MissingRule, match="overwrite_a=True gives an array away, which the derivative still needs") as found:
        grad(f, control=control)(x, True)
    assert "leave overwrite_a out" in str(found.value)
    with pytest.raises(MissingRule, match="overwrite_input=True gives an array away"):
        grad(lambda x: np.quantile(x, 0.3, overwrite_input=True), control=control)(x)
    with pytest.raises(MissingRule, match="overwrite_b=True gives an array away"):
        grad(lambda x: np.sum(scipy.linalg.solve(np.eye(2), x, overwrite_b=True)), control=control)(x)
