"""The sides of a branch begin where much is known: what has been computed in front of it, and which side it is."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from s2sad.ir.equal import key, mergeable, sets_errors
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
    rewrite,
    substitute,
)
from s2sad.passes.copies import rewrite_results
from s2sad.quickly import dataclass


@dataclass(frozen=True)
class Known:
    """The numbers that are computed around a block, by what computes them, and the conditions of the sides that it lies in."""

    numbers: Mapping[Any, Var] = field(default_factory=dict)
    conditions: Mapping[Var, bool] = field(default_factory=dict)


def share_with_sides(function: Function) -> Function:
    """A number that is computed in front of a branch is not computed again on a side of it, nor its condition asked again."""
    if not has_regions(function):
        return function
    replacement: dict[Var, Any] = {}
    statements = _walked(function.statements, Known(), replacement)
    return replace(function, statements=statements, results=rewrite_results(function, replacement))


def _walked(statements: tuple[Statement, ...], known: Known, replacement: dict[Var, Any]) -> tuple[Statement, ...]:
    numbers = dict(known.numbers)
    kept: list[Statement] = []
    for statement in statements:
        statement = rewrite(statement, replacement)
        if sets_errors(statement):
            numbers.clear()
        match statement:
            case Assign(targets=(Var() as target,)) if _is_number(statement, target):
                first = numbers.setdefault((statement.primitive, *map(key, statement.args)), target)
                if first is not target:
                    replacement[target] = first
                    continue
            case If(atom=Var() as atom) if atom in known.conditions:
                kept += _taken(statement, Known(numbers, known.conditions), replacement)
                continue
            case If():
                statement = _branch(statement, Known(numbers, known.conditions), replacement)
            case Loop():
                again = numbers if not any(map(sets_errors, everything(statement.body.statements))) else {}
                statement = replace(statement, body=_block(statement.body, Known(again), replacement))
        kept.append(statement)
    return tuple(kept)


def _is_number(statement: Assign, target: Var) -> bool:
    return statement.phase == 0 and isinstance(target.type, type) and mergeable(statement)


def _block(block: Block, known: Known, replacement: dict[Var, Any]) -> Block:
    statements = _walked(block.statements, known, replacement)
    return Block(block.params, statements, _substituted(block.results, replacement))


def _substituted(results: tuple[Operand, ...], replacement: dict[Var, Any]) -> tuple[Operand, ...]:
    return tuple(substitute(r, replacement) for r in results)


def _branch(branch: If, known: Known, replacement: dict[Var, Any]) -> If:
    sides = []
    for block, answer in zip(branch.blocks, (True, False), strict=True):
        conditions = {**known.conditions, branch.atom: answer} if isinstance(branch.atom, Var) else known.conditions
        sides.append(_block(block, Known(known.numbers, conditions), replacement))
    return replace(branch, then=sides[0], orelse=sides[1])


def _taken(branch: If, known: Known, replacement: dict[Var, Any]) -> tuple[Statement, ...]:
    """The statements of the side that is known to be taken."""
    block = branch.then if known.conditions[branch.atom] else branch.orelse  # type: ignore[index]
    statements = _walked(block.statements, known, replacement)
    replacement.update(zip(branch.targets, _substituted(block.results, replacement), strict=True))
    return statements
