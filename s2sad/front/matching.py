"""Definitions in a text by their code: the text is compiled again, and the code objects are compared.

A name or a line number may lie (several lambdas on one line, a file edited since it was imported); what does not match is not used.
"""
from __future__ import annotations
import __future__

import ast
import bisect
import contextlib
import enum
import functools
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from s2sad.front import asserts
from s2sad.parsing import parse
from s2sad.runtime.notices import ignoring

FUTURES: int = functools.reduce(lambda flags, name: flags | getattr(__future__, name).compiler_flag, __future__.all_feature_names, 0)
STATEMENTS_ALONE = 16  # of a file, after which the whole of it is read
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Same = Callable[[types.CodeType, types.CodeType], bool]


class Way(enum.Enum):
    """How a text is compiled: as it stands, each statement alone as notebooks do, its asserts rewritten by pytest, inside a function."""

    WHOLE, ALONE, REWRITTEN, INSIDE = range(4)


class Text:
    """Text of a file, parsed and compiled once for all functions that are looked up in it.

    `imports` are the statements of the file which import: a method of what is imported is called by other instructions.
    """

    def __init__(self, file: str, text: str, imports: Iterable[ast.stmt] = ()) -> None:
        self.file, self.text, self.tree, self.imports = file, text, parse(text), [*imports]
        self.named: dict[int, list[FunctionNode]] | None = None
        self.lambdas: dict[int, list[FunctionNode]] | None = None
        self.compiled: dict[Any, dict[str, list[types.CodeType]]] = {}

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

    def definition(self, code: types.CodeType, same: Same, ways: Iterable[Way] = Way) -> FunctionNode | None:
        """The definition of code that is the same as this one, in whichever of these ways the text is compiled."""
        found = (each for way in ways for each in self.codes(code, way) if same(each, code))
        return next((node for each in found if (node := _covering(self.definitions(each), each)) is not None), None)

    def codes(self, code: types.CodeType, way: Way) -> list[types.CodeType]:
        """The code objects of this name, where the text is compiled so."""
        flags = code.co_flags & FUTURES
        key = flags, way, code.co_freevars if way is Way.INSIDE else ()
        if key not in self.compiled:
            by_name: dict[str, list[types.CodeType]] = {}
            for module in self.modules(code, way):
                for found in _compiled(module, self.file, flags):
                    by_name.setdefault(found.co_name, []).append(found)
            self.compiled[key] = by_name  # when it is complete: another thread may look
        return self.compiled[key].get(code.co_name, [])

    def modules(self, code: types.CodeType, way: Way) -> Iterator[ast.Module]:
        """What is compiled to find code."""
        if way is Way.WHOLE:
            yield ast.Module([*self.imports, *self.tree.body], [])
        elif way is Way.ALONE:
            yield from (ast.Module([statement], []) for statement in self.tree.body)
        elif way is Way.INSIDE:
            yield _inside(self.tree.body, code.co_freevars)
        elif asserts.holds(code) and (rewritten := asserts.rewritten(self.file, self.text)) is not None:
            yield rewritten


class File:
    """A file as it reads now, or once did: some of its statements alone, or the whole."""

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

    def exactly(self, code: types.CodeType) -> FunctionNode | None:
        """The definition of the code where it says that it stands."""
        alone = self.around(code.co_firstlineno)
        found = alone.definition(code, exactly, [Way.WHOLE]) if alone is not None else None
        with contextlib.suppress(SyntaxError):
            return found or self.read().definition(code, exactly)
        return None

    def moved(self, code: types.CodeType) -> FunctionNode | None:
        """The definition of the code in other lines than those that it knows."""
        with contextlib.suppress(SyntaxError):
            if (found := self.read().definition(code, moved)) is not None:
                return found
        return next((node for text in self.pieces(code.co_name) if (node := text.definition(code, moved)) is not None), None)

    def rewritten(self, code: types.CodeType) -> FunctionNode | None:
        """The definition of code that was compiled from another spelling of it: IPython's autoreload compiles what `ast.unparse` makes."""
        with contextlib.suppress(SyntaxError):
            return self.read().definition(code, alike)
        return None

    def pieces(self, name: str) -> Iterator[Text]:
        """What seem to be statements with a definition of this name, the last first."""
        word = "lambda" if name == "<lambda>" else name
        for first in reversed(self.starts):
            last = self.extent(first)[1]
            if any(word in line for line in self.lines[first - 1 : last]) and (text := self.read_alone(first, last)) is not None:
                yield text

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


# Code that is the same


def exactly(one: types.CodeType, other: types.CodeType) -> bool:
    return one == other and one.co_firstlineno == other.co_firstlineno and one.co_linetable == other.co_linetable


def moved(one: types.CodeType, other: types.CodeType) -> bool:
    """Whether code is the same but for the line in which it begins."""
    return exactly(_further_down(one, other.co_firstlineno - one.co_firstlineno), other)


def alike(one: types.CodeType, other: types.CodeType) -> bool:
    """Whether code does the same, wherever it stands."""
    return _without_places(one) == _without_places(other)


def _further_down(code: types.CodeType, lines: int) -> types.CodeType:
    inner = tuple(_further_down(c, lines) if isinstance(c, types.CodeType) else c for c in code.co_consts)
    return code.replace(co_firstlineno=max(code.co_firstlineno + lines, 0), co_consts=inner)


def _without_places(code: types.CodeType) -> types.CodeType:
    inner = tuple(_without_places(c) if isinstance(c, types.CodeType) else c for c in code.co_consts)
    return code.replace(co_firstlineno=1, co_linetable=b"", co_consts=inner)


def _compiled(module: ast.Module, file: str, flags: int) -> list[types.CodeType]:
    """The code of all functions of a module; none where it does not stand for itself, as a statement that returns."""
    try:
        with ignoring(SyntaxWarning):
            return [*_nested(compile(module, file, "exec", flags, dont_inherit=True))]
    except (SyntaxError, ValueError):
        return []


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _nested(constant)


def _inside(statements: list[ast.stmt], free: tuple[str, ...]) -> ast.Module:
    """The statements inside a function which binds these names as well."""
    bound: list[Any] = [ast.Assign([ast.Name(name, ast.Store()) for name in free], ast.Constant(None))] if free else []
    around = parse("def around(): pass").body[0]
    around.body = [*bound, *statements, *around.body]
    return ast.fix_missing_locations(ast.Module([around], []))


# Definitions in a tree


def _by_line(nodes: Iterable[FunctionNode]) -> dict[int, list[FunctionNode]]:
    found: dict[int, list[FunctionNode]] = {}
    for node in nodes:
        found.setdefault(first_line(node), []).append(node)
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


def first_line(node: Any) -> int:
    """The line in which a definition begins, with its decorators."""
    return int(min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]))


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
