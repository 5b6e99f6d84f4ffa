"""The computational graph of a list: a node for each value, boxes for loops and branches.

Inputs are blue, intermediates green, the output yellow. A loop's box holds one step: what it carries comes in at the top, and goes back
there along a dashed arrow; what it leaves stands below the box. A branch's box holds its two sides, and what comes of either.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from s2sad.errors import Location
from s2sad.ir.program import Assign, Atom, Function, If, Loop, Operand, Statement, Var, everything, reads, variables
from s2sad.shown.statement_text import OUTSIDE, Labels, Name, expression_text, operand_text
from s2sad.tape.trace import shown

INPUT, VALUE, OUTPUT, INDEX, CARRIED = "input", "value", "output", "index", "carried"
MOST = 150  # nodes, beyond which values of one line of the user's are one node
MOST_LINES = 200  # of which there are so many at most


@dataclass
class Node:
    """A value: its name, the operation, the number where it is known, and the user's line."""

    label: str
    text: str = ""
    value: str = ""
    kind: str = VALUE
    box: int | None = None
    place: tuple[str, int] | None = None
    times: int = 1


@dataclass
class Box:
    title: str
    kind: str
    parent: int | None = None
    place: tuple[str, int] | None = None


@dataclass
class Graph:
    """Nodes and boxes by number; an edge is `(from, to, kind)`, of kind `flow`, `back` (to the next step) or `test` (to a branch)."""

    nodes: list[Node] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    edges: list[tuple[int, int, str]] = field(default_factory=list)
    note: str = ""


def graph(function: Function, statements: Sequence[Statement], inputs: Iterable[Var], outputs: Iterable[Atom],
          values: Mapping[Var, Any] | None = None) -> Graph:  # fmt: skip
    """The graph of some statements of a function, folded by the user's lines where it would be too large to look at."""
    drawing = _Drawing(Labels(function), values or {})
    for var in inputs:
        drawing.node(var, "", INPUT)
    drawing.statements(statements, None)
    for output in outputs:
        drawing.output(output)
    return folded(drawing.graph) if len(drawing.graph.nodes) > MOST else drawing.graph


