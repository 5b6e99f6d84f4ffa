"""Products of matrices are computed again where that takes less than to save them, and what both sweeps compute is computed once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad, vjp
from tests.oracles import agrees, assert_close

A = np.array([[0.9, 0.2, -0.1], [0.1, 0.8, 0.3], [-0.2, 0.1, 0.7]])
LARGE = 0.01 * np.cos(np.arange(200.0 * 200)).reshape(200, 200)


def riccati(a: Any, n: Any) -> Any:
    p = np.eye(len(a))
    for _ in range(n):
        p = a @ p @ a.T + np.eye(len(a))
        s = p + 0.5 * np.eye(len(a))
        gain = p @ np.linalg.inv(s)
        p = p - gain @ p
    return np.sum(p)


def likelihood(a: Any, n: Any) -> Any:
    total, m = 0.0, a[0]
    for _ in range(n):
        s = a @ a.T + np.outer(m, m) + np.eye(len(a))
        total += np.linalg.slogdet(s)[1]
        m = np.sin(a @ m) + np.linalg.inv(s) @ m
    return total


def network(a: Any, n: Any) -> Any:
    h = np.ones(len(a))
    for _ in range(n):
        h = np.sin(a @ h)
    return np.sum(h)


def squares(a: Any, n: Any) -> Any:
    for _ in range(n):
        a = np.sin(a @ a)
    return np.sum(a)


def on_one_side(a: Any, n: Any) -> Any:
    p = np.eye(len(a))
    for k in range(n):
        p = np.sin(a @ p) if k % 2 else np.cos(p @ a)
    return np.sum(p)


def until(a: Any, n: Any) -> Any:
    p = np.eye(len(a))
    while np.sum(p * p) < n:
        p = np.sin(a @ p) @ a + 0.5 * p + np.eye(len(a))
    return np.sum(p)


def nested(a: Any, n: Any) -> Any:
    p = np.eye(len(a))
    for _ in range(n):
        for _ in range(2):
            p = np.sin(a @ p @ a)
    return np.sum(p)


EACH = (riccati, likelihood, network, squares, on_one_side, until, nested)
each = pytest.mark.parametrize("function", EACH, ids=lambda f: f.__name__)


def saved(function: Callable[..., Any], *args: Any) -> set[str]:
    derivative = value_and_grad(function, control="keep")
    derivative(*args)
    return set(re.findall(r"^ *(\w+_saved\w*)(?:\[.*\] = |\.append)", derivative.source, re.MULTILINE))


@each
def test_gradients_are_those_of_the_tape(function: Callable[..., Any]) -> None:
    for n in (4, 1, 0):
        agrees(value_and_grad(function, control="keep"), function, A, n)
        agrees(value_and_grad(function, control="keep"), function, A.astype(np.float32), n)


@each
def test_second_derivatives(function: Callable[..., Any]) -> None:
    def second(control: str) -> Any:
        return grad(lambda a: np.sum(grad(function, control=control)(a, 3) * A), control=control)(A)

    assert_close(second("keep"), second("record"))


@each
def test_pullbacks(function: Callable[..., Any]) -> None:
    _, pullback = vjp(function, A, 3, argnums=0, control="keep")
    assert_close(pullback(1.0), grad(function, control="record")(A, 3))


def test_the_state_and_the_inverse_are_saved() -> None:
    assert len(saved(riccati, A, 3)) == 2
    assert saved(squares, A, 3) == {"a_saved"}


def test_a_product_with_a_vector_is_saved_where_it_is_all_the_work() -> None:
    assert len(saved(network, A, 3)) == 2


def large(p: Any, n: Any) -> Any:
    assert p.shape == (200, 200)
    for _ in range(n):
        p = np.sin(p @ p)
    return np.sum(p)


def test_a_large_product_is_saved() -> None:
    assert len(saved(large, LARGE, 2)) == 2


def test_what_the_step_has_inverted_is_not_inverted_again() -> None:
    derivative = value_and_grad(likelihood, control="keep")
    derivative(A, 2)
    assert derivative.source.count("= np.linalg.inv(") == 1
