"""Builtin functions that add, compare, test or iterate, on objects whose classes say in Python what that means.

Native code would run such a method as it is; here the machine is asked, which lowers it.
"""
from __future__ import annotations

import dataclasses
import functools
import itertools
import operator
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad.machine import objects
from s2sad.machine.callables import SPECIAL, Super
from s2sad.machine.callbacks import Callback
from s2sad.machine.finding import defines
from s2sad.machine.traced import BINARY, COMPARE, UNARY, Traced, any_traced
from s2sad.rules import following
from s2sad.rules.operations import SUM_OF_ITEMS
from s2sad.rules.rule_text import SYMBOLS
from s2sad.runtime import asking
from s2sad.tracebacks import LOWERED
from s2sad.types.arrays import class_of

NUMBERS = (bool, int, float, complex)

ITERATING_TYPES = (list, tuple, set, frozenset, dict, enumerate, zip, map, filter)
ITERATING_METHODS = frozenset({"extend", "extendleft", "update", "join", "union", "intersection", "difference",
                               "symmetric_difference", "issubset", "issuperset", "fromkeys"})  # fmt: skip


def iterates(function: Any) -> bool:
    """Whether a native callable iterates over the objects it is given, rather than keeping them."""
    if isinstance(function, type):
        return (issubclass(function, ITERATING_TYPES) and not hasattr(function, "_fields")) or _in_itertools(function)
    if isinstance(function, types.BuiltinMethodType) and not isinstance(function.__self__, types.ModuleType):
        return function.__name__ in ITERATING_METHODS
    return function is functools.reduce or _in_itertools(function)


def merges(function: Any) -> bool:
    """Whether a native callable takes the items of a mapping that it is given."""
    if isinstance(function, type):
        return issubclass(function, dict)
    return isinstance(asking.receiver(function), dict) and function.__name__ == "update"


def merged(machine: Any, value: Any) -> Any:
    """What is given to be merged: a dict in place of an object that has `keys` and `__getitem__` written in Python."""
    if not defines(value, "keys") or not defines(value, "__getitem__"):
        return value
    return {machine.concrete(key): machine.item(value, key) for key in machine.iterate(machine.call(machine.attribute(value, "keys")))}


def _in_itertools(function: Any) -> bool:
    return getattr(function, "__module__", "") in ("itertools", "collections")


def iterable(value: Any) -> bool:
    """Whether an object says in Python what iterating over it means."""
    return defines(value, "__iter__", "__getitem__")


class _Compared:
    """A sort key compared by the machine."""

    __slots__ = ("machine", "value")

    def __init__(self, machine: Any, value: Any) -> None:
        self.machine, self.value = machine, value

    def __lt__(self, other: _Compared) -> bool:
        return bool(self.machine.truth(self.machine.compare("<", self.value, other.value)))

    def __gt__(self, other: _Compared) -> bool:
        return bool(self.machine.truth(self.machine.compare(">", self.value, other.value)))


def _keys(machine: Any, items: list[Any], key: Any) -> list[Any]:
    keys = items if key is None else [machine.call(key, item) for item in items]
    return [_Compared(machine, k) for k in keys] if any(defines(k, "__lt__", "__gt__") for k in keys) else keys


def total(machine: Any, iterable: Any, start: Any = 0) -> Any:
    """`sum`. Of Python numbers it is one operation: from Python 3.12 on it adds with compensation, which additions would not repeat."""
    items = list(machine.iterate(iterable))
    if any_traced(items, start) and all(_is_number(v) for v in (*items, start)):
        return machine.apply(SUM_OF_ITEMS, [items, start])
    for item in items:
        start = machine.binary("+", start, item)
    return start


def _is_number(value: Any) -> bool:
    return type(value.value if isinstance(value, Traced) else value) in NUMBERS


def in_order(machine: Any, iterable: Any, *, key: Any = None, reverse: Any = False) -> list[Any]:
    """`sorted(iterable, key=None, reverse=False)`."""
    items = list(machine.iterate(iterable))
    keys = _keys(machine, items, key)
    return [items[i] for i in sorted(range(len(items)), key=keys.__getitem__, reverse=machine.truth(reverse))]


def sort_in_place(machine: Any, owner: list[Any], **named: Any) -> None:
    """`owner.sort(key=None, reverse=False)`."""
    owner[:] = in_order(machine, owner, **named)


