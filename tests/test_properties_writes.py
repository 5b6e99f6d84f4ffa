"""Programs that write, written by hypothesis, against the function, the tape and differences.

`S2SAD_EXAMPLES=2000` in the environment searches longer, and at random.
"""

from __future__ import annotations

import copy
import types
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given

from s2sad import tape
from s2sad.api import Derivative
from s2sad.settings import Settings
from tests.at_random import profile, quiet
from tests.generate_writes import Args, inputs, programs
from tests.oracles import assert_close, differences, identical, module

pytestmark = pytest.mark.sampled(1)  # all of them, as early as can be

BOTH = (0, 1)


def single(args: Args) -> bool:
    return args[0].dtype == np.float32


def call(function: Any, args: Args, *more: Any) -> Any:
    """A call with copies, for the function may write into what it is given."""
    return function(*copy.deepcopy(args), *more)


def fixed(function: Any) -> Any:
    return lambda *args: call(function, args)


def against_differences(function: Any, args: Args, gradients: Any, wanted: float) -> None:
    """The gradients where differences of two widths agree: they do not beside a branch or a kink."""
    for place in BOTH:
        slopes = [np.asarray(differences(fixed(function), args, place, step=step)) for step in (4e-6, 1e-6)]
        settled = np.abs(slopes[0] - slopes[1]) <= 1e-6 * (1.0 + np.abs(slopes[1]))
        event("differences settle" if settled.all() else "differences do not settle")
        error = np.abs(gradients[place] - slopes[1])[settled]
        assert np.all(error <= 1e-6 * (1.0 + np.abs(slopes[1][settled]) + abs(wanted))), (
            f"argument {place}: {gradients[place]!r}, differences {slopes[1]!r}"
        )


def agree(derivative: Derivative, program: types.ModuleType, args: Args) -> None:
    """One call of the compiled gradient against the function, a fresh tape and differences; it leaves its arguments alone."""
    wanted, before = call(program.f, args), copy.deepcopy(args)
    value, gradients = derivative(*args)
    assert identical(args, before), f"arguments changed: {args!r} instead of {before!r}"
    assert identical(value, wanted), f"value {value!r} instead of {wanted!r}"
    taped, expected = tape.gradient(program.f, args, BOTH)
    assert identical(args, before), f"arguments changed by the tape: {args!r} instead of {before!r}"
    assert identical(taped, wanted), f"value on the tape {taped!r} instead of {wanted!r}"
    assert_close(gradients, expected, rtol=2e-3 if single(args) else 1e-9)
    if not single(args) and np.isfinite(wanted) and all(np.all(np.isfinite(g)) for g in gradients):
        against_differences(program.f, args, gradients, float(wanted))


@pytest.mark.sampled(3)
def test_generated_programs_run_and_write_and_stay_small() -> None:
    """Of the generator alone, so that a fault of it is told from one of the package."""

    @profile(100)
    @given(programs(), inputs(), inputs(np.float32))
    def check(text: str, args: Args, narrow: Args) -> None:
        function = module(text).f
        with quiet():
            for given_args in (args, narrow):
                value = call(function, given_args)
                assert isinstance(value, (float, np.floating))
                assert identical(value, call(function, given_args))
                assert np.isfinite(value)
                assert abs(value) < 1e4

    check()


def test_a_gradient_of_a_program_that_writes_is_right_at_every_later_call() -> None:
    seen: set[str] = set()

    @profile(50, share=20, long=2)
    @given(programs(), inputs(), inputs(), inputs(np.float32))
    def check(text: str, one: Args, other: Args, narrow: Args) -> None:
        if text in seen:
            event("a program seen before")
            return
        seen.add(text)
        program = module(text)
        derivative = Derivative(program.f, BOTH, settings=Settings(verify=True))
        with quiet():
            for args in (one, other, narrow, one, other):
                agree(derivative, program, args)
        event(f"{min(len(derivative.paths), 9)} paths")

    check()


def test_optimised_and_plain_code_of_programs_that_write_give_the_same() -> None:
    seen: set[str] = set()

    @profile(25, share=20, long=2)
    @given(programs(), inputs(), inputs(np.float32))
    def check(text: str, one: Args, narrow: Args) -> None:
        if text in seen:
            return
        seen.add(text)
        program = module(text)
        optimised = Derivative(program.f, BOTH, settings=Settings(verify=True))
        plain = Derivative(program.f, BOTH, settings=Settings(optimise=False, verify=True))
        with quiet():
            for args in (one, narrow, one):
                (value, gradients), (other, expected) = optimised(*args), plain(*args)
                assert identical(value, other)
                assert_close(gradients, expected, rtol=2e-3 if single(args) else 1e-9)

    check()


def test_second_derivatives_of_programs_that_write() -> None:
    seen: set[str] = set()

    @profile(8, share=20)
    @given(programs(), inputs(), inputs())
    def check(text: str, one: Args, other: Args) -> None:
        if text in seen:
            return
        seen.add(text)
        program = module(text)
        first = Derivative(program.f, BOTH, with_value=False)

        def slope(x, m, n):
            by_x, by_m = first(x, m, n)
            return np.sum(by_x * 1.5) + np.sum(by_m * by_m)

        second = Derivative(slope, BOTH, settings=Settings(verify=True))
        with quiet():
            for args in (one, other, one):
                value, gradients = second(*args)
                assert_close(value, slope(*args))
                assert_close(gradients, tape.gradient(slope, args, BOTH)[1], rtol=1e-8)

    check()
