"""Which arrays of a step may be read after it: those must not lie in memory that the next step uses again."""

from __future__ import annotations

from collections.abc import Iterable

from s2sad.ir.program import Assign, Function, If, Loop, Operand, Statement, Var, variables
from s2sad.passes.storage import is_write, may_alias


def escaping(function: Function) -> set[Var]:
    """The variables whose memory a region hands on, or the function gives."""
    found: set[Var] = set()
    _note(function.results, found)
    _block(function.statements, found)
    return found


def _block(statements: tuple[Statement, ...], found: set[Var]) -> None:
    for statement in reversed(statements):
        if isinstance(statement, (Loop, If)):
            for block in statement.blocks:
                _note(block.results, found)
                _block(block.statements, found)
            if isinstance(statement, Loop):
                _note(statement.inits, found)
        elif isinstance(statement, Assign) and not found.isdisjoint(statement.targets) and (is_write(statement) or may_alias(statement)):
            _note(statement.args, found)


def _note(operands: Iterable[Operand], found: set[Var]) -> None:
    found.update(v for o in operands for v in variables(o))
