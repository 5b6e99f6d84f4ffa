"""The report of a check as a table of HTML, for notebooks."""
from __future__ import annotations

from html import escape
from typing import Any

GOOD, BAD, UNDECIDED = "#2e7d32", "#c62828", "#8d6e00"


def of_report(report: Any) -> str:
    """The verdict, a row for each two ways that were compared, and below it the numbers that differ, the largest difference first."""
    colour = GOOD if report.ok else BAD
    said = f"<b style='color:{colour}'>{'ok' if report.ok else 'FAILED'}</b>, {escape(report.verdict)}"
    rows = "".join(row for comparison in report.comparisons for row in _rows(comparison))
    head = "".join(f"<th style='text-align:left'>{title}</th>" for title in ("", "", "compared", "largest difference", "undecided"))
    below = [f"{mode}: {error}" for mode, error in report.errors.items()] + [f"note: {note}" for note in report.notes]
    return (f"<div><p>{escape(report.title)}: {said}</p><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"{''.join(f'<pre>{escape(line)}</pre>' for line in below)}</div>")  # fmt: skip


def _rows(comparison: Any) -> list[str]:
    colour, result = verdict(comparison)
    largest = f"{comparison.largest:.1e}" if comparison.compared and not comparison.disagreements else ""
    cells = [comparison.ways, result, str(comparison.compared), largest, str(comparison.undecided or "")]
    style = ["text-align:left", f"text-align:left;color:{colour}", "", "", ""]
    row = "".join(f"<td style='{how}'>{escape(cell)}</td>" for how, cell in zip(style, cells, strict=True))
    lines = "\n".join(line.removeprefix("    ") for line in comparison.lines())
    return [f"<tr>{row}</tr>", *([f"<tr><td colspan='5' style='text-align:left'><pre>{escape(lines)}</pre></td></tr>"] if lines else [])]


def verdict(comparison: Any) -> tuple[str, str]:
    """Colour and words for two ways that were compared."""
    if comparison.disagreements:
        return BAD, f"{len(comparison.disagreements)} disagree"
    return (GOOD, "agree") if comparison.compared else (UNDECIDED, "not compared")
