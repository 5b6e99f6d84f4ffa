"""Arrays that change, as they are recorded: an object with a current version, seen by every alias and every view of it.

A write makes the next version of the object that owns the memory; the versions themselves never change, so whatever was computed
from one of them stays as it was. A view is read again from its source when that has a newer version; a write into a view is
one into its source. Whether an operation gave a view or a copy is asked of the recorded values.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import MissingRule, UnsupportedMutation
from s2sad.ir.writing import Box
from s2sad.machine.formulas import lowered_formula
from s2sad.machine.traced import strip, traced_in
from s2sad.record.views import Elements, Step, View, compose, covers, entries, is_part, lie_alike, lying_as, same_part
from s2sad.rules.language import BY_NAME, Primitive
from s2sad.rules.operations import ACCUMULATED, ACCUMULATED_AT, DIMINISHED, GETITEM, REPLACED, RESHAPE
from s2sad.runtime.control import copied
from s2sad.types.questions import Undecided

GROWN = {"+": ACCUMULATED, "-": DIMINISHED}  # by the operator that is written before `=`


class Arrays:
    """The arrays of a recording: which are views of which, and what is written into them.

    It is told of each result, so that it knows the views, and asked for each write. The machine performs the operations that a write
    comes to, says what a result is a view of and whether an array may be written at all, and remembers the variables.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.untied: set[Any] = set()  # views that rules have made, which are not tied to what they show

    # Views

    def linked(self, primitive: Primitive, bound: list[Any], result: Any) -> Any:
        """The result of an operation, its arrays tied to those among the arguments whose memory they share."""
        machine = self.machine
        bases = [b for b in traced_in(bound) if isinstance(b, Box) and isinstance(b.value, np.ndarray) and not isinstance(b, Elements)]
        if not bases or primitive.kind == "elementwise" or joins(primitive, bound):
            return result
        if machine.sheet.phase or machine.formulas:
            if primitive.memory == "view" and isinstance(result, Box):
                self.untied.add(result.var)
            return result
        leaves, structure = trees.flatten(result)
        if not any(isinstance(leaf, Box) and isinstance(leaf.value, np.ndarray) for leaf in leaves):
            return result
        layouts, _ = trees.flatten(machine.layouts(primitive, bound, result, bases))
        tied = [self.tied(Step(primitive, bound, i), leaf, layout, bases) if isinstance(leaf, Box) else leaf
                for i, (leaf, layout) in enumerate(zip(leaves, layouts, strict=True))]  # fmt: skip
        return trees.unflatten(structure, tied)

    def tied(self, step: Step, leaf: Box, layout: Any, bases: list[Box]) -> Box:
        if not isinstance(layout, np.ndarray):
            return leaf
        machine = self.machine
        base: Box | None = machine.source_of(layout, bases)
        if base is None:
            machine.depend_on_layout(step, leaf, *bases)
            return leaf
        machine.depend_on_layout(step, base)
        if layout is base.layout:
            return base
        fixed = exchanged(step.bound, {id(b): machine.fixed(b) for b in traced_in(step.bound) if b is not base})
        return View(leaf, base, Step(step.primitive, fixed, step.place), layout)

    def flat(self, owner: Any) -> Any:
        """The elements in a row, which are those of the array also where no view of that shape exists."""
        step = Step(RESHAPE, RESHAPE.bind((owner, -1), {}), 0)
        return Elements(self.machine.perform(step.primitive, step.bound), owner, step, owner.layout.reshape(-1).view())

    def base(self, owner: Any) -> Any:
        """The array that an array is a view of."""
        machine = self.machine
        if isinstance(owner, View):
            return owner.root
        if id(owner) in machine.reshaping.reshaped:
            return None
        if owner.passed.var in machine.sheet.inputs or id(owner) in machine.external or owner.layout.base is not None:
            raise MissingRule("the attribute base of an array that was not made by the function", machine.location(),
                              "use np.shares_memory")  # fmt: skip
        return None

    def renew(self, view: View, box: Box) -> None:
        names = self.machine.sheet.names
        if view.box.var in names:
            names.setdefault(box.var, names[view.box.var])
        view.box, view.stamp = box, view.root.version

    # Writes

    def check(self, owner: Any) -> None:
        """Refuse what the machine refuses, and in a rule a write into a part of an array, which the array would not show."""
        self.machine.check_writable(owner)
        if (self.machine.sheet.phase or self.machine.formulas) and isinstance(owner, Box) and owner.var in self.untied:
            raise UnsupportedMutation("a rule writes into a part of an array by another name", self.machine.location(),
                                      "write into the array: a[i, j] = x")  # fmt: skip

    def write_item(self, value: Any, owner: Any, index: Any) -> None:
        machine = self.machine
        self.check(owner)
        index = machine.settle_index(index)
        if isinstance(value, (list, tuple)):
            value = machine.call(np.asarray, value)
        target, index = machine.place_of(owner, index)
        self.assign(target, self.replaced(target, index, value), (index, machine.fixed(value)))

    def write_add_at(self, value: Any, owner: Any, index: Any) -> None:
        machine = self.machine
        self.check(owner)
        self.assign(owner, machine.perform(ACCUMULATED_AT, [machine.fixed(owner), machine.settle_index(index), value]))

    def grow(self, symbol: str, owner: Box, index: Any, value: Any) -> bool:
        """`y[index] += value` as one operation; not where an index may be named twice: NumPy then keeps the last sum only."""
        if entries(index, owner.value.ndim) is None and not _is_mask(index):
            return False
        machine = self.machine
        self.check(owner)
        if isinstance(value, (list, tuple)):
            value = machine.call(np.asarray, value)
        target, index = machine.place_of(owner, index)
        new = machine.perform(GROWN[symbol], [machine.fixed(target), index, machine.fixed(value)])
        self.assign(target, new, (index, machine.perform(GETITEM, [new, index])) if machine.mirrors.stands_in(target) else None)
        return True

    def place_of(self, owner: Box, index: Any) -> tuple[Box, Any]:
        """The array to write into, and where, for a write into a view made by basic indices."""
        while isinstance(owner, View) and owner.step.primitive is GETITEM and self.machine.reshaping.is_as_taken(owner):
            joined = compose(self.machine, owner.step.bound[1], index, np.shape(owner.source.value))
            if joined is None:
                break
            owner, index = owner.source, joined
        return owner, index

    def replaced(self, target: Box, index: Any, value: Any) -> Box:
        """The version of the target with a value at an index."""
        array, plain = target.value, strip(value)
        if covers(index, array.ndim) and array.ndim and _is_shape(np.shape(plain), array.shape):
            if isinstance(value, Box) and plain.dtype == array.dtype and lie_alike(plain, array):
                return Box(self.machine, copied(plain) if type(plain) is np.ndarray else plain, value.var, value.levels)
        answer: Box = self.machine.perform(REPLACED, [self.machine.fixed(target), index, self.machine.fixed(value)])
        return answer

    def assign(self, target: Box, new: Box, part: Any = None) -> None:
        """Make `new` the contents of an array, and of all that it is a view of; `part` says what differs, and where, if that is known."""
        machine, whole = self.machine, target
        changed: list[tuple[View, Box]] = []
        while isinstance(target, View):
            changed.append((target, new))
            new = self.put_back(target, new)
            target = target.source
        if machine.sheet.boxes[target.var] is target:
            machine.sheet.boxes[target.var] = Box(machine, target.value, target.var, target.levels)
        if target.var in machine.sheet.names:
            machine.sheet.names.setdefault(new.var, machine.sheet.names[target.var])
        target.value, target.var, target.levels = lying_as(target.layout, new.value), new.var, new.levels
        target.version += 1
        for view, box in changed:
            self.renew(view, box)
        if machine.mirrors.stands_in(target):
            machine.mirrors.write(target, part if whole is target else None)

    def put_back(self, view: View, new: Box) -> Box:
        """The source of a view with new contents of the view in it."""
        reshaping, step = self.machine.reshaping, view.step
        source, made = reshaping.source(view), new if view.shaped is None else reshaping.to_shape(new, view.made)
        back = self.replaced(source, step.bound[1], made) if step.primitive is GETITEM else self.rearranged(view, source, made)
        return back if source is view.source else reshaping.to_shape(back, view.source.value.shape)

    def rearranged(self, view: View, source: Box, new: Box) -> Box:
        """The source of a view that was not made by an index, with new contents of the view in it."""
        step = view.step
        if step.primitive.part and np.iscomplexobj(source.value):
            return self.machine.perform(BY_NAME[step.primitive.part], [self.machine.fixed(source), new])  # type: ignore[no-any-return]
        if new.value.size == source.value.size and step.primitive.kind == "linear" and len(step.primitive.pullbacks) == 1:
            (name, formula), = step.primitive.pullbacks.items()
            if step.bound[step.primitive.index(name)] is view.source:  # a rearrangement: its transpose is its inverse
                values = exchanged(step.bound, {id(view.source): self.machine.fixed(source)})
                rearranged: Box = lowered_formula(self.machine, formula)(*values, self.machine.fixed(view), new)
                return rearranged
        places = np.arange(source.value.size).reshape(source.value.shape)
        chosen, _ = trees.flatten(step.primitive.evaluate(strip(exchanged(step.bound, {id(view.source): places}))))
        index = np.unravel_index(chosen[step.place], source.value.shape)
        return self.replaced(source, tuple(index), new)


