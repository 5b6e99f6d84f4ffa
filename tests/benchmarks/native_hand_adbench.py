"""Of the objectives of ADBench the mixture's adjoint and the Jacobian of a residual, written by hand for Numba; the others beside."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from .kernels import Array, ValueAndGradients
from .native_hand_loops import native
from .native_hand_lstm_objective import lstm_objective
from .native_hand_tracking import hand_tracking


@native
def unpack(packed: Array, scales: Array, factor: Array) -> None:
    start, d = len(scales), len(scales)
    for i in range(d):
        factor[i, i] = scales[i]
        for r in range(i + 1, d):
            factor[r, i] = packed[start + r - i - 1]
        start += d - i - 1


@native
def pack(factor_bar: Array, scales: Array, share: float, packed_bar: Array) -> None:
    start, d = len(scales), len(scales)
    for i in range(d):
        packed_bar[i] = factor_bar[i, i] * scales[i] + share
        for r in range(i + 1, d):
            packed_bar[start + r - i - 1] = factor_bar[r, i]
        start += d - i - 1


@native
def centre(x: Array, mean: Array, centred: Array) -> None:
    for p in range(x.shape[0]):
        for i in range(x.shape[1]):
            centred[i, p] = x[p, i] - mean[i]


@native
def log_of_sum(alphas: Array, factor: float, alphas_bar: Array) -> float:
    """The logarithm of the sum of exponentials; `factor` times its slopes is added."""
    highest, total = np.max(alphas), 0.0
    parts = np.empty(len(alphas))
    for j in range(len(alphas)):
        parts[j] = math.exp(alphas[j] - highest)
        total += parts[j]
    for j in range(len(alphas)):
        alphas_bar[j] += factor * parts[j] / total
    return highest + math.log(total)


@native
def gmm(alphas: Array, means: Array, icf: Array, x: Array, gamma: float, m: int) -> ValueAndGradients:
    """A component after the other, its factor times all points in one product; the points are not differentiated."""
    n, d = x.shape
    k = len(alphas)
    scales, factors = np.exp(icf[:, :d]), np.zeros((k, d, d))
    centred, away, terms = np.empty((d, n)), np.empty((k, d, n)), np.empty((k, n))
    tops, totals = np.full(n, -np.inf), np.zeros(n)
    for j in range(k):
        unpack(icf[j], scales[j], factors[j])
        centre(x, means[j], centred)
        np.dot(factors[j], centred, away[j])
        term = terms[j]
        term[:] = alphas[j] + np.sum(icf[j, :d])
        for i in range(d):
            for p in range(n):
                term[p] -= 0.5 * away[j, i, p] * away[j, i, p]
        for p in range(n):
            tops[p] = term[p] if term[p] > tops[p] else tops[p]
    for j in range(k):
        for p in range(n):
            terms[j, p] = math.exp(terms[j, p] - tops[p])
            totals[p] += terms[j, p]
    value = 0.0
    for p in range(n):
        value += tops[p] + math.log(totals[p])
        totals[p] = -1.0 / totals[p]
    alphas_bar, means_bar, icf_bar, factor_bar = np.zeros(k), np.zeros((k, d)), np.zeros(icf.shape), np.empty((d, d))
    for j in range(k):
        for p in range(n):
            terms[j, p] *= totals[p]
            alphas_bar[j] -= terms[j, p]
        for i in range(d):
            moved = 0.0
            for p in range(n):
                away[j, i, p] *= terms[j, p]
                moved += away[j, i, p]
            for r in range(i + 1):
                means_bar[j, r] -= factors[j, i, r] * moved
        centre(x, means[j], centred)
        np.dot(away[j], centred.T, factor_bar)
        pack(factor_bar, scales[j], alphas_bar[j], icf_bar[j])
    value -= n * (log_of_sum(alphas, -float(n), alphas_bar) + 0.5 * d * math.log(2.0 * math.pi))
    return value + prior(icf, scales, icf_bar, d, gamma, m), (alphas_bar, means_bar, icf_bar)


@native
def prior(icf: Array, scales: Array, icf_bar: Array, d: int, gamma: float, m: int) -> float:
    """The value of the prior; its slopes are added."""
    k, dof, square, total = len(icf), d + m + 1, 0.0, 0.0
    constant = dof * d * (math.log(gamma) - 0.5 * math.log(2.0)) - 0.25 * d * (d - 1) * math.log(math.pi)
    for j in range(1, d + 1):
        constant -= math.lgamma(0.5 * (dof + 1 - j))
    for j in range(k):
        for i in range(d):
            part = scales[j, i] * scales[j, i]
            square += part
            total += icf[j, i]
            icf_bar[j, i] += gamma * gamma * part - m
        for i in range(d, icf.shape[1]):
            square += icf[j, i] * icf[j, i]
            icf_bar[j, i] += gamma * gamma * icf[j, i]
    return 0.5 * gamma * gamma * square - m * total - k * constant


@native
def turned(r0: float, r1: float, r2: float, p0: float, p1: float, p2: float, columns: Array) -> tuple[float, float, float]:
    """The rotated point, and its slopes for the rotation and for the point."""
    square = r0 * r0 + r1 * r1 + r2 * r2
    if square > 0.0:
        angle = math.sqrt(square)
        a0, a1, a2 = r0 / angle, r1 / angle, r2 / angle
        cosine, sine = math.cos(angle), math.sin(angle)
        rest = 1.0 - cosine
        x0, x1, x2 = a1 * p2 - a2 * p1, a2 * p0 - a0 * p2, a0 * p1 - a1 * p0
        along = a0 * p0 + a1 * p1 + a2 * p2
        lever = rest * along
        q0, q1, q2 = cosine * p0 + sine * x0 + lever * a0, cosine * p1 + sine * x1 + lever * a1, cosine * p2 + sine * x2 + lever * a2
        for k in range(3):
            ak = a0 if k == 0 else (a1 if k == 1 else a2)
            d0, d1, d2 = ((k == 0) - a0 * ak) / angle, ((k == 1) - a1 * ak) / angle, ((k == 2) - a2 * ak) / angle
            slope = rest * (d0 * p0 + d1 * p1 + d2 * p2) + sine * ak * along
            columns[0, k] = ak * (cosine * x0 - sine * p0) + sine * (d1 * p2 - d2 * p1) + slope * a0 + lever * d0
            columns[1, k] = ak * (cosine * x1 - sine * p1) + sine * (d2 * p0 - d0 * p2) + slope * a1 + lever * d1
            columns[2, k] = ak * (cosine * x2 - sine * p2) + sine * (d0 * p1 - d1 * p0) + slope * a2 + lever * d2
    else:
        cosine, sine, rest, a0, a1, a2 = 1.0, 1.0, 0.0, r0, r1, r2
        q0, q1, q2 = p0 + r1 * p2 - r2 * p1, p1 + r2 * p0 - r0 * p2, p2 + r0 * p1 - r1 * p0
        columns[0, 0], columns[0, 1], columns[0, 2] = 0.0, p2, -p1
        columns[1, 0], columns[1, 1], columns[1, 2] = -p2, 0.0, p0
        columns[2, 0], columns[2, 1], columns[2, 2] = p1, -p0, 0.0
    columns[0, 3], columns[0, 4], columns[0, 5] = cosine + rest * a0 * a0, rest * a0 * a1 - sine * a2, rest * a0 * a2 + sine * a1
    columns[1, 3], columns[1, 4], columns[1, 5] = rest * a1 * a0 + sine * a2, cosine + rest * a1 * a1, rest * a1 * a2 - sine * a0
    columns[2, 3], columns[2, 4], columns[2, 5] = rest * a2 * a0 - sine * a1, rest * a2 * a1 + sine * a0, cosine + rest * a2 * a2
    return q0, q1, q2


@native
def reprojection(camera: Array, point: Array, weight: float, seen: Array) -> tuple[Array, Array, Array]:
    """All columns forwards: of the rotated point by rotation and by place, then through projection and distortion."""
    columns = np.empty((3, 6))
    away = point[0] - camera[3], point[1] - camera[4], point[2] - camera[5]
    q0, q1, q2 = turned(camera[0], camera[1], camera[2], away[0], away[1], away[2], columns)
    focal, k1, k2 = camera[6], camera[9], camera[10]
    f0, f1 = q0 / q2, q1 / q2
    radius = f0 * f0 + f1 * f1
    stretch, bend = 1.0 + k1 * radius + k2 * radius * radius, 2.0 * (k1 + 2.0 * k2 * radius)
    scale = weight * focal
    m00, m01, m11 = scale * (stretch + bend * f0 * f0), scale * bend * f0 * f1, scale * (stretch + bend * f1 * f1)
    by_camera, by_point, by_weight = np.zeros((2, 11)), np.empty((2, 3)), np.empty(2)
    for k in range(6):
        d0, d1 = (columns[0, k] - f0 * columns[2, k]) / q2, (columns[1, k] - f1 * columns[2, k]) / q2
        e0, e1 = m00 * d0 + m01 * d1, m01 * d0 + m11 * d1
        if k < 3:
            by_camera[0, k], by_camera[1, k] = e0, e1
        else:
            by_camera[0, k], by_camera[1, k] = -e0, -e1
            by_point[0, k - 3], by_point[1, k - 3] = e0, e1
    by_camera[0, 6], by_camera[1, 6] = weight * stretch * f0, weight * stretch * f1
    by_camera[0, 7], by_camera[1, 8] = weight, weight
    by_camera[0, 9], by_camera[1, 9] = scale * f0 * radius, scale * f1 * radius
    by_camera[0, 10], by_camera[1, 10] = by_camera[0, 9] * radius, by_camera[1, 9] * radius
    by_weight[0], by_weight[1] = focal * stretch * f0 + camera[7] - seen[0], focal * stretch * f1 + camera[8] - seen[1]
    return by_camera, by_point, by_weight


HAND: dict[str, Any] = {f.__name__: f for f in (gmm, reprojection, lstm_objective, hand_tracking)}
