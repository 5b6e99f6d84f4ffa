"""Conversions of dtype that a machine is asked for: what belongs to a value is computed in its kind of floats."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2sad.machine.traced import strip
from s2sad.rules.following import ANSWERS
from s2sad.rules.operations import ASTYPE
from s2sad.types.arrays import Array, dtype_of

Machine = Any
INDICES = (np.ndarray, np.generic, Array, list, tuple, str, bytes)


def as_floats(machine: Machine, value: Any, belongs_to: Any) -> Any:
    """A partial derivative or a cotangent in the float type of what it belongs to; floats and complex numbers stay as they are.

    A cotangent is always of an inexact type, so what is computed from it is: unsigned numbers would wrap, booleans have no negative.
    """
    plain = strip(value)
    if isinstance(plain, (bool, int)):
        return machine.call(float, value)
    if not isinstance(plain, (np.ndarray, np.generic)) or plain.dtype.kind in "fc":
        return value
    dtype = np.zeros((), dtype_of(strip(belongs_to))).real.dtype
    return cast(machine, value, dtype if dtype.kind == "f" else np.dtype(float))


def as_type_of(machine: Machine, value: Any, target: Any) -> Any:
    """The floats or complex numbers `value` in the precision of the value they belong to; plain numbers have none."""
    want, dtype = dtype_of(strip(target)), dtype_of(strip(value))
    if dtype != want and dtype.kind == want.kind and isinstance(strip(target), (np.ndarray, np.generic)):
        return cast(machine, value, want)
    return value


def as_index(machine: Machine, index: Any) -> Any:
    """An index of an array, with arrays in place of other things that NumPy takes for such, as a column of pandas, or a range: what is
    told of an index is told by its class."""
    if type(index) is tuple:
        return tuple([as_index(machine, part) for part in index])
    plain = strip(index)
    if isinstance(plain, INDICES) or not (isinstance(plain, Sequence) or hasattr(type(plain), "__array__")):
        return index
    return machine.call(np.asarray, index)


def as_written(machine: Machine, value: Any, target: Any) -> Any:
    """What is written into an array: of an array of objects its numbers, in the dtype of the array."""
    return machine.call(machine.attribute(value, "astype"), dtype_of(strip(target)).type) if type(value) in ANSWERS else value


def cast(machine: Machine, value: Any, dtype: Any) -> Any:
    plain = strip(value)
    if isinstance(plain, np.ndarray):
        return machine.apply(ASTYPE, ASTYPE.bind((value, dtype.type), {}))
    return machine.call(dtype.type, value)
