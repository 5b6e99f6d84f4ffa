"""The generated code by lines: which part each belongs to, which line of the user's it came from, what it assigns and reads.

What the emitter says of a line comes first (`Line.place`, `Line.made`, the comment above). A head of a loop or a branch belongs to the
innermost loop or branch of the user's around all that is in it; what prepares a loop belongs to that loop, the seed of the adjoint to
the user's `return`.
"""
from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from s2sad.emit.lines import Comment
from s2sad.emit.statements import Text
from s2sad.page.sources import Block, Place, loaded, stored
from s2sad.parsing import parse

FORWARD, ADJOINT, TANGENT, RESULT = "forward", "adjoint", "tangent", "result"
PARAMETERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPOUND = (ast.For, ast.While, ast.If)
MARKED = re.compile(r"_(bar|dot)(_\d+)?$")


@dataclass(frozen=True)
class Code:
    """A line of generated code; `place` is the user's line it came from."""

    number: int
    text: str
    section: str = ""
    place: Place | None = None
    stores: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    leaves: bool = False
    comment: bool = False


class Lines:
    """The lines of a text."""

    def __init__(self, text: Text, blocks: Sequence[Block], forward_mode: bool) -> None:
        self.text, self.blocks, self.forward_mode = text, blocks, forward_mode
        self.source = text.source.rstrip("\n").split("\n")
        self.found = [Code(n, line, comment=line.lstrip().startswith("#")) for n, line in enumerate(self.source, start=1)]
        self.users = {name for b in blocks for s in b.statements for name in s.stores}
        (self.function,) = parse(text.source).body
        for number, line in text.lines.items():
            if isinstance(line, Comment) and line.told:
                self.put(number, place=self.begin(*line.told[:2]))
        self.places(self.function.body, None)
        self.put(self.function.lineno, section=FORWARD, place=(blocks[0].file, blocks[0].first) if blocks else None,
                 stores=tuple(stored(self.function)))  # fmt: skip
        self.sections()

    def put(self, number: int, **said: Any) -> None:
        self.found[number - 1] = replace(self.found[number - 1], **said)

    def begin(self, file: str, line: int) -> Place | None:
        """The statement of the user's that a line belongs to, where it is shown."""
        block = next((b for b in self.blocks if b.holds(file, line)), None)
        return None if block is None else (file, block.beginning(line))

    # Places

    def places(self, body: list[ast.stmt], around: Place | None) -> list[Place]:
        """Give each statement its place; gives those that are in the statements."""
        found: list[Place] = []
        for statement in body:
            inside = self.inner(statement, around)
            place = self.said(statement) or (self.region(statement, inside) if isinstance(statement, COMPOUND) else None)
            self.write(statement, place)
            found += [*([place] if place else []), *inside]
        coming = around
        for statement in reversed(body):
            head = self.found[statement.lineno - 1]
            if head.place is None:
                self.write(statement, self.guessed(statement) or coming)
                self.fill(statement, self.found[statement.lineno - 1].place)
            coming = self.found[statement.lineno - 1].place if isinstance(statement, COMPOUND) else coming
        return found

    def inner(self, statement: Any, around: Place | None) -> list[Place]:
        """The places in a loop or a branch."""
        if not isinstance(statement, COMPOUND):
            return []
        place = self.said(statement)
        found = self.places(statement.body, place) + self.places(statement.orelse, place)
        self.fill(statement, place or self.region(statement, found) or around)
        return found

    def fill(self, statement: Any, place: Place | None) -> None:
        """Give this place to the lines of a loop or a branch that have none."""
        for n in range(statement.lineno, (statement.end_lineno or 0) + 1):
            if self.found[n - 1].place is None and self.source[n - 1].strip():
                self.put(n, place=place)

    def said(self, statement: Any) -> Place | None:
        """What the emitter says of where a statement came from, or the comment above it."""
        line = self.text.lines.get(statement.lineno)
        locations = [getattr(line, "place", None), *(m.location for m in getattr(line, "made", ()) if m is not None)]
        found = [p for at in locations if at is not None and (p := self.begin(at.file, at.line)) is not None]
        above = self.found[statement.lineno - 2] if statement.lineno > 1 else None
        return found[0] if found else above.place if above is not None and above.comment else None

    def region(self, statement: Any, inside: list[Place]) -> Place | None:
        """The innermost loop, or branch, of the user's around all these places."""
        kinds = (ast.If,) if isinstance(statement, ast.If) else (ast.For, ast.While)
        for block in self.blocks[:1] if not inside else self.blocks:
            around = [s for s in block.statements if issubclass(s.kind, kinds) and inside
                      and all(file == block.file and s.first <= line <= s.last for file, line in inside)]  # fmt: skip
            if around:
                return block.file, around[-1].first
        return None

    def guessed(self, statement: ast.stmt) -> Place | None:
        """Where a statement of which nothing is said came from: the same text, the user's `return` for the seed and the results, or
        the one assignment of its variable."""
        if not self.blocks:
            return None
        top = self.blocks[0]
        if isinstance(statement, COMPOUND):  # what asks about the arguments, or a loop by the name that it counts with
            return (top.file, top.first) if leaves(statement) else self.only_assignment(stored(statement))
        text = ast.unparse(statement)
        same = [s for s in top.statements if s.text == text]
        seed = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant) and statement.value.value == 1.0
        if same and not isinstance(statement, ast.Return):
            return top.file, same[0].first
        if isinstance(statement, ast.Return) or (seed and self.is_marked(statement)):
            ends = [s for s in top.statements if s.kind is ast.Return]
            return (top.file, ends[-1].first) if ends else (top.file, top.first) if len(top.lines) == 1 else None
        return self.only_assignment(stored(statement))

    def only_assignment(self, names: Sequence[str]) -> Place | None:
        """The one statement of the user's that assigns the variable that these names are of."""
        wanted = {original(name, self.users)[0] for name in names}
        found = [(b.file, s.first) for b in self.blocks for s in b.statements if s.kind not in PARAMETERS and wanted & set(s.stores)]
        return found[0] if len(found) == 1 else None

    def write(self, statement: Any, place: Place | None) -> None:
        last = statement.body[0].lineno - 1 if isinstance(statement, COMPOUND) else statement.end_lineno or 0
        for number in range(statement.lineno, max(last, statement.lineno) + 1):
            if not self.found[number - 1].comment:
                self.put(number, place=place or self.found[number - 1].place, stores=tuple(stored(statement)),
                         loads=tuple(loaded(statement)), leaves=leaves(statement))  # fmt: skip

    # Sections

    def is_marked(self, statement: ast.stmt) -> bool:
        """Whether it assigns a cotangent or a tangent."""
        inside = [n for n in ast.walk(statement) if isinstance(n, ast.stmt)]
        return any(MARKED.search(name) and name not in self.users for n in inside for name in stored(n))

    def sections(self) -> None:
        """Forward, then adjoint, then the results: the adjoint begins with the first cotangent, or its first comment."""
        own = TANGENT if self.forward_mode else ADJOINT
        begun = False
        for statement in self.function.body:
            first = self.above(statement.lineno)
            numbers = range(first, (statement.end_lineno or 0) + 1)
            adjoint = any(isinstance(c := self.text.lines.get(n), Comment) and c.told and c.told[2] for n in numbers)
            of_own = adjoint or self.is_marked(statement)
            begun = (begun and not self.forward_mode) or of_own
            section = RESULT if isinstance(statement, ast.Return) else own if begun else FORWARD
            for number in numbers:
                self.put(number, section=section)

    def above(self, number: int) -> int:
        """The first of the comments above a line."""
        while number > 2 and self.found[number - 2].comment:
            number -= 1
        return number


