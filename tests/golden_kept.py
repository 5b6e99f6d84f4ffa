"""Functions whose kept loops and branches stand under golden/, for `test_golden.py`."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def kept_recurrence(x: float, n: int) -> float:
    s = x
    for _ in range(n):
        s = s * x + math.sin(s)
        if s > 3.0:
            s = s - 1.0
    return s


def kept_logistic_map(r: float, x: float, n: int) -> float:
    for _ in range(n):
        if x > 0.5:
            x = r * x * (1.0 - x)
        else:
            x = r * x
    return x


def kept_pendulum(angle: float, speed: float, dt: float, n: int) -> float:
    for _ in range(n):
        angle, speed = angle + dt * speed, speed - dt * math.sin(angle)
    return angle * angle + speed


def kept_rosenbrock(x: Any) -> Any:
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def kept_newton(a: float) -> float:
    x = a
    for _ in range(50):
        better = 0.5 * (x + a / x)
        if abs(better - x) < 1e-12:
            break
        x = better
    return x


def kept_while(x: float, limit: float) -> float:
    steps = 0
    while x * x > limit:
        x = 0.5 * x - 0.1 * x * x
        steps += 1
    return x + 0.01 * steps


def kept_seidel(a: Any, sweeps: int) -> Any:
    u = a.copy()
    for _ in range(sweeps):
        for i in range(1, u.shape[0] - 1):
            for j in range(1, u.shape[1] - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
    return np.sum(u * u)


def kept_pairs(x: Any, mass: Any) -> Any:
    energy = 0.0
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            d = x[i] - x[j]
            energy -= mass[i] * mass[j] / math.sqrt(d * d + 0.01)
    return energy


def kept_back_substitution(u: Any, b: Any) -> Any:
    x = np.zeros(len(b))
    for i in range(len(b) - 1, -1, -1):
        x[i] = (b[i] - u[i, i + 1 :] @ x[i + 1 :]) / u[i, i]
    return np.sum(x)


def kept_network(w: Any, v: Any, x: Any) -> Any:
    h = np.zeros(w.shape[0])
    for t in range(len(x)):
        h = np.tanh(w @ h + v @ x[t])
    return np.sum(h * h)


def kept_chain(x: Any, v: Any, steps: int) -> Any:
    for _ in range(steps):
        force = np.zeros(len(x))
        for i in range(len(x) - 1):
            pull = math.sin(x[i + 1] - x[i])
            force[i] += pull
            force[i + 1] -= pull
        v = v + 0.1 * force
        x = x + 0.1 * v
    return x


CHAIN = np.linspace(0.0, 1.0, 3), np.zeros(3), 4
GRID = np.arange(20.0).reshape(4, 5)
KEPT: dict[str, tuple[Callable[..., Any], Any, tuple[Any, ...]]] = {
    "kept_recurrence": (kept_recurrence, 0, (0.5, 4)),
    "kept_logistic_map": (kept_logistic_map, (0, 1), (2.5, 0.3, 4)),
    "kept_pendulum": (kept_pendulum, (0, 1, 2), (0.3, 0.1, 0.01, 4)),
    "kept_rosenbrock": (kept_rosenbrock, 0, (np.linspace(0.0, 1.0, 5),)),
    "kept_newton": (kept_newton, 0, (2.0,)),
    "kept_while": (kept_while, 0, (3.0, 0.1)),
    "kept_seidel": (kept_seidel, 0, (GRID, 2)),
    "kept_pairs": (kept_pairs, (0, 1), (np.linspace(0.0, 1.0, 4), np.ones(4))),
    "kept_back_substitution": (kept_back_substitution, (0, 1), (np.eye(3) + 1.0, np.ones(3))),
    "kept_network": (kept_network, (0, 1), (np.eye(3), np.ones((3, 2)), np.ones((4, 2)))),
}
