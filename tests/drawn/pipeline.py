"""The way of a function, from its text to the code that runs."""

from __future__ import annotations

from tests.drawn.sheet import BLUE, FAINT, GREEN, INK, ORANGE, PANEL, TINTS, Sheet

STAGES = (
    ("source, fence", "find the text,", "refuse early", "text"),
    ("lower", "each operation", "asks a machine", "lowered text"),
    ("record or keep", "one call, unrolled;", "or loops as they are", "list of steps, guards"),
    ("adjoint or tangent", "back over the list,", "or along with it", "list with derivative"),
    ("passes", "the same", "with less", "short list"),
    ("emit, build", "text as a person", "would write it", "code that runs"),
)
WIDE, GAP, TOP, HIGH = 138, 22, 62, 74


def picture() -> str:
    sheet = Sheet(24 * 2 + len(STAGES) * WIDE + (len(STAGES) - 1) * GAP, 250, "From the text of a function to the code of its derivative")
    sheet.text(24, 34, "The first call: from the text of a function to code", 15, INK, bold=True)
    for i, (name, one, two, gives) in enumerate(STAGES):
        x = 24 + i * (WIDE + GAP)
        colour = ORANGE if name.startswith("record") else GREEN if name.startswith("adjoint") else None
        sheet.box(x, TOP, WIDE, HIGH, TINTS[colour] if colour else PANEL, colour or FAINT)
        sheet.text(x + WIDE / 2, TOP + 24, name, 14, colour or INK, "middle", bold=True)
        sheet.text(x + WIDE / 2, TOP + 44, one, 12, INK, "middle")
        sheet.text(x + WIDE / 2, TOP + 60, two, 12, INK, "middle")
        sheet.text(x + WIDE / 2, TOP + HIGH + 18, gives, 12, FAINT, "middle")
        if i:
            sheet.line([(x - GAP + 3, TOP + HIGH / 2), (x - 3, TOP + HIGH / 2)], arrow=True)
    last = 24 + (len(STAGES) - 1) * (WIDE + GAP)
    sheet.text(24, 210, "Every later call", 15, BLUE, bold=True)
    said = "the kinds of the arguments choose a path, its guards are asked, and the code runs: nothing is traced again"
    sheet.text(160, 210, said, 13, INK)
    sheet.line([(last + WIDE / 2, TOP + HIGH + 26), (last + WIDE / 2, 194)], BLUE, arrow=True)
    return sheet.svg()
