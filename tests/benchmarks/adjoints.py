"""Measure the generated adjoints of sixteen programs against those by hand, and write the table of them.

    python -m tests.benchmarks.adjoints [NAME ...]
    python -m tests.benchmarks.adjoints --write docs/benchmarks.md

Lines, what is saved and memory are counted; time is measured, both in turn in one process, the shortest round of each.
"""
from __future__ import annotations

import argparse
import platform
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.adjoints.compared import NAMES, Adjoint, pair

from .pages import put
from .ratios import interleaved, say

HEADING = "## Adjoints by hand"
TIME = 1.1
ROUNDS = 15


@dataclass(frozen=True)
class Row:
    """A program, and the figures of both adjoints: the generated one, the one by hand."""

    name: str
    lines: tuple[int, int]
    stacks: tuple[int, int]
    saved: tuple[int, int]
    nameless: float
    seconds: tuple[float, float]
    peak: tuple[int, int]

    @property
    def time(self) -> float:
        return self.seconds[0] / self.seconds[1]

    @property
    def memory(self) -> float:
        return self.peak[0] / self.peak[1]


def measured(name: str) -> Row:
    """Count the lines, and what is saved at the small size; time is that at the larger one, memory at one where arrays are most of it."""
    found = pair(name)
    small, large, largest = (found.sample(size) for size in found.sizes)
    both = found.generated, found.hand
    seconds = interleaved({"generated": both[0].run, "hand": both[1].run}, large, ROUNDS)

    def each(count: object) -> tuple[int, int]:
        return tuple(map(count, both))  # type: ignore[arg-type, call-overload, no-any-return]

    def stacks(one: Adjoint) -> int:
        return len(one.saved(small))

    def saved(one: Adjoint) -> int:
        return sum(one.saved(small).values())

    return Row(name, each(lambda one: one.lines), each(stacks), each(saved), both[0].share_without_a_name,
               (seconds["generated"], seconds["hand"]), each(lambda one: one.peak(largest)))  # fmt: skip


def section(rows: list[Row]) -> str:
    late = [row for row in rows if row.time > TIME]
    lines = [
        HEADING, "",
        f"The {len(rows)} programs of `tests/adjoints`: what is generated, with `control=\"keep\"`, beside what an engineer wrote",
        "who had not seen the generated code.",
        "Lines of code, stacks of saved values and the numbers in them at a small size are counted, generated / by hand; names like",
        "`t3` are a share of the names that are assigned. Time and peak memory are divided by those by hand: time where the function",
        f"takes some milliseconds, memory where arrays take most of it. More than {TIME} times as long: {len(late)}.", "",
        "    python -m tests.benchmarks.adjoints --write docs/benchmarks.md", "",
        f"Measured with Python {platform.python_version()}, numpy {np.__version__}, on {platform.machine()}, one thread.", "",
        "| program | lines | stacks | numbers saved | names like `t3` | time | memory |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *map(_line, rows), "",
    ]  # fmt: skip
    return "\n".join(lines)


def _line(row: Row) -> str:
    pairs = " | ".join(f"{one} / {other}" for one, other in (row.lines, row.stacks, row.saved))
    return f"| {row.name} | {pairs} | {row.nameless:.0%} | {row.time:.2f} | {row.memory:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure generated adjoints against those by hand.")
    parser.add_argument("names", nargs="*", help="texts in the names of programs")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table of all programs to this page")
    options = parser.parse_args()
    chosen = [name for name in NAMES if options.write or not options.names or any(part in name for part in options.names)]
    rows = []
    for number, name in enumerate(chosen, start=1):
        say(f"[{number}/{len(chosen)}] {name}")
        rows.append(measured(name))
    say("")
    if options.write is None:
        print("\n".join(map(_line, rows)))
    else:
        put(options.write, section(rows))


if __name__ == "__main__":
    main()
