"""Adding to part of a cotangent in place: `x_bar[1:] += ...` where the sum of two arrays, one of them mostly zeros, was meant."""
from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from s2sad.ir.equal import key
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Atom,
    Const,
    Display,
    Function,
    Operand,
    Statement,
    Var,
    reads,
    rewrite,
    targets_of,
    variables,
)
from s2sad.passes.copies import joined, names_of, resolved, uses_in
from s2sad.passes.regions import NOT_CONSTANT, constant_index
from s2sad.rules.operations import ACCUMULATED, ACCUMULATED_AT, ADD, DIMINISHED, NEGATE, SCATTER, SUBTRACT, ZEROS


def accumulate(function: Function) -> Function:
    """`a + scatter(v, index, shape)` becomes `accumulated(a, index, v)`: what it costs is the part, not the whole.

    Part of a row is part of the array: the row is not made.
    """
    definitions: dict[Var, Assign] = {}
    names = names_of(function)
    statements: list[Statement] = []
    for statement in function.statements:
        if isinstance(statement, Assign):
            if statement.phase and statement.primitive is SCATTER:
                statement = _composed(statement, definitions)
            elif statement.phase and statement.primitive is ADD:
                statement = _accumulated(statement, definitions)
            definitions.update(dict.fromkeys(statement.targets, statement))
        statements.append(statement)
    gone = _absorbed(statements, function.results)
    for each in reversed(statements):
        if isinstance(each, Assign) and each.primitive.writes and each.targets[0] in names:
            names.setdefault(each.args[0], names[each.targets[0]])  # type: ignore[arg-type]
    kept = tuple(s for s in statements if not (isinstance(s, Assign) and any(t in gone for t in s.targets)))
    return replace(function, statements=kept, names=joined(names))


def _accumulated(statement: Assign, definitions: dict[Var, Assign]) -> Assign:
    target = statement.targets[0]
    for base, part in (statement.args, statement.args[::-1]):
        made = definitions.get(part) if isinstance(part, Var) else None
        if made is None or made.primitive is not SCATTER:
            continue
        if isinstance(base, Var) and base is not part and base.type == target.type == part.type:  # type: ignore[union-attr]
            value = made.args[0]
            negated = definitions.get(value) if isinstance(value, Var) else None
            if not names_once(made.args[1]):
                return replace(statement, primitive=ACCUMULATED_AT, args=(base, made.args[1], value))
            if negated is not None and negated.phase and negated.primitive is NEGATE:
                return replace(statement, primitive=DIMINISHED, args=(base, made.args[1], negated.args[0]))
            return replace(statement, primitive=ACCUMULATED, args=(base, made.args[1], value))
    return statement


def _composed(statement: Assign, definitions: dict[Var, Assign]) -> Assign:
    """`scatter(scatter(v, j, ...), i, shape)` as `scatter(v, (i, j), shape)`, where `i` are whole numbers, which choose a row."""
    value, index, shape = statement.args
    inner = definitions.get(value) if isinstance(value, Var) else None
    if inner is None or inner.primitive is not SCATTER or not inner.phase:
        return statement
    first, then = _parts(index), _parts(inner.args[1])
    if not all(map(_is_whole, first)) or not all(_is_whole(i) or _is_slice(i) for i in then):
        return statement
    both = (*first, *then)
    values = [constant_index(i) for i in both]
    known = not any(v is NOT_CONSTANT for v in values)
    return replace(statement, args=(inner.args[0], Const(tuple(values)) if known else Display(tuple, both), shape))


def _parts(index: Operand) -> tuple[Operand, ...]:
    if isinstance(index, Display) and index.kind is tuple:
        return index.items
    if isinstance(index, Const) and isinstance(index.value, tuple):
        return tuple(map(Const, index.value))
    return (index,)


def _is_whole(index: Operand) -> bool:
    if isinstance(index, Const):
        return type(index.value) is int
    return isinstance(index, Var) and isinstance(index.type, type) and issubclass(index.type, (int, np.integer)) and index.type is not bool


def _is_slice(index: Operand) -> bool:
    return isinstance(index.value, slice) if isinstance(index, Const) else isinstance(index, Display) and index.kind is slice


