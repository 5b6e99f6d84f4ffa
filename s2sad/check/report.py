"""What the three-way check found: which ways disagree, where and by how much, as data and as a table."""
from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from s2sad.check import table

COMPILED, TAPE, FORWARD, DIFFERENCES, COMPLEX = MODES = ("compiled", "tape", "forward", "differences", "complex step")
FORWARDS = {f"{mode}, {FORWARD}": mode for mode in (COMPILED, TAPE)}
"""The ways in forward mode, each with that in reverse mode which it is compared with."""
VALUE = "the function's value"
SHOWN = 8


@dataclass(frozen=True)
class Disagreement:
    """Two results for one number, further apart than `tolerance`; `where` is a leaf and an index in Python's form."""

    where: str
    one: Any
    other: Any
    tolerance: float

    @property
    def difference(self) -> float:
        return float(abs(self.one - self.other))

    @property
    def columns(self) -> tuple[str, str, str, str]:
        """Where, the two results, and how far they are apart, as texts."""
        return self.where, _number(self.one), _number(self.other), f"  {self.difference:.3e} apart (tolerance {self.tolerance:.1e})"

    def __str__(self) -> str:
        return "  ".join(self.columns)


def _number(value: Any) -> str:
    return repr(value.item() if hasattr(value, "item") else value)


@dataclass
class Comparison:
    """All that was compared between two ways. `undecided` counts slopes that differences could not determine."""

    one: str
    other: str
    compared: int = 0
    undecided: int = 0
    largest: float = 0.0
    disagreements: list[Disagreement] = field(default_factory=list)

    def add(self, where: str, one: Any, other: Any, tolerance: float) -> bool:
        """Compare two numbers; an infinity agrees with the same one, NaN with NaN."""
        self.compared += 1
        if one == other or (one != one and other != other):
            return True
        apart = abs(one - other)
        if apart <= tolerance:
            self.largest = max(self.largest, float(apart))
            return True
        self.disagreements.append(Disagreement(where, one, other, tolerance))
        return False

    @property
    def ways(self) -> str:
        return f"{self.one} = {self.other}"

    def __str__(self) -> str:
        return self.row(len(self.ways))

    def row(self, width: int) -> str:
        """The result behind the names of the ways, which take that many columns."""
        head = f"{self.ways:<{width}}  "
        unsure = f"; {self.undecided} undecided" if self.undecided else ""
        if self.disagreements:
            return f"{head}DISAGREE: {len(self.disagreements)} of {self.compared}{unsure}"
        if not self.compared:
            return f"{head}not compared{unsure}"
        return f"{head}agree: {self.compared} compared, at most {self.largest:.1e} apart{unsure}"

    def lines(self) -> list[str]:
        """The disagreements, the largest first."""
        if not self.disagreements:
            return []
        worst = sorted(self.disagreements, key=lambda d: math.inf if math.isnan(d.difference) else d.difference)[::-1]
        rows = [("", self.one, self.other, ""), *(d.columns for d in worst[:SHOWN])]
        place, one, other = (max(len(row[k]) for row in rows) for k in range(3))
        more = [f"    and {len(worst) - SHOWN} more"] if len(worst) > SHOWN else []
        return [*(f"    {w:<{place}}  {a:>{one}}  {b:>{other}}{apart}" for w, a, b, apart in rows), *more]


@dataclass(repr=False)
class Report:
    """What was compared, and with what result; `errors` holds the exceptions that one way raised and the other did not."""

    title: str
    value: Any
    entries: int  # how many numbers the gradient holds
    comparisons: list[Comparison] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: dict[str, Exception] = field(default_factory=dict)

    @property
    def failed(self) -> list[Comparison]:
        """The comparisons with disagreements."""
        return [c for c in self.comparisons if c.disagreements]

    @property
    def ok(self) -> bool:
        """Whether nothing disagrees, and derivatives were compared, if there are any."""
        compared = any(c.compared for c in self.comparisons if c.other != VALUE)
        return (compared or not self.entries) and not self.failed and not self.errors

    @property
    def undecided(self) -> bool:
        """Whether nothing disagrees, but differences, which alone know nothing of the rules, were asked for and decided nothing.

        The complex step does not count: at a kink it may agree by chance.
        """
        quotients = [c for c in self.comparisons if c.other == DIFFERENCES]
        return bool(self.entries and quotients) and not self.failed and not self.errors and not any(c.compared for c in quotients)

    def between(self, one: str, other: str) -> Comparison:
        """The comparison of two ways; StopIteration where there is none."""
        return next(c for c in self.comparisons if (c.one, c.other) == (one, other))

    @property
    def verdict(self) -> str:
        """What is likely wrong."""
        if self.undecided and self.ok:
            return "no difference quotient could be relied on here; compiler and tape share their rules, so they tell nothing of those"
        if self.ok:
            return "all agree"
        if self.errors:
            return " and ".join(f"{mode} raises {type(error).__name__}" for mode, error in self.errors.items())
        if not self.failed:
            return "no derivatives could be compared"
        if any(c.other == VALUE for c in self.failed):
            return "a value is not the function's own"
        suspects = {c.one for c in self.failed if c.other in (DIFFERENCES, COMPLEX)}
        turned = [c.one for c in self.failed if c.one in FORWARDS]
        if len(turned) == len(self.failed):
            return "the tangent of a rule, or its pullback, is at fault" if len(turned) > 1 else f"the tangent '{turned[0]}' is at fault"
        if not any(c.other == TAPE and c.one == COMPILED for c in self.failed):
            return "a rule is at fault, or the function has no derivative here"
        if len(suspects) == 1:
            return f"the gradient '{suspects.pop()}' is at fault"
        return "compiled gradient and tape differ"

    def __str__(self) -> str:
        found = "undecided" if self.undecided else "ok" if self.ok else "FAILED"
        lines = [f"{self.title}: {found}, {self.verdict}", f"value {_number(self.value)}"]
        width = max([len(comparison.ways) for comparison in self.comparisons], default=0)
        for comparison in self.comparisons:
            lines += [comparison.row(width), *comparison.lines()]
        errors = [f"{mode}: {error}" for mode, error in self.errors.items()]
        return "\n".join([*lines, *errors, *(f"note: {note}" for note in self.notes)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """What notebooks show."""
        return table.of_report(self)


class CheckFailed(AssertionError):
    """Ways to differentiate disagree. `report` says which, where and by how much."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(str(report))
