"""The programs of the table of native code in JAX, in double precision and compiled by `jit`; those of `peers_kept_jax` and more.

Arguments are arrays of JAX's own, made before; trip counts are static. A call returns when the numbers are there.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as np
import numpy
from jax import lax

from . import native_jax_adbench, peers_kept_jax
from .native_rows import Row

HEAT_INNER = (slice(1, -1),) * 3


def article(x1: Any, x2: Any) -> Any:
    return np.log(x1) + x1 * np.sin(x2)


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def logistic_loss(weights: Any, bias: Any, features: Any, labels: Any) -> Any:
    scores = features @ weights + bias
    return np.mean(np.logaddexp(0.0, scores) - labels * scores) + 0.01 * np.sum(weights * weights)


def heat_3d(u: Any, k: Any, steps: int) -> Any:
    def trip(_: Any, u: Any) -> Any:
        return u.at[HEAT_INNER].add(k * (
            (u[2:, 1:-1, 1:-1] - 2.0 * u[1:-1, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1])
            + (u[1:-1, 2:, 1:-1] - 2.0 * u[1:-1, 1:-1, 1:-1] + u[1:-1, :-2, 1:-1])
            + (u[1:-1, 1:-1, 2:] - 2.0 * u[1:-1, 1:-1, 1:-1] + u[1:-1, 1:-1, :-2])
        ))

    u = lax.fori_loop(0, steps, trip, u)
    return np.sum(u * u)


def network_loss(w1: Any, b1: Any, w2: Any, b2: Any, inputs: Any, targets: Any) -> Any:
    hidden = np.tanh(inputs @ w1 + b1)
    return np.mean((hidden @ w2 + b2 - targets) ** 2)


def lstm(weights: Any, bias: Any, inputs: Any) -> Any:
    n = len(bias) // 4

    def step(state: Any, x: Any) -> Any:
        h, c, total = state
        gates = weights @ np.concatenate([x, h]) + bias
        smooth = jax.nn.sigmoid(gates[: 3 * n])
        c = smooth[n : 2 * n] * c + smooth[:n] * np.tanh(gates[3 * n :])
        h = smooth[2 * n :] * np.tanh(c)
        return (h, c, total + np.sum(h * h)), None

    return lax.scan(step, (np.zeros(n), np.zeros(n), 0.0), inputs)[0][2]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **peers_kept_jax.FUNCTIONS,
    **native_jax_adbench.FUNCTIONS,
    **{f.__name__: f for f in (article, rosenbrock, logistic_loss, heat_3d, network_loss, lstm)},
}


def own(argument: Any) -> Any:
    """An argument as JAX holds it; trip counts stay Python's."""
    return argument if isinstance(argument, int) else np.asarray(numpy.asarray(argument))


def derivative(row: Row) -> Callable[[], Any]:
    """The same derivative by JAX, compiled anew."""
    function = FUNCTIONS[row.function.__name__]
    static = tuple(number for number, each in enumerate(row.arguments) if isinstance(each, int))
    whole = jax.jacfwd if function.__name__ in native_jax_adbench.FORWARDS else jax.jacrev
    made = whole(function, row.argnums) if row.jacobian else jax.value_and_grad(function, row.argnums)
    compiled, arguments = jax.jit(made, static_argnums=static), tuple(own(each) for each in row.arguments)
    return lambda: jax.block_until_ready(compiled(*arguments))
