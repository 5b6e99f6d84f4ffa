"""`np.mean` as the sum divided by the count, which is what it computes, bit for bit, in half the time on small arrays."""
from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Const, Function, Operand, Statement, Var
from s2sad.rules.language import BY_NAME
from s2sad.rules.operations import DIVIDE
from s2sad.rules.structural import DIM
from s2sad.types.sizes import Size, at_least_zero


def split_means(function: Function) -> Function:
    """Rewrite means of float64 and float32 arrays over all axes, or along one axis."""
    statements: list[Statement] = []
    for statement in function.statements:
        statements += _split(statement) if isinstance(statement, Assign) else [statement]
    return replace(function, statements=tuple(statements))


def _split(statement: Assign) -> list[Statement]:
    primitive, array = statement.primitive, statement.args[0] if statement.args else None
    if not primitive.averages or not isinstance(array, Var) or not isinstance(array.type, ArrayType) or not _is_plain(statement):
        return [statement]
    axis = statement.args[primitive.index("axis")].value  # type: ignore[union-attr]
    counted = _count(statement, array, axis)
    if counted is None:
        return [statement]
    total, sums = Var(statement.targets[0].type), BY_NAME[primitive.averages]
    bound = sums.bind((array,), {})
    bound[sums.index("axis")] = axis
    args = tuple(a if isinstance(a, Var) else Const(a) for a in bound)
    count, asked = counted
    return [replace(statement, targets=(total,), primitive=sums, args=args), *asked,
            replace(statement, primitive=DIVIDE, args=(total, count))]  # fmt: skip


def _is_plain(statement: Assign) -> bool:
    """Whether a mean is of floats, and says at most along which axis."""
    primitive, kind = statement.primitive, statement.args[0].type  # type: ignore[union-attr]
    assert isinstance(kind, ArrayType)
    given = zip(primitive.parameters[1:], statement.args[1:], strict=True)
    plain = all(isinstance(a, Const) and (p.name == "axis" or a.value is p.default) for p, a in given)
    return plain and bool(kind.shape) and kind.dtype in (np.float64, np.float32)


def _count(statement: Assign, array: Var, axis: Any) -> tuple[Operand, list[Statement]] | None:
    """How many elements a mean is of, and the statements that ask for it; None where there may be none, or nobody knows."""
    shape = array.type.shape  # type: ignore[union-attr]
    if axis is not None and type(axis) is not int:
        return None
    count = math.prod(shape) if axis is None else shape[axis]
    if not isinstance(count, Size):
        return None if count == 0 else (Const(count), [])
    if not at_least_zero(count - 1) or (axis is None and len(shape) > 1):
        return None
    size = Var(int, size=count)
    return size, [Assign((size,), DIM, (array, Const((axis or 0) % len(shape))), statement.location, statement.phase)]
