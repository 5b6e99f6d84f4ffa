"""What of a list is needed: the statements that reach certain variables, guards and effects, in regions as well."""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir import (
    ArrayType,
    Assign,
    Block,
    Function,
    Guard,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    everything,
    reads,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.objects import ATTRIBUTE, CELL, DEFAULT, GLOBAL, ITEM

READS = frozenset({GLOBAL, CELL, DEFAULT, ATTRIBUTE, ITEM})


def has_effects(function: Function) -> bool:
    return any(map(is_effect, everything(function.statements)))


def is_effect(statement: Statement) -> bool:
    return isinstance(statement, Assign) and statement.primitive.effect


def stays(statement: Assign, logged: bool) -> bool:
    """Whether an assignment is needed for more than its value."""
    primitive = statement.primitive
    if primitive.effect or primitive.name == "call":
        return True
    if primitive in READS:
        return logged
    scalars = not any(isinstance(v.type, ArrayType) for v in reads(statement))
    return statement.phase == 0 and primitive.may_raise and scalars


def needed_for(statements: tuple[Statement, ...], live: set[Var], logged: bool) -> tuple[Statement, ...]:
    """The statements that are needed for the live variables; `live` grows by what those read."""
    kept: list[Statement] = []
    for statement in reversed(statements):
        needed: Statement | None = statement
        if isinstance(statement, Loop):
            needed = _loop(statement, live, logged)
        elif isinstance(statement, If):
            needed = _branch(statement, live, logged)
        elif not (isinstance(statement, Guard) or stays(statement, logged) or any(t in live for t in statement.targets)):
            needed = None
        if needed is not None:
            live.update(reads(needed))
            kept.append(needed)
    return tuple(reversed(kept))


def _matters(statements: tuple[Statement, ...], logged: bool) -> bool:
    return any(isinstance(s, Guard) or (isinstance(s, Assign) and s.primitive.effect) for s in everything(statements))


def _branch(branch: If, live: set[Var], logged: bool) -> Statement | None:
    wanted = [k for k, t in enumerate(branch.targets) if t in live]
    if not wanted and not any(_matters(b.statements, logged) for b in branch.blocks):
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
    if not stacks and not carried and not _matters(loop.body.statements, logged):
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
