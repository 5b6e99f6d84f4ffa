"""The user's text that a path went through: the function itself, and the helpers it was followed into."""
from __future__ import annotations

import ast
import linecache
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from s2sad.errors import Location
from s2sad.machine.transforms import innermost
from s2sad.parsing import parse
from s2sad.runtime import asking

Place = tuple[str, int]
"""A file, and the line in it at which a statement of the user's begins."""
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Statement:
    """A statement of the user's: its lines, those of its head where it has a body, and the names that it assigns."""

    first: int
    last: int
    head: int
    stores: tuple[str, ...]
    text: str
    kind: type


@dataclass(frozen=True)
class Block:
    """A definition: its file, its name, its lines from `first` on without what they are all indented by, and its statements."""

    file: str
    name: str
    first: int
    lines: tuple[str, ...]
    statements: tuple[Statement, ...]

    @property
    def title(self) -> str:
        """`model.py:3`, or `In[5]:3` for a cell of a notebook."""
        return Location(self.file, self.first).short

    def beginning(self, line: int) -> int:
        """The line at which the statement begins that a line belongs to; the line itself where it belongs to none."""
        found = [s for s in self.statements if s.first <= line <= s.head]
        return found[-1].first if found else line

    def holds(self, file: str, line: int) -> bool:
        return file == self.file and self.first <= line < self.first + len(self.lines)


def blocks(top: Any, places: Iterable[Location]) -> list[Block]:
    """The definition of a function, and then those that the places are in, each once; what has no text is left out."""
    function = innermost(top)
    code = asking.attribute(asking.attribute(function, "__func__", function), "__code__")
    asked = [] if code is None else [(code.co_filename, code.co_firstlineno, code.co_name)]
    asked += [(p.file, p.line, p.function) for p in places if not p.file.startswith("<rule")]
    found: list[Block] = []
    for file, line, name in dict.fromkeys(asked):
        if not any(b.holds(file, line) for b in found) and (block := _around(file, line, name)) is not None:
            found.append(block)
    return found


def _around(file: str, line: int, name: str) -> Block | None:
    """The definition around a line: of those with the name the innermost, else the statement that stands there."""
    text = linecache.getlines(file)
    if not 1 <= line <= len(text):
        return None
    try:
        tree = parse("".join(text))
    except SyntaxError:
        return Block(file, name, line, (text[line - 1].strip(),), ())
    around = [n for n in ast.walk(tree) if isinstance(n, (ast.stmt, *DEFINITIONS)) and _first(n) <= line <= (n.end_lineno or 0)]
    named = [n for n in around if isinstance(n, DEFINITIONS) and getattr(n, "name", "<lambda>") == name]
    node: Any = (named or around or [None])[-1]
    return None if node is None else _block(file, name, node, text)


def _block(file: str, name: str, node: Any, text: list[str]) -> Block:
    first = _first(node)
    lines = textwrap.dedent("".join(text[first - 1 : node.end_lineno])).splitlines()
    return Block(file, name, first, tuple(line.rstrip() for line in lines), tuple(statements(node)))


def _first(node: Any) -> int:
    first: int = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return first


def statements(tree: Any) -> Iterator[Statement]:
    """The statements of a tree, outer ones first; a lambda is one of its own, which assigns its parameters."""
    if isinstance(tree, ast.Lambda):
        last = tree.end_lineno or tree.lineno
        yield Statement(tree.lineno, last, last, tuple(a.arg for a in parameters(tree.args)), "", ast.Lambda)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = node.end_lineno or node.lineno
            head = max(body[0].lineno - 1, node.lineno) if body else last
            text = "" if body else ast.unparse(node)
            yield Statement(_first(node), last, head, tuple(stored(node)), text, type(node))


def stored(statement: ast.stmt) -> list[str]:
    """The names that a statement assigns, or writes into; of one with a body those of its head."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [a.arg for a in parameters(statement.args)]
    found = dict[str, None]()
    for node in head_nodes(statement):
        if isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            while isinstance(node, (ast.Subscript, ast.Attribute)):
                node = node.value
            if isinstance(node, ast.Name):
                found[node.id] = None
    return list(found)


def loaded(statement: ast.stmt) -> list[str]:
    """The names that a statement reads; of one with a body those of its head."""
    names = [n.id for n in head_nodes(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        names.append(statement.target.id)
    return list(dict.fromkeys(names))


def head_nodes(statement: ast.stmt) -> Iterator[Any]:
    """The nodes of a statement without those of the statements in it."""
    waiting: list[Any] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, (ast.stmt, ast.excepthandler, *DEFINITIONS))]


def parameters(args: ast.arguments) -> list[ast.arg]:
    """All parameters of a definition, in order."""
    rest = [a for a in (args.vararg, args.kwarg) if a is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]
