"""Arrays that are given another shape in place: `y.shape = n`.

The object stays, with its names and its memory. What is a view of it was taken in the shape it had, and goes on from an array of that
shape, which has no name: of an array that owns its memory a view, of a view what it was a view of.
"""
from __future__ import annotations

from typing import Any

from s2sad.errors import UnsupportedMutation
from s2sad.ir.writing import Box
from s2sad.machine.attributes import OUTSIDE, RESHAPED
from s2sad.record.arrays import exchanged
from s2sad.record.views import Elements, Step, View, lying_as
from s2sad.rules.operations import RESHAPE


def to_shape(array: Box, shape: tuple[int, ...]) -> Step:
    return Step(RESHAPE, RESHAPE.bind((array, shape), {}), 0)


class Reshaping:
    """Gives arrays another shape, and remembers those that owned their memory: `base` of them is still None.

    It is asked for `y.shape = n`, and whether that may be. It exchanges what views are views of; the machine performs the operation.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.reshaped: dict[int, Box] = {}

    def set_shape(self, value: Any, owner: Any) -> None:
        machine, names, views = self.machine, self.machine.sheet.names, self.machine.arrays.views
        self.check(owner)
        machine.writable.fix_layouts()
        layout = owner.layout.view()
        layout.shape = machine.concrete(value)  # raises what NumPy raises, also where only a copy could have this shape
        step = to_shape(machine.fixed(owner), layout.shape)
        new = machine.fixed(machine.perform(step.primitive, step.bound))
        if owner.var in names:
            names.setdefault(new.var, names[owner.var])
        found = views.pop(id(owner), [])
        before = self.another_view(owner, new, layout) if isinstance(owner, View) else self.another_shape(owner, new, layout)
        for view in found:
            if view.source is owner:
                view.follow(before, Step(view.step.primitive, exchanged(view.step.bound, {id(owner): before}), view.step.place))

    def another_shape(self, owner: Box, new: Box, layout: Any) -> View:
        """Let an array that owns its memory have another shape; a view of it in the shape it had."""
        old, shape = owner.layout, owner.layout.shape
        fixed, boxes = self.machine.fixed(owner), self.machine.sheet.boxes
        if old.base is None:
            self.reshaped[id(owner)] = owner
        if boxes[owner.var] is owner:
            boxes[owner.var] = fixed
        owner.value, owner.var, owner.levels, owner.layout = lying_as(layout, new.value), new.var, new.levels, layout
        return View(fixed, owner, to_shape(owner, shape), old)

    def another_view(self, owner: View, new: Box, layout: Any) -> View:
        """Let a view have another shape; a view that is what it was."""
        before = View(owner.box, owner.source, owner.step, owner.layout)
        owner.box, owner.layout = new, layout
        owner.follow(before, to_shape(before, layout.shape))
        return before

    def check(self, owner: Any) -> None:
        """Refuse another shape that would be seen outside the function, or by code that is not followed."""
        if not isinstance(owner, Box) or (not isinstance(owner, View) and self.is_given(owner)):
            self.refuse(OUTSIDE)
        if owner.root.native:
            self.refuse("an array that native code has a hold on")
        if isinstance(owner, Elements) or owner.value.dtype.kind not in "biufc":
            self.refuse("flat" if isinstance(owner, Elements) else f"an array of dtype {owner.value.dtype}")

    def refuse(self, what: str) -> None:
        raise UnsupportedMutation(f"the attribute 'shape' of {what} is assigned", self.machine.location(), RESHAPED)

    def is_given(self, owner: Box) -> bool:
        """Whether an array is an argument, also of a function differentiated in this one, or read from outside."""
        machine = self.machine
        if owner.given is not None or owner.var in machine.sheet.inputs or id(owner) in machine.writable.written:
            return True
        return id(owner) in machine.external or machine.mirrors.stands_in(owner)
