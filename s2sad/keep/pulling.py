"""What a keeper is asked for derivatives: seeds that wait, and sweeps over regions, with one seed or with many.

Many seeds go through the sweep together, along an axis in front, where all that depends on them says how. Else the statements that
depend on a seed become the body of a loop over the seeds, which writes one row of each result after the other.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from s2sad.adjoint import regions
from s2sad.errors import CannotKeep, InvalidIR, RuleError
from s2sad.ir.program import Block, Const, Guard, If, Loop, Statement, Var, everything, reads, rewrite, targets_of
from s2sad.ir.writing import Box
from s2sad.loading import at_first_use
from s2sad.rules.operations import REPLACED
from s2sad.types.arrays import dtype_of
from s2sad.types.questions import Undecided

if TYPE_CHECKING:
    from s2sad.adjoint import mapped, mapped_regions
    from s2sad.tangent import regions as forward
    from s2sad.tangent import transposed
else:
    mapped, mapped_regions = map(at_first_use, ("s2sad.adjoint.mapped", "s2sad.adjoint.mapped_regions"))
    forward, transposed = map(at_first_use, ("s2sad.tangent.regions", "s2sad.tangent.transposed"))

Machine = Any


def awaited(machine: Machine, like: Any, name: str) -> Box:
    """A parameter after the arguments, for the cotangent of a value."""
    box = stand_in(machine, like, name)
    machine.sheet.inputs.append(box.var)
    return box


def stand_in(machine: Machine, like: Any, name: str = "seed") -> Box:
    """One of many seeds, for the cotangent of a value."""
    box: Box = machine.variables.twin((like if isinstance(like, Box) else machine.ties.box(like)).var, name)
    box.levels = frozenset()
    return box


def extents(machine: Machine, value: Any) -> tuple[Any, ...]:
    """The shape of a value, asked of the arrays that its sizes come from: nothing is computed for its shape alone."""
    if not isinstance(value, Box):
        return np.shape(value)
    try:
        return tuple(machine.deciding.symbols.code(n) for n in machine.deciding.shape(np.shape(value.value)))
    except Undecided:
        return tuple(machine.shape(value))


def pull(machine: Machine, mark: Any, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
    """The cotangents of the inputs for those of the outputs."""
    machine.variables.surely_no_whole(outputs)
    with machine.levels.sweep(mark.level), machine.variables.carrying(seeds):
        return regions.pull(machine, mark.start, outputs, seeds, inputs)


def push(machine: Machine, mark: Any, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
    """The tangents of the outputs for those of the inputs."""
    machine.variables.surely_no_whole(outputs)
    with machine.levels.sweep(mark.level), machine.variables.carrying(tangents):
        return forward.push(machine, mark.start, outputs, tangents, inputs)


def linear(machine: Machine, mark: Any, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
    """The same by the transpose of the sweep."""
    return transposed.linear(machine, mark, outputs, tangents, inputs)


def pull_rows(machine: Machine, mark: Any, output: Any, seeds: Callable[[], Any], inputs: list[Any]) -> list[Any]:
    """The cotangents of the inputs for many of one output, each with one axis more in front; `seeds` makes these."""
    one, places = machine.stand_in(output), dict(machine.deciding.symbols.places)
    found = machine.pull(mark, [output], [one], inputs)
    _sizes_stay(machine, {one.var}, machine.sheet.statements[mark.start :], places)
    return _together(machine, mark.start, {one.var: seeds}, found) or _looped(machine, mark.start, one, seeds, found, inputs)


def push_rows(machine: Machine, mark: Any, outputs: list[Any], seeds: list[Callable[[], Any]], inputs: list[Any]) -> list[Any] | None:
    """The tangents of the outputs for many of the inputs, each with one axis more in front; None where they cannot be taken together."""
    before, statements = written_so_far(machine), machine.sheet.statements
    ones, places = [machine.stand_in(x) for x in inputs], dict(machine.deciding.symbols.places)
    given = {one.var: many for one, many in zip(ones, seeds, strict=True)}
    found = machine.push(mark, outputs, ones, inputs)
    _sizes_stay(machine, set(given), statements[mark.start :], places)
    together = _together(machine, mark.start, given, found)
    if together is None:
        take_back(machine, before)
    return together


def written_so_far(machine: Machine) -> list[tuple[Any, list[Statement], int]]:
    """The statements of each block that is open, and how much is remembered of what they ask."""
    return [(opened, list(opened.statements), len(opened.remembered)) for opened in machine.blocks.open]


def take_back(machine: Machine, before: list[tuple[Any, list[Statement], int]]) -> None:
    """Leave out what was written since, and forget what that has asked: it is asked again where it is needed."""
    for opened, statements, count in before:
        for key in opened.remembered[count:]:
            machine.forget(key)
        del opened.remembered[count:]
        opened.statements[:] = statements


def _sizes_stay(machine: Machine, seeds: set[Var], statements: list[Statement], places: dict[Any, Any]) -> None:
    """No size is read from what depends on a seed: it will be another variable, or belong to a loop."""
    made = _made_of(seeds, statements) | mapped_regions.depending(statements, set(seeds))
    known = machine.deciding.symbols.places
    for symbol, (box, _) in list(known.items()):
        if box.var in made:
            known.pop(symbol)
    known.update(places)


def _together(machine: Machine, start: int, seeds: dict[Var, Callable[[], Any]], found: list[Any]) -> list[Any] | None:
    """The results for all seeds at once; None, with nothing written down, where they cannot be taken together."""
    before = written_so_far(machine)
    try:
        return mapped.over(machine, start, seeds, found, mapped_regions.MappedRegions)
    except (mapped.NotMapped, CannotKeep, RuleError, Undecided, InvalidIR):
        take_back(machine, before)
        return None


def _made_of(seeds: set[Var], statements: list[Statement]) -> set[Var]:
    """Some variables, and all that depends on them."""
    made = set(seeds)
    for statement in statements:
        if not made.isdisjoint(reads(statement)):
            made.update(targets_of(statement))
    return made


def _looped(machine: Machine, start: int, one: Box, seeds: Callable[[], Any], found: list[Any],
            likes: list[Any]) -> list[Any]:  # fmt: skip
    """The results in a loop over the seeds, whose body is what depends on one of them."""
    made, phase = _made_of({one.var}, machine.sheet.statements[start:]), machine.sheet.phase
    dependent = _apart(machine.sheet.statements, start, made)
    machine.sheet.phase = max((s.phase for s in dependent if not isinstance(s, Guard)), default=phase)
    rows = seeds()
    count = machine.shape(rows)[0]
    holders = [_holder(machine, count, like) for like in likes]
    index = machine.variables.counter("seed")
    machine.deciding.symbols.found(index)
    params, ends, results = [], [], []
    with machine.blocks.opened(loop=True) as opened, machine.blocks.in_place():
        seed = machine.item(rows, index)
        again = {one.var: seed.var}
        opened.statements.extend(rewrite(s, again) for s in dependent)
        _moved_in(machine.blocks, opened, dependent)
        for each, holder in zip(found, holders, strict=True):
            if not isinstance(each, Box) or each.var not in made:
                continue
            param = machine.variables.twin(holder.var)
            params.append((param.var, holder.var))
            ends.append(machine.perform(REPLACED, [param, index, machine.sheet.boxes[again.get(each.var, each.var)]]).var)
            results.append(machine.variables.twin(holder.var))
    body = Block((index.var, *(p for p, _ in params)), tuple(opened.statements), tuple(ends))
    span = (Const(0), machine.operand(count), Const(1))
    machine.blocks.put(Loop(tuple(r.var for r in results), body, tuple(h for _, h in params), span, None, (), phase=machine.sheet.phase))
    machine.sheet.phase = phase
    rest = iter(results)
    return [next(rest) if isinstance(each, Box) and each.var in made else holder for each, holder in zip(found, holders, strict=True)]


def _apart(statements: list[Statement], start: int, made: set[Var]) -> list[Statement]:
    """The statements that depend on a seed, taken out of the list."""
    dependent = [s for s in statements[start:] if not made.isdisjoint(reads(s))]
    statements[start:] = [s for s in statements[start:] if made.isdisjoint(reads(s))]
    return dependent


def _moved_in(blocks: Any, opened: Any, statements: list[Statement]) -> None:
    """What the statements define lies in a block inside from now on."""
    for statement in everything(tuple(statements)):
        inner = (p for block in statement.blocks for p in block.params) if isinstance(statement, (Loop, If)) else ()
        for var in (*targets_of(statement), *inner):
            blocks.depths[var] = blocks.depth_of(var) + 1
    for var in (t for statement in statements for t in targets_of(statement)):
        blocks.homes[var] = opened


def _holder(machine: Machine, count: Any, like: Any) -> Any:
    """Zeros, for a row of which there is one for each seed."""
    dtype, shape = dtype_of(like.value), (count, *machine.shape(like))
    return machine.call(np.zeros, shape, **({} if dtype == np.float64 else {"dtype": dtype.type}))
