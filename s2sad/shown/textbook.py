"""The reverse sweep as a textbook writes it: one line for each contribution to a cotangent, with the value it has then.

The numbers are the tape's; the words come from recording the rule's formula at these values, as the compiler does.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.ir.program import Assign, Const, Display, Operand, Var, variables
from s2sad.ir.writing import Box
from s2sad.machine.formulas import lowered_formula
from s2sad.record.recorder import Recorder
from s2sad.rules.operations import DIVIDE
from s2sad.rules.rule_text import Formula
from s2sad.shown.evaluation import Primal
from s2sad.shown.statement_text import constant_text, expression_text, grouped, operand_text
from s2sad.tape.machine import TapeMachine
from s2sad.tape.propagate import Propagate, inexact

Line = tuple[str, Any]
LONG = 6  # operations of a contribution beyond which it is not written out


def sweep(primal: Primal) -> list[Line]:
    """The backward sweep from the output, `("v3_bar = v4_bar", 1.0)`: what is computed, and the cotangent after it."""
    return _Sweep(primal).run()


class _Sweep:
    def __init__(self, primal: Primal) -> None:
        self.primal, self.machine = primal, TapeMachine()
        self.followed = {var: self.machine.variable(primal.values[var]) for var in primal.inputs}
        self.cotangents: dict[Var, Any] = {}
        self.lines: list[Line] = []
        for statement in primal.statements:
            pulled = [statement.args[statement.primitive.index(name)] for name in statement.primitive.pullbacks]
            if any(v in self.followed for operand in pulled for v in variables(operand)):
                values = {t: primal.values[t] for t in statement.targets}
                self.followed.update((t, self.machine.variable(v)) for t, v in values.items() if inexact(v))

    def run(self) -> list[Line]:
        output = self.primal.output
        if isinstance(output, Var) and output in self.followed:
            value = self.primal.values[output]
            self.add(output, "1.0", np.ones_like(value) if isinstance(value, np.ndarray) else type(value)(1))
            for statement in reversed(self.primal.statements):
                if any(t in self.cotangents for t in statement.targets):
                    self.statement(statement)
        return self.lines

    def add(self, var: Var, text: str, contribution: Any) -> None:
        if isinstance(self.primal.values[var], np.ndarray) and not isinstance(contribution, np.ndarray):
            contribution = np.asarray(contribution)  # of an array without axes
        seen = var in self.cotangents
        total = self.machine.binary("+", self.cotangents[var], contribution) if seen else contribution
        self.cotangents[var] = total
        self.lines.append((f"{self.bar(var)} {'+=' if seen else '='} {text}", total))

    def bar(self, var: Var) -> str:
        return f"{self.primal.labels[var]}_bar"

    def statement(self, statement: Assign) -> None:
        """Hand the cotangents of a statement's results on to its arguments."""
        primitive = statement.primitive
        bound = [valued(a, self.variable) for a in statement.args]
        answers = [self.variable(t) for t in statement.targets]
        answer = answers[0] if statement.result is None else trees.unflatten(statement.result, answers)
        arrived = [self.cotangents.get(t) for t in statement.targets if t in self.followed]
        with np.errstate(all="ignore"):
            active = frozenset(v.name for v in self.followed.values())
            propagate = Propagate(self.machine, primitive, bound, answer, active)
            numbers = iter(propagate(arrived, follow=False))
            words = _Contributions(self.primal, statement, [self.cotangents.get(t) for t in statement.targets])
            for parameter, operand in zip(primitive.parameters, statement.args, strict=True):
                if any(v in self.followed for v in variables(operand)):
                    self.receive(words, operand, words.contribution(primitive.pullbacks[parameter.name]), numbers)

    def receive(self, words: _Contributions, operand: Operand, written: Any, numbers: Iterator[Any]) -> None:
        """Add the contribution to the variable, or its parts to those inside a container."""
        if isinstance(operand, Var):
            if operand in self.followed and (number := next(numbers)) is not None:
                self.add(operand, words.of(written, operand), number)
        for i, item in enumerate(operand.items if isinstance(operand, Display) else ()):
            self.receive(words, item, written[i] if isinstance(written, (list, tuple)) else None, numbers)

    def variable(self, var: Var) -> Any:
        """The Variable of the tape for what is differentiated, the plain value of the rest."""
        return self.followed.get(var, self.primal.values[var])


def valued(operand: Operand, value: Any) -> Any:
    """An operand with `value(var)` for each of its variables."""
    match operand:
        case Var():
            return value(operand)
        case Const(value=constant):
            return constant
        case Display(kind=kind, items=items, keys=keys):
            values = [valued(i, value) for i in items]
    if kind is slice:
        return slice(*values)
    return dict(zip(keys, values, strict=True)) if kind is dict else kind(values)


