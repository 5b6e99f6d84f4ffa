"""Lines of generated code: what each was made of, and what is computed where the code stands."""
from __future__ import annotations

import ast
import copy
import functools
import itertools
import types
from collections.abc import Iterator
from typing import Any

from s2sad.errors import Location
from s2sad.front.nodes import children
from s2sad.ir.program import Assign, Guard
from s2sad.parsing import parse


class Line(str):
    """A line, or several that are one statement, that knows the user's place it is from, and for each of its nodes the statement of the
    function that it computes."""

    number = 0  # of the first line, in the whole text
    place: Location | None = None
    guard: Guard | None = None  # that leaves the path here, the first where there are several
    asked: tuple[Any, ...] = ()  # under which conditions the path is left
    loop: Any = None  # the mark of the loop that begins here
    assigned: ast.Assign | None = None  # where it gives one name a value
    saves: ast.Assign | None = None  # where it saves a value for the adjoint, at a place of its own
    moves: ast.Assign | None = None  # where it gives several names values at once
    changes: ast.Assign | None = None  # where it changes a number, as if it gave its name another value
    kept: ast.Assign | None = None  # where it puts what has a name at a place
    made: tuple[Assign | None, ...] = ()
    computes: tuple[Assign | None, ...] = ()  # the same of all statements, those of the adjoint among them
    within: tuple[Location | None, bool] = (None, False)  # the place of the loop or branch it stands in, and whether an adjoint is around


class Comment(Line):
    """A line of the user's above what it became: `told` is that line."""

    told: Any = None
    heads = False  # whether a loop or a branch of that line is what follows
    again = False  # whether what follows is computed once more, for the adjoint below it

    @property
    def depth(self) -> int:
        return indented(self)


def comment(text: str, told: Any, heads: bool, again: bool) -> Comment:
    new = Comment(text)
    new.told, new.heads, new.again = told, heads, again
    return new


def indented(line: str) -> int:
    return len(line) - len(line.lstrip())


def commented_once(lines: list[str]) -> list[str]:
    """The lines with each comment once above what it is about."""
    kept = _without_repeats(_above_what_is_computed_again(lines))
    pairs = itertools.pairwise([*kept, ""])
    return [line for line, following in pairs if not (isinstance(line, Comment) and isinstance(following, Comment))]


def _above_what_is_computed_again(lines: list[str]) -> list[str]:
    """What is computed again stands under the comment of the adjoint that comes next in its block."""
    found: list[str] = []  # from the last line on
    coming: int | None = None
    for line in reversed(lines):
        if not isinstance(line, Comment):
            coming = None if coming is None or indented(line) < indented(found[coming]) else coming
        elif not line.again:
            coming = len(found)
        elif coming is not None and line.depth == indented(found[coming]):
            line, coming = found.pop(coming), len(found)
        else:
            continue
        found.append(line)
    return found[::-1]


def _without_repeats(lines: list[str]) -> list[str]:
    """Of comments that say the same, one inside the block of the other, that in front of the loop or branch itself stays, or else that in
    front of what is furthest inside. What comes right after such a block needs none."""
    gone: set[int] = set()
    around: dict[int, dict[Any, Comment]] = {}  # in the blocks that are open, by how far in they stand
    last, least = Comment(), 0  # the one that holds, and how far out a line after it begins
    for line in lines:
        depth = indented(line)
        for further_in in [d for d in around if d > depth]:
            del around[further_in]
        if isinstance(line, Comment):
            if last.told == line.told and least >= min(last.depth, depth) and (last.heads or depth <= last.depth):
                gone.add(id(line))
                continue
            above = (comments.get(line.told) for d, comments in around.items() if d < depth)
            gone.update(id(c) for c in above if c is not None and not c.heads)
            around.setdefault(depth, {})[line.told] = last = line
            least = depth
        least = min(least, depth)
    return [line for line in lines if id(line) not in gone]


def line(text: str, node: Any, place: Location | None = None, within: tuple[Location | None, bool] = (None, False)) -> Line:
    """A line that was printed of a node."""
    new, computes = Line(text), tuple(m for _, m in nodes(node))
    made = tuple(None if m is None or m.phase else m for m in computes)
    new.place, new.made, new.computes = place, made if any(made) else (), computes if any(computes) else ()
    new.changes, new.within = getattr(node, "changes", None), within
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        new.assigned = node
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
        new.moves = node
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript) and isinstance(node.value, ast.Name):
        new.kept = node
    return new


def again(node: Any) -> Any:
    """The same expression in other nodes: what prints it notes on each one whether brackets belong around it."""
    new = copy.copy(node)
    for name, value in ast.iter_fields(node):
        if isinstance(value, (ast.AST, list)):
            setattr(new, name, [again(v) if isinstance(v, ast.AST) else v for v in value] if isinstance(value, list) else again(value))
    return new


