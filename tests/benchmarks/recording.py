"""How long it takes to record, differentiate and compile: a list of a thousand statements, and lists of several sizes.

    python -m tests.benchmarks.recording
"""
from __future__ import annotations

import math
import pathlib
import tempfile
import time
from collections.abc import Callable

from s2sad import value_and_grad
from s2sad.ir.program import Assign
from tests.record.test_linear import (
    array_lines,
    arrays,
    captured,
    distinct_lines,
    helpers,
    loaded,
    long_helpers,
    methods,
    objects,
    one_line,
    writes,
)

STATEMENTS = 1000
SIZES = (500, 1000, 2000, 4000, 10_000)
CURVES: dict[str, Callable[[int], str]] = {
    "one line of floats": one_line, "one line of an array": arrays, "distinct lines": distinct_lines,
    "distinct helpers of a line": helpers, "items of a captured list": captured, "writes into an array": writes,
    "a method that sets an attribute": objects, "distinct lines of arrays, with writes": array_lines,
    "helpers of ten lines": long_helpers, "methods of ten lines": methods,
}  # fmt: skip


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


def statements_per_second(text: Callable[[int], str], size: int, folder: pathlib.Path) -> float:
    """Statements of the function over the time of the first call of its gradient: seconds of the processor, the other load left out."""
    derivative = value_and_grad(loaded(folder, f"{text.__name__}_{size}", text(size)), control="record")
    start = time.process_time()
    derivative(0.5)
    seconds = time.process_time() - start
    return sum(isinstance(s, Assign) and s.phase == 0 for s in derivative.paths[0].function.statements) / seconds


def curves() -> list[str]:
    """A table: statements per second, over the number of steps or lines."""
    lines = [f"| steps or lines | {' | '.join(f'{size:,}' for size in SIZES)} |", f"| ---{' | ---:' * len(SIZES)} |"]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in CURVES.items():
            rates = [statements_per_second(text, size, pathlib.Path(folder)) for size in (2, *SIZES)][1:]
            lines.append(f"| {name} | {' | '.join(f'{rate:,.0f}' for rate in rates)} |")
    return lines


CURVES_EXPLAINED = (
    "Recording: statements of the function that are recorded, differentiated and compiled in a second of the processor,",
    "by the first call, over the number of steps of a loop or of lines or functions. A flat row is linear time.",
)

if __name__ == "__main__":
    print("\n".join(curves()))
