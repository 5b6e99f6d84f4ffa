"""The computational graph of one evaluation, as DOT text and, where Graphviz is installed, as a picture.

A node for every value, an arrow from each operand to what was computed from it: inputs blue, intermediates green, the
output yellow. The order of the statements is an order of the nodes, so the graph has no cycle.
"""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from s2sad.ir.program import Var, reads
from s2sad.shown.evaluation import Primal
from s2sad.shown.statement_text import expression_text, operand_text
from s2sad.tape.trace import shown

BLUE, GREEN, YELLOW = "lightblue", "lightgreen", "yellow"


class GraphError(Exception):
    """The picture cannot be made; the message says why."""


def dot(primal: Primal, name: str) -> str:
    """The graph as DOT text.

    Nodes are named as in the evaluation trace and show operation and value. Values read from outside the function and
    arguments that are not differentiated are written in the operations that use them.

    >>> from s2sad.shown.evaluation import primal
    >>> print(dot(primal(lambda x: 2.0 * x, 0, (3.0,), {}, ["x"]), "double"))
    digraph "double" {
        rankdir=BT
        node [shape=box, style="filled,rounded", fontname="monospace"]
        "v0" [label="v0 = x\\n3.000", fillcolor=lightblue]
        "v1" [label="v1 = 2.0 * v0\\n6.000", fillcolor=yellow]
        "v0" -> "v1"
    }
    <BLANKLINE>
    """
    label = primal.labels.__getitem__
    nodes = [_node(label(v), primal.titles[v], shown(primal.values[v]), BLUE) for v in primal.inputs]
    known, edges = set(primal.inputs), []
    for statement in primal.operations:
        text = expression_text(statement.primitive, statement.args, label, short=True)
        for target in statement.targets:
            colour = YELLOW if target is primal.output else GREEN
            nodes.append(_node(label(target), text, shown(primal.values[target]), colour))
            operands = [v for v in dict.fromkeys(reads(statement)) if v in known]
            edges += [f"{_quoted(label(v))} -> {_quoted(label(target))}" for v in operands]
        known.update(statement.targets)
    if not any(primal.output in s.targets for s in primal.operations):
        nodes.append(_node(primal.result, operand_text(primal.output, label), "", YELLOW))
        if isinstance(primal.output, Var) and primal.output in known:
            edges.append(f"{_quoted(label(primal.output))} -> {_quoted(primal.result)}")
    style = ["rankdir=BT", 'node [shape=box, style="filled,rounded", fontname="monospace"]']
    return "\n".join([f"digraph {_quoted(name)} {{", *(f"    {line}" for line in [*style, *nodes, *edges]), "}", ""])


def _node(name: str, text: str, value: str, colour: str) -> str:
    label = f"{name} = {text}\n{value}" if value else f"{name} = {text}"
    return f"{_quoted(name)} [label={_quoted(label)}, fillcolor={colour}]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def write(source: str, path: str | Path) -> None:
    """Write DOT text to a `.dot` or `.gv` file, or the picture to `.svg`, `.png` or `.pdf`.

    Raises GraphError for another ending, where the program `dot` of Graphviz is not installed or fails, or the file cannot be written.
    """
    try:
        Path(path).write_bytes(_drawn(source, Path(path)))
    except OSError as error:
        raise GraphError(f"{path} cannot be written: {error.strerror}") from None


def _drawn(source: str, path: Path) -> bytes:
    """What a file with such an ending holds."""
    kind = path.suffix.lower().removeprefix(".")
    if kind in ("dot", "gv"):
        return source.encode()
    if kind not in ("svg", "png", "pdf"):
        raise GraphError(f"{path}: a graph is written as .dot, .svg, .png or .pdf")
    program = shutil.which("dot")
    if program is None:
        other = path.with_suffix(".dot")
        raise GraphError(f"{path}: the program 'dot' of Graphviz is not installed; write {other} instead")
    done = subprocess.run([program, f"-T{kind}"], input=source.encode(), capture_output=True, check=False)
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise GraphError(f"{path}: dot failed: {reason[0] if reason else f'status {done.returncode}'}")
    return done.stdout
