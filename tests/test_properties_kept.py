"""Programs of loops and branches, written by hypothesis, compiled once and called on several paths, against the function and the tape.

`S2SAD_EXAMPLES=2000` in the environment searches longer, and at random.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from s2sad import tape, value_and_grad
from s2sad.errors import CannotKeep
from tests import generate_names
from tests.at_random import ARRAYS, profile, quiet
from tests.generate_kept import Args, inputs, programs
from tests.oracles import assert_close, identical, module

pytestmark = pytest.mark.sampled(1)  # all of them, as early as can be

# Keyword arguments of `value_and_grad`, each a way to compile that every program below is tried with.
MODES: tuple[dict[str, Any], ...] = ({"control": "record"}, {"control": "keep"}, {"control": "auto"})

ARGNUMS = st.sampled_from(((0, 1, 2), (0, 2), (2,), (0,), (1,)))


@pytest.fixture(autouse=True)
def _few_steps_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generated loops are short, and "auto" is to keep some of them at their first call."""
    monkeypatch.setattr("s2sad.calls.choice.STEPS_RECORDED", 2)


def agree(derivative: Callable[..., Any], function: Callable[..., Any], args: Args, argnums: tuple[int, ...]) -> None:
    """One call against the function, bit for bit, and a fresh tape; it leaves its arguments alone."""
    before = copy.deepcopy(args)
    try:
        wanted = function(*copy.deepcopy(args))
    except (ValueError, OverflowError) as error:  # numbers have grown beyond what `math` takes
        event(f"the function raises {type(error).__name__}")
        return
    value, gradients = derivative(*args)
    assert identical(args, before), f"arguments changed: {args!r} instead of {before!r}"
    assert identical(value, wanted), f"value {value!r} instead of {wanted!r}"
    expected = tape.gradient(function, args, argnums)[1]
    assert_close(gradients, expected, rtol=2e-3 if args[2].dtype == np.float32 else 1e-9)


@pytest.mark.sampled(3)
@ARRAYS
def test_generated_programs_run_and_stay_small(arrays: bool) -> None:
    """Of the generator alone, so that a fault of it is told from one of the package."""

    @profile(60)
    @given(programs(arrays), st.lists(inputs(), min_size=3, max_size=3))
    def check(text: str, calls: list[Args]) -> None:
        function = module(text).f
        with quiet():
            for args in calls:
                value = function(*copy.deepcopy(args))
                assert isinstance(value, (float, np.floating)), f"{value!r}\n{text}"
                assert np.isfinite(value)
                assert abs(value) < 1e4
                assert identical(value, function(*copy.deepcopy(args)))

    check()


def right_on_every_path(function: Callable[..., Any], calls: list[Args], argnums: tuple[int, ...], mode: dict[str, Any]) -> None:
    """Each call there and back, on one gradient."""
    derivative = value_and_grad(function, argnums=argnums, **mode)
    for args in (*calls, *reversed(calls)):
        try:
            agree(derivative, function, args, argnums)
        except CannotKeep as error:
            assert error.location is not None
            event(f"cannot be kept: {error.reason}")
            return
    event("kept" if any(path.kept is not None for path in derivative.paths) else "recorded")


@ARRAYS
def test_a_gradient_of_loops_and_branches_is_right_on_every_path(arrays: bool) -> None:
    """In each mode, as it costs as much to write a program as to try it."""
    seen: set[str] = set()

    @profile(60, share=20, long=3)
    @given(programs(arrays), st.lists(inputs(), min_size=2, max_size=4), ARGNUMS)
    def check(text: str, calls: list[Args], argnums: tuple[int, ...]) -> None:
        if text in seen:
            event("a program seen before")
            return
        seen.add(text)
        with quiet():
            for mode in MODES:
                right_on_every_path(module(text).f, calls, argnums, mode)

    check()


@profile(80)
@given(generate_names.programs())
def test_what_is_written_under_one_name_is_read_under_another(text: str) -> None:
    """Kept control flow gives the function's numbers or refuses, whichever of its names an array is written under."""
    function = module(text).f
    kept, recorded = (value_and_grad(function, control=control) for control in ("keep", "record"))
    for x in (np.array([0.3, 0.8, 0.5]), np.array([0.9, -0.4, 0.2])):
        for n in (3, 0, 1):
            try:
                value, gradient = kept(x.copy(), n)
            except CannotKeep as error:
                event(f"cannot be kept: {error.reason}")
                return
            assert identical(value, function(x.copy(), n))
            assert_close(gradient, recorded(x.copy(), n)[1])
    event("kept" if all(path.kept is not None for path in kept.paths) else "recorded")


def total_of_gradient(function: Callable[..., Any], argnums: tuple[int, ...], control: str) -> Callable[..., Any]:
    """A function whose gradient is a second derivative: a weighted sum of all that the gradient holds."""
    gradient = value_and_grad(function, argnums=argnums, control=control)

    def total(*args: Any) -> Any:
        result, weight = 0.0, 1.0
        for each in gradient(*args)[1]:
            result = result + weight * np.sum(np.sin(each))
            weight = weight + 0.5
        return result

    return value_and_grad(total, argnums=argnums, control=control)


@ARRAYS
def test_second_derivatives_of_kept_and_of_recorded_programs_agree(arrays: bool) -> None:
    @profile(25, share=20, long=2)
    @given(programs(arrays), st.lists(inputs(), min_size=2, max_size=3), ARGNUMS)
    def check(text: str, calls: list[Args], argnums: tuple[int, ...]) -> None:
        function = module(text).f
        kept, recorded = (total_of_gradient(function, argnums, control) for control in ("keep", "record"))
        with quiet():
            for x, y, a, n in calls:
                args = (x, y, a.astype(float), n)
                try:
                    function(*copy.deepcopy(args))
                except (ValueError, OverflowError) as error:  # numbers have grown beyond what `math` takes
                    event(f"the function raises {type(error).__name__}")
                    return
                wanted, slopes = recorded(*copy.deepcopy(args))
                try:
                    value, found = kept(*copy.deepcopy(args))
                except CannotKeep as error:
                    event(f"cannot be kept: {error.reason}")
                    return
                assert_close(value, wanted)
                assert_close(found, slopes)
        event("kept" if any(path.kept is not None for path in kept.paths) else "recorded")

    check()