def leaves(statement: ast.stmt) -> bool:
    """Whether the path is left here."""
    return isinstance(statement, ast.Raise) or (isinstance(statement, ast.If) and any(isinstance(n, ast.Raise) for n in statement.body))


def saved(lines: Lines) -> list[str]:
    """The names that the forward part leaves for the adjoint: what that reads before it assigns it."""
    params = set(stored(lines.function))
    forward = {name for line in lines.found if line.section == FORWARD for name in line.stores} - params
    assigned, found = set[str](), dict[str, None]()
    for line in lines.found:
        if line.section == ADJOINT:
            found.update((name, None) for name in line.loads if name in forward and name not in assigned)
            assigned.update(line.stores)
    last = lines.function.body[-1]
    results = last.value.elts[1:] if isinstance(last, ast.Return) and isinstance(last.value, ast.Tuple) and not lines.forward_mode else []
    read = [name for result in results for name in loaded(ast.Expr(result))]
    return list(dict.fromkeys([*found, *(name for name in read if name in forward and name not in assigned)]))


def original(name: str, users: set[str]) -> tuple[str, str]:
    """The user's variable that a generated name is of, and what it is of it: `value`, `bar`, `dot` or `saved`; empty where it is none.

    >>> original("h_bar_1", {"h"}), original("h_2", {"h"}), original("h_2", {"h", "h_2"}), original("t1", {"h"})
    (('h', 'bar'), ('h', 'value'), ('h_2', 'value'), ('', ''))
    """
    if name in users:
        return name, "value"
    for kind in ("bar", "dot", "saved"):
        match = re.fullmatch(rf"(.+?)_{kind}(_\d+)?", name)
        if match is not None:
            return (of, kind) if (of := original(match[1], users)[0]) else ("", "")
    match = re.fullmatch(r"(.+)_\d+", name)
    return (match[1], "value") if match is not None and match[1] in users else ("", "")
