"""Dropping the statements that only give a value another variable."""
from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Mapping
from dataclasses import replace

from s2sad.ir.program import AGAIN, ArrayType, Assign, Atom, Function, Operand, Statement, Var, reads, rewrite, substitute, variables
from s2sad.rules.operations import COPY, COPY_IN_ORDER


def names_of(function: Function) -> ChainMap[Var, str]:
    """The names of variables, to which a pass may add: there are many, and a pass over a block adds few."""
    return ChainMap({}, function.names)  # type: ignore[arg-type]


def joined(names: ChainMap[Var, str]) -> Mapping[Var, str]:
    """The names with those added; the very same where there are none."""
    added, known = names.maps
    return {**known, **added} if added else known


def rewrite_results(function: Function, replacement: dict[Var, Atom]) -> tuple[Atom, ...]:
    return tuple(substitute(r, replacement) for r in function.results)


def uses_in(function: Function) -> Counter[Var]:
    """How often each variable is read."""
    uses = Counter(v for s in function.statements for v in reads(s))
    uses.update(v for r in function.results for v in variables(r))
    return uses


def resolved(gone: Mapping[Var, Atom]) -> dict[Var, Atom]:
    """For each variable what stands in its place in the end."""
    whole: dict[Var, Atom] = {}
    for var, other in gone.items():
        while isinstance(other, Var) and other in gone:
            other = gone[other]
        whole[var] = other
    return whole


def propagate_copies(function: Function) -> Function:
    """Uses of `y = x` read x; the name the user gave y goes to x where x has none.

    So do those of a copy in the adjoint, where what is written over is copied in the end (`passes/placing.py`).
    """
    replacement: dict[Var, Atom] = {}
    names = names_of(function)
    kept: list[Statement] = []
    for statement in function.statements:
        statement = rewrite(statement, replacement)
        if isinstance(statement, Assign) and (statement.primitive.same or _is_needless(statement)):
            for target, source in zip(statement.targets, _sources(statement), strict=True):
                replacement[target] = source  # type: ignore[assignment]
                if isinstance(source, Var) and target in names:
                    names.setdefault(source, names[target])
        else:
            kept.append(statement)
    return replace(function, statements=tuple(kept), results=rewrite_results(function, replacement), names=joined(names))


def _sources(statement: Assign) -> tuple[Operand, ...]:
    """What the results of a statement are."""
    primitive = statement.primitive
    source = statement.args[primitive.index(primitive.same) if primitive.same else 0]
    return (source,) if statement.result is None else source.items  # type: ignore[union-attr]


def _is_needless(statement: Assign) -> bool:
    """Whether a statement copies an array in the adjoint, for which no layout is asked."""
    if statement.primitive not in (COPY, COPY_IN_ORDER) or not (statement.phase or (AGAIN, None) in statement.within):
        return False
    kinds = [v.type if isinstance(v, Var) else None for v in (statement.args[0], *statement.targets)]
    return all(isinstance(kind, ArrayType) for kind in kinds) and kinds[0].dtype == kinds[1].dtype  # type: ignore[union-attr]
