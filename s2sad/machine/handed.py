"""Functions that native code is handed: taken apart into code and values, and put together again as they are, or for a machine.

A function that is defined inside one that is followed is made of rewritten code, and its free names hold followed values. What native code
calls is the user's own code with plain values in these names.
"""
from __future__ import annotations

import builtins
import dis
import functools
import types
from collections.abc import Callable, Iterator
from typing import Any

from s2sad import trees
from s2sad.errors import CannotKeep, UnsupportedSyntax
from s2sad.front import lookup
from s2sad.front.lower import instantiate, lower
from s2sad.front.nodes import NAMES, UNIT
from s2sad.machine import belonging
from s2sad.machine.callbacks import Callback
from s2sad.machine.units import Unit
from s2sad.quickly import dataclass
from s2sad.runtime.notices import MACHINE

EMPTY = object()
Take = Callable[[], Any]


@dataclass(frozen=True)
class Leaf:
    """A value that stays whole."""

    def plain(self, take: Take) -> Any:
        return take()

    def followed(self, machine: Any, take: Take) -> Any:
        return take()


@dataclass(frozen=True)
class Tree:
    """A container."""

    structure: trees.Structure
    parts: tuple[Any, ...]

    def plain(self, take: Take) -> Any:
        made = trees.unflatten(self.structure, [part.plain(take) for part in self.parts])
        take.__self__.made.append((made, trees.flatten(made, opened=trees.EVERY)))  # type: ignore[attr-defined]
        return made

    def followed(self, machine: Any, take: Take) -> Any:
        return trees.unflatten(self.structure, [part.followed(machine, take) for part in self.parts], machine.adopt)


@dataclass(frozen=True)
class Made:
    """What a function makes of values: a partial of its parts, a method of its object."""

    kind: Callable[..., Any]
    values: Tree

    def plain(self, take: Take) -> Any:
        return self.kind(*self.values.plain(take))

    def followed(self, machine: Any, take: Take) -> Any:
        return self.kind(*self.values.followed(machine, take))


@dataclass(frozen=True)
class Inner:
    """A function that is defined inside one that is followed: its code, its free names, and how many of its defaults have names."""

    code: types.CodeType
    root: types.FunctionType
    names: tuple[str, ...]
    values: Tree

    def plain(self, take: Take) -> Any:
        return self.made(*self.values.plain(take))

    def made(self, free: list[Any], defaults: Any, keywords: Any) -> types.FunctionType:
        held = dict(zip(self.names, free, strict=True))
        cells = tuple([types.CellType(held[name]) if name in held else types.CellType() for name in self.code.co_freevars])
        found = types.FunctionType(self.code, self.root.__globals__, self.code.co_name, defaults, cells)
        found.__kwdefaults__ = keywords
        return found

    def followed(self, machine: Any, take: Take) -> Any:
        free, defaults, keywords = self.values.followed(machine, take)
        bare = self.made([EMPTY] * len(self.names), defaults, keywords)
        unit = _Filled(bare, self.root, dict(zip(self.names, free, strict=True)))
        found: Any = instantiate(lower(lookup.find(self.code, bare.__globals__)), machine, unit, builtins)
        found.__defaults__, found.__kwdefaults__ = defaults, keywords
        return found


class _Filled(Unit):
    """For a function whose free names hold what they are told to."""

    def __init__(self, function: types.FunctionType, root: types.FunctionType, held: dict[str, Any]) -> None:
        super().__init__(function)
        self.root, self.held = root, held

    def read(self, machine: Any, name: str) -> Any:
        return self.held[name] if name in self.held else super().read(machine, name)


LEAF = Leaf()


def apart(machine: Any, value: Any) -> tuple[list[Any], Any]:
    """The values in containers and functions, and what these are made of them by: one object for all that are the same."""
    leaves: list[Any] = []
    return leaves, one_of_its_kind(_tree(machine, value, leaves, ()))


class _Leaves:
    """Values that are taken one after the other, and the containers that were made of them, with what was in these."""

    def __init__(self, leaves: list[Any]) -> None:
        self.leaves, self.made = iter(leaves), list[Any]()

    def take(self) -> Any:
        return next(self.leaves)

    def check(self) -> None:
        """Raise RuntimeError if a container was changed, for it is a copy."""
        for made, (before, structure) in self.made:
            after, own = trees.flatten(made, opened=trees.EVERY)
            if own != structure or any(a is not b for a, b in zip(after, before, strict=True)):
                raise RuntimeError("native code changes a container of the function that is differentiated: define what does so outside")


