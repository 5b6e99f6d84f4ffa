"""Lines that a person writes as one: what is taken of an array or of its shape element by element, and values to begin with.

    rows, columns = u.shape
    prey, predators = u
    birth_bar = hunt_bar = 0.0
    x_saved, y_saved = [], []
    x_i, mass_i = x[i], mass[i]
    x_bar, y_bar = np.zeros(x.shape), np.zeros(y.shape)
    c, s = np.cos(angle), np.sin(angle)

A line moves up to the first of its kind in its block, over lines that only give names values and neither assign what it reads nor read or
assign its name. In the function itself the lines of one line of the user's are taken together, in an adjoint those of several; what is
computed, in an adjoint as well, with what stands under the same comment.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from s2sad.emit.lines import Comment, indented, line, width
from s2sad.emit.printing import store
from s2sad.quickly import dataclass

MOST, MOST_ALIKE = 9, 4  # elements that are taken at once, and values that are written side by side
SHORT = 30  # characters of a value that is computed, up to which it is written beside others of its form
COMPUTED = "computed"
FAR = 20  # lines further down, where the last one may be
PLAIN = (ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Tuple)
INDEX = (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Tuple)
BEGINNINGS = (bool, int, float, type(None))


@dataclass(frozen=True)
class Part:
    """A line that gives a name a value, which may be one with others that have the same `key`.

    `place` says which element of `whole` it takes, of so many as are there; `read` are the names in that. What is `alike` is written side
    by side, each with its value.
    """

    target: str
    value: Any
    key: Any
    whole: Any = None
    count: int = 0
    place: int = 0
    read: frozenset[str] = frozenset()
    alike: bool = False


def grouped(lines: list[str], unparse: Callable[[Any], str], breadth: int, effects: bool, spare: bool) -> list[str]:
    """The lines, those that a person writes as one in one line. An element that nothing asks for goes to `_` if that is `spare`."""
    parts = [part_of(text) for text in lines]
    found, gone = list(lines), set[int]()
    for first, part in enumerate(parts):
        if part is None or first in gone:
            continue
        places = together(lines, parts, first, gone, effects)[: MOST_ALIKE if part.alike else MOST]
        while (node := as_one([parts[n] for n in places], spare)) is not None:
            text = f"{lines[first][: indented(lines[first])]}{unparse(node)}"
            if len(text) <= breadth:
                found[first] = line(text, node, getattr(lines[first], "place", None))
                gone.update(places[1:])
                break
            places.pop()
    return without(found, gone) if gone else lines


def part_of(text: str) -> Part | None:
    """What a line is a part of."""
    node = getattr(text, "assigned", None)
    if node is None:
        return None
    target, value = node.targets[0].id, node.value
    match value:
        case ast.List(elts=[]):
            return Part(target, value, "list", alike=True)
        case ast.Constant(value=number) if type(number) in BEGINNINGS:
            return Part(target, value, (type(number), repr(number)))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=number)):
            return Part(target, value, (type(number), f"-{number!r}"))
        case ast.Subscript(value=whole):
            count: Any = getattr(value, "count", None)
            place = place_of(value.slice, count) if type(count) is int and 2 <= count <= MOST else None
            if place is not None and all(isinstance(n, PLAIN) for n in ast.walk(whole) if isinstance(n, ast.expr)):
                return Part(target, value, ast.dump(whole), whole, count, place, names(whole))
    key = likeness(value)
    return None if key is None else Part(target, value, key, alike=True)


def likeness(value: Any) -> Any:
    """What a value has in common with those that are written side by side with it: names, elements at one place, zeros like something."""
    match value:
        case ast.Name():
            return "name"
        case ast.BinOp(left=ast.List(elts=[ast.Constant()]), op=ast.Mult()):
            return "list"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="empty")):
            return "empty"
        case ast.Call(func=ast.Attribute(attr="zeros"), args=[ast.Attribute(value=ast.Name(), attr="shape")], keywords=[]):
            return "zeros"
        case ast.Subscript(value=ast.Name(), slice=index) if all(isinstance(n, INDEX) for n in ast.walk(index) if isinstance(n, ast.expr)):
            return "element", ast.dump(index)
        case ast.Call() | ast.BinOp() | ast.UnaryOp() | ast.Subscript() | ast.Attribute() if width(value) <= SHORT and is_plain(value):
            return COMPUTED, form(value)
    return None


def form(value: Any) -> tuple[type, ...]:
    """The form of an expression, without its names, constants and functions: values of one form are seen at a glance to be alike."""
    return tuple(type(node) for node in ast.walk(value) if not isinstance(node, ast.expr_context))


def is_plain(value: Any) -> bool:
    """Whether a value is one that is read at a glance: no choice, no comparison, no display, nothing that is bound in it."""
    return all(isinstance(n, (*PLAIN, ast.Call)) for n in ast.walk(value) if isinstance(n, ast.expr))


def place_of(index: Any, count: int) -> int | None:
    """Which element an index shows, of so many; None where that is not known."""
    match index:
        case ast.Constant(value=place) if type(place) is int and place < count:
            return place
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=place)) if type(place) is int and place <= count:
            return count - place
    return None


def names(value: Any) -> frozenset[str]:
    return frozenset(n.id for n in ast.walk(value) if isinstance(n, ast.Name))


def together(lines: list[str], parts: list[Part | None], first: int, gone: set[int], effects: bool) -> list[int]:
    """Where the lines of one kind are that may stand where the first of them does."""
    kind: Any = parts[first]
    found, taken, between = list[int](), set[Any](), set[str]()
    for n in values(lines, first, kind.key[0] == COMPUTED):
        if n in gone:
            continue
        part, node = parts[n], lines[n].assigned  # type: ignore[attr-defined]
        target = node.targets[0].id
        if part is not None and part.key == kind.key and joins(part, taken, between, effects):
            found.append(n)
            taken |= {target, part.place} if part.whole is not None else {target}
        elif target in taken or kind.alike:
            break
        else:
            between |= {target, *names(node.value)}
        if target in kind.read:
            break
    return found


def joins(part: Part, taken: set[Any], between: set[str], effects: bool) -> bool:
    """Whether a line may stand in front of those `between`, and gives another name another value than those that are `taken`."""
    if part.target in between or part.target in taken or (part.whole is not None and part.place in taken):
        return False
    if part.alike:
        return not between and not taken & names(part.value)
    return not (between and effects and part.whole is not None and not is_shape(part.whole))  # an effect may change an array


def is_shape(whole: Any) -> bool:
    return isinstance(whole, ast.Attribute) and whole.attr == "shape"


def values(lines: list[str], first: int, one_comment: bool) -> Iterator[int]:
    """Where lines of a block give names values, from one on up to another one, or to another line of the function's own, or where they
    all stand under `one_comment`, to the next one."""
    for n in range(first, min(first + FAR, len(lines))):
        text: Any = lines[n]
        if isinstance(text, Comment):
            if one_comment or not text.told[2]:
                return
        elif getattr(text, "assigned", None) is None or indented(text) != indented(lines[first]):
            return
        elif one_comment and bool(text.made) != bool(lines[first].made):  # type: ignore[attr-defined]
            return  # one is the function's own, the other an adjoint's that has no comment
        else:
            yield n


def as_one(parts: list[Any], spare: bool) -> Any:
    """The line that some are, as a tree; None where a person writes them one by one."""
    if len(parts) < 2:
        return None
    targets = [store(p.target) for p in parts]
    if parts[0].alike:
        return ast.Assign([ast.Tuple(targets, ast.Store())], ast.Tuple([p.value for p in parts], ast.Load()), None)
    if parts[0].whole is None:
        return ast.Assign(targets, parts[0].value, None)
    held = {p.place: p.target for p in parts}
    if len(held) < parts[0].count - spare:
        return None
    elements = [store(held.get(k, "_")) for k in range(parts[0].count)]
    return ast.Assign([ast.Tuple(elements, ast.Store())], parts[0].whole, None)


def without(lines: list[str], gone: set[int]) -> list[str]:
    """The lines but for some, and for comments that would stand above something else then."""
    found: list[str] = []
    for n, text in enumerate(lines):
        if n not in gone:
            above = found[-1] if found else ""
            if isinstance(above, Comment) and (isinstance(text, Comment) or indented(text) < above.depth):
                found.pop()
            found.append(text)
    return found
