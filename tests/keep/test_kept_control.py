"""What `control` chooses: when a loop is recorded and when it is kept, and that a function that cannot be kept is recorded."""

from __future__ import annotations

import pickle
import random
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import elementwise_grad, errors, grad, value_and_grad
from s2sad.calls import choice
from tests.oracles import agrees, assert_identical, module


def power(x, n):
    total = x
    for _ in range(n):
        total = total * x
    return total


@grad(control="keep")
def decorated(x, n):
    total = x
    for _ in range(n):
        total = total * x
    return total


GUARDED = """
def f(x, n):
    total = x
    for k in range(n):

        class Step:
            size = 0.001
        total = total * x + Step.size
    return total
"""
LONG = 40


def kinds(derivative: Any) -> list[bool | None]:
    return [path.kept for path in derivative.paths]


def test_the_choices() -> None:
    for made in (grad, value_and_grad, elementwise_grad):
        for control in ("auto", "record", "keep"):
            assert made(power, control=control).settings.control == control
        assert made(power).settings.control == "auto"
        with pytest.raises(ValueError, match="control is one of 'auto', 'record', 'keep', not 'other'"):
            made(power, control="other")


def test_a_short_loop_is_recorded() -> None:
    derivative = value_and_grad(power)
    for n in (3, 0, choice.STEPS_RECORDED):
        agrees(derivative, power, 0.9, n)
    assert kinds(derivative) == [None] * 3
    assert derivative.reasons == ()


def test_a_long_loop_is_kept() -> None:
    derivative = value_and_grad(power)
    agrees(derivative, power, 0.9, LONG)
    assert kinds(derivative) == [True]
    agrees(derivative, power, 0.9, LONG + 1)
    agrees(derivative, power, 0.9, 2)
    assert kinds(derivative) == [True]
    assert "for i in range(n):" in derivative.source


def test_a_long_loop_after_a_short_one() -> None:
    derivative = value_and_grad(power)
    for n in (3, LONG, LONG + 1, 3, 4):
        agrees(derivative, power, 0.9, n)
    assert kinds(derivative) == [True, None]


def test_many_ways_are_kept() -> None:
    derivative = value_and_grad(power)
    for n in range(choice.PATHS_RECORDED):
        agrees(derivative, power, 1.1, n)
        assert kinds(derivative) == [None] * (n + 1)
    for n in range(20):
        agrees(derivative, power, 1.1, n)
    assert kinds(derivative) == [True] + [None] * choice.PATHS_RECORDED


def test_many_sizes_are_kept() -> None:
    def f(x):
        total = 0.0
        for i in range(len(x)):
            total += x[i] * x[i]
        return total

    derivative = value_and_grad(f)
    for n in range(2, 12):
        agrees(derivative, f, np.linspace(0.1, 1.0, n))
    assert kinds(derivative) == [True] + [None] * choice.PATHS_RECORDED


def test_record_never_keeps() -> None:
    derivative = value_and_grad(power, control="record")
    for n in (*range(choice.PATHS_RECORDED + 2), LONG):
        agrees(derivative, power, 0.9, n)
    assert set(kinds(derivative)) == {None}
    assert derivative.reasons == ()


def test_keep_keeps_at_once() -> None:
    derivative = value_and_grad(power, control="keep")
    agrees(derivative, power, 0.9, 2)
    assert kinds(derivative) == [True]


def test_what_cannot_be_kept_is_recorded_and_says_why() -> None:
    function = module(GUARDED).f
    derivative = value_and_grad(function)
    agrees(derivative, function, 0.9, 3)
    assert derivative.reasons == ()
    for n in (LONG, LONG + 1, 2):
        agrees(derivative, function, 0.9, n)
    assert set(kinds(derivative)) == {None}
    (reason,) = derivative.reasons
    assert reason.startswith(f"{function.__code__.co_filename}:6:9: a class that is defined inside the function")
    derivative.clear()
    assert derivative.reasons == () == derivative.paths


def test_keep_raises_what_auto_notes() -> None:
    function = module(GUARDED).f
    derivative = value_and_grad(function, control="keep")
    for _ in range(2):
        with pytest.raises(errors.CannotKeep) as found:
            derivative(0.9, 3)
        assert found.value.location is not None and found.value.location.line == 6
    assert isinstance(found.value, (errors.UnsupportedSyntax, SyntaxError))


# Effects happen once


def test_what_is_printed_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x, n):
        total = x
        print("begin")
        for k in range(n):
            total = total * x + 0.1
            if k % 10 == 0:
                print(k)
        return total

    derivative = value_and_grad(f)
    for _ in range(2):
        value, _ = derivative(0.5, LONG)
        printed = capsys.readouterr().out
        assert value == f(0.5, LONG)
        assert printed == capsys.readouterr().out
    assert set(kinds(derivative)) == {None}


def test_numbers_are_drawn_once() -> None:
    def f(x, n):
        total = x
        for _ in range(n):
            total = total * 0.5 + random.random()
        return total

    derivative = value_and_grad(f)
    for n in (LONG, LONG, 3):
        random.seed(1)
        value, _ = derivative(0.5, n)
        after = random.getstate()
        random.seed(1)
        assert value == f(0.5, n)
        assert after == random.getstate()
    assert set(kinds(derivative)) == {True}


def test_a_generator_of_random_numbers_is_asked_once() -> None:
    def f(x, n, rng):
        total = x
        for _ in range(n):
            total = total * 0.5 + rng.random()
        return total

    derivative = value_and_grad(f)
    mine, twin = np.random.default_rng(0), np.random.default_rng(0)
    for n in (LONG, 5, LONG):
        assert_identical(derivative(0.5, n, mine)[0], f(0.5, n, twin))
    assert mine.bit_generator.state == twin.bit_generator.state


# The forms of a derivative


def test_the_decorator_keeps() -> None:
    assert decorated(2.0, 3) == 32.0
    assert kinds(decorated) == [True]
    assert pickle.loads(pickle.dumps(decorated)) is decorated


def test_a_pickled_derivative_has_its_control() -> None:
    again = pickle.loads(pickle.dumps(grad(power, control="keep")))
    assert again.settings.control == "keep"
    assert again(2.0, 3) == 32.0
    assert kinds(again) == [True]


class Model:
    rate = 2.0

    @s2sad.grad(control="keep")
    def loss(self, x):
        total = 0.0
        for i in range(len(x)):
            total += x[i] ** 2
        return total

    @s2sad.grad(control="keep")
    def rated(self, x):
        total = 0.0
        for i in range(len(x)):
            total += x[i] ** 2 * self.rate
        return total


def test_a_method_has_its_control() -> None:
    np.testing.assert_array_equal(Model().loss(np.arange(3.0)), 2.0 * np.arange(3.0))
    found = Model().loss.__func__
    assert found.settings.control == "keep"
    assert kinds(found) == [True]


def test_a_method_that_reads_its_object_is_kept() -> None:
    np.testing.assert_array_equal(Model().rated(np.arange(3.0)), 4.0 * np.arange(3.0))
    assert kinds(Model().rated.__func__) == [True]


def test_stages_of_kept_control_flow() -> None:
    derivative = value_and_grad(power, control="keep")
    stages = derivative.stages(0.9, 3)
    assert set(stages) == {"adjoint", "optimised", "code"}
    derivative(0.9, 3)
    assert stages["code"].source == derivative.source
    assert derivative.paths[0].function.name == "power_value_and_grad"