def plain(plan: Any, leaves: list[Any]) -> tuple[Any, Callable[[], None]]:
    """What was taken apart, of plain values, and a check that its containers are as they were."""
    given = _Leaves(leaves)
    return plan.plain(given.take), given.check


def followed(machine: Any, plan: Any, leaves: list[Any]) -> Any:
    """What was taken apart, of followed values."""
    return plan.followed(machine, iter(leaves).__next__)


@functools.lru_cache(maxsize=256)
def one_of_its_kind(plan: Any) -> Any:
    """One object for all plans or structures that are the same."""
    return plan


def _tree(machine: Any, value: Any, leaves: list[Any], around: tuple[int, ...]) -> Tree:
    found, structure = trees.flatten(machine.opened(value), opened=trees.EVERY)
    return Tree(structure, tuple([_part(machine, leaf, leaves, around) for leaf in found]))


def _part(machine: Any, leaf: Any, leaves: list[Any], around: tuple[int, ...]) -> Any:
    if id(leaf) in around:
        raise UnsupportedSyntax(f"{leaf.__name__}() calls itself, and is passed to native code", machine.location(), "define it outside")
    around = (*around, id(leaf))
    match leaf:
        case types.FunctionType() if MACHINE in leaf.__globals__:
            return _inner(machine, leaf, leaves, around)
        case types.MethodType() if belonging.concerns(machine, leaf):
            return Made(types.MethodType, _tree(machine, (leaf.__func__, leaf.__self__), leaves, around))
        case functools.partial() if belonging.concerns(machine, leaf):
            return Made(_partial, _tree(machine, (leaf.func, leaf.args, leaf.keywords), leaves, around))
        case Callback():
            raise CannotKeep("a function that is defined inside is passed to native code", machine.location(),
                             "define it outside; what it needs of the function is an argument")  # fmt: skip
    leaves.append(leaf)
    return LEAF


def _partial(function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return functools.partial(function, *args, **keywords)


def _inner(machine: Any, function: types.FunctionType, leaves: list[Any], around: tuple[int, ...]) -> Inner:
    unit = function.__globals__[UNIT]
    code = _code(machine, function, unit)
    _check_reading(machine, code)
    own = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    around_it = function.__globals__ if NAMES in function.__globals__ else {}  # where it is walked, not called
    held = {name: around_it[name] if name in around_it else _value(machine, unit, own, name) for name in code.co_freevars}
    names = tuple([name for name, value in held.items() if value is not EMPTY])
    values = _tree(machine, ([held[n] for n in names], function.__defaults__, function.__kwdefaults__), leaves, around)
    return Inner(code, getattr(unit, "root", unit.function), names, values)


def _value(machine: Any, unit: Any, own: dict[str, types.CellType], name: str) -> Any:
    if name not in own:
        return unit.read(machine, name)
    return EMPTY if own[name] == types.CellType() else own[name].cell_contents


def _code(machine: Any, function: types.FunctionType, unit: Any) -> types.CodeType:
    """The user's code that a function is rewritten from: of that name in that line, and of those the one at the same places."""
    root, like = getattr(unit, "function", None), function.__code__
    codes: tuple[types.CodeType, ...] = (root.__code__, *_codes(root.__code__)) if root else ()
    found = [c for c in codes if (c.co_name, c.co_firstlineno) == (like.co_name, like.co_firstlineno)]
    if not found:
        raise UnsupportedSyntax(f"{function.__name__}() is passed to native code", machine.location(), "define it outside")
    return max(found, key=lambda code: len(_places(code) & _places(like)))


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield inner
            yield from _codes(inner)


def _places(code: types.CodeType) -> set[Any]:
    return {place for place in code.co_positions() if place[2] is not None}


def _check_reading(machine: Any, code: types.CodeType) -> None:
    written = {each.argval for each in dis.get_instructions(code) if each.opname == "STORE_DEREF"} & set(code.co_freevars)
    if written:
        raise UnsupportedSyntax(f"{code.co_name}() assigns {min(written)!r} of the function around it, and is passed to native code",
                                machine.location(), "return what it computes")  # fmt: skip
