"""One number that is added to neighbouring elements of a cotangent, one after the other, is added to all of them in one line.

    u_bar[i, j + 1] += share
    u_bar[i, j] += share              u_bar[i, j - 1:j + 2] += share
    u_bar[i, j - 1] += share
"""
from __future__ import annotations

from dataclasses import replace
from math import prod

from s2sad.ir.program import ArrayType, Assign, Block, Const, Display, Function, If, Loop, Operand, Statement, Var
from s2sad.ir.spans import is_place, items
from s2sad.passes.copies import uses_in
from s2sad.quickly import dataclass
from s2sad.rules.operations import ACCUMULATED, ADD, DIMINISHED, SUBTRACT
from s2sad.types.sizes import Size, Whole, at_least_zero

MOST = 32  # elements that are looked at together

Position = tuple[tuple[Var | None, int], ...]
"""For each axis a variable and how far from it."""


def add_to_neighbours(function: Function) -> Function:
    """The additions to elements side by side as one addition to the part that they are."""
    block = _Neighbours().block(Block(function.params, function.statements, function.results))
    return replace(function, statements=block.statements)


class _Neighbours:
    def __init__(self) -> None:
        self.made: dict[Var, Assign] = {}  # in the blocks around, too

    def block(self, block: Block) -> Block:
        uses = uses_in(Function("", block.params, block.statements, block.results))  # type: ignore[arg-type]
        kept: list[Statement] = []
        run: list[_Addition] = []
        for statement in map(self.inside, block.statements):
            addition = self.addition(statement)
            if run and not (addition is not None and run[-1].leads_to(addition) and uses[run[-1].statement.targets[0]] == 1):
                kept += joined(run)
                run = []
            if addition is not None:
                run.append(addition)
            else:
                kept.append(statement)
            if isinstance(statement, Assign):
                self.made.update(dict.fromkeys(statement.targets, statement))
        return replace(block, statements=(*kept, *joined(run)))

    def inside(self, statement: Statement) -> Statement:
        match statement:
            case Loop():
                return replace(statement, body=self.block(statement.body))
            case If():
                return replace(statement, then=self.block(statement.then), orelse=self.block(statement.orelse))
            case _:
                return statement

    def addition(self, statement: Statement) -> _Addition | None:
        """What a statement adds to one element, whose place is known but for whole numbers."""
        if not isinstance(statement, Assign) or statement.primitive not in (ACCUMULATED, DIMINISHED) or not statement.phase:
            return None
        base, index, value = statement.args
        entries = items(index)
        if not isinstance(base, Var) or not isinstance(base.type, ArrayType) or len(entries) != len(base.type.shape):
            return None
        if not isinstance(value, Var) or isinstance(value.type, ArrayType) or not all(map(is_place, entries)):
            return None
        return _Addition(statement, tuple(map(self.position, entries)))

    def position(self, entry: Operand) -> tuple[Var | None, int]:
        """A whole number as a variable and how far from it."""
        if isinstance(entry, Const):
            return None, int(entry.value)
        assert isinstance(entry, Var)
        made = self.made.get(entry)
        if made is not None and made.primitive in (ADD, SUBTRACT):
            base, by = made.args
            if isinstance(base, Var) and isinstance(by, Const) and type(by.value) is int and base.size is not None:
                return base, by.value if made.primitive is ADD else -by.value
        return entry, 0


@dataclass(frozen=True, eq=False)
class _Addition:
    statement: Assign
    position: Position

    def leads_to(self, other: _Addition) -> bool:
        """Whether another one adds the same to the next version of the array."""
        one, following = self.statement, other.statement
        return following.primitive is one.primitive and following.args[0] is one.targets[0] and following.args[2] is one.args[2]


def joined(run: list[_Addition]) -> list[Statement]:
    """The additions with those together that make up a part, the most first."""
    done: list[Statement] = []
    start = 0
    while start < len(run):
        lengths = range(min(len(run) - start, MOST), 1, -1)
        length = next((n for n in lengths if _is_part([a.position for a in run[start : start + n]])), 1)
        done += _together(run[start : start + length])
        start += length
    return done


def _is_part(positions: list[Position]) -> bool:
    """Whether elements are all of those between the first and the last along each axis, each once, and none is counted from the end."""
    axes = [sorted(set(axis), key=lambda place: place[1]) for axis in zip(*positions, strict=True)]
    beside = all(len({base for base, _ in axis}) == 1 and axis[-1][1] - axis[0][1] == len(axis) - 1 for axis in axes)
    each_once = len(set(positions)) == len(positions) == prod(map(len, axes))
    return beside and each_once and all(len(axis) == 1 or at_least_zero(_number(*axis[0])) for axis in axes)


def _number(base: Var | None, by: int) -> Whole:
    if base is None:
        return by
    return -1 if base.size is None else base.size + by


def _together(run: list[_Addition]) -> list[Statement]:
    last = run[-1].statement
    if len(run) == 1:
        return [last]
    before: list[Statement] = []
    entries: list[Operand] = []
    for entry, *axis in zip(items(last.args[1]), *(a.position for a in run), strict=True):
        places = sorted(set(axis), key=lambda place: place[1])
        if len(places) == 1:
            entries.append(entry)
            continue
        (base, first), (_, end) = places[0], places[-1]
        bounds = [_bound(base, by, last, before) for by in (first, end + 1)]
        entries.append(Display(slice, (*bounds, Const(None))))
    index = entries[0] if len(entries) == 1 else Display(tuple, tuple(entries))
    return [*before, replace(last, args=(run[0].statement.args[0], index, last.args[2]))]


def _bound(base: Var | None, by: int, last: Assign, before: list[Statement]) -> Operand:
    """A number so far from another one, and the statement that gives it."""
    if base is None or by == 0:
        return Const(by) if base is None else base
    assert isinstance(base.size, (int, Size))
    bound = Var(int, size=base.size + by)
    before.append(replace(last, targets=(bound,), primitive=ADD if by > 0 else SUBTRACT, args=(base, Const(abs(by)))))
    return bound
