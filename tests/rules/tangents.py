"""Tangents of single operations by the tape, for the tests of rules: their samples, and what they are compared with."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.machine.traced import strip
from s2sad.rules.language import BY_NAME, Primitive
from s2sad.rules.rule_text import REQUIRED
from s2sad.tape import TapeMachine
from tests.rules.test_rules_arrays import NARROW, SAMPLES, active
from tests.rules.test_rules_elementwise import ROWS, arguments

NAMES = [name for name in (*ROWS, *SAMPLES) if name in BY_NAME and BY_NAME[name].pullbacks and name not in NARROW]


def samples(name: str) -> Iterator[list[Any]]:
    """The arguments of sample calls of a primitive, in the order of its parameters."""
    primitive = BY_NAME[name]
    if name in SAMPLES:
        yield from (primitive.bind(call.args, call.kwargs) for call in SAMPLES[name])
        return
    for number, row in enumerate(ROWS[name]):
        given = arguments(row, 7 * number + 1)
        required = len(given) if primitive.parameters[-1].variadic else sum(p.default is REQUIRED for p in primitive.parameters)
        named = {p.name: v for p, v in zip(primitive.parameters[required:], given[required:], strict=False)}
        yield primitive.bind(tuple(given[:required]), named)


@dataclass
class Case:
    """A primitive at its arguments, those of some parameters moving along random directions."""

    primitive: Primitive
    bound: list[Any]
    parameters: tuple[str, ...]
    seed: int = 0

    def __post_init__(self) -> None:
        self.leaves = [leaf for _, leaf in self._moving(self.bound) if active(leaf)]
        rng = np.random.default_rng(self.seed)
        self.directions = [drawn(rng, leaf) for leaf in self.leaves]

    def _moving(self, bound: list[Any]) -> Iterator[tuple[int, Any]]:
        for name in self.parameters:
            place = self.primitive.index(name)
            for leaf in trees.flatten(bound[place])[0]:
                yield place, leaf

    def at(self, leaves: list[Any]) -> list[Any]:
        """The arguments with other leaves."""
        bound, rest = list(self.bound), iter(leaves)
        for name in self.parameters:
            found, structure = trees.flatten(bound[self.primitive.index(name)])
            bound[self.primitive.index(name)] = trees.unflatten(structure, [next(rest) if active(leaf) else leaf for leaf in found])
        return bound

    def value(self, h: float = 0.0) -> list[Any]:
        """The results, moved along the directions."""
        with np.errstate(all="ignore"):
            there = [moved(leaf, h, d) for leaf, d in zip(self.leaves, self.directions, strict=True)]
            return floats(self.primitive.evaluate(self.at(there)))

    def ahead(self, machine: TapeMachine, leaves: list[Any], directions: list[Any]) -> list[Any]:
        """The tangents of the results, pushed forwards from these leaves on a tape."""
        return self._within(machine, leaves, lambda mark, inputs, outputs: machine.push(mark, outputs, directions, inputs))

    def back(self, machine: TapeMachine, leaves: list[Any], seeds: list[Any]) -> list[Any]:
        """The cotangents of the leaves."""
        return self._within(machine, leaves, lambda mark, inputs, outputs: machine.pull(mark, outputs, seeds, inputs))

    def _within(self, machine: TapeMachine, leaves: list[Any], sweep: Callable[..., list[Any]]) -> list[Any]:
        return within(machine, leaves, lambda inputs: floats(machine.apply(self.primitive, self.at(inputs))), sweep)

    def tangent(self) -> list[Any]:
        return self.ahead(TapeMachine(), self.leaves, self.directions)


Leaves = list[Any]


def within(machine: TapeMachine, leaves: Leaves, function: Callable[[Leaves], Leaves], sweep: Callable[..., Leaves]) -> Leaves:
    """What a sweep gives over a function of some leaves, which may be followed already."""
    mark = machine.begin()
    inputs = [machine.input(leaf, mark, "x") for leaf in leaves]
    found = sweep(mark, inputs, function(inputs))
    machine.end(mark)
    return found


def floats(value: Any) -> list[Any]:
    return [leaf for leaf in trees.flatten(value)[0] if active(strip(leaf))]


def drawn(rng: np.random.Generator, like: Any) -> Any:
    """A direction of the shape and dtype of a value."""
    found = rng.uniform(-3.0, 3.0, np.shape(like))
    if np.iscomplexobj(like):
        found = found + 1j * rng.uniform(-3.0, 3.0, np.shape(like))
    return found.astype(like.dtype) if isinstance(like, np.ndarray) else np.asarray(like).dtype.type(found)


def moved(value: Any, h: float, direction: Any) -> Any:
    there = value + h * direction
    return there if isinstance(value, np.ndarray) else type(value)(there)


def slope(case: Case, h: float = 2e-4) -> list[Any]:
    """Central differences of sixth order along the directions."""
    weights = ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))
    ends = [(w / h, case.value(k * h), case.value(-k * h)) for k, w in weights]
    return [sum(w * (np.asarray(up[i]) - np.asarray(down[i])) for w, up, down in ends) for i in range(len(ends[0][1]))]
