"""A page as HTML: one file, with its style and its script in it, that needs no network; and a fragment for a notebook.

The templates are those of jinja2, which comes with the extra `html`.
"""
from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from s2sad.page.generated import FORWARD, TANGENT, original
from s2sad.page.model import Page, Question
from s2sad.page.sources import Block
from s2sad.page.svg import svg
from s2sad.page.values import Course, shown
from s2sad.shown.tokens import pieces
from s2sad.version import __version__

MISSING = "a page needs jinja2, which is not installed: pip install 's2sad[html]'"


class NoTemplates(Exception):
    """jinja2 is not installed."""


def page_html(page: Page) -> str:
    """The whole file. Raises NoTemplates where jinja2 is not installed."""
    environment = templates()
    style, script = (_text(name) for name in ("page.css", "page.js"))
    found: str = environment.get_template("page.html").render(
        page=page, style=environment.markup(style), script=environment.markup(script), data=environment.markup(embedded(page)),
        graph=environment.markup(svg(page.graph)), sources=[source(page, b, n) for n, b in enumerate(page.blocks)],
        code=code(page), version=__version__, shown=shown)  # fmt: skip
    return found


def fragment(page: Page | None, block: Block | None, title: str, identity: str, said: str = "") -> str:
    """What a notebook shows of a derivative: the page of a path, or the user's function alone and what is to be `said`."""
    environment = templates()
    blocks = page.blocks if page is not None else [block] if block is not None else []
    style = _text("notebook.css").replace("ROOT", f"#{identity}")
    found: str = environment.get_template("notebook.html").render(
        page=page, title=title, identity=identity, said=said, style=environment.markup(style),
        graph=environment.markup(svg(page.graph, identity, active=False)) if page is not None else "",
        sources=[(b, pieces(b.lines)) for b in blocks], code=code(page) if page is not None else [])  # fmt: skip
    return found


@functools.cache
def templates() -> Any:
    """jinja2's environment, with everything escaped that is put into a template."""
    try:
        import jinja2
        import markupsafe
    except ImportError:
        raise NoTemplates(MISSING) from None
    environment: Any = jinja2.Environment(loader=jinja2.FunctionLoader(_text), autoescape=True, trim_blocks=True, lstrip_blocks=True,
                                          undefined=jinja2.StrictUndefined)  # fmt: skip
    environment.markup = markupsafe.Markup
    environment.filters["groupby_run"] = by_section
    environment.filters["groupby_place"] = by_place
    environment.filters["sum_runs"] = asked_times
    return environment


def by_section(lines: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The lines of the generated code, those of one part together; tangents stand among the values that they belong to."""
    parts = itertools.groupby(lines, lambda each: FORWARD if each["line"].section in ("", TANGENT) else each["line"].section)
    return [(section, list(found)) for section, found in parts]


def by_place(questions: Iterable[Question]) -> list[tuple[str, list[Question]]]:
    """What a path asks, by the user's lines in the order in which they ask first."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.place, []).append(question)
    return list(found.items())


def asked_times(questions: Iterable[Question]) -> str:
    """How often a line asks."""
    times = sum(count for question in questions for _, count in question.answers)
    return "once" if times == 1 else f"{times} times"


def _text(name: str) -> str:
    return (files("s2sad.page") / "templates" / name).read_text(encoding="utf-8")


def embedded(page: Page) -> str:
    """What the script asks for, as JSON that can stand in a script element: no `<` is left in it."""
    data = {
        "variables": {v.name: {"values": v.values, "cotangents": v.cotangents, "saved": v.saved} for v in page.variables},
        "saved": page.saved,
        "values": {_key(page, *place): [_course(n, c) for n, c in found.items()] for place, found in page.values.items()},
        "edges": page.graph.edges,
        "places": [_key(page, *node.place) if node.place else "" for node in page.graph.nodes],
        "mode": page.mode,
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _course(name: str, course: Course) -> list[Any]:
    return [name, course.first, course.last, course.count]


def _key(page: Page, file: str, line: int) -> str:
    """The id of a line: `g7` of the generated code, `u0-7` of the first block of the user's."""
    if not file:
        return f"g{line}"
    number = next((n for n, b in enumerate(page.blocks) if b.holds(file, line)), None)
    return "" if number is None else f"u{number}-{page.blocks[number].beginning(line)}"


def source(page: Page, block: Block, number: int) -> dict[str, Any]:
    """A block of the user's as the template takes it."""
    lines = [{"number": n, "id": f"u{number}-{n}", "key": f"u{number}-{block.beginning(n)}", "pieces": split,
              "became": page.generated_of(block.file, block.beginning(n)), "cost": _cost(page, block.file, n)}
             for n, split in enumerate(pieces(block.lines), start=block.first)]  # fmt: skip
    return {"block": block, "lines": lines}


def _cost(page: Page, file: str, line: int) -> Any:
    """What a line of the user's costs, where it was measured."""
    return next((c for c in getattr(page.profile, "lines", ()) if c.file == file and c.line == line), None)


def code(page: Page) -> list[dict[str, Any]]:
    """The lines of the generated code as the template takes them."""
    users = {v.name for v in page.variables}
    found = []
    for line, split in zip(page.lines, pieces([c.text for c in page.lines]), strict=True):
        words = [(kind, text, *(original(text, users) if kind == "name" else ("", ""))) for kind, text in split]
        found.append({"line": line, "pieces": words, "from": _key(page, *line.place) if line.place else "",
                      "saves": any(name in page.saved for name in line.stores) and line.section == "forward"})  # fmt: skip
    return found
