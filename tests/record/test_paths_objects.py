"""Attributes of objects from outside the function, and default arguments, are read afresh at each call."""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import Config, agrees, module

THIS = sys.modules[__name__]


CONFIG: Any = Config(k=2.0, inner=Config(k=5.0))


@pytest.fixture(autouse=True)
def _restore_globals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(THIS, "CONFIG", Config(k=2.0, inner=Config(k=5.0)))


# Attributes


def test_attributes_of_a_captured_object() -> None:
    def f(x):
        return CONFIG.k * x + CONFIG.inner.k * x * x

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 12.0
    CONFIG.k = 3.0
    assert agrees(derivative, f, 1.0) == 13.0
    CONFIG.inner.k = 1.0
    assert agrees(derivative, f, 1.0) == 5.0
    CONFIG.inner = Config(k=2.0)
    assert agrees(derivative, f, 1.0) == 7.0
    CONFIG.inner.k = np.float32(4.0)
    agrees(derivative, f, 1.0)
    THIS.CONFIG = types.SimpleNamespace(k=1.0, inner=types.SimpleNamespace(k=1))
    assert agrees(derivative, f, 1.0) == 3.0


def test_an_attribute_of_the_instance_comes_and_goes() -> None:
    class Owner:
        k = 2.0

    owner = Owner()

    def f(x):
        return owner.k * x

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 2.0
    owner.k = 3.0
    assert agrees(derivative, f, 1.0) == 3.0
    del owner.k
    assert agrees(derivative, f, 1.0) == 2.0
    Owner.k = 4.0
    assert agrees(derivative, f, 1.0) == 4.0
    del Owner.k
    with pytest.raises(AttributeError, match="k"):
        derivative(1.0)


def test_slots_getattr_and_properties() -> None:
    class Slotted:
        __slots__ = ("k",)

    class Dynamic:
        def __init__(self):
            self.store = {"k": 2.0}

        def __getattr__(self, name):
            return self.store[name]

    class Computed:
        raw = 2.0

        @property
        def k(self):
            return self.raw * 10.0

    slotted, dynamic, computed = Slotted(), Dynamic(), Computed()
    slotted.k = 2.0

    def f(x):
        return slotted.k * x, dynamic.k * x, computed.k * x

    def total(x):
        a, b, c = f(x)
        return a + b + c

    derivative = value_and_grad(total)
    assert agrees(derivative, total, 1.0) == 24.0
    slotted.k = 3.0
    assert agrees(derivative, total, 1.0) == 25.0
    dynamic.store["k"] = 1.0
    assert agrees(derivative, total, 1.0) == 24.0
    computed.raw = 1.0
    assert agrees(derivative, total, 1.0) == 14.0
    Computed.k = property(lambda self: self.raw * 2.0)
    assert agrees(derivative, total, 1.0) == 6.0
    dynamic.k = 7.0
    assert agrees(derivative, total, 1.0) == 12.0


def test_hasattr_and_getattr_with_default_are_asked_afresh() -> None:
    def f(x):
        if hasattr(CONFIG, "bonus"):
            x = x * CONFIG.bonus
        return x * getattr(CONFIG, "extra", 1.0)

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 1.0
    CONFIG.bonus = 2.0
    assert agrees(derivative, f, 1.0) == 2.0
    CONFIG.extra = 5.0
    assert agrees(derivative, f, 1.0) == 10.0
    del CONFIG.bonus
    assert agrees(derivative, f, 1.0) == 5.0


def test_an_attribute_caught_missing_appears() -> None:
    def f(x):
        try:
            return CONFIG.bonus * x
        except AttributeError:
            return x

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 1.0
    CONFIG.bonus = 2.0
    assert agrees(derivative, f, 1.0) == 2.0
    del CONFIG.bonus
    assert agrees(derivative, f, 1.0) == 1.0


def test_the_class_of_a_captured_object_changes() -> None:
    class One:
        def apply(self, x):
            return x

    class Two:
        def apply(self, x):
            return 2.0 * x

    owner: Any = One()

    def f(x):
        return owner.apply(x) + (1.0 if isinstance(owner, Two) else 0.0)

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 1.0
    owner.__class__ = Two
    assert agrees(derivative, f, 1.0) == 2.0


# Defaults


def test_default_arguments_are_read_at_each_call() -> None:
    def f(x, k=2.0, *, b=[1.0], c=None):  # noqa: B006
        return k * x + b[0] * x * x + (0.0 if c is None else c * x)

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 4.0
    f.__defaults__ = (5.0,)
    assert agrees(derivative, f, 1.0) == 7.0
    f.__kwdefaults__["b"][0] = 2.0
    assert agrees(derivative, f, 1.0) == 9.0
    f.__kwdefaults__["b"] = (3,)
    assert agrees(derivative, f, 1.0) == 11.0
    f.__kwdefaults__ = {"b": [0.0], "c": 1.0}
    assert agrees(derivative, f, 1.0) == 6.0
    assert agrees(derivative, f, 1.0, c=3.0) == 8.0
    assert agrees(derivative, f, 1.0, k=0.0) == 1.0
    f.__defaults__ = None
    with pytest.raises(TypeError, match="k"):
        derivative(1.0)


def test_the_number_of_defaults_changes() -> None:
    def f(x, a=1.0, b=2.0):
        return a * x + b * x * x

    derivative = value_and_grad(f)
    assert agrees(derivative, f, 1.0) == 5.0
    f.__defaults__ = (7.0, 1.0, 2.0)
    assert agrees(derivative, f, 1.0) == 5.0
    f.__defaults__ = (3.0,)
    assert agrees(derivative, f, 1.0, 1.0) == 7.0
    with pytest.raises(TypeError):
        derivative(1.0)


def test_defaults_of_a_helper() -> None:
    made = module("def helper(x, k=2.0, *, b=1.0):\n    return k * x + b\n\ndef f(x):\n    return helper(x) * x\n")
    derivative = value_and_grad(made.f)
    assert agrees(derivative, made.f, 1.0) == 5.0
    made.helper.__defaults__ = (3.0,)
    assert agrees(derivative, made.f, 1.0) == 7.0
    made.helper.__kwdefaults__ = {"b": np.float64(0.0)}
    assert agrees(derivative, made.f, 1.0) == 6.0
