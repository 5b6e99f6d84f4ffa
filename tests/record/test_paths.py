"""A recorded path never goes stale: globals and closures are read afresh, and the cache is bounded."""

from __future__ import annotations

import functools
import gc
import itertools
import linecache
import math
import random
import sys
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from s2sad.calls import stored_paths
from tests.oracles import agrees, assert_close

THIS = sys.modules[__name__]
SCALE: Any = 2.0
TABLE: Any = {"a": 2.0, "b": [1.0, 2.0]}
WEIGHTS: Any = np.array([1.0, 2.0, 3.0])


@pytest.fixture(autouse=True)
def _restore_globals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(THIS, "SCALE", 2.0)
    monkeypatch.setattr(THIS, "TABLE", {"a": 2.0, "b": [1.0, 2.0]})
    monkeypatch.setattr(THIS, "WEIGHTS", np.array([1.0, 2.0, 3.0]))


# Globals


def scaled(x):
    return np.sum(SCALE * x)


def test_a_global_is_read_at_each_call() -> None:
    derivative = value_and_grad(scaled)
    for new in (2.0, 3.0, -1.0, 3.0):
        THIS.SCALE = new
        assert agrees(derivative, scaled, 4.0) == new
    assert len(derivative.paths) == 1


@pytest.mark.parametrize("new", [3, True, 2 + 0j, np.float32(1.5), np.float64(1.5), np.arange(3.0), np.ones((2, 1)),
                                 np.arange(3), np.array(2.5), np.ones((2, 3), np.float32)], ids=repr)  # fmt: skip
def test_a_global_changes_its_type(new: Any) -> None:
    def real(x):
        return np.real(np.sum(SCALE * x))

    derivative = value_and_grad(real)
    for value in (2.0, new, 3.0, new):
        THIS.SCALE = value
        agrees(derivative, real, 4.0)
        agrees(derivative, real, np.array([1.0, 2.0, 3.0]))


def test_a_global_is_deleted_and_comes_back() -> None:
    derivative = grad(scaled)
    assert derivative(1.0) == 2.0
    del THIS.SCALE
    with pytest.raises(NameError, match="SCALE"):
        derivative(1.0)
    THIS.SCALE = 7.0
    assert derivative(1.0) == 7.0


def test_a_global_that_decides() -> None:
    def branch(x):
        return x * x if SCALE > 2.5 else 3.0 * x

    derivative = value_and_grad(branch)
    for new, slope in ((2.0, 3.0), (3.0, 8.0), (1.0, 3.0), (4.0, 8.0)):
        THIS.SCALE = new
        assert agrees(derivative, branch, 4.0) == slope
    assert len(derivative.paths) == 2


def test_a_global_string_none_or_flag_that_decides() -> None:
    def choose(x):
        if SCALE is None:
            return x
        if SCALE == "square":
            return x * x
        if SCALE in ("sin", "cos"):
            return getattr(math, SCALE)(x)
        return -x if SCALE else 2.0 * x

    derivative = value_and_grad(choose)
    for new in (None, "square", "sin", "cos", True, False, None, "cos", "sin", 0, "", True):
        THIS.SCALE = new
        agrees(derivative, choose, 0.5)


def test_a_trip_count_from_a_global() -> None:
    def power(x):
        total = 1.0
        for _ in range(SCALE):
            total *= x
        return total

    derivative = value_and_grad(power)
    for new in (2, 3, 0, 5, 2):
        THIS.SCALE = new
        assert agrees(derivative, power, 1.5) == pytest.approx(new * 1.5 ** (new - 1) if new else 0.0)


def test_a_trip_count_without_a_use_of_the_value() -> None:
    """The loop's body never reads the counter, so nothing but the guard keeps the count."""

    def repeat(x):
        for _ in TABLE["b"]:
            x = x * 2.0
        return x

    derivative = value_and_grad(repeat)
    for items in ([1, 2], [1], [], [1, 2, 3], [0, 0, 0]):
        TABLE["b"] = items
        assert agrees(derivative, repeat, 1.0) == 2.0 ** len(items)


# Closures


def test_a_closure_cell_is_rebound() -> None:
    def outer():
        k = 2.0

        def f(x):
            return k * x

        def change(new):
            nonlocal k
            k = new

        return f, change

    f, change = outer()
    derivative = value_and_grad(f)
    for new in (2.0, 5.0, 7, np.float32(2.0)):
        change(new)
        agrees(derivative, f, 3.0)
    change("text")
    with pytest.raises(TypeError):
        derivative(3.0)


def test_a_cell_that_is_empty_at_first() -> None:
    def outer():
        def f(x):
            return k * x

        def fill(new):
            nonlocal k
            k = new

        if SCALE is None:
            k = 0.0
        return f, fill

    f, fill = outer()
    derivative = grad(f)
    with pytest.raises(NameError, match="k"):
        derivative(1.0)
    fill(3.0)
    assert derivative(1.0) == 3.0


