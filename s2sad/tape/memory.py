"""Memory on the tape: arrays are NumPy's own, and what was written stands under a name like any other value.

The memory of an array that is written while something in it is differentiated becomes a `Region`. Its contents, as one flat array, have
a name. A write gives them a new name: an entry from the old contents and the written value. A read is an entry from
the contents to a copy of what the array holds now. Which elements of the region an array consists of follows
from where its memory lies, whatever views it was made through.
"""
from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s2sad.machine.traced import strip
from s2sad.runtime.arrays import scatter
from s2sad.runtime.functions import unbroadcast
from s2sad.tape.propagate import convert

Array = NDArray[Any]


def bounds(array: Array) -> tuple[int, int]:
    """Where the memory of an array begins and ends, as addresses."""
    start = end = array.__array_interface__["data"][0]
    if not array.size:
        return start, start
    for length, stride in zip(array.shape, array.strides, strict=True):
        start, end = start + min(0, (length - 1) * stride), end + max(0, (length - 1) * stride)
    return start, end + array.itemsize


def owner_of(array: Array) -> Array:
    """The array that owns the memory of an array: itself, or what it is a view of."""
    owner, base = array, array.base
    while base is not None:
        if not isinstance(base, np.ndarray):
            break  # an object that lends its memory
        owner, base = base, base.base
    return owner


def replicas(arrays: list[Array]) -> dict[int, Array]:
    """A copy of each array, by its id, with the same strides, which share memory with one another just as the arrays do."""
    distinct = {id(a): a for a in arrays}
    pieces = sorted(distinct.values(), key=bounds)
    groups: list[list[Array]] = []
    end = -1
    for piece in pieces:
        start, stop = bounds(piece)
        if piece.size and start < end:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        end = max(end, stop)
    return {id(a): copy for group in groups for a, copy in zip(group, _replicas_of(group), strict=True)}


def _replicas_of(group: list[Array]) -> list[Array]:
    """Copies of arrays whose memory is one stretch."""
    first = group[0].copy(order="K")
    if len(group) == 1 and (first.strides == group[0].strides or not first.size or first.dtype.hasobject):
        copies = [first]
    else:
        start = min(bounds(a)[0] for a in group)
        memory = np.empty(max(bounds(a)[1] for a in group) - start, np.uint8)
        copies = [np.ndarray(a.shape, a.dtype, memory, a.__array_interface__["data"][0] - start, a.strides) for a in group]
        for array, copy in zip(group, copies, strict=True):
            copy[...] = array
    for array, copy in zip(group, copies, strict=True):
        copy.flags.writeable = array.flags.writeable
    return copies


class Region:
    """A stretch of memory that was written; `name` stands for its contents now, a flat array of real numbers of `dtype`.

    A complex number is two of them.
    """

    def __init__(self, owner: Array, dtype: np.dtype[Any]) -> None:
        self.owner, self.dtype, self.name = owner, dtype, ""
        self.start, self.stop = bounds(owner)
        self.size = (self.stop - self.start) // dtype.itemsize
        self.numbers = np.arange(self.size)

    def fits(self, array: Array) -> bool:
        """Whether an array in this memory consists of elements of the region."""
        start, stop = bounds(array)
        steps = (s for s, n in zip(array.strides, array.shape, strict=True) if n > 1)
        return (array.dtype.kind in "fc" and array.real.dtype == self.dtype and self.start <= start and stop <= self.stop
                and not any(n % self.dtype.itemsize for n in (start - self.start, *steps)))  # fmt: skip

    def places(self, array: Array) -> NDArray[np.intp]:
        """The numbers of the elements that an array consists of, in its shape; of a complex one those of the real parts."""
        return like(array, self.numbers, self.start, self.dtype.itemsize)


