"""What is put at a place right where it gets its name, as a person writes it in one line.

    x_saved[i] = x = 0.5 * x + u[i]

The value is evaluated before anything is assigned, so that the place must not read the name.
"""
from __future__ import annotations

import ast
import itertools
from collections.abc import Callable
from typing import Any

from s2sad.emit.lines import again, indented, line, mark_like, reads_name


def saved_at_once(lines: list[str], unparse: Callable[[Any], str], breadth: int) -> list[str]:
    """The lines, with each value that is named and then saved in one of them where there is room."""
    found, taken = list[str](), False
    for first, second in itertools.pairwise([*lines, ""]):
        joined = "" if taken else as_one(first, second, unparse)
        fits = bool(joined) and len(joined) <= breadth
        if not taken:
            found.append(joined if fits else first)
        taken = fits
    return found


def as_one(first: str, second: str, unparse: Callable[[Any], str]) -> str:
    """The line that two are; empty where they stay two."""
    made, kept = getattr(first, "assigned", None), getattr(second, "kept", None)
    if made is None or kept is None or indented(first) != indented(second):
        return ""
    name, place = made.targets[0], kept.targets[0]
    if kept.value.id != name.id or reads_name(place, name.id):
        return ""
    node = mark_like(ast.Assign([mark_like(again(place), kept), name], made.value, None), made)
    return line(f"{first[: indented(first)]}{unparse(node)}", node, getattr(first, "place", None))
