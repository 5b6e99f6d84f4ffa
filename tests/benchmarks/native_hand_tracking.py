"""The Jacobian of the posed hand of `native_adbench`, written by hand for Numba, forwards."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from .kernels import Array
from .native_hand_loops import native


@native
def product(a: Array, b: Array, out: Array) -> None:
    """The product of two motions, whose last row is known."""
    for i in range(3):
        for j in range(4):
            out[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j]
        out[i, 3] += a[i, 3] * b[3, 3]


@native
def turn_of_angles(angles: Array, turn: Array, slopes: Array) -> None:
    """The rotation by three angles, and its slopes for the first two, which are those that are posed."""
    cx, cy, cz, sx, sy, sz = (
        math.cos(angles[0]), math.cos(angles[1]), math.cos(angles[2]), math.sin(angles[0]), math.sin(angles[1]), math.sin(angles[2])
    )  # fmt: skip
    turn[0, 0], turn[0, 1], turn[0, 2] = cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx
    turn[1, 0], turn[1, 1], turn[1, 2] = sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx
    turn[2, 0], turn[2, 1], turn[2, 2] = -sy, cy * sx, cy * cx
    for i in range(3):
        slopes[0, i, 0], slopes[0, i, 1], slopes[0, i, 2] = 0.0, turn[i, 2], -turn[i, 1]
    slopes[1, 0, 0], slopes[1, 0, 1], slopes[1, 0, 2] = -cz * sy, cz * cy * sx, cz * cy * cx
    slopes[1, 1, 0], slopes[1, 1, 1], slopes[1, 1, 2] = -sz * sy, sz * cy * sx, sz * cy * cx
    slopes[1, 2, 0], slopes[1, 2, 1], slopes[1, 2, 2] = -cy, -sy * sx, -sy * cx


@native
def turn_of_axis(axis: Array, turn: Array, slopes: Array) -> None:
    """The rotation about an axis by its length, and its slopes for the three numbers."""
    angle = math.sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2])
    sine, rest = math.sin(angle), 1.0 - math.cos(angle)
    a, cross, cross_bar = axis / angle, np.zeros((3, 3)), np.zeros((3, 3))
    cross[0, 1], cross[0, 2], cross[1, 0], cross[1, 2], cross[2, 0], cross[2, 1] = -a[2], a[1], a[2], -a[0], -a[1], a[0]
    square = np.dot(cross, cross)
    for i in range(3):
        for j in range(3):
            turn[i, j] = (i == j) + sine * cross[i, j] + rest * square[i, j]
    for k in range(3):
        d0, d1, d2 = ((k == 0) - a[0] * a[k]) / angle, ((k == 1) - a[1] * a[k]) / angle, ((k == 2) - a[2] * a[k]) / angle
        cross_bar[0, 1], cross_bar[0, 2], cross_bar[1, 0], cross_bar[1, 2], cross_bar[2, 0], cross_bar[2, 1] = -d2, d1, d2, -d0, -d1, d0
        for i in range(3):
            for j in range(3):
                both = 0.0
                for m in range(3):
                    both += cross_bar[i, m] * cross[m, j] + cross[i, m] * cross_bar[m, j]
                slopes[k, i, j] = a[k] * ((1.0 - rest) * cross[i, j] + sine * square[i, j]) + sine * cross_bar[i, j] + rest * both


@native
def pose(theta: Array, relatives: Array, inverses: Array, parents: Any, moves: Array, slopes: Array) -> None:
    """The motion of each bone, and its slopes for the angles of its finger: an angle moves the bones from its own to the end."""
    bones = len(parents)
    absolutes, turn, by_angle, work, angles = np.zeros((bones, 4, 4)), np.eye(4), np.zeros((2, 4, 4)), np.eye(4), np.zeros(3)
    for i in range(bones):
        absolutes[i, 3, 3] = 1.0
        joint, at = (i - 2) % 4, 6 + 4 * ((i - 2) // 4)
        angles[0] = angles[1] = 0.0
        if i >= 2 and joint < 3:
            angles[0] = theta[at] if joint == 0 else theta[at + 1 + joint]
            angles[1] = theta[at + 1] if joint == 0 else 0.0
        turn_of_angles(angles, turn, by_angle)
        if parents[i] < 0:
            product(relatives[i], turn, absolutes[i])
        else:
            product(absolutes[parents[i]], relatives[i], work)
            product(work, turn, absolutes[i])
        product(absolutes[i], inverses[i], moves[i])
        if i >= 2 and joint == 0:
            product(work, by_angle[0], slopes[i, 0])
            product(work, by_angle[1], slopes[i, 1])
        elif i >= 2:
            if joint < 3:
                product(work, by_angle[0], slopes[i, joint + 1])
            for angle in range(joint + 1):
                product(slopes[i - 1, angle], relatives[i], work)
                product(work, turn, slopes[i, angle])
    for i in range(2, bones):
        for angle in range(4):
            product(slopes[i, angle], inverses[i], work)
            slopes[i, angle, :3] = work[:3]


@native
def hang(place: Array, p: Array, share: float, move: Array, slopes: Array, whole: Array, columns: Array) -> None:
    """What a bone adds to a vertex, and to its slopes for the angles of the bone's finger, turned with the whole."""
    for r in range(3):
        place[r] += share * (move[r, 0] * p[0] + move[r, 1] * p[1] + move[r, 2] * p[2] + move[r, 3] * p[3])
    for angle in range(columns.shape[1]):
        slope = slopes[angle]
        m0 = share * (slope[0, 0] * p[0] + slope[0, 1] * p[1] + slope[0, 2] * p[2] + slope[0, 3] * p[3])
        m1 = share * (slope[1, 0] * p[0] + slope[1, 1] * p[1] + slope[1, 2] * p[2] + slope[1, 3] * p[3])
        m2 = share * (slope[2, 0] * p[0] + slope[2, 1] * p[1] + slope[2, 2] * p[2] + slope[2, 3] * p[3])
        for r in range(3):
            columns[r, angle] -= whole[r, 0] * m0 + whole[r, 1] * m1 + whole[r, 2] * m2


@native
def hand_tracking(theta: Array, relatives: Array, inverses: Array, parents: Any, places: Array, weights: Array, points: Array) -> Array:
    """What does not depend on an angle is not computed for it: a vertex has the columns of the fingers that it hangs on."""
    bones, vertices = len(parents), len(places)
    moves, slopes = np.zeros((bones, 4, 4)), np.zeros((bones, 4, 4, 4))
    pose(theta, relatives, inverses, parents, moves, slopes)
    whole, by_axis = np.empty((3, 3)), np.empty((3, 3, 3))
    turn_of_axis(theta[:3], whole, by_axis)
    jacobian, place = np.zeros((vertices, 3, 26)), np.empty(3)
    for v in range(vertices):
        place[:] = 0.0
        for i in range(bones):
            if weights[v, i] != 0.0:
                first = 6 + 4 * ((i - 2) // 4)
                columns = jacobian[v, :, first : first + 4] if i >= 2 else jacobian[v, :, :0]
                hang(place, places[v], weights[v, i], moves[i], slopes[i], whole, columns)
        for k in range(3):
            for r in range(3):
                jacobian[v, r, k] = -(by_axis[k, r, 0] * place[0] + by_axis[k, r, 1] * place[1] + by_axis[k, r, 2] * place[2])
            jacobian[v, k, 3 + k] = -1.0
    return jacobian
