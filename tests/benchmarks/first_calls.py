"""What the first call of a gradient costs: compiling it, compiling for other sizes, and the memory that compiling takes.

    python -m tests.benchmarks.first_calls [NAME ...]
    python -m tests.benchmarks.first_calls --save tests/benchmarks/first_calls_before.json
    python -m tests.benchmarks.first_calls --write docs/benchmarks.md
    python -m tests.benchmarks.first_calls --load FILE ... --write docs/benchmarks.md

Each number is of a process of its own, a fork of one that has compiled another function, so that nothing is known of the program but
the rules it shares with that one. Time is that of the processor. What a call takes that is served is taken off: time and memory are
those of compiling. A compilation that takes longer than `LIMIT` seconds is ended; it has no number, and what is refused has none.
"""
from __future__ import annotations

import argparse
import gc
import json
import math
import os
import platform
import resource
import statistics
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s2sad import trees, value_and_grad
from tests import programs

from .changing import CHANGING
from .corpus import MODULES
from .kept import KEPT
from .kernels import KERNELS
from .pages import put

CONTROLS = ("auto", "keep", "record")
LIMIT = 8
REPEATS = 2
BEFORE = Path(__file__).with_name("first_calls_before.json")
HEADING = "## First calls"
BENCHMARK_SECONDS, CORPUS_SECONDS, MEGABYTES = 0.1, 0.5, 50
SHOWN = 12


