"""Removing what nothing reads. Effects stay, and so does what the user's function would have raised."""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir.liveness import has_effects, stays
from s2sad.ir.program import Assign, Function, Statement, reads, variables


def remove_dead(function: Function) -> Function:
    """Keep the statements that reach a result, a guard or an effect."""
    logged = has_effects(function)
    live = {v for r in function.results for v in variables(r)}
    kept: list[Statement] = []
    for statement in reversed(function.statements):
        if not isinstance(statement, Assign) or stays(statement, logged) or not live.isdisjoint(statement.targets):
            live.update(reads(statement))
            kept.append(statement)
    return replace(function, statements=tuple(reversed(kept)))
