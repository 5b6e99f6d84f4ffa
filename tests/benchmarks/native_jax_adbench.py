"""The objectives of ADBench in JAX: loops over components and over bones are unrolled or mapped, those over time are a `scan`."""
from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as np
import numpy
from jax import lax

from .native_adbench import HALF_LOG_TWO_PI


def gmm(alphas: Any, means: Any, icf: Any, x: Any, gamma: Any, m: int) -> Any:
    n, d = x.shape
    below = numpy.tril_indices(d, -1)
    order = numpy.lexsort(below)  # by columns
    rows, columns = below[0][order], below[1][order]

    def term(alpha: Any, mean: Any, packed: Any) -> Any:
        factor = np.zeros((d, d)).at[rows, columns].set(packed[d:]) + np.diag(np.exp(packed[:d]))
        away = (x - mean) @ factor.T
        return alpha + np.sum(packed[:d]) - 0.5 * np.sum(away * away, axis=1)

    likelihood = np.sum(jax.nn.logsumexp(jax.vmap(term)(alphas, means, icf), axis=0))
    dof = d + m + 1
    constant = dof * d * (np.log(gamma) - 0.5 * math.log(2.0)) - 0.25 * d * (d - 1) * math.log(math.pi)
    constant -= sum(math.lgamma(0.5 * (dof + 1 - j)) for j in range(1, d + 1))
    squares = np.sum(np.exp(2.0 * icf[:, :d])) + np.sum(icf[:, d:] ** 2)
    prior = 0.5 * gamma**2 * squares - m * np.sum(icf[:, :d]) - len(icf) * constant
    return likelihood - n * (jax.nn.logsumexp(alphas) + d * HALF_LOG_TWO_PI) + prior


def reprojection(camera: Any, point: Any, weight: Any, seen: Any) -> Any:
    rotation, p = camera[:3], point - camera[3:6]
    square = rotation @ rotation

    def turned(_: Any) -> Any:
        angle = np.sqrt(square)
        axis = rotation / angle
        cosine, sine = np.cos(angle), np.sin(angle)
        return cosine * p + sine * np.cross(axis, p) + (1.0 - cosine) * (axis @ p) * axis

    q = lax.cond(square > 0.0, turned, lambda _: p + np.cross(rotation, p), None)
    flat = q[:2] / q[2]
    radius = flat @ flat
    distorted = flat * (1.0 + camera[9] * radius + camera[10] * radius * radius)
    return weight * (distorted * camera[6] + camera[7:9] - seen)


def lstm_objective(main: Any, extra: Any, state: Any, sequence: Any) -> Any:
    b, layers = extra.shape[1], len(main) // 2

    def step(carried: Any, now: Any) -> Any:
        states, total = carried
        x, following = now
        x, new = x * extra[0], []
        for i in range(layers):
            weight, bias, hidden, cell = main[2 * i], main[2 * i + 1], states[2 * i], states[2 * i + 1]
            forget = jax.nn.sigmoid(x * weight[:b] + bias[:b])
            into = jax.nn.sigmoid(hidden * weight[b : 2 * b] + bias[b : 2 * b])
            out = jax.nn.sigmoid(x * weight[2 * b : 3 * b] + bias[2 * b : 3 * b])
            change = np.tanh(hidden * weight[3 * b :] + bias[3 * b :])
            cell = cell * forget + into * change
            x = out * np.tanh(cell)
            new += [x, cell]
        foretold = x * extra[1] + extra[2]
        foretold = foretold - np.log(np.sum(np.exp(foretold)) + 2.0)
        return (np.stack(new), total + np.sum(following * foretold)), None

    (_, total), _ = lax.scan(step, (state, 0.0), (sequence[:-1], sequence[1:]))
    return -total / ((len(sequence) - 1) * b)


def rotation_of_angles(angles: Any) -> Any:
    cx, cy, cz = np.cos(angles)
    sx, sy, sz = np.sin(angles)
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cx, -sx], [0.0, sx, cx]])
    about_y = np.array([[cy, 0.0, sy], [0.0, 1.0, 0.0], [-sy, 0.0, cy]])
    about_z = np.array([[cz, -sz, 0.0], [sz, cz, 0.0], [0.0, 0.0, 1.0]])
    return about_z @ about_y @ about_x


def rotation_of_axis(axis: Any) -> Any:
    angle = np.sqrt(axis @ axis)
    x, y, z = axis / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross)


def hand_tracking(theta: Any, relatives: Any, inverses: Any, parents: Any, places: Any, weights: Any, points: Any) -> Any:
    """Parents are known when it is compiled: a bone of a finger hangs on the one before it, the first on the palm."""
    bones = len(relatives)
    angles = np.zeros((bones, 3))
    for finger in range(5):
        first, at = 2 + 4 * finger, 6 + 4 * finger
        angles = angles.at[first, 0].set(theta[at]).at[first, 1].set(theta[at + 1])
        angles = angles.at[first + 1, 0].set(theta[at + 2]).at[first + 2, 0].set(theta[at + 3])
    turns = np.tile(np.eye(4), (bones, 1, 1)).at[:, :3, :3].set(jax.vmap(rotation_of_angles)(angles))
    moved = relatives @ turns
    absolutes = [moved[0], moved[0] @ moved[1]]
    for i in range(2, bones):
        absolutes.append(absolutes[i - 1 if (i - 2) % 4 else 1] @ moved[i])
    vertices = np.einsum("vb,bij,vj->vi", weights, np.stack(absolutes) @ inverses, places)
    return points - (vertices[:, :3] @ rotation_of_axis(theta[:3]).T + theta[3:6])


FUNCTIONS: dict[str, Any] = {f.__name__: f for f in (gmm, reprojection, lstm_objective, hand_tracking)}
FORWARDS = ("hand_tracking",)
