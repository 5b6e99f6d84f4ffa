"""The ways to a value and its gradients that are measured against each other where loops are kept."""
from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from s2sad import value_and_grad

from . import peers_kept
from .contestants import TOLERANCE, by_hand
from .kept import LONGEST
from .kernels import Kernel, ValueAndGradients

# Every step of a million adds its roundings, and another library's sine has others.
TOLERANCE_OF_THE_LONGEST = 1e-9


def compiled(kernel: Kernel) -> Callable[..., ValueAndGradients]:
    return value_and_grad(kernel.function, argnums=kernel.argnums, control="keep")


KEPT_CONTESTANTS: dict[str, Callable[[Kernel], Callable[..., ValueAndGradients]]] = {
    "compiled": compiled,
    "hand": by_hand,
    **{peer: functools.partial(peers_kept.gradient, peer) for peer in peers_kept.PEERS},
}


def contestants(kernel: Kernel) -> dict[str, Callable[[Kernel], Callable[..., ValueAndGradients]]]:
    """The contestants that compute a kernel."""
    return {name: make for name, make in KEPT_CONTESTANTS.items() if peers_kept.reason(name, kernel) is None}


def assert_agree(kernel: Kernel, result: ValueAndGradients) -> None:
    """Compare a contestant's value and gradients with the hand-written ones, each entry against the largest."""
    value, gradients = kernel.hand(*kernel.arguments)
    tolerance = TOLERANCE_OF_THE_LONGEST if kernel is LONGEST else TOLERANCE
    for found, expected in zip((result[0], *result[1]), (value, *gradients), strict=True):
        assert np.shape(found) == np.shape(expected), kernel.name
        np.testing.assert_allclose(found, expected, rtol=0.0, atol=tolerance * np.max(np.abs(expected)), err_msg=kernel.name)
