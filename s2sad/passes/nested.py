"""What nested loops save goes into one array with an index for each loop, made before the outermost one.

    for i in range(n):
        for j in range(m):
            x_saved[i, j] = x

In the list that a sweep has written, such values are on a stack of stacks. It becomes an array where the number of steps of the loops
inside can be said before the outermost one, exactly or as a number that is hardly more than twice what is needed, as under the diagonal
of a matrix. Where it cannot, as of a `while`, or where an array would not give back what was put there, it stays what it is, which is
printed as a list of lists.
"""
from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
    everything,
    has_regions,
    is_undefined,
    reads,
    substitute,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.passes.absent import may_be_none
from s2sad.passes.extents import ZERO, Bound, Dimension, Extent, Room, ends
from s2sad.rules.language import BY_FUNCTION, Primitive
from s2sad.rules.operations import ADD, FLOAT, GETITEM, REPLACED, SUBTRACT
from s2sad.rules.structural import COUNT, DIM
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, at_least_zero

ZEROS = BY_FUNCTION[np.zeros]
OWN: dict[Any, Any] = {bool: BY_FUNCTION[bool], int: BY_FUNCTION[int], float: FLOAT, complex: BY_FUNCTION[complex]}
"""What makes a number of Python's own of one of NumPy's."""
NUMPYS = {bool: np.bool_, int: np.int64, float: np.float64, complex: np.complex128}
DOUBLE = (np.float64, np.complex128)


def save_in_arrays(function: Function) -> Function:
    """Let nested loops save into arrays."""
    if not has_regions(function):
        return function
    for stack in [s for s in _stacks(function.statements) if isinstance(_element(s), StackType)]:
        plan = _Uses(function).plan(stack)
        if plan is not None:
            function = _Change(function, plan).run()
    return function


def _stacks(statements: tuple[Statement, ...]) -> Iterator[Var]:
    """The stacks that loops give, those of an outer loop before those of the loops in it."""
    for statement in everything(statements):
        if isinstance(statement, Loop):
            yield from statement.stacks


def _element(stack: Var) -> Any:
    return stack.type.element  # type: ignore[union-attr]


@dataclass(frozen=True)
class Plan:
    """A stack of stacks that becomes an array: the innermost of these, the axes, those of the values, the results of branches that are the
    stack, and those that are a value which nothing but the stack needs."""

    stack: Var
    innermost: Var
    axes: list[Extent]
    inner: list[Bound | Dimension]
    images: frozenset[Var]
    sides: frozenset[Var]

    @property
    def kind(self) -> Any:
        """The type of the values."""
        return _element(self.innermost)


