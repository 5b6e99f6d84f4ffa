"""Recording: following one call with its real values and writing down the Wengert list, with a guard wherever a value decided something."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad.adjoint import sweep
from s2sad.errors import NotDifferentiable
from s2sad.ir.writing import Box, inexact
from s2sad.machine import library
from s2sad.machine.traced import strip
from s2sad.record.reshaping import Reshaping
from s2sad.rules.language import Primitive
from s2sad.rules.operations import ASTYPE, FLOAT, IDENTITY
from s2sad.rules.structural import CALL
from s2sad.source.collecting import uncollected


@dataclass(frozen=True)
class Mark:
    level: int
    start: int


def is_followed() -> bool:
    """Asked by compiled code, whether it is the user's that runs."""
    return False


class Recorder(Reshaping):
    """One recording: how primitives are applied, and derivatives taken."""

    def apply(self, primitive: Primitive, bound: list[Any]) -> Any:
        return self.linked(primitive, bound, self.perform(primitive, bound))

    # Differentiation

    def begin(self) -> Mark:
        level = next(self._levels)
        self._open.add(level)
        return Mark(level, len(self.statements))

    def end(self, mark: Mark) -> None:
        self._open.discard(mark.level)

    def input(self, leaf: Any, mark: Mark, name: str) -> Any:
        """A fresh variable for an argument to differentiate: floats as they are, ints as floats."""
        value = strip(leaf)
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            leaf = self.apply(FLOAT, [leaf])
        elif isinstance(value, np.ndarray) and value.dtype.kind in "iu":
            leaf = self.apply(ASTYPE, ASTYPE.bind((leaf, np.float64), {}))
        elif not inexact(value):
            raise NotDifferentiable(f"the argument {name!r} is a {type(value).__name__}, which has no derivative", self.location(),
                                    "choose another argument with argnums")  # fmt: skip
        levels = (leaf.levels if isinstance(leaf, Box) else frozenset()) | {mark.level}
        box = self._emit(IDENTITY, [leaf], strip(leaf), levels)
        self.names.setdefault(box.var, name)
        if isinstance(leaf, Box):
            box.given = leaf.root.passed
            box.layout = leaf.layout
        return box

    def pull(self, mark: Mark, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
        with uncollected():
            return sweep.pull(self, mark.start, outputs, seeds, inputs)

    # What lowered code asks

    def debugger(self, function: Any) -> Any:
        """Each call is followed anew, so that a debugger stops in the user's code: the path holds for none but this one."""
        if library.starts_debugger(function):
            self.guard("truth", self._emit(CALL, [is_followed, [], {}], True), True, premise=not self._effects)
            self.opaque(is_followed, (), {})  # to stop is an effect
        return library.debugger(self, function)

    def identical(self, left: Any, right: Any) -> bool:
        known = self.identities.identical(left, right)
        return super().identical(left, right) if known is None else known

    def made_as_one(self, left: Any, right: Any) -> bool:
        """Whether what the function made is one object: `float(x)` of a float is; an array would be one here as well."""
        return strip(left) is strip(right) and not isinstance(strip(left), np.ndarray)

    def identity(self, value: Any) -> Any:
        return self.identities.number(value)
