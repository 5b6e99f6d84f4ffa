"""A function that keeps its results runs once for the same arguments, and gives the same object, as in a plain call."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad
from s2sad.errors import CannotKeep, S2sadError
from tests.ways import CONTROLS, every_way

RUNS: list[Any] = []


class Counter:
    def __init__(self, x: Any) -> None:
        self.x, self.runs = x, 0

    @functools.cache  # noqa: B019
    def add(self, v: Any) -> Any:
        self.x = self.x + v
        return self.x

    @functools.cached_property
    def squared(self) -> Any:
        self.runs += 1
        return self.x * self.x


@functools.lru_cache
def parts(k: Any) -> Any:
    return [k, lambda v: v * k, {"k": k}]


@functools.lru_cache
def scaler(k: Any) -> Any:
    def scale(v: Any) -> Any:
        return v * k

    return scale


@functools.cache
def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@functools.cache
def weighted(n: int, x: Any) -> Any:
    return x * n if n < 2 else weighted(n - 1, x) + weighted(n - 2, x)


@functools.lru_cache
def wave(v: Any) -> Any:
    return math.sin(v)


def method(x: Any) -> Any:
    counter: Any = Counter(1.0)
    counter.add(x)
    counter.add(x)
    return counter.x * counter.add(2.0 * x)


def same_object(x: Any) -> Any:
    mine = parts(x)
    return mine[1](x) * (2.0 if parts(x) is mine else 3.0) * mine[2]["k"]


def same_object_of_constants(x: Any) -> Any:
    mine = parts(1.5)
    return x * mine[1](x) * (2.0 if parts(1.5) is mine else 3.0) * mine[2]["k"]


def closures(x: Any) -> Any:
    return scaler(2.0)(x) * (1 if scaler(2.0) is scaler(2) else 5) * scaler(x)(x)


def properties(x: Any) -> Any:
    own: Any = Counter(x)
    return own.squared * own.squared * own.runs


def made_inside(x: Any) -> Any:
    @functools.lru_cache(maxsize=2)
    def g(v: Any, w: Any = 1.0) -> Any:
        return math.sin(v) * w

    total = g(x) + g(x) + g(x, 2.0) + g(x, w=2.0) + g(1.0)
    info: Any = g.cache_info()
    return total * info.hits + info.misses * x


def written(x: Any) -> Any:
    @functools.cache
    def g(a: Any) -> Any:
        return np.array([a, a * a])

    first = g(x)
    first[0] = first[0] * 2.0
    return g(x).sum() * x


def in_a_loop(x: Any) -> Any:
    t = x
    for i in range(5):
        t = wave(t) + wave(1.0) * x + i
    if x > 1.0:
        t = t + wave(x)
    return t + wave(x)


def recursion(x: Any) -> Any:
    return weighted(22, x) * fibonacci(22) * 1e-8


@functools.lru_cache(typed=True)
def by_type(n: Any, v: Any) -> Any:
    return v * (2.0 if type(n) is int else 5.0)


def types_told_apart(x: Any) -> Any:
    return by_type(1, x) * by_type(1.0, x) + by_type(1, 2.0) * by_type(1.0, 2.0)


EVERY = [method, same_object, same_object_of_constants, closures, properties, made_inside, written, in_a_loop, recursion, types_told_apart]


@pytest.mark.parametrize("function", EVERY)
def test_every_way_runs_a_cached_function_once(function: Callable[..., Any]) -> None:
    every_way(lambda: function, (0.7, 1.3, 0.7, 2.0, 1.3))


@pytest.mark.parametrize("control", CONTROLS)
def test_by_hand(control: str) -> None:
    derived = value_and_grad(method, control=control)  # type: ignore[call-overload]
    assert derived(2.0) == (21.0, 16.0)  # (1 + x) (1 + 3 x)
    assert derived(1.0) == (8.0, 10.0)
    assert tape.gradient(method, (2.0,)) == (21.0, 16.0)
    assert grad(grad(method, control=control), control=control)(1.0) == 6.0  # type: ignore[call-overload]


def test_recursion_takes_time_in_proportion_to_its_steps() -> None:
    started = time.process_time()
    assert grad(lambda x: weighted(22, x))(1.0) == 17711.0
    assert tape.gradient(lambda x: weighted(22, x), (1.0,))[1] == 17711.0
    assert grad(lambda x: x * fibonacci(200))(1.0) == float(fibonacci(200))
    assert time.process_time() - started < 3.0


def test_equal_numbers_are_differentiated_apart() -> None:
    for control in CONTROLS:
        derived = grad(lambda x: wave(x) + wave(1.0), control=control)  # type: ignore[call-overload]
        assert derived(1.0) == math.cos(1.0)
        both = grad(lambda x, y: wave(x) * 2.0 + wave(y), argnums=(0, 1), control=control)  # type: ignore[call-overload]
        assert both(1.0, 1.0) == (2.0 * math.cos(1.0), math.cos(1.0))


def test_the_users_cache_answers_and_is_filled_as_in_a_plain_call() -> None:
    held = {"rate": 2.0}

    @functools.cache
    def rated(n: Any) -> Any:
        RUNS.append(n)
        return held["rate"] * n

    for control in CONTROLS:
        rated.cache_clear()
        RUNS.clear()
        held["rate"] = 2.0
        derived = grad(lambda x: x * rated(3) + x * rated(3.0) + x * rated(True), control=control)  # type: ignore[call-overload]
        assert derived(1.0) == 14.0
        held["rate"] = 5.0  # which the cache does not see, in a plain call either
        assert derived(1.0) == 14.0
        assert RUNS == [3, 3.0, True]  # a single int is a key of its own
        rated.cache_clear()
        assert derived(1.0) == 35.0


def test_the_users_cache_holds_nothing_that_is_followed() -> None:
    wave.cache_clear()
    for control in CONTROLS:
        assert grad(in_a_loop, control=control)(0.7)  # type: ignore[call-overload]
    assert wave.cache_info().currsize == 1  # wave(1.0)
    assert isinstance(wave(0.7), float)


def test_a_cache_is_cleared_and_asked_in_every_call() -> None:
    @functools.cache
    def g(n: int) -> float:
        return 2.0 * n

    def f(x: float) -> Any:
        g.cache_clear()
        total = g(1) + g(1) + g(2)
        return x * total * g.cache_info().hits

    for derived in (grad(f), grad(f, control="auto")):
        assert [derived(v) for v in (1.0, 2.0, 3.0)] == [8.0, 8.0, 8.0]
    with pytest.raises(CannotKeep):
        grad(f, control="keep")(1.0)


def test_what_is_called_in_a_kept_loop_only_computes() -> None:
    def f(x: float, n: int = 6) -> Any:
        counter: Any = Counter(0.0)
        for _ in range(n):
            counter.add(x)
        return counter.x * x

    with pytest.raises(CannotKeep, match="keeps its results"):
        grad(f, control="keep")(3.0, 6)
    for control in ("record", "auto"):
        derived = grad(f, control=control)  # type: ignore[call-overload]
        assert [derived(v) for v in (3.0, 2.0, 3.0, 5.0, 4.0, 2.0)] == [6.0, 4.0, 6.0, 10.0, 8.0, 4.0]


def test_a_property_of_an_object_from_outside_is_computed_once() -> None:
    for derive in (grad, lambda f: grad(f, control="auto"), lambda f: lambda x: tape.gradient(f, (x,))[1]):
        counter: Any = Counter(3.0)

        def f(x: float, counter: Any = counter) -> Any:
            return x * counter.squared * counter.runs

        derived = derive(f)
        assert [derived(v) for v in (1.0, 2.0, 3.0)] == [9.0, 9.0, 9.0]
        assert counter.runs == 1
        del counter.squared
        assert derived(1.0) == 18.0


def test_what_has_no_hash_is_refused_as_in_python() -> None:
    for derive in (grad(lambda x: wave([x])), grad(lambda x: wave(np.array([x])))):
        with pytest.raises(TypeError, match="unhashable"):
            derive(1.0)


def test_a_method_of_an_object_from_outside_takes_followed_arguments() -> None:
    class Model:
        rate = 3.0

        @functools.cache  # noqa: B019
        def at(self, v: Any) -> Any:
            return self.rate * v * v

    model: Any = Model()
    for control in CONTROLS:
        try:
            assert grad(lambda x: model.at(x) + model.at(x), control=control)(2.0) == 24.0  # type: ignore[call-overload]
        except S2sadError:
            assert control == "keep"


def test_keys_are_those_of_the_standard_library() -> None:
    def f(x: float) -> Any:
        seen: list[Any] = []

        @functools.lru_cache(typed=False)
        def g(v: Any, w: Any = 0.0) -> Any:
            seen.append(v)
            return x * v

        return (g(1) + g(1.0) + g(True) + g(2) + g(2, 0.0) + g(2, w=0.0) + g(v=2)) * len(seen)

    assert grad(f)(1.0) == f(1.0) == tape.gradient(f, (1.0,))[1]
