"""How arrays lie in memory, as far as that is known without one: a view of one that lies otherwise would be a copy."""
from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.ir.writing import Box
from s2sad.machine.traced import strip, traced_in
from s2sad.record.arrays import exchanged, layout_decides
from s2sad.record.views import Step, View
from s2sad.rules.language import Primitive
from s2sad.rules.operations import GETITEM
from s2sad.types.arrays import element
from s2sad.types.sizes import same


class Orders:
    """Which arrays surely lie in the order of C without gaps, and of which that is not known although it decides about a view.

    `note` is told of each result and `depend` of each operation that may give a view, by the arrays it is about; `refuse_doubtful` is
    asked before a write. Of the machine it asks which arrays come from outside, for their layout is guarded, and the place for a refusal.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.ordered: dict[int, Box] = {}
        self.doubtful: dict[int, Box] = {}

    def note(self, primitive: Primitive, bound: list[Any], result: Any) -> None:
        """Remember an array that surely lies in the order of C without gaps."""
        if not isinstance(result, Box) or not isinstance(result.value, np.ndarray):
            return
        arrays = [b for b in traced_in(bound) if isinstance(b, Box) and isinstance(b.value, np.ndarray)]
        order = next((b for p, b in zip(primitive.parameters, bound, strict=True) if p.name == "order"), "C")
        if ((result.value.ndim < 2 and not primitive.alias) or (primitive.order == "C" and order in ("C", None))
                or (primitive.order == "kept" and order != "F" and all(map(self.in_order, arrays)))):  # fmt: skip
            self.ordered[id(result)] = result

    def in_order(self, array: Box) -> bool:
        if isinstance(array, View):
            step = array.step
            return step.primitive.order == "C" and order_asked(step.primitive, step.bound) != "F" and self.in_order(array.source)
        return id(array) in self.ordered

    def depend(self, step: Step, arrays: tuple[Box, ...]) -> None:
        """Of arrays from outside the layout is guarded. Of those that the function makes it has to be known."""
        if layout_decides(step) and not all(self.is_in_the_order_for(step, a) or self.is_from_outside(a) for a in arrays):
            self.doubtful.update((id(a.root), a.root) for a in arrays)
            for array in arrays:
                if array.root.version:
                    self.refuse_doubtful(array.root)

    def is_in_the_order_for(self, step: Step, array: Box) -> bool:
        """Whether an array is known to lie as the operation asks: not in the order of Fortran, if it has more than one axis."""
        return self.in_order(array) and (array.value.ndim < 2 or order_asked(step.primitive, step.bound) != "F")

    def is_from_outside(self, array: Box) -> bool:
        return not isinstance(array, View) and (array.passed.var in self.machine.sheet.inputs or id(array) in self.machine.external)

    def refuse_doubtful(self, root: Box) -> None:
        if id(root) in self.doubtful:
            raise CannotKeep("how arrays lie in memory decides whether one that is written is a view or a copy", self.machine.location(),
                             "use a copy")  # fmt: skip


def laid_out(primitive: Primitive, bound: list[Any], result: Any, bases: list[Box]) -> Any:
    """The result as NumPy would lay it out, on arrays that share memory as those of the function do."""
    if not primitive.alias:
        return strip(result)
    if primitive is GETITEM:
        basic = all(not isinstance(strip(i), (np.ndarray, list)) for i in (bound[1] if isinstance(bound[1], tuple) else (bound[1],)))
        return part_of(bases[0].layout, np.ndim(strip(result))) if basic and isinstance(strip(result), np.ndarray) else strip(result)
    whole = given_back(primitive, bound, bases)
    if whole is not None and not asks_for_order(primitive, bound) and are_of_one_shape(whole, result):
        return whole.layout
    leaves, structure = trees.flatten(result)
    parts = [part_of(bases[0].layout, np.ndim(strip(leaf))) for leaf in leaves]
    with np.errstate(all="ignore"), contextlib.suppress(Exception):  # where the numbers are not for arrays of one element
        found, _ = trees.flatten(primitive.evaluate(element(strip(exchanged(bound, {id(b): b.layout for b in bases})))))
        if len(found) == len(parts) and all(np.size(f) for f in found):
            return trees.unflatten(structure, [_lying_apart(f, leaf, bases) for f, leaf in zip(found, leaves, strict=True)])
    if len({id(b.root) for b in bases}) > 1:
        raise CannotKeep("a view may be one of several arrays", None, "use a copy")
    return trees.unflatten(structure, parts)


def _lying_apart(layout: Any, result: Any, bases: list[Box]) -> Any:
    """A view where NumPy gives an array of one element itself, as it would not for other sizes."""
    base = next((b for b in bases if b.layout is layout), None)
    return layout if base is None or are_of_one_shape(base, result) else part_of(layout, layout.ndim)


def are_of_one_shape(one: Any, other: Any) -> bool:
    a, b = np.shape(strip(one)), np.shape(strip(other))
    return len(a) == len(b) and all(map(same, a, b))


def given_back(primitive: Primitive, bound: list[Any], bases: list[Box]) -> Box | None:
    """The array that an operation gives back as it is, if it lies in the order that is asked for."""
    arrays = {id(b): np.zeros((1,) * b.value.ndim, b.value.dtype) for b in bases}
    with np.errstate(all="ignore"), contextlib.suppress(Exception):
        found = primitive.evaluate(element(strip(exchanged(bound, arrays))))
        return next((b for b in bases if found is arrays[id(b)]), None)
    return None


def asks_for_order(primitive: Primitive, bound: list[Any]) -> bool:
    """Whether an operation copies an array that lies in another order."""
    return primitive.order == "C" or order_asked(primitive, bound) in ("C", "F")


def order_asked(primitive: Primitive, bound: list[Any]) -> Any:
    """The order that the result is to have, if one is named."""
    given = next((strip(b) for p, b in zip(primitive.parameters, bound, strict=True) if p.name == "order"), None)
    return "F" if primitive.order == "F" else given


def may_be_given_back(value: Any) -> bool:
    """Whether a view may be the array itself, by the order in which that lies in memory."""
    return isinstance(value, View) and given_back(value.step.primitive, value.step.bound, [value.source]) is not None


class Memory(np.ndarray):
    """Memory of its own, of which it is not known how an array lies in it."""

    machine: Any

    @property  # type: ignore[misc]
    def strides(self) -> Any:
        raise CannotKeep("how an array lies in memory decides whether a part of it is a view or a copy", self.machine.location(),
                         "use a copy")  # fmt: skip


def unknown_layout(machine: Any, value: Any) -> Any:
    """What stands for the memory of an array from outside."""
    found = np.zeros((1,) * value.ndim, value.dtype).view(Memory)
    found.machine = machine
    return found


def part_of(layout: Any, rank: int) -> Any:
    """What shares memory with an array."""
    return np.lib.stride_tricks.as_strided(layout.view(np.ndarray), (1,) * rank, (0,) * rank)  # nobody reads it
