"""What the sides of a branch save lies in one stack, of which each step has an entry of the side that it takes.

    if c:                                   if c:
        one_saved[i] = sin(x)                   saved[i] = sin(x)
    else:                                   else:
        other_saved[i] = exp(x)                 saved[i] = exp(x)

That is so of what a branch gives to be saved and for nothing else, where each side has one of the two, and where the adjoint reads each on
its side of the branch alone: there it has been saved, and the other one has not.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from s2sad.ir.equal import key, mergeable
from s2sad.ir.program import (
    Assign,
    Block,
    Const,
    Function,
    Guard,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    everything,
    is_undefined,
    variables,
)
from s2sad.native.numbers import kind_of
from s2sad.passes.blocks import each_region, unchanging
from s2sad.quickly import dataclass

Way = tuple[tuple[If, int], ...]  # branches around a place, the outermost first, each with the side in which it lies


def save_by_sides(function: Function) -> Function:
    """The function, with one stack for what steps save on one side of a branch or on the other."""
    loops = [s for s in everything(function.statements) if isinstance(s, Loop) and len(s.stacks) > 1]
    if not any(isinstance(s, If) for loop in loops for s in loop.body.statements):
        return function
    uses = _Uses(function)
    statements = each_region(function.statements, lambda loop: _Saving(loop, uses).once(), lambda branch: branch)
    same = all(map(operator.is_, statements, function.statements))
    return function if same else unchanging(replace(function, statements=statements))


class _Saving:
    """A loop, and what is known of the stacks that it makes."""

    def __init__(self, loop: Loop, uses: _Uses) -> None:
        self.loop, self.uses = loop, uses
        self.saved = list(loop.saved)

    def once(self) -> Loop:
        """The loop, which saves the same twice where it saved what one side of a branch gives and what another one does; `unchanging`
        makes one stack of that."""
        loop, statements = self.loop, list(self.loop.body.statements)
        for number, branch in enumerate(statements):
            while isinstance(branch, If) and (made := self.joined(branch)) is not None:
                statements[number] = branch = made
        if self.saved == list(loop.saved):
            return loop
        results = (*loop.body.results[: len(loop.body.results) - len(self.saved)], *self.saved)
        return replace(loop, body=Block(loop.body.params, tuple(statements), results))

    def joined(self, branch: If) -> If | None:
        """A branch that gives two of its targets as one, if there are two that may be one."""
        places = [k for k, t in enumerate(branch.targets) if t in self.saved and self.uses.counts[t] == self.saved.count(t)]
        for k in places:
            for other in places[places.index(k) + 1 :]:
                if self.may_be_one(branch, k, other):
                    return self.as_one(branch, k, other)
        return None

    def as_one(self, branch: If, one: int, other: int) -> If:
        made = as_one(branch, one, other)
        both = made.targets[-1]
        self.saved = [both if s in (branch.targets[one], branch.targets[other]) else s for s in self.saved]
        self.uses.counts[both] = self.saved.count(both)
        return made

    def may_be_one(self, branch: If, one: int, other: int) -> bool:
        """Whether no side gives two of the targets of a branch, and each is read where the other is not given."""
        if branch.targets[one].type != branch.targets[other].type or not are_apart(branch, one, other, self.uses):
            return False
        return self.is_read_apart(branch, one, other) and self.is_read_apart(branch, other, one)

    def is_read_apart(self, branch: If, one: int, other: int) -> bool:
        """Whether a target of a branch is read, once it is saved, on sides alone that give it and not the other one."""
        for stack in [t for s, t in zip(self.saved, self.loop.stacks, strict=True) if s is branch.targets[one]]:
            for reader, element in self.uses.elements(stack):
                if reader is None or element is None:
                    return False
                ways = self.uses.ways(element)
                if ways is None or not all(self.gives(branch, one, other, way, Steps(self.loop, reader)) for way in ways):
                    return False
        return True

    def gives(self, branch: If, one: int, other: int, way: Way, steps: Steps) -> bool:
        """Whether the steps of another loop that come to a place are those in which a branch gives the one, and not the other."""
        side = next((side for inner, side in way if self.uses.are_equal(branch.atom, inner.atom, steps)), None)
        if side is None:
            return False
        block = branch.blocks[side]
        if is_nothing(block.results[other]):
            return True
        inner = inner_branch(block, one, other)
        return inner is not None and self.gives(*inner, way, steps.on_side(branch, block))


@dataclass(frozen=True)
class Steps:
    """The steps of a loop, and the same of a later one, which goes over what the first one has saved.

    `given` is what branches give on the sides that are taken.
    """

    loop: Loop
    later: Loop
    given: Mapping[Var, Operand] = field(default_factory=dict)

    def on_side(self, branch: If, block: Block) -> Steps:
        return replace(self, given={**self.given, **dict(zip(branch.targets, block.results, strict=True))})

    def saved(self, element: Var) -> Operand | None:
        """What an element of the later loop is in the first one."""
        stack = self.later.scanned[self.later.elements.index(element)]
        found: Operand | None = self.loop.saved[self.loop.stacks.index(stack)] if stack in self.loop.stacks else None
        while isinstance(found, Var) and found in self.given:
            found = self.given[found]
        return found

    def are_alike(self) -> bool:
        """Whether the steps of the two have the same numbers."""
        one, other = self.loop, self.later
        if one.range is None or other.range is None or one.exits or other.exits or one.test is not None or other.test is not None:
            return False
        return all(key(a) == key(b) for a, b in zip(one.range, other.range, strict=True))


def are_apart(branch: If, one: int, other: int, uses: _Uses) -> bool:
    """Whether no side of a branch gives both of two results."""
    for block in branch.blocks:
        if is_nothing(block.results[one]) or is_nothing(block.results[other]):
            continue
        inner = inner_branch(block, one, other)
        if inner is None or any(uses.counts.get(inner[0].targets[k], 1) != 1 for k in inner[1:]) or not are_apart(*inner, uses):
            return False
    return True


def inner_branch(block: Block, one: int, other: int) -> tuple[If, int, int] | None:
    """The branch in a block that gives two of its results, and which of its targets these are."""
    first, second = block.results[one], block.results[other]
    for inner in block.statements:
        if isinstance(inner, If) and first in inner.targets and second in inner.targets and first is not second:
            return inner, inner.targets.index(first), inner.targets.index(second)
    return None


def as_one(branch: If, one: int, other: int) -> If:
    """A branch that gives as one, the last, what are two of its targets, of which no side gives both."""
    then, orelse = (_side(block, one, other) for block in branch.blocks)
    kept = [t for k, t in enumerate(branch.targets) if k not in (one, other)]
    return replace(branch, targets=(*kept, Var(branch.targets[one].type)), then=then, orelse=orelse)


def _side(block: Block, one: int, other: int) -> Block:
    first, second = block.results[one], block.results[other]
    rest = [r for k, r in enumerate(block.results) if k not in (one, other)]
    if is_nothing(first) or is_nothing(second):
        return replace(block, results=(*rest, second if is_nothing(first) else first))
    found = inner_branch(block, one, other)
    assert found is not None
    made = as_one(*found)
    return replace(block, statements=tuple(made if s is found[0] else s for s in block.statements), results=(*rest, made.targets[-1]))


def is_nothing(operand: Operand) -> bool:
    return is_undefined(operand) or (isinstance(operand, Const) and operand.value is None)


@dataclass
class _Uses:
    """Where a function reads its variables, and how often."""

    function: Function
    counts: Counter[Var] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.makers: dict[Var, Assign] = {}
        self.scanned: dict[Var, list[tuple[Loop, Var]]] = {}
        self.places: dict[Var, list[Way | None]] = {}  # where variables are read; None where they are handed on
        self.read(self.function.statements, ())
        self.note(self.function.results, None)

    def read(self, statements: tuple[Statement, ...], way: Way) -> None:
        for statement in statements:
            match statement:
                case Assign():
                    self.makers.update((t, statement) for t in statement.targets)
                    self.note(statement.args, way)
                case Guard():
                    self.note((statement.atom,), way)
                case Loop():
                    self.loop(statement, way)
                case If():
                    self.note((statement.atom,), way)
                    for side, block in enumerate(statement.blocks):
                        self.read(block.statements, (*way, (statement, side)))
                        self.note(block.results, None)

    def loop(self, loop: Loop, way: Way) -> None:
        self.note((*(loop.range or ()), *loop.inits, *loop.scanned, *(() if loop.snapshots is None else (loop.snapshots,))), None)
        for stack, element in zip(loop.scanned, loop.elements, strict=True):
            self.scanned.setdefault(stack, []).append((loop, element))
        for block in loop.blocks:
            self.read(block.statements, way)
            self.note(block.results, None)

    def note(self, operands: tuple[Operand, ...], way: Way | None) -> None:
        for var in (v for o in operands for v in variables(o)):
            self.counts[var] += 1
            self.places.setdefault(var, []).append(way)

    def elements(self, stack: Var) -> Iterator[tuple[Loop | None, Var | None]]:
        """The loops that go over a stack, each with its element; None for what else is done with it but to ask how long it is."""
        found = self.scanned.get(stack, [])
        yield from found
        for place in self.places.get(stack, [])[len(found) :]:
            yield None, None
            del place

    def ways(self, element: Var) -> list[Way] | None:
        """The ways to all places at which a variable is read; None where it is handed on."""
        places = self.places.get(element, [])
        return None if any(p is None for p in places) else [p for p in places if p is not None]

    def are_equal(self, one: Operand, other: Operand, steps: Steps) -> bool:
        """Whether a number of a step of a loop is one of the same step of a later loop."""
        if key(one) == key(other):
            return True
        if not isinstance(one, Var) or not isinstance(other, Var):
            return False
        if other in steps.later.elements:
            return steps.saved(other) is one
        if one is steps.loop.index:
            return other is steps.later.index and steps.are_alike()
        made, again = self.makers.get(one), self.makers.get(other)
        if made is None or again is None or made.primitive is not again.primitive or not (is_of_numbers(made) and is_of_numbers(again)):
            return False
        return len(made.args) == len(again.args) and all(self.are_equal(a, b, steps) for a, b in zip(made.args, again.args, strict=True))


def is_of_numbers(statement: Assign) -> bool:
    """Whether a statement computes a number of numbers."""
    plain = statement.primitive.kind in ("zero", "elementwise") and mergeable(statement) and len(statement.targets) == 1
    return plain and all(isinstance(a, Const) or (isinstance(a, Var) and kind_of(a.type) is not None) for a in statement.args)
