"""What a call leaves behind: the recursion limit as the function sets it, nothing of the caller's arrays, bounded notes."""
from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from s2sad import CannotKeep, grad, tape, value_and_grad
from s2sad.calls import trials


@pytest.fixture(autouse=True)
def limit() -> Iterator[int]:
    before = sys.getrecursionlimit()
    yield before
    sys.setrecursionlimit(before)


def raises_the_limit(x: float, n: int) -> float:
    sys.setrecursionlimit(3000 + n)
    return x * sys.getrecursionlimit()


@pytest.mark.parametrize("control", ["record", "auto"])
def test_the_recursion_limit_that_the_function_sets_is_kept(control: str) -> None:
    derivative = value_and_grad(raises_the_limit, control=control)
    for n in (0, 100, 0):
        assert derivative(2.0, n) == (2.0 * (3000 + n), 3000.0 + n)
        assert sys.getrecursionlimit() == 3000 + n


def test_the_recursion_limit_on_the_tape_and_where_the_call_raises(limit: int) -> None:
    assert tape.gradient(raises_the_limit, (2.0, 5), 0)[1] == 3005.0
    assert sys.getrecursionlimit() == 3005

    def fails(x: float) -> float:
        sys.setrecursionlimit(limit + 7)
        raise KeyError(x)

    with pytest.raises(KeyError):
        grad(fails)(1.0)
    assert sys.getrecursionlimit() == limit + 7
    with pytest.raises(ValueError, match="recursion limit must be greater"):
        grad(lambda x: x * (sys.setrecursionlimit(0) or 1.0))(1.0)


def test_a_limit_set_by_the_function_has_room_for_what_it_allows() -> None:
    def descend(x: float, n: int) -> float:
        return x if n == 0 else descend(x * 0.99 + 0.01, n - 1)

    def deep(x: float) -> float:
        sys.setrecursionlimit(1500)
        return descend(x, 600)

    assert grad(deep, control="record")(2.0) == pytest.approx(0.99**600)


def stays_a_branch(x: Any, names: dict[str, float]) -> Any:
    class Total:  # which is why nothing is kept
        first = np.sum(x)

    total = Total.first
    for _ in range(60):
        try:
            total = total * names["rate"]
        except KeyError:
            total = total + 1.0
    return total


@pytest.mark.sampled(3)
def test_what_is_noted_of_a_refusal_holds_no_arrays() -> None:
    derivative = grad(stays_a_branch)
    for size in range(2, 12):
        x = np.ones(size)
        derivative(x, {"rate": 1.01} if size % 2 else {})
        last = weakref.ref(x)
        del x
    gc.collect()
    assert last() is None
    with pytest.raises(CannotKeep):
        grad(stays_a_branch, control="keep")(np.ones(3), {})
    noted = derivative._choice.trials
    assert all(type(note) is str for notes in (noted.refused, noted.left_out) for note in notes.values())


def test_notes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "KINDS_KEPT", 3)
    derivative = grad(lambda *x: sum(v * v for v in x), control="keep")
    for count in range(1, 8):
        try:
            derivative(*range(count))
        except CannotKeep:
            pass
    assert max(map(len, vars(derivative._choice.trials).values())) <= 3
    notes: dict[Any, Any] = {}
    for kind in "abcdab":
        trials.noted(notes, kind, kind.upper())
    assert notes == {"d": "D", "a": "A", "b": "B"}
