"""Which variables may be None: what one side of a branch makes, or the first step of a loop, where that is not the way taken."""
from __future__ import annotations

from collections import defaultdict

from s2sad.ir.program import Assign, Const, If, Loop, Operand, Statement, Var, everything, variables


def may_be_none(statements: tuple[Statement, ...]) -> set[Var]:
    """Such variables of a function. On a stack that is there, one may be None or not."""
    depths: dict[Var, set[int]] = defaultdict(set)  # 0 of what may be None, 1 of a stack that may hold None, and so on

    def of(operand: Operand) -> set[int]:
        if isinstance(operand, Var):
            return depths[operand]
        return {0} if isinstance(operand, Const) and operand.value is None else set()

    def mark(statement: Statement) -> None:
        if isinstance(statement, If):
            for target, *results in zip(statement.targets, statement.then.results, statement.orelse.results, strict=True):
                depths[target].update(*map(of, results))
        elif isinstance(statement, Loop):
            for param, target, *ends in zip(statement.carried, statement.results, statement.inits, statement.nexts, strict=True):
                found = set[int]().union(*map(of, ends))
                depths[param] |= found
                depths[target] |= found
            for stack, value in zip(statement.stacks, statement.saved, strict=True):
                depths[stack].update(d + 1 for d in of(value))
            for element, stack in zip(statement.elements, statement.scanned, strict=True):
                depths[element].update(d - 1 for d in of(stack) if d)
        elif isinstance(statement, Assign) and statement.primitive.passes_none:
            found = set[int]().union(*(depths[v] for a in statement.args for v in variables(a)))
            for target in statement.targets:
                depths[target] |= found

    every, before = tuple(everything(statements)), -1
    while before != (now := sum(map(len, depths.values()))):
        before = now
        for statement in every:
            mark(statement)
    return {var for var, found in depths.items() if 0 in found}
