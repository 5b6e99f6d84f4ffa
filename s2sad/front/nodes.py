"""Syntax nodes: the few that lowered code is made of, and how one tree is made from another."""
from __future__ import annotations

import ast
import functools
from collections.abc import Hashable, Iterable
from typing import Any

import gast

from s2sad.runtime.notices import MACHINE

UNIT = "__unit__"
NAMES = "__names__"  # under which the variables of a function that is walked are among themselves
"""The name lowered code knows its unit by."""

LOAD, STORE, DELETE = ast.Load(), ast.Store(), ast.Del()
WORDS = frozenset({"ctx", "op", "ops", "type_comment", "kind"})
"""The fields in which no node has parts."""
FAR = 9999  # a column beyond the end of any line


def load(name: str) -> Any:
    return ast.Name(name, LOAD)


def store(name: str) -> Any:
    return ast.Name(name, STORE)


def constant(value: Any) -> Any:
    return ast.Constant(value, None)


def ask(question: str, *args: Any, keywords: Iterable[Any] = ()) -> Any:
    """A call of a method of the machine."""
    return ast.Call(ast.Attribute(load(MACHINE), question, LOAD), list(args), list(keywords))


def thunk(expression: Any) -> Any:
    """A function without arguments that gives the value of an expression."""
    return ast.Lambda(ast.arguments([], [], None, [], [], None, []), expression)


def definition(name: str, args: Any, body: list[Any], decorators: list[Any]) -> Any:
    """A function without annotations."""
    return ast.FunctionDef(name, args, body, decorators, None, None)


def parameters(args: Any, defaults: list[Any] | None = None, keywords: list[Any] | None = None) -> Any:
    """Parameters without annotations, and with the defaults that are given."""

    def one(parameter: Any) -> Any:
        return None if parameter is None else ast.copy_location(ast.arg(parameter.id, None, None), parameter)

    positional, plain, named = ([one(p) for p in several] for several in (args.posonlyargs, args.args, args.kwonlyargs))
    return ast.arguments(positional, plain, one(args.vararg), named, keywords or [None] * len(named), one(args.kwarg), defaults or [])


def let_through(node: Any) -> Any:
    """A `try` with a first handler, by which a walk that is given up passes the user's by."""
    way = ast.ExceptHandler(ast.Attribute(load(MACHINE), "given_up", LOAD), None, [ast.Raise(None, None)])
    return ast.Try(node.body, [way, *node.handlers], node.orelse, node.finalbody) if node.handlers else node


@functools.cache
def _fields(kind: Hashable) -> tuple[str, ...]:
    return tuple(name for name in kind._fields if name not in WORDS)  # type: ignore[attr-defined]


def children(node: Any) -> list[Any]:
    """The nodes directly below a node, in order."""
    found: list[Any] = []
    for name in _fields(type(node)):  # type: ignore[arg-type]
        value = getattr(node, name, None)
        if type(value) is list:
            found += [v for v in value if isinstance(v, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def locate(new: Any, old: Any) -> Any:
    """Give the nodes of `new` that have no place yet the place of the old node; of one over several lines, the first is the one to show."""
    if "lineno" not in old.__dict__:
        return new
    one_line = old.end_lineno == old.lineno
    place = {"lineno": old.lineno, "col_offset": old.col_offset, "end_lineno": old.lineno,
             "end_col_offset": old.end_col_offset if one_line else FAR}  # fmt: skip
    pending = [new]
    for node in pending:  # which grow
        if "lineno" not in node.__dict__:
            node.__dict__.update(place)
            pending += children(node)
    return new


class Rewriter(ast.NodeVisitor):
    """Makes a tree of `ast` from one of `gast`, which stays as it is. A visit gives a node or a list of statements."""

    def visit(self, node: Any) -> Any:
        new = super().visit(node)
        for part in new if isinstance(new, list) else [new]:
            locate(part, node)
        return new

    def generic_visit(self, node: Any) -> Any:
        """A node that means the same whatever its parts mean."""
        kind = getattr(ast, type(node).__name__)
        parts = {name: self.part(getattr(node, name)) for name in kind._fields}
        return ast.copy_location(kind(**parts), node)

    def part(self, value: Any) -> Any:
        if isinstance(value, list):
            return self.block(value)
        return self.visit(value) if isinstance(value, ast.AST) else value

    def block(self, nodes: list[Any]) -> list[Any]:
        lowered: list[Any] = []
        for node in nodes:
            new = self.part(node)
            lowered.extend(new if isinstance(new, list) else [new])
        return lowered


def plain_target(target: Any) -> bool:
    """Whether a target holds names alone."""
    return all(isinstance(n, (gast.Name, gast.Tuple, gast.List, gast.Starred, gast.Store)) for n in gast.walk(target))


def behind_items(targets: list[Any]) -> list[bool]:
    """For each of several targets whether an item or an attribute comes before it, which is assigned first and may read the names."""
    first = next((k for k, target in enumerate(targets) if not plain_target(target)), len(targets))
    return [k > first for k in range(len(targets))]


def hint(target: Any) -> Any:
    """The names of a target in its own shape: a string, a tuple of hints, or None."""
    match target:
        case gast.Name(id=name):
            return name
        case gast.Tuple() | gast.List():
            return tuple(hint(e) for e in target.elts)
        case _:
            return None
