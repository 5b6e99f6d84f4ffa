"""What shape functions tell where a question about sizes that change has two answers: they are asked once for each."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.keep.deciding import Deciding
from s2sad.types.arrays import Array
from s2sad.types.questions import Undecided
from s2sad.types.sizes import Size, is_whole, same, value_at_hints

MOST = 64  # ways to answer the questions about one operation


class Answered(Exception):
    """A question has an answer in the present call, which holds however others are answered."""


class World:
    """One way to answer the questions about an operation: what is known if it is so, and what the operation gives then."""

    def __init__(self, script: tuple[bool, ...]) -> None:
        self.script = script
        self.taken: list[tuple[str, Any, bool]] = []
        self.known: Any = None
        self.leaves: list[Any] | None = None  # of what it gives, where it does not raise
        self.structure: Any = None

    def others(self) -> list[tuple[bool, ...]]:
        """The ways that part from this one after what it was told to take."""
        answers = [answer for _, _, answer in self.taken]
        return [(*answers[:k], not answers[k]) for k in range(len(self.script), len(answers))]


class Supposed:
    """The results of operations of which types tell the shape only with answers that no one has.

    Each answer is supposed in turn. Where all that do not raise lead to results of one kind, that is the kind; a size that is the same
    whatever the answers is known, and another one is a number that the code finds in the result. Where some raise, NumPy does it when the
    code runs. `unsure` says of the operation that was asked about last that there was something to suppose.
    """

    def __init__(self, deciding: Deciding) -> None:
        self.deciding = deciding
        self.unsure = False

    def told(self, ask: Callable[[], Any]) -> Any:
        """What an operation gives. Raises Undecided where that is not of one kind."""
        try:
            return ask()
        except Undecided as error:
            self.unsure = True
            return self.together([w for w in self.worlds(ask, error) if w.leaves is not None], error)

    def worlds(self, ask: Callable[[], Any], error: Undecided) -> list[World]:
        for _ in range(MOST):
            try:
                return self._worlds(ask, error)
            except Answered:
                self.deciding.changed()  # there is more now
        raise error

    def _worlds(self, ask: Callable[[], Any], error: Undecided) -> list[World]:
        found: list[World] = []
        scripts: list[tuple[bool, ...]] = [()]
        while scripts:
            if len(found) == MOST:
                raise error
            world = World(scripts.pop())
            self._visit(world, ask, error)
            found.append(world)
            scripts += world.others()
        return found

    def _visit(self, world: World, ask: Callable[[], Any], error: Undecided) -> None:
        with self.deciding.supposing(world, self._answer):
            try:
                world.leaves, world.structure = _flat(ask())
            except Answered:
                raise
            except Undecided:
                raise error from None
            except Exception:  # the operation raises
                world.leaves = None

    def _answer(self, world: World, kind: str, given: Size, size: Size) -> bool:
        """The answer of a world. What is known in the present call is asked there, once and for all."""
        with self.deciding.in_fact():
            if value_at_hints(self.deciding.normal(given)) is not None:
                (self.deciding.is_zero if kind == "zero" else self.deciding.is_negative)(given)
                raise Answered
        answer = world.script[len(world.taken)] if len(world.taken) < len(world.script) else True
        world.taken.append((kind, size.terms, answer))
        return answer

    # What the results have in common

    def together(self, there: list[World], error: Undecided) -> Any:
        if not there or any(w.structure != there[0].structure for w in there[1:]):
            raise error
        leaves = [self.leaf(there, list(each), error) for each in zip(*(w.leaves or [] for w in there), strict=True)]
        return leaves[0] if there[0].structure is None else trees.unflatten(there[0].structure, leaves)

    def leaf(self, worlds: list[World], values: list[Any], error: Undecided) -> Any:
        first = values[0]
        if all(type(v) is Array and v.dtype == first.dtype and v.ndim == first.ndim for v in values):
            shape = [self.size(worlds, list(sizes)) for sizes in zip(*(v.shape for v in values), strict=True)]
            return Array(first.dtype, tuple(shape), all(v.writeable for v in values))
        if all(map(is_whole, values)) and len({v.kind if type(v) is Size else type(v) for v in values}) == 1:
            found = self.size(worlds, values)
            return found.of_kind(first.kind) if type(found) is Size and type(first) is Size else found
        if any(type(v) is not type(first) or isinstance(v, np.ndarray) for v in values):
            raise error
        return first

    def size(self, worlds: list[World], sizes: list[Any]) -> Any:
        """The one of these that is the size whatever the answers, or a number of its own: the same one for the same answers."""
        for candidate in {str(n): n for n in sizes}.values():
            if all(self.is_one(w, candidate, n) for w, n in zip(worlds, sizes, strict=True)):
                return candidate
        key = tuple((*w.taken, n.terms if isinstance(n, Size) else n) for w, n in zip(worlds, sizes, strict=True))
        name = f"({' or '.join(dict.fromkeys(map(str, sizes)))})"
        return self.deciding.symbols.size(self.deciding.symbols.following(("supposed", key), name, 0))

    def is_one(self, world: World, one: Any, other: Any) -> bool:
        """Whether two sizes are the same if it is so."""
        if same(one, other):
            return True
        with self.deciding.supposing(world, self._answer):
            return same(self.deciding.normal(one), self.deciding.normal(other))


def _flat(found: Any) -> tuple[list[Any], Any]:
    return trees.flatten(found) if isinstance(found, (list, tuple)) else ([found], None)
