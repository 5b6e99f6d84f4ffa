"""Adding to part of a cotangent in place: `x_bar[1:] += ...` where the sum of two arrays, one of them mostly zeros, was meant."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Atom, Const, Display, Function, Operand, Statement, Var, reads, targets_of, variables
from s2sad.passes.copies import joined, names_of, uses_in
from s2sad.passes.regions import NOT_CONSTANT, constant_index
from s2sad.passes.shared import key
from s2sad.rules.operations import ACCUMULATED, ACCUMULATED_AT, ADD, DIMINISHED, NEGATE, SCATTER, SUBTRACT


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
    """Two numbers that are added to the same place one after the other are added first: the place is read and written once."""
    made = {t: s for s in function.statements if isinstance(s, Assign) for t in s.targets}
    uses = uses_in(function)
    merged: dict[Var, list[Statement]] = {}
    gone: set[Var] = set()
    for statement in function.statements:
        before = made.get(statement.args[0]) if _grows(statement) else None  # type: ignore[union-attr, arg-type]
        if before is None or not isinstance(statement, Assign) or not _grows(before) or uses[before.targets[0]] != 1:
            continue
        one, other = before.args[2], statement.args[2]
        number = all(isinstance(v, Var) and not isinstance(v.type, ArrayType) for v in (one, other))
        if before.targets[0] in gone or not number or not names_once(statement.args[1]) or key(before.args[1]) != key(statement.args[1]):
            continue
        total = Var(one.type)  # type: ignore[union-attr]
        sign = ADD if statement.primitive is before.primitive else SUBTRACT
        grown = replace(statement, primitive=before.primitive, args=(before.args[0], statement.args[1], total))
        so_far = merged.get(before.targets[0], [])[:-1]
        merged[statement.targets[0]] = [*so_far, replace(statement, targets=(total,), primitive=sign, args=(one, other)), grown]
        made[statement.targets[0]] = grown
        gone.add(before.targets[0])
    kept: list[Statement] = []
    for statement in function.statements:
        if not any(t in gone for t in targets_of(statement)):
            kept += next((merged[t] for t in targets_of(statement) if t in merged), [statement])
    return replace(function, statements=tuple(kept))


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
