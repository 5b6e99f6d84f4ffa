"""Arrays that are given another shape in place: `y.shape = n`.

The object stays, with its names and its memory. A view of it was taken in the shape it had then, and is read from an array of that shape,
which has no name. A view that is given another shape is read as it was made, and then has that shape.
"""
from __future__ import annotations

from typing import Any

from s2sad import trees
from s2sad.errors import UnsupportedMutation
from s2sad.ir.writing import Box
from s2sad.machine.attributes import OUTSIDE, RESHAPED
from s2sad.record.arrays import exchanged
from s2sad.record.views import Elements, View, lying_as
from s2sad.rules.operations import RESHAPE


class Reshaping:
    """Gives arrays another shape, and remembers those that owned their memory: `base` of them is still None.

    It is asked for `y.shape = n`, and whether that may be; and for what a view is read from, or written back to, whose source has another
    shape by now. The machine performs the operation.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.reshaped: dict[int, Box] = {}

    def set_shape(self, value: Any, owner: Any) -> None:
        self.check(owner)
        self.machine.writable.fix_layouts()
        layout = owner.layout.view()
        layout.shape = self.machine.concrete(value)  # raises what NumPy raises, also where only a copy could have this shape
        self.give(owner, layout.shape, layout)

    def give(self, owner: Box, shape: Any, layout: Any) -> None:
        """Let an array have another shape, and lie in memory as this one does."""
        machine, names = self.machine, self.machine.sheet.names
        new = self.to_shape(machine.fixed(owner), shape)
        if owner.var in names:
            names.setdefault(new.var, names[owner.var])
        if isinstance(owner, View):
            owner.box, owner.shaped, owner.layout = new, new.value.shape, layout
            return
        if owner.layout.base is None:
            self.reshaped[id(owner)] = owner
        if machine.sheet.boxes[owner.var] is owner:
            machine.sheet.boxes[owner.var] = machine.fixed(owner)
        owner.value, owner.var, owner.levels, owner.layout = lying_as(layout, new.value), new.var, new.levels, layout

    def to_shape(self, array: Box, shape: Any) -> Box:
        """The elements of an array in another shape."""
        machine = self.machine
        answer: Box = machine.fixed(machine.perform(RESHAPE, RESHAPE.bind((machine.fixed(array), shape), {})))
        return answer

    # Views

    def is_as_taken(self, view: View) -> bool:
        """Whether a view and its source have the shapes that they had when it was taken."""
        return view.shaped is None and self.has_shape(view.source, view.taken)

    def source(self, view: View) -> Box:
        """What a view is of, in the shape that this had when the view was taken."""
        return view.source if self.has_shape(view.source, view.taken) else self.to_shape(view.source, view.taken)

    def has_shape(self, array: Box, shape: tuple[Any, ...]) -> bool:
        """Whether an array has this shape now."""
        return bool(array.value.shape == shape)

    def read(self, view: View) -> Box:
        """The view as its source is now."""
        source, step = self.source(view), view.step
        bound = step.bound if source is view.source else exchanged(step.bound, {id(view.source): source})
        made: Box = trees.flatten(self.machine.perform(step.primitive, bound))[0][step.place]
        return made if view.shaped is None else self.to_shape(made, view.shaped)

    # What may be

    def check(self, owner: Any) -> None:
        """Refuse another shape that would be seen outside the function, or by code that is not followed."""
        if not isinstance(owner, Box) or (not isinstance(owner, View) and self.is_given(owner)):
            self.refuse(OUTSIDE)
        if owner.root.native:
            self.refuse("an array that native code refers to")
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
