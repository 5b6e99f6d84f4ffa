"""How much room the steps of loops take, as it can be said before the outermost one, and which place a step has in it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s2sad.ir.program import ArrayType, Assign, Const, Function, Loop, Operand, Statement, Var, everything, targets_of
from s2sad.quickly import dataclass
from s2sad.types.sizes import Size, at_least_zero, same, with_sizes

UNUSED = 8  # places before the first step that may stay empty, so that the index of the loop says the place


@dataclass(frozen=True)
class Bound:
    """A whole number: an operand and what is added to it."""

    operand: Operand
    more: int = 0

    @property
    def size(self) -> Any:
        """The number as a size; None where it is not known which one it is."""
        if isinstance(self.operand, Const):
            return self.operand.value + self.more if type(self.operand.value) is int else None
        size = self.operand.size if isinstance(self.operand, Var) else None
        return None if size is None else size + self.more


ZERO = Bound(Const(0))


@dataclass(frozen=True)
class Extent:
    """An axis with a place for each step of a loop: places are counted from `start`, and there are as many as `end` is more than `low`."""

    start: Bound
    end: Bound
    low: Bound = ZERO


def ends(loop: Loop) -> tuple[Bound, Bound] | None:
    """The least index of a loop, and that after its largest; None where it does not go through all numbers between two."""
    if loop.range is None or loop.test is not None or loop.exits:
        return None
    start, stop, step = loop.range
    along = step.value if isinstance(step, Const) else None
    if along == 1:
        return Bound(start), Bound(stop)
    return (Bound(stop, 1), Bound(start, 1)) if along == -1 else None


def what_is_around(function: Function, loop: Loop) -> list[Var]:
    """What there is in front of a loop whichever way was taken: what the function is given, and what has been computed there."""
    found = _around(function.statements, loop)
    assert found is not None
    return [*function.params, *found, *loop.body.free, *loop.reads]


def _around(statements: tuple[Statement, ...], loop: Loop) -> list[Var] | None:
    made: list[Var] = []
    for statement in statements:
        if statement is loop:
            return made
        if isinstance(statement, Assign):
            made += statement.targets
        for block in getattr(statement, "blocks", ()):
            found = _around(block.statements, loop)
            if found is not None:
                return [*made, *found]
    return None


@dataclass(frozen=True)
class Dimension:
    """An axis as long as one of an array."""

    array: Var
    axis: int


class Room:
    """What can be said of nested loops in front of the outermost one, where there is what is `around`; the makers of variables lead to
    others that are there as well. As many places as are `spare` may stay empty before the first step."""

    def __init__(self, loops: list[Loop], makers: Mapping[Var, Statement], around: list[Var], spare: int = UNUSED) -> None:
        self.loops, self.around, self.spare = loops, around, spare
        within = tuple(everything(loops[0].body.statements))
        self.inside = {*loops[0].body.params, *(v for s in within for v in targets_of(s))}
        self.inside |= {p for s in within for b in getattr(s, "blocks", ()) for p in b.params}
        sizes = [loop.index.size for loop in loops if loop.index is not None]
        self.indices = {s for size in sizes if isinstance(size, Size) for s in size.symbols()}
        self.seen = [o for loop in loops for o in loop.range or () if isinstance(o, Var) and o not in self.inside]
        for var in self.seen:  # which grow
            maker = makers.get(var)
            self.seen += [a for a in maker.args if isinstance(a, Var) and a not in self.seen] if isinstance(maker, Assign) else []
        self.halves = 0  # axes of which half of the places stay empty

    def extents(self) -> list[Extent] | None:
        """The axes of an array for what the steps of the loops save, each of which stands in the one before.

        None where they cannot be said before the first of them, or would take more than about twice the room that is needed.
        """
        found = [None if span is None else self.extent(*span) for span in map(ends, self.loops)]
        axes = [each for each in found if each is not None]
        return axes if len(axes) == len(self.loops) and self.halves <= 1 else None

    def shape(self, kind: ArrayType) -> list[Bound | Dimension] | None:
        """The lengths of an array that each step has; None where they cannot be said."""
        found = [self.exactly(n) for n in kind.shape]
        return None if None in found else found  # type: ignore[return-value]

    def exactly(self, size: Any) -> Bound | Dimension | None:
        """What says a size; an axis of an array, if no number does."""
        if not isinstance(size, Size):
            return Bound(Const(size)) if type(size) is int else None
        said = next((v for v in (*self.seen, *self.around) if v.size is not None and same(v.size, size)), None)
        if said is not None:
            return Bound(said)
        arrays = (v for v in self.around if isinstance(v.type, ArrayType))
        return next((Dimension(v, k) for v in arrays for k, n in enumerate(v.type.shape) if same(n, size)), None)  # type: ignore[union-attr]

    def extent(self, low: Bound, high: Bound) -> Extent | None:
        fixed, ended = low.operand not in self.inside, high.operand not in self.inside
        if fixed and ended:
            if self.is_small(low.size):
                return Extent(ZERO, self.shown(high.size) or high)
            steps = None if None in (low.size, high.size) else high.size - low.size
            shown = self.shown(steps)
            return Extent(low, high, low) if shown is None or not same(shown.size, steps) else Extent(low, shown)
        if low.size is None or high.size is None:
            return None
        length = self.across(high.size - low.size)
        if length is None or not at_least_zero(length[0] + UNUSED):
            return None
        self.halves += length[0] is not length[1]
        if self.is_small(low.size) or (ended and self.begins_small(low.size)):
            start, most = ZERO, self.across(high.size)
        else:
            start, most = low, length
        end = None if most is None else self.shown(most[1])
        return None if end is None else Extent(start, end)

    def begins_small(self, size: Any) -> bool:
        """Whether a size is next to nothing where it is least."""
        least = self.across(size)
        return least is not None and self.is_small(least[0])

    def is_small(self, size: Any) -> bool:
        return type(size) is int and 0 <= size <= self.spare

    def across(self, size: Any) -> tuple[Any, Any] | None:
        """The least and the largest that a size is in the steps; None where that is not known."""
        changing = [s for s in size.symbols() if s in self.indices] if isinstance(size, Size) else []
        if not changing:
            return size, size
        symbol, *others = changing
        factors = [f for term, f in size.terms if symbol in term]
        alone = all(len(term) == 1 for term, _ in size.terms if symbol in term)
        if others or not alone or symbol.low is None or symbol.high is None:
            return None
        low, high = (with_sizes(size, {symbol: bound}) for bound in (symbol.low, symbol.high))
        return (low, high) if factors[0] > 0 else (high, low)

    def shown(self, size: Any) -> Bound | None:
        """An operand for a size, or for one that is hardly larger; None where nothing in front of the loops says it."""
        if size is None:
            return None
        if not isinstance(size, Size):
            return Bound(Const(int(size)))
        sizes = [(var, var.size.symbol is None, size - var.size) for var in self.seen if isinstance(var.size, Size)]
        near = [each for each in sizes if type(each[2]) is int and abs(each[2]) <= UNUSED]
        if not near:
            return None
        var, _, more = min(near, key=lambda each: (max(each[2], 0), each[1], -each[2]))
        return Bound(var, max(more, 0))
