"""A container that is an argument and an object from outside as well: a change would have to be seen under both names."""

from __future__ import annotations

import types
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest

from s2sad import S2sadError, grad, tape, value_and_grad, vjp
from tests.oracles import assert_identical

HELD: Any = {"a": 2.0}
MESSAGE = "that is both an argument and an object from outside is changed"


class Params(dict):  # type: ignore[type-arg]
    pass


class Holder:
    def __init__(self, p: Any) -> None:
        self.p = p


def before(p: Any) -> Any:
    p["a"] = p["a"] * 2.0
    return p["a"] * HELD["a"]


def after(p: Any) -> Any:
    x = HELD["a"]
    p["a"] = p["a"] * 2.0
    return x * p["a"] * HELD["a"]


def in_a_loop(p: Any) -> Any:
    t = HELD["a"]
    for _ in range(3):
        p["a"] = p["a"] * t
        t = t + HELD["a"]
    return t * p["a"]


def by_a_method(p: Any) -> Any:
    p.update(a=p["a"] * 2.0)
    return p["a"] * HELD["a"]


def outside(p: Any) -> Any:
    HELD["b"] = 5.0
    return p["a"] * p.get("b", 1.0)


MAKE: dict[str, Callable[[], Any]] = {"dict": lambda: {"a": 2.0}, "subclass": lambda: Params(a=2.0),
                                      "OrderedDict": lambda: OrderedDict(a=2.0)}  # fmt: skip
FUNCTIONS = (before, after, in_a_loop, by_a_method, outside)


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("control", ["record", "keep", "auto", "tape"])
def test_it_is_refused_in_the_call_that_passes_it(function: Any, name: str, control: str, monkeypatch: pytest.MonkeyPatch) -> None:
    derived = value_and_grad(function, control=control) if control != "tape" else lambda p: tape.gradient(function, (p,))
    for _ in range(2):
        for _ in range(3):
            monkeypatch.setitem(globals(), "HELD", MAKE[name]())
            try:
                value, _gradient = derived(MAKE[name]())
            except S2sadError:
                assert control == "keep" and function is outside
                return
            monkeypatch.setitem(globals(), "HELD", MAKE[name]())
            assert_identical(value, function(MAKE[name]()))
        monkeypatch.setitem(globals(), "HELD", MAKE[name]())
        with pytest.raises(S2sadError, match=MESSAGE):
            derived(HELD)
        assert HELD == {"a": 2.0}


def test_within_an_object_and_by_an_attribute() -> None:
    def through(p: Any, q: Any) -> Any:
        p["a"] = p["a"] * 2.0
        return q.p["a"] * p["a"]

    def attribute(p: Any, q: Any) -> Any:
        p.a = p.a * 2.0
        return q.p.a * p.a

    def taped(function: Any) -> Any:
        return lambda *args: tape.gradient(function, args)[1]

    def pulled(function: Any) -> Any:
        return lambda *args: vjp(function, *args, argnums=0)[1](1.0)

    for function, make in ((through, MAKE["dict"]), (through, MAKE["subclass"]), (attribute, lambda: types.SimpleNamespace(a=2.0))):
        p = make()
        for derived in (grad(function), pulled(function), taped(function)):
            assert derived(p, Holder(make())) is not None
            with pytest.raises(S2sadError, match=MESSAGE):
                derived(p, Holder(p))
            assert derived(p, Holder(make())) is not None


def test_what_is_only_read_may_be_one_object() -> None:
    held = {"a": 2.0}
    assert grad(lambda p: p["a"] * held["a"])(held) == {"a": 2.0}


def test_another_one_from_outside_may_be_read_and_changed() -> None:
    log: Any = {"calls": 0}
    rates = {"a": 3.0}

    def f(p: Any) -> Any:
        p["a"] = p["a"] * rates["a"]
        log["calls"] += 1
        return p["a"] ** 2

    derived = grad(f)
    assert [derived({"a": 2.0}) for _ in range(4)] == [{"a": 36.0}] * 4  # (3 a)**2
    assert log == {"calls": 4}
