"""What loops carry, remembered from one walk of what is around them to the next.

A body is walked once to see what it changes, and once with parameters for that. A loop inside is met in both walks. The first one is rough:
what the loop inside is seen to change is taken for what it carries, for the block is thrown away. In the second one it starts with what was
seen. So each statement is walked twice, however many loops there are around it.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from s2sad.keep.choices import Hole, Kinds
from s2sad.keep.joins import Joined
from s2sad.keep.slots import Key, Survey, Way
from s2sad.quickly import dataclass

Plan = dict[Any, tuple[Any, list[Joined]]]
"""For each slot that a loop carries the structure of what it holds, or "poison", and its leaves."""
RETURNED = ("exit", 0, None)  # in place of a slot: the value that the function returns from within the loop


@dataclass(frozen=True)
class Remembered:
    """What a slot holds in a loop, by the way to the slot; for a poison the reason."""

    way: Way
    structure: Any
    leaves: list[tuple[Joined, list[Way] | None]]
    reason: str


class Plans:
    """What each loop carries, by the way to it, and whether a walk is rough.

    A slot is known by the way to it, since what a step makes is another object in each walk. Of the machine it asks for the way to what is
    being walked, the names of the functions, and which differentiations are open: what is differentiated has to be written down in full.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.known: dict[Any, list[Remembered]] = {}
        self.drawn = 0  # how many loops were not walked to their end
        self.levels: set[int] | None = None

    @property
    def rough(self) -> bool:
        """Whether what is being walked is walked again for sure, if a loop in it changes anything."""
        return bool(self.levels == self.machine.levels.open)

    @contextmanager
    def walking(self, rough: bool) -> Iterator[None]:
        around, self.levels = self.levels, set(self.machine.levels.open) if rough else None
        try:
            yield
        finally:
            self.levels = around

    def remember(self, plan: Plan, before: Survey) -> None:
        """A loop carries this; `before` is what there is in front of it."""
        known = []
        for key, (structure, joined) in plan.items():
            way = RETURNED if key == RETURNED else before.way_to(key)
            known.append(Remembered(way, structure, [self.stored(j, before) for j in joined], self.machine.joins.reasons.get(key, "")))
        self.known[tuple(self.machine.walks.way)] = known

    def stored(self, joined: Joined, before: Survey) -> tuple[Joined, list[Way] | None]:
        """A leaf, and the ways to the arrays that it may be another name of."""
        if joined.shared is None:
            return joined, None
        keys = (("contents", id(root), None) for root in joined.shared)
        return replace(joined, shared=None), [before.way_to(key) for key in keys if key in before]

    def recalled(self, before: Survey) -> Plan:
        """What the loop was known to carry when it was walked before."""
        found: Plan = {}
        for known in self.known.get(tuple(self.machine.walks.way), ()):
            key = self.key(known.way, before)
            lasts = not isinstance(known.structure, Kinds) or all(map(before.reached.__contains__, self.objects(known.structure)))
            if key is not None and lasts:
                found[key] = known.structure, [self.found_again(j, ways, before) for j, ways in known.leaves]
                if known.structure == "poison":
                    self.machine.joins.reasons[key] = known.reason
        return found

    def objects(self, kinds: Kinds) -> list[int]:
        """The ids of the objects that one is chosen from, which are others in each walk of what is around."""
        return [id(p[0]) for pattern in kinds.patterns for p in pattern if not isinstance(p, Hole) and self.machine.things.is_one(p[0])]

    def found_again(self, joined: Joined, ways: list[Way] | None, before: Survey) -> Joined:
        if ways is None:
            return joined
        return replace(joined, shared=tuple(before[before.ways[way]].owner for way in ways if way in before.ways))

    def key(self, way: Way, before: Survey) -> Key | None:
        kind, name, position = way
        if kind == "name" and position < len(self.machine.walks.frames):
            return kind, id(self.machine.walks.frames[position]), name  # which may have no value in front of the loop
        return RETURNED if way == RETURNED else before.ways.get(way)
