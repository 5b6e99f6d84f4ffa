"""What an adjoint computes in front of a loop or a branch, and reads once after it, is computed there: it is part of that line then.

    half = 0.5 * mass[i]                  for     for j in range(n):
    for j in range(n):                                ...
        ...                                       v_bar[i] = 0.5 * mass[i] * v[i]
    v_bar[i] = half * v[i]

A reverse step begins with what it computes again. The function itself is computed in its order.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from s2sad.emit.hints import is_nameless
from s2sad.emit.order import shared_memory
from s2sad.emit.statements import is_number
from s2sad.ir.equal import mergeable, sets_errors
from s2sad.ir.program import (
    Assign,
    Block,
    Function,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    everything,
    has_regions,
    is_region,
    reads,
    targets_of,
    variables,
)
from s2sad.passes.storage import is_write


def computed_late(function: Function) -> Function:
    """The function with what is read once in its adjoint computed near there."""
    if not has_regions(function):
        return function
    late = _Late(function)
    return replace(function, statements=late.block(function.statements, function.results, False))


class _Late:
    def __init__(self, function: Function) -> None:
        self.names = function.names
        self.memory: Mapping[Var, frozenset[Any]] = shared_memory(Block(function.params, function.statements, function.results))

    def block(self, statements: tuple[Statement, ...], results: tuple[Operand, ...], adjoint: bool) -> tuple[Statement, ...]:
        statements = tuple(self.inside(s, adjoint) for s in statements)
        return self.ordered(statements, results, adjoint) if any(map(is_region, statements)) else statements

    def inside(self, statement: Statement, adjoint: bool) -> Statement:
        if not isinstance(statement, (Loop, If)):
            return statement
        adjoint = adjoint or statement.phase > 0
        made = [replace(b, statements=self.block(b.statements, b.results, adjoint)) for b in statement.blocks]
        if isinstance(statement, If):
            return replace(statement, then=made[0], orelse=made[1])
        return replace(statement, body=made[-1], test=made[0] if statement.test is not None else None)

    def ordered(self, statements: tuple[Statement, ...], results: tuple[Operand, ...], adjoint: bool) -> tuple[Statement, ...]:
        order = _Order(statements, results)
        for statement in reversed(statements):
            place = self.place(statement, order) if isinstance(statement, Assign) and (adjoint or statement.phase) else None
            order.after.insert(len(order.after) if place is None else place, statement)
        return tuple(reversed(order.after))

    def place(self, statement: Assign, order: _Order) -> int | None:
        """Where a statement goes among those after it, the last one first; None if it stays where it is."""
        if len(statement.targets) != 1 or not is_nameless(statement, self.names) or not mergeable(statement) or is_write(statement):
            return None
        reading = order.readers[statement.targets[0]]
        if len(reading) != 1 or not isinstance(reading[0], Assign):
            return None
        place = order.after.index(reading[0]) + 1
        passed = next((k for k in range(place, len(order.after)) if is_region(order.after[k])), None)
        if passed is None or not all(is_number(v) or order.is_needed(v, passed) for v in reads(statement)):
            return None
        return place if self.may_pass(statement, order.after[place:]) else None

    def may_pass(self, statement: Assign, between: list[Statement]) -> bool:
        """Whether a statement gives the same after others."""
        touched = frozenset[Any]().union(*(self.memory[v] for v in reads(statement) if not is_number(v)))
        passed = list(everything(tuple(between)))
        written = (self.memory[s.targets[0]] for s in passed if is_write(s))
        return not any(touched & w for w in written) and not any(map(sets_errors, passed))


class _Order:
    """The statements of a block that have their places, the last one first, and what reads what."""

    def __init__(self, statements: tuple[Statement, ...], results: tuple[Operand, ...]) -> None:
        self.after: list[Statement] = []
        self.made = {t for s in statements for t in targets_of(s)}
        self.readers: dict[Var, list[Statement | None]] = defaultdict(list)
        for statement in statements:
            for var in reads(statement):
                self.readers[var].append(statement)
        for var in (v for r in results for v in variables(r)):
            self.readers[var].append(None)

    def is_needed(self, var: Var, place: int) -> bool:
        """Whether an array is needed after a region anyway, so that it is kept no longer for what goes there."""
        later = self.after[:place]
        return var not in self.made or any(s is None or s in later for s in self.readers[var])
