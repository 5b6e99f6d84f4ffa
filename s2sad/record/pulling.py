"""What a recording is asked for derivatives: seeds that wait, and sweeps, with one seed or with many along an axis in front."""
from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from s2sad.adjoint import sweep
from s2sad.collecting import uncollected
from s2sad.ir.program import Assign, Statement, Var, reads, targets_of
from s2sad.ir.writing import Box
from s2sad.loading import at_first_use
from s2sad.machine.traced import strip
from s2sad.types.arrays import dtype_of

if TYPE_CHECKING:
    from s2sad.adjoint import mapped
    from s2sad.tangent import sweep as forward
else:
    mapped, forward = at_first_use("s2sad.adjoint.mapped"), at_first_use("s2sad.tangent.sweep")


def awaited(machine: Any, like: Any, name: str) -> Any:
    """A parameter after the arguments, for the cotangent of a value; until it comes, a one stands for it."""
    return machine.parameter(_one(like), name)


def stand_in(machine: Any, like: Any) -> Any:
    """One of many seeds, for the cotangent of a value: nothing says what it is, for what depends on it is written down anew."""
    return machine.sheet.new(_one(like), frozenset())


def _one(like: Any) -> Any:
    value = like.value if isinstance(like, Box) else like
    return np.ones_like(value) if isinstance(value, np.ndarray) else type(value)(1)


def extents(machine: Any, value: Any) -> tuple[Any, ...]:
    """The shape of a value, asked of nothing that would be computed for that alone."""
    return np.shape(value.value if isinstance(value, Box) else value)


def pull(machine: Any, mark: Any, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
    """The cotangents of the inputs for those of the outputs."""
    with uncollected(), machine.levels.sweep(mark.level):
        return sweep.pull(machine, mark.start, outputs, seeds, inputs)


def push(machine: Any, mark: Any, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
    """The tangents of the outputs for those of the inputs."""
    with uncollected(), machine.levels.sweep(mark.level):
        return forward.push(machine, mark.start, outputs, tangents, inputs)


def pull_rows(machine: Any, mark: Any, output: Any, seeds: Callable[[], Any], inputs: list[Any]) -> list[Any]:
    """The cotangents of the inputs for many of one output, each with one axis more in front; `seeds` makes these."""
    one = machine.stand_in(output)
    found = machine.pull(mark, [output], [one], inputs)
    rows = together(machine, mark, {one.var: seeds}, found)
    return one_by_one(machine, mark, output, seeds(), inputs) if rows is None else rows


def together(machine: Any, mark: Any, seeds: dict[Var, Callable[[], Any]], found: list[Any]) -> list[Any] | None:
    """What was found for one of each of the seeds, for many; None where it cannot be said: what depends on the one is gone then."""
    statements = machine.sheet.statements
    written = [*statements]
    others, acts = apart(written, set(seeds))
    if not acts:
        with uncollected(), contextlib.suppress(mapped.NotMapped):
            return mapped.over(machine, mark.start, seeds, found)
    statements[:] = others  # what was asked on the way is remembered, and stays
    return None


def apart(statements: list[Statement], reached: set[Var]) -> tuple[list[Statement], bool]:
    """The statements that do not depend on some variables, and whether native code is given what does: by a pullback of the user's."""
    others, acts = [], False
    for statement in statements:
        if reached.isdisjoint(reads(statement)):
            others.append(statement)
        else:
            reached.update(targets_of(statement))
            acts = acts or (isinstance(statement, Assign) and bool(statement.primitive.effect))
    return others, acts


def one_by_one(machine: Any, mark: Any, output: Any, rows: Any, inputs: list[Any]) -> list[Any]:
    """As `pull_rows`, by a sweep for each of the seeds."""
    count = machine.extents(rows)[0]
    found = [machine.pull(mark, [output], [machine.item(rows, i)], inputs) for i in range(count)]
    if not found:
        return [machine.call(np.zeros, (0, *machine.extents(x)), dtype=dtype_of(strip(x)).type) for x in inputs]
    return [machine.call(np.stack, list(parts)) for parts in zip(*found, strict=True)]


def push_rows(machine: Any, mark: Any, outputs: list[Any], seeds: list[Callable[[], Any]], inputs: list[Any]) -> list[Any] | None:
    """The tangents of the outputs for many of the inputs, each with one axis more in front; None where they cannot be taken together."""
    ones = [machine.stand_in(x) for x in inputs]
    found = machine.push(mark, outputs, ones, inputs)
    return together(machine, mark, {one.var: many for one, many in zip(ones, seeds, strict=True)}, found)
