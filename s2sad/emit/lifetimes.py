"""When each variable of a function with regions is made and when it is read last, as the text is run: two that are never needed at the
same time may go by one name.

Time is counted in the order of the list. What is made before a loop and read in it is needed up to the end of the loop: the next step
reads it as well.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    If,
    Loop,
    Operand,
    Statement,
    Type,
    Var,
    everything,
    is_region,
    reads,
    targets_of,
    variables,
)
from s2sad.passes.storage import is_write
from s2sad.quickly import dataclass


@dataclass(frozen=True)
class Life:
    """From when to when a value has to be in its name."""

    made: int
    last: int

    def meets(self, other: Life) -> bool:
        return self.made <= other.last and other.made <= self.last


@dataclass(frozen=True)
class Run:
    """Of what a loop gives: what it begins with, what a step hands on, and when the loop ends."""

    init: Operand
    following: Operand
    last: int


class Lifetimes:
    """The lives of the variables of a block, and of those in its regions.

    `in_place` says of a statement whether it is written where its result is read: what it reads is needed up to there.
    """

    def __init__(self, block: Block, in_place: Callable[[Assign], bool]) -> None:
        self.now = 0
        self.in_place = in_place
        self.put_off: list[tuple[Assign, int]] = []  # and the time up to which at most
        self.made: dict[Var, int] = {}
        self.last: dict[Var, int] = {}
        self.starts: dict[int, int] = {}  # of each statement, by its id
        self.runs: dict[Var, Run] = {}  # of what loops give
        self.make(block.params)
        self.block(block, block.results)
        for statement, latest in reversed(self.put_off):
            there = min(latest, max(self.last.get(t, 0) for t in statement.targets))
            self.last.update((v, max(self.last[v], there)) for v in reads(statement))
        self.go_on_in_versions(block)

    def go_on_in_versions(self, block: Block) -> None:
        """What a write in place makes of an array goes by its name, which is needed as long as that is."""
        self.ends = {**self.last}
        for statement in reversed([*everything(block.statements)]):
            if isinstance(statement, Assign) and is_write(statement) and isinstance(statement.args[0], Var):
                written = statement.args[0]
                self.ends[written] = max(self.ends.get(v, 0) for v in (written, *statement.targets))

    def of_name(self, var: Var) -> Life:
        """Of the name that is given to what is made here, with what becomes of it under that name."""
        return Life(self.made[var], max(self.made[var], self.ends.get(var, 0)))

    def of(self, var: Var) -> Life:
        return Life(self.made[var], max(self.made[var], self.last.get(var, 0)))

    def meet(self, var: Var, life: Life, other: Var, holders: Sequence[Var]) -> bool:
        """Whether a variable with this life may not go by the name that another one has, as all the holders do.

        A loop goes on with the name of what it begins with. While it runs, that of what it gives stands for what a step begins with and
        for what it hands on, which are asked themselves: in between it is free.
        """
        run, there = self.runs.get(other), self.of(other)
        if run is None:
            return life.meets(there)
        if run.init is var and life.last == there.made:
            return False
        inside = there.made < life.made and life.last < run.last
        return life.meets(there) and not (inside and run.following in holders)

    def carried(self, loop: Loop, target: Var) -> Life:
        """Of the name that a loop carries a value in: from before the first step."""
        return Life(self.starts[id(loop)], self.of_name(target).last)

    def given(self, branch: If, target: Var) -> Life:
        """Of the name that the sides of a branch give a value in."""
        return Life(self.starts[id(branch)], self.of_name(target).last)

    def make(self, found: Iterable[Var]) -> None:
        self.made.update(dict.fromkeys(found, self.tick()))

    def read(self, operands: Iterable[Operand]) -> None:
        self.last.update(dict.fromkeys((v for o in operands for v in variables(o)), self.tick()))

    def tick(self) -> int:
        self.now += 1
        return self.now

    def block(self, block: Block, results: tuple[Operand, ...]) -> None:
        waiting: list[Assign] = []
        for statement in block.statements:
            self.statement(statement)
            if isinstance(statement, Assign):
                folded = statement.targets and not statement.primitive.writes and self.in_place(statement)
                waiting += [statement] if folded else []
            elif is_region(statement):  # in front of which what waits is evaluated
                self.put_off += [(s, self.starts[id(statement)]) for s in waiting]
                waiting = []
        self.read(results)
        self.put_off += [(s, self.now) for s in waiting]

    def statement(self, statement: Statement) -> None:
        self.starts[id(statement)] = self.now + 1
        match statement:
            case Loop():
                self.loop(statement)
                self.begin(statement, statement.results)
                self.note_runs(statement)
            case If(atom=atom):
                self.read((atom,))
                for block in statement.blocks:
                    self.block(block, block.results)
                self.make(statement.targets)
                self.begin(statement, statement.targets)
            case _:
                self.read(reads(statement))
                self.make(targets_of(statement))

    def begin(self, region: Loop | If, given: Iterable[Var]) -> None:
        """What a region gives is in its name while the region runs: from step to step, or from the side that is taken on."""
        self.made.update(dict.fromkeys(given, self.starts[id(region)]))

    def note_runs(self, loop: Loop) -> None:
        for given, init, following in zip(loop.results, loop.inits, loop.nexts, strict=True):
            if not loop.exits and loop.inits.count(init) == 1:
                self.runs[given] = Run(init, following, self.now - 1)

    def loop(self, loop: Loop) -> None:
        asked = (*(loop.range or ()), *loop.scanned)
        self.read((*asked, *loop.inits))
        self.make((*loop.stacks, *loop.body.params))
        if loop.test is not None:
            self.block(loop.test, loop.test.results)
        going = loop.body.results[: len(loop.body.results) - len(loop.saved)]
        self.block(loop.body, going)  # what a step saves is read where it is made
        own = set(loop.carried)  # which the condition reads
        around = (v for block in loop.blocks for v in block.free if v not in own)
        self.read((*asked, *around, *_if_there(loop.index)))
        self.make(loop.results)


def _if_there(index: Var | None) -> tuple[Var, ...]:
    """The index counts the steps to the end, whatever a step reads of it."""
    return () if index is None else (index,)


def alike(one: Type, other: Type) -> bool:
    """Whether values are of one kind: numbers of one class, or arrays of one dtype and rank."""
    if isinstance(one, ArrayType) and isinstance(other, ArrayType):
        return one.dtype == other.dtype and len(one.shape) == len(other.shape)
    return _plain(one) == _plain(other)


def _plain(kind: Type) -> Type:
    """The class of a number; double precision is the same in NumPy and in Python."""
    return next((k for k in (float, complex) if isinstance(kind, type) and issubclass(kind, k)), kind)
