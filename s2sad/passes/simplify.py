"""Algebra on adjoint statements: what a person would have written at once. The primal part is left alone: its value is bit-equal."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.equal import key
from s2sad.ir.program import ArrayType, Assign, Atom, Const, Function, Operand, Statement, Var, computed, elements, rewrite
from s2sad.passes.copies import rewrite_results, uses_in
from s2sad.passes.like_terms import like_terms
from s2sad.passes.powers import Powers
from s2sad.rules.language import BY_NAME, Primitive
from s2sad.rules.operations import (
    ACCUMULATED,
    ADD,
    DIMINISHED,
    DIVIDE,
    MULTIPLY,
    NEGATE,
    POWER_DERIVATIVE,
    RESHAPE,
    SCATTER,
    SUBTRACT,
    TRANSPOSE,
)

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
        self.powers = Powers()
        self.uses = uses

    def note(self, statement: Assign) -> None:
        self.definitions.update(dict.fromkeys(statement.targets, statement))
        if statement.primitive is DIVIDE and statement.phase:
            self.quotients.setdefault(statement.args, statement.targets[0])  # type: ignore[arg-type]
        self.powers.note(statement)

    def simpler(self, statement: Assign) -> Rewrite:
        """The statement in a simpler form: others in its place, or an operand it equals; None to leave it."""
        rules: dict[Primitive, Callable[[Assign], Rewrite]] = {
            MULTIPLY: self.product, DIVIDE: self.quotient, ADD: self.sum, SUBTRACT: self.difference, NEGATE: self.negation,
            POWER_DERIVATIVE: self.powers.derivative, ACCUMULATED: self.growth, DIMINISHED: self.growth, SCATTER: _whole,
            RESHAPE: self.reshaped, TRANSPOSE: self.turned_back,
        }  # fmt: skip
        if statement.primitive.operator and isinstance(statement.targets[0].type, ArrayType) and any(map(_is_array, statement.args)):
            operator = _become(statement, BY_NAME[statement.primitive.operator], *statement.args)
            return self.simpler(operator) or [operator]
        primitive = statement.primitive
        if primitive in FOLDED and all(_is_number(a) for a in statement.args):
            return Const(primitive.evaluate([a.value for a in statement.args if isinstance(a, Const)]))
        return rules[primitive](statement) if primitive in rules else self.moved_out(statement)

    def turned_back(self, statement: Assign) -> Rewrite:
        """`x` for `x.T.T`."""
        inner = self.definitions.get(statement.args[0])  # type: ignore[arg-type]
        if inner is None or inner.primitive is not TRANSPOSE or not key(inner.args[1]) == key(statement.args[1]) == key(Const(None)):
            return None
        return inner.args[0] if isinstance(inner.args[0], Var) else None

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
            if (shorter := self.by_quotient(statement, one, other)) is not None:
                return shorter
            spread = self.spread(one, target)
            if spread is not None and other.type == target.type:
                return self.product(new := _become(statement, MULTIPLY, spread, other)) or [new]
            part = self.defined_by(other, SCATTER)
            if part is not None and _is_number(one):
                return self.scaled_part(statement, one, part)
            inner = self.defined_by(other, MULTIPLY)
            if inner is not None and not _is_number(one) and _is_number(inner.args[0]) and isinstance(inner.args[1], Var):
                # Constants go to the left, where they meet: a * (c * b) is c * (a * b).
                rest = Var(target.type)
                if isinstance(one, Var) and inner.args[1].type == other.type and _is_as_large(other, target):
                    made = _become(replace(statement, targets=(rest,)), MULTIPLY, one, inner.args[1])
                    scaled = self.scaled(made)
                    factor = Const(inner.args[0].value * scaled[0])  # type: ignore[union-attr]
                    return [*scaled[1], _become(statement, MULTIPLY, factor, scaled[2])]
            if inner is not None and _is_number(one) and _is_number(inner.args[0]):
                factor = Const(one.value * inner.args[0].value)  # type: ignore[union-attr]
                return self.product(new := _become(statement, MULTIPLY, factor, inner.args[1])) or [new]
        first, second = statement.args
        return [_become(statement, MULTIPLY, second, first)] if _is_number(second) and isinstance(first, Var) else None

    def by_quotient(self, statement: Assign, one: Operand, other: Var) -> Rewrite:
        """A product with a quotient, as a quotient."""
        target, inverse = statement.targets[0], self.defined_by(other, DIVIDE)
        if inverse is None:
            return None
        above, below = inverse.args
        if _is_number(above, 1):
            return [_become(statement, DIVIDE, one, below)]
        share = None if self.uses[other] > 1 else self.defined_by(above, DIVIDE)
        if share is not None and _is_number(share.args[0], 1) and getattr(one, "type", None) == target.type:  # one * (1 / n / below)
            made = _become(replace(statement, targets=(Var(target.type),)), DIVIDE, one, below)
            return [made, _become(statement, DIVIDE, made.targets[0], share.args[1])]
        if _is_number(one) and _is_number(above):
            return [_become(statement, DIVIDE, Const(one.value * above.value), below)]  # type: ignore[union-attr]
        quotient = self.quotients.get((one, below))  # one * (above / below) where one / below is there
        return None if quotient is None else [_become(statement, MULTIPLY, quotient, above)]

    def spread(self, operand: Operand, like: Var) -> Any:
        """What an array repeats or is full of, for an operation with another one that is as large and of the same dtype."""
        made = self.definition(operand)
        if made is None or made.primitive.memory == "spread":
            return None if made is None else made.args[0]
        value = made.args[made.primitive.index(made.primitive.filled)] if made.primitive.filled else None
        kind = value.type if isinstance(value, Var) else type(value.value) if isinstance(value, Const) else None
        return value if kind in (int, float) or kind is getattr(getattr(like.type, "dtype", None), "type", "none") else None

    def scaled_part(self, statement: Assign, factor: Operand, part: Assign) -> Rewrite:
        """A number times zeros with a part is the part times the number."""
        value = part.args[0]
        if not isinstance(value, Var):
            return None
        product = _become(replace(statement, targets=(Var(computed(value.type)),)), MULTIPLY, factor, value)
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
        if (alike := like_terms(statement, self.definition)) is not None:
            return self.product(alike) or [alike]
        for left, right in ((one, other), (other, one)):
            if _is_number(left, 0) and isinstance(right, Var) and right.type == statement.targets[0].type:
                return right
            negated = self.defined_by(right, NEGATE)
            if negated is not None:
                return [_become(statement, SUBTRACT, left, negated.args[0])]
            made = self.definition(right)
            nothing = _is_number(right, 0) or (made is not None and made.primitive.zeros)
            if nothing and isinstance(left, Var) and left.type == statement.targets[0].type:
                return left
            spread = self.spread(right, statement.targets[0])
            if spread is not None and isinstance(left, Var) and left.type == statement.targets[0].type:
                return self.sum(new := _become(statement, ADD, left, spread)) or [new]
        return self.common_factor(statement) or self.common_place(statement) or self.regrouped(statement) or self.subtracted(statement)

    def subtracted(self, statement: Assign) -> Rewrite:
        """`a + -2 * b` is `a - 2 * b`."""
        for left, right in (statement.args, statement.args[::-1]):
            opposite = self.opposite(right)
            if opposite is not None:
                return [opposite, _become(statement, SUBTRACT, left, opposite.targets[0])]
        return None

    def opposite(self, operand: Operand) -> Assign | None:
        """What is to be subtracted in place of a product with a negative number, or a quotient of one."""
        inner = self.definition(operand)
        if inner is None or inner.primitive not in (MULTIPLY, DIVIDE) or not isinstance(operand, Var) or self.uses[operand] > 1:
            return None
        if not _is_number(inner.args[0]) or inner.args[0].value >= 0 or inner.args[0].value == -1:  # type: ignore[union-attr]
            return None
        return replace(inner, targets=(Var(operand.type),), args=(Const(-inner.args[0].value), inner.args[1]))  # type: ignore[union-attr]

    def doubled(self, statement: Assign, one: Operand) -> list[Assign] | Var | Const:
        """`2 * one`; of an array that is nothing but a part at its place, the part is doubled."""
        placed = self.defined_by(one, SCATTER)
        if placed is None or not isinstance(placed.args[0], Var):
            return self.product(new := _become(statement, MULTIPLY, Const(2), one)) or [new]
        part = replace(statement, targets=(Var(computed(placed.args[0].type)),))
        found = self.doubled(part, placed.args[0])
        more, double = (found, part.targets[0]) if isinstance(found, list) else ([], found)
        return [*more, _become(statement, SCATTER, double, *placed.args[1:])]

    def regrouped(self, statement: Assign) -> Rewrite:
        """`(a + b) + b` is `a + 2 * b`; with what is added to a part between two terms that make a shorter sum, that sum comes first."""
        target = statement.targets[0]
        for whole, last in (statement.args, statement.args[::-1]):
            inner = self.defined_by(whole, ADD)
            if inner is None or self.uses[whole] > 1:  # type: ignore[index]
                continue
            for kept, moved in (inner.args, inner.args[::-1]):
                if moved is last and isinstance(last, Var):
                    doubled = replace(statement, targets=(Var(computed(last.type)),))
                    found = self.doubled(doubled, last)
                    more, double = (found, doubled.targets[0]) if isinstance(found, list) else ([], found)
                    return [*more, _become(statement, ADD, kept, double)]
                if any(getattr(a, "type", None) != target.type for a in (*inner.args, last)):
                    continue
                before = replace(statement, targets=(Var(target.type),))
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
        inner = Var(computed(a.type))
        steps = self.sum(new := _become(replace(statement, targets=(inner,)), ADD, a, b)) or [new]
        if not isinstance(steps, list):
            return None
        return [*steps, replace(statement, primitive=one.primitive, args=(inner, *one.args[1:]))]

    def difference(self, statement: Assign) -> Rewrite:
        one, other = statement.args
        if _is_number(other, 0) and isinstance(one, Var) and one.type == statement.targets[0].type:
            return one
        if (alike := like_terms(statement, self.definition)) is not None:
            return self.product(alike) or [alike]
        negated, opposite, spread = self.defined_by(other, NEGATE), self.opposite(other), self.spread(other, statement.targets[0])
        if negated is not None:
            return [_become(statement, ADD, one, negated.args[0])]
        if spread is not None and isinstance(one, Var) and one.type == statement.targets[0].type:
            return [_become(statement, SUBTRACT, one, spread)]
        return None if opposite is None else [opposite, _become(statement, ADD, one, opposite.targets[0])]

    def growth(self, statement: Assign) -> Rewrite:
        """To add what is negative is to subtract, and the other way round."""
        array, index, value = statement.args
        other = DIMINISHED if statement.primitive is ACCUMULATED else ACCUMULATED
        negated, opposite = self.defined_by(value, NEGATE), self.opposite(value)
        if negated is not None:
            return [_become(statement, other, array, index, negated.args[0])]
        return None if opposite is None else [opposite, _become(statement, other, array, index, opposite.targets[0])]

    def negation(self, statement: Assign) -> Rewrite:
        operand = statement.args[0]
        negated, product = self.defined_by(operand, NEGATE), self.defined_by(operand, MULTIPLY)
        if _is_number(operand):
            return Const(-operand.value)  # type: ignore[union-attr]
        if negated is not None and isinstance(negated.args[0], Var):
            return negated.args[0]
        if product is not None and _is_number(product.args[0]):
            return [_become(statement, MULTIPLY, Const(-product.args[0].value), product.args[1])]  # type: ignore[union-attr]
        quotient = self.defined_by(operand, DIVIDE)
        if quotient is not None and _is_number(quotient.args[0]) and self.uses[operand] == 1:  # type: ignore[index]
            return [replace(quotient, targets=statement.targets, args=(Const(-quotient.args[0].value), quotient.args[1]))]  # type: ignore[union-attr]
        return None

    def reshaped(self, statement: Assign) -> Rewrite:
        array, _, order, copied = statement.args
        as_it_is = isinstance(array, Var) and array.type == statement.targets[0].type and getattr(copied, "value", True) is None
        return array if as_it_is and getattr(order, "value", None) == "C" else self.moved_out(statement)  # type: ignore[return-value]

    def moved_out(self, statement: Assign) -> Rewrite:
        """`np.sum(-x)` is `-np.sum(x)`, and so for all that is linear; `np.sum(2 * x)` is `2 * np.sum(x)`, where that is fewer elements."""
        place, target = _linear_in(statement), statement.targets[0]
        operand = None if place is None else statement.args[place]
        inner = self.definition(operand) if isinstance(operand, Var) else None
        if inner is None or self.uses[inner.targets[0]] > 1 or inner.primitive not in (NEGATE, MULTIPLY, DIVIDE):
            return None
        if computed(target.type) != target.type:
            return None
        for k, x in enumerate(inner.args[: 1 if inner.primitive is DIVIDE else 2]):
            others = inner.args[:k] + inner.args[k + 1 :]
            if isinstance(x, Var) and x.type == inner.targets[0].type and _is_worth_it(others, x, target):
                made = replace(statement, targets=(Var(target.type),), args=tuple(x if a is operand else a for a in statement.args))
                return [made, replace(inner, targets=statement.targets, args=(*inner.args[:k], made.targets[0], *inner.args[k + 1 :]))]
        return None


def _is_worth_it(others: tuple[Operand, ...], array: Var, target: Var) -> bool:
    """Whether what is linear is to come before the rest: a sign always, a number where fewer elements are left."""
    if not others:
        return _count(target.type) <= _count(array.type)
    numbers = all(_is_number(o) or (isinstance(o, Var) and not isinstance(o.type, ArrayType)) for o in others)
    return numbers and _count(target.type) < _count(array.type)


def _linear_in(statement: Assign) -> int | None:
    """The place of an array in which a statement is linear, with zeros or nothing for the others that it is linear in."""
    primitive = statement.primitive
    if primitive.kind != "linear" or primitive.anew or primitive.writes:
        return None
    places = [primitive.index(name) for name in primitive.pullbacks]
    given = [k for k in places if not (_is_number(statement.args[k], 0) or getattr(statement.args[k], "value", None) is np._NoValue)]
    return given[0] if len(given) == 1 and isinstance(getattr(statement.args[given[0]], "type", None), ArrayType) else None


def _count(kind: Any) -> int:
    """How many elements an array has, and 0 of a number."""
    return elements(kind) if isinstance(kind, ArrayType) else 0


def _is_as_large(one: Var, other: Var) -> bool:
    return _count(one.type) == _count(other.type)


def _whole(statement: Assign) -> Rewrite:
    """Zeros of which all places are given are what is given."""
    value, index, _ = statement.args
    everywhere = isinstance(index, Const) and index.value is Ellipsis
    return value if everywhere and isinstance(value, Var) and value.type == statement.targets[0].type else None


def _become(statement: Assign, primitive: Primitive, *args: Operand) -> Assign:
    return replace(statement, primitive=primitive, args=args)


def _is_array(operand: Operand) -> bool:
    """Whether the operators of an operand are NumPy's; those of a list are not."""
    if isinstance(operand, Var):
        return isinstance(operand.type, ArrayType)
    return isinstance(operand, Const) and isinstance(operand.value, (np.ndarray, np.generic))


def _is_number(operand: Operand, value: float | None = None) -> bool:
    return isinstance(operand, Const) and type(operand.value) in (int, float) and value in (None, operand.value)
