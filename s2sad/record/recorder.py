"""Recording: following one call with its real values and writing down the Wengert list, with a guard wherever a value decided something."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.adjoint import sweep
from s2sad.errors import MissingRule, NotDifferentiable
from s2sad.ir.writing import Box, inexact
from s2sad.machine import library
from s2sad.machine.traced import strip
from s2sad.record.arrays import Arrays, grows, laid_out
from s2sad.record.identities import Identities
from s2sad.record.mirrors import Mirrors
from s2sad.record.perform import Performing
from s2sad.record.pins import Pinned
from s2sad.record.reshaping import Reshaping
from s2sad.record.views import Step, View, compose, is_part
from s2sad.record.writable import Writable
from s2sad.rules.language import Primitive
from s2sad.rules.operations import ASTYPE, FLOAT, GETITEM, IDENTITY
from s2sad.rules.structural import CALL
from s2sad.runtime.control import Effects
from s2sad.source.collecting import uncollected


@dataclass(frozen=True)
class Mark:
    level: int
    start: int


def is_followed() -> bool:
    """Asked by compiled code, whether it is the user's that runs."""
    return False


class Recorder(Performing):
    """One recording: how primitives are applied, derivatives taken, and what lowered code asks answered.

    What it knows is held by its parts. The methods that they call through it are those about which a machine built on this one decides
    in another way.
    """

    def __init__(self, effects: Effects | None = None) -> None:
        super().__init__(effects)
        self.pins: Pinned = Pinned(self)
        self.identities: Identities = Identities(self)
        self.arrays = Arrays(self)
        self.writable = Writable(self)
        self.mirrors = Mirrors(self)
        self.reshaping = Reshaping(self)

    def apply(self, primitive: Primitive, bound: list[Any]) -> Any:
        return self.arrays.linked(primitive, bound, self.perform(primitive, bound))

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

    # Arrays

    def layouts(self, primitive: Primitive, bound: list[Any], result: Any, bases: list[Box]) -> Any:
        """The result as NumPy would have laid it out: what it is a view of was written in place there, not copied.

        Each version of an array lies in memory as the array does, so a part of the version is the same part of the array.
        """
        leaves, structure = trees.flatten(strip(result))
        return trees.unflatten(structure, [laid_out(leaf, bases) for leaf in leaves])

    def source_of(self, layout: Any, bases: list[Box]) -> Box | None:
        """The array that one with this layout is a view of: the smallest, where that is a part of others."""
        whole = [b for b in bases if layout is b.layout] or [b for b in bases if is_part(layout, b.layout)]
        return min(whole, key=lambda b: b.layout.size, default=None)

    def depend_on_layout(self, step: Step, *arrays: Box) -> None:
        """Whether such an operation gives a view or a copy may be a matter of layout."""
        self.writable.depend_on_layout(step, *arrays)

    def share_memory(self, a: Any, b: Any) -> bool:
        return self.writable.share_memory(a, b)

    def base(self, owner: Any) -> Any:
        if isinstance(owner, View):
            return owner.root
        if id(owner) in self.reshaping.reshaped:
            return None
        if owner.passed.var in self.inputs or id(owner) in self.external or owner.layout.base is not None:
            raise MissingRule("the attribute base of an array that was not made by the function", self.location(), "use np.shares_memory")
        return None

    def flat(self, owner: Any) -> Any:
        return self.arrays.flat(owner)

    def fixed(self, value: Any) -> Any:
        """The value as it is now, whatever is written into the array later."""
        if not isinstance(value, Box) or not isinstance(value.value, np.ndarray):
            return value
        return Box(self, value.value, value.var, value.levels)

    def read_again(self, view: View) -> None:
        """Bring a view up to the current version of its source."""
        result = self.perform(view.step.primitive, view.step.bound)
        self.arrays.renew(view, trees.flatten(result)[0][view.step.place])

    # Writes

    def write_item(self, value: Any, owner: Any, index: Any) -> None:
        self.arrays.write_item(value, owner, index)

    def write_add_at(self, value: Any, owner: Any, index: Any) -> None:
        self.arrays.write_add_at(value, owner, index)

    def inplace_item(self, symbol: str, owner: Any, index: Any, value: Any) -> None:
        if grows(symbol, owner) and not self.method(value, "__radd__"):
            index = self._settle_index(index)
            if self.arrays.grow(symbol, owner, index, value):
                return
        super().inplace_item(symbol, owner, index, value)

    def set_shape(self, value: Any, owner: Any) -> None:
        self.reshaping.set_shape(value, owner)

    def place_of(self, owner: Box, index: Any) -> tuple[Box, Any]:
        """The array to write into, and where, for a write into a view made by basic indices."""
        while isinstance(owner, View) and owner.step.primitive is GETITEM:
            joined = compose(self, owner.step.bound[1], index, owner.source.layout.shape)
            if joined is None:
                break
            owner, index = owner.source, joined
        return owner, index

    def check_writable(self, owner: Any) -> None:
        """Refuse a write that would be seen outside the function, or that cannot be followed."""
        self.writable.check(owner)

    def own_argument(self, root: Box) -> None:
        """An argument, perhaps, is written."""
        self.writable.own(root)

    # What comes from outside

    def _admit(self, box: Box, value: Any, fixed: bool, stable: bool = False, premise: bool = False) -> Any:
        found = super()._admit(box, value, fixed, stable, premise)
        return self.mirrors.own(box, value) if fixed and isinstance(value, np.ndarray) and id(value) in self.changing else found

    def admitted(self, box: Box) -> None:
        self.writable.admitted(box)

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        result = super().opaque(function, args, kwargs, pure)
        if not pure:
            self.mirrors.confirm()
        return result
