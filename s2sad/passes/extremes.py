"""`min` and `max` of numbers, where choices between them would take lines to name what is compared.

    D[i, j] = cost + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])

A call of `min` is written down as comparisons with choices between two numbers each, since that is what its adjoint asks. Where nothing
else reads a comparison, the choice is a call again: Python compares in the same order, so that of equal numbers, and beside NaN, it takes
the same one. Between two names a choice stays: it is faster, and a line as well.
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from s2sad.ir.equal import key
from s2sad.ir.program import Assign, Const, Display, Function, If, Operand, Statement, Var, reads, targets_of, variables
from s2sad.rules.language import Primitive
from s2sad.rules.structural import GREATEST, LEAST

ORDERED = (int, float, np.integer, np.floating)
TAKEN = {("<", True): LEAST, (">", True): GREATEST, ("<", False): GREATEST, (">", False): LEAST}
"""By how two numbers compare, and whether it is the first of them that is taken then."""


def call_extremes(function: Function) -> Function:
    """The block with calls of `min` and `max` for choices whose comparisons nothing else reads."""
    return _Extremes(function).run() if any(isinstance(s, If) for s in function.statements) else function


class _Extremes:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.made = {t: s for s in function.statements for t in targets_of(s)}
        self.readers: dict[Var, list[Statement | None]] = defaultdict(list)
        for statement in function.statements:
            for var in dict.fromkeys(reads(statement)):
                self.readers[var].append(statement)
        for var in (v for r in function.results for v in variables(r)):
            self.readers[var].append(None)
        self.calls: dict[Operand, tuple[Assign, Var]] = {}  # that choices may be, with the comparisons
        self.gone: set[Var] = set()

    def run(self) -> Function:
        statements = [self.called(s) if isinstance(s, If) else s for s in self.function.statements]
        kept = tuple(s for s in statements if self.gone.isdisjoint(targets_of(s)))
        return replace(self.function, statements=kept) if self.gone else self.function

    def called(self, branch: If) -> Statement:
        """The choice as a call, if it is one of `min` or `max` that is shorter so."""
        asked = self.made.get(branch.atom) if isinstance(branch.atom, Var) else None
        primitive = self.takes(branch, asked) if isinstance(asked, Assign) else None
        if primitive is None:
            return branch
        items = branch.orelse.results[0], branch.then.results[0]  # the first of those that are equal comes first
        waiting = [v for v in items if isinstance(v, Var) and self.waits(v, [asked, branch])]
        inner = self.calls.get(items[0]) if items[0] in waiting else None
        if inner is not None and inner[0].primitive is primitive:
            self.gone.update((*inner[0].targets, inner[1]))
            items = (*inner[0].args[0].items, items[1])  # type: ignore[union-attr]
        call = Assign(branch.targets, primitive, (Display(list, items),), branch.location, branch.phase)
        self.calls[branch.targets[0]] = call, branch.atom  # type: ignore[assignment]
        self.gone.update(asked.targets if waiting else ())  # type: ignore[union-attr]
        return call if waiting else branch

    def takes(self, branch: If, asked: Assign) -> Primitive | None:
        """Whether a choice takes the least or the greatest of the numbers that are compared; None where it does something else."""
        if not asked.primitive.compares or asked.phase != branch.phase or self.readers[asked.targets[0]] != [branch]:
            return None
        if any(b.statements for b in branch.blocks) or len(branch.targets) != 1:
            return None
        if not all(map(_is_ordered, (*branch.targets, *asked.args))):
            return None
        compared, taken = [key(a) for a in asked.args], [key(b.results[0]) for b in branch.blocks]
        return TAKEN.get((asked.primitive.compares, taken == compared)) if taken in (compared, compared[::-1]) else None

    def waits(self, var: Var, readers: list[Statement | None]) -> bool:
        """Whether a number without a name of the user's is made in this block, and only these read it."""
        return var in self.made and var not in self.function.names and self.readers[var] == readers


def _is_ordered(operand: Operand) -> bool:
    """Whether this is a number of which one is less than another."""
    kind = type(operand.value) if isinstance(operand, Const) else getattr(operand, "type", None)
    return isinstance(kind, type) and issubclass(kind, ORDERED)
