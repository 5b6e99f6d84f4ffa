"""Whether writes that are sure to happen reach all elements of an array together: edges and the inner part, or rows in a loop.

    reached(write, found.laps, 1)           # the places along each axis that a write reaches, with the loops in the body of a loop run to
                                            # their ends; None where it cannot be told that all of these are reached
    covered(parts, shape)                   # whether such parts are all of an array

What is said of a part is no more than what is written. So a part that cannot be described, in a branch, by an array of numbers, in a loop
that may end early, counts for nothing. That holds for all sizes: a loop without steps reaches the places from `first` up to `first`.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from s2sad.ir.footprints import Access
from s2sad.ir.order import Lap
from s2sad.ir.program import Loop, Region
from s2sad.ir.spans import Span
from s2sad.types.equations import mentions
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, Whole, at_least_zero, with_sizes

MOST = 64  # rests that are looked at

Part = tuple[Span, ...]
Between = tuple[tuple[Whole, ...], tuple[Whole, ...]]
"""The places of an axis that are not below any of the first and below each of the second."""
Rest = tuple[Between, ...]


def covered(parts: Iterable[Part], shape: tuple[Whole, ...]) -> bool:
    """Whether each element is in one of the parts."""
    rests: list[Rest] = [tuple(((0,), (n,)) for n in shape)]
    for part in parts:
        rests = [left for rest in rests for left in _without(rest, part)]
        if len(rests) > MOST:
            return False
    return not rests


def _without(rest: Rest, part: Part) -> Iterator[Rest]:
    """What is left of a rest without a part: what lies before it or behind it along one of the axes."""
    axes = list(zip(rest, part, strict=True))
    if any(_is_empty((*lows, span.first), highs) or _is_empty(lows, (*highs, span.stop)) for (lows, highs), span in axes):
        yield rest
        return
    for axis, ((lows, highs), span) in enumerate(axes):
        for between in ((lows, (*highs, span.first)), ((*lows, span.stop), highs)):
            if not _is_empty(*between):
                yield (*rest[:axis], between, *rest[axis + 1 :])


def _is_empty(lows: tuple[Whole, ...], highs: tuple[Whole, ...]) -> bool:
    return any(at_least_zero(low - high) for low in lows for high in highs)


def reached(access: Access, laps: Mapping[Loop, Lap], depth: int) -> Part | None:
    """The places that are reached for sure, in a step of the outermost regions, of which there are so many."""
    spans = access.spans
    if spans is None or not all(span is not None and span.exact for span in spans):
        return None
    part: Part | None = spans  # type: ignore[assignment]
    for region in reversed(access.place.regions[depth:]):
        part = None if part is None else _in_all_steps(part, region, laps)
    return part


def _in_all_steps(part: Part, region: Region, laps: Mapping[Loop, Lap]) -> Part | None:
    """What all steps of a loop reach together, of which each reaches a part."""
    if not isinstance(region, Loop) or region.index is None or region.exits or region.test is not None:
        return None
    symbol, by = laps[region].numbers.get(region.index, (None, 0))
    if symbol is None or abs(by) != 1 or symbol.low is None or symbol.high is None:
        return None
    moving = [span for span in part if mentions(span.first, symbol) or mentions(span.stop, symbol)]
    if not moving and at_least_zero(symbol.high - symbol.low):
        swept: Part | None = part
    elif len(moving) == 1:
        whole = _swept(moving[0], symbol)
        swept = None if whole is None else tuple(whole if span is moving[0] else span for span in part)
    else:
        return None
    return swept if swept is not None and all(_is_known(bound, laps[region].known) for s in swept for bound in (s.first, s.stop)) else None


def _swept(span: Span, symbol: Symbol) -> Span | None:
    """The places that spans name together which move evenly and leave none out. Without steps it is none."""
    by, width = _along(span.first, symbol), span.stop - span.first
    if not by or isinstance(width, Size) or width < abs(by):
        return None
    first, last = (with_sizes(span.first, {symbol: bound}) for bound in (symbol.low, symbol.high)[:: 1 if by > 0 else -1])
    return Span(first, last + abs(by), exact=True)


def _along(size: Whole, symbol: Symbol) -> int | None:
    """How far a size goes on where the symbol does by one; None where it goes on unevenly."""
    if not isinstance(size, Size):
        return 0
    by = sum(factor for term, factor in size.terms if term == (symbol,))
    return None if mentions(size - by * Size.of(symbol), symbol) else by


def _is_known(size: Whole, known: frozenset[Symbol]) -> bool:
    """Whether a size is the same in each step, or after them."""
    if not isinstance(size, Size):
        return True
    return all(s in known or (s.operands and all(_is_known(o, known) for o in s.operands)) for s in size.symbols())
