"""Python's text in parts: lines of words, each with its kind."""
from __future__ import annotations

import io
import keyword
import token
import tokenize
from collections.abc import Sequence

Piece = tuple[str, str]
"""A kind (`keyword`, `name`, `number`, `string`, `comment`, or empty) and the text."""


def pieces(lines: Sequence[str]) -> list[list[Piece]]:
    """The words of each line, nothing left out; a line that cannot be split is one piece.

    >>> pieces(["x = 1"])
    [[('name', 'x'), ('', ' = '), ('number', '1')]]
    """
    marks: list[list[tuple[int, int, str]]] = [[] for _ in lines]
    try:
        for word in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            kind = _kind(word)
            if kind:
                for number in range(word.start[0], word.end[0] + 1):
                    start = word.start[1] if number == word.start[0] else 0
                    end = word.end[1] if number == word.end[0] else len(lines[number - 1])
                    marks[number - 1].append((start, end, kind))
    except (tokenize.TokenError, SyntaxError):
        pass  # what was found so far is shown so
    return [_line(line, found) for line, found in zip(lines, marks, strict=True)]


def _line(line: str, marks: list[tuple[int, int, str]]) -> list[Piece]:
    found, at = list[Piece](), 0
    for start, end, kind in marks:
        found += [("", line[at:start]), (kind, line[start:end])]
        at = end
    return [piece for piece in [*found, ("", line[at:])] if piece[1]]


def _kind(word: tokenize.TokenInfo) -> str:
    if token.tok_name[word.type].startswith("FSTRING"):
        return "string"
    match word.type:
        case tokenize.COMMENT:
            return "comment"
        case tokenize.NUMBER:
            return "number"
        case tokenize.STRING:
            return "string"
        case tokenize.NAME:
            return "keyword" if keyword.iskeyword(word.string) else "name"
    return ""
