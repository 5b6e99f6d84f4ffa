"""The forward sweep: tangents from the inputs on to the results, written down next to the values by the machine that holds these.

The rules say what the tangent of one primitive is; everything common is here: products with partials, sums, shapes and dtypes.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.adjoint.sweep import NUMBER, as_array, conform, differentiable, finish, full, product, zeros
from s2sad.ir.moving import made_before_read
from s2sad.ir.program import Assign, Beside, Display, Guard, Operand, Statement, Var, last_phase, reads, targets_of
from s2sad.ir.writing import inexact
from s2sad.machine.formulas import check_shape, check_tangent, lowered_formula
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.rules.operations import IDENTITY
from s2sad.runtime.functions import of_class
from s2sad.tangent.transposed import constant, transposed

Machine = Any
NO_SOURCES: frozenset[Var] = frozenset()
ADDING = ("+=", "at")
"""Writes that add to what is there."""


def push(machine: Machine, start: int, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
    """Tangents of the outputs, each of the class, shape and dtype of its output, given those of the inputs.

    `start` is the statement the differentiated part begins at; outputs and inputs are followed values. The tangents are written into the
    list of the machine, next to the values.
    """
    return pushed(Sweep(machine), start, [machine.fixed(output) for output in outputs], tangents, inputs)


def pushed(sweep: Sweep, start: int, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
    """`push` by a given sweep."""
    sheet = sweep.machine.sheet
    statements: list[Statement] = sheet.statements
    primal, before = statements[start:], sheet.phase
    sweep.phase = 1 + last_phase(primal)
    try:
        for x, tangent in zip(inputs, tangents, strict=True):
            sweep.arrive((x.var,), tangent)
        given = statements[start + len(primal) :]
        del statements[start:]
        woven = sweep.over(primal, {x.var for x in inputs})
        sheet.at(None)
        found = [sweep.of_output(output) for output in outputs]
        sheet.cotangents.difference_update(box.var for box in traced_in(found))  # from now on they are values like any other
        statements[start:] = [*given, *woven, *statements[start:]]
        return found
    finally:
        sheet.at(None)
        sheet.phase = before


def beside(statements: list[Statement], value: Statement, phase: int) -> list[Statement]:
    """Statements of tangents in the place and under the comment of the value they belong to."""
    of = 0 if isinstance(value, Guard) else value.phase
    return [s if isinstance(s, Guard) else replace(s, location=value.location, phase=Beside.of_phase(max(s.phase, phase), of))
            for s in statements]  # fmt: skip


class Sweep:
    """The state of one sweep: the tangents of the variables that have one."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.tangents: dict[Var, Any] = {}
        self.since = Var(float).number  # variables made from now on are the sweep's own
        self.phase = 1

    def over(self, primal: Sequence[Statement], sources: frozenset[Var] | set[Var] = NO_SOURCES) -> list[Statement]:
        """The statements of a block with the tangents of what they give; those that make the sources have theirs already.

        The list that is being written holds nothing of it in the end.
        """
        statements: list[Statement] = self.machine.sheet.statements
        start, woven = len(statements), list[Statement]()
        for statement in primal:
            self.machine.sheet.at(statement.location)
            self.machine.sheet.phase = self.phase
            new = statement if not sources.isdisjoint(targets_of(statement)) else self.step(statement)
            written = beside(statements[start:], statement, self.phase)
            del statements[start:]
            woven += [new, *written] if isinstance(new, Assign) else [*written, new]
        return made_before_read(woven)

    def step(self, statement: Statement) -> Statement:
        """Write down the tangent of what a statement gives. The statement, which has that of a region in it."""
        if isinstance(statement, Assign):
            self.statement(statement)
        return statement

    def statement(self, statement: Assign) -> None:
        """Give the result of a statement its tangent, if one of its arguments has any."""
        pullbacks = statement.primitive.pullbacks
        found = {name: self.of(statement.args[statement.primitive.index(name)]) for name in pullbacks}
        dots = {name: dot for name, dot in found.items() if dot is not None}
        if dots and any(differentiable(t.type) for t in statement.targets):
            with self.machine.cotangent(list(dots.values())):
                self.arrive(statement.targets, self.tangent(statement, dots))

    def of(self, operand: Operand) -> Any:
        """The tangent of an operand; of a container one like it, with None for what has none. None if nothing in it has one."""
        if isinstance(operand, Var):
            return self.tangents.get(operand)
        if not isinstance(operand, Display):
            return None
        items = [self.of(item) for item in operand.items]
        if all(item is None for item in items):
            return None
        return dict(zip(operand.keys, items, strict=True)) if operand.kind is dict else operand.kind(items)

    def arrive(self, targets: tuple[Var, ...], found: Any) -> None:
        """The tangent of a result is known; where nothing flows there is none."""
        parts = [found] if len(targets) == 1 and not isinstance(found, (list, tuple)) else trees.flatten(found)[0] if found else []
        for target, part in zip(targets, parts, strict=False):
            if differentiable(target.type) and not (part is None or (isinstance(part, NUMBER) and part == 0)):
                part = conform(self.machine, part, self.machine.sheet.boxes[target])
                self.tangents[target] = part
                self.christen(target, part)

    def christen(self, var: Var, tangent: Any) -> None:
        """A tangent that the sweep has made takes the name of what it belongs to."""
        names = self.machine.sheet.names
        if var in names and isinstance(tangent, Traced) and tangent.var.number > self.since:
            names.setdefault(tangent.var, f"{names[var]}_dot")

    def of_output(self, output: Any) -> Any:
        """The tangent of an output as it is handed out; None for what has no derivative."""
        if not isinstance(output, Traced):
            return constant(output)
        found = finish(self.machine, self.tangents.get(output.var), output) if inexact(output.value) else None
        if found is None or isinstance(output.value, np.ndarray) or not self.machine.is_loose(output):
            return found
        return self.machine.call(of_class, found, output)  # which depends on the way that was taken

    # One statement

    def tangent(self, statement: Assign, dots: dict[str, Any]) -> Any:
        """The tangent of the result, from those of some of the arguments."""
        primitive = statement.primitive
        values = [self.machine.sheet.value_of(a) for a in statement.args]
        answer = self.answer(statement)
        if primitive is IDENTITY:
            return next(iter(dots.values()))
        if primitive.kind == "elementwise" and statement.result is None and not self.needs_transposing(statement, dots):
            return self.elementwise(statement, values, dots, answer)
        if primitive.jvp is not None:
            return self.stated(statement, values, dots, answer)
        if primitive.kind == "linear":
            return self.applied(statement, values, dots)
        return transposed(self.machine, statement, values, dots, answer)

    def answer(self, statement: Assign) -> Any:
        boxes = [self.machine.sheet.boxes[t] for t in statement.targets]
        return boxes[0] if statement.result is None else trees.unflatten(statement.result, boxes)

    def needs_transposing(self, statement: Assign, dots: dict[str, Any]) -> bool:
        """Whether a product that is written out, for the cotangent, is another one for a tangent: so it is of complex numbers.

        Of several arguments under one name there is one for each.
        """
        if any(isinstance(dot, (list, tuple)) for dot in dots.values()):
            return True
        stated = [statement.primitive.pullbacks[name] for name in dots if statement.primitive.pullbacks[name].uses_cotangent]
        given = [*statement.targets, *(v for v in reads(statement) if v in self.tangents)]
        return bool(stated) and any(np.iscomplexobj(self.machine.sheet.boxes[v].value) for v in given)

    def elementwise(self, statement: Assign, values: list[Any], dots: dict[str, Any], answer: Any) -> Any:
        """The sum of the partials times the tangents."""
        machine, total = self.machine, None
        for name, dot in dots.items():
            formula = statement.primitive.pullbacks[name]
            part = lowered_formula(machine, formula)(*values, answer, dot if formula.uses_cotangent else None)
            check_shape(formula, part, answer, True)
            part = part if formula.uses_cotangent else product(machine, dot, part, answer)
            if part is not None and not (isinstance(part, NUMBER) and part == 0):
                total = part if total is None else machine.binary("+", total, part)
        return total

    def stated(self, statement: Assign, values: list[Any], dots: dict[str, Any], answer: Any) -> Any:
        """The tangent that the rule states; its terms that are of arguments without a tangent are left out."""
        primitive, parameters = statement.primitive, statement.primitive.parameters
        assert primitive.jvp is not None
        formula = primitive.jvp.without(frozenset(f"{p.name}_dot" for p in parameters if p.name not in dots))
        if formula is None:
            return None
        given = [self.in_full(v, dots.get(p.name)) if f"{p.name}_dot" in formula.named else None
                 for p, v in zip(parameters, values, strict=True)]  # fmt: skip
        found = lowered_formula(self.machine, formula)(*values, *given, answer, None)
        check_tangent(primitive.jvp, found, answer)
        return found

    def applied(self, statement: Assign, values: list[Any], dots: dict[str, Any]) -> Any:
        """What is linear, applied to the tangents."""
        primitive = statement.primitive
        if primitive.writes in ADDING and [*dots] == ["array"]:  # nothing that moves is added
            return dots["array"]
        bound = list(values)
        for name in primitive.pullbacks:
            place = primitive.index(name)
            bound[place] = self.in_full(values[place], dots.get(name))
        if primitive.writes and "array" not in dots:  # what was there before is not asked for its shape: it would have to be kept
            bound[primitive.index("array")] = self.nothing(self.answer(statement))
        return self.machine.perform(primitive, bound)

    def in_full(self, value: Any, dot: Any) -> Any:
        """A tangent of the shape of its value; zeros where there is none."""
        if isinstance(value, (list, tuple)):
            return type(value)([self.in_full(v, None if dot is None else d) for v, d in zip(value, dot or value, strict=True)])
        if not isinstance(value, (Traced, np.ndarray, np.generic, *NUMBER)) or (dot is None and isinstance(value, NUMBER) and value == 0):
            return value  # what stands for no argument, or is zero as it is
        if dot is None:
            return self.nothing(value)
        found = full(self.machine, dot, value)
        return as_array(self.machine, found) if isinstance(strip(value), np.ndarray) else found

    def nothing(self, value: Any) -> Any:
        """The tangent of what does not change."""
        plain = strip(value)
        if not isinstance(plain, np.ndarray):
            return 0.0
        if isinstance(value, Traced) and inexact(plain):
            return zeros(self.machine, value)
        return self.machine.call(np.zeros, self.machine.shape(value) if isinstance(value, Traced) else plain.shape)
