"""`copy.copy` and `copy.deepcopy`: of numbers, arrays, containers and objects, with what is followed in them."""
from __future__ import annotations

import collections
import copy
import gc
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import MissingRule
from s2sad.machine import array_writes, objects
from s2sad.machine.callables import SPECIAL
from s2sad.machine.traced import Traced
from s2sad.rules.language import METHODS

Part = Callable[[Any], Any]
LISTS = (list, set, collections.deque)
DICTS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
UNCHANGING = (bool, int, float, complex, str, bytes, type(None), np.generic, np.dtype, range, slice, frozenset, type,
              types.FunctionType, types.BuiltinFunctionType, types.ModuleType)  # fmt: skip
MADE_EMPTY = (object.__new__, list.__new__, dict.__new__, types.SimpleNamespace.__new__)
HOOKS = ("__reduce_ex__", "__reduce__", "__getnewargs__", "__getnewargs_ex__")


def shallow(machine: Any, value: Any) -> Any:
    """`copy.copy(value)`."""
    method = machine.method(value, "__copy__")
    if method is not None:
        return machine.call(method, value)
    return _made_like(machine, value, lambda part: part, {}, copy.copy)


def deep(machine: Any, value: Any, memo: Any = None) -> Any:
    """`copy.deepcopy(value, memo)`; the memo holds by id what was copied, which it keeps alive."""
    memo = {} if memo is None else memo
    if id(value) not in memo:
        method = machine.method(value, "__deepcopy__")
        if method is not None:
            made = machine.call(method, value, memo)
        else:
            made = _made_like(machine, value, lambda part: machine.call(copy.deepcopy, part, memo), memo, copy.deepcopy)
        memo[id(value)] = made
        memo.setdefault(id(memo), []).append(value)
    return memo[id(value)]


def _made_like(machine: Any, value: Any, part: Part, memo: dict[int, Any], function: Any) -> Any:
    """The copy of a value in which `part` gives each of its parts; what may hold itself is in the memo before its parts are asked for."""
    plain = objects.strip_object(value)
    kind = type(plain)
    if array_writes.is_array(value) and plain.dtype != object:
        return machine.call(METHODS["copy"], value, order="K")
    if isinstance(plain, UNCHANGING):
        return value
    if not isinstance(value, Traced) and isinstance(value, tuple):
        items = [part(item) for item in value]
        same = all(one is other for one, other in zip(items, value, strict=True))
        return value if same else kind(*items) if trees.is_namedtuple(value) else tuple.__new__(kind, items)
    if not isinstance(value, Traced) and kind in (*LISTS, *DICTS):
        made = memo[id(value)] = value.copy()
        _fill(made, value, part)
        return made
    if _is_plain(kind):
        return _object_like(machine, value, kind, part, memo)
    outside = isinstance(value, Traced) or id(value) in machine.external
    if machine.active(value) or _hooks(kind) or (gc.is_tracked(value) and not outside):  # what may hold a followed value unseen
        raise MissingRule(f"copy.{function.__name__}() of a {kind.__name__}", machine.location(), "make a new one by its class")
    return machine.opaque(function, (value,), {}) if isinstance(value, Traced) else function(value)


def _fill(made: Any, value: Any, part: Part) -> None:
    """Give a container, which starts as a copy, the parts of a value."""
    items = [(part(k), part(v)) for k, v in value.items()] if isinstance(value, dict) else [part(v) for v in value]
    made.clear()
    for item in items:
        if isinstance(made, dict):
            dict.__setitem__(made, *item)
        elif isinstance(made, set):
            made.add(item)
        else:
            made.append(item)


def _is_plain(kind: type) -> bool:
    """Whether instances are what their attributes are, and their items for a subclass of list or dict."""
    return kind.__new__ in MADE_EMPTY and not _hooks(kind)


def _hooks(kind: type, names: tuple[str, ...] = HOOKS) -> list[types.FunctionType]:
    """The methods by which a class of the user's says how its instances are taken apart."""
    found = (objects.defined(kind, name) for name in names)
    return [f for f in found if isinstance(f, types.FunctionType) and not objects.is_library(f.__module__)]


def _object_like(machine: Any, value: Any, kind: Any, part: Part, memo: dict[int, Any]) -> Any:
    made = memo[id(value)] = kind.__new__(kind)
    machine.made[id(made)] = made
    told = _hooks(kind, ("__getstate__",))
    state = machine.call(told[0], value) if told else dict(_state(machine, value, kind))
    for restore in _hooks(kind, ("__setstate__",)):
        machine.call(restore, made, part(state))
        return made
    for name, held in list(state.items()):
        object.__setattr__(made, name, part(held))
    if isinstance(made, list):
        list.extend(made, [part(item) for item in list(machine.iterate(value))])
    elif isinstance(made, dict):
        dict.update(made, {part(k): part(machine.item(value, k)) for k in list(machine.iterate(value))})
    return made


def _state(machine: Any, value: Any, kind: type) -> Iterator[tuple[str, Any]]:
    """The attributes that an object holds itself."""
    if any("__dict__" in base.__dict__ for base in kind.__mro__):
        yield from machine.mapping(machine.attribute(value, "__dict__")).items()
    for base in kind.__mro__:
        for name, found in base.__dict__.items():
            if isinstance(found, types.MemberDescriptorType) and name != "__dict__":
                try:
                    yield name, machine.attribute(value, name)
                except AttributeError:
                    continue


SPECIAL |= {copy.copy: shallow, copy.deepcopy: deep}
