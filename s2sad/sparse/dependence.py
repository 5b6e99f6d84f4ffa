"""The pattern of a recorded list: which inputs each value may depend on, pushed through statement by statement.

What a statement does is said by its primitive (`Facts.spreads`). The pattern misses no element that is not zero, for any inputs that
take the same path; where it was told by values, as by an array of indices, these are found (`deciding`).
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import NotDifferentiable
from s2sad.ir.interpret import evaluate
from s2sad.ir.program import Assign, Const, Display, Operand, Statement, Var, variables
from s2sad.rules.language import Primitive
from s2sad.sparse.arrays import Csr, csr, matrices, of_pairs, of_rows
from s2sad.types import dependence
from s2sad.types.dependence import Given, Numbers, Pairs

LARGEST = 100_000_000  # of how many elements a pattern may be


class Dependence:
    """Which inputs each variable may depend on, as far as it is known; `values` are those of the recorded call."""

    def __init__(self, values: Mapping[Var, Any], follows: Callable[[Var], bool], inputs: Sequence[Var]) -> None:
        self.values, self.follows = values, follows
        self.columns = sum(math.prod(np.shape(values[v])) for v in inputs)
        self.known: dict[Var, Csr] = {}
        self.deciding: dict[Var, None] = {}
        first = 0
        for var in inputs:
            size = math.prod(np.shape(values[var]))
            self.known[var] = csr(np.arange(first, first + size), np.arange(size + 1), self.columns)
            first += size

    def push(self, statements: Iterable[Statement]) -> None:
        for statement in statements:
            if isinstance(statement, Assign) and not self.known.keys().isdisjoint(statement.reads):
                self.assign(statement)

    def of(self, results: Sequence[Operand]) -> Csr:
        """The pattern of some results, one below the other."""
        rows = [self.row(r) for r in results]
        return matrices.vstack(rows, format="csr", dtype=bool) if rows else csr(np.zeros(0, int), np.zeros(1, int), self.columns)

    def row(self, result: Operand) -> Csr:
        if result in self.known:
            return self.known[result]
        size = math.prod(np.shape(evaluate(result, self.values)))  # type: ignore[arg-type]
        return csr(np.zeros(0, int), np.zeros(size + 1, int), self.columns)

    def assign(self, statement: Assign) -> None:
        targets = [t for t in statement.targets if self.follows(t)]
        if not targets or (statement.primitive.kind == "zero" and not statement.primitive.structural):
            return
        sources = [v for v in dict.fromkeys(statement.reads) if v in self.known]
        spread = _spread(statement.primitive)
        if spread is dependence.elementwise and all(self.shape(s) == self.shape(t) for s in sources for t in targets):
            union = self.union(sources)
            self.known.update((t, union) for t in targets)
        elif spread is dependence.everything:
            self.on_all(statement, sources, targets)
        else:
            self.along(statement, sources, targets, spread)

    def shape(self, var: Var) -> tuple[int, ...]:
        return np.shape(self.values[var])

    def union(self, sources: list[Var]) -> Csr:
        first, *others = {id(one): one for one in map(self.known.__getitem__, sources)}.values()
        for other in others:
            first = first + other
        return first

    def on_all(self, statement: Assign, sources: list[Var], targets: list[Var]) -> None:
        indices = np.unique(np.concatenate([self.known[s].indices for s in sources]))
        for target in targets:
            self.check(math.prod(self.shape(target)) * len(indices), statement)
            self.known[target] = of_rows(indices, math.prod(self.shape(target)), self.columns)

    def along(self, statement: Assign, sources: list[Var], targets: list[Var], spread: Callable[[Given], list[Pairs]]) -> None:
        """By pairs of elements, as the primitive tells them."""
        stacked = self.known[sources[0]] if len(sources) == 1 else matrices.vstack([self.known[s] for s in sources], format="csr")
        found = spread(self.given(statement, sources))
        for target, (rows, columns) in zip(statement.targets, found, strict=True):
            if target in targets:
                self.known[target] = self.joined(statement, math.prod(self.shape(target)), rows, columns, stacked)

    def joined(self, statement: Assign, size: int, rows: Any, columns: Any, stacked: Csr) -> Csr:
        """For each element of a result what the elements that it depends on depend on."""
        if len(rows) == size and np.array_equal(rows, np.arange(size)):
            return stacked[columns]  # each on one
        counts = np.diff(stacked.indptr)
        self.check(int(counts[columns].sum()), statement)
        return of_pairs(rows, columns, (size, stacked.shape[0])) @ stacked

    def check(self, elements: int, statement: Assign) -> None:
        if elements > LARGEST:
            raise NotDifferentiable("the Jacobian is not sparse: the elements of a large array depend on many each", statement.location,
                                    "use jacobian(f) without sparse=True, or pass the pattern as sparsity=")  # fmt: skip

    # What a primitive is told

    def given(self, statement: Assign, sources: list[Var]) -> Given:
        numbers: dict[Var, Any] = {}
        first = 1
        for var in sources:
            numbers[var] = dependence.places(self.shape(var), first).view(Numbers)
            first += math.prod(self.shape(var))
        names = tuple(p.name for p in statement.primitive.parameters)
        arguments = dict(zip(names, statement.args, strict=True))
        numbered = {n: self.numbered(a, numbers) for n, a in arguments.items() if n in statement.primitive.formulas}
        shapes = tuple(self.shape(t) for t in statement.targets)
        return Given(names, numbered, lambda *way: self.read(arguments, *way), statement.primitive.evaluate, shapes)

    def numbered(self, operand: Operand, numbers: Mapping[Var, Any]) -> Any:
        """The argument with numbers in place of its elements, and zeros in place of others."""
        if isinstance(operand, Var):
            return numbers[operand] if operand in numbers else _zeros(self.values[operand])
        if isinstance(operand, Const):
            return _zeros(operand.value)
        if isinstance(operand, Display) and operand.kind in (list, tuple):
            return operand.kind(self.numbered(i, numbers) for i in operand.items)
        return evaluate(operand, self.values)  # type: ignore[arg-type]

    def read(self, arguments: Mapping[str, Operand], name: str, place: int | None = None) -> Any:
        operand = arguments[name]
        if place is not None and isinstance(operand, Display):
            operand = operand.items[place]
        self.deciding.update((v, None) for v in variables(operand))
        return evaluate(operand, self.values)  # type: ignore[arg-type]


def _spread(primitive: Primitive) -> Callable[[Given], list[Pairs]]:
    if primitive.spreads is not None:
        return primitive.spreads
    return dependence.elementwise if primitive.kind == "elementwise" else dependence.everything


def _zeros(value: Any) -> Any:
    """Zeros in place of numbers; what holds none as it is."""
    if isinstance(value, (np.ndarray, np.generic)):
        return np.zeros(value.shape, np.int64)
    if isinstance(value, (list, tuple)):
        leaves, structure = trees.flatten(value)
        return trees.unflatten(structure, [_zeros(leaf) for leaf in leaves])
    return 0 if isinstance(value, (int, float, complex)) else value
