"""Lists of unknown length as text: Python's own lists, which are changed in place."""
from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.emit.lines import mark
from s2sad.emit.printing import Printer, attribute, load, store
from s2sad.ir.program import ArrayType, Assign, Const, Operand, Var
from s2sad.rules.lists import FILLED, ITEM_OF, LENGTH, LIST_COPIED, LISTED, STACKED, TOTAL, UNSTACKED

CHANGES = ("append", "pop", "item =", "item +=")  # how lists are written


class Lists(Printer):
    """The part of the emitter that writes what is done with lists."""

    def flush(self, written: frozenset[Any]) -> None:
        raise NotImplementedError

    def written_in_place(self, target: Var, label: str) -> None:
        raise NotImplementedError

    def list_in_place(self, statement: Assign) -> None:
        """`y.append(value)`, `value = y.pop()`, `y[index] = value`, `y[index] = y[index] + value`."""
        (base, *rest), written = statement.args, statement.primitive.writes
        assert isinstance(base, Var)
        shown, items = [self.operand(a) for a in rest], self.operand(base)
        self.flush(self.memory[base])
        self.comment(statement.location, statement.phase)
        node: Any
        if written == "append":
            node = ast.Expr(ast.Call(attribute(items, "append"), shown, []))
        elif written == "pop":
            popped, top = ast.Call(attribute(items, "pop"), [], []), statement.targets[1]
            node = ast.Assign([store(self.label(top))], popped, None) if self.uses[top] else ast.Expr(popped)
        elif written == "item =" or isinstance(base.type.element, ArrayType):  # type: ignore[union-attr]
            place = ast.Subscript(items, shown[0], ast.Load())
            value = shown[1] if written == "item =" else ast.BinOp(place, ast.Add(), shown[1])
            node = ast.Assign([ast.Subscript(items, shown[0], ast.Store())], value, None)
        else:
            node = ast.AugAssign(ast.Subscript(items, shown[0], ast.Store()), ast.Add(), shown[1])
        self.line(mark(node, statement), statement.location)
        self.written_in_place(statement.targets[0], items.id)

    def show_listed(self, items: Operand) -> Any:
        return self.operand(items)

    def show_item_of(self, items: Operand, index: Operand) -> Any:
        return ast.Subscript(self.operand(items), self.operand(index), ast.Load())

    def show_filled(self, value: Operand, items: Operand) -> Any:
        length = ast.Call(load("len"), [self.operand(items)], [])
        return ast.BinOp(ast.List([self.operand(value)], ast.Load()), ast.Mult(), length)

    def show_length(self, items: Operand) -> Any:
        return ast.Call(load("len"), [self.operand(items)], [])

    def show_stacked(self, items: Operand) -> Any:
        return ast.Call(attribute(load(self.bind("np", np)), "array"), [self.operand(items)], [])

    def show_unstacked(self, array: Operand) -> Any:
        return ast.Call(load("list"), [self.operand(array)], [])

    def show_total(self, items: Operand, start: Operand) -> Any:
        plain = isinstance(start, Const) and type(start.value) is int and start.value == 0
        return ast.Call(load("sum"), [self.operand(items)] if plain else [self.operand(items), self.operand(start)], [])

    def show_copied(self, items: Operand) -> Any:
        return ast.Call(load("list"), [self.operand(items)], [])

    shown = {
        LIST_COPIED: show_copied, LISTED: show_listed, ITEM_OF: show_item_of, FILLED: show_filled, LENGTH: show_length,
        STACKED: show_stacked, UNSTACKED: show_unstacked, TOTAL: show_total,
    }  # fmt: skip
