"""What belongs to the call that is followed: objects that it has made, and what holds a value that is differentiated."""
from __future__ import annotations

import collections
import functools
import types
from typing import Any

from s2sad import objects
from s2sad.bound import Bound, Callback
from s2sad.nodes import MACHINE
from s2sad.traced import Traced


def own(machine: Any, value: Any) -> Any:
    """The value; if it is an object with contents of its own, it belongs to the call."""
    if not isinstance(value, (Traced, type, types.ModuleType)) and type(value) not in objects.PLAIN:
        machine.made[id(value)] = value
    return value


def concerns(machine: Any, *values: Any) -> bool:
    """Whether what is differentiated, or an object that belongs to the call, can be reached from the values.

    Code that is given such a value is followed or refused: run as it is, it would work on the object of one call in every other one.
    """
    return any(_is_own(machine, value) for value in values)


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
    if isinstance(value, (list, tuple, set, frozenset, collections.deque)):
        return id(value) in machine.made or concerns(machine, *value)
    match value:
        case dict():
            return id(value) in machine.made or concerns(machine, *value, *value.values())
        case slice():
            return concerns(machine, value.start, value.stop, value.step)
        case types.MethodType():
            return concerns(machine, value.__self__, value.__func__)
        case functools.partial():
            return concerns(machine, value.func, value.args, value.keywords)
        case types.FunctionType():
            return MACHINE in value.__globals__
    return isinstance(value, (Callback, Bound)) or id(value) in machine.made
