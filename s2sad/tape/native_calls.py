"""Calls on the tape: native code is given arrays whose memory is followed in such a way that the machine is asked.

Each function takes the machine. What is no matter of arrays goes on to what a call means for any machine.
"""
from __future__ import annotations

import copy
import itertools
import operator
import types
from typing import Any

import numpy as np

from s2sad.errors import UnsupportedMutation
from s2sad.machine import array_writes, builtin_functions, calls, objects
from s2sad.machine.callables import Transform
from s2sad.machine.callbacks import Callback
from s2sad.machine.native_code import missing
from s2sad.machine.questions import ARRAY_WRITERS
from s2sad.machine.traced import BINARY, Traced, strip
from s2sad.rules.language import METHODS
from s2sad.rules.operations import COPY_IN_ORDER
from s2sad.tape import arrays
from s2sad.tape.memory import strip_array

IN_PLACE = {f"__i{name}__": symbol for name, symbol in BINARY.items()}
BUILTIN = (types.BuiltinFunctionType, types.MethodWrapperType)
GETTERS = (operator.itemgetter, operator.attrgetter, operator.methodcaller)
OF_CLASS = (types.MethodDescriptorType, types.WrapperDescriptorType)
VIEWING = type(np.lib.stride_tricks.sliding_window_view)
VIEWS = frozenset({np.lib.stride_tricks.sliding_window_view, np.lib.stride_tricks.as_strided})


def call(machine: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`function(*args, **kwargs)`."""
    if isinstance(function, types.FunctionType | VIEWING) and function in VIEWS and machine.active(args[0]):
        machine.memory.region(strip(args[0]))
        return function(strip(args[0]), *strip(args[1:]), **strip(kwargs))
    if isinstance(function, Transform):
        with machine.world.staying_inside((args, kwargs)):
            args, kwargs = machine.memory.apart((args, kwargs))
            return calls.dispatch(machine, function, args, kwargs)
    if isinstance(function, types.FunctionType):
        if (function.__module__ or "").startswith("s2sad.api."):
            args = (*args[:1], *machine.memory.apart(args[1:]))
        elif function is copy.deepcopy or function is copy.copy:
            return duplicated(machine, function, *args, **kwargs)
    elif isinstance(function, type) and function is np.ndenumerate and strip_array(args[0]) is not None:
        return ((index, machine.item(args[0], index)) for index in np.ndindex(strip(args[0]).shape))
    elif isinstance(function, BUILTIN) and isinstance(function.__self__, np.ndarray):
        return method(machine, function.__self__, function.__name__, args, kwargs)
    elif isinstance(function, OF_CLASS) and function.__objclass__ is np.ndarray and args and isinstance(args[0], np.ndarray):
        return method(machine, args[0], function.__name__, args[1:], kwargs)
    elif isinstance(function, types.MethodType) and getattr(function.__func__, "__name__", "") == "shuffle" and args:
        check_shuffle(machine, function, args[0])
    elif isinstance(function, (type, *BUILTIN, *GETTERS)):
        return native(machine, function, args, kwargs)
    return calls.dispatch(machine, function, args, kwargs)


def method(machine: Any, owner: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A method of an array that native code knows how to call."""
    array = strip(owner)
    if name in array_writes.METHODS:
        return calls.dispatch(machine, array_writes.METHODS[name], (owner, *args), kwargs)
    if name in IN_PLACE:
        return machine.inplace(IN_PLACE[name], owner, *args)
    if name == "__setitem__":
        return machine.set_item(args[1], owner, args[0])
    if name in ARRAY_WRITERS:
        machine.world.check_write(array, f"{name}()")
        if machine.memory.concerned(array, args):
            raise UnsupportedMutation(f"the method {name}() changes what its array is", machine.location(),
                                      "make a new array, such as np.resize")  # fmt: skip
    if machine.active(owner, args, kwargs):
        if name in METHODS:
            return calls.dispatch(machine, METHODS[name], (owner, *args), kwargs)
        if name not in Traced.__dict__:
            raise missing(machine, getattr(array, name))
        return getattr(machine.memory.lifted(owner), name)(*args, **kwargs)
    return getattr(array, name)(*strip(args), **strip(kwargs))


def native(machine: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function that is not written in Python: written memory is seen by it through Variables, and iterated by the machine."""
    name, module = getattr(function, "__name__", ""), getattr(function, "__module__", "")
    if module == "_operator" and args and isinstance(args[0], np.ndarray):
        if f"__{name}__" in IN_PLACE:
            return machine.inplace(IN_PLACE[f"__{name}__"], *args)
        if name == "setitem":
            return machine.set_item(args[2], args[0], args[1])
    if function is reversed and isinstance(args[0], np.ndarray) and args[0].ndim:
        return arrays.rows(machine, args[0], None, reversed(range(len(args[0]))))
    if builtin_functions.iterates(function):
        if function is itertools.accumulate and len(args) < 2:
            kwargs = {"func": operator.add, **kwargs}
        args = tuple([iterable(machine, a) for a in args])
        if not (isinstance(function, type) and issubclass(function, dict)):  # which holds what has names
            kwargs = {k: iterable(machine, v) for k, v in kwargs.items()}
    elif machine.memory.written and function is not id and (not isinstance(function, type) or calls.follows_protocols(function)):
        args = tuple([machine.memory.lifted(a) for a in args])
    return calls.dispatch(machine, function, args, kwargs)


def iterable(machine: Any, value: Any) -> Any:
    """What native code iterates over, or calls, such that the machine is asked."""
    if arrays.is_iterated(value):
        return machine.iterate(value)
    if isinstance(value, GETTERS) or (isinstance(value, BUILTIN) and value.__module__ == "_operator"):
        return Callback(machine, value)
    return machine.memory.lifted(value)


def method_of_followed(machine: Any, owner: Traced, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A method that is native code, of a followed value."""
    if strip_array(owner) is not None:
        return method(machine, owner, name, args, kwargs)
    if not isinstance(owner.value, (str, bytes)) and machine.active(owner, args, kwargs):
        raise missing(machine, getattr(owner.value, name))
    return getattr(owner.value, name)(*strip(args), **strip(kwargs))


def duplicated(machine: Any, function: Any, value: Any, memo: Any = None, **kwargs: Any) -> Any:
    """`copy.copy(value)` or `copy.deepcopy(value, memo)`."""
    array = strip_array(value)
    if array is not None and array.dtype != object and machine.active(value):
        if memo is not None and id(value) in memo:
            return memo[id(value)]
        made = machine.apply(COPY_IN_ORDER, COPY_IN_ORDER.bind((value,), {"order": "K"}))
        if memo is not None:
            memo[id(value)] = made
        return made
    return calls.dispatch(machine, function, (value, *(() if memo is None else (memo,))), kwargs)


def check_shuffle(machine: Any, function: Any, array: Any) -> None:
    """Generators of random numbers write into what they shuffle."""
    if isinstance(array, np.ndarray) and objects.is_library(function.__func__.__module__ or ""):
        machine.world.check_write(array, "shuffle()")
        if machine.memory.concerned(array, 0.0):
            raise missing(machine, function)
