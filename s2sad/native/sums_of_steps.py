"""Whether what a loop goes on with is a sum: each step adds to it and reads it for nothing else, so that steps may come in any order."""

from __future__ import annotations

from dataclasses import field

from s2sad.ir.program import Assign, Block, If, Loop, Operand, Statement, Var, reads, variables
from s2sad.quickly import dataclass
from s2sad.rules.operations import ACCUMULATED, ACCUMULATED_AT, ADD, DIMINISHED, REPLACED, SUBTRACT

ONTO = (ACCUMULATED, DIMINISHED, ACCUMULATED_AT, SUBTRACT)


@dataclass
class Chain:
    """What becomes of a value by additions, and the elements of it that are assigned, which is an addition to zeros."""

    assigned: list[Assign] = field(default_factory=list)

    def leads(self, block: Block, begin: Operand, end: Operand) -> bool:
        """Whether a block makes one version of the other by additions alone, and reads neither, nor one between, for anything else."""
        while isinstance(begin, Var):
            readers = [s for s in block.statements if begin in reads(s)]
            given = sum(v is begin for r in block.results for v in variables(r))
            if begin is end:
                return not readers and given == 1
            if len(readers) != 1 or given:
                return False
            begin = self.next(readers[0], begin)  # type: ignore[assignment]
        return False

    def next(self, statement: Statement, version: Var) -> Var | None:
        """The version that a statement makes by an addition."""
        match statement:
            case Assign(targets=(target,), result=None):
                return target if reads(statement).count(version) == 1 and self.adds(statement, version) else None
            case Loop():
                place = next((k for k, i in enumerate(statement.inits) if i is version), None)
                alone = reads(statement).count(version) == 1 and place is not None
                return statement.results[place] if alone and self.each_step(statement, place) else None  # type: ignore[index, arg-type]
            case If():
                place = self.side_by_side(statement, version)
                return None if place is None or statement.atom is version else statement.targets[place]
        return None

    def adds(self, statement: Assign, version: Var) -> bool:
        primitive, first = statement.primitive, statement.args[0] is version
        if primitive is REPLACED and first:
            self.assigned.append(statement)
            return True
        return (first and primitive in ONTO) or (primitive is ADD and any(a is version for a in statement.args))

    def each_step(self, loop: Loop, place: int) -> bool:
        """Whether each step of a loop adds to what it goes on with."""
        parameter = loop.carried[place]
        tested = loop.test is not None and parameter in read_by(loop.test)
        return not tested and self.leads(loop.body, parameter, loop.nexts[place])

    def side_by_side(self, branch: If, version: Var) -> int | None:
        """Which of the values that a branch gives is made of a version by additions, on either side."""
        for place in range(len(branch.targets)):
            sides = Chain()
            if all(sides.leads(side, version, side.results[place]) for side in branch.blocks):
                self.assigned += sides.assigned
                return place
        return None


def read_by(block: Block) -> set[Var]:
    """What a block reads and gives."""
    return {v for s in block.statements for v in reads(s)} | {v for r in block.results for v in variables(r)}
