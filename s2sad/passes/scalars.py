"""Numbers that an array is multiplied by in an adjoint meet before they meet the array.

    2 * (x * y_bar)      becomes      2 * y_bar * x
    2 * (x / n)                       2 / n * x
    -(x * y_bar)                      x * -y_bar

where `y_bar` and `n` are numbers: one pass over the array in place of two. The sign of a product is that of either factor, to the last bit.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Const, Function, Operand, Statement, Var, targets_of
from s2sad.passes.blocks import blockwise
from s2sad.passes.copies import uses_in
from s2sad.passes.elements import known_of
from s2sad.rules.operations import DIVIDE, MULTIPLY, NEGATE
from s2sad.types.known import Known

Factors = tuple[Operand, Operand]


def multiply_numbers_first(function: Function) -> Function:
    """`(s * t) * array` for `s * (t * array)` and `s / n * array` for `s * (array / n)`, where what is in brackets is needed once."""
    known = known_of(function)
    return blockwise(lambda block: _numbers_first(block, known))(function)


def _numbers_first(function: Function, known: Known) -> Function:
    assigned, scaled = _scaled(function)
    parts = {s.targets[0]: s for s in assigned if _is_part(s, known)}
    if len(scaled) + len(parts) < 2:
        return function
    block = _Scaled({t: s for s in assigned if s.phase for t in s.targets}, scaled, parts)
    uses, gone = uses_in(function), set[Var]()
    statements: list[Statement] = []
    for statement in function.statements:
        array = block.array_of(statement)
        steps = block.together(statement, array) if isinstance(array, Var) and uses[array] == 1 else None  # type: ignore[arg-type]
        if steps is not None:
            gone.add(array)  # type: ignore[arg-type]
        statements += steps or [statement]
    return replace(function, statements=tuple(s for s in statements if gone.isdisjoint(targets_of(s))))


class _Scaled:
    """The adjoint statements of a block, which of them multiply an array by a number, and which divide one by a number."""

    def __init__(self, made: dict[Operand, Assign], scaled: dict[Var, Factors], parts: dict[Var, Assign]) -> None:
        self.made, self.scaled, self.parts = made, scaled, parts

    def array_of(self, statement: Statement) -> Operand | None:
        """The array that a statement multiplies, or divides, by a number."""
        target = next(iter(targets_of(statement)), None)
        if target in self.scaled:
            return self.scaled[target][1]
        return self.parts[target].args[0] if target in self.parts else None

    def together(self, statement: Assign, array: Var) -> list[Assign] | None:
        """What computes the same with one pass over the array: numbers first."""
        target, before, part = statement.targets[0], self.scaled.get(array), self.parts.get(array)
        steps = None
        if target in self.scaled and before is not None:
            steps = self.multiplied(statement, self.scaled[target][0], array, before)
        elif target in self.scaled and part is not None:
            steps = divided(statement, self.scaled[target][0], *part.args)
        elif target in self.parts and before is not None:
            steps = divided(statement, *before, statement.args[1])
        if steps is not None:
            self.scaled.pop(target, None)
            if steps[-1].primitive is MULTIPLY:
                self.scaled[target] = steps[-1].args  # type: ignore[assignment]
        return steps

    def multiplied(self, statement: Assign, number: Operand, array: Var, before: Factors) -> list[Assign] | None:
        """A product of a number and a product, as that of both numbers and what is left."""
        inner = self.made.get(before[0])
        if isinstance(number, Const) and inner is not None and inner.primitive is DIVIDE and _is_written(inner.args[0]):
            value = number.value * inner.args[0].value  # type: ignore[union-attr]
            if value == 1:
                return [replace(statement, primitive=DIVIDE, args=(before[1], inner.args[1]))]
            both = replace(inner, targets=(Var(inner.targets[0].type),), args=(Const(value), inner.args[1]))
            return [both, replace(statement, args=(both.targets[0], before[1]))]
        together = _class_of(number, before[0])
        if together is None:
            return None
        both = replace(statement, targets=(Var(together),), args=(number, before[0]),
                       strong=statement.strong or self.made[array].strong)  # fmt: skip
        return [both, replace(statement, args=(both.targets[0], before[1]))]


def divided(statement: Assign, number: Operand, array: Operand, divisor: Operand) -> list[Assign] | None:
    """A product of a number and an array that is divided by another, as the quotient of both numbers times the array."""
    kind = _class_of_quotient(number, divisor)
    if kind is None:
        return None
    both = replace(statement, targets=(Var(kind),), primitive=DIVIDE, args=(number, divisor))
    return [both, replace(statement, primitive=MULTIPLY, args=(both.targets[0], array))]


def _is_written(operand: Operand) -> bool:
    return isinstance(operand, Const) and type(operand.value) in (int, float)


def _is_part(statement: Assign, known: Known) -> bool:
    """Whether a statement of an adjoint divides an array by a number that is not zero, or of NumPy's, which may be."""
    if statement.primitive is not DIVIDE or not statement.phase:
        return False
    array, number = statement.args
    alike = isinstance(array, Var) and isinstance(array.type, ArrayType) and array.type == statement.targets[0].type
    if not alike or not isinstance(number, Var):
        return False
    if number.size is not None:
        return known.told("negative", number.size - 1) is False
    return isinstance(number.type, type) and issubclass(number.type, np.floating)


