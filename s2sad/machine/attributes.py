"""Writing attributes: of objects of any class, and of arrays, whose attributes tell of their memory."""
from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import MissingRule, UnsupportedMutation
from s2sad.machine.callables import SPECIAL, Callback
from s2sad.machine.objects import defined, strip_object
from s2sad.machine.traced import Traced


def write(machine: Any, value: Any, owner: Any, name: str) -> None:
    """`owner.name = value`."""
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
    plain = strip_object(owner)
    machine.asked(plain, name)
    found = defined(type(plain), name)
    if isinstance(found, property) and isinstance(found.fset, types.FunctionType):
        machine.call(found.fset, owner, value)
    elif (setter := machine.method(found, "__set__")) is not None:
        machine.call(setter, found, owner, value)
    elif machine.is_outside(owner):
        _refuse_special(machine, name)
        machine.change(f"the attribute {name!r} of an object from outside the function is assigned", natively, owner, name, value)
    else:
        machine.check_single(owner, f"the attribute {name!r} is assigned")
        natively(owner, name, value)


def _refuse_special(machine: Any, name: str) -> None:
    """What an object is, rather than what it holds, stays."""
    if name.startswith("__") and name.endswith("__"):
        machine.refuse_write(f"the attribute {name!r} of an object from outside the function is changed")


def delete(machine: Any, owner: Any, name: str) -> None:
    """`del owner.name`."""
    if isinstance(owner, Callback):
        owner = owner.shown
    deleter = machine.method(owner, "__delattr__")
    if deleter is not None:
        machine.call(deleter, owner, name)
    else:
        remove(machine, owner, name)


def remove(machine: Any, owner: Any, name: str, natively: Callable[..., Any] = delattr) -> None:
    """`natively(owner, name)`, which is `delattr` or that of a class: `object.__delattr__`."""
    found = defined(type(strip_object(owner)), name)
    if isinstance(found, property) and isinstance(found.fdel, types.FunctionType):
        machine.call(found.fdel, owner)
    elif (deleter := machine.method(found, "__delete__")) is not None:
        machine.call(deleter, found, owner)
    elif machine.is_outside(owner):
        _refuse_special(machine, name)
        machine.change(f"the attribute {name!r} of an object from outside is deleted", natively, owner, name)
    else:
        machine.check_single(owner, f"the attribute {name!r} is deleted")
        natively(owner, name)


OUTSIDE = "an array from outside the function"
RESHAPED = "assign the array of another shape: y = y.reshape(...)"


def memory_attribute(machine: Any, owner: Traced, name: str) -> Any:
    """What an array says of its memory, where that can be followed."""
    if name in ("flat", "base"):
        return getattr(machine, name)(owner)
    raise MissingRule(f"the attribute {name} tells how an array lies in memory", machine.location(),
                      "ask for shape and dtype; np.shares_memory tells whether one is a view of another")  # fmt: skip


def write_memory_attribute(machine: Any, value: Any, owner: Any, name: str) -> None:
    """`owner.name = value` for an array."""
    if name == "shape":
        machine.set_shape(value, owner)
        return
    if name != "flat":
        raise UnsupportedMutation(f"the attribute {name!r} of an array is assigned", machine.location(),
                                  "make a new array, or assign its items: y[...] = ...")  # fmt: skip
    machine.set_item(machine.call(np.resize, value, strip_object(owner).size), machine.flat(owner), slice(None))

SPECIAL |= {f: functools.partial(assign, natively=f) for f in (object.__setattr__, type.__setattr__)}
SPECIAL |= {f: functools.partial(remove, natively=f) for f in (object.__delattr__, type.__delattr__)}
