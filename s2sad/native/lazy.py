"""What arrays are before they are computed: a part of memory, or an expression that says what an element is at a place.

A nest of loops asks for elements (`at`), by the counters of its loops; what is asked for twice in a step is computed once (`Nest.element`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import field
from typing import Any, Protocol

import numpy as np

from s2sad.errors import Location
from s2sad.native.places import Along, Map, Node, Place, Places, name, subscript, text, whole
from s2sad.quickly import dataclass
from s2sad.types.sizes import Whole, same

_numbers = itertools.count()


class Step(Protocol):
    """A step of a nest of loops, which computes each element once."""

    def element(self, value: Lazy, places: Places) -> Node:
        """An expression for an element."""


@dataclass(eq=False)
class Memory:
    """An array that code writes and reads by name. `owned`: nobody else has it, and it lies without gaps in the order of C.

    `roots` is whose memory it may be: two that share one are never read and written in one loop at different places.
    """

    label: str
    dtype: np.dtype[Any]
    dims: tuple[Whole, ...]
    owned: bool = True
    padding: tuple[int, ...] = ()  # how many zeros there are around it along each axis
    roots: frozenset[int] = field(default_factory=lambda: frozenset({next(_numbers)}))

    @property
    def rank(self) -> int:
        return len(self.dims)


class Lazy:
    """An array of a dtype and sizes, whose elements are asked for one by one.

    `cost`: about how many operations an element takes.
    """

    dims: tuple[Whole, ...]
    dtype: np.dtype[Any]
    hint: str = ""
    location: Location | None = None
    phase: int = 0
    stored: View | None = None  # where it lies in memory, once it does
    becomes: View | None = None  # where the next step of a loop looks for it
    since: int = 0  # from which item on: those before compute it
    lasting: bool = True  # whether it may be read after the step of a loop that computes it
    named: tuple[str, ...] = ()  # numbers by name that it is computed from, besides its parts
    nothing: Nothing | None = None  # where it is zeros because a factor in memory is
    strong: bool = False  # whether it is zero wherever one of its operands is
    once: bool = False  # whether an element is a loop of its own, so that nests which ask several times read it from memory

    def at(self, step: Step, places: Places) -> Node:
        raise NotImplementedError

    def parts(self) -> Iterator[Lazy]:
        return iter(())

    @property
    def cost(self) -> int:
        return 0

    def reads(self) -> Iterator[tuple[Memory, Map]]:
        """The memory that it reads, each with where: along which axes of its own."""
        return iter(())

    @property
    def roots(self) -> frozenset[int]:
        return frozenset().union(*(m.roots for m, _ in self.reads()))


@dataclass(frozen=True)
class Nothing:
    """Along an axis of a value, at each place at which memory holds nothing but zeros along its first axis, the value is zero."""

    axis: int
    memory: Memory


class View(Lazy):
    """A part of an array that lies in memory."""

    def __init__(self, memory: Memory, map_: Map | None = None, dims: tuple[Whole, ...] | None = None) -> None:
        self.memory, self.map = memory, whole(memory.rank) if map_ is None else map_
        self.dims, self.dtype = memory.dims if dims is None else dims, memory.dtype

    @property
    def is_whole(self) -> bool:
        return self.map == whole(self.memory.rank) and len(self.dims) == self.memory.rank and all(map(same, self.dims, self.memory.dims))

    def index(self, places: Places) -> tuple[Place, ...]:
        return tuple(along.at(places) for along in self.map)

    def at(self, step: Step, places: Places) -> Node:
        return subscript(name(self.memory.label), *(p.node() for p in self.index(places)))

    def reads(self) -> Iterator[tuple[Memory, Map]]:
        yield self.memory, self.map

    def __repr__(self) -> str:
        return f"{self.memory.label}{[text(a.at(tuple(Place(c, 1) for c in 'ijklmn')).node()) for a in self.map]}"


class Filled(Lazy):
    """The same number everywhere."""

    def __init__(self, value: Node, dims: tuple[Whole, ...], dtype: np.dtype[Any]) -> None:
        self.value, self.dims, self.dtype = value, dims, dtype

    def at(self, step: Step, places: Places) -> Node:
        return self.value

    @property
    def is_zero(self) -> bool:
        return getattr(self.value, "value", None) in (0, 0.0) and not isinstance(self.value, bool)


class Of(Lazy):
    """An operation on elements of others, each at a place that follows from that of the result."""

    def __init__(self, operands: tuple[Lazy, ...], maps: tuple[Map, ...], make: Callable[..., Node], dims: tuple[Whole, ...],
                 dtype: np.dtype[Any], own: int = 1) -> None:  # fmt: skip
        self.operands, self.maps, self.make, self.dims, self.dtype, self.own = operands, maps, make, dims, dtype, own

    def at(self, step: Step, places: Places) -> Node:
        return self.make(*(step.element(o, tuple(a.at(places) for a in m)) for o, m in zip(self.operands, self.maps, strict=True)))

    def parts(self) -> Iterator[Lazy]:
        return iter(self.operands)

    @property
    def cost(self) -> int:
        return self.own + sum(o.cost for o in self.operands if o.stored is None)

    def reads(self) -> Iterator[tuple[Memory, Map]]:
        for operand, map_ in zip(self.operands, self.maps, strict=True):
            for memory, inner in (operand.stored or operand).reads():
                yield memory, tuple(a.through(map_) for a in inner)


class By(Lazy):
    """What a function of the places says: counters, elements that an array of indices names, other sums."""

    def __init__(self, make: Callable[[Step, Places], Node], dims: tuple[Whole, ...], dtype: np.dtype[Any], own: int = 1,
                 read: tuple[Lazy, ...] = ()) -> None:  # fmt: skip
        self.make, self.dims, self.dtype, self.own, self.read = make, dims, dtype, own, read

    def at(self, step: Step, places: Places) -> Node:
        return self.make(step, places)

    def parts(self) -> Iterator[Lazy]:
        return iter(self.read)

    @property
    def cost(self) -> int:
        return self.own + sum(o.cost for o in self.read if o.stored is None)

    def reads(self) -> Iterator[tuple[Memory, Map]]:
        for operand in self.read:
            for memory, inner in (operand.stored or operand).reads():
                yield memory, tuple(Along(None, 0, 0, "?") for _ in inner)  # anywhere


def nothing_in(value: Lazy) -> Nothing | None:
    """Where a value that is computed from memory is zeros because that is: as it is now, so nothing is said of what is read elsewhere."""
    if value.stored is not None or value.nothing is not None or not isinstance(value, Of) or not value.strong:
        return value.nothing if value.stored is None else None
    for operand, map_ in zip(value.operands, value.maps, strict=True):
        found = nothing_in(operand)
        along = None if found is None else map_[found.axis]
        if found is not None and along is not None and along.axis is not None and along == Along(along.axis):
            return Nothing(along.axis, found.memory)
    return None


def shown(value: Lazy, map_: Map, dims: tuple[Whole, ...]) -> Lazy:
    """What `value` is where each of its axes lies as a map says: slices, elements along axes, transposes, broadcasts."""
    if isinstance(value, View):
        return View(value.memory, tuple(a.through(map_) for a in value.map), dims)
    if isinstance(value, Filled):
        return Filled(value.value, dims, value.dtype)
    return Of((value,), (map_,), lambda x: x, dims, value.dtype, 0)
