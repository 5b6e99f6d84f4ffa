"""More ways through a function than there is room for: said once, and kept where that is possible."""
from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from s2sad import SlowPathWarning, value_and_grad
from s2sad.calls import compilation, shared_paths, stored_paths


@pytest.fixture(autouse=True)
def room_for_four(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(stored_paths, "PATHS_KEPT", 4)
    yield


def power(x: float, n: int) -> float:
    result = 1.0
    for _ in range(n):
        result = result * x
    return result


def power_of_a_class(x: float, n: int) -> float:
    class Power:  # which is why nothing is kept
        zeroth = 1.0

    result = Power.zeroth
    for _ in range(n):
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
    assert str(warning.message) == ("power() takes more paths than the 4 that are remembered, so calls are compiled again and again; "
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
    derivative = value_and_grad(power_of_a_class)

    def cycle() -> None:
        for n in (*range(1, 13), *range(1, 13)):
            assert derivative(2.0, n) == (2.0**n, n * 2.0 ** (n - 1))

    (warning,) = warnings_of(cycle)
    assert str(warning.message).endswith(f"; they are not kept: {derivative.reasons[0]}")


def doubled(value: float, x: float) -> float:
    return value * x * 2.0


def halved(value: float, x: float) -> float:
    return value * x * 0.5


def helpers(count: int) -> list[Callable[[float, float], float]]:
    """So many functions, each another one."""
    return [(lambda value, x, k=k: value * x * (k + 1.0)) for k in range(count)]  # type: ignore[misc]


STEP: Callable[[float, float], float] = doubled


def by_step(x: float, n: int) -> float:
    result = 1.0
    for _ in range(n):
        result = STEP(result, x)
    return result


@pytest.fixture
def compiled_ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was compiled, in order: "recorded" or "kept"."""
    made: list[str] = []
    for name, what in (("record_path", "recorded"), ("keep_path", "kept")):
        compile_it = getattr(compilation, name)

        def watched(*args: Any, compile_it: Any = compile_it, what: str = what, **named: Any) -> Any:
            made.append(what)
            return compile_it(*args, **named)

        monkeypatch.setattr(compilation, name, watched)
    return made


def test_after_many_ways_keeping_is_tried_again(compiled_ways: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The world changes at first, so that no kept path serves for long; then it stays, and one serves every call."""
    derivative = value_and_grad(by_step)
    for step in helpers(8):
        monkeypatch.setitem(globals(), "STEP", step)
        assert derivative(2.0, 3)[0] == by_step(2.0, 3)
    assert compiled_ways == ["recorded"] * 4 + ["kept"] * 4
    assert derivative.reasons == ()

    def settled() -> None:
        monkeypatch.setitem(globals(), "STEP", halved)
        for n in (*range(1, 9), *range(1, 9)):
            assert derivative(2.0, n) == (1.0, n / 2.0)

    (warning,) = warnings_of(settled)
    assert "; they are not kept: " in str(warning.message)
    # The first four ways find room beside those of the changing world, the next make four of them give way; then one is kept.
    assert compiled_ways[8:] == ["recorded"] * 4 + ["kept"]
    assert derivative.reasons == ()
    compiled_ways.clear()
    assert not warnings_of(settled)
    assert compiled_ways == []


def test_what_stops_keeping_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    derivative = value_and_grad(by_step)
    for step in helpers(9):
        monkeypatch.setitem(globals(), "STEP", step)
        derivative(2.0, 3)
    (reason,) = derivative.reasons
    line = by_step.__code__.co_firstlineno
    assert reason == f"{__file__}:{line}:1: what the function reads from outside is different code, or of a different type, in many calls"
    derivative.clear()
    assert derivative.reasons == ()


def test_record_only_warns_and_goes_on_recording(compiled_ways: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_paths, "bound", lambda call: iter(()))  # what other tests have compiled for this function serves nothing
    derivative = value_and_grad(power, control="record")
    seen = warnings_of(lambda: [derivative(2.0, n) for _ in range(6) for n in range(1, 9)])
    assert len(seen) == 1 and set(compiled_ways) == {"recorded"} and len(compiled_ways) == 48
    assert derivative.reasons == ()


def test_each_derivative_warns_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_paths, "bound", lambda call: iter(()))  # each compiles for itself
    for derivative in (value_and_grad(power, control="record"), value_and_grad(power, control="record")):
        thrash = functools.partial(lambda derived: [derived(2.0, n) for _ in range(3) for n in range(1, 9)], derivative)
        assert len(warnings_of(thrash)) == 1


def test_sixty_four_ways_that_change_their_sizes_are_kept_as_one(monkeypatch: pytest.MonkeyPatch, compiled_ways: list[str]) -> None:
    """Three hundred lengths of an argument, as many keys: the fifth is kept, and serves the others."""
    monkeypatch.setattr(stored_paths, "PATHS_KEPT", 64)
    derivative = value_and_grad(lambda x: np.sum(x * x))
    assert not warnings_of(lambda: [derivative(np.ones(n)) for _ in range(2) for n in range(1, 301)])
    assert compiled_ways == ["recorded"] * 4 + ["kept"]
