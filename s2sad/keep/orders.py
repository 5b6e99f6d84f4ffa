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
from s2sad.record.views import Ended, Step, View, entries
from s2sad.rules.language import Primitive
from s2sad.rules.operations import GETITEM
from s2sad.rules.structural import ATTRIBUTE
from s2sad.runtime.control import GivenUp
from s2sad.runtime.visiting import visited
from s2sad.types.arrays import element
from s2sad.types.questions import Undecided, undecided
from s2sad.types.sizes import same
from s2sad.types.strides import Strides, is_packed, of_part, packed, reshaped


class Unsettled(GivenUp):
    """How an array lies in memory decides about a write: the function is walked once more, and it is settled where a view may be made."""


class Orders:
    """How arrays lie in memory, as far as types tell, and of which that is not known although it decides about a view.

    `note` is told of each result and `depends` of each operation that may give a view, by the arrays it is about; `refuse_doubtful` is
    asked before a write. Nobody is asked for the sake of a view that is never written: only where a write depends on it, in a second walk,
    is it settled by guards on the layouts of arrays from outside, and on sizes. Of the machine it asks which arrays come from outside.
    """

    def __init__(self, machine: Any, settles: bool) -> None:
        self.machine, self.settles = machine, settles
        self.ordered: dict[int, Box] = {}
        self.doubtful: dict[int, Box] = {}
        self.known: dict[int, list[Any]] = {}  # the arguments of what is known to be a view, or a copy, by their ids

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
        """Whether an array surely lies in the order of C without gaps."""
        found = self.strides(array)
        return found is not None and is_packed(shape_of(array), found)

    def strides(self, array: Box) -> Strides | None:
        """By how many elements the axes of an array go on, if that is known."""
        if isinstance(array, View):
            with contextlib.suppress(Undecided):
                return self.strides_of_view(array)
            return None
        if isinstance(array, Ended):
            return packed(array.value.shape) if self.in_order(array.origin) else None
        if id(array) in self.ordered or (self.settles and self.is_from_outside(array) and self.is_contiguous(array)):
            return packed(array.value.shape)
        return None

    def strides_of_view(self, view: View) -> Strides | None:
        step, before = view.step, self.strides(view.source)
        if before is None:
            return None
        if is_packed(shape_of(view.source), before):
            before = packed(view.taken)
        if view.shaped is not None:
            return packed(view.shaped)
        if step.primitive is GETITEM:
            parts = entries(step.bound[1], len(view.taken))
            return None if parts is None else of_part(before, parts)
        if arranges(step):
            return self.arranged(step, view.taken, before, view.made)
        return turned(step, view.source, before)

    def arranged(self, step: Step, shape: Any, strides: Strides, new: Any) -> Strides | None:
        """Those of the elements in another shape; None where that is a copy. Raises Undecided."""
        order = order_asked(step.primitive, step.bound)
        if is_packed(shape, strides) and (order in ("C", None) or len(shape) == len(new) == 1):
            return packed(new)
        if not self.settles or order not in ("C", "F", None):
            raise undecided("the memory layout of an array")
        if order == "F":
            found = reshaped(shape[::-1], strides[::-1], new[::-1])
            return None if found is None else found[::-1]
        return reshaped(shape, strides, new)

    def is_copy(self, step: Step, result: Any) -> bool:
        """Whether elements in another shape are a copy, if that is known, which is remembered."""
        if not self.settles or not arranges(step):
            return False
        source, strides = step.bound[0], self.strides(step.bound[0])
        with contextlib.suppress(Undecided):
            if strides is not None:
                found = self.arranged(step, source.value.shape, strides, np.shape(strip(result)))
                self.known[id(step.bound)] = step.bound
                return found is None
        return False

    def fits(self, array: Box, shape: Any) -> bool | None:
        """Whether an array may have this shape as it lies, where that is known, and known of it then."""
        if self.in_order(array):
            return True
        self.settle()
        strides, now = self.strides(array), array.value.shape
        with contextlib.suppress(Undecided):
            if strides is not None and reshaped(now, strides, shape) is None:
                return False
            return True if any(n == 0 for n in now) else None
        return None

    def visited(self, arrays: list[Any], flags: Any, op_flags: Any, op_dtypes: Any, order: Any, casting: Any) -> Any:
        """How `np.nditer` goes over arrays: as they lie in memory, unless it is told an order; those of one element say what it raises."""
        if order not in ("C", "F") and not all(a.value.ndim == 0 or self.in_order(a) for a in arrays if isinstance(a, Box)):
            self.settle()
            raise CannotKeep("np.nditer() goes over arrays as they lie in memory, which is not known", self.machine.location(),
                             'give it order="C"')  # fmt: skip
        axes, _, dtypes = visited(element(strip(arrays)), flags, op_flags, op_dtypes, order, casting)
        return axes[::-1] if order == "F" else axes, (), dtypes

    # Views

    def depends(self, step: Step, arrays: tuple[Box, ...]) -> bool:
        """Whether the layouts of arrays from outside decide about a view. Those of arrays that the function makes have to be known."""
        if not layout_decides(step) or id(step.bound) in self.known or all(self.is_in_the_order_for(step, a) for a in arrays):
            return False
        if not all(self.is_in_the_order_for(step, a) or self.is_from_outside(a) for a in arrays):
            self.doubtful.update((id(a.root), a.root) for a in arrays)
            for array in arrays:
                if array.root.version:
                    self.refuse_doubtful(array.root)
        return True

    def is_in_the_order_for(self, step: Step, array: Box) -> bool:
        """Whether an array is known to lie as the operation asks: not in the order of Fortran, if it has more than one axis."""
        return self.in_order(array) and (array.value.ndim < 2 or order_asked(step.primitive, step.bound) != "F")

    def is_from_outside(self, array: Box) -> bool:
        return not isinstance(array, View) and (array.passed.var in self.machine.sheet.inputs or id(array) in self.machine.external)

    def is_contiguous(self, array: Box) -> bool:
        """Whether an array from outside lies in the order of C without gaps, under a guard."""
        given = array.passed
        if given.outer is None or not given.outer.value.flags.c_contiguous:
            return False
        self.machine.once(("contiguous", given.var), lambda: self.guard_contiguous(given))
        return True

    def guard_contiguous(self, given: Box) -> None:
        machine, value = self.machine, given.outer.value  # type: ignore[union-attr]
        with machine.blocks.further_out(machine.blocks.depth_of(given.var)):
            flags = machine.emit(ATTRIBUTE, [machine.fixed(given), "flags"], value.flags)
            machine.guard("truth", machine.emit(ATTRIBUTE, [flags, "c_contiguous"], True), True)

    def refuse_doubtful(self, root: Box) -> None:
        if id(root) in self.doubtful:
            self.settle()
            raise CannotKeep("whether an array that is written is a view or a copy depends on its memory layout", self.machine.location(),
                             "use a copy")  # fmt: skip

    def settle(self) -> None:
        """Walk the function again, and settle how arrays lie, if that is not so already."""
        if not self.settles:
            self.machine.give_up(Unsettled())


