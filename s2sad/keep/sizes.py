"""Sizes and lengths of what is kept: followed numbers where they are not known."""
from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np

from s2sad.ir.writing import Box
from s2sad.keep.iteration import Span
from s2sad.keep.numbers import Numbers
from s2sad.keep.samples import Samples
from s2sad.keep.ties import Ties
from s2sad.machine.traced import Traced, strip
from s2sad.rules.language import Primitive
from s2sad.rules.structural import CALL, DIM

ATTRIBUTES = ("shape", "size", "nbytes")


class Sizes:
    """What is asked about sizes: the shape of an array, the length of what a loop runs over, the smaller of two lengths.

    A size that is not known is a number that the code asks for: the machine writes the question down. The samples say which are known,
    the ties where an array with such a size is at hand.
    """

    def __init__(self, machine: Any, samples: Samples, numbers: Numbers, ties: Ties) -> None:
        self.machine, self.samples, self.numbers, self.ties = machine, samples, numbers, ties

    def extent(self, box: Box, axis: int | None) -> Any:
        """The size along an axis, or the number itself."""
        if axis is None:
            return box
        sizes = (box.value.shape[axis], self.samples.of(box, 1).shape[axis])
        of, at = self.machine.fixed(box), axis
        if self.machine.blocks.depth_of(box.var):
            of, at = self.ties.witnesses.get(sizes, (of, at))
        return self.machine.emit_pair(DIM, [of, at], *sizes)

    def shape(self, value: Any) -> tuple[Any, ...]:
        """The shape of an array, with a followed number for each dimension that is not known."""
        if not isinstance(value, Box):
            return np.shape(value)
        pairs = zip(np.shape(value.value), np.shape(self.samples.of(value, 1)), strict=True)
        return tuple(a if a == b else self.extent(value, axis) for axis, (a, b) in enumerate(pairs))

    def attribute(self, array: Traced, name: str) -> Any:
        """One of `ATTRIBUTES` of an array."""
        shape = self.shape(array)
        if name == "shape":
            return shape
        size: Any = math.prod(n for n in shape if not isinstance(n, Traced))
        for n in (n for n in shape if isinstance(n, Traced)):
            size = n if isinstance(size, int) and size == 1 else self.machine.binary("*", size, n)
        return size if name == "size" else self.machine.binary("*", size, array.value.itemsize)

    def dimensions(self, primitive: Primitive, array: Box, axis: Any = None) -> Any:
        """`np.shape(array)` or `np.size(array, axis)`."""
        if axis is None:
            return self.attribute(array, primitive.asks)
        primitive.evaluate(strip([array, axis]))  # raises what NumPy raises
        shape = self.shape(array)
        return functools.reduce(operator.mul, [shape[n] for n in (axis if isinstance(axis, tuple) else (axis,))])

    def has_length(self, value: Any) -> bool:
        """Whether the length of a value may be one that is not known."""
        return isinstance(value, Span) or (isinstance(value, Box) and isinstance(value.value, np.ndarray))

    def length(self, value: Any) -> Any:
        """`len(value)` of a range or an array."""
        if isinstance(value, Span):
            return len(value) if value.fixed is not None else self.counted(value.exactly())
        if not value.value.ndim:
            len(value.value)  # raises what Python raises
        return self.shape(value)[0]

    def extreme(self, function: Any, args: tuple[Any, ...]) -> Any:
        """`min` and `max` of numbers: the first of the equal ones, as Python has it."""
        best = args[0]
        for other in args[1:]:
            better = self.machine.compare(">" if function is max else "<", other, best)
            best = self.machine.choose(better, functools.partial(_same, other), functools.partial(_same, best))
        return best

    def trips(self, start: Any, stop: Any, step: Any) -> Any:
        """How many numbers a range has."""
        if not isinstance(start, Traced) and start == 0 and not isinstance(step, Traced) and step == 1:
            return stop
        return self.counted(self.ranged(start, stop, step), ("range", *map(self.numbers.mark, (start, stop, step))))

    def ranged(self, start: Any, stop: Any, step: Any) -> Box:
        box: Box = self.machine.emit_pair(CALL, [range, [start, stop, step], {}], range(0), range(0))
        return box

    def counted(self, numbers: Box, key: Any = None) -> Any:
        """The length of a range."""
        new = self.samples.pairs.number
        first, second = new() if key is None else self.numbers.told(key, new)
        return self.machine.emit_pair(CALL, [len, [numbers], {}], first, second)

    def shorter(self, one: Any, other: Any) -> Any:
        """The smaller of two lengths; the first of two that are known to be equal."""
        pair = [(self.samples.of(v, 0), self.samples.of(v, 1)) for v in (one, other)]
        if pair[0] == pair[1]:
            return one
        if not isinstance(one, Traced) and not isinstance(other, Traced):
            return min(one, other)
        first, second = self.samples.pairs.step()
        return self.machine.emit_pair(CALL, [min, [one, other], {}], first, second)


def _same(value: Any) -> Any:
    return value
