"""Texts of what holds followed values: `str`, `repr`, `format`, and what is printed or logged."""
from __future__ import annotations

import collections
import dataclasses
import functools
import re
from collections.abc import Callable
from typing import Any

from s2sad import trees
from s2sad.errors import MissingRule
from s2sad.machine import objects
from s2sad.machine.callables import SPECIAL
from s2sad.machine.copying import DICTS
from s2sad.machine.traced import Traced, any_traced

PLACE = re.compile("\0followed ([0-9]+)\0")


def is_simple(value: Any) -> bool:
    """Whether a value consists of followed ones and of plain numbers and texts, in lists, tuples, dicts and sets."""
    if type(value) in (list, tuple, set, frozenset):
        return all(map(is_simple, value))
    return all(map(is_simple, value.values())) if type(value) is dict else isinstance(value, Traced) or type(value) in objects.PLAIN


class Place:
    """An object that says in Python what its text is, while Python writes that of what holds it."""

    def __init__(self, machine: Any, value: Any) -> None:
        self.machine, self.value = machine, value

    def __repr__(self) -> str:
        self.machine.places.append((repr, self.value))
        return f"\0followed {len(self.machine.places) - 1}\0"


def with_places(machine: Any, value: Any, around: tuple[Any, ...] = ()) -> Any:
    """The value as Python may write it: objects in it whose class says in Python what their text is are called by the machine."""
    if is_simple(value) or any(value is other for other in around):
        return value
    if around and machine.method(value, "__repr__") is not None:
        return Place(machine, value)
    inner = functools.partial(with_places, machine, around=(*around, value))
    writes: Any = type(value).__repr__
    if writes is dict.__repr__:
        return {k: inner(v) for k, v in value.items()}
    if writes in (list.__repr__, tuple.__repr__):
        return list(map(inner, value)) if isinstance(value, list) else tuple(map(inner, value))
    if trees.is_namedtuple(value):
        return tuple.__new__(type(value), map(inner, value))
    if type(value) in DICTS:
        return _filled(value.copy(), {k: inner(v) for k, v in value.items()})
    if type(value) is collections.deque:
        return _filled(value.copy(), list(map(inner, value)))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        made = object.__new__(type(value))
        for field in dataclasses.fields(value):
            object.__setattr__(made, field.name, inner(getattr(value, field.name)))
        return made
    return value


def _filled(made: Any, items: Any) -> Any:
    made.clear()
    made.update(items) if isinstance(made, dict) else made.extend(items)
    return made


def pieces(machine: Any, convert: Callable[..., Any], value: Any, *spec: Any) -> list[Any]:
    """The text that Python writes of an object or a container, in pieces: every other one is that of a followed value."""
    before, machine.places = machine.places, []
    try:
        text, places = convert(with_places(machine, value), *spec), machine.places
    finally:
        machine.places = before
    parts = PLACE.split(text) if places else [text]
    if places and any("\0" in part for part in parts[::2]):
        raise MissingRule(f"the text of a {type(value).__name__} is cut in a place where a followed value stands", machine.location(),
                          "write the text out, such as f\"{value:.3f}\"")  # fmt: skip
    return [machine.call(*places[int(p)]) if i % 2 else p for i, p in enumerate(parts)]


def joined(machine: Any, parts: list[Any]) -> Any:
    return machine.opaque("".join, ([p for p in parts if isinstance(p, Traced) or p],), {}, pure=True) if len(parts) > 1 else parts[0]


def _text(convert: Callable[..., Any], name: str) -> Callable[..., Any]:
    def text(machine: Any, value: Any = "", *spec: Any) -> Any:
        method = machine.method(value, name)
        if method is not None:
            return machine.call(method, value, *spec)
        if is_simple(value):
            return machine.opaque(convert, (value, *spec), {}, pure=True) if any_traced(value, *spec) else convert(value, *spec)
        return joined(machine, pieces(machine, convert, value, *spec))

    return text


def logged(machine: Any, value: Any) -> Any:
    """An argument for code that may write it down: the text of what holds followed values, anything else as it is."""
    if is_simple(value) or id(value) in machine.external:
        return value
    parts = pieces(machine, str, value)
    return value if len(parts) == 1 else joined(machine, parts)


def printed(machine: Any, *values: Any, **options: Any) -> None:
    """`print`."""
    machine.opaque(print, tuple([v if is_simple(v) else machine.call(str, v) for v in values]), options)


SPECIAL |= {str: _text(str, "__str__"), repr: _text(repr, "__repr__"), format: _text(format, "__format__"), ascii: _text(ascii, "__repr__"),
            print: printed}  # fmt: skip
