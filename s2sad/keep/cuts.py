"""Parts of arrays: their shapes follow from the index, and how long a part is whose bounds are not known is checked or told apart."""
from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.ir.writing import Box
from s2sad.keep.numbers import Numbers
from s2sad.keep.samples import Cut, Samples, part_shape, plain, within
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.rules.language import Primitive
from s2sad.rules.operations import EQUAL, GETITEM, SCATTER
from s2sad.rules.structural import DIM


@dataclass
class How:
    """What is taken to be so while a function is kept, besides what its code says.

    `generic`: nothing about the sizes of arrays and the whole numbers from outside; else they are those of this call. `unify`: a number
    that equals a size is that size. `within`: the bounds of a part lie within its axis, which is checked in each call; else how long
    such a part is counts as unknown. `cut` is set where that makes a difference, `catches` where the function catches exceptions.
    """

    generic: bool = True
    unify: bool = False
    within: bool = False
    cut: bool = False
    catches: bool = False


class Cuts:
    """The parts that are read and written.

    `samples_of` gives those of what an index reads, or of an array after a write; `check` guards the lengths that were taken for granted
    there. Of the machine it asks the place for a refusal, and lets it write down the questions that the guards are about.
    """

    def __init__(self, machine: Any, samples: Samples, numbers: Numbers, how: How) -> None:
        self.machine, self.samples, self.numbers, self.how = machine, samples, numbers, how
        self.granted: list[Cut] = []

    def samples_of(self, primitive: Primitive, bound: list[Any]) -> tuple[Any, Any]:
        self.granted = []
        return self.numbers.apart(primitive, bound, (self.indexed(primitive, bound, 0), self.indexed(primitive, bound, 1)))

    def indexed(self, primitive: Primitive, bound: list[Any], which: int) -> Any:
        """Reading and writing parts: shapes follow from the index, whatever position it names."""
        array, index = self.samples.of(bound[0], which), bound[1]
        if primitive is GETITEM and any(b.value.dtype == np.bool_ for b in traced_in(index) if isinstance(b.value, (np.ndarray, np.bool_))):
            raise CannotKeep("a mask chooses elements: how many depends on values", self.machine.location(), "use np.where")
        if primitive is SCATTER:
            shape = self.samples.of(bound[2], which)
            return plain(np.zeros(shape, np.asarray(array).dtype))
        shape = part_shape(bound[0], index, which, self.samples, functools.partial(self.measured, which))
        if shape is None:
            if any(isinstance(b, Box) and self.samples.differs(b) for b in traced_in(index)):
                raise CannotKeep("an array of indices of unknown length", self.machine.location())
            shape = array[within(self.samples.of(index, which))].shape
        if primitive is GETITEM:
            found = np.zeros(shape, array.dtype) if shape or _keeps_array(index) else array.dtype.type(0)
            return plain(found)
        value = np.shape(self.samples.of(bound[2], which))
        while len(value) > len(shape) and value[0] == 1:
            value = value[1:]
        try:
            fits = np.broadcast_shapes(shape, value) == shape
        except ValueError:
            fits = False
        if not fits:
            raise CannotKeep("what is written has not the shape of the place it is written to, as far as is known",
                             self.machine.location())  # fmt: skip
        return plain(array)

    def measured(self, which: int, cut: Cut) -> int | None:
        """How long a part counts as; None where its bounds are taken to be within the axis."""
        self.how.cut = True
        start, stop, step = cut.part.start, cut.part.stop, 1 if cut.part.step is None else cut.part.step
        if self.how.within and not isinstance(step, Traced) and step in (1, -1):
            if which == 0:
                self.granted.append(cut)
            return None
        told, new = self.numbers.told, self.samples.pairs.size
        less = [0 if v is None else v for v in (start, stop)]
        if not any(isinstance(v, Traced) for v in (*less, step)) and step == 1 and less[0] >= 0 and (stop is None or stop < 0):
            return told(("less", cut.lengths, less[0] - less[1]), new)[which]  # whatever end it is taken from
        return told(("cut", cut.lengths, *map(self.numbers.mark, (start, stop, step))), new)[which]

    def check(self, bound: list[Any], part: Any = None) -> None:
        """Guard the lengths of parts whose bounds are taken to be within the axis. A pullback takes parts of what has the same shape."""
        machine, (array, index) = self.machine, bound[:2]
        granted, self.granted = self.granted, []
        for cut in granted if not machine.sheet.phase else ():
            done = ("cut", array.var, cut.axis, *map(machine.operand, (cut.part.start, cut.part.stop, cut.part.step)))
            if done in machine.sheet.decided:
                continue
            machine.sheet.decided.add(done)
            machine.blocks.remember(done, machine.blocks.depth)
            if part is None:
                part = machine.emit_pair(GETITEM, [array, index], *(self.indexed(GETITEM, bound, k) for k in (0, 1)))
            self.guard(array, cut, part)

    def guard(self, array: Any, cut: Cut, part: Any) -> None:
        machine = self.machine
        sizes = part.value.shape[cut.place], self.samples.of(part, 1).shape[cut.place]
        length = machine.emit_pair(DIM, [machine.fixed(part), cut.place], *sizes)
        if sizes[0] == sizes[1]:
            machine.guard("equals", length, sizes[0])
        else:
            machine.guard("truth", machine.apply(EQUAL, [length, self.span(array, cut)]), True)

    def span(self, array: Any, cut: Cut) -> Any:
        """How long a part is whose bounds lie within the axis."""
        ask, n, part = self.machine.binary, self.machine.shape(array)[cut.axis], cut.part
        first, end = (0, n) if part.step in (None, 1) else (ask("-", n, 1), -1)
        start, stop = (default if at is None else ask("+", at, n) if strip(at) < 0 else at
                       for at, default in ((part.start, first), (part.stop, end)))  # fmt: skip
        if part.step == -1:
            start, stop = stop, start
        return stop if not isinstance(start, Traced) and start == 0 else ask("-", stop, start)


def _keeps_array(index: Any) -> bool:
    items = index if isinstance(index, tuple) else (index,)
    return any(i is Ellipsis for i in items)
