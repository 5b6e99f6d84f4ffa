"""A factor that all terms of a sum have is taken out of the loop of an adjoint that adds them up.

    for k in range(n):                          for k in range(n):
        s_bar += 2 * s * y_bar[k]      is           s_bar += y_bar[k]
                                                s_bar = 2 * s * s_bar
"""
from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from s2sad.ir.equal import key
from s2sad.ir.program import Assign, Atom, Const, Function, Loop, Operand, Statement, Var, everything, reads, rewrite, targets_of
from s2sad.passes.copies import joined, names_of, rewrite_results, uses_in
from s2sad.rules.operations import ADD, MULTIPLY, SUBTRACT

NUMBERS = (float, np.float64)


def take_out_factors(function: Function) -> Function:
    """Multiply a sum of numbers by what each of its terms was multiplied by in the loop."""
    names, scaled = names_of(function), dict[Var, Atom]()
    kept: list[Statement] = []
    for statement in function.statements:
        statement, products = _without_factors(rewrite(statement, scaled))
        for product in products:
            total = product.args[1]
            scaled[total] = product.targets[0]  # type: ignore[index]
            if total in names:
                names.setdefault(product.targets[0], names[total])  # type: ignore[index]
        kept += [statement, *products]
    return replace(function, statements=tuple(kept), results=rewrite_results(function, scaled), names=joined(names))


def _without_factors(statement: Statement) -> tuple[Statement, list[Assign]]:
    """A loop of an adjoint that adds up terms without their factors, and the products of sums and factors."""
    products = list[Assign]()
    if isinstance(statement, Loop) and statement.phase:
        for k in range(len(statement.inits)):
            statement, product = _without_factor(statement, k)
            products += product
    return statement, products


def _without_factor(loop: Loop, k: int) -> tuple[Loop, list[Assign]]:
    """The loop that adds up the terms without their common factor, and the product of their sum and the factor."""
    terms = _terms(loop, k) if _is_nothing(loop.inits[k]) else None
    factor = None if not terms else _common(terms, _made_in(loop))
    if factor is None or not terms:
        return loop, []
    rest = {t.targets[0]: next(a for a in t.args if key(a) != key(factor)) for t in terms}
    total = loop.results[k]
    product = Assign((Var(total.type),), MULTIPLY, (factor, total), loop.location, loop.phase, strong=any(t.strong for t in terms))
    return _rewritten(loop, rest), [product]


def _rewritten(loop: Loop, rest: dict[Var, Operand]) -> Loop:
    """The loop that adds what is left of the products."""
    statements = (_rewritten(s, rest) if isinstance(s, Loop) else rewrite(s, rest) for s in loop.body.statements)
    return replace(loop, body=replace(loop.body, statements=tuple(statements)))


def _is_nothing(init: Operand) -> bool:
    return isinstance(init, Const) and type(init.value) is float and init.value == 0


def _terms(loop: Loop, k: int) -> list[Assign] | None:
    """The products that a loop, or one in it, adds to what it carries; None where it is made, or needed, in another way."""
    uses = uses_in(Function("", (), loop.body.statements, loop.body.results))  # type: ignore[arg-type]
    made = {t: s for s in loop.body.statements if isinstance(s, Assign) and s.phase for t in s.targets}
    version, terms = loop.carried[k], list[Assign]()
    if version.type not in NUMBERS or (loop.test is not None and version in loop.test.free):
        return None
    for statement in loop.body.statements:
        if version not in reads(statement):
            continue
        found, following = _added(statement, version, made, uses)
        if not found or following is None or uses[version] != 1:
            return None
        terms, version = [*terms, *found], following
    return terms if version is loop.nexts[k] and uses[version] == 1 else None


def _added(statement: Statement, version: Var, made: dict[Var, Assign], uses: Counter[Var]) -> tuple[list[Assign] | None, Var | None]:
    """What a statement adds to a version of a sum, and the next version."""
    if isinstance(statement, Loop) and statement.phase and version in statement.inits:
        k = statement.inits.index(version)
        return _terms(statement, k), statement.results[k]
    if isinstance(statement, Assign):
        return _term(statement, version, made, uses), statement.targets[0]
    return None, None


def _term(statement: Assign, version: Var, made: dict[Var, Assign], uses: Counter[Var]) -> list[Assign]:
    """The product that a statement adds, or subtracts; nothing if it does something else."""
    if not statement.phase or statement.primitive not in (ADD, SUBTRACT):
        return []
    if statement.primitive is SUBTRACT and statement.args[0] is not version:
        return []
    added = [made.get(a) for a in statement.args if isinstance(a, Var) and a is not version and uses[a] == 1]
    return [s for s in added if s is not None and s.primitive is MULTIPLY]


def _made_in(loop: Loop) -> set[Operand]:
    """All that is assigned in a loop."""
    inside = list(everything((loop,)))
    params = (p for s in inside if isinstance(s, Loop) for b in s.blocks for p in b.params)
    return {*params, *(t for s in inside for t in targets_of(s))}


def _common(terms: list[Assign], inside: set[Operand]) -> Operand | None:
    """The factor of all the products that does not change in the loop."""
    candidates = [a for a in terms[0].args if a not in inside and _is_number(a)]
    return next((a for a in candidates if all(_has(t, a, inside) for t in terms)), None)


def _has(term: Assign, factor: Operand, inside: set[Operand]) -> bool:
    others = [a for a in term.args if key(a) != key(factor)]
    return len(others) == 1 and isinstance(others[0], Var) and others[0] in inside and others[0].type in NUMBERS


def _is_number(operand: Operand) -> bool:
    return type(operand.value) in (int, float) if isinstance(operand, Const) else isinstance(operand, Var) and operand.type in NUMBERS
