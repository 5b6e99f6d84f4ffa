"""What `s2sad profile` prints: seconds and memory by the lines of the user's."""
from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from typing import Any

from s2sad.shown.profile import Profile

HEADS = ("forward", "adjoint", "of all", "holds, forward", "holds, adjoint", "line")
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"))
SIZES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
NATIVE = "calls run native code, which is not measured by lines: these are the lines of the code in Python behind it"


def table(profile: Profile) -> str:
    """Seconds of each line in all its steps, its share of all lines, and the most memory that it holds at once."""
    total = sum(cost.forward + cost.adjoint for cost in profile.lines) or 1.0
    rows = [(seconds(c.forward), seconds(c.adjoint), f"{100 * (c.forward + c.adjoint) / total:.0f}%", size(c.forward_bytes),
             size(c.adjoint_bytes), f"{_place(c.file, c.line)}{c.text}") for c in profile.lines]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(HEADS, *rows, strict=True)]
    peak = "" if profile.peak_bytes is None else f", {size(profile.peak_bytes)} at most"
    calls = f"{profile.calls} call{'s' * (profile.calls != 1)}"
    head = f"{seconds(profile.seconds)} a call, the quickest of {calls}{peak}"
    return "\n".join([head, *([NATIVE] if profile.native else []), _row(HEADS, widths), *(_row(row, widths) for row in rows)])


def _row(cells: Sequence[str], widths: list[int]) -> str:
    return "  ".join([*(cell.rjust(width) for cell, width in zip(cells[:-1], widths, strict=False)), cells[-1]])


def _place(file: str, line: int) -> str:
    return f"{os.path.basename(file)}:{line}  " if file else ""


def seconds(number: float) -> str:
    """A time with three digits.

    >>> seconds(0.00123), seconds(0.0)
    ('1.23 ms', '0')
    """
    unit, name = next(((unit, name) for unit, name in UNITS if number >= unit), UNITS[-1])
    return f"{number / unit:#.3g} {name}".replace(". ", " ") if number >= 5e-10 else "0"


def size(number: int | None) -> str:
    """A number of bytes with three digits; a dash where it was not measured."""
    if number is None:
        return "-"
    unit, name = next(((unit, name) for unit, name in SIZES if number >= unit), (1.0, "B"))
    return f"{number / unit:.3g} {name}" if number else "0"


def costs_json(profile: Profile) -> dict[str, Any]:
    """All that was measured."""
    return dataclasses.asdict(profile)
