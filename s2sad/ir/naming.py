"""Names that follow from others: what is another version of a named thing goes by its name.

The front end names what the function assigns. A write makes another version of an array, a loop and a branch hand values on under
variables of their own, and none of these is an assignment of the user's.
"""
from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import replace

from s2sad.ir.program import Assign, Function, If, Loop, Operand, Statement, Var

Names = MutableMapping[Var, str]


def spread_names(function: Function) -> Function:
    """The function with names for what is another version of something that has one."""
    names = dict(function.names)
    spread(function.statements, names)
    return replace(function, names=names)


def spread(statements: Sequence[Statement], names: Names) -> None:
    """Give versions without a name that of the version before them; where that has none, of the one after them."""
    _forwards(statements, names)
    _backwards(statements, names)


def _forwards(statements: Sequence[Statement], names: Names) -> None:
    for statement in statements:
        match statement:
            case Assign() if statement.primitive.writes:
                _give(names, statement.targets[0], statement.args[0])
            case Loop():
                ways = list(zip(statement.inits, statement.carried, statement.nexts, statement.results, strict=True))
                for init, param, _, _ in ways:
                    _give(names, param, init)
                _forwards(statement.body.statements, names)
                for _, param, following, target in ways:
                    _give(names, param, following)
                    _give(names, target, param)
            case If():
                for block in statement.blocks:
                    _forwards(block.statements, names)
                for target, then, orelse in zip(statement.targets, statement.then.results, statement.orelse.results, strict=True):
                    if _agree(names, then, orelse):
                        _give(names, target, then)
                        _give(names, target, orelse)


def _backwards(statements: Sequence[Statement], names: Names) -> None:
    """What the function computes without a name for it keeps none, so that it may be written in place."""
    plain = {t for s in statements if isinstance(s, Assign) and not s.phase for t in s.targets}
    for statement in reversed(statements):
        match statement:
            case Assign() if statement.primitive.writes:
                _give(names, statement.args[0], statement.targets[0], plain)
            case Loop():
                inside = {t for s in statement.body.statements if isinstance(s, Assign) and not s.phase for t in s.targets}
                for init, param, following in zip(statement.inits, statement.carried, statement.nexts, strict=True):
                    _give(names, following, param, inside)
                    _give(names, init, param, plain)
                _backwards(statement.body.statements, names)
            case If():
                for block in statement.blocks:
                    inside = {t for s in block.statements if isinstance(s, Assign) and not s.phase for t in s.targets}
                    for target, result in zip(statement.targets, block.results, strict=True):
                        _give(names, result, target, inside)
                    _backwards(block.statements, names)


def _give(names: Names, var: Operand, other: Operand, but: set[Var] | None = None) -> None:
    """Let a variable have the name of another one."""
    if isinstance(var, Var) and isinstance(other, Var) and other in names and not (but and var in but):
        names.setdefault(var, names[other])


def _agree(names: Names, one: Operand, other: Operand) -> bool:
    found = {names[v] for v in (one, other) if isinstance(v, Var) and v in names}
    return len(found) == 1
