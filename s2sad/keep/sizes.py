"""Sizes and lengths of what is kept: followed numbers where they are not known."""
from __future__ import annotations

import contextlib
import functools
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.ir.writing import Box
from s2sad.keep.iteration import KEPT, Sequence, Span
from s2sad.keep.regions import Regions
from s2sad.keep.samples import Cut, is_whole, part_shape, plain, within
from s2sad.machine import objects
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.rules.language import Primitive
from s2sad.rules.operations import EQUAL, GETITEM, SCATTER
from s2sad.rules.structural import CALL, DIM

ASKS_THE_CLASS = (isinstance, type, hasattr, np.result_type)
OF_ANY_NUMBER = frozenset({"shape", "size", "ndim", "T", "real", "imag"})


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
    numbers: dict[Any, tuple[int, int]]  # the samples of what follows from other numbers, by how it does

    # Parts

    def indexed(self, primitive: Primitive, bound: list[Any], which: int) -> Any:
        """Reading and writing parts: shapes follow from the index, whatever position it names."""
        array, index = self.samples.of(bound[0], which), bound[1]
        if primitive is GETITEM and any(b.value.dtype == np.bool_ for b in traced_in(index) if isinstance(b.value, (np.ndarray, np.bool_))):
            raise CannotKeep("a mask chooses elements: how many depends on values", self.location(), "use np.where")
        if primitive is SCATTER:
            shape = self.samples.of(bound[2], which)
            return plain(np.zeros(shape, np.asarray(array).dtype))
        shape = part_shape(bound[0], index, which, self.samples, functools.partial(self.measured, which))
        if shape is None:
            if any(isinstance(b, Box) and self.samples.differs(b) for b in traced_in(index)):
                raise CannotKeep("an array of indices of unknown length", self.location())
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
            raise CannotKeep("what is written has not the shape of the place it is written to, as far as is known", self.location())
        return plain(array)

    def measured(self, which: int, cut: Cut) -> int | None:
        """How long a part counts as; None where its bounds are taken to be within the axis."""
        self.how.cut = True
        start, stop, step = cut.part.start, cut.part.stop, 1 if cut.part.step is None else cut.part.step
        if self.how.within and not isinstance(step, Traced) and step in (1, -1):
            if which == 0:
                self.cuts.append(cut)
            return None
        less = [0 if v is None else v for v in (start, stop)]
        if not any(isinstance(v, Traced) for v in (*less, step)) and step == 1 and less[0] >= 0 and (stop is None or stop < 0):
            return self.told(("less", cut.lengths, less[0] - less[1]), self.samples.pairs.size)[which]  # whatever end it is taken from
        return self.told(("cut", cut.lengths, *map(self.mark, (start, stop, step))), self.samples.pairs.size)[which]

    # What is told apart

    def told(self, key: Any, new: Callable[[], tuple[int, int]]) -> tuple[int, int]:
        """The pair of samples of an unknown number that follows from others in the way that the key says."""
        if key not in self.numbers:
            self.numbers[key] = new()
        return self.numbers[key]

    def mark(self, value: Any, sizes: bool = False) -> Any:
        """What tells a value apart from others: the samples of a whole number, or what it is; with `sizes` those of an array."""
        if isinstance(value, (list, tuple)):
            return (type(value), *(self.mark(v, sizes) for v in value))
        if isinstance(value, slice):
            return (slice, *(self.mark(v, sizes) for v in (value.start, value.stop, value.step)))
        one, other = strip(value), self.samples.of(value, 1)
        if sizes and isinstance(one, np.ndarray):
            return (one.shape, other.shape)
        if isinstance(value, Box):
            return ((type(one), one, other) if is_whole(one) and one != other else value.var)
        self.alive.append(value)
        return (type(value), value) if isinstance(value, (int, float, str, np.generic)) else id(value)

    def apart(self, primitive: Primitive, bound: list[Any], results: tuple[Any, Any]) -> tuple[Any, Any]:
        """The samples of a result, those of whole numbers and of sizes exchanged for ones that no other number has.

        Unless it is a sum or a product of others: what is the smaller one of two numbers, or a remainder, at both points at which it is
        asked need not be so at others.
        """
        if primitive.affine and not any(isinstance(b.value, (bool, np.bool_)) for b in traced_in(bound)):
            return results
        shapes = primitive.piecewise
        return self._apart(results, (primitive.name, *(self.mark(b, shapes) for b in bound)), shapes)

    def _apart(self, results: tuple[Any, Any], key: Any, shapes: bool) -> tuple[Any, Any]:
        one, other = results
        if type(one) in (list, tuple):
            parts = [self._apart(pair, (key, k), shapes) for k, pair in enumerate(zip(one, other, strict=True))]
            return type(one)(a for a, _ in parts), type(one)(b for _, b in parts)
        if is_whole(one):
            with contextlib.suppress(OverflowError):  # of a narrow kind
                one, other = (type(one)(n) for n in self.told(key, self.samples.pairs.number))
        elif shapes and isinstance(one, np.ndarray):
            pairs = [pair if pair[0] == pair[1] else self.told((key, axis), self.samples.pairs.size)
                     for axis, pair in enumerate(zip(one.shape, other.shape, strict=True))]  # fmt: skip
            one, other = (plain(np.broadcast_to(np.zeros((), one.dtype), tuple(pair[k] for pair in pairs))) for k in (0, 1))
        return one, other

    def check_cuts(self, bound: list[Any], part: Any = None) -> None:
        """Guard the lengths of parts whose bounds are taken to be within the axis. A pullback takes parts of what has the same shape."""
        array, index = bound[:2]
        cuts, self.cuts = self.cuts, []
        for cut in cuts if not self.phase else ():
            done = ("cut", array.var, cut.axis, self.operand(cut.part.start), self.operand(cut.part.stop), self.operand(cut.part.step))
            if done in self._decided:
                continue
            self._decided.add(done)
            self.remember(done, len(self.blocks) - 1)
            if part is None:
                part = self.emit_pair(GETITEM, [array, index], *(self.indexed(GETITEM, bound, k) for k in (0, 1)))
            sizes = part.value.shape[cut.place], self.samples.of(part, 1).shape[cut.place]
            length = self.emit_pair(DIM, [self.fixed(part), cut.place], *sizes)
            if sizes[0] == sizes[1]:
                self.guard("equals", length, sizes[0])
            else:
                self.guard("truth", self.apply(EQUAL, [length, self.span(array, cut)]), True)

    def span(self, array: Any, cut: Cut) -> Any:
        """How long a part is whose bounds lie within the axis."""
        n, part = self.shape(array)[cut.axis], cut.part
        first, end = (0, n) if part.step in (None, 1) else (self.binary("-", n, 1), -1)
        start, stop = (default if at is None else self.binary("+", at, n) if strip(at) < 0 else at
                       for at, default in ((part.start, first), (part.stop, end)))  # fmt: skip
        if part.step == -1:
            start, stop = stop, start
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

    def refuse_loose(self, value: Any) -> None:
        """A number that is an int on one way, say, and a float on another has no known class, nor has an array of it a dtype."""
        if self.is_loose(value):
            raise CannotKeep("of which class a number is depends on the way that was taken", self.location(), 'use control="record"')

    def number_attribute(self, owner: Traced, name: str) -> Any:
        if name not in OF_ANY_NUMBER:
            self.refuse_loose(owner)
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
        kept = KEPT.get(objects.hashable(function))
        if kept is not None:
            return kept(self, *args, **kwargs)
        if args and any(function is asks for asks in ASKS_THE_CLASS):
            self.refuse_loose(args[0])
        if function is len and len(args) == 1 and isinstance(args[0], Span):
            return len(args[0]) if args[0].fixed is not None else self.counted(args[0].exactly())
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
        return self.counted(self.ranged(start, stop, step), ("range", *map(self.mark, (start, stop, step))))

    def ranged(self, start: Any, stop: Any, step: Any) -> Box:
        box: Box = self.emit_pair(CALL, [range, [start, stop, step], {}], range(0), range(0))
        return box

    def counted(self, numbers: Box, key: Any = None) -> Any:
        """The length of a range."""
        first, second = self.samples.pairs.number() if key is None else self.told(key, self.samples.pairs.number)
        return self.emit_pair(CALL, [len, [numbers], {}], first, second)

    def attribute(self, owner: Any, name: str) -> Any:
        return owner.asked(name) if isinstance(owner, Sequence) else super().attribute(owner, name)

    def compare(self, symbol: str, left: Any, right: Any) -> Any:
        if not isinstance(left, Sequence) and not isinstance(right, Sequence):
            return super().compare(symbol, left, right)
        function: Any = {"==": operator.eq, "!=": operator.eq, "in": operator.contains, "not in": operator.contains}.get(symbol)
        sides = (right, left) if function is operator.contains else (left, right)
        shown = [s.exactly() if isinstance(s, Span) else s for s in sides]
        if function is None or any(isinstance(s, (Sequence, np.ndarray)) for s in map(strip, shown)):
            raise CannotKeep("a comparison with what a loop runs over, whose length is not known", self.location(), 'use control="record"')
        answer = self.emit_pair(CALL, [function, shown, {}], True, True)
        return self.negated(answer) if symbol in ("!=", "not in") else answer

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
