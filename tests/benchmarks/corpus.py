"""Value and gradient of the corpus's kernels against their functions: which take more than they should.

    python -m tests.benchmarks.corpus [NAME ...]

Function and gradient take turns in one process, and the shortest round of each counts. Kernels in `LARGER` run at sizes at which they
are of use; the arguments of the others are those of the corpus, small, so what a call costs by itself is taken off both: the time of a
function that does nothing, and of its gradient.
"""
from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from s2sad import value_and_grad
from tests import programs
from tests.programs.samples import positive, wave

MODULES = ("arrays_kernels", "arrays_kernels_grids", "arrays_kernels_signals", "kept_algorithms", "kernels_simulated")
LIMIT = 6.0
LARGER: dict[str, tuple[Any, ...]] = {
    "cavity_flow": (0.1 * wave(41, 41), 0.1 * wave(41, 41, phase=1.0), 1.0, 0.1, 10),
    "bodies_by_numbers": ([0.5 * i for i in range(8)], [0.1 * i * i for i in range(8)], [0.1] * 8, [0.2] * 8, 0.01, 20),
    "bodies_by_arrays": (positive(50, 3), 0.1 * wave(50, 3), positive(50), 10),
    "sparse_product": (positive(500), np.arange(500) * 7 % 100, np.arange(0, 501, 5), wave(100)),
    "odd_even_sort_by_slices": (wave(60),),
    "shortest_paths_min_plus": (positive(30, 30),),
    "thomas_solve_with_work_arrays": (positive(200), 0.3 * wave(199), wave(200)),
    "viterbi_with_soft_maximum": (wave(20, 10), wave(10, 10)),
}
ROUND_SECONDS, ROUNDS = 0.004, 12


def seconds(calls: Sequence[Callable[[], Any]]) -> list[float]:
    """Seconds per call of each, in turns, the shortest round of each."""
    counts = []
    for call in calls:
        start = time.perf_counter()
        call()
        counts.append(max(1, int(ROUND_SECONDS / max(time.perf_counter() - start, 1e-7))))
    best = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for k, (call, count) in enumerate(zip(calls, counts, strict=True)):
            start = time.perf_counter()
            for _ in range(count):
                call()
            best[k] = min(best[k], (time.perf_counter() - start) / count)
    return best


def nothing(x: float) -> float:
    return x


def ratio(function: Callable[..., Any], args: tuple[Any, ...], argnums: tuple[int, ...]) -> tuple[float, float]:
    """Seconds of the function, and how many times as long its value and gradient take."""
    derivative, empty = value_and_grad(function, argnums=argnums), value_and_grad(nothing)
    for _ in range(3):
        derivative(*args)
    empty(1.0)
    plain, compiled, nil, nil_compiled = seconds(
        [lambda: function(*args), lambda: derivative(*args), lambda: nothing(1.0), lambda: empty(1.0)])
    return plain, (compiled - nil_compiled) / max(plain - nil, 1e-9)


def main(names: Sequence[str]) -> None:
    rows = []
    for program in programs.load():
        if program.name.partition(".")[0] in MODULES and (not names or any(n in program.name for n in names)):
            try:
                args = LARGER.get(program.function.__name__, program.calls[0])
                rows.append((ratio(program.function, args, program.argnums), program.name))
            except Exception as error:
                print(f"{program.name}: {type(error).__name__}: {error}")
    for (plain, times), name in sorted(rows, key=lambda row: -row[0][1]):
        print(f"{times:7.2f}  {plain * 1e6:9.1f} us  {name}")
    print(f"{sum(times > LIMIT for (_, times), _ in rows)} of {len(rows)} above {LIMIT}")


if __name__ == "__main__":
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        main(sys.argv[1:])
