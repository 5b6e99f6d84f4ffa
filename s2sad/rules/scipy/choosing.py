"""Filters of scipy.ndimage that choose an entry under a footprint, the largest, the smallest or one by its rank, and their transposes.

What is chosen moves with the entry that it is. Where several under a footprint are equal to it, they share.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.rules.scipy.boundaries import Widths, axes_of, each, extended, folded, widths_of, windows


class Footprint:
    """Which places are looked at, with the axes of the array, and what is added there; how the array goes on beyond its ends."""

    def __init__(self, places: Any, added: Any, mode: Any, cval: float, widths: Widths) -> None:
        self.places, self.added, self.mode, self.cval, self.widths = places, added, mode, cval, widths


def footprint_of(rank: int, size: Any, footprint: Any, structure: Any, mode: Any, cval: float, origin: Any, axes: Any) -> Footprint:
    """The footprint that the arguments of a filter say."""
    over = axes_of(axes, rank)
    if footprint is None:
        footprint = np.ones(tuple(map(int, each(size, len(over)))) if structure is None else np.shape(structure), bool)
    others = tuple(k for k in range(rank) if k not in over)
    places = np.expand_dims(np.asarray(footprint, bool), others)
    added = None if structure is None else np.expand_dims(np.asarray(structure, float), others)
    origins, modes = [0] * rank, ["constant"] * rank
    for k, o, m in zip(over if others else range(rank), each(origin, len(over)), each(mode, len(over)), strict=True):
        origins[k], modes[k] = o, m
    return Footprint(places, added, modes, cval, widths_of(places.shape, origins))


def mirrored(rank: int, size: Any, footprint: Any, structure: Any, mode: Any, cval: float, origin: Any, axes: Any) -> Footprint:
    """That of a dilation, which is turned around."""
    given = footprint_of(rank, size, footprint, structure, mode, cval, origin, axes)
    added = None if given.added is None else np.flip(given.added)
    return Footprint(np.flip(given.places), added, given.mode, cval, tuple((after, before) for before, after in given.widths))


def shares(c: Any, x: Any, chosen: Any, kind: str, size: Any, footprint: Any, structure: Any, mode: Any, cval: float, origin: Any,
           axes: Any) -> Any:  # fmt: skip
    """The cotangent of an array of which a filter chose an entry each: equal ones share it evenly."""
    under = _under(kind, x.ndim, size, footprint, structure, mode, cval, origin, axes)
    meets = _meets(x, chosen, under)
    share = c / _count(meets, chosen)
    wide = np.zeros(tuple(n + before + after for n, (before, after) in zip(x.shape, under.widths, strict=True)), share.dtype)
    for (_, part), meet in zip(_met(wide, under), meets, strict=True):
        part += np.where(meet, share, 0.0)
    return folded(wide, under.widths, under.mode)


def means(v: Any, x: Any, chosen: Any, kind: str, size: Any, footprint: Any, structure: Any, mode: Any, cval: float, origin: Any,
          axes: Any) -> Any:  # fmt: skip
    """The values of `v` where a filter chose entries of `x`, the mean of them where it could choose others as well."""
    under = _under(kind, x.ndim, size, footprint, structure, mode, cval, origin, axes)
    meets = _meets(x, chosen, under)
    total = np.zeros(x.shape, v.dtype)
    for (_, part), meet in zip(_met(extended(v, under.widths, under.mode), under), meets, strict=True):
        total += np.where(meet, part, 0.0)
    return total / _count(meets, chosen)


def _under(kind: str, rank: int, size: Any, footprint: Any, structure: Any, mode: Any, cval: float, origin: Any, axes: Any) -> Footprint:
    if kind == "dilation":
        return mirrored(rank, size, footprint, structure, mode, cval, origin, axes)
    given = footprint_of(rank, size, footprint, structure, mode, cval, origin, axes)
    return Footprint(given.places, None if given.added is None else -given.added, given.mode, given.cval, given.widths)


def _met(wide: Any, under: Footprint) -> Iterator[tuple[tuple[int, ...], Any]]:
    return ((at, part) for at, part in windows(wide, under.places.shape) if under.places[at])


def _meets(x: Any, chosen: Any, under: Footprint) -> list[Any]:
    """Where the entry at each place of a footprint could have been chosen."""
    parts = _met(extended(x, under.widths, under.mode, under.cval), under)
    if under.added is None:
        return [part == chosen for _, part in parts]
    rounding = 4.0 * np.finfo(x.dtype).eps  # of a sum, which SciPy does not round as we do
    return [np.abs(part + under.added[at] - chosen) <= rounding * (np.abs(part) + np.abs(chosen)) for at, part in parts]


def _count(meets: list[Any], chosen: Any) -> Any:
    """How many there are; 1 where an entry that is no number was chosen."""
    found = np.sum(meets, axis=0)
    if np.any((found == 0) & ~np.isnan(chosen)):
        raise MissingRule("of an array with one axis SciPy chooses entries in the holes of a footprint as well")
    return np.maximum(found, 1)
