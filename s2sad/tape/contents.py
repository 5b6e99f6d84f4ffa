"""What reads and writes of memory propagate: from cotangents of what was read, or of the contents after a write, to those before.

The cotangent of contents is a flat array of real numbers; that of a complex number z = a + ib is the one of a less i times the one of b.
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


def same(cotangents: list[Any], follow: bool = True) -> list[Any]:
    """A copy."""
    return cotangents


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
