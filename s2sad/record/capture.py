"""What comes from outside the function: read afresh at each call, guarded on type or identity."""
from __future__ import annotations

import builtins
import collections
import functools
import operator
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.ir.program import type_of
from s2sad.ir.writing import Box
from s2sad.machine import callables, objects
from s2sad.machine.foreign import is_code, is_method
from s2sad.machine.traced import Traced, any_traced, check_array, strip
from s2sad.rules import structural
from s2sad.rules.language import Primitive
from s2sad.rules.structural import CALL, OBJECT
from s2sad.runtime import asking
from s2sad.runtime.control import outcome, subject
from s2sad.runtime.same import same_key

NUMBERS = (bool, int, float, complex, np.generic)


class World:
    """What is read from outside the function: each value once, as long as nothing may have changed it.

    It is asked for what an argument, a name, an attribute or an item from outside is to the function, and writes the read down with its
    guards, through the machine, which performs it and remembers what was asked.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.is_counter: Callable[[Primitive, list[Any]], bool] = lambda primitive, args: False  # which may be another at each step

    def read(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        """A value that a primitive reads."""
        if isinstance(value, Traced):  # a class made inside the function keeps followed values as attributes
            return value
        key = (primitive, *(a.var if isinstance(a, Box) else same_key(a) for a in args))
        if key not in self.machine.memo and _is_stable(args[0]) and not isinstance(value, (*NUMBERS, np.ndarray, objects.Missing)):
            return value
        if self.is_counter(primitive, args):
            return self._read(value, primitive, args)
        return self.machine.once(key, lambda: self._read(value, primitive, args))

    def _read(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        found = self._read_now(value, primitive, args)
        return self.machine.changes.read(value, primitive, args, found)

    def _read_now(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        machine = self.machine
        premise = value is not objects.MISSING and self._premise(value, args)
        if not premise and primitive is not OBJECT:
            value = self._logged(value, primitive, args)
        if value is objects.MISSING:
            machine.guard("is", machine.emit(CALL, [*absence(primitive, args), {}], value), value)
            return value
        return machine.admit(machine.emit(primitive, args, value), value, fixed=True, stable=_is_stable(args[0]), premise=premise)

    def _logged(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        """What is read now, or what a path left halfway has read in this call of the gradient."""
        try:
            return self.machine.performed.reading(objects.what_is_read(primitive, strip(args)), lambda: value)
        except (AttributeError, KeyError, ValueError):
            return objects.MISSING

    def _premise(self, value: Any, args: list[Any]) -> bool:
        """Whether the identity of what is read can be asked before the path starts: nothing happened yet that could change it."""
        return is_code(value) and not is_method(value) and not self.machine.sheet.acted and not any(isinstance(a, Box) for a in args)

    def admit(self, box: Box, value: Any, fixed: bool, stable: bool = False, premise: bool = False) -> Any:
        """What a value from outside is to the function: plain if its identity is guarded (`fixed`), followed otherwise."""
        machine = self.machine
        if fixed and (value is None or (is_code(value) and not is_method(value))):
            if not stable:
                machine.guard("is", box, value, premise=premise)
            return value
        if fixed and (method := self.method(box, value, stable)) is not None:
            return method
        if value is Ellipsis or value is None:
            machine.guard("is", box, value)
            return value
        if isinstance(value, (np.dtype, range, slice)):
            machine.sheet.guard_value(box, value)
            return value
        if isinstance(value, np.ndarray):
            check_array(value, machine.location())
            if fixed:
                machine.external[id(box)] = box
                machine.writable.admitted(box)
            else:
                machine.writable.given_back.append(box)
        if not stable:
            machine.guard("type", box, type_of(value))
        if isinstance(value, np.ndarray):
            return machine.reached.admitted(box, fixed)
        if type(value) in (list, dict) or trees.closed(value):
            machine.containers.meet(box)
        return machine.containers.unfold(box, value) if machine.containers.takes_apart(value) else box

    def method(self, box: Box, value: Any, stable: bool) -> Any:
        """A bound method from outside, taken apart: each access makes a new one, but its function and its owner stay."""
        machine = self.machine
        if stable or not is_method(value):
            return None
        machine.guard("type", box, type(value))
        if isinstance(value, functools.partial):
            function, args, keywords = (self._held(box, value, name) for name in ("func", "args", "keywords"))
            return functools.partial(function, *args, **keywords)
        holder = self._held(box, value, "__self__")
        if isinstance(value, types.MethodType) and isinstance(value.__func__, (types.FunctionType, callables.Transform)):
            return types.MethodType(self._held(box, value, "__func__"), holder)
        name = machine.concrete(self._held(box, value, "__name__"))
        return callables.NativeMethod(name, holder) if isinstance(holder, Traced) else getattr(holder, name)

    def _held(self, box: Box, value: Any, name: str) -> Any:
        return self.read(getattr(value, name), structural.ATTRIBUTE, [box, name])

    def entry(self, function: Any) -> Any:
        """The function to differentiate: what it is bound to comes from outside."""
        plain = isinstance(function, (Traced, types.FunctionType, type, np.ufunc, callables.Transform)) or id(function) in self.machine.made
        if plain or (isinstance(function, types.BuiltinFunctionType) and not is_method(function)):
            return function
        held = (function.args, function.keywords) if isinstance(function, functools.partial) else asking.receiver(function)
        if any_traced(held) or id(asking.receiver(function)) in self.machine.made:
            return function
        return self.read(function, OBJECT, [function])

    def argument(self, value: Any, name: str) -> Any:
        """An argument of the recorded call: followed, or plain where its class says it all or its identity is guarded."""
        box = self.machine.parameter(value, name)
        if value is None:
            return None
        method = self.method(box, value, False)
        if method is not None:
            return method
        if is_code(value):
            self.machine.guard("is", box, value)
            return value
        return box

    def outside_item(self, owner: Traced, index: Any) -> Any:
        """`owner[index]` of a container from outside."""
        machine = self.machine
        index = machine.concrete(index)
        if hasattr(type(owner.value), "__missing__") and type(owner.value) is not collections.Counter:
            return machine.opaque(operator.getitem, (owner, index), {})  # which may put an item there
        return self.item(owner, owner.value, index)

    def item(self, owner: Traced, container: Any, index: Any) -> Any:
        """An item of a container from outside, or the exception that there is none."""
        assert isinstance(owner, Box)
        key = (structural.ITEM, owner.var, same_key(index))
        return self.machine.once(key, lambda: self._read_item(owner, container, index))

    def _read_item(self, owner: Box, container: Any, index: Any) -> Any:
        machine = self.machine
        live = outcome(lambda: container[index])
        try:
            value = machine.performed.reading(subject(operator.getitem, (container, index), {}), live.take)
        except Exception as error:
            machine.sheet.raised(structural.ITEM, [owner, index], error)
            raise
        found = machine.admit(machine.emit(structural.ITEM, [owner, index], value), value, fixed=True)
        return machine.changes.read_item(owner, container, index, found)


def absence(primitive: Primitive, args: list[Any]) -> tuple[Any, list[Any]]:
    """The call that gives MISSING where there is nothing to read."""
    if primitive is structural.ATTRIBUTE:
        return getattr, [*args, objects.MISSING]
    return (objects.contents, args[:1]) if primitive is structural.CELL else (objects.global_of, args)


def _is_stable(owner: Any) -> bool:
    """Whether what an object holds stays: a module of a library, but for those that hold what programs set, as `sys.stdout`."""
    return isinstance(owner, types.ModuleType) and owner not in (builtins, sys) and objects.is_library(owner.__name__)
