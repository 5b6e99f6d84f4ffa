"""What is written at each of its uses, instead of being given a name: sizes, elements, views, and an operation or two on numbers.

To look a name up costs little less, and the text is shorter by a line.
"""
from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.emit.statements import is_number
from s2sad.ir.program import ArrayType, Assign, Const, Display, Operand, Var, reads
from s2sad.rules.language import ATTRIBUTE_NAMES
from s2sad.rules.operations import GETITEM
from s2sad.rules.structural import DIM, NOT, SHAPE

MOST_OPERATIONS = 2
MOST_OFFSET = 10
SIZES = (DIM, SHAPE)


def is_cheap(statement: Assign) -> bool:
    """Whether a statement is one that may be evaluated again."""
    primitive = statement.primitive
    if primitive.raised is not None or len(statement.targets) != 1:
        return False
    if primitive is GETITEM:
        return not isinstance(statement.targets[0].type, ArrayType) or _is_plain(statement.args[1])
    return primitive in SIZES or primitive in ATTRIBUTE_NAMES or is_of_numbers(statement)


def is_of_numbers(statement: Assign) -> bool:
    """Whether a statement compares numbers or computes with them, by one operation."""
    if not all(is_number(v) for v in (*statement.targets, *reads(statement))) or (not statement.phase and not cannot_raise(statement)):
        return False  # what the function computes warns once
    match statement.primitive.template:
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()) | ast.Compare() | ast.UnaryOp(op=ast.USub()):
            return True
    return statement.primitive is NOT


def cannot_raise(statement: Assign) -> bool:
    """Whether an operation on numbers gives a result whatever they are, with whatever NumPy is set to do where one is not finite."""
    if isinstance(statement.primitive.template, ast.Compare):
        return True
    plain = all(v.type in (bool, int, float) for v in (*statement.targets, *reads(statement)))
    return plain and not isinstance(getattr(statement.primitive.template, "op", None), ast.Div)


def is_whole_arithmetic(statement: Assign) -> bool:
    """Whether Python's whole numbers are added or multiplied, which cannot fail."""
    kinds = [v.type for v in (*statement.targets, *reads(statement))]
    template = statement.primitive.template
    plain = isinstance(template, ast.BinOp) and isinstance(template.op, (ast.Add, ast.Sub, ast.Mult))
    return plain and len(kinds) > 1 and all(kind is int for kind in kinds)


def is_offset(statement: Assign) -> bool:
    """Whether this is `i - 1` or `2 * n`, which stands where it is used as in the source, in a loop further inside as well."""
    return is_whole_arithmetic(statement) and any(isinstance(a, Const) and abs(a.value) < MOST_OFFSET for a in statement.args)


def is_short(value: Any) -> bool:
    """Whether an expression has few operations, and no calls."""
    nodes = list(ast.walk(value))
    calls = any(isinstance(n, (ast.Call, ast.IfExp, ast.BoolOp)) for n in nodes)
    return not calls and sum(isinstance(n, (ast.BinOp, ast.Compare, ast.UnaryOp)) for n in nodes) <= MOST_OPERATIONS


def _is_plain(index: Operand) -> bool:
    """Whether an index shows a part of an array, and does not copy it."""
    match index:
        case Display(items=items):
            return index.kind in (tuple, slice) and all(map(_is_plain, items))
        case Const(value=tuple() as parts):
            return all(_is_plain(Const(p)) for p in parts)
        case Const(value=value):
            return value is None or value is Ellipsis or type(value) in (int, slice)
        case Var():
            return isinstance(index.type, type) and issubclass(index.type, (int, np.integer)) and index.type is not bool
