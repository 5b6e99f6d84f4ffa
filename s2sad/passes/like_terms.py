"""`-2 * a - a` is `-3 * a`: two terms of a sum that are one value times a number."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s2sad.ir.program import Assign, Const, Operand, Var
from s2sad.rules.operations import MULTIPLY, NEGATE, SUBTRACT

Definition = Callable[[Operand], Assign | None]


def like_terms(statement: Assign, definition: Definition) -> Assign | None:
    """The product that a sum or a difference is; None where it is none, or nothing, which may be a NaN."""
    (c, a), (d, b) = (_times(operand, definition) for operand in statement.args)
    number = c - d if statement.primitive is SUBTRACT else c + d
    if a is not b or not isinstance(a, Var) or a.type != statement.targets[0].type or c == d == 1 or number == 0:
        return None
    return replace(statement, primitive=MULTIPLY, args=(Const(number), a))


def _times(operand: Operand, definition: Definition) -> tuple[float, Operand]:
    """A number, and what it is multiplied by to give an operand."""
    made = definition(operand)
    if made is not None and made.primitive is NEGATE:
        return -1, made.args[0]
    if made is not None and made.primitive is MULTIPLY:
        number, rest = made.args
        if isinstance(number, Const) and type(number.value) in (int, float):
            return number.value, rest
    return 1, operand
