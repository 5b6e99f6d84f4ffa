"""Finding the source of a function: the syntax tree a code object was compiled from, or a clear refusal.

The texts that it may be from are tried one after the other (`s2sad.texts`), first in the lines that the code speaks of, then in all others.
The lines of the statement around the code are tried first, for most files hold much more than the functions that are differentiated.
"""
from __future__ import annotations

import ast
import contextlib
import copy
import itertools
import linecache
import sys
import threading
import types
from collections.abc import Sequence
from typing import Any

import gast

from s2sad import arrived, texts
from s2sad.collecting import uncollected
from s2sad.errors import Location, SourceUnavailable
from s2sad.front.matching import File, FunctionNode, alike, first_line
from s2sad.parsing import parse
from s2sad.quickly import dataclass

_changing = threading.RLock()  # of `_files`
_files: dict[tuple[str, int], File] = {}  # by the identity of the lines, which a file holds
_found: dict[int, Source] = {}  # by the identity of the code
FILES_KEPT, FOUND_KEPT = 64, 1024
PROMPTS = ("<stdin>", "<console>", "<input>")  # what interactive sessions call what is typed
TELL = "or give its text: s2sad.source(f, text)"
SENT = ("make the derivative where the function is written, and send that, for it takes the text along; "
        "or define the function in a module that can be imported here")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Source:
    """The definition of a function: `node` is a gast FunctionDef or Lambda, positions as in the `lines` of `file`."""

    file: str
    node: Any
    code: types.CodeType
    lines: Sequence[str] | None = None

    def location(self, node: Any) -> Location:
        return Location(self.file, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, self.code.co_name, lines=self.lines)


def of_text(text: str, file: str) -> Source:
    """The source of a lambda expression given as text."""
    code = next(c for c in compile(text, file, "eval").co_consts if isinstance(c, types.CodeType))
    return Source(file, gast.ast_to_gast(parse(text, "eval")).body, code)


def extent(location: Location) -> tuple[int, int]:
    """The first and the last line of the statement that a place belongs to; of a loop or a branch those of its head."""
    line, lines = location.line, linecache.getlines(location.file) if location.lines is None else location.lines
    if isinstance(lines, list):
        with contextlib.suppress(SyntaxError):
            file = _file(location.file, lines)
            return (file.around(line) or file.read()).tall.get(line, (line, line))
    return line, line


def find(code: types.CodeType, module_globals: dict[str, Any] | None = None) -> Source:
    """The definition `code` was compiled from. Raises SourceUnavailable when there is none, or another one by now."""
    if id(code) in _found:
        return _found[id(code)]
    name = code.co_filename
    if name.startswith("<frozen ") or name == arrived.LOST:  # a module of Python's own, or of another process, tells its file
        name = (module_globals or {}).get("__file__") or name
    files = list[File]()
    with uncollected():
        here = ((name, lines) for lines in texts.candidates(code, name, module_globals))
        came = arrived.texts(code)
        for named, lines in itertools.chain(here, came):
            files.append(file := _file(named, lines))
            if (node := file.exactly(code)) is not None:
                return _kept(code, file, node)
        for file in files:
            if (node := file.moved(code)) is not None:
                return _kept(code, *_as_typed(code, file, node))
        for file in files[: len(files) - len(came)]:  # a text that came is that of the code as it was compiled there
            if (node := file.rewritten(code)) is not None:
                return _kept(code, file, node)
    raise _refusal(code, File(name, texts.now(name, module_globals)))


def given(code: types.CodeType, text: str) -> bool:
    """Take a text for the one that code was compiled from, if it is, in whichever lines. Raises SyntaxError."""
    lines = text.splitlines(keepends=True)
    file = File(code.co_filename, lines)
    node = file.read().definition(code, alike)
    if node is not None:
        texts.keep(code, (lines,))
        _kept(code, file, node)
    return node is not None


def _as_typed(code: types.CodeType, file: File, node: FunctionNode) -> tuple[File, FunctionNode]:
    """Where code is from a prompt, the lines that were typed at once: those from where the code begins to count."""
    before = first_line(node) - code.co_firstlineno
    if not file.file.startswith("<") or before <= 0:
        return file, node
    return File(file.file, file.lines[before:]), ast.increment_lineno(copy.deepcopy(node), -before)


def _kept(code: types.CodeType, file: File, node: FunctionNode) -> Source:
    if len(_found) >= FOUND_KEPT:
        _found.clear()
    found = _found[id(code)] = Source(file.file, gast.ast_to_gast(node), code, file.lines)  # which holds the code
    return found


def _file(name: str, lines: list[str]) -> File:
    known = _files.get((name, id(lines)))
    if known is None:
        known = File(name, lines)
        with _changing:
            while len(_files) >= FILES_KEPT:
                _files.pop(next(iter(_files)))
            _files[name, id(lines)] = known
    return known


def _refusal(code: types.CodeType, file: File) -> SourceUnavailable:
    """What is said of code that is in no text of a file."""
    name = file.file
    if code.co_filename == arrived.LOST:
        return SourceUnavailable(f"{code.co_name}() came from another process without its text", None, SENT)
    if not file.lines or name.startswith("<"):
        return SourceUnavailable(f"the source of {code.co_name}() is not available", None, _where_there_is_text(name))
    try:
        file.read()
        reason, hint = "has changed since it was compiled", "reload the module, then try again, " + TELL
    except SyntaxError:
        reason, hint = "no longer parses", "reload the module"
    here = Location(name, code.co_firstlineno, function=code.co_name, lines=())
    return SourceUnavailable(f"the source of {code.co_name}() {reason}", here, hint)


def _where_there_is_text(name: str) -> str:
    if name in PROMPTS:
        version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        return f"{version} does not keep what is typed or piped in; define the function in a file, a notebook or a module, {TELL}"
    return f"{name!r} holds no text; define the function in a file, a notebook or a module, {TELL}"
