"""Blocks that are being written down: their statements, how deep these stand, and what may stand further out."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from typing import Any

from s2sad.ir.liveness import may_raise
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Guard,
    Loop,
    Statement,
    Var,
    reads,
    targets_of,
    variables,
)
from s2sad.ir.writing import Sheet
from s2sad.quickly import dataclass
from s2sad.record.views import View
from s2sad.rules.structural import DIM


@dataclass
class Open:
    """A block that is being written down. A loop may hand on what does not change in it to the block around it; a branch does not."""

    statements: list[Statement] = field(default_factory=list)
    loop: bool = False
    tentative: bool = False  # thrown away, unless nothing changes in it: what may raise is not left in front of it
    since: int = 0  # variables of later numbers belong to it, or to a block inside
    mark: Any = None
    views: list[View] = field(default_factory=list)
    remembered: list[Any] = field(default_factory=list)  # what its statements have decided, or asked of the world outside


class Blocks:
    """The blocks that are open, the innermost last, and how deep each variable and each decision stands.

    `put` writes a statement down, further out than the innermost block where it may stand there; `opened` and `further_out` say where
    statements go. What has been asked or decided holds as long as the statements stand that say so: `remember` is told of it, and `forget`
    is called with it when its block is over. The list on the sheet is that of the innermost block.
    """

    def __init__(self, sheet: Sheet, forget: Callable[[Any], None]) -> None:
        self.sheet = sheet
        self.open: list[Open] = [Open(sheet.statements)]
        self.forget = forget
        self.depths: dict[Var, int] = {}
        self.homes: dict[Var, Open] = {}
        self.standing: dict[Any, int] = {}  # for what is remembered, how deep the statements stand that say so
        self.deepest = 0  # how deep those stand that were written, or relied upon, for what is being asked
        self.writes = 0  # how many writes into arrays have been written down
        self.placed = 0  # whether what is written down stays where it is
        self.asks = 0  # how many questions are being asked of which the answer will be remembered
        self.again: set[Var] = set()  # what a checkpointed function computes
        self.checkpoints = 0
        self.overwritten: set[Var] = set()  # the arrays that are written over somewhere, or handed to a loop that may do so

    @property
    def depth(self) -> int:
        """How many blocks there are around the innermost one."""
        return len(self.open) - 1

    @property
    def loops(self) -> int:
        """How many loops the innermost block lies in."""
        return sum(opened.loop for opened in self.open)

    @property
    def innermost(self) -> Open:
        return self.open[-1]

    def declare(self, var: Var) -> None:
        """A variable belongs to the innermost block."""
        self.depths[var] = self.depth
        self.homes[var] = self.innermost

    def is_there(self, var: Var) -> bool:
        """Whether a variable can be read here: its block is one of those that are open."""
        home = self.homes.get(var)
        return home is None or any(home is opened for opened in self.open)

    def belongs(self, var: Var, depth: int) -> bool:
        """Whether a variable belongs to the open block of this depth, or to one inside it."""
        return self.depth_of(var) >= depth and var.number > self.open[depth].since

    def depth_of(self, var: Var) -> int:
        return self.depths.get(var, 0)

    # Statements

    def put(self, statement: Statement, stays: bool = False, is_safe: Callable[[], bool] = lambda: True) -> int:
        """Write a statement down, in the outermost block where it may stand unless it stays in this one; how deep that is. It is asked
        whether it is safe to do it there also where this block is not reached.
        """
        lowest = max(map(self.depth_of, reads(statement)), default=0)
        depth = self.depth
        while depth > lowest and not (stays or self.placed) and moves(statement, self.open[depth], self.asks > 0):
            depth -= 1
        depth = depth if depth == self.depth or is_safe() else self.depth
        mark = self.innermost.mark
        if depth < self.depth and mark is not None and isinstance(statement, Assign) and not statement.primitive.structural:
            statement = replace(statement, within=((mark, statement.location),))
        self.open[depth].statements.append(statement)
        self.note(statement)
        if self.checkpoints and not isinstance(statement, Guard) and not statement.phase:
            self.again.update(targets_of(statement))
        for target in targets_of(statement):
            self.depths[target] = depth
            self.homes[target] = self.open[depth]
        self.deepest = max(self.deepest, depth)
        return depth

    def note(self, statement: Statement) -> None:
        """Count a write, and note what a statement may write over."""
        if isinstance(statement, Assign) and statement.primitive.writes:
            self.writes += writes_an_array(statement)
            self.overwritten.update(variables(statement.args[0]))
        elif isinstance(statement, Loop):
            self.overwritten.update(v for init in statement.inits for v in variables(init))

    def take_over(self, statements: list[Statement]) -> None:
        """Statements of a block inside, which is none any more."""
        self.innermost.statements.extend(statements)
        for statement in statements:
            for target in targets_of(statement):
                self.declare(target)

    # Where statements go

    @contextmanager
    def opened(self, loop: bool) -> Iterator[Open]:
        """A block inside."""
        opened = Open(loop=loop, since=Var(bool).number)
        self.open.append(opened)
        self.sheet.statements = opened.statements
        try:
            yield opened
        finally:
            self.open.pop()
            self.sheet.statements = self.innermost.statements
            for key in opened.remembered:  # over, or thrown away: what its statements say is not said outside
                self.forget(key)
            for view in opened.views:  # what a view was in there is not known out here
                view.stamp = -1

    @contextmanager
    def further_out(self, depth: int) -> Iterator[None]:
        """What is written down here goes into a block around those that are being walked."""
        inner, self.open = self.open, self.open[: depth + 1]
        self.sheet.statements = self.innermost.statements
        try:
            yield
        finally:
            self.open = inner
            self.sheet.statements = self.innermost.statements

    @contextmanager
    def computed_again(self) -> Iterator[None]:
        """What is written down here belongs to a checkpointed function."""
        self.checkpoints += 1
        try:
            yield
        finally:
            self.checkpoints -= 1

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """What is written down here stays in the block that is being walked."""
        self.placed += 1
        try:
            yield
        finally:
            self.placed -= 1

    # What is remembered, as long as the statements stand that say so

    @contextmanager
    def asking(self, key: Any) -> Iterator[None]:
        """What is written down here, or relied upon, says what the key is remembered for."""
        around, self.deepest = self.deepest, 0
        self.asks += 1
        try:
            yield
            self.remember(key, self.deepest)
        finally:
            self.asks -= 1
            self.deepest = max(around, self.deepest)

    def remember(self, key: Any, depth: int) -> None:
        self.standing[key] = depth
        self.open[depth].remembered.append(key)

    def rely_on(self, key: Any) -> None:
        self.deepest = max(self.deepest, self.standing[key])


def writes_an_array(statement: Assign) -> bool:
    return bool(statement.primitive.writes) and isinstance(statement.targets[0].type, ArrayType)


def moves(statement: Statement, out_of: Open, remembered: bool) -> bool:
    """Whether a statement may as well stand in the block around. What is not `remembered` is asked again in the next walk of the block."""
    if isinstance(statement, Guard):
        return True
    if not isinstance(statement, Assign):
        return False
    primitive = statement.primitive
    if primitive.raised is not None:  # on this way alone
        return False
    if primitive is DIM:  # of an array that may be there in the branch alone
        return out_of.loop
    if primitive.structural and not primitive.effect:
        return remembered or not out_of.tentative
    if out_of.tentative and may_raise(statement):
        return False
    if primitive.memory == "view" and isinstance(statement.targets[0].type, ArrayType) and not statement.phase:
        return False  # a part is taken where it is read, and what is added to its cotangent goes into that of the whole
    raises = primitive.may_raise is True and may_raise(statement)  # NumPy's powers and quotients of arrays of floats do not
    return out_of.loop and not raises and not primitive.effect and not primitive.anew