def numbered(written: list[str]) -> dict[int, Line]:
    """What stands in each line of the text, as they are numbered from 1."""
    found, number = dict[int, Line](), 1
    for new in written:
        height = new.count("\n") + 1
        if isinstance(new, Line):
            new.number = number
            found.update(dict.fromkeys(range(number, number + height), new))
        number += height
    return found


def width(node: Any) -> int:
    """About how many characters an expression takes; each node is asked once."""
    known: int | None = getattr(node, "width", None)
    if known is None:
        known = node.width = _own_width(node) + sum(map(width, children(node)))
    return known


def _own_width(node: Any) -> int:
    """What stands around the parts of a node."""
    match node:
        case ast.Name(id=name):
            return len(name)
        case ast.Attribute(attr=name):
            return len(name) + 1
        case ast.Constant(value=value):
            return len(repr(value))
        case ast.BinOp(op=op, left=left, right=right):
            brackets = (_tightness(left) < _tightness(node)) + (_tightness(right) <= _tightness(node))
            return 3 + 2 * brackets + isinstance(op, ast.FloorDiv)
        case ast.Call(args=args, keywords=keywords):
            return 2 * max(len(args) + len(keywords), 1)
        case ast.keyword(arg=name):
            return len(name or "") + 1
        case ast.IfExp():
            return 10
        case ast.Subscript():
            return 0 if isinstance(node.slice, ast.Tuple) else 2
        case ast.UnaryOp():
            return 1
    return 2 * len(list(children(node)))


def wraps(text: str) -> bool:
    """Whether the outer parentheses of the text belong together."""
    depth = 0
    for position, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return position == len(text) - 1
    return False


def _tightness(node: Any) -> int:
    """How tight an operator binds what is beside it."""
    if not isinstance(node, ast.BinOp):
        return 4
    return 1 if isinstance(node.op, (ast.Add, ast.Sub)) else 3 if isinstance(node.op, ast.Pow) else 2


def further_out(line: str, indent: str, start: int) -> str:
    """The line from a place on, with another beginning."""
    new = Line(indent + line[start:])
    new.__dict__.update(getattr(line, "__dict__", {}))
    return new


def nodes(node: Any) -> list[tuple[Any, Assign | None]]:
    """The nodes of a line, outermost first, each with the statement that it belongs to."""
    found, pending = [], [(node, None)]
    while pending:
        node, statement = pending.pop()
        statement = getattr(node, "computes", statement)
        if isinstance(node, (ast.expr, ast.stmt)):
            found.append((node, statement))
        pending += [(child, statement) for child in reversed(children(node))]
    return found


def one_of(node: Any, count: Any) -> Any:
    """A subscript of something that has so many elements, where that is a number."""
    node.count = count
    return node


def mark(node: Any, statement: Assign | None) -> Any:
    """The node, which computes a statement."""
    node.computes = statement
    return node


def mark_like(node: Any, other: Any) -> Any:
    """The node, which computes the statement that another one does."""
    return mark(node, getattr(other, "computes", None))


def changing(node: Any) -> Any:
    """The assignment that gives a number another value, as a change of it: `x += 1` for `x = x + 1`."""
    new: Any = mark_like(ast.AugAssign(node.targets[0], node.value.op, node.value.right), node.value)
    new.changes = node
    return new


def computed(line: Line, frame: types.FrameType) -> Assign | None:
    """The statement that the instruction a frame is at computes, of those that a line was made of."""
    position = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    shown = line.strip().removeprefix("el") if line.lstrip().startswith("elif ") else line.strip()
    indent = line.index(shown)
    parsed = [n for n, _ in nodes(parse(shown + " pass" if shown.endswith(":") else shown).body[0])]
    found = [m for n, m in zip(parsed, line.made, strict=False) if _position(n, line.number - 1, indent) == position]
    return found[-1] if found and len(parsed) == len(line.made) else next(filter(None, line.made), None)


def _position(node: Any, above: int, indent: int) -> tuple[int, int, int, int]:
    """Where a node of a line stands: first and last line and column. What the line begins with was not parsed, and nothing above it."""
    first, last = node.lineno, node.end_lineno
    return first + above, last + above, node.col_offset + indent * (first == 1), node.end_col_offset + indent * (last == 1)


