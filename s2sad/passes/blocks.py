"""Passes on functions with regions: those for lists are applied to each block, and what a region carries for nothing is removed."""
from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.program import (
    UNDEFINED,
    ArrayType,
    Assign,
    Block,
    Const,
    Display,
    Function,
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
    substitute,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.rules.operations import ACCUMULATED, ADD
from s2sad.rules.structural import DIM, NOT, SHAPE
from s2sad.runtime.same import same_key

Pass = Callable[[Function], Function]
FRACTIONS = (float, complex, np.inexact)


def blockwise(each: Pass) -> Pass:
    """The pass, applied to the blocks of regions before the list that holds them."""

    def apply(function: Function) -> Function:
        if not has_regions(function):
            return each(function)
        names = dict(function.names)

        def inside(block: Block) -> Block:
            statements = tuple(nested(s) for s in block.statements)
            made = each(Function(function.name, block.params, statements, block.results, names))  # type: ignore[arg-type]
            if made.names is not names and not made.names.keys() <= names.keys():
                names.update({v: n for v, n in made.names.items() if v not in names})
            same = _are_same(made.statements, block.statements) and _are_same(made.results, block.results)
            return block if same else Block(made.params, made.statements, made.results)

        def nested(statement: Statement) -> Statement:
            if isinstance(statement, Loop):
                test, body = None if statement.test is None else inside(statement.test), inside(statement.body)
                same = test is statement.test and body is statement.body
                return statement if same else replace(statement, test=test, body=body)
            if isinstance(statement, If):
                then, orelse = inside(statement.then), inside(statement.orelse)
                same = then is statement.then and orelse is statement.orelse
                return statement if same else replace(statement, then=then, orelse=orelse)
            return statement

        statements = tuple(nested(s) for s in function.statements)
        return each(replace(function, statements=statements, names=names))

    apply.__name__, apply.__doc__ = each.__name__, each.__doc__
    return apply


def _are_same(some: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    """Whether nothing has been changed: what has been asked of a block is known of the very same."""
    return len(some) == len(others) and all(map(operator.is_, some, others))


def placeholders(function: Function) -> Function:
    """Give what is not defined before a loop and read in it, or on one side of a branch and handed on, a value that no operation takes."""
    if not has_regions(function):
        return function
    handed = _handed_on(function)

    def filled(loop: Loop) -> Loop:
        read = {v for s in loop.body.statements for v in reads(s)} | {v for r in loop.body.results for v in variables(r)}
        inits = tuple(_placeholder(i, p in read) for i, p in zip(loop.inits, loop.carried, strict=True))
        return replace(loop, inits=inits)

    def agreed(branch: If) -> If:
        then, orelse = (replace(b, results=tuple(_placeholder(r, t in handed) for t, r in zip(branch.targets, b.results, strict=True)))
                        for b in branch.blocks)  # fmt: skip
        return replace(branch, then=then, orelse=orelse)

    return replace(function, statements=each_region(function.statements, filled, agreed))


def _handed_on(function: Function) -> set[Var]:
    """What a block gives as it is, whether it is there or not."""
    regions = [s for s in everything(function.statements) if isinstance(s, (If, Loop))]
    operands = [r for s in regions for r in (s.body.results + s.inits if isinstance(s, Loop) else s.then.results + s.orelse.results)]
    return {v for o in operands for v in variables(o)}


def _placeholder(operand: Operand, needed: bool) -> Operand:
    return Const(None) if needed and isinstance(operand, Const) and operand.value is UNDEFINED else operand


def each_region(statements: tuple[Statement, ...], change: Callable[[Loop], Loop], other: Callable[[If], If]) -> tuple[Statement, ...]:
    """The statements with every loop and branch changed, those inside first."""

    def inner(block: Block) -> Block:
        statements = each_region(block.statements, change, other)
        return block if _are_same(statements, block.statements) else Block(block.params, statements, block.results)

    kept: list[Statement] = []
    for statement in statements:
        if isinstance(statement, If):
            sides = tuple(map(inner, statement.blocks))
            statement = other(statement if _are_same(sides, statement.blocks) else replace(statement, then=sides[0], orelse=sides[1]))
        elif isinstance(statement, Loop):
            body = inner(statement.body)
            statement = change(statement if body is statement.body else replace(statement, body=body))
        kept.append(statement)
    return tuple(kept)


def grow_in_place(function: Function) -> Function:
    """What a reverse loop adds to an array that it carries is added in place, where the sum is the next one, or a loop inside reads it."""
    return replace(function, statements=each_region(function.statements, _grown, lambda s: s)) if has_regions(function) else function


def _grown(loop: Loop) -> Loop:
    uses = _uses_in_body(loop)
    carried = dict(zip(loop.carried, loop.nexts, strict=True))
    inner = {v for s in loop.body.statements if isinstance(s, Loop) for v in reads(s)}

    def grown(statement: Statement) -> Statement:
        if not isinstance(statement, Assign) or statement.primitive is not ADD or not statement.phase:
            return statement
        for param, other in (statement.args, statement.args[::-1]):
            if not isinstance(param, Var) or param is other or not _fits(param, statement.targets[0]):
                continue
            read_inside = uses[param] == 1 and statement.targets[0] in inner  # both arrays would be held while the loop runs
            if param in carried and (carried[param] in statement.targets or read_inside):
                return replace(statement, primitive=ACCUMULATED, args=(param, Const(Ellipsis), other))
        return statement

    statements = tuple(map(grown, loop.body.statements))
    if _are_same(statements, loop.body.statements):
        return loop
    return replace(loop, body=Block(loop.body.params, statements, loop.body.results))


def _fits(param: Var, target: Var) -> bool:
    """Whether a sum is an array like the one that is added to."""
    return isinstance(param.type, ArrayType) and param.type == target.type


def _uses_in_body(loop: Loop) -> Counter[Var]:
    uses = Counter(v for s in loop.body.statements for v in reads(s))
    uses.update(v for r in loop.body.results for v in variables(r))
    return uses


def whole_shapes(function: Function) -> Function:
    """`x.shape` where each dimension of `x` is named, one after the other."""
    made = {t: s for s in function.statements if isinstance(s, Assign) for t in s.targets}
    kept: list[Statement] = []
    for statement in function.statements:
        if isinstance(statement, Assign):
            args = []
            for arg in statement.args:
                array = _shape_of(arg, made)
                if array is not None:
                    shape = Var(tuple)
                    kept.append(Assign((shape,), SHAPE, (array,), statement.location, statement.phase))
                    arg = shape
                args.append(arg)
            statement = statement if _are_same(tuple(args), statement.args) else replace(statement, args=tuple(args))
        kept.append(statement)
    return replace(function, statements=tuple(kept))


def _shape_of(operand: Operand, made: dict[Var, Assign]) -> Var | None:
    """The array whose shape a tuple is."""
    if not isinstance(operand, Display) or operand.kind is not tuple or not operand.items:
        return None
    arrays = set()
    for axis, item in enumerate(operand.items):
        found = made.get(item) if isinstance(item, Var) else None
        if found is None or found.primitive is not DIM or found.args[1].value != axis:  # type: ignore[union-attr]
            return None
        arrays.add(found.args[0])
    array = arrays.pop()
    whole = not arrays and isinstance(array, Var) and isinstance(array.type, ArrayType) and len(array.type.shape) == len(operand.items)
    return array if whole else None  # type: ignore[return-value]


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
            statement = _saved_once(_without_unchanging(statement, replacement), replacement)
        elif isinstance(statement, If):
            statement = _without_agreeing(statement, replacement)
            statement, answers = _plain_answers(statement, replacement)
            kept += answers
        kept.append(statement)
    return tuple(kept)


def _plain_answers(branch: If, replacement: dict[Var, Operand]) -> tuple[If, list[Statement]]:
    """A branch that gives True on one side and False on the other gives its condition."""
    kept: list[int] = []
    answers: list[Statement] = []
    plain = isinstance(branch.atom, Var) and branch.atom.type in (bool, np.bool_)
    for k, target in enumerate(branch.targets):
        pair = [b.results[k].value if isinstance(b.results[k], Const) else None for b in branch.blocks]  # type: ignore[union-attr]
        if plain and pair[0] is True and pair[1] is False:
            replacement[target] = branch.atom
        elif plain and pair[0] is False and pair[1] is True:
            answers.append(Assign((target,), NOT, (branch.atom,), branch.location, branch.phase))
        else:
            kept.append(k)
    return _giving(branch, kept), answers


def _giving(branch: If, kept: list[int]) -> If:
    """The branch with these of its results alone."""
    if len(kept) == len(branch.targets):
        return branch
    then, orelse = (replace(b, results=tuple(b.results[k] for k in kept)) for b in branch.blocks)
    return replace(branch, targets=tuple(branch.targets[k] for k in kept), then=then, orelse=orelse)


def _block(block: Block) -> Block:
    inner: dict[Var, Operand] = {}
    statements = _resolved(block.statements, inner)
    results = tuple(substitute(r, inner) for r in block.results)  # type: ignore[arg-type]
    same = _are_same(statements, block.statements) and _are_same(results, block.results)
    return block if same else Block(block.params, statements, results)


def _without_unchanging(loop: Loop, replacement: dict[Var, Operand]) -> Loop:
    body, test = _block(loop.body), None if loop.test is None else _block(loop.test)
    if body is not loop.body or test is not loop.test:
        loop = replace(loop, body=body, test=test)
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


def _saved_once(loop: Loop, replacement: dict[Var, Operand]) -> Loop:
    """One stack for what is saved twice, and one element for a stack that is scanned twice."""
    stacks = _firsts(loop.saved, loop.stacks)
    elements = _firsts(loop.scanned, loop.elements)
    if not stacks and not elements:
        return loop
    replacement.update(stacks)
    saved = [r for r, t in zip(loop.saved, loop.stacks, strict=True) if t not in stacks]
    scanned = tuple(s for s, e in zip(loop.scanned, loop.elements, strict=True) if e not in elements)
    params = tuple(p for p in loop.body.params if p not in elements)
    body = Block(params, loop.body.statements, (*loop.body.results[: loop.exits + len(loop.inits)], *saved))
    targets = tuple(t for t in loop.targets if t not in stacks)
    return replace(loop, targets=targets, scanned=scanned, body=rewrite_block(body, elements))


def _firsts(values: tuple[Operand, ...], names: tuple[Var, ...]) -> dict[Var, Operand]:
    """For each name of a variable that has one already, that one."""
    first: dict[Var, Var] = {}
    return {name: first[value] for value, name in zip(values, names, strict=True)
            if isinstance(value, Var) and first.setdefault(value, name) is not name}  # fmt: skip


def _same_number(a: Operand, b: Operand) -> bool:
    """Whether two operands are the same fraction."""
    return isinstance(a, Const) and isinstance(b, Const) and isinstance(a.value, FRACTIONS) and same_key(a.value) == same_key(b.value)


def _without_agreeing(branch: If, replacement: dict[Var, Operand]) -> If:
    sides = _block(branch.then), _block(branch.orelse)
    if not _are_same(sides, branch.blocks):
        branch = replace(branch, then=sides[0], orelse=sides[1])
    inside = {t for b in branch.blocks for s in b.statements for t in targets_of(s)}
    kept: list[int] = []
    twins: dict[tuple[int, int], Var] = {}  # by the operands that the sides give, which are alive
    for k, (target, a, b) in enumerate(zip(branch.targets, branch.then.results, branch.orelse.results, strict=True)):
        given = id(a), id(b)
        twin = twins.get(given)
        if (isinstance(a, Var) and a is b and a not in inside) or _same_number(a, b):
            replacement[target] = a
        elif twin is not None:
            replacement[target] = twin
        else:
            twins[given] = target
            kept.append(k)
    return _giving(branch, kept)
