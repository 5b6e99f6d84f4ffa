"""The tutorial as notebooks in docs/tutorial: made from docs/tutorial.md and executed.

`python -m tests.tutorial` makes and executes them anew. A block of Python becomes cells, one up to each value that the page shows; what it
prints is what the notebook prints. Commands of a terminal stay text. What a notebook needs of the
chapters before it stands in its first cell.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import nbclient
import nbformat

from tests.documents import ROOT, VALUE, Block, parse, same

PAGE, FOLDER = ROOT / "docs" / "tutorial.md", ROOT / "docs" / "tutorial"
NOTEBOOKS = {
    "1-gradients": ("A first gradient", ()),
    "2-loops-and-branches": ("Loops, branches and paths", ()),
    "3-python-and-arrays": ("Helpers, closures, globals", ()),
    "4-modes-and-orders": ("Looking inside", ("f", "df")),
    "5-fitting-and-checking": ("Fitting a line", ("f",)),
}
"""The notebooks, each with the chapter that it begins with, and what it needs of those before by name."""
LINK = re.compile(r"(\]\()(?!https?:|#)([^)\s]+\))")
PLACE = re.compile(r"^\S*ipykernel_\d+\S*?\.py:\d+: ", re.MULTILINE)


def made() -> dict[str, Any]:
    """The notebooks without outputs."""
    parts = parse(PAGE.read_text(encoding="utf-8"))
    starts = [parts.index(f"## {chapter}") for chapter, _ in NOTEBOOKS.values()]
    ends = [*starts[1:], len(parts)]
    return {
        name: notebook(name, parts[start:end], before(parts[:start], python(parts[start:end]), needs))
        for (name, (_, needs)), start, end in zip(NOTEBOOKS.items(), starts, ends, strict=True)
    }


def notebook(name: str, parts: list[str | Block], first: str) -> Any:
    title = name.partition("-")[2].replace("-", " ")
    cells = [nbformat.v4.new_markdown_cell(f"# Tutorial: {title}\n\nA part of [the tutorial](../tutorial.md).")]
    if first:
        cells.append(nbformat.v4.new_code_cell(first))
    prose: list[str] = []
    for part in parts:
        if isinstance(part, Block) and part.kind == "python":
            cells += [*told(prose), *(code(text, part) for text in pieces(part.lines))]
            prose = []
        elif isinstance(part, Block):
            prose += [f"```{part.kind}", *part.lines, "```"] if part.kind != "text" else []
        else:
            prose.append(part)
    cells += told(prose)
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return nbformat.v4.new_notebook(cells=cells)


def told(lines: list[str]) -> list[Any]:
    """A cell of text, with links as they lead from the folder of the notebooks; anchors of the page itself name the page."""
    text = LINK.sub(r"\1../\2", "\n".join(lines)).replace("](#", "](../tutorial.md#").strip("\n")
    return [nbformat.v4.new_markdown_cell(text)] if text.strip() else []


def code(text: str, block: Block) -> Any:
    tags = {"tags": ["raises-exception"]} if block.options.startswith("raises=") else {}
    return nbformat.v4.new_code_cell(text, metadata=tags)


def pieces(lines: list[str]) -> list[str]:
    """The code in parts that end with a value that is shown, without the comment that shows it."""
    found, part = [], list[str]()
    for line in lines:
        part.append(VALUE.sub("", line))
        if VALUE.search(line):
            found.append("\n".join(part))
            part = []
    return [text.strip("\n") for text in (*found, "\n".join(part)) if text.strip()]


def python(parts: list[str | Block]) -> str:
    return "\n\n".join("\n".join(part.lines) for part in parts if isinstance(part, Block) and part.kind == "python")


def before(parts: list[str | Block], text: str, needs: tuple[str, ...]) -> str:
    """What earlier chapters import, as far as it is used here, and the last definitions of what is needed."""
    tree = ast.parse(python(parts))
    defined = {name: ast.unparse(node) for node in tree.body for name in names(node) if name in needs}
    own = "\n".join([text, *defined.values()])
    used = {node.id for node in ast.walk(ast.parse(own)) if isinstance(node, ast.Name)}
    imports = {
        ast.unparse(type(node)(**{**vars(node), "names": [alias]}))
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if (alias.asname or alias.name) in used
    }
    return "\n".join([*sorted(imports, key=lambda line: (line.startswith("from"), line)), *(f"\n{defined[name]}" for name in needs)])


def names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    return [t.id for t in node.targets if isinstance(t, ast.Name)] if isinstance(node, ast.Assign) else []


def executed(book: Any) -> Any:
    """The notebook with its outputs, run in a kernel of its own, in a folder with the examples."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(ROOT / "examples", Path(place) / "examples", ignore=shutil.ignore_patterns("__pycache__"))
        own = {name: str(Path(place) / name) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
        with mock.patch.dict(os.environ, {**own, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}):
            client = nbclient.NotebookClient(book, timeout=120, startup_timeout=120, kernel_name="python3", record_timing=False,
                                             coalesce_streams=True, resources={"metadata": {"path": place}})  # fmt: skip
            client.execute()
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = [plain(output) for output in cell.outputs]
    book.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return book


def plain(output: Any) -> Any:
    """What is told as text; an exception without the frames, places of the kernel left out."""
    if output.output_type == "stream":
        output.text = PLACE.sub("", output.text)
    elif output.output_type == "error":
        output.traceback = [f"{output.ename}: {output.evalue}"]
    else:
        output.data = {"text/plain": output.data["text/plain"]}
    return output


def stored(name: str) -> str:
    return (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")


def text_of(book: Any) -> str:
    return str(nbformat.writes(book)) + "\n"


def is_up_to_date(name: str, book: Any) -> bool:
    """Whether a notebook that was executed is the one that is stored, but for the last digits of numbers."""
    return same(stored(name), text_of(book))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for own_name, own_book in made().items():
        (FOLDER / f"{own_name}.ipynb").write_text(text_of(executed(own_book)), encoding="utf-8")
