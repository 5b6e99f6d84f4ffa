"""Sizes and lengths of what is kept: followed numbers where they are not known."""
from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from s2sad.capture import CALL
from s2sad.keep_iter import KEPT
from s2sad.regions import Regions
from s2sad.samples import DIM
from s2sad.traced import Traced
from s2sad.writing import Box


class Sizes(Regions):
    """The part of keeping that answers questions about sizes."""

    witnesses: dict[tuple[int, int], tuple[Box, int]]

    def extent(self, box: Box, axis: int | None) -> Any:
        if axis is None:
            return box
        sizes = (box.value.shape[axis], self.samples.of(box, 1).shape[axis])
        of, at = self.fixed(box), axis
        if self.depths.get(box.var, 0) == 0:
            self.witnesses.setdefault(sizes, (of, at))
        else:
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
