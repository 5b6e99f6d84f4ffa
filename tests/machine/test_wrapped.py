"""Functions defined inside the function, and what users hang on them: decorators, attributes, `__wrapped__`, partials."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import pytest

from s2sad import grad, value_and_grad
from s2sad.errors import S2sadError
from tests.ways import CONTROLS, every_way

Function = Callable[..., Any]


def doubled(function: Function) -> Function:
    @functools.wraps(function)
    def double(*args: Any) -> Any:
        return 2.0 * function(*args)

    return double


def scaled(scale: Any) -> Function:
    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def scaling(*args: Any) -> Any:
            scaling.calls += 1  # type: ignore[attr-defined]
            return scale * function(*args) * scaling.calls  # type: ignore[attr-defined]

        scaling.calls = 0  # type: ignore[attr-defined]
        return scaling

    return decorate


def with_a_decorator(x: Any) -> Any:
    @doubled
    def g(y: Any) -> Any:
        return math.sin(y) * y

    return g(x)


def with_a_decorator_of_its_own(x: Any) -> Any:
    def tripled(function: Any) -> Any:
        @functools.wraps(function)
        def triple(*args: Any) -> Any:
            return 3.0 * function(*args)

        return triple

    @tripled
    def g(y: Any) -> Any:
        return y * y

    return g(x) + g.__wrapped__(x)


def with_several(x: Any) -> Any:
    @doubled
    @scaled(x)
    @doubled
    def g(y: Any) -> Any:
        return y * y

    return g(x) + g(2.0 * x) + g.__wrapped__(x) + g.__wrapped__.__wrapped__(x)


def with_attributes(x: Any) -> Any:
    def g(y: Any) -> Any:
        return y * y * g.scale  # type: ignore[attr-defined]

    g.scale = x  # type: ignore[attr-defined]
    g.count = 0  # type: ignore[attr-defined]
    for _ in range(4):
        g.scale = g.scale * 1.5  # type: ignore[attr-defined]
        g.count += 1  # type: ignore[attr-defined]
    return g(x) * g.count  # type: ignore[attr-defined]


def with_attributes_on_one_side(x: Any) -> Any:
    def g(y: Any) -> Any:
        return y * g.scale  # type: ignore[attr-defined]

    g.scale = x  # type: ignore[attr-defined]
    if x > 1.0:
        g.scale = g.scale * g.scale  # type: ignore[attr-defined]
    return g(x)


def with_attributes_copied(x: Any) -> Any:
    def g(y: Any) -> Any:
        return y * y

    g.scale = x  # type: ignore[attr-defined]
    h: Any = doubled(g)
    g.scale = 5.0  # type: ignore[attr-defined]
    return h(x) * h.scale * g.scale  # type: ignore[attr-defined]


def with_partials(x: Any) -> Any:
    def g(a: Any, b: Any, c: Any = 1.0) -> Any:
        return a * b + c * a

    g.scale = 3.0  # type: ignore[attr-defined]
    first = functools.partial(g, x)
    second = functools.partial(first, c=x * x)
    wrapped = doubled(second.func)
    return first(2.0) + second(x) * first.func.scale + wrapped(x, x)  # type: ignore[attr-defined]


def with_names_that_look_like_ours(x: Any) -> Any:
    @doubled
    def g(y: Any) -> Any:
        return y * y

    for name in ("machine", "parts", "unit", "function", "shown", "around", "made_in", "bind"):
        if hasattr(g, name):
            return x
    g.machine = g.unit = g.parts = x  # type: ignore[attr-defined]
    return g(x) * g.machine * g.unit * g.parts  # type: ignore[attr-defined]


def with_a_loop(x: Any) -> Any:
    @doubled
    def g(y: Any) -> Any:
        return math.sin(y)

    total = x
    for _ in range(5):
        total = g(total) + 0.5 * x
    return total


EVERY = [with_a_decorator, with_a_decorator_of_its_own, with_several, with_attributes, with_attributes_on_one_side,
         with_attributes_copied, with_partials, with_names_that_look_like_ours, with_a_loop]  # fmt: skip


@pytest.mark.parametrize("function", EVERY)
def test_every_way_takes_the_function_that_is_meant(function: Function) -> None:
    every_way(lambda: function)


def test_the_wrapper_is_not_taken_for_what_it_wraps() -> None:
    def f(x: float) -> Any:
        @doubled
        def g(y: float) -> float:
            return math.log(y) * y

        return g(x)

    for control in CONTROLS:
        derived = value_and_grad(f, control=control)  # type: ignore[call-overload]
        for _ in range(8):
            assert derived(1.0) == (0.0, 2.0)


def test_attributes_of_a_function_in_a_loop() -> None:
    for control in CONTROLS:  # x * 1.5 ** 4 * x * x * 4, and the derivative of that
        assert grad(with_attributes, control=control)(2.0) == 12.0 * 1.5**4 * 4.0  # type: ignore[call-overload]


def outer(y: Any) -> Any:
    return y * y


def test_attributes_that_a_wrapper_takes_from_a_function_outside_are_read_in_each_call() -> None:
    def f(x: float) -> Any:
        g: Any = doubled(outer)
        return g(x) * g.scale * getattr(g, "more", 1.0)

    try:
        for control in CONTROLS:
            outer.__dict__.clear()
            outer.scale = 2.0  # type: ignore[attr-defined]
            derived = grad(f, control=control)  # type: ignore[call-overload]
            assert derived(3.0) == 24.0
            outer.scale = 5.0  # type: ignore[attr-defined]
            assert derived(3.0) == 60.0
            outer.more = 0.5  # type: ignore[attr-defined]
            assert derived(3.0) == 30.0
            del outer.more  # type: ignore[attr-defined]
            assert derived(3.0) == 60.0
    finally:
        outer.__dict__.clear()


def test_a_wrapper_from_outside_is_not_written() -> None:
    def f(x: float) -> Any:
        def g(y: float) -> float:
            return y * y

        functools.update_wrapper(outer, g)
        return outer(x)

    for control in CONTROLS:
        with pytest.raises(S2sadError, match="outside"):
            grad(f, control=control)(3.0)  # type: ignore[call-overload]
    assert not hasattr(outer, "__wrapped__")
