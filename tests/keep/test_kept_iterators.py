"""`map`, `filter`, `reduce` and the iterators of NumPy over what has a length that is not known, and over what has."""
# ruff: noqa: C417

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from s2sad.errors import CannotKeep
from tests.oracles import assert_close, assert_identical


def mapped(x: Any, n: Any) -> Any:
    items = [x * k for k in range(n)]
    products = map(lambda u, v: u * v + x, items, items[1:])
    large = filter(lambda u: u > 1.0, items)
    return sum(products) + sum(large) * x + reduce(lambda u, v: u * 0.5 + v, items, x) + sum(map(abs, [x, -2.0 * x]))


def mapped_in_a_loop(x: Any, n: Any) -> Any:
    total = x
    for k in range(n):
        total += sum(map(lambda v, k=k: v * k, (x, total))) * 0.1
        total += reduce(lambda u, v: u * v, map(lambda v: v + 1.0, [x, 0.5]))
        for v in filter(None, [x, 0.0, total]):
            total -= 0.1 * v
    return total


def by_itself(x: Any, n: Any) -> Any:
    a, b = map(float, (x, 2.0))
    found = dict(zip("ab", map(lambda v: v * x, (a, b)), strict=True))
    items = map(lambda v: v * x, [x, 2.0, 3.0])
    total = next(items)
    total += sum(items)
    return total + found["a"] * n + len(",".join(map(str, [1, 2]))) + sorted(map(abs, (a, -b)))[0]


def values_left_in_an_iterator(x: Any, y: Any) -> Any:
    items = map(lambda v: v * x, [x, 2.0, 3.0])
    first = next(items)
    return first + sum(items) + sorted([x, y])[0]


def test_values_that_are_taken_are_not_there_for_the_other_side_of_a_branch() -> None:
    with pytest.raises(CannotKeep, match="is used a second time"):
        grad(values_left_in_an_iterator, control="keep")(0.7, 2.0)
    assert value_and_grad(values_left_in_an_iterator)(0.7, 2.0)[0] == values_left_in_an_iterator(0.7, 2.0)


@pytest.mark.parametrize("function", [mapped, mapped_in_a_loop, by_itself])
def test_functions_that_call_functions(function: Callable[..., Any]) -> None:
    derivative, recorded = value_and_grad(function, control="keep"), grad(function, control="record")
    for n in (3, 0, 1, 2, 4, 5, 6, 7, 8, 9):
        value, slope = derivative(0.7, n)
        assert_identical(value, function(0.7, n))
        assert_close(slope, recorded(0.7, n), 1e-10)
    assert all(path.kept is not None for path in derivative.paths)
    second = grad(grad(function, control="keep"), control="keep")
    assert_close(second(0.7, 3), grad(grad(function, control="record"), control="record")(0.7, 3), 1e-10)


def every_place(x: Any) -> Any:
    y = x.copy()
    for index in np.ndindex(x.shape):
        y[index] += x[index] ** 2
    for index, value in np.ndenumerate(y):
        y[index] = value * x[index]
    return np.sum(y)


def test_places_of_arrays_of_every_size() -> None:
    derivative = value_and_grad(every_place, control="keep")
    for shape in ((2, 3), (3, 1), (0, 2), (4, 4)):
        x = np.arange(1.0, np.prod(shape) + 1.0).reshape(shape)
        value, slope = derivative(x)
        assert_identical(value, every_place(x))
        assert_close(slope, 2.0 * x + 3.0 * x * x, 1e-12)
    assert_close(derivative(np.array([1.0, 2.0], np.float32))[1], np.array([5.0, 16.0], np.float32), 1e-6)
