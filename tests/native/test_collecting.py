"""Products that steps make with rows of a matrix are one product before or after their loop, where nothing depends on their order."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.native.test_emitted import agree

pytest.importorskip("numba")

RANDOM = np.random.default_rng(5)
W, U, XS = RANDOM.normal(size=(3, 3)) * 0.4, RANDOM.normal(size=(3, 2)) * 0.5, RANDOM.normal(size=(5, 2))
YS, NONE = RANDOM.normal(size=(5, 3)), np.zeros((0, 2))


def recurrent(w: Any, u: Any, xs: Any) -> Any:
    h = np.zeros_like(w[0])
    for t in range(len(xs)):
        h = np.tanh(w @ h + u @ xs[t])
    return np.sum(h * h)


def turned(w: Any, u: Any, xs: Any) -> Any:
    h = np.zeros_like(w[0])
    for t in range(len(xs)):
        h = np.tanh(h @ w + xs[t] @ u.T)
    return np.sum(h * h)


def twice_the_same(w: Any, xs: Any) -> Any:
    h = np.ones_like(w[0])
    for t in range(len(xs)):
        h = np.tanh(w @ h + w @ xs[t])
    return np.sum(h) + np.sum(w * w)


def inside_a_loop(w: Any, u: Any, xs: Any) -> Any:
    h = np.zeros_like(w[0])
    for _ in range(2):
        for t in range(len(xs)):
            h = np.tanh(w @ h + u @ xs[t])
        w = w * 0.9
    return np.sum(h * h)


def added_up(w: Any, xs: Any, ys: Any) -> Any:
    total = np.zeros_like(w)
    for t in range(len(xs)):
        total += np.outer(np.sin(ys[t]), xs[t])
    return np.sum(total * w)


# What is not collected


def more_rows(w: Any, u: Any, xs: Any, n: int) -> Any:
    h = np.zeros_like(w[0])
    for t in range(n):
        h = np.tanh(w @ h + u @ xs[t])
    return np.sum(h * h)


def rows_that_change(u: Any, xs: Any) -> Any:
    xs = xs * 1.0
    total = 0.0
    for t in range(len(xs)):
        h = np.tanh(u @ xs[t])
        xs[t - 1] += h[:2] * 0.5
        total += np.sum(h * u[:, 0])
    return total + np.sum(xs**2)


def sums_that_are_read(w: Any, xs: Any, ys: Any) -> Any:
    total, value = np.zeros_like(w), 0.0
    for t in range(len(xs)):
        total += np.outer(np.sin(ys[t]), xs[t])
        value += np.sum(total * w)
    return value


def only_sometimes(w: Any, u: Any, xs: Any) -> Any:
    h = np.zeros_like(w[0])
    for t in range(len(xs)):
        if h[0] < 0.1:
            h = h + u @ xs[t]
        h = np.tanh(w @ h)
    return np.sum(h * h)


def until_it_is_small(u: Any, xs: Any) -> Any:
    t, total = 0, 0.0
    while t < len(xs) and total < 1.0:
        total += np.sum(np.sin(u @ xs[t]))
        t += 1
    return total


COLLECTED = [(recurrent, (W, U, XS), (3, 2)), (turned, (W, U, XS), (2, 2)), (twice_the_same, (W, YS), (3, 2)),
             (inside_a_loop, (W, U, XS), (3, 2)), (added_up, (YS[:3, :2], XS, YS), (1, 1))]  # fmt: skip
LEFT = [(more_rows, (W, U, XS, 3), (0, 3)), (rows_that_change, (U, XS), (0, 2)), (sums_that_are_read, (YS[:3, :2], XS, YS), (0, 1)),
        (until_it_is_small, (U, XS), (0, 2)), (only_sometimes, (W, U, XS), (1, 3))]  # fmt: skip


def products(text: str) -> tuple[int, int]:
    """How many products native code has with matrices that are one for all steps, and how many with those of a step."""
    lines = [line.strip() for line in text.splitlines() if "np.dot(" in line]
    of_all = sum(line.startswith(("np.dot(xs, ", "np.dot(xs_1, ", "np.dot(saved.T, ", "np.dot(h_saved.T, ")) for line in lines)
    return of_all, len(lines) - of_all


@pytest.mark.parametrize("function, arguments, count", [*COLLECTED, *LEFT])
def test_products_of_steps_are_one_where_their_order_is_free(function: Any, arguments: Any, count: Any, uncompiled: None) -> None:
    agree(function, arguments, argnums=(0, 1), control="keep")
    native, python = (value_and_grad(function, argnums=(0, 1), backend=b, control="keep") for b in ("numba", "python"))
    native(*arguments)
    assert products(native.source) == count
    single = tuple(a.astype(np.float32) if isinstance(a, np.ndarray) else a for a in arguments)
    for one, other in zip(native(*single)[1], python(*single)[1], strict=True):
        assert one.dtype == np.float32 and np.allclose(one, other, rtol=1e-4, atol=1e-5)


def test_no_steps_and_second_derivatives(uncompiled: None) -> None:
    agree(recurrent, (W, U, NONE), argnums=(0, 1), control="keep")

    def squared(w: Any, u: Any, xs: Any) -> Any:
        return np.sum(grad(recurrent, argnums=1)(w, u, xs) ** 2)

    agree(squared, (W, U, XS), argnums=(0, 1), control="keep")


def more_steps_each_time(w: Any, u: Any) -> Any:
    total, h = 0.0, u[:, 0]
    for k in range(3):
        for _ in range(k + 1):
            h = np.tanh(w @ np.tanh(h)) + h
        total += np.sum(h * h)
    return total


def steps_of_a_branch(w: Any, u: Any, xs: Any) -> Any:
    h = np.zeros_like(w[0])
    for k in range(3):
        if u[k, 0] > 0.1:
            for t in range(len(xs)):
                h = np.tanh(w @ np.tanh(h + u @ xs[t]))
        h = h * 0.5 + u[:, 0]
    return np.sum(h * h)


@pytest.mark.parametrize("function, arguments", [(more_steps_each_time, (W, U)), (steps_of_a_branch, (W, U, XS))])
def test_stacks_of_stacks_are_read_where_they_begin(function: Any, arguments: Any, uncompiled: None) -> None:
    agree(function, arguments, argnums=(0, 1), control="keep")
