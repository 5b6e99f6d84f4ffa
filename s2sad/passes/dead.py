"""Removing what nothing reads. Effects stay, and so does what the user's function would have raised."""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir import ArrayType, Assign, Function, Guard, Statement, everything, reads, variables
from s2sad.objects import ATTRIBUTE, CELL, DEFAULT, GLOBAL, ITEM

READS = frozenset({GLOBAL, CELL, DEFAULT, ATTRIBUTE, ITEM})


def has_effects(function: Function) -> bool:
    return any(map(is_effect, everything(function.statements)))


def is_effect(statement: Statement) -> bool:
    return isinstance(statement, Assign) and statement.primitive.effect


def remove_dead(function: Function) -> Function:
    """Keep the statements that reach a result, a guard or an effect."""
    logged = has_effects(function)
    live = {v for r in function.results for v in variables(r)}
    kept: list[Statement] = []
    for statement in reversed(function.statements):
        if isinstance(statement, Guard) or stays(statement, logged) or any(t in live for t in statement.targets):
            live.update(reads(statement))
            kept.append(statement)
    return replace(function, statements=tuple(reversed(kept)))


def stays(statement: Assign, logged: bool) -> bool:
    """Whether an assignment is needed for more than its value."""
    primitive = statement.primitive
    if primitive.effect or primitive.name == "call":
        return True
    if primitive in READS:
        return logged
    scalars = not any(isinstance(v.type, ArrayType) for v in reads(statement))
    return statement.phase == 0 and primitive.may_raise and scalars
