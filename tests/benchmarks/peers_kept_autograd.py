"""The kept loops in autograd, whose functions come from its own NumPy. It cannot write into arrays."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as np
from autograd import value_and_grad

from .kept import logistic_map, rosenbrock_scalars
from .kernels import Kernel


def pendulum(th: Any, om: Any, dt: float, steps: int) -> Any:
    for _ in range(steps):
        th, om = th + dt * om, om - dt * np.sin(th)
    return th * th + om * om


def pair_energy(positions: Any, masses: Any) -> Any:
    energy = 0.0
    for i in range(len(masses)):
        for j in range(i + 1, len(masses)):
            dx = positions[i, 0] - positions[j, 0]
            dy = positions[i, 1] - positions[j, 1]
            dz = positions[i, 2] - positions[j, 2]
            energy = energy - masses[i] * masses[j] / np.sqrt(dx * dx + dy * dy + dz * dz + 0.01)
    return energy


def rnn(w: Any, u: Any, b: Any, inputs: Any, targets: Any) -> Any:
    h = np.zeros(len(b))
    loss = 0.0
    for t in range(len(inputs)):
        h = np.tanh(w @ h + u @ inputs[t] + b)
        loss = loss + np.sum((h - targets[t]) ** 2)
    return loss


# What uses operators and items alone needs no second version.
FUNCTIONS = {function.__name__: function for function in (logistic_map, pendulum, rosenbrock_scalars, pair_energy, rnn)}


def gradient(kernel: Kernel) -> Callable[..., Any]:
    """The value and gradients of a kernel by autograd, as a function of the kernel's arguments."""
    return value_and_grad(FUNCTIONS[kernel.function.__name__], kernel.argnums)
