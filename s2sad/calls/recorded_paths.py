"""From a walk to a path for the way that this very call takes: record, optimise, emit, build."""
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from s2sad import trees
from s2sad.calls.path import Path, finisher, stronger
from s2sad.calls.running import may_write
from s2sad.calls.walk import Observe, Walk
from s2sad.collecting import seldom_collected, uncollected
from s2sad.emit.build import build
from s2sad.emit.regions import emit
from s2sad.emit.statements import Text
from s2sad.errors import refusals
from s2sad.ir.program import Function, Var
from s2sad.ir.verify import verify, verify_again
from s2sad.ir.writing import Box
from s2sad.machine.foreign import meddles
from s2sad.machine.recursion import deep
from s2sad.machine.traced import any_traced, strip
from s2sad.passes import NEEDED, PASSES
from s2sad.passes.halves import halves
from s2sad.passes.strengthen import decided
from s2sad.record.changing import Rewalk
from s2sad.record.recorder import Recorder
from s2sad.record.steps import Allowance, Steps
from s2sad.runtime import asking, notices
from s2sad.runtime.control import Effects, GivenUp
from s2sad.settings import Settings


def record_path(walk: Walk, settings: Settings, effects: Effects | None = None, observe: Observe | None = None,
                allowance: Allowance | None = None, budget: int | None = None) -> tuple[Path, Any]:  # fmt: skip
    """Record a walk; returns the compiled path and the results of this very call.

    Raises OverBudget where a loop takes more steps than are allowed, before anything that may happen only once, or the list becomes longer
    than `budget` statements.
    """
    recorded = record(walk, effects, budget, allowance)
    structure, results = recorded.structure, recorded.results
    with uncollected():
        function, *rest = split(recorded.function, structure, len(walk.leaves), may_write(recorded.machine.performed))
        seen = observe or (lambda stage, what: None)
        seen(walk.stage, function)
        path = compiled(function, structure, settings)
        seen("optimised", path.function)
        seen("code", path.built.text)
        if rest:
            path.pullback = compiled(rest[0], structure.children[1], settings)
    if rest:
        boxes, handed = recorded.machine.sheet.boxes, function.results[trees.count(structure.children[0]) :]
        results = [*results[: -trees.count(structure.children[1])], *(_own(boxes[v].value) for v in handed if isinstance(v, Var))]
    return path, results


def compiled(function: Function, structure: trees.Structure, settings: Settings) -> Path:
    """A path of a list that was recorded."""
    optimised, text = finish(function, settings)
    return Path(build(text), optimised, structure, finisher(structure), None, stronger(function, settings, finish))


def split(function: Function, structure: Any, given: int, once: bool = False) -> list[Function]:
    """The function, in two halves where some of its parameters come after those it is called with; it may be one that runs but `once`."""
    function = decided(function, once)
    if len(function.params) == given:
        return [function]
    return [*halves(function, given, trees.count(structure.children[0]))]


def finish(function: Function, settings: Settings) -> tuple[Function, Text]:
    """Optimise and print."""
    if settings.verify:
        verify(function)
    for each in PASSES if settings.optimise else NEEDED:
        given, function = function, each(function)
        if settings.verify:
            verify_again(function, given)
    return function, emit(function)


class Recording(NamedTuple):
    """The Wengert list of one call, the structure of its result, the results themselves, and the machine that recorded it."""

    function: Function
    structure: Any
    results: list[Any]
    machine: Recorder


def record(walk: Walk, effects: Effects | None = None, budget: int | None = None, allowance: Allowance | None = None) -> Recording:
    """Follow one call. Where the function changes a container from outside, the recording begins anew.

    Raises OverBudget where it becomes longer than `budget` statements, or a loop longer than is allowed.
    """
    effects, changing = effects or Effects(meddles=meddles), dict[int, Any]()
    while True:
        machine = Recorder(effects)
        machine.sheet.budget, machine.changes.changing = budget, changing
        machine.counted = None if allowance is None else Steps(machine, allowance)
        try:
            return _followed(walk, machine)
        except Rewalk as again:
            changing[id(again.container)] = again.container


def _followed(walk: Walk, machine: Recorder) -> Recording:
    args, kwargs = walk.start(machine)
    with notices.warning(machine.performed, GivenUp), deep(), seldom_collected():
        try:
            with refusals():
                result = walk.body(machine, args, kwargs)
        except Rewalk:
            raise
        except BaseException as error:
            plain_exception(error)
            raise
    function, structure, outputs = walk.end(machine, result)
    return Recording(function, structure, [_own(b.value) if isinstance(b, Box) else b for b in outputs], machine)


def _own(value: Any) -> Any:
    """The result of the recorded call shares no memory with anything, as the compiled path sees to."""
    return value.copy() if isinstance(value, np.ndarray) else value


def plain_exception(error: BaseException) -> None:
    """Take followed values out of an exception that leaves, and out of the exceptions behind it."""
    pending: list[BaseException | None] = [error]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            pending += [one.__cause__, one.__context__]
            for name in ("args", "code", "value", *asking.own_names(one)):
                if any_traced(held := asking.attribute(one, name)):
                    object.__setattr__(one, name, strip(held))
