"""Arrays that each step of a loop makes anew are made once, in front of the loop, where nothing can tell: text to text.

    for i in range(n):                  t = np.empty(m)
        t = np.empty(m)                 for i in range(n):
        for j in range(m):                  for j in range(m):
            t[j] = u[j] * v[i]                  t[j] = u[j] * v[i]

That is so if the array has no other name in any step: it is read and written by elements, or a product of matrices is made of it or in it.
Then the one of the step before is gone when the next is made. What begins with zeros is filled with them where it was made.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence

from s2sad.native.text_of_loops import Facts, assigned, loaded, makes_array
from s2sad.parsing import parse
from s2sad.quickly import dataclass
from s2sad.rules.native_forms import PRODUCT

INDENT = "    "
INDEX = "place"
LARGEST = ("max", "min")


def made_once(text: str) -> str:
    """The text of a native function with arrays of its steps made in front of the loops."""
    return _Rewriting(text).done() if "for " in text or "while " in text else text


@dataclass
class Made:
    """An array that a line makes, with its lengths, all else that is said of it, and whether it begins with zeros."""

    name: str
    line: int
    lengths: list[ast.expr]
    rest: list[ast.expr]
    zeros: bool


def made_by(statement: ast.stmt) -> Made | None:
    """What a statement makes, if it is an array of doubles, or one that nothing is said to be in."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name) or not makes_array(statement.value):
        return None
    call, name = statement.value, statement.targets[0].id
    assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    kind, arguments = call.func.attr, call.args
    if call.keywords or not (kind == "empty" or (kind == "zeros" and len(arguments) == 1)):
        return None
    lengths = arguments[0].elts if isinstance(arguments[0], ast.Tuple) else [arguments[0]]
    return Made(name, statement.lineno, lengths, arguments[1:], kind == "zeros")


class _Rewriting:
    def __init__(self, text: str) -> None:
        self.lines = text.rstrip("\n").split("\n")
        function = parse(text).body[0]
        assert isinstance(function, ast.FunctionDef)
        self.function, self.facts = function, Facts(function, frozenset())
        self.apart, self.stores = apart(function), Counter(assigned(function))
        self.in_front: dict[int, list[str]] = {}
        self.instead: dict[int, list[str]] = {}
        self.index: list[str] = []

    def done(self) -> str:
        self.block(self.function.body, set(self.facts.parameters), [])
        if not self.in_front:
            return "\n".join(self.lines) + "\n"
        lines: list[str] = []
        for number, line in enumerate(self.lines, 1):
            if number in self.in_front:
                self.put_in_front(lines, self.in_front[number])
            lines += self.instead.get(number, [line])
        return "\n".join(_without_idle_comments(lines)) + "\n"

    def block(self, body: Sequence[ast.stmt], known: set[str], loops: list[tuple[ast.For | ast.While, set[str]]]) -> None:
        """Look for arrays that are made in a block. `known` are the names that are there for certain, `loops` those around it, each
        with the names that are there in front of it."""
        known = set(known)
        for statement in body:
            found = made_by(statement) if loops and statement is not body[-1] else None
            if found is not None:
                self.move(found, loops)
            if isinstance(statement, (ast.For, ast.While)):
                inside = known | (set(assigned(statement.target)) if isinstance(statement, ast.For) else set())
                self.block(statement.body, inside, [*loops, (statement, set(known))])
            elif isinstance(statement, ast.If):
                self.block(statement.body, known, [])
                self.block(statement.orelse, known, [])
            known.update(assigned(statement) if isinstance(statement, (ast.Assign, ast.AugAssign)) else ())

    def move(self, found: Made, loops: list[tuple[ast.For | ast.While, set[str]]]) -> None:
        """Make an array in front of the outermost loop in which its lengths are the same in every step."""
        if found.name not in self.apart or self.facts.makers.get(found.name) != found.line:
            return
        if self.apart[found.name] not in (0, len(found.lengths)):
            return
        names = {name for length in found.lengths for name in loaded(length)} - {*LARGEST}
        out = None
        for loop, known in reversed(loops):
            if not names <= known or not names.isdisjoint(assigned(loop)) or not all(map(_is_plain, found.lengths)):
                break
            out = loop
        if out is not None:
            self.in_front.setdefault(out.lineno, []).append(self.line_in_front(found, out))
            self.instead[found.line] = self.filled(found)

    def line_in_front(self, found: Made, loop: ast.For | ast.While) -> str:
        """There, where the loop may have no step, a length may be below zero."""
        lengths = [ast.unparse(n) if self.is_length(n) else f"max({ast.unparse(n)}, 0)" for n in found.lengths]
        shape = lengths[0] if len(lengths) == 1 else f"({', '.join(lengths)})"
        return f"{' ' * loop.col_offset}{found.name} = np.empty({', '.join([shape, *map(ast.unparse, found.rest)])})"

    def filled(self, found: Made) -> list[str]:
        """What stands where the array was made."""
        while len(self.index) < len(found.lengths):
            self.index.append(self.facts.fresh(INDEX))
        return with_zeros(found, self.lines[found.line - 1], self.index) if found.zeros else []

    def is_length(self, node: ast.expr) -> bool:
        """Whether a whole number is never below zero."""
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, (ast.Add, ast.Mult, ast.FloorDiv)) and self.is_length(node.left) and self.is_length(node.right)
        if isinstance(node, ast.Name):
            beginnings = self.facts.beginnings.get(node.id, [])
            once = self.stores[node.id] == len(beginnings) == 1 and node.id not in self.facts.parameters
            return once and self.is_length(beginnings[0][1])
        if isinstance(node, ast.Call):
            return _is_of(LARGEST[0], node) and any(map(self.is_length, node.args))
        return isinstance(node, ast.Constant) or (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute))

    @staticmethod
    def put_in_front(lines: list[str], made: list[str]) -> None:
        """In front of a loop, and of the comments that belong to it."""
        at = len(lines)
        while lines[at - 1].lstrip().startswith("#"):
            at -= 1
        lines[at:at] = made


