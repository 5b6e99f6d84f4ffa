"""Finding the source of a function: the syntax tree a code object was compiled from, or a clear refusal.

A name or a line number may lie (several lambdas on one line, a file edited since it was imported), so the text is compiled again and
the code objects are compared; what does not match is not used. The lines of the statement around the code are tried first, for most
files hold much more than the functions that are differentiated.
"""
from __future__ import annotations
import __future__

import ast
import bisect
import contextlib
import functools
import linecache
import threading
import types
from collections.abc import Iterable, Iterator
from typing import Any

import gast

from s2sad.collecting import uncollected
from s2sad.errors import Location, SourceUnavailable, forgive
from s2sad.parsing import parse
from s2sad.quickly import dataclass

FUTURES: int = functools.reduce(lambda flags, name: flags | getattr(__future__, name).compiler_flag, __future__.all_feature_names, 0)
_changing = threading.RLock()  # of `_files`
_files: dict[str, File] = {}
_found: dict[int, Source] = {}  # by the identity of the code
FILES_KEPT, FOUND_KEPT = 64, 1024
STATEMENTS_ALONE = 16  # of a file, after which the whole of it is read
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, eq=False)
class Source:
    """The definition of a function: `node` is a gast FunctionDef or Lambda, positions as in `file`."""

    file: str
    node: Any
    code: types.CodeType

    def location(self, node: Any) -> Location:
        return Location(self.file, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, self.code.co_name)


def of_text(text: str, file: str) -> Source:
    """The source of a lambda expression given as text."""
    code = next(c for c in compile(text, file, "eval").co_consts if isinstance(c, types.CodeType))
    return Source(file, gast.ast_to_gast(parse(text, "eval")).body, code)


class Text:
    """Text of a file, parsed and compiled once for all functions that are looked up in it.

    `imports` are the statements of the file which import: a method of what is imported is called by other instructions.
    """

    def __init__(self, file: str, text: str, imports: Iterable[ast.stmt] = ()) -> None:
        self.file, self.tree = file, parse(text)
        self.module = ast.Module([*imports, *self.tree.body], [])
        self.named: dict[int, list[FunctionNode]] | None = None
        self.lambdas: dict[int, list[FunctionNode]] | None = None
        self.compiled: dict[int, dict[tuple[str, int], list[types.CodeType]]] = {}

    @functools.cached_property
    def tall(self) -> dict[int, tuple[int, int]]:
        """For each line of a statement that stands over several, or of such a head of a loop or a branch: the first and the last."""
        found: dict[int, tuple[int, int]] = {}
        for node in _statements(self.tree):
            head = getattr(node, "test", None) or getattr(node, "iter", None) if hasattr(node, "body") else node
            if isinstance(node, ast.stmt) and head is not None and head.end_lineno > node.lineno:
                found.update(dict.fromkeys(range(node.lineno, head.end_lineno + 1), (node.lineno, head.end_lineno)))
        return found

    def definitions(self, code: types.CodeType) -> list[FunctionNode]:
        """The definitions of functions, or the lambdas, that begin in the first line of the code."""
        if code.co_name == "<lambda>" and self.lambdas is None:
            self.lambdas = _by_line(n for n in ast.walk(self.tree) if isinstance(n, ast.Lambda))
        if code.co_name != "<lambda>" and self.named is None:
            self.named = _by_line(n for n in _statements(self.tree) if isinstance(n, FunctionNode))
        return ((self.lambdas if code.co_name == "<lambda>" else self.named) or {}).get(code.co_firstlineno, [])

    def same(self, code: types.CodeType) -> list[types.CodeType]:
        """The code objects of the text that are the same as this one."""
        flags = code.co_flags & FUTURES
        if flags not in self.compiled:
            by_name: dict[tuple[str, int], list[types.CodeType]] = {}
            for found in _nested(compile(self.module, self.file, "exec", flags, dont_inherit=True)):
                by_name.setdefault((found.co_name, found.co_firstlineno), []).append(found)
            self.compiled[flags] = by_name  # when it is complete: another thread may look
        return [c for c in self.compiled[flags].get((code.co_name, code.co_firstlineno), ()) if _same(c, code)]


def extent(file: str, line: int) -> tuple[int, int]:
    """The first and the last line of the statement that a line of a file belongs to; of a loop or a branch those of its head."""
    lines = linecache.getlines(file)
    with contextlib.suppress(SyntaxError):
        text = _file(file, lines).around(line) or _file(file, lines).read()
        return text.tall.get(line, (line, line))
    return line, line


