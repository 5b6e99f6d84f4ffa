"""How the shapes of results follow: functions over sizes that families of primitives share."""
from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from s2sad.types.arrays import shape_of
from s2sad.types.questions import Undecided
from s2sad.types.sizes import at_least_zero, is_whole, same

ONE_ELEMENT_PASSES = np.lib.NumpyVersion(np.__version__) < "2.4.0"


def broadcast(*shapes: tuple[Any, ...]) -> tuple[Any, ...]:
    """The shape that NumPy broadcasts these to. Raises ValueError where they do not go together.

    >>> broadcast((3, 1), (4,), ())
    (3, 4)
    """
    rank = max(map(len, shapes), default=0)
    columns = zip(*((1,) * (rank - len(s)) + tuple(s) for s in shapes), strict=True)
    return tuple(map(_agreed, columns))


def _agreed(column: tuple[Any, ...]) -> Any:
    answer: Any = 1
    for n in column:
        if not same(n, 1) and not same(n, answer):
            answer = n if same(answer, 1) else _together(answer, n)
    return answer


def _together(one: Any, other: Any) -> Any:
    """The size that two are, or that of them which is not 1."""
    try:
        if other == one:
            return other if type(other) is int else one
    except Undecided:
        if not _is_one(one) and not _is_one(other):
            raise
        return other if _is_one(one) else one
    if not one == 1 and not other == 1:
        raise ValueError(f"operands could not be broadcast together: {one} and {other} elements")
    return other if one == 1 else one


def _is_one(size: Any) -> bool:
    """Whether it is known that a size is 1."""
    with contextlib.suppress(Undecided):
        return bool(size == 1)
    return False


def elementwise(*arguments: Any) -> tuple[Any, ...]:
    """The shape of what is computed element by element of these."""
    return broadcast(*(shape_of(a) for a in arguments if not isinstance(a, (str, type, np.dtype))))


def number(*arguments: Any) -> tuple[Any, ...]:
    """The shape of a number that is made of numbers, or of arrays that pass for one: from NumPy 2.4 on those without axes."""
    for a in arguments:
        if isinstance(a, np.ndarray) and a.ndim and (not ONE_ELEMENT_PASSES or not a.size == 1):
            raise TypeError(f"an array of shape {_text(a.shape)} is no number")
    return ()


def fits(shape: tuple[Any, ...], into: tuple[Any, ...]) -> None:
    """Raises ValueError where one shape does not broadcast to another."""
    pairs = list(zip(reversed(shape), reversed(into), strict=False))
    if len(shape) > len(into) or not all(same(n, 1) or same(n, m) or n == m or n == 1 for n, m in pairs):
        raise ValueError(f"could not broadcast {_text(shape)} to {_text(into)}")


def _text(shape: tuple[Any, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


# Axes


def place(axis: Any, rank: int) -> int:
    """The number of an axis, counted from the front. Raises AxisError."""
    if not isinstance(axis, (int, np.integer)):
        raise TypeError(f"'{type(axis).__name__}' object cannot be interpreted as an integer")
    if not -rank <= axis < rank:
        raise np.exceptions.AxisError(int(axis), rank)
    return int(axis) % rank


def places(axis: Any, rank: int) -> tuple[int, ...]:
    """The axes that an argument names: none for all of them. Where there is none, the first and the last may be named."""
    if axis is None:
        return tuple(range(rank))
    found = [place(a, rank or 1) for a in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    if len(set(found)) < len(found):
        raise ValueError("duplicate value in 'axis'")
    return tuple(found) if rank else ()


# Numbers that say how many


def counted(size: Any) -> Any:
    """A number of elements. Raises what NumPy raises where it is none, or negative."""
    if not is_whole(size) and not isinstance(size, bool):
        raise TypeError(f"'{type(size).__name__}' object cannot be interpreted as an integer")
    if not at_least_zero(size) and size < 0:
        raise ValueError("negative dimensions are not allowed")
    return size if is_whole(size) else int(size)
