"""A list whose length is not known: what stands in the list itself while the code has a stack for it.

The list is one of Python's, so it has the names and holders that it has in the function. In place of its items it holds one `Grown`, which
knows the variable. Whoever takes an item without asking the machine gets that one, and using it is refused.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep, Location
from s2sad.ir.program import StackType
from s2sad.ir.writing import Box
from s2sad.machine.traced import Traced
from s2sad.quickly import dataclass

Machine = Any
NUMBER = (int, float, complex, np.generic)
HINT = 'read its items by number or in a `for`, or use control="record"'


class Grows(CannotKeep):
    """A list changes its length in a region; `items` are values that it may hold."""

    owner: list[Any]
    items: tuple[Any, ...]


def grows(owner: list[Any], items: tuple[Any, ...], place: Location | None = None) -> Grows:
    found = Grows("a list changes its length in a loop or a branch", place, "make an array before the loop and write into it")
    found.owner, found.items = owner, items
    return found


@dataclass(frozen=True, eq=False)
class Length:
    """How long a list is, in place of a value: so much as `start` is, which is None where that is not known, and `more`."""

    start: Any = None
    more: int = 0

    def like(self, other: Length) -> bool:
        same = self.start == other.start if isinstance(self.start, int) and isinstance(other.start, int) else self.start is other.start
        return same and self.more == other.more


class Grown(Traced):
    """The items of a list: `box` has the variable that the list is now, `like` a variable of the type of its items.

    `held` are the arrays among the items, which must not be written any more; `changes` counts what has changed the length.
    """

    __slots__ = ("box", "changes", "held", "like", "owner")

    def __init__(self, machine: Machine, owner: list[Any], box: Box, like: Box) -> None:
        self.machine, self.owner, self.box, self.like = machine, owner, box, like
        self.held: dict[int, Box] = {}
        self.changes = 0

    def now(self) -> Box:
        """The list as it is, whatever becomes of it."""
        return Box(self.machine, self.box.value, self.box.var, self.box.levels)

    @property
    def value(self) -> Any:
        raise CannotKeep("a list whose length is not known is used as a whole", self.machine.location(), HINT)


def grown(value: Any) -> Grown | None:
    """The items of a list whose length is not known; None for any other value."""
    if type(value) is list and len(value) == 1 and type(value[0]) is Grown and value[0].owner is value:
        return value[0]
    return None


def flattened(value: Any) -> tuple[list[Any], trees.Structure]:
    """The leaves of a value, and its structure. A list of unknown length has one leaf, which is what the list is now."""
    leaves, structure = trees.flatten(value)
    return [leaf.now() if type(leaf) is Grown else leaf for leaf in leaves], structure


def may_grow(items: list[Any]) -> bool:
    """Whether items are of a kind that a list of unknown length may hold: numbers and arrays."""
    return all(isinstance(v.value if isinstance(v, Box) else v, (*NUMBER, np.ndarray)) for v in items)


def is_stack(value: Any) -> bool:
    """Whether a followed value is a list of unknown length, as the code has it."""
    return isinstance(value, Box) and isinstance(value.var.type, StackType)
