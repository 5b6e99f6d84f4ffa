"""Many cotangents of one value: the tape goes row by row, backwards."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.machine.traced import strip


def pull_rows(machine: Any, mark: Any, output: Any, seeds: Callable[[], Any], inputs: list[Any]) -> list[Any]:
    """The cotangents of the inputs for many of one output, one after the other, each with one axis more in front."""
    rows = seeds()
    found = [machine.pull(mark, [output], [machine.item(rows, i)], inputs) for i in range(len(strip(rows)))]
    if not found:
        return [machine.call(np.zeros, (0, *np.shape(x.value)), np.asarray(x.value).dtype.type) for x in inputs]
    return [machine.call(np.stack, list(each)) for each in zip(*found, strict=True)]


def push_rows(machine: Any, mark: Any, outputs: list[Any], seeds: list[Callable[[], Any]], inputs: list[Any]) -> list[Any] | None:
    """Tangents are not taken together."""
    return None


def extents(machine: Any, value: Any) -> tuple[int, ...]:
    """The shape of a value."""
    return np.shape(strip(value))
