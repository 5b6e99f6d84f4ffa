"""Native code of loops in loops and branches, which save one stack for each step around them: what is handed on lies in one long array."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree

pytest.importorskip("numba")
VECTOR, MATRIX = np.random.default_rng(5).normal(size=5), np.random.default_rng(6).normal(size=(4, 5))


def as_many_steps_as_the_index(x: Any, v: Any, n: int) -> Any:
    """A triangle of steps, each of which saves a number and an array."""
    total = 0.0
    for i in range(n):
        y, w = x, v * x
        for k in range(i):
            y = y * np.sin(y + k)
            w = w * np.cos(w) + y
        total += y + np.sum(w)
    return total


def until_it_is_small(x: Any, v: Any, n: int) -> Any:
    """How many steps the inner loop has is known when it ends."""
    total = 0.0
    for i in range(n):
        y = x + i
        while y > 0.3:
            y = y * (0.5 + 0.1 * np.sin(y))
            if y < 0.5:
                y = y * y
        total += y * v[0]
    return total


def three_deep(x: Any, v: Any, n: int) -> Any:
    total = x
    for i in range(n):
        for j in range(n - i):
            y = total * 0.1
            for k in range(j + 1):
                y = np.sin(y) * v[k % 3] + y * y * 0.1
            total = total + np.tanh(y) * 0.5
    return total


def on_both_sides(x: Any, v: Any, n: int) -> Any:
    """Each side of the branch has a loop of its own, and one of them a branch in it."""
    total = x
    for i in range(n):
        y = np.sin(total)
        if y > 0.0:
            for k in range(i + 1):
                y = y * np.cos(y) if k % 2 else y * y + 0.3
        else:
            while y < 0.2:
                y = y + 0.2 * np.exp(y)
        total = total + y * v[0]
    return total


def on_one_side(x: Any, v: Any, n: int) -> Any:
    y = x * v
    if x > 0.0:
        for k in range(n):
            y = y * np.sin(y + k)
    return np.sum(y**2)


def columns_packed_in_a_row(x: Any, v: Any, n: int) -> Any:
    """Where a column begins is a number that is carried on, and the length of it that of the loop."""
    d, total = n, 0.0
    for i in range(2):
        factor, start = np.zeros((d, d)), 0
        for j in range(d):
            factor[j:, j] = np.sin(v[start : start + d - j]) * (x + i)
            start += d - j
        total += np.sum(factor @ factor.T * x)
    return total


def solved_step_by_step(x: Any, v: Any, n: int) -> Any:
    """What a step saves is as long as its number, in both directions."""
    y = np.zeros(n)
    y[:1] = x
    for k in range(1, n):
        y[k] = np.sin(v[:k] @ y[k - 1 :: -1])
        y[:k] = y[:k] * y[k] + v[:k] * y[:k] ** 2
    return np.sum(y**2)


def back_through_a_tree(x: Any, v: Any, n: int) -> Any:
    """Ever shorter vectors and matrices, as far as the counter of the loop says."""
    w, q = v * x, np.outer(v, v)
    for k in range(n, 0, -1):
        w[:k] = np.exp(0.1 * x * w[:k]) * (0.55 * w[1 : k + 1] + 0.45 * w[:k])
        q[:k, : k + 1] = np.sin(q[:k, : k + 1]) * q[: k + 1, :k].T
    return w[0] ** 2 + np.sum(q)


def sums_of_heads(x: Any, v: Any, n: int) -> Any:
    """A triangle in a triangle: the inner loop saves as many numbers as its own counter says."""
    total = 0.0
    for i in range(1, n):
        w = v * x
        for k in range(1, i + 1):
            w[:k] = np.sin(w[:k]) * w[k] + w[i - k]
        total += np.sum(w[:i] ** 2)
    return total


def reflected_column_by_column(x: Any, v: Any, n: int) -> Any:
    """What is saved is as large as what is left, and half as large where every second is taken."""
    q = np.outer(v, v) * x + np.eye(len(v))
    for k in range(n):
        w = np.sin(q[k:, k])
        q[k:, k:] = q[k:, k:] * 0.5 + np.outer(w, w @ q[k:, k:]) * 0.1
        q[k % 2 :: 2, 0] = np.cos(q[k % 2 :: 2, 0]) * q[k % 2 :: 2, 0]
    return np.sum(q * q)


LONG = np.random.default_rng(7).normal(size=12)
CASES = [(as_many_steps_as_the_index, (0.7, VECTOR, 4)), (until_it_is_small, (1.7, VECTOR, 4)), (three_deep, (0.7, VECTOR, 4)),
         (on_both_sides, (0.7, VECTOR, 6)), (on_one_side, (0.7, VECTOR, 4)), (columns_packed_in_a_row, (0.7, LONG, 4)),
         (solved_step_by_step, (0.7, LONG, 6)), (back_through_a_tree, (0.7, LONG, 6)), (sums_of_heads, (0.7, LONG, 6)),
         (reflected_column_by_column, (0.7, VECTOR, 4))]  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_stacks_of_stacks(function: Any, arguments: Any) -> None:
    agree(function, arguments, control="keep")


@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_stacks_of_stacks_serve_every_number_of_steps(function: Any, arguments: Any, uncompiled: None) -> None:
    """Also none, both signs, single precision, and the derivative of the derivative."""
    x, v, n = arguments
    native, plain = (value_and_grad(function, argnums=(0, 1), control="keep", backend=b) for b in ("numba", "python"))
    for call in ((x, v, n), (-x, v, n), (x, v, 0), (-x, v, 1), (x, v, n - 1), (np.float32(x), v.astype(np.float32), n)):
        one, other = native(*call), plain(*call)
        narrow = isinstance(call[0], np.float32)
        np.testing.assert_allclose(np.hstack([one[0], *one[1]]), np.hstack([other[0], *other[1]]), rtol=1e-5 if narrow else 1e-12)
    assert native.stats().left[0] <= 2 and not native.stats().faults
    one, other = (grad(grad(function, control="keep", backend=b), control="keep", backend=b)(x, v, n) for b in ("numba", "python"))
    np.testing.assert_allclose(one, other, rtol=1e-11)


def until_it_holds(x: Any) -> Any:
    """What a step goes on with is what it saves."""
    y = np.zeros(len(x))
    while np.sum(y * y) < 0.5:
        y = np.tanh(y + x)
    return np.sum(y)


def saved_on_one_side(x: Any) -> Any:
    """The other side saves nothing: that is no array of which the others are as long."""
    y, total, first = x.copy(), 0.0, 1.2 * x[0]
    y[:-1] = y[1:]
    z = y * 1.2 + y
    if first > 0.3:
        for i in range(len(x) - 1, 0, -1):
            total -= np.sum(y[1:] * x[i] + x[:-1])
            y[i] -= math.sin(y[i])
            total = math.sin(total) + first
    return total + np.sum(y * y) + np.sum(z[1:] * z[:-1])


@pytest.mark.parametrize("function", [until_it_holds, saved_on_one_side])
def test_what_steps_save_and_go_on_with(function: Any, uncompiled: None) -> None:
    native, plain = (value_and_grad(function, backend=b) for b in ("numba", "python"))
    for x in (np.abs(VECTOR) + 0.2, -VECTOR[:1], np.abs(VECTOR[:2]), -np.abs(VECTOR)):
        for one, other in zip(native(x), plain(x), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-13)
    assert all(path.interpreted is not None and path.interpreted.hits == 0 for path in native.paths)
