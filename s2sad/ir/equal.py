"""Statements that compute the same: with the same primitive, from the same operands."""
from __future__ import annotations

from typing import Any

from s2sad.ir.program import Assign, Const, Display, Operand, Statement, Var
from s2sad.rules.structural import PERFORM
from s2sad.runtime import notices
from s2sad.runtime.same import same_key


def key(operand: Operand) -> Any:
    """What two operands must agree in to be the same value; -0.0 is not 0.0, and 1 is not 1.0."""
    match operand:
        case Var():
            return operand
        case Const(value=value):
            return same_key(value)
        case Display():
            return (operand.kind, same_key(operand.keys), *(key(i) for i in operand.items))


def mergeable(statement: Assign) -> bool:
    """Whether the statement computes its value from its operands alone."""
    primitive = statement.primitive
    return not primitive.effect and not primitive.structural and not primitive.holds and primitive.raised is None


def sets_errors(statement: Statement) -> bool:
    """Whether an operation after it may warn or raise where an equal one before it did not."""
    function = statement.args[0] if isinstance(statement, Assign) and statement.primitive is PERFORM else None
    return isinstance(function, Const) and notices.sets_errors(function.value)
