"""Parts of arrays: views that follow what they are a view of, and indices of indices.

The arithmetic of basic indices here is NumPy's: `a[first][second]` as one index `a[compose(first, second)]`.
"""
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.exceptions import TooHardError
from numpy.lib.array_utils import byte_bounds

from s2sad.ir.writing import Box
from s2sad.machine.traced import Traced, strip
from s2sad.quickly import dataclass
from s2sad.rules.language import Primitive
from s2sad.runtime.control import copied
from s2sad.types.arrays import Array
from s2sad.types.sizes import Size

ENOUGH = 10_000  # steps of the search for an element that two arrays have in common


@dataclass(frozen=True, eq=False)
class Step:
    """How a view came from its source: the operation, its arguments with the source among them, which of its results it is."""

    primitive: Primitive
    bound: list[Any]
    place: int


class Seen(Box):
    """An array whose contents may be others by now: those of the time are in a box of their own."""

    __slots__ = ("box", "stamp")

    def current(self) -> Box:
        raise NotImplementedError

    @property
    def value(self) -> Any:
        return self.current().value

    @property
    def var(self) -> Any:  # type: ignore[override]
        return self.current().var

    @property
    def levels(self) -> Any:  # type: ignore[override]
        return self.current().levels


class View(Seen):
    """An array that shares the memory of another one: read again from its source when that has been written since.

    Both may be given another shape later: `taken` is the shape that the source had when the view was taken, `made` that of the view then,
    and `shaped` the one that it has been given since, if it has.
    """

    __slots__ = ("made", "shaped", "source", "step", "taken")

    def __init__(self, box: Box, source: Box, step: Step, layout: Any) -> None:
        self.machine, self.box, self.source, self.step = box.machine, box, source, step
        self.taken, self.made, self.shaped = source.value.shape, box.value.shape, None
        self.layout, self.native, self.version, self.outer = layout, False, 0, None
        self.told = frozenset()
        self.stamp = self.root.version

    @property
    def root(self) -> Box:
        return self.source.root

    def current(self) -> Box:
        if self.stamp != self.root.version:
            self.machine.read_again(self)
        return self.box


def overlaps_itself(array: Any) -> bool:
    """Whether two elements of an array lie in the same memory, as those of `as_strided` may."""
    if array.size < 2:
        return False
    reach = array.itemsize
    for step, length in sorted((abs(s), n) for s, n in zip(array.strides, array.shape, strict=True) if n > 1):
        if step < reach:
            break
        reach += step * (length - 1)
    else:
        return False
    if array.size > ENOUGH:
        return True  # as far as is known
    places = np.zeros((), np.intp)
    for step, length in zip(array.strides, array.shape, strict=True):
        places = places[..., None] + np.arange(length) * step
    return bool(np.any(np.diff(np.sort(places.reshape(-1))) < array.itemsize))


class Ended(Box):
    """What an array, or a view of one, was when a block ended; `origin` is the object itself, which has other contents by now."""

    __slots__ = ("origin",)

    def __init__(self, origin: Box) -> None:
        super().__init__(origin.machine, origin.value, origin.var, origin.levels)
        self.origin = origin

    @property
    def root(self) -> Box:
        return self.origin.root


class Elements(View):
    """What `flat` gives: its elements are those of the array, but a part of it is a copy."""

    __slots__ = ()


def entries(index: Any, ndim: int) -> list[Any] | None:
    """A basic index as one entry per axis, None for new ones; None where arrays are among them."""
    items = list(index) if isinstance(index, tuple) else [index]
    if not all(i is None or i is Ellipsis or isinstance(i, slice) or is_integer(i) for i in items):
        return None
    taken = sum(i is not None and i is not Ellipsis for i in items)
    if taken > ndim or sum(i is Ellipsis for i in items) > 1:
        return None
    if not any(i is Ellipsis for i in items):
        items.append(Ellipsis)
    at = next(k for k, i in enumerate(items) if i is Ellipsis)
    return [*items[:at], *[slice(None)] * (ndim - taken), *items[at + 1 :]]


def is_integer(index: Any) -> bool:
    plain = strip(index) if isinstance(index, Traced) else index
    if isinstance(plain, np.ndarray):
        return plain.ndim == 0 and plain.dtype.kind in "iu"
    return isinstance(plain, (int, np.integer)) and not isinstance(plain, (bool, np.bool_))


