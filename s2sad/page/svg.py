"""A graph as SVG. Colours come from the style sheet around it, by classes."""
from __future__ import annotations

from html import escape

from s2sad.page.graph import Graph
from s2sad.page.layout import LINE, PADDING, TITLE, Layout, Rectangle, lay_out, shortened, words


def svg(graph: Graph, identity: str = "graph", active: bool = True) -> str:
    """The picture; `active` nodes can be reached and pressed, `identity` is the beginning of the ids in it."""
    layout = lay_out(graph)
    size = f'viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" width="{layout.width:.0f}" height="{layout.height:.0f}"'
    head = f'<svg class="graph" {size} xmlns="http://www.w3.org/2000/svg" role="group" aria-label="computational graph">'
    arrow = (f'<defs><marker id="{identity}-end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" '
             'markerUnits="userSpaceOnUse"><path class="tip" d="M0 0 L8 4 L0 8 z"/></marker></defs>')  # fmt: skip
    parts = [head, arrow, *_boxes(graph, layout), *_edges(graph, layout, identity), *_nodes(graph, layout, active), "</svg>"]
    return "\n".join(parts)


def _boxes(graph: Graph, layout: Layout) -> list[str]:
    found = []
    for number, box in enumerate(graph.boxes):
        at = layout.boxes[number]
        found.append(f'<g class="box {box.kind}"><title>{escape(box.title)}</title>{_frame(at)}'
                     f'<text x="{at.x + PADDING:.1f}" y="{at.y + TITLE - 7:.1f}">{escape(shortened(box.title))}</text></g>')  # fmt: skip
    return found


def _frame(at: Rectangle) -> str:
    return f'<rect x="{at.x:.1f}" y="{at.y:.1f}" width="{at.width:.1f}" height="{at.height:.1f}" rx="6"/>'


def _edges(graph: Graph, layout: Layout, identity: str) -> list[str]:
    found = []
    for start, end, kind in graph.edges:
        one, other = layout.nodes[start], layout.nodes[end]
        between = [at for number, at in layout.nodes.items() if number not in (start, end)]
        path = _back(one, other) if kind == "back" else _down(one, other, between)
        found.append(f'<path class="edge {kind}" data-from="{start}" data-to="{end}" marker-end="url(#{identity}-end)" d="{path}"/>')
    return found


def _down(one: Rectangle, other: Rectangle, between: list[Rectangle]) -> str:
    """From the lower side of one to the upper side of the other, beside what stands on the straight way."""
    x, y, to_x, to_y = one.middle, one.y + one.height, other.middle, other.y
    bend, aside = max(18.0, abs(to_y - y) / 2), 0.0
    for at in between:
        height = at.y + at.height / 2
        if y < height < to_y:
            way = x + (to_x - x) * (height - y) / (to_y - y)
            if at.x - 4 < way < at.x + at.width + 4:
                right = way >= at.middle
                aside = max(aside, at.x + at.width - way + 14) if right else min(aside, at.x - way - 14)
    aside *= 4 / 3  # a curve goes three quarters of the way to where it is drawn
    return f"M{x:.1f} {y:.1f} C{x + aside:.1f} {y + bend:.1f} {to_x + aside:.1f} {to_y - bend:.1f} {to_x:.1f} {to_y - 1:.1f}"


def _back(one: Rectangle, other: Rectangle) -> str:
    """From the right side of one to the right side of the other, around what is between."""
    x, y, to_x, to_y = one.x + one.width, one.y + one.height / 2, other.x + other.width, other.y + other.height / 2
    far = max(x, to_x) + 24
    return f"M{x:.1f} {y:.1f} C{far:.1f} {y:.1f} {far:.1f} {to_y:.1f} {to_x + 1:.1f} {to_y:.1f}"


def _nodes(graph: Graph, layout: Layout, active: bool) -> list[str]:
    found = []
    for number, node in enumerate(graph.nodes):
        at, lines = layout.nodes[number], words(node)
        whole = " = ".join(part for part in (node.label, node.text, node.value) if part)
        stop = f'tabindex="{0 if number == 0 else -1}" role="button" aria-pressed="false"'
        pressed = f' {stop} aria-label="{escape(whole)}"' if active else ""
        texts = "".join(f'<text x="{at.middle:.1f}" y="{at.y + PADDING / 2 + LINE * (n + 0.75):.1f}">{escape(line)}</text>'
                        for n, line in enumerate(lines))  # fmt: skip
        found.append(f'<g class="node {node.kind}" data-node="{number}"{pressed}><title>{escape(whole)}</title>{_frame(at)}{texts}</g>')
    return found
