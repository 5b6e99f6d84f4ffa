"""A stack as an array: loops that write it, branches that hand it on, and loops that read it."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    Const,
    Display,
    Function,
    If,
    Loop,
    Operand,
    StackType,
    Statement,
    Var,
    is_undefined,
    reads,
    rewrite_block,
    substitute,
    targets_of,
)  # fmt: skip
from s2sad.passes.extents import ZERO, Bound, Dimension, Extent, ends
from s2sad.quickly import dataclass
from s2sad.rules.language import BY_FUNCTION, Primitive
from s2sad.rules.operations import ADD, FLOAT, GETITEM, REPLACED, SUBTRACT
from s2sad.rules.structural import COUNT, DIM
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, at_least_zero

EMPTY, ZEROS = BY_FUNCTION[np.empty], BY_FUNCTION[np.zeros]
OWN: dict[Any, Any] = {bool: BY_FUNCTION[bool], int: BY_FUNCTION[int], float: FLOAT, complex: BY_FUNCTION[complex]}
"""What makes a number of Python's own of one of NumPy's."""
NUMPYS = {bool: np.bool_, int: np.int64, float: np.float64, complex: np.complex128}


@dataclass(frozen=True)
class Plan:
    """A stack that becomes an array: the innermost of these, the axes, those of the values, the results of branches that are the
    stack, and those that are a value which nothing but the stack needs. It is `plain` where nobody asks for the class of what is read."""

    stack: Var
    innermost: Var
    axes: list[Extent]
    inner: list[Bound | Dimension]
    images: frozenset[Var]
    sides: frozenset[Var]
    plain: bool

    @property
    def kind(self) -> Any:
        """The type of the values."""
        return self.innermost.type.element  # type: ignore[union-attr]


def is_nothing(operand: Operand) -> bool:
    """Whether a branch gives nothing on a side."""
    return is_undefined(operand) or (isinstance(operand, Const) and operand.value is None)


def _is_zero(operand: Operand) -> bool:
    """Whether an operand is a zero as it is in an array of zeros."""
    return isinstance(operand, Const) and type(operand.value) in (bool, int, float) and str(operand.value) in ("False", "0", "0.0")


def _length(operand: Operand) -> Any:
    """How long an axis is that an operand says the length of: a symbol of its own, where that is not known."""
    size = Bound(operand).size
    return Size.of(Symbol("steps")) if size is None else size


def _index(place: tuple[Operand, ...]) -> Operand:
    return place[0] if len(place) == 1 else Display(tuple, place)


class Change:
    """A function while one of its stacks becomes an array."""

    def __init__(self, function: Function, plan: Plan) -> None:
        self.function, self.plan = function, plan
        self.names = dict(function.names)
        self.name = self.names.get(plan.innermost, "t_saved")
        self.dtype = plan.kind.dtype if isinstance(plan.kind, ArrayType) else np.dtype(NUMPYS.get(plan.kind, plan.kind))
        self.type = ArrayType(self.dtype, ())  # until it is made
        self.where: dict[Var, tuple[Var, tuple[Operand, ...]]] = {}  # the array, and the place in it, of what is a stack
        self.phase = 1

    def run(self) -> Function:
        statements = self.statements(self.function.statements)
        return replace(self.function, statements=statements, names=self.names)

    def array(self) -> Var:
        """A variable for a version of the array."""
        var = Var(self.type)
        self.names[var] = self.name
        return var

    def assign(self, kind: Any, primitive: Primitive, *args: Operand) -> Assign:
        return Assign((Var(kind),), primitive, args, None, self.phase)

    def statements(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        kept: list[Statement] = []
        for statement in statements:
            match statement:
                case Loop() if self.plan.stack in statement.stacks:
                    kept += self.made(statement)
                case Loop():
                    kept.append(self.read(statement))
                case If():
                    kept.append(self.branch(statement))
                case _:
                    kept.append(statement)
        return tuple(kept)

    def branch(self, branch: If) -> If:
        """A branch; what it gives of the stack it gives of the array."""
        then, orelse = (replace(b, statements=self.statements(b.statements)) for b in branch.blocks)
        if self.plan.images.isdisjoint(branch.targets):
            return replace(branch, then=then, orelse=orelse)
        images = {t: self.array() for t in branch.targets if t in self.plan.images}
        arrays = {stack: array for stack, (array, place) in self.where.items() if not place}
        self.where.update((t, (array, ())) for t, array in images.items())
        then, orelse = (replace(b, results=tuple(substitute(r, arrays) for r in b.results)) for b in (then, orelse))
        return replace(branch, targets=tuple(images.get(t, t) for t in branch.targets), then=then, orelse=orelse)

    # The array is made and written

    def made(self, loop: Loop) -> list[Statement]:
        """The array, made in front of the loop that writes it."""
        self.phase = max(loop.phase, 1)
        kept: list[Statement] = []
        lengths = [self.length(axis, kept) for axis in self.plan.axes]
        shape = (*lengths, *(self.inner(axis, kept) for axis in self.plan.inner))
        inner = self.plan.kind.shape if isinstance(self.plan.kind, ArrayType) else ()
        self.type = ArrayType(self.dtype, (*map(_length, lengths), *inner))
        start = self.array()
        named = bool if self.dtype == np.bool_ else int if self.plan.kind is int else self.dtype.type
        dtype = {} if self.dtype == np.float64 else {"dtype": named}
        making = ZEROS if self.plan.sides and not inner else EMPTY  # a side that gives zero writes none
        args = tuple(a if isinstance(a, Display) else Const(a) for a in making.bind((Display(tuple, shape),), dtype))
        kept.append(Assign((start,), making, args, None, self.phase))
        loop, end = self.write(loop, self.plan.stack, start, ())
        self.where[self.plan.stack] = end, ()
        return [*kept, loop]

    def length(self, axis: Extent, kept: list[Statement]) -> Operand:
        """How many places there are along an axis."""
        length = self.moved(axis.end.operand, axis.end.more - axis.low.more, kept)
        if axis.low.operand is not ZERO.operand:
            length = self.put(self.assign(int, SUBTRACT, length, axis.low.operand), kept)
        ends = axis.end.size, axis.low.size
        if None in ends or not at_least_zero(ends[0] - ends[1]):
            length = self.put(self.assign(int, COUNT, length), kept)
        return length

    def inner(self, axis: Bound | Dimension, kept: list[Statement]) -> Operand:
        return axis.operand if isinstance(axis, Bound) else self.put(self.assign(int, DIM, axis.array, Const(axis.axis)), kept)

    def moved(self, operand: Operand, by: int, kept: list[Statement]) -> Operand:
        if isinstance(operand, Const):
            return Const(operand.value + by)
        if not by:
            return operand
        return self.put(self.assign(int, ADD if by > 0 else SUBTRACT, operand, Const(abs(by))), kept)

    def put(self, statement: Assign, kept: list[Statement]) -> Var:
        kept.append(statement)
        return statement.targets[0]

    def place(self, loop: Loop, number: int, kept: list[Statement]) -> Operand:
        """The place of a step along its axis."""
        index, span = loop.index, ends(loop)
        assert index is not None and span is not None
        if self.plan.axes[number].start is ZERO:
            return index
        base = span[0]
        if not isinstance(base.operand, Const):
            index = self.put(self.assign(int, SUBTRACT, index, base.operand), kept)
            base = Bound(Const(0), base.more)
        return self.moved(index, -base.size, kept)

    def write(self, loop: Loop, stack: Var, start: Var, place: tuple[Operand, ...]) -> tuple[Loop, Var]:
        """A loop whose steps write into the array what they put on a stack, and the array after it."""
        param, target, before = self.array(), self.array(), list[Statement]()
        place = (*place, self.place(loop, len(place), before))
        number = loop.stacks.index(stack)
        statements, end = self.written(loop.body.statements, loop.saved[number], param, place)
        params, results, targets = list(loop.body.params), list(loop.body.results), list(loop.targets)
        del results[len(results) - len(loop.saved) + number], targets[len(loop.inits) + number]
        params.insert(loop.first + len(loop.inits), param)
        results.insert(loop.exits + len(loop.inits), end)
        targets.insert(len(loop.inits), target)
        body = Block(tuple(params), (*before, *statements), tuple(results))
        return replace(loop, body=body, targets=tuple(targets), inits=(*loop.inits, start)), target

    def written(self, statements: tuple[Statement, ...], value: Operand, array: Var, place: tuple[Operand, ...]
                ) -> tuple[tuple[Statement, ...], Var]:  # fmt: skip
        """The statements of a block that write what they have as a value so far, and the array after them."""
        found = next((k for k, s in enumerate(statements) if value in targets_of(s)), -1)
        there, maker = list(statements), statements[found] if found >= 0 else None
        if isinstance(maker, Loop) and value in maker.stacks:
            there[found], end = self.write(maker, value, array, place)
        elif isinstance(maker, If) and (value in self.plan.sides or isinstance(value.type, StackType)):  # type: ignore[union-attr]
            there[found], end = self.written_on_sides(maker, value, array, place)  # type: ignore[arg-type]
        else:
            end = self.array()
            there.insert(found + 1, Assign((end,), REPLACED, (array, _index(place), value), None, self.phase))
        return tuple(there), end

    def written_on_sides(self, branch: If, value: Var, array: Var, place: tuple[Operand, ...]) -> tuple[If, Var]:
        """A branch whose sides write into the array, those that have something to write: zeros are there."""
        number, target, sides = branch.targets.index(value), self.array(), []
        for block in branch.blocks:
            result, end, statements = block.results[number], array, block.statements
            if not is_nothing(result) and not _is_zero(result):
                statements, end = self.written(statements, result, array, place)
            sides.append(Block((), statements, (*(r for k, r in enumerate(block.results) if k != number), end)))
        targets = (*(t for t in branch.targets if t is not value), target)
        return replace(branch, targets=targets, then=sides[0], orelse=sides[1]), target

    # What reads it

    def read(self, loop: Loop) -> Loop:
        """A loop whose steps read in the array what they took from the stack."""
        taken = {e: self.where[s] for e, s in zip(loop.elements, loop.scanned, strict=True) if s in self.where}
        before: list[Statement] = []
        body = replace(loop.body, params=tuple(p for p in loop.body.params if p not in taken))
        for element, (array, place) in taken.items():
            here = (*place, self.place(loop, len(place), before))
            if isinstance(element.type, StackType):
                self.where[element] = array, here
            else:
                found = self.as_read(element)
                body = rewrite_block(body, {element: found})
                body = _with_part(body, found, self.part(found, array, here, loop.phase))
        scanned = tuple(s for s in loop.scanned if s not in self.where)
        body = replace(body, statements=(*before, *self.statements(body.statements)))
        return replace(loop, body=body, scanned=scanned)

    def as_read(self, element: Var) -> Var:
        """The variable for what is read: where nobody asks for the class, it has that of what is in the array."""
        if not self.plan.plain:
            return element
        found = Var(self.dtype.type, size=element.size)
        if element in self.names:
            self.names[found] = self.names[element]
        return found

    def part(self, element: Var, array: Var, place: tuple[Operand, ...], phase: int) -> list[Statement]:
        """A value is read, in the class that it had."""
        index, kind = _index(place), self.plan.kind
        if self.plan.plain or isinstance(kind, ArrayType) or kind not in OWN:
            return [Assign((element,), GETITEM, (array, index), None, phase)]
        found = Var(NUMPYS[kind])
        primitive = OWN[kind]
        own = primitive.bind((found,), {})
        args = tuple(a if isinstance(a, Var) else Const(a) for a in own)
        return [Assign((found,), GETITEM, (array, index), None, phase), Assign((element,), primitive, args, None, phase)]


def _with_part(block: Block, element: Var, made: list[Statement]) -> Block:
    """The block with statements that read an element: on the side of a branch that needs it, where there is one alone."""
    readers = [k for k, s in enumerate(block.statements) if element in reads(s)]
    branch = block.statements[readers[0]] if len(readers) == 1 and element not in block.results else None
    needing = [b for b in branch.blocks if element in b.free] if isinstance(branch, If) and element is not branch.atom else []
    if len(needing) != 1 or not isinstance(branch, If):
        return replace(block, statements=(*made, *block.statements))
    then, orelse = (_with_part(b, element, made) if b is needing[0] else b for b in branch.blocks)
    new = replace(branch, then=then, orelse=orelse)
    return replace(block, statements=tuple(new if s is branch else s for s in block.statements))
