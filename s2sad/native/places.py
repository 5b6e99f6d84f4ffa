"""Expressions of native code as syntax, and places in arrays: an index that is affine in the counter of a loop."""

from __future__ import annotations

import ast
from typing import Any

from s2sad.parsing import parse
from s2sad.quickly import dataclass

Node = Any
OPERATORS = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow}
COMPARISONS = {"<": ast.Lt, "<=": ast.LtE, "==": ast.Eq, "!=": ast.NotEq, ">": ast.Gt, ">=": ast.GtE}


def name(label: str) -> Node:
    return ast.Name(label, ast.Load())


def const(value: Any) -> Node:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def call(function: str, *args: Node, **keywords: Node) -> Node:
    return ast.Call(parsed(function), list(args), [ast.keyword(k, v) for k, v in keywords.items()])


def parsed(text: str) -> Node:
    return parse(text, "eval").body


def binary(left: Node, symbol: str, right: Node) -> Node:
    return ast.BinOp(left, OPERATORS[symbol](), right)


def compared(left: Node, symbol: str, right: Node) -> Node:
    return ast.Compare(left, [COMPARISONS[symbol]()], [right])


def negated(test: Node) -> Node:
    return test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else ast.UnaryOp(ast.Not(), test)


def subscript(value: Node, *index: Node) -> Node:
    return ast.Subscript(value, index[0] if len(index) == 1 else ast.Tuple(list(index), ast.Load()), ast.Load())


def text(node: Node) -> str:
    return ast.unparse(node)


def weight(node: Node) -> int:
    """How many operations an expression has."""
    return sum(isinstance(n, (ast.BinOp, ast.Call, ast.Compare, ast.IfExp, ast.Subscript, ast.UnaryOp)) for n in ast.walk(node))


@dataclass(frozen=True)
class Place:
    """An index: `step` times the counter of a loop, a whole number, and what else is known only when the code runs, as text."""

    counter: str = ""
    step: int = 0
    offset: int = 0
    term: str = ""

    def after(self, step: int, offset: int, term: str = "") -> Place:
        """The index `step * self + offset + term`."""
        mine = self.term and (self.term if step == 1 else f"{step} * ({self.term})")
        return Place(self.counter, self.step * step, self.offset * step + offset, " + ".join(filter(None, (term, mine))))

    @property
    def fixed(self) -> bool:
        return not self.counter or not self.step

    def node(self) -> Node:
        parts: list[Node] = []
        if self.term:
            parts.append(parsed(self.term))
        if not self.fixed:
            counter = name(self.counter)
            parts.append(counter if abs(self.step) == 1 else binary(const(abs(self.step)), "*", counter))
        if not parts:
            return const(self.offset)
        shown = parts[0]
        if not self.fixed and self.step < 0:
            shown = ast.UnaryOp(ast.USub(), parts[-1]) if len(parts) == 1 else binary(parts[0], "-", parts[1])
        elif len(parts) == 2:
            shown = binary(parts[0], "+", parts[1])
        return shown if not self.offset else binary(shown, "+" if self.offset > 0 else "-", const(abs(self.offset)))


Places = tuple[Place, ...]
FIRST = Place()


@dataclass(frozen=True)
class Along:
    """Where an axis of an array lies in what is shown of it: at `step * i + offset + term` for the index `i` along the axis `axis` of that;
    None for one place."""

    axis: int | None
    step: int = 1
    offset: int = 0
    term: str = ""

    def at(self, places: Places) -> Place:
        inner = FIRST if self.axis is None else places[self.axis]
        return inner.after(self.step, self.offset, self.term)

    def through(self, outer: tuple[Along, ...]) -> Along:
        """The same axis of the array in what is shown of what is shown."""
        if self.axis is None:
            return self
        over = outer[self.axis]
        made = Place(term=over.term, offset=over.offset).after(self.step, self.offset, self.term)
        return Along(over.axis, self.step * over.step, made.offset, made.term)


Map = tuple[Along, ...]


def whole(rank: int) -> Map:
    return tuple(Along(k) for k in range(rank))
