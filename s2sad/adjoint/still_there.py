"""What steps of loops have read from arrays, or stored there, and is there yet when their adjoint runs: it is read back, not saved.

An element is still there if no later statement, in no later step, may write into it, or was there before the loop if no earlier one may
have. It is read from the last version of the array, which nothing overwrites. Another version has to be kept: as a copy before the array is
written next, or as what each step of a loop around saves. That is done where it has not many more elements than what the steps would save.
"""
from __future__ import annotations

import contextlib
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.adjoint import rerun
from s2sad.ir.carried import Carried, carried
from s2sad.ir.footprints import Access, Footprints
from s2sad.ir.order import estimate, number
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    Const,
    Display,
    If,
    Loop,
    Operand,
    Region,
    Statement,
    Var,
    everything,
    is_region,
    reads,
    rewrite,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.ir.spans import SizeOf, Spans, bounds, is_place, is_slice, items
from s2sad.rules.operations import ADD, COPY, COPY_IN_ORDER, GETITEM, REPLACED, SUBTRACT
from s2sad.types.indexing import part_shape
from s2sad.types.questions import Undecided
from s2sad.types.sizes import Whole, at_least_zero, is_whole, same, settled

Machine = Any
Readings = Mapping[Var, Assign]
"""For a variable of a step the statement that reads its value back."""


def readings(machine: Machine, statements: tuple[Statement, ...]) -> Readings:
    """How the values in regions of a list are read back at the end of it, where they are in arrays then."""
    if not any(map(is_region, statements)):
        return {}
    return dict(_Found(machine, statements).run())


def read_back(machine: Machine, primal: list[Statement], adjoint: list[Statement], found: Readings) -> list[Statement]:
    """The statements of an adjoint that read back what the statements beside them have only stored, and what has no name."""
    times = Counter(v for s in primal for v in reads(s))
    stored = {v for s in primal for v in targets_of(s) if v in found and times[v] == 1 and v not in machine.sheet.names}
    there: dict[Var, Var] = {}
    answer: list[Statement] = []
    for statement in adjoint:
        missing = [v for v in dict.fromkeys(reads(statement)) if v in stored and v not in there]
        answer += [*rerun.fresh(machine, tuple(found[v] for v in missing), there), rewrite(statement, there)]
    return answer


def made_in(loop: Loop, found: Readings) -> dict[Var, Statement]:
    """What makes the variables of a step, and the numbers by which what it begins with is read back."""
    numbers = {v for param in loop.carried if param in found for v in reads(found[param]) if v in found}
    indices: dict[Var, Statement] = {v: found[v] for v in numbers if found[v].primitive is not GETITEM}
    return indices | {t: s for s in loop.body.statements for t in targets_of(s)}


