"""What a value from outside is: code, a method of an owner, or what is not followed and may run functions of the user's."""
from __future__ import annotations

import enum
import functools
import operator
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

from s2sad.machine import callables, objects
from s2sad.machine.traced import Traced
from s2sad.rules import effects, following

STORES = (setattr, delattr, operator.setitem, operator.delitem, objects.assign_global, np.copyto)


def guarded(value: Any) -> Any:
    """Arrays for native code: views that cannot be written."""
    if isinstance(value, np.ndarray):
        view = value.view()
        view.flags.writeable = False
        return view
    if type(value) in (list, tuple):
        return type(value)(guarded(v) for v in value)
    return {k: guarded(v) for k, v in value.items()} if type(value) is dict else value


def told(args: Iterable[Any], plain: Iterable[Any]) -> tuple[Any, ...]:
    """What tells a call from others: containers from outside by what they are, whatever is put into them later; the rest by its value."""
    return tuple(a.value if isinstance(a, Traced) and isinstance(a.value, (list, dict, set)) else p
                 for a, p in zip(args, plain, strict=True))  # fmt: skip


def runs_users_code(function: Any, args: Any, kwargs: Any) -> bool:
    """Whether native code may run functions of the user's: its own, those it is given, or those of the objects it is given."""
    if not objects.is_library(getattr(function, "__module__", None) or "builtins"):
        return True
    return any(map(holds_users_code, (*args, *kwargs.values(), getattr(function, "__self__", None))))


def meddles(function: Any, args: Any, kwargs: Any) -> bool:
    """Whether an effect may change more than it is given: not an assignment, nor a method of Python's own containers."""
    return not _stores(function) and runs_users_code(function, args, kwargs)


def leaves_arrays(function: Any, args: Any, kwargs: Any) -> bool:
    """Whether an effect is known to write into no array without being told so: it prints, draws, or puts something into what it is given.

    >>> leaves_arrays(print, (np.ones(2),), {}), leaves_arrays(np.random.default_rng().shuffle, (np.ones(2),), {})
    (True, False)
    """
    if _stores(function):
        return not any(map(holds_users_code, kwargs.values())) and not (args and _is_memory(args[0]))
    return effects.gives(function, args, kwargs) is not None and not runs_users_code(function, args, effects.beside_output(kwargs))


def _is_memory(value: Any) -> bool:
    """Whether an object shows memory that may be an array's as well."""
    if isinstance(value, np.ndarray):
        return False
    try:
        return not memoryview(value).readonly
    except TypeError:
        return False


def _stores(function: Any) -> bool:
    return isinstance(function, (types.MethodDescriptorType, types.WrapperDescriptorType)) or any(function is f for f in STORES)


def holds_users_code(value: Any) -> bool:
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        return any(map(holds_users_code, value.values() if isinstance(value, dict) else value))
    return isinstance(value, (types.FunctionType, types.MethodType, types.GeneratorType)) or objects.is_users(type(value))


def is_code(value: Any) -> bool:
    """Functions, classes and modules: what a path is specialised to, by identity."""
    kinds = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType, type, np.ufunc, types.MethodType, callables.Transform)
    return isinstance(value, (*kinds, enum.Enum)) or type(value).__module__ in ("functools", "operator", "uarray") or (
        type(value).__module__ == "numpy" and callable(value)) or following.is_named(value)  # fmt: skip


def is_method(value: Any) -> bool:
    """Whether the value is a function bound to an object or to arguments, rather than one of a module or class."""
    if not isinstance(value, (types.MethodType, types.BuiltinMethodType)):
        return isinstance(value, functools.partial)
    return value.__self__ is not None and not isinstance(value.__self__, (types.ModuleType, type))
