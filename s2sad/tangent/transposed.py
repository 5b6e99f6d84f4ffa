"""The tangent of a rule that states none: the pullback of its pullback.

A pullback g -> J'g is linear, and its own pullback takes a tangent v to Jv: the pairing of cotangents and tangents is bilinear, also for
complex numbers, where it is the real part of the sum of the products. The cotangent that the pullback is evaluated with does not matter,
and what is computed of it alone is used nowhere.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.adjoint.sweep import NUMBER, conform, full
from s2sad.ir.program import Assign
from s2sad.ir.writing import inexact
from s2sad.machine.formulas import lowered_formula
from s2sad.machine.traced import Traced, strip
from s2sad.types.arrays import dtype_of

Machine = Any


def transposed(machine: Machine, statement: Assign, values: list[Any], dots: dict[str, Any], answer: Any) -> Any:
    """The tangent of a statement's result from those of its arguments, by the names of their parameters."""
    primitive = statement.primitive
    mark = machine.begin()
    try:
        leaves, structure = trees.flatten(answer)
        given = [machine.input(ones(machine, leaf), mark, "cotangent") if inexact(strip(leaf)) else None for leaf in leaves]
        for g in given:  # which is none of the function's
            machine.sheet.names.pop(getattr(g, "var", None), None)
        cotangent = trees.unflatten(structure, [0.0 if g is None else g for g in given])
        pairs: list[tuple[Any, Any]] = []
        for name, dot in dots.items():
            value = values[primitive.index(name)]
            found = lowered_formula(machine, primitive.pullbacks[name])(*values, answer, cotangent)
            if primitive.kind == "elementwise" and not primitive.pullbacks[name].uses_cotangent:
                found = machine.binary("*", found, cotangent)
            pairs += paired(machine, value, found, dot)
        inputs = [g for g in given if g is not None]
        arrived = iter(machine.pull(mark, [one for one, _ in pairs], [other for _, other in pairs], inputs))
        return trees.unflatten(structure, [None if g is None else next(arrived) for g in given])
    finally:
        machine.end(mark)


def linear(machine: Machine, mark: Any, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
    """Tangents of the outputs as a map of those of the inputs, apart from the values: the pullback of the pullback.

    A loop is one loop with its tangents where these stand next to the values; here it is two, and the second one reads what the first has
    saved.
    """
    outputs = [machine.fixed(output) for output in outputs]
    numbers = [isinstance(o, Traced) and inexact(o.value) for o in outputs]
    reached = [o for o, number in zip(outputs, numbers, strict=True) if number]
    later = machine.begin()
    try:
        seeds = [machine.input(ones(machine, o), later, "cotangent") for o in reached]
        for seed in seeds:
            machine.sheet.names.pop(seed.var, None)
        pulled = machine.pull(mark, reached, seeds, inputs)
        moved = [(p, t) for p, t in zip(pulled, tangents, strict=True) if isinstance(p, Traced)]
        found = iter(machine.pull(later, [p for p, _ in moved], [t for _, t in moved], seeds))
    finally:
        machine.end(later)
    return [next(found) if number else constant(o) for o, number in zip(outputs, numbers, strict=True)]


def constant(output: Any) -> Any:
    """The tangent of what is no value of the call, or no number."""
    if isinstance(output, Traced) or not inexact(output):
        return None
    return np.zeros_like(output) if isinstance(output, np.ndarray) else type(output)(0)


def paired(machine: Machine, value: Any, contribution: Any, dot: Any) -> Iterator[tuple[Any, Any]]:
    """What the pullback gives for a value, with the tangent of that value as its seed; so for each in a container."""
    if contribution is None or dot is None or isinstance(contribution, NUMBER):
        return
    if isinstance(value, Traced):
        yield contribution, spread(machine, dot, value, contribution)
    else:
        items = contribution if isinstance(contribution, (list, tuple)) else [machine.item(contribution, i) for i in range(len(value))]
        for each in zip(value, items, dot, strict=True):
            yield from paired(machine, *each)


def spread(machine: Machine, dot: Any, value: Any, contribution: Any) -> Any:
    """The tangent in the shape of the contribution: where that has not undone a broadcast, the tangent is repeated as its value was."""
    shaped = full(machine, dot, value if np.ndim(strip(contribution)) == np.ndim(value.value) else contribution)
    shaped = full(machine, shaped, contribution)
    have, want = dtype_of(strip(shaped)), dtype_of(strip(contribution))
    return shaped if have.kind == "c" and want.kind != "c" else conform(machine, shaped, contribution)


def ones(machine: Machine, value: Any) -> Any:
    """A value of the same type, made of ones."""
    plain = strip(value)
    if not isinstance(plain, np.ndarray):
        return type(plain)(1)
    return machine.call(np.ones, machine.shape(value), **({} if plain.dtype == np.float64 else {"dtype": plain.dtype.type}))
