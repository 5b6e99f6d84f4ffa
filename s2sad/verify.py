"""The rules every Function obeys; broken ones mean a fault of s2sad, not of the user."""
from __future__ import annotations

from s2sad.errors import InvalidIR
from s2sad.ir import Assign, Atom, Function, Guard, Var, reads


def verify(function: Function) -> Function:
    """Return the function unchanged, or raise InvalidIR naming the first statement that breaks a rule."""
    defined: set[Var] = set()
    for param in function.params:
        _define(param, defined, "a parameter")
    for position, statement in enumerate(function.statements):
        where = f"statement {position} of {function.name}"
        for var in reads(statement):
            if var not in defined:
                raise InvalidIR(f"{where} reads {var} before it is defined", statement.location)
        match statement:
            case Assign():
                if len(statement.args) != len(statement.primitive.parameters):
                    raise InvalidIR(f"{where}: {statement.primitive.name} takes {len(statement.primitive.parameters)} operands",
                                    statement.location)  # fmt: skip
                for target in statement.targets:
                    _define(target, defined, where)
            case Guard():
                if statement.kind not in ("truth", "equals", "type", "is"):
                    raise InvalidIR(f"{where}: unknown guard {statement.kind!r}", statement.location)
    for atom in function.results:
        _check_result(atom, defined, function.name)
    return function


def _define(var: Var, defined: set[Var], where: str) -> None:
    if var in defined:
        raise InvalidIR(f"{where} assigns {var} a second time")
    defined.add(var)


def _check_result(atom: Atom, defined: set[Var], name: str) -> None:
    if isinstance(atom, Var) and atom not in defined:
        raise InvalidIR(f"{name} returns {atom}, which is not defined")
