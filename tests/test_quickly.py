"""Dataclasses that are quickly made mean what those of the standard library mean, but that nothing stops an assignment."""
from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import pytest

from s2sad import quickly


def classes(dataclass: Callable[..., Any]) -> dict[str, Any]:
    """Classes of each kind that there is, made by one of the two."""

    @dataclass(frozen=True)
    class Frozen:
        x: float
        told: str = dataclasses.field(default="", compare=False)
        hidden: tuple[int, ...] = dataclasses.field(default=(1,), repr=False)

    @dataclass(frozen=True)
    class Below(Frozen):
        y: Any = None

        @functools.cached_property
        def twice(self) -> float:
            return 2 * self.x

    @dataclass(frozen=True)
    class One:
        x: float

    @dataclass(frozen=True)
    class Own:
        x: float

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own)

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return "own"

    @dataclass
    class Open:
        x: float
        parts: list[Any] = dataclasses.field(default_factory=list)

    @dataclass(frozen=True, eq=False)
    class Itself:
        x: float

    return {kind.__name__: kind for kind in (Frozen, Below, One, Own, Open, Itself)}


OURS, THEIRS = classes(quickly.dataclass), classes(dataclasses.dataclass)


def made(kinds: dict[str, Any]) -> list[Any]:
    frozen, below, one, own, changed, itself = kinds.values()
    loop = changed(1.0)
    loop.parts.append(loop)
    return [frozen(1.0), frozen(1.0, "other"), frozen(1), frozen(2.0), frozen(1.0, hidden=()), below(1.0), below(1.0, y=2), one(1.0),
            one((1.0,)), own(1.0), own(2.0), changed(1.0), changed(1.0), changed(1.0, [2]), itself(1.0), itself(1.0), loop,
            dataclasses.replace(below(3.0), y=4)]  # fmt: skip


def test_they_are_told_and_compared_alike() -> None:
    ours, theirs = made(OURS), made(THEIRS)
    assert list(map(repr, ours)) == list(map(repr, theirs))
    same = [[one == other for other in values[:16]] for values in (ours, theirs) for one in values[:16]]
    assert same[:16] == same[16:] and sum(map(sum, same[:16])) == 26
    assert ours[0] != theirs[0] and ours[0].__eq__(theirs[0]) is NotImplemented


def test_they_are_hashed_alike() -> None:
    for ours, theirs in zip(made(OURS), made(THEIRS), strict=True):
        assert (type(ours).__hash__ is None) == (type(theirs).__hash__ is None)
    values = [value for value in made(OURS) if type(value).__hash__ is not None]
    assert len(set(values)) == len({value for value in made(THEIRS) if type(value).__hash__ is not None}) < len(values)
    assert OURS["Below"](2.0).twice == 4.0


def test_an_assignment_takes_no_call() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        THEIRS["One"](1.0).x = 2.0
    assert OURS["One"].__setattr__ is object.__setattr__
