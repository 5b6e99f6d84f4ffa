"""Algebra on adjoint statements: what a person would have written at once. The primal part is left alone: its value is bit-equal."""
from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from s2sad.ir.equal import key
from s2sad.ir.program import ArrayType, Assign, Atom, Const, Function, Operand, Statement, Var, rewrite
from s2sad.passes.copies import rewrite_results, uses_in
from s2sad.rules.language import Primitive
from s2sad.rules.operations import ACCUMULATED, ADD, DIMINISHED, DIVIDE, MULTIPLY, NEGATE, POWER, POWER_DERIVATIVE, SCATTER, SUBTRACT

Rewrite = list[Assign] | Var | Const | None
FOLDED = (ADD, SUBTRACT, MULTIPLY)


def simplify(function: Function) -> Function:
    """`g * (1.0 / y)` is `g / y`, `a + (-b)` is `a - b`, `2.0 * (3.0 * x)` is `6.0 * x`, the derivative of `x ** 2` is `2 * x`."""
    replacement: dict[Var, Atom] = {}
    algebra = _Algebra(uses_in(function))
    kept: list[Statement] = []
    for statement in function.statements:
        statement = rewrite(statement, replacement)
        if isinstance(statement, Assign):
            simpler = algebra.simpler(statement) if statement.phase and len(statement.targets) == 1 else None
            if isinstance(simpler, (Var, Const)):
                replacement[statement.targets[0]] = simpler
                continue
            for each in simpler or [statement]:
                algebra.note(each)
                kept.append(each)
        else:
            kept.append(statement)
    return replace(function, statements=tuple(kept), results=rewrite_results(function, replacement))


