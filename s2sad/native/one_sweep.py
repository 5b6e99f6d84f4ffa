"""One loop where the function and its adjoint have one each: the adjoint of a sum need not wait for its end.

    for i in range(n):                      for i in range(n):
        total += f(x[i])                        total += f(x[i])
    for i in range(n - 1, -1, -1):              x_bar[i] = derivative(x[i])
        x_bar[i] = derivative(x[i])

The cotangent of a sum is known in front of the loop. So the adjoint of a step may run right after the step: what it reads is at hand,
nothing is saved, nothing computed again. It may where all that the adjoint goes on with are sums as well, so that the order of steps
changes rounding alone; where it reads nothing of the other loop but what the very step saves for it; and where it writes nothing that
the other one reads.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeGuard

from s2sad.ir.equal import key
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    Function,
    Guard,
    If,
    Loop,
    Operand,
    StackType,
    Statement,
    Var,
    everything,
    is_undefined,
    reads,
    rewrite,
    substitute,
    targets_of,
    variables,
)
from s2sad.native.sums_of_steps import Chain
from s2sad.passes.blocks import blockwise
from s2sad.passes.dead import remove_dead
from s2sad.passes.elements import assign_first, each, to_zeros
from s2sad.passes.shared import share_subexpressions
from s2sad.passes.storage import Ties, is_write, may_alias
from s2sad.rules.operations import ACCUMULATED, REPLACED
from s2sad.types.sizes import Size


def in_one_sweep(function: Function) -> Function:
    """The function, with one loop in place of two where that can be."""
    found = [s for s in everything(function.statements) if isinstance(s, Loop)]
    if len({loop.reverse for loop in found}) < 2 or any(_is_of_lists(s) for s in everything(function.statements)):
        return function
    joining = _Joining(function)
    made = joining.block(Block(function.params, function.statements, function.results))
    if not joining.joined:
        return function
    statements = each(made.statements, lambda s: [_added(s, joining.added)])
    return remove_dead(assign_first(blockwise(share_subexpressions)(replace(function, statements=statements))))


def _is_of_lists(statement: Statement) -> bool:
    """Whether a statement is of a list, or of what has an effect."""
    return isinstance(statement, Assign) and (statement.primitive.holds or statement.primitive.takes or bool(statement.primitive.effect))


class _Joining:
    """The blocks of a function from the outside in: where loops are one, those of their steps may be."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.joined: set[Var | None] = set()  # the indices of loops that are two in one
        self.added: set[Var] = set()  # the versions that are assigned, and have to be added where steps come in another order
        self.ties = _ties(function)

    @functools.cached_property
    def to_zeros(self) -> set[Var]:
        """The versions that are assigned where there are zeros, in the order in which the steps come now."""
        return to_zeros(self.function, list(filter(_assigns, everything(self.function.statements))))

    def block(self, block: Block) -> Block:
        statements = list(block.statements)
        while (joined := self.first_pair(statements, block.results)) is not None:
            statements = joined
        return replace(block, statements=tuple(map(self.inside, statements)))

    def inside(self, statement: Statement) -> Statement:
        match statement:
            case Loop():
                body = _shared(statement.body) if statement.index in self.joined else statement.body
                return replace(statement, body=self.block(body))
            case If():
                return replace(statement, then=self.block(statement.then), orelse=self.block(statement.orelse))
        return statement

    def first_pair(self, statements: list[Statement], results: tuple[Operand, ...]) -> list[Statement] | None:
        """The statements with the first two loops that can be one as one."""
        for late, second in enumerate(statements):
            for early, first in enumerate(statements[:late]):
                if isinstance(first, Loop) and isinstance(second, Loop) and _have_the_same_steps(first, second):
                    made = self.pair(statements, results, early, late)
                    if made is not None:
                        return made
        return None

    def pair(self, statements: list[Statement], results: tuple[Operand, ...], early: int, late: int) -> list[Statement] | None:
        """The statements with two loops as one, which stands where the first of them stood; None where that cannot be."""
        first, second = statements[early], statements[late]
        assert isinstance(first, Loop) and isinstance(second, Loop)
        given, chain, between = _given(first, second), _sums(second), statements[early + 1 : late]
        if given is None or chain is None:
            return None
        ahead = _ahead(first, second, between)
        behind = [s for s in between if ahead is None or s not in ahead]
        if ahead is None or self.meet(first, second, ahead, behind):
            return None
        rest = [*statements[:early], *between, *statements[late + 1 :]]
        read = {v for s in rest for v in reads(s)} | {v for r in results for v in variables(r)}
        assigned = {s.targets[0] for s in chain.assigned}
        if not assigned <= (self.added | self.to_zeros):
            return None
        self.joined.add(first.index)
        self.added |= assigned
        return [*statements[:early], *ahead, _one(first, second, given, read), *behind, *statements[late + 1 :]]

    def meet(self, first: Loop, second: Loop, ahead: list[Statement], behind: list[Statement]) -> bool:
        """Whether the second loop, or what goes in front with it, writes what is read before it as it is now: that would have to be copied.

        Writes have their places by now (`passes/placing.py`). So a loop writes into nothing but what it goes on with and what its step
        has made; and what the first loop writes into nobody reads later but by what comes of it, which `_ahead` does not let pass.
        """
        added = self.memory([*second.inits, *_written(ahead)])
        return not added.isdisjoint(self.memory([*reads(first), *(v for s in behind for v in reads(s))]))

    def memory(self, operands: Iterable[Operand]) -> set[Any]:
        return {self.ties.find(v) for v in operands if _is_array(v)}


