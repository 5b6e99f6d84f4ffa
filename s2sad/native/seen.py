"""Numbers of which it is seen in the results, which are looked at in the end, whether they were finite.

    root = math.sqrt(square)
    energy -= mass / root

Python raises for a root of what is negative and for a division by zero, and the machine gives a NaN or an infinity. Sums, differences,
products and what is divided keep that, to the energy in the end, which leaves the call as well. So nothing is asked in the steps.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from s2sad.ir.program import ArrayType, Assign, Block, Const, Function, If, Loop, Operand, Statement, Var, everything, reads
from s2sad.rules.language import BY_NAME
from s2sad.rules.operations import ADD, DIVIDE, IDENTITY, MULTIPLY, NEGATE, SUBTRACT

FLOATS = (float, np.float64)
KEEP = frozenset({ADD, SUBTRACT, MULTIPLY, NEGATE, IDENTITY})
DIVIDED = frozenset({DIVIDE, BY_NAME[DIVIDE.total]})  # what is divided is kept, the divisor is not


def seen(function: Function) -> frozenset[Var]:
    """The numbers for which nothing is asked where they are computed, as what is asked is seen in the results, whatever way is taken.

    None where steps go on until something is reached, which what is not finite may never reach, or where numbers become whole ones.
    """
    if not all(map(_ends, everything(function.statements))):
        return frozenset()
    block = Block(function.params, function.statements, function.results)
    results = [isinstance(r, Var) and r.type in FLOATS for r in function.results]
    finite, number = _Seen(False), _Seen(True)
    finite.of_block(block, results)
    number.of_block(block, results)
    assigned = [s for s in everything(function.statements) if isinstance(s, Assign)]
    bounded = {s.targets[0] for s in assigned if s.primitive.bounded and _all_in(s, finite.found)}
    others = {t for s in assigned if _divides_otherwise(s) for t in s.targets}
    return frozenset((finite.found | finite.divided | (number.found & number.roots) | bounded) - others)


def _all_in(statement: Assign, found: set[Var]) -> bool:
    """Whether a statement is of numbers that are all among these."""
    return all(isinstance(a, Const) or a in found for a in statement.args)


def _divides_otherwise(statement: Assign) -> bool:
    """Whether a statement divides, and a divisor that is zero need not give what is not finite."""
    return statement.primitive.divides and statement.primitive not in DIVIDED


def _ends(statement: Statement) -> bool:
    if isinstance(statement, Loop):
        return statement.range is not None and statement.test is None and not statement.exits
    whole = isinstance(statement, Assign) and [t for t in statement.targets if _kind(t) in "iu"]
    given = [v for v in reads(statement) if _kind(v) in "fc"] if whole else []
    return not whole or not given or not (any(map(_is_array, whole)) or not all(map(_is_array, given)))


def _is_array(var: Var) -> bool:
    return isinstance(var.type, ArrayType) and bool(var.type.shape)


def _kind(var: Var) -> str:
    """The kind of a dtype; of something else than numbers and arrays none."""
    kind = var.type
    if isinstance(kind, ArrayType):
        return kind.dtype.kind
    return np.dtype(kind).kind if isinstance(kind, type) and issubclass(kind, (int, float, complex, np.generic)) else "-"


class _Seen:
    """What is `found` to be seen in results if it is not finite, or if it is NaN alone; what is `divided` by something that another number,
    which is seen, is divided by; and which numbers are roots."""

    def __init__(self, nan: bool) -> None:
        self.nan = nan
        self.found: set[Var] = set()
        self.divided: set[Var] = set()
        self.roots: set[Var] = set()

    def of_block(self, block: Block, results: list[bool]) -> set[Var]:
        """What is seen in those results of a block for which that is true."""
        here = {r for r, is_seen in zip(block.results, results, strict=True) if is_seen and isinstance(r, Var)}
        for statement in reversed(block.statements):
            match statement:
                case Assign(targets=(target,), result=None) if target in here:
                    here.update(v for v in self.kept(statement) if isinstance(v, Var) and v.type in FLOATS)
                case Loop():
                    here.update(self.through(statement, here))
                case If():
                    for side in statement.blocks:
                        self.of_block(side, [t in here for t in statement.targets])
        divisions = [s for s in block.statements if isinstance(s, Assign) and s.primitive in DIVIDED]
        divisors = {s.args[1] for s in divisions if s.targets[0] in here}
        self.divided.update(s.targets[0] for s in divisions if s.args[1] in divisors)
        self.roots.update(s.targets[0] for s in block.statements if isinstance(s, Assign) and s.primitive.invertible)
        self.found |= here
        return here

    def kept(self, statement: Assign) -> Iterator[Operand]:
        """The operands of a statement of numbers, of which none is as it is looked for where the result is not."""
        if statement.primitive in KEEP or (statement.primitive in DIVIDED and self.nan):
            yield from statement.args
        elif statement.primitive in DIVIDED or statement.primitive.invertible:
            yield statement.args[0]

    def through(self, loop: Loop, here: set[Var]) -> Iterator[Var]:
        """What a loop begins with that is seen after it, which each of its steps hands on."""
        places = {k for k, target in enumerate(loop.results) if target in here}
        while places:
            inner = _Seen(self.nan)
            kept = inner.of_block(loop.body, [k in places for k in range(len(loop.body.results))])
            lost = {k for k in places if loop.carried[k] not in kept}
            if not lost:
                self.found, self.divided, self.roots = self.found | inner.found, self.divided | inner.divided, self.roots | inner.roots
                yield from (i for k in places if isinstance(i := loop.inits[k], Var) and i.type in FLOATS)
                return
            places -= lost
