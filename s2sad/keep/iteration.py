"""What a kept loop runs over: a range, or anything with a length and an item at each position."""
from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.keep.generators import Lazy
from s2sad.keep.growing import grown
from s2sad.machine import stepwise
from s2sad.machine.builtin_functions import reduced
from s2sad.machine.checkpoints import checkpoint
from s2sad.machine.traced import Traced, strip
from s2sad.rules.structural import CALL
from s2sad.runtime.functions import alike
from s2sad.types.comparing import same_sizes

Machine = Any


class Sequence:
    """Items by position. `fixed` is the number of items where it is known, and no array has to be asked for it.

    What Python has as an iterator gives its items once: `block` is the one in which it was made, and has to be used.
    """

    machine: Machine
    fixed: int | None = None
    inner: Any = None  # what it is made of
    block: Any = None
    called = ""

    def begin(self) -> None:
        """The items are taken, from the first one on."""
        for each in self.parts():
            each.begin()
        if self.block is None:
            return
        machine, called = self.machine, self.called
        if id(self) in machine.used:
            raise CannotKeep(f"what {called} gives is used a second time", machine.location(), f"call {called} once more")
        if self.block is not machine.blocks.innermost:
            raise CannotKeep(f"what {called} gives is made outside a loop or a branch and used in it", machine.location(),
                             f"call {called} where it is used")  # fmt: skip
        machine.used[id(self)] = self

    def asked(self, name: str) -> Any:
        """An attribute that the function asks for."""
        getattr(range(0), name)  # raises what Python raises, but for the class
        raise CannotKeep(f"{name} is asked of a range, zip or the like whose length is not known", self.machine.location(),
                         'use control="record"')  # fmt: skip

    def length(self) -> Any:
        raise NotImplementedError

    def item(self, position: Any) -> Any:
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        self.begin()
        return self.one_by_one()

    def one_by_one(self) -> Iterator[Any]:
        """The items, each as it is when its turn comes."""
        count = self.length() if self.fixed is None else self.fixed
        if isinstance(count, Traced):
            raise CannotKeep("a loop inside an expression whose trip count is not known", self.machine.location(),
                             "write the loop as a statement")  # fmt: skip
        return self._first(count)

    def _first(self, count: int) -> Iterator[Any]:
        for i in range(count):
            self.check_length()
            yield self.item(i)
        self.check_length()

    def check_length(self) -> None:
        """A loop over a list that gets longer or shorter meanwhile makes other steps."""
        for each in self.parts():
            if each is not self:
                each.check_length()

    def made_of(self) -> Iterable[Any]:
        return self.parts()

    def arrays(self) -> Iterator[Any]:
        """The arrays among what it is made of."""
        for each in self.parts():
            if each is not self:
                yield from each.arrays()

    def parts(self) -> Iterable[Sequence]:
        return self.inner if isinstance(self.inner, list) else (self.inner,) if isinstance(self.inner, Sequence) else ()

    def __len__(self) -> int:
        if self.fixed is None:
            raise CannotKeep("a length that is not known", self.machine.location())
        return self.fixed


class Span(Sequence):
    """`range(start, stop, step)`; a part of one that is not `whole` may have other bounds than Python gives it."""

    whole = True

    def __init__(self, machine: Machine, start: Any, stop: Any, step: Any) -> None:
        self.machine, self.start, self.stop, self.step = machine, start, stop, step
        if not any(isinstance(p, Traced) for p in (start, stop, step)):
            self.fixed = len(range(start, stop, step))

    def made_of(self) -> Iterable[Any]:
        return self.start, self.stop, self.step

    def length(self) -> Any:
        if self.fixed is not None:
            return self.fixed
        return self.machine.sizes.trips(self.start, self.stop, self.step)

    def item(self, position: Any) -> Any:
        ask = self.machine.binary
        along = position if _is(self.step, 1) else ask("*", self.step, position)
        return along if _is(self.start, 0) else ask("+", self.start, along)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self.part(index.start, index.stop, index.step)
        asks, length = self.machine, self.length()
        position = index
        if isinstance(index, Traced) or index >= 0:
            asks.certain(asks.compare("<", index, length))
        else:
            position = asks.binary("+", length, index)
        if isinstance(position, Traced):
            asks.certain(asks.compare(">=", position, 0))
        return self.item(position)

    def part(self, start: Any, stop: Any, step: Any) -> Span:
        """`range(...)[start:stop:step]`: the same numbers, if not always the same bounds where there are none."""
        if start is None and stop is None and _is(step, -1):
            return self.backwards()
        step = 1 if step is None else step
        if any(isinstance(p, Traced) for p in (start, stop, step, self.step)) or step < 1:
            raise CannotKeep("a part of a range whose numbers are not known", self.machine.location(), "give range() the numbers itself")
        ask, forward = self.machine.binary, self.step > 0
        first, end = self.start, self.stop
        if start is not None:
            skipped = start if start >= 0 else self.machine.call(max, ask("+", self.length(), start), 0)
            first = ask("+", self.start, ask("*", self.step, skipped))
        if stop is not None:
            end = ask("+", self.start, ask("*", self.step, stop if stop >= 0 else ask("+", self.length(), stop)))
            end = self.machine.call(min if forward else max, self.stop, end) if stop >= 0 else end
        part = Span(self.machine, first, end, ask("*", self.step, step))
        part.whole = False
        return part

    def asked(self, name: str) -> Any:
        return getattr(self, name) if name in ("start", "stop", "step") and self.whole else super().asked(name)

    def exactly(self) -> Any:
        """The range as one object of the code."""
        return self.machine.sizes.ranged(self.start, self.stop, self.step)

    def backwards(self) -> Span:
        """The same numbers from the last one to the first."""
        ask, step = self.machine.binary, self.step
        if self.fixed is not None:
            numbers = range(self.start, self.stop, step)[::-1]
            return Span(self.machine, numbers.start, numbers.stop, numbers.step)
        if _is(step, 1) or _is(step, -1):
            return Span(self.machine, ask("-", self.stop, step), ask("-", self.start, step), -step)
        last = ask("+", self.start, ask("*", ask("-", self.length(), 1), step))
        return Span(self.machine, last, ask("-", self.start, step), self.machine.unary("neg", step))


