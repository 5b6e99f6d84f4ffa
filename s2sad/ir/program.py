"""The intermediate representation: a Wengert list with regions, in static single assignment.

The docstring of the package has its grammar. A block reads the variables around it freely. A recorded path has no regions; kept control
flow has.
"""
from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Literal

import numpy as np

from s2sad.errors import Location
from s2sad.ir.asked_once import asked_once
from s2sad.quickly import dataclass
from s2sad.rules.language import Primitive
from s2sad.types.arrays import Array
from s2sad.types.sizes import Size, Whole, settled

_numbers = itertools.count()
UNKNOWN = 32  # what a size that is not known counts as where the code depends on whether an array is large


@dataclass(frozen=True)
class ArrayType:
    dtype: np.dtype[Any]
    shape: tuple[Whole, ...]

    def __repr__(self) -> str:
        return f"{self.dtype}[{', '.join(map(str, self.shape))}]"


@dataclass(frozen=True)
class StackType:
    """One value for each step of a loop; where it is `loose`, it may be of another class than the type says."""

    element: Any
    loose: bool = False

    def __repr__(self) -> str:
        return f"stack of {self.element}"


Type = type | ArrayType | StackType


def computed(kind: Type) -> Type:
    """What arithmetic gives of an operand of a type: a number where that is an array without axes."""
    return kind.dtype.type if isinstance(kind, ArrayType) and not kind.shape else kind


def elements(kind: ArrayType) -> int:
    """How many elements an array has, where a size that is not known counts as a few."""
    return math.prod(UNKNOWN if isinstance(n, Size) else n for n in kind.shape)


def type_of(value: Any) -> Type:
    """The recorded type of a value: its class, or dtype and shape of an array."""
    if type(value) is np.ndarray:
        return ArrayType(value.dtype, value.shape)
    if isinstance(value, Array):
        return ArrayType(value.dtype, tuple(settled(n) for n in value.shape))
    return value.kind if type(value) is Size else type(value)


@dataclass(frozen=True, eq=False)
class Var:
    """A variable. Of a whole number `size` says which one it is, where that is known of a function that is kept."""

    type: Type
    number: int = field(default_factory=lambda: next(_numbers))
    size: Whole | None = None

    def __repr__(self) -> str:
        return f"%{self.number}"


@dataclass(frozen=True, eq=False)
class Const:
    value: Any

    def __repr__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True, eq=False)
class Display:
    """A container written in place; `keys` are the constant keys of a dict."""

    kind: type
    items: tuple[Operand, ...]
    keys: tuple[Any, ...] = ()

    @asked_once
    def variables(self) -> tuple[Var, ...]:
        """The variables in it, in order."""
        return tuple([v for item in self.items for v in variables(item)])


Atom = Var | Const
Operand = Var | Const | Display
GuardKind = Literal["truth", "equals", "same", "type", "is"]


class Beside(int):
    """The phase of a tangent, which stands next to a value and under its comment: `of` is the phase of that."""

    of: int

    @classmethod
    def of_phase(cls, phase: int, of: int) -> Beside:
        made = cls(phase)
        made.of = shown_phase(of)
        return made


def shown_phase(phase: int) -> int:
    """The phase under which a statement is shown."""
    return phase.of if isinstance(phase, Beside) else phase


AGAIN = object()  # the mark of no loop, for what is computed once more where the function computes it once


@dataclass(frozen=True, eq=False)
class Assign:
    """One three-address statement. `phase` is 0 in the primal, 1 in its adjoint, 2 in the adjoint of that, ...; so
    it is in tangents, which stand `Beside` their values.

    `strong`: a product of a cotangent and a partial derivative, in which 0 times anything is 0. Quick code multiplies plainly.
    `within`: where the function itself evaluates it, if not just there: in a step of the loop with this mark, or at another place.
    `unsure`: only the run knows whether the sizes of its arguments go together, and how large the result is.
    """

    targets: tuple[Var, ...]
    primitive: Primitive
    args: tuple[Operand, ...]
    location: Location | None = None
    phase: int = 0
    result: Any = None  # the container class when several targets make up one result
    strong: bool = False
    within: tuple[tuple[Any, Location | None], ...] = ()
    unsure: bool = False

    @asked_once
    def reads(self) -> tuple[Var, ...]:
        """The variables it reads, in order."""
        return tuple(v for arg in self.args for v in variables(arg))


