"""Finding the source of a function: the syntax tree a code object was compiled from, or a clear refusal.

A name or a line number may lie (several lambdas on one line, a file edited since it was imported), so the text is compiled again and
the code objects are compared; what does not match is not used.
"""
from __future__ import annotations
import __future__

import ast
import functools
import linecache
import threading
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gast

from s2sad.errors import Location, SourceUnavailable

FUTURES: int = functools.reduce(lambda flags, name: flags | getattr(__future__, name).compiler_flag, __future__.all_feature_names, 0)
_parsing = threading.RLock()
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, eq=False)
class Source:
    """The definition of a function: `node` is a gast FunctionDef or Lambda, positions as in `file`."""

    file: str
    node: Any
    code: types.CodeType

    def location(self, node: Any) -> Location:
        return Location(self.file, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, self.code.co_name)


def parse(text: str, mode: str = "exec") -> Any:
    """`ast.parse`, one thread at a time: CPython counts the depth of a tree it builds in one place for all threads."""
    with _parsing:
        return ast.parse(text, mode=mode)


def of_text(text: str, file: str) -> Source:
    """The source of a lambda expression given as text."""
    code = next(c for c in compile(text, file, "eval").co_consts if isinstance(c, types.CodeType))
    return Source(file, gast.ast_to_gast(parse(text, "eval")).body, code)


def find(code: types.CodeType, module_globals: dict[str, Any] | None = None) -> Source:
    """The definition `code` was compiled from. Raises SourceUnavailable when there is none, or another one by now."""
    return _find(code, code.co_filename, "".join(linecache.getlines(code.co_filename, module_globals)))


@functools.lru_cache(maxsize=1024)
def _find(code: types.CodeType, file: str, text: str) -> Source:
    here = Location(code.co_filename, code.co_firstlineno, function=code.co_name)
    if not text:
        raise _nowhere(code)
    try:
        tree = parse(text)
        whole = compile(tree, code.co_filename, "exec", code.co_flags & FUTURES, dont_inherit=True)
    except SyntaxError:
        raise SourceUnavailable(f"the source of {code.co_name}() no longer parses", here, "reload the module") from None
    matches = [found for found in _nested(whole) if _same(found, code)] or _in_statement(tree, code)
    nodes = [n for n in ast.walk(tree) if isinstance(n, FunctionNode) and _first_line(n) == code.co_firstlineno]
    for found in matches:
        node = _covering(nodes, found)
        if node is not None:
            return Source(code.co_filename, gast.ast_to_gast(node), code)
    if _rewritten(code):
        named = [n for n in nodes if getattr(n, "name", "<lambda>") == code.co_name]
        if len(named) == 1:
            return Source(code.co_filename, gast.ast_to_gast(named[0]), code)
    if file == "<string>":  # what `exec` names text that it does not keep; from Python 3.13 on the name leads to that of `python -c`
        raise _nowhere(code)
    raise SourceUnavailable(
        f"the source of {code.co_name}() has changed since it was compiled", here, "reload the module, then try again")


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
    return one == other and list(one.co_positions()) == list(other.co_positions())


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
    """The innermost definition whose body holds every position of the code; definitions match by name as well."""
    spans = [(a, c, b, d) for a, b, c, d in code.co_positions() if None not in (a, b, c, d)]
    telling = [s for s in spans if s[:2] != (code.co_firstlineno, 0) or s[2] != s[0] or s[3] != 0]
    best = None
    for node in nodes:
        if not isinstance(node, ast.Lambda):
            inside = node.name == code.co_name
        elif code.co_name != "<lambda>":
            inside = False
        elif telling:
            body = node.body
            first, last = (body.lineno, body.col_offset), (body.end_lineno, body.end_col_offset)
            inside = all(first <= (a, c) and (b, d) <= last for a, c, b, d in telling)
        else:
            inside = _gives_the_same(node, code)
        if inside:
            best = node
    return best


def _gives_the_same(node: ast.Lambda, code: types.CodeType) -> bool:
    """Whether a lambda of a constant, whose code says no place on Python 3.12, was compiled from this text or one like it."""
    whole = compile(ast.Expression(node), code.co_filename, "eval", code.co_flags & FUTURES, dont_inherit=True)
    alone = next(c for c in whole.co_consts if isinstance(c, types.CodeType))
    return (alone.co_code, alone.co_varnames, repr(alone.co_consts)) == (code.co_code, code.co_varnames, repr(code.co_consts))
