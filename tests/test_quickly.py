"""Dataclasses that are quickly made mean what those of the standard library mean, but that nothing stops an assignment."""
from __future__ import annotations

import dataclasses
import functools
import inspect
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


def with_other_parameters(dataclass: Callable[..., Any]) -> dict[str, Any]:
    """Classes whose `__init__` does not take all fields in their order."""

    @dataclass(kw_only=True)
    class Named:
        x: float
        y: int = 2
        parts: list[Any] = dataclasses.field(default_factory=list)

    @dataclass
    class Beyond(Named):
        first: Any
        second: Any = None
        beside: dict[Any, Any] = dataclasses.field(default_factory=dict, init=False)
        constant: int = dataclasses.field(default=3, init=False)

    @dataclass
    class After:
        x: float
        double: float = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            self.double = 2 * self.x

    @dataclass
    class Init:
        x: float

        def __init__(self) -> None:
            self.x = 5.0

    return {kind.__name__: kind for kind in (Named, Beyond, After, Init)}


OURS, THEIRS = ({**classes(made), **with_other_parameters(made)} for made in (quickly.dataclass, dataclasses.dataclass))


def made(kinds: dict[str, Any]) -> list[Any]:
    frozen, below, one, own, changed, itself, named, beyond, after, init = kinds.values()
    loop = changed(1.0)
    loop.parts.append(loop)
    return [frozen(1.0), frozen(1.0, "other"), frozen(1), frozen(2.0), frozen(1.0, hidden=()), below(1.0), below(1.0, y=2), one(1.0),
            one((1.0,)), own(1.0), own(2.0), changed(1.0), changed(1.0), changed(1.0, [2]), itself(1.0), itself(1.0), loop,
            dataclasses.replace(below(3.0), y=4), named(x=1.0), named(x=1.0, parts=[2]), beyond(1, x=2.0),
            beyond(1, 2, y=3, x=4.0), after(2.0), init()]  # fmt: skip


def test_they_are_told_and_compared_alike() -> None:
    ours, theirs = made(OURS), made(THEIRS)
    assert list(map(repr, ours)) == list(map(repr, theirs))
    same = [[one == other for other in values[:16]] for values in (ours, theirs) for one in values[:16]]
    assert same[:16] == same[16:] and sum(map(sum, same[:16])) == 26
    assert ours[0] != theirs[0] and ours[0].__eq__(theirs[0]) is NotImplemented


def test_they_are_made_alike() -> None:
    for ours, theirs in zip(OURS.values(), THEIRS.values(), strict=True):
        one, other = inspect.signature(ours), inspect.signature(theirs)
        assert [(p.name, p.kind, p.default) for p in _plain(one)] == [(p.name, p.kind, p.default) for p in _plain(other)]
        assert vars(ours)["__init__"].__qualname__ == vars(theirs)["__init__"].__qualname__
    named, beyond = OURS["Named"], OURS["Beyond"]
    assert named(x=1.0).parts is not named(x=1.0).parts and "constant" not in vars(beyond(1, x=2.0))
    for call in (lambda: named(1.0), lambda: named(), lambda: named(x=1.0, z=2), lambda: beyond(1, 2, 3, x=4.0)):
        with pytest.raises(TypeError, match=r"__init__\(\)"):
            call()


def _plain(signature: inspect.Signature) -> list[inspect.Parameter]:
    """The parameters; what stands for a value that is made anew is of each library's own."""
    return [p.replace(default=... if type(p.default) in (object, type(dataclasses._HAS_DEFAULT_FACTORY)) else p.default)  # type: ignore[attr-defined]
            for p in signature.parameters.values()]  # fmt: skip


def test_a_second_class_with_such_fields_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def kind(names: str) -> Any:
        return quickly.dataclass(type("Kind", (), {"__annotations__": dict.fromkeys(names.split(), "int"), "__doc__": ""}))

    def told(text: str, *spaces: Any) -> None:
        compiled.append(text)
        exec(text, *spaces)

    kind("one other third")
    compiled: list[str] = []
    for module in (quickly, dataclasses):
        monkeypatch.setattr(module, "exec", told, raising=False)
    made = kind("length width height")(1, height=2, width=3)
    assert (made.length, made.width, made.height) == (1, 3, 2)
    assert not [text for text in compiled if "self" in text]


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
