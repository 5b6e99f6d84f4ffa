"""A recorded path in words: what its guards ask, by the user's lines and conditions."""
from __future__ import annotations

from itertools import groupby

from s2sad.errors import Location
from s2sad.ir.program import Assign, Function, Guard, Var, everything
from s2sad.rules.language import Primitive
from s2sad.rules.structural import SHADOWED
from s2sad.shown.statement_text import Labels, condition, expression_text, operand_text

LONGEST = 80


Runs = tuple[tuple[str, int], ...]
"""Answers, each with how many times it is asked for in a row."""


def path_lines(function: Function) -> list[str]:
    """What has to hold, one line for each condition of the user's, in the order they are first met.

    What a condition gave again and again, in a loop, is counted. Premises, which only ask whether code is still the
    same, are left out.
    """
    return [f"{place}{': ' if place else ''}{subject} {_counted(runs)}" for place, subject, runs in asked_of(function)]


def asked_of(function: Function) -> list[tuple[str, str, Runs]]:
    """For each condition of the user's its place, what is asked about, and the answers."""
    answers: dict[tuple[str, str], list[str]] = {}
    made = {t: s.primitive for s in everything(function.statements) if isinstance(s, Assign) for t in s.targets}
    for guard in everything(function.statements):
        if isinstance(guard, Guard) and not _on_code(guard, made):
            subject = subject_text(guard, function)
            outcome = condition(guard, subject).removeprefix(subject).strip()
            answers.setdefault((place_text(guard.location), subject), []).append(outcome)
    return [(place, subject, tuple((o, len(list(group))) for o, group in groupby(found))) for (place, subject), found in answers.items()]


def _on_code(guard: Guard, made: dict[Var, Primitive]) -> bool:
    return guard.premise or (isinstance(guard.atom, Var) and made.get(guard.atom) is SHADOWED)


def _counted(runs: Runs) -> str:
    return ", then ".join(f"{outcome} ({count} times)" if count > 1 else outcome for outcome, count in runs)


def refusal(guard: Guard, function: Function) -> str:
    """What to tell the user when a guard does not hold."""
    place = place_text(guard.location)
    asked = condition(guard, subject_text(guard, function))
    return f"{place}{': ' if place else ''}the exported path holds only while {asked}"


def place_text(location: Location | None) -> str:
    return location.short if location else ""


def subject_text(guard: Guard, function: Function) -> str:
    """What a guard asks about, in the user's names."""
    text = operand_text(guard.atom, _Named(function))
    return f"`{text if len(text) <= LONGEST else text[:LONGEST] + ' ...'}`"


class _Named:
    """Variables by the user's names, the others by the operation that made them."""

    def __init__(self, function: Function) -> None:
        self.label = Labels(function)
        self.names = self.label.names
        self.definitions = {t: s for s in everything(function.statements) if isinstance(s, Assign) for t in s.targets}

    def __call__(self, var: Var) -> str:
        made = self.definitions.get(var)
        if var in self.names or made is None:
            return self.names.get(var) or self.label(var)
        return expression_text(made.primitive, made.args, self)