class Items(Sequence):
    """The items of an array along its first axis, or of a list or tuple."""

    def __init__(self, machine: Machine, owner: Any) -> None:
        self.machine, self.owner = machine, owner
        self.held = grown(owner)
        self.changes = 0 if self.held is None else self.held.changes
        if not isinstance(owner, Traced) and self.held is None:
            self.fixed = len(owner)

    def check_length(self) -> None:
        held = grown(self.owner)
        if held is not self.held or (held is not None and held.changes != self.changes):
            raise CannotKeep("a list changes its length while a loop runs over it", self.machine.location(), 'use control="record"')
        if self.fixed is not None and len(self.owner) != self.fixed:
            raise CannotKeep("a list changes its length while a loop runs over it", self.machine.location(), 'use control="record"')

    def made_of(self) -> Iterable[Any]:
        return (self.owner,)

    def arrays(self) -> Iterator[Any]:
        if isinstance(self.owner, Traced):
            yield self.owner

    def length(self) -> Any:
        return self.fixed if self.fixed is not None else self.machine.call(len, self.owner)

    def item(self, position: Any) -> Any:
        return self.machine.item(self.owner, position)


class Enumerated(Sequence):
    called = "enumerate()"

    def __init__(self, machine: Machine, inner: Sequence, start: Any) -> None:
        self.machine, self.inner, self.start, self.fixed, self.block = machine, inner, start, inner.fixed, machine.blocks.innermost

    def made_of(self) -> Iterable[Any]:
        return self.inner, self.start

    def length(self) -> Any:
        return self.inner.length()

    def item(self, position: Any) -> Any:
        number = position if _is(self.start, 0) else self.machine.binary("+", position, self.start)
        return number, self.inner.item(position)


class Zipped(Sequence):
    """Items side by side, as many as the shortest has."""

    called = "zip()"

    def __init__(self, machine: Machine, inner: list[Sequence]) -> None:
        self.machine, self.inner, self.block = machine, inner, machine.blocks.innermost
        known = [s.fixed for s in inner if s.fixed is not None]
        if known and len(known) == len(inner):
            self.fixed = min(known)

    def length(self) -> Any:
        answer: Any = None
        for each in self.inner:
            one = each.length()
            answer = one if answer is None else self.machine.sizes.shorter(answer, one)
        return answer

    def item(self, position: Any) -> Any:
        return tuple(each.item(position) for each in self.inner)


class Reversed(Sequence):
    called = "reversed()"

    def __init__(self, machine: Machine, inner: Sequence) -> None:
        self.machine, self.inner, self.fixed, self.block = machine, inner, inner.fixed, machine.blocks.innermost

    def length(self) -> Any:
        return self.inner.length()

    def item(self, position: Any) -> Any:
        return self.inner.item(backwards(self.machine, self.length(), position))


def backwards(machine: Machine, length: Any, position: Any) -> Any:
    last = length - 1 if not isinstance(length, Traced) else machine.binary("-", length, 1)
    return machine.binary("-", last, position)


