"""What is known of conditions when the code is written: comparisons of constants, and what a branch on the same condition has given.

    kind = 0 if c else 1
    if kind == 0:                   for     if c:
        y = x                                   y = x
"""
from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.equal import key, mergeable
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    Const,
    Function,
    Guard,
    If,
    Loop,
    Operand,
    StackType,
    Statement,
    Var,
    is_undefined,
    rewrite,
    rewrite_block,
    substitute,
    targets_of,
)  # fmt: skip
from s2sad.passes.copies import rewrite_results
from s2sad.rules.structural import NOT

PLAIN = (bool, int, float, str, type(None))
Sides = tuple[Operand | None, Operand | None]


def decide(function: Function) -> Function:
    """Take the sides that are known to be taken, and read what a branch has given on the side that one is on; guards that hold go."""
    deciding = _Deciding()
    statements = deciding.walked(function.statements)
    return replace(function, statements=statements, results=rewrite_results(function, deciding.replacement))


class _Deciding:
    """For each result of a branch so far its condition and what it is on either side, where that is there behind the branch."""

    def __init__(self) -> None:
        self.replacement: dict[Var, Any] = {}
        self.given: dict[Var, tuple[Var, Sides]] = {}
        self.firsts: dict[Any, Var] = {}  # by condition and by what it is on the sides
        self.opposites: dict[Operand, Operand] = {}
        self.known: dict[Operand, int] = {}  # for the conditions of the sides around which side it is
        self.alike: dict[Operand, Var] = {}  # what is true where a condition is, in another class of truth values

    def walked(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        kept: list[Statement] = []
        for statement in statements:
            statement = rewrite(statement, self.replacement)
            match statement:
                case Assign():
                    kept += self.assign(statement)
                case Guard(kind="truth", atom=Const(value=bool() as answer), value=wanted) if answer is wanted:
                    continue
                case If(atom=Const(value=bool() as answer)):
                    kept += self.taken(statement, statement.then if answer else statement.orelse)
                case If(atom=atom):
                    statement = replace(statement, atom=self.alike.get(atom, atom))
                    side = self.side_taken(statement)
                    kept += [self.branch(statement)] if side is None else self.taken(statement, side)
                case Loop(body=body, test=test):
                    kept.append(replace(statement, body=self.block(body), test=None if test is None else self.block(test)))
                case _:
                    kept.append(statement)
        return tuple(kept)

    def block(self, block: Block) -> Block:
        around = dict(self.firsts)
        statements = self.walked(block.statements)
        self.firsts = around  # what is given in the block is not there behind it
        return Block(block.params, statements, tuple(substitute(r, self.replacement) for r in block.results))

    def taken(self, branch: If, side: Block) -> tuple[Statement, ...]:
        statements = self.walked(side.statements)
        self.replacement.update((t, substitute(r, self.replacement)) for t, r in zip(branch.targets, side.results, strict=True))
        return statements

    def branch(self, branch: If) -> If:
        atom, turned = self.condition(branch.atom)
        then, orelse = (self.on_side(b, atom, k ^ turned) for k, b in enumerate(branch.blocks))
        if isinstance(atom, Var):
            sides = [(b, {t for s in b.statements for t in targets_of(s)}) for b in ((orelse, then) if turned else (then, orelse))]
            there = [[self.there(r, made, atom, k) for r in b.results] for k, (b, made) in enumerate(sides)]
            for target, *pair in zip(branch.targets, *there, strict=True):
                if not isinstance(target.type, StackType):
                    self.give(target, atom, pair[0], pair[1])
        return replace(branch, then=then, orelse=orelse)

    def there(self, result: Operand, made: set[Var], atom: Var, number: int) -> Operand | None:
        """What a side gives, if that is there behind the branch as well: what is made in the side is not."""
        if isinstance(result, Var) and result in made:
            return None
        known, sides = self.given.get(result, (None, (None, None))) if isinstance(result, Var) else (None, (None, None))
        return sides[number] if known is atom and sides[number] is not None else result

    def give(self, target: Var, atom: Var, then: Operand | None, orelse: Operand | None) -> None:
        """Note what a branch gives; what another one on the condition has given is the same."""
        self.given[target] = atom, (then, orelse)
        if then is not None and orelse is not None and not isinstance(target.type, ArrayType):
            first = self.firsts.setdefault((atom, key(then), key(orelse), target.type), target)
            if first is not target:
                self.replacement[target] = first

    def condition(self, atom: Operand) -> tuple[Operand, int]:
        """The condition of a branch, and whether it is the contrary that is asked."""
        return (self.opposites[atom], 1) if atom in self.opposites else (atom, 0)

    def side_taken(self, branch: If) -> Block | None:
        """The side of a branch that is taken, where the condition is known; not one that leaves something undefined, which is asked for."""
        condition, turned = self.condition(branch.atom)
        side = branch.blocks[self.known[condition] ^ turned] if condition in self.known else None
        return None if side is None or any(map(is_undefined, side.results)) else side

    def on_side(self, block: Block, atom: Operand, side: int) -> Block:
        """A side of a branch, where the condition is known and the constants that branches on the same one have given on that side."""
        given = {v: self.given[v][1][side] for v in block.free if v in self.given and self.given[v][0] is atom}
        around, self.known = self.known, {**self.known, atom: side}
        block = self.block(rewrite_block(block, {v: there for v, there in given.items() if _fits(v, there)}))
        self.known = around
        return block

    def assign(self, statement: Assign) -> list[Statement]:
        if statement.primitive is NOT and _is_truth(statement.args[0]):
            self.opposites[statement.targets[0]] = statement.args[0]
        answers = self.answers(statement)
        if answers is None:
            return [statement]
        target, (atom, (then, orelse)) = statement.targets[0], answers
        if then is orelse:
            self.replacement[target] = Const(then)
        elif then and atom is not None and atom.type is not target.type:  # one is added to another of Python's, not to one of NumPy's
            self.alike[target] = atom
            return [statement]
        elif then:
            self.replacement[target] = atom
        else:
            self.opposites[target] = atom
            return [replace(statement, primitive=NOT, args=(atom,))]
        return []

    def answers(self, statement: Assign) -> tuple[Any, tuple[bool, bool]] | None:
        """What a comparison with a constant says on either side of a branch that has given the other term; the condition of that."""
        if not isinstance(statement.primitive.template, ast.Compare) or len(statement.args) != 2 or not mergeable(statement):
            return None
        sides = [self.sides(a) for a in statement.args]
        atoms = {atom for atom, _ in sides if atom is not None}
        if len(atoms) > 1 or not all(_is_truth(a) for a in atoms):
            return None
        found = tuple(_compared(statement, [values[k] for _, values in sides]) for k in (0, 1))
        return None if None in found else (next(iter(atoms), None), found)  # type: ignore[return-value]

    def sides(self, operand: Operand) -> tuple[Var | None, Sides]:
        if isinstance(operand, Var):
            return self.given.get(operand, (None, (None, None)))
        return None, (operand, operand)


def _fits(var: Var, there: Operand | None) -> bool:
    """Whether a constant may be read in place of a variable."""
    return isinstance(there, Const) and not isinstance(var.type, ArrayType) and type(there.value) is var.type


def _is_truth(operand: Operand) -> bool:
    return isinstance(operand, Var) and operand.type in (bool, np.bool_)


def _compared(comparison: Assign, values: list[Operand | None]) -> bool | None:
    """What a comparison of constants says."""
    if not all(isinstance(v, Const) and type(v.value) in PLAIN for v in values):
        return None
    try:
        answer = comparison.primitive.evaluate([v.value for v in values])  # type: ignore[union-attr]
    except TypeError:
        return None
    return answer if type(answer) is bool else None
