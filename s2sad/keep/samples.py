"""Values that stand for any value of a type: what a block computes is walked once on them.

A recording holds the real values of a call. Code that keeps its control flow serves calls that are not known yet, so each value is a pair
of samples, and whatever shape or number comes out the same from both does not depend on what is unknown: a dimension of the sizes 31
and 53 is one that may be any. Distinct unknown numbers get distinct pairs, so `n - 1` and `n - i - 1` are told apart, and two ways to
the same number are not. That no sample has found its way into the code is confirmed by compiling twice, with other samples.
"""
from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.ir.writing import Box
from s2sad.machine.traced import Traced, strip
from s2sad.rules.facts import ELEMENTS
from s2sad.rules.language import Primitive
from s2sad.runtime.notices import ignoring

LARGEST = 131  # a size beyond those of the samples
LARGE = 4096  # elements from which on a sample is left at zero
BEYOND = 1000  # how much longer than a known axis it is taken to be where a part of unknown length is named


def primes(start: int) -> Iterator[int]:
    return (n for n in itertools.count(start) if all(n % d for d in range(2, int(n**0.5) + 1)))


def _pairs(first: int, second: int) -> Iterator[tuple[int, int]]:
    """Pairs in which the larger number grows faster, so that the difference of any two does not look known.

    Where the larger one comes first it is even, else both are odd: what holds for odd numbers alone is not taken for a rule.
    """
    small, large = primes(min(first, second)), max(first, second)
    before = next(small)
    yield (before, large) if first < second else (large + 1, before)
    for one in small:
        large = next(primes(large + 2 * (one - before) + 1))
        before = one
        yield (one, large) if first < second else (large + 1, one)


class Pairs:
    """Where pairs of samples for unknown whole numbers come from; `series` chooses other ones for a second compilation."""

    def __init__(self, series: int) -> None:
        self._sizes = _pairs(*((31, 53), (67, 37))[series])
        self._numbers = _pairs(*((11, 19), (23, 13))[series])
        self._steps = _pairs(*((2, 5), (7, 3))[series])

    def size(self) -> tuple[int, int]:
        """For a dimension."""
        return next(self._sizes)

    def number(self) -> tuple[int, int]:
        """For a number from outside: smaller, so that it is a place in what has the size of a dimension."""
        return next(self._numbers)

    def step(self) -> tuple[int, int]:
        """For a number that changes in a loop: smaller again."""
        return next(self._steps)


def plain(value: Any) -> Any:
    """A sample of the type and shape of a value, whatever numbers it holds; whole numbers stay."""
    if isinstance(value, np.ndarray):
        filling = {"f": 0.5, "c": 0.5 + 0.25j, "b": True}.get(value.dtype.kind, 0)
        if value.size > LARGE:
            return np.zeros(value.shape, value.dtype)  # whose memory is not touched
        return np.full(value.shape, filling, value.dtype)
    if isinstance(value, np.generic) and value.dtype.kind in "fc":
        return value.dtype.type(0.5)
    if isinstance(value, float) and type(value) is float:
        return 0.5
    return 0.5 + 0.25j if type(value) is complex else value


def varied(value: Any, scalar: float, whole: int) -> Any:
    """The sample with other numbers, for operations that raise on the first ones."""
    if isinstance(value, (np.ndarray, np.generic)):
        filling = {"f": scalar, "c": scalar, "b": True}.get(value.dtype.kind, whole)
        return np.full(value.shape, filling, value.dtype) if isinstance(value, np.ndarray) else value.dtype.type(filling)
    if type(value) is float:
        return scalar
    return whole if type(value) is int else value


def kind_of(value: Any) -> Any:
    return (np.ndarray, value.dtype, value.ndim) if isinstance(value, np.ndarray) else type(value)


