"""What a recording is asked for derivatives: seeds that wait, and sweeps, with one seed or with many along an axis in front."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.adjoint import mapped, sweep
from s2sad.ir.writing import Box
from s2sad.source.collecting import uncollected


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


def pull_rows(machine: Any, mark: Any, output: Any, seeds: Callable[[], Any], inputs: list[Any]) -> list[Any]:
    """The cotangents of the inputs for many of one output, each with one axis more in front; `seeds` makes these."""
    one = machine.stand_in(output)
    found = machine.pull(mark, [output], [one], inputs)
    with uncollected():
        return mapped.over(machine, mark.start, {one.var: seeds}, found)


def push_rows(machine: Any, mark: Any, outputs: list[Any], seeds: list[Callable[[], Any]], inputs: list[Any]) -> list[Any] | None:
    """The tangents of the outputs for many of the inputs, each with one axis more in front; None where they cannot be taken together."""
    ones = [machine.stand_in(x) for x in inputs]
    found = machine.push(mark, outputs, ones, inputs)
    with uncollected():
        return mapped.over(machine, mark.start, {one.var: many for one, many in zip(ones, seeds, strict=True)}, found)
