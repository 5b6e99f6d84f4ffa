"""Products of a Jacobian with many given seeds, as functions of a machine: all of them go through one sweep."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep, NotDifferentiable
from s2sad.machine.conversions import cast
from s2sad.machine.jacobians import check_inputs, multiplied, outputs_of, running
from s2sad.machine.traced import strip
from s2sad.machine.transforms import Inputs, blamed, differentiable, split
from s2sad.settings import Argnums
from s2sad.types.arrays import dtype_of
from s2sad.types.sizes import product, value_at_hints


class OtherSizes(NotDifferentiable):
    """A seed has not the size of what it belongs to."""


@blamed
def swept(machine: Any, function: Any, argnums: Argnums, has_aux: bool, seeds: Any, forward: bool, args: Any, kwargs: Any) -> Any:
    """`(value, rows)`, or `((value, aux), rows)`: a matrix of seeds times the Jacobian, or with `forward` the Jacobian times each seed."""
    machine.unreached(seeds)
    inputs = Inputs(machine, function, argnums, args, kwargs)
    try:
        check_inputs(inputs)
        result = machine.call(inputs.function, *inputs.args, **inputs.kwargs)
        value, aux = split(function, result) if has_aux else (result, None)
        leaves, structure = outputs_of(machine, function, value)
        active = [leaf for leaf in leaves if differentiable(leaf)]
        check_sizes(seeds, inputs.leaves if forward else active, "the arguments have" if forward else "the value has")
        found = (pushed if forward else pulled)(machine, inputs, seeds, active)
        value = trees.unflatten(structure, leaves, machine.adopt)
    finally:
        inputs.close()
    flat = [as_matrix(machine, each) for each in found]
    rows = flat[0] if len(flat) == 1 else machine.call(np.concatenate, flat, axis=1)
    return ((value, aux), rows) if has_aux else (value, rows)


def check_sizes(seeds: Any, leaves: list[Any], what: str) -> None:
    """Raise OtherSizes unless a seed has an element for each of some leaves."""
    have, want = np.shape(strip(seeds))[1], sum(product(np.shape(strip(leaf))) for leaf in leaves)
    if have != want:
        raise OtherSizes(f"{what} {value_at_hints(want)} elements, not {value_at_hints(have)}", None, "a seed has one for each of them")


def pushed(machine: Any, inputs: Inputs, seeds: Any, active: list[Any]) -> list[Any]:
    """The tangents of the floats of the value for each seed of the arguments. Raises CannotKeep where it is to be done in reverse."""
    if inputs.mark.level in machine.levels.backward:
        raise CannotKeep("a function of yours has a pullback and no tangent", machine.location(), "use reverse mode")
    found = machine.push_rows(inputs.mark, active, parts_of(machine, seeds, inputs.leaves), inputs.leaves)
    if found is None:
        raise CannotKeep("the tangents of a loop do not go through it together", machine.location(), 'use control="record"')
    return found  # type: ignore[no-any-return]


def pulled(machine: Any, inputs: Inputs, seeds: Any, active: list[Any]) -> list[Any]:
    """The cotangents of the arguments for each seed of the value."""
    rows = [machine.pull_rows(inputs.mark, leaf, part, inputs.leaves)
            for leaf, part in zip(active, parts_of(machine, seeds, active), strict=True)]  # fmt: skip
    return [functools.reduce(functools.partial(machine.binary, "+"), each) for each in zip(*rows, strict=True)]


def parts_of(machine: Any, seeds: Any, leaves: list[Any]) -> list[Callable[[], Any]]:
    """For each leaf, what makes its part of the seeds, in its shape and dtype."""
    found: list[Callable[[], Any]] = []
    starts = running(machine, [multiplied(machine, machine.extents(leaf)) for leaf in leaves])
    for leaf, start, stop in zip(leaves, starts, starts[1:], strict=False):
        found.append(functools.partial(part_of, machine, seeds, leaf, slice(start, stop) if len(leaves) > 1 else None))
    return found


def part_of(machine: Any, seeds: Any, leaf: Any, part: Any) -> Any:
    rows = seeds if part is None else machine.item(seeds, (slice(None), part))
    dtype = dtype_of(strip(leaf))
    rows = rows if dtype_of(strip(rows)) == dtype else cast(machine, rows, dtype)
    shape = machine.extents(leaf)
    return rows if len(shape) == 1 else machine.call(np.reshape, rows, (machine.extents(seeds)[0], *shape))


def as_matrix(machine: Any, rows: Any) -> Any:
    """What belongs to each seed, in a row."""
    shape = machine.extents(rows)
    return rows if len(shape) == 2 else machine.call(np.reshape, rows, (shape[0], multiplied(machine, shape[1:])))
