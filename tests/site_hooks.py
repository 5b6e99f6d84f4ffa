"""What mkdocs calls while it builds the site (`.mkdocs.yml`): pages that are no files in `docs`, and links to what lies beside it.

The pages in `docs` link to each other and to `../examples/NAME.py`, so that they can be read in a repository as well. On the site each
example is a page. So is the public API, a page for each module.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # tests and s2sad, from this folder

from mkdocs.structure.files import File, Files, InclusionLevel  # noqa: E402

import s2sad  # noqa: E402

NOTEBOOK = re.compile(r"\]\(tutorial/([\w-]+)\.ipynb\)")
EXAMPLE = re.compile(r"\]\(\.\./examples/(\w+)\.py\)")
OUTSIDE = re.compile(r"\[([^\]]*)\]\(\.\./(?!examples/)[^)]*\)")
MEMBERS: dict[str, tuple[str, ...]] = {"Compiled": ("source", "wengert", "paths", "reasons", "stats", "clear"), "Derivative": (),
                                       "ElementwiseGradient": (), "Facts": ()}  # fmt: skip
MODULES = ("s2sad.check", "s2sad.export", "s2sad.rules", "s2sad.tape", "s2sad.tree")


def on_files(files: Files, config: Any) -> Files:
    for path, text in {**examples(), **api(), **notebooks()}.items():
        made = File.generated(config, path, content=text)
        if not path.endswith("index.md"):
            made.inclusion = InclusionLevel.NOT_IN_NAV
        files.append(made)
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Links to examples lead to their pages; what else lies outside `docs` is named, without a link."""
    markdown = NOTEBOOK.sub(r"](tutorial/\1.md)", EXAMPLE.sub(r"](examples/\1.md)", markdown))
    return markdown if page.file.src_uri.startswith("tutorial/") else OUTSIDE.sub(r"\1", markdown)


def examples() -> dict[str, str]:
    """A page for each example, and one that lists them."""
    pages, rows = {}, []
    for path in sorted((ROOT / "examples").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        said = " ".join((ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0].split())
        pages[f"examples/{path.stem}.md"] = f"# {path.name}\n\n```python\n{text}```\n"
        rows.append(f"- [`{path.name}`]({path.stem}.md): {said}")
    install = "They need `pip install '.[examples]'`. Each runs by itself, such as `python examples/article.py`."
    return {**pages, "examples/index.md": "\n".join(["# Examples", "", install, "", *rows, ""])}


def notebooks() -> dict[str, str]:
    """A page for each notebook, which shows its cells and offers the file."""
    pages = {}
    for path in sorted((ROOT / "docs" / "tutorial").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        head, *rest = map(_cell, cells)
        pages[f"tutorial/{path.stem}.md"] = f"{head}\n\n[Download the notebook]({path.name})\n\n" + "\n\n".join(rest) + "\n"
    return pages


def _cell(cell: dict[str, Any]) -> str:
    text = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return re.sub(r"\]\(\.\./\.\./examples/(\w+)\.py\)", r"](../examples/\1.md)", text)
    printed = ("".join(o.get("text") or o.get("traceback") or o["data"]["text/plain"]) for o in cell["outputs"])
    return "\n\n".join([f"```python\n{text}\n```", *(f"```text\n{said.rstrip()}\n```" for said in printed)])


def api() -> dict[str, str]:
    """A page for the names of s2sad itself, and one for each other public module."""
    own = sorted((n for n in s2sad.__all__ if not n.startswith("__") and not isinstance(getattr(s2sad, n), ModuleType)), key=_rank)
    pages = {"api/s2sad.md": "# s2sad\n\n" + "".join(map(_entry, own))}
    for name in MODULES:
        pages[f"api/{name}.md"] = f"# {name}\n\n::: {name}\n    options:\n      show_root_heading: false\n      heading_level: 1\n"
    rows = [f"- [`{path[4:-3]}`]({path[4:]})" for path in pages]
    said = "All public names, from their docstrings. [The reference](../reference.md) says the same in order, with what belongs together."
    return {**pages, "api/index.md": "\n".join(["# API", "", said, "", *rows, ""])}


def _entry(name: str) -> str:
    """A name of s2sad by the place where it is defined, under its public name."""
    value = getattr(s2sad, name)
    place = f"{getattr(value, '__module__', 's2sad')}.{getattr(value, '__name__', name)}"
    members = f"      members: [{', '.join(MEMBERS.get(name, ()))}]\n" if name in MEMBERS else ""
    return f"::: {place}\n    options:\n      heading: s2sad.{name}\n      toc_label: {name}\n{members}\n"


def _rank(name: str) -> tuple[int, str]:
    """Functions first, then classes, then errors and warnings."""
    value = getattr(s2sad, name)
    kind = 0 if not isinstance(value, type) else 2 if issubclass(value, BaseException) else 1
    return kind, name.lower()
