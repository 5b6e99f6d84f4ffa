"""The two halves of a pullback: what the function computes, and what waits for a cotangent.

All that the second half needs of the first is handed over as values: what is read from outside is read in the first half alone. So a
pullback belongs to the world as it was when the function ran, and may be called many times.
"""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir.program import Function, Statement, Var, reads, targets_of
from s2sad.passes.dead import remove_dead


def halves(function: Function, given: int, values: int) -> tuple[Function, Function]:
    """The list split where it meets the parameters after the first `given` ones, the cotangents.

    The first half gives the first `values` results, and what the second half takes after the cotangents; that one gives the other results.
    """
    cotangents = function.params[given:]
    waiting: set[Var] = set(cotangents)
    early: list[Statement] = []
    late: list[Statement] = []
    for statement in function.statements:
        half = early if waiting.isdisjoint(reads(statement)) else late
        half.append(statement)
        if half is late:
            waiting.update(targets_of(statement))
    rest = Function(f"{function.name}_pullback", function.params, tuple(late), function.results[values:], function.names)
    rest = remove_dead(rest)
    used = [v for s in rest.statements for v in reads(s)] + [r for r in rest.results if isinstance(r, Var)]
    handed = tuple(dict.fromkeys(v for v in used if v not in waiting))
    first = replace(function, params=function.params[:given], statements=tuple(early), results=(*function.results[:values], *handed))
    return first, replace(rest, params=(*cotangents, *handed))
