"""Results that own their memory: a gradient is never an argument, a captured array, another gradient, or read-only."""
from __future__ import annotations

from dataclasses import replace

from s2sad.ir.program import ArrayType, Assign, Const, Function, Var
from s2sad.machine.objects import strip_object
from s2sad.passes.storage import memory, shows
from s2sad.rules.operations import ARRAY


def separate_results(function: Function) -> Function:
    """Copy each array result that may share memory with something else, or cannot be written."""
    roots = memory(function, in_place=False)
    read_only: set[Var] = set()
    for statement in function.statements:
        if isinstance(statement, Assign) and shows(statement, read_only):
            read_only.update(statement.targets)
    taken: set[Var] = set()
    statements, results, names = list(function.statements), [], dict(function.names)
    for result in function.results:
        if isinstance(result, Var) and isinstance(result.type, ArrayType):
            mine = roots[result]
            if None in mine or mine & taken or result in read_only:
                fresh = Var(result.type)
                args = tuple(Const(strip_object(d)) for d in ARRAY.bind((None,), {}))
                statements.append(Assign((fresh,), ARRAY, (result, *args[1:]), None, 1))
                if result in names:
                    names[fresh] = names[result]
                result = fresh
            else:
                taken |= {r for r in mine if r is not None}
        results.append(result)
    return replace(function, statements=tuple(statements), results=tuple(results), names=names)
