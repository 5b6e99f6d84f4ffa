"""Types of arrays that are made: of nested lists, of numbers that say how many, and of other arrays."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, Told, dtype_of, element, shape_of
from s2sad.types.families import broadcast, counted, fits, place
from s2sad.types.given import lengths
from s2sad.types.questions import undecided
from s2sad.types.sizes import Size, is_whole, larger, product

# Of nested lists, or of arrays


def array(object: Any, dtype: Any, ndmin: int) -> Array:
    shape = shape_of(object)
    return Array(dtype_of(object) if dtype is None else dtype, (1,) * (ndmin - len(shape)) + shape)


def as_array(a: Any, dtype: Any) -> Array:
    return array(a, dtype, 0)


def with_an_axis(a: Any, dtype: Any) -> Array:
    return array(a, dtype, 1)


def copied(a: Any) -> Array:
    return array(a, None, 0)


def same_shape(x: Any) -> tuple[Any, ...]:
    return shape_of(x)


def flattened(x: Any) -> tuple[Any, ...]:
    return (product(shape_of(x)),)


def item(x: Any, args: Any) -> Any:
    """A number of Python: that at an index, or the only one."""
    shape = shape_of(x)
    index = args[0] if len(args) == 1 and isinstance(args[0], tuple) else args
    if not index and not product(shape) == 1:
        raise ValueError("can only convert an array of size 1 to a Python scalar")
    if len(index) == 1:
        shape = (product(shape),)
    if index and len(index) != len(shape):
        raise ValueError("incorrect number of indices for array")
    for k, n in zip(index, shape, strict=False):
        if is_whole(k) and not -n <= k < n:
            raise IndexError(f"index {k} is out of bounds for size {n}")
    return np.ones((), dtype_of(x)).item()


def nested(x: Any) -> Told:
    """Lists in lists: their lengths are asked for."""
    return Told(_lists(np.ones((), dtype_of(x)).item(), shape_of(x)))


def _lists(leaf: Any, shape: tuple[Any, ...]) -> Any:
    return [_lists(leaf, shape[1:]) for _ in range(shape[0])] if shape else leaf


def like(a: Any, dtype: Any, shape: Any) -> Array:
    return Array(dtype_of(a) if dtype is None else dtype, shape_of(a) if shape is None else wanted(shape))


def like_prototype(prototype: Any, dtype: Any, shape: Any) -> Array:
    return like(prototype, dtype, shape)


def full_like(a: Any, fill_value: Any, dtype: Any, shape: Any) -> Array:
    answer = like(a, dtype, shape)
    fits(shape_of(fill_value), answer.shape)
    return answer


# Of numbers that say how many


def wanted(shape: Any) -> tuple[Any, ...]:
    """The shape that a number or a sequence of numbers asks for."""
    return tuple(map(counted, lengths(shape)))


def made(shape: Any, dtype: Any) -> Array:
    return Array(dtype, wanted(shape))


def full(shape: Any, fill_value: Any, dtype: Any) -> Array:
    answer = Array(dtype_of(fill_value) if dtype is None else dtype, wanted(shape))
    fits(shape_of(fill_value), answer.shape)
    return answer


def eye(N: Any, M: Any, dtype: Any) -> Array:
    return Array(dtype, wanted((N, N if M is None else M)))


def identity(n: Any, dtype: Any) -> Array:
    return eye(n, None, dtype)


def tri(N: Any, M: Any, dtype: Any) -> Array:
    return Array(dtype, tuple(map(_at_least_none, (N, N if M is None else M))))


def _at_least_none(n: Any) -> Any:
    """How many whole numbers there are from 0 to this one."""
    return larger(0, n) if is_whole(n) else counted(n)


def indices(dimensions: Any, dtype: Any, sparse: bool) -> Any:
    rank = len(tuple(dimensions))
    if sparse:
        return Told(_open(tuple(map(_at_least_none, dimensions)), [np.dtype(dtype)] * rank))
    return Array(dtype, (rank, *wanted(tuple(dimensions))))


def open_mesh(args: Any) -> Told:
    shapes = [shape_of(a) for a in args]
    if any(len(s) != 1 for s in shapes):
        raise ValueError("Cross index must be 1 dimensional")
    kinds = [np.dtype(np.intp) if isinstance(a, (list, tuple)) and not a else dtype_of(a) for a in args]
    if any(kind == np.bool_ for kind in kinds):
        raise undecided("how many elements of a mask are true")
    return Told(_open(tuple(s[0] for s in shapes), kinds))


def _open(sizes: tuple[Any, ...], kinds: list[Any]) -> tuple[Array, ...]:
    """Vectors, each along an axis of its own."""
    rank = len(sizes)
    return tuple(Array(kind, (1,) * k + (n,) + (1,) * (rank - 1 - k)) for k, (n, kind) in enumerate(zip(sizes, kinds, strict=True)))


# Ranges


def arange(start: Any, stop: Any, step: Any, dtype: Any) -> Array:
    """As many as there are steps of whole numbers; of others the length is not known from types."""
    start, stop = (0, start) if stop is None else (start, stop)
    numbers = [int(x) if isinstance(x, bool) or _is_whole_float(x) else x for x in (start, stop, step)]
    if not all(map(is_whole, numbers)):
        raise undecided("how many steps np.arange makes, of numbers that need not be whole")
    # Whole numbers of Python and of NumPy give other dtypes, and floats as well.
    kind = np.arange(element(start) * 0, element(stop) * 0 + 1, element(step) * 0 + 1, dtype=dtype).dtype
    return Array(kind, (_steps(*numbers),))


def _is_whole_float(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) and float(value).is_integer()


def _steps(start: Any, stop: Any, step: Any) -> Any:
    if step == 0:
        raise ZeroDivisionError("division by zero")
    way, by = (stop - start, step) if step > 0 else (start - stop, -step)
    return larger(0, (way + by - 1) // by)


def linspace(start: Any, stop: Any, num: Any, dtype: Any, axis: Any) -> Array:
    return _spaced(np.linspace, num, dtype, axis, start, stop)


def geomspace(start: Any, stop: Any, num: Any, dtype: Any, axis: Any) -> Array:
    return _spaced(np.geomspace, num, dtype, axis, start, stop)


def logspace(start: Any, stop: Any, num: Any, base: Any, dtype: Any, axis: Any) -> Array:
    return _spaced(np.logspace, num, dtype, axis, start, stop, base=base)


def _spaced(function: Any, num: Any, dtype: Any, axis: Any, *ends: Any, **more: Any) -> Array:
    """`num` entries along an axis of its own between the ends."""
    number = counted(num)
    shape = broadcast(*map(shape_of, (*ends, *more.values())))
    where = place(axis, len(shape) + 1)
    kind = function(*map(_one, ends), 1, dtype=dtype, **{name: _one(x) for name, x in more.items()}).dtype
    return Array(kind, (*shape[:where], number, *shape[where:]))


def _one(value: Any) -> Any:
    """A one of the class of a number, or of the dtype of an array."""
    if isinstance(value, (np.ndarray, list, tuple)):
        return np.ones((1,) * len(shape_of(value)), dtype_of(value))
    return value.kind(1) if type(value) is Size else type(value)(1)


def broadcast_shapes(args: Any) -> Told:
    return Told(broadcast(*map(wanted, args)))


def common_type(arrays: Any) -> Any:
    return np.common_type(*map(element, arrays))
