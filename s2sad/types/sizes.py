"""Sizes: whole numbers, or polynomials over symbols in a normal form."""
from __future__ import annotations

import operator
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from s2sad.types.polynomials import Symbol, Terms, added, divided, moved, multiplied, quotient, scaled, symbols_of, written
from s2sad.types.questions import Asked, undecided


class Size:
    """A polynomial over symbols that is no plain number. It passes for one of its class, but is none: who needs the number asks for it.

    >>> n = Size.of(Symbol("n"))
    >>> 2 * (n - 1) + 3 - n, (n + 1) - n, n - 1 == n - 1, (4 * n) // 2
    (n + 1, 1, True, 2*n)
    """

    __slots__ = ("asked", "kind", "terms")

    def __init__(self, terms: Terms, asked: Asked | None = None, kind: Any = int) -> None:
        self.terms, self.asked, self.kind = terms, asked, kind

    @classmethod
    def of(cls, symbol: Symbol, asked: Asked | None = None, kind: Any = int) -> Size:
        return cls((((symbol,), 1),), asked, kind)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return self.kind

    def of_kind(self, kind: Any) -> Size:
        """The same size as a number of this class."""
        return self if kind is self.kind else Size(self.terms, self.asked, kind)

    @property
    def settled(self) -> Size:
        """The same for good: nobody is asked any more."""
        return Size(self.terms)

    @property
    def symbol(self) -> Symbol | None:
        """The symbol, where it is no more than that."""
        (term, factor), *others = self.terms
        return term[0] if not others and factor == 1 and len(term) == 1 else None

    def symbols(self) -> Iterator[Symbol]:
        return iter(symbols_of(self.terms))

    # Arithmetic

    def __add__(self, other: Any) -> Any:
        if not is_whole(other):
            return NotImplemented
        if not isinstance(other, Size):
            return _made(moved(self.terms, int(other)), self.asked)
        return _made(added(self.terms, other.terms), self.asked or other.asked)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Any:
        if not is_whole(other):
            return NotImplemented
        if not isinstance(other, Size):
            return _made(scaled(self.terms, int(other)), self.asked)
        return _made(multiplied(self.terms, other.terms), self.asked or other.asked)

    __rmul__ = __mul__

    def __neg__(self) -> Any:
        return Size(scaled(self.terms, -1), self.asked)

    def __pos__(self) -> Any:
        return self

    def __sub__(self, other: Any) -> Any:
        return NotImplemented if not is_whole(other) else self + -_plain(other)

    def __rsub__(self, other: Any) -> Any:
        return NotImplemented if not is_whole(other) else -self + _plain(other)

    def __floordiv__(self, other: Any) -> Any:
        if not is_whole(other):
            return NotImplemented
        exact = _divided(self, other)
        return derived("//", self, other) if exact is None else exact

    def __rfloordiv__(self, other: Any) -> Any:
        return derived("//", other, self) if is_whole(other) else NotImplemented

    def __mod__(self, other: Any) -> Any:
        if not is_whole(other):
            return NotImplemented
        return derived("%", self, other) if _divided(self, other) is None else 0

    def __rmod__(self, other: Any) -> Any:
        return derived("%", other, self) if is_whole(other) else NotImplemented

    def __pow__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, Size) or not is_whole(other) or other < 1 else product([self] * int(other))

    def __abs__(self) -> Any:
        return -self if self < 0 else self

    # Questions

    def __eq__(self, other: Any) -> Any:
        if not is_whole(other):
            return NotImplemented
        if isinstance(other, Size) and other.terms == self.terms:
            return True
        difference = self - other
        if not isinstance(difference, Size):
            return difference == 0
        return difference.asked is not None and difference.asked.is_zero(difference)

    def __hash__(self) -> int:
        return hash(self.terms)

    def __lt__(self, other: Any) -> Any:
        return NotImplemented if not is_whole(other) else _is_negative(self - other)

    def __gt__(self, other: Any) -> Any:
        return NotImplemented if not is_whole(other) else _is_negative(other - self)

    def __le__(self, other: Any) -> Any:
        return NotImplemented if not is_whole(other) else not _is_negative(other - self)

    def __ge__(self, other: Any) -> Any:
        return NotImplemented if not is_whole(other) else not _is_negative(self - other)

    def __bool__(self) -> bool:
        return not self == 0

    def __index__(self) -> int:
        if self.asked is None:
            raise undecided(f"the number that {self} is")
        return self.asked.number(self)

    __int__ = __index__

    def __float__(self) -> float:
        return float(self.__index__())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not hasattr(self.kind, name):
            raise AttributeError(f"{self.kind.__name__!r} object has no attribute {name!r}")
        return getattr(self.kind(1), name)

    def __repr__(self) -> str:
        return "".join(written(self.terms))


