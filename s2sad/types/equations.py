"""Comparisons of sizes: both sides of one in words."""
from __future__ import annotations

from typing import Any

from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, product


def apart(size: Size) -> tuple[Any, Any]:
    """Both sides of a comparison of a size with zero, without minus signs."""
    left = sum((product([f, *map(Size.of, t)]) for t, f in size.terms if f > 0), 0)
    right = sum((product([-f, *map(Size.of, t)]) for t, f in size.terms if f < 0), 0)
    return left, right


def sides(size: Size, words: str) -> str:
    left, right = apart(size)
    return f"{left} {words} {right}"


def latest(size: Any) -> int:
    """The number of the latest symbol in a size."""
    return max(s.number for s in size.symbols()) if isinstance(size, Size) else -1


def mentions(size: Any, symbol: Symbol) -> bool:
    return isinstance(size, Size) and any(s is symbol or any(mentions(o, symbol) for o in s.operands) for s in size.symbols())
