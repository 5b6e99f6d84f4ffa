"""Shapes of what is gathered or runs along axes: sums, extrema, averages, running sums, sorting."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast, fits, place, places
from s2sad.types.given import Shape, without
from s2sad.types.sizes import at_least_zero, is_whole, product

UNGIVEN = (np._NoValue, None, True)
SPREADS_MEDIANS = np.lib.NumpyVersion(np.__version__) < "2.5.0"  # the axes of a median become one, by a reshape


def gathered(shape: Shape, axis: Any, keepdims: Any = False) -> Shape:
    """A shape without the axes that a reduction gathers: none for all of them."""
    return without(shape, *places(axis, len(shape)), keepdims=keepdims)


def reduced(a: Any, axis: Any, keepdims: Any, where: Any) -> tuple[Any, ...]:
    shape = shape_of(a)
    if not any(where is each for each in UNGIVEN):
        fits(shape_of(where), shape)
    return gathered(shape, axis, keepdims)


def spread(a: Any, axis: Any, keepdims: Any, where: Any, mean: Any) -> tuple[Any, ...]:
    """Of squares of distances from a mean, which may be given."""
    shape = shape_of(a) if any(mean is each for each in UNGIVEN) else broadcast(shape_of(a), shape_of(mean))
    if not any(where is each for each in UNGIVEN):
        fits(shape_of(where), shape)
    return gathered(shape, axis, keepdims)


def along(a: Any, axis: Any, keepdims: Any) -> tuple[Any, ...]:
    return gathered(shape_of(a), axis, keepdims)


def reduced_by_ufunc(array: Any, axis: Any, keepdims: Any, where: Any) -> tuple[Any, ...]:
    return reduced(array, axis, keepdims, where)


def extremum(a: Any, axis: Any, keepdims: Any, initial: Any, where: Any) -> tuple[Any, ...]:
    if initial is np._NoValue:
        _there_is_one(shape_of(a), axis)
    return reduced(a, axis, keepdims, where)


def extremum_at(a: Any, axis: Any, keepdims: Any) -> tuple[Any, ...]:
    """Of what tells an extremum without a first value: it exists, or tells where it is."""
    _there_is_one(shape_of(a), axis)
    return along(a, axis, keepdims)


def _there_is_one(shape: tuple[Any, ...], axis: Any) -> None:
    """Raises ValueError where no element is gathered."""
    for k in places(axis, len(shape)):
        if _none(shape[k]):
            raise ValueError("zero-size array to a reduction that has no identity")


def _none(n: Any) -> bool:
    return not at_least_zero(n - 1) and bool(n == 0)


def middle(a: Any, axis: Any, keepdims: Any) -> tuple[Any, ...]:
    """Of a median: over several axes NumPy before 2.5 cannot tell how many elements there are for each of none."""
    shape = shape_of(a)
    if SPREADS_MEDIANS and isinstance(axis, (tuple, list)) and len(axis) > 1 and any(map(_none, gathered(shape, axis))):
        raise ValueError("cannot reshape array of size 0")
    return gathered(shape, axis, keepdims)


def averaged(a: Any, axis: Any, weights: Any, keepdims: Any) -> tuple[Any, ...]:
    shape = shape_of(a)
    left = gathered(shape, axis)
    if weights is not None:
        _weigh(shape_of(weights), shape, axis)
        if any(map(_none, (shape[k] for k in places(axis, len(shape))))) and not any(map(_none, left)):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    elif any(map(_none, left)):
        raise ZeroDivisionError("division by zero")  # by the number of averages, as NumPy counts the elements of one
    return gathered(shape, axis, keepdims)


def _weigh(weights: tuple[Any, ...], shape: tuple[Any, ...], axis: Any) -> None:
    """Raises what NumPy raises where weights do not go with the elements: they have their shape, or that of the axes."""
    if len(weights) == len(shape) and all(n == m for n, m in zip(weights, shape, strict=True)):
        return
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    expected = [shape[place(k, len(shape))] for k in (axis if isinstance(axis, tuple) else (axis,))]
    if len(weights) != len(expected) or not all(n == m for n, m in zip(weights, expected, strict=True)):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")


def running(a: Any, axis: Any) -> tuple[Any, ...]:
    """Of what has an entry for each element along an axis, or for each of all."""
    shape = shape_of(a) or (1,)
    return (product(shape),) if axis is None else shape


def as_it_is(a: Any) -> tuple[Any, ...]:
    return shape_of(a)


def as_chosen(chosen: Any) -> tuple[Any, ...]:
    return shape_of(chosen)


def mean_of_chosen(chosen: Any, axis: Any, keepdims: Any) -> tuple[Any, ...]:
    return gathered(shape_of(chosen), axis, keepdims)


def scanned(c: Any, v: Any, axis: int) -> tuple[Any, ...]:
    """Of a recurrence along an axis: both have it first while they are broadcast."""
    shape = broadcast(*(_first(shape_of(x), axis) for x in (c, v)))
    where = place(axis, len(shape))
    return (*shape[1 : where + 1], shape[0], *shape[where + 1 :])


def _first(shape: tuple[Any, ...], axis: int) -> tuple[Any, ...]:
    where = place(axis, len(shape))
    return (shape[where], *shape[:where], *shape[where + 1 :])


def partitioned(a: Any, kth: Any, axis: Any) -> Array:
    shape = running(a, axis) if axis is None else shape_of(a)
    length = shape[place(0 if axis is None else axis, len(shape))]
    for k in kth if isinstance(kth, (tuple, list)) else (kth,):
        if is_whole(k) and not -length <= k < length and not product(shape) == 0:
            raise ValueError(f"kth(={k}) out of bounds ({length})")
    return Array(dtype_of(a), shape)


def arranged(a: Any, axis: Any) -> tuple[Any, ...]:
    """Of what has the elements along an axis in another order."""
    return shape_of(a) if axis is not None else running(a, axis)
