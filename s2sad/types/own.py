"""Types of what generated code itself writes down: versions of arrays, cotangents of stacks, and sums of Python."""
from __future__ import annotations

from typing import Any

from s2sad.types.arrays import Array, Told, dtype_of, shape_of
from s2sad.types.families import broadcast
from s2sad.types.given import Shape, agreed, fresh


def itself(*given: Any) -> Any:
    """What has the type of the only argument; an array may be written to."""
    value, = given
    return fresh(value, value.shape) if type(value) is Array else Told(value)


def version(array: Any) -> Any:
    """The next version of an array that is written to."""
    return itself(array)


def added_up(items: Any, start: Any) -> Any:
    """What Python's `sum` gives: the start, if there is nothing to add."""
    if type(items) is Array and items.shape[0] == 0:
        return itself(start)
    return broadcast(*_rows(items), shape_of(start))


def multiplied(iterable: Any, start: Any) -> Any:
    return added_up(iterable, start)


def _rows(items: Any) -> list[Shape]:
    return [items.shape[1:]] if type(items) is Array else [shape_of(x) for x in items]


def added_number_by_number(seq: Any) -> Shape:
    if any(_rows(seq)):
        raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
    return ()


def distance(p: Any, q: Any) -> float:
    agreed(shape_of(p)[0], shape_of(q)[0], "both points must have the same number of dimensions")
    return 1.0


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
