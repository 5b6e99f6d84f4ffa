"""Texts of functions that came from another process.

They are of files that are not here, or that read otherwise here. Where a function goes by value the name of its file may be lost, so a
text says which code it is from. Code is compared all the same.
"""
from __future__ import annotations

import itertools
import linecache
import os
import threading
import types
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Lines = list[str]  # each with its end
Mark = tuple[str, int]  # the name of code, and its first line
KEPT = 1024  # texts, of which those that came first are forgotten
LOST = "<dynamic-code>"  # what cloudpickle calls the file of each function that it sends by value
SHARED = ("<string>", "<stdin>", LOST)  # names of many texts, none of which is to be shown for the others
_texts: dict[tuple[str, str], tuple[Lines, set[Mark]]] = {}
_changing = threading.Lock()


class SentText:
    """A text on its way to another process, where it is kept as soon as it arrives."""

    def __init__(self, file: str, lines: Sequence[str], marks: Iterable[Mark]) -> None:
        self.file, self.lines, self.marks = file, lines, {*marks}

    def __reduce__(self) -> Any:
        return arrive, (self.file, zlib.compress("".join(self.lines).encode("utf-8", "surrogatepass")), sorted(self.marks))


def arrive(file: str, packed: bytes, marks: list[Mark]) -> None:
    """Keep a text that was sent."""
    text = zlib.decompress(packed).decode("utf-8", "surrogatepass")
    with _changing:
        lines, known = _texts.pop((file, text), (text.splitlines(keepends=True), set()))
        while len(_texts) >= KEPT:
            _texts.pop(next(iter(_texts)))
        _texts[file, text] = lines, {*known, *marks}
    if file not in SHARED and not linecache.cache.get(file) and not os.path.exists(file):
        linecache.cache[file] = (len(text), None, lines, file)  # so that tracebacks show it


def marks(code: types.CodeType) -> Iterator[Mark]:
    """Those of code and of all that is defined in it."""
    inside = (marks(c) for c in code.co_consts if isinstance(c, types.CodeType))
    return itertools.chain([(code.co_name, code.co_firstlineno)], *inside)


def texts(code: types.CodeType) -> list[tuple[str, Lines]]:
    """The names and the lines of the files that code may be from, those that came last first."""
    mark = code.co_name, code.co_firstlineno
    return [(file, lines) for (file, _), (lines, known) in reversed([*_texts.items()]) if mark in known or _may_hold(lines, code)]


def _may_hold(lines: Lines, code: types.CodeType) -> bool:
    """Whether a text may be that of code which came on its own, such as a method that another one calls."""
    first = lines[code.co_firstlineno - 1] if code.co_filename == LOST and code.co_firstlineno <= len(lines) else ""
    return "def" in first or "lambda" in first or "@" in first
