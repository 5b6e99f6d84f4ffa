"""Where kept code copies arrays: no more than what it would otherwise destroy, and no less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.ir.program import Assign, Function, Loop, everything
from tests.oracles import agrees

COPIES = frozenset({".copy", "np.copy", "copied"})
X = np.linspace(0.2, 1.0, 4)


def swap(x, n):
    old, new = x.copy(), x * 2.0
    for _ in range(n):
        new[:] = old * 3.0
        new[0] = old[1]
        old, new = new, old
    return np.sum(old)


def in_place(x, n):
    y = x.copy()
    for _ in range(n):
        y[1:] = y[:-1] * 2.0
        y[0] += 1.0
    return np.sum(y)


def saved_part(x, n):
    y = x.copy()
    for _ in range(n):
        y[1:] = np.sin(y[:-1])
    return np.sum(y)


def saved_number(x, n):
    y = x.copy()
    for k in range(n):
        y[k] = y[k] * y[k - 1]
    return np.sum(y)


def fresh(x, n):
    y = x.copy()
    for _ in range(n):
        y = np.sin(y)
    return np.sum(y)


def argument(x, n):
    for _ in range(n):
        x[0] = x[0] * 0.5 + 1.0
    return np.sum(x)


def read_later(x, n):
    y = x * 2.0
    z = y.copy()
    for _ in range(n):
        z[0] = z[1] * 0.5
    return np.sum(y) + np.sum(z)


def old_version(x, n):
    y, total = x.copy(), 0.0
    for _ in range(n):
        before = y.copy()
        y[1:] = y[:-1] * 0.5
        total += np.sum(before) - np.sum(y)
    return total


def copies(function: Function, phase: int = 0) -> tuple[int, int]:
    """Copies before the loops of the primal or of the adjoint, and in a step of them."""
    made = [s for s in everything(function.statements) if isinstance(s, Assign) and s.primitive.name in COPIES]
    found = [s for s in made if min(s.phase, 1) == phase]
    bodies = [s.body.statements for s in everything(function.statements) if isinstance(s, Loop)]
    inside = {t for body in bodies for s in everything(body) if isinstance(s, Assign) for t in s.targets}
    within = sum(s.targets[0] in inside for s in found)
    return len(found) - within, within


@pytest.mark.parametrize(("function", "expected"), [
    (swap, (1, 0)), (in_place, (1, 0)), (saved_part, (1, 1)), (saved_number, (1, 0)), (fresh, (1, 0)), (argument, (1, 0)),
    (read_later, (1, 0)), (old_version, (1, 1)),
], ids=lambda v: getattr(v, "__name__", ""))  # fmt: skip
def test_copies_of_the_primal(function: Callable[..., Any], expected: tuple[int, int]) -> None:
    derivative = value_and_grad(function, control="keep")
    for n in (3, 0, 1):
        before = X.copy()
        agrees(derivative, lambda x, n: function(x.copy(), n), X, n)
        np.testing.assert_array_equal(X, before)
    (path,) = derivative.paths
    assert path.kept is True
    assert copies(path.function) == expected


@pytest.mark.parametrize("function", [swap, saved_number, fresh, argument, read_later], ids=lambda f: f.__name__)
def test_the_adjoint_copies_nothing(function: Callable[..., Any]) -> None:
    derivative = value_and_grad(function, control="keep")
    derivative(X, 2)
    assert copies(derivative.paths[0].function, 1) == (0, 0)


def test_results_that_would_share_memory_are_copied() -> None:
    def f(x, w, n):
        total = 0.0
        for k in range(n):
            total += np.sum((x + w) * k)
        return total

    derivative = value_and_grad(f, argnums=(0, 1), control="keep")
    _, (one, other) = derivative(X, X + 1.0, 3)
    np.testing.assert_array_equal(one, other)
    assert not np.shares_memory(one, other)


def test_two_names_of_one_array_in_a_loop() -> None:
    """The name is given before the write, and sees it."""

    def f(x, n):
        a, b = x.copy(), x.copy()
        for _ in range(n):
            b = a
            a[0] = a[0] * x[1]
        return np.sum(a) + np.sum(b)

    agrees(value_and_grad(f, control="auto"), f, X, 2)
    agrees(value_and_grad(f, control="record"), f, X, 2)
    agrees(value_and_grad(f, control="keep"), f, X, 2)


def filter_with_a_product(A):
    u = np.empty_like(A)
    u[:, 0] = A[:, 0] ** 2
    first = u[:, 0]
    u[:, 1] = A[:, 1] * (first @ A[:, 1]) * first
    for j in range(2, A.shape[1]):
        u[:, j] = A[:, j] * u[:, j - 1]
    return np.sum(u * u)


def test_of_what_a_loop_goes_on_to_write_a_row_is_kept() -> None:
    A = np.random.default_rng(3).uniform(0.2, 1.0, (41, 5))
    derivative = value_and_grad(filter_with_a_product, control="keep")
    agrees(derivative, filter_with_a_product, A)
    assert "first.copy()" in derivative.source and "np.copy(u)" not in derivative.source
    assert "first @ A1" in derivative.source  # of the row as it lies in memory, which the sum goes by


def through_three_shapes(x):
    y = x**2
    column = y[:, None]
    column[0] = x[1]
    np.squeeze(column)[1:] *= 2.0
    np.expand_dims(y, 0)[0, -1] += x[0]
    column[..., np.newaxis].squeeze(axis=-1)[1, 0] = 1.0
    return np.sum(column * x)


def test_copies_stand_in_one_order_in_each_process() -> None:
    """Whatever the places are that variables have in memory, by which a set of them is in order."""
    texts, held = set(), []
    for k in range(10):
        held.append([[] for _ in range(31 * k)])
        derivative = value_and_grad(through_three_shapes, control="keep")
        derivative(X)
        texts.add(derivative.source)
    assert len(texts) == 1
