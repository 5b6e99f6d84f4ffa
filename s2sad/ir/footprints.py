"""Which elements of arrays the statements of a list read and write, and whether one may touch later what another has touched.

In the list a write makes a new version of an array. Where the versions follow one another, through the steps of loops and the sides of
branches, they are the contents of one `Thing` as it changes with time; where they fork, nothing is told of it.

    found = Footprints(function.statements, function.results)
    read = found.accesses[element]          # of `element = cp[i - 1]`; of a write it is named by the version that the write makes
    read.thing.last                         # the last version, in the block where the first one was made
    found.holding(read, 1)                  # the versions after the inner region in the body of a loop that hold what was read
    found.overwritten(read)                 # whether a later write may touch what is read (or written)
    found.read_later(write)                 # whether a later read may
    found.touched_before(write)             # whether an earlier read or write may have, in an earlier step as well
    found.may_follow(one, other)            # whether the other, at some time after the one, may touch an element that the one touches

Indices are compared as polynomials over the numbers of the steps and over sizes, along each axis; `spans.py` does that, and `order.py`
says which steps come later. Where an index is not a number or a slice, or nothing is known of it, it may name any element.
"""
from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

from s2sad.ir.order import Instance, Lap, Place, Renaming, after, lap, number
from s2sad.ir.program import ArrayType, Assign, Display, If, Loop, Operand, Statement, Var, reads, targets_of, variables
from s2sad.ir.spans import Facts, Spans, apart, facts_of, is_everything, is_place, items, spans
from s2sad.quickly import dataclass
from s2sad.rules.operations import GETITEM, SCATTER
from s2sad.rules.structural import DIM, NOT
from s2sad.types.known import compared
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, Whole, same, settled

START = Place(((0, 0),))
READS_AS_WELL = ("+=", "-=", "at")


class Thing:
    """An array that changes with time. Inside as many regions as `depth` says it begins anew in each step of the loops among them."""

    def __init__(self, version: Var, place: Place, shape: tuple[Whole, ...]) -> None:
        self.versions, self.places, self.depth, self.shape = [version], {version: place}, len(place.regions), shape
        self.accesses: list[Access] = []
        self.forked: float = 0  # it is told of only in the same step of so many regions: in others another version than the last goes on
        self.last = version


class Access:
    """A read or a write of a part of a thing. What is read or written later of `stale` contents is not told."""

    def __init__(self, thing: Thing, version: Var, index: Operand | None, touched: Spans | None, facts: Facts, place: Place, reads: bool,
                 writes: bool, stale: bool) -> None:  # fmt: skip
        self.thing, self.version, self.index, self.spans, self.facts, self.place = thing, version, index, touched, facts, place
        self.reads, self.writes, self.stale = reads, writes, stale

    def misses(self, later: Access, renamed: Renaming) -> bool:
        """Whether it touches no element that another one touches, of which the sizes are those of a later step."""
        spans = None if later.spans is None else tuple(None if s is None else s.of(renamed) for s in later.spans)
        return apart(self.spans, spans, (*self.facts, *map(renamed, later.facts)))


