"""Sizes and lengths of what is kept: followed numbers where they are not known."""
from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad.capture import CALL
from s2sad.errors import CannotKeep
from s2sad.keep_iter import KEPT
from s2sad.primitives import BY_NAME
from s2sad.regions import Regions
from s2sad.samples import DIM, Cut, part_shape, plain, within
from s2sad.traced import Traced, strip, traced_in
from s2sad.writing import Box


@dataclass
class How:
    """What is taken to be so while a function is kept, besides what its code says.

    `generic`: nothing about the sizes of arrays and the whole numbers from outside; else they are those of this call. `unify`: a number
    that equals a size is that size. `within`: the bounds of a part lie within its axis, which is checked in each call; else how long
    such a part is counts as unknown. `cut` is set where that makes a difference.
    """

    generic: bool = True
    unify: bool = False
    within: bool = False
    cut: bool = False


class Sizes(Regions):
    """The part of keeping that answers questions about sizes."""

    how: How
    witnesses: dict[tuple[int, int], tuple[Box, int]]
    cuts: list[Cut]
    cut_lengths: dict[Any, tuple[int, int]]  # of parts that have been met, by the axis and the bounds

    # Parts

    def indexed(self, name: str, bound: list[Any], which: int) -> Any:
        """Reading and writing parts: shapes follow from the index, whatever position it names."""
        array, index = self.samples.of(bound[0], which), bound[1]
        if name == "getitem" and any(b.value.dtype == np.bool_ for b in traced_in(index) if isinstance(b.value, (np.ndarray, np.bool_))):
            raise CannotKeep("a mask chooses elements: how many depends on values", self.location(), "use np.where")
        if name == "scatter":
            shape = self.samples.of(bound[2], which)
            return plain(np.zeros(shape, np.asarray(array).dtype))
        shape = part_shape(bound[0], index, which, self.samples, functools.partial(self.measured, which))
        if shape is None:
            if any(isinstance(b, Box) and self.samples.differs(b) for b in traced_in(index)):
                raise CannotKeep("an array of indices of unknown length", self.location())
            shape = array[within(self.samples.of(index, which))].shape
        if name == "getitem":
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
            raise CannotKeep("what is written has not the shape of the place it is written to, as far as is known", self.location())
        return plain(array)

    def measured(self, which: int, cut: Cut) -> int | None:
        """How long a part counts as; None where its bounds are taken to be within the axis."""
        self.how.cut = True
        if self.how.within:
            if which == 0:
                self.cuts.append(cut)
            return None
        bounds = [(self.samples.of(v, 0), self.samples.of(v, 1)) for v in (cut.part.start, cut.part.stop, cut.part.step)]
        key = (cut.lengths, *bounds)
        if key not in self.cut_lengths:
            self.cut_lengths[key] = self.samples.pairs.size()
        return self.cut_lengths[key][which]

    def check_cuts(self, bound: list[Any], part: Any = None) -> None:
        """Guard the lengths of parts whose bounds are taken to be within the axis. A pullback takes parts of what has the same shape."""
        array, index = bound[:2]
        cuts, self.cuts = self.cuts, []
        for cut in cuts if not self.phase else ():
            done = ("cut", array.var, cut.axis, self.operand(cut.part.start), self.operand(cut.part.stop), self.operand(cut.part.step))
            if done in self._decided:
                continue
            self._decided.add(done)
            if part is None:
                part = self.emit_pair(BY_NAME["getitem"], [array, index], *(self.indexed("getitem", bound, k) for k in (0, 1)))
            sizes = part.value.shape[cut.place], self.samples.of(part, 1).shape[cut.place]
            length = self.emit_pair(DIM, [self.fixed(part), cut.place], *sizes)
            if sizes[0] == sizes[1]:
                self.guard("equals", length, sizes[0])
            else:
                self.guard("truth", self.apply(BY_NAME["=="], [length, self.span(array, cut)]), True)

    def span(self, array: Any, cut: Cut) -> Any:
        """How long a part is whose bounds lie within the axis."""
        n, part = self.shape(array)[cut.axis], cut.part
        step = 1 if part.step is None else part.step
        first, end = (0, n) if strip(step) > 0 else (self.binary("-", n, 1), -1)
        start, stop = (default if at is None else self.binary("+", at, n) if strip(at) < 0 else at
                       for at, default in ((part.start, first), (part.stop, end)))  # fmt: skip
        if isinstance(step, Traced) or step != 1:
            return self.trips(start, stop, step)
        return stop if not isinstance(start, Traced) and start == 0 else self.binary("-", stop, start)

    # What is asked about sizes

    def extent(self, box: Box, axis: int | None) -> Any:
        if axis is None:
            return box
        sizes = (box.value.shape[axis], self.samples.of(box, 1).shape[axis])
        of, at = self.fixed(box), axis
        if self.depths.get(box.var, 0) > 0:
            of, at = self.witnesses.get(sizes, (of, at))
        return self.emit_pair(DIM, [of, at], *sizes)

    def shape(self, value: Any) -> tuple[Any, ...]:
        """The shape of an array, with a followed number for each dimension that is not known."""
        if not isinstance(value, Box):
            return np.shape(value)
        pairs = zip(np.shape(value.value), np.shape(self.samples.of(value, 1)), strict=True)
        return tuple(a if a == b else self.extent(value, axis) for axis, (a, b) in enumerate(pairs))

    def number_attribute(self, owner: Traced, name: str) -> Any:
        if isinstance(owner.value, np.ndarray) and name in ("shape", "size", "nbytes"):
            shape = self.shape(owner)
            if name == "shape":
                return shape
            size: Any = math.prod(n for n in shape if not isinstance(n, Traced))
            for n in (n for n in shape if isinstance(n, Traced)):
                size = n if isinstance(size, int) and size == 1 else self.binary("*", size, n)
            return size if name == "size" else self.binary("*", size, owner.value.itemsize)
        return super().number_attribute(owner, name)

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        kept = KEPT.get(function) if getattr(function, "__hash__", None) and not isinstance(function, Traced) else None
        if kept is not None:
            return kept(self, *args, **kwargs)
        if function is len and len(args) == 1 and isinstance(args[0], Box) and isinstance(args[0].value, np.ndarray):
            return self.length(args[0])
        if (function is min or function is max) and not kwargs and len(args) > 1 and any(isinstance(a, Box) for a in args):
            return self.extreme(function, args)
        return super().call(function, *args, **kwargs)

    def length(self, array: Box) -> Any:
        if not array.value.ndim:
            len(array.value)  # raises what Python raises
        return self.shape(array)[0]

    def extreme(self, function: Any, args: tuple[Any, ...]) -> Any:
        """`min` and `max` of numbers: the first of the equal ones, as Python has it."""
        best = args[0]
        for other in args[1:]:
            better = self.compare(">" if function is max else "<", other, best)
            best = self.choose(better, functools.partial(_same, other), functools.partial(_same, best))
        return best

    def trips(self, start: Any, stop: Any, step: Any) -> Any:
        """How many numbers a range has."""
        if not isinstance(start, Traced) and start == 0 and not isinstance(step, Traced) and step == 1:
            return stop
        first, second = (len(range(*(self.samples.of(p, k) for p in (start, stop, step)))) for k in (0, 1))
        inner = self.emit_pair(CALL, [range, [start, stop, step], {}], range(0), range(0))
        return self.emit_pair(CALL, [len, [inner], {}], first, second)

    def shorter(self, one: Any, other: Any) -> Any:
        """The smaller of two lengths; the first of two that are known to be equal."""
        pair = [(self.samples.of(v, 0), self.samples.of(v, 1)) for v in (one, other)]
        if pair[0] == pair[1]:
            return one
        if not isinstance(one, Traced) and not isinstance(other, Traced):
            return min(one, other)
        first, second = self.samples.pairs.step()
        return self.emit_pair(CALL, [min, [one, other], {}], first, second)


def _same(value: Any) -> Any:
    return value


def _keeps_array(index: Any) -> bool:
    items = index if isinstance(index, tuple) else (index,)
    return any(i is Ellipsis for i in items)
