"""Cotangents of parts that are updated: a place that is set to zero, and added to again, is assigned at once."""
from __future__ import annotations

from dataclasses import replace

from s2sad.errors import Location
from s2sad.ir.equal import key
from s2sad.ir.program import Assign, Const, Function, Statement, Var, reads
from s2sad.passes.accumulate import names_once
from s2sad.passes.copies import uses_in
from s2sad.rules.operations import ACCUMULATED_AT, DIMINISHED, NEGATE, REPLACED


def assign_updates(function: Function) -> Function:
    """`y[i] = v` for `y[i] = 0.0` and, after additions to other places, `y[i] += v` or `-= v`, where one line asks for all of them.

    The sums are the same but for the order of their terms. What stands in the place can be read until it is assigned, so it needs no copy.
    """
    statements = list(function.statements)
    starts = [k for k, s in enumerate(statements) if _is_zeroed(s)]
    if not starts:
        return function
    readers = _only_readers(function)
    moved: dict[int, list[Statement]] = {}
    for chain in (_chain(statements, start, readers) for start in starts):
        if chain is not None:
            moved.update({position: [] for position in chain[:-1]})
            moved[chain[-1]] = _at_once([statements[position] for position in chain])  # type: ignore[misc]
    kept = [s for k, statement in enumerate(statements) for s in moved.get(k, [statement])]
    return replace(function, statements=tuple(kept))


def _is_zeroed(statement: Statement) -> bool:
    if not isinstance(statement, Assign) or statement.primitive is not REPLACED or not statement.phase:
        return False
    value = statement.args[2]
    return isinstance(value, Const) and type(value.value) is float and value.value == 0 and names_once(statement.args[1])


def _only_readers(function: Function) -> dict[Var, int]:
    """Where a variable is read, of those that are read once."""
    uses = uses_in(function)
    return {v: k for k, s in enumerate(function.statements) for v in reads(s) if uses[v] == 1}


def _chain(statements: list[Statement], start: int, readers: dict[Var, int]) -> list[int] | None:
    """The positions of a write of zero and of the additions after it, up to the one to the same place; None where there is no such."""
    first, chain = statements[start], [start]
    assert isinstance(first, Assign)
    version = first.targets[0]
    while True:
        statement = statements[readers.get(version, start)]
        if not isinstance(statement, Assign) or statement.primitive.writes not in ("+=", "-=", "at") or statement.args[0] is not version:
            return None
        if not statement.phase or not _of_one_line(statement.location, first.location):
            return None
        chain.append(readers[version])
        version = statement.targets[0]
        if statement.primitive is not ACCUMULATED_AT and key(statement.args[1]) == key(first.args[1]):
            return chain


def _of_one_line(one: Location | None, other: Location | None) -> bool:
    return one is not None and other is not None and (one.file, one.line) == (other.file, other.line)


def _at_once(chain: list[Assign]) -> list[Statement]:
    """The same chain with the last value assigned first; its end has the variable that it had."""
    first, *between, last = chain
    value, before = last.args[2], []
    if last.primitive is DIMINISHED:
        negative = Var(value.type if isinstance(value, Var) else float)
        before = [replace(last, targets=(negative,), primitive=NEGATE, args=(value,))]
        value = negative
    *others, end = replace(first, args=(*first.args[:2], value)), *between
    return [*before, *others, replace(end, targets=last.targets)]
