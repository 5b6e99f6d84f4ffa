"""Branches on one condition with nothing between them that needs the order are one branch.

    if c:                           for     if c:
        x_bar = y_bar * a                       x_bar = y_bar * a
        b_bar = y_bar                           a_bar = x_bar * b
    else:                                       b_bar = y_bar + x_bar
        ...                                 else:
    if c:                                       ...
        a_bar = x_bar * b
        b_bar += x_bar
    else:
        ...

What the function computes stays in front of its adjoint. A branch that is one line stays one.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from s2sad.ir.liveness import stays
from s2sad.ir.program import (
    ArrayType,
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
    is_undefined,
    reads,
    rewrite_block,
    targets_of,
)  # fmt: skip
from s2sad.passes.storage import is_write

LINE = 4  # statements on the sides of a branch that is written as one line


def join_branches(function: Function) -> Function:
    """Make one branch of neighbours on the same condition."""
    if not has_regions(function):
        return function
    return replace(function, statements=_joined(function.statements, ()))


def _joined(statements: tuple[Statement, ...], ends: tuple[Operand, ...]) -> tuple[Statement, ...]:
    """The statements of a block with fewer branches; `ends` say whether a loop goes on, and their branch stays alone."""
    kept: list[Statement] = []
    for statement in statements:
        match statement:
            case Loop(body=body):
                statement = replace(statement, body=_block(body, body.results[: statement.exits]))
            case If():
                statement = replace(statement, then=_block(statement.then), orelse=_block(statement.orelse))
                first = None if _is_alone(statement, ends) else _first(statement, kept, ends)
                if first is not None:
                    kept[first:] = _one(kept[first], kept[first + 1 :], statement)  # type: ignore[arg-type]
                    continue
        kept.append(statement)
    return tuple(kept)


def _block(block: Block, ends: tuple[Operand, ...] = ()) -> Block:
    return replace(block, statements=_joined(block.statements, ends))


def _is_alone(branch: If, ends: tuple[Operand, ...]) -> bool:
    """Whether a branch is one line, or says whether a loop goes on."""
    inside = [s for b in branch.blocks for s in b.statements]
    line = len(branch.targets) < 2 and len(inside) <= LINE and not any(map(is_region, inside))
    return line or not isinstance(branch.atom, Var) or any(e in branch.targets for e in ends)


def _first(branch: If, kept: list[Statement], ends: tuple[Operand, ...]) -> int | None:
    """The place of the branch that another one goes into."""
    for place in reversed(range(len(kept))):
        other = kept[place]
        if isinstance(other, If) and other.atom is branch.atom and (other.phase > 0) == (branch.phase > 0):
            fits = not _is_alone(other, ends) and _may_meet(other, kept[place + 1 :], branch)
            return place if fits else None
        if not isinstance(other, Assign) or is_write(other) or stays(other, True):
            return None
    return None


def _may_meet(first: If, between: list[Statement], second: If) -> bool:
    """Whether what stands between two branches goes in front of both, or after both."""
    later = _after(first, between)
    read = set(reads(second))
    if any(t in read for s in later for t in targets_of(s)):
        return False
    if any(is_undefined(r) for b in first.blocks for t, r in zip(first.targets, b.results, strict=True) if t in read):
        return False
    arrays = any(isinstance(v.type, ArrayType) for s in later for v in reads(s))
    return not (arrays and any(map(is_write, everything((second,)))))


def _after(first: If, between: Iterable[Statement]) -> list[Statement]:
    """The statements that need what a branch gives."""
    given, found = set(first.targets), []
    for statement in between:
        if not given.isdisjoint(reads(statement)):
            given.update(targets_of(statement))
            found.append(statement)
    return found


def _one(first: If, between: list[Statement], second: If) -> list[Statement]:
    later = _after(first, between)
    sides = []
    for one, other in zip(first.blocks, second.blocks, strict=True):
        known: dict[Var, Any] = dict(zip(first.targets, one.results, strict=True))
        other = rewrite_block(other, {v: r for v, r in known.items() if not is_undefined(r)})
        sides.append(Block((), (*one.statements, *other.statements), (*one.results, *other.results)))
    joined = replace(first, targets=(*first.targets, *second.targets), then=sides[0], orelse=sides[1])
    return [*(s for s in between if s not in later), joined, *later]
