"""What both sides of a branch of an adjoint compute alike stands in front of it, where that makes the text shorter.

    x_bar = np.zeros(n)             for     if c:
    if c:                                       x_bar = np.zeros(n)
        x_bar[0] = g                            x_bar[0] = g
                                            else:
                                                x_bar = np.zeros(n)

Only what is handed on, written, or used more than once goes there: what is used once is part of another line.
"""
from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Iterator
from dataclasses import replace

from s2sad.ir.equal import key, sets_errors
from s2sad.ir.program import (
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
    has_regions,
    reads,
    rewrite,
    rewrite_block,
    variables,
)  # fmt: skip
from s2sad.passes.copies import joined, names_of
from s2sad.passes.storage import is_write
from s2sad.rules.structural import DIM, SHAPE

Pair = tuple[Assign, Assign]


def compute_in_front(function: Function) -> Function:
    """Move statements that both sides of a branch have in front of it."""
    if not has_regions(function):
        return function
    names = names_of(function)
    statements = _walked(function.statements, names)
    return replace(function, statements=statements, names=joined(names))


def _walked(statements: tuple[Statement, ...], names: ChainMap[Var, str]) -> tuple[Statement, ...]:
    kept: list[Statement] = []
    for statement in statements:
        match statement:
            case Loop():
                statement = replace(statement, body=_block(statement.body, names))
            case If():
                statement = replace(statement, then=_block(statement.then, names), orelse=_block(statement.orelse, names))
                if statement.phase:
                    moved, statement = _moved(statement, names)
                    kept += moved
        kept.append(statement)
    return tuple(kept)


def _block(block: Block, names: ChainMap[Var, str]) -> Block:
    return replace(block, statements=_walked(block.statements, names))


def _moved(branch: If, names: ChainMap[Var, str]) -> tuple[list[Assign], If]:
    """The statements that go in front of a branch, and the branch without them."""
    pairs = _worth_it(list(_pairs(branch)), branch)
    if not pairs:
        return [], branch
    gone = {id(s) for pair in pairs for s in pair}
    same = {b: a for first, second in pairs for a, b in zip(first.targets, second.targets, strict=True)}
    for twin, var in same.items():
        if twin in names:
            names.setdefault(var, names[twin])
    then, orelse = (replace(b, statements=tuple(s for s in b.statements if id(s) not in gone)) for b in branch.blocks)
    return [first for first, _ in pairs], replace(branch, then=then, orelse=rewrite_block(orelse, same))


def _pairs(branch: If) -> Iterator[Pair]:
    """Statements of the sides that are equal, given that what they read is."""
    waiting = {_key(s): s for s in _plain(branch.then)}
    same: dict[Var, Var] = {}
    for statement in _plain(branch.orelse):
        alike = rewrite(statement, same)
        first = waiting.pop(_key(alike), None)  # type: ignore[arg-type]
        if first is not None:
            same.update(zip(statement.targets, first.targets, strict=True))
            yield first, statement


def _key(statement: Assign) -> tuple[object, ...]:
    return (statement.primitive, *map(key, statement.args))


def _plain(block: Block) -> Iterator[Assign]:
    """The statements of an adjoint that are evaluated wherever the side is taken, and compute a value of others."""
    counts = _counts(block)
    for statement in block.statements:
        if isinstance(statement, Guard) or sets_errors(statement):
            return
        if isinstance(statement, Assign) and _is_plain(statement):
            if not is_write(statement) or counts[statement.args[0]] == 1:  # type: ignore[index]
                yield statement


def _is_plain(statement: Assign) -> bool:
    primitive = statement.primitive
    if primitive in (DIM, SHAPE):
        return True
    return bool(statement.phase) and not primitive.effect and not primitive.structural and primitive.raised is None


def _counts(block: Block) -> Counter[Var]:
    """How often each variable is read in a block, by what it gives as well."""
    found = Counter(v for r in block.results for v in variables(r))
    for statement in everything(block.statements):
        found.update(reads(statement) if isinstance(statement, (Assign, Guard)) else _handed(statement))
    return found


def _handed(region: Statement) -> Iterator[Var]:
    """What a region reads besides what is read by the statements in it."""
    match region:
        case Loop():
            operands = (*(region.range or ()), *region.inits, *region.scanned, *(r for b in region.blocks for r in b.results))
        case If():
            operands = (region.atom, *region.then.results, *region.orelse.results)
        case _:
            operands = ()
    return (v for o in operands for v in variables(o))


def _worth_it(pairs: list[Pair], branch: If) -> list[Pair]:
    """Those of the pairs that are handed on, written or used more than once, and those that these read."""
    counts = [_counts(b) for b in branch.blocks]
    bases = [{s.args[0] for s in everything(b.statements) if is_write(s)} for b in branch.blocks]
    given = set(zip(branch.then.results, branch.orelse.results, strict=True))
    wanted: set[Var] = set()
    found: list[Pair] = []
    for pair in reversed(pairs):
        both = list(zip(*(s.targets for s in pair), strict=True))
        used = any(_both_in(b, bases) or b in given or min(c[v] for c, v in zip(counts, b, strict=True)) > 1 for b in both)
        if used or not wanted.isdisjoint(pair[0].targets) or is_write(pair[0]):
            found.append(pair)
            wanted.update(reads(pair[0]))
    return found[::-1]


def _both_in(pair: tuple[Var, Var], sets: list[set[Operand]]) -> bool:
    return pair[0] in sets[0] and pair[1] in sets[1]
