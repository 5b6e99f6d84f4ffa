"""Arrays from outside that the function writes: it works on one of its own in their place, and each write is made in both."""
from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sad.errors import UnsupportedMutation
from s2sad.ir.program import type_of
from s2sad.ir.writing import Box
from s2sad.machine.traced import strip
from s2sad.rules.operations import COPIED
from s2sad.rules.structural import CALL, PERFORM
from s2sad.runtime.control import copied, same_bits


class Mirrors:
    """The arrays that stand for one from outside that is written, each with that one.

    It is asked for what takes the place of such an array, told of each write into one of its own, and asked after code that is not
    followed whether the two are still the same. The machine knows which arrays from outside the function changes, and performs effects.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.pairs: dict[int, tuple[Box, Box]] = {}

    def stands_in(self, own: Any) -> bool:
        return id(own) in self.pairs

    def own(self, box: Box, value: Any) -> Box:
        """The array to work on in place of one from outside."""
        machine = self.machine
        own, first = machine.once(("mirrored", id(value)), lambda: (self._made(box), box))
        if first is not box:
            same = machine.performed.read(operator.is_, value, value)
            machine.guard("truth", machine.emit(CALL, [operator.is_, [box, first], {}], same), True)
        return own  # type: ignore[no-any-return]

    def _made(self, box: Box) -> Box:
        machine = self.machine
        machine.writable.own_memory(box)
        # Another path may have written it in this call already: what was there before is handed on like anything that was read.
        before = machine.emit(CALL, [copied, [machine.fixed(box)], {}], machine.performed.read(copied, box.value))
        machine.guard("type", before, type_of(before.value))
        own: Box = machine.perform(COPIED, [before])
        self.pairs[id(own)] = own, machine.fixed(box)
        if (outer := machine.identities.stands_for(box)) is not None:
            machine.identities.note(own, outer)
        return own

    def write(self, own: Box, part: Any) -> None:
        """An array from outside is written: once per call, as any effect. `part` is an index and what is put there; None: all of it."""
        machine, real = self.machine, self.pairs[id(own)][1]
        function, args = (np.copyto, [machine.fixed(own)]) if part is None else (operator.setitem, list(part))
        if own.levels:
            machine.changes.holding[id(real.value)] = real.value
        machine.sheet.acted = True
        machine.performed(function, real.value, *strip(args))
        machine.emit(PERFORM, [function, [real, *args], {}], None)

    def confirm(self) -> None:
        """Code that is not followed has run: it has left the arrays alone."""
        machine = self.machine
        for own, real in self.pairs.values():
            same = machine.performed.read(same_bits, real.value, own.value)
            if not same:
                raise UnsupportedMutation("an array that the function writes is also changed by code that is not followed",
                                          machine.location(), "write it in the function alone")  # fmt: skip
            machine.guard("truth", machine.emit(CALL, [same_bits, [real, machine.fixed(own)], {}], same), same)
