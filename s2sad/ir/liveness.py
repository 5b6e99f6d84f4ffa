"""What of a list is needed: the statements that reach certain variables, guards and effects, in regions as well."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.program import (
    AGAIN,
    ArrayType,
    Assign,
    Block,
    Const,
    Display,
    Function,
    Guard,
    If,
    Loop,
    Operand,
    Statement,
    Type,
    Var,
    everything,
    reads,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.rules.language import Primitive
from s2sad.rules.operations import SCATTER
from s2sad.rules.structural import ATTRIBUTE, CALL, CELL, DEFAULT, GLOBAL, ITEM, NOT
from s2sad.types.indexing import read_places
from s2sad.types.sizes import Size, at_least_zero, is_whole

READS = frozenset({GLOBAL, CELL, DEFAULT, ATTRIBUTE, ITEM})
TRUTHS = (bool, np.bool_)


def has_effects(function: Function) -> bool:
    return any(map(is_effect, everything(function.statements)))


def is_effect(statement: Statement) -> bool:
    return isinstance(statement, Assign) and statement.primitive.effect


def stays(statement: Assign, logged: bool) -> bool:
    """Whether an assignment is needed for more than its value."""
    primitive = statement.primitive
    if primitive.effect or primitive is CALL:
        return True
    if primitive in READS:
        return logged
    return statement.phase == 0 and not is_again(statement) and may_raise(statement)


def is_again(statement: Assign) -> bool:
    """Whether it is computed once more where the function computes it once: it has not raised there."""
    return bool(statement.within) and all(mark is AGAIN for mark, _ in statement.within)


def may_raise(statement: Assign) -> bool:
    """Whether an operation of the user's may raise on other values of the same types. An exception is a result."""
    primitive, read = statement.primitive, reads(statement)
    if statement.unsure:
        return True
    if primitive is NOT:
        return may_have_no_truth(statement.args[0])
    if primitive.kind in ("linear", "rule") and any(map(_names_places, shaping(statement))):
        return True
    if primitive.indexed and primitive is not SCATTER and _may_miss(*statement.args[:2]):
        return True
    if primitive.may_raise == "sizes":
        return any(_is_whole(v.type) or _is_any_size(v.type) for v in read)
    return primitive.may_raise and bool(read) and not (_by_numpy(primitive, read))


def _may_miss(array: Operand, index: Operand) -> bool:
    """Whether one of the numbers of an index may name no element, as far as the size of its axis is known."""
    if not isinstance(array, Var) or not isinstance(array.type, ArrayType):
        return False
    return not all(is_whole(p) and at_least_zero(n + p if p < 0 else n - 1 - p) for n, p in read_places(array.type.shape, _numbers(index)))


def _numbers(index: Operand) -> Any:
    """An index with the numbers that stand in it, and nothing in place of what is told otherwise."""
    if isinstance(index, Const):
        return index.value
    if isinstance(index, Display) and index.kind in (tuple, list):
        return index.kind(map(_numbers, index.items))
    return None if isinstance(index, Var) and index.type in TRUTHS else slice(None)  # a truth value has an axis of its own


def shaping(statement: Assign) -> Iterator[Var]:
    """What an operation reads beside the values that it moves or adds: indices, sizes, axes."""
    primitive = statement.primitive
    for parameter, operand in zip(primitive.parameters, statement.args, strict=True):
        if parameter.name not in primitive.pullbacks:
            yield from variables(operand)


def _names_places(var: Var) -> bool:
    """Whether a value says how many or which one. A mask has the shape of what it chooses from, or the recording would have raised."""
    return _is_whole(var.type) or (isinstance(var.type, ArrayType) and var.type.dtype.kind in "iu")


def _is_whole(kind: Type) -> bool:
    return isinstance(kind, type) and issubclass(kind, (int, np.integer)) and kind is not bool


def _is_any_size(kind: Type) -> bool:
    return isinstance(kind, ArrayType) and any(isinstance(n, Size) for n in kind.shape)


def _by_numpy(primitive: Primitive, read: tuple[Var, ...]) -> bool:
    """Whether an operation is NumPy's arithmetic of floats, which warns where Python's raises."""
    callee = primitive.callee
    if callee is not None and callee.__module__ in ("math", "cmath", "builtins"):
        return False
    if primitive.kind != "elementwise" and not isinstance(callee, (np.ufunc, type)) and primitive.root is not None:
        return False
    return any(isinstance(v.type, ArrayType) and v.type.dtype.kind in "fc" for v in read)


