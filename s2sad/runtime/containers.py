"""Classes of containers beyond Python's own: how an instance is taken apart, and made anew without running code of its class.

An instance is what it stores: its items, for a subclass of list, tuple or dict, and its attributes. They are read and put back as the
base does it, whatever the class makes of `__getitem__`, `__init__` or `__setattr__`.
"""
from __future__ import annotations

import collections
import dataclasses
import functools
import types
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from s2sad.quickly import dataclass
from s2sad.runtime import asking

BASES = (collections.OrderedDict, collections.defaultdict, collections.deque, dict, list, tuple, types.SimpleNamespace, object)
ROWS: tuple[Any, ...] = (list, tuple, collections.deque)  # whose items have no keys but their numbers
DEFAULT_FACTORY = vars(collections.defaultdict)["default_factory"].__get__
MAXLEN = vars(collections.deque)["maxlen"].__get__
ABSTRACT = frozenset({Mapping, Sequence})
LEAVES = frozenset({float, int, bool, complex, str, type(None), np.ndarray, np.float64, np.float32, types.FunctionType})


@dataclass(frozen=True)
class Attribute:
    """What an attribute has for a key, beside the items of its owner."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Layout:
    """What instances of a class store: the base that holds their items, the names of those of a namedtuple, fields of a dataclass, slots.

    What is `computed` is a cached value, which is computed again from the others. Instances are `always` taken apart, or where they are
    differentiated.
    """

    base: type
    names: tuple[str, ...]
    fields: tuple[str, ...]
    slots: dict[str, Any]
    computed: frozenset[str]
    always: bool


class Shown:
    """What stands for a callable while a function is followed; to the user it is the one that is `shown`."""

    __slots__ = ()

    @property
    def shown(self) -> Any:
        raise NotImplementedError


_layouts: weakref.WeakKeyDictionary[type, Layout | None] = weakref.WeakKeyDictionary()


def layout(kind: type) -> Layout | None:
    """How instances of a class are taken apart; None where they are leaves, and for the list, tuple and dict of Python itself."""
    if kind in LEAVES:
        return None
    if kind not in _layouts:
        _layouts[kind] = _layout(kind)
    return _layouts[kind]


def _layout(kind: Any) -> Layout | None:
    base, stored = _base(kind), dataclasses.is_dataclass(kind)
    named = base is tuple and hasattr(kind, "_fields")
    if base is None or (base is object and not stored and ABSTRACT.isdisjoint(kind.__mro__)):
        return None
    names = tuple(kind._fields) if named else ()
    fields = tuple(f.name for f in dataclasses.fields(kind)) if stored else ()
    everything = [(name, found) for each in reversed(kind.__mro__) if each not in BASES for name, found in vars(each).items()]
    slots = {name: found for name, found in everything if isinstance(found, types.MemberDescriptorType)}
    computed = frozenset(name for name, found in everything if isinstance(found, functools.cached_property))
    return Layout(base, names, fields, slots, computed, named or stored)


def _base(kind: type) -> type | None:
    """The base that holds what instances store natively; None where that is another one than ours, or Python's own class itself."""
    if kind in (dict, list, tuple, object):
        return None
    while kind not in BASES:
        if isinstance(vars(kind).get("__new__"), types.BuiltinFunctionType) or kind.__base__ is None:
            return None
        kind = kind.__base__
    return kind


def parts(value: Any, held: Layout) -> tuple[tuple[Any, ...], list[Any]]:
    """Keys and contents of an instance: its items, then its attributes."""
    has_items = _has_items(held)
    found = list(items(value)) if has_items else []
    keys = [*(held.names or [key for key, _ in found])]
    named = list(attributes(value, held))
    keys += [Attribute(name) if has_items else name for name, _ in named]
    return tuple(keys), [content for _, content in (*found, *named)]


def items(value: Any) -> Iterable[tuple[Any, Any]]:
    """Keys and items of a list, tuple or dict as they are stored, whatever its class says of iterating."""
    if isinstance(value, dict):
        return collections.OrderedDict.items(value) if isinstance(value, collections.OrderedDict) else dict.items(value)
    return enumerate(row_base(value).__iter__(value))


def row_base(value: Any) -> Any:
    """Which of the rows a value is."""
    return next(base for base in ROWS if isinstance(value, base))


