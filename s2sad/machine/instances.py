"""Making instances: `__new__`, `__init__` and `__post_init__` of a class go through the machine where they are written in Python."""
from __future__ import annotations

import collections
import dataclasses
import functools
import inspect
import types
from typing import Any

from s2sad.machine import belonging, objects
from s2sad.machine.callables import SPECIAL
from s2sad.machine.calls import LOOKED_INTO, PROTOCOL_MODULES, follows_protocols, is_own, native
from s2sad.machine.native_code import follow
from s2sad.rules import following

HOLDING = (BaseException, tuple, list, dict, set, frozenset, collections.deque)


def construct(machine: Any, kind: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of a class: what its metaclass says, or an instance."""
    meta: Any = objects.defined(type(kind), "__call__")
    machine.pins.attribute(type(kind), "__call__", meta)
    if isinstance(meta, types.FunctionType) and not objects.is_library(meta.__module__):
        return machine.call(meta, kind, *args, **kwargs)
    return instance(machine, kind, args, kwargs)


def instance(machine: Any, kind: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """As `type.__call__`: `__new__` and `__init__` of the class, through the machine where they are written in Python."""
    if kind is functools.partial:
        make: Any = functools.partial
        return make(*args, **kwargs)
    new, init = objects.defined(kind, "__new__"), objects.defined(kind, "__init__")
    library = objects.is_library(kind.__module__) and kind.__module__ not in LOOKED_INTO and not is_own(kind.__module__)
    if "__dataclass_fields__" in kind.__dict__ and isinstance(init, types.FunctionType) and objects.generated(init):
        machine.pins.attribute(kind, "__init__", init)
        machine.pins.attribute(kind, "__new__", new)
        return belonging.own(machine, _construct_dataclass(machine, kind, args, kwargs))
    new = new.__func__ if isinstance(new, staticmethod) else new
    python_new = isinstance(new, types.FunctionType) and not objects.generated(new)
    named = isinstance(init, types.FunctionType) and following.source_of(init) is not None  # a table says what it does
    if library and not named and not issubclass(kind, BaseException) and kind.__module__ not in PROTOCOL_MODULES:
        if not belonging.concerns(machine, args, kwargs) or (kind.__module__.startswith("numpy") and not following.is_followed(kind)):
            return native(machine, kind, args, kwargs)
    if not named and not issubclass(kind, HOLDING) and belonging.apart(machine, kind, args, kwargs):
        return machine.natively(kind, args, kwargs)
    if not library:
        machine.pins.attribute(kind, "__init__", init)
        machine.pins.attribute(kind, "__new__", objects.defined(kind, "__new__"))
    if not python_new and not isinstance(init, types.FunctionType):
        if follows_protocols(kind) or issubclass(kind, HOLDING) or (new is object.__new__ and init is object.__init__):
            return belonging.own(machine, follow(machine, kind, args, kwargs))
        return native(machine, kind, args, kwargs)
    if python_new:
        made = machine.call(new, kind, *args, **kwargs)
    else:
        made = kind.__new__(kind) if new is object.__new__ else kind.__new__(kind, *args, **kwargs)
    belonging.own(machine, made)
    if type(made) is not kind and isinstance(made, kind):  # whose class has its own
        init = objects.defined(type(made), "__init__")
    if isinstance(init, types.FunctionType) and isinstance(made, kind):
        machine.call(init, made, *args, **kwargs)
    return made


SPECIAL[type.__call__] = lambda machine, kind, *args, **kwargs: instance(machine, kind, args, kwargs)


def _construct_dataclass(machine: Any, kind: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """As the generated `__init__`, with default values read afresh and `__post_init__` lowered."""
    calls_post = "__post_init__" in kind.__init__.__code__.co_names
    post = objects.defined(kind, "__post_init__") if calls_post else None
    if post is not None:
        machine.pins.attribute(kind, "__post_init__", post)
    if post is None and not any(callable(f.default_factory) and isinstance(f.default_factory, types.FunctionType)
                                for f in kind.__dataclass_fields__.values()):  # fmt: skip
        return kind(*args, **kwargs)
    bound = inspect.signature(kind).bind(*args, **kwargs).arguments
    instance = kind.__new__(kind)
    late = []
    for field in kind.__dataclass_fields__.values():
        if field._field_type.name == "_FIELD_CLASSVAR" or (not field.init and field.default_factory is dataclasses.MISSING
                                                           and field.default is dataclasses.MISSING):  # fmt: skip
            continue
        if field.init and field.name in bound:
            value = bound[field.name]
        elif field.default_factory is not dataclasses.MISSING:
            value = machine.call(field.default_factory)
        else:
            value = field.default
        if field._field_type.name == "_FIELD_INITVAR":
            late.append(value)
        else:
            object.__setattr__(instance, field.name, value)
    if post is not None:
        machine.call(post, instance, *late)
    return instance
