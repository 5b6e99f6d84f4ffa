"""Shapes of operators and of choices that are not plainly elementwise."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, element, shape_of
from s2sad.types.families import broadcast, elementwise, number
from s2sad.types.sizes import Size


def pairwise(*arguments: Any) -> list[Any]:
    """The shapes of two results, each computed element by element."""
    return [elementwise(*arguments)] * 2


def as_int64(x: Any) -> Any:
    return x.of_kind(np.int64) if type(x) is Size else shape_of(x)


def halved(c: Any, tie: Any) -> tuple[Any, ...]:
    return broadcast(shape_of(c), shape_of(tie))


def whole(x: Any) -> Any:
    """Of what makes a whole number of Python of a number: it keeps one that is whole already."""
    return x.of_kind(int) if type(x) is Size else number(x)


def rounded(number: Any, ndigits: Any) -> Any:
    return whole(number) if ndigits is None else ()


def truth(x: Any) -> Any:
    if isinstance(x, np.ndarray) and x.ndim and not x.size == 1:
        raise ValueError(f"the truth value of an array with {x.size} elements is ambiguous")
    return ()


# Products along the last axes


def matmul(x: Any, y: Any) -> tuple[Any, ...]:
    """Batches of rows times columns; a vector is one row, or one column."""
    a, b = _with_axes(x, 1), _with_axes(y, 1)
    _meet(a[-1], b[-1] if len(b) == 1 else b[-2])
    rows, columns = a[-2:-1], () if len(b) == 1 else b[-1:]
    return (*broadcast(a[:-2], b[:-2]), *rows, *columns)


def vecdot(x: Any, y: Any) -> tuple[Any, ...]:
    a, b = _with_axes(x, 1), _with_axes(y, 1)
    _meet(a[-1], b[-1])
    return broadcast(a[:-1], b[:-1])


def matvec(x: Any, y: Any) -> tuple[Any, ...]:
    a, b = _with_axes(x, 2), _with_axes(y, 1)
    _meet(a[-1], b[-1])
    return (*broadcast(a[:-2], b[:-1]), a[-2])


def vecmat(x: Any, y: Any) -> tuple[Any, ...]:
    a, b = _with_axes(x, 1), _with_axes(y, 2)
    _meet(a[-1], b[-2])
    return (*broadcast(a[:-1], b[:-2]), b[-1])


def _with_axes(x: Any, least: int) -> tuple[Any, ...]:
    shape = shape_of(x)
    if len(shape) < least:
        raise ValueError(f"an operand has {len(shape)} dimensions, and {least} are needed")
    return shape


def _meet(n: Any, m: Any) -> None:
    if not n == m:
        raise ValueError(f"the axes that are summed over have {n} and {m} elements")


# Choices and interpolation


def select(condlist: Any, choicelist: Any, default: Any) -> Array:
    """The choices and conditions are broadcast; numbers of Python do not decide the dtype."""
    conditions, choices = _parts(condlist), _parts(choicelist)
    if len(conditions) != len(choices) or not conditions:
        raise ValueError("list of cases must be same length as list of conditions, and not empty")
    like = np.select([element(c) for c in conditions], [element(c) for c in choices], element(default))
    return Array(like.dtype, broadcast(*map(shape_of, (*conditions, *choices, default))))


def _parts(value: Any) -> list[Any]:
    return [value.like(value.shape[1:]) for _ in range(len(value))] if type(value) is Array else list(value)


def interpolated(x: Any, xp: Any, fp: Any) -> Any:
    if len(shape_of(xp)) != 1 or shape_of(xp)[0] == 0:
        raise ValueError("array of sample points is empty, or not along one axis")
    if not shape_of(xp)[0] == shape_of(fp)[0]:
        raise ValueError("fp and xp are not of the same length.")
    return _numbers(np.interp(1.0, [0.0], np.ones(1, dtype_of(fp))), shape_of(x))


def slope(x: Any, xp: Any, fp: Any) -> Any:
    return _numbers(np.ones(1, dtype_of(fp)) / np.ones(1, dtype_of(xp)), shape_of(x))


def slope_spread(c: Any, xp: Any) -> Any:
    return _numbers(element(c) / np.ones(1, dtype_of(xp)), shape_of(xp))


def spread(c: Any, xp: Any) -> Any:
    return _numbers(np.where(True, 0.0, element(c)), shape_of(xp))


def _numbers(like: Any, shape: tuple[Any, ...]) -> Any:
    return Array(like.dtype, shape) if shape else like.dtype.type(1)
