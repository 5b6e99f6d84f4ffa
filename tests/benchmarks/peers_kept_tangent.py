"""The kept loops in tangent-ad, which makes Python source of a gradient as well; it reads what NumPy's functions do."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tangent

from .kept_in_numpy import FUNCTIONS
from .kernels import Kernel, ValueAndGradients


def gradient(kernel: Kernel) -> Callable[..., ValueAndGradients]:
    """The value and gradients of a kernel by tangent, as a function of the kernel's arguments.

    Compiled with the first call, as ours is.
    """
    made: list[Callable[..., Any]] = []

    def value_and_gradients(*arguments: Any) -> ValueAndGradients:
        if not made:
            function = FUNCTIONS.get(kernel.function.__name__, kernel.function)
            made.append(tangent.grad(function, wrt=kernel.argnums, preserve_result=True))
        *gradients, value = made[0](*arguments)
        return value, tuple(gradients)

    return value_and_gradients
