"""Cotangents of stacks, and of arrays that only one side of a branch makes.

In a derivative of a derivative a stack is a value like others: several loops may read it, and one side of a branch may not. Where a
value is not there, its cotangent is None, which nothing reads.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad.ir.program import Assign, Block, Const, If, Loop, Operand, StackType, Var, is_undefined
from s2sad.ir.writing import Box
from s2sad.machine.traced import Traced
from s2sad.rules.language import Primitive
from s2sad.rules.operations import ADDED_COTANGENTS, NO_COTANGENTS

Machine = Any


def is_stack(var: Var) -> bool:
    return isinstance(var.type, StackType)


def needs_care(machine: Machine, *cotangents: Any) -> bool:
    """Whether a sum of these is more than `+`."""
    return any(machine.is_absent(c) or (isinstance(c, Traced) and is_stack(c.var)) for c in cotangents)


def applied(machine: Machine, primitive: Primitive, like: Var, *args: Any) -> Box:
    """What an operation gives, of the type of another variable."""
    box: Box = machine.variables.twin(like, f"{machine.sheet.names[like]}_bar" if like in machine.sheet.names else None)
    machine.variables.maybe.discard(box.var)
    machine.blocks.put(Assign((box.var,), primitive, tuple(map(machine.operand, args)), machine.location(), machine.sheet.phase))
    return box


def added(machine: Machine, var: Var, one: Any, other: Any) -> Box:
    box = applied(machine, ADDED_COTANGENTS, var, one, other)
    if machine.is_absent(one) and machine.is_absent(other):
        machine.variables.may_be_absent(box.var)
    return box


def nothing_arrived(machine: Machine, var: Var, wanted: set[Var]) -> Box:
    """Zeros for what is not read, None where it is not there; the branch that makes it has to give something on both sides for it."""
    wanted.add(var)
    box = applied(machine, NO_COTANGENTS, var, machine.sheet.boxes[var])
    if var in machine.variables.maybe:
        machine.variables.may_be_absent(box.var)
    return box


def there_before(loop: Loop, wanted: set[Var]) -> Loop:
    """The loop with None before the first step for what only a step makes."""
    ways = zip(loop.results, loop.carried, loop.inits, strict=True)
    return replace(loop, inits=tuple(Const(None) if is_undefined(i) and not wanted.isdisjoint((t, p)) else i for t, p, i in ways))


def there_on_both_sides(branch: If, wanted: set[Var]) -> If:
    """The branch with None on the side where it makes no such stack."""
    if wanted.isdisjoint(branch.targets):
        return branch

    def given(target: Var, result: Operand) -> Operand:
        if target not in wanted:
            return result
        if isinstance(result, Var):
            wanted.add(result)
        return Const(None) if is_undefined(result) else result

    def side(block: Block) -> Block:
        return replace(block, results=tuple(map(given, branch.targets, block.results)))

    return replace(branch, then=side(branch.then), orelse=side(branch.orelse))