Whole = int | Size


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number, known or not; truth values are none."""
    kind = type(value)
    return kind is int or kind is Size or (isinstance(value, (int, np.integer)) and kind is not bool)


def settled(size: Any) -> Any:
    """A size for good: nobody is asked any more."""
    return size.settled if isinstance(size, Size) else size


def same(one: Any, other: Any) -> bool:
    """Whether two sizes have the same normal form. Nobody is asked."""
    if isinstance(one, Size) and isinstance(other, Size):
        return one.terms == other.terms
    return not isinstance(one, Size) and not isinstance(other, Size) and bool(one == other)


def product(sizes: Any) -> Any:
    """The product of sizes."""
    answer: Any = 1
    for size in sizes:
        answer = answer * size
    return answer


def smaller(one: Any, other: Any) -> Any:
    """The smaller one of two sizes, as a size: nobody is asked which it is."""
    return _extreme("min", one, other, min)


def larger(one: Any, other: Any) -> Any:
    """The larger one of two sizes, as a size: nobody is asked which it is."""
    return _extreme("max", one, other, max)


def _extreme(name: str, one: Any, other: Any, plain: Callable[[int, int], int]) -> Any:
    difference = one - other
    if not isinstance(difference, Size):
        return plain(one, other) if not isinstance(one, Size) else one if (difference > 0) == (name == "max") else other
    if at_least_zero(difference):
        return one if name == "max" else other
    if at_least_zero(-difference):
        return other if name == "max" else one
    first, second = sorted((one, other), key=lambda s: (isinstance(s, Size), str(s)))
    return derived(name, first, second)


OPERATIONS: dict[str, Callable[..., int]] = {"//": operator.floordiv, "%": operator.mod, "min": min, "max": max}
_interned: weakref.WeakValueDictionary[Any, Symbol] = weakref.WeakValueDictionary()


def derived(operation: str, *operands: Any) -> Any:
    """What follows from sizes by an operation that makes no polynomial: a symbol, the same one for the same operands."""
    plain = tuple(o.settled if isinstance(o, Size) else int(o) for o in operands)
    asked = next((o.asked for o in operands if isinstance(o, Size) and o.asked), None)
    symbol = _interned.get((operation, plain))
    if symbol is None:
        shown = [_inside(o) for o in plain]
        name = f"{operation}({', '.join(map(str, plain))})" if operation.isidentifier() else f" {operation} ".join(shown)
        name = name if operation.isidentifier() else f"({name})"
        symbol = Symbol(name, hint_of(operation, plain), *_bounds(operation, plain), operation, plain)
        _interned[operation, plain] = symbol
    return Size.of(symbol, asked)


def _inside(size: Any) -> str:
    return f"({size})" if isinstance(size, Size) and size.symbol is None else str(size)


def hint_of(operation: str, operands: tuple[Any, ...]) -> int | None:
    hints = [value_at_hints(o) for o in operands]
    function = OPERATIONS.get(operation)
    if function is None or any(h is None for h in hints) or (operation in ("//", "%") and hints[1] == 0):
        return None
    return int(function(*hints))


def _bounds(operation: str, operands: tuple[Any, ...]) -> tuple[Any, Any]:
    """Bounds of what an operation gives."""
    if operation == "%" and at_least_zero(operands[1]):
        return 0, operands[1] - 1
    if operation == "//" and type(operands[1]) is int and operands[1] > 0 and at_least_zero(operands[0]):
        return 0, operands[0]
    if operation == "length":
        return 0, operands[0]
    if operation == "max":
        return operands[0], None
    if operation == "min":
        return 0 if all(map(at_least_zero, operands)) else None, operands[-1]
    return None, None


def value_at_hints(size: Any) -> int | None:
    """The number that a size is in the present call, if that is known."""
    if not isinstance(size, Size):
        return int(size)
    answer = 0
    for term, number in size.terms:
        for symbol in term:
            if symbol.hint is None:
                return None
            number *= symbol.hint
        answer += number
    return answer


# Polynomials


def _plain(value: Any) -> Any:
    return value if isinstance(value, Size) else int(value)


def _made(terms: Terms, asked: Asked | None) -> Any:
    """The size with these terms: a number where there are no symbols."""
    if terms and terms[0][0]:
        return Size(terms, asked)
    return terms[0][1] if terms else 0


def _divided(size: Size, by: Any) -> Any:
    """An exact quotient, or None."""
    terms = quotient(size.terms, by.terms) if isinstance(by, Size) else divided(size.terms, int(by))
    return None if terms is None else _made(terms, size.asked)


def with_sizes(size: Any, values: Mapping[Symbol, Any]) -> Any:
    """The size with these in place of symbols."""
    if not isinstance(size, Size) or not any(s in values for term, _ in size.terms for s in term):
        return size
    answer: Any = 0
    for term, factor in size.terms:
        answer = answer + (product([factor, *(values[s] if s in values else Size.of(s, size.asked) for s in term)]) if term else factor)
    return answer


# What bounds tell


def _is_negative(difference: Any) -> bool:
    if not isinstance(difference, Size):
        return bool(difference < 0)
    if difference.asked is None:
        raise undecided(f"whether {difference} is negative")
    return difference.asked.is_negative(difference)


def at_least_zero(size: Any) -> bool:
    """Whether bounds tell that a size is not negative."""
    if not isinstance(size, Size):
        return bool(size >= 0)
    worst = at_worst(size)
    return worst is not None and (worst >= 0 if not isinstance(worst, Size) else _has_no_minus(worst))


def has_bounds(symbol: Symbol) -> bool:
    return symbol.hint is None or isinstance(symbol.low, Size) or isinstance(symbol.high, Size)


def at_worst(size: Any, replaced: Callable[[Symbol], bool] = has_bounds) -> Any:
    """What a size is not below, with all that has bounds which are sizes replaced by these; None where there is none."""
    while isinstance(size, Size):
        bounded = [s for s in size.symbols() if replaced(s)]
        if not bounded:
            return size
        symbol = max(bounded)
        factors = [(term, f) for term, f in size.terms if symbol in term]
        if any(len(term) > 1 for term, _ in factors):
            return size if symbol.low is not None and type(symbol.low) is int and symbol.low >= 0 else None
        bound = symbol.low if factors[0][1] > 0 else symbol.high
        if bound is None:
            return None
        size = with_sizes(size, {symbol: bound})
    return size


def _has_no_minus(size: Size) -> bool:
    """Whether all terms are positive, counted from the lowest number that each symbol may be."""
    if any(type(s.low) is not int for s in size.symbols()):
        return False
    if len(size.terms[0][0]) > 1:
        shifted = with_sizes(size, {s: Size.of(s) + s.low for s in size.symbols()})
        return not isinstance(shifted, Size) or all(f > 0 for _, f in shifted.terms)
    least = sum(f * term[0].low if term else f for term, f in size.terms)
    return bool(least >= 0) and all(f > 0 for term, f in size.terms if term)
