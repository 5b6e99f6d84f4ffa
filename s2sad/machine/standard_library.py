"""Functions of the standard library that make or choose functions and classes, where following their source would say less."""
from __future__ import annotations

import abc
import collections
import dataclasses
import enum
import functools
import gc
import logging
import sys
import traceback
import typing
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.machine import builtin_functions
from s2sad.machine.callables import SPECIAL

DISPATCH = functools.singledispatch(min).dispatch.__code__
COMPARING = type(functools.cmp_to_key(min))
ASKING = (sys.exc_info, sys.exception, traceback.format_exc, traceback.print_exc, logging.exception, logging.Logger.exception,
          logging.LoggerAdapter.exception)  # fmt: skip
PLAIN: tuple[Any, ...] = (abc.abstractmethod, functools.total_ordering, typing.final, typing.overload, typing.runtime_checkable,
                          typing.no_type_check, enum.unique, collections.namedtuple, dataclasses.field)  # fmt: skip


def debugger(machine: Any, function: Any) -> Any:
    """What is called in the user's frame: a function that starts a debugger there, as it is."""
    return function if starts_debugger(function) else functools.partial(machine.call, function)


def starts_debugger(function: Any) -> bool:
    return function is breakpoint or function is getattr(sys.modules.get("pdb"), "set_trace", breakpoint)


def asks_for_exception(function: Any, kwargs: dict[str, Any]) -> bool:
    """Whether a function says something of the exception that is being handled where it is called."""
    plain = getattr(function, "__func__", function)
    return bool(kwargs.get("exc_info")) or any(plain is f for f in ASKING)


class Ordered:
    """What a key of `functools.cmp_to_key` makes of an object: it is ordered by what a function says of it and another one."""

    __slots__ = ("compare", "machine", "obj")

    def __init__(self, machine: Any, key: Any, obj: Any) -> None:
        self.machine, self.obj = machine, obj
        self.compare = next(f for f in gc.get_referents(key) if f is not COMPARING)

    def _answer(self, symbol: str, other: Ordered) -> bool:
        sign = self.machine.call(self.compare, self.obj, other.obj)
        return bool(self.machine.truth(self.machine.compare(symbol, sign, 0)))

    def __lt__(self, other: Ordered) -> bool:
        return self._answer("<", other)

    def __gt__(self, other: Ordered) -> bool:
        return self._answer(">", other)

    def __le__(self, other: Ordered) -> bool:
        return self._answer("<=", other)

    def __ge__(self, other: Ordered) -> bool:
        return self._answer(">=", other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ordered) and self._answer("==", other)

    __hash__ = None  # type: ignore[assignment]


def decorated(machine: Any, kind: Any = None, **options: Any) -> Any:
    """`dataclasses.dataclass`, with or without options."""
    make: Callable[..., Any] = dataclasses.dataclass
    return functools.partial(make, **options) if kind is None else make(kind, **options)


def setting(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that changes how NumPy works: an effect, though it is given no object that it could change."""
    return lambda machine, *args, **kwargs: machine.opaque(function, args, kwargs)


def leave_errstate(machine: Any, manager: Any, *details: Any) -> Any:
    """`np.errstate.__exit__`, to which it is the same which exception passes."""
    return machine.opaque(np.errstate.__exit__, (manager, None, None, None), {})


SPECIAL |= {f: setting(f) for f in (np.errstate.__enter__, np.seterr, np.seterrcall, np.setbufsize, np.set_printoptions)}
SPECIAL[np.errstate.__exit__] = leave_errstate
SPECIAL |= {dataclasses.dataclass: decorated, **{known: builtin_functions.native(known) for known in PLAIN}}
