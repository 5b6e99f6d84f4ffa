"""The objectives of ADBench, written as plain functions from their published definitions, with inputs that are made here.

F. Srajer, Z. Kukelova, A. Fitzgibbon: A benchmark of selected algorithmic differentiation tools on some problems in computer vision and
machine learning, Optimization Methods and Software 33 (2018). The data of the hand's skeleton do not come with it: the bones,
weights and points here are drawn, in the shapes of the published model, with fewer vertices.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from .kernels import Array

HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


def wishart_prior(icf: Array, d: int, gamma: float, m: int) -> float:
    """The logarithm of the prior of the covariances, up to what does not depend on them times their number."""
    k, dof = len(icf), d + m + 1
    constant = dof * d * (math.log(gamma) - 0.5 * math.log(2.0)) - 0.25 * d * (d - 1) * math.log(math.pi)
    for j in range(1, d + 1):
        constant -= math.lgamma(0.5 * (dof + 1 - j))
    squares = np.sum(np.exp(2.0 * icf[:, :d])) + np.sum(icf[:, d:] ** 2)
    return 0.5 * gamma**2 * squares - m * np.sum(icf[:, :d]) - k * constant


def gmm(alphas: Array, means: Array, icf: Array, x: Array, gamma: float, m: int) -> float:
    """The likelihood of points under a mixture of Gaussians, each with the factor of its inverse covariance, by columns."""
    n, d = x.shape
    terms = np.empty((n, len(alphas)))
    for j in range(len(alphas)):
        factor, start = np.zeros((d, d)), d
        for i in range(d):
            factor[i, i] = np.exp(icf[j, i])
            factor[i + 1 :, i] = icf[j, start : start + d - i - 1]
            start += d - i - 1
        away = (x - means[j]) @ factor.T
        terms[:, j] = alphas[j] + np.sum(icf[j, :d]) - 0.5 * np.sum(away * away, axis=1)
    top = np.max(terms, axis=1)
    likelihood = np.sum(top + np.log(np.sum(np.exp(terms - top[:, None]), axis=1)))
    highest = np.max(alphas)
    weight = highest + np.log(np.sum(np.exp(alphas - highest)))
    return likelihood - n * (weight + d * HALF_LOG_TWO_PI) + wishart_prior(icf, d, gamma, m)


def reprojection(camera: Array, point: Array, weight: float, seen: Array) -> Array:
    """The weighted error of one point in one camera: rotation by Rodrigues, centre, focal length, principal point, distortion."""
    rotation, p = camera[:3], point - camera[3:6]
    square = rotation @ rotation
    if square > 0.0:
        angle = np.sqrt(square)
        axis = rotation / angle
        cosine, sine = np.cos(angle), np.sin(angle)
        turned = cosine * p + sine * np.cross(axis, p) + (1.0 - cosine) * (axis @ p) * axis
    else:
        turned = p + np.cross(rotation, p)
    flat = turned[:2] / turned[2]
    radius = flat @ flat
    distorted = flat * (1.0 + camera[9] * radius + camera[10] * radius * radius)
    return weight * (distorted * camera[6] + camera[7:9] - seen)


def sigmoid(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-x))


def lstm_objective(main: Array, extra: Array, state: Array, sequence: Array) -> float:
    """How well a stack of diagonal long short-term memories foretells the next of a sequence."""
    state = state.copy()
    b = extra.shape[1]
    total = 0.0
    for t in range(len(sequence) - 1):
        x = sequence[t] * extra[0]
        for i in range(len(main) // 2):
            weight, bias, hidden, cell = main[2 * i], main[2 * i + 1], state[2 * i], state[2 * i + 1]
            forget = sigmoid(x * weight[:b] + bias[:b])
            into = sigmoid(hidden * weight[b : 2 * b] + bias[b : 2 * b])
            out = sigmoid(x * weight[2 * b : 3 * b] + bias[2 * b : 3 * b])
            change = np.tanh(hidden * weight[3 * b :] + bias[3 * b :])
            cell = cell * forget + into * change
            x = out * np.tanh(cell)
            state[2 * i], state[2 * i + 1] = x, cell
        foretold = x * extra[1] + extra[2]
        foretold = foretold - np.log(np.sum(np.exp(foretold)) + 2.0)
        total += np.sum(sequence[t + 1] * foretold)
    return -total / ((len(sequence) - 1) * b)


def rotation_of_angles(angles: Array) -> Array:
    """The rotation by three angles about the axes, one after the other."""
    cx, cy, cz = np.cos(angles)
    sx, sy, sz = np.sin(angles)
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cx, -sx], [0.0, sx, cx]])
    about_y = np.array([[cy, 0.0, sy], [0.0, 1.0, 0.0], [-sy, 0.0, cy]])
    about_z = np.array([[cz, -sz, 0.0], [sz, cz, 0.0], [0.0, 0.0, 1.0]])
    return about_z @ about_y @ about_x


def rotation_of_axis(axis: Array) -> Array:
    """The rotation about an axis by its length."""
    angle = np.sqrt(axis @ axis)
    x, y, z = axis / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross)


def hand_tracking(theta: Array, relatives: Array, inverses: Array, parents: Any, places: Array, weights: Array, points: Array) -> Array:
    """The errors of the vertices of a hand, posed by 26 numbers: a rotation and a shift of all, and four angles of each finger."""
    bones = len(parents)
    angles = np.zeros((bones, 3))
    for finger in range(5):
        first, at = 2 + 4 * finger, 6 + 4 * finger
        angles[first, 0], angles[first, 1] = theta[at], theta[at + 1]
        angles[first + 1, 0], angles[first + 2, 0] = theta[at + 2], theta[at + 3]
    absolutes, vertices = np.zeros((bones, 4, 4)), np.zeros((len(places), 4))
    for i in range(bones):
        turn = np.eye(4)
        turn[:3, :3] = rotation_of_angles(angles[i])
        relative = relatives[i] @ turn
        absolutes[i] = relative if parents[i] < 0 else absolutes[parents[i]] @ relative
        vertices += weights[:, i : i + 1] * (places @ (absolutes[i] @ inverses[i]).T)
    return points - (vertices[:, :3] @ rotation_of_axis(theta[:3]).T + theta[3:6])


def gmm_arguments(n: int, d: int, k: int) -> tuple[Any, ...]:
    draw = np.random.default_rng(d)
    icf = np.concatenate([0.3 * draw.normal(size=(k, d)), 0.3 * draw.normal(size=(k, d * (d - 1) // 2))], axis=1)
    return draw.normal(size=k), draw.normal(size=(k, d)), icf, draw.normal(size=(n, d)), 1.0, 0


def reprojection_arguments() -> tuple[Any, ...]:
    camera = np.array([0.1, -0.2, 0.15, 0.3, 0.1, -4.0, 500.0, 320.0, 240.0, 1e-2, 1e-3])
    return camera, np.array([0.4, -0.3, 1.2]), 0.9, np.array([350.0, 210.0])


def lstm_objective_arguments(layers: int, steps: int, b: int) -> tuple[Any, ...]:
    draw = np.random.default_rng(steps)
    main, extra, state = draw.normal(size=(2 * layers, 4 * b)), draw.normal(size=(3, b)), 0.5 * draw.normal(size=(2 * layers, b))
    return main, extra, state, (draw.random(size=(steps, b)) < 0.3).astype(float)


def hand_tracking_arguments(vertices: int) -> tuple[Any, ...]:
    """Two bones of the palm and four of each finger; a vertex hangs on a bone and the one before it."""
    draw = np.random.default_rng(vertices)
    parents = [-1, 0] + [bone - 1 if (bone - 2) % 4 else 1 for bone in range(2, 22)]
    relatives, rests = np.zeros((22, 4, 4)), np.zeros((22, 4, 4))
    for i, parent in enumerate(parents):
        relatives[i, :3, :3] = rotation_of_angles(0.3 * draw.normal(size=3))
        relatives[i, :3, 3], relatives[i, 3, 3] = 0.5 * draw.normal(size=3), 1.0
        rests[i] = relatives[i] if parent < 0 else rests[parent] @ relatives[i]
    weights, places = np.zeros((vertices, 22)), np.ones((vertices, 4))
    for v in range(vertices):
        bone, share = 1 + v % 21, draw.random()
        weights[v, bone], weights[v, parents[bone]] = share, 1.0 - share
        places[v, :3] = rests[bone, :3, 3] + 0.1 * draw.normal(size=3)
    theta = 0.4 * draw.normal(size=26)
    return theta, relatives, np.linalg.inv(rests), np.array(parents), places, weights, places[:, :3] + 0.1 * draw.normal(size=(vertices, 3))
