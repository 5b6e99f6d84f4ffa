"""Powers of rotations, angles about any axes, and rotations that fit best: of others, or to vectors."""
from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from s2sad.rules.facts import Facts
from s2sad.rules.language import rule, zero
from s2sad.rules.scipy.rotations import (
    CROSS,
    INVERSE,
    UNITS,
    dot,
    matrix_of,
    of_vector,
    over,
    product,
    radians,
    root,
    rotation_of,
    vector_of,
)
from s2sad.rules.solving import in_place_of
from s2sad.types import rotations as types


def power(q: Any, n: Any) -> Any:
    """n times the angle; the whole numbers for which SciPy moves elements alone give one of two quaternions of the same rotation."""
    value = _power(q, n)
    found = of_vector(n * vector_of(q, False), False)
    return in_place_of(value, found * _same_way(value, found))


def _power(q: Any, n: Any) -> Any:
    return (rotation_of(q) ** n).as_quat()


def _same_way(one: Any, other: Any) -> Any:
    return np.where(dot(one, other) < 0, -1.0, 1.0)


zero("_power(q, n)", facts=Facts(gives=types.of_vectors, may_raise=True))
zero("_same_way(one, other)", facts=Facts(gives=types.signs))

# Angles about any axes


def of_angles_about(lines: Any, order: str, angles: Any, degrees: Any) -> Any:
    value = _of_angles_about(lines, order, angles, degrees)
    units = _units(np.reshape(lines, (-1, 3)))
    rows = radians(np.reshape(angles, (*np.shape(value)[:-1], np.shape(units)[0])), degrees)
    q = of_vector(rows[..., :1] * units[0], False)
    for k in range(1, len(units)):
        one = of_vector(rows[..., k : k + 1] * units[k], False)
        q = product(q, one) if order in ("i", "intrinsic") else product(one, q)
    return in_place_of(value, q)


def _units(axes: Any) -> Any:
    return axes / np.sqrt(dot(axes, axes))


def _of_angles_about(lines: Any, order: str, angles: Any, degrees: Any) -> Any:
    return Rotation.from_davenport(lines, order, angles, degrees).as_quat()


def angles_about(q: Any, lines: Any, order: str, degrees: Any, suppress_warnings: Any) -> Any:
    value = _angles_about(q, lines, order, degrees, suppress_warnings)
    extrinsic = order in ("e", "extrinsic")
    units = _units(lines)
    ends = (units[0], units[2]) if extrinsic else (units[2], units[0])
    third = np.cross(ends[0], units[1])
    between = np.arctan2(np.sum(ends[1] * third), np.sum(ends[1] * ends[0]))
    side = np.where(between < 0, -1.0, 1.0)
    half = 0.5 * side * between
    turned = product(np.concatenate([np.sin(half) * side * units[1], np.reshape(np.cos(half), (1,))]), q)
    a, v = turned[..., 3], turned[..., :3]
    b, c, d = np.sum(v * ends[0], axis=-1), side * np.sum(v * units[1], axis=-1), side * np.sum(v * third, axis=-1)
    second = 2.0 * np.arctan2(root(c * c + d * d), root(a * a + b * b))
    low, high = second <= 1e-7, np.abs(second - np.pi) <= 1e-7
    total, difference = np.arctan2(b, a), np.arctan2(d, c)
    alone = np.where(low, 2.0 * total, -2.0 * difference if extrinsic else 2.0 * difference)
    first = np.where(low | high, alone if extrinsic else 0.0, total - difference)
    last = np.where(low | high, 0.0 if extrinsic else alone, total + difference)
    found = np.stack([first if extrinsic else last, side * (second - side * between), last if extrinsic else first], axis=-1)
    return in_place_of(value, np.rad2deg(found) if degrees else found)


def _angles_about(q: Any, lines: Any, order: str, degrees: Any, suppress_warnings: Any) -> Any:
    return rotation_of(q).as_davenport(lines, order, degrees, suppress_warnings=suppress_warnings)


zero("_of_angles_about(lines, order, angles, degrees)", facts=Facts(gives=types.of_angles_about, may_raise=True))
zero("_angles_about(q, lines, order, degrees, suppress_warnings)", facts=Facts(gives=types.vectors, may_raise=True))

# The mean: the eigenvector of the largest eigenvalue of the sum of all q q.T


def mean_of(q: Any, weights: Any) -> Any:
    return rotation_of(q).mean(weights).as_quat()


