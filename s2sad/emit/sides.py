"""The sides of branches, and the bodies of loops, that generated code has not taken yet.

A call that takes one for the first time is told of, and one that takes none costs nothing: a mark stands at the beginning of each side
that is new, and is gone once the side was taken. A loop that runs a million times marks once: the body of a `for` where the loop is
entered, other sides where a local variable says that this call has not been there yet. The marks stand in the tree that is compiled; the
text does not show them.
"""
from __future__ import annotations

import ast
import functools
import itertools
import threading
import types
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from s2sad.parsing import parse
from s2sad.quickly import dataclass
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

    def over(self, number: int, steps: Iterable[Any]) -> Iterable[Any]:
        """What a loop runs over, whose body is a new side: it is taken if there is a first step."""
        if type(steps) is range:
            if steps:
                self(number)
            return steps
        steps = iter(steps)
        for first in steps:
            self(number)
            return itertools.chain((first,), steps)
        return ()


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

    def of(self, namespace: dict[str, Any]) -> Sides:
        """Those of the same code that speaks of other objects."""
        scope = {**namespace, MARK: (mark := Mark())}
        run = scope[self.run.__name__] = types.FunctionType(self.run.__code__, scope, self.run.__name__)
        return Sides(self.new, run, mark)

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
    tree = marks.visit(parse(source))
    return Sides(frozenset(range(marks.count)), _marked(_code(tree, run.__code__.co_filename), run, mark), mark) if marks.count else None


def without(sides: Sides, taken: frozenset[int], source: str, run: Any) -> Sides | None:
    """The sides that are still new when these were taken; None if there are none. Another thread may be in the code before."""
    new = sides.new - taken
    return Sides(new, _marked(_with_marks(source, new, run.__code__.co_filename), run, sides.mark), sides.mark) if new else None


@functools.lru_cache(maxsize=64)
def _with_marks(source: str, new: frozenset[int], file: str) -> types.CodeType:
    """The code of a module with marks at some sides; that of paths which are one for many functions is the same for all of them."""
    return _code(_Marks(new).visit(parse(source)), file)


def _code(tree: ast.Module, file: str) -> types.CodeType:
    code: types.CodeType = compile(tree, file, "exec", dont_inherit=True)
    return code


def _marked(code: types.CodeType, run: Any, mark: Mark) -> Any:
    """The function that code with marks defines, in place of another one without."""
    scope = {**run.__globals__, MARK: mark}
    exec(code, scope)
    return scope[run.__name__]


class _Marks(ast.NodeTransformer):
    """Puts marks at the beginning of sides, of all or of those that are new."""

    def __init__(self, new: Container[int] | None) -> None:
        self.new, self.count = new, 0
        self.flags: list[str] | None = None  # of the function whose own statements are visited; None where it has none of its own

    def number(self) -> int | None:
        """The number of the next side; None where it was taken."""
        number, self.count = self.count, self.count + 1
        return number if self.new is None or number in self.new else None

    def marked(self) -> ast.expr | None:
        """An expression that marks the next side, if this call has not done so, and is not true."""
        number = self.number()
        if number is None:
            return None
        call = ast.Call(_name(MARK), [ast.Constant(number)], [])
        if self.flags is None:
            return call
        self.flags.append(flag := f"__new_{number}__")
        return ast.BoolOp(ast.And(), [_name(flag), ast.NamedExpr(ast.Name(flag, ast.Store()), call)])

    def block(self, statements: list[Any], at: Any) -> list[Any]:
        mark = self.marked()
        return statements if mark is None else [_placed(ast.Expr(mark), at), *statements]

    def value(self, expression: Any) -> Any:
        """An expression that is evaluated on one side alone."""
        mark = self.marked()
        return expression if mark is None else _placed(ast.BoolOp(ast.Or(), [mark, expression]), expression)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        outer, self.flags = self.flags, []
        self.generic_visit(node)
        node.body[:0] = [_placed(ast.Assign([ast.Name(f, ast.Store())], ast.Constant(True)), node.body[0]) for f in self.flags]
        self.flags = outer
        return node

    def visit_Lambda(self, node: Any) -> Any:
        """What binds names of its own, or none, has no flags."""
        outer, self.flags = self.flags, None
        self.generic_visit(node)
        self.flags = outer
        return node

    visit_ListComp = visit_GeneratorExp = visit_DictComp = visit_SetComp = visit_Lambda

    def visit_If(self, node: ast.If) -> Any:
        if isinstance(node.body[-1], ast.Raise):  # which leaves the path
            return node
        self.generic_visit(node)
        node.body, node.orelse = self.block(node.body, node.body[0]), self.block(node.orelse, node)
        return node

    def visit_For(self, node: ast.For) -> Any:
        self.generic_visit(node)
        number = self.number()
        if number is not None:
            over = ast.Attribute(_name(MARK), "over", ast.Load())
            node.iter = _placed(ast.Call(over, [ast.Constant(number), node.iter], []), node.iter)
        return node

    def visit_While(self, node: ast.While) -> Any:
        self.generic_visit(node)
        node.body = self.block(node.body, node.body[0])
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        self.generic_visit(node)
        node.body, node.orelse = self.value(node.body), self.value(node.orelse)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        self.generic_visit(node)
        node.values[1:] = map(self.value, node.values[1:])
        return node


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _placed(new: Any, at: Any) -> Any:
    """Give what is new the place of something else."""
    place = {name: getattr(at, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")}
    pending = [new]
    for node in pending:  # which grow
        if "lineno" not in node.__dict__:
            node.__dict__.update(place)
            pending += ast.iter_child_nodes(node)
    return new
