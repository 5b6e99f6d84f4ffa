"""Native code that runs on followed values: what it is given, and its refusal by name where it wants plain ones."""
from __future__ import annotations

import bisect
import collections
import contextlib
import functools
import inspect
import itertools
import operator
import types
from typing import Any

import numpy as np

from s2sad.errors import MissingRule, S2sadError, UnsupportedMutation, UnsupportedSyntax
from s2sad.machine import builtin_functions, objects
from s2sad.machine.callables import SPECIAL, Bound, NativeMethod, Transform
from s2sad.machine.callbacks import Callback
from s2sad.machine.proposals import full_name, proposal
from s2sad.machine.traced import Traced, any_traced, strip
from s2sad.rules import refusing
from s2sad.rules.language import rule_of
from s2sad.rules.overriding import Override, override
from s2sad.runtime import asking, containers
from s2sad.runtime.backends import backend
from s2sad.runtime.notices import MACHINE

OWN_CONTAINERS = (list, tuple, dict, set, frozenset, collections.deque, types.GeneratorType, range, str, bytes, slice)
SETTINGS = frozenset({"argnums", "has_aux", "backend", "control", "order", "parallel", "reassociate"})  # of a derivative: how it is made
EMPTY = frozenset({list, dict, set})  # called without arguments they make what holds nothing
GETTERS = (operator.attrgetter, operator.itemgetter, operator.methodcaller)
CALLING = frozenset({map, filter, itertools.accumulate, itertools.dropwhile, itertools.takewhile, itertools.filterfalse,
                     itertools.groupby, itertools.starmap, collections.defaultdict, bisect.bisect_left, bisect.bisect_right,
                     bisect.insort_left, bisect.insort_right})  # fmt: skip


def only_keeps(function: Any) -> bool:
    """Whether a native callable keeps or compares the functions it is given, and calls none: that of a container or an exception."""
    if isinstance(function, type):
        return issubclass(function, (*OWN_CONTAINERS, BaseException)) and function is not collections.defaultdict
    return isinstance(asking.receiver(function), OWN_CONTAINERS)


LOOKING = frozenset({"get", "pop", "index", "count", "remove", "discard", "__getitem__", "__contains__"})
"""Methods of containers that look for what they are given, and do not keep it."""


def follow(machine: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A native function that follows protocols, on followed values; where it wants plain ones, it has them if nothing is differentiated."""
    before, machine.running = machine.running, function
    try:
        return function(*passed(machine, function, args), **passed_by_name(machine, function, kwargs))
    except TypeError:
        if not any_traced(args, kwargs):
            raise
    finally:
        machine.running = before
    sized, named = tuple([_plain_size(machine, a) for a in args]), {k: _plain_size(machine, v) for k, v in kwargs.items()}
    with contextlib.suppress(TypeError):
        return function(*passed(machine, function, sized), **passed_by_name(machine, function, named))
    if machine.active(args, kwargs):
        function(*strip(args), **strip(kwargs))  # raises what a wrong call raises
        raise missing(machine, function)
    return machine.opaque(function, args, kwargs, pure=True)


def adopt(machine: Any, container: Any) -> None:
    """Let a container that is made of an argument belong to the call, with the factory that it may have."""
    held = containers.layout(type(container))
    if held is not None and not held.always:
        machine.made[id(container)] = container
    if isinstance(container, collections.defaultdict):
        (container.default_factory,) = passed(machine, collections.defaultdict, (container.default_factory,))


def leaves(machine: Any, value: Traced, what: str) -> Any:
    """Native code asks for the plain value: it has what is not differentiated, and the path holds for it."""
    if not machine.active(value) and not isinstance(value.value, np.ndarray):
        return machine.concrete(value)
    who = "native code" if machine.running is None else f"{full_name(machine.running)}()"
    raise MissingRule(
        f"{who} asks for the plain {what} of a value that is being followed", machine.location(),
        "call a function that has a rule, or register one: elementwise(\"f(x)\", x=\"...\")")  # fmt: skip


def _plain_size(machine: Any, value: Any) -> Any:
    return machine.concrete(value) if isinstance(value, Traced) and isinstance(value.value, (int, str)) else value


def passed(machine: Any, function: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments as a native function that follows protocols is to see them: what it will iterate over is iterated by the machine,
    and functions that it does not only keep call back."""
    if builtin_functions.merges(function):
        args = tuple([builtin_functions.merged(machine, a) for a in args])
    consumes, keeps, calls = builtin_functions.iterates(function), only_keeps(function), function in CALLING
    if keeps and not isinstance(function, type) and asking.title(function) in LOOKING:
        return tuple([objects.as_key(machine, asking.receiver(function), a) for a in args])
    return tuple(machine.iterate(v) if consumes and _is_iterable(v) else v if keeps else _callback(machine, v, calls) for v in args)


def passed_by_name(machine: Any, function: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(kwargs, passed(machine, function, tuple(kwargs.values())), strict=True))


def _is_iterable(value: Any) -> bool:
    return not isinstance(value, (Traced, *OWN_CONTAINERS, type)) and builtin_functions.iterable(value)


def _callback(machine: Any, value: Any, calls: bool) -> Any:
    if calls and callable(value) and not isinstance(value, (Traced, Callback, types.FunctionType)) and objects.hashable(value) not in EMPTY:
        return Callback(machine, value)
    if isinstance(value, (types.FunctionType, types.MethodType, functools.partial, Bound, NativeMethod, Transform, *GETTERS)):
        if isinstance(value, types.FunctionType) and (MACHINE in value.__globals__ or objects.generated(value)):
            return value
        return Callback(machine, value)
    if isinstance(value, np.ufunc) or (isinstance(value, (types.BuiltinFunctionType, type)) and (
            rule_of(objects.hashable(value)) is not None or (objects.hashable(value) in SPECIAL and value.__module__ == "_operator"))):
        return Callback(machine, value)
    return value


def missing(machine: Any, function: Any) -> S2sadError:
    """The refusal of a function by name, with the line that would add its rule."""
    name = full_name(function)
    if name.endswith(".shuffle"):
        return UnsupportedMutation(f"{name}() writes into an array", machine.location(),
                                   "assign the result of a function that returns a new array")  # fmt: skip
    if why := refusing.why_not(objects.hashable(function)):
        return MissingRule(f"{name}() has no derivative: {why}; it receives a value that is being differentiated", machine.location())
    return MissingRule(f"{name}() has no derivative rule and receives a value that is being differentiated", machine.location(),
                       proposal(function))  # fmt: skip


def own_function(machine: Any, function: types.FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """One of ours that is called as it is; what says how to compile has to be known."""
    names = itertools.chain(inspect.unwrap(function).__code__.co_varnames, itertools.repeat(""))
    positional = [machine.concrete(a) if name in SETTINGS else a for name, a in zip(names, args, strict=False)]
    return function(*positional, **{k: machine.concrete(v) if k in SETTINGS else v for k, v in kwargs.items()})


def _not_followed(machine: Any, *args: Any, **kwargs: Any) -> Any:
    raise UnsupportedSyntax("rules cannot be replaced while a function is followed", machine.location(),
                            "enter s2sad.rules.override() around the call of the derivative")  # fmt: skip


def _no_other_backend(machine: Any, *args: Any, **kwargs: Any) -> Any:
    raise UnsupportedSyntax("the backend cannot be changed while a function is followed", machine.location(),
                            "enter s2sad.backend() around the call of the derivative")  # fmt: skip


SPECIAL[override] = SPECIAL[Override.__enter__] = _not_followed
SPECIAL[backend] = SPECIAL[backend.__enter__] = _no_other_backend
