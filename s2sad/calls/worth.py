"""What native code of a path is worth: the share of the time of its calls that it saves, and how long it takes to compile.

Both are told by the list, and the sizes of a call. What native code saves is what surrounds the arithmetic: the interpreter, the calls of
NumPy, the arrays between them. A product of matrices takes its time in either. The unit is that of `adjoint/costs.py`, an operator of
Python's numbers; the constants are those of the programs of `tests/benchmarks/native_rows.py`, measured once. What is meant is an order
of magnitude: how long calls take is not computed but measured (`tiers.py`).
"""
from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from s2sad.adjoint.costs import ARRAY, AT_ONCE, FUNCTION, OPERATOR, VIEW, is_part
from s2sad.ir.program import UNKNOWN, ArrayType, Assign, Block, Const, Function, If, Loop, Statement, Var, everything, reads, targets_of
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size

QUICKER, FUSED, FUNCTIONS = 1 / 40, 1 / 4, 1 / 2
"""What native code takes of the time of an operator of numbers, of one for each element of arrays, and of a function."""
ONCE, STATEMENT, STATEMENT_OF_ARRAYS, LOADING = 0.1, 0.004, 0.02, 0.3
"""Seconds that compiling takes: by itself, for each statement, for one of arrays besides, and to load Numba."""


class Worth(NamedTuple):
    """The share of a call's time that native code saves."""

    saved: float
    products: bool
    """Whether most of the time goes into products of arrays, of which nothing is saved."""


def worth(function: Function, leaves: Iterable[Any]) -> Worth:
    """What native code of a list is worth for the sizes of a call."""
    work = Work(function, leaves)
    work.block(function.statements, 1.0)
    return Worth(1.0 - (work.native + work.products) / max(work.python + work.products, 1.0), work.products > work.python)


def seconds_to_compile(function: Function) -> float:
    """About how long it takes to make machine code of a list."""
    statements = [*everything(function.statements)]
    arrays = sum(any(isinstance(v.type, ArrayType) for v in targets_of(s)) for s in statements)
    return ONCE + STATEMENT * len(statements) + STATEMENT_OF_ARRAYS * arrays + LOADING * ("numba" not in sys.modules)


class Work:
    """Adds up what the statements of a list take, as often as each is made."""

    def __init__(self, function: Function, leaves: Iterable[Any]) -> None:
        self.known: dict[Symbol, float] = {}
        self.python = self.native = self.products = 0.0
        for param, leaf in zip(function.params, leaves, strict=False):
            if isinstance(leaf, np.ndarray) and isinstance(param.type, ArrayType):
                self.learn(param.type.shape, leaf.shape)
            elif isinstance(leaf, (int, np.integer)):
                self.learn((param.size,), (int(leaf),))

    def learn(self, sizes: Iterable[Any], numbers: Iterable[float]) -> None:
        for size, number in zip(sizes, numbers, strict=False):
            if isinstance(size, Size) and size.symbol is not None:
                self.known[size.symbol] = number

    def number(self, size: Any) -> float:
        """A size in this call; what is not known of one counts as a few."""
        if not isinstance(size, Size):
            return UNKNOWN if size is None else float(size)
        return sum(factor * math.prod(map(self.symbol, term)) for term, factor in size.terms)

    def symbol(self, symbol: Symbol) -> float:
        found = self.known.get(symbol, symbol.hint)
        return UNKNOWN if found is None else found

    def elements(self, kind: ArrayType) -> float:
        return math.prod(max(self.number(n), 0.0) for n in kind.shape)

    def block(self, statements: Iterable[Statement], times: float) -> None:
        for statement in statements:
            if isinstance(statement, Loop):
                self.loop(statement, times)
            elif isinstance(statement, If):
                for block in statement.blocks:
                    self.block(block.statements, times / 2)
            elif isinstance(statement, Assign):
                self.assign(statement, times)
            self.add(times, OPERATOR, OPERATOR * QUICKER)

    def loop(self, loop: Loop, times: float) -> None:
        steps = float(UNKNOWN)
        if loop.range is not None:
            start, stop, step = map(self.operand, loop.range)
            steps = max((stop - start) / step, 0.0) if step else steps
            self.learn((loop.body.params[0].size,), ((start + stop) / 2,))
        for block in loop.blocks:
            self.inner(block, times * steps)

    def inner(self, block: Block, times: float) -> None:
        if times:
            self.block(block.statements, times)

    def operand(self, operand: Any) -> float:
        if isinstance(operand, Const):
            return float(operand.value)
        return self.number(operand.size if isinstance(operand, Var) else None)

    def assign(self, statement: Assign, times: float) -> None:
        primitive, one = statement.primitive, statement.targets[0]
        arrays = [v.type for v in (*reads(statement), *statement.targets) if isinstance(v.type, ArrayType) and v.type.shape]
        if not arrays or is_part(primitive):
            python = (VIEW if isinstance(one.type, ArrayType) else OPERATOR) if arrays or primitive.cheap else FUNCTION
            self.add(times, python, python * (QUICKER if primitive.cheap or arrays else FUNCTIONS / 4))
            return
        most = max(map(self.elements, arrays))
        if primitive.kind == "elementwise" or primitive.cheap:
            each = most * (1 if primitive.cheap else FUNCTION) / AT_ONCE
            self.add(times, ARRAY + each, each * (FUSED if primitive.cheap else FUNCTIONS))
        elif primitive.again == "number" and len(arrays) > 2:
            self.add(times, ARRAY, 0.0)
            self.products += times * self.multiplied(arrays) / AT_ONCE
        else:
            self.add(times, ARRAY + most / AT_ONCE, most * FUSED / AT_ONCE)

    def multiplied(self, kinds: list[ArrayType]) -> float:
        """How often a product of arrays multiplies: the root of the product of all sizes, of the matrices that come in and of that which
        comes out."""
        return math.sqrt(math.prod(map(self.elements, kinds[:3])))

    def add(self, times: float, python: float, native: float) -> None:
        self.python += times * python
        self.native += times * native
