"""How long it takes to record and compile a list of a thousand statements."""
from __future__ import annotations

import math
import time
from collections.abc import Callable

from s2sad import value_and_grad

STATEMENTS = 1000


def fresh_chain() -> Callable[[float], float]:
    """A new function object whose path has exactly `STATEMENTS` statements: four per trip of its loop.

    A new object each time, so that nothing kept for an earlier one can shorten the measurement.
    """

    def chain(x: float) -> float:
        for _ in range(STATEMENTS // 4):
            x = 1.001 * x - 0.01 * math.sin(x)
        return x

    return chain


def chain_by_hand(x: float) -> tuple[float, float]:
    """The value of the chain and its derivative, carried along from the front: one input, so this is cheapest."""
    slope = 1.0
    for _ in range(STATEMENTS // 4):
        slope *= 1.001 - 0.01 * math.cos(x)
        x = 1.001 * x - 0.01 * math.sin(x)
    return x, slope


def first_call() -> tuple[float, float]:
    """Record, compile and run the gradient of a chain that was never seen before."""
    return value_and_grad(fresh_chain())(0.5)


def seconds_to_record(repeats: int) -> float:
    """The shortest of some first calls."""
    best = math.inf
    for _ in range(repeats):
        start = time.perf_counter()
        first_call()
        best = min(best, time.perf_counter() - start)
    return best
