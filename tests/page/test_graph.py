"""The graph of a page: nodes with the user's names, boxes for loops and branches, and where all of it stands."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ElementTree

from s2sad.page.graph import MOST_LINES, Graph, Node, folded
from s2sad.page.layout import lay_out, words
from s2sad.page.svg import svg
from tests.page.pages import loss, made, many, straight


def labels(graph, kind):
    return [n.label for n in graph.nodes if n.kind == kind]


def edge(graph, one, other):
    numbers = {n.label: number for number, n in enumerate(graph.nodes)}
    return next((kind for start, end, kind in graph.edges if (start, end) == (numbers[one], numbers[other])), None)


def test_inputs_intermediates_and_output_have_the_users_names():
    graph = made(straight, argnums=(0, 1)).graph
    assert labels(graph, "input") == ["x", "y"] and "a" in labels(graph, "value") and len(labels(graph, "output")) == 1
    assert edge(graph, "x", "a") == edge(graph, "y", "a") == "flow"
    assert next(n for n in graph.nodes if n.label == "a").value == "1.000"


def test_loops_and_branches_are_boxes():
    graph = made(loss, control="keep").graph
    assert [b.kind for b in graph.boxes] == ["loop", "branch", "side", "side"]
    assert [b.parent for b in graph.boxes] == [None, 0, 1, 1]
    assert graph.boxes[0].title == "for k in range(0, n, 1)"
    (carried,) = (n for n, node in enumerate(graph.nodes) if node.kind == "carried")
    assert [kind for _, end, kind in graph.edges if end == carried] == ["back"]
    assert not [n for n in graph.nodes if "redefined" in n.text], "what a premise asks is not part of the value"


def test_all_that_is_drawn_leads_to_the_result():
    """So the way of a cotangent is all that is computed from a value."""
    for graph in (made(loss, control="keep").graph, made(loss, control="record").graph, made(straight).graph):
        leading = {n for n, node in enumerate(graph.nodes) if node.kind == "output"}
        for _ in graph.nodes:
            leading |= {one for one, other, _ in graph.edges if other in leading}
        assert leading == set(range(len(graph.nodes)))


def test_a_long_list_is_folded_by_lines():
    graph = made(many, control="record").graph
    assert len(graph.nodes) < 10 and "too many" in graph.note
    assert max(n.times for n in graph.nodes) > 50
    wide = Graph([Node(f"v{n}", place=("m.py", n)) for n in range(3 * MOST_LINES)])
    assert len(folded(wide).nodes) == MOST_LINES and "the first" in folded(wide).note


def overlap(one, other):
    return one.x < other.x + other.width and other.x < one.x + one.width and one.y < other.y + other.height and other.y < one.y + one.height


def inside(inner, outer):
    return (outer.x <= inner.x and outer.y <= inner.y and inner.x + inner.width <= outer.x + outer.width
            and inner.y + inner.height <= outer.y + outer.height)  # fmt: skip


def test_nothing_stands_on_anything_else_and_all_is_inside_its_box():
    for graph in (made(loss, control="keep").graph, made(loss, control="record").graph, made(straight).graph):
        layout = lay_out(graph)
        assert not [pair for pair in itertools.combinations(layout.nodes.values(), 2) if overlap(*pair)]
        assert all(inside(layout.nodes[n], layout.boxes[node.box]) for n, node in enumerate(graph.nodes) if node.box is not None)
        assert all(inside(layout.boxes[n], layout.boxes[b.parent]) for n, b in enumerate(graph.boxes) if b.parent is not None)
        assert all(0 <= r.x and r.x + r.width <= layout.width and r.y + r.height <= layout.height for r in layout.nodes.values())


def test_an_operand_stands_above_what_is_computed_from_it():
    graph = made(loss, control="keep").graph
    layout = lay_out(graph)
    assert all(layout.nodes[a].y + layout.nodes[a].height <= layout.nodes[b].y for a, b, kind in graph.edges if kind == "flow")


def test_the_picture_is_well_formed_and_escapes_what_it_is_told():
    graph = Graph([Node("a<b", 'f("x" & y)', "1"), Node("c")], [], [(0, 1, "flow")])
    tree = ElementTree.fromstring(svg(graph))
    assert tree.attrib["role"] == "group" and 'a<b = f("x" & y)' in "".join(tree.itertext())
    assert len(tree.findall("{http://www.w3.org/2000/svg}path")) == 1
    assert words(Node("x" * 50))[0].endswith("…")
