"""What is known of sizes by now: comparisons that ask nobody."""
from __future__ import annotations

from typing import Any

from s2sad.types.sizes import Size, same


def same_now(one: Any, other: Any) -> bool:
    """Whether two sizes have the same normal form with all that has been answered so far. Nobody is asked."""
    return same(*(s.asked.normal(s) if isinstance(s, Size) and s.asked else s for s in (one, other)))


def same_sizes(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two shapes are the same, as far as is known. Nobody is asked."""
    return len(one) == len(other) and all(map(same_now, one, other))
