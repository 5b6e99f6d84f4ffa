"""Adding to part of a cotangent in place: `x_bar[1:] += ...` where the sum of two arrays, one of them mostly zeros, was meant."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from s2sad.ir import ArrayType, Assign, Atom, Const, Display, Function, Operand, Statement, Var, reads, variables
from s2sad.passes.regions import NOT_CONSTANT, constant_index
from s2sad.passes.storage import WRITES
from s2sad.primitives import BY_NAME


def accumulate(function: Function) -> Function:
    """`a + scatter(v, index, shape)` becomes `accumulated(a, index, v)`: what it costs is the part, not the whole."""
    definitions: dict[Var, Assign] = {}
    names = dict(function.names)
    statements: list[Statement] = []
    for statement in function.statements:
        if isinstance(statement, Assign):
            if statement.phase and statement.primitive.name == "+":
                statement = _accumulated(statement, definitions)
            definitions.update(dict.fromkeys(statement.targets, statement))
        statements.append(statement)
    gone = _absorbed(statements, function.results)
    for each in reversed(statements):
        if isinstance(each, Assign) and each.primitive.name in WRITES and each.targets[0] in names:
            names.setdefault(each.args[0], names[each.targets[0]])  # type: ignore[arg-type]
    kept = tuple(s for s in statements if not (isinstance(s, Assign) and any(t in gone for t in s.targets)))
    return replace(function, statements=kept, names=names)


def _accumulated(statement: Assign, definitions: dict[Var, Assign]) -> Assign:
    target = statement.targets[0]
    for base, part in (statement.args, statement.args[::-1]):
        made = definitions.get(part) if isinstance(part, Var) else None
        if made is None or made.primitive.name != "scatter":
            continue
        if isinstance(base, Var) and base is not part and base.type == target.type == part.type:  # type: ignore[union-attr]
            value = made.args[0]
            negated = definitions.get(value) if isinstance(value, Var) else None
            if not names_once(made.args[1]):
                return replace(statement, primitive=BY_NAME["accumulated_at"], args=(base, made.args[1], value))
            if negated is not None and negated.phase and negated.primitive.name == "neg":
                return replace(statement, primitive=BY_NAME["diminished"], args=(base, made.args[1], negated.args[0]))
            return replace(statement, primitive=BY_NAME["accumulated"], args=(base, made.args[1], value))
    return statement


def _absorbed(statements: list[Statement], results: tuple[Atom, ...]) -> set[Var]:
    """Scatters that nothing reads any more."""
    read = {v for s in statements for v in reads(s)} | {v for r in results for v in variables(r)}
    return {t for s in statements if isinstance(s, Assign) and s.primitive.name == "scatter" and s.phase for t in s.targets
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
