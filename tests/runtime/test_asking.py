"""Objects with `__getattr__` are asked for what the function asks for, and for nothing else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad
from s2sad.errors import CannotKeep
from tests.ways import CONTROLS, every_way

ASKED: list[str] = []


def note(_: Any, name: str) -> Any:
    """A `__getattr__` of which nothing is expected, in code that is not followed."""
    ASKED.append(name)
    raise KeyError(name)


def made(name: str, *bases: type, **parts: Any) -> Any:
    return type(name, bases, {"__getattr__": note, **parts})


Plain, Table, Items, Pair = made("Plain"), made("Table", dict), made("Items", list), made("Pair", tuple)
Failure = made("Failure", Exception)
Slots = made("Slots", __slots__=("a", "b"))


class Weighing(made("Base")):  # type: ignore[misc]
    def __init__(self, weight: Any) -> None:
        self.weight = weight

    def __call__(self, x: Any) -> Any:
        return x * x * self.weight

    def __hash__(self) -> int:
        raise KeyError("hash")


class Meta(type):
    __getattr__ = note


class OfMeta(metaclass=Meta):
    rate = 2.0

    def __init__(self, v: Any) -> None:
        self.v = v

    def scaled(self) -> Any:
        return self.v * self.rate


def outside() -> Callable[[Any], Any]:
    table, items, pair, plain, slots = Table(a=3.0), Items([1.0, 2.0]), Pair((4.0, 5.0)), Plain(), Slots()
    plain.a = slots.a = 2.0

    def f(x: Any) -> Any:
        y = np.zeros(2)
        y[0] = x
        y[1] += items[1]
        return x * plain.a * table["a"] * items[1] * pair[0] * slots.a * y[0] * len(items) * (1 if table else 2)

    return f


def inside() -> Callable[[Any], Any]:
    def f(x: Any) -> Any:
        plain, table, items, slots, weigh = Plain(), Table(a=x), Items([x, 2.0]), Slots(), Weighing(x)
        plain.a = x
        slots.a = x
        for _ in range(3):
            plain.a = plain.a * 1.5
            slots.a = slots.a + x
        return plain.a * table["a"] * items[0] * weigh(x) * slots.a

    return f


def called() -> Callable[[Any], Any]:
    weigh = Weighing(2.0)
    return lambda x: weigh(x) * sum(map(weigh, [x, 2.0 * x])) + functools.reduce(lambda a, b: a * b, [x, weigh(x)])


def of_a_metaclass() -> Callable[[Any], Any]:
    return lambda x: OfMeta(x).scaled() * x


def caught() -> Callable[[Any], Any]:
    def f(x: Any) -> Any:
        try:
            raise Failure(x * x)
        except Failure as failure:
            return failure.args[0] * x

    return f


@pytest.mark.parametrize("make", [outside, inside, called, of_a_metaclass, caught, lambda: Weighing(3.0)])
def test_no_name_is_asked_for_that_the_function_does_not_ask_for(make: Callable[[], Any]) -> None:
    ASKED.clear()
    every_way(make, (2.0, 0.5, 2.0), refused=("keep",) if make is caught else ())
    assert ASKED == []


class Growing(dict):
    """A dict that keeps whatever it is asked for."""

    def __getattr__(self, name: str) -> float:
        self[name] = 1.0
        return 1.0


def test_a_dict_that_grows_when_it_is_asked() -> None:
    def f(x: float) -> Any:
        p = Growing(a=0.5 * x)
        p["a"] *= 1.5
        return sum(p.values()) * 2.5 * len(p)

    for control in CONTROLS:
        derived = value_and_grad(f, control=control)  # type: ignore[call-overload]
        assert [derived(4.0) for _ in range(6)] == [(7.5, 1.875)] * 6
    assert tape.gradient(f, (4.0,)) == (7.5, 1.875)


def test_a_dict_whose_attributes_are_its_items() -> None:
    class Settings(dict):
        __getattr__ = dict.__getitem__

    def make() -> Callable[[float], float]:
        p = Settings(a=2.0, b=3.0)

        def f(x: float) -> float:
            q = Settings(c=x)
            q["c"] *= 2
            return x * p.a * p["b"] * q.c

        return f

    every_way(make)
    assert grad(make())(2.0) == 48.0


def test_what_an_object_that_is_asked_gives_is_read_in_each_call() -> None:
    class Lazy:
        def __init__(self) -> None:
            self.rates = {"rate": 2.0}

        def __getattr__(self, name: str) -> float:
            return self.rates[name]

    lazy = Lazy()
    for control in CONTROLS:
        derived = grad(lambda x: x * x * lazy.rate, control=control)  # type: ignore[call-overload]
        for rate in (2.0, 5.0, 2.0):
            lazy.rates["rate"] = rate
            try:
                assert derived(3.0) == 6.0 * rate
            except CannotKeep:
                assert control == "keep"
