"""The two halves of a pullback: what the function computes, and what waits for a cotangent.

All that the second half needs of the first is handed over as values: what is read from outside is read in the first half alone. So a
pullback belongs to the world as it was when the function ran, and may be called many times.
"""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from s2sad.adjoint.residuals import nothing
from s2sad.ir.program import (
    ArrayType,
    Block,
    Const,
    Function,
    If,
    Loop,
    StackType,
    Statement,
    Var,
    is_undefined,
    reads,
    targets_of,
)  # fmt: skip
from s2sad.passes.dead import remove_dead


def halves(function: Function, given: int, values: int) -> tuple[Function, Function]:
    """The list split where it meets the parameters after the first `given` ones, the cotangents.

    The first half gives the first `values` results, and what the second half takes after the cotangents; that one gives the other results.
    """
    cotangents = function.params[given:]
    waiting: set[Var] = set(cotangents)
    early: list[Statement] = []
    late: list[Statement] = []
    for statement in function.statements:
        half = early if waiting.isdisjoint(reads(statement)) else late
        half.append(statement)
        if half is late:
            waiting.update(targets_of(statement))
    rest = Function(f"{function.name}_pullback", function.params, tuple(late), function.results[values:], function.names)
    rest = remove_dead(rest)
    used = [v for s in rest.statements for v in reads(s)] + [r for r in rest.results if isinstance(r, Var)]
    handed = tuple(dict.fromkeys(v for v in used if v not in waiting))
    there = _there(tuple(early), set(handed))
    first = replace(function, params=function.params[:given], statements=there, results=(*function.results[:values], *handed))
    return first, replace(rest, params=(*cotangents, *handed))


def _there(statements: tuple[Statement, ...], handed: set[Var]) -> tuple[Statement, ...]:
    """The statements, with something in place of what is handed over and is not there on some ways, on which nobody reads it."""
    kept: list[Statement] = []
    for statement in reversed(statements):
        match statement:
            case If():
                handed |= {r for b in statement.blocks for t, r in zip(statement.targets, b.results, strict=True)
                           if t in handed and isinstance(r, Var)}  # fmt: skip
                then, orelse = (_side(b, statement.targets, handed) for b in statement.blocks)
                statement = replace(statement, then=then, orelse=orelse)
            case Loop():
                ways = zip(statement.results, statement.inits, strict=True)
                statement = replace(statement, inits=tuple(_anything(t) if t in handed and is_undefined(i) else i for t, i in ways))
        kept.append(statement)
    return tuple(kept[::-1])


def _side(block: Block, targets: tuple[Var, ...], handed: set[Var]) -> Block:
    given = zip(targets, block.results, strict=True)
    results = tuple(_anything(t) if t in handed and is_undefined(r) else r for t, r in given)
    return replace(block, statements=_there(block.statements, handed), results=results)


def _anything(var: Var) -> Const:
    """What stands for a variable that nobody reads: not None, which is asked for. Of an array a copy may be handed over."""
    if isinstance(var.type, ArrayType):
        return Const(np.empty((0,) * len(var.type.shape), var.type.dtype))
    return Const([]) if isinstance(var.type, StackType) else nothing(var)
