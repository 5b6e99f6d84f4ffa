"""Results that own their memory: a gradient is never an argument, a captured array, another gradient, or a read-only broadcast."""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir import ArrayType, Assign, Atom, Const, Function, Var, reads
from s2sad.objects import strip_object
from s2sad.primitives import BY_FUNCTION, BY_NAME


def separate_results(function: Function) -> Function:
    """Copy each array result that may share memory with something else."""
    import numpy as np

    copy = BY_FUNCTION[np.array]
    roots = _roots(function)
    broadcast = {t for s in function.statements if isinstance(s, Assign) and s.primitive is BY_NAME["np.broadcast_to"] for t in s.targets}
    taken: set[Var] = set()
    statements, results, names = list(function.statements), [], dict(function.names)
    for result in function.results:
        if isinstance(result, Var) and isinstance(result.type, ArrayType):
            mine = roots[result]
            if None in mine or mine & taken or result in broadcast:
                fresh = Var(result.type)
                args = tuple(Const(strip_object(d)) for d in copy.bind((None,), {}))
                statements.append(Assign((fresh,), copy, (result, *args[1:]), None, 1))
                if result in names:
                    names[fresh] = names[result]
                result = fresh
            else:
                taken |= {r for r in mine if r is not None}
        results.append(result)
    return replace(function, statements=tuple(statements), results=tuple(results), names=names)


def _roots(function: Function) -> dict[Var, set[Var | None]]:
    """For each variable the variables whose memory it may be; None is memory from outside."""
    roots: dict[Var, set[Var | None]] = {p: {None} for p in function.params}
    for statement in function.statements:
        if isinstance(statement, Assign):
            shares = statement.primitive.alias or statement.primitive.name == "identity"
            outside = statement.primitive.callee is None and not statement.primitive.name.startswith(".")
            below = set().union(*(roots[v] for v in reads(statement))) if shares else set()
            if any(isinstance(a, Const) and hasattr(a.value, "__array_interface__") for a in statement.args) and shares:
                below = below | {None}
            for target in statement.targets:
                roots[target] = {None} if outside else below or {target}
    return roots


__all__ = ["Atom", "separate_results"]
