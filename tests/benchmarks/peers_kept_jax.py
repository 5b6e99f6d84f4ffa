"""The kept loops in JAX, in double precision and compiled by `jit`.

What JAX compiles once it has to be told in its own words: loops as `fori_loop` or `scan`, branches as `cond`, writes as
new arrays. Its reverse mode needs the trip counts when it compiles, so they are static, and another count is another
compilation. A loop whose count depends on the index of another, the inner one over pairs, is a `scan` over a list of
pairs.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as np
import numpy
from jax import lax

from .kernels import Kernel

jax.config.update("jax_enable_x64", True)
jax.block_until_ready(jax.jit(np.sin)(0.0))  # the first computation of a process starts the backend, which compiles no kernel


def logistic_map(x: Any, r: Any, steps: int) -> Any:
    def trip(_: Any, state: Any) -> Any:
        x, total = state
        x = lax.cond(x > 0.6, lambda x: 0.5 * x, lambda x: r * x * (1.0 - x), x)
        return x, total + x

    return lax.fori_loop(0, steps, trip, (x, 0.0))[1]


def pendulum(th: Any, om: Any, dt: Any, steps: int) -> Any:
    def trip(_: Any, state: Any) -> Any:
        th, om = state
        return th + dt * om, om - dt * np.sin(th)

    th, om = lax.fori_loop(0, steps, trip, (th, om))
    return th * th + om * om


def rosenbrock_scalars(x: Any) -> Any:
    def trip(i: Any, total: Any) -> Any:
        return total + 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2

    return lax.fori_loop(0, len(x) - 1, trip, 0.0)


def pair_energy(positions: Any, masses: Any) -> Any:
    def trip(energy: Any, pair: Any) -> Any:
        i, j = pair
        dx = positions[i, 0] - positions[j, 0]
        dy = positions[i, 1] - positions[j, 1]
        dz = positions[i, 2] - positions[j, 2]
        return energy - masses[i] * masses[j] / np.sqrt(dx * dx + dy * dy + dz * dz + 0.01), None

    return lax.scan(trip, 0.0, numpy.triu_indices(len(masses), 1))[0]


def seidel_2d(a: Any, sweeps: int) -> Any:
    n = len(a)

    def point(i: Any, j: Any, a: Any) -> Any:
        mean = (
            a[i - 1, j - 1] + a[i - 1, j] + a[i - 1, j + 1]
            + a[i, j - 1] + a[i, j] + a[i, j + 1]
            + a[i + 1, j - 1] + a[i + 1, j] + a[i + 1, j + 1]
        ) / 9.0
        return a.at[i, j].set(mean)

    def row(i: Any, a: Any) -> Any:
        return lax.fori_loop(1, n - 1, lambda j, a: point(i, j, a), a)

    a = lax.fori_loop(0, sweeps, lambda _, a: lax.fori_loop(1, n - 1, row, a), a)
    return np.sum(a * a)


def jacobi_2d(a: Any, b: Any, steps: int) -> Any:
    def averaged(old: Any, new: Any) -> Any:
        mean = 0.2 * (old[1:-1, 1:-1] + old[1:-1, :-2] + old[1:-1, 2:] + old[2:, 1:-1] + old[:-2, 1:-1])
        return new.at[1:-1, 1:-1].set(mean)

    def trip(_: Any, state: Any) -> Any:
        a, b = state
        b = averaged(a, b)
        return averaged(b, a), b

    a, _ = lax.fori_loop(0, steps, trip, (a, b))
    return np.sum(a * a)


def rnn(w: Any, u: Any, b: Any, inputs: Any, targets: Any) -> Any:
    def trip(state: Any, now: Any) -> Any:
        h, loss = state
        x, target = now
        h = np.tanh(w @ h + u @ x + b)
        return (h, loss + np.sum((h - target) ** 2)), None

    return lax.scan(trip, (np.zeros(len(b)), 0.0), (inputs, targets))[0][1]


FUNCTIONS = {
    function.__name__: function
    for function in (logistic_map, pendulum, rosenbrock_scalars, pair_energy, seidel_2d, jacobi_2d, rnn)
}


def gradient(kernel: Kernel) -> Callable[..., Any]:
    """The value and gradients of a kernel by JAX, as a function of the kernel's arguments; a new compilation each time.

    A call returns when the numbers are there. They stay arrays of JAX.
    """
    static = tuple(number for number, each in enumerate(kernel.arguments) if isinstance(each, int))
    compiled = jax.jit(jax.value_and_grad(FUNCTIONS[kernel.function.__name__], kernel.argnums), static_argnums=static)
    return lambda *arguments: jax.block_until_ready(compiled(*arguments))
