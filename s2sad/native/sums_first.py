"""What is computed of a sum waits until it is needed: what else is computed of the same elements goes into one sweep with the sum.

    total = np.sum(f(x))                    total = np.sum(f(x))
    mean = total / len(x)                   x_bar = derivative(x)
    x_bar = derivative(x)                   mean = total / len(x)

On the left the sum has to be at hand before anything else is asked for, so `x` is gone through twice, and what `f` and its derivative have
in common is stored for each element. On the right one loop gives both. Numbers alone wait, so nothing is read that may be written over
meanwhile; and they do not wait longer than to the next loop or branch, in front of which all sums are at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeGuard

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Const, Function, Operand, Statement, Var, is_region, reads, targets_of
from s2sad.native.numbers import kind_of
from s2sad.passes.blocks import blockwise
from s2sad.rules.operations import GETITEM


def sums_first(function: Function) -> Function:
    """The function, with numbers that are computed of sums as late as they may be."""
    return blockwise(_waiting)(function)


def _waiting(function: Function) -> Function:
    statements = function.statements
    if not any(map(_is_sum, statements)):
        return function
    return replace(function, statements=tuple(_ordered(statements)))


def _ordered(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    sums: set[Var] = set()
    waiting: dict[Var, Assign] = {}
    for statement in statements:
        if _may_wait(statement) and not (sums | waiting.keys()).isdisjoint(reads(statement)):
            waiting[statement.targets[0]] = statement
            continue
        yield from _needed(statement, waiting)
        if _is_sum(statement):
            sums.update(targets_of(statement))
        yield statement
    yield from waiting.values()


def _needed(statement: Statement, waiting: dict[Var, Assign]) -> Iterator[Assign]:
    """What a statement needs of what waits; all that waits, where it is a loop or a branch."""
    wanted = set(waiting) if is_region(statement) else set(reads(statement))
    for target in reversed(list(waiting)):
        if target in wanted:
            wanted.update(reads(waiting[target]))
    for target in [t for t in waiting if t in wanted]:
        yield waiting.pop(target)


def _may_wait(statement: Statement) -> TypeGuard[Assign]:
    """Whether a statement makes a number that is no size of numbers alone."""
    if not _gives_number(statement) or statement.primitive.kind != "elementwise" or statement.primitive.effect:
        return False
    return all(isinstance(a, Const) or (isinstance(a, Var) and kind_of(a.type) is not None) for a in statement.args)


def _is_sum(statement: Statement) -> bool:
    """Whether a statement makes a number of all elements of an array."""
    made = _gives_number(statement) and statement.primitive is not GETITEM
    return made and any(isinstance(v.type, ArrayType) and v.type.shape for v in reads(statement))


def _gives_number(statement: Statement) -> TypeGuard[Assign]:
    return isinstance(statement, Assign) and len(statement.targets) == 1 and statement.result is None and _is_number(statement.targets[0])


def _is_number(operand: Operand) -> bool:
    """Whether a variable is a number that no size is told by."""
    kind = kind_of(operand.type) if isinstance(operand, Var) else None
    return kind is not None and issubclass(kind, (float, complex, np.inexact))
