"""A world that is rebound between the calls: functions, partials, objects, numbers, arrays and containers, with effects in between.

What has happened once in a call is handed on by what it was, never by its position.
"""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad import tape, value_and_grad
from s2sad.errors import CannotKeep, UnsupportedMutation
from s2sad.runtime.control import Effects, alike
from tests.at_random import profile, quiet
from tests.oracles import assert_close, assert_identical, identical, module, run

PRELUDE = """\
import functools
import itertools
import math
import time

import numpy as np

C = itertools.count()


def cube(k, x):
    return k * x ** 3


class Scale:
    k = 0.5

    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        return x * self.n

    def m(self, x):
        return x * self.k + self.n


G1, G2, K, W, D, A, o = Scale(2.0), functools.partial(cube, 10.0), 0.75, [0.4, 1.2], {"a": 2.0}, np.array([1.0, 2.0]), Scale(3.0)
"""
LINES = (
    "t = t + G1(x)", "t = t + G2(t)", "t = G2(x) + G1(t)", "t = t * K", "t = t + W[-1] * x", "t = t + len(W) * x",
    "t = t + sum(D.values()) * x", "t = t + np.sum(A * x)", "t = t + o.k * x", "t = t + o.m(x)", "next(C)", "time.time()",
    "t = t + next(C) * x",
)  # fmt: skip
HEADS = ("if x > 0.3:", "if next(C) % 2:", "if len(W) > 1:", "if t > 1.0:")
FUNCTIONS = ("math.sin", "np.cos", "functools.partial(cube, 3.0)", "Scale(1.5)", "lambda x: x * x", "Scale(0.25).m",
             "functools.partial(Scale(4.0))", "cube.__get__(2.0)")  # fmt: skip
REBOUND = {
    "G1": FUNCTIONS, "G2": FUNCTIONS, "K": ("2", "-0.5", "np.float64(1.5)"), "W": ("[0.5]", "(1.0, 2.0, 3.0)", "np.array([0.1, 0.7])"),
    "D": ("{}", "{'b': 1.0, 'a': 0.5}"), "A": ("np.arange(3.0)", "np.ones(2, np.float32)", "2.5"),
    "o": ("Scale(-1.0)", "types.SimpleNamespace(k=2.0, m=math.tanh)"), "o.k": ("7.0",), "o.m": ("math.exp",), "Scale.k": ("1.25",),
}  # fmt: skip


@st.composite
def worlds(draw: Any) -> tuple[str, list[tuple[str, float]]]:
    """A module, and what is assigned in it before each call at which point."""
    lines: list[str] = []
    for _ in range(draw(st.integers(2, 5))):
        line = draw(st.sampled_from(LINES))
        head = draw(st.sampled_from((None, None, *HEADS)))
        lines += [f"    {line}"] if head is None else [f"    {head}", f"        {line}", "    next(C)"]
    calls = []
    for _ in range(draw(st.integers(3, 6))):
        name = draw(st.sampled_from(tuple(REBOUND)))
        point = draw(st.sampled_from((0.5, -0.25, 1.0)))
        calls.append((draw(st.sampled_from(("", f"{name} = {draw(st.sampled_from(REBOUND[name]))}"))), point))
    return PRELUDE + "def f(x):\n    t = x\n" + "\n".join(lines) + "\n    return t * x\n", calls


class Run:
    """A module of its own, and a derivative or the function itself, called in it."""

    def __init__(self, text: str, control: str | None) -> None:
        self.made = module(text, types=types)
        self.derivative = None if control is None else value_and_grad(self.made.f, control=control)

    def __call__(self, rebinding: str, x: float) -> Any:
        run(self.made, rebinding)
        return (self.made.f if self.derivative is None else self.derivative)(x)


def outcome(function: Any, *args: Any) -> Any:
    try:
        return function(*args)
    except (TypeError, IndexError, AttributeError, ArithmeticError) as error:
        return type(error)


@pytest.mark.parametrize("control", ["record", "keep", "auto"])
def test_each_call_is_of_the_world_as_it_is(control: str) -> None:
    @profile(40)
    @given(worlds())
    def check(drawn: tuple[str, list[tuple[str, float]]]) -> None:
        text, calls = drawn
        derived, plain, taped = Run(text, control), Run(text, None), Run(text, None)
        rtol = 1e-5 if any("float32" in rebinding for rebinding, _ in calls) else 1e-9
        with quiet():
            for number, (rebinding, x) in enumerate([*calls, *calls]):
                wanted = outcome(plain, rebinding, x)
                run(taped.made, rebinding)
                gradient = outcome(tape.gradient, taped.made.f, (x,))
                try:
                    found = outcome(derived, rebinding, x)
                except CannotKeep:
                    return
                assert repr(derived.made.C) == repr(plain.made.C), f"call {number}"
                if isinstance(wanted, type):
                    assert found is wanted, f"call {number}: {found!r} instead of {wanted!r}"
                else:
                    assert identical(found[0], wanted), f"call {number}: {found!r} instead of {wanted!r}"
                    assert_close(found[1], gradient[1], rtol)

    check()


