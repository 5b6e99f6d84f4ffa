"""`np.mean` as the sum divided by the count, which is what it computes, bit for bit, in half the time on small arrays."""
from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Const, Function, Operand, Statement, Var
from s2sad.passes.blocks import blockwise
from s2sad.passes.elements import known_of
from s2sad.rules.language import BY_NAME
from s2sad.rules.operations import DIVIDE, MULTIPLY
from s2sad.rules.structural import DIM
from s2sad.types.known import Known
from s2sad.types.sizes import Size


def split_means(function: Function) -> Function:
    """Rewrite means of float64 and float32 arrays over all axes, or along one axis."""
    known = known_of(function)

    def split(block: Function) -> Function:
        statements: list[Statement] = []
        for statement in block.statements:
            statements += _split(statement, known) if isinstance(statement, Assign) else [statement]
        return replace(block, statements=tuple(statements))

    return blockwise(split)(function)


def _split(statement: Assign, known: Known) -> list[Statement]:
    primitive, array = statement.primitive, statement.args[0] if statement.args else None
    if not primitive.averages or not isinstance(array, Var) or not isinstance(array.type, ArrayType) or not _is_plain(statement):
        return [statement]
    axis = statement.args[primitive.index("axis")].value  # type: ignore[union-attr]
    counted = _count(statement, array, axis, known)
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


def _count(statement: Assign, array: Var, axis: Any, known: Known) -> tuple[Operand, list[Assign]] | None:
    """How many elements a mean is of, and the statements that ask for it; None where there may be none, or nobody knows."""
    shape = array.type.shape  # type: ignore[union-attr]
    if axis is not None and type(axis) is not int:
        return None
    axes = range(len(shape)) if axis is None else [axis % len(shape)]
    count = math.prod(shape[k] for k in axes)
    if not isinstance(count, Size):
        return None if count == 0 else (Const(count), [])
    if known.told("negative", count - 1) is not False:
        return None
    number, asked = _dim(statement, array, axes[0])
    for k in axes[1:]:
        factor, more = _dim(statement, array, k)
        both = Var(int, size=math.prod(shape[: k + 1]))
        asked = [*asked, *more, replace(statement, targets=(both,), primitive=MULTIPLY, args=(number, factor))]
        number = both
    return number, asked


def _dim(statement: Assign, array: Var, axis: int) -> tuple[Operand, list[Assign]]:
    """The length of an axis, and the statement that asks for it."""
    length = array.type.shape[axis]  # type: ignore[union-attr]
    if not isinstance(length, Size):
        return Const(length), []
    size = Var(int, size=length)
    return size, [replace(statement, targets=(size,), primitive=DIM, args=(array, Const(axis)))]
