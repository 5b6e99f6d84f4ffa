"""Running a Function statement by statement, to see where a NaN or an infinity first arises."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.ir.program import UNDEFINED, Assign, Const, Function, If, Loop, Operand, Statement, Var, reads, variables


def run(function: Function, leaves: list[Any], values: dict[Var, Any] | None = None) -> Iterator[tuple[Statement, list[Any]]]:
    """Each assignment with the values it gave, those in loops at each step. The function must be free of effects.

    What all variables are at the time stands in `values`, where that is given.
    """
    values = {} if values is None else values
    values.update(zip(function.params, leaves, strict=True))
    yield from _statements(function.statements, values)


def _statements(statements: tuple[Statement, ...], values: dict[Var, Any]) -> Iterator[tuple[Statement, list[Any]]]:
    for statement in statements:
        if isinstance(statement, (Loop, If)):
            yield from _loop(statement, values) if isinstance(statement, Loop) else _branch(statement, values)
        elif isinstance(statement, Assign) and all(v in values for v in reads(statement)):
            if statement.primitive.raised is not None:
                continue  # an exception holds no numbers to look at
            arguments = [evaluate(a, values) for a in statement.args]
            result = _apply(statement, arguments)
            parts = [result] if statement.result is None else trees.flatten(result)[0]
            values.update(zip(statement.targets, parts, strict=True))
            yield statement, parts


def _branch(branch: If, values: dict[Var, Any]) -> Iterator[tuple[Statement, list[Any]]]:
    block = branch.then if evaluate(branch.atom, values) else branch.orelse
    yield from _statements(block.statements, values)
    values.update((t, evaluate(r, values)) for t, r in zip(branch.targets, block.results, strict=True) if _known(r, values))


def _loop(loop: Loop, values: dict[Var, Any]) -> Iterator[tuple[Statement, list[Any]]]:
    now = [evaluate(i, values) if _known(i, values) else UNDEFINED for i in loop.inits]
    steps: Any = itertools.count() if loop.range is None else range(*(evaluate(p, values) for p in loop.range))
    stacks: list[dict[int, Any]] = [{} for _ in loop.stacks]
    count = len(steps) if loop.range is not None else 0
    for k, index in enumerate(reversed(steps) if loop.reverse else steps):
        place = count - 1 - k if loop.reverse else k
        values.update(zip(loop.carried, now, strict=True))
        if loop.test is not None:
            yield from _statements(loop.test.statements, values)
            if not evaluate(loop.test.results[0], values):
                break
        if loop.index is not None:
            values[loop.index] = index
        values.update((e, values[s][place]) for e, s in zip(loop.elements, loop.scanned, strict=True))
        yield from _statements(loop.body.statements, values)
        for stack, saved in zip(stacks, loop.saved, strict=True):
            stack[place] = evaluate(saved, values) if _known(saved, values) else UNDEFINED
        now = [evaluate(n, values) if _known(n, values) else UNDEFINED for n in loop.nexts]
        if loop.exits and not evaluate(loop.body.results[0], values):
            break
    values.update(zip(loop.targets, [*now, *stacks], strict=True))


def _known(operand: Operand, values: dict[Var, Any]) -> bool:
    return all(v in values for v in variables(operand))


def evaluate(operand: Operand, values: dict[Var, Any]) -> Any:
    """The value of an operand."""
    if isinstance(operand, Var):
        return values[operand]
    if isinstance(operand, Const):
        return operand.value
    items = [evaluate(i, values) for i in operand.items]
    if operand.kind is slice:
        return slice(*items)
    return dict(zip(operand.keys, items, strict=True)) if operand.kind is dict else operand.kind(items)


def _apply(statement: Assign, arguments: list[Any]) -> Any:
    if statement.primitive.meaning is not None:
        return statement.primitive.meaning(*arguments)
    with np.errstate(all="ignore"):
        return statement.primitive.evaluate(arguments)
