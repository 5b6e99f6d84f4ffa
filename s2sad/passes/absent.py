"""Which variables may be None: what one side of a branch makes, or the first step of a loop, where that is not the way taken."""
from __future__ import annotations

from s2sad.ir.program import Assign, Const, If, Loop, Operand, Statement, Var, everything, variables


def may_be_none(statements: tuple[Statement, ...]) -> set[Var]:
    """Such variables of a function, and the stacks that hold some of their values."""
    found: set[Var] = set()

    def none(operand: Operand) -> bool:
        return operand in found if isinstance(operand, Var) else isinstance(operand, Const) and operand.value is None

    def mark(statement: Statement) -> None:
        if isinstance(statement, If):
            sides = zip(statement.targets, statement.then.results, statement.orelse.results, strict=True)
            found.update(t for t, *results in sides if any(map(none, results)))
        elif isinstance(statement, Loop):
            ways = zip(statement.carried, statement.results, statement.inits, statement.nexts, strict=True)
            found.update(v for param, target, *ends in ways if any(map(none, ends)) for v in (param, target))
            found.update(s for s, value in zip(statement.stacks, statement.saved, strict=True) if none(value))
            found.update(e for e, s in zip(statement.elements, statement.scanned, strict=True) if s in found)
        elif isinstance(statement, Assign) and statement.primitive.passes_none:
            if any(v in found for a in statement.args for v in variables(a)):
                found.update(statement.targets)

    every, before = tuple(everything(statements)), -1
    while before != len(found):
        before = len(found)
        for statement in every:
            mark(statement)
    return found