class Footprints:
    """What a list reads and writes; `size_of` says which whole number a variable is, `shape_of` which shape an array has."""

    def __init__(self, statements: tuple[Statement, ...], results: tuple[Operand, ...] = (),
                 size_of: Callable[[Var], Whole | None] = lambda var: var.size,
                 shape_of: Callable[[Var], Any] = lambda var: var.type.shape) -> None:  # type: ignore[union-attr]  # fmt: skip
        walk = _Walk(size_of, shape_of)
        walk.list(statements, results)
        self.shape = walk.shape
        self.things, self.accesses, self.laps = walk.things, walk.accesses, walk.laps
        self.outermost = frozenset(walk.current)  # the things that are there at the end of the list

    def may_follow(self, one: Access, other: Access, inside: int = 0) -> bool:
        """With `inside` in the same step of so many of the outermost regions."""
        if one.thing is not other.thing:
            return False
        if one.thing.forked > inside or one.stale or other.stale:
            return one.thing.forked > inside or one.stale or not (one.writes and self.shows_before(other, one, inside))
        ways = after(one.place, other.place, self.laps, max(inside, one.thing.depth))
        return not all(one.misses(other, renamed) for renamed in ways)

    def shows_before(self, read: Access, write: Access, inside: int) -> bool:
        """Whether the contents that are read, which are old by then, are those before a write."""
        made = read.thing.places[read.version]
        within = write.place.steps[: len(made.steps)] == made.steps  # in the loop that makes them, or the very write
        return not within and not any(after(write.place, made, self.laps, max(inside, read.thing.depth)))

    def holding(self, access: Access, depth: int) -> list[Var]:
        """The versions that hold what an access has touched: of those in the block with so many regions around, the ones after the region
        that the access is in."""
        here, later = access.place, self.writes_beside(access, depth, self.may_follow)
        end = min(later, default=math.inf)
        return [v for v, position in self.versions_beside(access, depth) if here.steps[depth][1] <= position < end]

    def holding_before(self, read: Access, depth: int) -> list[Var]:
        """Those before that region which hold already what is read."""
        here = read.place
        earlier = self.writes_beside(read, depth, lambda one, other, inside: self.may_follow(other, one, inside))
        start = max(earlier, default=-1)
        return [v for v, position in self.versions_beside(read, depth) if start <= position < here.steps[depth][1]]

    def writes_beside(self, access: Access, depth: int, may_meet: Callable[[Access, Access, int], bool]) -> list[int]:
        """Where in the block with so many regions around the writes are that may meet."""
        writes = [a for a in access.thing.accesses if a.writes and a.place.beside(access.place, depth)]
        return [a.place.steps[depth][1] for a in writes if may_meet(access, a, depth)]

    def versions_beside(self, access: Access, depth: int) -> list[tuple[Var, int]]:
        """The versions of its thing that are made in the block with so many regions around, and where."""
        thing = access.thing
        if thing.forked or access.stale:
            return []
        made = thing.places.items()
        return [(v, p.steps[depth][1]) for v, p in made if len(p.regions) == depth and p.beside(access.place, depth)]

    def overwritten(self, access: Access) -> bool:
        return access.thing.forked > 0 or any(a.writes and self.may_follow(access, a) for a in access.thing.accesses)

    def read_later(self, write: Access) -> bool:
        return write.thing.forked > 0 or any(a.reads and self.may_follow(write, a) for a in write.thing.accesses)

    def touched_before(self, write: Access) -> bool:
        return write.thing.forked > 0 or any(self.may_follow(a, write) for a in write.thing.accesses)


