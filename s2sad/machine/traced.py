"""A value that a machine follows, with Python's and NumPy's operations directed to that machine.

Lowered code asks the machine by itself; these methods serve the code that is not lowered: `sorted`, `sum`, `functools.reduce`, list
and dict methods compare, add and hash what they are given.
"""
from __future__ import annotations

import collections
import operator
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from s2sad.errors import Location, NotDifferentiable

BINARY = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@",
    "lshift": "<<", "rshift": ">>", "and": "&", "or": "|", "xor": "^",
}  # fmt: skip
COMPARE = {"lt": "<", "le": "<=", "eq": "==", "ne": "!=", "gt": ">", "ge": ">="}
UNARY = {"neg": "neg", "pos": "pos", "invert": "~"}


class Traced:
    """A value together with the machine that follows it."""

    __slots__ = ("__weakref__", "machine", "value")
    __array_priority__ = 1000.0
    machine: Any
    value: Any

    def __bool__(self) -> bool:
        return bool(self.machine.truth(self))

    def __hash__(self) -> int:
        return hash(self.machine.concrete(self))

    def __index__(self) -> int:
        operator.index(self.value)  # raises what Python raises
        return operator.index(self.machine.concrete(self))

    def __len__(self) -> int:
        return int(self.machine.concrete(self.machine.call(len, self)))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.machine.iterate(self))

    def __getitem__(self, index: Any) -> Any:
        return self.machine.item(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        self.machine.set_item(value, self, index)

    def __contains__(self, item: Any) -> bool:
        return bool(self.machine.compare("in", item, self))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.machine.call(self, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("machine", "value", "var"):
            raise AttributeError(name)
        return self.machine.attribute(self, name)

    def __abs__(self) -> Any:
        return self.machine.call(abs, self)

    def __round__(self, ndigits: Any = None) -> Any:
        return self.machine.call(round, self, *(() if ndigits is None else (ndigits,)))

    def __divmod__(self, other: Any) -> Any:
        return self.machine.call(divmod, self, other)

    def __rdivmod__(self, other: Any) -> Any:
        return self.machine.call(divmod, other, self)

    def __float__(self) -> float:
        return float(self._leave("float"))

    def __int__(self) -> int:
        return int(self._leave("int"))

    def __complex__(self) -> complex:
        return complex(self._leave("complex"))

    def __str__(self) -> str:
        return self._place(str) or str(self._leave("str"))

    def __format__(self, spec: str) -> str:
        return self._place(format, spec) or format(self._leave("str"), spec)

    def _place(self, convert: Any, *spec: Any) -> str:
        """What stands for the text of this value while Python writes that of what holds it; empty where nothing is written."""
        places = self.machine.places
        if places is None:
            return ""
        places.append((convert, self, *spec))
        return f"\0followed {len(places) - 1}\0"

    def _leave(self, what: str) -> Any:
        """A value is about to leave for code that the machine does not see: its result could not be followed."""
        return self.machine.leaves(self, what)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        return self.machine.call(function, *inputs, **kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return self.machine.call(function, *args, **kwargs)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._leave("object")

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return self._leave("array")


def _binary(symbol: str, reflected: bool) -> Any:
    def forward(self: Traced, other: Any) -> Any:
        return self.machine.binary(symbol, self, other)

    def backward(self: Traced, other: Any) -> Any:
        return self.machine.binary(symbol, other, self)

    return backward if reflected else forward


def _compare(symbol: str) -> Any:
    def compare(self: Traced, other: Any) -> Any:
        return self.machine.compare(symbol, self, other)

    return compare


def _unary(symbol: str) -> Any:
    def unary(self: Traced) -> Any:
        return self.machine.unary(symbol, self)

    return unary


for _name, _symbol in BINARY.items():
    setattr(Traced, f"__{_name}__", _binary(_symbol, False))
    setattr(Traced, f"__r{_name}__", _binary(_symbol, True))
for _name, _symbol in COMPARE.items():
    setattr(Traced, f"__{_name}__", _compare(_symbol))
for _name, _symbol in UNARY.items():
    setattr(Traced, f"__{_name}__", _unary(_symbol))


OF_FLOATS = "make an array of floats, or a list"
CONTAINERS = (list, tuple, dict, set, frozenset, slice)
WHOLE = frozenset({bool, int, float, complex, str, type(None), type, np.ndarray, np.float64})  # without parts; what is asked about most
VIEWS: tuple[type, ...] = (type({}.values()), type({}.items()), collections.deque)  # natively a list, where followed values are in them


def strip(value: Any) -> Any:
    """The plain value: traced values in it, also inside containers, replaced by what they stand for."""
    if isinstance(value, Traced):
        return value.value
    kind = type(value)
    if kind in WHOLE:
        return value
    if kind is list or kind is tuple or kind is set or kind is frozenset:
        return kind([strip(v) for v in value])
    if isinstance(value, tuple):
        return tuple.__new__(kind, [strip(v) for v in value]) if hasattr(kind, "_fields") else value
    if kind is dict:
        return {strip(k): strip(v) for k, v in value.items()}
    if kind is slice:
        return slice(strip(value.start), strip(value.stop), strip(value.step))
    if kind in VIEWS and any_traced(value):
        return [strip(v) for v in value]
    return value


def traced_in(value: Any) -> Iterable[Traced]:
    """Every traced value in a value, also inside containers."""
    if isinstance(value, Traced):
        return (value,)
    return () if type(value) in WHOLE else _inside(value)


def _inside(value: Any) -> Iterator[Traced]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from traced_in(key)
            yield from traced_in(item)
    elif isinstance(value, (list, tuple, set, frozenset)) or type(value) in VIEWS:
        for item in value:
            yield from traced_in(item)
    elif isinstance(value, slice):
        for part in (value.start, value.stop, value.step):
            yield from traced_in(part)


def any_traced(*values: Any) -> bool:
    return any(True for value in values for _ in traced_in(value))


def check_array(value: np.ndarray[Any, Any], place: Location | None) -> None:
    """Refuse arrays whose elements are not numbers, and subclasses with rules of their own."""
    if type(value) is not np.ndarray and issubclass(type(value), np.ndarray):
        raise NotDifferentiable(f"an array of the class {type(value).__name__}", place, "pass np.asarray(...) of it")
    if value.dtype.kind not in "biufcUSMm":
        raise NotDifferentiable(f"an array of dtype {value.dtype}", place, "use an array of floats")


def check_result(result: Any, place: Location | None) -> None:
    """Refuse a result of what is being differentiated whose elements are no numbers: objects, or records of several. Their derivatives
    would be lost. Of texts the machines know what they tell."""
    for each in result if isinstance(result, (list, tuple)) else (result,):
        dtype = each.dtype if isinstance(each, (np.ndarray, np.void)) else None
        if dtype is not None and dtype.kind in "OV":
            raise NotDifferentiable(f"an array of dtype {dtype} of a value that is being differentiated", place, OF_FLOATS)


def told_by_types(bound: Any) -> bool:
    """Whether the types of arguments say all that a question about types needs: not where a type is itself a value that is followed."""
    return not any(isinstance(each.value, (np.dtype, type)) for each in traced_in(bound))
