"""How the arguments of a call are written: by position where they may be, and as short as they may be."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.ir.program import Const, Display, Operand, Var
from s2sad.rules.language import Primitive


def short_shape(shape: Operand) -> Operand:
    """`n` for `(n,)`."""
    if isinstance(shape, Display) and shape.kind is tuple and len(shape.items) == 1:
        return shape.items[0]
    alone = isinstance(shape, Const) and type(shape.value) is tuple and len(shape.value) == 1
    return Const(shape.value[0]) if alone else shape  # type: ignore[union-attr]


def written_arguments(primitive: Primitive, args: tuple[Operand, ...]) -> tuple[list[Operand], dict[str, Operand]]:
    bound: list[Any] = []
    for parameter, arg in zip(primitive.parameters, args, strict=True):
        if parameter.name == "shape" and primitive.root is not None and primitive.root[1] is np:
            arg = short_shape(arg)
        if parameter.variadic and isinstance(arg, Display):
            bound.append(arg.items)
        else:
            bound.append(arg.value if isinstance(arg, Const) and not parameter.variadic else arg)
    positional, named = primitive.call_arguments(bound)
    return [_as_operand(p) for p in positional], {k: _as_operand(v) for k, v in named.items()}


def _as_operand(value: Any) -> Operand:
    return value if isinstance(value, (Var, Const, Display)) else Const(value)


def items_of(operand: Operand) -> list[Any]:
    """The parts of a tuple."""
    if isinstance(operand, Display) and operand.kind is tuple:
        return list(operand.items)
    return [Const(v) for v in operand.value] if isinstance(operand, Const) and isinstance(operand.value, tuple) else []
