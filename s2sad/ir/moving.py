"""Statements in an order in which each can be run, where some were written down in front of what they read."""
from __future__ import annotations

from collections.abc import Iterable

from s2sad.errors import InvalidIR
from s2sad.ir.program import Statement, reads, targets_of


def made_before_read(statements: Iterable[Statement]) -> list[Statement]:
    """The statements, of which what is read further up, as a size that was asked for later, is moved there.

    Raises InvalidIR where something is read that is made of what reads it.
    """
    statements = list(statements)
    waiting = {target: statement for statement in statements for target in targets_of(statement)}
    placed: dict[Statement, None] = {}
    begun: set[Statement] = set()

    def put(statement: Statement) -> None:
        if statement not in placed:
            if statement in begun:
                raise InvalidIR(f"{targets_of(statement)[0]} is made of itself", getattr(statement, "location", None))
            begun.add(statement)
            for made in [waiting[v] for v in reads(statement) if v in waiting]:
                put(made)
            placed[statement] = None

    for statement in statements:
        put(statement)
    return [*placed]