def _extreme(function: Callable[..., Any]) -> Callable[..., Any]:
    def extreme(machine: Any, *args: Any, key: Any = None, **default: Any) -> Any:
        items = list(machine.iterate(args[0]) if len(args) == 1 else args)
        if not items or (default and len(args) > 1):
            return function(*args[:-1], items if len(args) == 1 else args[-1], **default) if args else function()
        keys = _keys(machine, items, key)
        return items[function(range(len(items)), key=keys.__getitem__)]

    return extreme


def any_of(machine: Any, iterable: Any) -> bool:
    """`any(iterable)`."""
    return any(machine.truth(item) for item in machine.iterate(iterable))


def all_of(machine: Any, iterable: Any) -> bool:
    """`all(iterable)`."""
    return all(machine.truth(item) for item in machine.iterate(iterable))


def reduced(machine: Any, function: Any, iterable: Any, *initial: Any) -> Any:
    """`functools.reduce`."""
    items = iter(machine.iterate(iterable))
    value = initial[0] if initial else next(items, objects.MISSING)
    if value is objects.MISSING:
        return functools.reduce(function, ())
    for item in items:
        value = machine.call(function, value, item)
    return value


def getter(machine: Any, function: Any, subject: Any) -> Any:
    """A call of `operator.attrgetter(...)`, `itemgetter(...)` or `methodcaller(...)`."""
    made, parts = function.__reduce__()
    if isinstance(function, operator.methodcaller):
        first = (*made.args, *parts) if isinstance(made, functools.partial) else parts
        named = made.keywords if isinstance(made, functools.partial) else {}
        return machine.call(machine.attribute(subject, first[0]), *first[1:], **named)
    if isinstance(function, operator.attrgetter):
        found = [functools.reduce(machine.attribute, part.split("."), subject) for part in parts]
    else:
        found = [machine.item(subject, part) for part in parts]
    return found[0] if len(found) == 1 else tuple(found)


def counted(machine: Any, owner: Any) -> Iterator[Any]:
    """The items of an object that has `__getitem__` but not `__iter__`."""
    for i in itertools.count():
        try:
            item = machine.item(owner, i)
        except IndexError:
            return
        yield item


# dataclasses


def replaced(machine: Any, instance: Any, /, **changes: Any) -> Any:
    """`dataclasses.replace`."""
    kind = class_of(objects.strip_object(instance))
    for field in dataclasses.fields(kind):
        if field.init and field.name not in changes:
            changes[field.name] = machine.attribute(instance, field.name)
    return machine.call(kind, **changes)


def _plain(machine: Any, value: Any, kind: Any) -> Any:
    made = class_of(objects.strip_object(value))
    if dataclasses.is_dataclass(made):
        contents = {f.name: _plain(machine, machine.attribute(value, f.name), kind) for f in dataclasses.fields(made)}
        return contents if kind is dict else tuple(contents.values())
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[_plain(machine, v, kind) for v in value])
    if isinstance(value, (list, tuple)):
        return type(value)(_plain(machine, v, kind) for v in value)
    if isinstance(value, dict):
        return {k: _plain(machine, v, kind) for k, v in value.items()}
    return value


def as_dict(machine: Any, instance: Any) -> Any:
    """`dataclasses.asdict`."""
    return _plain(machine, instance, dict)


def as_tuple(machine: Any, instance: Any) -> Any:
    """`dataclasses.astuple`."""
    return _plain(machine, instance, tuple)