def _assigns(statement: Statement) -> TypeGuard[Assign]:
    return isinstance(statement, Assign) and statement.primitive is REPLACED


def _added(statement: Statement, versions: set[Var]) -> Statement:
    """What is assigned to zeros as an addition to them, if it makes one of these versions."""
    return replace(statement, primitive=ACCUMULATED) if _assigns(statement) and statement.targets[0] in versions else statement


def _shared(block: Block) -> Block:
    """A block that computes nothing twice."""
    made = share_subexpressions(Function("", block.params, block.statements, block.results))  # type: ignore[arg-type]
    return Block(block.params, made.statements, made.results)


def _is_array(operand: Operand) -> bool:
    return isinstance(operand, Var) and isinstance(operand.type, (ArrayType, StackType))


def _ties(function: Function) -> Ties:
    """Which variables may be one piece of memory."""
    ties = Ties()
    for statement in everything(function.statements):
        if isinstance(statement, (Loop, If)):
            ties.across(statement)
        elif isinstance(statement, Assign) and (may_alias(statement) or is_write(statement)):
            shared = reads(statement) if may_alias(statement) else variables(statement.args[0])
            for target in filter(_is_array, statement.targets):
                for var in filter(_is_array, shared):
                    ties.tie(target, var)
    return ties


def _have_the_same_steps(first: Loop, second: Loop) -> bool:
    """Whether the one loop goes forwards where the other one goes backwards, and each through all of its steps.

    The adjoint of a loop that may be left early goes over as many steps as there were, which only the end of that loop tells.
    """
    if first.reverse == second.reverse or first.range is None or second.range is None:
        return False
    symbols = [loop.index.size.symbol if loop.index is not None and isinstance(loop.index.size, Size) else None for loop in (first, second)]
    alike = symbols[0] is symbols[1]  # a symbol of its own would be that of no loop
    return alike and all(key(a) == key(b) for a, b in zip(first.range, second.range, strict=True))


def _given(first: Loop, second: Loop) -> dict[Var, Any] | None:
    """What a step of the second loop reads of the same step of the first, by what it is called in the second."""
    saved = dict(zip(first.stacks, first.saved, strict=True))
    found: dict[Var, Any] = {second.index: first.index}  # type: ignore[dict-item]
    for element, stack in zip(second.elements, second.scanned, strict=True):
        if stack in saved:
            value = saved[stack]
            if not isinstance(value, Var) or value.type != element.type:
                return None
            found[element] = value
    return found


def _sums(loop: Loop) -> Chain | None:
    """How all that a loop goes on with is added up; None if something else becomes of it."""
    chain = Chain()
    numbers = all(isinstance(p.type, (ArrayType, type)) for p in loop.carried) and not any(map(is_undefined, loop.inits))
    return chain if numbers and all(chain.each_step(loop, place) for place in range(len(loop.inits))) else None


def _ahead(first: Loop, second: Loop, between: list[Statement]) -> list[Statement] | None:
    """The statements between two loops that the second one needs, to stand in front of both; None if one waits for the end of the first.

    What is asked of sizes is asked in front of what relies on it.
    """
    wanted = set(second.body.free) | {v for o in (*second.inits, *second.scanned) for v in variables(o)} - set(first.stacks)
    ahead: list[Statement] = []
    for statement in reversed(between):
        if isinstance(statement, Guard) or not wanted.isdisjoint(targets_of(statement)):
            wanted.update(reads(statement))
            ahead.append(statement)
    return None if not wanted.isdisjoint(first.targets) else ahead[::-1]


def _written(statements: list[Statement]) -> list[Operand]:
    """The arrays that statements write into, and those that loops among them go on with."""
    found: list[Operand] = []
    for statement in everything(tuple(statements)):
        if isinstance(statement, Loop):
            found += statement.inits
        elif isinstance(statement, Assign) and is_write(statement):
            found.append(statement.args[0])
    return found


def _one(first: Loop, second: Loop, given: Mapping[Var, Any], read: set[Var]) -> Loop:
    """The loop of both; what the first one saves stays saved where something else reads it."""
    stacks = [k for k, t in enumerate(first.stacks) if t in read or t in second.body.free]
    scanned = [k for k, s in enumerate(second.scanned) if s not in first.stacks]
    inner = [rewrite(s, given) for s in second.body.statements]
    nexts, saved = (tuple(substitute(r, given) for r in each) for each in (second.nexts, second.saved))
    params = (first.index, *first.carried, *second.carried, *first.elements, *(second.elements[k] for k in scanned))
    results = (*first.nexts, *nexts, *(first.saved[k] for k in stacks), *saved)
    return replace(
        first,
        targets=(*first.results, *second.results, *(first.stacks[k] for k in stacks), *second.stacks),
        inits=(*first.inits, *second.inits),
        scanned=(*first.scanned, *(second.scanned[k] for k in scanned)),
        body=Block(params, (*first.body.statements, *inner), results),  # type: ignore[arg-type]
    )