def add_up(function: Function) -> Function:
    """What is added to the same place one after the other is added first: the place is read and written once."""
    made = {t: s for s in function.statements if isinstance(s, Assign) for t in s.targets}
    uses = uses_in(function)
    gone: dict[Var, Atom] = {}
    merged: dict[Var, list[Assign]] = {}
    for statement in function.statements:
        before = _same_place(statement, made, uses, gone) if isinstance(statement, Assign) and _grows(statement) else None
        if before is None:
            continue
        assert isinstance(statement, Assign)
        added, value = _added(before), statement.args[2]
        assert isinstance(added, Var) and isinstance(value, Var)
        total = Var(value.type if added.type is float else added.type)
        first = before.primitive is SCATTER  # a part of zeros
        grows = ACCUMULATED if first else before.primitive
        sum_of_both = replace(statement, targets=(total,), primitive=ADD if statement.primitive is grows else SUBTRACT, args=(added, value))
        grown = replace(statement, primitive=grows, args=(*statement.args[:2], total))
        so_far = merged.pop(before.targets[0], [before])[:-1]
        merged[statement.targets[0]] = [*so_far, sum_of_both, grown]
        made[statement.targets[0]], made[total] = grown, sum_of_both
        if first:
            merged[before.targets[0]] = [_zeros(before)]
            made[before.targets[0]] = merged[before.targets[0]][0]
        else:
            gone[before.targets[0]] = before.args[0]  # type: ignore[assignment]
    if not merged:
        return function
    statements: list[Statement] = []
    for statement in function.statements:
        if not any(t in gone for t in targets_of(statement)):
            statements += next((merged[t] for t in targets_of(statement) if t in merged), [statement])
    return replace(function, statements=tuple(rewrite(s, resolved(gone)) for s in statements))


def _same_place(statement: Assign, made: dict[Var, Assign], uses: Counter[Var], gone: dict[Var, Atom]) -> Assign | None:
    """The addition to the same place before this one, with nothing but additions to other places between them."""
    value, version = statement.args[2], statement.args[0]
    before, between = made.get(version) if isinstance(version, Var) else None, False
    while before is not None and _added(before) is not None and uses[before.targets[0]] == 1:
        if before.targets[0] not in gone and key(before.args[1]) == key(statement.args[1]):
            other = _added(before)
            assert other is not None
            alike = isinstance(value, Var) and isinstance(other, Var) and _are_alike(value, other) and names_once(statement.args[1])
            return before if alike and not (between and _may_change(other, made)) else None
        before = made.get(before.args[0]) if _grows(before) else None  # type: ignore[arg-type]
        between = True
    return None


def _zeros(part: Assign) -> Assign:
    """The zeros that a part is put into."""
    dtype = part.targets[0].type.dtype  # type: ignore[union-attr]
    kind = None if dtype == np.float64 else dtype.type
    return replace(part, primitive=ZEROS, args=(part.args[2], Const(kind), Const("C")), strong=False)


def _are_alike(one: Var, other: Var) -> bool:
    return one.type == other.type or {one.type, other.type} == {float, np.float64}


def _added(statement: Assign) -> Operand | None:
    """What a statement adds to a part of an array, or of zeros."""
    if statement.primitive is SCATTER:
        return statement.args[0] if statement.phase else None
    return statement.args[2] if _grows(statement) else None


def _may_change(value: Operand, made: dict[Var, Assign]) -> bool:
    """Whether a value may be part of an array that is written."""
    start = made.get(value) if isinstance(value, Var) else None
    number = isinstance(value, Var) and not isinstance(value.type, ArrayType)
    return not number and (start is None or start.primitive.alias or bool(start.primitive.writes))


def _grows(statement: Statement) -> bool:
    return isinstance(statement, Assign) and statement.phase > 0 and statement.primitive.writes in ("+=", "-=")


def _absorbed(statements: list[Statement], results: tuple[Atom, ...]) -> set[Var]:
    """Scatters that nothing reads any more."""
    read = {v for s in statements for v in reads(s)} | {v for r in results for v in variables(r)}
    return {t for s in statements if isinstance(s, Assign) and s.primitive is SCATTER and s.phase for t in s.targets
            if t not in read and isinstance(t.type, ArrayType)}  # fmt: skip


def names_once(operand: Operand) -> bool:
    """Whether an index names no place twice: it is basic, or a mask."""
    if isinstance(operand, Display) and operand.kind is tuple:
        return all(not _is_tuple(i) and names_once(i) for i in operand.items)
    if isinstance(operand, Display) and operand.kind is slice:
        return True
    if isinstance(operand, Var):
        kind = operand.type
        return kind.dtype == np.bool_ if isinstance(kind, ArrayType) else isinstance(kind, type) and issubclass(kind, (int, np.integer))
    return constant_index(operand) is not NOT_CONSTANT


def _is_tuple(operand: Operand) -> bool:
    return isinstance(operand.value, tuple) if isinstance(operand, Const) else isinstance(operand, Display) and operand.kind is not slice
