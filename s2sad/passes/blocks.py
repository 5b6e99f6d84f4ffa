"""Passes on functions with regions: those for lists are applied to each block, and what a region carries for nothing is removed."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s2sad.ir import (
    Assign,
    Block,
    Const,
    Function,
    Guard,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    everything,
    has_regions,
    is_region,
    reads,
    rewrite,
    substitute,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.passes.dead import has_effects, stays

Pass = Callable[[Function], Function]


def blockwise(each: Pass) -> Pass:
    """The pass, applied to the blocks of regions before the list that holds them."""

    def apply(function: Function) -> Function:
        if not has_regions(function):
            return each(function)
        names = dict(function.names)

        def inside(block: Block) -> Block:
            statements = tuple(nested(s) for s in block.statements)
            made = each(Function(function.name, block.params, statements, block.results, names))  # type: ignore[arg-type]
            names.update({v: n for v, n in made.names.items() if v not in names})
            return Block(made.params, made.statements, made.results)

        def nested(statement: Statement) -> Statement:
            if isinstance(statement, Loop):
                test = None if statement.test is None else inside(statement.test)
                return replace(statement, test=test, body=inside(statement.body))
            if isinstance(statement, If):
                return replace(statement, then=inside(statement.then), orelse=inside(statement.orelse))
            return statement

        statements = tuple(nested(s) for s in function.statements)
        return each(replace(function, statements=statements, names=names))

    apply.__name__, apply.__doc__ = each.__name__, each.__doc__
    return apply


def remove_dead_regions(function: Function) -> Function:
    """Keep what reaches a result, a guard or an effect, in regions as well."""
    logged = has_effects(function)
    live = {v for r in function.results for v in variables(r)}
    return replace(function, statements=_kept(function.statements, live, logged))


def _kept(statements: tuple[Statement, ...], live: set[Var], logged: bool) -> tuple[Statement, ...]:
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
        blocks.append(Block((), _kept(block.statements, inner, logged), results))
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
        test_statements = _kept(loop.test.statements, tested, logged)
    while True:
        inner = {v for r in (*fixed, *(loop.nexts[k] for k in carried)) for v in variables(r)}
        statements = _kept(loop.body.statements, inner, logged)
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


def unchanging(function: Function) -> Function:
    """What a loop hands on from step to step without changing it is read from around the loop; sides that agree are no choice."""
    if not has_regions(function):
        return function
    replacement: dict[Var, Operand] = {}
    statements = _resolved(function.statements, replacement)
    results = tuple(substitute(r, replacement) for r in function.results)  # type: ignore[arg-type]
    return replace(function, statements=statements, results=results)


def _resolved(statements: tuple[Statement, ...], replacement: dict[Var, Operand]) -> tuple[Statement, ...]:
    kept: list[Statement] = []
    for statement in statements:
        statement = rewrite(statement, replacement)
        if isinstance(statement, Loop):
            statement = _without_unchanging(statement, replacement)
        elif isinstance(statement, If):
            statement = _without_agreeing(statement, replacement)
        kept.append(statement)
    return tuple(kept)


def _block(block: Block) -> Block:
    inner: dict[Var, Operand] = {}
    statements = _resolved(block.statements, inner)
    return Block(block.params, statements, tuple(substitute(r, inner) for r in block.results))  # type: ignore[arg-type]


def _without_unchanging(loop: Loop, replacement: dict[Var, Operand]) -> Loop:
    loop = replace(loop, body=_block(loop.body), test=None if loop.test is None else _block(loop.test))
    same = [k for k, (p, n) in enumerate(zip(loop.carried, loop.nexts, strict=True)) if n is p]
    if not same:
        return loop
    inner: dict[Var, Operand] = {loop.carried[k]: loop.inits[k] for k in same}
    replacement.update({loop.results[k]: loop.inits[k] for k in same})
    kept = [k for k in range(len(loop.inits)) if k not in same]
    saved = tuple(substitute(r, inner) for r in loop.saved)  # type: ignore[arg-type]
    params = (*loop.body.params[: loop.first], *(loop.carried[k] for k in kept), *loop.elements)
    results = (*loop.body.results[: loop.exits], *(loop.nexts[k] for k in kept), *saved)
    targets = (*(loop.results[k] for k in kept), *loop.stacks)
    bare = replace(loop, targets=targets, inits=tuple(loop.inits[k] for k in kept), body=Block(params, loop.body.statements, results))
    return rewrite(bare, inner)  # type: ignore[return-value]


def _without_agreeing(branch: If, replacement: dict[Var, Operand]) -> If:
    branch = replace(branch, then=_block(branch.then), orelse=_block(branch.orelse))
    inside = {t for b in branch.blocks for s in b.statements for t in targets_of(s)}
    kept = []
    for k, (target, a, b) in enumerate(zip(branch.targets, branch.then.results, branch.orelse.results, strict=True)):
        if isinstance(a, Var) and a is b and a not in inside:
            replacement[target] = a
        else:
            kept.append(k)
    then, orelse = (replace(b, results=tuple(b.results[k] for k in kept)) for b in branch.blocks)
    return replace(branch, targets=tuple(branch.targets[k] for k in kept), then=then, orelse=orelse)


__all__ = ["Const", "blockwise", "is_region", "remove_dead_regions", "unchanging"]
