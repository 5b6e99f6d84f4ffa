"""Central differences, the oracle for rules: per leaf element for small arguments, along random directions for large ones."""
from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad import trees

DIRECTIONS = 12


def promote(value: Any) -> Any:
    """float32 leaves as float64, so that differences are as good as differences get."""
    leaves, structure = trees.flatten(value)
    return trees.unflatten(structure, [_wide(leaf) for leaf in leaves])


def _wide(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray) and leaf.dtype == np.float32:
        return leaf.astype(np.float64)
    return np.float64(leaf) if isinstance(leaf, np.float32) else leaf


def is_real(leaf: Any) -> bool:
    kind = getattr(getattr(leaf, "dtype", None), "kind", None)
    return kind == "f" if kind is not None else isinstance(leaf, float)


def directions(leaf: Any, rng: np.random.Generator) -> Iterator[Any]:
    """Unit vectors of a small leaf, random directions of a large one."""
    shape = np.shape(leaf)
    if np.size(leaf) <= DIRECTIONS:
        for index in np.ndindex(shape):
            unit = np.zeros(shape)
            unit[index] = 1.0
            yield unit
    else:
        for _ in range(DIRECTIONS):
            yield rng.choice([-1.0, 1.0], size=shape)


def slope(function: Callable[..., Any], args: tuple[Any, ...], place: int, number: int, direction: Any) -> tuple[float, float]:
    """The derivative along a direction of one leaf of one argument by fourth-order central differences, and its error."""
    leaves, structure = trees.flatten(args[place])
    leaf = leaves[number]
    step = 1e-3 * max(1.0, float(np.max(np.abs(leaf), initial=0.0)))

    def at(distance: float) -> float:
        moved = leaf + distance * direction
        new = [*leaves]
        new[number] = moved if isinstance(leaf, np.ndarray) else type(leaf)(moved)
        called = (*args[:place], trees.unflatten(structure, new), *args[place + 1 :])
        return float(function(*copy.deepcopy(called)))  # a copy: the function may write into what it is given

    def estimate(h: float) -> float:
        return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)

    fine, coarse = estimate(step / 2), estimate(step)
    return fine, abs(fine - coarse) + 1e-11 * (1 + abs(at(0.0))) / step


def check(function: Callable[..., Any], args: tuple[Any, ...], argnums: tuple[int, ...], gradients: tuple[Any, ...], rtol: float) -> None:
    """Assert that gradients agree with differences to `rtol` or to the error of the differences, whichever is larger."""
    wide = tuple(promote(a) for a in args)
    rng = np.random.default_rng(0)
    for place, gradient in zip(argnums, gradients, strict=True):
        found = trees.flatten(gradient)[0]
        for number, leaf in enumerate(trees.flatten(wide[place])[0]):
            if is_real(leaf):
                for direction in directions(leaf, rng):
                    expected, error = slope(function, wide, place, number, direction)
                    actual = float(np.sum(np.asarray(found[number], dtype=np.float64) * direction))
                    assert abs(actual - expected) <= rtol * max(1.0, abs(expected)) + error, (place, number, actual, expected)