def with_zeros(found: Made, line: str, index: Sequence[str]) -> list[str]:
    """Loops that fill an array with zeros, in place of the line that made it."""
    depth = (len(line) - len(line.lstrip())) // len(INDENT)
    places = index[: len(found.lengths)]
    heads = [f"for {place} in range({ast.unparse(length)}):" for place, length in zip(places, found.lengths, strict=True)]
    return [INDENT * (depth + n) + text for n, text in enumerate([*heads, f"{found.name}[{', '.join(places)}] = 0.0"])]


def _is_plain(node: ast.expr) -> bool:
    """Whether a length may be asked for at any time: sums, products, extremes of sizes and whole numbers, and what a number is in them."""
    if isinstance(node, ast.BinOp):
        by = node.right.value if isinstance(node.right, ast.Constant) else None
        plain = isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)) or (isinstance(node.op, ast.FloorDiv) and isinstance(by, int) and by > 0)
        return plain and _is_plain(node.left) and _is_plain(node.right)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and _is_plain(node.operand)
    if isinstance(node, ast.Call):
        return any(_is_of(name, node) for name in LARGEST) and all(map(_is_plain, node.args))
    shape = isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    return shape or isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and isinstance(node.value, int))


def _is_of(name: str, node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == name and not node.keywords


def apart(function: ast.FunctionDef) -> dict[str, int]:
    """The arrays that no other name ever stands for, with the number of indices by which they are read and written (0 if by none)."""
    found: dict[str, int] = {}
    shared: set[str] = set()
    allowed: set[ast.AST] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if any(isinstance(i, ast.Slice) for i in indices) or found.setdefault(node.value.id, len(indices)) != len(indices):
                shared.add(node.value.id)
            allowed.add(node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == PRODUCT:
            whole = [a.value if isinstance(a, ast.Attribute) and a.attr == "T" else a for a in node.args]
            allowed.update(whole)
        elif isinstance(node, ast.Attribute) and node.attr == "shape":
            allowed.add(node.value)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.setdefault(node.id, 0)
            if node not in allowed:
                shared.add(node.id)
    return {name: count for name, count in found.items() if name not in shared}


def _without_idle_comments(lines: list[str]) -> list[str]:
    """Without comments at the end of a block, of which nothing is left."""
    found: list[str] = []
    for line in lines:
        depth = len(line) - len(line.lstrip())
        while found and found[-1].lstrip().startswith("#") and len(found[-1]) - len(found[-1].lstrip()) > depth:
            found.pop()
        found.append(line)
    return found
