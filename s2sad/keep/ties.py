"""Values from outside, as samples: which of their sizes are one, and which are the same, is checked in each call."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.ir.writing import Box
from s2sad.keep.cuts import How
from s2sad.keep.samples import Samples, plain
from s2sad.keep.variables import Variables
from s2sad.record.capture import NUMBERS
from s2sad.rules.operations import EQUAL
from s2sad.runtime.control import copied


class Ties:
    """The sizes that were met outside, by the numbers they are in the call that is compiled for.

    `box` makes the variable for a value from outside, `tie` guards what its samples take for granted. Of the machine it asks to write down
    the size of an array, the comparison, and the guard.
    """

    def __init__(self, machine: Any, samples: Samples, variables: Variables, how: How) -> None:
        self.machine, self.samples, self.variables, self.how = machine, samples, variables, how
        self.pairs: dict[int, tuple[int, int]] = {}
        self.firsts: dict[int, tuple[Box, int | None]] = {}  # where a size has been met first
        self.witnesses: dict[tuple[int, int], tuple[Box, int]] = {}  # for each size an array from outside all loops that has it

    def box(self, value: Any) -> Box:
        """A box for a real value from outside."""
        generic, paired = self.how.generic, self.variables.paired
        if isinstance(value, np.ndarray):
            return self.array(value)
        if isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_)) and generic:
            pair = self.size_of(int(value)) if self.how.unify and value > 1 else self.samples.pairs.number()
            return paired(type(value)(pair[0]), type(value)(pair[1]), frozenset())
        if isinstance(value, (bool, str)) or (not generic and isinstance(value, (int, np.integer))):
            box = paired(value, value, frozenset())
            self.variables.known.add(box.var)
            return box
        shown = plain(value) if isinstance(value, NUMBERS) else value
        return paired(shown, shown, frozenset())

    def array(self, value: Any) -> Box:
        shapes = [self.size_of(n) if self.how.generic else (n, n) for n in value.shape]
        first, second = (plain(np.broadcast_to(np.zeros((), value.dtype), tuple(s[k] for s in shapes))) for k in (0, 1))
        box = self.variables.paired(first, second, frozenset())
        if not self.how.generic:
            box.layout = value if value.flags.writeable else copied(value)
        return box

    def size_of(self, real: int) -> tuple[int, int]:
        if real == 1:
            return 1, 1
        if real not in self.pairs:
            self.pairs[real] = self.samples.pairs.size()
        return self.pairs[real]

    def witness(self, box: Box) -> None:
        """An argument is there wherever a size of it is asked for."""
        for axis, sizes in enumerate(zip(box.value.shape, self.samples.of(box, 1).shape, strict=True)):
            self.witnesses.setdefault(sizes, (self.machine.fixed(box), axis))

    def tie(self, box: Box, value: Any) -> None:
        """Guard what the samples assume about sizes: which are 1, and which are the same."""
        if not self.how.generic:
            return
        if isinstance(value, np.ndarray):
            for axis, n in enumerate(value.shape):
                self.tie_one(n, box, axis)
        elif self.how.unify and isinstance(value, int) and not isinstance(value, bool) and value > 1:
            self.tie_one(value, box, None)

    def tie_one(self, real: int, box: Box, axis: int | None) -> None:
        if real != 1 and real not in self.firsts:
            self.firsts[real] = box, axis
            return
        own = self.machine.sizes.extent(box, axis)
        other = 1 if real == 1 else self.machine.sizes.extent(*self.firsts[real])
        self.machine.guard("truth", self.machine.apply(EQUAL, [own, other]), True)
