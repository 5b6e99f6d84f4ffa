"""The forward sweep as a textbook writes it: beside each line of the evaluation trace its tangent, with the value it has.

Words and numbers are those of the sweep of the compiler, over one statement at a time.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from s2sad.ir.program import Assign, Var, reads
from s2sad.machine.traced import strip
from s2sad.rules.operations import MULTIPLY
from s2sad.shown.evaluation import Primal
from s2sad.shown.show import evaluated, in_parts, side_by_side
from s2sad.shown.statement_text import operand_text
from s2sad.shown.textbook import Words
from s2sad.tangent.sweep import Sweep
from s2sad.tape.trace import shown


@dataclass(frozen=True)
class TangentTrace:
    """Lines of inputs, intermediates and output, and for each of them that of its tangent, empty where it has none."""

    inputs: list[str]
    intermediates: list[str]
    output: list[str]
    tangents: list[str]

    def __str__(self) -> str:
        first, last = len(self.inputs), len(self.inputs) + len(self.intermediates)
        right = in_parts("tangent", self.tangents[:first], self.tangents[first:last], self.tangents[last:])
        return side_by_side(in_parts("value", self.inputs, self.intermediates, self.output), right)


def trace(primal: Primal, given: dict[Var, Any]) -> TangentTrace:
    """The evaluation trace of one call in the three-part notation, and beside it the tangents, `v1_dot`, with their values.

    `given` are the tangents of inputs; what has none stays as it is.

    >>> from s2sad.shown.evaluation import primal
    >>> seen = primal(lambda x, y: x * y, (0, 1), (2.0, 3.0), {}, ["x", "y"])
    >>> print(trace(seen, {seen.inputs[0]: 1.0}))
    value                  |  tangent
    ---------------------  |  -----------------------------
    v-1 = x = 2.000        |  v-1_dot = x_dot = 1.000
    v0 = y = 3.000         |
    ---------------------  |  -----------------------------
    v1 = v-1 * v0 = 6.000  |  v1_dot = v-1_dot * v0 = 3.000
    ---------------------  |  -----------------------------
    z = v1 = 6.000         |  z_dot = v1_dot = 3.000
    """
    dots, texts = dict(given), {v: f"{primal.titles[v]}_dot" for v in given}
    for statement in primal.statements:
        words = _Tangents(primal, statement, dots)
        for target, found in words.sweep.tangents.items():
            if target in statement.targets:
                dots[target], texts[target] = strip(found), words.text(found)
    label, output = primal.labels.__getitem__, primal.output
    lines = {v: f"{label(v)}_dot = {texts[v]} = {shown(dots[v])}" for v in dots}
    rows = [(v,) for v in primal.inputs] + [s.targets for s in primal.operations]
    last = f"{label(output)}_dot = {shown(dots[output])}" if isinstance(output, Var) and output in dots else "0"
    tangents = [", ".join(lines[v] for v in row if v in lines) for row in rows]
    return TangentTrace(*evaluated(primal), [*tangents, f"{primal.result}_dot = {last}"])


class _Tangents(Words):
    """The tangents of what one statement gives, from those of its arguments."""

    def __init__(self, primal: Primal, statement: Assign, dots: dict[Var, Any]) -> None:
        super().__init__(primal, statement)
        self.recorder.sheet.boxes.update({v: self.box(v) for v in (*reads(statement), *statement.targets)})
        moving = [v for v in dict.fromkeys(reads(statement)) if v in dots]
        named = {v: f"{primal.labels[v]}_dot" for v in moving}
        self.longer = f"tangent of {statement.primitive.name.rpartition('.')[2]} on {', '.join(named.values())}"
        self.sweep = Sweep(self.recorder)
        self.sweep.tangents.update({v: self.parameter(dots[v], named[v]) for v in moving})
        self.sweep.statement(statement)

    def text(self, value: Any) -> str:
        """The expression of a tangent; a product with one over something is a quotient."""
        made = self.definition(value)
        if made is not None and made.primitive is MULTIPLY and isinstance(made.args[1], Var):
            over = self.reciprocal(self.recorder.sheet.boxes[made.args[1]])
            if over:
                return f"{operand_text(made.args[0], self.nested)} / {over}"
        return super().text(value)
