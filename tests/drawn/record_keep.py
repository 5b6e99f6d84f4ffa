"""One function in the two ways: recorded, as one call went, and kept, with its loop and its branch."""

from __future__ import annotations

from tests.drawn.functions import SETTLE, made
from tests.drawn.sheet import BLUE, FAINT, INK, ORANGE, Sheet, code

STEP = 18


def without_comments(source: str) -> list[str]:
    return [line for line in source.rstrip("\n").split("\n") if not line.lstrip().startswith("#")]


def picture() -> str:
    recorded, kept = made("settle", SETTLE, control="record"), made("settle", SETTLE, control="keep")
    recorded(0.75, 2)
    kept(0.75, 2)
    sides = (("Recorded: settle(0.75, 2), as it went", without_comments(recorded.source), 24, ORANGE, 520, ("if not", "if s", "raise ")),
             ("Kept: for every number of steps", without_comments(kept.source), 570, BLUE, 446, ("for ", "if ")))  # fmt: skip
    high = 64 + STEP * max(len(lines) for _, lines, *_ in sides)
    sheet = Sheet(1040, high + 44, "The same function recorded, and kept with its loop and branch")
    for title, lines, x, colour, wide, marks in sides:
        sheet.text(x, 34, title, 15, INK, bold=True)
        code(sheet, x, 64, lines, [colour if line.lstrip().startswith(marks) else None for line in lines], wide, 12)
    sheet.text(24, high + 24, "A guard leaves the code where another call goes otherwise.", 13, FAINT)
    sheet.text(570, high + 24, "Loops and branches stay. What the adjoint needs is saved.", 13, FAINT)
    return sheet.svg()