def test_a_function_in_place_of_an_object_before_an_effect() -> None:
    made = Run(PRELUDE + "def f(x):\n    t = G1(x) + G2(x)\n    time.time()\n    return t\n", "auto")
    assert made("", 0.5)[1] == 9.5
    value, gradient = made("G1 = math.sin", 0.5)
    assert_identical(value, np.sin(0.5).item() + 10.0 * 0.125)
    assert gradient == pytest.approx(np.cos(0.5) + 7.5)


def test_a_derivative_of_a_callable_object_that_is_left_halfway() -> None:
    made = module(PRELUDE + "class F:\n    w, v = 2.0, 3.0\n    def __call__(self, x):\n        next(C)\n"
                            "        return self.w * x if x > 0.0 else self.v * x\nf = F()\n")  # fmt: skip
    derivative = value_and_grad(made.f)
    assert [derivative(x) for x in (1.0, -1.0, 1.0, -2.0)] == [(2.0, 2.0), (-3.0, 3.0), (2.0, 2.0), (-6.0, 3.0)]
    assert repr(made.C) == "count(4)"


WRITER = """
import math

class W:
    def write(self, text):
        K[0], G[0] = 5.0, math.cos
        globals()["H"] = math.cos

w, K, G, H = W(), [2.0], [math.sin], math.sin
"""


def test_what_an_effect_changes_is_handed_on_as_it_was_before_and_read_after() -> None:
    text = "def f(x):\n    t = K[0] * x\n    print(1, file=w)\n    return t + K[0] if x > 0.0 else t * G[0](x)\n"
    made, plain = module(WRITER + text), module(WRITER + text)
    derivative = value_and_grad(made.f)
    for x in (-1.0, 1.0, -2.0, 0.5):
        for each in (made, plain):
            each.K[0], each.G[0] = 2.0, each.math.sin
        assert_identical(derivative(x)[0], plain.f(x))


def test_an_effect_that_takes_away_what_was_asked_is_refused() -> None:
    made = module(WRITER + "def f(x):\n    t = H(x)\n    print(1, file=w)\n    return t if x > 0.0 else -t\n")
    derivative = value_and_grad(made.f)
    derivative(-1.0)
    made.H = made.math.sin
    with pytest.raises(UnsupportedMutation, match="changed something that it had asked about before"):
        derivative(1.0)


def test_an_entry_serves_what_it_was_made_for() -> None:
    owner, done, effects = types.SimpleNamespace(k=1.0, n=0), [], Effects()
    assert effects.read(getattr, owner, "k") == 1.0
    assert effects.read(getattr, owner, "n") == 0
    effects(done.append, 1)
    owner.k = owner.n = 2.0
    effects.begin()
    assert effects.read(getattr, owner, "n") == 0
    assert effects.read(getattr, owner, "k", None) == 1.0
    with pytest.raises(UnsupportedMutation):
        effects.read(getattr, done, "k", None)
    effects(done.append, 1)
    assert effects.read(getattr, owner, "k") == 2.0
    effects.begin()
    with pytest.raises(UnsupportedMutation):
        effects(done.append, 2)
    assert done == [1]


def test_what_was_read_after_the_last_effect_is_read_again() -> None:
    owner, effects = types.SimpleNamespace(k=1.0), Effects()
    assert effects.read(getattr, owner, "k") == 1.0
    owner.k = 2.0
    effects.begin()
    assert effects.read(getattr, owner, "k") == 2.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, True, False), (1, 1.0, False), (1.0, 1.0 + 1e-12, True), (1.0, 2.0, False), (float("nan"), float("nan"), True),
        ([1, "a"], [1, "a"], True), ((1,), [1], False), ({"a": 1}, {"b": 1}, False), (slice(0, 2), slice(0, 2), True),
        (slice(0, 2), slice(False, 2), False), (np.ones(2), np.zeros(2), True), (np.ones(2), np.ones(3), False),
        ([].append, [].append, True), (object(), object(), False), (ValueError(1), ValueError(1), True), ("ab".join, "ab".join, True),
        (ValueError(1), ValueError(2), False), (np.int64(1), np.int64(1), True), (range(2), range(2), True),
    ],
)  # fmt: skip
def test_what_is_taken_for_the_same(one: Any, other: Any, same: bool) -> None:
    assert alike(one, other) is same
