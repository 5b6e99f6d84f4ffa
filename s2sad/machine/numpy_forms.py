"""Forms in which NumPy may be called that mean another form: unbound methods, arguments by position, `dtype=` of ufuncs, `np.broadcast`,
and what NumPy's own functions make arrays with.
"""
from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad.machine.callables import SPECIAL
from s2sad.machine.traced import any_traced, strip
from s2sad.rules.language import Primitive
from s2sad.runtime.visiting import visited
from s2sad.types.arrays import element

Machine = Any
NUMBERS = (np.ndarray, np.generic, float, int, complex)


def is_unbound(function: Any, args: tuple[Any, ...]) -> bool:
    """Whether a function is a method of arrays or numbers as its class has it: `np.ndarray.flatten`."""
    return isinstance(function, types.MethodDescriptorType) and issubclass(function.__objclass__, NUMBERS) and any_traced(args[:1])


def unbound(machine: Machine, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The call as that of a bound method."""
    function.__get__(element(strip(args[0])))  # raises what Python raises for a value of another class
    return machine.call(machine.attribute(args[0], function.__name__), *args[1:], **kwargs)


def named(primitive: Primitive, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments by position, beyond those that the rule takes so, under the names that the function has for them."""
    beyond = parameters(function)[primitive.positional : len(args)] if len(args) > primitive.positional else ()
    if len(args) != primitive.positional + len(beyond) or any(name in kwargs for name in beyond):
        return args, kwargs  # which is refused, or wrong
    return args[: primitive.positional], {**kwargs, **dict(zip(beyond, args[primitive.positional :], strict=True))}


def here(function: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments without `device="cpu"`, where all arrays of NumPy are."""
    where = kwargs.get("device", ...)
    if (where is None or (type(where) is str and where == "cpu")) and takes_device(function):
        return {k: v for k, v in kwargs.items() if k != "device"}
    return kwargs


@functools.cache
def parameters(function: Any) -> tuple[str, ...]:
    """The names of the parameters that a function takes by position; none where it does not say."""
    return tuple(p.name for p in signature(function) if p.kind is p.POSITIONAL_OR_KEYWORD)


@functools.cache
def takes_device(function: Any) -> bool:
    """Whether a function may be told on which device it makes an array."""
    return any(p.name == "device" for p in signature(function))


def signature(function: Any) -> list[inspect.Parameter]:
    """The parameters of a function; none where it does not say."""
    try:
        return [*inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        return []


def in_dtype(machine: Machine, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """The arguments of a ufunc that is told to compute in a dtype: NumPy casts them to it."""
    function(*element(strip(args)), **element(strip(kwargs)))  # raises what NumPy raises
    return tuple(_cast(machine, a, np.dtype(strip(kwargs["dtype"]))) for a in args)


def _cast(machine: Machine, value: Any, dtype: np.dtype[Any]) -> Any:
    if isinstance(strip(value), (list, tuple)):
        value = machine.call(np.array, value)
    if isinstance(strip(value), np.ndarray):
        return machine.call(machine.attribute(value, "astype"), dtype.type)
    return machine.call(dtype.type, value)


class Broadcast:
    """What `np.broadcast` gives: the shape that arrays have together, and their elements side by side."""

    def __init__(self, machine: Machine, arrays: tuple[Any, ...]) -> None:
        self.machine = machine
        self.arrays = [a if isinstance(strip(a), np.ndarray) else machine.call(np.asarray, a) for a in arrays]
        self.repeated = list(machine.call(np.broadcast_arrays, *self.arrays))
        self.shape = machine.attribute(self.repeated[0], "shape")
        self.size = machine.attribute(self.repeated[0], "size")
        self.nd = self.ndim = len(self.shape)
        self.numiter = len(arrays)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for place in np.ndindex(*self.machine.concrete(self.shape)):
            yield tuple(self.machine.item(a, place) for a in self.repeated)


def broadcast(machine: Machine, *arrays: Any) -> Any:
    """`np.broadcast(*arrays)`."""
    return Broadcast(machine, arrays) if any_traced(arrays) else np.broadcast(*arrays)


class Converted:
    """What a function of NumPy makes of its arguments before it computes: arrays, and whether all of them were numbers."""

    def __init__(self, machine: Machine, *given: Any) -> None:
        self.machine, self.given = machine, given
        self.scalar_input = tuple(not isinstance(strip(g), (np.ndarray, list, tuple)) for g in given)

    def as_arrays(self, subok: bool = True, pyscalars: str = "convert_if_no_array") -> tuple[Any, ...]:
        keeps = pyscalars == "preserve" or (pyscalars == "convert_if_no_array" and not all(map(self._is_plain, self.given)))
        return tuple(g if keeps and self._is_plain(g) else self.machine.call(np.asarray, g) for g in self.given)

    def _is_plain(self, value: Any) -> bool:
        return type(strip(value)) in (int, float, complex)

    def __getitem__(self, place: Any) -> Any:
        return self.machine.call(np.asarray, self.given[place])

    def wrap(self, arr: Any, to_scalar: bool | None = None) -> Any:
        scalar = all(self.scalar_input) if to_scalar is None else to_scalar
        return self.machine.item(arr, ()) if scalar and np.ndim(strip(arr)) == 0 else arr

    def result_type(self, extra_dtype: Any = None, ensure_inexact: bool = False) -> Any:
        made = np._core._multiarray_umath._array_converter(*[element(strip(g)) for g in self.given])  # type: ignore[attr-defined]
        return made.result_type(extra_dtype=extra_dtype, ensure_inexact=ensure_inexact)


SPECIAL[visited] = lambda machine, *given: machine.visited(*given)
SPECIAL[np.broadcast] = broadcast
SPECIAL[np._core._multiarray_umath._array_converter] = Converted  # type: ignore[attr-defined]