def test_the_environment_of_nested_closures() -> None:
    def outermost(a):
        b = [a]

        def middle(c):
            def inner(x):
                return a * b[0] * c * x

            def change(new_a, new_c):
                nonlocal a, c
                a, b[0], c = new_a, new_a + 1.0, new_c

            return inner, change

        return middle

    (one, change_one), (other, change_other) = outermost(2.0)(3.0), outermost(5.0)(7.0)
    first, second = value_and_grad(one), value_and_grad(other)
    assert agrees(first, one, 1.0) == 12.0
    assert agrees(second, other, 1.0) == 175.0
    change_one(1.0, 4.0)
    assert agrees(first, one, 1.0) == 8.0
    assert agrees(second, other, 1.0) == 175.0
    change_other(2.0, 2.0)
    assert agrees(first, one, 1.0) == 8.0
    assert agrees(second, other, 1.0) == 12.0


def test_a_function_in_a_cell_is_replaced() -> None:
    def outer():
        helper = math.sin

        def f(x):
            return helper(x) * 2.0

        def change(new):
            nonlocal helper
            helper = new

        return f, change

    f, change = outer()
    derivative = value_and_grad(f)
    for new in (math.sin, np.cos, lambda x: x * x, functools.partial(pow, 2.0), abs, math.sin):
        change(new)
        agrees(derivative, f, 0.5)


def test_closures_with_the_same_code_keep_their_own_cells() -> None:
    def make(k):
        return lambda x: k * x

    functions = [make(float(k)) for k in range(5)]

    def total(x):
        result = 0.0
        for function in functions:
            result += function(x)
        return result

    derivative = value_and_grad(total)
    assert agrees(derivative, total, 1.0) == 10.0
    functions[2] = make(20.0)
    assert agrees(derivative, total, 1.0) == 28.0
    functions.append(make(-1.0))
    assert agrees(derivative, total, 1.0) == 27.0


# The cache


def weighted(x):
    return np.sum(WEIGHTS * x)


def power(x, n):
    total = x
    for _ in range(n):
        total = total * x
    return total


def test_the_cache_is_bounded_and_stays_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_paths, "PATHS_KEPT", 16)
    derivative = value_and_grad(power, control="record")
    order = [*range(22), *random.Random(0).sample(range(22), 10)]
    for n in order:
        value, gradient = derivative(1.01, n)
        assert value == power(1.01, n)
        assert gradient == pytest.approx((n + 1) * 1.01**n, rel=1e-12)
    assert len(derivative.paths) == stored_paths.PATHS_KEPT


@pytest.mark.sampled(4)
def test_the_number_of_keys_is_bounded_and_forgotten_code_is_freed() -> None:
    def total(x):
        return np.sum(x)

    sizes = itertools.count(1)

    def texts() -> int:
        gc.collect()
        grad(total)(np.zeros((1, next(sizes))))  # texts that nothing refers to go when a path is built
        return sum(name.startswith("<s2sad ") for name in linecache.cache)

    derivative = grad(total, control="record")
    texts()  # what other tests have left goes now
    before = texts()
    for size in range(stored_paths.KEYS_KEPT + 20):
        np.testing.assert_array_equal(derivative(np.zeros(size)), np.ones(size))
    assert len(derivative.paths) == stored_paths.KEYS_KEPT
    assert stored_paths.KEYS_KEPT <= texts() - before <= stored_paths.KEYS_KEPT + 1
    derivative.clear()
    assert texts() <= before + 1
    assert derivative.paths == ()


def test_alternating_paths_are_compiled_once_each() -> None:
    def collatz(x, n):
        while n > 1:
            x, n = (x * 0.5, n // 2) if n % 2 == 0 else (3.0 * x + 1.0, 3 * n + 1)
        return x

    derivative = value_and_grad(collatz, control="record")
    steps = set()
    for n in [3, 6, 3, 7, 6, 3, 7, 1, 6, 1]:
        agrees(derivative, collatz, 0.5, n)
        steps.add(n)
        assert len(derivative.paths) == len(steps)


def test_types_and_structures_have_paths_of_their_own() -> None:
    def f(p):
        return np.sum(p["w"] * 2.0) + (p["b"] if p.get("b") is not None else 0.0)

    derivative = value_and_grad(f)
    for argument in (
        {"w": 1.0, "b": 2.0}, {"b": 2.0, "w": 1.0}, {"w": np.ones(2), "b": None}, {"w": 1.0}, {"w": np.ones(2), "b": 1},
        {"w": np.float32(1.0), "b": 2.0}, {"w": np.ones((2, 0)), "b": 1.0}, {"w": 1.0, "b": 2.0},
    ):  # fmt: skip
        agrees(derivative, f, argument)


def test_the_gradients_of_two_calls_are_independent() -> None:
    derivative = grad(weighted)
    first = derivative(np.ones(3))
    first[:] = 100.0
    assert_close(derivative(np.ones(3)), np.array([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(WEIGHTS, [1.0, 2.0, 3.0])
