"""Sums of products of vectors in an adjoint are written as the products they are.

    b_bar += (y_bar * x).sum()      becomes      b_bar += y_bar @ x

That is shorter, and takes one pass over the elements in place of two. A minus sign or a number by which all terms are multiplied stands
in front of the sum.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Const, Function, Operand, Statement, Var
from s2sad.passes.copies import uses_in
from s2sad.rules.operations import MATMUL, MULTIPLY, NEGATE, SUM

EXACT = (np.dtype(np.float64), np.dtype(np.float32))


def contract(function: Function) -> Function:
    """Write `a @ b` for `np.sum(a * b)` of vectors, where the product is needed for nothing else."""
    sums = [s for s in function.statements if isinstance(s, Assign) and s.phase and _is_sum_of_vector(s)]
    if not sums:
        return function
    made = {t: s for s in function.statements if isinstance(s, Assign) and s.phase for t in s.targets}
    uses = uses_in(function)
    new: dict[tuple[Var, ...], list[Assign]] = {}
    for total in sums:
        terms = list(_terms(total.args[0], made, uses))
        if terms and _is_of_vectors(terms[-1]):
            new.update((s.targets, []) for s in terms)
            new[total.targets] = _product(total, terms)
    statements: list[Statement] = []
    for statement in function.statements:
        statements += new.get(statement.targets, [statement]) if isinstance(statement, Assign) else [statement]
    return replace(function, statements=tuple(statements))


def _terms(terms: Operand, made: dict[Var, Assign], uses: Counter[Var]) -> Iterator[Assign]:
    """What makes the terms of a sum and is needed for nothing else: changes of all signs, products by a number, and a product last."""
    found = made.get(terms) if isinstance(terms, Var) and uses[terms] == 1 else None
    while found is not None and not found.unsure and found.primitive in (NEGATE, MULTIPLY):
        yield found
        rest = found.args[-1] if found.primitive is NEGATE or _is_number(found.args[0]) else None
        found = made.get(rest) if isinstance(rest, Var) and uses[rest] == 1 else None


def _product(total: Assign, terms: list[Assign]) -> list[Assign]:
    """The product that a sum of such terms is, and then what was done to each of them."""
    *outer, product = terms
    results = [*(Var(total.targets[0].type) for _ in outer), total.targets[0]]
    found = [replace(total, targets=(results[0],), primitive=MATMUL, args=product.args, strong=product.strong)]
    for each, (before, after) in zip(reversed(outer), pairwise(results), strict=True):
        found.append(replace(total, targets=(after,), primitive=each.primitive, args=(*each.args[:-1], before), strong=each.strong))
    return found


def _is_sum_of_vector(statement: Assign) -> bool:
    if statement.primitive is not SUM or not _is_vector(statement.args[0]) or statement.unsure:
        return False
    given = zip(SUM.parameters[1:], statement.args[1:], strict=True)
    return all(isinstance(a, Const) and (a.value is p.default or (p.name == "axis" and a.value in (0, (0,)))) for p, a in given)


def _is_of_vectors(product: Assign) -> bool:
    return product.primitive is MULTIPLY and all(map(_is_vector, product.args)) and product.args[0].type == product.args[1].type  # type: ignore[union-attr]


def _is_vector(operand: Operand) -> bool:
    kind = operand.type if isinstance(operand, Var) else None
    return isinstance(kind, ArrayType) and len(kind.shape) == 1 and kind.dtype in EXACT


def _is_number(operand: Operand) -> bool:
    return isinstance(operand, Const) and type(operand.value) in (int, float)