def _class_of_quotient(one: Operand, other: Any) -> type | None:
    """The class of the quotient of two numbers; None where two classes meet."""
    if other.size is None:
        return _class_of(one, other)
    return float if isinstance(one, Const) else _kind(one)


def _scaled(function: Function) -> tuple[list[Assign], dict[Var, tuple[Operand, Operand]]]:
    """The assignments of a block, and the factors of those that multiply an array by a number."""
    assigned = [s for s in function.statements if isinstance(s, Assign)]
    return assigned, {s.targets[0]: factors for s in assigned if (factors := _factors(s)) is not None}


def negate_numbers(function: Function) -> Function:
    """`(-s) * array` for `-(s * array)`, where the product is needed for nothing else."""
    assigned, scaled = _scaled(function)
    uses = uses_in(function)
    signs = {s.args[0]: s for s in assigned if s.primitive is NEGATE and s.phase and uses[s.args[0]] == 1}  # type: ignore[index]
    new: dict[Statement, list[Statement]] = {}
    for product in assigned:
        number, array = scaled.get(product.targets[0], (None, None)) if product.targets else (None, None)
        sign = signs.get(product.targets[0]) if isinstance(number, Var) else None
        if sign is not None and isinstance(number, Var) and array is not None:
            negative = Var(number.type)
            sign_first = replace(sign, targets=(negative,), args=(number,))
            new[product] = [sign_first, replace(product, targets=sign.targets, args=(array, negative))]
            new[sign] = []
    return replace(function, statements=tuple(n for s in function.statements for n in new.get(s, [s])))


def _factors(statement: Assign) -> tuple[Operand, Operand] | None:
    """The number and the array that a statement of an adjoint is the product of, if that is of the type of the array."""
    if statement.primitive is not MULTIPLY or not statement.phase:
        return None
    one, other = statement.args
    number, array = (other, one) if isinstance(getattr(one, "type", None), ArrayType) else (one, other)
    alike = isinstance(array, Var) and isinstance(array.type, ArrayType) and array.type == statement.targets[0].type
    return (number, array) if alike and _kind(number) is not None else None


def _kind(operand: Any) -> type | None:
    """The class of a number that is a fraction, or of one of Python's that is written out."""
    if isinstance(operand, Const):
        return type(operand.value) if type(operand.value) in (int, float) else None
    kind = operand.type if isinstance(operand, Var) else None
    return kind if isinstance(kind, type) and issubclass(kind, (float, np.floating)) else None


def _class_of(one: Any, other: Any) -> type | None:
    """The class of the product of two numbers; None where two classes meet."""
    written = [isinstance(n, Const) for n in (one, other)]
    first, second = _kind(one), _kind(other)
    if all(written):
        return None
    return second if written[0] else first if written[1] or first is second else None
