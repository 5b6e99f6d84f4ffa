"""Containers with several names where a loop or a branch ends, and iterators, which give their items once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from s2sad.errors import CannotKeep
from tests.oracles import assert_close, assert_identical

NUMBERS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)


def best_of_several(x: Any, n: Any) -> Any:
    point = [x, 1.0]
    best = point
    for _ in range(n):
        point = [point[0] * 1.1, point[1] - 0.3 * x]
        if point[1] > 0.5:
            best = point
    return best[0] * best[1]


def exchanged(x: Any, n: Any) -> Any:
    b, c = [x, 1.0], [2.0 * x, 2.0]
    for _ in range(n):
        b, c = c, b
        b[0] += c[1] * x
    return b[0] * c[0]


def branch_that_rebinds(x: Any, n: Any) -> Any:
    a = {"u": x}
    b = a
    if n > 2:
        a = {"u": x * x}
    return a["u"] * b["u"]


def both_sides_of_a_branch(x: Any, n: Any) -> Any:
    a, b = [x, 2.0 * x], {"u": x}
    if n > 2:
        a = [3.0 * x, x]
        b["u"] = 4.0 * x
    else:
        a[0] = 5.0 * x
        b = {"u": 7.0 * x}
    return a[0] * a[1] * b["u"]


def one_name_for_each_item(x: Any, n: Any) -> Any:
    rows, total = [[x, 1.0], [2.0 * x, 2.0]], 0.0
    for k in range(n):
        row = rows[0]
        row[0] += rows[1][0] * x
        total += row[0] * k
        rows[1][1] = total
    return total + rows[1][1] * rows[0][0]


def a_write_in_the_next_step(x: Any, n: Any) -> Any:
    b, c, total = [x, 1.0], [2.0 * x, 2.0], 0.0
    for _ in range(n):
        b[0] = b[0] * 2.0
        total += c[0]
        c = b
    return total


@pytest.mark.parametrize("function", [best_of_several, exchanged, branch_that_rebinds, both_sides_of_a_branch,
                                      one_name_for_each_item, a_write_in_the_next_step])  # fmt: skip
def test_containers_that_are_read_or_have_one_name_are_kept(function: Callable[..., Any]) -> None:
    derivative, recorded = value_and_grad(function, control="keep"), grad(function, control="record")
    for n in NUMBERS:
        value, slope = derivative(0.7, n)
        assert_identical(value, function(0.7, n))
        assert_close(slope, recorded(0.7, n), 1e-12)
    assert all(path.kept is not None for path in derivative.paths)


def a_write_after_a_branch(x: Any, n: Any) -> Any:
    a = [x, 2.0 * x]
    b = a
    if n > 2:
        b = [3.0 * x, x]
    b[0] = 5.0
    return a[0] + b[1]


def a_write_after_a_loop(x: Any, n: Any) -> Any:
    a = [x, 2.0 * x]
    b = a
    for _ in range(n):
        b = [b[0] * 2.0, x]
    a[0] = 5.0
    return a[0] * x + b[0]


def a_write_into_a_dict(x: Any, n: Any) -> Any:
    a = {"u": x}
    b = a
    if n > 2:
        a = {"u": 2.0 * x}
    b["u"] = 5.0
    return a["u"] * x


@pytest.mark.parametrize("function", [a_write_after_a_loop])
def test_a_write_that_another_name_may_see_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(CannotKeep, match=r"a write into a list that had two names|has been written since"):
        grad(function, control="keep")(0.7, 3)
    derivative = value_and_grad(function)
    for n in NUMBERS:
        assert_identical(derivative(0.7, n)[0], function(0.7, n))


# Iterators


def pairs_twice(x: Any, y: Any) -> Any:
    pairs = zip((x, y), (y, x), strict=False)
    first, second = list(pairs), list(pairs)
    return first[0][0] * x + (second[0][0] if second else y)


def numbered_twice(x: Any, y: Any) -> Any:
    numbered = enumerate([x, y])
    return sum(i * v for i, v in numbered) * x + sum(i * v for i, v in numbered) * y + y


def backwards_twice(x: Any, y: Any) -> Any:
    back = reversed([x, y])
    return sum(list(back)) * x + sum(list(back)) * y + y


def one_with_itself(x: Any, y: Any) -> Any:
    items = enumerate([x, y, x * y, 2.0])
    return sum(u[1] * v[1] * v[0] for u, v in zip(items, items, strict=False))


@pytest.mark.parametrize("function", [pairs_twice, numbered_twice, backwards_twice, one_with_itself])
def test_an_iterator_is_not_used_twice(function: Callable[..., Any]) -> None:
    with pytest.raises(CannotKeep, match="is used a second time"):
        grad(function, control="keep")(0.5, 3.0)
    value, slope = value_and_grad(function)(0.5, 3.0)
    assert value == function(0.5, 3.0)
    assert_close(slope, grad(function, control="record")(0.5, 3.0), 1e-12)


def test_an_iterator_may_have_a_name() -> None:
    def total(x: Any) -> Any:
        numbered, found = enumerate(zip(x, reversed(x), strict=False), start=1), 0.0
        for k, (u, v) in numbered:
            found += k * u * v
        return found

    for size in (0, 1, 4):
        x = np.arange(1.0, size + 1.0)
        value, slope = value_and_grad(total, control="keep")(x)
        assert_identical(value, total(x))
        assert_close(slope, (size + 1.0) * x[::-1], 1e-12)


@pytest.mark.parametrize("function", [a_write_after_a_branch, a_write_into_a_dict])
def test_a_write_after_a_branch_is_seen_under_each_name(function: Callable[..., Any]) -> None:
    derivative = value_and_grad(function)
    for n in NUMBERS:
        value, slope = derivative(0.7, n)
        assert_identical(value, function(0.7, n))
        assert_close(slope, grad(function, control="record")(0.7, n), 1e-12)
