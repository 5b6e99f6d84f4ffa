"""What a loop carries and has stored into an array as well: at the beginning of a step it is what an element of the array holds.

    y[0] = s                  for a loop that carries `s`: it is `y[k - 1]` when the step begins. The store before the loop holds for the
    for k in range(1, n):     first step, that at the end of a step for the next one. A loop that makes no step has nothing to hold for.
        s = f(s)
        y[k] = s

The store has to be one of each step, so not on one side of a branch, and nothing may write the element again before the step ends.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from s2sad.ir.footprints import Access, Footprints
from s2sad.ir.order import Instance
from s2sad.ir.program import Assign, Const, Loop, Operand, Statement, Var
from s2sad.ir.spans import Span, Spans, apart, is_place, is_slice, items, not_negative
from s2sad.quickly import dataclass
from s2sad.rules.operations import GETITEM, REPLACED
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, Whole, same, with_sizes

KnownSpans = tuple[Span, ...]


@dataclass(frozen=True)
class Carried:
    """A parameter of a loop that is an element, or a part, of an array when a step begins, as `access` reads it there.

    The `store` is that of the value which the next step begins with. The numbers in its index have moved on in it by `moved`.
    """

    param: Var
    loop: Loop
    store: Assign
    access: Access
    moved: tuple[int, ...]


def carried(loop: Loop, footprints: Footprints, made: Mapping[Var, Statement]) -> Iterator[Carried]:
    """What a loop carries that is in an array; `made` has the statement that makes a variable."""
    return _Loop(loop, footprints, made).found()


class _Loop:
    def __init__(self, loop: Loop, footprints: Footprints, made: Mapping[Var, Statement]) -> None:
        self.loop, self.footprints, self.made = loop, footprints, made
        self.lap = footprints.laps[loop]

    def found(self) -> Iterator[Carried]:
        for param, following, init in zip(self.loop.carried, self.loop.nexts, self.loop.inits, strict=True):
            for store in self.loop.body.statements if isinstance(following, Var) and following.type == param.type else ():
                if isinstance(store, Assign) and store.primitive is REPLACED and store.args[2] is following:
                    yield from self.of(param, init, store)

    def of(self, param: Var, init: Operand, store: Assign) -> Iterator[Carried]:
        access = self.footprints.accesses.get(store.targets[0])
        if access is None or not self.stays(access):
            return
        before = self.before(access.spans)
        moved = None if before is None else _moved(items(store.args[1]), access.spans, before)
        if before is None or moved is None:
            return
        version = next((p for p in self.loop.carried if self.footprints.things.get(p) is access.thing), store.targets[0])
        read = Access(access.thing, version, store.args[1], before, (), access.place.at(0), True, False, False)
        if self.holds_first(init, read):
            yield Carried(param, self.loop, store, read, moved)

    def stays(self, store: Access) -> bool:
        """Whether what is stored in a step is there when the next one begins; nothing is written where a loop asks whether it goes on."""
        thing, steps, depth = store.thing, store.place.steps, len(store.place.regions)
        if thing.forked or store.stale or thing.depth >= depth:
            return False
        writes = [a for a in thing.accesses if a.writes and len(a.place.steps) > depth and a.place.steps[:depth] == steps[:depth]]
        return all(a.place.steps[depth][0] == 1 and not self.footprints.may_follow(store, a, depth) for a in writes)

    def before(self, spans: Spans | None) -> KnownSpans | None:
        """The places of the step before, in the numbers of a step; None where that cannot be said."""
        last = Instance(self.lap.known, {symbol: Size.of(symbol) - by for symbol, by in self.lap.numbers.values()})
        known = [] if spans is None else [s for s in spans if s is not None]
        if spans is None or len(known) < len(spans):
            return None
        found = tuple(s.of(last) for s in known)
        return found if all(type(b.first - s.first) is int and same(b.first - s.first, b.stop - s.stop)
                            for b, s in zip(found, known, strict=True)) else None  # fmt: skip

    # The first step

    def holds_first(self, init: Operand, read: Access) -> bool:
        """Whether a value that the loop begins with is in the array before the first step, where that step reads it."""
        spans = self.at_first(read.spans)
        inits = zip(self.loop.carried, self.loop.inits, strict=True)
        version = next((init for param, init in inits if self.footprints.things.get(param) is read.thing), None)
        while spans is not None and isinstance(version, Var):
            if self.is_read(init, version, spans):
                return True
            statement, access = self.made.get(version), self.footprints.accesses.get(version)
            if not isinstance(statement, Assign):
                return False
            if access is None or access.thing is not read.thing:
                return statement.primitive.zeros and _is_zero(init) and self.is_inside(spans, version, read)
            if access.spans is not None and _alike(access.spans, spans):
                return statement.primitive is REPLACED and _equal(statement.args[2], init)
            if not apart(access.spans, spans, access.facts):
                return False
            version = statement.args[0]
        return False

    def is_inside(self, spans: KnownSpans, version: Var, read: Access) -> bool:
        """Whether there are such places: in front of the first one Python counts from the end, where steps store as well."""
        return all(not_negative(s.first, read.facts) and not_negative(n - s.stop, read.facts)
                   for s, n in zip(spans, self.footprints.shape(version), strict=True))  # fmt: skip

    def at_first(self, spans: Any) -> KnownSpans | None:
        """Places with the numbers of the first step; None where it is not told which these are."""
        starts: dict[Symbol, Whole] = {}
        for var, (symbol, by) in self.lap.numbers.items():
            start = symbol.low if by > 0 else symbol.high
            if start is not None and (abs(by) == 1 or not (self.loop.reverse and var is self.loop.index)):
                starts[symbol] = start
        numbers = [n for s in spans for n in (s.first, s.stop) if isinstance(n, Size)]
        if any(symbol in n.symbols() and symbol not in starts for n in numbers for symbol, _ in self.lap.numbers.values()):
            return None
        return tuple(s.of(lambda size: with_sizes(size, starts)) for s in spans)

    def is_read(self, init: Operand, version: Var, spans: KnownSpans) -> bool:
        """Whether a value has been read there, from this version."""
        statement = self.made.get(init) if isinstance(init, Var) else None
        if not isinstance(statement, Assign) or statement.primitive is not GETITEM or statement.args[0] is not version:
            return False
        access = self.footprints.accesses.get(init)  # type: ignore[arg-type]
        return access is not None and access.spans is not None and not access.stale and _alike(access.spans, spans)


def _moved(entries: tuple[Operand, ...], spans: Any, before: KnownSpans) -> tuple[int, ...] | None:
    """By how much the numbers in an index have moved on since the step before; None where something else has."""
    moved = tuple(span.first - b.first for span, b in zip(spans, before, strict=True))
    if not all(is_place(e) or is_slice(e) for e in entries) or any(moved[len(entries) :]):
        return None
    return None if any(by and not isinstance(e, Var) for e, by in zip(entries, moved, strict=False)) else moved[: len(entries)]


def _alike(one: Spans, other: KnownSpans) -> bool:
    """Whether two indices name the same places in the same order."""
    return len(one) == len(other) and all(a is not None and same(a.first, b.first) and same(a.stop, b.stop) and a.step == b.step
                                          for a, b in zip(one, other, strict=True))  # fmt: skip


def _equal(one: Operand, other: Operand) -> bool:
    """Whether two operands are one value: constants to the sign of a zero."""
    if isinstance(one, Const) and isinstance(other, Const):
        return type(one.value) is type(other.value) and repr(one.value) == repr(other.value)
    return one is other


def _is_zero(operand: Operand) -> bool:
    value = operand.value if isinstance(operand, Const) else None
    return isinstance(value, (int, float, np.floating)) and value == 0 and not np.signbit(value)
