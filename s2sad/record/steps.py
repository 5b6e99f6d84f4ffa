"""The steps that the loops of a function take while it is recorded, counted against what is allowed.

A recording grows with each step, kept control flow does not. So a recording is given up where a loop is to take more steps than are
allowed: in front of the first one where its length is known, and only as long as nothing has happened in the call that may not happen
twice. Counted are the loops that keeping leaves as loops: those over ranges and arrays, and those with a condition. Loops within a loop
count with it; loops one after another are counted each by itself.
"""
from __future__ import annotations

import operator
from collections.abc import Generator, Iterator
from typing import Any

from s2sad.machine.rows import Rows
from s2sad.quickly import dataclass
from s2sad.runtime.control import OverBudget

RANGES = (range, type(iter(range(1))), type(iter(range(1 << 64))))


@dataclass
class Allowance:
    """How many steps a loop may take in a recording, and whether one has taken more as it could not be given up any more."""

    steps: int
    exceeded: bool = False


class Steps:
    """The count of one recording. The machine says whether something has happened, and ends the walk."""

    def __init__(self, machine: Any, allowance: Allowance) -> None:
        self.machine, self.allowance = machine, allowance
        self.depth = self.taken = 0

    def over(self, items: Any) -> Any:
        """What a `for` runs over."""
        known = length(items)
        return items if known is None else self._counted(items, known)

    def _counted(self, items: Any, known: int) -> Iterator[Any]:
        self._begin()
        try:
            self._take(known)
            yield from items
        finally:
            self.depth -= 1

    def turns(self) -> Generator[None]:
        """What a `while` asks for each of its steps. It is closed where the loop is left, in whatever way."""
        self._begin()
        try:
            while True:
                self._take(1)
                yield
        finally:
            self.depth -= 1

    def _begin(self) -> None:
        self.taken = self.taken if self.depth else 0
        self.depth += 1

    def _take(self, steps: int) -> None:
        self.taken += steps
        if self.taken > self.allowance.steps and not self.machine.sheet.phase:
            if not self.machine.sheet.acted and not self.machine.performed.happened:
                self.machine.give_up(OverBudget())
            self.allowance.exceeded = True


def length(items: Any) -> int | None:
    """How many numbers of a range or rows of an array there are, maybe with others beside them; None of anything else.

    >>> length(range(3)), length(zip(range(5), range(4))), length(enumerate([1.0, 2.0])), length([])
    (3, 4, None, None)
    """
    if type(items) in (enumerate, zip):
        inside = items.__reduce__()[1]
        lengths = [length(each) for each in (inside[:1] if type(items) is enumerate else inside)]
        return min((n for n in lengths if n is not None), default=None) if None not in lengths else None
    return operator.length_hint(items) if isinstance(items, (*RANGES, Rows)) else None
