"""The kernels that write into arrays in mygrad, the operator-overloading peer that follows writes and views.

It needs its own NumPy, and arrays of its own that are told their dtype; its loops and writes are those of `changing`.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mygrad as mg
import numpy as np

from .kernels import Kernel


def jacobi_2d(a: Any, b: Any, steps: int) -> Any:
    a, b = +a, +b
    for _ in range(steps):
        b[1:-1, 1:-1] = 0.2 * (a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1])
        a[1:-1, 1:-1] = 0.2 * (b[1:-1, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:] + b[2:, 1:-1] + b[:-2, 1:-1])
    return mg.sum(a * a)


def heat_3d(u: Any, k: Any, steps: int) -> Any:
    u = +u
    for _ in range(steps):
        u[1:-1, 1:-1, 1:-1] += k * (
            (u[2:, 1:-1, 1:-1] - 2.0 * u[1:-1, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1])
            + (u[1:-1, 2:, 1:-1] - 2.0 * u[1:-1, 1:-1, 1:-1] + u[1:-1, :-2, 1:-1])
            + (u[1:-1, 1:-1, 2:] - 2.0 * u[1:-1, 1:-1, 1:-1] + u[1:-1, 1:-1, :-2])
        )
    return mg.sum(u * u)


def rosenbrock_by_elements(x: Any) -> Any:
    total = mg.zeros(1, dtype=float)
    for i in range(len(x) - 1):
        total[0] += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total[0]


def lstm(weights: Any, bias: Any, inputs: Any) -> Any:
    steps, n, m = len(inputs), len(bias) // 4, inputs.shape[1]
    h, c = mg.zeros((steps + 1, n), dtype=float), mg.zeros((steps + 1, n), dtype=float)
    joined = mg.empty(m + n, dtype=float)
    for t in range(steps):
        joined[:m] = inputs[t]
        joined[m:] = h[t]
        gates = weights @ joined + bias
        gates[: 3 * n] = 1.0 / (1.0 + mg.exp(-gates[: 3 * n]))
        gates[3 * n :] = mg.tanh(gates[3 * n :])
        c[t + 1] = gates[n : 2 * n] * c[t] + gates[:n] * gates[3 * n :]
        h[t + 1] = gates[2 * n : 3 * n] * mg.tanh(c[t + 1])
    return mg.sum(h * h)


FUNCTIONS = {function.__name__: function for function in (jacobi_2d, heat_3d, rosenbrock_by_elements, lstm)}

# Kernels it cannot compute, by name of the function, with the reason.
CANNOT: dict[str, str] = {}


def gradient(kernel: Kernel) -> Callable[..., Any]:
    """The value and gradients of a kernel by mygrad, as a function of the kernel's arguments."""
    function = FUNCTIONS[kernel.function.__name__]

    def value_and_gradients(*arguments: Any) -> Any:
        given = [mg.tensor(a) if k in kernel.argnums else a for k, a in enumerate(arguments)]
        result = function(*given)
        result.backward()
        gradients = tuple(given[k].grad for k in kernel.argnums)
        return result.data[()], tuple(float(g) if np.ndim(g) == 0 else g for g in gradients)

    return value_and_gradients
