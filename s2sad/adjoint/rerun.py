"""Statements once more, with variables of their own: what a checkpointed loop or function computes again in its adjoint."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad.errors import CannotKeep
from s2sad.ir.program import (
    AGAIN,
    Assign,
    Block,
    Const,
    Display,
    Guard,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    reads,
    rewrite,
    rewrite_block,
    substitute,
    targets_of,
    variables,
)
from s2sad.machine.checkpoints import Snapshots, nearest, offer
from s2sad.rules.operations import ADD, MULTIPLY
from s2sad.rules.structural import CALL
from s2sad.trees import Node

Machine = Any


def fresh(machine: Machine, statements: tuple[Statement, ...], there: dict[Var, Var]) -> list[Statement]:
    """Copies of the statements that read what `there` says; it learns the variables of the copies."""
    return [_fresh(machine, statement, there) for statement in statements]


def _fresh(machine: Machine, statement: Statement, there: dict[Var, Var]) -> Statement:
    new = rewrite(statement, there)
    if isinstance(new, Loop):
        test = None
        inner = {p: machine.variables.twin(p).var for p in new.body.params}
        if new.test is not None:
            test = _block(machine, rewrite_block(new.test, inner), {})
        new = replace(new, body=_block(machine, new.body, inner), test=test)
    elif isinstance(new, If):
        new = replace(new, then=_block(machine, new.then, {}), orelse=_block(machine, new.orelse, {}))
    targets = targets_of(statement)
    there.update((t, machine.variables.again(t).var) for t in targets)
    # The phase stays: what is computed again is not to be rearranged, so that it is the same to the last bit.
    if isinstance(new, Assign):
        new = replace(new, within=((AGAIN, None),))
    return new if isinstance(new, Guard) else replace(new, targets=tuple(there[t] for t in targets))


def _block(machine: Machine, block: Block, inner: dict[Var, Var]) -> Block:
    params = tuple(inner[p] for p in block.params)
    statements = fresh(machine, block.statements, inner)
    return Block(params, tuple(statements), tuple(substitute(r, inner) for r in block.results))


def restored(machine: Machine, loop: Loop, snapshots: Var, index: Var) -> tuple[list[Statement], dict[Var, Var]]:
    """What brings the state of the loop to the beginning of a step of its adjoint, and the variables it arrives in.

    `index` counts steps; the statements are a read of the nearest snapshot and a loop from there on.
    """
    start = machine.variables.twin(index, "start").var
    carried = state(loop)
    held = [machine.variables.twin(loop.carried[k]).var for k in carried]
    shape = Node(tuple, tuple(range(1 + len(held))), (None,) * (1 + len(held)), tuple(range(1 + len(held))))
    found = _called(machine, (start, *held), nearest, (snapshots, index), loop, shape)
    along = machine.variables.twin(index).var
    params = {loop.carried[k]: machine.variables.twin(loop.carried[k]).var for k in carried}
    offered = _called(machine, (), offer, (snapshots, along, *params.values()), loop)
    there: dict[Var, Var] = {**params, **_index(loop, along)}
    index_of_user = counted(machine, loop, along, there)
    steps = fresh(machine, loop.body.statements, there)
    nexts = tuple(substitute(loop.nexts[k], there) for k in carried)
    body = Block((along, *params.values()), (offered, *index_of_user, *steps), nexts)
    arrived = {p: machine.variables.twin(p).var for p in params}
    span = (start, index, Const(1))
    advance = Loop(tuple(arrived.values()), body, tuple(held), span, None, (), False, False, loop.location, machine.sheet.phase)
    return [found, advance], arrived


def needed(statements: list[Statement], wanted: set[Var]) -> list[Statement]:
    """Those of the statements that the wanted variables come from."""
    kept: list[Statement] = []
    for statement in reversed(statements):
        if any(t in wanted for t in targets_of(statement)):
            wanted = wanted | set(reads(statement))
            kept.append(statement)
    return kept[::-1]


def state(loop: Loop) -> list[int]:
    """Which of the carried variables a step needs: those that it reads."""
    read = {v for s in loop.body.statements for v in reads(s)} | {v for n in loop.nexts for v in variables(n)}
    return [k for k, p in enumerate(loop.carried) if p in read]


def _index(loop: Loop, along: Var) -> dict[Var, Var]:
    return {} if loop.index is None else {loop.index: along}


def counted(machine: Machine, loop: Loop, along: Var, there: dict[Var, Var]) -> list[Statement]:
    """The user's index from the number of the step, where the two differ."""
    if loop.index is None or (_is(loop.range[0], 0) and _is(loop.range[2], 1)):  # type: ignore[index]
        return []
    start, _, step = loop.range  # type: ignore[misc]
    product, index = machine.variables.twin(loop.index).var, machine.variables.twin(loop.index).var
    there[loop.index] = index
    return [Assign((product,), MULTIPLY, (along, step), loop.location, machine.sheet.phase),
            Assign((index,), ADD, (start, product), loop.location, machine.sheet.phase)]  # fmt: skip


def taken(machine: Machine, loop: Loop, held: list[int], snapshots: Var, steps: Operand, count: Operand) -> Statement:
    """The snapshots before the adjoint begins: what the loop began with, of the variables that are held."""
    machine.sheet.names[snapshots] = "snapshots"
    return _called(machine, (snapshots,), Snapshots, (steps, count, *(loop.inits[k] for k in held)), loop)


def refuse(statement: Assign, live: set[Var]) -> None:
    """Snapshots have no derivative: those of what is differentiated again would be lost."""
    held = statement.args[0] if statement.primitive is CALL else None
    if isinstance(held, Const) and held.value in (Snapshots, nearest, offer) and any(v in live for v in reads(statement)):
        raise CannotKeep("a derivative of a derivative through checkpoint()", statement.location, "leave checkpoint() out")


def _called(machine: Machine, targets: tuple[Var, ...], function: Any, args: tuple[Operand, ...], loop: Loop, result: Any = None) -> Assign:
    arguments = (Const(function), Display(list, args), Display(dict, ()))
    return Assign(targets, CALL, arguments, loop.location, machine.sheet.phase, result)


def _is(operand: Operand, number: int) -> bool:
    return isinstance(operand, Const) and type(operand.value) is int and operand.value == number
