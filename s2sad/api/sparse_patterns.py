"""The pattern of a call's Jacobian: recorded when it is first needed, and kept with what tells whether it holds for another call."""
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from s2sad import trees
from s2sad.calls.call import Call
from s2sad.calls.path import Path
from s2sad.calls.recorded_paths import compiled, record
from s2sad.calls.running import run
from s2sad.ir.liveness import is_effect
from s2sad.ir.program import Function, Guard, Statement, Var, reads, targets_of
from s2sad.machine import jacobians, transforms
from s2sad.runtime.finite import same_value
from s2sad.runtime.progress import steps, under_way
from s2sad.sparse.dependence import Dependence
from s2sad.sparse.pattern import Pattern

KEPT = 8  # patterns for each key of a call


class Found(NamedTuple):
    """A pattern, and what decides about it: a path that gives the values that told positions, None where nothing does; the values."""

    pattern: Pattern
    path: Path | None
    values: list[Any]

    def holds(self, call: Call) -> bool:
        if self.path is None:
            return True
        values = run(self.path, call.leaves, call.effects)
        return values is not None and all(map(same_value, values, self.values))


class Patterns:
    """The patterns of a function, by the key of the call, the most recent first."""

    def __init__(self) -> None:
        self.found: dict[Any, list[Found]] = {}

    def of(self, call: Call, function: Any, argnums: Any, has_aux: bool) -> Pattern:
        """The pattern of the Jacobian of a function for a call."""
        known = self.found.setdefault(call.key, [])
        for found in known:
            if found.holds(call):
                return found.pattern
        known[KEPT - 1 :] = []
        with under_way("looking for the pattern of a Jacobian"):
            known.insert(0, _found(call, function, argnums, has_aux))
        return known[0].pattern


def _found(call: Call, of: Any, argnums: Any, has_aux: bool) -> Found:
    """Follow a call, and push dependence through what it did."""
    chosen: list[Var] = []
    pullbacks: list[bool] = []
    recording = record(dataclasses.replace(call.walk, body=_following(of, argnums, has_aux, chosen, pullbacks)), call.effects)
    boxes, function = recording.machine.sheet.boxes, recording.function
    values = {v: box.value for v, box in boxes.items()}
    found = Dependence(values, lambda v: bool(boxes[v].levels), chosen)
    found.push(steps("telling what depends on what", function.statements, len(function.statements)))
    results = [r for r, value in zip(function.results, recording.results, strict=True) if transforms.differentiable(value)]
    deciding = _needed(function, tuple(found.deciding))
    fixed = _reached(deciding.statements, function.params).isdisjoint(found.deciding)
    pattern = Pattern(found.of(results), fixed, not any(pullbacks))
    if not deciding.statements and not found.deciding:
        return Found(pattern, None, [])
    path = compiled(deciding, trees.flatten(deciding.results)[1], call.derived.settings)
    return Found(pattern, path, [_own(values[v]) for v in found.deciding])


def _following(function: Any, argnums: Any, has_aux: bool, chosen: list[Var], pullbacks: list[bool]) -> Callable[[Any, Any, Any], Any]:
    """What follows the function itself, and says what was chosen and whether a pullback of the user's takes part."""
    return lambda machine, args, kwargs: _followed(machine, function, argnums, has_aux, chosen, pullbacks, args, kwargs)


@transforms.blamed
def _followed(machine: Any, function: Any, argnums: Any, has_aux: bool, chosen: list[Var], pullbacks: list[bool],
              args: Any, kwargs: Any) -> Any:  # fmt: skip
    """What the function returns, its chosen arguments followed as if they were differentiated."""
    inputs = transforms.Inputs(machine, function, argnums, args, kwargs)
    try:
        jacobians.check_inputs(inputs)
        value = machine.call(inputs.function, *inputs.args, **inputs.kwargs)
        chosen[:] = [leaf.var for leaf in inputs.leaves]
        pullbacks[:] = [inputs.mark.level in machine.levels.backward]
        value = transforms.split(function, value)[0] if has_aux else value
        jacobians.check_outputs(function, *trees.flatten(value, opened=trees.EVERY))
        return value
    finally:
        inputs.close()


def _needed(function: Function, results: tuple[Var, ...]) -> Function:
    """The part of a list that decides: its guards, its effects, and what the results need."""
    needed, kept = set(results), []
    for statement in reversed(function.statements):
        if isinstance(statement, Guard) or is_effect(statement) or not needed.isdisjoint(targets_of(statement)):
            kept.append(statement)
            needed.update(reads(statement))
    return dataclasses.replace(function, statements=tuple(reversed(kept)), results=results)


def _reached(statements: tuple[Statement, ...], params: tuple[Var, ...]) -> set[Var]:
    """What depends on the arguments."""
    found = set(params)
    for statement in statements:
        if not found.isdisjoint(reads(statement)):
            found.update(targets_of(statement))
    return found


def _own(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value
