"""What a kept path was used for: the sizes that it has served.

A set of sizes is the shapes of the arrays and the lengths of the containers among the arguments, and those whole numbers among them that
decide how many steps a loop makes, how large an array is, or which part of one is meant.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from s2sad.ir.liveness import shaping
from s2sad.ir.program import ArrayType, Assign, Function, If, Loop, Statement, Var, everything, reads, variables

if TYPE_CHECKING:
    from s2sad.api.call import Call

SIZES_CHECKED = 64  # sets of sizes, after which a path is trusted with any


class Uses:
    """Says whether a call has other sizes than those that were served before; it is made for the first of them.

    Of a path that has served many, nothing more is remembered: it is `trusted`.
    """

    def __init__(self, function: Function, call: Call) -> None:
        whole = [i for i, leaf in enumerate(call.leaves) if isinstance(leaf, (int, np.integer)) and not isinstance(leaf, bool)]
        deciding = numbers_that_decide(function) if whole else ()
        self.wholes = tuple(i for i in whole if i in deciding)
        self.served: dict[Any, set[Any]] = {}
        self.count = 0

    @property
    def trusted(self) -> bool:
        return self.count >= SIZES_CHECKED

    def numbers(self, leaves: list[Any]) -> Any:
        """The whole numbers that belong to the sizes: alone, or in a tuple, as generated code writes them."""
        return leaves[self.wholes[0]] if len(self.wholes) == 1 else tuple([leaves[i] for i in self.wholes])

    def add(self, call: Call) -> bool:
        """A call is served: whether its sizes are new."""
        if self.trusted:
            return False
        served, numbers = self.served.setdefault(call.key, set()), self.numbers(call.leaves)
        if numbers in served:
            return False
        served.add(numbers)
        self.count += 1
        return True

    def alike(self, call: Call) -> set[Any] | None:
        """The numbers that were served together with the other sizes of a call; None where every number may be."""
        return self.served.get(call.key) if self.wholes and not self.trusted else None


def numbers_that_decide(function: Function) -> frozenset[int]:
    """Which of the parameters, by number, have a say in a size: of an array, of a part of one, or of the steps of a loop."""
    origins: dict[Var, frozenset[int]] = {p: frozenset({i}) for i, p in enumerate(function.params)}
    statements = list(everything(function.statements))
    while sum(_passed_on(s, origins) for s in statements):  # a loop hands on from step to step
        pass
    return frozenset().union(*(origins.get(v, frozenset()) for s in statements for v in _deciding(s)))


def _passed_on(statement: Statement, origins: dict[Var, frozenset[int]]) -> bool:
    """Note the parameters that a statement hands on; whether there are any that were not noted yet."""
    more = False
    for sources, targets in _flows(statement):
        come = frozenset[int]().union(*(origins.get(v, frozenset()) for v in sources))
        for target in targets:
            known = origins.get(target, frozenset())
            more = more or not come <= known
            origins[target] = known | come
    return more


def _flows(statement: Statement) -> Iterator[tuple[tuple[Var, ...], tuple[Var, ...]]]:
    """What comes to what by a statement."""
    if isinstance(statement, Assign):
        yield reads(statement), statement.targets
    elif isinstance(statement, If):
        for block in statement.blocks:
            yield from zip(map(variables, block.results), ((t,) for t in statement.targets), strict=True)
    elif isinstance(statement, Loop):
        for given in (statement.inits, statement.nexts):
            yield from zip(map(variables, given), zip(statement.carried, statement.results, strict=True), strict=True)
        yield tuple(v for o in statement.range or () for v in variables(o)), statement.body.params[: statement.first]


def _deciding(statement: Statement) -> Iterator[Var]:
    """What decides about a size in a statement of the function itself."""
    if isinstance(statement, Loop) and not statement.phase:
        tested = statement.test.results if statement.test is not None else ()
        yield from (v for o in (*(statement.range or ()), *tested) for v in variables(o))
    elif isinstance(statement, Assign) and not statement.phase:
        sized = any(isinstance(t.type, ArrayType) for t in statement.targets)
        if statement.primitive.kind in ("linear", "rule") or sized:
            yield from shaping(statement)
