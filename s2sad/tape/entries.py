"""The tape itself: entries in the order in which they were made, and the differentiations that began and ended on it."""
from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class TapeEntry:
    """One operation: the names it read, the names it made, and closures that propagate cotangents backwards and tangents forwards.

    `propagate` takes a list with one cotangent per output (None where there is none) and gives one contribution per
    input; `push` takes one tangent per input (None for zero) and gives one per output. For the differentiation with the
    number `stops`, and those inside it, the outputs are constants.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    propagate: Callable[..., list[Any]]
    push: Callable[..., list[Any]]
    stops: int = sys.maxsize


@dataclass(frozen=True)
class Mark:
    """Where on the tape a differentiation began."""

    entry: int
    root: int
    number: int

    @property
    def level(self) -> int:
        """As compilers call it."""
        return self.number

    @property
    def first(self) -> bool:
        """Whether nothing was on the tape before."""
        return self.entry == self.root == 0


class Tape:
    """What was put down: the entries, the names in them, and which of these are constants by now.

    It gives names, takes entries, and is asked for those of one differentiation. It knows names alone, no values, and asks nothing.
    """

    def __init__(self) -> None:
        self.entries: list[TapeEntry] = []
        self.constants: set[str] = set()  # names that stopped being differentiated
        self.differentiations = 0
        self._numbers = itertools.count(-1)
        self._names: set[str] = set()
        self._roots: list[str] = []
        self._pulled: set[int] = set()  # differentiations that have been swept over
        self._open: list[Mark] = []
        self._inputs: dict[int, set[str]] = {}  # of differentiations that are going on
        self._ended: dict[int, list[TapeEntry]] = {}  # of others, what they put on the tape

    def fresh(self, name: str | None = None) -> str:
        """A name that nothing has: this one, or the next `v1`, `v2`, ..."""
        if name is None:
            name = next(candidate for n in self._numbers if (candidate := f"v{n}") not in self._names)
        elif name in self._names:
            raise ValueError(f"the name {name!r} is taken")
        self._names.add(name)
        return name

    def put(self, inputs: tuple[str, ...], outputs: tuple[str, ...], propagate: Callable[..., list[Any]],
            push: Callable[..., list[Any]], stops: int = sys.maxsize) -> None:  # fmt: skip
        """An entry at the end."""
        self.entries.append(TapeEntry(inputs, outputs, propagate, push, stops))

    def root(self, name: str) -> None:
        """An input of the differentiation that began last has this name, and depends on nothing."""
        self._roots.append(name)

    def begin(self) -> Mark:
        """A differentiation begins here."""
        self.differentiations += 1
        mark = Mark(len(self.entries), len(self._roots), self.differentiations)
        self._open.append(mark)
        self._inputs[mark.number] = set()
        return mark

    def taken(self, mark: Mark, name: str) -> None:
        """An input of a differentiation has this name."""
        self._inputs[mark.number].add(name)

    def numbers(self, names: set[str]) -> set[int]:
        """The differentiations going on that one of the names takes part in."""
        return {m.number for m in self._open if not names.isdisjoint(reached(self.entries[m.entry :], self._inputs[m.number], m.number))}

    def pulled(self, mark: Mark) -> list[TapeEntry]:
        """The entries of a differentiation, which is swept over now."""
        self._pulled.add(mark.number)
        return self._ended.get(mark.number) or self.entries[mark.entry :]

    def end(self, mark: Mark) -> None:
        """The differentiation is over: what depends only on its inputs is constant for those around it."""
        self._open.remove(mark)
        if mark.number not in self._pulled:  # a pullback may be called later
            self._ended[mark.number] = self.entries[mark.entry :]
        made = set(self._roots[mark.root :])
        from_outside: set[str] = set()
        for entry in self.entries[mark.entry :]:
            if any(name not in made or name in from_outside for name in entry.inputs):
                from_outside.update(entry.outputs)
            made.update(entry.outputs)
        self.constants |= made - from_outside
        self.entries[mark.entry :] = [e for e in self.entries[mark.entry :] if not from_outside.isdisjoint(e.outputs)]
        del self._roots[mark.root :]


def reached(entries: list[TapeEntry], names: set[str], number: int = -1) -> set[str]:
    """The names, and all that the entries computed from them, as far as it takes part in the differentiation of this number."""
    found = set(names)
    for entry in entries:
        if number < entry.stops and not found.isdisjoint(entry.inputs):
            found.update(entry.outputs)
    return found
