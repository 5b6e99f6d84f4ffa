"""The computational graph as DOT text, and as a picture where Graphviz is."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path

import pytest

from s2sad.shown.evaluation import Primal
from s2sad.shown.graph import GraphError, dot, write
from tests.shown.test_show import CHOSEN, f, seen


def edges(text):
    return re.findall(r'^ +"([^"]+)" -> "([^"]+)"$', text, re.M)


def colours(text):
    return dict(re.findall(r'^ +"([^"]+)" \[label=.*, fillcolor=(\w+)\]$', text, re.M))


def test_the_graph_of_the_articles_function():
    text = dot(seen(f, (2.0, 1.0), (0, 1)), "f")
    assert colours(text) == {
        "v-1": "lightblue", "v0": "lightblue", "v1": "lightgreen", "v2": "lightgreen", "v3": "lightgreen",
        "v4": "yellow",
    }  # fmt: skip
    expected = [("v-1", "v1"), ("v0", "v2"), ("v-1", "v3"), ("v2", "v3"), ("v1", "v4"), ("v3", "v4")]
    assert sorted(edges(text)) == sorted(expected)
    assert '"v3" [label="v3 = v-1 * v2\\n1.683"' in text


@pytest.mark.parametrize("program", CHOSEN[::4], ids=lambda p: p.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of programs that overflow on purpose
def test_the_graph_has_no_cycle_and_one_output(program, capsys):
    text = dot(seen(program.function, program.calls[0], program.argnums), program.name)
    nodes = colours(text)
    order = {name: i for i, name in enumerate(nodes)}
    assert all(order[a] < order[b] for a, b in edges(text))
    assert list(nodes.values()).count("yellow") == 1


def test_an_output_that_is_an_input_gets_a_node_of_its_own():
    text = dot(seen(lambda x: x, (3.0,)), "same")
    assert colours(text) == {"v0": "lightblue", "y": "yellow"}
    assert edges(text) == [("v0", "y")]


def test_quotes_and_line_ends_in_labels_are_escaped():
    shown = seen(lambda x, t: x * {"a": 2.0}[t], (3.0, "a"))
    relabelled = Primal(
        shown.recorded,
        shown.statements,
        shown.values,
        shown.inputs,
        shown.output,
        shown.labels,
        dict.fromkeys(shown.titles, 'q"\\'),
    )
    assert r'label="v0 = q\"\\\n3.000"' in dot(relabelled, "q")


def test_the_graph_is_written_as_dot_or_by_graphviz(tmp_path, monkeypatch):
    source = dot(seen(f, (2.0, 1.0), (0, 1)), "f")
    write(source, tmp_path / "f.dot")
    assert (tmp_path / "f.dot").read_text() == source
    program = tmp_path / "dot"
    program.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:], len(sys.stdin.read()))\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    write(source, tmp_path / "f.svg")
    assert (tmp_path / "f.svg").read_text() == f"['-Tsvg'] {len(source)}\n"
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('bad graph')\n")
    with pytest.raises(GraphError, match=r"f\.png: dot failed: bad graph"):
        write(source, tmp_path / "f.png")


def test_without_graphviz_and_for_other_endings_one_line_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        GraphError, match=r"^f\.svg: the program 'dot' of Graphviz is not installed; write f\.dot instead$"
    ):
        write("digraph {}", Path("f.svg"))
    with pytest.raises(GraphError, match=r"^f\.txt: a graph is written as \.dot, \.svg, \.png or \.pdf$"):
        write("digraph {}", "f.txt")
