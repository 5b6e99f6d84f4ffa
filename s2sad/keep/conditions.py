"""Conditions of the function that compare whole numbers: what they say about sizes on the way that they lead to."""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from s2sad.ir.program import Var
from s2sad.ir.writing import Box
from s2sad.machine.traced import strip
from s2sad.types.known import compared
from s2sad.types.sizes import Size, is_whole


class Conditions:
    """What comparisons ask about sizes, by the variables of their results. Of what is known it asks for normal forms, and adds to it."""

    def __init__(self, deciding: Any) -> None:
        self.deciding = deciding
        self.asked: dict[Any, tuple[str, Any, bool]] = {}

    @contextlib.contextmanager
    def on_the_way(self, test: Any, answer: bool) -> Iterator[None]:
        """What a condition says about sizes holds while its side is walked."""
        condition = self.asked.get(test if isinstance(test, Var) else getattr(test, "var", None))
        before = len(self.deciding.assumed)
        if condition is not None:
            kind, size, yes = condition
            self._assume(kind, size, yes is answer)
        try:
            yield
        finally:
            del self.deciding.assumed[before:]
            self.deciding.normals.clear()

    def _assume(self, kind: str, size: Any, answer: bool) -> None:
        size = self.deciding.normal(size)
        if not isinstance(size, Size):
            return
        if kind == "negative":
            self.deciding.assumed.append((-size - 1 if answer else size).settled)
            self.deciding.normals.clear()
            return
        self.deciding.know(kind, size, answer)

    def compared(self, primitive: Any, bound: list[Any], result: Any) -> None:
        """Remember what a comparison of whole numbers asks."""
        if not primitive.compares or not isinstance(result, Box) or not all(map(is_whole, strip(bound))):
            return
        asks = compared(primitive.compares, *strip(bound))
        difference = self.deciding.normal(asks[1]) if asks is not None else None
        if asks is not None and isinstance(difference, Size):
            self.asked[result.var] = asks[0], difference, asks[2]

    def negated(self, test: Box, result: Box) -> None:
        """Remember what the opposite of a comparison asks."""
        if test.var in self.asked:
            kind, size, yes = self.asked[test.var]
            self.asked[result.var] = kind, size, not yes
