"""What may happen after what: places in a list with loops and branches, and the numbers that may be others in a later step."""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from s2sad.ir.program import UNKNOWN, Loop, Operand, Region, Var
from s2sad.quickly import dataclass
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, Whole, at_least_zero, derived, is_whole, same, with_sizes

Renaming = Callable[[Whole], Whole]


@dataclass(frozen=True)
class Place:
    """Where a statement stands: in each block, from the outermost one on, which of the blocks of its region that is, and at which position;
    and the regions."""

    steps: tuple[tuple[int, int], ...]
    regions: tuple[Region, ...] = ()

    def inside(self, region: Region, block: int, position: int) -> Place:
        return Place((*self.steps, (block, position)), (*self.regions, region))

    def beside(self, other: Place, depth: int) -> bool:
        """Whether it is in the block of the other one that has so many regions around."""
        return len(self.steps) > depth and self.steps[:depth] == other.steps[:depth] and self.steps[depth][0] == other.steps[depth][0]

    def at(self, position: int) -> Place:
        """Another position in the same block."""
        return Place((*self.steps[:-1], (self.steps[-1][0], position)), self.regions)


@dataclass(frozen=True)
class Lap:
    """What is known of the steps of a loop: for each number that goes on evenly a symbol of its own, and how far it goes in a step; and the
    symbols that are the same in each of them."""

    numbers: Mapping[Var, tuple[Symbol, int]]
    known: frozenset[Symbol]

    @property
    def trips(self) -> float:
        """How many steps there are, about."""
        lengths = ((symbol.high - symbol.low + 1, abs(by)) for symbol, by in self.numbers.values() if None not in (symbol.low, symbol.high))
        return max(1.0, next((estimate(length) / by for length, by in lengths), UNKNOWN))

    def later(self) -> Instance:
        """The numbers in a later step, beside those of the present one."""
        left = [each for each in map(_left, self.numbers.values()) if each is not None]
        between = Size.of(Symbol("the steps between", None, 1, left[0] if left else None))
        return Instance(self.known, {symbol: Size.of(symbol) + by * between for symbol, by in self.numbers.values()})


class Instance:
    """The sizes of another step, or of another run of a loop: all but the known symbols stand for other numbers between the same bounds."""

    def __init__(self, known: frozenset[Symbol], given: Mapping[Symbol, Whole] = MappingProxyType({}), others_stay: bool = False) -> None:
        self.known, self.given, self.others_stay = known, given, others_stay
        self.symbols = dict(given)

    def __call__(self, size: Whole) -> Whole:
        if not isinstance(size, Size):
            return size
        return with_sizes(size.settled, {s: self.symbol(s) for s in size.symbols() if s not in self.known})  # type: ignore[no-any-return]

    def symbol(self, symbol: Symbol) -> Whole:
        if symbol not in self.symbols:
            self.symbols[symbol] = self.made(symbol)
        return self.symbols[symbol]

    def made(self, symbol: Symbol) -> Whole:
        if symbol.operands:
            return derived(symbol.operation, *map(self, symbol.operands))  # type: ignore[no-any-return]
        if self.others_stay:
            return Size.of(symbol)
        low, high = (None if bound is None else self(bound) for bound in (symbol.low, symbol.high))
        return Size.of(Symbol(symbol.name, None, low, high))


def lap(loop: Loop, size_of: Callable[[Operand], Whole | None], known: frozenset[Symbol]) -> Lap:
    """The steps of a loop."""
    numbers = {} if loop.index is None else _index(loop, size_of)
    changing = set[Symbol]()
    for param, init, following in zip(loop.carried, loop.inits, loop.nexts, strict=True):
        here, there = size_of(param), size_of(following)
        if isinstance(here, Size) and here.symbol is not None and there is not None:
            by = there - here
            if type(by) is int and by:
                numbers[param] = _between(size_of(init), None, by), by
        if isinstance(here, Size) and (there is None or not same(here, there)):
            changing.update(here.symbols())
    return Lap(numbers, known - changing)


def _index(loop: Loop, size_of: Callable[[Operand], Whole | None]) -> dict[Var, tuple[Symbol, int]]:
    """The index, which lies between the bounds of the range."""
    assert loop.range is not None and loop.index is not None
    start, stop, step = map(size_of, loop.range)
    by = step if type(step) is int else 1 if _is_above_zero(step) else -1 if step is not None and _is_above_zero(-step) else 0
    if not by:
        return {}
    return {loop.index: (_between(start, None if stop is None else stop - 1 if by > 0 else stop + 1, by), -by if loop.reverse else by)}


def _between(start: Whole | None, last: Whole | None, by: int) -> Symbol:
    """A number that goes from one to the other."""
    return Symbol("a step", None, *((start, last) if by > 0 else (last, start)))


def _left(number: tuple[Symbol, int]) -> Whole | None:
    """No more than so many steps are left."""
    symbol, by = number
    if by > 0:
        return None if symbol.high is None else symbol.high - Size.of(symbol)
    return None if symbol.low is None else Size.of(symbol) - symbol.low


def _is_above_zero(size: Whole | None) -> bool:
    return size is not None and at_least_zero(size - 1)


def after(one: Place, other: Place, laps: dict[Loop, Lap], inside: int = 0) -> Iterator[Renaming]:
    """The ways in which a statement may happen after another one has: for each the sizes of the later one as they are then. The outermost
    regions, those that both are inside of, are in the same step."""
    for depth, (here, there) in enumerate(zip(one.steps, other.steps, strict=False)):
        if here != there:
            if there > here and (here[0] == there[0] or isinstance(one.regions[depth - 1], Loop)):
                yield _in_same_step(one.regions[depth:], other.regions[depth:], laps)
            return
        if depth < min(len(one.regions), len(other.regions)):
            region = one.regions[depth]
            if isinstance(region, Loop) and depth >= inside:
                yield laps[region].later()


def _in_same_step(one: tuple[Region, ...], other: tuple[Region, ...], laps: dict[Loop, Lap]) -> Renaming:
    """What belongs to loops around only one of two statements is another number for the other."""
    outermost = [next((r for r in regions if isinstance(r, Loop)), None) for regions in (one, other)]
    known = [laps[loop].known for loop in outermost if loop is not None]
    return Instance(frozenset.intersection(*known)) if known else _unchanged


def _unchanged(size: Whole) -> Whole:
    return size


def estimate(size: Whole) -> float:
    """About how much a size is: half of what it is at most, where there are bounds."""
    if not isinstance(size, Size):
        return size
    return sum(factor * math.prod(map(_estimate, term)) for term, factor in size.terms)


def _estimate(symbol: Symbol) -> float:
    return UNKNOWN if symbol.low is None or symbol.high is None else (estimate(symbol.low) + estimate(symbol.high)) / 2


def number(operand: Operand, size_of: Callable[[Var], Whole | None]) -> Whole | None:
    """The whole number that an operand is, if that is known."""
    if isinstance(operand, Var):
        return size_of(operand)
    value = getattr(operand, "value", None)
    return value if is_whole(value) else None