class Samples:
    """The second sample of each variable, beside the first one in its box."""

    def __init__(self, series: int) -> None:
        self.pairs = Pairs(series)
        self.second: dict[Any, Any] = {}

    def of(self, value: Any, which: int) -> Any:
        """The plain value with the first or the second samples in it."""
        if which == 0:
            return strip(value)
        if isinstance(value, Box):
            return self.second.get(value.var, value.value)
        if isinstance(value, Traced):
            return value.value
        kind = type(value)
        if kind is list or kind is tuple:
            return kind([self.of(v, which) for v in value])
        if kind is dict:
            return {k: self.of(v, which) for k, v in value.items()}
        if kind is slice:
            return slice(*(self.of(p, which) for p in (value.start, value.stop, value.step)))
        return value

    def differs(self, value: Any) -> bool:
        """Whether the samples of a value show that something about its type or number is unknown."""
        one, other = strip(value), self.of(value, 1)
        return one is not other and not _agree(one, other)

    def evaluate(self, primitive: Primitive, bound: list[Any]) -> tuple[Any, Any]:
        """The results of an operation on both samples, made plain."""
        first = _attempt(primitive, self.of(bound, 0))
        second = _attempt(primitive, self.of(bound, 1)) if self.differs(bound) else first
        return first, second


    def follows(self, primitive: Primitive, bound: list[Any], results: tuple[Any, Any]) -> bool:
        """Whether sizes of a result that are those of arguments, or are known, stay so where the smallest size is the largest, or one.

        `np.diagonal` of n rows and m columns has n elements in both samples if n < m in both; `np.squeeze` has an axis less where n is one.
        """
        one, other = self.of(bound, 0), self.of(bound, 1)
        sizes, numbers = sorted(set(_unknown(one, other, False))), sorted(set(_unknown(one, other, True)))
        found = list(_pairs_of(*results))
        if not (numbers or sizes) or not any(a == b or (a, b) in sizes for a, b in found):
            return True
        both = sorted({*sizes, *numbers})
        turned = dict(zip(sizes, (a for a, _ in reversed(sizes)), strict=True))
        others = [turned, dict(zip(both, (a for a, _ in reversed(both)), strict=True))]
        others += [turned | dict.fromkeys(numbers, n) for n in (0, 1)] if numbers else []
        others += [{**{pair: pair[0] for pair in sizes}, size: n} for size in sizes for n in (1, LARGEST)]
        return all(self.follow(primitive, (one, other), found, turned) for turned in others)

    def follow(self, primitive: Primitive, bound: tuple[Any, Any], found: list[tuple[int, int]], sizes: dict[tuple[int, int], int]) -> bool:
        with np.errstate(all="ignore"), ignoring(Warning):
            try:
                arguments = _exchanged(*bound, sizes)
                refuse_large(primitive, arguments)
                third = result_of(primitive, arguments)
            except Exception:
                return True  # these sizes do not go together
        shown = [c for c, _ in _pairs_of(third, third)]
        return len(shown) == len(found) and all(c == sizes.get((a, b), a if a == b else c) for (a, b), c in zip(found, shown, strict=True))


def _pairs_of(one: Any, other: Any) -> Iterator[tuple[int, int]]:
    """The pairs of samples of the sizes of arrays."""
    if isinstance(one, np.ndarray):
        yield from zip(one.shape, other.shape, strict=True)
    elif type(one) in (list, tuple):
        for a, b in zip(one, other, strict=True):
            yield from _pairs_of(a, b)


def _unknown(one: Any, other: Any, numbers: bool) -> Iterator[tuple[int, int]]:
    """The pairs of samples, of sizes or of whole numbers, that are not known."""
    if type(one) in (list, tuple):
        for a, b in zip(one, other, strict=True):
            yield from _unknown(a, b, numbers)
    elif not numbers:
        yield from ((a, b) for a, b in _pairs_of(one, other) if a != b)
    elif _whole(one) and one != other:
        yield one, other


def _exchanged(one: Any, other: Any, sizes: dict[tuple[int, int], int]) -> Any:
    """A sample with these numbers in place of the pairs."""
    if isinstance(one, np.ndarray):
        shape = tuple(sizes.get(pair, pair[0]) for pair in zip(one.shape, other.shape, strict=True))
        return plain(np.broadcast_to(np.zeros((), one.dtype), shape))
    if type(one) in (list, tuple):
        return type(one)(_exchanged(a, b, sizes) for a, b in zip(one, other, strict=True))
    return type(one)(sizes.get((one, other), one)) if _whole(one) else one


