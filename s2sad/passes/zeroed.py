"""Sums with cotangents of which all is zero: what has been set to zero part by part, in loops, or by edges and the inner part.

    u_bar[0, :] = 0.0
    for i in range(1, n):
        v_bar[i - 1, :] += u_bar[i, :] * v[i, :]
        u_bar[i, :] = 0.0
    w_bar = u_bar + v_bar                   w_bar = v_bar

So nothing need be set to zero, and there is an array less. Where a sum with zero was meant, a -0.0 stays one.
"""
from __future__ import annotations

from s2sad.ir.covering import covered, reached
from s2sad.ir.footprints import Access
from s2sad.ir.order import Place
from s2sad.ir.program import ArrayType, Assign, Atom, Function, Statement, Var, everything, targets_of
from s2sad.passes.elements import told, without
from s2sad.passes.zeroing import is_zeroing
from s2sad.rules.operations import ADD
from s2sad.types.sizes import same

MOST = 128  # reads and writes of one array beyond which they are not compared with one another


def leave_out_zeros(function: Function) -> Function:
    """For a sum with what has been set to zero everywhere, the other term."""
    every = list(everything(function.statements))
    sums = [s for s in every if _is_sum(s)]
    if not sums or not any(map(is_zeroing, every)):
        return function
    found = _Zeros(function, every)
    gone: dict[Var, Atom] = {}
    for total in sums:
        for term, other in (total.args, total.args[::-1]):  # type: ignore[union-attr]
            if found.is_zero(term, found.place(total)):  # type: ignore[arg-type]
                gone[total.targets[0]] = other  # type: ignore[union-attr, assignment]
                break
    return without(function, gone) if gone else function


def _is_sum(statement: Statement) -> bool:
    """Whether a statement of the adjoint adds two arrays of one type, which the sum has as well."""
    if not isinstance(statement, Assign) or statement.primitive is not ADD or not statement.phase:
        return False
    one, *others = (v.type if isinstance(v, Var) else None for v in (*statement.args, *statement.targets))
    return isinstance(one, ArrayType) and all(isinstance(kind, ArrayType) and _alike(one, kind) for kind in others)


def _alike(one: ArrayType, other: ArrayType) -> bool:
    return one.dtype == other.dtype and len(one.shape) == len(other.shape) and all(map(same, one.shape, other.shape))


class _Zeros:
    """Where cotangents are zero."""

    def __init__(self, function: Function, every: list[Statement]) -> None:
        self.found = told(function)
        made_by = {t: s for s in every for t in targets_of(s)}
        self.writes: dict[Access, Statement] = {self.found.accesses[t]: s for t, s in made_by.items() if t in self.found.accesses}

    def place(self, statement: Assign) -> Place:
        return self.found.things[statement.targets[0]].places[statement.targets[0]]

    def is_beside(self, var: Var, place: Place) -> bool:
        """Whether an array is made in the block of a place."""
        made = self.found.things[var].places[var]
        return len(made.regions) == len(place.regions) and made.beside(place, len(place.regions))

    def is_zero(self, var: Var, place: Place) -> bool:
        """Whether all elements of an array have been set to zero in the block, and not been written to after that."""
        thing, depth = self.found.things[var], len(place.regions)
        if thing.forked > depth or len(thing.accesses) > MOST or not self.is_beside(var, place):
            return False
        later = thing.versions[thing.versions.index(var) + 1 :]
        if any(_stands_before(thing.places[v], place) for v in later):
            return False
        writes = [a for a in thing.accesses if a.writes and _stands_before(a.place, place)]
        others = [w for w in writes if not is_zeroing(self.writes[w])]
        last = (w for w in writes if w not in others and not any(self.found.may_follow(w, other, depth) for other in others))
        parts = (reached(w, self.found.laps, depth) for w in last)
        return covered([part for part in parts if part is not None], thing.shape)


def _stands_before(one: Place, other: Place) -> bool:
    """Whether something stands before a place in its block, in regions there as well."""
    depth = len(other.regions)
    return one.beside(other, depth) and one.steps[depth][1] < other.steps[depth][1]
