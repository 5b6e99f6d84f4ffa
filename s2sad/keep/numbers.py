"""Whole numbers and sizes that are not known, told apart by what they follow from."""
from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.ir.writing import Box
from s2sad.keep.samples import Samples, is_whole, plain
from s2sad.machine.traced import strip, traced_in
from s2sad.rules.language import Primitive


class Numbers:
    """The samples of numbers that follow from others, by how they do: the same way gives the same number, another way another one.

    `told` gives them, `mark` is what a way is named by, `apart` exchanges what an operation gives on samples. Nothing is asked of the
    machine.
    """

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self.pairs: dict[Any, tuple[int, int]] = {}
        self.alive: list[Any] = []  # what marks name by its id

    def told(self, key: Any, new: Callable[[], tuple[int, int]]) -> tuple[int, int]:
        """The pair of samples of an unknown number that follows from others in the way that the key says."""
        if key not in self.pairs:
            self.pairs[key] = new()
        return self.pairs[key]

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