def compose(machine: Any, first: Any, second: Any, shape: tuple[int, ...]) -> Any:
    """The index that reads `a[first][second]` of an array of this shape at once; None where no basic index does."""
    outer = entries(first, len(shape))
    if outer is None:
        return None
    inner = entries(second, sum(not is_integer(e) for e in outer))
    if inner is None:
        return None
    lengths, rest, answer = iter(shape), iter(inner), []
    for entry in outer:
        length = 1 if entry is None else next(lengths)
        if is_integer(entry):
            answer.append(entry)
            continue
        below = next(rest)
        while below is None:
            answer.append(None)
            below = next(rest)
        found = _within(machine, entry, below, length)
        if found is _NONE:
            return None
        answer += found
    answer += rest
    while answer and is_whole(answer[-1]):
        answer.pop()
    return (tuple(answer) if len(answer) != 1 else answer[0]) if answer else Ellipsis


_NONE: Any = object()


def _within(machine: Any, entry: Any, below: Any, length: int) -> Any:
    """An entry of the inner index, taken within a slice or a new axis of the outer one."""
    if entry is None:
        if is_integer(below):
            return [] if int(machine.concrete(below)) in (0, -1) else _NONE
        return [None] if len(range(1)[below]) == 1 else _NONE
    if is_whole(entry):
        return [below]
    if is_whole(below):
        return [entry]
    if any(isinstance(p, Traced) for e in (entry, below) if isinstance(e, slice) for p in (e.start, e.stop, e.step)):
        return _NONE  # where a part begins is not known
    if isinstance(length, Size):
        return _NONE
    chosen = range(length)[entry]
    if is_integer(below):
        below = int(machine.concrete(below))
        return [chosen[below]] if -len(chosen) <= below < len(chosen) else _NONE
    part = chosen[below]
    if not len(part):
        return [slice(0, 0)]
    step = None if part.step == 1 else part.step
    return [slice(part.start, part.stop if part.stop >= 0 else None, step)]


def covers(index: Any, ndim: int) -> bool:
    """Whether an index names the whole array as it is."""
    found = entries(index, ndim)
    return found is not None and all(map(is_whole, found))


def is_whole(entry: Any) -> bool:
    """Whether an entry of an index takes an axis as it is."""
    if not isinstance(entry, slice) or any(isinstance(p, Traced) for p in (entry.start, entry.stop, entry.step)):
        return False
    return entry in (slice(None), slice(None, None, 1))


def lie_alike(one: Any, other: Any) -> bool:
    """Whether arrays have the same strides; those of which the type alone is known are taken to."""
    return isinstance(one, Array) or bool(one.strides == other.strides)


def lying_as(layout: Any, value: Any) -> Any:
    """The numbers of an array in the strides of another one."""
    if lie_alike(value, layout):
        return value
    answer = copied(layout)
    answer[...] = value
    return answer


def is_part(part: Any, whole: Any) -> bool:
    """Whether an array consists of elements of another one, and not of those that lie between them.

    >>> whole = np.zeros(6)
    >>> is_part(whole[2:4], whole), is_part(whole[1::2], whole[:5:2])
    (True, False)
    """
    if not np.may_share_memory(part, whole):
        return False
    (start, stop), (first, last) = byte_bounds(part), byte_bounds(whole)
    try:
        return first <= start and stop <= last and np.shares_memory(part, whole, max_work=ENOUGH)  # type: ignore[arg-type]
    except TooHardError:
        return True


class Described:
    """Memory as an array would describe it, for NumPy to make the array; `owner` keeps the memory."""

    def __init__(self, interface: dict[str, Any], owner: Any) -> None:
        self.__array_interface__, self.owner = interface, owner


WRITEABLE = 0x400
"""The flag of an array that may be written. By its name NumPy warns of one that was broadcast."""


def same_part(part: Any, whole: Any, other: Any) -> Any:
    """What lies in `other` as `part` lies in `whole`, which has the strides of `other`.

    >>> whole, other = np.zeros((2, 3)), np.arange(6.0).reshape(2, 3)
    >>> same_part(whole[:, 1], whole, other)
    array([1., 4.])
    """
    if whole is other:
        return part
    interface = dict(part.__array_interface__)
    starts = [a.__array_interface__["data"][0] for a in (part, whole, other)]
    writeable = part.flags.num & other.flags.num & WRITEABLE
    interface["data"] = starts[2] + starts[0] - starts[1], not writeable
    return np.asarray(Described(interface, other))