@dataclass(frozen=True, eq=False)
class Guard:
    """The recorded path is valid only while this holds. A premise is one that may be asked before the path starts."""

    kind: GuardKind
    atom: Atom
    value: Any
    location: Location | None = None
    premise: bool = False

    @property
    def reads(self) -> tuple[Var, ...]:
        return variables(self.atom)


class Undefined:
    """What a variable holds where the function has not assigned it."""

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = Undefined()


def is_undefined(operand: Operand) -> bool:
    return isinstance(operand, Const) and operand.value is UNDEFINED


@dataclass(frozen=True, eq=False)
class Block:
    """Statements with parameters and results."""

    params: tuple[Var, ...]
    statements: tuple[Statement, ...]
    results: tuple[Operand, ...]

    @asked_once
    def free(self) -> tuple[Var, ...]:
        """The variables from around the block that it reads, in order."""
        own, found = set(self.params), dict[Var, None]()
        for statement in self.statements:
            found.update((v, None) for v in reads(statement) if v not in own)
            own.update(targets_of(statement))
        found.update((v, None) for r in self.results for v in variables(r) if v not in own)
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Loop:
    """A loop kept as a loop, in the form of a scan.

    The body takes `(index, *carried, *elements)`: the index only where there is a range, an element of each stack in `scanned`. It gives
    `(*carried, *saved)`; with `exits` one more result stands in front of them, which says whether to go on. The loop gives the carried
    values as they are in the end, and a stack for each saved one. A `while` has a `test`, a block of the carried values.
    """

    targets: tuple[Var, ...]
    body: Block
    inits: tuple[Operand, ...]
    range: tuple[Operand, Operand, Operand] | None
    test: Block | None = None
    scanned: tuple[Var, ...] = ()
    exits: bool = False
    reverse: bool = False
    location: Location | None = None
    phase: int = 0
    snapshots: Operand | None = None  # where its steps save nothing: how many snapshots its adjoint may have, 0 for enough
    mark: Any = None  # which what was moved out of it bears

    @property
    def index(self) -> Var | None:
        return self.body.params[0] if self.range is not None else None

    @property
    def first(self) -> int:
        """Where the carried parameters begin."""
        return 1 if self.range is not None else 0

    @property
    def carried(self) -> tuple[Var, ...]:
        return self.body.params[self.first : self.first + len(self.inits)]

    @property
    def elements(self) -> tuple[Var, ...]:
        return self.body.params[self.first + len(self.inits) :]

    @property
    def nexts(self) -> tuple[Operand, ...]:
        """What the body gives for the carried parameters."""
        return self.body.results[self.exits : self.exits + len(self.inits)]

    @property
    def saved(self) -> tuple[Operand, ...]:
        return self.body.results[self.exits + len(self.inits) :]

    @property
    def results(self) -> tuple[Var, ...]:
        """The targets of the carried values."""
        return self.targets[: len(self.inits)]

    @property
    def stacks(self) -> tuple[Var, ...]:
        return self.targets[len(self.inits) :]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.body,) if self.test is None else (self.test, self.body)

    @asked_once
    def reads(self) -> tuple[Var, ...]:
        """What its operands read, and what its blocks read from around it."""
        operands = (*(self.range or ()), *self.inits, *self.scanned, *_if_any(self.snapshots))
        own = set(self.carried)
        inside = (v for block in self.blocks for v in block.free if v not in own)
        return (*(v for operand in operands for v in variables(operand)), *inside)


