"""The kept loops in mygrad, which follows writes and views; functions and new arrays are its own."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mygrad as mg

from .kept import logistic_map
from .kernels import Kernel
from .peers_changing import jacobi_2d


def pendulum(th: Any, om: Any, dt: float, steps: int) -> Any:
    for _ in range(steps):
        th, om = th + dt * om, om - dt * mg.sin(th)
    return th * th + om * om


def rosenbrock_scalars(x: Any) -> Any:
    """Its tensors are changed by `+=`, which costs a good deal more than a new one."""
    total = 0.0
    for i in range(len(x) - 1):
        total = total + 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def pair_energy(positions: Any, masses: Any) -> Any:
    energy = 0.0
    for i in range(len(masses)):
        for j in range(i + 1, len(masses)):
            dx = positions[i, 0] - positions[j, 0]
            dy = positions[i, 1] - positions[j, 1]
            dz = positions[i, 2] - positions[j, 2]
            energy = energy - masses[i] * masses[j] / mg.sqrt(dx * dx + dy * dy + dz * dz + 0.01)
    return energy


def seidel_2d(a: Any, sweeps: int) -> Any:
    a = +a
    n = len(a)
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                a[i, j] = (
                    a[i - 1, j - 1] + a[i - 1, j] + a[i - 1, j + 1]
                    + a[i, j - 1] + a[i, j] + a[i, j + 1]
                    + a[i + 1, j - 1] + a[i + 1, j] + a[i + 1, j + 1]
                ) / 9.0
    return mg.sum(a * a)


def rnn(w: Any, u: Any, b: Any, inputs: Any, targets: Any) -> Any:
    h = mg.zeros(len(b), dtype=float)
    loss = 0.0
    for t in range(len(inputs)):
        h = mg.tanh(w @ h + u @ inputs[t] + b)
        loss = loss + mg.sum((h - targets[t]) ** 2)
    return loss


FUNCTIONS = {
    function.__name__: function
    for function in (logistic_map, pendulum, rosenbrock_scalars, pair_energy, seidel_2d, jacobi_2d, rnn)
}


def gradient(kernel: Kernel) -> Callable[..., Any]:
    """The value and gradients of a kernel by mygrad, as a function of the kernel's arguments."""
    function = FUNCTIONS[kernel.function.__name__]

    def value_and_gradients(*arguments: Any) -> Any:
        given = [mg.tensor(each) if number in kernel.argnums else each for number, each in enumerate(arguments)]
        result = function(*given)
        result.backward()
        return result.data[()], tuple(given[number].grad[()] for number in kernel.argnums)

    return value_and_gradients
