"""Conditions of the function that compare whole numbers: what they say about sizes on the way that they lead to."""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from s2sad.ir.program import Var
from s2sad.ir.writing import Box
from s2sad.machine.traced import strip
from s2sad.types.known import compared
from s2sad.types.sizes import Size, is_whole, settled

Question = tuple[str, Any, bool]


class Conditions:
    """What the truth values of the code ask about sizes: comparisons, their opposites, and what `and` and `or` make of them.

    They are known by the variables of their results. Of what is known it asks for normal forms and answers, and adds to it.
    """

    def __init__(self, deciding: Any) -> None:
        self.deciding = deciding
        self.asked: dict[Any, Question] = {}
        self.told: dict[Any, bool] = {}  # the answers that are known
        self.parts: dict[Any, tuple[list[Var], bool]] = {}  # conditions, and the answer that is then that of all of them
        self.held: list[Any] = []  # sizes that are not negative on the way that is walked, for comparisons alone

    def plain(self, value: Any) -> Any:
        """A truth value that is known as such."""
        return self.told.get(value.var, value) if isinstance(value, Box) else value

    # Where they hold

    @contextlib.contextmanager
    def on_the_way(self, test: Any, answer: bool) -> Iterator[None]:
        """What a condition says about sizes holds while its side is walked."""
        var = test if isinstance(test, Var) else getattr(test, "var", None)
        before, held = len(self.deciding.assumed), len(self.held)
        self._hold(var, answer)
        if var in self.asked:
            kind, size, yes = self.asked[var]
            self._assume(kind, size, yes is answer)
        try:
            yield
        finally:
            del self.deciding.assumed[before:], self.held[held:]
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

    def _hold(self, test: Any, answer: bool) -> None:
        """What other comparisons may be told by: also of the parts of a condition, and that what is not zero is at least one."""
        parts, alike = self.parts.get(test, ((), None))
        for part in parts if alike is answer else ():
            self._hold(part, answer)
        kind, size, yes = self.asked.get(test, ("", 0, True))
        if kind == "negative":
            self.held.append(settled(-size - 1 if yes is answer else size))
        elif kind:
            either = (size, -size) if yes is answer else [s - 1 for s in (size, -size) if self._told("negative", s) is False]
            self.held.extend(map(settled, either))

    def _told(self, kind: str, size: Any) -> bool | None:
        """The answer to a question by all that holds; types follow from what single comparisons say alone."""
        answer: bool | None = self.deciding.told(kind, size)
        if answer is not None or not self.held:
            return answer
        before = len(self.deciding.assumed)
        self.deciding.assumed.extend(self.held)
        self.deciding.normals.clear()
        try:
            return self.deciding.told(kind, size)  # type: ignore[no-any-return]
        finally:
            del self.deciding.assumed[before:]
            self.deciding.normals.clear()

    # What they ask

    def compared(self, primitive: Any, bound: list[Any], result: Any) -> None:
        """Remember what a comparison of whole numbers asks, or its answer where that is known on this way."""
        if not primitive.compares or not isinstance(result, Box) or not all(map(is_whole, strip(bound))):
            return
        asks = compared(primitive.compares, *strip(bound))
        answer = None if asks is None else self._told(*asks[:2])
        if asks is not None and answer is None:
            self.asked[result.var] = asks[0], self.deciding.normal(asks[1]), asks[2]
        elif asks is not None:
            self.told[result.var] = answer is asks[2]

    def negated(self, test: Box, result: Box) -> None:
        """Remember what the opposite of a comparison asks."""
        if test.var in self.told:
            self.told[result.var] = not self.told[test.var]
        if test.var in self.asked:
            kind, size, yes = self.asked[test.var]
            self.asked[result.var] = kind, size, not yes

    def composed(self, result: Any, parts: list[Any], answer: bool) -> None:
        """Remember of which conditions one consists, all of which have the answer that it has, if it is this one."""
        found = [p.var for p in parts if isinstance(p, Box)]
        if isinstance(result, Box) and result.var not in found:
            self.parts[result.var] = found, answer