def like(array: Array, elements: Array, start: int, unit: int) -> Array:
    """A view of flat elements that lies in them as an array lies in the memory of units that begins at `start`."""
    if not array.size:
        return np.empty(array.shape, elements.dtype)
    offset = (array.__array_interface__["data"][0] - start) // unit * elements.itemsize
    strides = [s // unit * elements.itemsize if n > 1 else 0 for s, n in zip(array.strides, array.shape, strict=True)]
    return np.ndarray(array.shape, elements.dtype, elements, offset, strides)


@dataclass(frozen=True, eq=False)
class Part:
    """An array that a region was made from: its name, the numbers of its elements, and which of them count."""

    name: str
    paired: bool
    places: NDArray[np.intp]
    chosen: NDArray[np.bool_]


class Memory:
    """The regions, and the names of the arrays that were made while nothing in their memory had been written."""

    def __init__(self) -> None:
        self.regions: list[Region] = []
        self._starts: list[int] = []
        self._made: dict[int, tuple[Array, list[tuple[Array, str]]]] = {}

    def made(self, array: Array, name: str, independent: bool = False) -> None:
        """Remember under which name an array was made; an independent one is what others in its memory are computed from."""
        owner = owner_of(array)
        _, arrays = self._made.setdefault(id(owner), (owner, []))
        arrays.insert(0 if independent else len(arrays), (array, name))

    def region(self, array: Array) -> Region | None:
        """The region that an array lies in, wholly or with a part."""
        if not self.regions or not array.size:
            return None
        start, stop = bounds(array)
        i = bisect.bisect_right(self._starts, start) - 1
        for region in self.regions[max(i, 0) : i + 2]:
            if start < region.stop and region.start < stop:
                return region
        return None

    def followed(self, array: Array) -> bool:
        """Whether something in the memory of an array has, or may have, a name."""
        return id(owner_of(array)) in self._made or self.region(array) is not None

    def add(self, array: Array) -> tuple[Region, list[Part]]:
        """A new region for the memory of an array, and the arrays that its contents are made of."""
        owner = owner_of(array)
        region = Region(owner, array.real.dtype)
        i = bisect.bisect_left(self._starts, region.start)
        self._starts.insert(i, region.start)
        self.regions.insert(i, region)
        _, arrays = self._made.pop(id(owner), (owner, []))
        free, parts = np.ones(region.size, bool), []
        for made, name in arrays:
            if region.fits(made) and free.any():
                places = region.places(made)
                chosen = free[places] & lasts(places, made, ...)
                if chosen.any():
                    free[both(places) if made.dtype.kind == "c" else places] = False
                    parts.append(Part(name, made.dtype.kind == "c", places, chosen))
        return region, parts


def lasts(places: NDArray[np.intp], array: Array, index: Any) -> NDArray[np.bool_]:
    """Which of the elements that `array[index] = v` writes stay: those that no later one overwrites, asked of NumPy."""
    start, stop = bounds(array)
    unit = array.real.itemsize
    holder = np.zeros((stop - start) // unit, np.intp)
    written, numbers = like(array, holder, start, unit), np.arange(places.size).reshape(places.shape)
    written[index] = numbers
    return np.asarray(written[index] == numbers)


# What the entries of reads and writes propagate. The cotangent of contents is a flat array of real numbers; that of a
# complex number z = a + ib is the one of a less i times the one of b.


def same(cotangents: list[Any], follow: bool = True) -> list[Any]:
    """A copy."""
    return cotangents


def both(places: Any) -> Any:
    """The numbers of real and imaginary parts, in a new last axis."""
    return np.stack([places, places + 1], axis=-1)


def gathered(machine: Any, g: Any, places: Any, paired: bool) -> Any:
    """The cotangent of elements, from that of the contents."""
    real = machine.item(g, places)
    if not paired:
        return real
    return machine.binary("-", real, machine.binary("*", 1j, machine.item(g, places + 1)))


def load(machine: Any, region: Region, array: Array) -> Callable[..., list[Any]]:
    """A read of an array: its cotangent is added at its elements."""
    places, paired, size = region.places(array), array.dtype.kind == "c", region.size

    def propagate(cotangents: list[Any], follow: bool = True) -> list[Any]:
        (g,), at = cotangents, places
        if paired:
            g = machine.call(np.stack, [machine.call(np.real, g), machine.unary("neg", machine.call(np.imag, g))], axis=-1)
            at = both(places)
        return [machine.call(scatter, machine.call(np.reshape, g, (-1,)), at.reshape(-1), (size,))]

    return propagate


def store(machine: Any, region: Region, array: Array, index: Any, value: Any) -> Callable[..., list[Any]]:
    """A write of a value: what was there before has no effect any more; the value has that of the elements where it stayed."""
    places, paired = np.asarray(region.places(array)[index]), array.dtype.kind == "c"
    stay, over = lasts(places, array, index), np.zeros(region.size, bool)
    over[both(places) if paired else places] = True

    def propagate(cotangents: list[Any], follow: bool = True) -> list[Any]:
        (g,) = cotangents
        before = machine.call(np.where, over, zero_of(g), g)
        if value is None:
            return [before]
        part = gathered(machine, g, places, paired)
        if not stay.all():
            part = machine.call(np.where, stay, part, zero_of(part))
        return [before, fit(machine, part, value)]

    return propagate


def add(machine: Any, region: Region, array: Array, index: Any, value: Any) -> Callable[..., list[Any]]:
    """A value added to elements."""
    places, paired = np.asarray(region.places(array)[index]), array.dtype.kind == "c"

    def propagate(cotangents: list[Any], follow: bool = True) -> list[Any]:
        return [cotangents[0], fit(machine, gathered(machine, cotangents[0], places, paired), value)]

    return propagate


def begin(machine: Any, parts: list[Part]) -> Callable[..., list[Any]]:
    """The first contents, gathered from the arrays that were made in this memory."""

    def contribution(part: Part, g: Any) -> Any:
        found = gathered(machine, g, part.places, part.paired)
        return found if part.chosen.all() else machine.call(np.where, part.chosen, found, zero_of(found))

    def propagate(cotangents: list[Any], follow: bool = True) -> list[Any]:
        return [contribution(part, cotangents[0]) for part in parts]

    return propagate


def zero_of(value: Any) -> Any:
    return np.zeros((), np.asarray(strip(value)).dtype)


def fit(machine: Any, cotangent: Any, value: Any) -> Any:
    """The cotangent of what a value was broadcast to, in the value's shape and dtype."""
    shape, own = np.shape(value), np.shape(strip(cotangent))
    core = shape[max(len(shape) - len(own), 0) :]  # a value may have more axes than its target, of length one
    if own != core:
        cotangent = machine.call(unbroadcast, cotangent, core)
    if core != shape:
        cotangent = machine.call(np.reshape, cotangent, shape)
    return convert(machine, cotangent, np.asarray(value).dtype)
