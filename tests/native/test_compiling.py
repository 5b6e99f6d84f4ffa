"""What native code calls by name takes Numba little to compile: few functions of its own stand behind each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad.native import support
from s2sad.native.store import Options

FEW = 20
GIVEN: dict[Callable[..., Any], tuple[Any, ...]] = {
    support.finite: (np.ones((3, 2)),),
    support.grown: (np.ones((3, 2)), 5),
}


def compiled_for(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[list[str], Any]:
    """The functions that Numba compiles for a call, and what that gives."""
    import numba
    from numba.core import event

    with event.install_recorder("numba:compile") as recorder:
        found = numba.njit(**Options().keywords)(function)(*arguments)
    return [kept.data["dispatcher"].py_func.__qualname__ for _, kept in recorder.buffer if kept.is_start], found


@pytest.mark.parametrize("function", GIVEN, ids=lambda function: function.__name__)
def test_little_is_compiled_for_a_function(function: Callable[..., Any]) -> None:
    names, found = compiled_for(function, GIVEN[function])
    assert len(names) <= FEW, names
    assert np.shape(found) == np.shape(function(*GIVEN[function]))


def test_a_stack_that_grows_keeps_what_it_holds() -> None:
    stack = np.arange(12.0).reshape(3, 4)
    for grow in (support.grown, lambda *given: compiled_for(support.grown, given)[1]):
        longer = grow(stack, 9)
        assert longer.shape == (34, 4) and longer.dtype == stack.dtype
        assert np.array_equal(longer[:3], stack)
