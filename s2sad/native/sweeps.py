"""The nests that wait to be written, and what lies in memory because of them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from s2sad.native import nests
from s2sad.native.lazy import Lazy, Memory, Nothing, View, nothing_in
from s2sad.native.nests import Item, Nest, NestStep, cost_of, same_dims
from s2sad.native.places import Places, text, whole
from s2sad.native.sums_apart import QUICK, sums_apart
from s2sad.native.writer import Writer
from s2sad.types.sizes import Size, Whole

DEAR = 6  # operations from which on an element that is needed again is stored


class Sweeps(Writer):
    """The part that writes nests."""

    def hold(self, memory: Memory) -> Memory:
        """Note that memory is used otherwise than by the steps of nests."""
        self.spare.discard(memory)
        return memory

    def is_left(self, item: Item, nest: Nest) -> bool:
        """Whether nobody reads what an item stores, but for the steps that store it; then it needs no memory."""
        memory = item.memory
        assert memory is not None
        live = [nests.stored(v) for k, v in self.env.items() if isinstance(v, Lazy) and self.left[k] > 0]
        items = [i for n in self.pending for i in n.items]
        if any(m is memory for v in live for m, _ in v.reads()) or any(m is memory for i in items for m, _ in i.reads):
            return False
        if any(i.memory is memory and i is not item for i in (*nest.items, *items)):
            return False
        lines, line = self.made[memory]
        lines.remove(line)
        return True

    def add(self, item: Item, dims: tuple[Whole, ...]) -> None:
        """Put an item into the last nest that it fits, or a new one."""
        item.settle(next(self.numbers))
        item.axes = axes_of(dims)
        for number, nest in reversed(list(enumerate(self.pending))):
            if nest.takes(item, dims):
                nest.items.append(item)
                return
            if not nest.is_passed_by(item):
                break
            del number
        self.pending.append(Nest(dims, [item]))

    def flush(self) -> None:
        """Write all nests that wait."""
        while self.pending:
            self.write(self.pending.pop(0))

    def write(self, nest: Nest) -> None:
        counters = [c for c in self.counters if c not in self.used_counters][: len(nest.dims)]
        dry, places = nests.write(nest, lambda hint: "_", counters)
        for value, asked in dry.evaluated.items():
            again = len(asked) > 1 or (value.once and not all(is_each_once(a, places) for a in asked))
            if value.stored is None and cost_of(value) >= DEAR and (again or self.wanted(value)):
                self.keep(nest, value, asked == {places} and same_dims(value.dims, nest.dims))
        quick = any(name in str(dry.lines) for name in QUICK)
        apart = sums_apart(nest, counters, lambda: next(self.numbers), lambda i: self.is_written_over(i, nest)) if quick else None
        self.pending[:0] = [] if apart is None else [apart.nest]
        self.write_loops(nest, counters)
        if apart is not None:
            self.write_loops(self.pending.pop(0), counters)
            apart.forget()

    def write_loops(self, nest: Nest, counters: list[str]) -> None:
        for item in nest.items:
            item.ghost = item.stores and item.memory in self.spare and self.is_left(item, nest)
        dry, _ = nests.write(nest, lambda hint: "_", counters)
        step, places = nests.write(nest, self.fresh, counters, dry.counts)
        for item in nest.items:
            self.lines += item.before
        if not step.lines:
            return
        remarks = dict.fromkeys(r for i in nest.items if (r := self.remark(i.location, i.phase)))
        for remark in list(remarks)[:4]:
            if remark != self.place:
                self.line(remark)
            self.place = remark
        outer, nothing = self.lines, nothing_added(nest)
        for axis, (place, size) in enumerate(zip(places, nest.dims, strict=True)):
            if place.counter:
                self.line(f"for {place.counter} in range({self.size(size)}):")
                self.inside()
            if nothing is not None and nothing.axis == axis:
                self.line(f"if support.some({nothing.memory.label}[{text(place.node())}]):")
                self.inside()
        self.lines += step.lines
        self.lines = outer
        for item in nest.items:
            self.lines += item.after

    def keep(self, nest: Nest, value: Lazy, in_step: bool) -> None:
        """Store a value that a nest computes and that is needed again: in its steps if each computes its own element, or before."""
        first = next((k for k, i in enumerate(nest.items) if value in reach(i.sources, i.number) or value is i.value), None)
        if first is None:
            return
        number = nest.items[first].number
        item = next((i for i in nest.items if i.stores and i.value is value and not self.is_written_over(i, nest)), None)
        if item is None:
            item = self.storing(value, self.view_for(value, nest, first if in_step else 0))
            item.axes = axes_of(value.dims)
        else:
            nest.items.remove(item)
        item.settle(number)
        if in_step:
            nest.items.insert(first, item)
        else:
            ahead = nest.items[:first]
            if any(i.memory is not None and nests.meets(i.memory, m) for i in ahead for m, _ in item.reads):
                del nest.items[:first]
                self.write(Nest(nest.dims, ahead))
            self.write(Nest(value.dims, [item]))
        value.stored, value.since = item.into, 0

    def is_written_over(self, item: Item, nest: Nest) -> bool:
        """Whether something else that is still to be written is written where an item writes."""
        others = [i for n in (nest, *self.pending) for i in n.items if i is not item and i.memory is not None]
        return item.memory is not None and any(nests.meets(item.memory, i.memory) for i in others if i.memory is not None)

    def view_for(self, value: Lazy, nest: Nest | None = None, first: int = 0) -> View:
        """Memory for a value: where the next step of a loop looks for it, or its adjoint, if nobody needs what is there, else new."""
        held = value.becomes
        if held is not None and same_dims(held.dims, value.dims) and held.dtype == value.dtype and self.is_free(held.memory, nest, first):
            self.hold(held.memory)
            return held
        return View(self.allocate(value.hint, value.dims, value.dtype, value.lasting))

    def is_free(self, memory: Memory, nest: Nest | None, first: int) -> bool:
        """Whether nobody reads what memory holds, but for items in front of the first one of a nest, each step its own element."""
        live = [nests.stored(v) for k, v in self.env.items() if self.left[k] > 0 and isinstance(v, Lazy)]
        waiting = [i for n in self.pending for i in n.items] + (nest.items[first:] if nest is not None else [])
        if any(nests.meets(memory, m) for v in live for m, _ in v.reads()):
            return False
        if any(nests.meets(memory, m) for i in waiting for m, _ in i.reads) or any(
            i.memory and nests.meets(memory, i.memory) for i in waiting
        ):
            return False
        ahead = nest.items[:first] if nest is not None else []
        return all(m is memory and map_ == whole(memory.rank) for i in ahead for m, map_ in i.reads if nests.meets(memory, m))

    def keeps(self, value: Lazy, view: View) -> None:
        """Let a value be read from memory from now on."""
        value.stored, value.since = view, next(self.numbers)

    def storing(self, value: Lazy, into: View) -> Item:
        """The item that writes a value to where a view is."""

        def write(step: NestStep, places: Places) -> None:
            step.put(item, into.index(places), step.computed(value, places))

        item = Item(value, write, "store", into.memory, into.map, location=value.location, phase=value.phase, stores=True, into=into)
        return item

    def wanted(self, value: Lazy) -> bool:
        """Whether a value may be asked for again, after the nest that is being written."""
        live = [v for k, v in self.env.items() if self.left[k] > 0 and isinstance(v, Lazy)]
        if value in reach(live):
            return True
        return any(value in reach(i.sources, i.number) for nest in self.pending for i in nest.items)

    def materialised(self, value: Lazy, hint: str = "", lasting: bool = True) -> View:
        """The value in memory, once all nests are written."""
        value = value.stored or value
        if isinstance(value, View):
            return value
        value.hint, value.lasting = value.hint or hint, lasting
        view = self.view_for(value)
        self.add(self.storing(value, view), value.dims)
        self.flush()
        if value.stored is None:
            self.keeps(value, view)
        return value.stored or view


def is_each_once(asked: Places, places: Places) -> bool:
    """Whether the steps of a nest ask for a different element each."""
    return {p.counter for p in places} <= {p.counter for p in asked}


def nothing_added(nest: Nest) -> Nothing | None:
    """Where a nest adds zeros alone, because memory that it reads holds zeros there."""
    found = {nothing_in(i.value) if i.kind == "add" and i.memory and not i.extra else None for i in nest.items}
    (nothing,) = found if len(found) == 1 else (None,)
    return None if nothing is None or any(i.memory and nests.meets(i.memory, nothing.memory) for i in nest.items) else nothing


def axes_of(dims: tuple[Whole, ...]) -> frozenset[int]:
    """The axes with more than one element."""
    return frozenset(k for k, n in enumerate(dims) if n != 1 or isinstance(n, Size))


def reach(values: Iterable[Lazy], number: float = math.inf) -> set[Lazy]:
    """The values, and all that an item of this number computes them from: not what lies in memory by then."""
    found: set[Lazy] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if value not in found:
            found.add(value)
            if value.stored is None or value.since > number:
                waiting += value.parts()
    return found
