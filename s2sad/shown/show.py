"""What a recorded function looks like: its Wengert list, and its evaluation trace in three parts with values."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from s2sad.ir.program import Assign, Beside, Function, Guard, If, Loop, Region, Statement, Var, everything, reads, shown_phase
from s2sad.rules.structural import SHADOWED
from s2sad.shown import textbook
from s2sad.shown.evaluation import Primal
from s2sad.shown.statement_text import Labels, condition, expression_text, line_of, operand_text, region_text, statement_text, typed
from s2sad.tape.trace import shown


def listing(function: Function) -> str:
    """The Wengert list of a function as text, one statement a line.

    Statements that came from one line of the user's stand below it, what belongs to the adjoint below a heading. Tangents
    stand below what they belong to. A variable that is no Python float is followed by its type.

    >>> import s2sad
    >>> square = s2sad.grad(lambda x: x * x)
    >>> square(3.0)
    6.0
    >>> listing(square.stages(3.0)["optimised"]).splitlines()[0]
    'function_value_and_grad(x)'
    """
    label = Labels(function)
    params = ", ".join(typed(label(p), p.type) for p in function.params)
    premises = _premises(function)
    lines = [f"{function.name}({params})"]
    lines += [f"  premise  {text}" for text in dict.fromkeys(_premise_text(g, r, label) for r, g in premises.values())]
    guards = [guard for _, guard in premises.values()]
    rest = [s for s in function.statements if s not in premises and not any(s is guard for guard in guards)]
    lines += _Listing(label, rest).run()
    results = ", ".join(operand_text(r, label) for r in function.results)
    return "\n".join([*lines, f"    return {results}", ""])


class _Listing:
    """The lines of statements, with the user's line above what came from it."""

    def __init__(self, label: Labels, statements: Sequence[Statement]) -> None:
        self.label, self.all = label, statements
        tangents = {s.phase for s in everything(tuple(statements)) if isinstance(s, Assign) and isinstance(s.phase, Beside)}
        self.beside, self.forward = {phase.of for phase in tangents}, {int(phase) for phase in tangents}
        self.lines: list[str] = []
        self.phase: int | None = None
        self.place: Any = None

    def run(self) -> list[str]:
        self.statements(self.all, "    ")
        return self.lines

    def statements(self, statements: Sequence[Statement], indent: str) -> None:
        for statement in statements:
            now = (self.phase or 0) if isinstance(statement, Guard) else shown_phase(statement.phase)
            if now != self.phase and indent == "    ":
                title = "  tangent" if now in self.forward else heading(now)
                self.lines.append(f"{title} and tangent" if now in self.beside else title)
                self.phase, self.place = now, None
            if statement.location is not None and (statement.location.file, statement.location.line) != self.place:
                self.place = (statement.location.file, statement.location.line)
                self.lines.append(f"{indent}# {line_of(statement.location, quote=now == 0)}")
            if isinstance(statement, (Loop, If)):
                self.region(statement, indent)
            else:
                self.lines.append(f"{indent}{statement_text(statement, self.label)}")

    def region(self, region: Region, indent: str) -> None:
        for head, block, end in region_text(region, self.label):
            self.lines.append(f"{indent}{head}")
            self.statements(block.statements, indent + "    ")
            if end:
                self.lines.append(f"{indent}    {end}")


def _premises(function: Function) -> dict[Statement, tuple[Assign, Guard]]:
    """Reads that serve a premise alone, each with its guard."""
    uses = Counter(v for s in function.statements for v in reads(s))
    found = {t: s for s in function.statements if isinstance(s, Assign) and s.args for t in s.targets}
    guards = [s for s in function.statements if isinstance(s, Guard) and s.premise and s.atom in found]
    alone = [(found[g.atom], g) for g in guards if isinstance(g.atom, Var) and uses[g.atom] == 1]
    return {read: (read, guard) for read, guard in alone}


def _premise_text(guard: Guard, read: Assign, label: Labels) -> str:
    right = expression_text(read.primitive, read.args, label)
    if read.primitive is SHADOWED:
        return right.replace("is redefined", "is not redefined")
    return condition(guard, right)


def heading(phase: int) -> str:
    """The name of a phase: the adjoint of the adjoint is its second one."""
    if phase < 2:
        return "  adjoint" if phase else "  primal"
    return f"  adjoint {phase}"


# The evaluation trace


@dataclass(frozen=True)
class Trace:
    """Lines of inputs, intermediates, output and adjoint; as text, forward and adjoint stand side by side."""

    inputs: list[str]
    intermediates: list[str]
    output: list[str]
    adjoint: list[str]

    def __str__(self) -> str:
        left = in_parts("forward", self.inputs, self.intermediates, self.output)
        return side_by_side(left, ["adjoint", "-" * max([7, *map(len, self.adjoint)]), *self.adjoint])


def in_parts(title: str, inputs: list[str], intermediates: list[str], output: list[str]) -> list[str]:
    """A column: its title, and the three parts below lines."""
    rule = "-" * max(map(len, [title, *inputs, *intermediates, *output]))
    return [title, rule, *inputs, rule, *([*intermediates, rule] if intermediates else []), *output]


def side_by_side(left: list[str], right: list[str]) -> str:
    """Two columns as text."""
    width = max(map(len, left))
    return "\n".join(f"{a:<{width}}  |  {b}".rstrip(" ") for a, b in zip_longest(left, right, fillvalue=""))


def trace(primal: Primal) -> Trace:
    """The evaluation trace of one call in the three-part notation, with its values, and beside it the adjoint.

    Inputs are `v(1-n), ..., v0`, intermediates `v1, v2, ...`, and last comes the output; what is read from outside
    the function, and arguments that are not differentiated, keep their names. Cotangents are `v4_bar`; each line of
    the adjoint is one contribution, with the value of the cotangent after it.

    >>> from s2sad.shown.evaluation import primal
    >>> print(trace(primal(lambda x, y: x * y, (0, 1), (2.0, 3.0), {}, ["x", "y"])))
    forward                |  adjoint
    ---------------------  |  -----------------------------
    v-1 = x = 2.000        |  v1_bar = 1.0 = 1.000
    v0 = y = 3.000         |  v-1_bar = v1_bar * v0 = 3.000
    ---------------------  |  v0_bar = v1_bar * v-1 = 2.000
    v1 = v-1 * v0 = 6.000  |
    ---------------------  |
    z = v1 = 6.000         |
    """
    return Trace(*evaluated(primal), [f"{text} = {shown(total)}" for text, total in textbook.sweep(primal)])


def evaluated(primal: Primal) -> tuple[list[str], list[str], list[str]]:
    """The lines of the inputs, the intermediates and the output. Raises UnsupportedSyntax where a derivative is stated by the user."""
    primal.refuse_rules()
    label = primal.labels.__getitem__
    inputs = [f"{label(v)} = {primal.titles[v]} = {shown(primal.values[v])}" for v in primal.inputs]
    lines = []
    for statement in primal.operations:
        targets = ", ".join(label(t) for t in statement.targets)
        values = ", ".join(shown(primal.values[t]) for t in statement.targets)
        text = expression_text(statement.primitive, statement.args, label, short=True)
        lines.append(f"{targets} = {text} = {values}")
    output = primal.output
    value = primal.values[output] if isinstance(output, Var) else output.value
    return inputs, lines, [f"{primal.result} = {operand_text(output, label)} = {shown(value)}"]
