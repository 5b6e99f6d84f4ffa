"""Differentiations by their numbers: what a machine is asked of them for derivatives of the user's, whichever way it knows the numbers."""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from s2sad.machine import integrals, trajectories  # noqa: F401  which say what the functions mean that tables say with of solvers


class Numbered:
    """Which differentiations that are going on values take part in; a kind of machine says it with `numbers`."""

    swept = -1  # the one whose sweep is going on

    def __init__(self) -> None:
        self.backward: set[int] = set()  # those in which a function of the user's has a pullback and no tangent

    def numbers(self, values: Any) -> set[int]:
        """The differentiations going on that one of the values takes part in."""
        raise NotImplementedError

    def innermost(self, values: Any) -> int | None:
        """The innermost of these; None if there is none."""
        return max(self.numbers(values), default=None)

    def concerned(self, values: Any, level: int) -> bool:
        """Whether one of the values takes part in this one, or in one inside of it."""
        return any(n >= level for n in self.numbers(values))

    @contextlib.contextmanager
    def sweep(self, level: int) -> Iterator[None]:
        """Cotangents are those of this one."""
        before, self.swept = self.swept, level
        try:
            yield
        finally:
            self.swept = before
