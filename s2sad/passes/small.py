"""Cotangents that are arrays full of one number, as that of what is summed: what reads a part of one takes the number.

A number of Python's stands for one of NumPy's beside another operand that makes the result one of NumPy's, and as what is written into an
array. Elsewhere it might raise where NumPy warns.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Block, Const, Function, If, Loop, Operand, Statement, Var
from s2sad.rules.operations import GETITEM, MULTIPLY, NEGATE


def use_numbers(function: Function) -> Function:
    """Elements and parts of arrays full of one number are that number, where it does as well."""
    return replace(function, statements=_Numbers().walk(function.statements))


class _Numbers:
    def __init__(self) -> None:
        self.number: dict[Operand, Operand] = {}  # of what is one number throughout

    def walk(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        kept: list[Statement] = []
        for statement in statements:
            match statement:
                case Assign(targets=(target,)) if _is_float(target):
                    kept += self.assign(statement, target)
                case Loop():
                    test = None if statement.test is None else self.block(statement.test)
                    kept.append(replace(statement, test=test, body=self.block(statement.body)))
                case If():
                    kept.append(replace(statement, then=self.block(statement.then), orelse=self.block(statement.orelse)))
                case _:
                    kept.append(statement)
        return tuple(kept)

    def block(self, block: Block) -> Block:
        return replace(block, statements=self.walk(block.statements))

    def assign(self, statement: Assign, target: Var) -> list[Statement]:
        primitive, args = statement.primitive, statement.args
        if primitive.filled:
            number = args[primitive.index(primitive.filled)]
            if _is_plain(number) or (isinstance(number, Var) and number.type is np.float64):
                self.number[target] = number
        elif primitive is GETITEM and args[0] in self.number:
            self.number[target] = self.number[args[0]]
        elif statement.phase and primitive.writes and len(args) == 3 and args[2] in self.number:
            return [replace(statement, args=(*args[:2], self.number[args[2]]))]
        elif statement.phase and primitive.kind == "elementwise" and any(a in self.number for a in args):
            return self.computed(statement, target)
        return [statement]

    def computed(self, statement: Assign, target: Var) -> list[Statement]:
        """What is computed from such numbers, beside one of NumPy's; else a number again."""
        args = tuple(self.number.get(a, a) for a in statement.args)
        if any(isinstance(a, Var) and a.type == target.type for a in args):
            return [replace(statement, args=args)]
        if not all(map(_is_plain, args)) or statement.primitive not in (MULTIPLY, NEGATE):
            return [statement]
        number = Var(float)
        self.number[target] = number
        return [statement, replace(statement, targets=(number,), args=args)]


def _is_float(var: Var) -> bool:
    return var.type is np.float64 or (isinstance(var.type, ArrayType) and var.type.dtype == np.float64)


def _is_plain(operand: Any) -> bool:
    """Whether an operand is a float of Python's."""
    return type(operand.value) is float if isinstance(operand, Const) else isinstance(operand, Var) and operand.type is float
