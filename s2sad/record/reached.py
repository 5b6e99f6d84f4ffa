"""Arrays that code which is not followed may write into, whatever it is given: those from outside, and what the function was handed.

A call of such code counts as a write into all of them. Where a function makes one, it works on copies of the arrays that it reads outside,
taken when they are read, and again when they are read after the call: so the adjoint has what was read, and the code what is there now.
Arguments, and arrays of its own that it keeps outside, are not to be changed by such a call: their derivative would be lost.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import UnsupportedMutation
from s2sad.ir.program import Var, type_of
from s2sad.ir.writing import Box
from s2sad.machine import foreign
from s2sad.machine.kept_outside import COPY, WRITTEN
from s2sad.machine.traced import traced_in
from s2sad.record.arrays import exchanged
from s2sad.record.changing import Rewalk
from s2sad.record.views import Seen, View
from s2sad.rules.structural import CALL
from s2sad.runtime.control import copied, same_bits

EVERY_ARRAY = object()
"""What a recording is told to be changed that has to copy the arrays it reads outside."""


class Outside(Seen):
    """An array from outside, as the function sees it that calls what may write into it: a copy, taken again after each such call.

    `given` is the array itself, and lies in memory as the function may ask.
    """

    __slots__ = ()

    def __init__(self, real: Box) -> None:
        self.machine, self.given, self.box, self.stamp = real.machine, real, real, -1
        self.layout, self.native, self.outer, self.told = real.layout, real.native, real.outer, real.told

    @property
    def version(self) -> int:  # type: ignore[override]
        count: int = self.machine.reached.count
        return count

    def current(self) -> Box:
        if self.stamp != self.version:
            assert self.given is not None
            before, self.box = self.box, self.machine.reached.contents(self.given)
            self.stamp = self.version
            self.machine.sheet.renamed(before, self.box)
        return self.box


class Reached:
    """Which arrays code that is not followed may write into, and how often it may have done so.

    It is told of the arrays that are met, and asked for what stands for them; of those that have to stay as they are; and before and after
    each call. The machine begins anew where arrays were read before the first of them that should have been copied.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.count = 0  # how often such code has run
        self.met = False  # whether an array was read that is not copied
        self.seen: list[Outside] = []
        self.staying: dict[Var, Box] = {}  # arrays of the function that lie outside as well
        self.inside: list[tuple[int, Box, Box]] = []  # arrays that a derivative inside is taken at: its level, the array, what it held
        self.before: dict[Var, Box] = {}  # copies of what has to stay
        self.unreached: set[Var] = set()  # arguments that no code of the user's gets hold of

    # Reading

    def admitted(self, box: Box, fixed: bool) -> Box:
        """An array from outside, or one that code gave which is not followed: what the function sees of it."""
        if not fixed and not box.native:
            return box
        if id(EVERY_ARRAY) not in self.machine.changes.changing:
            self.met = True
            return box
        seen = Outside(box)
        self.seen.append(seen)
        if fixed:
            self.machine.external[id(seen)] = box
        return seen

    def contents(self, real: Box) -> Box:
        """What an array from outside holds now."""
        made = self.copy(real)
        self.machine.guard("type", made, type_of(made.value))
        return made

    def copy(self, real: Box) -> Box:
        made: Box = self.machine.emit(CALL, [copied, [real], {}], self.machine.performed.read(copied, real.value))
        return made

    def real(self, value: Any) -> Any:
        """A value for code that is not followed: with the arrays themselves in place of what the function sees, also inside containers."""
        found = {id(b): b for b in traced_in(value) if isinstance(b, Box) and isinstance(b.root, Outside)}
        return exchanged(value, {i: self._real(b) for i, b in found.items()}) if found else value

    def _real(self, box: Box) -> Box:
        if not isinstance(box, View):
            return box.passed
        bound = exchanged(box.step.bound, {id(box.source): self._real(box.source)})
        made: Box = trees.flatten(self.machine.perform(box.step.primitive, bound))[0][box.step.place]
        return made if box.shaped is None else self.machine.reshaping.to_shape(made, box.shaped)

    # What has to stay

    def keep(self, box: Box) -> None:
        """An array that the function made is kept outside."""
        if not box.root.native and id(box.root) not in self.machine.external:
            self.staying[box.var] = self.machine.fixed(box)

    def differentiated(self, leaf: Any, level: int) -> None:
        """A derivative is taken at a value inside the function."""
        if isinstance(leaf, Box) and isinstance(leaf.root, Outside):
            self.inside.append((level, self._real(leaf), self.machine.fixed(leaf)))

    # Calls

    def call(self, function: Any, args: Any, kwargs: Any) -> bool:
        """Whether a call may write into such arrays. What has to be known of them is, before it does."""
        if foreign.leaves_arrays(function, args, kwargs) and not foreign.runs_users_code(function, args, kwargs):
            return False
        self.about_to_run()
        return True

    def about_to_run(self) -> None:
        machine = self.machine
        if self.met:
            machine.give_up(Rewalk(EVERY_ARRAY))
        if any(isinstance(box, Outside) for box in machine.writable.by_layout.values()):
            machine.writable.fix_layouts()
        for var in (*machine.sheet.inputs, *self.staying):
            if isinstance(machine.sheet.boxes[var].value, np.ndarray) and var not in self.before and var not in self.unreached:
                self.before[var] = self.copy(machine.sheet.boxes[var])

    def has_run(self) -> None:
        """Arrays from outside may hold other numbers from now on; what has to stay has stayed."""
        self.count += 1
        for var, before in self.before.items():
            self.check(self.machine.sheet.boxes[var], before)
        for level, real, before in self.inside:
            if level in self.machine.levels.open:
                self.check(real, before)

    def check(self, array: Box, before: Box) -> None:
        machine = self.machine
        same = machine.performed.read(same_bits, array.value, before.value)
        if not same:
            raise UnsupportedMutation(WRITTEN, machine.location(), COPY)
        machine.guard("truth", machine.emit(CALL, [same_bits, [array, before], {}], same), same)
