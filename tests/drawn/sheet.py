"""A sheet of SVG: boxes, arrows, lines and text, on a light card."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

INK, FAINT, CARD, EDGE, PANEL = "#1f2933", "#66727f", "#fdfdfb", "#c9ced4", "#f1f3f5"
BLUE, GREEN, ORANGE, VIOLET, RED, YELLOW = "#1f6fb2", "#2f7d4f", "#b45f06", "#6b4aa0", "#b02a37", "#8a6d00"
TINTS = {BLUE: "#dcebf8", GREEN: "#dff0e4", ORANGE: "#fbe8d3", VIOLET: "#e9e2f5", RED: "#f8dfe2", YELLOW: "#fbf1c7"}
MONO, SANS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace", "system-ui,'Segoe UI',Helvetica,Arial,sans-serif"
ADVANCE = 0.602  # of a letter of a monospaced font, in its size


def number(value: float) -> str:
    """A coordinate, short and the same everywhere."""
    return f"{value:.1f}".rstrip("0").rstrip(".").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".rstrip("0").rstrip(".")


class Sheet:
    """What is drawn, in order."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self.parts: list[str] = []

    def box(self, x: float, y: float, width: float, height: float, fill: str = PANEL, edge: str = EDGE, radius: float = 6) -> None:
        place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" rx="{number(radius)}"'
        self.parts.append(f'<rect {place} fill="{fill}" stroke="{edge}"/>')

    def text(self, x: float, y: float, said: str, size: float = 13, colour: str = INK, anchor: str = "start", bold: bool = False,
             mono: bool = False) -> None:  # fmt: skip
        """A line of text; y is its base line."""
        face = f'class="{"m" if mono else "s"}" font-size="{number(size)}" fill="{colour}"'
        how = (f' text-anchor="{anchor}"' if anchor != "start" else "") + (' font-weight="600"' if bold else "")
        self.parts.append(f'<text x="{number(x)}" y="{number(y)}" {face}{how} xml:space="preserve">{escape(said, quote=False)}</text>')

    def line(self, points: Sequence[tuple[float, float]], colour: str = FAINT, width: float = 1.5, arrow: bool = False,
             dashed: bool = False) -> None:  # fmt: skip
        way = " L".join(f"{number(x)} {number(y)}" for x, y in points)
        how = (' marker-end="url(#tip)"' if arrow else "") + (' stroke-dasharray="5 4"' if dashed else "")
        self.parts.append(f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{how}/>')

    def dot(self, x: float, y: float, radius: float = 3, fill: str = BLUE) -> None:
        self.parts.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}"/>')

    def svg(self) -> str:
        """All of it, on its card."""
        size = f'viewBox="0 0 {number(self.width)} {number(self.height)}" width="{number(self.width)}" height="{number(self.height)}"'
        style = f".m{{font-family:{MONO}}}.s{{font-family:{SANS}}}"
        tip = ('<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" '
               f'markerUnits="userSpaceOnUse"><path d="M0 0 L8 4 L0 8 z" fill="{FAINT}"/></marker></defs>')  # fmt: skip
        card = (f'<rect x="0.5" y="0.5" width="{number(self.width - 1)}" height="{number(self.height - 1)}" rx="10" fill="{CARD}" '
                f'stroke="{EDGE}"/>')  # fmt: skip
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(self.title)}">'
        return "\n".join([head, f"<title>{escape(self.title)}</title><style>{style}</style>{tip}", card, *self.parts, "</svg>", ""])


def code(sheet: Sheet, x: float, y: float, lines: Sequence[str], colours: Sequence[str | None], width: float, size: float = 12.5) -> None:
    """Lines of code from a base line on, each on the tint of its colour."""
    step = size * 1.5
    for i, (line, colour) in enumerate(zip(lines, colours, strict=True)):
        if colour:
            sheet.box(x - 6, y + i * step - size * 1.08, width, step, TINTS[colour], TINTS[colour], 0)
        sheet.text(x, y + i * step, line, size, colour or INK, mono=True)
