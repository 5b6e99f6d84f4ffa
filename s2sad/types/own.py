"""Types of what generated code itself writes down: versions of arrays, and cotangents of stacks."""
from __future__ import annotations

from typing import Any

from s2sad.types.arrays import Array, Told, dtype_of, shape_of
from s2sad.types.families import broadcast, fits
from s2sad.types.given import fresh, lengths


def itself(*given: Any) -> Any:
    """What has the type of the only argument; an array may be written to."""
    value, = given
    return fresh(value, value.shape) if type(value) is Array else Told(value)


def of_class(c: Any, like: Any) -> Any:
    """A number, or an array without axes, of the class of the second one."""
    return Told(like)


def summed_to(array: Any, shape: Any) -> Array:
    """An array that broadcasts to the one given."""
    wanted = tuple(lengths(shape))
    fits(wanted, shape_of(array))
    return fresh(array, wanted)


def version(array: Any) -> Any:
    """The next version of an array that is written to."""
    return itself(array)


def added_cotangents(one: Any, other: Any) -> Any:
    """A sum of each of what two stacks hold; where there is nothing, nothing is added."""
    if one is None or other is None:
        return Told(other if one is None else one)
    if isinstance(one, list):
        return Told([_told(added_cotangents(a, b)) for a, b in zip(one, other, strict=False)])
    if type(one) is Array or type(other) is Array:
        return Array(dtype_of([one, other]), broadcast(shape_of(one), shape_of(other)))
    return Told(one + other)


def no_cotangents(value: Any) -> Any:
    if isinstance(value, list):
        return Told([_told(no_cotangents(each)) for each in value])
    return itself(value) if value is None or type(value) is Array else Told(0.0)


def _told(given: Any) -> Any:
    return given.value if type(given) is Told else given
