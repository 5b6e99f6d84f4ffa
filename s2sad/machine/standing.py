"""What values stand for: a differentiated argument, a copy, or a container that is taken apart is another object than in the plain call."""
from __future__ import annotations

from typing import Any

from s2sad import trees
from s2sad.machine.traced import Traced
from s2sad.quickly import dataclass


@dataclass(frozen=True, eq=False)
class Outer:
    """The object that a value is in the plain call, and the variable that holds it; None where no code can ask for it.

    `apart` says that it is a container among the arguments, of which the code gets the leaves alone.
    """

    value: Any
    var: Any = None
    apart: bool = False


class Standing:
    """Which objects the values of a machine stand for. It is told when one takes the place of another, and asked for the one behind it."""

    def __init__(self) -> None:
        self.outers: dict[int, tuple[Any, Outer]] = {}
        self.split: set[int] = set()  # containers that are one, and two inside a derivative

    def stands_for(self, value: Any) -> Outer | None:
        """The object a value is in the plain call, where that is known to be another one, or to come from outside."""
        known = self.outers.get(id(value))
        return None if known is None else known[1]

    def note(self, value: Any, outer: Outer) -> None:
        """Remember what a value stands for."""
        self.outers[id(value)] = value, outer

    def taken_apart(self, arguments: Any) -> Any:
        """The arguments of the function: of containers the code gets the leaves alone."""
        inner = trees.parts(arguments, trees.EVERY)
        if inner is not None:
            self.note(arguments, Outer(arguments, apart=True))
            for content in inner[1]:
                self.taken_apart(content)
        return arguments

    def passed_twice(self, value: Any) -> bool:
        """Whether an object is one that was passed in two places, and is two inside a derivative."""
        outer = self.stands_for(value) if self.split else None
        return outer is not None and id(outer.value) in self.split

    def passed_on(self, old: Any, new: Any, twice: frozenset[int] = frozenset()) -> None:
        """An argument of a derivative and what takes its place inside: they are one object to the function.

        `twice` are the containers that are passed in more than one place. A write into one would have to be seen in the other.
        """
        outer = self.stands_for(old) or Outer(old.value if isinstance(old, Traced) else old)
        self.note(new, outer)
        if old is new:  # which is one object as it stands, whatever it holds
            return
        below, others = trees.parts(old, trees.EVERY), trees.parts(new, trees.EVERY)
        if below is not None and others is not None:
            if id(old) in twice:
                self.split.add(id(outer.value))
            for one, other in zip(below[1], others[1], strict=True):
                self.passed_on(one, other, twice)
