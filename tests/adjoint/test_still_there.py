"""What an array holds when the loops are over is read back from it: no step saves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad, vjp
from s2sad.ir.program import Assign, Function, Loop, everything
from tests.oracles import agrees, assert_close
from tests.passes.test_placing import copies

N = 5
X, Y = np.linspace(0.3, 1.1, N), np.linspace(1.2, 0.4, N)
LOWER = np.tril(np.linspace(0.2, 0.9, N * N).reshape(N, N)) + 2.0 * np.eye(N)
FULL = LOWER @ LOWER.T


def saved(function: Function) -> int:
    """How many stacks the loops of a function make, and arrays that they fill."""
    statements = list(everything(function.statements))
    made = [t for s in statements if isinstance(s, Assign) and s.primitive.name in ("np.empty", "np.zeros") for t in s.targets]
    arrays = sum(function.names.get(t, "").endswith("_saved") for t in made)
    return arrays + sum(len(s.stacks) for s in statements if isinstance(s, Loop))


def kept(function: Callable[..., Any], *args: Any) -> Function:
    """The kept code of value and gradient; both are as they should be."""
    derivative = value_and_grad(function, argnums=tuple(range(len(args))), control="keep")
    agrees(derivative, lambda *given: function(*(g.copy() for g in given)), *args, argnums=tuple(range(len(args))))
    (path,) = derivative.paths
    assert path.kept is True
    return path.function  # type: ignore[no-any-return]


def tridiagonal(a, b, c, d):
    n = len(d)
    cp, dp, x = np.zeros(n), np.zeros(n), np.zeros(n)
    cp[0], dp[0] = c[0] / b[0], d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x[n - 1] = dp[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return np.sum(x * x)


def triangular(L, b):
    x = np.zeros(len(b))
    for i in range(len(b)):
        rest = b[i]
        for j in range(i):
            rest -= L[i, j] * x[j]
        x[i] = rest / L[i, i]
    return np.sum(x**2)


def triangular_by_slices(L, b):
    x = np.zeros(len(b))
    for i in range(len(b)):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return np.sum(x**2)


def lu(A):
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1 :] -= A[i, k] * A[k, k + 1 :]
    return np.sum(A * A)


def cholesky(A):
    L = A.copy()
    for i in range(L.shape[0]):
        for j in range(i):
            L[i, j] -= L[i, :j] @ L[j, :j]
            L[i, j] /= L[j, j]
        L[i, i] = np.sqrt(L[i, i] - L[i, :i] @ L[i, :i])
    return np.sum(np.log(np.diag(L)))


def cholesky_by_elements(A):
    n = A.shape[0]
    L = np.zeros((n, n))
    for j in range(n):
        for i in range(j, n):
            rest = A[i, j]
            for k in range(j):
                rest -= L[i, k] * L[j, k]
            L[i, j] = np.sqrt(rest) if i == j else rest / L[j, j]
    return np.sum(L)


def recurrence(W, h0):
    h = np.zeros((6, len(h0)))
    h[0] = h0
    for t in range(5):
        h[t + 1] = np.tanh(W @ h[t])
    return np.sum(h**2)


def windows(x, w):
    total = 0.0
    for i in range(len(x) - 2):
        total += np.sum(x[i : i + 3] * w[:3]) ** 2
    return total


def table(x, y):
    cost = np.zeros((len(x) + 1, len(y) + 1))
    for i in range(1, len(x) + 1):
        for j in range(1, len(y) + 1):
            cost[i, j] = (x[i - 1] - y[j - 1]) * (1.0 + cost[i - 1, j - 1] * cost[i, j - 1])
    return cost[-1, -1]


def counted(x, y):
    h = np.zeros(len(x))
    i = 1
    while i < len(x):
        h[i] = np.sin(h[i - 1] * x[i])
        i += 1
    return np.sum(h * y)


CASES = pytest.mark.parametrize(("function", "args"), [
    (tridiagonal, (X * 0.3, X + 2.0, Y * 0.3, Y)), (triangular, (LOWER, X)), (triangular_by_slices, (LOWER, X)), (lu, (FULL,)),
    (cholesky, (FULL,)), (cholesky_by_elements, (FULL,)),
    (recurrence, (LOWER * 0.1, X)), (table, (X, Y)),
], ids=lambda v: getattr(v, "__name__", ""))  # fmt: skip


@CASES
def test_nothing_is_saved_that_an_array_holds(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    made = kept(function, *args)
    assert saved(made) == 0
    assert copies(made)[1] == copies(made, 1)[0] == 0


@CASES
def test_a_pullback_is_handed_the_arrays(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """It may be called twice, and what is done to the arguments in between does not matter."""
    wanted = value_and_grad(function, argnums=tuple(range(len(args))), control="record")(*args)[1]
    given = [a.copy() for a in args]
    _, pullback = vjp(function, *given, control="keep")
    for array in given:
        array[...] = 7.0
    for _ in range(2):
        for slope, other in zip(pullback(1.0), wanted, strict=True):
            assert_close(slope, other)


@pytest.mark.parametrize("function", [triangular, triangular_by_slices], ids=lambda f: f.__name__)
def test_what_is_read_back_is_differentiated_again(function: Callable[..., Any]) -> None:
    def slope_along(L, b, control):
        by_L, by_b = grad(function, argnums=(0, 1), control=control)(L, b)
        return np.sum(by_L * LOWER) + np.sum(by_b * Y)

    found, wanted = (grad(slope_along, argnums=(0, 1), control=control)(LOWER, X, control) for control in ("keep", "record"))
    for slope, other in zip(found, wanted, strict=True):
        assert_close(slope, other)


def test_an_array_that_is_written_over_later_is_copied_once() -> None:
    def smoothed(x, y):
        h = x * 2.0
        for i in range(1, len(h)):
            h[i] = h[i - 1] * h[i]
        for i in range(len(h)):
            h[i] = y[i] * h[i] * h[i]
        return np.sum(h**2)

    made = kept(smoothed, X, Y)
    assert saved(made) == 0
    assert copies(made) == (2, 0)  # as it is before each of the loops


def test_few_elements_of_an_array_that_is_written_over_are_saved() -> None:
    def ends(x, y):
        h = x * 2.0
        for i in range(1, 3):
            h[i] = np.sin(h[i - 1]) * h[i]
        h[:] = h * h
        return np.sum(h**2)

    assert saved(kept(ends, X, Y)) > 0


def test_sweeps_keep_the_array_as_it_is_before_each() -> None:
    def sweeps(A):
        n = len(A)
        for _ in range(3):
            for i in range(1, n - 1):
                for j in range(1, n - 1):
                    A[i, j] = np.sin(A[i - 1, j] * A[i + 1, j]) + A[i, j - 1] * A[i, j + 1] * A[i, j]
        return np.sum(A * A)

    assert saved(kept(sweeps, FULL * 0.1)) == 1


def test_solves_in_steps_keep_arrays() -> None:
    """What a step makes and fills by elements is kept whole."""

    def steps(a, b, d):
        n = len(d)
        for _ in range(3):
            c, e = np.zeros(n), np.zeros(n)
            c[0], e[0] = 1.0, d[0]
            for i in range(1, n):
                m = b[i] - a[i] * c[i - 1]
                c[i] = 1.0 / m
                e[i] = (d[i] - a[i] * e[i - 1]) / m
            for i in range(n - 2, -1, -1):
                e[i] = e[i] - c[i] * e[i + 1]
            d = e
        return np.sum(d * d)

    made = kept(steps, X * 0.3, X + 2.0, Y)
    inner = [s for loop in everything(made.statements) if isinstance(loop, Loop) for s in loop.body.statements if isinstance(s, Loop)]
    assert inner and not any(loop.stacks for loop in inner)


def test_what_is_a_copy_is_read_where_it_was_copied_from() -> None:
    def squared(x, y):
        h = x.copy()
        for i in range(len(h)):
            h[i] = h[i] * h[i] * y[i]
        return np.sum(h)

    made = kept(squared, X, Y)
    assert saved(made) == 0
    assert copies(made) == (1, 0)


def test_a_branch_reads_back_what_it_has_read() -> None:
    def sides(x, y):
        h = np.zeros(len(x))
        for i in range(1, len(x)):
            if x[i] > 0.6:
                h[i] = np.sin(h[i - 1]) * y[i]
            else:
                h[i] = h[i - 1] * h[i - 1]
        return np.sum(h * x)

    assert saved(kept(sides, X, Y)) <= 1  # the way that was taken


def test_numbers_of_less_precision_are_not_read_back() -> None:
    def rounded(x, y):
        h = np.zeros(len(x), np.float32)
        for i in range(len(x)):
            h[i] = np.exp(x[i] * y[i])
        return np.sum(h) * 1.0

    slope = grad(rounded, control="keep")(X, Y)
    np.testing.assert_allclose(slope, np.exp(X * Y) * Y, rtol=1e-12)


def test_what_stands_before_a_loop_is_read_back_as_well() -> None:
    slope = value_and_grad(tridiagonal, argnums=(0, 1, 2, 3), control="keep")
    slope(X * 0.3, X + 2.0, Y * 0.3, Y)
    assert "cp[0] = c[0] / " in slope.source and "cp[0] * (cp_bar[0] / " in slope.source
