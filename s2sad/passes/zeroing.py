"""A place of a cotangent that is read and then set to zero: it is read where it is used, and set to zero after that.

    p0_bar = p_bar[:, 0].copy()
    p_bar[:, 0] = 0.0                 p_bar[:, 1] += p_bar[:, 0]
    p_bar[:, 1] += p0_bar             p_bar[:, 0] = 0.0

Between the two stand only writes to other places, so that it makes no difference. What is added to the place itself after that is
assigned.
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import inf

from s2sad.ir.equal import key
from s2sad.ir.program import ArrayType, Assign, Block, Const, Function, If, Loop, Operand, Statement, Var, reads, variables
from s2sad.ir.spans import apart, spans
from s2sad.passes.accumulate import names_once
from s2sad.passes.elements import PLAIN, known_of
from s2sad.passes.parts import assigned
from s2sad.rules.operations import ACCUMULATED, DIMINISHED, GETITEM, REPLACED
from s2sad.types.known import Known

LONGEST = 1000  # statements of a block beyond which nothing is moved in it
FARTHEST = 8  # results of one use each through which it is followed where a value is used


def zero_after_use(function: Function) -> Function:
    """Set to zero after the last use of what has been read, where no copy is needed then, or no name."""
    known = known_of(function)
    block = _in_block(Block(function.params, function.statements, function.results), known)
    return replace(function, statements=block.statements)


def _in_block(block: Block, known: Known) -> Block:
    statements = [_in_regions(s, known) for s in block.statements]
    if len(statements) <= LONGEST:
        for zeroing in [s for s in reversed(statements) if is_zeroing(s)]:
            statements = _Move(statements, block.results, zeroing, known).made()  # type: ignore[arg-type]
    return replace(block, statements=tuple(statements))


def _in_regions(statement: Statement, known: Known) -> Statement:
    match statement:
        case Loop():
            return replace(statement, body=_in_block(statement.body, known))
        case If():
            return replace(statement, then=_in_block(statement.then, known), orelse=_in_block(statement.orelse, known))
        case _:
            return statement


def is_zeroing(statement: Statement) -> bool:
    """Whether a statement sets a place of a cotangent to zero."""
    if not isinstance(statement, Assign) or statement.primitive is not REPLACED or not statement.phase:
        return False
    value = statement.args[2]
    is_zero = isinstance(value, Const) and type(value.value) is float and value.value == 0
    return is_zero and isinstance(statement.args[0], Var) and names_once(statement.args[1])


class _Move:
    """One statement that sets to zero, and how far it can go in its block."""

    def __init__(self, statements: list[Statement], results: tuple[Operand, ...], zeroing: Assign, known: Known) -> None:
        self.statements, self.zeroing, self.known = statements, zeroing, known
        self.start = statements.index(zeroing)
        self.readers: defaultdict[Var, list[float]] = defaultdict(list)
        for position, statement in enumerate(statements):
            for var in reads(statement):
                self.readers[var].append(position)
        for result in results:
            for var in variables(result):
                self.readers[var].append(inf)

    def made(self) -> list[Statement]:
        """The statements with it in its place, or without it."""
        passed, limit = self.way()
        last = max((self.used_until(v, limit, FARTHEST) for v in self.read()), default=-1)
        if last <= limit and self.is_added_to(limit):
            return self.without(passed, int(limit))
        for k, until in enumerate((*passed, limit)):
            if self.start < last < until:
                return self.moved(passed[:k], int(last))
        return self.statements

    def way(self) -> tuple[list[int], float]:
        """Where it can be passed by: the writes to other places, each the only one to read the version before; and where that ends."""
        passed, version = list[int](), self.zeroing.targets[0]
        while True:
            first = min(self.readers[version], default=inf)
            if len(self.readers[version]) != 1 or first == inf or not self.is_elsewhere(self.statements[int(first)], version):
                return passed, first
            passed.append(int(first))
            version = self.statements[int(first)].targets[0]  # type: ignore[union-attr]

    def is_elsewhere(self, statement: Statement, version: Var) -> bool:
        """Whether a statement writes into the array, and not to the place."""
        if not isinstance(statement, Assign) or statement.primitive not in PLAIN or statement.args[0] is not version:
            return False
        kind = version.type
        assert isinstance(kind, ArrayType)
        shape = tuple(map(self.known.normal, kind.shape))
        here, there = (spans(s.args[1], shape, lambda var: self.known.normal(var.size)) for s in (self.zeroing, statement))
        return statement.phase > 0 and apart(here, there)

    def read(self) -> list[Var]:
        """What has been read of the place before, and is used after it."""
        base, place = self.zeroing.args[0], key(self.zeroing.args[1])
        before = (s for s in self.statements[: self.start] if isinstance(s, Assign) and s.primitive is GETITEM and s.args[0] is base)
        return [s.targets[0] for s in before if key(s.args[1]) == place and max(self.readers[s.targets[0]], default=-1) > self.start]

    def used_until(self, var: Var, limit: float, depth: int) -> float:
        """Where a value is used last, or what is computed from it and needed once: there it will be written."""
        return max((self.used_at(position, limit, depth) for position in self.readers[var]), default=-1)

    def used_at(self, position: float, limit: float, depth: int) -> float:
        statement = self.statements[int(position)] if position < inf else None
        if not depth or not isinstance(statement, Assign) or statement.primitive.writes or len(statement.targets) != 1:
            return position
        target = statement.targets[0]
        if len(self.readers[target]) != 1 or self.readers[target] == [inf]:
            return position
        until = self.used_until(target, limit, depth - 1)
        return position if until > limit and isinstance(target.type, ArrayType) else until

    def is_added_to(self, position: float) -> bool:
        """Whether the place is added to there, and nothing else is done with the array."""
        statement = self.statements[int(position)] if position < inf else None
        if not isinstance(statement, Assign) or statement.primitive not in (ACCUMULATED, DIMINISHED) or not statement.phase:
            return False
        return len(self.readers[statement.args[0]]) == 1 and key(statement.args[1]) == key(self.zeroing.args[1])  # type: ignore[index]

    def moved(self, passed: list[int], position: int) -> list[Statement]:
        """It stands behind this position, and after the writes that it is passed by."""
        statements, version = self.rebased(passed)
        last = replace(self.zeroing, args=(version, *self.zeroing.args[1:]), targets=self.last_version(passed))
        at = max([position, *passed])
        return [*statements[: self.start], *statements[self.start + 1 : at + 1], last, *statements[at + 1 :]]

    def without(self, passed: list[int], position: int) -> list[Statement]:
        """What is added first to the place is assigned."""
        statements, version = self.rebased(passed)
        addition = statements[position]
        assert isinstance(addition, Assign)
        first = assigned(replace(addition, args=(version, *addition.args[1:])))
        return [*statements[: self.start], *statements[self.start + 1 : position], *first, *statements[position + 1 :]]

    def rebased(self, passed: list[int]) -> tuple[list[Statement], Operand]:
        """The writes without what they have passed by, each with the version that the one before has made; and the last version."""
        statements, version, target = list(self.statements), self.zeroing.args[0], self.zeroing.targets[0]
        for position in passed:
            write = statements[position]
            assert isinstance(write, Assign)
            statements[position] = replace(write, args=(version, *write.args[1:]), targets=(target,))
            version, target = target, write.targets[0]
        return statements, version

    def last_version(self, passed: list[int]) -> tuple[Var, ...]:
        return self.statements[passed[-1]].targets if passed else self.zeroing.targets  # type: ignore[union-attr]
