"""Truth asked where nothing but one answer will do: the statement is walked once for each answer, and the code asks.

Python wants an answer where it sorts, filters or looks up a key, and where it runs code that is followed but not walked, as a generator.
The statement that led there is given up, the state is what it was before it, and it is walked again on each side of a branch, with the
answer that belongs to that side. What was written down on the way to the question stays in front of the branch.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from typing import Any

from s2sad.errors import CannotKeep, Location, MissingRule, NotDifferentiable, S2sadError
from s2sad.ir.liveness import is_effect
from s2sad.ir.program import Var, everything
from s2sad.ir.writing import Box
from s2sad.keep.exits import Exit
from s2sad.keep.slots import Survey, restore
from s2sad.quickly import dataclass
from s2sad.runtime.control import GivenUp

WAYS = 64  # on which a statement may be walked


class Fork(GivenUp):
    """A question that is to be answered by both sides of a branch."""

    def __init__(self, unit: Unit, number: int, test: Box, place: Location | None) -> None:
        self.unit, self.number, self.test, self.place = unit, number, test, place


class Again(GivenUp):
    """A statement in front of which the state was not kept has asked: the function is walked once more, and now it is."""


@dataclass
class Unit:
    """What is walked anew for each answer: its answers so far, by the number of the question."""

    depth: int
    node: Any = None  # which has to be noted before it can be walked anew
    tries: bool = False  # whether it is a `try`, which is asked where a side of a branch raises
    given: dict[int, bool] = field(default_factory=dict)
    counted: set[int] = field(default_factory=set)  # which of its questions the `try` around has counted
    asked: int = 0
    gives_up: Fork | None = None

    def question(self) -> int:
        self.asked += 1
        return self.asked - 1


@dataclass(frozen=True)
class Question:
    """Which side of a branch is taken, where the other one raises within a `try`."""

    unit: Unit
    number: int

    @property
    def answer(self) -> bool | None:
        return self.unit.given.get(self.number)


class Forks:
    """The statements that are being walked, the innermost last, as far as they can be walked anew.

    `walked` walks one; the machine asks `decide` for a truth value that is not known, and a branch asks `answer` and tells `raises`. Of the
    machine it uses the regions and the blocks.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.units: list[Unit] = []
        self.known: dict[Var, bool] = {}  # the conditions of the sides that are being walked
        self.opposites: dict[Var, Var] = {}  # for a condition the one that it is the contrary of
        self.catches = False  # whether the function catches exceptions

    @property
    def trying(self) -> bool:
        """Whether a `try` of the function is around."""
        return any(unit.tries for unit in self.units)

    def walked(self, known: set[int], node: Any, action: Callable[[], Exit]) -> Exit:
        """Walk a statement, once for each answer that it needs; `known` are those that have asked before."""
        depth = self.machine.blocks.depth
        if id(node) in known or self.trying:
            return self.way(action, Unit(depth), [0])
        with self.entered(Unit(depth, (known, id(node)))):
            return action()

    def caught(self, action: Callable[[], Exit]) -> Exit:
        """Walk a statement likewise that may catch exceptions, which it says with `catch` as soon as it does."""
        return self.way(action, Unit(self.machine.blocks.depth), [0])

    def catch(self) -> None:
        self.units[-1].tries = self.catches = True

    def side(self, action: Callable[[], Exit], before: Survey) -> Exit:
        """Walk a side of a branch, likewise: a part of an expression may ask in it, or an operation be known to raise."""
        try:
            return self.way(action, Unit(self.machine.blocks.depth), [0], before)
        except (MissingRule, NotDifferentiable):
            return Exit("raise")  # where this way is taken, the recorded path says so
        except S2sadError:
            raise
        except Exception:
            return Exit("raise")

    @contextmanager
    def entered(self, unit: Unit) -> Iterator[None]:
        self.units.append(unit)
        try:
            yield
        finally:
            self.units.pop()

    def way(self, action: Callable[[], Exit], unit: Unit, count: list[int], before: Survey | None = None) -> Exit:
        """Walk with the answers of a unit; where it asks for another one, with both."""
        machine = self.machine
        before, held = before or machine.regions.surveyed(), machine.stack[:]
        mark = len(machine.sheet.statements)
        try:
            with self.entered(unit):
                ended = action()
            if unit.gives_up is not None:
                raise CannotKeep("a condition is asked under a `finally` that ends it otherwise", unit.gives_up.place)
            return ended
        except Fork as fork:
            if fork.unit is not unit:
                raise
            asked = fork
        restore(before, machine.regions.surveyed())
        machine.stack[:] = held
        count[0] += 1
        if count[0] >= WAYS:
            raise CannotKeep(f"there are more than {WAYS} paths through a statement", asked.place, "write it as a loop with an `if`")
        if any(map(is_effect, everything(tuple(machine.sheet.statements[mark:])))):
            raise CannotKeep("a condition inside an expression, after something that happens once", asked.place,
                             "write it as an `if` statement")  # fmt: skip
        sides = [self.onward(action, unit, asked.number, answer, count) for answer in (True, False)]
        return machine.regions.branch(asked.test, *sides, asked.place)  # type: ignore[no-any-return]

    def onward(self, action: Callable[[], Exit], unit: Unit, number: int, answer: bool, count: list[int]) -> Callable[[], Exit]:
        def walk() -> Exit:
            with self.machine.walks.within((number, answer)):
                given, counted = {**unit.given, number: answer}, {*unit.counted, number}
                return self.way(action, Unit(self.machine.blocks.depth, None, False, given, counted), count)

        return walk

    @contextmanager
    def where(self, test: Box, answer: bool) -> Iterator[None]:
        """A side is walked on which a condition has this value."""
        around, self.known = self.known, {**self.known, test.var: answer}
        if test.var in self.opposites:
            self.known[self.opposites[test.var]] = not answer
        try:
            yield
        finally:
            self.known = around

    # Questions

    def decide(self, test: Any) -> bool:
        """The truth value on the way that is being walked."""
        machine = self.machine
        unit = self.units[-1] if self.units else None
        number = 0 if unit is None else unit.question()  # counted whether or not it is known, for it may be so on a later way only
        if test.var in self.known:
            return self.known[test.var]
        if test.var in machine.deciding.conditions.told:
            self.count_once(unit, number)
            return bool(machine.deciding.conditions.told[test.var])
        if unit is not None and number in unit.given:
            return unit.given[number]
        if unit is None or machine.formulas or machine.sheet.phase or machine.blocks.depth_of(test.var) > unit.depth:
            raise CannotKeep("a condition inside an expression", machine.location(), "write it as an `if` statement")
        if unit.node is not None:
            known, node = unit.node
            known.add(node)
            raise Again
        raise self.forked(unit, number, test)

    def count_once(self, unit: Unit | None, number: int) -> None:
        """A question that needs no branch counts for the `try` around as one that does, once however often its statement is walked."""
        if unit is not None and not unit.tries and number not in unit.counted:
            unit.counted.add(number)
            self.question()

    def forked(self, unit: Unit, number: int, test: Box) -> Fork:
        unit.gives_up = Fork(unit, number, test, self.machine.location())
        return unit.gives_up

    def question(self) -> Question | None:
        """What a branch asks the `try` around."""
        unit = next((u for u in reversed(self.units) if u.tries), None)
        return None if unit is None else Question(unit, unit.question())

    def raises(self, question: Question | None, test: Box) -> None:
        """A side of a branch raises: the `try` around is walked on two ways, if the condition is known where it begins."""
        if question is not None and self.machine.blocks.depth_of(test.var) <= question.unit.depth:
            raise self.forked(question.unit, question.number, test)

