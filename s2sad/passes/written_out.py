"""Small arrays that are made of zeros and filled number by number: they are written out, `np.array([birth_bar, hunt_bar, 0.0])`."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice, product
from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Const, Display, Function, Operand, Statement, Var, elements, reads
from s2sad.passes.copies import uses_in
from s2sad.passes.regions import region
from s2sad.rules.operations import ARRAY, REPLACED, SCATTER
from s2sad.types.sizes import Size

Numbers = dict[tuple[int, ...], Operand]
Rows = dict[Operand, list[Operand]]
MOST = 6  # numbers that stand in one line
ZERO = Const(0.0)
OF_NUMBERS: dict[type, tuple[type, ...]] = {np.float64: (float, np.float64), np.float32: (np.float32,),
                                            np.complex128: (complex, np.complex128), np.complex64: (np.complex64,)}  # fmt: skip


def write_out(function: Function) -> Function:
    """The numbers in one line, where at least half of the elements are written before the array is read."""
    uses = uses_in(function)
    readers = {v: s for s in function.statements for v in reads(s) if uses[v] == 1}
    made: dict[Statement, Assign] = {}
    gone: set[Statement] = set()
    rows, rows_made = Rows(), dict[Var, Statement]()  # what is written out and read once
    for statement in function.statements:
        start = _zeros(statement, rows)
        if start is None:
            continue
        chain, numbers = _filled(statement, start, readers, rows)  # type: ignore[arg-type]
        kind = chain[-1].targets[0].type
        assert isinstance(kind, ArrayType)
        if not numbers or 2 * len(numbers) < elements(kind):
            continue
        listed = [numbers.get(place, ZERO) for place in np.ndindex(*kind.shape)]
        gone.update(chain[:-1], (rows_made[v] for link in chain for v in reads(link) if v in rows_made))
        made[chain[-1]] = _array(chain[-1], listed, kind)
        if chain[-1].targets[0] in readers:
            rows[chain[-1].targets[0]], rows_made[chain[-1].targets[0]] = listed, chain[-1]
    return replace(function, statements=tuple(made.get(s, s) for s in function.statements if s not in gone)) if made else function


def _zeros(statement: Statement, rows: Rows) -> Numbers | None:
    """The numbers beside zeros that a small array begins with; None where it begins in another way, or is not small."""
    if not isinstance(statement, Assign) or not statement.phase or len(statement.targets) != 1 or not _is_small(statement.targets[0]):
        return None
    return {} if statement.primitive.zeros else _written(statement, rows) if statement.primitive is SCATTER else None


def _is_small(var: Var) -> bool:
    kind = var.type
    return isinstance(kind, ArrayType) and kind.dtype.type in OF_NUMBERS and len(kind.shape) in (1, 2) and _is_short(kind)


def _is_short(kind: ArrayType) -> bool:
    return not any(isinstance(n, Size) for n in kind.shape) and 0 < elements(kind) <= MOST


def _filled(start: Assign, numbers: Numbers, readers: dict[Var, Statement], rows: Rows) -> tuple[list[Assign], Numbers]:
    """The writes that follow one another before anything is read, and what is there in the end."""
    chain = [start]
    while True:
        version = chain[-1].targets[0]
        following = readers.get(version)
        if not isinstance(following, Assign) or following.primitive is not REPLACED or following.args[0] is not version:
            return chain, numbers
        written = _written(following, rows)
        if written is None:
            return chain, numbers
        chain.append(following)
        numbers = {**numbers, **written}


def _written(write: Assign, rows: Rows) -> Numbers | None:
    """The numbers that a statement writes, by their places: one, or those of an array that is written out."""
    kind, value = write.targets[0].type, write.args[0 if write.primitive is SCATTER else 2]
    assert isinstance(kind, ArrayType)
    place = region(write.args[1], kind)
    if place is None:
        return None
    numbers = rows.get(value, [value])
    places = list(product(*place))
    return dict(zip(places, numbers, strict=True)) if len(places) == len(numbers) and all(_is_number(n, kind) for n in numbers) else None


def _is_number(value: Operand, kind: ArrayType) -> bool:
    if isinstance(value, Const):
        return type(value.value) is float
    return isinstance(value, Var) and value.type in (*OF_NUMBERS[kind.dtype.type], float)


def _array(last: Assign, numbers: list[Operand], kind: ArrayType) -> Assign:
    """The statement that makes an array of numbers, in place of the last of those that fill it."""
    dtype = None if _of_that_type(numbers, kind) else kind.dtype.type
    bound = ARRAY.bind((_listed(numbers, kind.shape),), {"dtype": dtype})
    return replace(last, primitive=ARRAY, args=tuple(a if isinstance(a, Display) else Const(a) for a in bound), strong=False)


def _listed(numbers: Iterable[Operand], shape: tuple[Any, ...]) -> Display:
    """The numbers as a list, or as a list of rows."""
    if len(shape) == 1:
        return Display(list, tuple(numbers))
    rest = iter(numbers)
    return Display(list, tuple(Display(list, tuple(islice(rest, shape[1]))) for _ in range(shape[0])))


def _of_that_type(numbers: list[Operand], kind: ArrayType) -> bool:
    """Whether an array of the numbers is of that type without a word."""
    kinds = Counter(n.type if isinstance(n, Var) else type(n.value) for n in numbers)  # type: ignore[union-attr]
    own = OF_NUMBERS[kind.dtype.type]
    return any(k in kinds for k in own) and (kind.dtype == np.complex128 or set(kinds) <= set(own))