def may_have_no_truth(operand: Operand) -> bool:
    """Whether to ask for the truth of an operand may raise: an array has one if it has one element."""
    kind = operand.type if isinstance(operand, Var) else None
    return isinstance(kind, ArrayType) and any(isinstance(n, Size) or n != 1 for n in kind.shape)


def needed_for(statements: tuple[Statement, ...], live: set[Var], logged: bool) -> tuple[Statement, ...]:
    """The statements that are needed for the live variables; `live` grows by what those read."""
    kept: list[Statement] = []
    for statement in reversed(statements):
        needed: Statement | None = statement
        if isinstance(statement, Loop):
            needed = _loop(statement, live, logged)
        elif isinstance(statement, If):
            needed = _branch(statement, live, logged)
        elif not (isinstance(statement, Guard) or stays(statement, logged) or not live.isdisjoint(statement.targets)):
            needed = None
        if needed is not None:
            live.update(reads(needed))
            kept.append(needed)
    return tuple(reversed(kept))


def _matters(statements: tuple[Statement, ...], logged: bool) -> bool:
    return any(_stays_anyway(s, logged) for s in everything(statements))


def _stays_anyway(statement: Statement, logged: bool) -> bool:
    if isinstance(statement, Assign):
        return stays(statement, logged)
    if isinstance(statement, If):
        return statement.phase == 0 and may_have_no_truth(statement.atom)
    if isinstance(statement, Loop):
        steps = statement.range is not None and isinstance(statement.range[2], Var)  # by which it may be zero
        return steps or (statement.phase == 0 and statement.test is not None and may_have_no_truth(statement.test.results[0]))
    return isinstance(statement, Guard)


def _branch(branch: If, live: set[Var], logged: bool) -> Statement | None:
    wanted = [k for k, t in enumerate(branch.targets) if t in live]
    if not wanted and not _matters((branch,), logged):
        return None
    blocks = []
    for block in branch.blocks:
        results = tuple(block.results[k] for k in wanted)
        inner = {v for r in results for v in variables(r)}
        blocks.append(Block((), needed_for(block.statements, inner, logged), results))
    return replace(branch, targets=tuple(branch.targets[k] for k in wanted), then=blocks[0], orelse=blocks[1])


def _loop(loop: Loop, live: set[Var], logged: bool) -> Statement | None:
    stacks = [k for k, t in enumerate(loop.stacks) if t in live]
    carried = {k for k, t in enumerate(loop.results) if t in live}
    if not stacks and not carried and not _matters((loop,), logged):
        return None
    fixed = [*loop.body.results[: loop.exits], *(loop.saved[k] for k in stacks)]
    tested: set[Var] = set()
    if loop.test is not None:
        tested = {v for r in loop.test.results for v in variables(r)}
        test_statements = needed_for(loop.test.statements, tested, logged)
    while True:
        inner = {v for r in (*fixed, *(loop.nexts[k] for k in carried)) for v in variables(r)}
        statements = needed_for(loop.body.statements, inner, logged)
        more = {k for k, p in enumerate(loop.carried) if p in inner or p in tested} | carried
        if more == carried:
            break
        carried = more
    kept = sorted(carried)
    elements = [k for k, e in enumerate(loop.elements) if e in inner]
    params = (*loop.body.params[: loop.first], *(loop.carried[k] for k in kept), *(loop.elements[k] for k in elements))
    results: tuple[Operand, ...] = (*loop.body.results[: loop.exits], *(loop.nexts[k] for k in kept), *(loop.saved[k] for k in stacks))
    test = None if loop.test is None else Block((), test_statements, loop.test.results)
    return replace(loop, targets=(*(loop.results[k] for k in kept), *(loop.stacks[k] for k in stacks)), test=test,
                   inits=tuple(loop.inits[k] for k in kept), scanned=tuple(loop.scanned[k] for k in elements),
                   body=Block(params, statements, results))  # fmt: skip


def useful(statements: tuple[Statement, ...], wanted: set[Var]) -> set[Var]:
    """The variables from which a wanted one can be reached."""
    live = set(wanted)
    kept = needed_for(statements, live, False)
    for statement in everything(kept):
        live.update(targets_of(statement))
        for block in getattr(statement, "blocks", ()):
            live.update(block.params)
            live.update(v for r in block.results for v in variables(r))
    return live
