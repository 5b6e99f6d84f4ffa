"""Parts of arrays: which shape `a[index]` has."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad.types.arrays import Array, shape_of
from s2sad.types.families import broadcast
from s2sad.types.questions import undecided
from s2sad.types.sizes import OPERATIONS, Size, at_least_zero, derived, is_whole, larger, same, smaller


def part(a: Any, index: Any) -> Any:
    """What stands for `a[index]`: an `Array`, or a number of its class where every axis is given a number.

    >>> part(Array(float, (3, 4)), (slice(1, None), None, -1))
    float64[2, 1]
    """
    items = index if isinstance(index, tuple) else (index,)
    shape = part_shape(a.shape, items)
    return Array(a.dtype, shape) if shape or not all(map(is_place, items)) else a.dtype.type(1)


def part_as_array(array: Any, index: Any) -> Array:
    """What has the shape of a part, and the dtype of the array."""
    return Array(array.dtype, part_shape(array.shape, index if isinstance(index, tuple) else (index,)))


def is_place(item: Any) -> bool:
    """Whether an item of an index is one whole number."""
    return is_whole(item) or (isinstance(item, np.ndarray) and item.ndim == 0 and item.dtype.kind in "iu")


def part_shape(shape: tuple[Any, ...], items: tuple[Any, ...]) -> tuple[Any, ...]:
    """The shape of what an index reads. Raises IndexError for one of too many items."""
    entries = list(_spelt_out(items, len(shape)))
    if any(_is_list(i) for i in entries):
        return _advanced(shape, entries)
    return tuple(_basic(shape, entries))


def read_places(shape: tuple[Any, ...], index: Any) -> Iterator[tuple[Any, Any]]:
    """The size of each axis of which an index names elements, with what names them."""
    lengths = iter(shape)
    for entry in _spelt_out(index if isinstance(index, tuple) else (index,), len(shape)):
        if entry is not None:
            length = next(lengths)
            if is_mask(entry):
                return  # it has the shape of what it chooses from
            if not isinstance(entry, slice):
                yield from ((length, place) for place in (entry if isinstance(entry, (list, tuple)) else [entry]))


def _spelt_out(items: tuple[Any, ...], rank: int) -> Iterator[Any]:
    """One item for each axis, and None for new ones."""
    missing = rank - sum(_axes_of(i) for i in items)
    if missing < 0:
        raise IndexError(f"too many indices for array: array is {rank}-dimensional")
    at = next((k for k, i in enumerate(items) if i is Ellipsis), len(items))
    yield from items[:at]
    yield from [slice(None)] * missing
    yield from items[at + 1 :]


def _axes_of(item: Any) -> int:
    if item is None or item is Ellipsis:
        return 0
    return len(shape_of(item)) if is_mask(item) else 1


def is_mask(item: Any) -> bool:
    """Whether an item of an index chooses elements by truth values."""
    if isinstance(item, np.ndarray):
        return bool(item.dtype.kind == "b")
    return isinstance(item, (bool, np.bool_)) or (isinstance(item, list) and bool(item) and is_mask(item[0]))


def _is_list(item: Any) -> bool:
    """Whether an item gives several places."""
    return is_mask(item) or (isinstance(item, (np.ndarray, list, tuple)) and not is_place(item))


def _basic(shape: tuple[Any, ...], entries: list[Any]) -> Iterator[Any]:
    lengths = iter(shape)
    for entry in entries:
        if entry is None:
            yield 1
        elif isinstance(entry, slice):
            yield part_length(next(lengths), entry)
        else:
            next(lengths)


def _advanced(shape: tuple[Any, ...], entries: list[Any]) -> tuple[Any, ...]:
    """The places that arrays give are broadcast; they take the place of their axes, or come first where those are not side by side."""
    lengths = iter(shape)
    rest: list[Any] = []
    given: list[tuple[Any, ...]] = []
    where: list[int] = []
    for k, entry in enumerate(entries):
        if entry is None or isinstance(entry, slice):
            rest.append(1 if entry is None else part_length(next(lengths), entry))
            continue
        given.append((chosen(entry),) if is_mask(entry) else shape_of(entry))
        where.append(k)
        for _ in range(_axes_of(entry)):
            next(lengths)
    together = where == list(range(where[0], where[-1] + 1))
    first = where[0] if together else 0
    return (*rest[:first], *broadcast(*given), *rest[first:])


def chosen(mask: Any) -> Any:
    """How many elements a mask chooses: those that are not zero."""
    if isinstance(mask, Chosen):
        return mask.count
    if type(mask) is Array:
        raise undecided("how many elements a mask chooses")
    return int(np.count_nonzero(mask))


class Chosen(Array):
    """An array of which it is known, or has a name, how long what it chooses is: the elements that are not zero, or repeated ones."""

    __slots__ = ("count",)

    def __init__(self, dtype: Any, shape: tuple[Any, ...], count: Any) -> None:
        super().__init__(dtype, shape)
        self.count = count


def is_from_end(place: Any) -> bool | None:
    """Whether a bound is counted from the end of the axis, as far as its own bounds tell."""
    if at_least_zero(place):
        return False
    return True if at_least_zero(-place - 1) else None


def part_length(n: Any, part: slice, from_end: Callable[[Any], bool | None] = is_from_end) -> Any:
    """How many elements a slice takes of an axis of n. Nobody is asked, but which way a step goes that is not known: where it is not known
    from which end a bound is counted, the length is a number of its own, unless `from_end` tells.

    >>> part_length(5, slice(1, None)), part_length(5, slice(None, None, -2)), part_length(3, slice(-7, 9))
    (4, 3, 3)
    """
    step = 1 if part.step is None else part.step if isinstance(part.step, Size) else int(part.step)
    if not any(isinstance(v, Size) for v in (n, part.start, part.stop, step)):
        return len(range(n)[part.start : part.stop : step])
    forward = step > 0
    if not forward and step == 0:
        raise ValueError("slice step cannot be zero")
    ends = [from_end(v) for v in (part.start, part.stop) if v is not None]
    if None in ends:
        first, last = (0, n) if forward else (n - 1, -n - 1)
        return derived("length", n, first if part.start is None else part.start, last if part.stop is None else part.stop, step)
    span, wide = (_forward if forward else _backward)(n, part.start, part.stop, from_end), step if forward else -step
    return span if same(wide, 1) else (span + (wide - 1)) // wide


def _forward(n: Any, start: Any, stop: Any, from_end: Callable[[Any], bool | None]) -> Any:
    """How many places there are from `start` up to `stop`; one bound within the axis is enough to count from."""
    if start is None and stop is None:
        return n
    if stop is None and from_end(start):
        return smaller(-start, n)
    end = n if stop is None else smaller(stop + n if from_end(stop) else stop, n)
    first = 0 if start is None else larger(start + n, 0) if from_end(start) else start
    return larger(0, end - first)


def _backward(n: Any, start: Any, stop: Any, from_end: Callable[[Any], bool | None]) -> Any:
    def place(bound: Any) -> Any:
        return larger(smaller(bound + n if from_end(bound) else bound, n - 1), -1)

    return larger(0, (n - 1 if start is None else place(start)) - (-1 if stop is None else place(stop)))


OPERATIONS["length"] = lambda n, start, stop, step: len(range(n)[start:stop:step])
