"""What lowered code is answered about arrays on the tape: each question looks whether the memory of a plain array is followed."""
from __future__ import annotations

import copy
import functools
import itertools
import operator
import types
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import numpy as np

from s2sad import trees
from s2sad.errors import MissingRule, UnsupportedMutation
from s2sad.machine import calls, finding, objects, protocols, writes
from s2sad.machine.attributes import OUTSIDE, RESHAPED
from s2sad.machine.callables import Callback, Transform
from s2sad.machine.native_code import missing
from s2sad.machine.questions import ARRAY_WRITERS
from s2sad.machine.traced import BINARY, Traced, strip
from s2sad.machine.writes import INPLACE
from s2sad.rules.language import ATTRIBUTES, METHODS, Primitive
from s2sad.rules.operations import COPY_IN_ORDER
from s2sad.tape import memory
from s2sad.tape.memory import replicas
from s2sad.tape.propagate import TapeEntry
from s2sad.tape.writes import WritingMachine, strip_array

READS = (float, complex, np.float64, np.float32, np.complex128)
IN_PLACE = {f"__i{name}__": symbol for name, symbol in BINARY.items()}
BUILTIN = (types.BuiltinFunctionType, types.MethodWrapperType)
GETTERS = (operator.itemgetter, operator.attrgetter, operator.methodcaller)
OF_CLASS = (types.MethodDescriptorType, types.WrapperDescriptorType)
VIEWING = type(np.lib.stride_tricks.sliding_window_view)
VIEWS = frozenset({np.lib.stride_tricks.sliding_window_view, np.lib.stride_tricks.as_strided})


