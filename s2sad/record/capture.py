"""What comes from outside the function: read afresh at each call, guarded on type or identity, and effects that happen once."""
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
from s2sad.errors import MissingRule, UnsupportedMutation
from s2sad.ir.program import type_of
from s2sad.ir.writing import Box, Writer
from s2sad.machine import callables, calls, finding, foreign, objects, protocols
from s2sad.machine.foreign import is_code, is_method
from s2sad.machine.standing import Outer
from s2sad.machine.traced import Traced, any_traced, check_array, strip, traced_in
from s2sad.record.identities import Identities
from s2sad.record.pins import Pinned
from s2sad.rules import structural
from s2sad.rules.language import Primitive
from s2sad.rules.structural import CALL, OBJECT, PERFORM
from s2sad.runtime import asking, containers
from s2sad.runtime.control import is_argument, outcome, subject
from s2sad.runtime.same import same_key

NUMBERS = (bool, int, float, complex, np.generic)
LONG = 256  # a container from outside with more items than this is read item by item, not copied


class Capturing(Writer):
    """The part of a recording that meets the world around the function."""

    pins: Pinned
    identities: Identities

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.met: dict[Any, Box] = {}  # containers from outside
        self.changed_kinds: set[type] = set()  # of the containers among the arguments that are changed

    def once(self, key: Any, ask: Callable[[], Any]) -> Any:
        """What was asked of the world outside, with the statements that say so: asked once, and remembered as long as these stand."""
        if key not in self._memo:
            self._memo[key] = ask()
        return self._memo[key]

    # What comes from outside the function

    def captured(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        if isinstance(value, Traced):  # a class made inside the function keeps followed values as attributes
            return value
        key = (primitive, *(a.var if isinstance(a, Box) else same_key(a) for a in args))
        if key not in self._memo and _is_stable(args[0]) and not isinstance(value, (*NUMBERS, np.ndarray, objects.Missing)):
            return value
        return self.once(key, lambda: self._captured(value, primitive, args))

    def _captured(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        premise = value is not objects.MISSING and self._premise(value, args)
        if not premise and primitive is not OBJECT:
            value = self._logged(value, primitive, args)
        if value is objects.MISSING:
            self.guard("is", self._emit(CALL, [*self._absence(primitive, args), {}], value), value)
            return value
        return self._admit(self._emit(primitive, args, value), value, fixed=True, stable=_is_stable(args[0]), premise=premise)

    def _logged(self, value: Any, primitive: Primitive, args: list[Any]) -> Any:
        """What is read now, or what a path left halfway has read in this call of the gradient."""
        try:
            return self.performed.reading(objects.what_is_read(primitive, strip(args)), lambda: value)
        except (AttributeError, KeyError, ValueError):
            return objects.MISSING

    def _absence(self, primitive: Primitive, args: list[Any]) -> tuple[Any, list[Any]]:
        """The call that gives MISSING where there is nothing to read."""
        if primitive is structural.ATTRIBUTE:
            return getattr, [*args, objects.MISSING]
        return (objects.contents, args[:1]) if primitive is structural.CELL else (objects.global_of, args)

    def _premise(self, value: Any, args: list[Any]) -> bool:
        """Whether the identity of what is read can be asked before the path starts: nothing happened yet that could change it."""
        return is_code(value) and not is_method(value) and not self._effects and not any(isinstance(a, Box) for a in args)

    def _admit(self, box: Box, value: Any, fixed: bool, stable: bool = False, premise: bool = False) -> Any:
        """A value from outside: plain if its identity is guarded (`fixed`), followed otherwise, containers item by item."""
        if fixed and (value is None or (is_code(value) and not is_method(value))):
            if not stable:
                self.guard("is", box, value, premise=premise)
            return value
        if fixed and (method := self._method(box, value, stable)) is not None:
            return method
        if value is Ellipsis or value is None:
            self.guard("is", box, value)
            return value
        if isinstance(value, (np.dtype, range, slice)):
            self.guard_value(box, value)
            return value
        if isinstance(value, np.ndarray):
            check_array(value, self.location())
            if fixed:
                self.external[id(box)] = box
                self.admitted(box)
        if not stable:
            self.guard("type", box, type_of(value))
        if type(value) in (list, dict) or trees.closed(value):
            self.meet(box)
        return self._unfold(box, value) if self.takes_apart(value) else box

    def meet(self, box: Box) -> None:
        """A container from outside is seen; it may be one of the arguments, of which the function has a copy."""
        self.met[box.var] = box
        if type(box.value) in self.changed_kinds:
            self.once(("apart", box.var), lambda: self.check_apart(box))

    def changed_argument(self, container: Any) -> None:
        outer, kind = self.identities.stands_for(container), type(container)
        if outer is not None and outer.apart:
            self.changed_kinds.add(kind)
            for box in [box for box in self.met.values() if type(box.value) is kind]:
                self.once(("apart", box.var), functools.partial(self.check_apart, box))

    def changed_outside(self, owner: Any) -> None:
        """An object from outside is changed."""
        if isinstance(owner, Box) and any(o.apart and type(v) is type(owner.value) for v, o in self.identities.outers.values()):
            self.once(("apart", owner.var), lambda: self.check_apart(owner))

    def check_apart(self, box: Box) -> None:
        """A container from outside is not to be one of the arguments: a change of one would have to be seen in the other."""
        found = self.performed.read(is_argument, box.value)
        if found:
            self.refuse_write(f"a {type(box.value).__name__} is changed that is an argument, and an object from outside as well")
        self.guard("truth", self._emit(CALL, [is_argument, [box], {}], found), found)

    def takes_apart(self, value: Any) -> bool:
        """Whether a value is a container that is copied, with its items, rather than read item by item."""
        return type(value) in (list, tuple, dict) and len(value) <= LONG

    def admitted(self, box: Box) -> None:
        """Asked for each array from outside."""

    def _method(self, box: Box, value: Any, stable: bool) -> Any:
        """A bound method from outside, taken apart: each access makes a new one, but its function and its owner stay."""
        if stable or not is_method(value):
            return None
        self.guard("type", box, type(value))
        if isinstance(value, functools.partial):
            parts = {name: self.captured(getattr(value, name), structural.ATTRIBUTE, [box, name]) for name in ("func", "args", "keywords")}
            return functools.partial(parts["func"], *parts["args"], **parts["keywords"])
        owner = value.__self__
        holder = self.captured(owner, structural.ATTRIBUTE, [box, "__self__"])
        if isinstance(value, types.MethodType) and isinstance(value.__func__, types.FunctionType):
            return types.MethodType(self.captured(value.__func__, structural.ATTRIBUTE, [box, "__func__"]), holder)
        name = self.concrete(self.captured(value.__name__, structural.ATTRIBUTE, [box, "__name__"]))
        return callables.NativeMethod(name, holder) if isinstance(holder, Traced) else getattr(holder, name)

    def argument(self, value: Any, name: str) -> Any:
        """An argument of the recorded call: followed, or plain where its class says it all or its identity is guarded."""
        box = self.parameter(value, name)
        if value is None:
            return None
        method = self._method(box, value, False)
        if method is not None:
            return method
        if is_code(value):
            self.guard("is", box, value)
            return value
        return box

    def _unfold(self, box: Box, value: Any) -> Any:
        """A container from outside as one of ours: its length and keys are guarded, its items are read afresh."""
        copy, first = self.once(("unfolded", id(value)), lambda: (self._copy(box, value), box))
        if first is not box:
            same = self.performed.read(operator.is_, box.value, first.value)
            self.guard("truth", self._emit(CALL, [operator.is_, [box, first], {}], same), same)
        return copy

    def _copy(self, box: Box, value: Any) -> Any:
        items = self._contents(box, value)
        copy = items if type(value) is not tuple else tuple(items)
        self.external[id(copy)] = copy
        self.identities.note(copy, Outer(value, box.var))
        self._alive.append(value)
        return copy

    def _contents(self, box: Box, value: Any) -> Any:
        """The items of a list or tuple as a list, those of a dict as a dict."""
        function: Any = len if type(value) is not dict else tuple
        shape = self.performed.read(function, value)
        self.guard_value(self._emit(CALL, [function, [box], {}], shape), shape)
        keys = shape if type(value) is dict else range(shape)
        items = [self._item(box, value, k) for k in keys]
        return dict(zip(keys, items, strict=True)) if type(value) is dict else items

    def opened(self, argument: Any) -> Any:
        leaves, structure = trees.flatten(argument, opened=trees.EVERY)
        if not any(isinstance(leaf, Box) and trees.closed(leaf.value) for leaf in leaves):
            return argument
        return trees.unflatten(structure, [self._opened(leaf) for leaf in leaves])

    def _opened(self, value: Any) -> Any:
        """A container of another class from outside, as an instance whose items and attributes are read afresh."""
        if not isinstance(value, Box) or not trees.closed(value.value):
            return value
        keys, names, state = told = self.performed.read(containers.told, value.value)
        self.guard_value(self._emit(CALL, [containers.told, [value], {}], told), told)
        contents = []
        for i in range(len(keys) + len(names)):
            part = self.performed.read(containers.part, value.value, i)
            contents.append(self.opened(self._admit(self._emit(CALL, [containers.part, [value, i], {}], part), part, fixed=True)))
        every = (*keys, *map(containers.Attribute, names))
        return containers.rebuild(type(value.value), every, contents, state)

    def _read_again(self) -> None:
        """After code that is not followed: functions may be others, lists and dicts that were taken apart may hold other items."""
        self._lowered.clear()
        for key, known in list(self._memo.items()):
            if key[0] == "unfolded" and type(known[0]) is not tuple:
                copy, box = known
                contents = self._contents(box, box.value)
                copy.clear()
                copy.update(contents) if type(copy) is dict else copy.extend(contents)

    def outside_item(self, owner: Traced, index: Any) -> Any:
        index = self.concrete(index)
        if hasattr(type(owner.value), "__missing__") and type(owner.value) is not collections.Counter:
            return self.opaque(operator.getitem, (owner, index), {})  # which may put an item there
        return self._item(owner, owner.value, index)

    def _item(self, owner: Traced, container: Any, index: Any) -> Any:
        """An item of a container from outside, or the exception that there is none."""
        assert isinstance(owner, Box)
        key = (structural.ITEM, owner.var, same_key(index))
        return self.once(key, lambda: self._read_item(owner, container, index))

    def _read_item(self, owner: Box, container: Any, index: Any) -> Any:
        live = outcome(lambda: container[index])
        try:
            value = self.performed.reading(subject(operator.getitem, (container, index), {}), live.take)
        except Exception as error:
            self._raised(structural.ITEM, [owner, index], error)
            raise
        return self._admit(self._emit(structural.ITEM, [owner, index], value), value, fixed=True)

    def outside_items(self, value: Traced) -> Any:
        if type(value.value) not in (list, tuple):
            yield from super().outside_items(value)
            return
        for index in range(self.concrete(self.opaque(len, (value,), {}, pure=True))):
            yield self.outside_item(value, index)

    def contains(self, container: Any, item: Any) -> bool:
        found = finding.found_in(self, container, item)
        return super().contains(container, item) if found is None else found

    def item(self, owner: Any, index: Any) -> Any:
        finding.settle(self, owner, index)
        if isinstance(owner, type):
            found = objects.defined(owner, "__class_getitem__")
            self.pins.attribute(owner, "__class_getitem__", found)
            if isinstance(found, classmethod) and objects.is_users(owner):
                return self.call(found.__func__, owner, index)
        if isinstance(owner, dict) and (absent := self.method(owner, "__missing__")) is not None and index not in owner:
            return self.call(absent, owner, index)
        method = self.method(index, "__index__")
        return super().item(owner, index if method is None or type(owner) not in (list, tuple) else self.call(method, index))

    def iterate(self, value: Any, hint: Any = None) -> Any:
        if self.method(value, "__iter__") is None and not hasattr(type(objects.strip_object(value)), "__iter__"):
            if self.method(value, "__getitem__") is not None:
                return protocols.counted(self, value)
        return super().iterate(value, hint)

    def set_item(self, value: Any, owner: Any, index: Any) -> None:
        finding.settle(self, owner, index)
        super().set_item(value, owner, index)

    def entry(self, function: Any) -> Any:
        """The function to differentiate: what it is bound to comes from outside."""
        plain = isinstance(function, (Traced, types.FunctionType, type, np.ufunc, callables.Transform)) or id(function) in self.made
        if plain or (isinstance(function, types.BuiltinFunctionType) and not is_method(function)):
            return function
        held = (function.args, function.keywords) if isinstance(function, functools.partial) else asking.receiver(function)
        if any_traced(held) or id(asking.receiver(function)) in self.made:
            return function
        return self.captured(function, OBJECT, [function])

    # Effects and native code

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        arguments = [function, list(args), dict(kwargs)]
        primitive = CALL if pure else PERFORM
        self.operand(arguments)
        plain = strip(function), foreign.guarded(strip(args)), foreign.guarded(strip(kwargs))
        before = repr(plain[1]) if any(type(a) in (list, dict, set) for a in args) else None
        if not pure:
            self._effects = True
            self._memo = {k: v for k, v in self._memo.items() if k[0] in ("unfolded", "mirrored")}
        what = plain[0], foreign.told(args, plain[1]), dict(zip(kwargs, foreign.told(kwargs.values(), plain[2].values()), strict=True))
        try:
            act = lambda: plain[0](*plain[1], **plain[2])
            value = self.performed.reading(subject(*what), act) if pure else self.performed.done(what, act)
        except Exception as error:
            if isinstance(error, ValueError) and "read-only" in str(error) and any(isinstance(a, np.ndarray) for a in plain[1]):
                raise UnsupportedMutation(f"native code ({getattr(plain[0], '__name__', plain[0])}) writes into an array", self.location(),
                                          "use a function that returns a new array") from None  # fmt: skip
            self._raised(primitive, arguments, error)
            if not pure and foreign.runs_users_code(*plain):
                self._read_again()
            raise
        if before is not None and before != repr(plain[1]):
            raise UnsupportedMutation(f"native code ({getattr(function, '__name__', function)}) changes a container of the function",
                                      self.location(), "use a function that returns a new container")  # fmt: skip
        if any_traced(value):
            raise MissingRule(f"native code ({getattr(function, '__name__', function)}) gives what holds followed values", self.location(),
                              "write the operation out")  # fmt: skip
        box = self._emit(primitive, arguments, value)
        if not pure and foreign.runs_users_code(*plain):
            self._read_again()
        self.handed_out(plain[0], args, kwargs, box)
        return None if value is None else self._admit(box, value, fixed=False)

    def natively(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        result = super().natively(function, args, kwargs)
        if isinstance(result, Box) and is_code(result.value) and not is_method(result.value):  # the same one in every call
            self.guard("is", result, result.value)
            return result.value
        return result

    def handed_out(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], result: Box) -> None:
        """Arrays that native code may have a hold on, through what it returned, cannot be followed through a write."""
        value = result.value
        if value is None or isinstance(value, (*NUMBERS, str, bytes, type, np.dtype)):
            return
        owner = getattr(function, "__self__", None)
        if isinstance(value, np.ndarray):
            result.native = not any(str(m).startswith("numpy") for m in (getattr(function, "__module__", ""), type(owner).__module__))
        for box in traced_in((args, kwargs)):
            if isinstance(box, Box) and isinstance(box.value, np.ndarray):
                if not isinstance(value, np.ndarray) or np.may_share_memory(value, box.value):
                    box.root.native = result.native = True

    def native_method(self, owner: Traced, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        text = isinstance(owner.value, (str, bytes))  # what a method of it gives, a text or a number of characters, has no derivative
        if text and name == "join":
            args = tuple([a if isinstance(a, (Traced, list, tuple)) else list(self.iterate(a)) for a in args])
        if not text and self.active(owner, args, kwargs):
            kind = type(owner.value).__name__
            raise MissingRule(f"{kind}.{name}() has no derivative rule and receives a value that is being differentiated",
                              self.location(), "use a NumPy function that has a rule, or register one for your own function")  # fmt: skip
        pure = self.only_reads(owner.value, name, args)
        method = self._emit(structural.ATTRIBUTE, [owner, name], self.performed.read(getattr, owner.value, name))
        result = self.opaque(method, args, kwargs, pure=pure)
        if isinstance(result, Box):
            self.handed_out(method.value, (owner, *args), kwargs, result)
        return result

    def only_reads(self, owner: Any, name: str, args: tuple[Any, ...]) -> bool:
        """Whether a method of a native object changes nothing."""
        return isinstance(owner, (*NUMBERS, np.ndarray, str, bytes))

    def lowered(self, function: Any) -> Any:
        if function not in self._lowered:
            if not objects.is_library(function.__module__ or ""):
                self.pins.code(function)
            self._lowered[function] = calls.lowered(self, function)
        return self._lowered[function]


def _is_stable(owner: Any) -> bool:
    """Whether what an object holds stays: a module of a library, but for those that hold what programs set, as `sys.stdout`."""
    return isinstance(owner, types.ModuleType) and owner not in (builtins, sys) and objects.is_library(owner.__name__)
