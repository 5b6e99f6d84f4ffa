"""Where versions of arrays live: a write goes into the array itself where the old version is not needed any more.

In the list a write makes a new array. Here each of them is given a memory: that of the version before, if nothing reads that one
later, or a copy. A view that is read after its memory is written is copied when it is made: it holds the values of then.
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import inf

import numpy as np

from s2sad.ir import ArrayType, Assign, Const, Function, Operand, Statement, Var, reads, variables
from s2sad.primitives import BY_FUNCTION, BY_NAME

WRITES = frozenset({"replaced", "accumulated", "diminished", "accumulated_at"})
Roots = frozenset["Var | None"]
OUTSIDE: Roots = frozenset({None})


def is_write(statement: Statement) -> bool:
    """Whether a statement makes a version of an array from the one before."""
    return isinstance(statement, Assign) and statement.primitive.name in WRITES


def may_alias(statement: Assign) -> bool:
    """Whether a result may share memory with an argument."""
    primitive = statement.primitive
    if primitive.callee is np.copy or (primitive.callee is np.array and _copies(statement)):
        return False
    return primitive.alias or primitive.name == "identity"


def _copies(statement: Assign) -> bool:
    flag = statement.args[statement.primitive.index("copy")]
    return isinstance(flag, Const) and flag.value is True


def from_outside(statement: Assign) -> bool:
    return statement.primitive.callee is None and not statement.primitive.name.startswith(".")


def memory_of(statement: Assign, roots: dict[Var, Roots], in_place: bool) -> Roots | None:
    """The memory of a statement's results by that of its arguments; None for memory of their own."""
    if in_place and is_write(statement):
        return roots[statement.args[0]] if isinstance(statement.args[0], Var) else OUTSIDE
    if from_outside(statement):
        return OUTSIDE
    if not may_alias(statement):
        return None
    found: Roots = frozenset().union(*(roots[v] for v in reads(statement)))
    held = any(isinstance(a, Const) and isinstance(a.value, np.ndarray) for a in statement.args)
    return found | OUTSIDE if held or not found else found


def memory(function: Function, in_place: bool) -> dict[Var, Roots]:
    """For each variable the arrays whose memory it may be, None for one from outside; with `in_place` as the emitter writes."""
    roots: dict[Var, Roots] = dict.fromkeys(function.params, OUTSIDE)
    for statement in function.statements:
        if isinstance(statement, Assign):
            found = memory_of(statement, roots, in_place)
            for target in statement.targets:
                roots[target] = frozenset({target}) if found is None else found
    return roots


def place_writes(function: Function) -> Function:
    """Copy what a write would otherwise destroy; after this pass each write may be made in place."""
    if not any(map(is_write, function.statements)):
        return function
    return _Placing(function).run()


