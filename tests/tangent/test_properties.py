"""Forward mode on programs written by hypothesis: loops and branches, writes, compiled once and called on several paths, against the tape.

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

from s2sad import tape
from s2sad.api.forward import Jvp
from s2sad.errors import CannotKeep
from s2sad.settings import Settings
from tests import generate_kept, generate_writes
from tests.at_random import ARRAYS, profile, quiet
from tests.oracles import identical, module

pytestmark = pytest.mark.sampled(1)


def direction(x: Any, k: int) -> Any:
    """A tangent of the shape and dtype of an argument; None for a whole number."""
    if isinstance(x, int):
        return None
    found = np.cos(k + np.arange(float(np.size(x)))).reshape(np.shape(x))
    return found.astype(x.dtype) if isinstance(x, np.ndarray) else float(found)


def agree(pushed: Callable[..., Any], function: Callable[..., Any], args: tuple[Any, ...], rtol: float) -> None:
    """One call against the function, bit for bit, and the gradient of a fresh tape along the direction; it leaves its arguments alone."""
    tangents = tuple(direction(x, k) for k, x in enumerate(args))
    before = copy.deepcopy((args, tangents))
    try:
        wanted = function(*copy.deepcopy(args))
    except (ValueError, OverflowError) as error:  # numbers have grown beyond what `math` takes
        event(f"the function raises {type(error).__name__}")
        return
    value, found = pushed(args, tangents)
    assert identical((args, tangents), before)
    assert identical(value, wanted), f"value {value!r} instead of {wanted!r}"
    chosen = tuple(k for k, tangent in enumerate(tangents) if tangent is not None)
    gradients = tape.gradient(function, args, chosen)[1]
    terms = np.concatenate([np.ravel(np.asarray(g, float) * tangents[k]) for k, g in zip(chosen, gradients, strict=True)])
    assert abs(found - np.sum(terms)) <= rtol * (np.sum(np.abs(terms)) + abs(value)), f"tangent {found!r} instead of {np.sum(terms)!r}"


def right_on_every_path(text: str, calls: list[tuple[Any, ...]], control: str) -> None:
    function = module(text).f
    pushed = Jvp(function, settings=Settings(control=control))
    with quiet():
        for args in (*calls, *reversed(calls)):
            single = any(isinstance(x, np.ndarray) and x.dtype == np.float32 for x in args)
            try:
                agree(pushed, function, args, 2e-3 if single else 1e-9)
            except CannotKeep as error:
                event(f"cannot be kept: {error.reason}")


@ARRAYS
@pytest.mark.parametrize("control", ["record", "keep"])
def test_loops_and_branches(arrays: bool, control: str) -> None:
    @profile(5)
    @given(generate_kept.programs(arrays), st.lists(generate_kept.inputs(), min_size=2, max_size=2))
    def check(text: str, calls: list[Any]) -> None:
        right_on_every_path(text, calls, control)

    check()


@pytest.mark.parametrize("control", ["record", "keep"])
def test_writes(control: str) -> None:
    @profile(10)
    @given(generate_writes.programs(), st.lists(generate_writes.inputs(), min_size=2, max_size=2))
    def check(text: str, calls: list[Any]) -> None:
        right_on_every_path(text, calls, control)

    check()
