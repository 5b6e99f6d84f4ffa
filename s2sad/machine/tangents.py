"""Forward mode as functions of the machine: a value with its tangent, and a tangent that is a map of those of the arguments."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import NotDifferentiable
from s2sad.machine.transforms import TANGENT, Inputs, blamed, differentiable, seed_of, split


def changing(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[int, ...]:
    """Where the arguments stand that have a tangent. Raises NotDifferentiable."""
    if len(primals) != len(tangents):
        raise NotDifferentiable(f"there are {len(tangents)} tangents for {len(primals)} arguments", None, "pass one tangent per argument")
    return tuple(k for k, tangent in enumerate(tangents) if tangent is not None)


@blamed
def jvp(machine: Any, function: Any, has_aux: bool, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """`(value, tangent)`, with `has_aux` `(value, tangent, aux)`."""
    moving = changing(primals, tangents)
    inputs = Inputs(machine, function, moving, primals, {})
    try:
        given = inputs.tangents([tangents[k] for k in moving])
        result = machine.call(inputs.function, *inputs.args)
        value, *aux = split(function, result) if has_aux else (result,)
        return (value, inputs.push(value, given), *aux)
    finally:
        inputs.close()


@blamed
def linearize(machine: Any, function: Any, args: Any) -> Any:
    """`(value, tangent)`, where the tangent waits for those of the arguments: they are parameters after these."""
    inputs = Inputs(machine, function, of_floats(args), args, {})
    try:
        value = machine.call(inputs.function, *inputs.args)
        tangents = [machine.awaited(leaf, f"{name}_dot") for leaf, name in zip(inputs.leaves, inputs.names, strict=True)]
        return value, inputs.push(value, tangents, machine.linear)
    finally:
        inputs.close()


def of_floats(args: tuple[Any, ...]) -> tuple[int, ...]:
    """Where the arguments stand that hold floats."""
    return tuple(k for k, arg in enumerate(args) if any(map(differentiable, trees.flatten(arg, opened=trees.EVERY)[0])))


def tangents_of(given: tuple[Any, ...], args: tuple[Any, ...], types: list[Any]) -> list[Any]:
    """The tangents that a linear map waits for, each of the type of what it belongs to; zeros for those that are None."""
    changing(args, given)
    found: list[Any] = []
    for tangent, arg in zip(given, args, strict=True):
        leaves, structure = trees.flatten(arg, opened=trees.EVERY)
        parts, own = trees.flatten(tangent, opened=trees.EVERY) if tangent is not None else ([None] * len(leaves), structure)
        if not trees.fits(structure, own):
            raise NotDifferentiable("a tangent does not have the structure of its argument", None, "pass one tangent per leaf")
        active = list(map(differentiable, leaves))
        found += [part for part, moves in zip(parts, active, strict=True) if moves]
        if any(part is not None and np.any(part) for part, moves in zip(parts, active, strict=True) if not moves):
            raise NotDifferentiable("a tangent is given for what has no derivative", None, "pass None")
    return [seed_of(0.0 * like if part is None else part, like, TANGENT) for part, like in zip(found, types, strict=True)]
