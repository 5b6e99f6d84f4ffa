"""Programs that hypothesis writes, compiled once and called in any order, against the function, tape and differences.

`S2SAD_EXAMPLES=2000` in the environment searches longer, and at random.
"""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from s2sad import tape
from s2sad.api import Derivative
from s2sad.errors import NotDifferentiable
from s2sad.settings import Settings
from tests.at_random import ARRAYS, outcome, profile, quiet
from tests.generate import programs
from tests.generate_calls import Call, calls, load
from tests.oracles import assert_close, differences, identical

pytestmark = pytest.mark.sampled(1)  # all of them, as early as can be


def agree(derivative: Derivative, program: types.ModuleType, call: Call) -> None:
    """One call of the compiled gradient against the function, a fresh tape, and differences where they settle."""
    x, y, n = call.prepare(program)
    wanted = outcome(program.f, x, y, n)
    if isinstance(wanted, (int, np.integer, np.bool_)):
        event("returns an integer")
        with pytest.raises(NotDifferentiable):
            derivative(x, y, n)
        return
    found = outcome(derivative, x, y, n)
    if isinstance(wanted, tuple):
        event("raises")
        assert found == wanted
        return
    assert not isinstance(found[0], type), f"{found} instead of {wanted!r}"
    assert identical(found[0], wanted), f"value {found[0]!r} instead of {wanted!r}"
    value, gradient = tape.gradient(program.f, (x, y, n))
    assert identical(value, wanted), f"value on the tape {value!r} instead of {wanted!r}"
    assert_close(found[1], gradient, rtol=2e-3 if np.asarray(x).dtype == np.float32 else 1e-9)
    if np.asarray(x).dtype == np.float64 and np.isfinite(wanted) and np.all(np.isfinite(found[1])):
        slopes = [np.asarray(differences(program.f, (x, y, n), step=step)) for step in (4e-6, 1e-6)]
        settled = np.abs(slopes[0] - slopes[1]) <= 1e-6 * (1.0 + np.abs(slopes[1]))
        event("differences settle" if settled.all() else "differences do not settle")
        error = np.abs(np.asarray(found[1]) - slopes[1])[settled]
        assert np.all(error <= 1e-5 * (1.0 + np.abs(slopes[1][settled]) + abs(wanted))), (
            f"{found[1]!r}, differences {slopes[1]!r}"
        )


def scenario(arrays: bool, number: int) -> Any:
    return st.tuples(
        programs(arrays), st.lists(calls(arrays), min_size=2, max_size=number), st.randoms(use_true_random=False)
    )


@ARRAYS
def test_a_gradient_compiled_once_is_right_at_every_later_call(arrays: bool) -> None:
    @profile(45)
    @given(scenario(arrays, 6))
    def check(drawn: Any) -> None:
        text, inputs, order = drawn
        program = load(text)
        derivative = Derivative(program.f, settings=Settings(verify=True))
        again = [*inputs, *inputs]
        order.shuffle(again)
        with quiet():
            for call in again:
                agree(derivative, program, call)
        event(f"{min(len(derivative.paths), 9)} paths")

    check()


@ARRAYS
def test_optimised_and_plain_code_give_the_same(arrays: bool) -> None:
    @profile(30, share=20)
    @given(scenario(arrays, 4))
    def check(drawn: Any) -> None:
        text, inputs, _ = drawn
        program = load(text)
        optimised = Derivative(program.f, ("x", "y"), settings=Settings(verify=True))
        plain = Derivative(program.f, ("x", "y"), settings=Settings(optimise=False, verify=True))
        with quiet():
            for call in [*inputs, *inputs]:
                args = call.prepare(program)
                one, other = outcome(optimised, *args), outcome(plain, *args)
                if isinstance(one[0], type):
                    assert one == other
                else:
                    assert identical(one[0], other[0])
                    assert_close(one[1], other[1], rtol=2e-3 if np.asarray(call.x).dtype == np.float32 else 1e-9)

    check()


@ARRAYS
def test_second_derivatives_of_generated_programs(arrays: bool) -> None:
    @profile(12)
    @given(scenario(arrays, 2))
    def check(drawn: Any) -> None:
        text, inputs, _ = drawn
        program = load(text)
        first = Derivative(program.f, with_value=False)

        def slope(x, y, n):
            return np.sum(first(x, y, n) * 1.5)

        second = Derivative(slope, settings=Settings(verify=True))
        with quiet():
            for call in [*inputs, *inputs]:
                args = call.prepare(program)
                if isinstance(outcome(program.f, *args), tuple) or np.asarray(call.x).dtype == np.float32:
                    continue
                value, gradient = second(*args)
                assert_close(value, slope(*args))
                assert_close(gradient, tape.gradient(slope, args)[1], rtol=1e-8)

    check()
