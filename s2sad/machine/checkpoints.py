"""Checkpoints: the adjoint computes again what it would otherwise save.

The places of snapshots are binomial: A. Griewank, "Achieving logarithmic growth of temporal and spatial complexity in reverse automatic
differentiation", Optimization Methods and Software 1 (1992). With `s` snapshots and each step run again at most `r` times, a loop of
`(s + r)! / (s! r!)` steps can be reversed.
"""
from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from s2sad.machine.callables import Transform
from s2sad.tracebacks import entry

T = TypeVar("T")


class CheckpointedFunction(Transform):
    """What `checkpoint` makes of a function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        functools.update_wrapper(self, function, updated=())

    @entry
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return machine.checkpointed(self.function, args, kwargs)


@entry
def checkpoint(target: T, snapshots: int | None = None) -> T:
    """Ask for memory to be saved by computing again, where control flow is kept; the numbers are the same, to the last bit.

    `target` is a function, or something to loop over, as in `for i in checkpoint(range(n)):`. What a call of the function computes is not
    saved for the adjoint, but computed again from the arguments. The steps of the loop save nothing: the adjoint has `snapshots` copies of
    what the loop carries, at binomial distances, and runs the steps between them again. By default there are about `sqrt(2 * n)` copies, so
    that each step is run again at most twice. A call without differentiation is not changed. Raises TypeError for any other target, and
    ValueError for less than one snapshot.

    >>> import math, s2sad
    >>> def f(x, n):
    ...     for _ in s2sad.checkpoint(range(n), snapshots=3):
    ...         x = math.sin(x)
    ...     return x
    >>> s2sad.grad(f, control="keep")(0.5, 10) == s2sad.grad(f, control="record")(0.5, 10)
    True
    """
    if snapshots is not None and snapshots < 1:
        raise ValueError(f"at least one snapshot is needed, not {snapshots}")
    if callable(target) and not isinstance(target, Iterable):
        return CheckpointedFunction(target)  # type: ignore[return-value]
    if not isinstance(target, Iterable):
        raise TypeError(f"{target!r} is neither a function nor something to loop over")
    return target


def split(steps: int, snapshots: int) -> int:
    """How far to go from a snapshot before the next one is taken, with so many snapshots for so many steps, the first included.

    >>> [split(10, 3), split(10, 2), split(10, 1)]
    [4, 6, 9]
    """
    if snapshots <= 1:
        return steps - 1
    again = 0
    while math.comb(snapshots + again, snapshots) < steps:
        again += 1
    return max(1, steps - math.comb(snapshots - 1 + again, snapshots - 1))


def enough(steps: int) -> int:
    """The number of snapshots with which no step is run again more than twice.

    >>> [enough(n) for n in (1, 3, 10, 1_000_000)]
    [1, 1, 3, 1413]
    """
    count = 1
    while math.comb(count + 2, 2) < steps:
        count = max(count + 1, math.isqrt(2 * steps) - 2) if count == 1 else count + 1
    return count


class Snapshots:
    """What a loop carries, at some of its steps, while its adjoint goes back through them."""

    def __init__(self, steps: int, count: int, *state: Any) -> None:
        self.count = count or enough(steps)
        self.held: list[tuple[int, tuple[Any, ...]]] = [(0, _copies(state))]
        self.wanted: frozenset[int] = frozenset()


def nearest(snapshots: Snapshots, step: int) -> tuple[Any, ...]:
    """The last snapshot that is not after a step, as its own step and copies of what it holds; the loop goes on from there."""
    while snapshots.held[-1][0] > step:
        snapshots.held.pop()
    start, state = snapshots.held[-1]
    wanted, place, rest, free = [], start, step - start + 1, snapshots.count - len(snapshots.held) + 1
    while free > 1 and rest > 1:
        distance = split(rest, free)
        place, rest, free = place + distance, rest - distance, free - 1
        wanted.append(place)
    snapshots.wanted = frozenset(wanted)
    return start, *_copies(state)


def offer(snapshots: Snapshots, step: int, *state: Any) -> None:
    """Take a snapshot before a step, if one is wanted there, so that fewer steps are run again."""
    if step in snapshots.wanted:
        snapshots.held.append((step, _copies(state)))


def _copies(state: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value.copy() if isinstance(value, np.ndarray) else value for value in state)
