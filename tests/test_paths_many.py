"""More ways through a function than there is room for: said once, and kept where that is possible."""
from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from s2sad import SlowPathWarning, compiled, value_and_grad


@pytest.fixture(autouse=True)
def room_for_four(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(compiled, "PATHS_KEPT", 4)
    yield


def power(x: float, n: int) -> float:
    result = 1.0
    for _ in range(n):
        result = result * x
    return result


def power_by_match(x: float, n: int) -> float:
    result = 1.0
    for _ in range(n):
        match n:
            case int():
                result = result * x
    return result


def warnings_of(thunk: Callable[[], Any]) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        thunk()
    return [w for w in seen if w.category is SlowPathWarning]


def test_more_ways_than_there_is_room_for_are_said_once() -> None:
    derivative = value_and_grad(power, control="record")

    def cycle() -> None:
        for n in (*range(1, 9), *range(1, 9), *range(1, 9)):
            assert derivative(2.0, n) == (2.0**n, n * 2.0 ** (n - 1))

    (warning,) = warnings_of(cycle)
    assert str(warning.message) == ("power() takes more ways than the 4 that are remembered, so calls are compiled anew again and again; "
                                    'control="auto" keeps loops and branches')  # fmt: skip
    assert warning.filename == __file__
    derivative.clear()
    assert len(warnings_of(cycle)) == 1


def test_ways_that_there_is_room_for_are_not_worth_a_word() -> None:
    derivative = value_and_grad(power, control="record")
    assert not warnings_of(lambda: [derivative(2.0, n) for _ in range(5) for n in range(1, 5)])
    assert not warnings_of(lambda: [derivative(2.0, n) for n in range(5, 8)])


def test_what_can_be_kept_is_kept_instead() -> None:
    derivative = value_and_grad(power)
    assert not warnings_of(lambda: [derivative(2.0, n) for _ in range(3) for n in range(1, 40)])
    assert len(derivative.paths) == 5


def test_the_warning_says_why_nothing_is_kept() -> None:
    derivative = value_and_grad(power_by_match)

    def cycle() -> None:
        for n in (*range(1, 13), *range(1, 13)):
            assert derivative(2.0, n) == (2.0**n, n * 2.0 ** (n - 1))

    (warning,) = warnings_of(cycle)
    assert str(warning.message).endswith(f"; they are not kept: {derivative.reasons[0]}")
