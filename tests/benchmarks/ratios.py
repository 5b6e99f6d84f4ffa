"""Measure compiled gradients against their peers and write the ratios as a Markdown page.

    python -m tests.benchmarks.ratios
    python -m tests.benchmarks.ratios --write docs/benchmarks.md

Everything runs in one process. In each round every contestant gets its turn, so that a slow spell of the machine meets
all of them, and the shortest round of each counts: noise only ever adds time.
"""
from __future__ import annotations

import argparse
import gc
import itertools
import math
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .changing import CHANGING
from .contestants import assert_agree, contestants
from .kernels import KERNELS, Kernel
from .recording import STATEMENTS, seconds_to_record

ROUND_SECONDS = 0.005
WITHIN_HAND = 1.3
ARTICLE_EXCESS = 2e-6
FASTER_THAN_AUTOGRAD = 15.0
RECORDING_SECONDS = 0.5


@dataclass(frozen=True)
class Measurement:
    """Seconds per call of a kernel's function and of each contestant."""

    kernel: Kernel
    seconds: Mapping[str, float]

    def ratio(self, other: str) -> float:
        return self.seconds["compiled"] / self.seconds[other]

    @property
    def excess(self) -> float:
        """Seconds by which the compiled gradient exceeds the hand-written adjoint."""
        return self.seconds["compiled"] - self.seconds["hand"]


def seconds_per_call(call: Callable[..., Any], arguments: tuple[Any, ...], count: int) -> float:
    turns = itertools.repeat(None, count)
    start = time.perf_counter()
    for _ in turns:
        call(*arguments)
    return (time.perf_counter() - start) / count


def calls_per_round(call: Callable[..., Any], arguments: tuple[Any, ...]) -> int:
    """How many calls fill a round; the first call, which may compile, is not counted."""
    call(*arguments)
    count = 1
    while (spent := seconds_per_call(call, arguments, count) * count) < ROUND_SECONDS / 4:
        count *= 4
    return max(1, round(count * ROUND_SECONDS / spent))


def interleaved(
    calls: Mapping[str, Callable[..., Any]],
    arguments: tuple[Any, ...],
    rounds: int,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, float]:
    """Seconds per call of each: the shortest of its rounds, the rounds of all taken in turn."""
    counts = {name: calls_per_round(call, arguments) for name, call in calls.items()}
    best = dict.fromkeys(calls, math.inf)
    collecting = gc.isenabled()
    gc.disable()
    try:
        for done in range(rounds):
            progress(done)
            for name, call in calls.items():
                best[name] = min(best[name], seconds_per_call(call, arguments, counts[name]))
            gc.collect()
    finally:
        if collecting:
            gc.enable()
    return best


def measure(kernel: Kernel, rounds: int, progress: Callable[[int], None] = lambda done: None) -> Measurement:
    """Time a kernel, after its contestants have been seen to return the same numbers."""
    calls = {name: make(kernel) for name, make in contestants(kernel).items()}
    for call in calls.values():
        assert_agree(kernel, call(*kernel.arguments))
    calls["function"] = kernel.function
    return Measurement(kernel, interleaved(calls, kernel.arguments, rounds, progress))


def say(text: str) -> None:
    """Rewrite the progress line on standard error."""
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def measure_kernels(kernels: Sequence[Kernel], rounds: int) -> list[Measurement]:
    measurements = []
    for number, kernel in enumerate(kernels, start=1):
        def progress(done: int, label: str = f"[{number}/{len(kernels)}] {kernel.name}") -> None:
            say(f"{label}: round {done + 1}/{rounds}")

        measurements.append(measure(kernel, rounds, progress))
    return measurements


def measure_all(rounds: int) -> tuple[list[Measurement], list[Measurement], float]:
    measurements = measure_kernels(KERNELS, rounds)
    changing = measure_kernels(CHANGING, rounds)
    say(f"recording {STATEMENTS} statements")
    recording = seconds_to_record(repeats=5)
    say("")
    return measurements, changing, recording


def table(measurements: list[Measurement], peer: str) -> list[str]:
    lines = [
        "| kernel | function, us | compiled, us | compiled / function | compiled / hand | compiled / tape "
        f"| compiled / {peer} |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in measurements:
        others = ("function", "hand", "tape", peer)
        ratios = " | ".join(f"{each.ratio(o):.3g}" if o in each.seconds else "cannot" for o in others)
        micro = f"{each.seconds['function'] * 1e6:.2f} | {each.seconds['compiled'] * 1e6:.2f}"
        lines.append(f"| {each.kernel.name} | {micro} | {ratios} |")
    return lines


def verdict(text: str, found: float, limit: float, unit: str) -> str:
    """One line of the list of targets; the limit is an upper one."""
    return f"- {text}: {found:.3g}{unit}, target {limit:.3g}{unit}, {'met' if found <= limit else 'missed'}."


def targets(measurements: list[Measurement], recording: float) -> list[str]:
    article, others = measurements[0], measurements[1:]
    slowest = max(others, key=lambda each: each.ratio("hand"))
    small = max((each for each in measurements if each.kernel.small), key=lambda each: each.ratio("autograd"))
    return [
        verdict(f"Excess over the hand-written adjoint on {article.kernel.name}", article.excess * 1e6,
                ARTICLE_EXCESS * 1e6, " us"),
        verdict(f"Largest compiled / hand among the others ({slowest.kernel.name})", slowest.ratio("hand"),
                WITHIN_HAND, ""),
        verdict(f"Largest compiled / autograd among the small ones ({small.kernel.name})", small.ratio("autograd"),
                1.0 / FASTER_THAN_AUTOGRAD, ""),
        verdict(f"Recording and compiling a list of {STATEMENTS} statements", recording, RECORDING_SECONDS, " s"),
    ]


def reasons(changing: list[Measurement]) -> list[str]:
    """A line for each kernel that mygrad cannot compute."""
    from .peers_changing import CANNOT

    found = [(each.kernel.name, CANNOT.get(each.kernel.function.__name__)) for each in changing]
    return [f"- {name}: mygrad cannot, {reason}." for name, reason in found if reason]


def page(measurements: list[Measurement], changing: list[Measurement], recording: float) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "autograd", "mygrad"))
    cannot = reasons(changing)
    return "\n".join([
        "# Benchmarks",
        "",
        "Each row measures one call that returns the value and the gradients, checking of the arguments and choice of",
        "the recorded path included. `hand` is an adjoint written out by hand in the same language, `tape` is",
        "`s2sad.tape`, `autograd` and `mygrad` are the packages of these names. A ratio below 1 means that the compiled",
        "gradient is faster. The contestants take turns in one process, and the shortest round of each counts.",
        "",
        "    python -m tests.benchmarks.ratios --write docs/benchmarks.md",
        "",
        f"Measured with Python {platform.python_version()}, {packages}, on {platform.machine()}, one thread.",
        "",
        *table(measurements, "autograd"),
        "",
        "Arrays that change: functions that write into arrays item by item, by slices, or by turns into two buffers.",
        "autograd has no writes; mygrad follows them.",
        "",
        *table(changing, "mygrad"),
        "",
        *([*cannot, ""] if cannot else []),
        "Targets:",
        "",
        *targets(measurements, recording),
        "",
    ])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the compiled gradients and print the ratios as Markdown.")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there instead of printing it")
    parser.add_argument("--rounds", type=int, default=40, help="rounds per kernel (default: %(default)s)")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    text = page(*measure_all(options.rounds))
    if options.write is None:
        print(text, end="")
    else:
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
