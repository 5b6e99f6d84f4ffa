"""Conditions of the function that compare whole numbers: what they say about sizes on the way that they lead to."""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from s2sad.ir.program import Var
from s2sad.ir.writing import Box
from s2sad.machine.traced import strip
from s2sad.types.sizes import Size, is_whole

COMPARISONS = {
    "==": ("zero", False, True), "!=": ("zero", False, False), "<": ("negative", False, True), ">": ("negative", True, True),
    "<=": ("negative", True, False), ">=": ("negative", False, False),
}  # fmt: skip
"""What comparisons ask of the difference of their operands: which question, of that of the second and the first, and the answer."""


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
        asks = COMPARISONS.get(primitive.compares)
        if asks is None or not isinstance(result, Box) or not all(map(is_whole, strip(bound))):
            return
        kind, turned, yes = asks
        left, right = strip(bound)
        difference = self.deciding.normal(right - left if turned else left - right)
        if isinstance(difference, Size):
            self.asked[result.var] = kind, difference, yes

    def negated(self, test: Box, result: Box) -> None:
        """Remember what the opposite of a comparison asks."""
        if test.var in self.asked:
            kind, size, yes = self.asked[test.var]
            self.asked[result.var] = kind, size, not yes
