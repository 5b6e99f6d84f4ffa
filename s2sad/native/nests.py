"""Nests of loops over elements: what is written in one sweep over the same sizes stands in one nest.

What has to be computed comes in as items, each of which says what it reads and writes, and where; it goes into an earlier nest where the
order of steps allows that. A nest is written when what it gives is asked for.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from dataclasses import field
from typing import Any, Literal

from s2sad.errors import Location
from s2sad.native.lazy import Filled, Lazy, Memory, View
from s2sad.native.places import FIRST, Along, Map, Node, Place, Places, name, text
from s2sad.quickly import dataclass
from s2sad.types.sizes import Whole, same

COUNTERS = ("i", "j", "k", "l", "m", "n", "p", "q")
Kind = Literal["store", "add", "fold"]


@dataclass(eq=False)
class Item:
    """One thing that a nest computes: `write` says how, given a step and the places of its counters."""

    value: Lazy
    write: Callable[[NestStep, Places], None]
    kind: Kind
    memory: Memory | None = None
    map: Map = ()
    label: str = ""  # the number that it gives
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    location: Location | None = None
    phase: int = 0
    extra: tuple[Lazy, ...] = ()
    number: int = 0  # in the order in which they were asked for
    reads: list[tuple[Memory, Map]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    stores: bool = False  # whether the value is computed here, and read from there later
    into: View | None = None  # where
    ghost: bool = False  # whether what is stored is read in the same steps alone
    axes: frozenset[int] = frozenset()  # of its nest, those with more than one step
    adds: bool = False  # whether it adds up numbers in any order

    @property
    def values(self) -> tuple[Lazy, ...]:
        return (self.value, *self.extra)

    @property
    def sources(self) -> tuple[Lazy, ...]:
        """What is read: of a value that is stored here, what it is computed from."""
        return (*self.value.parts(), *self.extra) if self.stores else self.values

    def settle(self, number: int) -> None:
        """Note what is read, and where, before more of it lies in memory."""
        self.number = number
        own = list(self.value.reads()) if self.stores else reads_of(self.value)
        self.reads = [*own, *(r for v in self.extra for r in reads_of(v))]
        named = set(self.value.named) if self.stores else set()
        if self.stores and isinstance(self.value, Filled):
            named |= names_in(self.value)
        self.names = named | {n for v in self.sources for n in names_in(v)}


@dataclass(eq=False)
class Nest:
    """What is computed in one sweep."""

    dims: tuple[Whole, ...]
    items: list[Item] = field(default_factory=list)

    def takes(self, item: Item, dims: tuple[Whole, ...]) -> bool:
        """Whether an item may be computed in the same steps, after what there is."""
        return same_dims(self.dims, dims) and not (item.names & self.gives) and all(fits(e, item) for e in self.items)

    def is_passed_by(self, item: Item) -> bool:
        """Whether an item may be computed before all of this."""
        return not (item.names & self.gives) and not any(conflict(e, item) for e in self.items)

    @property
    def gives(self) -> set[str]:
        return {e.label for e in self.items if e.label}


def same_dims(one: tuple[Whole, ...], other: tuple[Whole, ...]) -> bool:
    return len(one) == len(other) and all(map(same, one, other))


def stored(value: Lazy) -> Lazy:
    """Where a value is read now: what is in memory by now is read there."""
    return value if value.stored is None else value.stored


def reads_of(value: Lazy) -> list[tuple[Memory, Map]]:
    return list(stored(value).reads())


def cost_of(value: Lazy) -> int:
    return stored(value).cost


def names_in(value: Lazy) -> set[str]:
    """The names of numbers that a value is computed from."""
    value = stored(value)
    if isinstance(value, Filled):
        return {n.id for n in ast.walk(value.value) if isinstance(n, ast.Name)}
    found = set(value.named)
    for part in value.parts():
        found |= names_in(part)
    return found


def fits(earlier: Item, later: Item) -> bool:
    """Whether each step may do both, one after the other."""
    for memory, map_ in later.reads:
        if earlier.memory and meets(earlier.memory, memory) and not (
            alike(earlier, memory, map_) or apart(earlier, memory, map_)
        ):
            return False
    if later.memory is None:
        return True
    for memory, map_ in earlier.reads:
        if meets(later.memory, memory) and not (alike(later, memory, map_) or apart(later, memory, map_)):
            return False
    if earlier.memory is None or not meets(earlier.memory, later.memory):
        return True
    if earlier.kind == later.kind == "add" and earlier.memory is later.memory:
        return earlier.map == later.map  # where a place is added to that the step before has added to, each step waits for the other one
    return alike(earlier, later.memory, later.map) or apart(earlier, later.memory, later.map)


def conflict(earlier: Item, later: Item) -> bool:
    """Whether the order of two items matters."""
    if earlier.memory is not None and any(meets(earlier.memory, m) for m, _ in later.reads):
        return True
    if later.memory is None:
        return False
    if any(meets(later.memory, m) for m, _ in earlier.reads):
        return True
    adds = earlier.kind == later.kind == "add"
    return earlier.memory is not None and meets(earlier.memory, later.memory) and not adds


def apart(item: Item, memory: Memory, map_: Map) -> bool:
    """Whether what is written has no element in common with a part of the same array that is read or written in the same steps.

    Along an axis both lie at one place each, and both places are numbers.
    """
    if item.memory is not memory:
        return False
    return any(a.offset != b.offset and is_fixed(a, item.axes) and is_fixed(b, item.axes) for a, b in zip(item.map, map_, strict=True))


def is_fixed(along: Along, axes: frozenset[int]) -> bool:
    """Whether an axis lies at one place that is known, whatever the step."""
    return along.axis not in axes and not along.term and along.offset >= 0


def meets(one: Memory, other: Memory) -> bool:
    return not one.roots.isdisjoint(other.roots)


def alike(item: Item, memory: Memory, map_: Map) -> bool:
    """Whether a step reads just what it writes: each place in one step, and the same."""
    if item.memory is not memory or item.map != map_:
        return False
    return item.axes <= {a.axis for a in map_}


class NestStep:
    """Writes the body of a nest: each element once."""

    def __init__(self, fresh: Callable[[str], str], asked: Counter[Any] | None = None) -> None:
        self.fresh, self.asked = fresh, asked
        self.counts: Counter[Any] = Counter()
        self.number = 0  # of the item that is being written
        self.lines: list[str] = []
        self.known: dict[Any, Node] = {}
        self.versions: Counter[str] = Counter()
        self.evaluated: dict[Lazy, set[Places]] = {}  # where the elements are that are computed

    def within(self) -> NestStep:
        """What writes a loop in this step: it names nothing, and reads what lies in memory there."""
        inner = NestStep(self.fresh)
        inner.number, inner.versions, inner.evaluated = self.number, self.versions, self.evaluated
        return inner

    def key(self, value: Lazy, places: Places) -> Any:
        if isinstance(value, View):
            return value.memory.label, value.index(places), self.versions[value.memory.label]
        return id(value), places

    def element(self, value: Lazy, places: Places) -> Node:
        if value.stored is not None and value.since <= self.number:
            value = value.stored
        return self.computed(value, places)

    def computed(self, value: Lazy, places: Places) -> Node:
        """An element of a value as it is computed, wherever it lies later."""
        if isinstance(value, Filled):
            return value.value
        key = self.key(value, places)
        self.counts[key] += 1
        if key in self.known:
            return self.known[key]
        node = value.at(self, places)
        several = self.asked is not None and self.asked[key] > 1
        if several and not isinstance(node, (ast.Name, ast.Constant)):
            node = self.named(node, value.hint)
        if several:
            self.known[key] = node
        if not isinstance(value, View):
            self.evaluated.setdefault(value, set()).add(places)
        return node

    def named(self, node: Node, hint: str = "") -> Node:
        label = self.fresh(hint or "t")
        self.lines.append(f"{label} = {text(node)}")
        return name(label)

    def put(self, item: Item, index: Places, value: Node, symbol: str = "=") -> None:
        """Write a value to a place."""
        assert item.memory is not None
        target = f"{item.memory.label}[{', '.join(text(p.node()) for p in index)}]"
        if symbol == "=" and not isinstance(value, (ast.Name, ast.Constant)) and self.asked is not None:
            key = (item.memory.label, index, self.versions[item.memory.label] + 1)
            if self.asked[key]:
                value = self.named(value, item.value.hint)
        if not item.ghost:
            self.lines.append(f"{target} {symbol} {text(value)}")
        self.versions[item.memory.label] += 1
        if symbol == "=" and isinstance(value, (ast.Name, ast.Constant)):
            self.known[item.memory.label, index, self.versions[item.memory.label]] = value


def write(nest: Nest, fresh: Callable[[str], str], counters: list[str], asked: Counter[Any] | None = None) -> tuple[NestStep, Places]:
    """The body of a nest, by the names of its counters."""
    places = tuple(FIRST if n == 1 and isinstance(n, int) else Place(c, 1) for n, c in zip(nest.dims, counters, strict=False))
    step = NestStep(fresh, asked)
    for item in nest.items:
        step.number = item.number
        item.write(step, places)
    return step, places
