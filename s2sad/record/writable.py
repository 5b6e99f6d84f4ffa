"""Which arrays may be written: those that the function made, arguments of which it takes a copy, and nothing that shares their memory.

How arrays from outside lie in memory is guarded once something depends on it: whether a part is a view or a copy, say.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.errors import UnsupportedMutation
from s2sad.ir.program import Var
from s2sad.ir.writing import Box
from s2sad.machine.traced import traced_in
from s2sad.record.arrays import layout_decides
from s2sad.record.views import Step, View, overlaps_itself
from s2sad.rules import structural
from s2sad.rules.operations import COPIED
from s2sad.rules.structural import CALL
from s2sad.runtime.visiting import visited


class Writable:
    """What has to hold of the arrays from outside so that a path may write, and rely on what is a view of what.

    It is asked before each write, and when one of them is read; it knows which arguments are written, and whose layout matters. The
    machine knows the arrays from outside, and writes the guards down.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.written: dict[int, Box] = {}  # the arguments
        self.unseen: set[Var] = set()  # what the function is not given
        self.by_layout: dict[int, Box] = {}  # what a view is of, or a copy, as a matter of layout
        self.given_back: list[Box] = []  # by code that is not followed
        self.layouts_fixed = False

    def pass_beside(self, given: Any) -> None:
        """What a call is given beside the arguments of the function, such as tangents: it may share their memory, for a write of the
        function is one into a copy, and not seen in it."""
        self.unseen.update(box.var for box in traced_in(given))

    def depend_on_layout(self, step: Step, *arrays: Box) -> None:
        """Whether such an operation gives a view or a copy is a matter of layout: it matters once one of the two is written."""
        if layout_decides(step):
            roots = [a.root for a in arrays]
            self.by_layout.update((id(r), r) for r in roots)
            if any(r.version for r in roots):
                self.fix_layouts()

    def depend_on_identity(self, left: Any, right: Any) -> None:
        """Whether two arrays are one object may be the same matter."""
        arrays = [v.root for v in (left, right) if isinstance(v, Box) and isinstance(v.value, np.ndarray)]
        if len(arrays) == 2 and any(id(root) in self.by_layout for root in arrays):
            self.fix_layouts()

    def share_memory(self, a: Any, b: Any) -> bool:
        """Asked of the layouts: the code that is generated may keep arrays apart that share memory here, and the other way round."""
        machine = self.machine
        boxes = [v for v in (a, b) if isinstance(v, Box)]
        outside = [box for v in boxes if (box := v.root.passed).var in machine.sheet.inputs or id(box) in machine.external]
        self.fix_layouts()
        if len(outside) == 2 and outside[0] is not outside[1]:
            self.keep_apart(*map(machine.fixed, outside))
        return np.shares_memory(*(v.layout if isinstance(v, Box) else v for v in (a, b)))

    def visited(self, arrays: list[Any], flags: Any, op_flags: Any, op_dtypes: Any, order: Any, casting: Any) -> Any:
        """How `np.nditer` goes over arrays: as they lie in memory, unless it is told an order."""
        if order not in ("C", "F"):
            self.fix_layouts()
            while self.given_back:
                self.fix_layout(self.given_back.pop())
        return visited([a.layout if isinstance(a, Box) else a for a in arrays], flags, op_flags, op_dtypes, order, casting)

    def check(self, owner: Any) -> None:
        """Refuse a write that would be seen outside the function, or that cannot be followed."""
        machine, place = self.machine, self.machine.location()
        if not isinstance(owner, Box) or not isinstance(owner.value, np.ndarray):
            raise UnsupportedMutation("an item of an object from outside the function is assigned", place,
                                      "make a copy inside the function")  # fmt: skip
        root = owner.root
        if id(root) in machine.external and root.layout.flags.writeable and root.layout.dtype.kind in "biufc":
            machine.rewalk(root.layout)
        if id(root) in machine.external:
            raise UnsupportedMutation("an array from outside the function is written", place, "work on a copy: y.copy()")
        if root.native:
            raise UnsupportedMutation("an array that native code refers to is written", place, "pass it a copy: y.copy()")
        if root.value.dtype.kind not in "biufc":
            raise UnsupportedMutation(f"an array of dtype {root.value.dtype} is written", place, "use an array of numbers, or a list")
        if owner.value.dtype != root.value.dtype and not _shows_parts(owner):
            raise UnsupportedMutation(f"a part of an array of {root.value.dtype} is written as {owner.value.dtype}", place,
                                      "write whole elements")  # fmt: skip
        if id(root) in self.by_layout:
            self.fix_layouts()
        machine.own_argument(root)
        if not owner.layout.flags.writeable:
            raise ValueError("assignment destination is read-only")
        if self.repeats(owner):
            raise UnsupportedMutation("an array whose elements share memory with one another is written", place,
                                      "write into what it shows, or into a copy: y.copy()")  # fmt: skip

    def repeats(self, view: Box) -> bool:
        """Whether an array shows an element more than once, or is a part of one that does; by types, whether it may."""
        while isinstance(view, View):
            if view.step.primitive.memory == "shown" if self.machine.on_types else overlaps_itself(view.layout):
                return True
            view = view.source
        return False

    def own(self, root: Box) -> None:
        """An argument that is written: it may be written at all, and shares no memory with anything else from outside."""
        given = root.passed
        if given.var in self.machine.sheet.inputs and id(given) not in self.written:
            self.own_memory(given)
            self.copy_argument(root)

    def own_memory(self, given: Box) -> None:
        machine = self.machine
        self.written[id(given)] = passed = Box(machine, given.value, given.var)
        passed.layout = given.layout
        flags = machine.emit(structural.ATTRIBUTE, [passed, "flags"], machine.performed.read(getattr, passed.layout, "flags"))
        usual = passed.layout.flags.carray  # to be written, and without gaps, in the order of C
        name = "carray" if usual else "writeable"
        writable = machine.emit(structural.ATTRIBUTE, [flags, name], machine.performed.read(getattr, flags.value, name))
        machine.guard("truth", writable, bool(writable.value))
        if not usual:
            self.fix_layout(passed)
            if overlaps_itself(passed.layout):
                raise UnsupportedMutation("an argument whose elements share memory with one another is written", machine.location(),
                                          "pass a copy, or work on a copy: y.copy()")  # fmt: skip
        for other in self.from_outside():
            if other.var is not passed.var and self.unseen.isdisjoint((other.var, passed.var)):
                self.keep_apart(passed, other)

    def copy_argument(self, root: Box) -> None:
        """The function writes into a copy that lies in memory as the argument does: the last bit of a sum may depend on that."""
        if root.layout.flags.c_contiguous or 0 in root.layout.strides:
            return  # what any copy is
        self.machine.arrays.assign(root, self.machine.perform(COPIED, [self.machine.fixed(root)]))

    def from_outside(self) -> list[Box]:
        """The arrays among the arguments and the captured values, as they were passed."""
        machine = self.machine
        outside = {b.var: b for b in machine.external.values() if isinstance(b, Box)}  # some are in there twice
        boxes = [*(machine.sheet.boxes[v] for v in machine.sheet.inputs), *outside.values()]
        return [b for b in boxes if isinstance(b.value, np.ndarray)]

    def keep_apart(self, written: Box, other: Box) -> None:
        machine = self.machine
        if written.value is other.value and id(other.value) in machine.changes.changing:
            return  # another name of the same array
        if np.shares_memory(written.value, other.value):
            what = "an argument" if written.var in machine.sheet.inputs else "an array from outside"
            raise UnsupportedMutation(f"{what} that shares memory with another array is written", machine.location(),
                                      "pass copies, or work on a copy: y.copy()")  # fmt: skip
        shared = machine.performed.read(np.shares_memory, written.value, other.value)
        machine.guard("truth", machine.emit(CALL, [np.shares_memory, [written, other], {}], shared), False)

    def fix_layouts(self) -> None:
        """From here on the path holds for arrays of these layouts only."""
        if not self.layouts_fixed:
            self.layouts_fixed = True
            for box in self.from_outside():
                self.fix_layout(box)

    def fix_layout(self, box: Box) -> None:
        machine = self.machine
        strides = machine.performed.read(getattr, box.layout, "strides")
        machine.guard("equals", machine.emit(structural.ATTRIBUTE, [machine.fixed(box), "strides"], strides), strides)

    def admitted(self, box: Box) -> None:
        """An array from outside, read after an argument has been written, is none of the arrays written."""
        for written in self.written.values():
            self.keep_apart(written, box)
        if self.layouts_fixed:
            self.fix_layout(box)


def _shows_parts(view: Any) -> bool:
    """Whether a view of another dtype than its array shows parts of the elements, such as their real parts."""
    while isinstance(view, View):
        if view.value.dtype != view.source.value.dtype and not view.step.primitive.part:
            return False
        view = view.source
    return True
