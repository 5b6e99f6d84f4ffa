"""Numbers of Python's beside those of single precision: `1.0 * 1.1` has double precision, `np.float32(1.0) * 1.1` has single.

Native code has one class for a name. Where the function has the one or the other, as it comes, the code in Python is to answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Block, Function, If, Loop, Operand, Statement, Var, everything, is_undefined, variables

EITHER = "a number has single or double precision, as it comes"


def is_single(kind: Any) -> bool:
    """Whether numbers of a class have less than double precision."""
    return isinstance(kind, type) and np.dtype(kind).kind in "fc" and np.finfo(np.dtype(kind)).bits < np.finfo(np.float64).bits


def is_weak(operand: Operand) -> bool:
    """Whether an operand is a number of Python's, which takes the precision of what it is computed with."""
    kind = operand.type if isinstance(operand, Var) else type(getattr(operand, "value", None))
    return kind in (float, complex, int)


def may_be_either(loop: Loop, place: int) -> bool:
    """Whether the precision of what the function goes on with depends on the way, where a loop begins with a number of Python's.

    It does not where the first step makes it single, whatever it does, and reads it beside numbers that are.
    """
    init, param, following = loop.inits[place], loop.carried[place], loop.nexts[place]
    if loop.phase or not is_single(param.type) or is_undefined(init) or not is_weak(init):
        return False
    handed_on = any(param in variables(o) for block in _blocks(loop.body) for o in block)
    return handed_on or following is param or not all(_is_beside_single(s, param) for s in everything(loop.body.statements))


def counts(function: Function, var: Var) -> bool:
    """Whether the function computes with a number or hands it on; what is saved for the adjoint alone does not count."""
    statements = list(everything(function.statements))
    handed_on = [o for s in statements for o in _handed_on(s)]
    read = any(isinstance(s, Assign) and not s.phase and var in s.reads for s in statements)
    return read or var in {v for o in (*handed_on, *function.results) for v in variables(o)}


def _handed_on(statement: Statement) -> tuple[Operand, ...]:
    """What a region begins with and goes on with."""
    if isinstance(statement, Loop):
        return (*statement.inits, *statement.nexts)
    return (*statement.then.results, *statement.orelse.results) if isinstance(statement, If) else ()


def _blocks(block: Block) -> list[tuple[Operand, ...]]:
    """What regions in a block begin with and hand on."""
    found: list[tuple[Operand, ...]] = []
    for statement in everything(block.statements):
        if isinstance(statement, Loop):
            found.append(statement.inits)
        if isinstance(statement, (Loop, If)):
            found += [inner.results for inner in statement.blocks]
    return found


def _is_beside_single(statement: Statement, var: Var) -> bool:
    """Whether a statement that reads a number reads one of single precision as well."""
    if not isinstance(statement, Assign) or var not in statement.reads:
        return True
    kinds = [v.type.dtype.type if isinstance(v.type, ArrayType) else v.type for v in statement.reads if v is not var]
    return any(map(is_single, kinds))
