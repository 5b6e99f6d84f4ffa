"""Counts of generated code: lines, names that say nothing, what is saved.

They compare what is generated with what a person would have written (`tests/adjoints`) and with the function itself (`golden/counts.txt`).
"""

from __future__ import annotations

import ast
import functools
import inspect
import pathlib
import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

COMMENT = re.compile(r"# (?:adjoint of )?([\w.]+\.py):(\d+)  ?")
WITHOUT_A_NAME = re.compile(r"t\d+(_\d+)?$")
SAVED = re.compile(r"\w*_saved(_\d+)?$")


def lines_of_code(text: str) -> int:
    """The lines that are neither empty, nor a comment, nor part of a docstring."""
    tree = ast.parse(text)
    documented = [n.body[0] for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.Module)) and ast.get_docstring(n)]
    skipped = {k for d in documented for k in range(d.lineno, (d.end_lineno or d.lineno) + 1)}
    return sum(bool(line.strip()) and not line.lstrip().startswith("#") and k not in skipped
               for k, line in enumerate(text.splitlines(), 1))  # fmt: skip


def assigned_names(text: str) -> set[str]:
    """The names that a text assigns, loop variables among them."""
    return {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def nameless(text: str) -> set[str]:
    """The assigned names that say nothing of what they hold."""
    return {name for name in assigned_names(text) if WITHOUT_A_NAME.match(name)}


# The lines of a function


def lines_of_function(function: Callable[..., Any], generated: str) -> int:
    """The lines of a function and of its helpers: of all functions whose lines stand as comments in the generated code."""
    found = {(place, first): lines for place, first, lines in _followed(function, generated)}
    own = inspect.getsourcefile(function), function.__code__.co_firstlineno
    if not any(place == own[0] for place, _ in found):
        found[own] = lines_of_code(textwrap.dedent(inspect.getsource(function)))
    return sum(found.values())


def _followed(function: Callable[..., Any], generated: str) -> Iterable[tuple[str, int, int]]:
    touched = {(name, int(number)) for name, number in COMMENT.findall(generated)}
    touched.add((pathlib.Path(function.__code__.co_filename).name, function.__code__.co_firstlineno))
    for name, number in touched:
        place = _file(name, function)
        for first, last, text in _functions(place):
            if first <= number <= last:
                yield place, first, lines_of_code(text)


def _file(name: str, function: Callable[..., Any]) -> str:
    own = function.__code__.co_filename
    if pathlib.Path(own).name == name:
        return own
    return next(file for m in list(sys.modules.values()) if (file := getattr(m, "__file__", None)) and pathlib.Path(file).name == name)


@functools.cache
def _functions(place: str) -> list[tuple[int, int, str]]:
    """The outermost functions and methods of a file: the first line, the last one, and the text without decorators."""
    lines = pathlib.Path(place).read_text(encoding="utf-8").splitlines()
    found: list[tuple[int, int, str]] = []

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef):
                assert child.end_lineno is not None
                first = min([child.lineno, *(d.lineno for d in child.decorator_list)])
                found.append((first, child.end_lineno, textwrap.dedent("\n".join(lines[child.lineno - 1 : child.end_lineno]))))
            else:
                visit(child)

    visit(ast.parse("\n".join(lines)))
    return found


# What is saved


def saved_values(function: Callable[..., Any], args: tuple[Any, ...]) -> dict[str, int]:
    """How many numbers each `..._saved` of a function holds when it returns."""
    held: dict[str, int] = {}

    def watch(frame: Any, event: str, result: Any) -> Any:
        if frame.f_code is not function.__code__:
            return None
        frame.f_trace_lines = False
        if event == "return":
            held.update({name: numbers_in(value) for name, value in frame.f_locals.items() if SAVED.match(name)})
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        function(*args)
    finally:
        sys.settrace(before)
    return held


def numbers_in(value: Any) -> int:
    """The numbers in nested lists and arrays."""
    if isinstance(value, list):
        return sum(map(numbers_in, value))
    return int(np.size(value))
