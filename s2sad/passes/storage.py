"""Where versions of arrays live: a write goes into the array itself where the old version is not needed any more.

In the list a write makes a new array. Here each of them is given a memory: that of the version before, if nothing reads that one
later, or a copy. A view that is read after its memory is written is copied when it is made: it holds the values of then.
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import inf
from typing import Any, TypeGuard

import numpy as np

from s2sad.ir.program import (
    ArrayType,
    Assign,
    Atom,
    Const,
    Function,
    If,
    Loop,
    Operand,
    Statement,
    Type,
    Var,
    reads,
    rewrite,
    substitute,
    variables,
)
from s2sad.passes.regions import Region, disjoint, region
from s2sad.rules.operations import ACCUMULATED_AT, COPY, COPY_IN_ORDER, GETITEM, IDENTITY

Roots = frozenset["Var | None"]
OUTSIDE: Roots = frozenset({None})


def is_write(statement: Statement) -> TypeGuard[Assign]:
    """Whether a statement makes a version of an array from the one before."""
    return isinstance(statement, Assign) and bool(statement.primitive.writes)


def may_alias(statement: Assign) -> bool:
    """Whether a result may share memory with an argument."""
    primitive = statement.primitive
    if primitive.memory == "asked" and _copies(statement):
        return False
    return primitive.alias or primitive is IDENTITY


def _copies(statement: Assign) -> bool:
    flag = statement.args[statement.primitive.index("copy")]
    return isinstance(flag, Const) and flag.value is True


def shows(statement: Assign, read_only: set[Var]) -> bool:
    """Whether what a statement gives cannot be written: NumPy only shows it, or it is a part of what is read-only."""
    is_part = may_alias(statement) and not is_write(statement)
    return statement.primitive.read_only or (is_part and not read_only.isdisjoint(reads(statement)))


def from_outside(statement: Assign) -> bool:
    return statement.primitive.structural


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


class Ties:
    """Variables that may be one piece of memory, in groups, each by the name of one of them."""

    def __init__(self) -> None:
        self.parents: dict[Any, Any] = {}

    def find(self, v: Any) -> Any:
        while (above := self.parents.setdefault(v, v)) is not v:
            self.parents[v] = self.parents[above]  # which keeps the ways short
            v = above
        return v

    def tie(self, a: Any, b: Any) -> None:
        if isinstance(a, Var) and isinstance(b, Var):
            self.parents[self.find(a)] = self.find(b)

    def across(self, region: Loop | If) -> None:
        """What a loop carries and gives, and what a branch gives, are what goes into them."""
        match region:
            case Loop():
                for group in zip(region.inits, region.carried, region.nexts, region.results, strict=True):
                    for other in (group[0], *group[2:]):
                        self.tie(group[1], other)
            case If():
                for target, a, b in zip(region.targets, region.then.results, region.orelse.results, strict=True):
                    self.tie(target, a)
                    self.tie(target, b)


def place_writes(function: Function) -> Function:
    """Copy what a write would otherwise destroy; after this pass each write may be made in place."""
    if not any(map(is_write, function.statements)):
        return function
    return _Placing(function).run()


class _Placing:
    """The state of the pass: the memory of each variable so far, and the copies that stand for what was written over."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.last: dict[Var, float] = {}
        for position, statement in enumerate(function.statements):
            self.last.update(dict.fromkeys(reads(statement), position))
        self.last.update((r, inf) for r in function.results if isinstance(r, Var))
        self.roots: dict[Var, Roots] = dict.fromkeys(function.params, OUTSIDE)
        self.members: dict[Var | None, list[Var]] = defaultdict(list)
        self.order: dict[Var | None, int] = {}
        self.read_only: set[Var] = set()
        self.whole: set[Var] = set()  # what names its memory as a whole, so that indices into it compare
        self.regions: dict[Var, Region] = {}
        self.saved: dict[Var, Atom] = {}
        self.stands_for: dict[Var, list[Var]] = {}
        self.names = dict(function.names)
        self.placed: list[Statement] = []

    def run(self) -> Function:
        for position, statement in enumerate(self.function.statements):
            statement = rewrite(statement, self.saved)
            if isinstance(statement, Assign) and is_write(statement):
                statement = self.write(statement, position)
            self.add(statement)
        results = tuple(self.saved.get(r, r) if isinstance(r, Var) else r for r in self.function.results)
        return replace(self.function, statements=tuple(self.placed), results=results, names=self.names)

    def add(self, statement: Statement) -> None:
        self.placed.append(statement)
        if isinstance(statement, Assign):
            found = memory_of(statement, self.roots, in_place=True)
            for target in statement.targets:
                self.roots[target] = frozenset({target}) if found is None else found
                if isinstance(target.type, ArrayType):
                    for root in self.roots[target]:
                        self.members[root].append(target)
                        self.order.setdefault(root, len(self.order))
            of_read_only = found is not None and not is_write(statement) and any(v in self.read_only for v in reads(statement))
            if statement.primitive.read_only or of_read_only:
                self.read_only.update(statement.targets)
            base = statement.args[0] if statement.args else None
            if found is None or (is_write(statement) and base in self.whole):
                self.whole.update(statement.targets)
            elif statement.primitive is GETITEM and isinstance(base, Var) and base in self.whole:
                part = region(statement.args[1], base.type)
                if part is not None:
                    self.regions[statement.targets[0]] = part

    def write(self, statement: Assign, position: int) -> Assign:
        """The write, into a copy where the memory is not ours; what shares the memory and is read later is saved before."""
        base = statement.args[0]
        if not isinstance(base, Var) or None in self.roots[base] or base in self.read_only:
            hint = self.names.get(statement.targets[0])
            return replace(statement, args=(self.copy(base, statement, statement.targets[0].type, hint), *statement.args[1:]))
        careful = set(variables(statement.args[1]))
        if statement.primitive is ACCUMULATED_AT:
            careful |= set(variables(statement.args[2]))
        replaced: dict[Var, Atom] = {}
        written = region(statement.args[1], base.type) if base in self.whole else None
        for root in sorted(self.roots[base], key=lambda root: self.order.get(root, -1)):  # a set of them has another order in each process
            self.members[root] = [m for m in self.members[root] if self.last.get(m, -1) >= position and m not in self.saved]
            for held in self.members[root]:
                if disjoint(self.regions.get(held), written):
                    continue
                later = self.last[held] > position
                if later or (held in careful and held is not base):
                    hint = self.names.get(held)
                    replaced[held] = copy = self.copy(held, statement, held.type, f"{hint.removesuffix('_saved')}_saved" if hint else None)
                    if later:
                        self.last[copy] = self.last[held]
                        self.stands_for[copy] = [*self.stands_for.pop(held, ()), held]
                        self.saved.update(dict.fromkeys(self.stands_for[copy], copy))
        index, *rest = (substitute(a, {k: v for k, v in replaced.items() if k in careful}) for a in statement.args[1:])
        return replace(statement, args=(base, index, *rest))

    def copy(self, source: Operand, beside: Assign, kind: Type, hint: str | None) -> Var:
        """A copy of an array as it is now; in the primal part with the layout of the source, which sums go by."""
        target = Var(kind)
        if hint:
            self.names[target] = hint
        plain = beside.phase > 0 or (isinstance(kind, ArrayType) and len(kind.shape) < 2)
        primitive = COPY_IN_ORDER if plain else COPY
        defaults = primitive.bind((None,), {})[1:]
        self.add(Assign((target,), primitive, (source, *map(Const, defaults)), beside.location, beside.phase))
        return target
