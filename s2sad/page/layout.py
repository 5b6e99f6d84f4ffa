"""Where the nodes and boxes of a graph stand: in layers from the top to the bottom, each box laid out by itself.

A node stands below all that it is computed from. In its layer it stands near the middle of what it is joined to: found by some sweeps
down and up (Sugiyama, Tagawa and Toda, 1981).
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from s2sad.page.graph import INPUT, Graph, Node

LETTER, LINE, PADDING, GAP, BETWEEN, TITLE = 7.0, 16.0, 10.0, 22.0, 34.0, 24.0
LONGEST = 34  # letters of a line of a node, of which the rest is left out
SWEEPS = 8
Item = tuple[str, int]
"""`("node", number)` or `("box", number)`."""


@dataclass
class Rectangle:
    """Its upper left corner and its size."""

    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass
class Layout:
    """Where everything stands, by number."""

    nodes: dict[int, Rectangle] = field(default_factory=dict)
    boxes: dict[int, Rectangle] = field(default_factory=dict)
    width: float = 0.0
    height: float = 0.0


def words(node: Node) -> list[str]:
    """The lines of a node, each as long as there is room for."""
    head = f"{node.label} = {node.text}" if node.text and node.kind not in ("carried",) else f"{node.label} {node.text}".strip()
    return [shortened(line) for line in (head, node.value) if line]


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def lay_out(graph: Graph) -> Layout:
    """The layout of a graph."""
    placing = _Placing(graph)
    width, height = placing.box(None)
    placing.found.width, placing.found.height = width, height
    placing.settle(None, 0.0, 0.0)
    return placing.found


class _Placing:
    """Boxes are laid out from the inside, each with its upper left corner at 0, and are then put in place from the outside."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.found = graph, Layout()
        self.children: dict[int | None, list[Item]] = defaultdict(list)
        for number, node in enumerate(graph.nodes):
            self.children[node.box].append(("node", number))
            lines = words(node)
            self.found.nodes[number] = Rectangle(0, 0, max(map(len, lines), default=1) * LETTER + 2 * PADDING, len(lines) * LINE + PADDING)
        for number, box in enumerate(graph.boxes):
            self.children[box.parent].append(("box", number))

    def rectangle(self, item: Item) -> Rectangle:
        return (self.found.nodes if item[0] == "node" else self.found.boxes)[item[1]]

    def chain(self, item: Item) -> list[int | None]:
        """The boxes around an item, from the innermost."""
        found: list[int | None] = [self.graph.nodes[item[1]].box if item[0] == "node" else self.graph.boxes[item[1]].parent]
        while found[-1] is not None:
            found.append(self.graph.boxes[found[-1]].parent)
        return found

    def lifted(self, node: int, box: int | None) -> Item | None:
        """What stands directly in a box and is, or holds, a node."""
        item: Item = ("node", node)
        for around in self.chain(item):
            if around == box:
                return item
            if around is not None:
                item = ("box", around)
        return None

    def box(self, number: int | None) -> tuple[float, float]:
        """Lay out what stands in a box, and tell its size."""
        items = self.children[number]
        for kind, inner in items:
            if kind == "box":
                width, height = self.box(inner)
                title = len(shortened(self.graph.boxes[inner].title)) * LETTER + 2 * PADDING
                self.found.boxes[inner] = Rectangle(0, 0, max(width, title), height)
        joined = self.joined(items, number)
        layers = self.layers(items, joined)
        self.order(layers, joined)
        top = PADDING + (TITLE if number is not None else 0)
        for layer in layers:
            for item in layer:
                self.rectangle(item).y = top
            top += max(self.rectangle(item).height for item in layer) + BETWEEN
        left = min((self.rectangle(i).x for i in items), default=0.0) - GAP
        for item in items:
            self.rectangle(item).x -= left
        return max((self.rectangle(i).x + self.rectangle(i).width for i in items), default=0.0) + GAP, top - BETWEEN + PADDING

    def joined(self, items: list[Item], box: int | None) -> list[tuple[Item, Item]]:
        """The arrows between what stands directly in a box."""
        found = dict[tuple[Item, Item], None]()
        for start, end, kind in self.graph.edges:
            one, other = self.lifted(start, box), self.lifted(end, box)
            if kind != "back" and one is not None and other is not None and one != other:
                found[one, other] = None
        return list(found)

    def layers(self, items: list[Item], joined: list[tuple[Item, Item]]) -> list[list[Item]]:
        """The items by how many stand above each; what nothing leads to stands right above what it leads to."""
        depth = dict.fromkeys(items, 0)
        for _ in items:
            changed = False
            for one, other in joined:
                if depth[other] < depth[one] + 1 <= len(items):
                    depth[other], changed = depth[one] + 1, True
            if not changed:
                break
        led = {other for _, other in joined}
        for item in items:
            below = [depth[other] for one, other in joined if one == item]
            if item not in led and below and not self.is_input(item):
                depth[item] = min(below) - 1
        found: dict[int, list[Item]] = defaultdict(list)
        for item in items:
            found[depth[item]].append(item)
        return [found[d] for d in sorted(found)]

    def is_input(self, item: Item) -> bool:
        return item[0] == "node" and self.graph.nodes[item[1]].kind == INPUT

    def order(self, layers: list[list[Item]], joined: list[tuple[Item, Item]]) -> None:
        """The order in each layer, and how far to the right each item stands."""
        beside: dict[Item, list[Item]] = defaultdict(list)
        for one, other in joined:
            beside[one].append(other)
            beside[other].append(one)
        for layer in layers:
            self.pack(layer, {})
        for sweep in range(SWEEPS):
            for layer in layers if sweep % 2 == 0 else layers[::-1]:
                wanted = {i: sum(self.rectangle(b).middle for b in beside[i]) / len(beside[i]) for i in layer if beside[i]}
                if sweep < SWEEPS - 2:
                    layer.sort(key=lambda item: wanted.get(item, self.rectangle(item).middle))
                self.pack(layer, wanted)

    def pack(self, layer: list[Item], wanted: dict[Item, float]) -> None:
        """Put the items of a layer side by side, each as near to where it is wanted as the others let it."""
        right, away = None, 0.0
        for item in layer:
            box = self.rectangle(item)
            want = wanted.get(item, box.middle) - box.width / 2
            box.x = want if right is None else max(want, right + GAP)
            away += box.x - want
            right = box.x + box.width
        for item in layer:
            self.rectangle(item).x -= away / len(layer)

    def settle(self, number: int | None, x: float, y: float) -> None:
        for item in self.children[number]:
            box = self.rectangle(item)
            box.x, box.y = box.x + x, box.y + y
            if item[0] == "box":
                self.settle(item[1], box.x, box.y)
