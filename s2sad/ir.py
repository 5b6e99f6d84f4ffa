"""The intermediate representation: a Wengert list in static single assignment.

    function  ::= name (var ...) { statement ... } -> (atom ...)
    statement ::= var ... = primitive(operand ...)
                | guard atom kind value
    operand   ::= atom | display           a display is a tuple, list, dict or slice of operands
    atom      ::= var | const
"""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from s2sad.errors import Location
from s2sad.primitives import Primitive

_numbers = itertools.count()


@dataclass(frozen=True)
class ArrayType:
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    def __repr__(self) -> str:
        return f"{self.dtype}[{', '.join(map(str, self.shape))}]"


Type = type | ArrayType


def type_of(value: Any) -> Type:
    """The recorded type of a value: its class, or dtype and shape of an array."""
    if type(value) is np.ndarray:
        return ArrayType(value.dtype, value.shape)
    return type(value)


@dataclass(frozen=True, eq=False)
class Var:
    type: Type
    number: int = field(default_factory=lambda: next(_numbers))

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


Atom = Var | Const
Operand = Var | Const | Display
GuardKind = Literal["truth", "equals", "type", "is"]


@dataclass(frozen=True, eq=False)
class Assign:
    """One three-address statement. `phase` is 0 in the primal, 1 in its adjoint, 2 in the adjoint of that, ..."""

    targets: tuple[Var, ...]
    primitive: Primitive
    args: tuple[Operand, ...]
    location: Location | None = None
    phase: int = 0
    result: Any = None  # the container class when several targets make up one result


@dataclass(frozen=True, eq=False)
class Guard:
    """The recorded path is valid only while this holds. A premise is one that may be asked before the path starts."""

    kind: GuardKind
    atom: Atom
    value: Any
    location: Location | None = None
    premise: bool = False


Statement = Assign | Guard


@dataclass(frozen=True, eq=False)
class Function:
    name: str
    params: tuple[Var, ...]
    statements: tuple[Statement, ...]
    results: tuple[Atom, ...]
    names: Mapping[Var, str] = field(default_factory=dict)


def variables(operand: Operand) -> Iterator[Var]:
    """The variables an operand reads, in order."""
    if isinstance(operand, Var):
        yield operand
    elif isinstance(operand, Display):
        for item in operand.items:
            yield from variables(item)


def reads(statement: Statement) -> Iterator[Var]:
    """The variables a statement reads, in order."""
    if isinstance(statement, Guard):
        if isinstance(statement.atom, Var):
            yield statement.atom
    else:
        for arg in statement.args:
            yield from variables(arg)


def substitute(operand: Operand, replacement: Mapping[Var, Atom]) -> Any:
    """The operand with variables replaced."""
    if isinstance(operand, Var):
        return replacement.get(operand, operand)
    if isinstance(operand, Display):
        return Display(operand.kind, tuple(substitute(i, replacement) for i in operand.items), operand.keys)
    return operand
