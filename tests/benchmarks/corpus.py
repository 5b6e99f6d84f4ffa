"""Value and gradient of the corpus's kernels against their functions: which take more than they should.

    python -m tests.benchmarks.corpus [NAME ...]
    python -m tests.benchmarks.corpus --write docs/benchmarks.md

Function and gradient take turns in one process, and the shortest round of each counts, in seconds of the processor. Kernels in
`LARGER` run at sizes at which they are of use; the arguments of the others are those of the corpus, small, so what a call costs by
itself is taken off both: the time of a function that does nothing, and of its gradient.
"""
from __future__ import annotations

import argparse
import platform
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s2sad import value_and_grad
from tests import programs
from tests.programs.samples import positive, wave

from .corpus_by_hand import BY_HAND
from .pages import put

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
ROUND_SECONDS, ROUNDS = 0.004, 20
HEADING, SHOWN = "## Kernels of the corpus", 12


def seconds(calls: Sequence[Callable[[], Any]]) -> list[float]:
    """Seconds of the processor per call of each, in turns, the shortest round of each."""
    counts = []
    for call in calls:
        start = time.process_time()
        call()
        counts.append(max(1, int(ROUND_SECONDS / max(time.process_time() - start, 1e-7))))
    best = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for k, (call, count) in enumerate(zip(calls, counts, strict=True)):
            start = time.process_time()
            for _ in range(count):
                call()
            best[k] = min(best[k], (time.process_time() - start) / count)
    return best


def nothing(x: float) -> float:
    return x


@dataclass(frozen=True)
class Times:
    """Seconds of the function, and how many times as long its value and gradient take, compiled and written by hand."""

    name: str
    function: float
    compiled: float
    hand: float | None


def measured(function: Callable[..., Any], args: tuple[Any, ...], argnums: tuple[int, ...]) -> Times:
    derivative, empty = value_and_grad(function, argnums=argnums), value_and_grad(nothing)
    for _ in range(3):
        derivative(*args)
    empty(1.0)
    hand = BY_HAND.get(function.__name__, nothing)
    calls = [lambda: function(*args), lambda: nothing(1.0), lambda: derivative(*args), lambda: empty(1.0)]
    if hand is not nothing:
        calls.append(lambda: hand(*args))
    plain, nil, compiled, nil_compiled, *by_hand = seconds(calls)
    whole = max(plain - nil, 1e-9)
    return Times(function.__name__, plain, (compiled - nil_compiled) / whole, (by_hand[0] - nil) / whole if by_hand else None)


def measure(names: Sequence[str]) -> list[Times]:
    """The kernels with one of these texts in their names, or all, those that take longest first."""
    rows = []
    for program in programs.load():
        if program.name.partition(".")[0] in MODULES and (not names or any(n in program.name for n in names)):
            try:
                rows.append(measured(program.function, LARGER.get(program.function.__name__, program.calls[0]), program.argnums))
            except Exception as error:
                print(f"{program.name}: {type(error).__name__}: {error}")
    return sorted(rows, key=lambda row: -row.compiled)


def section(rows: list[Times]) -> str:
    """The part of the page about the kernels."""
    above, middle = sum(row.compiled > LIMIT for row in rows), statistics.median(row.compiled for row in rows)
    return "\n".join([
        HEADING,
        "",
        f"Value and gradient of the {len(rows)} kernels of the corpus, in times of the function. More than {LIMIT:g} times as long:",
        f"{above}; the middle one: {middle:.2f} times. The table has those that take longest. Time is that of the processor, less what a",
        "call costs by itself. Most arguments are small, so the number of NumPy calls decides. Where an adjoint by hand also makes",
        "many more of them than the function, it is measured too. While the machine had other work, ratios were up to a tenth",
        "higher.",
        "",
        "    python -m tests.benchmarks.corpus --write docs/benchmarks.md",
        "",
        f"Measured with Python {platform.python_version()}, numpy {np.__version__}, on {platform.machine()}, one thread.",
        "",
        "| kernel | function, us | compiled / function | hand / function |",
        "| --- | ---: | ---: | ---: |",
        *(f"| {r.name} | {r.function * 1e6:.1f} | {r.compiled:.2f} | {f'{r.hand:.2f}' if r.hand else '-'} |" for r in rows[:SHOWN]),
        "",
    ])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure value and gradient of the corpus's kernels against their functions.")
    parser.add_argument("names", nargs="*", help="texts in the names of kernels")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table of all kernels to this page")
    options = parser.parse_args()
    rows = measure(() if options.write else options.names)
    if options.write is None:
        for row in rows:
            hand = "" if row.hand is None else f"  by hand {row.hand:.2f}"
            print(f"{row.compiled:7.2f}  {row.function * 1e6:9.1f} us  {row.name}{hand}")
        print(f"{sum(row.compiled > LIMIT for row in rows)} of {len(rows)} above {LIMIT}")
    else:
        put(options.write, section(rows))


if __name__ == "__main__":
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        main()
