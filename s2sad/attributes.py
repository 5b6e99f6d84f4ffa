"""Writing and deleting attributes of objects that the function made itself."""
from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.bound import Callback
from s2sad.errors import MissingRule, UnsupportedMutation
from s2sad.objects import defined, made_here, python_method, strip_object
from s2sad.protocols import SPECIAL
from s2sad.traced import Traced


def write(machine: Any, value: Any, owner: Any, name: str) -> None:
    """`owner.name = value`, for objects that the function made itself."""
    if isinstance(strip_object(owner), np.ndarray):
        write_memory_attribute(machine, value, owner, name)
        return
    if isinstance(owner, Callback):
        owner = owner.shown
    setter = machine.method(owner, "__setattr__")
    if setter is not None:
        machine.call(setter, owner, name, value)
    else:
        assign(machine, owner, name, value)


def assign(machine: Any, owner: Any, name: str, value: Any, natively: Callable[..., Any] = setattr) -> None:
    """`natively(owner, name, value)`, which is `setattr` or that of a class: `object.__setattr__`."""
    if isinstance(owner, (Traced, type, types.ModuleType, types.FunctionType)) and not made_here(owner):
        machine.refuse_write(f"the attribute {name!r} of an object from outside the function is assigned")
    machine.check_own(owner, f"its attribute {name!r} is assigned")
    machine.asked(owner, name)
    found = defined(type(owner), name)
    if isinstance(found, property) and isinstance(found.fset, types.FunctionType):
        machine.call(found.fset, owner, value)
    elif (setter := python_method(found, "__set__")) is not None:
        machine.call(setter, found, owner, value)
    else:
        natively(owner, name, value)


def delete(machine: Any, owner: Any, name: str) -> None:
    """`del owner.name`, for objects that the function made itself."""
    if isinstance(owner, Callback):
        owner = owner.shown
    deleter = machine.method(owner, "__delattr__")
    if deleter is not None:
        machine.call(deleter, owner, name)
    else:
        remove(machine, owner, name)


def remove(machine: Any, owner: Any, name: str, natively: Callable[..., Any] = delattr) -> None:
    """`natively(owner, name)`, which is `delattr` or that of a class: `object.__delattr__`."""
    if isinstance(owner, (Traced, type, types.ModuleType)) and not made_here(owner):
        machine.refuse_write(f"the attribute {name!r} of an object from outside is deleted")
    machine.check_own(owner, f"its attribute {name!r} is deleted")
    found = defined(type(owner), name)
    if isinstance(found, property) and isinstance(found.fdel, types.FunctionType):
        machine.call(found.fdel, owner)
    elif (deleter := python_method(found, "__delete__")) is not None:
        machine.call(deleter, found, owner)
    else:
        natively(owner, name)


def memory_attribute(machine: Any, owner: Traced, name: str) -> Any:
    """What an array says of its memory, where that can be followed."""
    if name in ("flat", "base"):
        return getattr(machine, name)(owner)
    raise MissingRule(f"the attribute {name} tells how an array lies in memory", machine.location(),
                      "ask for shape and dtype; np.shares_memory tells whether one is a view of another")  # fmt: skip


def write_memory_attribute(machine: Any, value: Any, owner: Any, name: str) -> None:
    """`owner.name = value` for an array."""
    if name != "flat":
        raise UnsupportedMutation(f"the attribute {name!r} of an array is assigned", machine.location(),
                                  "make a new array, or assign its items: y[...] = ...")  # fmt: skip
    machine.set_item(machine.call(np.resize, value, strip_object(owner).size), machine.flat(owner), slice(None))

SPECIAL |= {f: functools.partial(assign, natively=f) for f in (object.__setattr__, type.__setattr__)}
SPECIAL |= {f: functools.partial(remove, natively=f) for f in (object.__delattr__, type.__delattr__)}