class Instructions:
    """What the instructions of a generated text compute."""

    def __init__(self, source: str, lines: dict[int, Line]) -> None:
        self.source, self.lines = source, lines
        self.computed: dict[Any, Assign | None] = {}
        self.steps: dict[Any, Steps] = {}

    def at(self, frame: types.FrameType) -> Assign | None:
        """The statement of the function itself that a frame is at; None in an adjoint."""
        line, asked = self.lines.get(frame.f_lineno), (frame.f_code, frame.f_lasti)
        if asked not in self.computed:
            self.computed[asked] = computed(line, frame) if line else None
        return self.computed[asked]

    def reaches(self, statement: Assign, frame: types.FrameType) -> Location | Unknown | None:
        """Where the function itself evaluates a statement that a frame is at; None if it does not."""
        answers = [(True if loop is None else self.steps_of(loop).begin(frame), place) for loop, place in _places(statement)]
        found = next((place for answer, place in answers if answer), None)
        return UNKNOWN if found is None and any(answer is None for answer, _ in answers) else found

    def reached(self, statement: Assign, frame: types.FrameType) -> Location | None:
        """The same when the run of the frame is over."""
        return next((place for loop, place in _places(statement) if loop is None or self.steps_of(loop).were_made(frame)), None)

    def steps_of(self, loop: Any) -> Steps:
        if loop not in self.steps:
            self.steps[loop] = Steps(self.tree, [n for n in ast.walk(self.tree) if isinstance(n, LOOPS) and self.mark(n) is loop])
        return self.steps[loop]

    @functools.cached_property
    def tree(self) -> ast.Module:
        tree: ast.Module = parse(self.source)
        return tree

    def mark(self, loop: ast.stmt) -> Any:
        return getattr(self.lines.get(loop.lineno), "loop", None)


class Unknown:
    """The answer to what only the rest of a run can tell."""


UNKNOWN = Unknown()
LOOPS = (ast.For, ast.While)


def _places(statement: Assign) -> Any:
    return statement.within or ((None, statement.location),)


class Steps:
    """Whether a loop makes a step: told by its range in front of it, afterwards by what its run has left in the names of the function."""

    def __init__(self, tree: ast.Module, loops: list[Any]) -> None:
        self.loops, everywhere = loops, list(_stored((tree,)))
        inside = [name for n in loops for name in _stored((*n.body, *([n.target] if isinstance(n, ast.For) else ())))]
        self.names = [name for name in set(inside) if everywhere.count(name) == inside.count(name)]
        self.lasting = [chain for chain in _nested(tree) if chain[-1] in loops and all(
            isinstance(n, ast.For) and all(everywhere.count(name) < 2 for name in _read(n.iter)) for n in chain)]
        self.blocks = [found for n in ast.walk(tree) for name in ("body", "orelse") if isinstance(found := getattr(n, name, None), list)]

    def begin(self, frame: types.FrameType) -> bool | None:
        """Whether the loop is going to make one, if it stands in the block that a frame is in, below; None where that is not known."""
        if not self.loops:
            return False
        for block in self.blocks:
            here = [n for n, statement in enumerate(block) if _is_at(statement, frame.f_lineno)]
            loop = next((n for n in block[here[0] :] if n in self.loops), None) if here else None
            if isinstance(loop, ast.For) and (found := _makes_steps(loop, frame)) is not None:
                return found
        return None

    def were_made(self, frame: types.FrameType) -> bool:
        """Whether it has made one, now that the run of the frame is over; where nothing tells, it has."""
        if any(name in frame.f_locals for name in self.names):
            return True
        chains = [all(found) for chain in self.lasting if None not in (found := [_makes_steps(loop, frame) for loop in chain])]
        return any(chains) or bool(self.loops and not self.names and not chains)


def _is_at(statement: ast.stmt, line: int) -> bool:
    """Whether a line is one of a statement's, or the head of a loop or a branch."""
    last = statement.lineno if hasattr(statement, "body") else statement.end_lineno
    return statement.lineno <= line <= (last or line)


def _nested(node: Any, around: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Loops and branches, each after those around it."""
    for child in children(node):
        chain = (*around, child) if isinstance(child, (*LOOPS, ast.If)) else around
        if chain is not around:
            yield chain
        yield from _nested(child, chain)


def _makes_steps(loop: ast.For, frame: types.FrameType) -> bool | None:
    """Whether a loop makes a step, by the values that names have in a frame; None where they have none."""
    try:
        source = eval(compile(ast.Expression(loop.iter), "<range>", "eval"), frame.f_globals, frame.f_locals)
    except NameError:
        return None
    return any(True for _ in source)


def _stored(trees: tuple[Any, ...]) -> Iterator[str]:
    for node in (n for tree in trees for n in ast.walk(tree)):
        if isinstance(node, ast.arg) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)):
            yield node.arg if isinstance(node, ast.arg) else node.id


def _read(tree: Any) -> Iterator[str]:
    return (n.id for n in ast.walk(tree) if isinstance(n, ast.Name))


def reads_name(value: Any, label: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == label for n in ast.walk(value))
