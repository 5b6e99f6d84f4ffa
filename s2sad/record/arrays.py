"""Arrays that change, as they are recorded: an object with a current version, seen by every alias and every view of it.

A write makes the next version of the object that owns the memory; the versions themselves never change, so whatever was computed
from one of them stays as it was. A view is read again from its source when that has a newer version; a write into a view is
one into its source. Whether an operation gave a view or a copy is asked of the recorded values.
"""
from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.adjoint.sweep import lowered_formula
from s2sad.errors import MissingRule, UnsupportedMutation
from s2sad.ir.program import type_of
from s2sad.ir.writing import Box
from s2sad.machine.traced import strip, traced_in
from s2sad.record.perform import Performing
from s2sad.record.views import Elements, Step, View, compose, covers, entries, is_part, lying_as, overlaps_itself, same_part
from s2sad.rules import structural
from s2sad.rules.language import Primitive
from s2sad.rules.operations import ACCUMULATED, ACCUMULATED_AT, COPIED, DIMINISHED, GETITEM, REPLACED, RESHAPE
from s2sad.rules.structural import CALL, PERFORM
from s2sad.runtime.control import Effects, copied, same_bits

GROWN = {"+": ACCUMULATED, "-": DIMINISHED}  # by the operator that is written before `=`


class Arrays(Performing):
    """The part of a recording that knows which arrays share memory, and writes into them."""

    def __init__(self, effects: Effects | None = None) -> None:
        super().__init__(effects)
        self.written: dict[int, Box] = {}
        self.by_layout: dict[int, Box] = {}
        self.layouts_fixed = False
        self.views: dict[int, list[View]] = {}  # by the id of what they are views of
        self.mirrors: dict[int, tuple[Box, Box]] = {}  # arrays that stand for one from outside that is written, and that one

    # Views

    def linked(self, primitive: Primitive, bound: list[Any], result: Any) -> Any:
        """The result of an operation, its arrays tied to those among the arguments whose memory they share."""
        bases = [b for b in traced_in(bound) if isinstance(b, Box) and isinstance(b.value, np.ndarray) and not isinstance(b, Elements)]
        if not bases or primitive.kind == "elementwise" or self.phase or self.formulas:
            return result
        leaves, structure = trees.flatten(result)
        if not any(isinstance(leaf, Box) and isinstance(leaf.value, np.ndarray) for leaf in leaves):
            return result
        layouts, _ = trees.flatten(self.layouts(primitive, bound, result, bases))
        tied = [self.tied(Step(primitive, bound, i), leaf, layout, bases) if isinstance(leaf, Box) else leaf
                for i, (leaf, layout) in enumerate(zip(leaves, layouts, strict=True))]  # fmt: skip
        return trees.unflatten(structure, tied)

    def layouts(self, primitive: Primitive, bound: list[Any], result: Any, bases: list[Box]) -> Any:
        """The result as NumPy would have laid it out: what it is a view of was written in place there, not copied.

        Each version of an array lies in memory as the array does, so a part of the version is the same part of the array.
        """
        leaves, structure = trees.flatten(strip(result))
        return trees.unflatten(structure, [laid_out(leaf, bases) for leaf in leaves])

    def tied(self, step: Step, leaf: Box, layout: Any, bases: list[Box]) -> Box:
        if not isinstance(layout, np.ndarray):
            return leaf
        base = self.source_of(layout, bases)
        if base is None:
            self.depend_on_layout(step, leaf, *bases)
            return leaf
        self.depend_on_layout(step, base)
        if layout is base.layout:
            return base
        fixed = exchanged(step.bound, {id(b): self.fixed(b) for b in traced_in(step.bound) if b is not base})
        return View(leaf, base, Step(step.primitive, fixed, step.place), layout)

    def source_of(self, layout: Any, bases: list[Box]) -> Box | None:
        """The array that one with this layout is a view of: the smallest, where that is a part of others."""
        whole = [b for b in bases if layout is b.layout] or [b for b in bases if is_part(layout, b.layout)]
        return min(whole, key=lambda b: b.layout.size, default=None)

    def depend_on_layout(self, step: Step, *arrays: Box) -> None:
        """Whether such an operation gives a view or a copy is a matter of layout: it matters once one of the two is written."""
        if layout_decides(step):
            roots = [a.root for a in arrays]
            self.by_layout.update((id(r), r) for r in roots)
            if any(r.version for r in roots):
                self.fix_layouts()

    def share_memory(self, a: Any, b: Any) -> bool:
        """Asked of the layouts: the code that is generated may keep arrays apart that share memory here, and the other way round."""
        boxes = [v for v in (a, b) if isinstance(v, Box)]
        outside = [box for v in boxes if (box := v.root.passed).var in self.inputs or id(box) in self.external]
        self.fix_layouts()
        if len(outside) == 2 and outside[0] is not outside[1]:
            self.keep_apart(*map(self.fixed, outside))
        return np.shares_memory(*(v.layout if isinstance(v, Box) else v for v in (a, b)))

    def base(self, owner: Any) -> Any:
        if isinstance(owner, View):
            return owner.root
        if owner.passed.var in self.inputs or id(owner) in self.external or owner.layout.base is not None:
            raise MissingRule("the attribute base of an array that was not made by the function", self.location(), "use np.shares_memory")
        return None

    def flat(self, owner: Any) -> Any:
        """The elements in a row, which are those of the array also where no view of that shape exists."""
        step = Step(RESHAPE, RESHAPE.bind((owner, -1), {}), 0)
        return Elements(self.perform(step.primitive, step.bound), owner, step, owner.layout.reshape(-1).view())

    def read_again(self, view: View) -> None:
        """Bring a view up to the current version of its source."""
        step = view.step
        result = self.perform(step.primitive, step.bound)
        leaves, _ = trees.flatten(result)
        self.renew(view, leaves[step.place])

    def renew(self, view: View, box: Box) -> None:
        if view.box.var in self.names:
            self.names.setdefault(box.var, self.names[view.box.var])
        view.box, view.stamp = box, view.root.version

    def fixed(self, value: Any) -> Any:
        """The value as it is now, whatever is written into the array later."""
        if not isinstance(value, Box) or not isinstance(value.value, np.ndarray):
            return value
        return Box(self, value.value, value.var, value.levels)

    # Writes

    def write_item(self, value: Any, owner: Any, index: Any) -> None:
        self.check_writable(owner)
        index = self._settle_index(index)
        if isinstance(value, (list, tuple)):
            value = self.call(np.asarray, value)
        target, index = self.place_of(owner, index)
        self.assign(target, self.replaced(target, index, value), (index, self.fixed(value)))

    def write_add_at(self, value: Any, owner: Any, index: Any) -> None:
        self.check_writable(owner)
        self.assign(owner, self.perform(ACCUMULATED_AT, [self.fixed(owner), self._settle_index(index), value]))

    def inplace_item(self, symbol: str, owner: Any, index: Any, value: Any) -> None:
        """`y[index] += value` is one operation, unless an index may be named twice: NumPy then keeps the last sum only."""
        grown = GROWN.get(symbol)
        if grown is None or not isinstance(owner, Box) or not isinstance(owner.value, np.ndarray) or self.method(value, "__radd__"):
            return super().inplace_item(symbol, owner, index, value)
        index = self._settle_index(index)
        if entries(index, owner.value.ndim) is None and not _is_mask(index):
            return super().inplace_item(symbol, owner, index, value)
        self.check_writable(owner)
        if isinstance(value, (list, tuple)):
            value = self.call(np.asarray, value)
        target, index = self.place_of(owner, index)
        new = self.perform(grown, [self.fixed(target), index, self.fixed(value)])
        self.assign(target, new, (index, self.perform(GETITEM, [new, index])) if id(target) in self.mirrors else None)

    def place_of(self, owner: Box, index: Any) -> tuple[Box, Any]:
        """The array to write into, and where, for a write into a view made by basic indices."""
        while isinstance(owner, View) and owner.step.primitive is GETITEM:
            joined = compose(self, owner.step.bound[1], index, owner.source.layout.shape)
            if joined is None:
                break
            owner, index = owner.source, joined
        return owner, index

    def replaced(self, target: Box, index: Any, value: Any) -> Box:
        """The version of the target with a value at an index."""
        array, plain = target.value, strip(value)
        if covers(index, array.ndim) and array.ndim and np.shape(plain) == array.shape:
            if isinstance(value, Box) and plain.dtype == array.dtype and plain.strides == array.strides:
                return Box(self, copied(plain), value.var, value.levels)
        answer: Box = self.perform(REPLACED, [self.fixed(target), index, self.fixed(value)])
        return answer

    def assign(self, target: Box, new: Box, part: Any = None) -> None:
        """Make `new` the contents of an array, and of all that it is a view of; `part` says what differs, and where, if that is known."""
        whole = target
        changed: list[tuple[View, Box]] = []
        while isinstance(target, View):
            changed.append((target, new))
            new = self.put_back(target, new)
            target = target.source
        if self.boxes[target.var] is target:
            self.boxes[target.var] = Box(self, target.value, target.var, target.levels)
        if target.var in self.names:
            self.names.setdefault(new.var, self.names[target.var])
        target.value, target.var, target.levels = lying_as(target.layout, new.value), new.var, new.levels
        target.version += 1
        for view, box in changed:
            self.renew(view, box)
        if id(target) in self.mirrors:
            self.mirror(target, part if whole is target else None)

    # Arrays from outside

    def _admit(self, box: Box, value: Any, fixed: bool, stable: bool = False, premise: bool = False) -> Any:
        found = super()._admit(box, value, fixed, stable, premise)
        if not fixed or not isinstance(value, np.ndarray) or id(value) not in self.changing:
            return found
        own, first = self.once(("mirrored", id(value)), lambda: (self.mirrored(box), box))
        if first is not box:
            self.guard("truth", self._emit(CALL, [operator.is_, [box, first], {}], self.performed.read(operator.is_, value, value)), True)
        return own

    def mirrored(self, box: Box) -> Box:
        """What the function works on in place of an array from outside that it writes: each write is made in both."""
        self.own_memory(box)
        # Another path may have written it in this call already: what was there before is handed on like anything that was read.
        before = self._emit(CALL, [copied, [self.fixed(box)], {}], self.performed.read(copied, box.value))
        self.guard("type", before, type_of(before.value))
        own: Box = self.perform(COPIED, [before])
        self.mirrors[id(own)] = own, self.fixed(box)
        if (outer := self.identities.stands_for(box)) is not None:
            self.identities.note(own, outer)
        return own

    def mirror(self, own: Box, part: Any) -> None:
        """An array from outside is written: once per call, as any effect."""
        real = self.mirrors[id(own)][1]
        function, args = (np.copyto, [self.fixed(own)]) if part is None else (operator.setitem, list(part))
        if own.levels:
            self.holding[id(real.value)] = real.value
        self._effects = True
        self.performed(function, real.value, *strip(args))
        self._emit(PERFORM, [function, [real, *args], {}], None)

    def opaque(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pure: bool = False) -> Any:
        result = super().opaque(function, args, kwargs, pure)
        for own, real in self.mirrors.values() if not pure else ():
            same = self.performed.read(same_bits, real.value, own.value)
            if not same:
                raise UnsupportedMutation("an array that the function writes is changed by code that is not followed as well",
                                          self.location(), "let the function alone write it")  # fmt: skip
            self.guard("truth", self._emit(CALL, [same_bits, [real, self.fixed(own)], {}], same), same)
        return result

    def put_back(self, view: View, new: Box) -> Box:
        """The source of a view with new contents of the view in it."""
        source, step = view.source, view.step
        if step.primitive is GETITEM:
            return self.replaced(source, step.bound[1], new)
        if new.value.size == source.value.size and step.primitive.kind == "linear" and len(step.primitive.pullbacks) == 1:
            (name, formula), = step.primitive.pullbacks.items()
            if step.bound[step.primitive.index(name)] is source:  # a rearrangement: its transpose is its inverse
                values = exchanged(step.bound, {id(source): self.fixed(source)})
                rearranged: Box = lowered_formula(self, formula)(*values, self.fixed(view), new)
                return rearranged
        places = np.arange(source.value.size).reshape(source.value.shape)
        chosen, _ = trees.flatten(step.primitive.evaluate(strip(exchanged(step.bound, {id(source): places}))))
        index = np.unravel_index(chosen[step.place], source.value.shape)
        return self.replaced(source, tuple(index), new)

    # What may be written

    def check_writable(self, owner: Any) -> None:
        """Refuse a write that would be seen outside the function, or that cannot be followed."""
        place = self.location()
        if not isinstance(owner, Box) or not isinstance(owner.value, np.ndarray):
            raise UnsupportedMutation("an item of an object from outside the function is assigned", place,
                                      "make a copy inside the function")  # fmt: skip
        root = owner.root
        if id(root) in self.external and root.value.flags.writeable and root.value.dtype.kind in "biufc":
            self.rewalk(root.value)
        if id(root) in self.external:
            raise UnsupportedMutation("an array from outside the function is written", place, "work on a copy: y.copy()")
        if root.native:
            raise UnsupportedMutation("an array is written that native code has a hold on", place, "hand it a copy: y.copy()")
        if root.value.dtype.kind not in "biufc":
            raise UnsupportedMutation(f"an array of dtype {root.value.dtype} is written", place, "use an array of numbers, or a list")
        if owner.value.dtype != root.value.dtype:
            raise UnsupportedMutation(f"a part of an array of {root.value.dtype} is written as {owner.value.dtype}", place,
                                      "write whole elements")  # fmt: skip
        if id(root) in self.by_layout:
            self.fix_layouts()
        self.own_argument(root)
        if not owner.layout.flags.writeable:
            raise ValueError("assignment destination is read-only")

    def own_argument(self, root: Box) -> None:
        """An argument that is written: it may be written at all, and shares no memory with anything else from outside."""
        given = root.passed
        if given.var in self.inputs and id(given) not in self.written:
            self.own_memory(given)
            self.copy_argument(root)

    def own_memory(self, given: Box) -> None:
        self.written[id(given)] = passed = Box(self, given.value, given.var)
        passed.layout = given.layout
        flags = self._emit(structural.ATTRIBUTE, [passed, "flags"], self.performed.read(getattr, passed.layout, "flags"))
        usual = passed.layout.flags.carray  # to be written, and without gaps, in the order of C
        name = "carray" if usual else "writeable"
        writable = self._emit(structural.ATTRIBUTE, [flags, name], self.performed.read(getattr, flags.value, name))
        self.guard("truth", writable, bool(writable.value))
        if not usual:
            self.fix_layout(passed)
            if overlaps_itself(passed.layout):
                raise UnsupportedMutation("an argument is written whose elements share memory with one another", self.location(),
                                          "pass a copy, or work on a copy: y.copy()")  # fmt: skip
        for other in self.from_outside():
            if other.var is not passed.var:
                self.keep_apart(passed, other)

    def copy_argument(self, root: Box) -> None:
        """The function writes into a copy that lies in memory as the argument does: the last bit of a sum may depend on that."""
        if root.layout.flags.c_contiguous or 0 in root.layout.strides:
            return  # what any copy is
        self.assign(root, self.perform(COPIED, [self.fixed(root)]))

    def from_outside(self) -> list[Box]:
        """The arrays among the arguments and the captured values, as they were passed."""
        boxes = [*(self.boxes[v] for v in self.inputs), *(b for b in self.external.values() if isinstance(b, Box))]
        return [b for b in boxes if isinstance(b.value, np.ndarray)]

    def keep_apart(self, written: Box, other: Box) -> None:
        if written.value is other.value and id(other.value) in self.changing:
            return  # another name of the same array
        if np.shares_memory(written.value, other.value):
            what = "an argument" if written.var in self.inputs else "an array from outside"
            raise UnsupportedMutation(f"{what} is written that shares memory with another array", self.location(),
                                      "pass copies, or work on a copy: y.copy()")  # fmt: skip
        shared = self.performed.read(np.shares_memory, written.value, other.value)
        self.guard("truth", self._emit(CALL, [np.shares_memory, [written, other], {}], shared), False)

    def fix_layouts(self) -> None:
        """From here on the path holds for arrays of these layouts only."""
        if not self.layouts_fixed:
            self.layouts_fixed = True
            for box in self.from_outside():
                self.fix_layout(box)

    def fix_layout(self, box: Box) -> None:
        strides = self.performed.read(getattr, box.layout, "strides")
        self.guard("equals", self._emit(structural.ATTRIBUTE, [self.fixed(box), "strides"], strides), strides)

    def admitted(self, box: Box) -> None:
        """An array from outside, read after an argument has been written, is none of the arrays written."""
        for written in self.written.values():
            self.keep_apart(written, box)
        if self.layouts_fixed:
            self.fix_layout(box)


def layout_decides(step: Step) -> bool:
    """Whether it is a matter of layout if this is a view: not where a copy is asked for."""
    copies = next((strip(b) for p, b in zip(step.primitive.parameters, step.bound, strict=True) if p.name == "copy"), False)
    return step.primitive.memory in ("layout", "asked") and copies is not True


def laid_out(result: Any, bases: list[Box]) -> Any:
    """A result as it lies in memory: which part it is of the array of which it is a part."""
    if isinstance(result, np.ndarray):
        for base in bases:
            if result is base.value:
                return base.layout
            if is_part(result, base.value):
                return same_part(result, base.value, base.layout)
    return result


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


def _is_mask(index: Any) -> bool:
    plain = strip(index)
    return isinstance(plain, np.ndarray) and plain.dtype == np.bool_
