"""Statements mapped over a leading axis: what depends on one seed is written down for many at once.

A sweep is pulled with one seed, and then each statement that depends on it is performed anew with operands that have one axis more in
front. Elementwise operations broadcast; of others the rule says how (`mapped` in `rules/facts.py`); what does not say is done row by row.
What depends on a seed is linear in it, so that few operations occur here. Each result is of the dtype that it has for one seed.
"""
from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.adjoint.sweep import differentiable
from s2sad.errors import InvalidIR
from s2sad.ir.moving import made_before_read
from s2sad.ir.program import Assign, Const, Display, Guard, Operand, Statement, Var, variables
from s2sad.machine.conversions import cast
from s2sad.machine.formulas import lowered_formula
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.rules.rule_text import Formula
from s2sad.types.arrays import dtype_of
from s2sad.types.comparing import same_sizes

Machine = Any


class NotMapped(Exception):
    """An operation does not say how it is of many values, and cannot be taken apart here."""


def over(machine: Machine, start: int, seeds: dict[Var, Callable[[], Any]], results: list[Any],
         kind: Callable[[Machine, dict[Var, Callable[[], Any]]], Mapped] | None = None) -> list[Any]:  # fmt: skip
    """The results for many seeds, each made by a function, of statements from `start` on that were written down for one of each.

    What depends on the seed is replaced in the list. A result that does not depend on it is zeros, for all that follows from a seed is
    linear in it. `kind` is what maps statements, another one where there are regions. Raises NotMapped.
    """
    statements = machine.sheet.statements
    written: list[Statement] = statements[start:]
    del statements[start:]
    phase, mapping = machine.sheet.phase, (kind or Mapped)(machine, seeds)
    try:
        for statement in written:
            mapping.statement(statement)
    finally:
        machine.sheet.at(None)
        machine.sheet.phase = phase
    found = [mapping.result(each) for each in results]
    statements[start:] = made_before_read(statements[start:])
    return found


