"""What lowered code asks: the meaning of Python's operations on values that are followed.

The questions are the same for the recorder and for the tape; what these decide for themselves stands in `Decisions`.
"""
from __future__ import annotations

import collections
import functools
import operator
import sys
import types
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np

from s2sad.errors import Location, UnsupportedMutation
from s2sad.front.nodes import UNIT
from s2sad.machine import array_writes, attributes, caches, callables, calls, instances, matching, native_code, objects, standard_library
from s2sad.machine.conversions import as_index, as_written
from s2sad.machine.decisions import Decisions
from s2sad.machine.objects import strip_object
from s2sad.machine.places import Places
from s2sad.machine.rows import Rows
from s2sad.machine.standing import Standing
from s2sad.machine.traced import Traced, any_traced
from s2sad.rules.language import ATTRIBUTES, BY_NAME, METHODS
from s2sad.rules.operations import CONJUGATE, GETITEM
from s2sad.rules.rule_text import SYMBOLS
from s2sad.runtime.control import GivenUp, loaded
from s2sad.runtime.notices import MACHINE

OPERATOR = dict(SYMBOLS.values())
STATIC_ATTRIBUTES = frozenset({"__class__", "shape", "ndim", "size", "dtype", "itemsize", "nbytes", "denominator"})
ARRAY_WRITERS = frozenset({"resize", "setflags", "setfield", "byteswap"})
LAYOUT = frozenset({"flat", "base", "data", "ctypes", "strides", "flags"})
COLLECTIONS = (list, tuple, dict, set, frozenset, collections.deque)  # which end a `while` by getting empty
REPEATED = (list, tuple, collections.deque)
NUMERIC = (int, float, complex, np.generic, np.ndarray)


