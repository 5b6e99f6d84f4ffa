"""One kernel with more and more of what shortens its adjoint, for the documentation: each text as it is without the rest."""

from __future__ import annotations

import contextlib
import linecache
import re
import statistics
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from s2sad import passes, value_and_grad
from s2sad.adjoint import regions, residuals
from s2sad.calls import kept_paths

KERNEL = """\
import numpy as np


def smoothed(a, b, theta):
    x = np.zeros(len(b))
    x[0] = b[0]
    for i in range(1, len(b)):
        weight = np.exp(-a[i]) / theta**2
        x[i] = weight * x[i - 1] + b[i]
    return x @ x
"""
NOTHING_IS_READ_BACK = mock.patch.object(regions, "readings", lambda machine, statements: {})
NOTHING_IS_COMPUTED_AGAIN = mock.patch.object(residuals, "work", lambda statement: None)
WIDTH = 64
STAGES = ("saved", "read_back", "computed", "live")


def through_passes(argument: str) -> str:
    """The code at one of the stages; from the second on, the lines that are new are marked."""
    stage = argument.strip()
    lines = _text(stage).splitlines()
    before = set(map(_unnumbered, _text(STAGES[max(0, STAGES.index(stage) - 1)]).splitlines()))
    shown = (line if _unnumbered(line) in before else f"{line:<{WIDTH}}# new" for line in lines)
    return "".join(["```py\n", "\n".join(shown), "\n```\n"])


def _unnumbered(line: str) -> str:
    """A line without the numbers of names, which change with what stands above."""
    return re.sub(r"\b(t|t_saved)_?\d+\b", r"\1", line)


def _text(stage: str) -> str:
    """The generated code, without the comments of lines."""
    file = "smoothed.py"
    linecache.cache[file] = (len(KERNEL), None, KERNEL.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {}
    exec(compile(KERNEL, file, "exec"), namespace)
    with contextlib.ExitStack() as stack:
        for patch in _left_out(STAGES.index(stage)):
            stack.enter_context(patch)
        derivative = value_and_grad(namespace["smoothed"], argnums=(0, 1, 2), control="keep")
        derivative(np.ones(4), np.ones(4), 1.5)
    kept = [line for line in derivative.source.splitlines() if not line.lstrip().startswith("#")]
    return textwrap.dedent("\n".join(kept))


def _left_out(number: int) -> Iterator[Any]:
    if number < 1:
        yield NOTHING_IS_READ_BACK
    if number < 2:
        yield NOTHING_IS_COMPUTED_AGAIN
    if number < 3:
        live = (passes.drop_unread, passes.assign_first, passes.simplify_parts)
        yield mock.patch.object(kept_paths, "PASSES", tuple(p for p in passes.PASSES if p not in live))


def lines_of_the_corpus() -> str:
    """Generated lines for each line of the function, by the modules of the corpus, from the file of counts."""
    found: dict[str, list[float]] = defaultdict(list)
    for line in (Path(__file__).parent / "golden" / "counts.txt").read_text(encoding="utf-8").splitlines()[1:]:
        name, _, counts = line.rpartition(": ")
        made, own = map(int, counts.split(" / "))
        found[name.partition(".")[0]].append(made / own)
    rows = [*((f"`{module}`", ratios) for module, ratios in sorted(found.items())), ("all", [r for each in found.values() for r in each])]
    table = (f"| {name} | {len(ratios)} | {statistics.median(ratios):.1f} | {_nine_in_ten(ratios):.1f} |" for name, ratios in rows)
    return "\n".join(["| module | programs | middle | nine in ten at most |", "| --- | ---: | ---: | ---: |", *table, ""])


def _nine_in_ten(ratios: list[float]) -> float:
    return sorted(ratios)[-(-9 * len(ratios) // 10) - 1]
