"""Numbers that are the same in each step of a loop of an adjoint are computed in front of it, powers and quotients as well.

Those may raise, so they stay where the loop may make no step. In an adjoint they do not: the function has computed the same.
"""
from __future__ import annotations

import operator
from dataclasses import replace
from typing import Any

from s2sad.ir.equal import mergeable, sets_errors
from s2sad.ir.program import Assign, Const, Function, Loop, Operand, Statement, Var, everything, has_regions, reads, targets_of
from s2sad.types.sizes import at_least_zero


def compute_before(function: Function) -> Function:
    """Move what does not change out of the loops of an adjoint that make a step whenever they are reached."""
    return replace(function, statements=_walked(function.statements, ())) if has_regions(function) else function


def _walked(statements: tuple[Statement, ...], around: tuple[Loop, ...]) -> tuple[Statement, ...]:
    kept: list[Statement] = []
    for statement in statements:
        if isinstance(statement, Loop) and statement.phase:
            inside = _walked(statement.body.statements, (*around, statement))
            moved = _unchanging(inside, set(statement.body.params)) if _makes_a_step(statement, around) else []
            gone = {t for s in moved for t in s.targets}
            if moved or inside is not statement.body.statements:
                stay = tuple(s for s in inside if gone.isdisjoint(targets_of(s)))
                statement = replace(statement, body=replace(statement.body, statements=stay))
            kept += moved
        kept.append(statement)
    return statements if len(kept) == len(statements) and all(map(operator.is_, kept, statements)) else tuple(kept)


def _unchanging(statements: tuple[Statement, ...], changing: set[Var]) -> list[Assign]:
    """The numbers that are computed of nothing that a step makes."""
    if any(map(sets_errors, everything(statements))):
        return []
    changing = changing.union(t for s in statements for t in targets_of(s))
    found: list[Assign] = []
    for statement in statements:
        if isinstance(statement, Assign) and _is_number(statement) and changing.isdisjoint(reads(statement)):
            found.append(statement)
            changing = changing.difference(statement.targets)
    return found


def _is_number(statement: Assign) -> bool:
    return all(isinstance(t.type, type) for t in statement.targets) and mergeable(statement)


def _makes_a_step(loop: Loop, around: tuple[Loop, ...]) -> bool:
    """Whether a loop makes at least one step: always, or because a loop around it that makes no more does."""
    count = _steps(loop)
    others = (_steps(other) for other in around)
    return count is not None and (at_least_zero(count - 1) or any(n is not None and at_least_zero(count - n) for n in others))


def _steps(loop: Loop) -> Any:
    """How many steps a loop over a range makes; None where that is not known."""
    if loop.range is None or loop.exits or loop.test is not None:
        return None
    start, stop, step = map(_size, loop.range)
    if start is None or stop is None:
        return None
    return stop - start if step == 1 else start - stop if step == -1 else None


def _size(operand: Operand) -> Any:
    """The whole number that an operand is."""
    value = operand.value if isinstance(operand, Const) else operand.size if isinstance(operand, Var) else None
    return value if type(value) is not bool else None