def grows(symbol: str, owner: Any) -> bool:
    """Whether `owner[index] += value` may be one operation."""
    return symbol in GROWN and isinstance(owner, Box) and isinstance(owner.value, np.ndarray)


def joins(primitive: Primitive, bound: list[Any]) -> bool:
    """Whether it makes an array of a list, in memory of its own, although it may give an array itself."""
    return primitive.memory in ("layout", "asked") and isinstance(bound[0], (list, tuple))


def layout_decides(step: Step) -> bool:
    """Whether it is a matter of layout if this is a view: not where a copy is asked for."""
    copies = next((strip(b) for p, b in zip(step.primitive.parameters, step.bound, strict=True) if p.name == "copy"), False)
    return step.primitive.memory in ("layout", "asked") and copies is not True


def laid_out(result: Any, bases: list[Box]) -> Any:
    """A result as it lies in memory: which parts its arrays are of those of which they are parts.

    Each version of an array lies in memory as the array does, so a part of the version is the same part of the array.
    """
    leaves, structure = trees.flatten(strip(result))
    return trees.unflatten(structure, [_laid_out(leaf, bases) for leaf in leaves])


def _laid_out(result: Any, bases: list[Box]) -> Any:
    if isinstance(result, np.ndarray):
        for base in bases:
            if result is base.value:
                return base.layout
            if is_part(result, base.value):
                return same_part(result, base.value, base.layout)
    return result


def source_of(layout: Any, bases: list[Box]) -> Box | None:
    """The array that one with this layout is a view of: the smallest, where that is a part of others."""
    whole = [b for b in bases if layout is b.layout] or [b for b in bases if is_part(layout, b.layout)]
    return min(whole, key=lambda b: b.layout.size, default=None)


def exchanged(value: Any, new: dict[int, Any]) -> Any:
    """A value with the objects of these ids, also inside containers, exchanged."""
    if id(value) in new:
        return new[id(value)]
    if type(value) in (list, tuple):
        return type(value)(exchanged(v, new) for v in value)
    if type(value) is dict:
        return {k: exchanged(v, new) for k, v in value.items()}
    if type(value) is slice:
        return slice(*(exchanged(p, new) for p in (value.start, value.stop, value.step)))
    return value


def _is_shape(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two shapes are known to be the same."""
    try:
        return one == other
    except Undecided:
        return False


def _is_mask(index: Any) -> bool:
    plain = strip(index)
    return isinstance(plain, np.ndarray) and plain.dtype == np.bool_
