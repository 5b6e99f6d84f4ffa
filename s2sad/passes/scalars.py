"""Numbers that an array is multiplied by in an adjoint meet before they meet the array.

    2 * (x * y_bar)      becomes      2 * y_bar * x
    -(x * y_bar)                      x * -y_bar

where `y_bar` is a number: one pass over the array in place of two. The sign of a product is that of either factor, to the last bit.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Const, Function, Operand, Statement, Var, targets_of
from s2sad.passes.copies import uses_in
from s2sad.rules.operations import MULTIPLY, NEGATE


def multiply_numbers_first(function: Function) -> Function:
    """`(s * t) * array` for `s * (t * array)`, where the product of two is needed for nothing else."""
    assigned, scaled = _scaled(function)
    if len(scaled) < 2:
        return function
    uses, gone, strong = uses_in(function), set[Var](), {s.targets[0] for s in assigned if s.strong}
    statements: list[Statement] = []
    for statement in function.statements:
        number, array = next((scaled[t] for t in targets_of(statement) if t in scaled), (None, None))
        inner = scaled.get(array) if isinstance(array, Var) and uses[array] == 1 else None
        together = None if inner is None else _class_of(number, inner[0])
        if together is None or inner is None or not isinstance(statement, Assign) or not isinstance(array, Var):
            statements.append(statement)
            continue
        assert number is not None
        both = replace(statement, targets=(Var(together),), args=(number, inner[0]), strong=statement.strong or array in strong)
        scaled[statement.targets[0]] = factors = both.targets[0], inner[1]
        statements += [both, replace(statement, args=factors)]
        gone.add(array)
    return replace(function, statements=tuple(s for s in statements if gone.isdisjoint(targets_of(s))))


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
