"""Where exported code came from: the definitions it was made of, each with the hash of its source text."""
from __future__ import annotations

import ast
import hashlib
import linecache
import os
import sysconfig
import textwrap
import tokenize
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2sad import cells
from s2sad.front import lookup
from s2sad.ir.program import Function, Guard, everything
from s2sad.parsing import parse
from s2sad.runtime import asking

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STDLIB = tuple(os.path.abspath(p) for p in {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")})
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Origin:
    """A definition: its file, its qualified name there, and the sha256 of its text with decorators, dedented."""

    file: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Found:
    """A definition in a file: its qualified name, its lines, its text."""

    name: str
    first: int
    last: int
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def definitions(text: str) -> list[Found]:
    """Every function, method and lambda of a source text, outer ones before inner ones. Raises SyntaxError."""
    return list(_definitions(parse(text), text, ""))


def _definitions(node: ast.AST, text: str, prefix: str) -> Iterator[Found]:
    for child in ast.iter_child_nodes(node):
        inner = prefix
        if isinstance(child, Definition):
            name = prefix + getattr(child, "name", "<lambda>")
            first = min([child.lineno, *(d.lineno for d in getattr(child, "decorator_list", []))])
            yield Found(name, first, child.end_lineno or first, _text_of(child, first, text))
            inner = f"{name}.<locals>."
        elif isinstance(child, ast.ClassDef):
            inner = f"{prefix}{child.name}."
        yield from _definitions(child, text, inner)


def _text_of(node: Definition, first: int, text: str) -> str:
    if isinstance(node, ast.Lambda):
        return ast.get_source_segment(text, node) or ""
    lines = text.splitlines()[first - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(line.rstrip() for line in lines))


def origins(function: Function, top: Callable[..., Any], called: list[types.FunctionType]) -> list[Origin]:
    """The definitions a function was made of: `top`, helpers it went through, functions it calls by rule.

    A definition inside another one that is listed is not listed by itself. Functions of the standard library, of
    NumPy and of s2sad are left out: the version of s2sad stands for them.
    """
    found: dict[tuple[str, Found], None] = {}
    codes = [code for code in [_code_of(top), *_guarded(function), *(f.__code__ for f in called)] if code is not None]
    for code in codes:
        if _is_users(code.co_filename) and (definition := _defining(code)) is not None:
            found[code.co_filename, definition] = None
    places = [s.location for s in everything(function.statements) if s.location is not None]
    for file, line, name in dict.fromkeys((p.file, p.line, p.function) for p in places):
        if _is_users(file) and (definition := _around(file, line, name)) is not None:
            found[file, definition] = None
    outermost = [(f, d) for f, d in found if not any(f == g and _inside(d, e) for g, e in found)]
    return [Origin(f, d.name, d.sha256) for f, d in outermost]


def _code_of(value: Any) -> types.CodeType | None:
    value = asking.attribute(value, "__func__", value)
    if not isinstance(value, types.FunctionType):
        value = type(value).__call__ if callable(value) else None
    code: types.CodeType | None = asking.attribute(value, "__code__")
    return code


def _guarded(function: Function) -> list[types.CodeType | None]:
    values = [s.value for s in everything(function.statements) if isinstance(s, Guard) and s.kind == "is"]
    return [_code_of(v) for v in values if isinstance(v, (types.FunctionType, types.MethodType))]


def _is_users(file: str) -> bool:
    path = os.path.abspath(file)
    if file.startswith("<rule") or path.startswith(HERE + os.sep) or f"{os.sep}numpy{os.sep}" in path:
        return False
    return "site-packages" in path or not path.startswith(STDLIB)


def _text(file: str) -> list[Found]:
    try:
        return definitions("".join(linecache.getlines(file)))
    except SyntaxError:
        return []


def _defining(code: types.CodeType) -> Found | None:
    matches = [d for d in _text(code.co_filename) if d.name == code.co_qualname and d.first == code.co_firstlineno]
    if len(matches) > 1:  # several lambdas on one line
        node = lookup.find(code).node
        text = "".join(linecache.getlines(code.co_filename))
        matches = [d for d in matches if d.text == ast.get_source_segment(text, node)]
    return matches[0] if matches else None


def _around(file: str, line: int, name: str) -> Found | None:
    inside = [d for d in _text(file) if d.first <= line <= d.last and d.name.rpartition(".")[2] == name]
    return inside[-1] if inside else None


def _inside(inner: Found, outer: Found) -> bool:
    below = inner.name.startswith(f"{outer.name}.<locals>.")
    return inner != outer and below and outer.first <= inner.first <= outer.last


# The header of an exported module

MARK = "# Exported by s2sad "
SOURCE = "# source "


def source_lines(found: list[Origin], base: str | Path) -> list[str]:
    """One line of the header for each definition; files are named relative to `base`, the folder of the module."""
    return [f"{SOURCE}{_relative(o.file, Path(base))}:{o.name} sha256:{o.sha256}" for o in found]


def _relative(file: str, base: Path) -> str:
    if not os.path.exists(file):
        return cells.cell(file) or file
    path = os.path.abspath(file)
    try:
        near = os.path.commonpath([path, os.path.abspath(base)])
    except ValueError:  # another drive
        return path
    return path if near == os.path.dirname(near) else Path(os.path.relpath(path, base)).as_posix()


def verify(path: str | Path) -> tuple[bool, str]:
    """Whether the sources that an exported module was made from are still the same, and the reason if not.

    Only text is read, nothing is imported. Values that the function read from outside are parameters of the module and
    are not compared. Raises OSError if the module cannot be read, ValueError if s2sad did not export it.
    """
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    if not any(line.startswith(MARK) for line in lines):
        raise ValueError(f"{path} was not exported by s2sad")
    entries = [line.removeprefix(SOURCE) for line in lines if line.startswith(SOURCE)]
    if not entries:
        raise ValueError(f"{path} does not name its source")
    problems = [reason for reason in (_stale(entry, Path(path).parent) for entry in entries) if reason]
    if problems:
        return False, "; ".join(problems)
    return True, f"matches {', '.join(entry.rpartition(' sha256:')[0] for entry in entries)}"


def _read(path: Path) -> str:
    with tokenize.open(path) as file:
        return file.read()


def _stale(entry: str, base: Path) -> str:
    place, _, recorded = entry.rpartition(" sha256:")
    file, _, name = place.rpartition(":")
    if cells.NAMED.fullmatch(file):
        return f"{name} was defined in a cell of a notebook, {file}, which is not there to be compared"
    try:
        found = [d for d in definitions(_read(base / file)) if d.name == name]
    except OSError:
        return f"{file} is not there any more"
    except (SyntaxError, UnicodeDecodeError):
        return f"{file} is no Python source any more"
    if not found:
        return f"{file} does not define {name} any more"
    return "" if any(d.sha256 == recorded for d in found) else f"{name} in {file} has changed"