class _Placing:
    """The state of the pass: the memory of each variable so far, and which views are to be copied when they are made."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.last: dict[Var, float] = {}
        for position, statement in enumerate(function.statements):
            self.last.update(dict.fromkeys(reads(statement), position))
        self.last.update((r, inf) for r in function.results if isinstance(r, Var))
        self.roots: dict[Var, Roots] = dict.fromkeys(function.params, OUTSIDE)
        self.members: dict[Var | None, list[Var]] = defaultdict(list)
        self.made: dict[Var, Assign] = {}
        self.children: dict[Var, list[Var]] = defaultdict(list)
        self.copied: set[Var] = set()
        self.names = dict(function.names)

    def run(self) -> Function:
        placed: list[Statement] = []
        for position, statement in enumerate(self.function.statements):
            if isinstance(statement, Assign):
                if is_write(statement):
                    statement = self.write(statement, position, placed)
                self.note(statement)
            placed.append(statement)
        final: list[Statement] = []
        for statement in placed:
            final += self.with_copies(statement) if isinstance(statement, Assign) else [statement]
        return replace(self.function, statements=tuple(final), names=self.names)

    def note(self, statement: Assign) -> None:
        found = memory_of(statement, self.roots, in_place=True)
        for target in statement.targets:
            self.roots[target] = frozenset({target}) if found is None else found
            self.made[target] = statement
            for root in self.roots[target]:
                self.members[root].append(target)
        if found is not None and not is_write(statement):
            for source in reads(statement):
                self.children[source] += statement.targets

    def write(self, statement: Assign, position: int, placed: list[Statement]) -> Assign:
        """The write, into a copy where it must be; views of its memory that are still needed become copies."""
        base = statement.args[0]
        if isinstance(base, Var) and None not in self.roots[base] and self.last[base] <= position and not self.read_only(base):
            views = self.needed(statement, base, position)
            if not views & self.above(base):
                for view in sorted(views, key=lambda v: v.number):
                    self.copy_view(view)
                return statement
        fresh = Var(statement.targets[0].type)
        source = self.names.get(base) if isinstance(base, Var) else None
        hint = self.names.get(statement.targets[0], source)
        if hint is not None:
            self.names[fresh] = hint
        copy = copied(fresh, base, statement)
        self.note(copy)
        placed.append(copy)
        return replace(statement, args=(fresh, *statement.args[1:]))

    def needed(self, statement: Assign, base: Var, position: int) -> set[Var]:
        """What shares the memory of an array that is written and is read afterwards, or where NumPy would read while it writes."""
        careful = set(variables(statement.args[1]))
        if statement.primitive.name == "accumulated_at":
            careful |= set(variables(statement.args[2]))
        found = set()
        for root in self.roots[base]:
            self.members[root] = [m for m in self.members[root] if root in self.roots[m] and self.last.get(m, -1) >= position]
            found |= {v for v in self.members[root] if v is not base and (self.last[v] > position or v in careful)}
        return found

    def above(self, var: Var) -> set[Var]:
        """What an array is a view of, directly or not: copying those would not keep them from a write into the view."""
        found: set[Var] = set()
        pending = [var]
        while pending:
            made = self.made.get(pending.pop())
            if made is not None and (is_write(made) or may_alias(made)):
                new = {v for v in reads(made) if self.roots[v] & self.roots[var]} - found
                found |= new
                pending += new
        return found

    def read_only(self, base: Var) -> bool:
        made = self.made.get(base)
        return made is not None and made.primitive.name == "np.broadcast_to"

    def copy_view(self, view: Var) -> None:
        if not isinstance(view.type, ArrayType):
            return
        self.copied.add(view)
        self.settle(view, frozenset({view}))

    def settle(self, var: Var, roots: Roots) -> None:
        """Give a variable, and all that are views of it, another memory."""
        self.roots[var] = roots
        for root in roots:
            if var not in self.members[root]:
                self.members[root].append(var)
        for child in self.children[var]:
            if child not in self.copied:
                parents: Roots = frozenset().union(*(self.roots[v] for v in reads(self.made[child])))
                if parents != self.roots[child]:
                    self.settle(child, parents)

    def with_copies(self, statement: Assign) -> list[Statement]:
        wanted = [t for t in statement.targets if t in self.copied]
        if not wanted:
            return [statement]
        raw = {t: Var(t.type) for t in wanted}
        made = replace(statement, targets=tuple(raw.get(t, t) for t in statement.targets))
        return [made, *(copied(t, raw[t], statement) for t in wanted)]


def copied(target: Var, source: Operand, beside: Assign) -> Assign:
    """`target = source.copy()`, at the place of another statement; in the primal part with the layout of the source, which sums go by."""
    plain = beside.phase > 0 or (isinstance(target.type, ArrayType) and len(target.type.shape) < 2)
    primitive = BY_NAME[".copy"] if plain else BY_FUNCTION[np.copy]
    defaults = primitive.bind((None,), {})[1:]
    return Assign((target,), primitive, (source, *map(Const, defaults)), beside.location, beside.phase)
