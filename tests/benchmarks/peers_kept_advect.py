"""The kept loops in advect, which traces a function at each call and follows writes; of `math` it knows nothing."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import advect

from .kept_in_numpy import pair_energy, pendulum
from .kernels import Kernel

FUNCTIONS = {"pendulum": pendulum, "pair_energy": pair_energy}


def gradient(kernel: Kernel) -> Callable[..., Any]:
    """The value and gradients of a kernel by advect, as a function of the kernel's arguments."""
    made: Callable[..., Any] = advect.value_and_grad(
        FUNCTIONS.get(kernel.function.__name__, kernel.function), argnums=kernel.argnums
    )
    return made
