"""What the function computes anew is read where it was computed first, in front of the sweep: one cotangent gathers what would arrive at
several, and what a reverse step needs is saved once.

The statements stay where they are, for what is around the list knows their variables; nothing reads them any more. A side of a branch
computes its own: what it would read from around it, it would have to hand a cotangent back to.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from s2sad.ir.equal import key, mergeable, sets_errors
from s2sad.ir.program import ArrayType, Assign, Block, If, Loop, Statement, Var, everything, rewrite, substitute, variables
from s2sad.rules.operations import IDENTITY

Machine = Any
Seen = dict[Any, tuple[Var, ...]]
"""The results of the statements so far, by what computes them."""


def read_firsts(machine: Machine, statements: list[Statement]) -> tuple[list[Statement], Mapping[Var, Var]]:
    """The statements, which read the first of equal values; and the first for each variable that has one."""
    firsts: dict[Var, Var] = {}
    return _Firsts(machine.sheet.names, firsts, _written(statements)).walked(statements), firsts


def _written(statements: list[Statement]) -> set[Var]:
    """What statements may write over."""
    found: set[Var] = set()
    for statement in everything(tuple(statements)):
        if isinstance(statement, Assign) and statement.primitive.writes:
            found.update(variables(statement.args[0]))
        elif isinstance(statement, Loop):
            found.update(v for init in statement.inits for v in variables(init) if isinstance(v.type, ArrayType))
    return found


class _Firsts:
    def __init__(self, names: dict[Var, str], firsts: dict[Var, Var], written: set[Var]) -> None:
        self.names, self.firsts, self.written = names, firsts, written

    def walked(self, statements: list[Statement]) -> list[Statement]:
        seen: Seen = {}
        kept: list[Statement] = []
        for statement in statements:
            statement = rewrite(statement, self.firsts)
            if sets_errors(statement):
                seen.clear()
            match statement:
                case Assign():
                    self.note(statement, seen)
                case If():
                    then, orelse = (self.block(b) for b in statement.blocks)
                    statement = replace(statement, then=then, orelse=orelse)
                case Loop():
                    statement = replace(statement, body=self.block(statement.body))
            kept.append(statement)
        return kept

    def block(self, block: Block) -> Block:
        statements = self.walked(list(block.statements))
        return Block(block.params, tuple(statements), tuple(substitute(r, self.firsts) for r in block.results))

    def note(self, statement: Assign, seen: Seen) -> None:
        """Remember what a statement gives, or that it has been there before. What is written, or a copy of an argument, is like none."""
        primitive = statement.primitive
        if not mergeable(statement) or primitive.anew or primitive is IDENTITY or not self.written.isdisjoint(statement.targets):
            return
        first = seen.setdefault((statement.primitive, statement.strong, *map(key, statement.args)), statement.targets)
        for var, other in zip(statement.targets, first, strict=True):
            if var is not other:
                self.firsts[var] = other
                if var in self.names:
                    self.names.setdefault(other, self.names[var])
