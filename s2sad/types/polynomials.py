"""Polynomials over symbols with whole factors, in a normal form: products of symbols and how often each is there, in order."""
from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_numbers = itertools.count()
Term = tuple["Symbol", ...]  # a product of symbols, ordered; none of them for the number
Terms = tuple[tuple[Term, int], ...]  # the longest products first, so that the number stands last; no factor is zero


class Symbol:
    """A whole number that is not known, or what follows from such numbers by an operation that makes no polynomial.

    `hint` is the number in the present call, where there is one; `low` and `high` are bounds, numbers or sizes. `operation` and `operands`
    say what one that follows from others is.
    """

    __slots__ = ("__weakref__", "high", "hint", "low", "name", "number", "operands", "operation")

    def __init__(self, name: str, hint: int | None = None, low: Any = None, high: Any = None, operation: str = "",
                 operands: tuple[Any, ...] = ()) -> None:  # fmt: skip
        self.name, self.hint, self.low, self.high = name, hint, low, high
        self.operation, self.operands = operation, operands
        self.number = next(_numbers)

    def __repr__(self) -> str:
        return self.name

    def __lt__(self, other: Symbol) -> bool:
        return self.number < other.number


def added(first: Terms, second: Terms) -> Terms:
    answer = dict(first)
    for term, factor in second:
        answer[term] = answer.get(term, 0) + factor
    return ordered(answer)


def moved(terms: Terms, by: int) -> Terms:
    """The sum with a number."""
    if terms and not terms[-1][0]:
        by += terms[-1][1]
        terms = terms[:-1]
    return (*terms, ((), by)) if by else terms


def scaled(terms: Terms, by: int) -> Terms:
    return tuple([(term, factor * by) for term, factor in terms]) if by else ()


def multiplied(first: Terms, second: Terms) -> Terms:
    answer: dict[Term, int] = {}
    for a, m in first:
        for b, n in second:
            term = tuple(sorted(a + b)) if a and b else a or b
            answer[term] = answer.get(term, 0) + m * n
    return ordered(answer)


def divided(terms: Terms, by: int) -> Terms | None:
    """An exact quotient, or None."""
    return tuple([(t, f // by) for t, f in terms]) if by and all(f % by == 0 for _, f in terms) else None


def quotient(terms: Terms, by: Terms) -> Terms | None:
    """The quotient by a product of symbols, or None."""
    (term, factor), *others = by
    answer: dict[Term, int] = {}
    for each, count in terms:
        rest = list(each)
        if others or count % factor or any(rest.count(s) < term.count(s) for s in term):
            return None
        for s in term:
            rest.remove(s)
        answer[tuple(rest)] = count // factor
    return ordered(answer)


def ordered(terms: Mapping[Term, int]) -> Terms:
    kept = [each for each in terms.items() if each[1]]
    if len(kept) > 1:
        kept.sort(key=_rank)
    return tuple(kept)


def _rank(each: tuple[Term, int]) -> tuple[int, list[int]]:
    return -len(each[0]), [s.number for s in each[0]]


def symbols_of(terms: Terms) -> Iterable[Symbol]:
    return {s: None for term, _ in terms for s in term}


def lone_symbols(terms: Terms) -> list[Symbol]:
    """The symbols that are in one term only, and there once and alone, so that an equation can be solved for them."""
    return [t[0] for t, f in terms if len(t) == 1 and abs(f) == 1 and sum(t[0] in other for other, _ in terms) == 1]


def written(terms: Terms) -> Iterator[str]:
    for k, (term, factor) in enumerate(terms):
        sign = "-" if factor < 0 else "+"
        yield ("-" if factor < 0 else "") if not k else f" {sign} "
        names = [s.name for s in term]
        yield "*".join([*([] if abs(factor) == 1 and names else [str(abs(factor))]), *names])
