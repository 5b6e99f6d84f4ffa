"""Objects of classes: which Python method an operation means, and whose a class or function is: the user's, or a library's.

Methods written in Python are called through the machine, so that they are lowered like any other function.
"""
from __future__ import annotations

import collections
import operator
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.machine.callbacks import Callback
from s2sad.machine.traced import BINARY, COMPARE, UNARY, Traced
from s2sad.rules import structural
from s2sad.rules.language import Primitive
from s2sad.rules.rule_text import SYMBOLS
from s2sad.runtime.control import subject
from s2sad.runtime.notices import MACHINE
from s2sad.tracebacks import LOWERED
from s2sad.types.arrays import STAND_INS

BINARY_METHODS = {symbol: name for name, symbol in BINARY.items()}
UNARY_METHODS = {symbol: f"__{name}__" for name, symbol in UNARY.items()}
COMPARE_METHODS = {symbol: f"__{name}__" for name, symbol in COMPARE.items()}
COUNTED = (int, float, complex, np.generic, np.ndarray, str, bytes, list, tuple, Callback)  # what operators with derivatives take
MERGED = (collections.OrderedDict, collections.defaultdict)
FUNCTIONS = dict(SYMBOLS.values())
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
PLAIN = frozenset({int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset, slice, type(None), np.ndarray,
                   np.float64, np.float32, np.int64, np.bool_, range, types.FunctionType, types.GeneratorType, *STAND_INS})  # fmt: skip

NATIVE = (types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType,
          types.MethodWrapperType)  # fmt: skip

FOLLOWED: frozenset[Any] = frozenset({type.__call__, type.__setattr__, type.__delattr__, object.__getattribute__, object.__setattr__,
                      object.__delattr__})  # they run, read or write what is followed


class Missing:
    """Stands for an attribute or an item that is not there; a guard asks whether there still is none."""

    __name__ = "missing"


MISSING = Missing()


class Pins:
    """What a path depends on: code, classes and builtins. This one asks nothing, for a machine whose answers do not outlive the call."""

    def unshadowed(self, owner: Any, name: str) -> None:
        """An attribute of a class is used through an instance."""

    def builtin(self, function: types.FunctionType, name: str) -> None:
        """A function means the builtin by a name, which no global of its module hides."""

    def attribute(self, kind: type, name: str, attribute: Any) -> None:
        """A class defines this under a name, or nothing: None."""

    def asked(self, value: Any, name: str) -> None:
        """An operation on the value means this method, or none."""

    def passed_over(self, holder: type, classes: list[type], name: str) -> None:
        """`super()` finds an attribute behind these classes, or nowhere."""

    def chosen(self, function: Callable[..., Any], *args: Any) -> Any:
        """The function that another one, which does nothing else, chooses for classes."""
        return function(*args)

    def verdict(self, question: Callable[..., Any], subject: Any, kinds: Any) -> Any:
        """The answer of `isinstance` or `issubclass`."""
        return question(strip_object(subject), kinds)


def contents(cell: types.CellType) -> Any:
    """What a closure cell holds."""
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


def global_of(function: types.FunctionType, name: str) -> Any:
    """A global of a function's module."""
    return function.__globals__.get(name, MISSING)


def assign_global(function: types.FunctionType, name: str, value: Any) -> None:
    """Assign a global of a function's module."""
    function.__globals__[name] = value


def what_is_read(primitive: Primitive, args: list[Any]) -> Any:
    """What the log of a call says of a read."""
    owner, *rest = args
    if primitive is structural.GLOBAL:
        return subject(operator.getitem, (owner.__globals__, *rest), {})
    if primitive is structural.CELL:
        return subject(getattr, (owner, "cell_contents"), {})
    if primitive is structural.DEFAULT:
        return subject(operator.getitem, (owner.__defaults__ if isinstance(rest[0], int) else owner.__kwdefaults__, *rest), {})
    return subject(getattr, tuple(args), {})


def strip_object(value: Any) -> Any:
    return value.value if isinstance(value, Traced) else value


def defined(kind: type, name: str) -> Any:
    """The attribute `name` as the class defines it, without binding it; None where no class of the MRO has it."""
    for base in kind.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    return None


def hashable(value: Any) -> Any:
    """The value if it may be looked up without asking code of the user's; None otherwise."""
    if type(value) in PLAIN:
        return value if isinstance(value, types.FunctionType) else None
    return value if isinstance(defined(type(value), "__hash__"), types.WrapperDescriptorType) else None


def as_key(machine: Any, container: Any, key: Any) -> Any:
    """A method of a followed object as what a container from outside has for it, where it has it; any other key as it is."""
    if type(key) is not types.MethodType or not isinstance(key.__self__, Traced):
        return key
    plain = types.MethodType(key.__func__, machine.concrete(key.__self__))
    return plain if plain in container else key


