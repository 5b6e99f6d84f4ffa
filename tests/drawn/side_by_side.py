"""A function and the code of its value and gradient, each line in the colour of the line that it is made of."""

from __future__ import annotations

import re

from tests.drawn.functions import SWING, made
from tests.drawn.sheet import BLUE, FAINT, GREEN, INK, ORANGE, YELLOW, Sheet, code

COLOURS = {4: BLUE, 5: GREEN, 6: ORANGE}
PLACE = re.compile(r"\s*# (?:adjoint of )?\w+\.py:(\d+)")
SAVED, STEP = "angle_saved", 18.75


def coloured(source: str) -> tuple[list[str], list[str | None]]:
    """The lines without those that are comments alone, and the colour of each: that of the line that the comment before it names."""
    lines: list[str] = []
    colours: list[str | None] = []
    now: str | None = None
    for line in source.rstrip("\n").split("\n"):
        place = PLACE.match(line)
        if place:
            now = COLOURS[int(place[1])]
            continue
        now = None if line.endswith(":") or line.lstrip().startswith("return") else now
        lines.append(line)
        colours.append(YELLOW if SAVED in line else None if line.endswith("_bar = 0.0") else now)
    return lines, colours


def picture() -> str:
    derivative = made("swing", SWING)
    derivative(0.5, 100)
    own = SWING.rstrip("\n").split("\n")
    lines, colours = coloured(derivative.source)
    sheet = Sheet(930, 340, "A function, and beside it the code of its value and gradient that s2sad generates")
    sheet.text(26, 34, "What you write", 15, INK, bold=True)
    sheet.text(456, 34, "What runs: value and gradient, as generated", 15, INK, bold=True)
    code(sheet, 26, 66, own, [COLOURS.get(i) for i in range(1, len(own) + 1)], 396)
    code(sheet, 456, 66, lines, colours, 454)
    back = next(i for i, line in enumerate(lines) if "_saved[::-1]" in line)
    sheet.text(902, 66 + STEP, "forward", 12, FAINT, "end")
    sheet.text(902, 66 + STEP * back, "adjoint", 12, FAINT, "end")
    for i, said in enumerate(("A line, forward and in the adjoint,", "has the colour of the line it comes from.")):
        sheet.text(26, 236 + 19 * i, said, 13, FAINT)
    sheet.text(26, 282, "Yellow: saved on the way, for the adjoint.", 13, YELLOW)
    return sheet.svg()
