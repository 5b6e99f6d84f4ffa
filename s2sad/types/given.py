"""What stands in arguments of functions on arrays: lengths, axes, and sizes that must agree."""
from __future__ import annotations

import functools
import operator
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import place
from s2sad.types.questions import undecided
from s2sad.types.sizes import Size, at_least_zero, product, same

Shape = tuple[Any, ...]


def below_zero(size: Any) -> bool:
    """Whether a size is negative. Nobody is asked where bounds tell."""
    return not at_least_zero(size) and bool(size < 0)


def listed(shape: tuple[int, ...]) -> str:
    """A shape as NumPy's messages have it.

    >>> listed((3,)), listed((2, -1))
    ('(3,)', '(2,newaxis)')
    """
    return f"({','.join('newaxis' if n < 0 else str(n) for n in shape)}{',' * (len(shape) == 1)})"


def agreed(one: Any, other: Any, text: str) -> Any:
    """The size that two are. Raises ValueError where they differ."""
    if same(one, other):
        return one
    if not one == other:
        raise ValueError(f"{text}: {one} and {other} elements")
    return other if type(other) is int else one


def agreed_shape(shapes: list[Shape], text: str) -> Shape:
    """The shape that all have. Raises ValueError where they differ."""
    if len({len(s) for s in shapes}) > 1:
        raise ValueError(f"{text}: {' and '.join(str(len(s)) for s in shapes)} dimensions")
    return tuple(functools.reduce(lambda a, b: agreed(a, b, text), column) for column in zip(*shapes, strict=True))


def whole(number: Any) -> Any:
    """A whole number as a plain one, or a size."""
    if type(number) is Size:
        return number
    if type(number) is Array:
        raise undecided("the number that an array holds")
    return operator.index(number)


def lengths(shape: Any) -> list[Any]:
    """The sizes that a number or a sequence of numbers lists. Raises TypeError for other numbers, Undecided for an array of which the type
    alone is known."""
    if type(shape) is Array and shape.ndim:
        raise undecided("the numbers that an array holds")
    several = isinstance(shape, (list, tuple)) or (isinstance(shape, np.ndarray) and shape.ndim)
    return [whole(n) for n in (shape if several else [shape])]


def fresh(value: Any, shape: Any) -> Array:
    """A new array of the dtype of a value."""
    return Array(dtype_of(value), tuple(shape))


def one_or_array(dtype: Any, shape: Shape) -> Any:
    """What functions give that give a number where there are no axes."""
    return Array(dtype, shape) if shape else np.dtype(dtype).type(1)


def axes_of(axes: Any, rank: int) -> tuple[int, ...]:
    return tuple(normalize_axis_tuple(axes if isinstance(axes, (list, tuple)) else (axes,), rank))


def without(shape: Shape, *axes: Any, keepdims: Any = False) -> Shape:
    """What is left of a shape when these axes are gone; with length 1 for each of them where they are kept."""
    gone = [place(axis, len(shape)) for axis in axes]
    if keepdims is not np._NoValue and keepdims:
        return tuple(1 if k in gone else n for k, n in enumerate(shape))
    return tuple(n for k, n in enumerate(shape) if k not in gone)


def replaced(shape: Shape, axis: Any, length: Any) -> Shape:
    """The shape with another length along an axis."""
    at = place(axis, len(shape))
    return (*shape[:at], length, *shape[at + 1 :])


def like_first(first: Any, *others: Any) -> Shape:
    """The shape of the first argument."""
    return shape_of(first)


def flat_or_like(a: Any, axis: Any) -> Shape:
    """That of the array, or, without an axis, one for all its elements."""
    return (product(shape_of(a)),) if axis is None else shape_of(a)
