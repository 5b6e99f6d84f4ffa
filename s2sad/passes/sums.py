"""Cotangents that a loop gathers in two places, and that are added after it, are gathered in one.

So it is where a helper that reads the same number is called twice in a step: each call has a cotangent of its own.
"""
from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from s2sad.ir.program import Assign, Atom, Block, Const, Function, Loop, Operand, Statement, Var, reads, rewrite, variables
from s2sad.passes.copies import rewrite_results, uses_in
from s2sad.rules.operations import ADD, SUBTRACT


def gather_once(function: Function) -> Function:
    """Two sums that a loop carries, of which nothing but their sum is needed, become one."""
    while (merged := _first_pair_merged(function)) is not None:
        function = merged
    return function


def _first_pair_merged(function: Function) -> Function | None:
    loops = {t: s for s in function.statements if isinstance(s, Loop) and s.phase for t in s.results}
    uses = uses_in(function) if loops else Counter[Var]()
    for total in function.statements if loops else ():
        if not isinstance(total, Assign) or total.primitive is not ADD or not total.phase:
            continue
        for kept, gone in (total.args, total.args[::-1]):
            loop = _loop_of(kept, gone, loops, uses, total)
            merged = None if loop is None else _merged(loop, loop.results.index(kept), loop.results.index(gone))
            if merged is not None:
                assert isinstance(kept, Var)
                statements = (merged if s is loop else s for s in function.statements if s is not total)
                same: dict[Var, Atom] = {total.targets[0]: kept}
                return replace(function, statements=tuple(rewrite(s, same) for s in statements), results=rewrite_results(function, same))
    return None


def _loop_of(kept: Operand, gone: Operand, loops: dict[Var, Loop], uses: Counter[Var], total: Assign) -> Loop | None:
    """The loop that gives both terms of a sum, if nothing else needs them."""
    if not isinstance(kept, Var) or not isinstance(gone, Var) or kept is gone or uses[kept] != 1 or uses[gone] != 1:
        return None
    loop = loops.get(kept)
    alike = {kept.type, gone.type, total.targets[0].type} <= {float, np.float64} or kept.type == gone.type == total.targets[0].type
    return loop if loop is loops.get(gone) and alike else None


def _merged(loop: Loop, kept: int, gone: int) -> Loop | None:
    """The loop in which one of the sums goes on where the other was added to."""
    init = loop.inits[gone]
    if not isinstance(init, Const) or type(init.value) is not float or init.value != 0:
        return None
    uses = Counter(v for s in loop.body.statements for v in reads(s))
    uses.update(v for r in loop.body.results for v in variables(r))
    chains = [_chain(loop, k, uses) for k in (kept, gone)]
    if chains[0] is None or chains[1] is None:
        return None
    steps, current = {id(s) for chain in chains for s in chain or ()}, loop.carried[kept]
    if len(steps) != len(chains[0]) + len(chains[1]):
        return None
    bases = {loop.carried[k] for k in (kept, gone)} | {s.targets[0] for chain in chains for s in chain or ()}
    statements: list[Statement] = []
    for statement in loop.body.statements:
        if isinstance(statement, Assign) and id(statement) in steps:
            base = next(v for v in statement.reads if v in bases)
            statements.append(rewrite(statement, {base: current}))
            current = statement.targets[0]
            continue
        statements.append(statement)
    return _without(loop, gone, statements, kept, current)


def _chain(loop: Loop, k: int, uses: Counter[Var]) -> list[Assign] | None:
    """The additions by which a step makes the next value of what is carried; None where it is made, or needed, in another way."""
    if loop.test is not None and loop.carried[k] in loop.test.free:
        return None
    chain, version = list[Assign](), loop.carried[k]
    for statement in loop.body.statements:
        if version not in reads(statement):
            continue
        if not isinstance(statement, Assign) or uses[version] != 1 or not statement.phase or version not in _bases(statement):
            return None
        chain.append(statement)
        version = statement.targets[0]
    return chain if chain and version is loop.nexts[k] and uses[version] == 1 else None


def _bases(statement: Assign) -> tuple[Operand, ...]:
    """The operands that something is added to."""
    if statement.primitive is ADD:
        return statement.args
    return statement.args[:1] if statement.primitive is SUBTRACT else ()


def _without(loop: Loop, gone: int, statements: list[Statement], kept: int, current: Var) -> Loop:
    first, results = loop.first + gone, list(loop.body.results)
    results[loop.exits + kept] = current
    del results[loop.exits + gone]
    params = loop.body.params[:first] + loop.body.params[first + 1 :]
    return replace(loop, targets=loop.targets[:gone] + loop.targets[gone + 1 :], inits=loop.inits[:gone] + loop.inits[gone + 1 :],
                   body=Block(params, tuple(statements), tuple(results)))  # fmt: skip
