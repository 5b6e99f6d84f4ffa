"""Dropping the statements that only give a value another variable."""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir import Assign, Atom, Function, Statement, Var, rewrite, substitute


def rewrite_results(function: Function, replacement: dict[Var, Atom]) -> tuple[Atom, ...]:
    return tuple(substitute(r, replacement) for r in function.results)


def propagate_copies(function: Function) -> Function:
    """Uses of `y = x` read x; the name the user gave y goes to x where x has none."""
    replacement: dict[Var, Atom] = {}
    names = dict(function.names)
    kept: list[Statement] = []
    for statement in function.statements:
        statement = rewrite(statement, replacement)
        if isinstance(statement, Assign) and statement.primitive.name == "identity":
            (target,), (source,) = statement.targets, statement.args
            replacement[target] = source  # type: ignore[assignment]
            if isinstance(source, Var) and target in names:
                names.setdefault(source, names[target])
        else:
            kept.append(statement)
    return replace(function, statements=tuple(kept), results=rewrite_results(function, replacement), names=names)