class _Algebra:
    def __init__(self, uses: Counter[Var]) -> None:
        self.definitions: dict[Var, Assign] = {}
        self.quotients: dict[tuple[Operand, Operand], Var] = {}
        self.uses = uses

    def note(self, statement: Assign) -> None:
        self.definitions.update(dict.fromkeys(statement.targets, statement))
        if statement.primitive is DIVIDE and statement.phase:
            self.quotients.setdefault(statement.args, statement.targets[0])  # type: ignore[arg-type]

    def simpler(self, statement: Assign) -> Rewrite:
        """The statement in a simpler form: others in its place, or an operand it equals; None to leave it."""
        rules: dict[Primitive, Callable[[Assign], Rewrite]] = {
            MULTIPLY: self.product, DIVIDE: self.quotient, ADD: self.sum, SUBTRACT: self.difference, NEGATE: self.negation,
            POWER_DERIVATIVE: _power_derivative, ACCUMULATED: self.growth, DIMINISHED: self.growth, SCATTER: _whole,
        }  # fmt: skip
        primitive = statement.primitive
        if primitive in FOLDED and all(_is_number(a) for a in statement.args):
            return Const(primitive.evaluate([a.value for a in statement.args if isinstance(a, Const)]))
        return rules[primitive](statement) if primitive in rules else None

    def definition(self, operand: Operand) -> Assign | None:
        """The adjoint statement that defines the operand."""
        found = self.definitions.get(operand) if isinstance(operand, Var) else None
        return found if found is not None and found.phase else None

    def defined_by(self, operand: Operand, primitive: Primitive) -> Assign | None:
        """The adjoint statement that defines the operand, if it is of that primitive."""
        found = self.definition(operand)
        return found if found is not None and found.primitive is primitive else None

    def product(self, statement: Assign) -> Rewrite:
        target = statement.targets[0]
        if _is_number(statement.args[1]) and not _is_number(statement.args[0]):
            return self.product(new := _become(statement, MULTIPLY, *statement.args[::-1])) or [new]
        for one, other in (statement.args, statement.args[::-1]):
            if not isinstance(other, Var):
                continue
            if _is_number(one, 1) and other.type == target.type:
                return other
            if _is_number(one, -1) and other.type == target.type:
                return [_become(statement, NEGATE, other)]
            negated = self.defined_by(other, NEGATE)
            if negated is not None and _is_number(one):
                flipped = _become(statement, MULTIPLY, Const(-one.value), negated.args[0])  # type: ignore[union-attr]
                return self.product(flipped) or [flipped]
            if negated is not None and isinstance(negated.args[0], Var):
                made = _become(replace(statement, targets=(Var(target.type),)), MULTIPLY, one, negated.args[0])
                shorter = self.product(made)
                return [*(shorter if isinstance(shorter, list) else [made]), _become(statement, NEGATE, made.targets[0])]
            inverse = self.defined_by(other, DIVIDE)
            if inverse is not None and _is_number(inverse.args[0], 1):
                return [_become(statement, DIVIDE, one, inverse.args[1])]
            quotient = None if inverse is None else self.quotients.get((one, inverse.args[1]))
            if inverse is not None and quotient is not None:  # one * (a / y) where one / y is there
                return [_become(statement, MULTIPLY, quotient, inverse.args[0])]
            spread = self.definition(one)
            if spread is not None and spread.primitive.memory == "spread" and other.type == target.type:
                return self.product(new := _become(statement, MULTIPLY, spread.args[0], other)) or [new]
            part = self.defined_by(other, SCATTER)
            if part is not None and _is_number(one):
                return self.scaled_part(statement, one, part)
            inner = self.defined_by(other, MULTIPLY)
            if inner is not None and not _is_number(one) and _is_number(inner.args[0]) and isinstance(inner.args[1], Var):
                # Constants go to the left, where they meet: a * (c * b) is c * (a * b).
                rest = Var(target.type)
                if isinstance(one, Var) and one.type == inner.args[1].type == target.type:
                    made = _become(replace(statement, targets=(rest,)), MULTIPLY, one, inner.args[1])
                    scaled = self.scaled(made)
                    factor = Const(inner.args[0].value * scaled[0])  # type: ignore[union-attr]
                    return [*scaled[1], _become(statement, MULTIPLY, factor, scaled[2])]
            if inner is not None and _is_number(one) and _is_number(inner.args[0]):
                factor = Const(one.value * inner.args[0].value)  # type: ignore[union-attr]
                return self.product(new := _become(statement, MULTIPLY, factor, inner.args[1])) or [new]
        return None

    def scaled_part(self, statement: Assign, factor: Operand, part: Assign) -> Rewrite:
        """A number times zeros with a part is the part times the number."""
        value = part.args[0]
        if not isinstance(value, Var):
            return None
        product = _become(replace(statement, targets=(Var(value.type),)), MULTIPLY, factor, value)
        steps = self.product(product) or [product]
        return [*steps, replace(part, targets=statement.targets, args=product.targets + part.args[1:])] if isinstance(steps, list) else None

    def scaled(self, statement: Assign) -> tuple[float, list[Assign], Operand]:
        """A product as a constant, the statements that are left, and the operand the constant goes to."""
        one, other = statement.args
        inner = self.defined_by(one, MULTIPLY)
        kept = inner.args[1] if inner is not None and _is_number(inner.args[0]) else None
        if inner is not None and isinstance(kept, Var) and kept.type == statement.targets[0].type:
            return inner.args[0].value, [replace(statement, args=(inner.args[1], other))], statement.targets[0]  # type: ignore[union-attr]
        return 1, [statement], statement.targets[0]

    def quotient(self, statement: Assign) -> Rewrite:
        one, other = statement.args
        if _is_number(other, 1) and isinstance(one, Var) and one.type == statement.targets[0].type:
            return one
        negated = self.defined_by(one, NEGATE)
        if negated is not None and isinstance(negated.args[0], Var):  # minus signs move out, where they meet
            made = _become(replace(statement, targets=(Var(statement.targets[0].type),)), DIVIDE, negated.args[0], other)
            return [made, _become(statement, NEGATE, made.targets[0])]
        return None

    def sum(self, statement: Assign) -> Rewrite:
        one, other = statement.args
        if one is other and isinstance(one, Var):
            return self.doubled(statement, one)
        for left, right in ((one, other), (other, one)):
            if _is_number(left, 0) and isinstance(right, Var) and right.type == statement.targets[0].type:
                return right
            negated = self.defined_by(right, NEGATE)
            if negated is not None:
                return [_become(statement, SUBTRACT, left, negated.args[0])]
        return self.common_factor(statement) or self.common_place(statement) or self.regrouped(statement)

    def doubled(self, statement: Assign, one: Operand) -> list[Assign] | Var | Const:
        """`2 * one`; of an array that is nothing but a part at its place, the part is doubled."""
        placed = self.defined_by(one, SCATTER)
        if placed is None or not isinstance(placed.args[0], Var):
            return self.product(new := _become(statement, MULTIPLY, Const(2), one)) or [new]
        part = replace(statement, targets=(Var(placed.args[0].type),))
        found = self.doubled(part, placed.args[0])
        more, double = (found, part.targets[0]) if isinstance(found, list) else ([], found)
        return [*more, _become(statement, SCATTER, double, *placed.args[1:])]

    def regrouped(self, statement: Assign) -> Rewrite:
        """`(a + b) + b` is `a + 2 * b`; with what is added to a part between two terms that make a shorter sum, that sum comes first."""
        target = statement.targets[0]
        for whole, last in (statement.args, statement.args[::-1]):
            inner = self.defined_by(whole, ADD)
            if inner is None or self.uses[whole] > 1 or any(getattr(a, "type", None) != target.type for a in (*inner.args, last)):  # type: ignore[index]
                continue
            for kept, moved in (inner.args, inner.args[::-1]):
                before = replace(statement, targets=(Var(target.type),))
                if moved is last:
                    found = self.doubled(before, last)
                    more, double = (found, before.targets[0]) if isinstance(found, list) else ([], found)
                    return [*more, _become(statement, ADD, kept, double)]
                if self.defined_by(moved, SCATTER) and not self.defined_by(last, SCATTER):
                    rest = self.sum(_become(before, ADD, kept, last))
                    if isinstance(rest, list):
                        return [*rest, _become(statement, ADD, before.targets[0], moved)]
        return None

    def common_factor(self, statement: Assign) -> Rewrite:
        """`c * a + c * b` is `c * (a + b)`; with opposite signs `c * (a - b)`."""
        one, other = (self.defined_by(a, MULTIPLY) for a in statement.args)
        if one is None or other is None or not (_is_number(one.args[0]) and _is_number(other.args[0])):
            return None
        c, d = one.args[0].value, other.args[0].value  # type: ignore[union-attr]
        a, b, target = one.args[1], other.args[1], statement.targets[0]
        if abs(c) != abs(d) or not all(isinstance(v, Var) and v.type == target.type for v in (a, b)):
            return None
        inner = Var(target.type)
        if c == d:
            parts = _become(replace(statement, targets=(inner,)), ADD, a, b)
        else:
            parts = _become(replace(statement, targets=(inner,)), SUBTRACT, *((a, b) if c > 0 else (b, a)))
        return [parts, _become(statement, MULTIPLY, Const(abs(c) if c != d else c), inner)]

    def common_place(self, statement: Assign) -> Rewrite:
        """Two parts of one array at the same place are added before they are put there."""
        one, other = (self.defined_by(a, SCATTER) for a in statement.args)
        if one is None or other is None or key(one.args[1]) != key(other.args[1]) or key(one.args[2]) != key(other.args[2]):
            return None
        a, b = one.args[0], other.args[0]
        if not (isinstance(a, Var) and isinstance(b, Var) and a.type == b.type):
            return None
        inner = Var(a.type)
        steps = self.sum(new := _become(replace(statement, targets=(inner,)), ADD, a, b)) or [new]
        if not isinstance(steps, list):
            return None
        return [*steps, replace(statement, primitive=one.primitive, args=(inner, *one.args[1:]))]

    def difference(self, statement: Assign) -> Rewrite:
        negated = self.defined_by(statement.args[1], NEGATE)
        return None if negated is None else [_become(statement, ADD, statement.args[0], negated.args[0])]

    def growth(self, statement: Assign) -> Rewrite:
        """To add what is negative is to subtract, and the other way round."""
        array, index, value = statement.args
        other = DIMINISHED if statement.primitive is ACCUMULATED else ACCUMULATED
        negated, product = self.defined_by(value, NEGATE), self.defined_by(value, MULTIPLY)
        if negated is not None:
            return [_become(statement, other, array, index, negated.args[0])]
        if product is None or not _is_number(product.args[0]) or product.args[0].value >= 0 or not isinstance(value, Var):  # type: ignore[union-attr]
            return None
        positive = _become(replace(product, targets=(Var(value.type),)), MULTIPLY, Const(-product.args[0].value), product.args[1])  # type: ignore[union-attr]
        return [positive, _become(statement, other, array, index, positive.targets[0])]

    def negation(self, statement: Assign) -> Rewrite:
        operand = statement.args[0]
        negated, product = self.defined_by(operand, NEGATE), self.defined_by(operand, MULTIPLY)
        if _is_number(operand):
            return Const(-operand.value)  # type: ignore[union-attr]
        if negated is not None and isinstance(negated.args[0], Var):
            return negated.args[0]
        if product is not None and _is_number(product.args[0]):
            return [_become(statement, MULTIPLY, Const(-product.args[0].value), product.args[1])]  # type: ignore[union-attr]
        return None


