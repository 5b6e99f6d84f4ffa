"""The ways to a value and its gradients that are measured against each other."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from s2sad import tape, value_and_grad

from .changing import CHANGING
from .kernels import Kernel, ValueAndGradients

# Sums of up to a thousand terms, taken in another order, differ by some hundred roundings of the largest entry.
TOLERANCE = 1e-13


def compiled(kernel: Kernel) -> Callable[..., ValueAndGradients]:
    return value_and_grad(kernel.function, argnums=kernel.argnums)


def by_hand(kernel: Kernel) -> Callable[..., ValueAndGradients]:
    return kernel.hand


def by_tape(kernel: Kernel) -> Callable[..., ValueAndGradients]:
    return lambda *arguments: tape.gradient(kernel.function, arguments, kernel.argnums)


def by_autograd(kernel: Kernel) -> Callable[..., ValueAndGradients]:
    from . import peers

    return peers.gradient(kernel)


def by_mygrad(kernel: Kernel) -> Callable[..., ValueAndGradients]:
    from . import peers_changing

    return peers_changing.gradient(kernel)


CONTESTANTS = {"compiled": compiled, "hand": by_hand, "tape": by_tape, "autograd": by_autograd}
# For arrays that change: autograd has no writes, and mygrad has them.
CHANGING_CONTESTANTS = {"compiled": compiled, "hand": by_hand, "tape": by_tape, "mygrad": by_mygrad}


def contestants(kernel: Kernel) -> dict[str, Callable[[Kernel], Callable[..., ValueAndGradients]]]:
    """The contestants that can compute a kernel."""
    if kernel.name not in {each.name for each in CHANGING}:
        return CONTESTANTS
    from . import peers_changing

    unable = {"mygrad"} if kernel.function.__name__ in peers_changing.CANNOT else set()
    return {name: make for name, make in CHANGING_CONTESTANTS.items() if name not in unable}


def assert_agree(kernel: Kernel, result: ValueAndGradients) -> None:
    """Compare a contestant's value and gradients with the hand-written ones, each entry against the largest."""
    value, gradients = kernel.hand(*kernel.arguments)
    assert len(result[1]) == len(gradients), f"{kernel.name}: {len(result[1])} gradients, {len(gradients)} expected"
    for found, expected in zip((result[0], *result[1]), (value, *gradients), strict=True):
        assert np.shape(found) == np.shape(expected), kernel.name
        np.testing.assert_allclose(found, expected, rtol=0.0, atol=TOLERANCE * np.max(np.abs(expected)))
