"""What is known of sizes: the normal form of each by it, and answers to questions."""
from __future__ import annotations

from typing import Any

from s2sad.types.equations import mentions, sides
from s2sad.types.indexing import part_length
from s2sad.types.polynomials import Symbol, lone_symbols
from s2sad.types.questions import undecided
from s2sad.types.sizes import Size, at_least_zero, larger, settled, smaller, with_sizes

REMADE: dict[str, Any] = {"min": smaller, "max": larger, "//": lambda a, b: a // b, "%": lambda a, b: a % b}
COMPARISONS = {
    "==": ("zero", False, True), "!=": ("zero", False, False), "<": ("negative", False, True), ">": ("negative", True, True),
    "<=": ("negative", True, False), ">=": ("negative", False, False),
}  # fmt: skip
"""What comparisons ask of the difference of their operands: which question, of that of the second and the first, and the answer."""


class Known:
    """What symbols are, and what has been answered. Sizes ask it (`is_zero`, `is_negative`, `number`); where that is not known, nobody
    answers."""

    def __init__(self) -> None:
        self.facts: dict[Symbol, Any] = {}  # what a symbol is, by a guard or a condition
        self.answers: dict[Any, bool] = {}  # by what was asked, in the normal form of then
        self.known: dict[Any, bool] | None = {}  # the same in the normal form of now; None where that has to be made
        self.normals: dict[Any, Any] = {}  # normal forms of now
        self.assumed: list[Any] = []  # sizes that are not negative on the way that is walked

    # Normal forms

    def normal(self, size: Any) -> Any:
        """A size with all that is known of its symbols."""
        if not isinstance(size, Size):
            return size
        key = size.terms, size.kind, size.asked
        if key not in self.normals:
            self.normals[key] = self._normal(size)
        return self.normals[key]

    def _normal(self, size: Any) -> Any:
        for _ in range(64):
            now = with_sizes(size, self._exchanged(size))
            if not isinstance(now, Size):
                return now
            if now.terms == size.terms:
                return size
            size = now.of_kind(size.kind)
        return size

    def bound(self, symbol: Symbol, low: Any, high: Any) -> None:
        """What is known of a number that changes: it lies between these."""
        symbol.low, symbol.high = map(settled, (low, high))
        self.normals.clear()

    def learn_hint(self, symbol: Symbol, hint: int | None) -> None:
        symbol.hint = hint
        self.normals.clear()

    def changed(self) -> None:
        """Normal forms are others by now."""
        self.known = None
        self.normals.clear()

    def _exchanged(self, size: Size) -> dict[Symbol, Any]:
        answer = {}
        for symbol in size.symbols():
            if symbol in self.facts:
                answer[symbol] = self.facts[symbol]
            elif symbol.operands:
                operands = [self.normal(self._asked(o)) for o in symbol.operands]
                answer[symbol] = self._asked(self._made_again(symbol.operation, operands))
        return answer

    def _made_again(self, operation: str, operands: list[Any]) -> Any:
        if operation == "length":
            n, start, stop, step = operands
            return part_length(n, slice(start, stop, step), self._from_end)
        if operation in ("min", "max"):
            less = self._below(*operands)
            return REMADE[operation](*operands) if less is None else operands[less is not (operation == "min")]
        return REMADE[operation](*operands)

    def _asked(self, size: Any) -> Any:
        return Size(size.terms, self, size.kind) if isinstance(size, Size) else size

    def shape(self, shape: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(self.normal, shape))

    # Questions

    def is_zero(self, size: Size) -> bool:
        size = self.normal(size)
        known = self._zero(size)
        if known is None:
            raise undecided(f"whether {sides(size, 'is')}")
        return known

    def is_negative(self, size: Size) -> bool:
        size = self.normal(size)
        known = self._sign(size)
        if known is None:
            raise undecided(f"whether {sides(size, 'is below')}")
        return known

    def number(self, size: Size) -> int:
        found = self.normal(size)
        if isinstance(found, Size):
            raise undecided(f"the number that {found} is")
        return int(found)

    def _zero(self, size: Any) -> bool | None:
        """Whether a size is zero, if that is known."""
        if not isinstance(size, Size):
            return bool(size == 0)
        if self._not_negative(size) and self._not_negative(-size):
            return True
        return False if self._above_zero(size) or self._above_zero(-size) else self._known().get(("zero", size.terms))

    def told(self, kind: str, size: Any) -> bool | None:
        """The answer to a question, if it is known without asking."""
        size = self.normal(size)
        return self._sign(size) if kind == "negative" else self._zero(size)

    def _sign(self, size: Any) -> bool | None:
        """Whether a size is negative, if that is known."""
        if not isinstance(size, Size):
            return bool(size < 0)
        if self._not_negative(size):
            return False
        return True if self._not_negative(-size - 1) else self._known().get(("negative", size.terms))

    def _known(self) -> dict[Any, bool]:
        """The answers so far, in the normal form of now."""
        if self.known is None:
            self.known = {}
            for (kind, terms), answer in self.answers.items():
                self._enter(kind, self.normal(Size(terms, self)), answer)
            self.normals.clear()  # which were made when some of the answers were not there
        return self.known

    def _enter(self, kind: str, size: Any, answer: bool) -> None:
        if isinstance(size, Size) and self.known is not None:
            self.known[kind, size.terms] = answer
            turned, opposite = (-size - 1, not answer) if kind == "negative" else (-size, answer)
            self.known[kind, turned.terms] = opposite

    def _below(self, one: Any, other: Any) -> bool | None:
        """Whether one size is below another, or is not above it, if one of these is known."""
        below, above = self._sign(one - other), self._sign(other - one)
        return below if above is None or below is not None else not above

    def _above_zero(self, size: Any) -> bool:
        return self._not_negative(size - 1)

    def _not_negative(self, size: Any) -> bool:
        """Whether bounds, or the conditions of the way that is walked, tell that a size is not negative."""
        return at_least_zero(size) or any(at_least_zero(size - a) for a in self.assumed) or self._is_some(size + 1)

    def _is_some(self, size: Any) -> bool:
        """Whether a size is a product of lengths of which none is zero, as has been told."""
        if not isinstance(size, Size) or len(size.terms) > 1 or size.terms[0][1] < 0:
            return False
        return all(s.low == 0 and self._is_told_some(Size.of(s)) for s in size.terms[0][0])

    def _is_told_some(self, length: Size) -> bool:
        """Whether it has been told that a length is not zero, or not below one."""
        known = self._known()
        return known.get(("zero", length.terms)) is False or known.get(("negative", (length - 1).terms)) is False

    def _from_end(self, bound: Any) -> bool | None:
        """Whether a bound is counted from the end of the axis, if that is known."""
        return self._sign(self.normal(bound))

    # What is learnt

    def learn(self, kind: str, size: Any, answer: bool) -> None:
        """The answer to a question about a size."""
        size = self.normal(self._asked(size))
        if isinstance(size, Size):
            self._know(kind, size, answer)
            if kind == "negative":
                self.assumed.append((-size - 1 if answer else size).settled)
            self.changed()

    def _know(self, kind: str, size: Size, answer: bool, depth: int = 0) -> None:
        self._remember(("sizes", kind, size.terms), depth)
        self.answers[kind, size.terms] = answer
        self._enter(kind, size, answer)
        self.normals.clear()
        if kind == "zero" and answer:
            self._solve(size, depth)

    def _solve(self, size: Size, depth: int) -> None:
        """One of the symbols is what the others say."""
        for symbol in sorted(lone_symbols(size.terms), key=self._rank, reverse=True):
            factor = dict(size.terms)[symbol,]
            rest = size - factor * Size.of(symbol)
            if not mentions(rest, symbol):
                self._learn(symbol, rest * -factor, depth)
                return

    def _rank(self, symbol: Symbol) -> Any:
        """The last in order is the first to be exchanged for something else."""
        return bool(symbol.operation), symbol.number

    def _learn(self, symbol: Symbol, size: Any, depth: int) -> None:
        self._remember(("fact", symbol), depth)
        self.facts[symbol] = self._asked(size)
        self.changed()

    def _remember(self, key: Any, depth: int) -> None:
        """What is learnt holds as long as the block of this depth is open."""


def compared(symbol: str, left: Any, right: Any) -> tuple[str, Any, bool] | None:
    """Which question a comparison of sizes is, and of which size; the answer where it holds. None for another one."""
    if symbol not in COMPARISONS:
        return None
    kind, turned, yes = COMPARISONS[symbol]
    return kind, right - left if turned else left - right, yes
