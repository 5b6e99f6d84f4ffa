"""What rules say of the elements that a result depends on, against what moves when an element does."""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from s2sad import trees
from s2sad.ir.program import Assign, Const, Display, Operand, Var, type_of
from s2sad.rules.language import BY_NAME, Primitive
from s2sad.sparse.dependence import Dependence
from s2sad.types import dependence
from tests.rule_samples_arrays import INDEXING, REDUCTIONS
from tests.rule_samples_elementwise import ROWS, arguments
from tests.rule_samples_linalg import LINALG, PRODUCTS
from tests.rule_samples_shapes import CREATION, SHAPES
from tests.rules.test_rules_arrays import active

pytestmark = pytest.mark.sampled(12)

ARRAYS = {**INDEXING, **REDUCTIONS, **SHAPES, **CREATION, **PRODUCTS, **LINALG}
EXACT = (dependence.moves, dependence.padded, dependence.differences, dependence.convolved, dependence.added, dependence.neighbours)


def samples(name: str) -> list[list[Any]]:
    """The arguments of the samples of a primitive, in the order of its parameters."""
    primitive = BY_NAME[name]
    if name in ARRAYS:
        return [primitive.bind(call.args, call.kwargs) for call in ARRAYS[name]]
    return [bound(primitive, arguments(row, 3)) for row in ROWS[name]]


def bound(primitive: Primitive, given: list[Any]) -> list[Any]:
    names = [p.name for p in primitive.parameters]
    by_name = dict(zip(names, given, strict=False)) if len(given) > primitive.positional else {}
    return primitive.bind(() if by_name else tuple(given), by_name)


class Operation:
    """One sample as a statement: a variable for each array or number that is differentiated."""

    def __init__(self, primitive: Primitive, bound: list[Any]) -> None:
        self.values: dict[Var, Any] = {}
        differentiated = [p.name in primitive.pullbacks for p in primitive.parameters]
        self.args = tuple([self.operand(b) if d else Const(b) for b, d in zip(bound, differentiated, strict=True)])
        self.inputs = [*self.values]
        self.primitive, self.results = primitive, leaves(primitive.evaluate(self.bound()))
        targets = tuple(Var(type_of(r)) for r in self.results)
        self.statement = Assign(targets, primitive, self.args)
        self.values.update(zip(targets, self.results, strict=True))

    def operand(self, value: Any) -> Operand:
        if type(value) in (list, tuple):
            return Display(type(value), tuple(self.operand(v) for v in value))
        if not active(value):
            return Const(value)
        var = Var(type_of(value))
        self.values[var] = value
        return var

    def bound(self, changed: Var | None = None, place: Any = None) -> list[Any]:
        """The arguments, one element of one of them changed."""

        def of(operand: Any) -> Any:
            if isinstance(operand, Display):
                return operand.kind(map(of, operand.items))
            if isinstance(operand, Const):
                return operand.value
            value = self.values[operand]
            if operand is not changed:
                return value
            array = np.array(value)
            array[place] *= 1 + 2.0**-12
            return array if isinstance(value, np.ndarray) else type(value)(array[()])

        return [of(a) for a in self.args]

    def pattern(self) -> Any:
        found = Dependence(self.values, lambda v: True, self.inputs)
        found.push([self.statement])
        return found.of(self.statement.targets).toarray()

    def moving(self) -> Any:
        """Which elements of the results move with each element that goes in."""
        columns = []
        for var in self.inputs:
            for place in np.ndindex(np.shape(self.values[var])):
                moved = leaves(self.primitive.evaluate(self.bound(var, place)))
                columns.append(np.concatenate([np.ravel(a) != np.ravel(b) for a, b in zip(moved, self.results, strict=True)]))
        return np.array(columns, bool).T if columns else np.zeros((sum(np.size(r) for r in self.results), 0), bool)


def leaves(value: Any) -> list[Any]:
    return trees.flatten(value)[0]


NAMES = sorted(name for name in {**ARRAYS, **ROWS} if name in BY_NAME and BY_NAME[name].kind != "zero")


@pytest.mark.parametrize("name", NAMES)
def test_a_pattern_misses_nothing(name: str) -> None:
    primitive = BY_NAME[name]
    for bound in samples(name):
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            operation = Operation(primitive, bound)
            pattern, moving = operation.pattern(), operation.moving()
        assert pattern.shape == moving.shape
        assert not (moving & ~pattern).any(), (name, bound)
        if primitive.spreads in EXACT and all(np.all(v) for v in operation.values.values()):
            assert (moving == pattern).all(), (name, bound)
