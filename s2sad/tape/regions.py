"""Regions: stretches of memory that were written while something in them was differentiated.

Which elements of a region an array consists of follows from where its memory lies, whatever views it was made through.
"""
from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


class Regions:
    """The regions, in the order of their addresses, and the names of the arrays that were made while their memory was unwritten.

    It is told of new arrays (`made`) and of the first write into memory (`add`), and asked for the region of an array. It asks nothing.
    """

    def __init__(self) -> None:
        self.written: list[Region] = []
        self._starts: list[int] = []
        self._made: dict[int, tuple[Array, list[tuple[Array, str]]]] = {}

    def made(self, array: Array, name: str, independent: bool = False) -> None:
        """Remember under which name an array was made; an independent one is what others in its memory are computed from."""
        owner = owner_of(array)
        _, arrays = self._made.setdefault(id(owner), (owner, []))
        arrays.insert(0 if independent else len(arrays), (array, name))

    def at(self, array: Array) -> Region | None:
        """The region that an array lies in, wholly or with a part."""
        if not self.written or not array.size:
            return None
        start, stop = bounds(array)
        i = bisect.bisect_right(self._starts, start) - 1
        for region in self.written[max(i, 0) : i + 2]:
            if start < region.stop and region.start < stop:
                return region
        return None

    def followed(self, array: Array) -> bool:
        """Whether something in the memory of an array has, or may have, a name."""
        return id(owner_of(array)) in self._made or self.at(array) is not None

    def add(self, array: Array) -> tuple[Region, list[Part]]:
        """A new region for the memory of an array, and the arrays that its contents are made of."""
        owner = owner_of(array)
        region = Region(owner, array.real.dtype)
        i = bisect.bisect_left(self._starts, region.start)
        self._starts.insert(i, region.start)
        self.written.insert(i, region)
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


def both(places: Any) -> Any:
    """The numbers of real and imaginary parts, in a new last axis."""
    return np.stack([places, places + 1], axis=-1)
