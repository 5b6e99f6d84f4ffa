"""Methods of lists of unknown length, and variables that hold one such list and then another."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from s2sad.errors import CannotKeep
from tests.oracles import assert_close, assert_identical


def taken_and_put(x: Any, n: Any) -> Any:
    items = [x * k for k in range(n + 2)]
    items.insert(0, x)
    items.insert(-1, x * x)
    items.insert(100, 3.0 * x)
    del items[1]
    items.append(items.pop(0) + items.pop(-2))
    items[1:2] = [x, items[0] * x]
    items[:1] = []
    items.reverse()
    return sum(v * (k + 1.0) for k, v in enumerate(items)) + items[::2][0] * items[::-1][0] * items[-1::-2][0]


def looked_for(x: Any, n: Any) -> Any:
    items = [x + k for k in range(n)]
    items.append(x)
    total = x * items.index(items[n - 1] if n else x) + items.count(x) * x * x
    if x + 1.0 in items:
        total *= 2.0
    if 7.5 not in items:
        total += x
    items.remove(x)
    return total + sum(items)


def kept_in_order(x: Any, n: Any) -> Any:
    items = [0.0]
    for k in range(n):
        bisect.insort(items, x * (-1.5) ** k)
    return sum(v * (k + 1.0) for k, v in enumerate(items)) + bisect.bisect_left(items, x) * x


def taken_apart(x: Any, n: Any) -> Any:
    items = [x * (k + 1) for k in range(n + 2)]
    first, *middle, last = items
    *most, end = [*middle, x]
    middle.append(first * last)
    return sum(middle) * first + sum(most) + end * len(middle)


def made_anew_in_each_step(x: Any, n: Any) -> Any:
    items = [x, 2.0 * x, 3.0 * x]
    for k in range(n):
        items = [v * x + k for v in items if v > 0.1 * k]
        if len(items) > 2:
            items = items[1:]
    return sum(items) + len(items) * x


def exchanged(x: Any, n: Any) -> Any:
    u, v = [x * k for k in range(n)], [x]
    for k in range(n):
        u, v = v, u
        u.append(x * k)
    return sum(u) + v[0] if n else x


def a_queue(x: Any, n: Any) -> Any:
    queue, total = [x], 0.0
    while queue and n > 0:
        first = queue.pop(0)
        total += first
        n -= 1
        queue.append(0.5 * first + total * x)
        queue.append(0.25 * first)
    queue.clear()
    queue.append(total)
    return total * queue[0]


FUNCTIONS = [taken_and_put, looked_for, kept_in_order, taken_apart, made_anew_in_each_step, exchanged, a_queue]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_one_path_serves_lists_of_every_length(function: Callable[..., Any]) -> None:
    derivative, recorded = value_and_grad(function, control="keep"), grad(function, control="record")
    for n in (4, 0, 1, 2, 3, 5, 6, 7, 8, 9):
        value, slope = derivative(0.7, n)
        assert_identical(value, function(0.7, n))
        assert_close(slope, recorded(0.7, n), 1e-10)
    assert all(path.kept is not None for path in derivative.paths)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_second_derivative(function: Callable[..., Any]) -> None:
    second = grad(grad(function, control="keep"), control="keep")
    assert_close(second(0.7, 4), grad(grad(function, control="record"), control="record")(0.7, 4), 1e-10)


def rows_in_turn(x: Any) -> Any:
    rows = []
    for row in x:
        rows.insert(0, row * 2.0)
    rows.reverse()
    first, *others = rows
    return np.sum(first * x[-1]) + sum(np.sum(r) for r in others[::-1])


def test_lists_of_rows_in_single_precision() -> None:
    for size in (1, 2, 5):
        x = np.arange(1.0, 3.0 * size + 1.0, dtype=np.float32).reshape(size, 3)
        value, slope = value_and_grad(rows_in_turn, control="keep")(x)
        assert_identical(value, rows_in_turn(x))
        assert slope.dtype == np.float32
        assert_close(slope, grad(rows_in_turn, control="record")(x), 1e-5)


def test_a_nan_is_looked_for_by_what_it_is() -> None:
    def places(x: Any, y: Any) -> Any:
        items = [x, y]
        return items.count(y) * x + (2.0 if x in items else 3.0) * y

    derivative = value_and_grad(places, control="keep")
    for x, y in ((1.0, 2.0), (2.0, 2.0)):
        assert derivative(x, y)[0] == places(x, y)
    with pytest.raises(CannotKeep, match="does not cover the path"):
        derivative(1.0, float("nan"))


def longer_list_with_two_names(x: Any, n: Any) -> Any:
    u = [x * k for k in range(n)]
    v = u
    for _ in range(n):
        u = u[1:] + [x]  # noqa: RUF005
    v.append(3.0)
    return sum(u) + sum(v)


def test_a_list_that_may_be_another_one_is_not_written() -> None:
    with pytest.raises(CannotKeep, match="that had two names"):
        grad(longer_list_with_two_names, control="keep")(0.7, 3)
    derivative = value_and_grad(longer_list_with_two_names)
    for n in range(10):
        assert_identical(derivative(0.7, n)[0], longer_list_with_two_names(0.7, n))
