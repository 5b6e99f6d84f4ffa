"""Differentiations inside a recording: which are going on, and which values take part in one."""
from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from s2sad.errors import NotDifferentiable
from s2sad.ir.writing import Box, inexact
from s2sad.machine.traced import strip, traced_in
from s2sad.rules.operations import ASTYPE, FLOAT, IDENTITY


class Levels:
    """The differentiations of a recording, by number; `open` are those that are going on.

    It is asked for the variable that takes the place of an argument to differentiate, and whether a value takes part in one. The machine
    writes that variable down.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.open: set[int] = set()
        self._numbers = itertools.count()

    def begin(self) -> int:
        level = next(self._numbers)
        self.open.add(level)
        return level

    def end(self, level: int) -> None:
        self.open.discard(level)

    def active(self, values: Any) -> bool:
        """Whether a value that is being differentiated is among the values, also inside containers."""
        return bool(self.open) and any(isinstance(b, Box) and b.levels & self.open for v in values for b in traced_in(v))

    def input(self, leaf: Any, level: int, name: str) -> Any:
        """A fresh variable for an argument to differentiate: floats as they are, ints as floats."""
        machine, value = self.machine, strip(leaf)
        machine.reached.differentiated(leaf, level)
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            leaf = machine.apply(FLOAT, [leaf])
        elif isinstance(value, np.ndarray) and value.dtype.kind in "iu":
            leaf = machine.apply(ASTYPE, ASTYPE.bind((leaf, np.float64), {}))
        elif not inexact(value):
            raise NotDifferentiable(f"the argument {name!r} is a {type(value).__name__}, which has no derivative", machine.location(),
                                    "choose another argument with argnums")  # fmt: skip
        levels = (leaf.levels if isinstance(leaf, Box) else frozenset()) | {level}
        box = machine.emit(IDENTITY, [leaf], strip(leaf), levels)
        machine.sheet.names.setdefault(box.var, name)
        if isinstance(leaf, Box):
            box.given = leaf.root.passed
            box.layout = leaf.layout
        return box
