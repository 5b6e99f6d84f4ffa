"""Removing what nothing reads. Effects stay, and so does what the user's function would have raised."""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir.liveness import has_effects, needed_for
from s2sad.ir.program import Function, variables


def remove_dead(function: Function) -> Function:
    """Keep what reaches a result, a guard or an effect, in regions as well."""
    logged = has_effects(function)
    live = {v for r in function.results for v in variables(r)}
    return replace(function, statements=needed_for(function.statements, live, logged))
