"""What nested loops save goes into one array with an index for each loop, made before the outermost one. So do the arrays that the steps of
a single loop save: they are its rows.

    u_saved = np.empty((steps, 2))        for i in range(n):
    for step in range(steps):                 for j in range(m):
        u_saved[step] = u                         x_saved[i, j] = x

In the list that a sweep has written, such values are on a stack, or on a stack of stacks. It becomes an array where the number of steps of
the loops can be said before the outermost one, exactly or as a number that is hardly more than twice what is needed, as under the diagonal
of a matrix. Where it cannot, as of a `while`, or where an array would not give back what was put there, it stays what it is, which is
printed as a list, or a list of lists. An array that is written later needs no copy of its own: its row is one.
"""
from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad.ir.program import (
    ArrayType,
    Assign,
    Const,
    Function,
    If,
    Loop,
    Operand,
    StackType,
    Statement,
    Var,
    everything,
    has_regions,
    reads,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.passes.absent import may_be_none
from s2sad.passes.extents import UNUSED, Room, ends, what_is_around
from s2sad.passes.nested_arrays import Change, Plan, is_nothing
from s2sad.rules.structural import NOT

DOUBLE = (np.float64, np.complex128)


def save_in_arrays(function: Function) -> Function:
    """Let loops save into arrays: arrays, and what nested loops save."""
    if not has_regions(function):
        return function
    stacks = [s for s in _stacks(function.statements) if isinstance(_element(s), StackType | ArrayType)]
    uses: _Uses | None = None
    for stack in stacks:
        uses = uses or _Uses(function)
        plan = uses.plan(stack)
        if plan is not None:
            function, uses = Change(function, plan).run(), None
    return function


def _stacks(statements: tuple[Statement, ...]) -> Iterator[Var]:
    """The stacks that loops give, those of an outer loop before those of the loops in it."""
    for statement in everything(statements):
        if isinstance(statement, Loop):
            yield from statement.stacks


def _element(stack: Var) -> Any:
    return stack.type.element  # type: ignore[union-attr]


class _Uses:
    """Where the variables of a function are read, and what its stacks are for."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.every = tuple(everything(function.statements))
        self.absent = may_be_none(function.statements)
        self.makers = {t: s for s in self.every for t in targets_of(s)}
        self.readers: dict[Var, list[tuple[Statement | None, Operand | None]]] = defaultdict(list)
        for statement in self.every:
            for var, there in _own_reads(statement):
                self.readers[var].append((statement, there))
        for result in function.results:
            for var in variables(result):
                self.readers[var].append((None, None))

    def plan(self, stack: Var) -> Plan | None:
        """How a stack becomes an array; None where it stays one."""
        chain = self.chain(stack)
        if chain is None:
            return None
        (loop, innermost), around = chain[-1], what_is_around(self.function, chain[0][0])
        kind = _element(innermost)
        room = Room([each for each, _ in chain], self.makers, around, 0 if isinstance(kind, ArrayType) else UNUSED)
        axes, inner = room.extents(), room.shape(kind) if isinstance(kind, ArrayType) else []
        if axes is None or inner is None:
            return None
        value = loop.saved[loop.stacks.index(innermost)]
        images, sides = set[Var](), set[Var]()
        read = self.read_back(stack, images)
        if read is None or not self.is_there(value, sides):
            return None
        plain = kind in (bool, np.bool_, int) and all(_asks_or_says_where(reader, v) for v in read for reader, _ in self.readers[v])
        if not plain and not self.gives_back(innermost):
            return None
        return Plan(stack, innermost, axes, inner, frozenset(images), frozenset(sides), plain)

    def is_there(self, value: Operand, sides: set[Var]) -> bool:
        """Whether a value is something wherever it is written; what branches give for the stack alone is written on their sides."""
        if not isinstance(value, Var):
            return not is_nothing(value)
        maker = self.makers.get(value)
        if isinstance(maker, If) and len(self.readers[value]) == 1:
            sides.add(value)
            results = [b.results[maker.targets.index(value)] for b in maker.blocks]
            return all(is_nothing(r) or self.is_there(r, sides) for r in results)
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
                value, *others = sorted(sides, key=is_nothing)
                if not all(map(is_nothing, others)):
                    return None
            else:
                return None
        return found

    def read_back(self, stack: Var, images: set[Var]) -> list[Var] | None:
        """The variables that what is on a stack arrives at; None where it is read as a whole. It may have images in branches."""
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
        return any(is_nothing(b.results[branch.targets.index(target)]) for b in branch.blocks)

    def gives_back(self, stack: Var) -> bool:
        """Whether an array gives back what is on a stack, as it was; a whole number may be too large for one."""
        kind, loose = stack.type.element, stack.type.loose  # type: ignore[union-attr]
        if isinstance(kind, ArrayType):
            return bool(kind.shape)  # of an array without axes a number would come back
        if not isinstance(kind, type) or kind is int or not issubclass(kind, (bool, float, complex, np.number, np.bool_)):
            return False
        return not loose or (kind in DOUBLE and not self.is_single)

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


def _asks_or_says_where(statement: Statement | None, var: Var) -> bool:
    """Whether a statement only asks for the truth of a variable, or takes it for the place of an element or the end of a loop."""
    match statement:
        case If():
            return not any(var in b.results for b in statement.blocks)
        case Loop(range=tuple(ends)):
            return var in ends and not any(var in b.results for b in statement.blocks) and var not in statement.inits
        case Assign(primitive=primitive):
            return primitive is NOT or (primitive.indexed and not any(var in variables(a) for k, a in enumerate(statement.args) if k != 1))
    return False


def _is_single(kind: Any) -> bool:
    dtype = kind.dtype if isinstance(kind, ArrayType) else kind
    return dtype in (np.float16, np.float32, np.complex64)


def _constants(statement: Statement) -> Iterator[Const]:
    if isinstance(statement, Assign):
        yield from (a for a in statement.args if isinstance(a, Const))