class _Walk:
    """One way through the list, with the version that each thing has by now."""

    def __init__(self, size_of: Callable[[Var], Whole | None], shape_of: Callable[[Var], Any]) -> None:
        self.size_of, self.shape_of = size_of, shape_of
        self.things: dict[Var, Thing] = {}
        self.accesses: dict[Var, Access] = {}
        self.laps: dict[Loop, Lap] = {}
        self.current: dict[Thing, Var] = {}
        self.views: dict[Var, tuple[Var, Operand, Place]] = {}
        self.stale: set[Var] = set()  # the views of what had been written over
        self.seen: set[Var] = set()  # the views whose elements are read, and not only named by others
        self.known: set[Symbol] = set()
        self.facts: Facts = ()
        self.conditions: dict[Var, tuple[str, Whole, bool]] = {}  # which question one is, of which size, and the answer where it holds
        self.renamed = Instance(frozenset(), {}, others_stay=True)  # what goes on in a loop has symbols of its own

    def list(self, statements: tuple[Statement, ...], results: tuple[Operand, ...]) -> None:
        made: set[Var] = set()
        for statement in statements:
            for var in reads(statement):
                if var not in made and var not in self.things:
                    self.define(var, START)
            made.update(targets_of(statement))
        self.block(statements, START)
        for result in results:
            self.whole(result, START.at(2 * len(statements) + 1))
        for thing, version in self.current.items():
            thing.last = version

    # Sizes

    def number(self, operand: Operand) -> Whole | None:
        found = number(operand, self.size_of)
        return None if found is None else self.renamed(settled(found))

    def spans(self, array: Var, index: Operand) -> Spans | None:
        return spans(index, self.shape(array), self.number, self.facts)

    def shape(self, array: Var) -> tuple[Whole, ...]:
        return tuple(self.renamed(settled(n)) for n in self.shape_of(array))

    def learn(self, var: Var) -> None:
        """The symbols of what is there are the same for all that stands behind it in its block."""
        sizes = self.shape_of(var) if isinstance(var.type, ArrayType) else (self.number(var),)
        for size in sizes:
            if isinstance(size, Size):
                self.known.update(self.renamed(settled(size)).symbols())  # type: ignore[union-attr]

    # Things

    def define(self, var: Var, place: Place) -> None:
        """A variable that begins here."""
        self.learn(var)
        if isinstance(var.type, ArrayType):
            self.things[var] = Thing(var, place, self.shape(var))
            self.current[self.things[var]] = var

    def follows(self, var: Var, thing: Thing, place: Place) -> None:
        """A variable that is the next version of a thing."""
        self.learn(var)
        self.show(thing.versions[0])
        self.things[var] = thing
        thing.versions.append(var)
        thing.places[var] = place
        self.current[thing] = var

    def is_current(self, var: Operand) -> bool:
        return isinstance(var, Var) and var in self.things and self.current.get(self.things[var]) is var

    def whole(self, operand: Operand, place: Place) -> None:
        """All of what an operand holds is read."""
        for var in filter(self.things.__contains__, variables(operand)):
            self.touch(var, None, place, True, False)

    def show(self, var: Var) -> None:
        """What a part shows is read, where the part is more than a way to name elements."""
        if var in self.views and var not in self.seen:
            self.seen.add(var)
            self.touch(*self.views[var], True, False, var in self.stale)

    def touch(self, array: Var, index: Operand | None, place: Place, reads: bool, writes: bool, stale: bool | None = None) -> Access:
        self.show(array)
        thing = self.things[array]
        stale = not self.is_current(array) if stale is None else stale
        touched = None if index is None else self.spans(array, index)
        access = Access(thing, array, index, touched, self.facts, place, reads, writes, stale)
        thing.accesses.append(access)
        return access

    # Statements

    def block(self, statements: tuple[Statement, ...], start: Place) -> None:
        """The statements of a block; what a statement reads before it begins stands between it and the one before."""
        for k, statement in enumerate(statements):
            place = start.at(2 * k + 1)
            match statement:
                case Assign():
                    self.assign(statement, place)
                case Loop():
                    self.loop(statement, place)
                case If():
                    self.branch(statement, place)

    def assign(self, statement: Assign, place: Place) -> None:
        primitive, args = statement.primitive, statement.args
        base = args[0] if args else None
        if primitive is GETITEM and base in self.things:
            self.part(statement, base, args[1], place)
        elif primitive.writes and base in self.things and isinstance(statement.targets[0].type, ArrayType):
            self.write(statement, base, place)
        elif primitive is not DIM and not primitive.asks:
            for arg in args:
                self.whole(arg, place)
        for target in targets_of(statement):
            if target not in self.things:
                self.define(target, place)
        if primitive is SCATTER:  # zeros, but for a part that is written
            self.accesses[statement.targets[0]] = self.touch(statement.targets[0], args[1], place, False, True)
        if primitive.compares or primitive is NOT:
            self.compare(statement)

    def compare(self, statement: Assign) -> None:
        """A condition on whole numbers."""
        first, *others = statement.args
        if statement.primitive is NOT and first in self.conditions:
            kind, size, yes = self.conditions[first]
            self.conditions[statement.targets[0]] = kind, size, not yes
        numbers = [self.number(a) for a in statement.args]
        asked = compared(statement.primitive.compares, *numbers) if others and None not in numbers else None
        if asked is not None:
            self.conditions[statement.targets[0]] = asked

    def suppose(self, condition: Operand, answer: bool) -> None:
        """What a condition says where it holds, or does not."""
        if isinstance(condition, Var) and condition in self.conditions:
            kind, size, yes = self.conditions[condition]
            self.facts = (*self.facts, *facts_of(kind, size, yes is answer))

    def write(self, statement: Assign, base: Var, place: Place) -> None:
        for arg in statement.args[1:]:
            self.whole(arg, place)
        target, thing = statement.targets[0], self.things[base]
        thing.forked = thing.forked if self.is_current(base) else math.inf
        self.accesses[target] = self.touch(base, statement.args[1], place, statement.primitive.writes in READS_AS_WELL, True)
        self.follows(target, thing, place)

    def part(self, statement: Assign, base: Var, index: Operand, place: Place) -> None:
        """An element, or a part, which is read where something is made of all of it, not where a part of it is taken."""
        self.whole(index, place)
        target = statement.targets[0]
        array, index, made = self.through(base, index)
        place = place if made is None or self.is_current(array) else made
        stale = not self.is_current(array) and (made is None or base in self.stale)  # a view has the contents of when it was made
        if isinstance(target.type, ArrayType):
            self.views[target] = array, index, place
            self.stale.update([target] if stale else ())
            spans = self.spans(array, index)
            self.accesses[target] = Access(self.things[array], array, index, spans, self.facts, place, True, False, stale)
        else:
            self.accesses[target] = self.touch(array, index, place, True, False, stale)

    def through(self, base: Var, index: Operand) -> tuple[Var, Operand, Place | None]:
        """The array and the index by which an element of a part is named: `row[j]` is `A[i, j]`."""
        if base in self.views:
            array, outer, place = self.views[base]
            named = tuple(itertools.takewhile(is_place, items(outer)))
            if all(map(is_everything, items(outer)[len(named) :])):
                return array, Display(tuple, (*named, *items(index))), place
        return base, index, None

    # Regions

    def loop(self, loop: Loop, place: Place) -> None:
        around = self.around()
        self.laps[loop] = lap(loop, self.number, frozenset(self.known))
        self.rename(loop)
        self.enter(loop, place)
        if loop.test is not None:
            self.block(loop.test.statements, place.inside(loop, 0, 0))
            self.suppose(loop.test.results[0], True)
        self.block(loop.body.statements, place.inside(loop, 1, 0))
        end = place.inside(loop, 1, 2 * len(loop.body.statements) + 1)
        pairs = zip(loop.results, loop.carried, loop.nexts, strict=True)
        going_on = {target: self.things[param] for target, param, following in pairs if self.goes_on(param, following, end)}
        for result in (*loop.body.results[: loop.exits], *loop.saved):
            self.whole(result, end)
        self.leave(around, loop.targets, going_on, place)

    def rename(self, loop: Loop) -> None:
        """The numbers that go on evenly in a loop take the symbols that the loop has of its own."""
        own = {size.symbol: Size.of(symbol) for var, (symbol, _) in self.laps[loop].numbers.items()
               if isinstance(size := self.size_of(var), Size) and size.symbol is not None}  # fmt: skip
        self.renamed = Instance(frozenset(), {**self.renamed.given, **own}, others_stay=True)

    def enter(self, loop: Loop, place: Place) -> None:
        """What a loop carries is the same thing in each step, or begins in it."""
        entered: set[Var] = set()
        before, start = place.at(place.steps[-1][1] - 1), place.inside(loop, 1, 0)
        for param, init in zip(loop.carried, loop.inits, strict=True):
            if isinstance(init, Var) and self.is_current(init) and self.alike(param, init):
                entered.add(param)
                self.follows(param, self.things[init], start)
            else:
                self.whole(init, before)
        for param in loop.body.params:
            if param not in entered:
                self.define(param, before)
            if param in self.things:
                self.things[param].places[param] = start

    def alike(self, one: Var, other: Var) -> bool:
        """Whether two arrays are of one dtype and one shape."""
        if not isinstance(one.type, ArrayType) or not isinstance(other.type, ArrayType) or one.type.dtype != other.type.dtype:
            return False
        shapes = [tuple(map(settled, self.shape_of(v))) for v in (one, other)]
        return len(shapes[0]) == len(shapes[1]) and all(map(same, *shapes))

    def goes_on(self, param: Var, following: Operand, end: Place) -> bool:
        """Whether the next step begins with what has become of the parameter."""
        thing = self.things.get(param)
        if thing is not None and isinstance(following, Var) and self.current[thing] is following:
            return True
        self.whole(following, end)
        if thing is not None:
            thing.forked = max(thing.forked, len(end.regions))
        return False

    def branch(self, branch: If, place: Place) -> None:
        around = self.around()
        ends: list[dict[Thing, Var]] = []
        for k, block in enumerate(branch.blocks):
            self.current, self.known, self.facts = dict(around.current), set(around.known), around.facts
            self.suppose(branch.atom, k == 0)
            self.block(block.statements, place.inside(branch, k, 0))
            ends.append(self.current)
        going_on: dict[Var, Thing] = {}
        for target, *results in zip(branch.targets, *(b.results for b in branch.blocks), strict=True):
            thing = self.things.get(results[0]) if isinstance(results[0], Var) else None
            if thing in around.current and all(end[thing] is r for end, r in zip(ends, results, strict=True)):
                if thing not in going_on.values():
                    going_on[target] = thing
                    continue
            for k, (self.current, result) in enumerate(zip(ends, results, strict=True)):
                self.whole(result, place.inside(branch, k, 2 * len(branch.blocks[k].statements) + 1))
        self.current = {t: v for end in ends for t, v in end.items() if end[t] is not around.current.get(t)}
        self.leave(around, branch.targets, going_on, place)

    def around(self) -> _Around:
        return _Around(dict(self.current), set(self.known), self.renamed, self.facts)

    def leave(self, around: _Around, targets: tuple[Var, ...], going_on: dict[Var, Thing], place: Place) -> None:
        """What is known after a region; a thing that was written in it and does not go on is no longer one."""
        for thing, version in self.current.items():
            if thing not in around.current:
                thing.last = version
            elif version is not around.current[thing] and thing not in going_on.values():
                thing.forked = max(thing.forked, len(place.regions) + 1)
        self.current, self.known, self.renamed, self.facts = around.current, around.known, around.renamed, around.facts
        for target in targets:
            if target in going_on:
                self.follows(target, going_on[target], place)
            else:
                self.define(target, place)


@dataclass
class _Around:
    """What was known before a region."""

    current: dict[Thing, Var]
    known: set[Symbol]
    renamed: Instance
    facts: Facts
