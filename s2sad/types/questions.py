"""Questions about sizes that their normal form does not answer."""
from __future__ import annotations

from typing import Any, Protocol

from s2sad.errors import CannotKeep


class Undecided(CannotKeep):
    """Types do not tell the answer to a question about sizes."""


def undecided(what: str) -> Undecided:
    return Undecided(f"the code would depend on {what}", None, 'use control="record"')


class Asked(Protocol):
    """Who answers what the normal form of sizes does not tell. Each may raise Undecided."""

    def is_zero(self, size: Any) -> bool: ...

    def is_negative(self, size: Any) -> bool: ...

    def number(self, size: Any) -> int: ...

    def normal(self, size: Any) -> Any: ...
