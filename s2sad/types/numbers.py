"""Types of what Python's own functions make of numbers: `sum`, and the modules math and cmath."""
from __future__ import annotations

from typing import Any

from s2sad.types.arrays import Array, element, shape_of
from s2sad.types.families import broadcast, number
from s2sad.types.given import Shape, agreed
from s2sad.types.own import itself


def real(*given: Any) -> float:
    """A float, whatever the numbers are: not all of them are in the domain of a function."""
    number(*given)
    return 1.0


def complex_number(*given: Any) -> complex:
    number(*given)
    return 1.0 + 0.0j


def hypotenuse(coordinates: Any) -> float:
    return real(*coordinates)


def pair(*given: Any) -> list[Shape]:
    return [number(*given)] * 2


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


def sum_of_products(p: Any, q: Any) -> Any:
    """A number of the class that the items make; of none of them, the 0 that the sum starts from."""
    if agreed(shape_of(p)[0], shape_of(q)[0], "Inputs are not the same length") == 0:
        return 0
    return _item(p) * _item(q)


def _item(sequence: Any) -> Any:
    return sequence.dtype.type(1) if type(sequence) is Array else element(sequence[0])