def _agree(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return bool(one.shape == other.shape)
    if type(one) in (list, tuple) and type(one) is type(other):
        return len(one) == len(other) and all(map(_agree, one, other))
    if type(one) is dict and type(other) is dict:
        return all(map(_agree, one.values(), other.values()))
    if type(one) is slice and type(other) is slice:
        return _agree((one.start, one.stop, one.step), (other.start, other.stop, other.step))
    if isinstance(one, (int, np.integer)) and not isinstance(one, bool):
        return bool(one == other)
    return True


def _attempt(primitive: Primitive, arguments: list[Any]) -> Any:
    """The result on these samples, or on others of the same types where the operation raises on these."""
    refuse_large(primitive, arguments)
    with np.errstate(all="ignore"), ignoring(Warning):
        try:
            return result_of(primitive, arguments)
        except Exception as error:
            reason = error
        with contextlib.suppress(Exception):
            return primitive.evaluate([_regular(a) for a in arguments])
        for scalar, whole in ((0.5, 1), (1.5, 0), (1.5, 2), (1.0, 3)):
            try:
                return primitive.evaluate([varied(a, scalar, whole) for a in arguments])
            except Exception:
                continue
    raise CannotKeep(f"what {primitive.name} gives cannot be told from the types of its arguments ({reason})")


def result_of(primitive: Primitive, arguments: list[Any]) -> Any:
    """What an operation gives on samples, or what has the same type and shape and takes less work."""
    return (primitive.sample or primitive.evaluate)(arguments)


def refuse_large(primitive: Primitive, arguments: list[Any]) -> None:
    """Refuse an operation whose result on samples would fill the memory, where that shows beforehand."""
    arrays = [a for a in arguments if isinstance(a, np.ndarray)]
    if len(arrays) < 2:
        return
    size = 0
    if primitive.kind == "elementwise":
        with contextlib.suppress(ValueError):
            size = math.prod(np.broadcast_shapes(*(a.shape for a in arrays)))
    elif primitive.outer:
        size = math.prod(a.size for a in arrays)
    if size > ELEMENTS:
        raise CannotKeep(f"what {primitive.name} gives has too many dimensions that are not known", None, 'use control="record"')


def _regular(value: Any) -> Any:
    """A sample of a square matrix as one that has an inverse, and is positive definite."""
    square = isinstance(value, np.ndarray) and value.dtype.kind in "fc" and value.ndim > 1 and value.shape[-1] == value.shape[-2]
    return value + np.eye(value.shape[-1], dtype=value.dtype) if square else value


@dataclass(frozen=True)
class Cut:
    """A part along one axis whose length depends on where its bounds lie: the axis of the array and its length, the axis of the part."""

    axis: int
    lengths: tuple[int, int]
    place: int
    part: Any


def part_shape(array: Any, index: Any, which: int, samples: Samples, measured: Callable[[Cut], int | None] = lambda cut: None
               ) -> tuple[int, ...] | None:  # fmt: skip
    """The shape of `array[index]` for a basic index whose numbers are samples; None for any other index.

    `measured` says how long a cut is; of those that it gives None for, the bounds are taken to be within the axis.
    """
    items = list(index) if isinstance(index, tuple) else [index]
    plain_items = [samples.of(i, which) for i in items]
    if not all(i is None or i is Ellipsis or isinstance(i, slice) or _whole(i) for i in plain_items):
        return None
    shape, other = samples.of(array, which).shape, samples.of(array, 1 - which).shape
    missing = len(shape) - sum(i is not None and i is not Ellipsis for i in plain_items)
    if missing < 0:
        raise CannotKeep("too many indices")
    if not any(i is Ellipsis for i in plain_items):
        items, plain_items = [*items, Ellipsis], [*plain_items, Ellipsis]
    answer: list[int] = []
    axes = iter(enumerate(zip(shape, other, strict=True)))
    for item, each in zip(items, plain_items, strict=True):
        if each is None:
            answer.append(1)
        elif each is Ellipsis:
            answer += [next(axes)[1][0] for _ in range(missing)]
        elif isinstance(each, slice):
            axis, (length, elsewhere) = next(axes)
            if samples.differs(item) or (length != elsewhere and not _is_whole_axis(each)):
                own = measured(Cut(axis, (length, elsewhere) if which == 0 else (elsewhere, length), len(answer), item))
                if own is None:
                    own = _length(each, length + BEYOND * (which + 1) if length == elsewhere else length)
                answer.append(own)
            else:
                answer.append(len(range(*each.indices(length))))
        else:
            next(axes)
    return tuple(answer)


def _is_whole_axis(part: slice) -> bool:
    return part.step in (None, 1, -1) and part.stop is None and (part.start is None or (part.start == 0 and part.step != -1))


def _length(part: slice, axis: int) -> int:
    """How many elements a part between bounds that are not known has, the bounds taken to be within the axis."""
    step = 1 if part.step is None else part.step
    start, stop = ((0, axis) if step > 0 else (axis - 1, -1)) if step else (0, 0)
    start = start if part.start is None else part.start + axis if part.start < 0 else part.start
    stop = stop if part.stop is None else part.stop + axis if part.stop < 0 else part.stop
    if not 0 <= start <= axis or not -1 <= stop <= axis or (stop - start) * step <= 0:
        raise CannotKeep("how long a part of an array is depends on where its bounds lie", None, 'use control="record"')
    return len(range(start, stop, step))


def is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    return value.ndim == 0 and value.dtype.kind in "iu" if isinstance(value, np.ndarray) else is_whole(value)


def within(value: Any) -> Any:
    """An index whose whole numbers name an element of any array that is not empty."""
    if isinstance(value, tuple):
        return tuple(within(v) for v in value)
    if _whole(value):
        return 0
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return np.zeros_like(value)
    return value