def generated(function: types.FunctionType) -> bool:
    """Whether a method was written by dataclasses or namedtuple: it only moves values, and runs as it is."""
    maker = function.__globals__.get("__name__", "")
    inner = getattr(function, "__wrapped__", None)
    if maker in ("dataclasses", "reprlib") and isinstance(inner, types.FunctionType):  # a __repr__ guarded against recursion
        return generated(inner)
    return function.__code__.co_qualname.startswith("__create_fn__.") or str(maker).startswith("namedtuple_")


def python_method(value: Any, name: str) -> types.FunctionType | None:
    """The method written in Python that an operation on the value means, if there is one."""
    kind = type(value)
    if kind in PLAIN:
        return None
    found = defined(kind, name)
    if not isinstance(found, types.FunctionType) or (isinstance(value, type) and is_library(found.__module__)):
        return None
    return None if generated(found) else found


def overloaded(machine: Any, symbol: str, left: Any, right: Any) -> Any:
    """The result of a binary operation or comparison that a user's class defines; NotImplemented where none does."""
    a, b = strip_object(left), strip_object(right)
    if type(a) in PLAIN and type(b) in PLAIN:
        return _sequences(machine, symbol, a, b) if type(a) is type(b) and symbol in COMPARE_METHODS else NotImplemented
    if symbol in COMPARE_METHODS:
        forward, backward = COMPARE_METHODS[symbol], COMPARE_METHODS[MIRRORED[symbol]]
    else:
        forward, backward = f"__{BINARY_METHODS[symbol]}__", f"__r{BINARY_METHODS[symbol]}__"
    tries = [(python_method(a, forward), forward, left, right), (python_method(b, backward), backward, right, left)]
    if isinstance(a, (np.ndarray, np.generic)) and _passes_for_array(b):
        return NotImplemented
    if type(b) is not type(a) and issubclass(type(b), type(a)):
        tries.reverse()
    if type(a) is type(b) and symbol not in COMPARE_METHODS:
        tries.pop()
    for method, name, first, second in tries:
        machine.pins.asked(strip_object(first), name)
        if method is not None:
            answer = machine.call(method, first, second)
            if answer is not NotImplemented:
                return answer
    taken = (isinstance(a, COUNTED) and isinstance(b, COUNTED)) or (symbol == "|" and _merge(a, b))
    if symbol not in COMPARE_METHODS and not taken and machine.active(left, right):
        FUNCTIONS[symbol](a, b)  # raises what Python raises
        raise MissingRule(f"{symbol} of a {type(a).__name__} and a {type(b).__name__} has no derivative rule", machine.location(),
                          "compute with plain floats")  # fmt: skip
    return NotImplemented


def _passes_for_array(value: Any) -> bool:
    """Whether an array, or a number of NumPy's, on the left of an object takes the object for the array that it says that it is."""
    return (python_method(value, "__array__") is not None and not hasattr(type(value), "__array_ufunc__")
            and getattr(type(value), "__array_priority__", 0) <= 0)  # fmt: skip


def _merge(one: Any, other: Any) -> bool:
    """Whether two dicts are merged by what only moves values, and makes no instance by a class of the user's."""
    both = all(isinstance(v, dict) and python_method(v, "__iter__") is None for v in (one, other))
    return both and (type(one) in MERGED or defined(type(one), "__or__") is dict.__or__)


def compares(value: Any) -> bool:
    """Whether a value, or one in it, says in Python what it equals."""
    value = strip_object(value)
    if type(value) in (list, tuple):
        return any(map(compares, value))
    return type(value) not in PLAIN and python_method(value, "__eq__") is not None


def _sequences(machine: Any, symbol: str, one: Any, other: Any) -> Any:
    """The comparison of two lists or tuples of objects that compare themselves: by the first items that differ."""
    if type(one) not in (list, tuple) or not (compares(one) or compares(other)):
        return NotImplemented
    if symbol in ("==", "!=") and len(one) != len(other):
        return symbol == "!="
    for a, b in zip(one, other, strict=False):
        if a is not b and not machine.truth(machine.compare("==", a, b)):
            return symbol == "!=" if symbol in ("==", "!=") else machine.compare(symbol, a, b)
    return machine.compare(symbol, len(one), len(other))


def is_library(module: str) -> bool:
    if module == LOWERED:
        return False
    top = module.partition(".")[0]
    return (top in sys.stdlib_module_names and top != "__main__") or top in ("numpy", "scipy", "s2sad")


def is_users(kind: type) -> bool:
    """Whether a class is the user's and from outside the function, so that it may be another one at the next call."""
    return kind.__module__ != LOWERED and not is_library(kind.__module__)


def made_here(value: Any) -> bool:
    """Whether a function or class is defined by the function that is followed."""
    if isinstance(value, type):
        return value.__module__ == LOWERED
    return isinstance(value, types.FunctionType) and MACHINE in value.__globals__


def flattened(kinds: Any) -> list[Any]:
    """The classes of `isinstance(value, kinds)`."""
    if isinstance(kinds, tuple):
        return [kind for part in kinds for kind in flattened(part)]
    return flattened(kinds.__args__) if isinstance(kinds, types.UnionType) else [kinds]
