"""Which places of an array an index names, and whether two indices name none in common.

Nobody is asked: where it cannot be told, they may.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Const, Display, Operand, Var
from s2sad.quickly import dataclass
from s2sad.types.indexing import is_mask
from s2sad.types.sizes import Size, Whole, at_least_zero, is_whole

SizeOf = Callable[[Var], Whole | None]
Facts = tuple[Whole, ...]
"""Sizes that are not negative where something is read or written, as conditions say."""


@dataclass(frozen=True)
class Span:
    """The places `first`, `first + step`, ... of an axis, below `stop`. It may be more than what is named, but where it is `exact`: all
    places from the first one on that the axis has."""

    first: Whole
    stop: Whole
    step: int = 1
    exact: bool = False

    def of(self, change: Callable[[Whole], Whole]) -> Span:
        """The span with its sizes changed."""
        return Span(change(self.first), change(self.stop), self.step, self.exact)


Spans = tuple[Span | None, ...]
"""A span for each axis; None for one of which any place may be named. None in place of all: any element may be."""


def not_negative(size: Whole, facts: Facts = ()) -> bool:
    """Whether a size is not negative, by the bounds of its symbols or by what is known to be not negative as well."""
    return at_least_zero(size) or any(at_least_zero(size - fact) for fact in facts)


def facts_of(kind: str, size: Whole, holds: bool) -> Facts:
    """The sizes that are not negative where it is so, or is not so, that a size is zero or negative."""
    if kind == "negative":
        return (-size - 1,) if holds else (size,)
    if holds:
        return (size, -size)
    return (size - 1,) if at_least_zero(size) else (-size - 1,) if at_least_zero(-size) else ()


def spans(index: Operand, shape: tuple[Whole, ...], size_of: SizeOf, facts: Facts = ()) -> Spans | None:
    """The places that an index names, along each axis."""
    entries = _spelt_out(items(index), len(shape))
    if entries is None:
        return None
    return tuple(_span(entry, n, size_of, facts) for entry, n in zip(entries, shape, strict=True))


def items(index: Operand) -> tuple[Operand, ...]:
    """What an index consists of."""
    if isinstance(index, Display) and index.kind is tuple:
        return index.items
    if isinstance(index, Const) and isinstance(index.value, tuple):
        return tuple(map(Const, index.value))
    return (index,)


def apart(one: Spans | None, other: Spans | None, facts: Facts = ()) -> bool:
    """Whether no element is in both."""
    return one is not None and other is not None and any(_apart(a, b, facts) for a, b in zip(one, other, strict=True))


def _apart(one: Span | None, other: Span | None, facts: Facts) -> bool:
    if one is None or other is None:
        return False
    return not_negative(other.first - one.stop, facts) or not_negative(one.first - other.stop, facts) or _in_between(one, other)


def _in_between(one: Span, other: Span) -> bool:
    """Whether the places of one lie between those of the other, as even and odd numbers do."""
    difference = one.first - other.first
    terms = difference.terms if isinstance(difference, Size) else (((), int(difference)),)
    common = math.gcd(one.step, other.step, *(factor for term, factor in terms if term))
    return common > 1 and any(not term and factor % common for term, factor in terms)


# Indices


def _spelt_out(entries: tuple[Operand, ...], rank: int) -> list[Operand] | None:
    """One entry for each axis; None where an entry chooses in another way."""
    found = [e for e in entries if not _is(e, None)]
    if not all(map(_is_plain, found)):
        return None
    missing = rank - sum(not _is(e, Ellipsis) for e in found)
    at = next((k for k, e in enumerate(found) if _is(e, Ellipsis)), len(found))
    return None if missing < 0 else [*found[:at], *[Const(slice(None))] * missing, *found[at + 1 :]]


def _is(entry: Operand, value: Any) -> bool:
    return isinstance(entry, Const) and entry.value is value


def _is_plain(entry: Operand) -> bool:
    """Whether an entry is of one axis: a number, a slice, or an array of numbers."""
    if isinstance(entry, Var):
        kind = entry.type.dtype.type if isinstance(entry.type, ArrayType) else entry.type
        return isinstance(kind, type) and issubclass(kind, (int, np.integer)) and kind is not bool
    if isinstance(entry, Display):
        return entry.kind is slice
    return entry.value is Ellipsis or isinstance(entry.value, slice) or (is_whole(entry.value) and not is_mask(entry.value))


def is_place(entry: Operand) -> bool:
    """Whether an entry of an index is one number."""
    return is_whole(entry.value) if isinstance(entry, Const) else isinstance(entry, Var) and not isinstance(entry.type, ArrayType)


def is_everything(entry: Operand) -> bool:
    """Whether an entry of an index is a whole axis as it is."""
    return all(bound is None for bound in bounds(entry)) if is_slice(entry) else False


def is_slice(entry: Operand) -> bool:
    """Whether an entry of an index is a slice."""
    return (isinstance(entry, Display) and entry.kind is slice) or (isinstance(entry, Const) and isinstance(entry.value, slice))


def bounds(entry: Operand) -> Iterator[Operand | None]:
    """Start, stop and step of a slice."""
    if isinstance(entry, Display):
        yield from (None if _is(each, None) else each for each in entry.items)
    elif isinstance(entry, Const):
        yield from (None if v is None else Const(v) for v in (entry.value.start, entry.value.stop, entry.value.step))


def _span(entry: Operand, n: Whole, size_of: SizeOf, facts: Facts) -> Span | None:
    if not is_slice(entry):
        place = _within(entry, n, size_of, facts)
        return None if place is None else Span(place, place + 1, 0, exact=True)
    start, stop, step = bounds(entry)
    if step is not None and not isinstance(step, Const):
        return None
    width = 1 if step is None else int(step.value)
    first, last = (None if b is None else _within(b, n, size_of, facts) for b in (start, stop))
    exact = abs(width) == 1 and (start is None) == (first is None) and (stop is None) == (last is None)
    if width < 0:  # from the start downwards; where it begins may be cut to the axis
        return Span(0 if last is None else last + 1, n if first is None else first + 1, exact=exact)
    whole_steps = start is None or (first is not None and not_negative(first, facts))
    return Span(0 if first is None else first, n if last is None else last, width if whole_steps else 1, exact)


def _within(operand: Operand, n: Whole, size_of: SizeOf, facts: Facts) -> Whole | None:
    """The place that a number names, counted from the beginning of the axis; None where that is not known."""
    if isinstance(operand, Var):
        number = None if isinstance(operand.type, ArrayType) else size_of(operand)
    else:
        number = operand.value if isinstance(operand, Const) and is_whole(operand.value) else None
    if number is None:
        return None
    if not_negative(number, facts) or at_least_zero(number - n + 1):  # the latter is the last place of the axis, if it has one
        return number
    return n + number if not_negative(-number - 1, facts) else None
