"""What a reverse step asks of values of the step, asked in the step itself: sizes, and comparisons of arrays.

The answer is handed over instead of the array: a number, or one byte for each element. What is there on some ways through the step
only is asked in the reverse step, which knows the way.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeGuard

import numpy as np

from s2sad.adjoint.costs import is_part, work
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    everything,
    is_undefined,
    reads,
    rewrite_block,
    targets_of,
    variables,
)
from s2sad.rules.structural import DIM
from s2sad.runtime.same import same_key

Missing = Callable[[Var], bool]
"""Whether a value of the step is not there in the reverse step, so that it would have to be handed over."""


def sizes(reverse: Block, missing: Missing) -> list[Assign]:
    """The statements that ask for a size of what is missing."""
    asking = (s for s in everything(reverse.statements) if isinstance(s, Assign) and s.primitive is DIM)
    return [s for s in asking if any(map(missing, reads(s)))]


def known_around(machine: Any, asking: list[Assign]) -> dict[Var, Operand]:
    """Those of the sizes that follow from numbers around the loop whose reverse step is being written, computed there."""
    symbols, found = machine.deciding.symbols, dict[Var, Operand]()
    for statement in asking:
        size = machine.sheet.boxes[statement.targets[0]].value
        depth = symbols.depth_if_at_hand(size)
        if depth is not None and depth < machine.blocks.depth:
            with machine.blocks.further_out(depth):
                found[statement.targets[0]] = machine.operand(symbols.code(size))
    return found


def comparisons(reverse: Block, missing: Missing) -> list[Assign]:
    """The comparisons of arrays that are missing and needed for nothing else, and the views that the reverse step takes for them."""
    asking = [s for s in reverse.statements if isinstance(s, Assign) and _is_comparison(s)]
    others = {v for s in everything(reverse.statements) if not any(s is a for a in asking) for v in reads(s)}
    others.update(v for r in reverse.results for v in variables(r))
    alone = {v for s in asking for v in reads(s) if isinstance(v.type, ArrayType) and v not in others and missing(v)}
    made = {t: s for s in reverse.statements for t in targets_of(s)}
    return [each for s in asking if not alone.isdisjoint(reads(s)) for each in (*_views(s, made), s)]


def _views(statement: Assign, made: dict[Var, Statement]) -> list[Assign]:
    """What makes the operands of a statement, where that is a view of something."""
    found = [s for s in map(made.get, reads(statement)) if isinstance(s, Assign) and is_part(s.primitive)]
    return [each for s in found for each in (*_views(s, made), s)]


def of_the_step(asking: list[Assign], reverse: Block, partly: set[Var]) -> list[Assign]:
    """Those of the questions that can be asked in the step: what they read is always there, and not made in the reverse step."""
    gone = partly.union(reverse.params, *map(targets_of, everything(reverse.statements)))
    found: list[Assign] = []
    for statement in asking:
        if gone.isdisjoint(reads(statement)):
            found.append(statement)
            gone.difference_update(statement.targets)
    return found


def not_always_there(loop: Loop) -> set[Var]:
    """What is defined on some ways through a step only."""
    found = {param for param, init in zip(loop.carried, loop.inits, strict=True) if is_undefined(init)}
    _not_always(loop.body, found)
    return found


def _not_always(block: Block, found: set[Var]) -> None:
    def note(targets: tuple[Var, ...], operands: tuple[Operand, ...]) -> None:
        pairs = zip(targets, operands, strict=True)
        found.update(t for t, o in pairs if is_undefined(o) or (isinstance(o, Var) and o in found))

    for statement in block.statements:
        if isinstance(statement, If):
            for side in statement.blocks:
                _not_always(side, found)
                note(statement.targets, side.results)
        elif isinstance(statement, Loop):
            note(statement.results, statement.inits)


def _is_comparison(statement: Assign) -> bool:
    kind = statement.targets[0].type
    return isinstance(statement.primitive.template, ast.Compare) and isinstance(kind, ArrayType) and kind.dtype == np.bool_


def moved(loop: Loop, reverse: Block, asking: list[Assign]) -> tuple[Loop, Block, list[Assign]]:
    """The loop whose step asks, once for each question and where it has what it asks about, and the reverse step that does not."""
    firsts: dict[Any, Assign] = {}
    answers: dict[Var, Var] = {}
    for statement in asking:
        first = firsts.setdefault(_asked(statement), statement)
        answers[statement.targets[0]] = first.targets[0]
    body = replace(loop.body, statements=_placed(loop.body.statements, firsts.values()))
    reverse = replace(reverse, statements=without(reverse.statements, set(answers)))
    return replace(loop, body=body), rewrite_block(reverse, answers), list(firsts.values())


def _key(operand: Operand) -> Any:
    return operand if isinstance(operand, Var) else same_key(getattr(operand, "value", operand))


def _placed(statements: tuple[Statement, ...], asking: Iterable[Assign]) -> tuple[Statement, ...]:
    """Each question after the last of what it asks about."""
    made = {t: k for k, s in enumerate(statements) for t in targets_of(s)}
    after: dict[int, list[Statement]] = {}
    for question in asking:
        place = max((made.get(v, -1) for v in reads(question)), default=-1)
        made.update(dict.fromkeys(question.targets, place))
        after.setdefault(place, []).append(question)
    placed = list(after.get(-1, []))
    for k, statement in enumerate(statements):
        placed += [statement, *after.get(k, [])]
    return tuple(placed)


def computed(loop: Loop, reverse: Block) -> Block:
    """The reverse step that takes from the step what both compute, such as an inverse, where it is not an operation to be repeated."""
    made = {_asked(s): s.targets[0] for s in loop.body.statements if _is_once(s)}
    found = {s.targets[0]: made[_asked(s)] for s in reverse.statements if _is_once(s) and _asked(s) in made}
    same = {new: old for new, old in found.items() if new.type == old.type}
    return without_known(reverse, same)


def _is_once(statement: Statement) -> TypeGuard[Assign]:
    """Whether a statement computes an array of what it reads, and is not to be repeated; zeros that a sweep begins with are its own."""
    if not isinstance(statement, Assign) or len(statement.targets) != 1 or not reads(statement):
        return False
    made, primitive = statement.targets[0].type, statement.primitive
    other = statement.unsure or primitive.effect or primitive.structural or primitive.anew or primitive.writes or primitive.kind == "zero"
    return isinstance(made, ArrayType) and not other and work(statement) is None


def _asked(statement: Assign) -> Any:
    return statement.primitive, *map(_key, statement.args)


def without_known(reverse: Block, known: Mapping[Var, Operand]) -> Block:
    """The reverse step that reads what is known in place of computing it."""
    return rewrite_block(replace(reverse, statements=without(reverse.statements, set(known))), known) if known else reverse


def without(statements: tuple[Statement, ...], gone: set[Var]) -> tuple[Statement, ...]:
    """The statements, in regions as well, but for those that assign these variables."""
    kept: list[Statement] = []
    for statement in statements:
        if isinstance(statement, Assign) and any(t in gone for t in statement.targets):
            continue
        if isinstance(statement, Loop):
            statement = replace(statement, body=replace(statement.body, statements=without(statement.body.statements, gone)))
        elif isinstance(statement, If):
            then, orelse = (replace(b, statements=without(b.statements, gone)) for b in statement.blocks)
            statement = replace(statement, then=then, orelse=orelse)
        kept.append(statement)
    return tuple(kept)
