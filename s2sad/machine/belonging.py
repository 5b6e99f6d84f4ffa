"""What belongs to the call that is followed: objects that it has made, and what holds a value that is differentiated."""
from __future__ import annotations

import collections
import contextlib
import functools
import pathlib
import sys
import types
from collections.abc import Callable, Iterable, Iterator, MappingView
from typing import Any

import numpy as np

from s2sad.errors import UnsupportedMutation
from s2sad.front.nodes import UNIT
from s2sad.machine import objects
from s2sad.machine.callables import Bound
from s2sad.machine.callbacks import Callback
from s2sad.machine.objects import strip_object
from s2sad.machine.traced import Traced, strip
from s2sad.runtime import asking, notices
from s2sad.runtime.notices import MACHINE

ROOT = pathlib.PurePath(__file__).parent.parent


@functools.lru_cache(maxsize=4096)
def package(file: str) -> str:
    """The installed package that a file belongs to; the empty text for the user's own files, and for those of s2sad, wherever they are."""
    path = pathlib.PurePath(file)
    if path.is_relative_to(ROOT):
        return ""
    parts = path.parts
    places = [i for i, part in enumerate(parts[:-1]) if part in ("site-packages", "dist-packages")]
    return parts[places[-1] + 1].removesuffix(".py") if places else ""


def origin(code: types.FunctionType | type) -> str:
    """The installed package of a function or class; the empty text for the user's own."""
    if isinstance(code, types.FunctionType):
        return package(code.__code__.co_filename)
    return package(asking.attribute(sys.modules.get(code.__module__), "__file__") or "")


def apart(machine: Any, code: types.FunctionType | type, *values: Any) -> bool:
    """Whether this is a call of an installed package that no followed value reaches, which runs as it is, in each call anew.

    Where a function of a package is followed, what it calls of the same package is followed as well.
    """
    found = origin(code)
    return bool(found) and _calling(machine) not in (None, found) and not concerns(machine, *values)


def _calling(machine: Any) -> str | None:
    """The package of the followed function that makes a call; None for the call that everything begins with."""
    unit = _unit(machine)
    return None if unit is None else str(unit.package)


def calling_module(machine: Any) -> str:
    """The module of the followed function that makes a call."""
    unit = _unit(machine)
    return "" if unit is None else str(unit.module)


def _unit(machine: Any) -> Any:
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_globals.get(MACHINE) is machine and UNIT in frame.f_globals:
            return frame.f_globals[UNIT]
        frame = frame.f_back
    return None


def own(machine: Any, value: Any) -> Any:
    """The value; if it is an object with contents of its own, it belongs to the call."""
    if not isinstance(value, (Traced, type, types.ModuleType)) and type(value) not in objects.PLAIN:
        machine.made[id(value)] = value
    return value


def concerns(machine: Any, *values: Any) -> bool:
    """Whether what is differentiated, or an object that belongs to the call, can be reached from the values.

    Code that is given such a value is followed or refused: run as it is, it would work on the object of one call in every other one.
    """
    return any(_is_own(machine, value) for value in values) or bool(machine.holds(values))


def reaches(values: Any, holding: dict[int, Any], places: dict[Any, Any]) -> bool:
    """Whether code that is given the values can get at what holds followed values, or at one of the places where they are kept."""
    return bool(holding) and any(id(value) in holding or _reads(value, places) for value in reachable(values))


def _reads(value: Any, places: dict[Any, Any]) -> bool:
    """Whether a function reads such a place among its globals."""
    return isinstance(value, types.FunctionType) and any(("item", id(value.__globals__), n) in places for n in names_in(value.__code__))


def reachable(values: Any) -> Iterator[Any]:
    """Every object from outside that code can get at which is given the values: in containers, attributes, closures and globals."""
    pending, seen = [values], set()
    while pending:
        value = strip_object(pending.pop())
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        pending += _inside(value)


def _inside(value: Any) -> Iterable[Any]:
    match value:
        case list() | tuple() | set() | frozenset() | collections.deque():
            return value
        case dict():
            return list(value.values())
        case types.FunctionType():
            names = names_in(value.__code__)
            return [*(value.__closure__ or ()), *(value.__globals__[n] for n in names if n in value.__globals__)]
        case types.CellType():
            return [] if value == types.CellType() else [value.cell_contents]
        case types.MethodType():
            return [value.__self__, value.__func__]
        case functools.partial():
            return [value.func, value.args, value.keywords]
        case type() | types.ModuleType():
            return []
    return [*asking.own_names(value).values(), *_in_slots(value)]


def _in_slots(value: Any) -> Iterator[Any]:
    for base in type(value).__mro__:
        for name in [n for n, slot in vars(base).items() if "__slots__" in vars(base) and isinstance(slot, types.MemberDescriptorType)]:
            with contextlib.suppress(AttributeError):  # one that is empty
                yield vars(base)[name].__get__(value)


def names_in(code: types.CodeType) -> set[str]:
    """The global names and attributes that code asks for, with those of the functions in it."""
    inner = (names_in(c) for c in code.co_consts if isinstance(c, types.CodeType))
    return set(code.co_names).union(*inner)


def run(machine: Any, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The call, on plain values; refused where it changes a container that the function has made, for it is given a copy."""
    plain = strip(args)
    before = repr(plain) if any(type(a) in (list, dict, set) for a in args) else None
    value = notices.foreign(function, lambda: function(*plain, **strip(kwargs)))
    if before is not None and before != repr(plain):
        raise UnsupportedMutation(f"native code ({asking.title(function)}) changes a container of the function", machine.location(),
                                  "use a function that returns a new container")  # fmt: skip
    return value


def passing(value: Any) -> bool:
    """Whether a value is an iterator of Python's own, of which each call makes another one."""
    return isinstance(value, Iterator) and type(value).__module__ in ("builtins", "itertools")


def has_made(machine: Any, *values: Any) -> bool:
    """Whether an object that belongs to the call is among the values, also inside containers."""
    for value in values:
        if isinstance(value, (list, tuple, set, frozenset, dict)):
            if has_made(machine, *value, *(value.values() if isinstance(value, dict) else ())):
                return True
        elif id(value) in machine.made:
            return True
    return False


def _is_own(machine: Any, value: Any) -> bool:
    if isinstance(value, Traced):
        return bool(machine.active(value))
    if isinstance(value, np.ndarray) and machine.active(value):  # on the tape an array that was written is what it is
        return True
    if isinstance(value, (list, tuple, set, frozenset, collections.deque)):
        return id(value) in machine.made or concerns(machine, *value)
    match value:
        case dict():
            return id(value) in machine.made or concerns(machine, *value, *value.values())
        case MappingView():
            return concerns(machine, *list(value))  # type: ignore[call-overload]
        case Iterator() if passing(value):
            return True
        case slice():
            return concerns(machine, value.start, value.stop, value.step)
        case types.MethodType():
            return concerns(machine, value.__self__, value.__func__)
        case functools.partial():
            return concerns(machine, value.func, value.args, value.keywords)
        case types.FunctionType():
            return MACHINE in value.__globals__
    return isinstance(value, (Callback, Bound)) or id(value) in machine.made