def fill(container: Any, contents: Iterable[tuple[Any, Any]]) -> None:
    """Let a list or dict hold these items, stored natively."""
    if isinstance(container, list):
        list.__setitem__(container, slice(None), [content for _, content in contents])
        return
    if isinstance(container, collections.deque):
        collections.deque.clear(container)
        collections.deque.extend(container, [content for _, content in contents])
        return
    base = collections.OrderedDict if isinstance(container, collections.OrderedDict) else dict
    base.clear(container)
    for key, content in contents:
        base.__setitem__(container, key, content)


def store(container: Any, key: Any, content: Any) -> None:
    """`container[key] = content`, natively."""
    natively: tuple[Any, ...] = (list, collections.deque, collections.OrderedDict, dict)
    base = next(base for base in natively if isinstance(container, base))
    base.__setitem__(container, key, content)


def _has_items(held: Layout) -> bool:
    return issubclass(held.base, (dict, *ROWS))


def attributes(value: Any, held: Layout) -> Iterable[tuple[str, Any]]:
    """The attributes that an instance holds itself; a cached value is computed again from the others."""
    own = {} if shares_its_dict(value) else asking.own_names(value)
    for name in held.fields:
        if name in own:
            yield name, own[name]
        elif name not in held.slots and not _is_described(type(value), name):
            yield name, getattr(value, name)
    for name, member in held.slots.items():
        try:
            yield name, member.__get__(value)
        except AttributeError:
            continue
    for name, content in own.items():
        if name not in held.fields and name not in held.computed:
            yield name, content


def _is_described(kind: type, name: str) -> bool:
    """Whether a class says itself where it stores what is assigned to a name."""
    found = next((vars(each)[name] for each in kind.__mro__ if name in vars(each)), None)
    return hasattr(type(found), "__set__")


def shares_its_dict(value: Any) -> bool:
    """Whether an instance has its items for attributes: `self.__dict__ = self`."""
    return isinstance(value, dict) and asking.own_names(value) is value


def state(value: Any) -> tuple[Any, bool]:
    """What belongs to an instance beside its parts: the factory of a defaultdict or the greatest length of a deque, and whether its items
    are its attributes."""
    own = DEFAULT_FACTORY(value) if isinstance(value, collections.defaultdict) else None
    if isinstance(value, collections.deque):
        own = MAXLEN(value)
    return own.shown if isinstance(own, Shown) else own, shares_its_dict(value)


def told(value: Any) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, bool]]:
    """What tells an instance from others of its class, beside its parts: keys of items, names of attributes, state."""
    held = layout(type(value))
    assert held is not None
    keys = parts(value, held)[0]
    count = len(keys) - len(list(attributes(value, held)))
    return keys[:count], tuple(map(str, keys[count:])), state(value)


def part(value: Any, number: int) -> Any:
    """One of the items and attributes of an instance."""
    held = layout(type(value))
    assert held is not None
    return parts(value, held)[1][number]


def rebuild(kind: type, keys: tuple[Any, ...], contents: list[Any], state: tuple[Any, bool]) -> Any:
    """An instance of a class from its keys, contents and state."""
    held = layout(kind)
    assert held is not None
    count = 0
    if _has_items(held):
        count = len(held.names) or sum(type(key) is not Attribute for key in keys)
    instance = _with_items(kind, held.base, keys[:count], contents[:count], state[0])
    if isinstance(instance, collections.defaultdict):
        instance.default_factory = state[0]
    if state[1]:
        object.__setattr__(instance, "__dict__", instance)
    own = None
    for key, content in zip(keys[count:], contents[count:], strict=True):
        name = key.name if type(key) is Attribute else key
        if name in held.slots:
            held.slots[name].__set__(instance, content)
        else:
            own = object.__getattribute__(instance, "__dict__") if own is None else own
            own[name] = content
    return instance


def _with_items(kind: type, base: Any, keys: tuple[Any, ...], contents: list[Any], limit: int | None) -> Any:
    if base is tuple:
        return tuple.__new__(kind, contents)
    instance = base.__new__(kind)
    if base is collections.deque:
        base.__init__(instance, (), limit)
    if contents:
        fill(instance, zip(keys, contents, strict=True))
    return instance


def step(kind: type, key: Any) -> str:
    """How a part is reached: `['w']`, `[0]`, `.scale`."""
    held = layout(kind)
    by_item = held is None or (_has_items(held) and not held.names)
    return f"[{key!r}]" if by_item and not isinstance(key, Attribute) else f".{key}"
