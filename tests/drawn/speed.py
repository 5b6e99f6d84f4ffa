"""How long a call takes in times of an adjoint written by hand: the measured figures of docs/native-benchmarks.md, as bars."""

from __future__ import annotations

import math
from pathlib import Path

from tests.drawn.sheet import BLUE, EDGE, FAINT, GREEN, INK, VIOLET, Sheet

PAGE = Path(__file__).parent.parent.parent / "docs" / "native-benchmarks.md"
SHOWN = ("logistic map, 1,000 steps", "pendulum, 10,000 steps", "pair energy, 32 bodies", "logistic regression 1000x20",
         "Jacobi 2-D, N=150, T=50", "heat 3-D, N=40, T=20", "network 256-128-128", "RNN, 100 steps of 16")  # fmt: skip
BARS = (("interpreted / hand", "s2sad, Python and NumPy", BLUE), ("native / hand", 's2sad, backend="numba"', GREEN),
        ("JAX / hand", "JAX, under jit", VIOLET))  # fmt: skip
LEFT, RIGHT, TOP, ROW, BAR = 250, 800, 84, 60, 15
LEAST, MOST = 0.25, 400.0


def rows() -> dict[str, dict[str, float]]:
    """The figures of the programs that are shown, by the heads of their columns."""
    found, heads = {}, list[str]()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| program"):
            heads = cells
        elif line.startswith("| ") and cells[0] in SHOWN:
            row = dict(zip(heads, cells, strict=True))
            found[cells[0]] = {head: float(row[head]) for head, _, _ in BARS}
    return {name: found[name] for name in SHOWN}


def across(ratio: float) -> float:
    return LEFT + (RIGHT - LEFT) * math.log(ratio / LEAST) / math.log(MOST / LEAST)


def picture() -> str:
    sheet = Sheet(870, TOP + ROW * len(SHOWN) + 60, "Time of value and gradient, in times of an adjoint written by hand")
    sheet.text(24, 34, "Value and gradient, in times of an adjoint by hand under Numba (less is better)", 15, INK, bold=True)
    for i, (_, said, colour) in enumerate(BARS):
        sheet.box(LEFT + 190 * i, 50, 12, 12, colour, colour, 2)
        sheet.text(LEFT + 18 + 190 * i, 61, said, 12, INK)
    bottom = TOP + ROW * len(SHOWN)
    for tick in (0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 200.0):
        sheet.line([(across(tick), TOP - 8), (across(tick), bottom)], INK if tick == 1 else EDGE, 1.5 if tick == 1 else 1)
        sheet.text(across(tick), bottom + 18, f"{tick:g}", 12, FAINT, "middle")
    sheet.text(across(1.0), bottom + 38, "as by hand", 12, INK, "middle")
    for i, (name, figures) in enumerate(rows().items()):
        y = TOP + ROW * i
        sheet.text(LEFT - 12, y + 28, name, 13, INK, "end")
        for k, (head, _, colour) in enumerate(BARS):
            start, end = sorted((across(1.0), across(figures[head])))
            sheet.box(start, y + BAR * k + 1, max(end - start, 1), BAR - 3, colour, colour, 1)
            sheet.text(max(across(figures[head]), across(1.0)) + 5, y + BAR * k + 11, f"{figures[head]:.3g}", 11, FAINT)
    return sheet.svg()
