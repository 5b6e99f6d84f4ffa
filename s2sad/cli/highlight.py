"""Colours for Python source on a terminal."""
from __future__ import annotations

import os
from typing import TextIO

from s2sad.shown.tokens import pieces

COLOURS = {"keyword": "35", "comment": "2;37", "number": "36", "string": "32", "name": "1;34"}


def wanted(choice: str, stream: TextIO) -> bool:
    """Whether to colour what goes to a stream: `always`, `never`, or `auto`, on a terminal.

    For `auto`, NO_COLOR switches colours off, else FORCE_COLOR switches them on; either counts if it is not empty.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def highlight(source: str) -> str:
    """The source with terminal colours; what cannot be split into tokens is as it is.

    >>> highlight("x = 1")
    'x = \\x1b[36m1\\x1b[0m'
    """
    previous, shown = "", list[str]()
    for line in pieces(source.split("\n")):
        shown.append("")
        for kind, text in line:
            colour = COLOURS.get(kind) if kind != "name" or previous in ("def", "class") else None
            shown[-1] += f"\x1b[{colour}m{text}\x1b[0m" if colour else text
            previous = text.strip() or previous
    return "\n".join(shown)