def visited_as_known(machine: Any, arrays: list[Any], *given: Any) -> Any:
    """How `np.nditer` goes over arrays."""
    return machine.orders.visited(arrays, *given)


def arranges(step: Step) -> bool:
    """Whether an operation gives the elements of an array in another shape, on the same memory where that is possible."""
    primitive = step.primitive
    takes_order = any(p.name == "order" for p in primitive.parameters)
    return primitive.memory == "layout" and primitive.order == "C" and takes_order and isinstance(step.bound[0], Box)


def shape_of(array: Box) -> Any:
    """The shape of an array. For that of a view its elements are not read again: which they are may be known in a branch alone."""
    if isinstance(array, View):
        return array.made if array.shaped is None else array.shaped
    return array.value.shape


def turned(step: Step, source: Box, strides: Strides) -> Strides | None:
    """The strides of a view that has the axes of its source in another order; None where it is something else."""
    probe = np.zeros((2,) * len(strides), np.int8)
    if step.primitive.memory == "view":
        with contextlib.suppress(Exception):  # where it is for other sizes
            found = step.primitive.evaluate(element(strip(exchanged(step.bound, {id(source): probe}))))
            if isinstance(found, np.ndarray) and np.shares_memory(found, probe) and sorted(found.strides) == sorted(probe.strides):
                return tuple(strides[probe.strides.index(s)] for s in found.strides)
    return None


def laid_out(primitive: Primitive, bound: list[Any], result: Any, bases: list[Box]) -> Any:
    """The result as NumPy would lay it out, on arrays that share memory as those of the function do."""
    for base in bases:
        if base.layout.ndim != base.value.ndim:  # it has been given another shape
            base.layout = base.layout.reshape((1,) * base.value.ndim)
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
        self.machine.orders.settle()
        raise CannotKeep("whether a part of an array is a view or a copy depends on its memory layout", self.machine.location(),
                         "use a copy")  # fmt: skip


def unknown_layout(machine: Any, value: Any) -> Any:
    """What stands for the memory of an array from outside."""
    found = np.zeros((1,) * value.ndim, value.dtype).view(Memory)
    found.machine = machine
    return found


def part_of(layout: Any, rank: int) -> Any:
    """What shares memory with an array."""
    return np.lib.stride_tricks.as_strided(layout.view(np.ndarray), (1,) * rank, (0,) * rank)  # nobody reads it