@dataclass(frozen=True, eq=False)
class If:
    """A branch kept as a branch; its blocks have no parameters."""

    targets: tuple[Var, ...]
    atom: Atom
    then: Block
    orelse: Block
    location: Location | None = None
    phase: int = 0

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.then, self.orelse

    @asked_once
    def reads(self) -> tuple[Var, ...]:
        """What its condition reads, and what its sides read from around it."""
        return (*variables(self.atom), *self.then.free, *self.orelse.free)


Region = Loop | If
Statement = Assign | Guard | Loop | If


def targets_of(statement: Statement) -> tuple[Var, ...]:
    return () if isinstance(statement, Guard) else statement.targets


@dataclass(frozen=True, eq=False)
class Function:
    name: str
    params: tuple[Var, ...]
    statements: tuple[Statement, ...]
    results: tuple[Atom, ...]
    names: Mapping[Var, str] = field(default_factory=dict)


def variables(operand: Operand) -> tuple[Var, ...]:
    """The variables an operand reads, in order."""
    if isinstance(operand, Var):
        return (operand,)
    return operand.variables if isinstance(operand, Display) else ()


def reads(statement: Statement) -> tuple[Var, ...]:
    """The variables a statement reads, in order; those of a region are what its blocks read from around them."""
    return statement.reads


def _if_any(operand: Operand | None) -> tuple[Operand, ...]:
    return () if operand is None else (operand,)


def everything(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """The statements, and those of the regions among them."""
    waiting = [iter(statements)]
    while waiting:
        for statement in waiting[-1]:
            yield statement
            if isinstance(statement, (Loop, If)):
                waiting += [iter(block.statements) for block in reversed(statement.blocks)]
                break
        else:
            waiting.pop()


def last_phase(statements: Sequence[Statement]) -> int:
    """The phase of the last sweep that has written some of the statements, those of regions among them; 0 if none has."""
    return max([s.phase for s in everything(tuple(statements)) if not isinstance(s, Guard)], default=0)


def is_region(statement: Statement) -> bool:
    return isinstance(statement, (Loop, If))


def has_regions(function: Function) -> bool:
    return any(map(is_region, function.statements))


def substitute(operand: Operand, replacement: Mapping[Var, Atom]) -> Any:
    """The operand with variables replaced."""
    if isinstance(operand, Var):
        return replacement.get(operand, operand)
    if isinstance(operand, Display) and not replacement.keys().isdisjoint(operand.variables):
        return Display(operand.kind, tuple(substitute(i, replacement) for i in operand.items), operand.keys)
    return operand


def rewrite(statement: Statement, replacement: Mapping[Var, Any]) -> Statement:
    """The statement with variables replaced in what it reads, inside its blocks as well."""
    if not replacement or replacement.keys().isdisjoint(reads(statement)):
        return statement

    def each(operands: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(substitute(o, replacement) for o in operands)

    match statement:
        case Guard(atom=atom):
            return replace(statement, atom=substitute(atom, replacement))
        case Assign(args=args):
            return replace(statement, args=each(args))
        case Loop():
            bounds: Any = None if statement.range is None else each(statement.range)
            test = None if statement.test is None else rewrite_block(statement.test, replacement)
            return replace(statement, range=bounds, inits=each(statement.inits), scanned=each(statement.scanned), test=test,
                           snapshots=None if statement.snapshots is None else substitute(statement.snapshots, replacement),
                           body=rewrite_block(statement.body, replacement))  # fmt: skip
        case If():
            return replace(statement, atom=substitute(statement.atom, replacement), then=rewrite_block(statement.then, replacement),
                           orelse=rewrite_block(statement.orelse, replacement))  # fmt: skip


def rewrite_block(block: Block, replacement: Mapping[Var, Any]) -> Block:
    if replacement.keys().isdisjoint(block.free):
        return block
    statements = tuple(rewrite(s, replacement) for s in block.statements)
    return Block(block.params, statements, tuple(substitute(r, replacement) for r in block.results))
