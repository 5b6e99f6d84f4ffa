"""Cotangents of stacks in the reverse sweep: a loop hands the elements on, a branch the stack as a whole.

In a derivative of a derivative a stack is a value like others: several loops may read it, and one side of a branch may not.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad.ir import UNDEFINED, Assign, Block, Const, If, Operand, StackType, Var
from s2sad.primitives import BY_NAME
from s2sad.writing import Box

Machine = Any


def is_stack(var: Var) -> bool:
    return isinstance(var.type, StackType)


def applied(machine: Machine, name: str, like: Var, *args: Any) -> Box:
    """A stack that an operation gives, of values like those of another."""
    box: Box = machine.twin(like)
    machine.put(Assign((box.var,), BY_NAME[name], tuple(map(machine.operand, args)), machine.location(), machine.phase))
    return box


def added(machine: Machine, stack: Var, one: Any, other: Any) -> Box:
    return applied(machine, "added_cotangents", stack, one, other)


def nothing_arrived(machine: Machine, stack: Var, wanted: set[Var]) -> Box:
    """Zeros for a stack that is not read; the branch that makes it has to give something on both sides for it."""
    wanted.add(stack)
    return applied(machine, "no_cotangents", stack, machine.boxes[stack])


def there_on_both_sides(branch: If, wanted: set[Var]) -> If:
    """The branch with None on the side where it makes no such stack."""
    if wanted.isdisjoint(branch.targets):
        return branch

    def given(target: Var, result: Operand) -> Operand:
        if target not in wanted:
            return result
        if isinstance(result, Var):
            wanted.add(result)
        return Const(None) if isinstance(result, Const) and result.value is UNDEFINED else result

    def side(block: Block) -> Block:
        return replace(block, results=tuple(map(given, branch.targets, block.results)))

    return replace(branch, then=side(branch.then), orelse=side(branch.orelse))
