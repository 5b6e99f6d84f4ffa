"""Functions that keep their results: within a call of the followed function, the same arguments give the same object and run nothing.

A call that no followed value reaches is a call of the user's cached function, as in a plain call: it answers from what its cache holds,
and fills it. Any other call is followed, and its result is kept by the machine, for the user's cache must not hold followed values.
"""
from __future__ import annotations

import collections
import functools
from typing import Any

import numpy as np

from s2sad.errors import UnsupportedSyntax
from s2sad.machine import belonging
from s2sad.machine.traced import Traced, strip
from s2sad.quickly import dataclass
from s2sad.runtime import asking

CACHED = functools._lru_cache_wrapper
NEW = object()


class Cache:
    """What followed calls of one function have given, the most recent last."""

    def __init__(self, machine: Any, function: Any) -> None:
        self.machine, self.function = machine, function
        parameters = asking.attribute(function, "cache_parameters")
        told = parameters() if callable(parameters) else {"maxsize": None, "typed": False}
        self.size, self.typed = told["maxsize"], told["typed"]
        self.results: collections.OrderedDict[Any, Any] = collections.OrderedDict()
        self.hits = self.misses = 0

    def key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """As `lru_cache` compares arguments. Followed numbers are told apart by where they come from: equal ones may differ."""
        values = [self.part(v) for v in (*args, *kwargs.values())]
        if len(args) == 1 and not kwargs and not self.typed and type(values[0]) in (int, str):
            return values[0]  # which `lru_cache` tells from a float that equals it
        kinds = [type(strip(v)) for v in (*args, *kwargs.values())] if self.typed else []
        return tuple(values), tuple(kwargs), tuple(kinds)

    def part(self, value: Any) -> Any:
        if type(value) is tuple:
            return tuple(map(self.part, value))
        hash(strip(value))  # raises what Python raises
        if not isinstance(value, Traced):
            return value
        if not isinstance(value.value, (bool, int, float, complex, str, bytes, np.generic)):
            self.machine.guard("is", value, value.value)
            return value.value
        origin = self.machine.origin(value)
        return self.machine.concrete(value) if origin is None else Followed(origin)

    def find(self, key: Any) -> Any:
        found = self.results.get(key, NEW)
        if found is not NEW:
            self.hits += 1
            self.results.move_to_end(key)
        return found

    def keep(self, key: Any, value: Any) -> None:
        self.misses += 1
        self.results[key] = value
        while self.size is not None and len(self.results) > self.size:
            self.results.popitem(last=False)


@dataclass(frozen=True)
class Followed:
    """A followed number in a key: what it was computed by."""

    origin: Any


def call(machine: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of a function that `functools.lru_cache` or `functools.cache` has made."""
    wrapped = function.__wrapped__
    if not belonging.concerns(machine, function, wrapped, args, kwargs):
        return machine.cached_outside(function, args, kwargs)
    cache = _of(machine, function)
    key = cache.key(args, kwargs)
    found = cache.find(key)
    if found is NEW:
        found = machine.run_cached(cache, key, lambda: machine.call(wrapped, *args, **kwargs))
    return found


def _of(machine: Any, function: Any) -> Cache:
    if id(function) not in machine.caches:
        machine.caches[id(function)] = Cache(machine, function)
    cache: Cache = machine.caches[id(function)]
    return cache


def method(machine: Any, name: str, function: Any) -> Any:
    """`function.cache_info()` and `function.cache_clear()`."""
    own, cache = belonging.concerns(machine, function, function.__wrapped__), machine.caches.get(id(function))
    if cache is not None and not own and name == "cache_info":
        raise UnsupportedSyntax("cache_info() of a function that was also called with what is differentiated", machine.location(),
                                "ask for it outside the function")  # fmt: skip
    if name not in ("cache_info", "cache_clear"):
        return getattr(function, name)()
    if name == "cache_clear":
        machine.caches.pop(id(function), None)
    if not own:
        return machine.opaque(getattr(function, name), (), {})
    made = _of(machine, function)
    return None if name == "cache_clear" else functools._CacheInfo(made.hits, made.misses, made.size, len(made.results))
