"""Attributes of objects: reading, writing and deleting them as Python does, with what classes say in Python followed.

An array's attributes tell of its memory: those that can be followed are asked of the machine.
"""
from __future__ import annotations

import enum
import functools
import itertools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import MissingRule, UnsupportedMutation
from s2sad.machine import belonging
from s2sad.machine.callables import SPECIAL, NativeMethod
from s2sad.machine.callbacks import Callback
from s2sad.machine.objects import FOLLOWED, MISSING, NATIVE, defined, is_users, made_here, python_method, strip_object
from s2sad.machine.traced import Traced
from s2sad.rules import structural
from s2sad.runtime import asking
from s2sad.runtime.notices import MACHINE

RULES = "s2sad.rules."

# Reading


def read(machine: Any, owner: Any, name: str) -> Any:
    """`owner.name`."""
    raw = strip_object(owner)
    if isinstance(raw, types.ModuleType):
        return present(machine, owner, name)
    if isinstance(raw, type):
        return _read_class(machine, raw, name)
    if isinstance(raw, super):  # made by Python itself, in a class that the function defines
        return read_after(machine, raw.__self__, name, raw.__thisclass__)  # type: ignore[attr-defined]
    if isinstance(raw, Callback):
        return read(machine, raw.shown, name)
    getter = machine.method(owner, "__getattribute__")
    if getter is not None:
        return machine.call(getter, owner, name)
    return read_instance(machine, owner, raw, name)


def present(machine: Any, owner: Any, name: str) -> Any:
    """An attribute of what comes from outside; where there is none, the path holds while there is none."""
    raw = strip_object(owner)
    value = machine.captured(getattr(raw, name, MISSING), structural.ATTRIBUTE, [owner, name])
    if value is MISSING:
        getattr(raw, name)  # raises what Python raises
        raise AttributeError(f"{type(raw).__name__!r} object has no attribute {name!r}", name=name, obj=raw)
    return value


def _read_class(machine: Any, kind: type, name: str) -> Any:
    value, found = getattr(kind, name, MISSING), defined(kind, name)
    if name.startswith("__") and not is_users(kind):
        return value if value is not MISSING else getattr(kind, name)
    if isinstance(value, types.MethodType) and value.__self__ is kind and value is not found:
        machine.pins.attribute(kind, name, found)
        machine.pins.attribute(type(kind), name, defined(type(kind), name))
        return value
    if isinstance(value, (property, *NATIVE)):
        machine.pins.attribute(kind, name, found)
        return value
    return getattr(kind, name) if made_here(kind) else present(machine, kind, name)


def _of_class(machine: Any, kind: type, name: str, value: Any) -> Any:
    """What a class holds under a name; of one that the function defines it is the function's own."""
    return value if made_here(kind) else machine.captured(value, structural.ATTRIBUTE, [kind, name])


def _is_outside(owner: Any, raw: Any) -> bool:
    """Whether an object comes from outside the function."""
    return isinstance(owner, Traced) or isinstance(raw, enum.Enum) or (
        isinstance(raw, types.FunctionType) and MACHINE not in raw.__globals__)  # fmt: skip


def read_instance(machine: Any, owner: Any, raw: Any, name: str) -> Any:
    kind = type(raw)
    found = defined(kind, name)
    if isinstance(found, property) and isinstance(found.fget, types.FunctionType):
        machine.pins.attribute(kind, name, found)
        return machine.call(found.fget, owner)
    outside = _is_outside(owner, raw)
    if name in asking.own_names(raw):
        if not outside:
            machine.pins.asked(raw, name)
        if python_method(found, "__set__") is None:
            return present(machine, owner, name) if outside else raw.__dict__[name]
    if found is not None:
        return _read_found(machine, owner, raw, name, found)
    fallback = machine.method(owner, "__getattr__")
    if fallback is not None:
        machine.pins.unshadowed(owner, name)
        machine.pins.attribute(kind, name, None)
        return machine.call(fallback, owner, name)
    if not outside:
        machine.pins.asked(raw, name)
        return getattr(raw, name)
    return present(machine, owner, name)


def read_after(machine: Any, owner: Any, name: str, kind: type) -> Any:
    """`super(kind, owner).name`."""
    raw = strip_object(owner)
    holder = raw if isinstance(raw, type) and issubclass(raw, kind) else type(raw)
    following = holder.__mro__[holder.__mro__.index(kind) + 1 :]
    passed = list(itertools.takewhile(lambda base: name not in base.__dict__, following))
    machine.pins.passed_over(holder, passed, name)
    if len(passed) == len(following):
        return getattr(super(kind, raw), name)
    place = following[len(passed)]
    found = place.__dict__[name]
    if not hasattr(type(found), "__get__"):
        return _of_class(machine, place, name, found)
    machine.pins.attribute(place, name, found)
    match found:
        case classmethod():
            return types.MethodType(found.__func__, holder)
        case property() if not isinstance(raw, type):
            return machine.call(found.fget, owner)
        case types.FunctionType() if not isinstance(raw, type):
            return types.MethodType(found, owner)
        case types.WrapperDescriptorType() if found in FOLLOWED:
            return types.MethodType(found, owner)
    return getattr(super(kind, raw), name)


