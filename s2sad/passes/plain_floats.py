"""`float(x)` of what is one of Python's floats already.

A gradient has the class of its argument, so a number that an adjoint has worked out is made a float. Where it comes of Python's floats by
arithmetic and `math` alone it is one; what comes of elements of arrays, or of NumPy's functions, is a number of NumPy's although its type
says `float`.
"""
from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import replace

from s2sad.ir.program import (
    Assign,
    Const,
    Function,
    If,
    Loop,
    Operand,
    Var,
    everything,
    rewrite,
    substitute,
)  # fmt: skip
from s2sad.rules.operations import FLOAT

ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
Ways = Iterator[tuple[Var, tuple[Operand, ...] | None]]


def plain_floats(function: Function) -> Function:
    """The function without `float` of its own floats."""
    made = [s for s in function.statements if isinstance(s, Assign) and s.primitive is FLOAT]
    if not made:
        return function
    plain = _plain(function)
    needless = {s.targets[0]: s.args[0] for s in made if s.args[0] in plain}
    statements = tuple(rewrite(s, needless) for s in function.statements if not (isinstance(s, Assign) and s.targets[0] in needless))
    return replace(function, statements=statements, results=tuple(substitute(r, needless) for r in function.results))


def _plain(function: Function) -> set[Var]:
    """The variables that are Python's floats: all of that type, but for those that one of their ways does not make so."""
    ways = [(v, operands) for v, operands in _ways(function) if v.type is float]
    found = {v for v, _ in ways}
    before = len(found) + 1
    while len(found) < before:
        before = len(found)
        found -= {v for v, operands in ways if operands is None or not all(_is_plain(o, found) or _is_whole(o) for o in operands)
                  or (operands and not any(_is_plain(o, found) for o in operands))}  # fmt: skip
    return found


def _is_plain(operand: Operand, found: set[Var]) -> bool:
    return operand in found or (isinstance(operand, Const) and type(operand.value) is float)


def _is_whole(operand: Operand) -> bool:
    """Whether an operand is one of Python's whole numbers: arithmetic makes a float of it if there is one beside it."""
    if isinstance(operand, Const):
        return type(operand.value) is int
    return isinstance(operand, Var) and operand.type is int and operand.size is not None


def _ways(function: Function) -> Ways:
    """For each variable what it comes of, in one way or another; None where that may be anything."""
    yield from ((p, ()) for p in function.params)
    loops = [s for s in everything(function.statements) if isinstance(s, Loop)]
    saved = {stack: value for s in loops for stack, value in zip(s.stacks, s.saved, strict=True)}
    for statement in everything(function.statements):
        match statement:
            case Assign():
                yield from ((t, _comes_of(statement)) for t in statement.targets)
            case Loop():
                for var in (statement.carried, statement.results):
                    yield from ((v, (init,)) for v, init in zip(var, statement.inits, strict=True))
                    yield from ((v, (following,)) for v, following in zip(var, statement.nexts, strict=True))
                for element, stack in zip(statement.elements, statement.scanned, strict=True):
                    yield element, (saved[stack],) if stack in saved else None
            case If():
                for block in statement.blocks:
                    yield from ((target, (result,)) for target, result in zip(statement.targets, block.results, strict=True))


def _comes_of(statement: Assign) -> tuple[Operand, ...] | None:
    primitive = statement.primitive
    if primitive is FLOAT or primitive.structural or (primitive.root is not None and primitive.root[1] is math):
        return ()
    template = primitive.template
    if isinstance(template, ast.UnaryOp) or (isinstance(template, ast.BinOp) and isinstance(template.op, ARITHMETIC)):
        return statement.args
    whole = isinstance(template, ast.BinOp) and isinstance(template.op, ast.Pow) and type(getattr(statement.args[1], "value", None)) is int
    return statement.args if whole else None