class _Uses:
    """Where the variables of a function are read, and what its stacks of stacks are for."""

    def __init__(self, function: Function) -> None:
        self.every = tuple(everything(function.statements))
        self.absent = may_be_none(function.statements)
        self.makers = {t: s for s in self.every for t in targets_of(s)}
        self.readers: dict[Var, list[tuple[Statement | None, Operand | None]]] = defaultdict(list)
        for statement in self.every:
            for var, there in _own_reads(statement):
                self.readers[var].append((statement, there))
        for result in function.results:
            self.readers[result].append((None, None))  # type: ignore[index]

    def plan(self, stack: Var) -> Plan | None:
        """How a stack of stacks becomes an array; None where it stays one."""
        chain = self.chain(stack)
        if chain is None:
            return None
        loop, innermost = chain[-1]
        room, kind = Room([each for each, _ in chain], self.makers), _element(innermost)
        axes, inner = room.extents(), room.shape(kind) if isinstance(kind, ArrayType) else []
        if axes is None or inner is None:
            return None
        value = loop.saved[loop.stacks.index(innermost)]
        images, sides = set[Var](), set[Var]()
        read = self.read_back(stack, images)
        if read is None or not self.is_there(value, sides) or not self.gives_back(innermost, read):
            return None
        return Plan(stack, innermost, axes, inner, frozenset(images), frozenset(sides))

    def is_there(self, value: Operand, sides: set[Var]) -> bool:
        """Whether a value is something wherever it is written; what branches give for the stack alone is written on their sides."""
        if not isinstance(value, Var):
            return not _is_nothing(value)
        maker = self.makers.get(value)
        if isinstance(maker, If) and len(self.readers[value]) == 1:
            sides.add(value)
            results = [b.results[maker.targets.index(value)] for b in maker.blocks]
            return all(_is_nothing(r) or self.is_there(r, sides) for r in results)
        return value not in self.absent

    def chain(self, stack: Var) -> list[tuple[Loop, Var]] | None:
        """The loops whose steps save what is on a stack, from the outermost one, each with its stack."""
        found: list[tuple[Loop, Var]] = []
        value: Operand = stack
        while isinstance(value, Var) and isinstance(value.type, StackType):
            maker = self.makers.get(value)
            if found and (len(self.readers[value]) != 1 or maker not in tuple(everything(found[-1][0].body.statements))):
                return None
            if isinstance(maker, Loop) and value in maker.stacks:
                found.append((maker, value))
                value = maker.saved[maker.stacks.index(value)]
            elif isinstance(maker, If) and found:
                sides = [b.results[maker.targets.index(value)] for b in maker.blocks]
                value, *others = sorted(sides, key=_is_nothing)
                if not all(map(_is_nothing, others)):
                    return None
            else:
                return None
        return found

    def read_back(self, stack: Var, images: set[Var]) -> list[Var] | None:
        """The variables that what is on a stack of stacks arrives at; None where it is read as a whole. It may have images in branches."""
        found: list[Var] = []
        for statement, there in self.readers[stack]:
            if isinstance(statement, Loop) and isinstance(there, Var) and ends(statement) is not None:
                more = self.read_back(there, set()) if isinstance(there.type, StackType) else [there]
            elif isinstance(statement, If) and isinstance(there, Var) and self.is_alone(statement, there):
                images.add(there)
                more = self.read_back(there, images)
            else:
                return None
            if more is None:
                return None
            found += more
        return found

    def is_alone(self, branch: If, target: Var) -> bool:
        """Whether only one side of a branch gives something."""
        return any(_is_nothing(b.results[branch.targets.index(target)]) for b in branch.blocks)

    def gives_back(self, stack: Var, read: list[Var]) -> bool:
        """Whether an array gives back what is on a stack, as it was for all that reads it."""
        kind, loose = stack.type.element, stack.type.loose  # type: ignore[union-attr]
        if isinstance(kind, ArrayType):
            return bool(kind.shape)  # of an array without axes a number would come back
        if not isinstance(kind, type) or not issubclass(kind, (bool, int, float, complex, np.number, np.bool_)):
            return False
        if kind is int:  # which may be too large
            return all(map(self.is_place, read))
        return not loose or (kind in DOUBLE and not self.is_single)

    def is_place(self, var: Var) -> bool:
        """Whether a number says where an element is, or how far a loop goes, and nothing else."""
        return all(_says_where(statement, var) for statement, _ in self.readers[var])

    @functools.cached_property
    def is_single(self) -> bool:
        """Whether something has single precision, in which a number of NumPy's does not count as one of Python's."""
        return any(_is_single(v.type) for v in self.readers) or any(_is_single(type(c.value)) for s in self.every for c in _constants(s))


def _own_reads(statement: Statement) -> Iterator[tuple[Var, Operand | None]]:
    """What a statement reads, and its blocks give; of what is read as a stack and of what a branch gives also where it goes."""
    match statement:
        case Loop():
            yield from zip(statement.scanned, statement.elements, strict=True)
            operands = (*(statement.range or ()), *statement.inits, *(r for b in statement.blocks for r in b.results))
            yield from ((v, None) for o in operands for v in variables(o))
            yield from ((v, None) for v in (() if statement.snapshots is None else variables(statement.snapshots)))
        case If():
            yield from ((v, None) for v in variables(statement.atom))
            for block in statement.blocks:
                yield from ((v, t) for t, r in zip(statement.targets, block.results, strict=True) for v in variables(r))
        case _:
            yield from ((v, None) for v in reads(statement))


def _is_nothing(operand: Operand) -> bool:
    return is_undefined(operand) or (isinstance(operand, Const) and operand.value is None)


