"""The functions that are being walked, and how long their walk has become."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from s2sad.errors import CannotKeep, Location
from s2sad.keep.blocks import Open
from s2sad.keep.syntax import Parts

WALKED = 20_000  # statements of a function, those walked again included, after which the walk is given up
RECURSION = 50  # calls of a function within itself, one in the other, that no condition of the code decides about
DOUBTFUL, DOUBTFUL_CALLS = 12, 160  # those that one decides about: one in the other, and all of a walk


class LongWalk(CannotKeep):
    """A walk that takes too long, whatever is taken for granted."""


class Walks:
    """The functions that are being walked, the innermost last: the names of each, and how many blocks were open when it began.

    `alive` are the names of all that were walked, for a survey tells them by their ids. `way` leads to what is being walked: the
    statements, calls and loops around it, each with its number among those alike, for a statement may hold two calls of one function.
    """

    def __init__(self) -> None:
        self.functions: list[tuple[Parts, int]] = []
        self.frames: list[dict[str, Any]] = []
        self.alive: list[dict[str, Any]] = []
        self.statements = 0  # as often as they were walked
        self.doubtful = 0  # calls of a function within itself that a condition of the code decides about
        self.way: list[tuple[Any, int]] = []
        self.begun: list[Counter[Any]] = [Counter()]

    @contextmanager
    def within(self, part: Any) -> Iterator[None]:
        """What is walked now belongs to this: a statement, a call, a loop. The way there is the same when it is walked once more."""
        self.begun[-1][part] += 1
        self.way.append((part, self.begun[-1][part]))
        self.begun.append(Counter())
        try:
            yield
        finally:
            self.way.pop()
            self.begun.pop()

    def once_more(self) -> None:
        """What the innermost part consists of is walked from the start."""
        self.begun[-1].clear()

    @contextmanager
    def entered(self, parts: Parts, namespace: dict[str, Any], opened: int) -> Iterator[None]:
        self.alive.append(namespace)
        self.functions.append((parts, opened))
        self.frames.append(namespace)
        try:
            yield
        finally:
            self.frames.pop()
            self.functions.pop()

    def too_deep(self, parts: Parts, blocks: Sequence[Open]) -> bool:
        """Whether a function calls itself too often. A branch between the calls has a condition that is not known: they may be
        endless, and double at each depth."""
        around = self.of(parts)
        doubtful = bool(around) and not all(b.loop for b in blocks[around[0] :])
        self.doubtful += doubtful
        return len(around) > (DOUBTFUL if doubtful else RECURSION) or self.doubtful > DOUBTFUL_CALLS

    def of(self, parts: Parts) -> list[int]:
        """How many blocks were open at each call of a function that is being walked."""
        return [opened for walking, opened in self.functions if walking is parts]

    def count(self, node: Any, place: Callable[[Any], Location]) -> None:
        """One more statement is walked."""
        self.statements += 1
        if self.statements > WALKED:
            raise LongWalk(f"to walk the loops and branches takes more than {WALKED} statements", place(node), 'use control="record"')
