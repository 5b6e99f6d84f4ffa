"""Adjoints divide by a root several times: they are multiplied by its reciprocal, which is one division.

    y_bar = energy / root * (0.5 / root)         reciprocal = 1.0 / root
                                                 y_bar = energy * reciprocal * (0.5 * reciprocal)

A root is never so small that its reciprocal overflows, nor so large that it loses digits, so the numbers are the same but for rounding;
of zero, infinity and NaN they are the same. What the function itself divides keeps its last bit: someone may ask whether it is 1.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from s2sad.ir.program import Assign, Block, Const, Function, If, Loop, Operand, Statement, Var
from s2sad.rules.language import BY_NAME
from s2sad.rules.operations import DIVIDE, MULTIPLY

WIDE = (float, np.float64)


def by_reciprocals(function: Function) -> Function:
    """The function, in which adjoints that divide by a root more than once in a block multiply by its reciprocal."""
    names = dict(function.names)
    block = _of_block(Block(function.params, function.statements, function.results), frozenset(), names)
    return replace(function, statements=block.statements, names=names)


def _of_block(block: Block, known: frozenset[Var], names: dict[Var, str]) -> Block:
    """A block, in which these are roots; reciprocals get names."""
    roots = {*known, *(s.targets[0] for s in block.statements if isinstance(s, Assign) and s.primitive.invertible)}
    divided: dict[Var, list[Assign]] = {}
    for statement in block.statements:
        if isinstance(statement, Assign) and (root := _divisor(statement, roots)) is not None:
            divided.setdefault(root, []).append(statement)
    found: dict[Statement, tuple[Statement, ...]] = {}
    for root, divisions in divided.items():
        if len(divisions) > 1:
            reciprocal = Var(root.type)
            names[reciprocal] = "reciprocal"
            found |= _multiplied(divisions, root, reciprocal)
    statements = (found.get(s) or (_inside(s, frozenset(roots), names),) for s in block.statements)
    return replace(block, statements=tuple(s for group in statements for s in group))


def _inside(statement: Statement, roots: frozenset[Var], names: dict[Var, str]) -> Statement:
    match statement:
        case Loop():
            return replace(statement, body=_of_block(statement.body, roots, names))
        case If():
            then, orelse = (_of_block(side, roots, names) for side in statement.blocks)
            return replace(statement, then=then, orelse=orelse)
    return statement


def _divisor(statement: Assign, roots: set[Var]) -> Var | None:
    """The root that a statement of an adjoint divides a number by."""
    if statement.primitive not in (DIVIDE, BY_NAME[DIVIDE.total]) or not statement.phase:
        return None
    number, root = statement.args
    if not isinstance(root, Var) or root not in roots or root.type not in WIDE or statement.targets[0].type not in WIDE:
        return None
    return root if _is_wide(number) else None


def _is_wide(operand: Operand) -> bool:
    """Whether an operand is a real number of 64 bits, or a float that stands in the code."""
    return type(operand.value) is float if isinstance(operand, Const) else isinstance(operand, Var) and operand.type in WIDE


def _multiplied(divisions: list[Assign], root: Var, reciprocal: Var) -> dict[Statement, tuple[Statement, ...]]:
    """What takes the place of divisions by a root: in front of the first one stands its reciprocal, which raises for zero if one of them
    does."""
    raises = next((s for s in divisions if s.primitive is DIVIDE), divisions[0])
    made = replace(divisions[0], targets=(reciprocal,), primitive=raises.primitive, args=(Const(1.0), root))
    products = [replace(s, primitive=MULTIPLY, args=(s.args[0], reciprocal)) for s in divisions]
    return {s: (made, p) if s is divisions[0] else (p,) for s, p in zip(divisions, products, strict=True)}
