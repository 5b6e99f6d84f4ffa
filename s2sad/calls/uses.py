"""What a kept path was used for: the sizes that it has served.

A set of sizes is the shapes of the arrays that it is given and of those that it reads outside, and those whole numbers, given or read,
that decide how many steps a loop makes, how large an array is, or which part of one is meant. Of a recording, which is asked for its sizes
where there is native code of it, these are all whole numbers that are given: guards ask for them. Containers of other lengths have paths of
their own.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad.emit.arrival import Taking
from s2sad.emit.build import build
from s2sad.emit.regions import emit
from s2sad.ir.liveness import READS, shaping
from s2sad.ir.program import ArrayType, Assign, Function, If, Loop, Statement, Var, everything, reads, variables
from s2sad.rules.structural import SHAPE

SIZES_CHECKED = 64  # sets of sizes, after which a path is trusted with any


class Uses:
    """Says whether a call has other sizes than those that were served before; it is made for the first of them.

    Of a path that has served many, nothing more is remembered: it is `trusted`.
    """

    def __init__(self, function: Function, leaves: list[Any], recorded: bool = False) -> None:
        whole = [i for i, leaf in enumerate(leaves) if isinstance(leaf, (int, np.integer)) and not isinstance(leaf, bool)]
        own = [s for s in function.statements if isinstance(s, Assign) and s.primitive in READS]
        deciding = deciding_among({*(function.params[i] for i in whole), *(t for s in own for t in s.targets if is_whole(t))}, function)
        self.arrays = [i for i, leaf in enumerate(leaves) if type(leaf) is np.ndarray]
        self.wholes = [i for i in whole if recorded or function.params[i] in deciding]
        self.outside = sizes_outside(own, deciding)
        self.served: set[Any] = set()

    @property
    def trusted(self) -> bool:
        return len(self.served) >= SIZES_CHECKED

    def add(self, leaves: list[Any]) -> bool:
        """A call is served: whether its sizes are new."""
        if self.trusted:
            return False
        before, sizes = len(self.served), self.sizes(leaves)
        if sizes is not None:
            self.served.add(sizes)
        return len(self.served) > before

    def forget(self, leaves: list[Any]) -> None:
        """The sizes of a call are to be new again."""
        self.served.discard(self.sizes(leaves))

    def sizes(self, leaves: list[Any]) -> Any:
        """The sizes of a call; None if another thread has changed what they are read from."""
        try:
            outside = () if self.outside is None else self.outside()
        except Exception:
            return None
        return (*[leaves[i].shape for i in self.arrays], *[leaves[i] for i in self.wholes], *outside)

    def ask(self, taking: Taking, leaves: list[Any]) -> None:
        """Have the short way in for calls like one ask whether the sizes are among those that were served."""
        names = [*(f"{taking.leaves[i]}.shape" for i in self.arrays), *(taking.leaves[i] for i in self.wholes)]
        if self.outside is not None:
            names.append(f"*{taking.known(self.outside)}()")
        if names and not self.trusted:
            now = self.sizes(leaves)
            taking.one_of(names, self.served, now if now in self.served else None)


def is_whole(var: Var) -> bool:
    return isinstance(var.type, type) and issubclass(var.type, (int, np.integer)) and var.type is not bool


def sizes_outside(own: list[Assign], deciding: set[Var]) -> Callable[[], tuple[Any, ...]] | None:
    """Reads the shapes of arrays outside the function, and the whole numbers there that decide; None if it reads neither."""
    known: set[Var] = set()
    statements: list[Statement] = []
    results: list[Var] = []
    for statement in own:
        if known.issuperset(reads(statement)):
            known.update(statement.targets)
            statements.append(statement)
            for target in statement.targets:
                if isinstance(target.type, ArrayType):
                    results.append(Var(tuple))
                    statements.append(Assign((results[-1],), SHAPE, (target,)))
                elif target in deciding:
                    results.append(target)
    return build(emit(Function("sizes", (), tuple(statements), tuple(results)))).run if results else None


def deciding_among(candidates: set[Var], function: Function) -> set[Var]:
    """Which of these have a say in a size: of an array, of a part of one, or of the steps of a loop."""
    origins = {var: frozenset({var}) for var in candidates}
    statements = list(everything(function.statements))
    while candidates and sum(_passed_on(s, origins) for s in statements):  # a loop hands on from step to step
        pass
    return {origin for s in statements for v in _deciding(s) for origin in origins.get(v, ())}


def _passed_on(statement: Statement, origins: dict[Var, frozenset[Var]]) -> bool:
    """Note what of the candidates a statement hands on; whether there is something that was not noted yet."""
    more = False
    for sources, targets in _flows(statement):
        come = frozenset[Var]().union(*(origins.get(v, ()) for v in sources))
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
    """What decides about a size in a statement."""
    if isinstance(statement, Loop):
        tested = statement.test.results if statement.test is not None else ()
        yield from (v for o in (*(statement.range or ()), *tested) for v in variables(o))
    elif isinstance(statement, Assign):
        sized = any(isinstance(t.type, ArrayType) for t in statement.targets)
        if statement.primitive.kind in ("linear", "rule") or sized:
            yield from shaping(statement)
