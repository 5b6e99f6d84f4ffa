"""Sizes as text: sums of terms, of which two that read the same are the same in each call."""

from __future__ import annotations

import collections
import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """A number and terms, each with how often it is there."""

    terms: tuple[tuple[str, int], ...] = ()
    number: int = 0

    def __add__(self, other: Size | int) -> Size:
        if isinstance(other, int):
            return Size(self.terms, self.number + other)
        found = dict(self.terms)
        for term, times in other.terms:
            found[term] = found.get(term, 0) + times
        return Size(tuple(sorted((term, times) for term, times in found.items() if times)), self.number + other.number)

    def __mul__(self, times: int) -> Size:
        return Size(tuple((term, each * times) for term, each in self.terms if times), self.number * times)

    def __sub__(self, other: Size | int) -> Size:
        return self + (-other if isinstance(other, int) else other * -1)

    def __str__(self) -> str:
        shown = [f" {'-' if times < 0 else '+'} {term if abs(times) == 1 else f'{abs(times)} * {term}'}" for term, times in self.terms]
        if self.number or not shown:
            shown.append(f" {'-' if self.number < 0 else '+'} {abs(self.number)}")
        text = "".join(shown)
        return text[3:] if text.startswith(" + ") else text[1:].replace(" ", "", 1)

    @property
    def inside(self) -> str:
        """As part of a larger expression."""
        return str(self) if self.plain else f"({self})"

    @property
    def plain(self) -> bool:
        return (not self.terms and self.number >= 0) or (self.number == 0 and len(self.terms) == 1 and self.terms[0][1] == 1
                                                         and self.terms[0][0].isidentifier())  # fmt: skip


def least(text: str) -> Size:
    """A size from a name, or from the text of a number or an expression."""
    return Size((), int(text)) if text.isdigit() else Size(((text, 1),))


def times(one: Size, other: Size) -> Size:
    """The product."""
    if not one.terms:
        return other * one.number
    if not other.terms:
        return one * other.number
    return least(" * ".join(sorted((one.inside, other.inside))))


def half(size: Size, up: bool) -> Size:
    """Half of it, rounded up or down."""
    if not size.terms:
        return Size((), (size.number + up) // 2)
    return least(f"({(size + 1) if up else size.inside} // 2)".replace("((", "((") if not up else f"(({size + 1}) // 2)")


def smaller(one: Size, other: Size) -> Size:
    return one if one == other else least(f"min({', '.join(sorted((str(one), str(other))))})")


@functools.cache
def about(size: Size) -> int:
    """What it is if all that it is made of is six."""
    scope: dict[str, object] = collections.defaultdict(lambda: 6, min=min, max=max)
    return max(1, int(eval(str(size), {"__builtins__": {}}, scope)))


def elements(shape: Iterable[Size]) -> int:
    """About how many elements an array of a shape has."""
    return math.prod(map(about, shape))


ONE = Size((), 1)