class _Found:
    def __init__(self, machine: Machine, statements: tuple[Statement, ...]) -> None:
        self.machine, self.statements = machine, statements
        self.footprints = Footprints(statements, (), self.size_of, self.shape_of)
        self.made = {t: s for s in everything(statements) for t in targets_of(s)}

    def size_of(self, var: Var) -> Whole | None:
        """The whole number that a variable is, by what is known now."""
        value = getattr(self.machine.sheet.boxes.get(var), "value", None)
        return settled(self.machine.deciding.normal(value)) if is_whole(value) else None

    def shape_of(self, var: Var) -> Any:
        return self.machine.deciding.shape(var.type.shape)  # type: ignore[union-attr]

    def run(self) -> Iterator[tuple[Var, Assign]]:
        """What was stored first, so that a read of the same value is taken before."""
        for block in (Block((), self.statements, ()), *_blocks(self.statements)):
            own = {*block.params, *(t for s in block.statements for t in targets_of(s))}
            for statement in block.statements:
                if isinstance(statement, Assign) and statement.primitive is REPLACED and statement.args[2] in own:
                    yield from self.stored(statement, statement.args[2])
        for statement in everything(self.statements):
            if isinstance(statement, Assign) and statement.primitive is GETITEM:
                yield from self.read(statement)
        for statement in everything(self.statements):
            for each in carried(statement, self.footprints, self.made) if isinstance(statement, Loop) else ():
                yield from self.carried(each)

    def read(self, statement: Assign) -> Iterator[tuple[Var, Assign]]:
        target, inner = statement.targets[0], statement.args[1]
        access = self.footprints.accesses.get(target)
        if access is not None and access.index is not None and (access.index is inner or all(map(_is_basic, items(inner)))):
            version = self.version(access, target)
            if version is not None:
                yield target, replace(statement, args=(version, access.index))

    def stored(self, statement: Assign, value: Var) -> Iterator[tuple[Var, Assign]]:
        """A value that an element, or a part of the same shape, was set to. Numbers have the precision of the array."""
        index = statement.args[1]
        access = self.footprints.accesses.get(statement.targets[0])
        if access is None or value in self.origins(variables(index)) or not self.is_as_stored(value, statement.targets[0], index):
            return
        version = self.version(access, value)
        if version is not None:
            yield value, replace(statement, targets=(value,), primitive=GETITEM, args=(version, index))

    def carried(self, found: Carried) -> Iterator[tuple[Var, Assign]]:
        """What a step begins with, where the step before has stored it."""
        param, store, whole = found.param, found.store, self.machine.variables.whole
        if param in whole or not self.is_as_stored(store.args[2], store.targets[0], store.args[1]):  # type: ignore[arg-type]
            return
        version = self.version(found.access, param)
        part = self.last_of_part(found) if version is None else None
        if part is not None:
            yield param, replace(store, targets=(param,), primitive=GETITEM, args=(part, Const(-1)))
        elif version is not None:
            entries = list(items(store.args[1]))
            for k, by in enumerate(found.moved):
                if by:
                    entries[k], made = self.less(entries[k], by, store)
                    yield from made
            index = entries[0] if len(entries) == 1 else Display(tuple, tuple(entries))
            yield param, replace(store, targets=(param,), primitive=GETITEM, args=(version, index))

    def less(self, number: Any, by: int, store: Assign) -> tuple[Var, list[tuple[Var, Assign]]]:
        """A number of an index as it was in the step before, and the statement that it needs: of `k + 1` that is `k`."""
        value, made = self.machine.sheet.boxes[number].value - by, self.made.get(number)
        if isinstance(made, Assign) and made.primitive is ADD and isinstance(made.args[0], Var) and isinstance(made.args[1], Const):
            if same(value, self.machine.sheet.boxes[made.args[0]].value):
                return made.args[0], []
        var = self.machine.variables.made(value, frozenset()).var
        return var, [(var, replace(store, targets=(var,), primitive=SUBTRACT if by > 0 else ADD, args=(number, Const(abs(by)))))]

    def last_of_part(self, found: Carried) -> Var | None:
        """A part of the array that the step begins with, of which the last element is what the step begins with."""
        versions = self.footprints.holding(found.access, len(found.access.place.regions))
        for statement in found.loop.body.statements:
            if isinstance(statement, Assign) and statement.primitive is GETITEM and statement.args[0] in versions:
                part = self.footprints.accesses.get(statement.targets[0])
                if part is not None and not part.stale and self.ends_with(part.spans, found.access.spans):
                    return statement.targets[0]
        return None

    def ends_with(self, part: Spans | None, element: Spans | None) -> bool:
        """Whether an element is the last one of a part that has one axis."""
        if part is None or element is None or sum(s is None or s.step != 0 for s in part) != 1:
            return False
        return all(p is not None and e is not None and e.step == 0 and p.step in (0, 1) and same(p.stop - e.first, 1)
                   and at_least_zero(e.first - p.first) for p, e in zip(part, element, strict=True))  # fmt: skip

    def version(self, access: Access, value: Var) -> Var | None:
        """The version of the array to read from, as far out as there is one. The last of all is there anyway; another one has to be kept,
        where it is written over, or for each step of the loops around it."""
        thing, regions = access.thing, access.place.regions
        if thing in self.footprints.outermost and thing.last not in self.machine.variables.maybe and not access.stale:
            if not self.footprints.overwritten(access):
                return thing.last
        for depth in range(thing.depth, len(regions)):
            if isinstance(regions[depth], Loop):
                before = [] if access.writes else self.footprints.holding_before(access, depth)
                for version in (self.footprints.holding(access, depth) or before)[-1:]:
                    if version not in self.machine.variables.maybe and self.is_worth_it(version, value, regions[depth:]):
                        return self.copied(version)
        return None

    def copied(self, version: Var) -> Var:
        """What a version is a copy of, if that is never written; else the version."""
        statement = self.made.get(version)
        source = statement.args[0] if isinstance(statement, Assign) and statement.primitive in (COPY, COPY_IN_ORDER) else None
        if not isinstance(source, Var) or source not in self.footprints.things or source in self.machine.variables.maybe:
            return version
        return version if any(a.writes for a in self.footprints.things[source].accesses) else source

    def is_worth_it(self, version: Var, value: Var, regions: tuple[Region, ...]) -> bool:
        """Whether an array has not many more elements than what the steps of these loops would save in its place."""
        trips = math.prod(self.footprints.laps[r].trips for r in regions if isinstance(r, Loop))
        elements = (math.prod(map(estimate, self.shape_of(v))) if isinstance(v.type, ArrayType) else 1 for v in (version, value))
        return next(elements) <= 2 * trips * next(elements)

    def origins(self, variables: tuple[Var, ...]) -> set[Var]:
        """What the variables are computed from, and themselves."""
        found, waiting = set[Var](), list(variables)
        while waiting:
            var = waiting.pop()
            if var not in found:
                found.add(var)
                waiting += reads(self.made[var]) if var in self.made else ()
        return found

    def is_as_stored(self, value: Var, array: Var, index: Operand) -> bool:
        dtype = array.type.dtype  # type: ignore[union-attr]
        if isinstance(value.type, ArrayType):
            return value.type.dtype == dtype and self.has_shape(value, array, index)
        if not isinstance(value.type, type) or not issubclass(value.type, (float, complex, np.inexact)) or np.dtype(value.type) != dtype:
            return False
        places = items(index)
        return value not in self.machine.variables.whole and len(places) == len(self.shape_of(array)) and all(map(is_place, places))

    def has_shape(self, value: Var, array: Var, index: Operand) -> bool:
        """Whether a value has the shape of a part, so that nothing is broadcast."""
        entries = [_plain(entry, self.size_of) for entry in items(index)]
        own = tuple(map(settled, self.shape_of(value)))
        with contextlib.suppress(Undecided):
            shape = () if None in entries else part_shape(tuple(map(settled, self.shape_of(array))), tuple(entries))
            return len(shape) == len(own) > 0 and all(map(same, shape, own))
        return False


def _plain(entry: Operand, size_of: SizeOf) -> Any:
    """A number or a slice of an index with the sizes in it; None where one is not known."""
    if is_place(entry):
        return number(entry, size_of)
    if not is_slice(entry):
        return None
    limits = [None if bound is None else number(bound, size_of) for bound in bounds(entry)]
    return slice(*limits) if all((b is None) == (v is None) for b, v in zip(bounds(entry), limits, strict=True)) else None


def _is_basic(entry: Operand) -> bool:
    return is_place(entry) or is_slice(entry) or (isinstance(entry, Const) and entry.value is None)


def _blocks(statements: tuple[Statement, ...]) -> Iterator[Block]:
    """The blocks of all regions."""
    for statement in everything(statements):
        if isinstance(statement, (Loop, If)):
            yield from statement.blocks
