"""Which values are the same: those of one class with the same bits; functions and other objects only if they are one.

Equal is less: it takes 1 for True, 0.0 for -0.0, and what else a class takes for another. Keys, guards and caches ask here.
"""
from __future__ import annotations

import types
from typing import Any

import numpy as np

TEXT = (str, bytes, type(None), type(Ellipsis))
CONTAINERS = (tuple, list, set, frozenset)
METHODS = (types.MethodType, types.BuiltinMethodType, types.MethodWrapperType)  # a new one at each access, of the same owner


class Identity:
    """An object as a key: equal to itself alone, whatever its class says."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is Identity and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def same_key(value: Any) -> Any:
    """What two values agree in if they are the same. It holds on to what is told by identity.

    >>> same_key(1) == same_key(True), same_key((0.0,)) == same_key((-0.0,)), same_key(float("nan")) == same_key(float("nan"))
    (False, False, True)
    """
    kind = type(value)
    if kind is int or kind in TEXT:
        return value
    if kind is bool:
        return kind, value
    if kind is float or kind is complex or isinstance(value, np.generic):
        held = np.asarray(value)
        return kind, held.dtype, held.tobytes()
    if kind in CONTAINERS or (isinstance(value, tuple) and hasattr(kind, "_fields")):
        return kind, *map(same_key, value)
    if kind is dict:
        return kind, *map(same_key, value), *map(same_key, value.values())
    if kind is range or kind is slice:
        return kind, same_key(value.start), same_key(value.stop), same_key(value.step)
    if isinstance(value, np.dtype):
        return kind, value
    if kind in METHODS:
        return kind, Identity(value.__self__), same_key(getattr(value, "__func__", value.__name__))
    return Identity(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same: of one class, with the same bits. Guards and checks ask it, for 0.0 equals -0.0 and 1 True."""
    return bool(same_key(one) == same_key(other))


def told_by_equality(value: Any) -> bool:
    """Whether what is of the value's class and equals it is the same: not for a zero, which has a sign, or a NaN."""
    if type(value) is tuple:
        return all(type(item) is str for item in value)
    if isinstance(value, (float, complex, np.inexact)):
        return all(part == part and part != 0 for part in ((value.real, value.imag) if isinstance(value, complex) else (value,)))
    return type(value) in (bool, int, *TEXT) or isinstance(value, (np.bool_, np.integer))


def same_result(one: Any, other: Any) -> bool:
    """Whether two results are the same: class, dtype, shape and bits; a NaN is like any other NaN, and an object like one of its class.

    >>> same_result(0.0, -0.0), same_result(np.array([np.nan]), np.array([-np.nan])), same_result(1.0, np.float64(1.0))
    (False, True, False)
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, (bool, int, *TEXT)):
        return bool(one == other)
    if not isinstance(one, (float, complex, np.generic, np.ndarray)):
        return True
    a, b = np.asarray(one), np.asarray(other)
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype.kind not in "fc":
        return bool(np.array_equal(a, b))
    return all(_same_floats(x, y) for x, y in ((a.real, b.real), (a.imag, b.imag)))


def _same_floats(one: Any, other: Any) -> bool:
    """Whether arrays hold the same numbers, signs of zeros included; a NaN has none."""
    return bool(np.all((one == other) & (np.signbit(one) == np.signbit(other)) | (one != one) & (other != other)))