class Words:
    """What a rule makes of one statement, written in the labels of the primal."""

    longer = ""

    def __init__(self, primal: Primal, statement: Assign) -> None:
        self.primal, self.statement = primal, statement
        self.recorder = Recorder()
        self.known: dict[Var, str] = {}
        self.boxes: dict[Var, Box] = {}

    def box(self, var: Var) -> Box:
        if var not in self.boxes:
            self.boxes[var] = self.parameter(self.primal.values[var], self.primal.labels[var])
        return self.boxes[var]

    def parameter(self, value: Any, label: str) -> Any:
        box = self.recorder.parameter(value, label)
        self.known[box.var] = label
        return box

    def definition(self, value: Any) -> Assign | None:
        made = [s for s in self.recorder.sheet.statements if isinstance(s, Assign)]
        return next((s for s in made if isinstance(value, Box) and value.var in s.targets), None)

    def reciprocal(self, value: Any) -> str:
        """The text of what a value is one over; empty where it is none."""
        made = self.definition(value)
        over = made.args if made is not None and made.primitive is DIVIDE else ()
        return grouped(operand_text(over[1], self.nested)) if over and isinstance(over[0], Const) and over[0].value == 1 else ""

    def text(self, value: Any) -> str:
        """The expression that gives a value; where it would be long, what it is of."""
        if self.size(value) > LONG:
            return self.longer
        return self.nested(value.var) if isinstance(value, Box) else constant_text(value)

    def size(self, value: Any) -> int:
        """How many operations the expression has."""
        made = self.definition(value)
        boxes = self.recorder.sheet.boxes
        return 0 if made is None else 1 + sum(self.size(boxes[v]) for a in made.args for v in variables(a))

    def nested(self, var: Var) -> str:
        if var in self.known:
            return self.known[var]
        made = self.definition(self.recorder.sheet.boxes[var])
        assert made is not None
        text = expression_text(made.primitive, made.args, self.nested, short=True)
        if len(made.targets) > 1:
            text = f"{grouped(text)}[{made.targets.index(var)}]"
        return text


class _Contributions(Words):
    """The contributions of one statement to the cotangents of its arguments."""

    def __init__(self, primal: Primal, statement: Assign, cotangents: list[Any]) -> None:
        super().__init__(primal, statement)
        self.bound = [valued(a, self.box) for a in statement.args]
        answers = [self.box(t) for t in statement.targets]
        bars = [self.parameter(np.zeros_like(self.primal.values[t])[()] if c is None else c, f"{primal.labels[t]}_bar")
                for t, c in zip(statement.targets, cotangents, strict=True)]  # fmt: skip
        self.bars = ", ".join(f"{primal.labels[t]}_bar" for t in statement.targets)
        self.longer = f"pullback of {statement.primitive.name.rpartition('.')[2]} on {self.bars}"
        structure = statement.result
        self.answer = answers[0] if structure is None else trees.unflatten(structure, answers)
        self.g = bars[0] if structure is None else trees.unflatten(structure, bars)

    def contribution(self, formula: Formula) -> Any:
        """What the rule gives for one parameter, as values of the recorder."""
        primitive = self.statement.primitive
        value = lowered_formula(self.recorder, formula)(*self.bound, self.answer, self.g)
        if primitive.kind != "elementwise" or formula.uses_cotangent:
            return value
        return _Product(value)

    def of(self, written: Any, target: Var) -> str:
        """The text of a contribution to a variable."""
        if isinstance(written, _Product):
            text = self.product(written)
        else:
            text = self.text(written)
        here, there = np.shape(self.primal.values[target]), np.shape(self.primal.values[self.statement.targets[0]])
        if self.statement.primitive.kind == "elementwise" and here != there:
            return f"sum({text})" if here == () else f"unbroadcast({text}, {here})"
        return text

    def product(self, product: _Product) -> str:
        """The cotangent times the partial derivative; by 1 and -1 nothing is multiplied."""
        partial = product.partial
        if not isinstance(partial, Box) and partial in (1, -1):
            return self.bars if partial == 1 else f"-{self.bars}"
        over = self.reciprocal(partial)
        return f"{self.bars} / {over}" if over else f"{self.bars} * {grouped(self.text(partial))}"


class _Product:
    """The partial derivative that the cotangent is to be multiplied by."""

    def __init__(self, partial: Any) -> None:
        self.partial = partial
