"""Which elements of an array an index names, where that does not depend on values."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Const, Display, Operand, Type
from s2sad.types.sizes import Size

Region = tuple[range, ...]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
NOT_CONSTANT: Any = object()
LARGEST = 1 << 16  # elements of an array beyond which its parts are not followed one by one


def constant_index(operand: Operand) -> Any:
    """The basic index an operand is; NOT_CONSTANT where it holds variables or arrays."""
    match operand:
        case Const(value=value):
            parts = value if isinstance(value, tuple) else (value,)
            return value if all(p is None or p is Ellipsis or type(p) in (int, slice) for p in parts) else NOT_CONSTANT
        case Display(kind=kind, items=items) if kind in (tuple, slice):
            found = [constant_index(item) for item in items]
            if any(f is NOT_CONSTANT or isinstance(f, tuple) for f in found):  # a tuple inside a tuple is an array of indices
                return NOT_CONSTANT
            return slice(*found) if kind is slice else tuple(found)
    return NOT_CONSTANT


def region(operand: Operand, kind: Type) -> Region | None:
    """For each axis the positions that a constant basic index names; None for any other index."""
    index = constant_index(operand)
    if index is NOT_CONSTANT or not isinstance(kind, ArrayType) or any(isinstance(n, Size) for n in kind.shape):
        return None
    items = [i for i in (index if isinstance(index, tuple) else (index,)) if i is not None]
    if Ellipsis not in items:
        items.append(Ellipsis)
    at = items.index(Ellipsis)
    full = [slice(None)] * (len(kind.shape) - len(items) + 1)
    spread = [*items[:at], *full, *items[at + 1 :]]
    if len(spread) != len(kind.shape) or not all(isinstance(i, slice) or -n <= i < n for i, n in zip(spread, kind.shape, strict=True)):
        return None
    return tuple(range(n)[i] if isinstance(i, slice) else range(i % n, i % n + 1) for i, n in zip(spread, kind.shape, strict=True) if n)


def disjoint(one: Region | None, other: Region | None) -> bool:
    """Whether two parts of an array have no element in common."""
    if one is None or other is None or len(one) != len(other):
        return False
    return any(apart(a, b) for a, b in zip(one, other, strict=True))


def apart(a: range, b: range) -> bool:
    if not len(a) or not len(b) or max(a) < min(b) or max(b) < min(a):
        return True
    return abs(a.step) != 1 and abs(b.step) != 1 and set(a).isdisjoint(b)


def mask(operand: Operand, kind: Type) -> Mask | None:
    """The elements that a constant basic index names, as an array of truth values; None where it is outside, in what is not reached."""
    index = constant_index(operand)
    if index is NOT_CONSTANT or not isinstance(kind, ArrayType):
        return None
    found = np.zeros(kind.shape, dtype=bool)
    try:
        found[index] = True
    except IndexError:
        return None
    return found
