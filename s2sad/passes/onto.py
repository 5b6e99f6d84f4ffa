"""Adding to a cotangent what would be gathered in zeros first: `p_bar[1:] += ...` where `p_bar + pn_bar` was meant, and `pn_bar` is nothing
but what is added to zeros, part by part. No zeros are made, and the whole is not added.
"""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir.program import ArrayType, Assign, Function, Statement, Var
from s2sad.passes.accumulate import names_once
from s2sad.passes.copies import uses_in
from s2sad.rules.operations import ACCUMULATED, ACCUMULATED_AT, ADD, SCATTER, ZEROS

ADDS = ("+=", "-=", "at")


def add_onto(function: Function) -> Function:
    """The additions of which one side of a sum consists are made to the other side, where the sum was."""
    made = {t: s for s in function.statements if isinstance(s, Assign) for t in s.targets}
    uses = uses_in(function)
    moved: set[Var] = set()
    kept: list[Statement] = []
    for statement in function.statements:
        found = _onto(statement, made, uses)
        if found:
            moved.update(s.targets[0] for s in found[1])
            base, parts = found
            grown = _again(base, parts, statement)  # type: ignore[arg-type]
            made.update({s.targets[0]: s for s in grown})
            kept += grown
        else:
            kept.append(statement)
    left = tuple(s for s in kept if not (isinstance(s, Assign) and any(t in moved for t in s.targets)))
    return replace(function, statements=left) if moved else function


def _onto(statement: Statement, made: dict[Var, Assign], uses: dict[Var, int]) -> tuple[Var, list[Assign]] | None:
    """What a sum may begin with, and what is added to zeros for its other side; both are read by nothing else."""
    if not (isinstance(statement, Assign) and statement.phase and statement.primitive is ADD):
        return None
    one, other = statement.args
    kind = statement.targets[0].type
    for base, part in ((one, other), (other, one)):
        if not (isinstance(base, Var) and isinstance(part, Var) and isinstance(kind, ArrayType) and base is not part):
            continue
        alike = base.type == part.type == kind
        parts = _parts(part, made, uses) if alike and uses[base] == 1 else []
        if len(parts) > 1:
            return base, parts
    return None


def _parts(version: Var, made: dict[Var, Assign], uses: dict[Var, int]) -> list[Assign]:
    """The statements that make an array from zeros by additions to parts of it, in order; none where it is made in another way."""
    found: list[Assign] = []
    statement = made.get(version)
    while statement is not None and statement.phase and len(statement.targets) == 1 and uses[statement.targets[0]] == 1:
        found.append(statement)
        if statement.primitive is SCATTER or statement.primitive is ZEROS:
            return found[::-1]
        base = statement.args[0] if statement.primitive.writes in ADDS else None
        statement = made.get(base) if isinstance(base, Var) else None
    return []


def _again(base: Var, parts: list[Assign], total: Assign) -> list[Assign]:
    """The same additions, to another array."""
    grown: list[Assign] = []
    for part in parts:
        if part.primitive is ZEROS:
            continue
        version = Var(base.type)
        if part.primitive is SCATTER:
            value, index, _ = part.args
            adds = ACCUMULATED if names_once(index) else ACCUMULATED_AT
            grown.append(replace(part, targets=(version,), primitive=adds, args=(base, index, value)))
        else:
            grown.append(replace(part, targets=(version,), args=(base, *part.args[1:])))
        base = version
    return [*grown[:-1], replace(grown[-1], targets=total.targets)]
