"""Colours for Python source on a terminal."""
from __future__ import annotations

import io
import keyword
import os
import tokenize
from typing import TextIO

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
    """The source with terminal colours; as it is where it cannot be split into tokens.

    >>> highlight("x = 1")
    'x = \\x1b[36m1\\x1b[0m'
    """
    lines = source.splitlines(keepends=True)
    marks: list[tuple[int, int, int, int, str]] = []
    previous = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            kind = _kind(token, previous)
            if kind:
                marks.append((*token.start, *token.end, COLOURS[kind]))
            previous = token.string
    except (tokenize.TokenError, SyntaxError):
        return source
    for first, start, last, end, colour in reversed(marks):
        lines[last - 1] = f"{lines[last - 1][:end]}\x1b[0m{lines[last - 1][end:]}"
        lines[first - 1] = f"{lines[first - 1][:start]}\x1b[{colour}m{lines[first - 1][start:]}"
    return "".join(lines)


def _kind(token: tokenize.TokenInfo, previous: str) -> str:
    match token.type:
        case tokenize.COMMENT:
            return "comment"
        case tokenize.NUMBER:
            return "number"
        case tokenize.STRING:
            return "string"
        case tokenize.NAME if keyword.iskeyword(token.string):
            return "keyword"
        case tokenize.NAME if previous in ("def", "class"):
            return "name"
    return ""
