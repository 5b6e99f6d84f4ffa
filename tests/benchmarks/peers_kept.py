"""Which peer computes which of the kept loops. Each is imported where it is asked for, so that none needs the others."""
from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from .kept import IN_NUMBERS, LONGEST, WIDEST
from .kernels import Kernel

# advect wants Python 3.12.
PEERS = ("autograd", "mygrad", "advect", "tangent", "JAX")

# Kernels a peer cannot compute, by name of the function, with the reason.
CANNOT: dict[tuple[str, str], str] = {
    ("autograd", "seidel_2d"): "it has no writes into arrays",
    ("autograd", "jacobi_2d"): "it has no writes into arrays",
}
# Kernels a peer would take more than a few seconds for, by their name. Those that record take most of a second for 10,000 steps
# of the pendulum already, and hold all they recorded.
TOO_LONG: dict[tuple[str, str], str] = {
    ("autograd", LONGEST.name): "it would take minutes",
    ("mygrad", LONGEST.name): "it would take minutes",
    ("advect", LONGEST.name): "it takes a minute",
    ("tangent", LONGEST.name): "it takes some ten seconds",
    ("mygrad", WIDEST.name): "it takes some twenty seconds",
    ("advect", WIDEST.name): "it takes some ten seconds",
}


def reason(contestant: str, kernel: Kernel) -> str | None:
    """Why a peer is left out for a kernel; None for a contestant that takes part."""
    if contestant in PEERS and any(kernel is each for each in IN_NUMBERS):
        return "the row of the same function has it"
    return CANNOT.get((contestant, kernel.function.__name__)) or TOO_LONG.get((contestant, kernel.name))


def gradient(peer: str, kernel: Kernel) -> Callable[..., Any]:
    """The value and gradients of a kernel by a peer, as a function of the kernel's arguments."""
    made: Callable[..., Any] = importlib.import_module(f".peers_kept_{peer.lower()}", __package__).gradient(kernel)
    return made
