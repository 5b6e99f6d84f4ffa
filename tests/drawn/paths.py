"""Which path a call takes: guards as questions, and what happens where none fits."""

from __future__ import annotations

import re

from tests.drawn.functions import SETTLE, made
from tests.drawn.sheet import BLUE, FAINT, GREEN, INK, ORANGE, PANEL, TINTS, Sheet

CALLS = ((0.75, 2), (0.1, 2), (0.75, 3))
HIGH = 58
GUARD = re.compile(r"if (not )?(.+):\n\s+raise OtherPath")


def picture() -> str:
    derivative = made("settle", SETTLE, control="record")
    asked = []
    for call in CALLS:
        derivative(*call)
        asked.append(guards(derivative.source))
    assert len(derivative.paths) == len(CALLS)
    sheet = Sheet(860, 330, "Calls, guards and recorded paths")
    sheet.text(24, 34, "settle(x, steps): calls, guards, paths", 15, INK, bold=True)
    sheet.box(24, 128, 150, 74, PANEL, FAINT)
    for i, said in enumerate(("a call", "x: float", "steps: int")):
        sheet.text(99, 150 + 19 * i, said, 13, INK, "middle", bold=not i)
    for i, call in enumerate(CALLS):
        y = 56 + i * (HIGH + 10)
        sheet.line([(174, 165), (226, y + HIGH / 2)], arrow=True)
        sheet.box(230, y, 330, HIGH, TINTS[ORANGE], ORANGE)
        for k, said in enumerate((f"{asked[i][0]} and", " and ".join(asked[i][1:]))):
            sheet.text(244, y + 24 + 20 * k, said, 12, INK, mono=True)
        sheet.line([(560, y + HIGH / 2), (606, y + HIGH / 2)], arrow=True)
        sheet.text(582, y + HIGH / 2 - 6, "yes", 11, FAINT, "middle")
        sheet.box(610, y, 226, HIGH, TINTS[GREEN], GREEN)
        sheet.text(624, y + 24, f"path {i + 1}", 13, INK, bold=True)
        sheet.text(624, y + 44, f"recorded by settle({call[0]}, {call[1]})", 12, INK)
    y = 56 + len(CALLS) * (HIGH + 10)
    sheet.line([(99, 202), (99, y + 25), (226, y + 25)], arrow=True)
    sheet.text(106, y + 18, "none holds", 11, FAINT)
    sheet.box(230, y, 606, 42, TINTS[BLUE], BLUE)
    sheet.text(244, y + 26, "record this call as a path of its own; after 4 of them, keep the loops and branches", 13, INK)
    return sheet.svg()


def guards(source: str) -> list[str]:
    """What has to hold on a path: the guards in its code."""
    return [text if negated else f"not {text}" for negated, text in GUARD.findall(source)]
