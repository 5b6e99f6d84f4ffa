"""Products with masked cotangents made plain where no mask reaches: most arrays that are read in parts are read in all their parts."""
from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir import ArrayType, Assign, Const, Function, Operand, Statement, Var, reads
from s2sad.passes.regions import LARGEST, NOT_CONSTANT, constant_index
from s2sad.primitives import BY_NAME

Clean = Any
"""True, False, or an array of truth values of the variable's shape: where no exact zero of a mask is."""
PARTS = frozenset({"getitem", "scatter", "replaced", "accumulated", "diminished"})


def unmask(function: Function) -> Function:
    """`masked_product(g, p)` becomes `g * p` where g is known to hold no exact zero that a mask has put there."""
    if not any(isinstance(s, Assign) and s.primitive.name == "masked_product" for s in function.statements):
        return function
    clean: dict[Var, Clean] = dict.fromkeys(function.params, True)
    kept: list[Statement] = []
    for statement in function.statements:
        if isinstance(statement, Assign):
            if statement.primitive.name == "masked_product" and np.all(of(statement.args[0], clean)):
                statement = replace(statement, primitive=BY_NAME["*"])
            clean.update(dict.fromkeys(statement.targets, True if statement.phase == 0 else _result(statement, clean)))
        kept.append(statement)
    return replace(function, statements=tuple(kept))


def of(operand: Operand, clean: dict[Var, Clean]) -> Clean:
    return clean[operand] if isinstance(operand, Var) else True


def _result(statement: Assign, clean: dict[Var, Clean]) -> Clean:
    primitive, kind = statement.primitive, statement.targets[0].type
    if primitive.name in PARTS:
        return _part(statement, clean) if _small(kind) and _small(_array(statement)) else False
    if primitive.leaves_out(statement.args):
        return False
    if primitive.kind == "elementwise" or primitive.name == "identity":
        found: Clean = primitive.name != "+"
        for argument in statement.args:
            own = of(argument, clean) if not isinstance(argument, Var) or _small(argument.type) else np.all(of(argument, clean))
            found = (found | own) if primitive.name == "+" else (found & own)
        return found
    return all(np.all(clean[v]) for v in reads(statement))


def _small(kind: Any) -> bool:
    return not isinstance(kind, ArrayType) or math.prod(kind.shape) <= LARGEST


def _array(statement: Assign) -> Any:
    return statement.args[0].type if isinstance(statement.args[0], Var) else None


def _part(statement: Assign, clean: dict[Var, Clean]) -> Clean:
    """Elements by index: of a part that is read, of an array that a part was put into."""
    index, name, kind = constant_index(statement.args[1]), statement.primitive.name, statement.targets[0].type
    source = of(statement.args[0], clean)
    if index is NOT_CONSTANT or not isinstance(kind, ArrayType):
        if name != "getitem" or index is NOT_CONSTANT:
            return bool(np.all(source)) and name == "getitem"
        return bool(np.all(_spread(source, statement.args[0])[index]))
    if name == "getitem":
        return _spread(source, statement.args[0])[index]
    value = source if name == "scatter" else of(statement.args[2], clean)
    if name == "replaced" and isinstance(statement.args[2], Const):
        value = False
    found = np.array(_spread(source, statement.args[0])) if name != "scatter" else np.zeros(kind.shape, dtype=bool)
    found[index] = value if name in ("replaced", "scatter") else found[index] | value
    return found


def _spread(mask: Clean, operand: Operand) -> Any:
    shape = operand.type.shape if isinstance(operand, Var) and isinstance(operand.type, ArrayType) else ()
    return np.broadcast_to(mask, shape)