def _by_line(nodes: Iterable[FunctionNode]) -> dict[int, list[FunctionNode]]:
    found: dict[int, list[FunctionNode]] = {}
    for node in nodes:
        found.setdefault(_first_line(node), []).append(node)
    return found


def _statements(node: Any) -> Iterator[Any]:
    """The statements below a node, those that are around others first."""
    pending = [node]
    for each in pending:  # which grow
        for name in BLOCKS:
            inside = getattr(each, name, ())
            if type(inside) is list:  # a lambda has a body as well
                yield from inside
                pending += inside


class File:
    """A file as it reads now: some of its statements alone, or the whole."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file, self.lines = file, lines
        self.whole: Text | None = None
        self.imports: list[ast.stmt] | None = None
        self.alone: dict[int, Text | None] = {}  # by the first line
        self.starts = [k for k, line in enumerate(lines, 1) if line[0] not in " \t\f\r\n#)]}"]  # where statements seem to begin

    def read(self) -> Text:
        """The whole file."""
        if self.whole is None:
            self.whole = Text(self.file, "".join(self.lines))
        return self.whole

    def around(self, line: int) -> Text | None:
        """The statement that seems to be around a line; None where it is no statement, or the whole file is the better choice."""
        first, last = self.extent(line)
        if first not in self.alone and (self.whole is not None or len(self.alone) >= STATEMENTS_ALONE):
            return None
        if first not in self.alone:
            self.alone[first] = self.read_alone(first, last)
        return self.alone[first]

    def read_alone(self, first: int, last: int) -> Text | None:
        """Some lines that seem to be a statement."""
        with contextlib.suppress(SyntaxError):
            if self.imports is None:
                self.imports = parse("".join(line for start in self.starts for line in self.importing(start))).body
            return Text(self.file, "\n" * (first - 1) + "".join(self.lines[first - 1 : last]), self.imports)
        return None

    def importing(self, line: int) -> list[str]:
        """The lines of the statement that begins in this one, if it is one that imports."""
        return self.lines[line - 1 : self.extent(line)[1]] if self.lines[line - 1].startswith(("import ", "from ")) else []

    def extent(self, line: int) -> tuple[int, int]:
        """The first and the last line of what seems to be the statement around a line; decorators belong to what follows."""
        k = bisect.bisect_right(self.starts, line)
        first = self.starts[k - 1] if k else 1
        while 0 < k < len(self.starts) and self.lines[self.starts[k - 1] - 1][0] == "@":
            k += 1
        return first, self.starts[k] - 1 if k < len(self.starts) else len(self.lines)


def find(code: types.CodeType, module_globals: dict[str, Any] | None = None) -> Source:
    """The definition `code` was compiled from. Raises SourceUnavailable when there is none, or another one by now.

    The text is the one that was read first, which is that of code from before an edit; where it is not, the file is read once more.
    """
    if id(code) in _found:
        return _found[id(code)]
    file = code.co_filename
    if file.startswith("<frozen "):  # the standard library holds some of its modules compiled; their files are there all the same
        file = (module_globals or {}).get("__file__") or file
    lines = linecache.getlines(file, module_globals)
    try:
        found = _find_in(file, lines, code)
    except SourceUnavailable as error:
        linecache.checkcache(file)
        fresh = linecache.getlines(file, module_globals)
        if fresh == lines:
            raise
        found = _find_in(file, fresh, code)
        forgive(error)
    if len(_found) >= FOUND_KEPT:
        _found.clear()
    _found[id(code)] = found  # which holds the code
    return found


def _find_in(file: str, lines: list[str], code: types.CodeType) -> Source:
    if not lines:
        raise _nowhere(code)
    try:
        with uncollected():
            return _find(code, _file(file, lines))
    except SyntaxError:
        here = Location(file, code.co_firstlineno, function=code.co_name)
        raise SourceUnavailable(f"the source of {code.co_name}() no longer parses", here, "reload the module") from None


def _file(file: str, lines: list[str]) -> File:
    known = _files.get(file)
    if known is None or not (known.lines is lines or known.lines == lines):
        known = File(file, lines)
        with _changing:
            _files.pop(file, None)
            if len(_files) >= FILES_KEPT:
                _files.pop(next(iter(_files)))
            _files[file] = known
    return known


def _find(code: types.CodeType, file: File) -> Source:
    alone = file.around(code.co_firstlineno)
    node = alone and _matching(code, alone, alone.same(code))
    if node is None:
        whole = file.read()
        node = _matching(code, whole, whole.same(code) or _in_statement(whole.tree, code)) or _named(code, whole)
    if node is not None:
        return Source(file.file, gast.ast_to_gast(node), code)
    if file.file == "<string>":  # what `exec` names text that it does not keep; from Python 3.13 on the name leads to that of `python -c`
        raise _nowhere(code)
    here = Location(file.file, code.co_firstlineno, function=code.co_name)
    raise SourceUnavailable(
        f"the source of {code.co_name}() has changed since it was compiled", here, "reload the module, then try again")


def _matching(code: types.CodeType, text: Text, same: list[types.CodeType]) -> FunctionNode | None:
    """The definition that one of these code objects was compiled from, which are the same as the code."""
    nodes = text.definitions(code)
    return next((node for found in same if (node := _covering(nodes, found)) is not None), None)


def _named(code: types.CodeType, text: Text) -> FunctionNode | None:
    """The definition with the name of code that pytest has rewritten, if there is one in this line."""
    if not _rewritten(code):
        return None
    named = [n for n in text.definitions(code) if getattr(n, "name", "<lambda>") == code.co_name]
    return named[0] if len(named) == 1 else None


def _nowhere(code: types.CodeType) -> SourceUnavailable:
    return SourceUnavailable(
        f"the source of {code.co_name}() is not available", None,
        f"{code.co_filename!r} holds no text; define the function in a file, a notebook or a module")  # fmt: skip


def _in_statement(tree: ast.Module, code: types.CodeType) -> list[types.CodeType]:
    """Matches in the statement around the code, compiled on its own, as notebooks compile their cells."""
    flags = code.co_flags & FUTURES
    for statement in tree.body:
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
        if first <= code.co_firstlineno <= (statement.end_lineno or statement.lineno):
            alone = compile(ast.Module([statement], []), code.co_filename, "exec", flags, dont_inherit=True)
            return [found for found in _nested(alone) if _same(found, code)]
    return []


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _nested(constant)


def _same(one: types.CodeType, other: types.CodeType) -> bool:
    return one == other and one.co_firstlineno == other.co_firstlineno and one.co_linetable == other.co_linetable


def _rewritten(code: types.CodeType) -> bool:
    """Whether pytest rewrote the asserts of this function, so that its code differs from its source on purpose."""
    names = {*code.co_names, *code.co_varnames}
    return any(n.startswith(("@py_assert", "@pytest_ar", "@py_format")) for n in names) or any(
        _rewritten(c) for c in code.co_consts if isinstance(c, types.CodeType)
    )


def _first_line(node: FunctionNode) -> int:
    decorators = getattr(node, "decorator_list", [])
    return int(min([node.lineno, *(d.lineno for d in decorators)]))


def _covering(nodes: list[FunctionNode], code: types.CodeType) -> FunctionNode | None:
    """The innermost definition of the code's name; of lambdas one whose body holds every position of the code."""
    if code.co_name != "<lambda>":
        return next((n for n in reversed(nodes) if getattr(n, "name", "") == code.co_name), None)
    spans = [(a, c, b, d) for a, b, c, d in code.co_positions() if None not in (a, b, c, d)]
    telling = [s for s in spans if s[:2] != (code.co_firstlineno, 0) or s[2] != s[0] or s[3] != 0]
    lambdas: Any = reversed(nodes)
    return next((n for n in lambdas if (_holds(n.body, telling) if telling else _gives_the_same(n, code))), None)


def _holds(body: ast.expr, spans: list[tuple[Any, ...]]) -> bool:
    first, last = (body.lineno, body.col_offset), (body.end_lineno, body.end_col_offset)
    return all(first <= (a, c) and (b, d) <= last for a, c, b, d in spans)


def _gives_the_same(node: ast.Lambda, code: types.CodeType) -> bool:
    """Whether a lambda of a constant, whose code says no place on Python 3.12, was compiled from this text or one like it."""
    whole = compile(ast.Expression(node), code.co_filename, "eval", code.co_flags & FUTURES, dont_inherit=True)
    alone = next(c for c in whole.co_consts if isinstance(c, types.CodeType))
    return (alone.co_code, alone.co_varnames, repr(alone.co_consts)) == (code.co_code, code.co_varnames, repr(code.co_consts))