def _whole(statement: Assign) -> Rewrite:
    """Zeros of which all places are given are what is given."""
    value, index, _ = statement.args
    everywhere = isinstance(index, Const) and index.value is Ellipsis
    return value if everywhere and isinstance(value, Var) and value.type == statement.targets[0].type else None


def _power_derivative(statement: Assign) -> Rewrite:
    """The derivative of `x ** n` for a constant n: `n * x ** (n - 1)`, and on for higher ones.

    Not where that may divide by zero: n is whole, or x one of Python's floats and the power that is left positive.
    """
    x, exponent, dx, dy = statement.args
    n, times = getattr(exponent, "value", None), getattr(dx, "value", None)
    if not (isinstance(n, (int, float)) and type(times) is int and isinstance(dy, Const) and dy.value == 0 and isinstance(x, Var)):
        return None
    whole = n == int(n) if math.isfinite(n) else False
    if n < times or not (whole or x.type is float):
        return None
    factor: float = math.prod((int(n) if whole else n) - step for step in range(times))
    if isinstance(statement.targets[0].type, ArrayType):
        factor = float(factor)  # NumPy is quicker with a float than with an int
    rest = n - times
    if rest == 0:
        return None
    if rest == 1:
        return [_become(statement, MULTIPLY, Const(factor), x)] if factor != 1 else x
    power = Var(statement.targets[0].type)
    steps = [replace(statement, targets=(power,), primitive=POWER, args=(x, Const(rest)))]
    return [*steps, _become(statement, MULTIPLY, Const(factor), power)]


def _become(statement: Assign, primitive: Primitive, *args: Operand) -> Assign:
    return replace(statement, primitive=primitive, args=args)


def _is_number(operand: Operand, value: float | None = None) -> bool:
    return isinstance(operand, Const) and type(operand.value) in (int, float) and value in (None, operand.value)
