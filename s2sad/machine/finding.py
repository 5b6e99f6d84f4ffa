"""Finding an item: what `in`, `index` and the keys of a dict ask of objects that compare themselves, and of values that are followed."""
from __future__ import annotations

import collections
from typing import Any

import numpy as np

from s2sad.machine import objects
from s2sad.machine.traced import Traced, any_traced

SEARCHED = 256  # a dict or set with more keys is searched for an object that compares itself only by such a key


def defines(value: Any, *names: str) -> bool:
    """Whether the class of a value has one of these methods written in Python."""
    plain = value.value if isinstance(value, Traced) else value
    return any(objects.python_method(plain, name) is not None for name in names)


def _same(machine: Any, one: Any, other: Any) -> bool:
    if any(isinstance(objects.strip_object(v), np.ndarray) for v in (one, other)):  # which have no truth of being equal
        return bool(machine.identical(one, other) or machine.truth(machine.compare("==", one, other)))
    if one is other or machine.truth(machine.compare("==", one, other)):
        return True
    return all(isinstance(v, Traced) and isinstance(v.value, (float, complex, np.inexact)) for v in (one, other)) and (
        bool(machine.identical(one, other)))  # a NaN is found where it is the same object


def found_in(machine: Any, container: Any, item: Any) -> bool | None:
    """`item in container` where objects compare themselves; None where Python may answer."""
    if type(container) in (list, tuple, collections.deque) and _asks_items(item, container):
        return any(_same(machine, each, item) for each in container)
    settle(machine, container, item)
    return None


def _asks_items(item: Any, container: Any) -> bool:
    """Whether the machine has to compare an item: with objects that compare themselves, arrays, and values that are followed."""
    if objects.compares(item) or objects.compares(container):
        return True
    every = (item, *container)
    return (any_traced(item) and any_traced(*container)) or any(isinstance(v, np.ndarray) for v in every)


def settle(machine: Any, container: Any, key: Any) -> None:
    """Ask what a dict or set asks before it finds a key: the hash of the key, and whether it equals one of the same hash."""
    if type(container) not in (dict, set, frozenset, collections.OrderedDict) or not container:
        return
    if not _hashes(key) and (len(container) > SEARCHED or not any(map(_hashes, container))):
        return
    wanted = _hash(machine, key)
    for other in container:
        if other is not key and (_hashes(key) or _hashes(other)) and _hash(machine, other) == wanted and _same(machine, other, key):
            return


def _hashes(key: Any) -> bool:
    return (type(key) is tuple and any(map(_hashes, key))) or defines(key, "__hash__", "__eq__")


def _hash(machine: Any, key: Any) -> int:
    if type(key) is tuple:
        return hash(tuple(_hash(machine, part) if _hashes(part) else part for part in key))
    method = machine.method(key, "__hash__")
    return hash(key) if method is None else machine.concrete(machine.call(method, key))


def method_of_container(machine: Any, owner: Any, name: str, args: tuple[Any, ...]) -> Any:
    """A method of a list or tuple that compares its items; NotImplemented where Python may run it."""
    if type(owner) in (dict, set, collections.OrderedDict) and name in ("get", "pop", "setdefault", "add", "discard", "remove") and args:
        settle(machine, owner, args[0])
    if type(owner) not in (list, tuple) or name not in ("index", "count", "remove") or not args:
        return NotImplemented
    if not _asks_items(args[0], owner):
        return NotImplemented
    if name == "count":
        return sum(_same(machine, item, args[0]) for item in owner)
    start, stop = (machine.concrete(args[i]) if len(args) > i else None for i in (1, 2))
    for i in range(len(owner))[start:stop]:
        if _same(machine, owner[i], args[0]):
            return i if name == "index" else owner.pop(i)
    return getattr([], name)(None)  # raises
