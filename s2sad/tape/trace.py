"""Operations and values in words: the lines of an evaluation trace, `v3 = v-1 * v2 = 1.683`."""
from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.machine.traced import Traced
from s2sad.rules.language import Primitive
from s2sad.runtime import asking

FEW = 6  # arrays of more entries are shown by dtype and shape


def describe(primitive: Primitive, bound: list[Any]) -> str:
    """An operation as it is written, with names for what is followed: `v-1 * v2`, `log(v-1)`, `sum(v3, axis=0)`."""
    match primitive.template:
        case ast.BinOp() | ast.Compare():
            return f"{operand(bound[0])} {primitive.name} {operand(bound[1])}"
        case ast.UnaryOp(op=op):
            return {"UAdd": "+", "Invert": "~"}.get(type(op).__name__, "-") + operand(bound[0])
        case ast.Subscript():
            return f"{operand(bound[0])}[{index(bound[1])}]"
    positional, named = primitive.call_arguments(bound)
    arguments = [*(operand(p) for p in positional), *(f"{key}={operand(value)}" for key, value in named.items())]
    if primitive.callee is None:
        return f"{arguments[0]}{primitive.name}({', '.join(arguments[1:])})"
    return f"{primitive.name.rpartition('.')[2]}({', '.join(arguments)})"


def operand(value: Any) -> str:
    """What stands in an operation: a name, a constant, or a container of them."""
    if isinstance(value, Traced):
        return str(value.name)
    if type(value) is list:
        return f"[{', '.join(map(operand, value))}]"
    if type(value) is tuple:
        return f"({', '.join(map(operand, value))}{',' * (len(value) == 1)})"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, np.ndarray):
        return shown(value)
    return asking.title(value) or repr(value)


def index(value: Any) -> str:
    """What stands between the brackets of a subscript."""
    if isinstance(value, slice):
        ends = ["" if part is None else operand(part) for part in (value.start, value.stop)]
        return ":".join(ends if value.step is None else [*ends, operand(value.step)])
    if type(value) is tuple:
        return ", ".join(map(index, value)) or "()"
    return "..." if value is Ellipsis else operand(value)


def shown(value: Any) -> str:
    """A value with three decimals; an array of more than a few entries by dtype and shape."""
    if isinstance(value, np.ndarray) and value.size > FEW:
        return f"{value.dtype}[{', '.join(map(str, value.shape))}]"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"[{', '.join(map(shown, value))}]"
    number = value.item() if isinstance(value, (np.ndarray, np.generic)) else value
    return f"{number:.3f}" if isinstance(number, (float, complex)) else repr(number)
