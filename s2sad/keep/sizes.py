"""Sizes and lengths of what is kept: followed numbers where they are not known."""
from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np

from s2sad.ir.writing import Box
from s2sad.keep.deciding import Deciding
from s2sad.keep.iteration import KEPT, Span
from s2sad.machine import calls
from s2sad.machine.traced import Traced, strip
from s2sad.rules.language import BY_NAME, Primitive
from s2sad.rules.operations import EQUAL, SUMMED_TO
from s2sad.rules.structural import CALL, DIM
from s2sad.runtime.functions import unbroadcast
from s2sad.types.questions import Undecided
from s2sad.types.sizes import Size, is_whole, larger, same, smaller

ATTRIBUTES = ("shape", "size", "nbytes")


class Sizes:
    """What is asked about sizes: the shape of an array, the length of what a loop runs over, the smaller of two lengths.

    A size that is not known is a number that the code asks for: the machine writes the question down. The types say which are known, and
    where an array from outside has such a size.
    """

    def __init__(self, machine: Any, deciding: Deciding) -> None:
        self.machine, self.deciding = machine, deciding

    def extent(self, box: Box, axis: int, size: Any) -> Any:
        """The size along an axis, asked of an array from outside all blocks if one has it."""
        of, at = self.machine.fixed(box), axis
        if self.machine.blocks.depth_of(box.var) and size.symbol in self.deciding.symbols.places:
            other, its_axis = self.deciding.symbols.places[size.symbol]
            if its_axis is not None and not self.machine.blocks.depth_of(other.var):
                of, at = other, its_axis
        if size.symbol is not None:
            self.deciding.symbols.place(size.symbol, of, at)
        return self.machine.emit_typed(DIM, [of, at], size)

    def guard_number(self, box: Box, axis: int, number: int) -> None:
        """The path holds for this size of an array from outside."""
        asked = self.machine.emit_typed(DIM, [self.machine.fixed(box), axis], number)
        self.machine.guard("truth", self.machine.emit_typed(EQUAL, [asked, number], True), True)

    def shape(self, value: Any) -> tuple[Any, ...]:
        """The shape of an array, with a followed number for each dimension that is not known."""
        if not isinstance(value, Box):
            return np.shape(value)
        sizes = self.deciding.shape(np.shape(value.value))
        return tuple(self.extent(value, axis, n) if isinstance(n, Size) else n for axis, n in enumerate(sizes))

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
        np.shape(np.zeros((1,) * array.value.ndim))[axis]  # raises what NumPy raises
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
        length = self.deciding.normal(value.value.shape[0])
        return self.extent(value, 0, length) if isinstance(length, Size) else length

    def extreme(self, function: Any, args: tuple[Any, ...]) -> Any:
        """`min` and `max` of numbers: the first of the equal ones, as Python has it. In a rule they are of sizes."""
        if self.machine.formulas and all(is_whole(strip(a)) for a in args):
            return functools.reduce(lambda one, other: self.extreme_size(function.__name__, one, other), args)
        best = args[0]
        for other in args[1:]:
            better = self.machine.compare(">" if function is max else "<", other, best)
            best = self.machine.choose(better, functools.partial(_same, other), functools.partial(_same, best))
        return best

    def extreme_size(self, name: str, one: Any, other: Any) -> Any:
        sizes = [self.deciding.normal(s) for s in strip([one, other])]
        found = self.deciding.normal((smaller if name == "min" else larger)(*sizes))
        if not isinstance(found, Size):
            return found
        known = (v for v, size in zip((one, other), sizes, strict=True) if same(size, found))
        return next(known, None) or self.operation(name, [one, other])

    def trips(self, start: Any, stop: Any, step: Any) -> Any:
        """How many numbers a range has."""
        if not isinstance(start, Traced) and start == 0 and not isinstance(step, Traced) and step == 1:
            return stop
        return self.counted(self.ranged(start, stop, step), ranged_length(*strip((start, stop, step))))

    def ranged(self, start: Any, stop: Any, step: Any) -> Box:
        box: Box = self.machine.emit_typed(CALL, [range, [start, stop, step], {}], range(0))
        return box

    def counted(self, numbers: Box, length: Any = None) -> Any:
        """The length of a range."""
        if length is None:
            length = self.deciding.symbols.size(self.deciding.symbols.symbol("the length of a range", None, 0))
        return self.machine.emit_typed(CALL, [len, [numbers], {}], length)

    def shorter(self, one: Any, other: Any) -> Any:
        """The smaller of two lengths; the first of two that are known to be equal."""
        lengths = [self.deciding.normal(strip(v)) for v in (one, other)]
        if same(*lengths):
            return one
        if not isinstance(one, Traced) and not isinstance(other, Traced):
            return min(one, other)
        return self.operation("min", [one, other])

    def operation(self, name: str, operands: list[Any]) -> Any:
        """What an operation that makes no polynomial gives, in the code."""
        if name in ("min", "max"):
            length = (smaller if name == "min" else larger)(*strip(operands))
            return self.machine.emit_typed(CALL, [min if name == "min" else max, operands, {}], length)
        return self.machine.perform(BY_NAME[name], operands)


def _same(value: Any) -> Any:
    return value


def ranged_length(start: Any, stop: Any, step: Any) -> Any:
    """How many numbers a range has, as a size; None where the step is not known."""
    if isinstance(step, Size) or step == 0:
        return None
    span = larger(0, stop - start if step > 0 else start - stop)
    return span if abs(step) == 1 else (span + (abs(step) - 1)) // abs(step)


def undone(machine: Any, array: Any, shape: Any) -> Any:
    """The transpose of broadcasting. Where only the run knows along which axes, it is one operation."""
    try:
        for n, m in zip(reversed(strip(shape)), reversed(np.shape(strip(array))), strict=False):
            _ = n == m or n == 1
    except Undecided:
        return machine.perform(SUMMED_TO, [array, shape])
    return calls.dispatch(machine, unbroadcast, (array, shape), {})


KEPT[unbroadcast] = undone
