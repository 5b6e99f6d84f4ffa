"""Dispatch: how calls like the last one are answered at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad.calls.call import Call
from s2sad.calls.dispatch import Dispatch
from s2sad.calls.path import Path
from s2sad.emit.arrival import MISSED
from s2sad.runtime import ruling
from tests.calls.test_calls import call_of, logged, overflow, path_of, power, square


def remembered(dispatch: Dispatch, made: Call, path: Path) -> Any:
    """A call that took the short way gives what it returns, and another one None."""
    made.derived.otherwise = lambda tried, args, kwargs: None if tried is dispatch else pytest.fail("nothing was tried")  # type: ignore[method-assign]
    results = path.built.run(*made.leaves)
    dispatch.remember(made, path, results)
    return results


def answered(dispatch: Dispatch, *args: Any) -> Any:
    assert dispatch.by_position is not None
    return dispatch.by_position(*args)


def test_dispatch_knows_how_to_answer_calls_like_the_last() -> None:
    dispatch, made = Dispatch(ruling.state()), call_of(square, 2.0)
    assert dispatch.by_position is dispatch.by_name is None
    remembered(dispatch, made, path := path_of(made))
    assert answered(dispatch, 3.0) == (9.0, 6.0) and path.hits == 1 and made.derived._last is path  # type: ignore[attr-defined]
    assert answered(dispatch, 3) is None and answered(dispatch, np.float64(3.0)) is None and answered(dispatch, math.inf) is None
    assert answered(dispatch) is answered(dispatch, 3.0, 3.0) is None and path.hits == 1
    assert dispatch.by_name is None and dispatch.named((3.0,), {"n": 2}) is MISSED
    by_position, made = dispatch.by_position, call_of(power, 2.0, n=2)
    remembered(dispatch, made, path_of(made))
    assert dispatch.named((3.0,), {"n": 2}) == (9.0, 6.0) and dispatch.by_position is by_position
    assert dispatch.named((), {"n": 2}) is dispatch.named((3.0,), {"n": 2.0}) is MISSED


def test_a_sum_of_results_that_is_too_large_is_no_infinity_among_them() -> None:
    dispatch, made = Dispatch(ruling.state()), call_of(lambda x: x * 1e308, 1.0)
    remembered(dispatch, made, path_of(made))
    assert answered(dispatch, 1.5) == (1.5e308, 1e308)
    assert answered(dispatch, 2.0) is None


def test_dispatch_generates_one_function_for_the_code_of_a_path() -> None:
    dispatch, x = Dispatch(ruling.state()), np.array([0.5, 1.0])
    made = call_of(overflow, x)
    wide = np.array([0.0, 1000.0])
    remembered(dispatch, made, path := path_of(made))
    before = dispatch.by_position
    remembered(dispatch, made, path)
    assert before is not None and dispatch.by_position is before
    path.adopt(path.strong)
    remembered(dispatch, made, path)
    assert dispatch.by_position is not before
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(answered(dispatch, wide)[1], [1.0, 0.0])
        assert before(wide) is None


def test_what_has_an_effect_is_not_dispatched() -> None:
    dispatch, made = Dispatch(ruling.state()), call_of(logged, 2.0)
    dispatch.remember(made, path_of(made), (4.0, 4.0))
    assert dispatch.by_position is None


def test_where_there_is_no_short_way_the_long_one_is_taken() -> None:
    dispatch, made = Dispatch(ruling.state()), call_of(lambda p: sum(p) * p[0], [1.0] * 300)
    remembered(dispatch, made, path_of(made))
    assert dispatch.by_position is None
