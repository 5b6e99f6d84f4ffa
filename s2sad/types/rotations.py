"""Shapes of what rotations are made of, and of what they give: quaternions along the last axis, as many as SciPy holds."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.types.arrays import Array, shape_of
from s2sad.types.dependence import Given, Pairs, pairs, places, together
from s2sad.types.families import broadcast
from s2sad.types.given import one_or_array


def _doubles(*shape: Any) -> Array:
    return Array(np.dtype(np.float64), shape)


def each(result: int, **axes: int) -> Callable[[Given], list[Pairs]]:
    """What one rotation gives depends on that rotation, and on nothing of others: of the result and of arguments the last axes, so many,
    are of one of them."""

    def spread(given: Given) -> list[Pairs]:
        (shape,) = given.shapes
        at = np.reshape(places(shape), (*shape[: len(shape) - result], -1, 1))
        found = []
        for name, count in axes.items():
            for numbers in given.numbers(name) if name in given.numbered else ():
                found.append(pairs(at, np.reshape(numbers, (*np.shape(numbers)[: max(np.ndim(numbers) - count, 0)], 1, -1))))
        return [together(found)]

    return spread


def of_vectors(x: Any, *others: Any) -> Array:
    """A quaternion for each vector or quaternion."""
    return _doubles(*shape_of(x)[:-1], 4)


def of_matrices(matrix: Any, *others: Any) -> Array:
    return _doubles(*shape_of(matrix)[:-2], 4)


def of_angles(angles: Any) -> Array:
    return _doubles(*shape_of(angles)[:-1], 4)


def matrices(q: Any, *others: Any) -> Array:
    return _doubles(*shape_of(q)[:-1], 3, 3)


def vectors(q: Any, *others: Any) -> Array:
    return _doubles(*shape_of(q)[:-1], 3)


def numbers(q: Any, *others: Any) -> Any:
    return one_or_array(np.float64, shape_of(q)[:-1])


def composed(p: Any, q: Any) -> Array:
    return _doubles(*broadcast(shape_of(p)[:-1], shape_of(q)[:-1]), 4)


def applied(q: Any, v: Any) -> Array:
    return _doubles(*broadcast(shape_of(q)[:-1], shape_of(v)[:-1]), 3)


def compared(p: Any, q: Any) -> Any:
    return one_or_array(np.bool_, broadcast(shape_of(p)[:-1] or (1,), shape_of(q)[:-1]))


def signs(one: Any, *others: Any) -> Array:
    return _doubles(*shape_of(one)[:-1], 1)


def of_angles_about(angles: Any) -> Array:
    several = len(shape_of(angles)) > 1
    return _doubles(*(shape_of(angles)[:-1] if several else ()), 4)


def of_rotation(rotation: Any) -> Array:
    return _doubles(*rotation.shape, 4)


def one() -> Array:
    """A single quaternion."""
    return _doubles(4)


def number() -> Any:
    return one_or_array(np.float64, ())


def placed(at: Any) -> Array:
    return Array(np.dtype(np.int64), shape_of(at))


def places_of_reduced(q: Any) -> list[Array]:
    n = shape_of(q)[0] if len(shape_of(q)) > 1 else 1
    return [Array(np.dtype(np.int64), (n,)) for _ in range(2)]


# Rigid transforms: matrices of four rows


def said(kind: str, matrix: Any) -> Array:
    wide = {"as_exp_coords": (6,), "as_dual_quat": (8,), "inv": (4, 4)}[kind]
    return _doubles(*shape_of(matrix)[:-2], *wide)


def rigid(kind: str, x: Any) -> Array:
    return _doubles(*shape_of(x)[: -2 if kind == "from_matrix" else -1], 4, 4)


def rigid_composed(a: Any, b: Any) -> Array:
    return _doubles(*broadcast(shape_of(a)[:-2], shape_of(b)[:-2]), 4, 4)


def rigid_applied(matrix: Any, v: Any) -> Array:
    return _doubles(*broadcast(shape_of(matrix)[:-2], shape_of(v)[:-1]), 3)


def of_rigid(rigid: Any) -> Array:
    return _doubles(*rigid.shape, 4, 4)


def rigid_like(matrix: Any) -> Array:
    return _doubles(*shape_of(matrix))


def one_rigid() -> Array:
    return _doubles(4, 4)