def native(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that only moves what it is given, run as it is."""
    return lambda machine, *args, **kwargs: function(*args, **kwargs)


def update_wrapper(machine: Any, wrapper: Any, wrapped: Any, assigned: Any = functools.WRAPPER_ASSIGNMENTS,
                   updated: Any = functools.WRAPPER_UPDATES) -> Any:  # fmt: skip
    """`functools.update_wrapper`: what the user hung on the wrapped function is read and written like any attribute."""
    plain = wrapped.shown if isinstance(wrapped, Callback) else objects.strip_object(wrapped)
    for name in assigned:
        if (told := asking.attribute(plain, name)) is not None:
            machine.set_attribute(told, wrapper, name)
    for name in updated:
        if asking.attribute(plain, name) is not None:
            for key, value in machine.mapping(machine.attribute(wrapped, name)).items():
                machine.set_attribute(value, wrapper, key)
    machine.set_attribute(wrapped, wrapper, "__wrapped__")
    return wrapper


def _is_of(question: Any, name: str) -> Callable[..., bool]:
    """`isinstance` or `issubclass`; `name` is the method by which a metaclass may answer."""

    def is_of(machine: Any, subject: Any, kinds: Any) -> bool:
        if question is isinstance and class_of(objects.strip_object(subject)) in objects.flattened(kinds):
            return True
        if question is isinstance and type(subject) in following.ANSWERS:
            subject = following.ANSWERS[type(subject)][isinstance]
        for kind in objects.flattened(kinds):
            if isinstance(kind, type) and objects.is_users(type(kind)):
                method = objects.defined(type(kind), name)
                machine.pins.attribute(type(kind), name, method)
                if isinstance(method, types.FunctionType) and not objects.is_library(method.__module__):
                    return any(machine.truth(machine.call(method, kind, subject)) if k is kind else is_of(machine, subject, k)
                               for k in objects.flattened(kinds))  # fmt: skip
        return bool(machine.pins.verdict(question, subject, kinds))

    return is_of


def _callable(machine: Any, value: Any) -> bool:
    plain = objects.strip_object(value)
    machine.pins.asked(plain, "__call__")
    return callable(plain)


def _type(machine: Any, value: Any, *rest: Any, **kwargs: Any) -> Any:
    if not rest:
        return class_of(objects.strip_object(value))
    bases, contents = rest
    return type(value, bases, {"__module__": LOWERED, **contents}, **kwargs)


def _len(machine: Any, value: Any) -> Any:
    method = machine.method(value, "__len__")
    if method is not None:
        return machine.call(method, value)
    if isinstance(value, Traced) and not isinstance(value.value, (np.ndarray, int, float, complex, np.generic)):
        return machine.opaque(len, (value,), {}, pure=True)
    return len(objects.strip_object(value))


def _bool(machine: Any, value: Any = False) -> bool:
    return bool(machine.truth(value))


def _getattr(machine: Any, owner: Any, name: Any, *default: Any) -> Any:
    try:
        return machine.attribute(owner, machine.concrete(name))
    except AttributeError:
        if default:
            return default[0]
        raise


def _super(machine: Any, *of: Any) -> Any:
    return Super(*of) if len(of) == 2 else super(*of)


def _hasattr(machine: Any, owner: Any, name: Any) -> bool:
    try:
        machine.attribute(owner, machine.concrete(name))
    except AttributeError:
        return False
    return True


def _iter(machine: Any, value: Any, *sentinel: Any) -> Any:
    return iter(machine.iterate(value)) if not sentinel else iter(functools.partial(machine.call, value), *sentinel)


def _next(machine: Any, iterator: Any, *default: Any) -> Any:
    method = machine.method(iterator, "__next__")
    if method is None and not isinstance(iterator, Traced):
        return next(iterator, *default)
    try:
        return machine.call(method, iterator) if method is not None else machine.opaque(next, (iterator,), {})
    except StopIteration:
        if default:
            return default[0]
        raise


SPECIAL |= {
    isinstance: _is_of(isinstance, "__instancecheck__"), issubclass: _is_of(issubclass, "__subclasscheck__"),
    type: _type, len: _len, bool: _bool, getattr: _getattr, hasattr: _hasattr, callable: _callable,
    iter: _iter, next: _next, super: _super,
    vars: lambda machine, owner: machine.attribute(owner, "__dict__"),
    setattr: lambda machine, owner, name, value: machine.set_attribute(value, owner, machine.concrete(name)),
    delattr: lambda machine, owner, name: machine.delete_attribute(owner, machine.concrete(name)),
    sum: total, sorted: in_order, min: _extreme(min), max: _extreme(max), any: any_of, all: all_of,
    functools.update_wrapper: update_wrapper, functools.wraps: native(functools.wraps),
    dataclasses.replace: replaced, dataclasses.asdict: as_dict, dataclasses.astuple: as_tuple,
}  # fmt: skip


def _operation(ask: str, *first: Any) -> Callable[..., Any]:
    return lambda machine, *args: getattr(machine, ask)(*first, *args)


for _symbol, _function in SYMBOLS.values():
    for _kind, _ask in ((BINARY, "binary"), (COMPARE, "compare"), (UNARY, "unary")):
        if _symbol in _kind.values():
            SPECIAL[_function] = _operation(_ask, _symbol)
SPECIAL |= {
    operator.contains: _operation("contains"), operator.getitem: _operation("item"), operator.truth: _operation("truth"),
    id: _operation("identity"), operator.is_: _operation("compare", "is"), operator.is_not: _operation("compare", "is not"),
    operator.not_: lambda machine, value: not machine.truth(value), functools.reduce: reduced,
}  # fmt: skip
