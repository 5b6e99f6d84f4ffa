"""What may happen after what: places in a list with loops and branches, and the numbers that may be others in a later step."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from s2sad.ir.program import Loop, Operand, Region, Var
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, Whole, at_least_zero, derived, is_whole, with_sizes

Renaming = Callable[[Whole], Whole]


@dataclass(frozen=True)
class Place:
    """Where a statement stands: in each block, from the outermost one on, which of the blocks of its region that is, and at which position;
    and the regions."""

    steps: tuple[tuple[int, int], ...]
    regions: tuple[Region, ...] = ()

    def inside(self, region: Region, block: int, position: int) -> Place:
        return Place((*self.steps, (block, position)), (*self.regions, region))

    def at(self, position: int) -> Place:
        """Another position in the same block."""
        return Place((*self.steps[:-1], (self.steps[-1][0], position)), self.regions)


@dataclass(frozen=True)
class Lap:
    """What is known of the steps of a loop: the symbol of its index with how far it goes in a step, and the symbols that are the same in
    each of them."""

    index: Symbol | None
    by: int | None
    known: frozenset[Symbol]

    def later(self) -> Instance:
        """The numbers in a later step, beside those of the present one."""
        if self.index is None or self.by is None:
            return Instance(self.known)
        here, ahead = Size.of(self.index), self.by > 0
        last = self.index.high if ahead else self.index.low
        left = None if last is None else last - here if ahead else here - last
        return Instance(self.known, {self.index: here + self.by * Size.of(Symbol("the steps between", None, 1, left))})


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
    """The steps of a loop, with a symbol of their own for the index, which lies between the bounds of the range."""
    if loop.range is None or loop.index is None:
        return Lap(None, None, known)
    start, stop, step = map(size_of, loop.range)
    by = step if type(step) is int and step else 1 if _is_above_zero(step) else -1 if _is_above_zero(_negative(step)) else None
    if by is None:
        return Lap(Symbol("a step"), None, known)
    low = start if by > 0 else None if stop is None else stop + 1
    high = start if by < 0 else None if stop is None else stop - 1
    return Lap(Symbol("a step", None, low, high), -by if loop.reverse else by, known)


def _negative(size: Whole | None) -> Whole | None:
    return None if size is None else -size


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


def number(operand: Operand, size_of: Callable[[Var], Whole | None]) -> Whole | None:
    """The whole number that an operand is, if that is known."""
    if isinstance(operand, Var):
        return size_of(operand)
    value = getattr(operand, "value", None)
    return value if is_whole(value) else None
