"""Native code over threads beside the same without: wall time of value and gradient, least and median of calls that take turns.

    python -m tests.benchmarks.threads [calls]

The number of threads is Numba's (NUMBA_NUM_THREADS). What else runs on the machine takes threads away from the one and not from the other,
so the least times are those to look at, and the load beside them.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from typing import Any

import numpy as np

from s2sad import value_and_grad


def responses(x: Any, w: Any) -> Any:
    """A row is a loop over its elements."""
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(x.shape[1]):
            s += math.sin(x[i, j] * w[j])
        total += s * s
    return total


def heat(u: Any, steps: int) -> Any:
    """Each step needs the one before; its rows do not need one another."""
    for _ in range(steps):
        v = u.copy()
        v[1:-1, 1:-1] = 0.6 * u[1:-1, 1:-1] + 0.1 * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:])
        u = v
    return np.sum(u * u)


def programs() -> dict[str, tuple[Any, tuple[Any, ...], Any]]:
    numbers = np.random.default_rng(0)
    return {"rows of 4,000 x 100": (responses, (numbers.normal(size=(4000, 100)), numbers.normal(size=100)), (0, 1)),
            "heat, 20 steps of 400 x 400": (heat, (numbers.normal(size=(400, 400)), 20), 0)}  # fmt: skip


def seconds(function: Any, args: Any) -> float:
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start


def main(calls: int) -> None:
    import numba

    load = ", ".join(f"{v:.1f}" for v in os.getloadavg())
    print(f"{numba.config.NUMBA_NUM_THREADS} threads on {os.cpu_count()} cores, load {load}")
    for name, (function, args, argnums) in programs().items():
        made = [value_and_grad(function, argnums=argnums, backend="numba", parallel=over) for over in (False, True)]
        for one in made:
            one(*args)
        times = [[seconds(one, args) for one in made] for _ in range(calls)]
        plain, over = zip(*times, strict=True)
        least, median = min(plain) / min(over), statistics.median(plain) / statistics.median(over)
        print(f"{name:<30} one thread {1000 * min(plain):6.2f} ms, over threads {1000 * min(over):6.2f} ms: {least:.2f} times as fast"
              f" (medians: {median:.2f})", *made[1].reasons, sep="\n    ")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