def _read_found(machine: Any, owner: Any, raw: Any, name: str, found: Any) -> Any:
    """An attribute that the class defines: a method bound to the owner, class data, or a descriptor."""
    kind, outside = type(raw), _is_outside(owner, raw)
    match found:
        case types.FunctionType() | functools._lru_cache_wrapper():
            machine.pins.unshadowed(owner, name)
            machine.pins.attribute(kind, name, found)
            return types.MethodType(found, owner)
        case classmethod():
            machine.pins.unshadowed(owner, name)
            machine.pins.attribute(kind, name, found)
            return types.MethodType(found.__func__, kind)
        case staticmethod():
            machine.pins.unshadowed(owner, name)
            return _of_class(machine, kind, name, found.__func__)
        case functools.cached_property():
            machine.pins.attribute(kind, name, found)
            if outside or id(raw) in machine.external:  # computed and kept as in a plain call
                return machine.opaque(getattr, (owner, name), {})
            return raw.__dict__.setdefault(found.attrname, machine.call(found.func, owner))
    getter = machine.method(found, "__get__")
    if getter is not None:
        machine.pins.attribute(kind, name, found)
        return machine.call(getter, found, owner, kind)
    if not outside:
        if hasattr(type(found), "__get__"):
            machine.pins.attribute(kind, name, found)
            return getattr(raw, name)
        return _of_class(machine, kind, name, found)
    value = getattr(raw, name, MISSING)
    if callable(value) and hasattr(type(found), "__get__") and not hasattr(type(found), "__set__"):
        return NativeMethod(name, owner) if isinstance(owner, Traced) else value
    return present(machine, owner, name)


# Writing


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
    machine.pins.asked(plain, name)
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
        _refuse_stand_in(machine, owner, name, value)
        natively(owner, name, value)


def _refuse_stand_in(machine: Any, owner: Any, name: str, value: Any = MISSING) -> None:
    """What stands in place of a package's object is made anew: it does not follow its attributes. One that stays as it is, as that of an
    array which is written into by `owner.name *= 2`, may be assigned."""
    kind = type(owner)
    if kind.__module__.startswith(RULES) and asking.own_names(owner).get(name, owner) is not value and \
            not belonging.calling_module(machine).startswith(RULES):  # fmt: skip
        raise MissingRule(f"the attribute {name!r} of an object of {owner.__class__.__name__} that is differentiated cannot be changed",
                          machine.location(), "make another object")  # fmt: skip


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
        _refuse_stand_in(machine, owner, name)
        natively(owner, name)


# Arrays

OUTSIDE = "an array from outside the function"
RESHAPED = "assign the array of another shape: y = y.reshape(...)"


def memory_attribute(machine: Any, owner: Traced, name: str) -> Any:
    """What an array says of its memory, where that can be followed."""
    if name in ("flat", "base"):
        return getattr(machine, name)(owner)
    raise MissingRule(f"the attribute {name} tells the memory layout of an array", machine.location(),
                      "ask for shape and dtype; np.shares_memory tells whether one is a view of another")  # fmt: skip


def write_memory_attribute(machine: Any, value: Any, owner: Any, name: str) -> None:
    """`owner.name = value` for an array."""
    if name == "shape":
        machine.set_shape(value, owner)
        return
    if name in ("real", "imag"):
        if name == "imag" and not np.iscomplexobj(strip_object(owner)):
            raise TypeError("array does not have imaginary part to set")
        machine.set_item(value, machine.attribute(owner, name), ...)
        return
    if name != "flat":
        raise UnsupportedMutation(f"the attribute {name!r} of an array is assigned", machine.location(),
                                  "make a new array, or assign its items: y[...] = ...")  # fmt: skip
    machine.set_item(machine.call(np.resize, value, strip_object(owner).size), machine.flat(owner), slice(None))


SPECIAL[object.__getattribute__] = lambda machine, owner, name: read_instance(machine, owner, strip_object(owner), name)
SPECIAL |= {f: functools.partial(assign, natively=f) for f in (object.__setattr__, type.__setattr__)}
SPECIAL |= {f: functools.partial(remove, natively=f) for f in (object.__delattr__, type.__delattr__)}
