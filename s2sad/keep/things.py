"""What can be changed and may have several names: lists, dicts and objects of the function's own.

After a branch each of them is one object again. What was there before stays the object that it is. What the sides have made is paired
where a variable holds the one or the other, and both are alike: one object stands for both, and holds what they hold, joined. What is not
paired stays as it is on its way. Since each object has one image, two names of one list lead to one list also afterwards.
"""
from __future__ import annotations

import functools
import operator
import types
from collections.abc import Callable, Iterator
from typing import Any

from s2sad import trees
from s2sad.ir.program import UNDEFINED
from s2sad.keep.choices import PLAIN, Choice
from s2sad.keep.growing import grown
from s2sad.keep.slots import CONTENTS, INERT, LOOKS, Key, Poison, Slot, Survey
from s2sad.quickly import dataclass

NO_THINGS = (*INERT, *PLAIN, *CONTENTS, *LOOKS, tuple, types.FunctionType, types.MethodType, functools.partial, BaseException, Iterator)
CHOICE = "choice"  # in place of a structure
UNTOLD = "which of several lists or objects is meant depends on the path"


class Things:
    """Which values are such objects. Of the machine it asks what the function has made, and what is from outside."""

    def __init__(self, machine: Any) -> None:
        self.machine = machine

    def is_one(self, value: Any) -> bool:
        if isinstance(value, NO_THINGS):
            return False
        return isinstance(value, (list, dict)) or id(value) in self.machine.made

    def are_held(self, *values: Any) -> bool:
        """Whether variables hold any; what these say of their own truth is not asked."""
        return any(True for _ in self.within(*values))

    def within(self, *values: Any) -> Iterator[Any]:
        """Those that variables may hold, by themselves or in tuples."""
        for value in values:
            for part in value.options.values() if isinstance(value, Choice) else (value,):
                yield from filter(self.is_one, trees.flatten_tuples(part)[0])


@dataclass
class Left:
    """What a side of a branch leaves, with its objects as they are: in the slots that it has changed, as its value, and in the objects
    that it has made."""

    values: dict[Key, Any]
    value: Any
    held: dict[int, list[tuple[Slot, Any]]]


class Images:
    """The object that stands for each one after a branch, by the side.

    `ways` are what the sides leave; `add` joins two values of a slot. What the images hold is put into `news`.
    """

    def __init__(self, things: Things, before: Survey, ways: tuple[Left, Left], add: Callable[..., Any]) -> None:
        self.things, self.before, self.ways, self.add = things, before, ways, add
        self.of: tuple[dict[int, Any], dict[int, Any]] = {}, {}
        self.news: list[tuple[Slot, Any]] = []

    def meet(self, one: Any, other: Any) -> tuple[Any, Any]:
        """The values that two sides leave in a slot, with images in place of what they have made."""
        (first, left), (second, right) = map(self.taken_apart, (one, other))
        if left == right and left != CHOICE:
            for x, y in zip(first, second, strict=True):
                self.pair(x, y)
        return self.with_images(0, one, first, left), self.with_images(1, other, second, right)

    def taken_apart(self, value: Any) -> tuple[list[Any], Any]:
        return (list(self.things.within(value)), CHOICE) if isinstance(value, Choice) else trees.flatten_tuples(value)

    def with_images(self, side: int, value: Any, leaves: list[Any], structure: Any) -> Any:
        images = [self.image(side, leaf) for leaf in leaves]
        poison = next((image for image in images if isinstance(image, Poison)), None)
        if poison is not None:
            return poison
        if all(image is leaf for image, leaf in zip(images, leaves, strict=True)):
            return value
        return Poison(self.things.machine, UNTOLD) if structure == CHOICE else trees.unflatten(structure, images)

    def is_new(self, side: int, value: Any) -> bool:
        return self.things.is_one(value) and id(value) not in self.before.reached and id(value) not in self.things.machine.external

    def are_new(self, one: Any, other: Any) -> bool:
        """Whether the sides have made all that two values hold."""
        return all(self.is_new(side, each) for side, value in enumerate((one, other)) for each in self.things.within(value))

    def pair(self, one: Any, other: Any) -> None:
        """Let one object stand for two that are alike, where there is none for either yet."""
        if not (self.is_new(0, one) and self.is_new(1, other)) or id(one) in self.of[0] or id(other) in self.of[1]:
            return
        first, second = (way.held.get(id(value), []) for way, value in zip(self.ways, (one, other), strict=True))
        names = ([slot.key[::2] for slot, _ in held] for held in (first, second))
        if type(one) is type(other) and grown(one) is grown(other) is None and operator.eq(*names):
            self.of[0][id(one)] = self.of[1][id(other)] = one
            self.news += [(slot, self.add(x, y, slot.key)) for (slot, x), (_, y) in zip(first, second, strict=True)]

    def image(self, side: int, value: Any) -> Any:
        """What stands for a value after the branch: what is there on one side only holds what it holds there."""
        if not self.is_new(side, value):
            return value
        if grown(value) is not None:
            return Poison(self.things.machine, "a list whose length is not known is made in a branch, and another one on the other side")
        if id(value) not in self.of[side]:
            self.of[side][id(value)] = value
            for slot, held in self.ways[side].held.get(id(value), []):
                pair = (held, UNDEFINED) if side == 0 else (UNDEFINED, held)
                self.news.append((slot, self.add(*pair, slot.key, idle=True)))
        return self.of[side][id(value)]


def left(before: Survey, after: Survey, values: dict[Key, Any], value: Any, as_left: Callable[[Any], Any]) -> Left:
    """What there is at the end of a side; `values` are those of the slots that it has changed, and `value` is its own."""
    held: dict[int, list[tuple[Slot, Any]]] = {}
    for key, slot in after.items():
        if key[0] in ("item", "attribute") and key not in before:
            held.setdefault(key[1], []).append((slot, as_left(slot.value)))
    return Left({key: as_left(value) for key, value in values.items()}, as_left(value), held)