class ArrayMachine(WritingMachine):
    """The part of a tape that answers questions about arrays."""

    def __init__(self) -> None:
        super().__init__()
        self.told: set[str] = set()  # texts made of differentiated values

    def lifts(self, *values: Any) -> bool:
        return super().lifts(*values) or any(self.is_followed(v) for v in values)

    def lifts_call(self, primitive: Primitive) -> bool:
        return bool(self.memory.regions)

    def unary(self, symbol: str, operand: Any) -> Any:
        return super().unary(symbol, self.lifted(operand))

    def identical(self, left: Any, right: Any) -> bool:
        return self.object_of(left) is self.object_of(right)

    def object_of(self, value: Any) -> Any:
        """The object that a value is in the plain call."""
        outer = self.stands_for(value) or self.stands_for(objects.strip_object(value))
        return objects.strip_object(value) if outer is None else outer.value

    def identity(self, value: Any) -> int:
        return id(self.object_of(value))

    def contains(self, container: Any, item: Any) -> bool:
        found = finding.found_in(self, container, item) if type(container) in (list, tuple) else None
        return super().contains(container, item) if found is None else found

    def inplace(self, symbol: str, target: Any, value: Any) -> Any:
        if isinstance(target, np.ndarray) and (target.dtype == object or not self.concerned(target, value)):
            self.check_write(target, f"{symbol}= on it")
            return INPLACE[symbol](target, value if target.dtype == object else strip(value))
        return super().inplace(symbol, target, value)

    def attribute(self, owner: Any, name: str) -> Any:
        array = strip_array(owner)
        if array is not None:
            if name in ("flags", "strides"):
                return getattr(array, name)
            if name == "base":
                return self.base_of(array, owner)
            if name in ATTRIBUTES or name in METHODS:
                owner = self.lifted(owner)
            elif name in writes.METHODS:
                return functools.partial(writes.METHODS[name], owner)
        return super().attribute(owner, name)

    def base_of(self, array: Any, owner: Any) -> Any:
        """What an array is a view of: the same memory, in which values are followed from now on."""
        if array.base is not None and self.active(owner):
            self.check_fits(self.region(array), array.base)
        return array.base

    def set_attribute(self, value: Any, owner: Any, name: str) -> None:
        array = strip_array(owner)
        if array is None:
            super().set_attribute(value, owner, name)
        elif name == "real" or (name == "imag" and array.dtype.kind == "c"):
            self.write_item(value, getattr(array, name), Ellipsis)
        else:
            if name == "shape":
                self.check_shapable(array, owner)
            else:
                self.check_write(array, f"its attribute {name!r} is assigned")
            if self.concerned(array, value):
                if name != "shape":
                    raise UnsupportedMutation(f"the attribute {name!r} of an array is assigned", self.location(), "assign a[...] = ...")
                self.region(array)  # in which a read goes by where the array lies now, whatever shape it had under its name
            setattr(array, name, strip(value))

    def check_shapable(self, array: Any, owner: Any) -> None:
        """The shape belongs to the array object, which may be the caller's even where a view of it is the function's own."""
        what = OUTSIDE if id(array) in self.given or id(array) in self.external else "an array without elements"
        if what is OUTSIDE or (not array.size and isinstance(owner, Traced)):
            raise UnsupportedMutation(f"the attribute 'shape' of {what} is assigned", self.location(), RESHAPED)

    def item(self, owner: Any, index: Any) -> Any:
        self.check_flat(owner)
        return super().item(self.lifted(owner), index)

    def set_item(self, value: Any, owner: Any, index: Any) -> None:
        if isinstance(owner, np.flatiter):
            self.check_write(owner.base, "it is written through flat")
            if self.concerned(owner.base, value):
                self.refuse_flat()
        super().set_item(value, owner, index)

    def iterate(self, value: Any, hint: Any = None) -> Any:
        if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "fc":
            return self.rows_now(value, hint, range(len(value)))
        if isinstance(value, np.flatiter):
            return self.flat_now(value)
        return super().iterate(value, hint)

    def rows_now(self, array: Any, hint: Any, places: Iterable[int]) -> Iterator[Any]:
        """The rows of an array, each as it is when its turn comes."""
        for i in places:
            yield self.name_as(hint, self.item(array, i))

    def flat_now(self, flat: Any) -> Iterator[Any]:
        for element in flat:
            self.check_flat(flat)
            yield element

    def check_flat(self, value: Any) -> None:
        if isinstance(value, np.flatiter) and self.is_followed(value.base):
            self.refuse_flat()

    def flat(self, owner: Any) -> NoReturn:
        self.refuse_flat()

    def refuse_flat(self) -> NoReturn:
        raise MissingRule("the attribute flat is an iterator that can be written through", self.location(), "use np.ravel, or x[...]")

    # Calls

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        result = super().opaque(function, args, kwargs, pure)
        if type(result) is str and self.active(args, kwargs):
            self.told.add(result)
        return result

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        if self.told and args and type(args[0]) is str and args[0] in self.told and function in READS:
            raise MissingRule("a number is read from a text that was made of a value that is being differentiated", self.location(),
                              "compute with the value itself; round() rounds it")  # fmt: skip
        if isinstance(function, types.FunctionType | VIEWING) and function in VIEWS and self.active(args[0]):
            self.region(strip(args[0]))
            return function(strip(args[0]), *strip(args[1:]), **strip(kwargs))
        if isinstance(function, Transform):
            args, kwargs = self.apart((args, kwargs))
        elif isinstance(function, types.FunctionType):
            if function.__module__ == "s2sad.api.derivatives":
                args = (args[0], *self.apart(args[1:]))
            elif function is copy.deepcopy or function is copy.copy:
                return self.duplicated(function, *args, **kwargs)
        elif isinstance(function, type) and function is np.ndenumerate and strip_array(args[0]) is not None:
            return ((index, self.item(args[0], index)) for index in np.ndindex(strip(args[0]).shape))
        elif isinstance(function, BUILTIN) and isinstance(function.__self__, np.ndarray):
            return self.array_method(function.__self__, function.__name__, args, kwargs)
        elif isinstance(function, OF_CLASS) and function.__objclass__ is np.ndarray and args and isinstance(args[0], np.ndarray):
            return self.array_method(args[0], function.__name__, args[1:], kwargs)
        elif isinstance(function, types.MethodType) and getattr(function.__func__, "__name__", "") == "shuffle" and args:
            self.check_shuffle(function, args[0])
        elif isinstance(function, (type, *BUILTIN, *GETTERS)):
            return self.native_call(function, args, kwargs)
        return super().call(function, *args, **kwargs)

    def native_method(self, owner: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if strip_array(owner) is not None:
            return self.array_method(owner, name, args, kwargs)
        if not isinstance(owner.value, (str, bytes)) and self.active(owner, args, kwargs):
            raise missing(self, getattr(owner.value, name))
        return getattr(owner.value, name)(*strip(args), **strip(kwargs))

    def array_method(self, owner: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A method of an array that native code knows how to call."""
        array = strip(owner)
        if name in writes.METHODS:
            return super().call(writes.METHODS[name], owner, *args, **kwargs)
        if name in IN_PLACE:
            return self.inplace(IN_PLACE[name], owner, *args)
        if name == "__setitem__":
            return self.set_item(args[1], owner, args[0])
        if name in ARRAY_WRITERS:
            self.check_write(array, f"{name}()")
            if self.concerned(array, args):
                raise UnsupportedMutation(f"the method {name}() changes what its array is", self.location(),
                                          "make a new array, such as np.resize")  # fmt: skip
        if self.active(owner, args, kwargs):
            if name in METHODS:
                return super().call(METHODS[name], owner, *args, **kwargs)
            if name not in Traced.__dict__:
                raise missing(self, getattr(array, name))
            return getattr(self.lifted(owner), name)(*args, **kwargs)
        return getattr(array, name)(*strip(args), **strip(kwargs))

    def native_call(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A function that is not written in Python: written memory is seen by it through Variables, and iterated by the machine."""
        name, module = getattr(function, "__name__", ""), getattr(function, "__module__", "")
        if module == "_operator" and args and isinstance(args[0], np.ndarray):
            if f"__{name}__" in IN_PLACE:
                return self.inplace(IN_PLACE[f"__{name}__"], *args)
            if name == "setitem":
                return self.set_item(args[2], args[0], args[1])
        if function is reversed and isinstance(args[0], np.ndarray) and args[0].ndim:
            return self.rows_now(args[0], None, reversed(range(len(args[0]))))
        if protocols.iterates(function):
            if function is itertools.accumulate and len(args) < 2:
                kwargs = {"func": operator.add, **kwargs}
            args = tuple([self.iterable(a) for a in args])
            kwargs = {k: self.iterable(v) for k, v in kwargs.items()}
        elif self.memory.regions and function is not id and (not isinstance(function, type) or calls.follows_protocols(function)):
            args = tuple([self.lifted(a) for a in args])
        return super().call(function, *args, **kwargs)

    def check_shuffle(self, function: Any, array: Any) -> None:
        """Generators of random numbers write into what they shuffle."""
        if isinstance(array, np.ndarray) and objects.is_library(function.__func__.__module__ or ""):
            self.check_write(array, "shuffle()")
            if self.concerned(array, 0.0):
                raise missing(self, function)

    def iterable(self, value: Any) -> Any:
        """What native code iterates over, or calls, such that the machine is asked."""
        if isinstance(value, np.flatiter) or (isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "fc"):
            return self.iterate(value)
        if isinstance(value, GETTERS) or (isinstance(value, BUILTIN) and value.__module__ == "_operator"):
            return Callback(self, value)
        return self.lifted(value)

    def duplicated(self, function: Any, value: Any, memo: Any = None, **kwargs: Any) -> Any:
        """`copy.copy(value)` or `copy.deepcopy(value, memo)`."""
        array = strip_array(value)
        if array is not None and array.dtype != object and self.active(value):
            if memo is not None and id(value) in memo:
                return memo[id(value)]
            made = self.apply(COPY_IN_ORDER, COPY_IN_ORDER.bind((value,), {"order": "K"}))
            if memo is not None:
                memo[id(value)] = made
            return made
        return super().call(function, value, *(() if memo is None else (memo,)), **kwargs)

    def apart(self, arguments: Any) -> Any:
        """Arguments of a derivative: copies of the arrays in them, which share memory with one another just as the arrays do."""
        leaves, structure = trees.flatten(arguments)
        arrays = [a for a in map(strip_array, leaves) if a is not None and a.dtype != object]
        if not arrays:
            return arguments
        copies, new = replicas(arrays), {}
        for leaf in leaves:
            array = strip_array(leaf)
            if id(array) in copies and id(leaf) not in new:
                new[id(leaf)] = self.connected(copies[id(array)], leaf) if self.active(leaf) else copies[id(array)]
        return trees.unflatten(structure, [new.get(id(leaf), leaf) for leaf in leaves])

    def connected(self, array: Any, source: Any) -> Any:
        """A new Variable of an array that is a copy of the source."""
        source, variable = self.read(source), self.variable(array)
        self.entries.append(TapeEntry((source.name,), (variable.name,), memory.same))
        self.noted([variable], True)
        return variable