class Machine(Decisions):
    """Answers to the questions of lowered code; see the module. `pins` is what they depend on, `identities` what values stand for."""

    compared = False
    """Whether the value of what it makes is compared with that of the function, at first use."""

    def __init__(self) -> None:
        super().__init__()
        self.pins: objects.Pins = objects.Pins()
        self.identities: Standing = Standing()
        self.tested: Any = None
        self.stack: list[Any] = []
        self.captures: dict[str, Any] = {}
        self.external = {}
        self.made: dict[int, Any] = {}
        self.caches: dict[int, caches.Cache] = {}
        self.lowerings: dict[Any, Any] = {}  # functions, and formulas of rules, lowered for this machine
        self.formulas = 0
        self.counted: Any = None  # what counts the steps of its loops, where they are counted
        self.places: list[Any] | None = None  # of followed values in a text that Python writes
        self.running: Any = None  # the native function that was called last with followed values
        self.instructions = Places()

    # Control: truth values, and values kept while a condition is asked

    def test(self, value: Any) -> bool:
        answer = self.truth(value)
        self.tested = value
        return answer

    def last(self) -> Any:
        return self.tested

    def hold(self, value: Any) -> Any:
        self.stack.append(value)
        return value

    def held(self) -> Any:
        return self.stack.pop()

    def unhold(self) -> Any:
        self.stack.pop()
        return self.tested

    def truth(self, value: Any) -> bool:
        if isinstance(value, Traced) and isinstance(value.value, (*NUMERIC, str)):
            return self.decide(value)
        for name in ("__bool__", "__len__"):
            method = self.method(value, name)
            if method is not None:
                return self.truth(self.call(method, value))
        if isinstance(value, Traced):
            return self.decide(value)
        return bool(value)

    # Operations
    def binary(self, symbol: str, left: Any, right: Any) -> Any:
        try:
            return self.operate(symbol, left, right)
        except ArithmeticError:
            if self.formulas and BY_NAME[symbol].total:  # a derivative is infinite where Python's own operator raises
                return self.call(BY_NAME[BY_NAME[symbol].total].callee, left, right)
            raise

    def operate(self, symbol: str, left: Any, right: Any) -> Any:
        answer = objects.overloaded(self, symbol, left, right)
        if answer is not NotImplemented:
            return answer
        if isinstance(strip_object(left), (str, bytes)) and any_traced(left, right):
            return self.opaque(OPERATOR[symbol], (left, right), {}, pure=True)
        if not isinstance(left, Traced) and not isinstance(right, Traced) and not self.lifts(left, right):
            return OPERATOR[symbol](left, right)
        if symbol == "*":
            for items, count in ((left, right), (right, left)):
                if isinstance(items, REPEATED) and isinstance(strip_object(count), (int, np.integer)):
                    return items * operator.index(self.concrete(count))  # the number is made plain, the items stay followed
        return self.apply(BY_NAME[symbol], [calls.as_list(self, left), calls.as_list(self, right)])

    def unary(self, symbol: str, operand: Any) -> Any:
        method = self.method(operand, objects.UNARY_METHODS[symbol])
        if method is not None:
            return self.call(method, operand)
        if isinstance(operand, Traced):
            return self.apply(BY_NAME[symbol], [operand])
        return OPERATOR[symbol](operand)

    def compare(self, symbol: str, left: Any, right: Any) -> Any:
        if symbol in ("is", "is not"):
            same = self.identical(left, right)
            return same if symbol == "is" else not same
        if symbol in ("in", "not in"):
            found = self.contains(right, left)
            return found if symbol == "in" else not found
        answer = objects.overloaded(self, symbol, left, right)
        if answer is not NotImplemented:
            return answer
        if not isinstance(left, Traced) and not isinstance(right, Traced):
            return OPERATOR[symbol](left, right)
        return self.apply(BY_NAME[symbol], [left, right])

    def identical(self, left: Any, right: Any) -> bool:
        if left is right:
            return True
        if isinstance(left, Traced) or isinstance(right, Traced):
            values = strip_object(left), strip_object(right)
            if all(isinstance(v, bool) for v in values):
                return self.concrete(left) is self.concrete(right)
            if any(isinstance(v, NUMERIC) or v is None for v in values):
                return False
            return self.truth(self.opaque(operator.is_, (left, right), {}, pure=True))
        return left is right

    def identity(self, value: Any) -> Any:
        """`id(value)`."""
        return id(value)

    def contains(self, container: Any, item: Any) -> bool:
        method = self.method(container, "__contains__")
        if method is not None:
            return self.truth(self.call(method, container, item))
        if isinstance(container, Traced) or (isinstance(container, (str, bytes)) and isinstance(item, Traced)):
            return self.truth(self.opaque(operator.contains, (container, item), {}, pure=True))
        if objects.python_method(container, "__iter__") is not None:
            return any(self.truth(self.compare("==", item, other)) for other in self.iterate(container))
        return objects.as_key(self, container, item) in container

    def inplace(self, symbol: str, target: Any, value: Any) -> Any:
        name = f"__i{objects.BINARY_METHODS[symbol]}__"
        method = self.method(target, name)
        if method is not None and (answer := self.call(method, target, value)) is not NotImplemented:
            return answer
        if array_writes.is_array(target):
            return array_writes.inplace(self, symbol, target, value)
        if isinstance(strip_object(target), (list, set, dict, collections.deque)):
            if self.outer(target, f"{symbol}= on it"):
                self.change(f"{symbol}= on a container from outside", array_writes.INPLACE[symbol], target, value)
                return target
            return array_writes.INPLACE[symbol](target, self.concrete(value) if symbol == "*" else value)
        return self.binary(symbol, target, value)

    def inplace_item(self, symbol: str, owner: Any, index: Any, value: Any) -> None:
        array_writes.inplace_item(self, symbol, owner, index, value)

    def try_item(self, owner: Any, index: Any) -> None:
        """Raise what reading an item of an array raises, if its values are known."""
        array_writes.try_item(owner, index)

    def hold_item(self, owner: Any, index: Any) -> Any:
        return array_writes.hold_item(self, owner, index)

    def inplace_held(self, symbol: str, held: Any, value: Any) -> None:
        array_writes.inplace_held(self, symbol, held, value)

    # Parts of objects

    def attribute(self, owner: Any, name: str) -> Any:
        if isinstance(owner, Traced) and isinstance(owner.value, NUMERIC):
            return self.number_attribute(owner, name)
        if isinstance(owner, callables.Super):
            return attributes.read_after(self, owner.instance, name, owner.kind)
        return attributes.read(self, owner, name)

    def number_attribute(self, owner: Traced, name: str) -> Any:
        getattr(owner.value, name)  # raises what Python raises
        if name in LAYOUT and isinstance(owner.value, np.ndarray):
            return attributes.memory_attribute(self, owner, name)
        if name in STATIC_ATTRIBUTES:
            return getattr(owner.value, name)
        if name == "conjugate" and not isinstance(owner.value, (np.generic, np.ndarray)):
            return callables.Bound(CONJUGATE, owner)  # type: ignore[arg-type]
        if name in ATTRIBUTES:
            return self.call(ATTRIBUTES[name], owner)
        writer = array_writes.METHODS.get(name) if isinstance(owner.value, np.ndarray) else None
        if writer is not None or name in METHODS:
            return callables.Bound(writer or METHODS[name], owner)
        if name in ARRAY_WRITERS:
            raise UnsupportedMutation(f"the method {name}() changes what its array is", self.location(),
                                      "make a new array, such as np.resize")  # fmt: skip
        return callables.NativeMethod(name, owner)

    def set_attribute(self, value: Any, owner: Any, name: str) -> None:
        attributes.write(self, value, owner, name)

    def delete_attribute(self, owner: Any, name: str) -> None:
        attributes.delete(self, owner, name)

    def item(self, owner: Any, index: Any) -> Any:
        method = self.method(owner, "__getitem__")
        if method is not None:
            return self.call(method, owner, index)
        if isinstance(owner, Traced):
            if isinstance(owner.value, (np.ndarray, np.generic)):
                return self.apply(GETITEM, [owner, as_index(self, index)])
            return self.outside_item(owner, index)
        if isinstance(owner, collections.defaultdict) and self.concrete(index) not in owner:
            self.outer(owner, "an item that is missing is put into it")
        return owner[objects.as_key(self, owner, index)]

    def set_item(self, value: Any, owner: Any, index: Any) -> None:
        method = self.method(owner, "__setitem__")
        if method is not None:
            self.call(method, owner, index, value)
        elif array_writes.is_array(owner):
            self.write_item(as_written(self, value, owner), owner, as_index(self, index))
        elif self.outer(owner, "an item of it is assigned"):
            self.change("an item of an object from outside is assigned", operator.setitem, owner, index, value)
        else:
            owner[index] = value

    def delete_item(self, owner: Any, index: Any) -> None:
        method = self.method(owner, "__delitem__")
        if method is not None:
            self.call(method, owner, index)
        elif self.outer(owner, "an item of it is deleted"):
            self.change("an item of an object from outside is deleted", operator.delitem, owner, index)
        else:
            del owner[index]

    def slice(self, start: Any, stop: Any, step: Any) -> slice:
        return slice(start, stop, step)

    # Iteration, unpacking, contexts, patterns

    def iterate(self, value: Any, hint: Any = None) -> Any:
        method = self.method(value, "__iter__")
        if method is not None:
            value = self.call(method, value)
        method = self.method(value, "__next__")
        if method is not None:
            return self.steps(value, method)
        if not isinstance(value, Traced):
            return value
        if isinstance(value.value, (np.ndarray, *NUMERIC)):
            if not getattr(value.value, "ndim", 0):
                iter(value.value)  # type: ignore[arg-type]  # raises what Python raises for a number or a 0-d array
            return self.rows(value, hint)
        return self.outside_items(value)

    def rows(self, array: Traced, hint: Any) -> Iterator[Any]:
        return Rows(self, array, hint)

    def over(self, value: Any, hint: Any) -> Any:
        """What a `for` runs over, also in a comprehension."""
        items = self.iterate(value, hint)
        return items if self.counted is None else self.counted.over(items)

    def turns(self) -> Any:
        """What counts the steps of a `while` that begins."""
        return None if self.counted is None else self.counted.turns()

    def turn(self, turns: Any, value: Any) -> bool:
        """Whether a `while` takes one more step."""
        goes_on = self.truth(value)
        if goes_on and turns is not None and not isinstance(value, COLLECTIONS):
            next(turns)
        return goes_on

    def steps(self, iterator: Any, method: Any) -> Iterator[Any]:
        while True:
            try:
                value = self.call(method, iterator)
            except StopIteration:
                return
            yield value

    def unpack(self, value: Any, hints: Any) -> Any:
        items = value if isinstance(value, (tuple, list)) else list(self.iterate(value))
        if len(items) == len(hints):
            for hint, item in zip(hints, items, strict=True):
                self.name_as(hint, item)
        return items

    def name_as(self, hint: Any, value: Any) -> Any:
        return self.name(hint, value) if isinstance(hint, str) else value

    def manager(self, context: Any) -> Any:
        return callables.Context(self, context)

    def matches(self, subject: Any, pattern: Any) -> bool:
        self.captures = {}
        return matching.matches(self, subject, pattern, self.captures)

    def captured_as(self, name: str) -> Any:
        return self.captures[name]

    def mapping(self, value: Any) -> Any:  # what `**value` passes: names are plain strings
        return {self.concrete(k): v for k, v in value.items()} if type(value) is dict else self.call(dict, value)

    def fstring(self, *parts: Any) -> Any:
        return calls.fstring(self, parts)

    # Calls and names

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        return calls.dispatch(self, function, args, kwargs)

    def construct(self, kind: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return instances.construct(self, kind, args, kwargs)

    def decorator(self, function: Any) -> Any:
        return lambda decorated: self.call(function, decorated)

    def free(self, unit: Any, name: str) -> Any:
        return unit.read(self, name)

    def assign_free(self, value: Any, unit: Any, name: str) -> None:
        """A name that is declared `global`, or `nonlocal` and of a function outside."""
        owner, key = unit.holder(name)
        function = objects.assign_global if isinstance(owner, types.FunctionType) else setattr
        self.change(f"{name}, which belongs outside the function, is assigned", function, owner, key, value)

    def module(self, name: str) -> Any:
        """What `import name as module` finds; a module of the user's may have been loaded anew."""
        top, *inner = name.split(".")
        found = sys.modules[top] if objects.is_library(top) else self.pins.chosen(loaded, top)
        return functools.reduce(self.attribute, inner, found)

    def imported(self, module: str, name: str) -> Any:
        """What `from module import name` finds."""
        return attributes.read(self, sys.modules[module] if objects.is_library(module) else self.pins.chosen(loaded, module), name)

    def super_of(self, unit: Any, instance: Any) -> Any:
        return callables.Super(unit.defining_class(), instance)

    leaves, debugger, given_up = native_code.leaves, standard_library.debugger, GivenUp

    def location(self) -> Location | None:
        """The user's place: the innermost frame of lowered code that is not a library's."""
        frame: types.FrameType | None = sys._getframe(1)
        within, places = None, self.instructions
        while frame is not None:
            if frame.f_globals.get(MACHINE) is self:
                if not frame.f_globals[UNIT].library:
                    return places.of(frame)
                within = within or frame
            frame = frame.f_back
        return None if within is None else places.of(within)

    def method(self, value: Any, name: str) -> Any:
        """The method written in Python that an operation on a value means; None where there is none."""
        plain = strip_object(value)
        self.pins.asked(plain, name)
        return objects.python_method(plain, name)

    def adopt(self, container: Any) -> None:
        """A container of another class than Python's is made of an argument: it belongs to the call, as if the function had made it."""
        native_code.adopt(self, container)

    # Writes that are refused

    def check_single(self, container: Any, what: str) -> None:
        """What is passed twice is two inside a derivative: a write into one would have to be seen in the other."""
        self.changed_argument(container)
        if self.identities.passed_twice(container):
            self.refuse_write(f"a {type(container).__name__} that is passed twice is changed: {what}")

    def refuse_write(self, what: str) -> NoReturn:
        """Refuse what changes an object, in the words that say how to do without."""
        raise UnsupportedMutation(what, self.location(), "make a copy inside the function, or return the new value")