class Mapped:
    """What has become of the variables that depend on a seed: values with one more axis in front, or values that are the same for all."""

    def __init__(self, machine: Machine, seeds: dict[Var, Callable[[], Any]]) -> None:
        self.machine = machine
        self.waiting = dict(seeds)  # until something reads one
        self.rows: dict[Var, Any] = dict.fromkeys(seeds)
        self.same: dict[Var, Any] = {}  # what is asked of their types
        self.nothing: set[Var] = set()  # arrays of zeros
        self.count: Any = None

    def begin(self) -> None:
        """Make the seeds."""
        for var, many in self.waiting.items():
            self.rows[var] = rows = many()
            self.count = self.machine.extents(rows)[0]
        self.waiting.clear()

    def statement(self, statement: Statement) -> None:
        if not any(v in self.rows or v in self.same for v in statement.reads):
            self.machine.sheet.statements.append(statement)
            if isinstance(statement, Assign) and statement.primitive.zeros:
                self.nothing.update(statement.targets)
        elif isinstance(statement, Assign):
            self.machine.sheet.at(statement.location)
            self.machine.sheet.phase = statement.phase
            self.begin()
            self.assign(statement)
        elif not isinstance(statement, Guard):  # what guards ask of the values for one seed, they ask of the new ones as well
            raise NotMapped

    def result(self, found: Any) -> Any:
        """A result for all seeds."""
        if isinstance(found, Traced) and found.var in self.rows:
            self.begin()
            return self.rows[found.var]
        self.begin()
        return self.zeros(dtype_of(strip(found)), self.machine.shape(found) if isinstance(found, Traced) else np.shape(found))

    # Statements

    def assign(self, statement: Assign) -> None:
        if not any(v in self.rows for v in statement.reads) or not any(differentiable(t.type) for t in statement.targets[:1]):
            return self.ask(statement)
        strong = [self.rows[v] for v in statement.reads if v in self.rows] if statement.strong else []
        with self.machine.cotangent(strong) if strong else contextlib.nullcontext():
            found = self.performed(statement)
            if found is None:
                found = self.one_by_one(statement)
        leaves = [found] if statement.result is None else trees.flatten(found)[0]
        for target, leaf in zip(statement.targets, leaves, strict=True):
            self.rows[target] = self.settled(target, leaf)

    def ask(self, statement: Assign) -> None:
        """What is asked of the type of a value has the same answer for all."""
        found = self.performed(statement)
        if found is None or len(statement.targets) != 1:
            raise NotMapped
        self.same[statement.targets[0]] = found

    def performed(self, statement: Assign) -> Any:
        """The operation on all at once; None where it cannot be said."""
        primitive = statement.primitive
        values = [self.value(a) for a in statement.args]
        many = {p.name for p, a in zip(primitive.parameters, statement.args, strict=True) if any(v in self.rows for v in variables(a))}
        if not many:
            return self.machine.perform(primitive, values)
        if primitive.kind == "elementwise":
            rank = max(np.ndim(self.machine.sheet.boxes[t].value) for t in statement.targets)
            return self.machine.perform(primitive, [self.aligned(v, a, rank) for v, a in zip(values, statement.args, strict=True)])
        formula = primitive.rows.get(next(iter(many))) if len(many) == 1 else None
        if formula is None and "" in primitive.rows:
            formula, values = primitive.rows[""], self.all_many(statement, values)
        return None if formula is None else self.evaluated(formula, values)

    def evaluated(self, formula: Formula, values: list[Any]) -> Any:
        return lowered_formula(self.machine, formula)(*values, None, None)

    def aligned(self, value: Any, operand: Operand, rank: int) -> Any:
        """An operand that broadcasts against results of so many axes with one more in front."""
        if not (isinstance(operand, Var) and operand in self.rows):
            return value
        missing = rank + 1 - np.ndim(strip(value))
        return self.machine.item(value, (slice(None), *(None,) * missing)) if missing > 0 else value

    def all_many(self, statement: Assign, values: list[Any]) -> list[Any]:
        """The values, of which those with a derivative all have the axis."""
        primitive = statement.primitive
        return [self.spread(v, a) if p.name in primitive.pullbacks else v
                for p, v, a in zip(primitive.parameters, values, statement.args, strict=True)]  # fmt: skip

    def spread(self, value: Any, operand: Operand) -> Any:
        if isinstance(operand, Display):
            parts = [self.stacked(v, o) if isinstance(o, Display) else self.spread(v, o) for v, o in zip(value, operand.items, strict=True)]
            return parts if operand.kind is list else operand.kind(parts)
        if isinstance(operand, Var) and operand in self.rows:
            return value
        if isinstance(operand, Const) and not isinstance(value, (int, float, complex, np.generic, np.ndarray)):
            return value  # the subscripts of a sum
        if operand in self.nothing:
            return self.zeros(dtype_of(strip(value)), self.machine.extents(value))
        shape = self.machine.shape(value) if isinstance(value, Traced) else np.shape(value)
        return self.machine.call(np.broadcast_to, value, (self.count, *shape))

    def zeros(self, dtype: Any, shape: Any) -> Any:
        return self.machine.call(np.zeros, (self.count, *shape), **({} if dtype == np.float64 else {"dtype": dtype.type}))

    def stacked(self, value: Any, operand: Display) -> Any:
        """A list that stands for an array among arrays, as in `np.concatenate([[0.0], x])`."""
        return self.machine.call(np.stack, list(self.spread(value, operand)), axis=1)

    # Values

    def value(self, operand: Operand) -> Any:
        """The operand as rules see it, with the axis where it depends on a seed."""
        if isinstance(operand, Var):
            return self.rows[operand] if operand in self.rows else self.same.get(operand, self.machine.sheet.boxes[operand])
        if isinstance(operand, Const):
            return operand.value
        items = [self.value(i) for i in operand.items]
        if operand.kind is slice:
            return slice(*items)
        return dict(zip(operand.keys, items, strict=True)) if operand.kind is dict else operand.kind(items)

    def settled(self, target: Var, rows: Any) -> Any:
        """What takes the place of a variable: of its dtype, with its name, and of its shape but for the axis in front."""
        machine, one = self.machine, self.machine.sheet.boxes[target].value
        dtype = dtype_of(one)
        if dtype_of(strip(rows)) != dtype:
            rows = cast(machine, rows, dtype)
        if not same_sizes(np.shape(strip(rows))[1:], np.shape(one)):
            raise InvalidIR(f"mapped over a leading axis, {np.shape(one)} becomes {np.shape(strip(rows))}", machine.location())
        if target in machine.sheet.names and isinstance(rows, Traced):
            machine.sheet.names.setdefault(rows.var, machine.sheet.names[target])
        return rows

    # Row by row

    def one_by_one(self, statement: Assign) -> Any:
        """The results of the operation for one row after the other."""
        machine, count = self.machine, self.count
        if not isinstance(count, int):
            raise NotMapped
        rows = [self.of_row(statement, i) for i in range(count)]
        if not rows:
            boxes = [machine.sheet.boxes[t] for t in statement.targets]
            none = [machine.call(np.zeros, (0, *machine.shape(b)), dtype=dtype_of(b.value).type) for b in boxes]
            return none[0] if statement.result is None else trees.unflatten(statement.result, none)
        parts = [[row] if statement.result is None else trees.flatten(row)[0] for row in rows]
        stacked = [machine.call(np.stack, list(part)) for part in zip(*parts, strict=True)]
        return stacked[0] if statement.result is None else trees.unflatten(statement.result, stacked)

    def of_row(self, statement: Assign, i: int) -> Any:
        return self.machine.perform(statement.primitive, [self.row(a, i) for a in statement.args])

    def row(self, operand: Operand, i: int) -> Any:
        if isinstance(operand, Display) and operand.kind in (list, tuple):
            return operand.kind([self.row(o, i) for o in operand.items])
        value = self.value(operand)
        if isinstance(operand, Var) and operand in self.rows:
            return self.machine.item(value, i)
        if isinstance(operand, Display) and traced_in(value) and any(v in self.rows for v in variables(operand)):
            raise NotMapped
        return value
