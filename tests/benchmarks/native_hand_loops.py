"""Adjoints of the loops over scalars and elements, written by hand for Numba: what an engineer writes who wants speed alone.

Value and gradient come from one compiled function each. The programs are those of `kernels` and `kept`; the arrays that hold
what the way back asks for are made once, at their size. Sums keep their order, as Numba does without leave to change it.
"""
from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from .kernels import Array, ValueAndGradients

# As native code is compiled: divisions as NumPy's, products and sums in one instruction, NaN and infinities kept.
native: Any = numba.njit(error_model="numpy", fastmath={"contract"})


@native
def article(x1: float, x2: float) -> ValueAndGradients:
    sine = math.sin(x2)
    return math.log(x1) + x1 * sine, (1.0 / x1 + sine, x1 * math.cos(x2))


@native
def logistic_map(x: float, r: float, steps: int) -> ValueAndGradients:
    states = np.empty(steps)
    total = 0.0
    for t in range(steps):
        states[t] = x
        if x > 0.6:
            x = 0.5 * x
        else:
            x = r * x * (1.0 - x)
        total += x
    x_bar = r_bar = 0.0
    for t in range(steps - 1, -1, -1):
        x = states[t]
        x_bar += 1.0
        if x > 0.6:
            x_bar *= 0.5
        else:
            r_bar += x_bar * x * (1.0 - x)
            x_bar *= r * (1.0 - 2.0 * x)
    return total, (x_bar, r_bar)


@native
def pendulum(th: float, om: float, dt: float, steps: int) -> ValueAndGradients:
    """The slopes are saved, not the angles: sine and cosine of an angle come from one call."""
    slopes = np.empty(steps)
    for t in range(steps):
        slopes[t] = dt * math.cos(th)
        th, om = th + dt * om, om - dt * math.sin(th)
    th_bar, om_bar = 2.0 * th, 2.0 * om
    for t in range(steps - 1, -1, -1):
        th_bar, om_bar = th_bar - slopes[t] * om_bar, om_bar + dt * th_bar
    return th * th + om * om, (th_bar, om_bar)


@native
def rosenbrock_scalars(x: Array) -> ValueAndGradients:
    total, carried, x_bar = 0.0, 0.0, np.empty(len(x))
    for i in range(len(x) - 1):
        here = x[i]
        rise, rest = x[i + 1] - here * here, 1.0 - here
        total += 100.0 * (rise * rise) + rest * rest
        slope = 200.0 * rise
        x_bar[i] = carried - 2.0 * (slope * here + rest)
        carried = slope
    x_bar[len(x) - 1] = carried
    return total, (x_bar,)


@native
def pair_energy(positions: Array, masses: Array) -> ValueAndGradients:
    """What belongs to the outer loop is read and summed outside the inner one; nothing is saved."""
    energy, positions_bar = 0.0, np.zeros(positions.shape)
    for i in range(len(masses)):
        x, y, z, mass = positions[i, 0], positions[i, 1], positions[i, 2], masses[i]
        x_bar = y_bar = z_bar = 0.0
        for j in range(i + 1, len(masses)):
            dx, dy, dz = x - positions[j, 0], y - positions[j, 1], z - positions[j, 2]
            square = dx * dx + dy * dy + dz * dz + 0.01
            pull = mass * masses[j] / math.sqrt(square)
            energy -= pull
            pull /= square
            dx, dy, dz = pull * dx, pull * dy, pull * dz
            positions_bar[j, 0] -= dx
            positions_bar[j, 1] -= dy
            positions_bar[j, 2] -= dz
            x_bar, y_bar, z_bar = x_bar + dx, y_bar + dy, z_bar + dz
        positions_bar[i, 0] += x_bar
        positions_bar[i, 1] += y_bar
        positions_bar[i, 2] += z_bar
    return energy, (positions_bar,)


@native
def seidel_2d(a: Array, sweeps: int) -> ValueAndGradients:
    """A point that is replaced waits for the one before it in its row alone: all else is added up before."""
    a = a.copy()
    n = len(a)
    for _ in range(sweeps):
        for i in range(1, n - 1):
            before = a[i, 0]
            for j in range(1, n - 1):
                others = (
                    a[i - 1, j - 1] + a[i - 1, j] + a[i - 1, j + 1] + a[i, j] + a[i, j + 1]
                    + a[i + 1, j - 1] + a[i + 1, j] + a[i + 1, j + 1]
                )
                before = (others + before) / 9.0
                a[i, j] = before
    value = 0.0
    for i in range(n):
        for j in range(n):
            value += a[i, j] * a[i, j]
            a[i, j] *= 2.0
    for _ in range(sweeps):
        for i in range(n - 2, 0, -1):
            after = 0.0
            for j in range(n - 2, 0, -1):
                share = (a[i, j] + after) / 9.0
                a[i, j] = share
                a[i, j + 1] += share
                a[i - 1, j - 1] += share
                a[i - 1, j] += share
                a[i - 1, j + 1] += share
                a[i + 1, j - 1] += share
                a[i + 1, j] += share
                a[i + 1, j + 1] += share
                after = share
            a[i, 0] += after
    return value, (a,)


HAND: dict[str, Any] = {f.__name__: f for f in (article, logistic_map, pendulum, rosenbrock_scalars, pair_energy, seidel_2d)}