@dataclass(frozen=True)
class Case:
    """A function, its arguments, the same with other sizes, and whether it is one of the benchmarks' own."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    argnums: tuple[int, ...]
    own: bool

    @property
    def resized(self) -> tuple[Any, ...] | None:
        """The arguments with each larger dimension and trip count by one larger; None where the function does not take them."""
        for least in (4, 2):
            leaves, structure = trees.flatten(self.arguments)
            larger = [_larger(leaf, least) for leaf in leaves]
            if all(one is other for one, other in zip(leaves, larger, strict=True)):
                continue
            args = trees.unflatten(structure, larger)
            try:
                self.function(*args)
            except Exception:
                continue
            return args  # type: ignore[no-any-return]
        return None


def _larger(leaf: Any, least: int) -> Any:
    if isinstance(leaf, np.ndarray) and any(n >= least for n in leaf.shape):
        return np.pad(leaf, [(0, int(n >= least)) for n in leaf.shape], mode="wrap")
    return leaf + 1 if type(leaf) is int and leaf >= least else leaf


def cases(names: Sequence[str] = ()) -> list[Case]:
    """The programs of the benchmarks and the kernels of the corpus, or those with one of these texts in their names."""
    own = {k.name: Case(k.name, k.function, k.arguments, k.argnums, True) for k in (*KERNELS, *CHANGING[:-2], CHANGING[-1], *KEPT)}
    kernels = [Case(p.function.__name__, p.function, p.calls[0], p.argnums, False)
               for p in programs.load() if p.name.partition(".")[0] in MODULES]  # fmt: skip
    return [case for case in (*own.values(), *kernels) if not names or any(n in case.name for n in names)]


# One measurement, in a process of its own

Figures = tuple[float, ...] | None
"""None where it took too long, or raised."""


def forked(measure: Callable[[], tuple[float, ...]]) -> Figures:
    """What a function measures in a fork of this process."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            spent = math.ceil(time.process_time())
            resource.setrlimit(resource.RLIMIT_CPU, (spent + LIMIT, spent + LIMIT))
            os.write(writing, json.dumps(measure()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    os.waitpid(child, 0)
    return tuple(json.loads(text)) if text else None


def times(case: Case, control: str) -> tuple[float, ...]:
    """Seconds of the first call, and of the first with other sizes, beyond those of a call that is served."""
    derivative: Any = value_and_grad(case.function, argnums=case.argnums, control=control)
    resized = case.resized
    return tuple(max(0.0, seconds(derivative, args) - seconds(derivative, args)) for args in (case.arguments, resized) if args is not None)


def seconds(call: Callable[..., Any], args: tuple[Any, ...]) -> float:
    start = time.process_time()
    call(*args)
    return time.process_time() - start


def memory(case: Case, control: str) -> tuple[float, ...]:
    """Megabytes that the first call holds at a time beyond a call that is served."""
    derivative: Any = value_and_grad(case.function, argnums=case.argnums, control=control)
    return (max(0.0, peak(derivative, case.arguments) - peak(derivative, case.arguments)) / 1e6,)


def peak(call: Callable[..., Any], args: tuple[Any, ...]) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        call(*args)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def warm() -> None:
    """Compile a function in both ways, so that the compiler is loaded."""

    def other(x: float, n: int) -> float:
        for _ in range(n):
            x = x * 1.5 if x > 0.0 else math.sin(x)
        return x

    for control in CONTROLS:
        value_and_grad(other, control=control)(1.0, 3)


# All of them


@dataclass(frozen=True)
class Row:
    """Of one program and one control: seconds of the first call, seconds of that with other sizes, megabytes; None where not known."""

    name: str
    control: str
    own: bool
    first: float | None
    second: float | None
    megabytes: float | None

    def text(self, what: str) -> str:
        found = getattr(self, what)
        if found is None:
            return "-"
        return f"{found:.0f}" if what == "megabytes" else f"{found:.3f}"


def row(case: Case, control: str) -> Row:
    found = [forked(lambda: times(case, control))]
    if found[0] is not None and found[0][0] < 1.0:
        found += [forked(lambda: times(case, control)) for _ in range(REPEATS - 1)]
    known = [figures for figures in found if figures is not None]
    held = forked(lambda: memory(case, control)) if known and control == "auto" else None
    first, second = (min((f[k] for f in known if len(f) > k), default=None) for k in (0, 1))
    return Row(case.name, control, case.own, first, second, held[0] if held else None)


def measured(chosen: Iterable[Case], controls: Sequence[str]) -> list[Row]:
    warm()
    rows = []
    for case in chosen:
        for control in controls:
            rows.append(row(case, control))
            print("  ".join([f"{control:6}", *(f"{rows[-1].text(w):>7}" for w in ("first", "second", "megabytes")), case.name]), flush=True)
    return rows


def to_show(rows: list[Row]) -> tuple[list[str], list[str]]:
    """The names of the benchmarks, and of the kernels of the corpus whose first call takes longest."""
    auto = [r for r in rows if r.control == "auto"]
    others = sorted((r for r in auto if not r.own), key=lambda r: -(math.inf if r.first is None else r.first))
    return [r.name for r in auto if r.own], [r.name for r in others[:SHOWN]]


def loaded(paths: Iterable[Path]) -> list[Row]:
    return [Row(**json.loads(line)) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def summary(rows: list[Row]) -> list[str]:
    """For each control, how many are above the aims."""
    lines = []
    for control in dict.fromkeys(r.control for r in rows):
        for own, limit in ((True, BENCHMARK_SECONDS), (False, CORPUS_SECONDS)):
            of = [r for r in rows if r.control == control and r.own == own]
            if of:
                first = [math.inf if r.first is None else r.first for r in of]
                large = sum((r.megabytes or 0.0) > MEGABYTES for r in of)
                which = "benchmarks" if own else "kernels of the corpus"
                lines.append(f"{control}, {len(of)} {which}: {sum(f > limit for f in first)} above {limit} s, "
                             f"the middle one {statistics.median(first):.3f} s, {large} above {MEGABYTES} MB")  # fmt: skip
    return lines


# The page


def section(rows: list[Row], before: list[Row]) -> str:
    """The part of the page about first calls."""
    now, then = ({(r.name, r.control): r for r in given} for given in (rows, before))
    own, others = to_show(rows)
    return "\n".join([
        HEADING,
        "",
        "What compiling costs: the processor seconds that a first call takes more than a later one, the same for the first call",
        'with other sizes, and the most memory that is held meanwhile, in megabytes. All with `control="auto"`, in this version and, after',
        "the slash, in the one before; the last two columns are first calls of this version with the other two. While the machine had",
        "other work, as for this version, figures were up to a third higher. A first call also notes which sides of branches it takes and",
        "is compared with the function; the row with a million steps shows this. A dash stands for sizes that the function does not take,",
        f"and for what takes longer than {LIMIT} seconds.",
        "",
        "    python -m tests.benchmarks.first_calls --write docs/benchmarks.md",
        "",
        f"Measured with Python {platform.python_version()}, numpy {np.__version__}, on {platform.machine()}, one thread.",
        "",
        *table(own, now, then),
        "",
        f"Of the kernels of the corpus those {SHOWN} whose first call takes longest:",
        "",
        *table(others, now, then),
        "",
        "In this version:",
        "",
        *(f"- {line}." for line in summary([r for r in rows if r.control == "auto"])),
        "",
        "In the version before:",
        "",
        *(f"- {line}." for line in summary([r for r in before if r.control == "auto"])),
        "",
    ])


def table(names: list[str], now: dict[Any, Row], then: dict[Any, Row]) -> list[str]:
    lines = ['| program | first call, s | other sizes, s | memory, MB | "keep", s | "record", s |',
             "| --- | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for name in names:
        here, there = now[name, "auto"], then.get((name, "auto"))
        both = [f"{here.text(w)} / {there.text(w) if there else '-'}" for w in ("first", "second", "megabytes")]
        lines.append(f"| {' | '.join([name, *both, *(now[name, c].text('first') if (name, c) in now else '-' for c in CONTROLS[1:])])} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what the first calls of gradients cost.")
    parser.add_argument("names", nargs="*", help="texts in the names of programs")
    parser.add_argument("--control", action="append", choices=CONTROLS, help="measure this one alone")
    parser.add_argument("--load", type=Path, nargs="+", metavar="FILE", help="take the figures of these files")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables of all programs to this page")
    options = parser.parse_args()
    if options.load:
        rows = loaded(options.load)
    elif options.write:
        rows = measured(cases(), ("auto",))
        names = [name for part in to_show(rows) for name in part]
        rows += measured([case for case in cases() if case.name in names], CONTROLS[1:])
    else:
        rows = measured(cases(options.names), options.control or CONTROLS)
    print("\n".join(summary(rows)))
    if options.save:
        options.save.write_text("\n".join(json.dumps(vars(r)) for r in rows) + "\n", encoding="utf-8")
    if options.write:
        put(options.write, section(rows, loaded([BEFORE])))


if __name__ == "__main__":
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        main()
