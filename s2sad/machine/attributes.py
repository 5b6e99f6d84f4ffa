"""Writing: attributes of objects, and what is outside the function."""
from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import MissingRule, UnsupportedMutation
from s2sad.machine.callables import SPECIAL, Callback
from s2sad.machine.objects import assign_global, defined, is_library, made_here, read, strip_object
from s2sad.machine.traced import Traced
from s2sad.runtime.control import loaded


class Outside:
    """What lowered code asks about the world outside the function as it changes; a kind of machine decides for itself."""

    def module(self: Any, name: str) -> Any:
        """What `import name as module` finds; a module of the user's may have been loaded anew."""
        top, *inner = name.split(".")
        found = sys.modules[top] if is_library(top) else self.chosen(loaded, top)
        return functools.reduce(self.attribute, inner, found)

    def imported(self: Any, module: str, name: str) -> Any:
        """What `from module import name` finds."""
        return read(self, sys.modules[module] if is_library(module) else self.chosen(loaded, module), name)

    def assign_free(self: Any, value: Any, unit: Any, name: str) -> None:
        """A name that is declared `global`, or `nonlocal` and of a function outside."""
        owner, key = unit.holder(name)
        function = assign_global if isinstance(owner, types.FunctionType) else setattr
        self.change(f"{name}, which belongs outside the function, is assigned", function, owner, key, value)

    def is_outside(self: Any, owner: Any) -> bool:
        """Whether an object, class, module or function is from outside the function."""
        return isinstance(owner, (Traced, type, types.ModuleType, types.FunctionType)) and not made_here(owner)

    def change(self: Any, what: str, function: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
        """`function(owner, *args)` changes an object from outside."""
        self.refuse_write(what)

    def outer(self: Any, container: Any, what: str) -> bool:
        """Whether a write into a container is one into the world outside."""
        if not isinstance(container, Traced):
            self.check_own(container, what)
        return isinstance(container, Traced)

    def check_own(self: Any, container: Any, what: str) -> None:
        """Containers read from outside the function are copies here: writing them would be half a write."""
        if id(container) in self.external:
            self.refuse_write(f"a {type(container).__name__} from outside the function is changed: {what}")
        self.check_single(container, what)

    def check_single(self: Any, container: Any, what: str) -> None:
        """What is passed twice is two inside a derivative: a write into one would have to be seen in the other."""
        self.changed_argument(container)
        if self.passed_twice(container):
            self.refuse_write(f"a {type(container).__name__} that is passed twice is changed: {what}")

    def refuse_write(self: Any, what: str) -> None:
        raise UnsupportedMutation(what, self.location(), "make a copy inside the function, or return the new value")


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
