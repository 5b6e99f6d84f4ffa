"""The picture of the packages in docs/architecture.svg, drawn from the imports: `python -m tests.picture` draws it anew.

A package stands above all that it imports. An arrow is an import, left out where others say it already; the numbers are the way of a
function through the packages.
"""

from __future__ import annotations

import ast
import functools
import graphlib
import pathlib
import textwrap
from html import escape

import s2sad
from s2sad.elsewhere import MODULES

ROOT = pathlib.Path(s2sad.__file__).parent
FILE = ROOT.parent / "docs" / "architecture.svg"
WAY = (
    ("calls", "a call: no stored path fits its arguments"),
    ("front", "the function as code, in which each operation asks"),
    ("machine", "what each operation means, in Python and NumPy"),
    ("record", "what was computed, as a list with guards"),
    ("keep", "or a list with loops and branches, for any values"),
    ("adjoint", "and the sweep back over it, at its end"),
    ("passes", "the same with less"),
    ("emit", "text that a person would have written, compiled"),
    ("calls", "the path runs, and is stored for the next call"),
)
WIDE, HIGH, GAP, DOWN, LEFT, TOP, LEGEND = 250, 76, 26, 104, 24, 24, 390
STYLE = (
    "text{font-family:sans-serif;fill:#222}.name{font-size:15px;font-weight:bold}.said{font-size:11px}.step{font-size:13px}"
    "rect{fill:#f7f7f2;stroke:#777}.on{fill:#e3eefa;stroke:#0b5394}.import{stroke:#aaa;fill:none;marker-end:url(#end)}"
    "circle{fill:#0b5394}.number{fill:#fff;font-size:11px;font-weight:bold}"
)
END = (
    '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" '
    'markerUnits="userSpaceOnUse"><path d="M0 0 L8 4 L0 8 z" fill="#aaa"/></marker></defs>'
)


@functools.cache
def imports() -> dict[str, set[str]]:
    """Each package, and each module beside them, with those it imports."""
    found: dict[str, set[str]] = {}
    for path in ROOT.rglob("*.py"):
        own = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if own in ("__init__", "version", *MODULES):
            continue
        nodes = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.ImportFrom)]
        inside = [(n.module or "").split(".")[1:2] or [a.name for a in n.names] for n in nodes if (n.module or "").startswith("s2sad")]
        found.setdefault(own, set()).update(name for names in inside for name in names)
    return {own: {n for n in names if n in found and n != own} for own, names in found.items()}


def depths(graph: dict[str, set[str]]) -> dict[str, int]:
    """How high each package stands: one step above the highest that it imports."""
    found: dict[str, int] = {}
    for name in graphlib.TopologicalSorter(graph).static_order():
        found[name] = 1 + max((found[below] for below in graph[name]), default=-1)
    return found


def told(graph: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The imports that no way over other packages says already."""
    def reached(name: str) -> set[str]:
        return graph[name].union(*(reached(below) for below in graph[name]))

    return [(n, b) for n in sorted(graph) for b in sorted(graph[n]) if not any(b in reached(o) for o in graph[n] - {b})]


def places(graph: dict[str, set[str]]) -> dict[str, tuple[int, int]]:
    """The upper left corner of each box: rows by height, in a row each above what it imports."""
    high = depths(graph)
    rows = [sorted(n for n in high if high[n] == level) for level in range(max(high.values()) + 1)]
    widest, found = max(map(len, rows)), dict[str, tuple[int, int]]()
    for level, row in enumerate(rows):
        row.sort(key=lambda name: (sum(found[b][0] for b in graph[name]) / max(len(graph[name]), 1), name))
        for i, name in enumerate(row):
            left = LEFT + (widest - len(row)) * (WIDE + GAP) // 2
            found[name] = left + i * (WIDE + GAP), TOP + (len(rows) - 1 - level) * DOWN
    return found


def _box(name: str, x: int, y: int) -> list[str]:
    path = ROOT / name / "__init__.py" if (ROOT / name).is_dir() else ROOT / f"{name}.py"
    doc = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())
    said = textwrap.wrap(doc.partition(". ")[0].rstrip(".").replace("`", ""), 40)
    lines = [f'<text class="said" x="{x + 10}" y="{y + 36 + 14 * i}">{escape(line)}</text>' for i, line in enumerate(said)]
    steps = [number for number, (where, _) in enumerate(WAY, 1) if where == name]
    return [f'<rect class="{"on" if steps else ""}" x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6"/>',
            f'<text class="name" x="{x + 10}" y="{y + 20}">{name}</text>', *lines,
            *[line for i, n in enumerate(reversed(steps)) for line in _badge(n, x + WIDE - 16 - 22 * i, y + 15)]]  # fmt: skip


def _badge(number: int, x: int, y: int) -> list[str]:
    return [f'<circle cx="{x}" cy="{y}" r="9"/>', f'<text class="number" x="{x}" y="{y + 4}" text-anchor="middle">{number}</text>']


def _import(one: tuple[int, int], other: tuple[int, int]) -> str:
    return f'<path class="import" d="M{one[0] + WIDE // 2} {one[1] + HIGH} L{other[0] + WIDE // 2} {other[1] - 3}"/>'


def _legend(x: int) -> list[str]:
    lines = [f'<text class="name" x="{x}" y="{TOP + 20}">The way of a function</text>']
    for number, (where, text) in enumerate(WAY, 1):
        y = TOP + 20 + 46 * number
        lines += _badge(number, x + 9, y - 4)
        lines += [f'<text class="step" x="{x + 28}" y="{y}" font-weight="bold">{where}</text>',
                  f'<text class="step" x="{x + 28}" y="{y + 16}">{escape(text)}</text>']  # fmt: skip
    return lines


@functools.cache
def picture() -> str:
    """The packages, their imports and the way of a function, as SVG."""
    graph = imports()
    spots = places(graph)
    right, high = max(x for x, _ in spots.values()) + WIDE + GAP, max(y for _, y in spots.values()) + HIGH + TOP
    wide = right + LEGEND
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">',
             f'<style>{STYLE}</style>{END}<path d="M0 0 H{wide} V{high} H0 z" fill="#fff"/>']  # fmt: skip
    lines += [_import(spots[a], spots[b]) for a, b in told(graph)]
    lines += [line for name in sorted(spots) for line in _box(name, *spots[name])]
    return "\n".join([*lines, *_legend(right), "</svg>", ""])


if __name__ == "__main__":
    FILE.write_text(picture(), encoding="utf-8")
