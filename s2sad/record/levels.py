"""Differentiations inside a recording: which are going on, and which values take part in one."""
from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad.errors import NotDifferentiable
from s2sad.ir.writing import Box, inexact
from s2sad.machine.numbered import Numbered
from s2sad.machine.traced import strip, traced_in
from s2sad.rules.custom import LED, RULED, STOPPED, TANGENT
from s2sad.rules.operations import ASTYPE, FLOAT, IDENTITY
from s2sad.rules.structural import CALL


class Levels(Numbered):
    """The differentiations of a recording, by number; `open` are those that are going on.

    It is asked for the variable that takes the place of an argument to differentiate, and whether a value takes part in one. The machine
    writes that variable down.
    """

    def __init__(self, machine: Any) -> None:
        super().__init__()
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

    def numbers(self, values: Any) -> set[int]:
        return {n for b in traced_in(values) if isinstance(b, Box) for n in b.levels & self.open}

    def around(self, value: Any, level: int) -> Any:
        """What a sweep over this one has made as it is for those around, and for one that began within the sweep."""
        if not isinstance(value, Box):
            return value
        return Box(self.machine, value.value, value.var, frozenset(n for n in value.levels if n < level or n > self.swept))

    def stopped(self, leaf: Any, level: int) -> Any:
        """A value that is constant for this one and those inside."""
        levels = _below(leaf, level) if isinstance(leaf, Box) else frozenset()
        box = self.machine.emit(STOPPED, [leaf, level], strip(leaf), levels)
        if isinstance(leaf, Box):
            self.machine.sheet.renamed(leaf, box)
        return box

    def ruled(self, values: list[Any], inputs: list[Any], residuals: list[Any], rule: Any, level: int) -> list[Any]:
        """The values, which take part in this one by a rule, and in those around as they do anyway."""
        levels = of_rule(values, level)
        found: list[Any] = self.machine.emit(RULED, [values, inputs, residuals, rule, level], strip(values), levels, whole=False)
        return found

    def tangent(self, value: Any, level: int) -> Any:
        """What stands for the tangent of a value in this one."""
        box = self.machine.perform(TANGENT, [value, level])
        box.levels = frozenset({level})
        return box

    def led(self, value: Any, tangent: Any, level: int) -> Any:
        """The value, which takes part in this one by its tangent."""
        levels = _below(value, level) if isinstance(value, Box) else frozenset()
        return self.machine.emit(LED, [value, tangent, level], strip(value), levels | {level})

    def natively(self, function: Any, args: list[Any], like: list[Any]) -> list[Any]:
        """A call of one of our functions with plain values, whose results have the types of some values."""
        values = strip(like) if self.machine.on_types else function(*strip(args))
        found: list[Any] = self.machine.emit(CALL, [function, args, {}], values, whole=False)
        return found

    def was_written(self, value: Any) -> bool:
        """Whether something was written into a stopped value."""
        return isinstance(value, Box) and value.version > 0

    @contextlib.contextmanager
    def users_code(self) -> Iterator[None]:
        """In the middle of a sweep a function of the user's is followed, and what it computes is not the rule's."""
        machine, sheet = self.machine, self.machine.sheet
        before = sheet.phase, sheet.sweeping, sheet.place, machine.formulas
        sheet.phase, sheet.sweeping, sheet.place, machine.formulas = 0, False, None, 0
        try:
            yield
        except Exception as error:
            machine.raised = error
            raise
        finally:
            sheet.phase, sheet.sweeping, sheet.place, machine.formulas = before

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
                                    "pass its array, which .to_numpy() gives" if hasattr(type(value), "to_numpy")
                                    else "choose another argument with argnums")  # fmt: skip
        levels = (leaf.levels if isinstance(leaf, Box) else frozenset()) | {level}
        box = machine.emit(IDENTITY, [leaf], strip(leaf), levels)
        machine.sheet.names.setdefault(box.var, name)
        if isinstance(leaf, Box):
            box.given = leaf.root.passed
            box.layout = leaf.layout
        return box


def _below(box: Box, level: int) -> frozenset[int]:
    return frozenset(n for n in box.levels if n < level)


def of_rule(values: list[Any], level: int) -> frozenset[int]:
    """The differentiations in which values take part that have a rule for this one: those around see through it, to the values."""
    return frozenset({level}).union(*(_below(v, level) for v in values if isinstance(v, Box)))
