"""Running a Function statement by statement, to see where a NaN or an infinity first arises."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad import objects, trees
from s2sad.ir import Assign, Const, Function, Operand, Statement, Var, reads


def run(function: Function, leaves: list[Any]) -> Iterator[tuple[Statement, list[Any]]]:
    """Each assignment with the values it gave. The function must be free of effects."""
    values: dict[Var, Any] = dict(zip(function.params, leaves, strict=True))
    for statement in function.statements:
        if isinstance(statement, Assign) and all(v in values for v in reads(statement)):
            if statement.primitive.name.startswith("raised "):
                continue  # an exception holds no numbers to look at
            arguments = [evaluate(a, values) for a in statement.args]
            result = _apply(statement, arguments)
            parts = [result] if statement.result is None else trees.flatten(result)[0]
            values.update(zip(statement.targets, parts, strict=True))
            yield statement, parts


def evaluate(operand: Operand, values: dict[Var, Any]) -> Any:
    """The value of an operand."""
    if isinstance(operand, Var):
        return values[operand]
    if isinstance(operand, Const):
        return operand.value
    items = [evaluate(i, values) for i in operand.items]
    if operand.kind is slice:
        return slice(*items)
    return dict(zip(operand.keys, items, strict=True)) if operand.kind is dict else operand.kind(items)


def _apply(statement: Assign, arguments: list[Any]) -> Any:
    structural = STRUCTURAL.get(statement.primitive.name)
    if structural is not None and statement.primitive.callee is None:
        return structural(*arguments)
    with np.errstate(all="ignore"):
        return statement.primitive.evaluate(arguments)


STRUCTURAL: dict[str, Any] = {
    "global": lambda function, name: function.__globals__[name],
    "shadowed": lambda function, name: name in function.__globals__,
    "cell": lambda cell, name: cell.cell_contents,
    "default": lambda function, key: (function.__defaults__ if isinstance(key, int) else function.__kwdefaults__)[key],
    "attribute": getattr,
    "object": lambda value: value,
    "item": lambda owner, key: owner[key],
    "call": lambda function, args, kwargs: function(*args, **kwargs),
}
__all__ = ["evaluate", "objects", "run"]