def _is_zero(operand: Operand) -> bool:
    """Whether an operand is a zero as it is in an array of zeros."""
    return isinstance(operand, Const) and type(operand.value) in (bool, int, float) and str(operand.value) in ("False", "0", "0.0")


def _says_where(statement: Statement | None, var: Var) -> bool:
    if isinstance(statement, Loop) and statement.range is not None:
        return var in statement.range and not any(var in b.results for b in statement.blocks) and var not in statement.inits
    if not isinstance(statement, Assign) or not statement.primitive.indexed:
        return False
    return not any(var in variables(a) for k, a in enumerate(statement.args) if k != 1)


def _is_single(kind: Any) -> bool:
    dtype = kind.dtype if isinstance(kind, ArrayType) else kind
    return dtype in (np.float16, np.float32, np.complex64)


def _constants(statement: Statement) -> Iterator[Const]:
    if isinstance(statement, Assign):
        yield from (a for a in statement.args if isinstance(a, Const))


class _Change:
    """A function while one of its stacks of stacks becomes an array."""

    def __init__(self, function: Function, plan: Plan) -> None:
        self.function, self.plan = function, plan
        self.names = dict(function.names)
        self.name = self.names.get(plan.innermost, "t_saved")
        inner = plan.kind.shape if isinstance(plan.kind, ArrayType) else ()
        self.dtype = plan.kind.dtype if isinstance(plan.kind, ArrayType) else np.dtype(NUMPYS.get(plan.kind, plan.kind))
        self.type = ArrayType(self.dtype, (*(Size.of(Symbol("steps")) for _ in plan.axes), *inner))
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
        shape = (*(self.length(axis, kept) for axis in self.plan.axes), *(self.inner(axis, kept) for axis in self.plan.inner))
        start = self.array()
        dtype = {} if self.dtype == np.float64 else {"dtype": self.plan.kind if self.plan.kind in (bool, int) else self.dtype.type}
        args = tuple(a if isinstance(a, Display) else Const(a) for a in ZEROS.bind((Display(tuple, shape),), dtype))
        kept.append(Assign((start,), ZEROS, args, None, self.phase))
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
            there.insert(found + 1, Assign((end,), REPLACED, (array, Display(tuple, place), value), None, self.phase))
        return tuple(there), end

    def written_on_sides(self, branch: If, value: Var, array: Var, place: tuple[Operand, ...]) -> tuple[If, Var]:
        """A branch whose sides write into the array, those that have something to write: zeros are there."""
        number, target, sides = branch.targets.index(value), self.array(), []
        for block in branch.blocks:
            result, end, statements = block.results[number], array, block.statements
            if not _is_nothing(result) and not _is_zero(result):
                statements, end = self.written(statements, result, array, place)
            sides.append(Block((), statements, (*(r for k, r in enumerate(block.results) if k != number), end)))
        targets = (*(t for t in branch.targets if t is not value), target)
        return replace(branch, targets=targets, then=sides[0], orelse=sides[1]), target

    # What reads it

    def read(self, loop: Loop) -> Loop:
        """A loop whose steps read in the array what they took from the stack."""
        taken = {e: self.where[s] for e, s in zip(loop.elements, loop.scanned, strict=True) if s in self.where}
        before: list[Statement] = []
        body = loop.body
        for element, (array, place) in taken.items():
            here = (*place, self.place(loop, len(place), before))
            if isinstance(element.type, StackType):
                self.where[element] = array, here
            else:
                body = _with_part(body, element, self.part(element, array, here, loop.phase))
        params = tuple(p for p in loop.body.params if p not in taken)
        scanned = tuple(s for s in loop.scanned if s not in self.where)
        body = Block(params, (*before, *self.statements(body.statements)), body.results)
        return replace(loop, body=body, scanned=scanned)

    def part(self, element: Var, array: Var, place: tuple[Operand, ...], phase: int) -> list[Statement]:
        """A value is read, in the class that it had."""
        index, kind = Display(tuple, place), self.plan.kind
        if isinstance(kind, ArrayType) or kind not in OWN:
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
