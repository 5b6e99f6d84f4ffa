"""Places outside the function where it keeps followed values: an attribute, a name of a module, an item of a container.

A value that was kept is followed on where it is read from the same place; where the place cannot be told, reading is refused.
"""
from __future__ import annotations

import collections
import operator
import types
from typing import Any

from s2sad.errors import UnsupportedMutation
from s2sad.machine import objects
from s2sad.machine.foreign import is_code
from s2sad.machine.objects import strip_object
from s2sad.machine.traced import Traced
from s2sad.rules import structural
from s2sad.rules.language import Primitive
from s2sad.runtime.same import same_key

WRITTEN = "code that is not followed writes into an array that is differentiated, or was made by the function"
COPY = "let it write into a copy: y.copy()"


def place_of(function: Any, owner: Any, args: tuple[Any, ...]) -> Any:
    """The place that a write is to; None where it is not to one place."""
    if function in (setattr, delattr, object.__setattr__, object.__delattr__, type.__setattr__, type.__delattr__):
        return _named(owner, args[0])
    if function is objects.assign_global:
        return "item", id(owner.__globals__), args[0]
    if function in (operator.setitem, operator.delitem, dict.__setitem__, list.__setitem__):
        key = args[0]
        if isinstance(owner, (list, collections.deque)) and isinstance(key, int):
            key %= max(len(owner), 1)
        return None if isinstance(key, (Traced, slice)) else ("item", id(owner), same_key(key))
    return None


def reading_place(primitive: Primitive, args: list[Any]) -> Any:
    """The place that a primitive reads; None where it does not read one place."""
    owner = strip_object(args[0])
    if primitive is structural.GLOBAL:
        return "item", id(owner.__globals__), args[1]
    if primitive is structural.CELL:
        return "attribute", id(owner), "cell_contents"
    return _named(owner, args[1]) if primitive is structural.ATTRIBUTE else None


def _named(owner: Any, name: str) -> Any:
    return ("item", id(vars(owner)), name) if isinstance(owner, types.ModuleType) else ("attribute", id(owner), name)


def told_key(place: Any, args: tuple[Any, ...]) -> Any:
    """The key under which a value is kept; None where it is not told."""
    return args[0] if place is not None and type(args[0]) in (str, int) else None


def elsewhere(placed: dict[int, list[Any]], container: Any, key: Any) -> bool:
    """Whether the followed values that a dict holds are surely kept under other keys."""
    keys = placed.get(id(container))
    if keys is None or None in keys or type(key) not in (str, int):
        return False
    return type(container) is dict and key not in keys


def check_leaves(machine: Any, value: Any) -> None:
    """Refuse to keep an object outside that the function made, and may change."""
    if not isinstance(value, Traced) and objects.is_users(type(value)) and not is_code(value) and not machine.is_outside(value):
        raise UnsupportedMutation(f"an object of the class {type(value).__name__} that the function made is kept outside",
                                  machine.location(), "keep its numbers")  # fmt: skip


def refuse_held(machine: Any, owner: Any) -> None:
    """Refuse to read what cannot be told from what was kept there."""
    kind = type(strip_object(owner)).__name__
    raise UnsupportedMutation(f"a value that is being differentiated was kept in a {kind} outside the function, "
                              "and is read from it", machine.location(), "use the value itself")  # fmt: skip