def _mean_parts(g: Any, ans: Any, q: Any, weights: Any) -> Any:
    """By the matrix it is x ans.T, where x solves the equation of the derivative of an eigenvector."""
    rows = np.reshape(q, (-1, 4))
    w = np.ones(np.shape(rows)[0]) if weights is None else np.ravel(weights)
    matrix = np.einsum("n,ni,nj->ij", w, rows, rows)
    own = np.outer(ans, ans)
    shifted = np.sum(ans * (matrix @ ans)) * np.eye(4) - matrix + np.sum(w) * own
    return rows, w, np.linalg.solve(shifted, g - own @ g)


def _mean_back(g: Any, ans: Any, q: Any, weights: Any) -> Any:
    rows, w, x = _mean_parts(g, ans, q, weights)
    return np.reshape(w[:, None] * (np.outer(rows @ ans, x) + np.outer(rows @ x, ans)), np.shape(q))


def _mean_weights_back(g: Any, ans: Any, q: Any, weights: Any) -> Any:
    rows, _, x = _mean_parts(g, ans, q, weights)
    return np.reshape((rows @ x) * (rows @ ans), np.shape(weights))


rule("mean_of(q, weights)", q="_mean_back(g, ans, q, weights)", weights="_mean_weights_back(g, ans, q, weights)",
     facts=Facts(gives=types.one, may_raise=True))  # fmt: skip

# Reduced by groups: which of their rotations are taken is told by SciPy


def reduced(q: Any, left: Any, right: Any) -> Any:
    value = _reduced(q, left, right)
    by, after = places_of_reduced(q, left, right)
    first = UNITS[3] if left is None else np.atleast_2d(left)[by]
    last = UNITS[3] if right is None else np.atleast_2d(right)[after]
    return in_place_of(value, np.reshape(product(first, product(q, last)), np.shape(value)))


def _group(q: Any) -> Any:
    return None if q is None else rotation_of(q)


def _reduced(q: Any, left: Any, right: Any) -> Any:
    return rotation_of(q).reduce(_group(left), _group(right)).as_quat()


def places_of_reduced(q: Any, left: Any, right: Any) -> Any:
    _, by, after = rotation_of(q).reduce(_group(left), _group(right), return_indices=True)
    none = np.zeros(np.size(q) // 4, np.int64)
    return [none if by is None else np.asarray(by, np.int64), none if after is None else np.asarray(after, np.int64)]


zero("_reduced(q, left, right)", facts=Facts(gives=types.of_vectors, may_raise=True))
zero("places_of_reduced(q, left, right)", facts=Facts(gives=types.places_of_reduced, may_raise=True))

# Fitted to vectors: the rotation R of the largest tr(R.T B), where B is the sum of all w a b.T


def aligned(a: Any, b: Any, weights: Any) -> Any:
    return Rotation.align_vectors(a, b, weights)[0].as_quat()


def distance_aligned(a: Any, b: Any, weights: Any) -> Any:
    return Rotation.align_vectors(a, b, weights)[1]


def _by_sum(g: Any, ans: Any, a: Any, b: Any, weights: Any) -> Any:
    """By B, as of the rotation nearest to a matrix."""
    turn = matrix_of(ans)
    stretch = np.transpose(turn) @ np.einsum("n,ni,nj->ij", weights, a, b)
    half = 0.5 * product(INVERSE * ans, g)[:3]
    return turn @ np.einsum("ikj,k->ij", CROSS, np.linalg.solve(np.trace(stretch) * np.eye(3) - stretch, half))


rule("aligned(a, b, weights)", a="weights[:, None] * (b @ np.transpose(_by_sum(g, ans, a, b, weights)))",
     b="weights[:, None] * (a @ _by_sum(g, ans, a, b, weights))",
     weights="np.sum(a * (b @ np.transpose(_by_sum(g, ans, a, b, weights))), axis=1)",
     facts=Facts(gives=types.one, may_raise=True))  # fmt: skip


def _apart(a: Any, b: Any, weights: Any) -> Any:
    return a - b @ np.transpose(matrix_of(aligned(a, b, weights)))


def _apart_back(a: Any, b: Any, weights: Any) -> Any:
    return (b - a @ matrix_of(aligned(a, b, weights))) * weights[:, None]


rule("distance_aligned(a, b, weights)", a="g / over(ans) * (weights[:, None] * _apart(a, b, weights))",
     b="g / over(ans) * _apart_back(a, b, weights)", weights="0.5 * g / over(ans) * np.sum(_apart(a, b, weights) ** 2, axis=1)",
     facts=Facts(gives=types.number, may_raise=True))  # fmt: skip

# Between rotations


def place_between(times: Any, q: Any, at: Any) -> Any:
    """After which of them each time lies. SciPy raises what there is to raise."""
    Slerp(times, rotation_of(q))(at)
    found = np.searchsorted(times, at) - 1
    return np.where(at == times[0], 0, found)


zero("place_between(times, q, at)", facts=Facts(gives=types.placed, may_raise=True))
