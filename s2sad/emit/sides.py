"""The sides of branches, and the bodies of loops, that generated code has not taken yet.

A call that takes one for the first time is told of, and one that takes none costs nothing: a mark stands at the beginning of each side
that is new, and is gone once the side was taken. The marks stand in the tree that is compiled; the text does not show them.
"""
from __future__ import annotations

import ast
import threading
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from s2sad.runtime.control import OtherPath

MARK = "__side__"


class _Now(threading.local):
    """The code that runs in this thread and is asked which sides it takes, and the sides it has taken; what the run before has taken."""

    mark: Any = None
    taken: set[int] = set()
    before: tuple[Any, frozenset[int]] = (None, frozenset())


_now = _Now()


class Mark:
    """What stands at the beginning of a new side. Where nobody asks, the call goes another way, on which it is asked."""

    def __call__(self, number: int) -> None:
        if _now.mark is not self:
            raise OtherPath
        _now.taken.add(number)


@dataclass(frozen=True, eq=False)
class Sides:
    """The new sides of a generated function, by number, and the function with marks there."""

    new: frozenset[int]
    run: Any
    mark: Mark

    @contextmanager
    def asked(self) -> Iterator[None]:
        """A run that is asked which new sides it takes."""
        outer = _now.mark, _now.taken
        _now.mark, _now.taken = self.mark, set()
        try:
            yield
        finally:
            _now.before = self.mark, frozenset(_now.taken)
            _now.mark, _now.taken = outer

    @property
    def taken(self) -> frozenset[int]:
        """The new sides that the last run in this thread has taken."""
        mark, taken = _now.before
        return taken if mark is self.mark else frozenset()


def all_sides(source: str, run: Any) -> Sides | None:
    """The sides of a function that was made of this text, all of them new; None if there are none."""
    if not any(word in source for word in ("if ", "for ", "while ", " and ", " or ")):
        return None
    marks, mark = _Marks(None), Mark()
    tree = marks.visit(ast.parse(source))
    return Sides(frozenset(range(marks.count)), _marked(tree, run, mark), mark) if marks.count else None


def without(sides: Sides, taken: frozenset[int], source: str, run: Any) -> Sides | None:
    """The sides that are still new when these were taken; None if there are none. Another thread may be in the code before."""
    new = sides.new - taken
    return Sides(new, _marked(_Marks(new).visit(ast.parse(source)), run, sides.mark), sides.mark) if new else None


def _marked(tree: ast.Module, run: Any, mark: Mark) -> Any:
    """The function that a tree with marks defines, in place of another one without."""
    scope = {**run.__globals__, MARK: mark}
    exec(compile(ast.fix_missing_locations(tree), run.__code__.co_filename, "exec", dont_inherit=True), scope)
    return scope[run.__name__]


class _Marks(ast.NodeTransformer):
    """Puts marks at the beginning of sides, of all or of those that are new."""

    def __init__(self, new: Container[int] | None) -> None:
        self.new, self.count = new, 0

    def marked(self, at: Any) -> ast.expr | None:
        """A call that marks the next side, which stands at a place; None where it was taken."""
        number, self.count = self.count, self.count + 1
        if self.new is not None and number not in self.new:
            return None
        call = ast.Call(ast.Name(MARK, ast.Load()), [ast.Constant(number)], [])
        return ast.copy_location(call, at)

    def block(self, statements: list[Any], at: Any) -> list[Any]:
        call = self.marked(at)
        return statements if call is None else [ast.copy_location(ast.Expr(call), at), *statements]

    def value(self, expression: Any) -> Any:
        """An expression that is evaluated on one side alone."""
        call = self.marked(expression)
        return expression if call is None else ast.copy_location(ast.BoolOp(ast.Or(), [call, expression]), expression)

    def visit_If(self, node: ast.If) -> Any:
        if isinstance(node.body[-1], ast.Raise):  # which leaves the path
            return node
        self.generic_visit(node)
        node.body, node.orelse = self.block(node.body, node.body[0]), self.block(node.orelse, node)
        return node

    def visit_For(self, node: Any) -> Any:
        self.generic_visit(node)
        node.body = self.block(node.body, node.body[0])
        return node

    visit_While = visit_For

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        self.generic_visit(node)
        node.body, node.orelse = self.value(node.body), self.value(node.orelse)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        self.generic_visit(node)
        node.values[1:] = map(self.value, node.values[1:])
        return node
