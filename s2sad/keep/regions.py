"""Regions as they are walked: both sides of a branch, the body of a loop until nothing new changes, and what they give."""
from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep, Location, S2sadError
from s2sad.ir.program import (
    UNDEFINED,
    Block,
    If,
    Statement,
)
from s2sad.ir.writing import Box
from s2sad.keep.aliases import STALE, parts_of
from s2sad.keep.choices import Choice
from s2sad.keep.exits import Exit
from s2sad.keep.growing import Grows, flattened, grown, grows
from s2sad.keep.joins import Joined, Merges, as_operand, merge_exits
from s2sad.keep.loops import Walked
from s2sad.keep.plans import Plans
from s2sad.keep.slots import Contents, Key, Known, Poison, Slot, Survey, changed, put, restore, survey
from s2sad.keep.things import Left, left
from s2sad.machine.traced import strip
from s2sad.record.views import Ended
from s2sad.types.questions import Undecided

ROUNDS = 12  # walks of a body after which its variables should have found their types


class Regions:
    """Branches and loops as they are walked.

    `branch` is given both sides as functions that walk them, `loop` the body; how the region ends is the answer, and the slots hold what it
    gives. `frames` are the names of the functions that are being walked, from which a survey starts. Of the machine it uses the blocks, the
    variables, the joins and the aliases; it writes the regions down there.
    """

    def __init__(self, machine: Any, frames: list[dict[str, Any]]) -> None:
        self.machine, self.frames = machine, frames
        self.known = Known(machine.made, machine.external)
        self.plans = Plans(machine)
        self.alive: list[Survey] = []
        self.originals: list[Survey] = []  # what the open regions began with

    def tried(self, one: Callable[[], Any], other: Callable[[], Any], unwritten: bool = False) -> Any:
        """The first, or the second where that is refused; the reason is that of the first. There is none where the first has written
        arrays and the second is to find them `unwritten`.
        """
        machine = self.machine
        writes = machine.blocks.writes
        before = self.surveyed()
        state = (machine.sheet.statements[:], dict(machine.memo), set(machine.sheet.decided), dict(machine.stacks.frozen),
                 dict(machine.used))  # fmt: skip
        try:
            return one()
        except S2sadError as error:
            if unwritten and machine.blocks.writes > writes:
                raise
            machine.sheet.statements[:], machine.memo, machine.sheet.decided, machine.stacks.frozen, machine.used = state
            restore(before, self.surveyed())  # which reads views: that is not to be dropped
            try:
                return other()
            except S2sadError:
                raise error from None

    def growing(self, attempt: Callable[[Survey], Exit]) -> Exit:
        """Walk a region; again where a list has changed its length in it, with a list whose length is not known from the start."""
        original = before = self.surveyed()
        found: dict[int, tuple[list[Any], Joined]] = {}
        begun, frozen = self.machine.walks.begun[-1].copy(), dict(self.machine.stacks.frozen)
        for _ in range(ROUNDS):
            self.originals.append(original)
            try:
                return attempt(before)
            except Grows as more:
                restore(original, self.surveyed())
                there = original.get(("shape", id(more.owner), None))
                if there is None or grown(more.owner) is not None or any(map(self.machine.variables.is_missing, more.owner)):
                    raise grows(more.owner, more.items, more.location or self.machine.location()) from None
                known = [found[id(more.owner)][1]] if id(more.owner) in found else []
                items = [*more.owner, *more.items, *map(self.machine.joins.box_of, known)]
                found[id(more.owner)] = more.owner, self.machine.stacks.joined(items, more.owner)
            finally:
                self.originals.pop()
            self.machine.stacks.frozen = dict(frozen)
            for owner, joined in found.values():
                self.machine.stacks.convert(owner, joined)
            before, self.machine.walks.begun[-1] = self.surveyed(), begun.copy()
        raise CannotKeep("the types of the items of a list do not settle", self.machine.location())

    # Branches

    def branch(self, test: Box, then: Callable[[], Exit], orelse: Callable[[], Exit], at: Location | None = None) -> Exit:
        """Walk both sides from the same state; the condition is asked by the code."""
        question = self.machine.forks.question()  # counted also where the answer is known, which it may be on some ways only
        if test.var in self.machine.deciding.conditions.told:
            return then() if self.machine.deciding.conditions.told[test.var] else orelse()
        if question is not None and question.answer is not None:
            return then() if question.answer else orelse()
        return self.growing(lambda before: self.branched(test, then, orelse, at, question, before))

    def branched(self, test: Box, then: Callable[[], Exit], orelse: Callable[[], Exit], at: Location | None, question: Any,
                 before: Survey) -> Exit:  # fmt: skip
        place = at or self.machine.location()
        sides: list[tuple[list[Statement], Survey, Exit, Any, Exit, dict[Key, Any], Left]] = []
        for side, answer in ((then, True), (orelse, False)):
            with self.machine.blocks.opened(loop=False) as opened, self.machine.forks.where(test, answer):
                with self.machine.deciding.conditions.on_the_way(test, answer):
                    ended = self.machine.forks.side(side, before)
                self.machine.deciding.store((test.var, answer), opened.remembered)
                after = self.surveyed(ended.value)
                after.given = ended.value
                news = {} if ended.kind == "raise" else changed(before, after)
                new = self.settled(news)
                held = self.written_under(new, after)
                gives = left(before, after, {key: after[key].value if key in after else UNDEFINED for key in (*news, *held)}, ended.value,
                             self.as_left)  # fmt: skip
                sides.append((opened.statements, after, ended, new, replace(ended, value=self.at_end(ended.value)), held, gives))
            restore(before, sides[-1][1])
        for gone, stays in ((0, 1), (1, 0)):
            if sides[gone][2].kind == "raise":
                statements, after, ended = sides[stays][:3]
                self.machine.forks.raises(question, test)
                if ended.kind == "raise":
                    return ended
                self.machine.sheet.at(place)
                self.machine.guard("truth", test, stays == 0)
                self.machine.sheet.at(None)
                return self.inlined(statements, after, ended, before)
        return self.merged(test, before, sides, place)

    def surveyed(self, value: Any = None) -> Survey:
        """What there is, kept alive, so that no other object gets an id that is in use; also an object that a block gives."""
        found = survey(self.frames, self.known, value if self.machine.things.are_held(value) else None)
        self.alive.append(found)
        return found

    def as_left(self, value: Any) -> Any:
        """The same with the objects that it holds, whose contents are slots of their own."""
        return self.at_end(value, trees.flatten_tuples)

    def at_end(self, value: Any, flatten: Callable[[Any], Any] = flattened) -> Any:
        """A value as it is at the end of a block: arrays have the contents of then."""
        if isinstance(value, (Contents, Poison)) or value is UNDEFINED:
            return value
        if isinstance(value, Choice):
            return value.each(self.as_left)
        leaves, structure = flatten(value)
        if structure is None and not (isinstance(value, Box) and isinstance(value.value, np.ndarray)):
            return value
        if any(map(self.machine.aliases.is_stale, leaves)):
            return Poison(self.machine, STALE)
        fixed = [Ended(v) if isinstance(v, Box) and not isinstance(v, Ended) and isinstance(v.value, np.ndarray) else v for v in leaves]
        return trees.unflatten(structure, fixed)

    def settled(self, news: dict[Key, tuple[Slot, Any, Any]]) -> dict[Key, tuple[Slot, Any, Any]]:
        return {key: (slot, old, self.at_end(new)) for key, (slot, old, new) in news.items()}

    def written_under(self, news: dict[Key, tuple[Slot, Any, Any]], after: Survey) -> dict[Key, Any]:
        """What slots hold at the end of a block that are as they were, but for the contents of their arrays and containers."""
        written, stale = {key[1] for key in news if key[0] != "name"}, self.machine.aliases.stale_in(after)
        if not written and not stale:
            return {}
        held = (k for k, slot in after.items() if k[0] not in ("contents", "shape") and not written.isdisjoint(parts_of(slot.value)))
        return {key: self.at_end(after[key].value) for key in (*held, *stale) if key not in news}

    def inlined(self, statements: list[Statement], after: Survey, ended: Exit, before: Survey) -> Exit:
        """A branch of which only one side is left."""
        self.machine.blocks.take_over(statements)
        for _, (slot, _, new) in changed(before, after).items():
            put(slot, new)
        return ended

    def merged(self, test: Box, before: Survey, sides: list[Any], place: Any) -> Exit:
        (s1, after1, _, one, e1, held1, left1), (s2, after2, _, other, e2, held2, left2) = sides
        merges = Merges(self.machine, before, (after1, after2), (left1, left2))
        news: list[tuple[Slot, Any]] = []
        stale = {key: after[key] for held, after in ((held1, after1), (held2, after2)) for key, v in held.items() if isinstance(v, Poison)}
        for key in dict.fromkeys((*one, *other, *stale)):
            if any(key in side and side[key][2] is UNDEFINED and side[key][1] is not UNDEFINED for side in (one, other)):
                raise CannotKeep("a variable is deleted in a branch", place, "assign None")
            slot, old = (one.get(key) or other.get(key) or (stale[key], stale[key].value))[:2]
            narrowed = self.machine.choices.narrowed
            (a, x), (b, y) = (
                [narrowed(v, test, answer) for v in (side[key][2] if key in side else held.get(key, old), gives.values.get(key, old))]
                for side, held, gives, answer in ((one, held1, left1, True), (other, held2, left2, False)))  # fmt: skip
            if e1.gone is not e2.gone and not merges.alike(a, b):  # nobody reads what a side that has returned leaves in a variable
                (a, x), (b, y) = ((UNDEFINED, UNDEFINED), (b, y)) if e1.gone else ((a, x), (UNDEFINED, UNDEFINED))
            news.append((slot, merges.add(a, b, key, e1.gone is not e2.gone, (x, y))))
        condition = self.as_condition(test, e1, e2)
        ended = merge_exits(merges, e1, e2) if condition is None else condition
        results = [tuple(as_operand(self.machine, pair[k]) for pair in merges.pairs) for k in (0, 1)]
        targets = tuple(box.var for box in merges.boxes)
        region = If(targets, test.var, Block((), tuple(s1), results[0]), Block((), tuple(s2), results[1]), place, self.machine.sheet.phase)
        self.machine.blocks.put(region)
        for slot, value in (*news, *merges.images.news):
            put(slot, value)
        merges.close()
        return ended

    def as_condition(self, test: Box, e1: Exit, e2: Exit) -> Exit | None:
        """A branch that says on which side it is."""
        if (e1.kind, e2.kind) != ("value", "value") or type(e1.value) is not bool or type(e2.value) is not bool or e1.value is e2.value:
            return None
        return Exit("value", test if e1.value else self.machine.negated(test))

    # Loops

    def loop(self, key: Any, run_over: tuple[Any, Any, Any] | None, test: Callable[[], Any] | None, body: Callable[[Any], Exit],
             snapshots: Any = None, short: bool = False) -> Exit:  # fmt: skip
        """Walk the body until the variables it changes have found their types; how the loop ended. A `short` one leaves lists alone."""
        def attempt(before: Survey) -> Exit:
            return self.looped(key, run_over, test, body, snapshots, before)

        with self.machine.walks.within(key):
            return attempt(self.surveyed()) if short else self.growing(attempt)

    def looped(self, key: Any, run_over: tuple[Any, Any, Any] | None, test: Callable[[], Any] | None, body: Callable[[Any], Exit],
               snapshots: Any, before: Survey) -> Exit:  # fmt: skip
        machine, plans = self.machine, self.plans
        place, mark, rough = machine.location(), object(), plans.rough
        plan = plans.recalled(before)
        for round in range(ROUNDS):
            machine.walks.once_more()
            with machine.blocks.opened(loop=True) as opened, plans.walking(rough or not (round or plan)):
                opened.mark, opened.tentative, drawn = mark, not plan, plans.drawn
                walked = Walked(machine, mark, plan, before, run_over, test, body)
                walked.snapshots = None if snapshots is None else machine.operand(snapshots)
                if not round:
                    walked.widen()
                try:
                    more = walked.run()
                finally:
                    restore(before, self.surveyed())
                if walked.ended.kind == "raise":
                    break
                plan = more or plan
                plans.remember(plan, before)
                if rough or not (more or plans.drawn > drawn):
                    plans.drawn += more is not None
                    machine.deciding.store(mark, opened.remembered)
                    return walked.close(opened, place, plan)
        else:
            raise CannotKeep("the types of the variables of a loop do not settle", place)
        return self.without_steps(test() if test is not None else machine.compare(">", machine.sizes.trips(*run_over), 0))  # type: ignore[misc]

    def index_of(self, key: Any, run_over: tuple[Any, Any, Any]) -> Box:
        """The number that a loop runs over, between its bounds."""
        deciding, (start, stop, step) = self.machine.deciding, map(strip, run_over)
        symbol = deciding.symbols.following(("index", key), "the number of a step")
        with contextlib.suppress(Undecided):
            deciding.bound(symbol, *((start, stop - 1) if step > 0 else (stop + 1, start)))
        box: Box = self.machine.variables.made(deciding.symbols.size(symbol), frozenset())
        deciding.symbols.places[symbol] = box, None
        return box

    def without_steps(self, runs: Any) -> Exit:
        """A loop of which each step raises: the code is for none."""
        if self.machine.variables.is_open(runs):
            self.machine.guard("truth", runs, False)
        return Exit("raise") if not self.machine.variables.is_open(runs) and self.machine.truth(runs) else Exit("fall")
