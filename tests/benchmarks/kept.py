"""Functions whose time goes into loops, each with an adjoint written out by hand: the table of kept loops.

They are written as one writes them without differentiation in mind: scalars are Python's floats, trip counts are
arguments, arrays are read and written item by item. A recording grows with the trips, a kept loop does not; so there are
sizes here that nobody would record, and `SMALL`, the same functions at sizes where recording is quick.
"""
from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from .changing import _made, jacobi_2d, jacobi_2d_hand
from .kept_arrays import rnn, rnn_hand, seidel_2d, seidel_2d_hand
from .kept_in_numbers import pair_energy_in_numbers_hand, rosenbrock_scalars_in_numbers_hand, seidel_2d_in_numbers_hand
from .kernels import Array, Kernel, ValueAndGradients


def logistic_map(x: float, r: float, steps: int) -> float:
    """The logistic map, halved above a threshold; the sum of the states."""
    total = 0.0
    for _ in range(steps):
        if x > 0.6:
            x = 0.5 * x
        else:
            x = r * x * (1.0 - x)
        total = total + x
    return total


def logistic_map_hand(x: float, r: float, steps: int) -> ValueAndGradients:
    """Which branch was taken is seen from the state before it, so that one number a trip is saved."""
    states = [0.0] * steps
    total = 0.0
    for t in range(steps):
        states[t] = x
        if x > 0.6:
            x = 0.5 * x
        else:
            x = r * x * (1.0 - x)
        total += x
    x_bar = r_bar = 0.0
    for x in reversed(states):
        x_bar += 1.0
        if x > 0.6:
            x_bar *= 0.5
        else:
            r_bar += x_bar * x * (1.0 - x)
            x_bar *= r * (1.0 - 2.0 * x)
    return total, (x_bar, r_bar)


def pendulum(th: float, om: float, dt: float, steps: int) -> float:
    """Explicit steps of a pendulum; the loss looks at the end state alone."""
    for _ in range(steps):
        th, om = th + dt * om, om - dt * math.sin(th)
    return th * th + om * om


def pendulum_hand(th: float, om: float, dt: float, steps: int) -> ValueAndGradients:
    """Only the angle enters other than linearly, so only the angle is saved: its float object exists already."""
    sin, cos = math.sin, math.cos
    angles = [0.0] * steps
    for t in range(steps):
        angles[t] = th
        th, om = th + dt * om, om - dt * sin(th)
    th_bar, om_bar = 2.0 * th, 2.0 * om
    value = th * th + om * om
    for th in reversed(angles):
        th_bar, om_bar = th_bar - dt * cos(th) * om_bar, om_bar + dt * th_bar
    return value, (th_bar, om_bar)


def rosenbrock_scalars(x: Array) -> float:
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def rosenbrock_scalars_hand(x: Array) -> ValueAndGradients:
    """Element by element in the array, as the function is; a sum needs no second loop."""
    total, carried, x_bar = 0.0, 0.0, np.empty(len(x))
    for i in range(len(x) - 1):
        here = x[i]
        rise, rest = x[i + 1] - here**2, 1.0 - here
        total += 100.0 * rise**2 + rest**2
        slope = 200.0 * rise
        x_bar[i] = carried - 2.0 * (slope * here + rest)
        carried = slope
    x_bar[-1] = carried
    return total, (x_bar,)


def pair_energy(positions: Array, masses: Array) -> float:
    """The potential energy of bodies that attract each other, softened where two of them meet."""
    energy = 0.0
    for i in range(len(masses)):
        for j in range(i + 1, len(masses)):
            dx = positions[i, 0] - positions[j, 0]
            dy = positions[i, 1] - positions[j, 1]
            dz = positions[i, 2] - positions[j, 2]
            energy -= masses[i] * masses[j] / math.sqrt(dx * dx + dy * dy + dz * dz + 0.01)
    return energy


def pair_energy_hand(positions: Array, masses: Array) -> ValueAndGradients:
    """What belongs to the outer loop is read and summed outside the inner one; nothing is saved."""
    energy, positions_bar = 0.0, np.zeros(positions.shape)
    for i in range(len(masses)):
        (x, y, z), mass = positions[i], masses[i]
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
        positions_bar[i] += (x_bar, y_bar, z_bar)
    return energy, (positions_bar,)


def _logistic_map(steps: int) -> Kernel:
    return Kernel(f"logistic map, {steps:,} steps", logistic_map, logistic_map_hand, (0.3, 3.3, steps), (0, 1), True)


def _pendulum(steps: int) -> Kernel:
    return Kernel(f"pendulum, {steps:,} steps", pendulum, pendulum_hand, (0.5, 0.0, 1e-3, steps), (0, 1), True)


def _rosenbrock(size: int) -> Kernel:
    return Kernel(f"Rosenbrock {size:,} by scalars", rosenbrock_scalars, rosenbrock_scalars_hand, _made(4, (size,)), (0,), True)


def _pair_energy(bodies: int) -> Kernel:
    (positions,) = _made(5, (bodies, 3))
    arguments = (positions, np.linspace(0.5, 1.5, bodies))
    return Kernel(f"pair energy, {bodies} bodies", pair_energy, pair_energy_hand, arguments, (0,), True)


def _seidel_2d(n: int, sweeps: int) -> Kernel:
    return Kernel(f"Seidel 2-D, {n}x{n}, {sweeps} sweeps", seidel_2d, seidel_2d_hand, (*_made(6, (n, n)), sweeps), (0,), True)


def _jacobi_2d(n: int, steps: int) -> Kernel:
    return Kernel(f"Jacobi 2-D, N={n}, T={steps}", jacobi_2d, jacobi_2d_hand, (*_made(0, (n, n), (n, n)), steps), (0, 1), False)


def _rnn(steps: int, hidden: int, width: int) -> Kernel:
    w, u, b, inputs, targets = _made(7, (hidden, hidden), (hidden, width), (hidden,), (steps, width), (steps, hidden))
    arguments = (w / math.sqrt(hidden), u / math.sqrt(width), 0.1 * b, inputs, np.tanh(targets))
    return Kernel(f"RNN, {steps} steps of {hidden}", rnn, rnn_hand, arguments, (0, 1, 2), True)


LONGEST = _pendulum(1_000_000)
WIDEST = _seidel_2d(60, 10)
KEPT = (
    _logistic_map(50),
    _logistic_map(1000),
    _pendulum(100),
    _pendulum(10_000),
    LONGEST,
    _rosenbrock(1000),
    _pair_energy(8),
    _pair_energy(32),
    _seidel_2d(20, 5),
    WIDEST,
    _jacobi_2d(30, 20),
    _jacobi_2d(150, 50),
    _rnn(100, 16, 8),
)
# Against a list of Python's floats: how far the cost of items of an array reaches.
IN_NUMBERS = (
    replace(_rosenbrock(1000), name="Rosenbrock 1,000, hand in Python's numbers", hand=rosenbrock_scalars_in_numbers_hand),
    replace(_pair_energy(32), name="pair energy 32, hand in Python's numbers", hand=pair_energy_in_numbers_hand),
    replace(_seidel_2d(20, 5), name="Seidel 2-D 20x20, hand in Python's numbers", hand=seidel_2d_in_numbers_hand),
)
SMALL = (
    _logistic_map(20),
    _pendulum(30),
    _rosenbrock(10),
    _pair_energy(5),
    _seidel_2d(6, 2),
    _jacobi_2d(8, 3),
    _rnn(6, 4, 3),
)
