"""The function by itself, without an adjoint: its Wengert list and the values it had, in the three-part notation.

Inputs are `v(1-n), ..., v0`, intermediates `v1, v2, ...`, the last of which is the output (Griewank and Walther,
Evaluating Derivatives, section 2.2). What comes from outside, and an argument that is not differentiated, keeps the
user's name.
"""
from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from s2sad import trees
from s2sad.calls.recorded_paths import record
from s2sad.calls.walk import Walk
from s2sad.errors import UnsupportedSyntax
from s2sad.ir.program import Assign, Atom, Function, Statement, Var, reads
from s2sad.machine import transforms
from s2sad.machine.custom import NONE
from s2sad.passes.copies import propagate_copies
from s2sad.rules.custom import LED, RULED, STOPPED
from s2sad.runtime.control import Effects
from s2sad.settings import Argnums
from s2sad.shown.statement_text import OUTSIDE, Labels

RESULTS = ("y", "z", "out", "result")
NAME = re.compile(r"\b[^\W\d]\w*")
STATED = (STOPPED, RULED, LED)
"""What joins a value to a derivative that is stated, by differentiations from a number on."""


@dataclass(frozen=True, eq=False)
class Primal:
    """One evaluation: all of it (`recorded`), what leads to the output, values, inputs, a label for each variable."""

    recorded: Function
    statements: tuple[Assign, ...]
    values: dict[Var, Any]
    inputs: tuple[Var, ...]
    output: Atom
    labels: dict[Var, str]
    titles: dict[Var, str]

    @property
    def result(self) -> str:
        """What the output is called: `y`, unless an argument or something from outside has that name."""
        taken = {name for text in (*self.titles.values(), *self.labels.values()) for name in NAME.findall(text)}
        return next(name for name in itertools.chain(RESULTS, map("y{}".format, itertools.count(1))) if name not in taken)

    @property
    def operations(self) -> list[Assign]:
        """The statements that compute something; the others read from outside."""
        return [s for s in self.statements if s.primitive not in OUTSIDE]

    def refuse_rules(self) -> None:
        """Raise UnsupportedSyntax where users say what the derivative is: it is not that of the single operations."""
        for statement in self.recorded.statements:
            if isinstance(statement, Assign) and statement.primitive in STATED and statement.args[-1].value != NONE:  # type: ignore[union-attr]
                raise UnsupportedSyntax("a trace has the derivatives of single operations, and here is a value whose derivative is stated "
                                        "by custom_vjp, custom_jvp, implicit or stop_gradient", statement.location,
                                        "look at the generated code: s2sad inspect without --trace, or .source")  # fmt: skip


class _Watched(list[Statement]):
    """The statements of a recording, and each value as it was when it was computed."""

    def __init__(self, machine: Any, values: dict[Var, Any]) -> None:
        super().__init__(machine.sheet.statements)
        self.machine, self.values = machine, values

    def append(self, statement: Statement) -> None:
        super().append(statement)
        if isinstance(statement, Assign):
            self.values.update((t, self.machine.sheet.boxes[t].value) for t in statement.targets)


def primal(function: Callable[..., Any], argnums: Argnums, args: tuple[Any, ...], kwargs: dict[str, Any],
           names: list[str], has_aux: bool = False, effects: Effects | None = None) -> Primal:  # fmt: skip
    """Record `function(*args, **kwargs)`.

    `names` are those of the leaves of the arguments. Effects that `effects` knows of are not performed again. Raises
    what the function raises, and the errors of s2sad.
    """
    places = transforms.resolve(function, argnums, args, kwargs)
    args, kwargs = transforms.with_floats(places, args, kwargs)
    leaves, structure = trees.flatten((args, kwargs))
    values: dict[Var, Any] = {}

    def body(machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        machine.sheet.statements = _Watched(machine, values)
        mark = machine.begin()  # what is followed, and what runs as it is, depends on what is differentiated
        followed = trees.flatten((args, kwargs))[0]
        for i in _differentiated(places, args, kwargs):
            followed[i].levels |= {mark.level}
        result = machine.call(function, *args, **kwargs)
        machine.end(mark)
        return (result,)

    title = getattr(function, "__name__", "function")
    walk = Walk(function, body, title if title.isidentifier() else "function", structure, leaves, names)
    recorded = record(walk, effects).function
    values.update(zip(recorded.params, leaves, strict=True))
    plain = propagate_copies(recorded)
    output = plain.results[0]
    statements = _leading_to(plain, output)
    inputs = tuple(recorded.params[i] for i in _differentiated(places, args, kwargs))
    titles = dict(zip(recorded.params, names, strict=True))
    return Primal(recorded, statements, values, inputs, output, _labels(plain, statements, inputs), titles)


def _differentiated(places: list[int | str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[int]:
    """The numbers of the leaves that are differentiated."""
    found, number = [], 0
    for place, value in [*enumerate(args), *kwargs.items()]:
        for leaf in trees.flatten(value)[0]:
            if place in places and transforms.differentiable(leaf):
                found.append(number)
            number += 1
    return found


def _leading_to(function: Function, output: Atom) -> tuple[Assign, ...]:
    needed, kept = {output}, []
    for statement in reversed(function.statements):
        if isinstance(statement, Assign) and any(t in needed for t in statement.targets):
            needed.update(reads(statement))
            kept.append(statement)
    return tuple(reversed(kept))


def _labels(function: Function, statements: tuple[Assign, ...], inputs: tuple[Var, ...]) -> dict[Var, str]:
    labels = {var: f"v{i + 1 - len(inputs)}" for i, var in enumerate(inputs)}
    computed = [t for s in statements if s.primitive not in OUTSIDE for t in s.targets]
    labels.update((t, f"v{i}") for i, t in enumerate(computed, start=1))
    others = Labels(replace(function, statements=statements))
    others.taken.update(labels.values())
    rest = [*function.params, *(t for s in statements for t in s.targets)]
    return labels | {var: others(var) for var in rest if var not in labels}
