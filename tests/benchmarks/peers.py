"""The kernels in autograd, which needs its own NumPy: the same formulas over `autograd.numpy`.

The array kernels read their `np` from this module, so they are the functions of `kernels`, line by line.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as np
from autograd import value_and_grad

from .kernels import Kernel, branching_loop


def article(x1: Any, x2: Any) -> Any:
    return np.log(x1) + x1 * np.sin(x2)


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def logistic_loss(weights: Any, bias: Any, features: Any, labels: Any) -> Any:
    scores = features @ weights + bias
    return np.mean(np.logaddexp(0.0, scores) - labels * scores) + 0.01 * np.sum(weights * weights)


def network_loss(w1: Any, b1: Any, w2: Any, b2: Any, inputs: Any, targets: Any) -> Any:
    hidden = np.tanh(inputs @ w1 + b1)
    return np.mean((hidden @ w2 + b2 - targets) ** 2)


# The scalar loop uses operators alone and needs no second version.
FUNCTIONS = {
    function.__name__: function for function in (article, branching_loop, rosenbrock, logistic_loss, network_loss)
}


def gradient(kernel: Kernel) -> Callable[..., Any]:
    """The value and gradients of a kernel by autograd, as a function of the kernel's arguments."""
    return value_and_grad(FUNCTIONS[kernel.function.__name__], kernel.argnums)
