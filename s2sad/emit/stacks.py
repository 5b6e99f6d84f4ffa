"""What the steps of a loop save: stacks as text, where they begin, what is put on them and what is taken from them."""
from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.emit.pieces import Pieces
from s2sad.emit.printing import attribute, load, store
from s2sad.ir.program import Const, Loop, Operand, Var


class Stacks(Pieces):
    """The part of the emitter that writes what is done with stacks."""

    def position(self, loop: Loop) -> Any:
        """Which step this is, as the stacks are numbered."""
        assert loop.index is not None and loop.range is not None
        index, (start, _, step) = load(self.label(loop.index)), loop.range
        if is_number(step, -1):
            return ast.BinOp(self.operand(start), ast.Sub(), index)
        along = index if is_number(start, 0) else less(index, self.operand(start))
        if isinstance(start, Const) and not is_number(start, 0):
            along = plus(index, -start.value)
        return along if is_number(step, 1) else ast.BinOp(along, ast.FloorDiv(), self.operand(step))

    def start_stack(self, stack: Var, value: Operand, loop: Loop) -> None:
        kind = stack.type.element  # type: ignore[union-attr]
        zero = _zero(kind)
        if grows(stack, loop):
            made: Any = ast.List([], ast.Load())
        else:
            start, stop, step = loop.range  # type: ignore[misc]
            if is_number(step, 1):
                count = self.operand(stop) if is_number(start, 0) else minus(self.operand(stop), start, self.operand(start))
            elif is_number(step, -1):
                count = minus(self.operand(start), stop, self.operand(stop))
            else:
                whole = ast.Call(load("range"), [self.operand(start), self.operand(stop), self.operand(step)], [])
                count = ast.Call(load("len"), [whole], [])
            made = ast.BinOp(ast.List([self.constant(zero)], ast.Load()), ast.Mult(), count)
        self.comment(loop.location, loop.phase, heads=True) if not self.place else None
        self.line(ast.Assign([store(self.label(stack))], made, None))

    def save(self, loop: Loop, made: set[Any]) -> None:
        """Put the values that are there now on their stacks."""
        for stack, value in zip(loop.stacks, loop.saved, strict=True):
            if value not in made:
                continue
            shown = self.operand(value)
            name = load(self.label(stack))
            if grows(stack, loop):
                self.line(ast.Expr(ast.Call(attribute(name, "append"), [shown], [])))
            else:
                self.saving(ast.Assign([ast.Subscript(name, self.position(loop), ast.Store())], shown, None))


def grows(stack: Var, loop: Loop) -> bool:
    """Whether the steps of a loop put what they save at the end of a list, which has no room to be filled before there is something.

    What may be left early does, so that the stack is as long as there were steps.
    """
    return loop.range is None or loop.exits or (_zero(stack.type.element) is None and not loop.reverse)  # type: ignore[union-attr]


def plus(node: Any, number: int) -> Any:
    """`node + number`, with numbers added up."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        node = ast.Constant(-int(node.operand.value), None)  # type: ignore[arg-type]
    if isinstance(node, ast.Constant) and type(node.value) is int:
        total = node.value + number
        return ast.Constant(total, None) if total >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-total, None))
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(node.right, ast.Constant):
        if type(node.right.value) is int:
            number += node.right.value if isinstance(node.op, ast.Add) else -node.right.value
            node = node.left
    if not number:
        return node
    return ast.BinOp(node, ast.Add() if number > 0 else ast.Sub(), ast.Constant(abs(number), None))


def minus(node: Any, operand: Operand, other: Any) -> Any:
    """`node - other`, where `other` is how an operand is shown."""
    return plus(node, -operand.value) if isinstance(operand, Const) else less(node, other)


def less(node: Any, other: Any) -> Any:
    """`node - other` of whole numbers, `j - i - 1` where the other is `i + 1`."""
    if isinstance(other, ast.BinOp) and isinstance(other.op, (ast.Add, ast.Sub)):
        return ast.BinOp(less(node, other.left), ast.Sub() if isinstance(other.op, ast.Add) else ast.Add(), other.right)
    return ast.BinOp(node, ast.Sub(), other)


def is_number(operand: Operand, number: int) -> bool:
    """Whether an operand is this whole number."""
    return isinstance(operand, Const) and type(operand.value) is int and operand.value == number


def _zero(kind: Any) -> Any:
    """What a stack of values of a type is filled with; None where it grows."""
    if not isinstance(kind, type):
        return None
    if issubclass(kind, (bool, np.bool_)):
        return False
    if issubclass(kind, (int, np.integer)):
        return 0
    if issubclass(kind, (float, np.floating)):
        return 0.0
    return 0j if issubclass(kind, (complex, np.complexfloating)) else None
