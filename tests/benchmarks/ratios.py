"""Measure compiled gradients against their peers and write the ratios as a Markdown page.

    python -m tests.benchmarks.ratios
    python -m tests.benchmarks.ratios --write docs/benchmarks.md
    python -m tests.benchmarks.ratios --native [NAME ...] [--write docs/native-benchmarks.md]

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
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from . import contestants_kept, peers_kept
from .changing import CHANGING
from .contestants import assert_agree, contestants
from .kept import IN_NUMBERS, KEPT, LONGEST
from .kernels import KERNELS, Kernel
from .pages import rest
from .recording import CURVES_EXPLAINED, STATEMENTS, curves, seconds_to_record

ROUND_SECONDS = 0.005
WITHIN_HAND = 1.3
ARTICLE_EXCESS = 2e-6
FASTER_THAN_AUTOGRAD = 15.0
RECORDING_SECONDS = 0.5
MEMORY_WITHIN_HAND = 1.5

# A peer whose call takes longer than this gets fewer rounds; its ratio is far from 1 and needs no third digit.
SLOW_SECONDS = 0.2
SLOW_ROUNDS = 3
# Those whose first call compiles.
COMPILERS = ("tangent", "JAX", "compiled")

M = TypeVar("M", bound="Measurement")


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


@dataclass(frozen=True)
class KeptMeasurement(Measurement):
    """With the seconds by which the first call of those that compile exceeds the second."""

    compiling: Mapping[str, float]


@dataclass(frozen=True)
class Measurements:
    """All that stands on the page; `memory` is a ratio, `recording` is in seconds."""

    kernels: list[Measurement]
    changing: list[Measurement]
    kept: list[KeptMeasurement]
    memory: float
    recording: float
    curves: list[str]


Clock = Callable[[], float]


def seconds_per_call(call: Callable[..., Any], arguments: tuple[Any, ...], count: int, clock: Clock = time.perf_counter) -> float:
    turns = itertools.repeat(None, count)
    start = clock()
    for _ in turns:
        call(*arguments)
    return (clock() - start) / count


def calls_per_round(call: Callable[..., Any], arguments: tuple[Any, ...], clock: Clock = time.perf_counter) -> int:
    """How many calls fill a round; the first call, which may compile, is not counted."""
    call(*arguments)
    count = 1
    while (spent := seconds_per_call(call, arguments, count, clock) * count) < ROUND_SECONDS / 4:
        count *= 4
    return max(1, round(count * ROUND_SECONDS / spent))


def interleaved(
    calls: Mapping[str, Callable[..., Any]],
    arguments: tuple[Any, ...],
    rounds: int,
    progress: Callable[[int], None] = lambda done: None,
    clock: Clock = time.perf_counter,
) -> dict[str, float]:
    """Seconds per call of each: the shortest of its rounds, the rounds of all taken in turn."""
    counts = {name: calls_per_round(call, arguments, clock) for name, call in calls.items()}
    best = dict.fromkeys(calls, math.inf)
    collecting = gc.isenabled()
    gc.disable()
    try:
        for done in range(rounds):
            progress(done)
            for name, call in calls.items():
                best[name] = min(best[name], seconds_per_call(call, arguments, counts[name], clock))
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


def measure_kept(kernel: Kernel, rounds: int, progress: Callable[[int], None] = lambda done: None) -> KeptMeasurement:
    """Time a kernel whose loops are kept, and what those that compile spend on it before; slow peers get few rounds."""
    arguments = kernel.arguments
    calls = {name: make(kernel) for name, make in contestants_kept.contestants(kernel).items()}
    compiling, slow = {}, {}
    for name, call in calls.items():
        start = time.perf_counter()
        result = call(*arguments)
        first = time.perf_counter() - start
        contestants_kept.assert_agree(kernel, result)
        second = seconds_per_call(call, arguments, 1)
        if name in COMPILERS:
            compiling[name] = max(0.0, first - second)
        if name in peers_kept.PEERS and second > SLOW_SECONDS:
            slow[name] = call
    quick = {name: call for name, call in calls.items() if name not in slow} | {"function": kernel.function}
    seconds = interleaved(slow, arguments, min(rounds, SLOW_ROUNDS)) | interleaved(quick, arguments, rounds, progress)
    return KeptMeasurement(kernel, seconds, compiling)


def peak_bytes(call: Callable[..., Any], arguments: tuple[Any, ...]) -> int:
    """The most memory that one call holds at a time, as Python and NumPy allocate it; the first call is not counted."""
    call(*arguments)
    gc.collect()
    tracemalloc.start()
    try:
        call(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def memory_against_hand(kernel: Kernel) -> float:
    """The peak memory of the gradient with kept loops, in units of that of the adjoint written by hand."""
    return peak_bytes(contestants_kept.compiled(kernel), kernel.arguments) / peak_bytes(kernel.hand, kernel.arguments)


def say(text: str) -> None:
    """Rewrite the progress line on standard error."""
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def measure_kernels(kernels: Sequence[Kernel], rounds: int, measured: Callable[..., M]) -> list[M]:
    measurements = []
    for number, kernel in enumerate(kernels, start=1):
        label = f"[{number}/{len(kernels)}] {kernel.name}"

        def progress(done: int, label: str = label) -> None:
            say(f"{label}: round {done + 1}/{rounds}")

        say(label)
        measurements.append(measured(kernel, rounds, progress))
    return measurements


def measure_all(rounds: int) -> Measurements:
    kernels = measure_kernels(KERNELS, rounds, measure)
    changing = measure_kernels(CHANGING, rounds, measure)
    kept = measure_kernels(KEPT + IN_NUMBERS, rounds, measure_kept)
    say(f"memory of {LONGEST.name}")
    memory = memory_against_hand(LONGEST)
    say(f"recording {STATEMENTS} statements")
    recording = seconds_to_record(repeats=5)
    say("recording lists of several sizes")
    rates = curves()
    say("")
    return Measurements(kernels, changing, kept, memory, recording, rates)


def table(measurements: list[Measurement], peer: str) -> list[str]:
    lines = [
        "| kernel | function, us | compiled, us | compiled / function | compiled / hand | compiled / tape "
        f"| compiled / {peer} |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in measurements:
        others = ("function", "hand", "tape", peer)
        ratios = " | ".join(f"{each.ratio(o):.3g}" if o in each.seconds else "cannot" for o in others)
        lines.append(f"| {each.kernel.name} | {microseconds(each)} | {ratios} |")
    return lines


def microseconds(each: Measurement) -> str:
    return f"{each.seconds['function'] * 1e6:.2f} | {each.seconds['compiled'] * 1e6:.2f}"


def kept_table(measurements: list[KeptMeasurement]) -> list[str]:
    others = ("function", "hand", *peers_kept.PEERS)
    compilers = [f"{'our' if c == 'compiled' else c} compile, s" for c in COMPILERS]
    columns = ["kernel", "function, us", "compiled, us", *(f"compiled / {o}" for o in others), *compilers]
    lines = [f"| {' | '.join(columns)} |", f"| ---{' | ---:' * (len(columns) - 1)} |"]
    for each in measurements:
        ratios = " | ".join(f"{each.ratio(o):.3g}" if o in each.seconds else "-" for o in others)
        compiling = " | ".join(f"{each.compiling[c]:.3f}" if c in each.compiling else "-" for c in COMPILERS)
        lines.append(f"| {each.kernel.name} | {microseconds(each)} | {ratios} | {compiling} |")
    return lines


def verdict(text: str, found: float, limit: float, unit: str) -> str:
    """One line of the list of targets; the limit is an upper one."""
    return f"- {text}: {found:.3g}{unit}, target {limit:.3g}{unit}, {'met' if found <= limit else 'missed'}."


def targets(found: Measurements) -> list[str]:
    measurements = found.kernels
    article, others = measurements[0], measurements[1:]
    (longest,) = [each for each in found.kept if each.kernel is LONGEST]
    slowest = max(others, key=lambda each: each.ratio("hand"))
    small = max((each for each in measurements if each.kernel.small), key=lambda each: each.ratio("autograd"))
    return [
        verdict(f"Excess over the hand-written adjoint on {article.kernel.name}", article.excess * 1e6,
                ARTICLE_EXCESS * 1e6, " us"),
        verdict(f"Largest compiled / hand among the others ({slowest.kernel.name})", slowest.ratio("hand"),
                WITHIN_HAND, ""),
        verdict(f"Largest compiled / autograd among the small ones ({small.kernel.name})", small.ratio("autograd"),
                1.0 / FASTER_THAN_AUTOGRAD, ""),
        verdict(f"Recording and compiling a list of {STATEMENTS} statements", found.recording, RECORDING_SECONDS, " s"),
        verdict(f"Compiled / hand on the {LONGEST.name}", longest.ratio("hand"), WITHIN_HAND, ""),
        verdict(f"Peak memory, compiled / hand, on the {LONGEST.name}", found.memory, MEMORY_WITHIN_HAND, ""),
    ]


def reasons(changing: list[Measurement]) -> list[str]:
    """A line for each kernel that mygrad cannot compute."""
    from .peers_changing import CANNOT

    found = [(each.kernel.name, CANNOT.get(each.kernel.function.__name__)) for each in changing]
    return [f"- {name}: mygrad cannot, {reason}." for name, reason in found if reason]


def kept_reasons() -> list[str]:
    """A line for each kernel and peer that is left out there."""
    found = [(kernel.name, peer, peers_kept.reason(peer, kernel)) for kernel in KEPT for peer in peers_kept.PEERS]
    return [f"- {name}: without {peer}, {reason}." for name, peer, reason in found if reason]


def page(found: Measurements) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "autograd", "mygrad", "advect", "tangent-ad", "jax"))
    cannot = reasons(found.changing)
    return "\n".join([
        "# Benchmarks",
        "",
        "Each row measures one call that returns the value and the gradients, including the check of the arguments and the choice",
        "of the recorded path. `hand` is an adjoint written by hand in the same language, `tape` is",
        "`s2sad.tape`, the others are the packages of these names (`tangent` is tangent-ad). A ratio below 1 means that",
        "the compiled gradient is faster. The contestants take turns in one process, and the shortest round of each counts.",
        "Native code has [a page of its own](native-benchmarks.md).",
        "",
        "    pip install '.[bench,peers]'",
        "    python -m tests.benchmarks.ratios --write docs/benchmarks.md",
        "",
        f"Measured with Python {platform.python_version()}, {packages}, on {platform.machine()}, one thread.",
        "",
        *table(found.kernels, "autograd"),
        "",
        "Arrays that change: functions that write into arrays item by item, by slices, or in turn into two buffers.",
        "autograd has no writes; mygrad follows them.",
        "",
        *table(found.changing, "mygrad"),
        "",
        *([*cannot, ""] if cannot else []),
        'Kept loops: `value_and_grad(..., control="keep")` of functions whose time goes into loops, scalars as Python\'s',
        "floats. For JAX they are rewritten with its own functions, and compiled for one trip count. The last columns say how much",
        "longer the first call takes than the second, for JAX, tangent and s2sad. autograd, mygrad and advect run the function again",
        "at every call; those that do not know `math` get NumPy's functions instead. The hand-written adjoint reads and writes the",
        "arrays as the function does; in the last rows it uses lists of Python's floats instead.",
        "",
        *kept_table(found.kept),
        "",
        *kept_reasons(),
        "",
        *CURVES_EXPLAINED,
        "",
        *found.curves,
        "",
        "Targets:",
        "",
        *targets(found),
        "",
    ])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the compiled gradients and print the ratios as Markdown.")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there instead of printing it")
    parser.add_argument("--rounds", type=int, default=40, help="rounds per kernel (default: %(default)s)")
    parser.add_argument("--native", nargs="*", metavar="NAME", help="the table of native code, of all rows or those with these texts")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if options.native is not None:
        from . import native

        native.command(options.native, options.rounds, options.write)
        return
    text = page(measure_all(options.rounds))
    if options.write is None:
        print(text, end="")
    else:
        options.write.write_text(text + rest(options.write), encoding="utf-8")


if __name__ == "__main__":
    main()
