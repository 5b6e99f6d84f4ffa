"""Seconds and memory by lines: the clock changes no result, and what is spent is spent on the line that spends it."""

from __future__ import annotations

import dataclasses
import math
import types

import numpy as np
import pytest

import s2sad
from s2sad.calls.call import arrive
from s2sad.calls.looking import looked_at
from s2sad.runtime.finite import quiet, same_value
from s2sad.shown import profile as profiles
from s2sad.shown.clocked import Clocked
from s2sad.shown.profile import ELSEWHERE, profile
from tests.programs import load

SINE, COSINE, LOGARITHM = 1.0, 10.0, 100.0


def straight(x, y):
    a = math.sin(x)
    b = math.log(y)
    return a * b


def folded(x):
    return math.sin(math.log(x)) + math.log(x * x)


def looped(x, n):
    total = 0.0
    for _ in range(n):
        x = math.sin(x)
        total += math.log(x)
    return total


class Virtual:
    """A time that goes by in functions of `math` alone."""

    def __init__(self):
        self.now = 0.0
        self.math = types.SimpleNamespace(**vars(math))
        for name, cost in (("sin", SINE), ("cos", COSINE), ("log", LOGARITHM)):
            setattr(self.math, name, self.taking(cost, getattr(math, name)))

    def taking(self, cost, function):
        def called(x):
            self.now += cost
            return function(x)

        return called


@pytest.fixture(name="spent")
def spent_fixture(monkeypatch):
    """What each line of a function takes of a virtual time, forward and adjoint."""

    def call(function, *args, **options):
        virtual = Virtual()
        monkeypatch.setattr(profiles.time, "perf_counter", lambda: virtual.now)
        monkeypatch.setattr(profiles, "LONG", -1.0)
        call = arrive(s2sad.grad(function, **options), args, {})
        path, _ = looked_at(call, lambda *_: None)
        built = dataclasses.replace(path.built, namespace={**path.built.namespace, "math": virtual.math})
        path = dataclasses.replace(path, built=built)
        monkeypatch.setattr(type(built), "start", lambda self, leaves, effects: self.run(*leaves))
        plain = Clocked(built).calling(lambda _, value: value)  # which takes virtual time as well
        path.built = dataclasses.replace(built, run=plain)
        found = profiles.measured(path, call.leaves, call.effects)
        return {c.text: (c.forward, c.adjoint) for c in found.lines}, found

    return call


def test_each_line_has_what_it_spends_forward_and_in_the_adjoint(spent):
    lines, found = spent(straight, 0.5, 2.0, argnums=(0, 1))
    assert lines["a = math.sin(x)"] == (SINE, COSINE)
    assert lines["b = math.log(y)"] == (LOGARITHM, 0.0)
    assert lines["return a * b"] == (0.0, 0.0)
    assert found.seconds == SINE + COSINE + LOGARITHM and found.calls == 2


def test_the_parts_of_a_statement_for_both_are_told_apart(spent):
    lines, _ = spent(folded, 2.0)
    forward, adjoint = lines["return math.sin(math.log(x)) + math.log(x * x)"]
    assert forward + adjoint == SINE + COSINE + 2 * LOGARITHM and adjoint == COSINE


@pytest.mark.parametrize("control", ["keep", "record"])
def test_the_steps_of_a_loop_add_up(spent, control):
    lines, _ = spent(looped, 0.5, 7, control=control)
    assert lines["x = math.sin(x)"] == (7 * SINE, 7 * COSINE)
    assert lines["total += math.log(x)"] == (7 * LOGARITHM, 0.0)
    assert (ELSEWHERE in lines) or control == "record"


def test_what_a_line_holds_is_counted(monkeypatch):
    def f(x):
        y = np.exp(x)
        z = y * y
        return np.sum(np.sqrt(z))

    size = 8 * 100_000
    found = {c.text: c for c in profile(s2sad.grad(f), (np.ones(100_000),)).lines}
    assert abs(found["y = np.exp(x)"].forward_bytes - size) < 10_000
    whole = profile(s2sad.grad(f), (np.ones(100_000),))
    assert 2 * size <= whole.peak_bytes <= 6 * size
    monkeypatch.setattr(profiles, "WEIGHED", 0)
    unknown = profile(s2sad.grad(f), (np.ones(100_000),))
    assert unknown.peak_bytes is None and all(c.forward_bytes is c.adjoint_bytes is None for c in unknown.lines)


def test_what_steps_leave_adds_up():
    def f(x, n):
        total = 0.0
        for _ in range(n):
            x = np.sin(x)
            total = total + np.sum(x)
        return total

    size = 8 * 20_000
    found = {c.text: c for c in profile(s2sad.grad(f, control="keep"), (np.ones(20_000), 10)).lines}
    saved = sum(c.forward_bytes for text, c in found.items() if text in ("x = np.sin(x)", ELSEWHERE))
    assert 9 * size < saved < 14 * size, "ten steps save an array each, and the line that makes them holds one or two more"


@pytest.mark.parametrize("reading", [None, 1.0])
def test_lines_add_up_to_a_call_at_most(reading, monkeypatch):
    """Also where a reading of the clock took longer when that was measured than it takes among the lines."""
    if reading is not None:
        monkeypatch.setattr(profiles, "_own_cost", lambda: reading)
    found = profile(s2sad.grad(looped, control="keep"), (0.5, 300))
    total = sum(c.forward + c.adjoint for c in found.lines)
    assert 0.0 < total <= found.seconds * (1 + 1e-9) and found.calls >= 2 and not found.native


def test_effects_happen_once(capsys):
    def f(x):
        print("called")
        return x * x

    assert profile(s2sad.grad(f), (2.0,)).lines
    assert capsys.readouterr().out == "called\n"


@pytest.mark.parametrize("program", load(), ids=lambda program: program.name)
@pytest.mark.sampled(8, of="programs")
@pytest.mark.long(8)
def test_the_clock_changes_no_result(program):
    args = program.calls[0]
    with np.errstate(all="ignore"):
        call = arrive(s2sad.value_and_grad(program.function, argnums=program.argnums), args, {})
        path, _ = looked_at(call, lambda *_: None)
    if path.built.text.effects:
        return  # whose effects are those of the call that was looked at
    readings = []

    def clock(key, value):
        readings.append(key)
        return value

    clocked = Clocked(path.built)
    with quiet(), np.errstate(all="ignore"):
        wanted = path.built.start(call.leaves, call.effects)
        found = dataclasses.replace(path.built, run=clocked.calling(clock), sides=None).start(call.leaves, call.effects)
    assert all(map(same_value, found, wanted)) and len(found) == len(wanted)
    assert readings and max(readings) < len(clocked.keys)
