"""The order of blocks: where variables are made and read, what becomes of arrays in them, and which memory they may share."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from s2sad.ir.program import Assign, Block, If, Loop, Operand, Statement, Var, everything, reads, targets_of, variables
from s2sad.passes.storage import Ties, is_write, memory_of


class Order:
    """The order of a block: where each variable is made and last read, and what writes in place make of arrays, in its regions as well."""

    def __init__(self, block: Block) -> None:
        self.block = block  # whose id is in use as long as this is
        self.made = {t: k for k, s in enumerate(block.statements) for t in targets_of(s)}
        self.read = {v: k for k, s in enumerate(block.statements) for v in reads(s)}
        self.versions: dict[Var, list[Var]] = defaultdict(list)
        for statement in everything(block.statements):
            if isinstance(statement, Assign) and is_write(statement) and isinstance(statement.args[0], Var):
                self.versions[statement.args[0]] += statement.targets
        self.end: tuple[tuple[Operand, ...] | None, set[Var]] = None, set()

    def read_at_the_end(self, results: tuple[Operand, ...]) -> set[Var]:
        """The variables in results, which is asked for each of the many that a block gives."""
        if results is not self.end[0]:
            self.end = results, {v for r in results for v in variables(r)}
        return self.end[1]


def with_versions(holders: set[Var], versions: dict[Var, list[Var]]) -> set[Var]:
    """The variables, and what writes in place make of them, which goes by the same name."""
    found = set(holders)
    for var in (waiting := list(holders)):
        for version in versions.get(var, ()):
            if version not in found:
                found.add(version)
                waiting.append(version)
    return found


def own_reads(statement: Statement) -> Sequence[Var]:
    """What a statement reads by itself: of a region its operands, not what its blocks read."""
    match statement:
        case Loop():
            operands = (*(statement.range or ()), *statement.inits, *statement.scanned)
            return [v for o in operands for v in variables(o)]
        case If(atom=atom):
            return variables(atom)
        case _:
            return reads(statement)


def _reached(group: Any, groups: dict[Any, set[Any]]) -> frozenset[Any]:
    """The memory that one of a group may be, and one of what that is a part of: what a branch hands on may be a part of an array."""
    reached, waiting = {group}, [group]
    while waiting:
        more = groups.get(waiting.pop(), set()) - reached
        reached |= more
        waiting += more
    return frozenset(reached)


def shared_memory(block: Block) -> dict[Var, frozenset[Any]]:
    """For each variable the memory it may be, by one name for all that a loop or a branch hands on."""
    ties = Ties()
    found: dict[Var, set[Any]] = {p: {None, p} for p in block.params}
    for statement in everything(block.statements):
        match statement:
            case Assign():
                roots = memory_of(statement, {v: frozenset(found.get(v, {v})) for v in reads(statement)}, in_place=True)
                for target in statement.targets:
                    found[target] = {target} if roots is None else set(roots)
            case Loop() | If():
                ties.across(statement)
    for statement in everything(block.statements):
        for var in (*targets_of(statement), *(p for b in getattr(statement, "blocks", ()) for p in b.params)):
            found.setdefault(var, {var})
    groups: dict[Any, set[Any]] = defaultdict(set)
    for var, held in found.items():
        groups[ties.find(var)].update(None if r is None else ties.find(r) for r in held)
    reached = {group: _reached(group, groups) for group in [*groups]}
    answer: dict[Var, frozenset[Any]] = defaultdict(frozenset)
    answer.update((var, reached[ties.find(var)]) for var in found)
    return answer
