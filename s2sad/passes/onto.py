"""Adding to a cotangent what would be gathered in zeros first: `p_bar[1:] += ...` where `p_bar + pn_bar` was meant, and `pn_bar` is nothing
but what is added to zeros, part by part. No zeros are made, and the whole is not added.

What is added stays where it is, in front of what is added to the cotangent later.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad.ir.program import ArrayType, Assign, Function, Operand, Statement, Type, Var, targets_of
from s2sad.passes.accumulate import names_once
from s2sad.passes.copies import uses_in
from s2sad.rules.operations import ACCUMULATED, ACCUMULATED_AT, ADD, SCATTER, ZEROS

ADDS = ("+=", "-=", "at")


def add_onto(function: Function) -> Function:
    """The additions of which one side of a sum consists are made to the other side."""
    return _Onto(function).run()


class _Onto:
    def __init__(self, function: Function) -> None:
        self.function, self.uses = function, uses_in(function)
        self.statements: list[Statement | None] = list(function.statements)
        self.places = {t: k for k, s in enumerate(function.statements) for t in targets_of(s)}

    def run(self) -> Function:
        sums = [k for k, s in enumerate(self.statements) if isinstance(s, Assign) and s.phase and s.primitive is ADD]
        changed = [k for k in sums if self.change(k)]
        if not changed:
            return self.function
        return replace(self.function, statements=tuple(s for s in self.statements if s is not None))

    def made(self, var: Operand) -> Assign | None:
        """The statement in this list that makes a variable, if it is where it was."""
        statement = self.statements[self.places[var]] if isinstance(var, Var) and var in self.places else None
        return statement if isinstance(statement, Assign) and statement.targets[0] is var else None

    def change(self, place: int) -> bool:
        one, other = self.at(place).args
        return any(self.onto(base, part, place) for base, part in ((one, other), (other, one)))

    def onto(self, base: Operand, part: Operand, place: int) -> bool:
        """Whether what is added for the part could be added to the base, which it is then."""
        if not isinstance(base, Var) or not _are_alike(base, part, self.at(place).targets[0].type):
            return False
        parts = self.parts(part)
        if not parts or self.uses[base] != 1:
            return False
        later = self.later(base, parts[0], parts[-1])
        if later is not None:
            self.in_place(parts, later, base, place)
        return later is not None

    def parts(self, version: Operand) -> list[int]:
        """Where an array is made from zeros by additions to parts of it, in order; nowhere if it is made in another way."""
        found: list[int] = []
        while (statement := self.made(version)) is not None and statement.phase and self.uses[statement.targets[0]] == 1:
            found.append(self.places[statement.targets[0]])
            if statement.primitive is SCATTER or statement.primitive is ZEROS:
                return found[::-1] if len(found) > 1 else []
            if statement.primitive.writes not in ADDS:
                break
            version = statement.args[0]
        return []

    def later(self, base: Operand, start: int, end: int) -> list[int] | None:
        """Where the base is added to after the parts are, if that is all that happens to it since they begin."""
        found: list[int] = []
        while isinstance(base, Var) and self.uses[base] == 1:
            place = self.places.get(base, -1)
            if place < start:
                return found[::-1]
            statement = self.made(base)
            if place < end or statement is None or not statement.phase or statement.primitive.writes not in ADDS:
                break
            found.append(place)
            base = statement.args[0]
        return None

    def in_place(self, parts: list[int], later: list[int], base: Var, place: int) -> None:
        """Begin with what the base was before; what is added to it later follows, and the last version is the sum."""
        start: Any = self.at(later[0]).args[0] if later else base
        for k in (*parts, *later):
            grown = _added(self.at(k), start)
            if grown is not None and k in parts:  # another version of the base, and called so
                grown = replace(grown, targets=(Var(base.type),))
                self.places[grown.targets[0]], self.uses[grown.targets[0]] = k, 1
            self.statements[k] = grown
            start = start if grown is None else grown.targets[0]
        total, last = self.at(place).targets, (*parts, *later)[-1]
        self.statements[last], self.statements[place] = replace(self.at(last), targets=total), None
        self.places[total[0]] = last

    def at(self, place: int) -> Assign:
        statement = self.statements[place]
        assert isinstance(statement, Assign)
        return statement


def _added(part: Assign, base: Var) -> Assign | None:
    """The addition, to another array; nothing is left of zeros."""
    if part.primitive is ZEROS:
        return None
    if part.primitive is SCATTER:
        value, index, _ = part.args
        return replace(part, primitive=ACCUMULATED if names_once(index) else ACCUMULATED_AT, args=(base, index, value))
    return replace(part, args=(base, *part.args[1:]))


def _are_alike(base: Operand, part: Operand, kind: Type) -> bool:
    return isinstance(base, Var) and isinstance(part, Var) and isinstance(kind, ArrayType) and base.type == part.type == kind