class _Drawing:
    """A graph while it is drawn; `known` are the nodes that hold each variable."""

    def __init__(self, label: Name, values: Mapping[Var, Any]) -> None:
        self.label, self.values = label, values
        self.graph = Graph()
        self.known: dict[Var, int] = {}

    def node(self, var: Var | None, text: str, kind: str = VALUE, box: int | None = None, location: Location | None = None,
             label: str = "") -> int:  # fmt: skip
        value = shown(self.values[var]) if var is not None and var in self.values else ""
        self.graph.nodes.append(Node(label or (self.label(var) if var else ""), text, value, kind, box, place(location)))
        number = len(self.graph.nodes) - 1
        if var is not None:
            self.known[var] = number
        return number

    def arrows(self, read: Iterable[Var], to: int, kind: str = "flow") -> None:
        self.graph.edges += [(self.known[v], to, kind) for v in dict.fromkeys(read) if v in self.known]

    def statements(self, statements: Iterable[Statement], box: int | None) -> None:
        for statement in statements:
            if isinstance(statement, Loop):
                self.loop(statement, box)
            elif isinstance(statement, If):
                self.branch(statement, box)
            elif isinstance(statement, Assign) and statement.primitive not in OUTSIDE:
                text = expression_text(statement.primitive, statement.args, self.label, short=True)
                for target in statement.targets:
                    self.arrows(reads(statement), self.node(target, text, VALUE, box, statement.location))

    def box(self, title: str, kind: str, parent: int | None, location: Location | None) -> int:
        self.graph.boxes.append(Box(title, kind, parent, place(location)))
        return len(self.graph.boxes) - 1

    def loop(self, loop: Loop, around: int | None) -> None:
        index = loop.index
        spans = ", ".join(operand_text(o, self.label) for o in loop.range or ())
        title = "while" if index is None else f"for {self.label(index)} in {'reversed ' if loop.reverse else ''}range({spans})"
        box = self.box(title, "loop", around, loop.location)
        if index is not None and any(index in reads(s) for s in everything(loop.body.statements)):
            self.arrows((v for o in loop.range or () for v in variables(o)), self.node(index, "", INDEX, box))
        for param, init in zip(loop.carried, loop.inits, strict=True):
            self.arrows(variables(init), self.node(param, "", CARRIED, box))
            self.graph.nodes[self.known[param]].text = f"from {operand_text(init, self.label)}"
        if loop.test is not None:
            self.statements(loop.test.statements, box)
        self.statements(loop.body.statements, box)
        for param, target, following in zip(loop.carried, loop.results, loop.nexts, strict=True):
            self.arrows(variables(following), self.known[param], "back")
            number = self.node(target, "after the loop", VALUE, around)
            self.arrows(variables(following), number)

    def branch(self, branch: If, around: int | None) -> None:
        outer = self.box(f"if {operand_text(branch.atom, self.label)}", "branch", around, branch.location)
        for title, block in (("then", branch.then), ("else", branch.orelse)):
            if any(isinstance(s, (Assign, Loop, If)) for s in block.statements):
                self.statements(block.statements, self.box(title, "side", outer, None))
        for number, target in enumerate(branch.targets):
            self.either(branch.atom, target, [b.results[number] for b in (branch.then, branch.orelse)], outer)

    def either(self, asked: Atom, target: Var, sides: list[Operand], box: int) -> None:
        """What a variable is after a branch."""
        number = self.node(target, " or ".join(operand_text(o, self.label) for o in sides), VALUE, box)
        self.arrows((v for o in sides for v in variables(o)), number)
        if isinstance(asked, Var):
            self.arrows([asked], number, "test")

    def output(self, output: Atom) -> None:
        if isinstance(output, Var) and output in self.known and self.graph.nodes[self.known[output]].kind == VALUE:
            self.graph.nodes[self.known[output]].kind = OUTPUT
            return
        number = self.node(None, operand_text(output, self.label), OUTPUT, label="result")
        self.arrows(variables(output), number)


def place(location: Location | None) -> tuple[str, int] | None:
    return (location.file, location.line) if location is not None and not location.file.startswith("<rule") else None


def folded(graph: Graph) -> Graph:
    """The graph with one node for all values of a line of the user's: for lists that are too long to look at."""
    key = [("", n) if node.kind == INPUT or node.place is None else node.place for n, node in enumerate(graph.nodes)]
    members: dict[Any, list[int]] = {}
    for number, at in enumerate(key):
        members.setdefault(at, []).append(number)
    kept = list(members)[:MOST_LINES]
    numbers = {at: n for n, at in enumerate(kept)}
    nodes = [_together([graph.nodes[n] for n in members[at]]) for at in kept]
    edges = dict[tuple[int, int, str], None]()
    for start, end, _ in graph.edges:
        one, other = numbers.get(key[start]), numbers.get(key[end])
        if one is not None and other is not None and one != other:
            edges[one, other, "flow" if one < other else "back"] = None
    left_out = f", of which the first {MOST_LINES} are shown" if len(members) > MOST_LINES else ""
    note = f"{len(graph.nodes)} values are too many to look at: here each line of the function is one node{left_out}."
    return Graph(nodes, [], list(edges), note)


def _together(nodes: list[Node]) -> Node:
    """One node for the values of a line: it is called after the last."""
    last = nodes[-1]
    kind = next((n.kind for n in nodes if n.kind == OUTPUT), last.kind)
    text = last.text if len(nodes) == 1 else f"line {last.place[1]}, {len(nodes)} values" if last.place else last.text
    return Node(last.label, text, last.value, kind, None, last.place, len(nodes))
