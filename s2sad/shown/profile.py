"""Seconds and memory of one call of a derivative, by the lines of the user's, forward and adjoint, as they were measured.

The generated code runs with a clock in it (`clocked`): some calls are timed, and the quickest counts; one more is looked at for memory.
What the clock itself takes between two of its readings is measured beforehand, and left out for each reading. What still is too much, as
where each line takes less than a reading, is taken off all lines in proportion, so that they add up to a call without a clock at most. In
native code there is no place for a clock: what is measured is the code in Python.
"""
from __future__ import annotations

import linecache
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from s2sad.calls.call import arrive
from s2sad.calls.looking import looked_at
from s2sad.calls.path import Path
from s2sad.runtime.control import Effects
from s2sad.runtime.finite import quiet
from s2sad.runtime.progress import under_way
from s2sad.runtime.strong import holds_nan
from s2sad.shown.clocked import Clocked, Key

LONG, MOST = 0.5, 50
"""Calls are timed for so many seconds, and no more than so many."""
READINGS = 2000
ELSEWHERE = "loops themselves, and what belongs to no line"
WEIGHED = 200_000
"""Readings in a call, beyond which memory is not looked at: a reading of it takes some microseconds."""


@dataclass(frozen=True)
class LineCost:
    """What one line of the user's takes in a call: seconds, of all its steps, and bytes, the most that it holds at once.

    Bytes are None where a call has too many steps to look at the memory of each.
    """

    file: str
    line: int
    text: str
    forward: float
    adjoint: float
    forward_bytes: int | None
    adjoint_bytes: int | None


@dataclass(frozen=True)
class Profile:
    """The lines in their order, the seconds of a whole call without a clock in it, how many calls were timed, the most bytes at once."""

    lines: tuple[LineCost, ...]
    seconds: float
    calls: int
    peak_bytes: int | None
    native: bool = False
    """Whether calls are answered by native code, of which this says nothing."""


def profile(derived: Any, args: tuple[Any, ...], kwargs: dict[str, Any] | None = None) -> Profile:
    """The cost of a call of a derivative, by lines. Effects of the function happen once. Raises what the function raises.

    The seconds of a line are those of all its steps, in the quickest of some calls. Bytes are the most that a line holds at once: what its
    steps have left in memory so far, and what the present one takes.

    >>> import s2sad
    >>> def cube(x):
    ...     y = x * x
    ...     return y * x
    >>> found = profile(s2sad.grad(cube), (2.0,))
    >>> [(cost.text, cost.forward >= 0.0, cost.adjoint >= 0.0) for cost in found.lines][0]
    ('y = x * x', True, True)
    """
    call = arrive(derived, args, kwargs or {})
    path, _ = looked_at(call, lambda *_: None)
    return measured(path, call.leaves, call.effects)


def measured(path: Path, leaves: list[Any], effects: Effects) -> Profile:
    """The cost of a path with these leaves of the arguments; it applies to them."""
    native, path = path.interpreted is not None, path.plain
    with quiet():
        if holds_nan(path.built.start(leaves, effects)) and path.strong is not None:
            path = path.strong
        clocked = Clocked(path.built)
        with under_way("measuring seconds"):
            seconds, spent, calls, readings = _timed(path, clocked, leaves, effects)
        with under_way("looking at memory"):
            held, peak = _weighed(path, clocked, leaves, effects) if readings <= WEIGHED else ([None] * len(spent), None)
    much = max(1.0, sum(spent) / seconds)
    return Profile(_by_lines(clocked.keys, [s / much for s in spent], held), seconds, calls, peak, native)


# Time


def _timed(path: Path, clocked: Clocked, leaves: list[Any], effects: Effects) -> tuple[float, list[float], int, int]:
    """Seconds of a call, those of each key, how many calls there were, and how many readings there are in a call."""
    spent, counts = [0.0] * len(clocked.keys), [0] * len(clocked.keys)
    clock, begin = _clock(spent, counts)
    timed = replace(path.built, run=clocked.calling(clock), sides=None)
    plain, own = replace(path.built, sides=None), _own_cost()
    least, best, calls, start = float("inf"), list(spent), 0, time.perf_counter()
    while calls < 2 or (calls < MOST and time.perf_counter() - start < LONG):
        before = time.perf_counter()
        plain.start(leaves, effects)
        least = min(least, time.perf_counter() - before)
        spent[:], counts[:] = [0.0] * len(spent), [0] * len(counts)
        begin()
        timed.start(leaves, effects)
        net = _less(spent, counts, own)
        best = net if calls == 0 or sum(net) < sum(best) else best
        calls += 1
    return least, best, calls, sum(counts)


def _less(spent: list[float], counts: list[int], own: float) -> list[float]:
    """Seconds without those of the readings; all of them where readings took longer when they were measured, and nothing would be left."""
    net = [max(0.0, s - n * own) for s, n in zip(spent, counts, strict=True)]
    return net if any(net) else [*spent]


def _clock(spent: list[float], counts: list[int]) -> tuple[Callable[..., Any], Callable[[], None]]:
    """What adds the time since the last reading to a key and hands a value on, and what takes the first reading."""
    now, last = time.perf_counter, time.perf_counter()

    def clock(key: int, value: Any) -> Any:
        nonlocal last
        spent[key] += now() - last
        counts[key] += 1
        last = now()
        return value

    def begin() -> None:
        nonlocal last
        last = now()

    return clock, begin


def _own_cost() -> float:
    """Seconds that pass between two readings of a clock with nothing in between."""
    spent, counts = [0.0], [0]
    clock, begin = _clock(spent, counts)
    found = []
    for _ in range(5):
        spent[0] = 0.0
        begin()
        for _ in range(READINGS):
            clock(0, None)
        found.append(spent[0] / READINGS)
    return min(found)


# Memory


def _weighed(path: Path, clocked: Clocked, leaves: list[Any], effects: Effects) -> tuple[list[int | None], int]:
    """The most bytes that each key holds at once, and the most of all of them."""
    left, most, peaks = [0] * len(clocked.keys), [0] * len(clocked.keys), [0]
    last = 0

    def clock(key: int, value: Any) -> Any:
        nonlocal last
        now, peak = tracemalloc.get_traced_memory()
        most[key] = max(most[key], left[key] + peak - last)
        left[key] += now - last
        peaks[0] = max(peaks[0], peak)
        tracemalloc.reset_peak()
        last = tracemalloc.get_traced_memory()[0]
        return value

    watched, traced = replace(path.built, run=clocked.calling(clock), sides=None), tracemalloc.is_tracing()
    if not traced:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        start = last = tracemalloc.get_traced_memory()[0]
        watched.start(leaves, effects)
    finally:
        if not traced:
            tracemalloc.stop()
    return [*most], peaks[0] - start


# By lines


def _by_lines(keys: list[Key], spent: list[float], held: Sequence[int | None]) -> tuple[LineCost, ...]:
    places = sorted({(key.file, key.line) for key in keys}, key=lambda place: (not place[0], place))
    found, nothing = {key: (s, b) for key, s, b in zip(keys, spent, held, strict=True)}, (0.0, None if None in held else 0)
    lines = []
    for file, line in places:
        forward, adjoint = (found.get(Key(file, line, turned), nothing) for turned in (False, True))
        text = linecache.getline(file, line).strip() if file else ELSEWHERE
        lines.append(LineCost(file, line, text, forward[0], adjoint[0], forward[1], adjoint[1]))
    return tuple(lines)
