"""Arrays that are given another shape in place: `y.shape = n`.

The object stays, with its names and its memory. What is a view of it was taken in the shape it had, and goes on from an array of that
shape, which has no name: of an array that owns its memory a view, of a view what it was a view of.
"""
from __future__ import annotations

from typing import Any

from s2sad.errors import UnsupportedMutation
from s2sad.ir.writing import Box
from s2sad.machine.attributes import OUTSIDE, RESHAPED
from s2sad.record.arrays import Arrays, exchanged
from s2sad.record.views import Elements, Step, View, lying_as
from s2sad.rules.operations import RESHAPE
from s2sad.runtime.control import Effects


def to_shape(array: Box, shape: tuple[int, ...]) -> Step:
    return Step(RESHAPE, RESHAPE.bind((array, shape), {}), 0)


class Reshaping(Arrays):
    """The part of a recording that gives arrays another shape. `reshaped` are those that owned their memory when they were made."""

    def __init__(self, effects: Effects | None = None) -> None:
        super().__init__(effects)
        self.reshaped: dict[int, Box] = {}

    def set_shape(self, value: Any, owner: Any) -> None:
        self.check_shapable(owner)
        self.fix_layouts()
        layout = owner.layout.view()
        layout.shape = self.concrete(value)  # raises what NumPy raises, also where only a copy could have this shape
        step = to_shape(self.fixed(owner), layout.shape)
        new = self.fixed(self.perform(step.primitive, step.bound))
        if owner.var in self.names:
            self.names.setdefault(new.var, self.names[owner.var])
        found = self.views.pop(id(owner), [])
        before = self.another_view(owner, new, layout) if isinstance(owner, View) else self.another_shape(owner, new, layout)
        for view in found:
            if view.source is owner:
                view.follow(before, Step(view.step.primitive, exchanged(view.step.bound, {id(owner): before}), view.step.place))

    def another_shape(self, owner: Box, new: Box, layout: Any) -> View:
        """Let an array that owns its memory have another shape; a view of it in the shape it had."""
        old, shape = owner.layout, owner.layout.shape
        fixed = self.fixed(owner)
        if old.base is None:
            self.reshaped[id(owner)] = owner
        if self.boxes[owner.var] is owner:
            self.boxes[owner.var] = fixed
        owner.value, owner.var, owner.levels, owner.layout = lying_as(layout, new.value), new.var, new.levels, layout
        return View(fixed, owner, to_shape(owner, shape), old)

    def base(self, owner: Any) -> Any:
        return None if id(owner) in self.reshaped else super().base(owner)

    def another_view(self, owner: View, new: Box, layout: Any) -> View:
        """Let a view have another shape; a view that is what it was."""
        before = View(owner.box, owner.source, owner.step, owner.layout)
        owner.box, owner.layout = new, layout
        owner.follow(before, to_shape(before, layout.shape))
        return before

    def check_shapable(self, owner: Any) -> None:
        """Refuse another shape that would be seen outside the function, or by code that is not followed."""
        if not isinstance(owner, Box) or (not isinstance(owner, View) and self.is_given(owner)):
            self.refuse_shape(OUTSIDE)
        if owner.root.native:
            self.refuse_shape("an array that native code has a hold on")
        if isinstance(owner, Elements) or owner.value.dtype.kind not in "biufc":
            self.refuse_shape("flat" if isinstance(owner, Elements) else f"an array of dtype {owner.value.dtype}")

    def refuse_shape(self, what: str) -> None:
        raise UnsupportedMutation(f"the attribute 'shape' of {what} is assigned", self.location(), RESHAPED)

    def is_given(self, owner: Box) -> bool:
        """Whether an array is an argument, also of a function differentiated in this one, or read from outside."""
        if owner.given is not None or owner.var in self.inputs or id(owner) in self.written:
            return True
        return id(owner) in self.external or id(owner) in self.mirrors
