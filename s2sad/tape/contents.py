"""What reads and writes of memory propagate: cotangents of what was read, or of the contents after a write, to those before, and
tangents the other way.

Each gives two closures, for an entry of the tape: backwards and forwards. The cotangent of contents is a flat array of real numbers; that
of a complex number z = a + ib is the one of a less i times the one of b. Their tangent is the flat array of the tangents of a and b.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.machine.traced import strip
from s2sad.runtime.arrays import scatter
from s2sad.runtime.functions import unbroadcast
from s2sad.tape.propagate import convert
from s2sad.tape.regions import Array, Part, Region, both, lasts

Steps = tuple[Callable[..., list[Any]], Callable[..., list[Any]]]


def same(cotangents: list[Any], follow: bool = True) -> list[Any]:
    """A copy."""
    return cotangents


def gathered(machine: Any, g: Any, places: Any, paired: bool) -> Any:
    """The cotangent of elements, from that of the contents."""
    real = machine.item(g, places)
    if not paired:
        return real
    return machine.binary("-", real, machine.binary("*", 1j, machine.item(g, places + 1)))


def spread(machine: Any, t: Any, places: Any, paired: bool, size: int) -> Any:
    """The tangent of contents that are 0 but for elements with the tangent `t`, which has their shape; twice named, they are added."""
    if paired:
        t, places = machine.call(np.stack, [machine.call(np.real, t), machine.call(np.imag, t)], axis=-1), both(places)
    return machine.call(scatter, machine.call(np.reshape, t, (-1,)), places.reshape(-1), (size,))


def load(machine: Any, region: Region, array: Array) -> Steps:
    """A read of an array: its cotangent is added at its elements."""
    places, paired, size, dtype = region.places(array), array.dtype.kind == "c", region.size, array.dtype

    def propagate(cotangents: list[Any], follow: bool = True) -> list[Any]:
        (g,) = cotangents
        return [spread(machine, machine.call(np.conj, g) if paired else g, places, paired, size)]

    def push(tangents: list[Any], follow: bool = True) -> list[Any]:
        found = gathered(machine, tangents[0], places, paired)
        return [convert(machine, machine.call(np.conj, found) if paired else found, dtype)]

    return propagate, push


def store(machine: Any, region: Region, array: Array, index: Any, value: Any) -> Steps:
    """A write of a value: what was there before has no effect any more; the value has that of the elements where it stayed."""
    places, paired = np.asarray(region.places(array)[index]), array.dtype.kind == "c"
    stay, over = lasts(places, array, index), np.zeros(region.size, bool)
    over[both(places) if paired else places] = True

    def staying(part: Any) -> Any:
        return part if stay.all() else machine.call(np.where, stay, part, zero_of(part))

    def propagate(cotangents: list[Any], follow: bool = True) -> list[Any]:
        (g,) = cotangents
        before = machine.call(np.where, over, zero_of(g), g)
        return [before] if value is None else [before, fit(machine, staying(gathered(machine, g, places, paired)), value)]

    def push(tangents: list[Any], follow: bool = True) -> list[Any]:
        before = None if tangents[0] is None else machine.call(np.where, over, zero_of(tangents[0]), tangents[0])
        if value is None or tangents[1] is None:
            return [before]
        written = spread(machine, staying(broadcast(machine, tangents[1], places, array.dtype)), places, paired, region.size)
        return [written if before is None else machine.binary("+", before, written)]

    return propagate, push


def add(machine: Any, region: Region, array: Array, index: Any, value: Any) -> Steps:
    """A value added to elements."""
    places, paired = np.asarray(region.places(array)[index]), array.dtype.kind == "c"

    def propagate(cotangents: list[Any], follow: bool = True) -> list[Any]:
        return [cotangents[0], fit(machine, gathered(machine, cotangents[0], places, paired), value)]

    def push(tangents: list[Any], follow: bool = True) -> list[Any]:
        before, added = tangents
        if added is None:
            return [before]
        written = spread(machine, broadcast(machine, added, places, array.dtype), places, paired, region.size)
        return [written if before is None else machine.binary("+", before, written)]

    return propagate, push


def begin(machine: Any, parts: list[Part], region: Region) -> Steps:
    """The first contents, gathered from the arrays that were made in this memory."""

    def chosen(part: Part, found: Any) -> Any:
        return found if part.chosen.all() else machine.call(np.where, part.chosen, found, zero_of(found))

    def propagate(cotangents: list[Any], follow: bool = True) -> list[Any]:
        return [chosen(part, gathered(machine, cotangents[0], part.places, part.paired)) for part in parts]

    def push(tangents: list[Any], follow: bool = True) -> list[Any]:
        given = [(part, t) for part, t in zip(parts, tangents, strict=True) if t is not None]
        found = [spread(machine, chosen(part, t), part.places, part.paired, region.size) for part, t in given]
        total = found[0]
        for one in found[1:]:
            total = machine.binary("+", total, one)
        return [total]

    return propagate, push


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


def broadcast(machine: Any, tangent: Any, places: Any, dtype: np.dtype[Any]) -> Any:
    """The tangent of a value as it is written to elements of a dtype: repeated to their shape."""
    shape = np.shape(strip(tangent))
    if len(shape) > places.ndim:
        tangent = machine.call(np.reshape, tangent, shape[len(shape) - places.ndim :])
    if np.shape(strip(tangent)) != places.shape:
        tangent = machine.call(np.broadcast_to, tangent, places.shape)
    return convert(machine, tangent, dtype)
