"""Arrays and containers with several names, where a loop or a branch ends: a variable then holds the one or the other.

What it holds may be another variable's array, or a part of it, by the way that was taken. A write into it is refused, since it cannot be
told what else that changes. A write into one of the arrays that it may be leaves it stale: reading it is refused from then on. The same
holds for lists and other containers, of which the variable has one of its own in place of the one or the other.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.ir.program import Var
from s2sad.ir.writing import Box
from s2sad.keep.growing import Grown
from s2sad.keep.orders import may_be_given_back
from s2sad.keep.slots import LEAVES, Key, Poison, Slot, Survey, arrays_in, put
from s2sad.keep.variables import Variables
from s2sad.machine.traced import strip
from s2sad.quickly import dataclass
from s2sad.record.capture import NUMBERS
from s2sad.record.views import Ended, View
from s2sad.runtime import asking, containers

STALE_CONTAINER = "which container is read depends on the path that was taken, and the other one has been written since"
STALE = "which array is read depends on the path that was taken, and the other one has been written since"


@dataclass(frozen=True)
class Shared:
    """A variable after a loop or a branch, the arrays whose memory it may have, and what these held then."""

    box: Box
    roots: tuple[Box, ...]
    contents: tuple[Var, ...]


class Aliases:
    """Which arrays may share memory, and which of them may have been written under another name since.

    `share` is told of each variable that may be one of several arrays; whoever reads or writes an array asks `refuse_stale` or `is_shared`.
    Of the machine it asks which arrays come from outside, and the place for a refusal.
    """

    def __init__(self, machine: Any, variables: Variables) -> None:
        self.machine, self.variables = machine, variables
        self.shared: dict[int, Shared] = {}
        self.doubtful: dict[int, Any] = {}  # containers that stand for one or another, by the way that was taken
        self.copies: dict[int, tuple[Any, list[Any]]] = {}  # for a container the doubtful ones that may be it
        self.rebinding: dict[Any, list[Any]] = {}  # for variables of loops the containers that they may hold

    def share(self, box: Box, roots: tuple[Box, ...]) -> None:
        """From now on the variable may be one of these; all the slots have what they hold after the region."""
        self.variables.freeze(box)
        self.shared[id(box)] = Shared(box, roots, tuple(r.var for r in roots))

    def is_stale(self, value: Any) -> bool:
        """Whether an array may have been written under another name. What stood at the end of a block is what it was then."""
        known = self.shared.get(id(value.root)) if isinstance(value, Box) and not isinstance(value, Ended) else None
        return known is not None and any(r.var is not v for r, v in zip(known.roots, known.contents, strict=True))

    def stale_in(self, found: Survey) -> set[Key]:
        """The slots that hold such an array."""
        if not self.shared:
            return set()
        return {key for key, slot in found.items() if key[0] != "contents" and any(map(self.is_stale, arrays_in(slot.value)))}

    def refuse_stale(self, value: Any) -> None:
        if self.is_stale(value):
            raise CannotKeep(STALE, self.machine.location(), "use a copy")

    def made_as_one(self, left: Any, right: Any) -> bool:
        """Whether what the function made is one object. Types say nothing of numbers, and nothing of what a loop or a branch hands on."""
        if any(id(v) in self.doubtful or id(v) in self.variables.unsure or isinstance(strip(v), NUMBERS) for v in (left, right)):
            raise CannotKeep("whether two variables are one object depends on the path", self.machine.location(), 'use control="record"')
        if may_be_given_back(left) or may_be_given_back(right):
            raise CannotKeep("whether another array is a copy depends on the memory layout", self.machine.location(),
                             'use control="record"')  # fmt: skip
        return False

    def rebound(self, key: Any, *ways: Survey) -> list[Any]:
        """The containers that a variable holds by one way or another, if one of them has a second name."""
        held = [(*way.holds(key), way) for way in ways]
        if any(way.references[id(each)] > own for value, own, way in held for each in containers_in(value)):
            return [each for value, _, _ in held for each in containers_in(value)]
        return []

    def stand_for(self, made: Any, originals: list[Any]) -> None:
        """What is made for a variable may be one of these."""
        for each in containers_in(made) if originals else ():
            self.doubtful[id(each)] = each
            for original in originals:
                self.copies.setdefault(id(original), (original, []))[1].append(each)

    def written(self, container: Any) -> None:
        """A container is written."""
        copies = self.copies.get(id(container), (None, ()))[1]
        if id(container) in self.doubtful or not all(map(_is_stale, copies)):
            raise CannotKeep(f"a write into a {type(container).__name__} that had two names when a loop or a branch ended",
                             self.machine.location(), "use a copy")  # fmt: skip

    def overwritten(self, container: Any) -> None:
        """Another value takes the place of one in a container: what may be that one too is not read any more."""
        for copy in self.copies.get(id(container), (None, ()))[1]:
            if not any(type(item) is Grown for _, item in _contents(copy)):
                for key, _ in _contents(copy):
                    put(Slot(("item" if isinstance(copy, (list, dict)) else "attribute", 0, key), copy, None),
                        Poison(self.machine, STALE_CONTAINER))  # fmt: skip

    def had_two_names(self, root: Box) -> bool:
        """Whether an array may be another one's, or a part of one, since a loop or a branch ended."""
        return id(root) in self.shared

    def roots_of(self, value: Box) -> tuple[Box, ...]:
        """The arrays whose memory this may have."""
        root = value.root
        return (root, *(self.shared[id(root)].roots if self.had_two_names(root) else ()))

    def holders(self, found: Survey) -> Counter[int]:
        """For each array, by the id of the object that owns its memory, how many references lead to it, or may do so."""
        return Counter(id(root) for box in found.held for root in self.roots_of(box))

    def is_shared(self, value: Any, held: Counter[int], own: int) -> bool:
        """Whether an array is held by more than its own slot, or from outside, is a part of another, or may be another."""
        if not isinstance(value, Box) or not isinstance(value.value, np.ndarray):
            return False
        if self.held_outside(value.root):
            return True
        part = isinstance(value, View) or (isinstance(value, Ended) and isinstance(value.origin, View))
        return part or held[id(value.root)] > own or self.had_two_names(value.root)

    def held_outside(self, root: Box) -> bool:
        """Whether the caller has an array as well, or a variable outside, or native code."""
        machine, given = self.machine, root.passed
        return root.native or id(root) in machine.external or given.var in machine.sheet.inputs or id(given) in machine.writable.written


def _contents(container: Any) -> list[tuple[Any, Any]]:
    return list(containers.items(container) if isinstance(container, (list, dict)) else asking.own_names(container).items())


def _is_stale(container: Any) -> bool:
    contents = _contents(container)
    return bool(contents) and all(type(item) is Poison for _, item in contents)


def containers_in(value: Any) -> Iterator[Any]:
    """The containers in a value that may be written: lists, dicts, and objects whose contents are variables."""
    found = trees.parts(value)
    if found is None:
        return
    if not isinstance(value, tuple):
        yield value
    for item in found[1]:
        yield from containers_in(item)


def parts_of(value: Any) -> Iterator[int]:
    """The ids of what may be written in a value: its containers, and the arrays in them."""
    if type(value) is Grown:
        yield id(value.box)
    found = trees.parts(value) if type(value) not in LEAVES else None
    if found is None:
        yield from (id(array.root) for array in arrays_in(value))
        return
    yield id(value)
    for item in found[1]:
        yield from parts_of(item)
