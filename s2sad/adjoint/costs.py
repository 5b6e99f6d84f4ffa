"""What it costs a reverse step to have a value of the step: saved, or computed again.

The unit is an operator of Python's numbers, some 40 ns. To save takes a store, a read and three lines, and memory for as long as the loop
runs; so it counts as fourteen operators for each loop that the step lies in, and for an array its numbers are added. To compute again takes
what the operation takes.

A product of two matrices works more than it gives numbers, so what decides is how many numbers are added up for each: of a size that is
not known it is computed again, of some hundred it is saved. The reverse step multiplies as often for each product of the step as there are
factors, and so computing all of them again adds a quarter or a third. A product with a vector takes a number of the matrix for each of its
own: it is computed again only in a step that multiplies matrices anyway, beside which it is nothing.
"""
from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from s2sad.ir.program import ArrayType, Assign, If, StackType, Statement, Type, Var, elements, is_undefined, reads
from s2sad.quickly import dataclass
from s2sad.rules.language import Primitive
from s2sad.types.sizes import Size

SAVED, OTHERWISE = 14, 2
"""A number on a stack, and one that a branch gives which lies in no loop."""
OPERATOR, FUNCTION = 1, 8
"""An operator of numbers, and a function, which NumPy's are of numbers as well."""
WORD = 8
"""Bytes of a number."""
VIEW, ARRAY = 3, 12
"""A part of an array, and an operation of arrays, however small they are."""
AT_ONCE = 64
"""How many elements an operator of arrays does in the time of one of numbers; functions do an eighth of that."""
SMALL = 16
"""Elements up to which an array is as good as the numbers in it."""


@dataclass(frozen=True)
class Way:
    """How a value is computed again: from which others of the step, and at what cost."""

    origins: tuple[Var, ...]
    work: int


def saving(kind: Type, loops: int, copied: bool = False) -> int:
    """What a value of this type on a stack costs in a step that lies in so many loops; an array that is written later is copied."""
    lines = SAVED * loops or OTHERWISE
    if not isinstance(kind, ArrayType):
        return lines
    return lines + elements(kind) * kind.dtype.itemsize // WORD + (ARRAY if copied else 0)


def work(statement: Assign) -> int | None:
    """What it takes to evaluate a statement once more; None where that is not done."""
    primitive, array = statement.primitive, isinstance(statement.targets[0].type, ArrayType)
    if statement.unsure or len(statement.targets) > 1 or not may_be_repeated(primitive, array):
        return None
    if is_part(primitive):
        return VIEW if array else OPERATOR
    sizes = [elements(v.type) for v in (*reads(statement), *statement.targets) if isinstance(v.type, ArrayType)]
    if not sizes or (primitive.cheap and not array):
        return OPERATOR if primitive.cheap else FUNCTION
    return ARRAY + max(sizes) * (8 if primitive.kind == "elementwise" and not primitive.cheap else 1) // AT_ONCE


def is_product(statement: Statement, axes: int) -> bool:
    """Whether a statement multiplies arrays, and adds up, so that there are at least so many axes left."""
    if not isinstance(statement, Assign) or statement.unsure or statement.primitive.again != "number":
        return False
    kind = statement.targets[0].type
    return isinstance(kind, ArrayType) and len(kind.shape) >= axes and len(_arrays(statement)) == 2


def work_of_product(statement: Assign) -> int:
    """What it takes to multiply two arrays once more: each number of one with as many of the other as are not added up."""
    one, other = _arrays(statement)
    added_up = elements(replace(one, shape=one.shape[-1:]))
    return ARRAY + elements(one) * elements(other) // max(added_up, 1) // AT_ONCE


def _arrays(statement: Assign) -> list[ArrayType]:
    return [v.type for v in reads(statement) if isinstance(v.type, ArrayType)]


def work_of_branch(branch: If) -> int | None:
    """What it takes to take a branch once more, both sides counted; None where a side is not to be evaluated twice."""
    works = [work(s) if isinstance(s, Assign) else None for block in branch.blocks for s in block.statements]
    known = [w for w in works if w is not None]
    absent = any(is_undefined(r) for block in branch.blocks for r in block.results)
    numbers = not any(isinstance(t.type, ArrayType | StackType) for t in branch.targets)
    return OPERATOR + sum(known) if len(known) == len(works) and numbers and not absent else None


def may_be_repeated(primitive: Primitive, gives_array: bool) -> bool:
    """Whether an operation does no more than compute a value, in a time that goes with the elements that it reads."""
    if primitive.cheap or is_part(primitive) or primitive.again is True or (primitive.again == "number" and not gives_array):
        return True
    return primitive.kind == "elementwise" and primitive.root is not None and primitive.root[1] in (np, math)


def is_part(primitive: Primitive) -> bool:
    """Whether it gives a part of an array, or the array in another shape."""
    return primitive.alias and primitive.kind == "linear" and not primitive.takes


def is_small(kind: ArrayType) -> bool:
    """Whether an array is known to have few elements."""
    return not any(isinstance(n, Size) for n in kind.shape) and elements(kind) <= SMALL
