"""Products with the unit vectors that go through a sweep together are written without them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.api.jacobians import ForwardJacobian, ReverseJacobian
from s2sad.settings import Settings

R = np.random.default_rng(0)
X, W, B = R.normal(size=4), R.normal(size=(5, 4)), R.normal(size=5)
PLAIN = {
    "linear": lambda x, w, b: w @ x,
    "from the right": lambda x, w, b: x @ w.T,
    "layer": lambda x, w, b: np.tanh(w @ x + b),
    "negated": lambda x, w, b: -(w @ x) * 3.0,
    "divided": lambda x, w, b: np.log(2.0 - np.sin(w @ x)) / b,
    "scaled before": lambda x, w, b: w @ (np.exp(x) * 2.0),
    "a number": lambda x, w, b: (w @ x) * np.sum(b),
    "twice": lambda x, w, b: w @ np.tanh(w.T @ np.sin(w @ x)),
}


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_no_identity_matrix_is_made(name: str) -> None:
    wanted = s2sad.tape.jacobian(PLAIN[name], (X, W, B))[1]
    for kind, control in ((ForwardJacobian, "record"), (ReverseJacobian, "record"), (ReverseJacobian, "keep")):
        made = kind(PLAIN[name], with_value=False, settings=Settings(control=control, verify=True))
        for dtype, rtol in ((np.float64, 1e-14), (np.float32, 1e-5)):
            arguments = [a.astype(dtype) for a in (X, W, B)]
            found = made(*arguments)
            assert found.dtype == dtype and found.flags.writeable and not any(np.shares_memory(found, a) for a in arguments)
            np.testing.assert_allclose(found, wanted, rtol=rtol, atol=rtol)
        assert "eye" not in made.source, made.source


def test_the_code_is_what_a_person_writes() -> None:
    made = s2sad.jacrev(PLAIN["layer"])
    made(X, W, B)
    assert made.source.splitlines()[-1].strip() == "return value, (1.0 - value * value)[:, None] * w"
    made = s2sad.hessian(lambda w, a: np.sum(np.log1p(np.exp(a @ w))))
    made(X, W)
    assert "eye" not in made.source


def test_elements_that_are_infinite_stay_alone() -> None:
    """`np.eye(2) @ w` would be NaN in the whole column: 0 times an infinity is 0 in a chain of derivatives."""
    w = np.array([[np.inf, 1.0], [2.0, np.nan]])
    for kind in (s2sad.jacfwd, s2sad.jacrev):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", s2sad.NonFiniteWarning)
            np.testing.assert_array_equal(kind(lambda x: w @ x)(np.ones(2)), w)
            np.testing.assert_array_equal(kind(lambda x: 2.0 * (w @ x))(np.ones(2)), 2.0 * w)


def test_other_diagonals_and_other_products_stay() -> None:
    """Blocks of unit vectors that begin further on, and a diagonal alone, are made."""
    def f(x: Any, y: Any) -> Any:
        return np.sin(x) * y

    by_x, by_y = s2sad.jacobian(f, argnums=(0, 1))(X, X + 1.0)
    np.testing.assert_allclose(by_x, np.diag(np.cos(X) * (X + 1.0)), rtol=1e-15)
    np.testing.assert_allclose(by_y, np.diag(np.sin(X)), rtol=1e-15)

    def g(x: Any, y: Any) -> Any:
        return W @ x + W @ np.sin(y)

    for kind in (s2sad.jacfwd, s2sad.jacrev):
        by_x, by_y = kind(g, argnums=(0, 1))(X, X)
        np.testing.assert_allclose(by_x, W, rtol=1e-14)
        np.testing.assert_allclose(by_y, W * np.cos(X), rtol=1e-14)
    np.testing.assert_allclose(s2sad.hessian(lambda x: np.sum((W @ x) ** 3))(X), 6.0 * (W.T * (W @ X)) @ W, rtol=1e-13)
