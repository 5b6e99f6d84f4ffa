"""The derivative of a power with a constant exponent, as a person writes it.

    3 * x ** 2              of `x ** 3`, and `0.5 * x ** -0.5` of `x ** 0.5`, where NumPy divides by zero without an exception
    -2 * (value / x)        of `value = x ** -2` for one of Python's floats, which is not zero then
"""
from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Const, Operand, Var
from s2sad.rules.operations import DIVIDE, MULTIPLY, POWER


class Powers:
    """The powers of Python's floats that a block computes, and the derivatives of powers."""

    def __init__(self) -> None:
        self.found: dict[tuple[Operand, Any], Var] = {}

    def note(self, statement: Assign) -> None:
        target = statement.targets[0] if statement.targets else None
        if statement.primitive is POWER and not statement.phase and target is not None and target.type is float:
            x, n = statement.args
            if isinstance(n, Const):
                self.found[x, n.value] = target

    def derivative(self, statement: Assign) -> list[Assign] | Var | None:
        """The statements in place of one that computes the derivative of a power; None to leave it."""
        x, exponent, times, others = statement.args
        n, dx = getattr(exponent, "value", None), getattr(times, "value", None)
        if not isinstance(x, Var) or not isinstance(n, (int, float)) or type(dx) is not int or getattr(others, "value", None) != 0:
            return None
        known = self.found.get((x, n)) if x.type is float and n < 0 and dx == 1 else None
        if known is not None:
            return product(statement, n, DIVIDE, known, x)
        whole = n.is_integer() if isinstance(n, float) else True
        factor: float = math.prod((int(n) if whole else n) - step for step in range(dx))
        if factor == 0 or not math.isfinite(factor) or n == dx or not (is_fraction(x) or (n > dx and (whole or x.type is float))):
            return None
        if isinstance(statement.targets[0].type, ArrayType):
            factor = float(factor)  # NumPy is quicker with a float than with an int
        if n - dx == 1:
            return [replace(statement, primitive=MULTIPLY, args=(Const(factor), x))] if factor != 1 else x
        return product(statement, factor, POWER, x, Const(n - dx))


def product(statement: Assign, factor: float, primitive: Any, *args: Operand) -> list[Assign]:
    """What gives the results of a statement as a number times what a primitive gives."""
    inner = Var(statement.targets[0].type)
    return [replace(statement, targets=(inner,), primitive=primitive, args=args),
            replace(statement, primitive=MULTIPLY, args=(Const(factor), inner))]  # fmt: skip


def is_fraction(x: Var) -> bool:
    """Whether it is an array of real fractions, or one of NumPy's numbers, which divide by zero without an exception."""
    if isinstance(x.type, ArrayType):
        return x.type.dtype.kind == "f"
    return isinstance(x.type, type) and issubclass(x.type, np.floating)
