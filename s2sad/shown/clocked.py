"""Generated code with a clock in it: the text of a path comes in, a function out that tells what was spent on each line of the user's.

After each statement stands a call of the clock, with the number of the user's line that the statement belongs to, and whether it is of the
adjoint. Where one statement computes for several lines, the clock stands around the parts of its expression as well. What is computed,
and in which order, stays as it is.
"""
from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import Any, NamedTuple

from s2sad.emit.breadth import beginning
from s2sad.emit.build import Built
from s2sad.emit.lines import Comment, Line, nodes
from s2sad.errors import Location
from s2sad.ir.program import Assign
from s2sad.parsing import parse

CLOCK = "__clock__"
PLAIN = (ast.Name, ast.Constant)
APART = (ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)
BRANCHES = (ast.If, ast.For, ast.While, ast.With, ast.Try)


class Key(NamedTuple):
    """A line of the user's, and whether what was spent on it is of the adjoint; no file and line 0 for what belongs to none."""

    file: str
    line: int
    adjoint: bool


class Clocked:
    """The code of a path with clocks: `run` as `Built.run`, once it is told what to call; `keys` say what each number stands for."""

    def __init__(self, built: Built) -> None:
        self.built, self.keys, self.numbers = built, list[Key](), dict[Key, int]()
        self.whose: dict[int, Key | None] = {}
        self.tree: Any = parse(built.text.source)
        for function in (n for n in self.tree.body if isinstance(n, ast.FunctionDef)):
            function.body = self.block(function.body, Key("", 0, False))
        self.code = compile(ast.fix_missing_locations(self.tree), built.run.__code__.co_filename, "exec", dont_inherit=True)

    def calling(self, clock: Callable[..., Any]) -> Callable[..., Any]:
        """The function, which calls a clock."""
        namespace = {**self.built.namespace, CLOCK: clock}
        exec(self.code, namespace)
        run: Callable[..., Any] = namespace[self.built.text.name]
        return run

    # Statements

    def block(self, body: list[Any], key: Key) -> list[Any]:
        """Statements, each followed by the clock; `key` is that of what nothing is known of at their beginning."""
        done: list[Any] = []
        for statement in body:
            mine = self.key_of(statement, key)
            key = mine
            if isinstance(statement, BRANCHES):
                done += [self.branch(statement, mine), self.tick(mine)]
            elif isinstance(statement, ast.Return):
                done.append(ast.copy_location(ast.Return(self.around(self.parts(statement.value), mine)), statement))
            elif isinstance(statement, (ast.Break, ast.Continue, ast.Raise, ast.Pass)):
                done.append(statement)
            else:
                if len({self.whose.get(id(n)) or mine for n in ast.walk(statement)}) > 1:
                    statement.value = self.around(self.parts(statement.value), mine) if getattr(statement, "value", None) else None
                done += [statement, self.tick(mine)]
        return self.without_repeats(done)

    def branch(self, statement: Any, key: Key) -> Any:
        """A loop or a branch: what its head takes is asked in front of each of its blocks."""
        for name in ("body", "orelse", "finalbody"):
            if getattr(statement, name, None):
                setattr(statement, name, [self.tick(key), *self.block(getattr(statement, name), key)])
        for handler in getattr(statement, "handlers", ()):
            handler.body = self.block(handler.body, key)
        return statement

    def tick(self, key: Key) -> Any:
        return ast.Expr(self.around(ast.Constant(None), key))

    def without_repeats(self, statements: list[Any]) -> list[Any]:
        """One clock after several statements of one line: those in between say nothing more."""
        kept: list[Any] = []
        following: int | None = None  # the number of the clock that comes next, with nothing between that has clocks of its own
        for statement in reversed(statements):
            number = _ticks(statement)
            if number is None or number != following:
                kept.append(statement)
            if number is not None or isinstance(statement, (*BRANCHES, ast.Return)) or _has_clocks(statement):
                following = number
        return kept[::-1]

    # Expressions

    def parts(self, node: Any) -> Any:
        """An expression with a clock around each of its parts, if they are of several lines."""
        if isinstance(node, APART) or len({self.whose.get(id(n)) for n in ast.walk(node) if isinstance(n, ast.expr)} - {None}) < 2:
            return node
        node = copy.copy(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(node, name, [self.part(v) for v in value])
            elif isinstance(value, ast.AST):
                setattr(node, name, self.part(value))
        return node

    def part(self, node: Any) -> Any:
        if isinstance(node, ast.keyword):
            return ast.copy_location(ast.keyword(node.arg, self.part(node.value)), node)
        if isinstance(node, (ast.Starred, ast.Slice)):
            return self.parts(node)
        key = self.whose.get(id(node))
        reads = isinstance(node, ast.expr) and not isinstance(node, PLAIN) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        return self.around(self.parts(node), key) if reads and key is not None and not _is_function(node) else node

    def around(self, node: Any, key: Key) -> Any:
        if key not in self.numbers:
            self.numbers[key] = len(self.keys)
            self.keys.append(key)
        return ast.copy_location(ast.Call(ast.Name(CLOCK, ast.Load()), [ast.Constant(self.numbers[key]), node], []), node)

    # What belongs to which line

    def key_of(self, statement: Any, before: Key) -> Key:
        """The line that a statement is of, and by the way those of its parts."""
        line = self.built.text.lines.get(statement.lineno)
        if not isinstance(line, Line) or isinstance(line, Comment):
            return before
        place, adjoint = line.within
        found = nodes(_head(statement))
        known = line.computes if len(line.computes) == len(found) else (None,) * len(found)
        inside: dict[int, bool] = {}
        for (node, _), made in zip(found, known, strict=True):
            turned = adjoint or inside.get(id(node), False) or (made is not None and int(made.phase) > 0)
            self.whose[id(node)] = _key(made, turned)
            inside.update((id(child), turned) for child in ast.iter_child_nodes(node))
        own = next((k for (node, _) in found if (k := self.whose[id(node)]) is not None), None)
        if own is not None:
            return own
        place = line.place or place
        if place is None:
            return before
        first = beginning(place)
        return Key(first.file, first.line, adjoint)


def _key(made: Assign | None, adjoint: bool) -> Key | None:
    place: Location | None = made.location if made is not None else None
    if place is None or place.file.startswith("<rule"):
        return None
    first = beginning(place)
    return Key(first.file, first.line, adjoint)


def _head(statement: Any) -> Any:
    """A statement as it was printed in one line."""
    if not isinstance(statement, BRANCHES):
        return statement
    head: Any = copy.copy(statement)
    head.body, head.orelse = [ast.Pass()], []
    return head


def _ticks(statement: Any) -> int | None:
    """The number that a clock notes, if the statement is one."""
    match statement:
        case ast.Expr(ast.Call(ast.Name(id=name), [ast.Constant(value=int(number)), ast.Constant(value=None)])) if name == CLOCK:
            return number
    return None


def _has_clocks(statement: Any) -> bool:
    return any(isinstance(node, ast.Name) and node.id == CLOCK for node in ast.walk(statement))


def _is_function(node: Any) -> bool:
    """Whether this is the name of a function of a module, which is looked up and nothing else."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