def compared(machine: Machine, symbol: str, left: Any, right: Any) -> Any:
    """A comparison of two values of which one is a sequence, or of two that are never equal."""
    if not isinstance(left, Sequence) and not isinstance(right, Sequence):
        return symbol == "!="
    function: Any = {"==": operator.eq, "!=": operator.eq, "in": operator.contains, "not in": operator.contains}.get(symbol)
    sides = (right, left) if function is operator.contains else (left, right)
    shown = [s.exactly() if isinstance(s, Span) else s for s in sides]
    if function is None or any(isinstance(s, (Sequence, np.ndarray)) for s in map(strip, shown)):
        raise CannotKeep("a comparison with what a loop runs over, whose length is not known", machine.location(), 'use control="record"')
    answer = machine.emit_typed(CALL, [function, shown, {}], True)
    return machine.negated(answer) if symbol in ("!=", "not in") else answer


def _is(value: Any, number: int) -> bool:
    return not isinstance(value, Traced) and bool(value == number)


def sequence(machine: Machine, value: Any) -> Sequence | None:
    """The value as something a loop can run over; None for what has no positions."""
    if isinstance(value, (Sequence, Lazy)):
        return None if isinstance(value, Lazy) else value
    if isinstance(value, range):
        return Span(machine, value.start, value.stop, value.step)
    if type(value) in (list, tuple) or (isinstance(value, Traced) and isinstance(value.value, np.ndarray)):
        return Items(machine, value)
    return None


def _sequences(machine: Machine, values: tuple[Any, ...]) -> list[Sequence] | None:
    found = [sequence(machine, v) for v in values]
    known = [f for f in found if f is not None]
    return known if len(known) == len(values) else None


def _enumerate(machine: Machine, iterable: Any, start: Any = 0) -> Any:
    inner = sequence(machine, iterable)
    if inner is None:
        iterable = machine.own_iterator(iterable)
    if isinstance(iterable, Lazy):
        return iterable.numbered(start)
    return enumerate(machine.iterate(iterable), machine.concrete(start)) if inner is None else Enumerated(machine, inner, start)


def _zip(machine: Machine, *iterables: Any, strict: bool = False) -> Any:
    inner = _sequences(machine, iterables)
    if inner is None or not inner:
        return zip(*map(machine.iterate, iterables), strict=strict)
    for other in inner[1:] if strict else ():
        machine.certain(machine.compare("==", inner[0].length(), other.length()))
    return Zipped(machine, inner)


def _reversed(machine: Machine, iterable: Any) -> Any:
    inner = sequence(machine, iterable)
    if isinstance(inner, Span):
        return inner.backwards()
    if isinstance(inner, (Enumerated, Zipped, Reversed)):
        raise TypeError(f"'{type(inner).__name__.lower()}' object is not reversible")
    return reversed(iterable) if inner is None else Reversed(machine, inner)


def _range(machine: Machine, *parts: Any) -> Any:
    if not any(isinstance(p, Traced) for p in parts):
        return range(*parts)
    numbers = [machine.call(int, p) if isinstance(p, Traced) and isinstance(p.value, np.ndarray) else p for p in parts]
    start, stop, step = (0, *numbers, 1) if len(numbers) == 1 else (*numbers, 1)[:3]
    return Span(machine, start, stop, step)


class Checkpointed(Sequence):
    """A loop whose steps save nothing; `snapshots` is 0 for as many as are enough."""

    def __init__(self, machine: Machine, inner: Sequence, snapshots: Any) -> None:
        self.machine, self.inner, self.snapshots, self.fixed = machine, inner, snapshots, inner.fixed

    def length(self) -> Any:
        return self.inner.length()

    def item(self, position: Any) -> Any:
        return self.inner.item(position)


def _checkpoint(machine: Machine, target: Any, snapshots: Any = None) -> Any:
    inner = sequence(machine, target)
    if inner is None:
        return checkpoint(target, snapshots)
    if not isinstance(snapshots, Traced):
        checkpoint((), snapshots)  # which says what is wrong with their number
    return Checkpointed(machine, inner, 0 if snapshots is None else snapshots)


def _alike(machine: Machine, one: Any, other: Any) -> bool:
    return same_sizes(strip(one), strip(other))


def _reduce(machine: Machine, function: Any, iterable: Any, *initial: Any) -> Any:
    items = sequence(machine, iterable)
    if items is None or items.fixed is not None:
        return reduced(machine, function, iterable, *initial)
    return machine.call(stepwise.folded if initial else stepwise.folded_from_the_first, function, iterable, *initial)


KEPT: dict[Any, Callable[..., Any]] = {range: _range, enumerate: _enumerate, zip: _zip, reversed: _reversed, checkpoint: _checkpoint,
                                       alike: _alike, functools.reduce: _reduce}  # fmt: skip
