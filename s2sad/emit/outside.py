"""What a function reads from outside, and what it calls that s2sad does not look into, as text; and sizes."""
from __future__ import annotations

import ast
import operator
import sys
from typing import Any

from s2sad.emit.guards import Guards
from s2sad.emit.lines import one_of
from s2sad.emit.printing import attribute, load
from s2sad.ir.program import ArrayType, Const, Display, Operand, Var
from s2sad.passes.missing import MISSING
from s2sad.rules.operations import IDENTITY
from s2sad.rules.structural import (
    ATTRIBUTE,
    CALL,
    CELL,
    COUNT,
    DEFAULT,
    DIM,
    GLOBAL,
    GREATEST,
    ITEM,
    LEAST,
    NOT,
    OBJECT,
    PERFORM,
    SHADOWED,
    SHAPE,
)  # fmt: skip


class Outside(Guards):
    """The part of the emitter that writes reads from outside."""

    def show_dim(self, array: Operand, axis: Any) -> Any:
        size = ast.Subscript(attribute(self.operand(array), "shape"), self.constant(axis.value), ast.Load())
        return one_of(size, len(array.type.shape) if isinstance(array, Var) and isinstance(array.type, ArrayType) else None)

    def show_shape(self, array: Operand) -> Any:
        return attribute(self.operand(array), "shape")

    def show_same(self, operand: Operand) -> Any:
        return self.operand(operand)

    def show_missing(self, operand: Operand) -> Any:
        return ast.Compare(self.operand(operand), [ast.Is()], [ast.Constant(None, None)])

    def show_count(self, number: Operand) -> Any:
        return ast.Call(load("max"), [self.operand(number), ast.Constant(0, None)], [])

    def show_not(self, operand: Operand) -> Any:
        return ast.UnaryOp(ast.Not(), self.operand(operand))

    def show_least(self, items: Any) -> Any:
        return ast.Call(load("min"), [self.operand(i) for i in items.items], [])

    def show_greatest(self, items: Any) -> Any:
        return ast.Call(load("max"), [self.operand(i) for i in items.items], [])

    def show_global(self, function: Any, name: Any) -> Any:
        owner, attr = function.value, name.value
        module = sys.modules.get(owner.__module__ or "")
        if module is not None and module.__dict__ is owner.__globals__:
            return self.logged(Const(module), attr)
        return self.logged_item(attribute(load(self.bind(owner.__name__, owner)), "__globals__"), attr)

    def show_shadowed(self, function: Any, name: Any) -> Any:
        names = attribute(load(self.bind(function.value.__name__, function.value)), "__globals__")
        return ast.Compare(self.constant(name.value), [ast.In()], [names])

    def show_cell(self, cell: Any, name: Any) -> Any:
        return self.logged_attribute(load(self.bind(f"{name.value}_cell", cell.value)), "cell_contents")

    def show_default(self, function: Any, key: Any) -> Any:
        owner = load(self.bind(function.value.__name__, function.value))
        attr = "__defaults__" if isinstance(key.value, int) else "__kwdefaults__"
        return self.logged_item(attribute(owner, attr), key.value)

    def show_object(self, value: Any) -> Any:
        return self.constant(value.value)

    def show_attribute(self, owner: Operand, name: Any) -> Any:
        return self.logged_attribute(self.operand(owner), name.value)

    def show_item(self, owner: Operand, key: Operand) -> Any:
        shown = self.operand(owner)
        if not self.effects:
            return ast.Subscript(shown, self.operand(key), ast.Load())
        return ast.Call(load("read"), [self.constant(operator.getitem), shown, self.operand(key)], [])

    def logged(self, owner: Const, name: str) -> Any:
        return self.logged_attribute(self.constant(owner.value), name)

    def logged_attribute(self, owner: Any, name: str) -> Any:
        """Reads happen once per call as effects do, where there are effects: a path left halfway must see what it saw."""
        if not self.effects or self.in_premise:
            return attribute(owner, name)
        return ast.Call(load("read"), [load("getattr"), owner, self.constant(name)], [])

    def logged_item(self, owner: Any, key: Any) -> Any:
        if not self.effects or self.in_premise:
            return ast.Subscript(owner, self.constant(key), ast.Load())
        return ast.Call(load("read"), [self.constant(operator.getitem), owner, self.constant(key)], [])

    def show_call(self, function: Operand, args: Operand, kwargs: Operand) -> Any:
        if self.effects and not self.in_premise:
            return self.through("read", function, args, kwargs)
        if isinstance(function, Const) and function.value is operator.is_ and isinstance(args, Display):
            one, other = map(self.operand, args.items)
            return ast.Compare(one, [ast.Is()], [other])
        return ast.Call(self.operand(function), *self.spread(args, kwargs))

    def show_perform(self, function: Operand, args: Operand, kwargs: Operand) -> Any:
        return self.through("perform", function, args, kwargs)

    def through(self, log: str, function: Operand, args: Operand, kwargs: Operand) -> Any:
        positional, keywords = self.spread(args, kwargs)
        return ast.Call(load(log), [self.operand(function), *positional], keywords)

    def spread(self, args: Operand, kwargs: Operand) -> tuple[list[Any], list[Any]]:
        assert isinstance(args, Display) and isinstance(kwargs, Display)
        keywords = [ast.keyword(k, self.operand(v)) for k, v in zip(kwargs.keys, kwargs.items, strict=True)]
        return [self.operand(a) for a in args.items], keywords

    shown = {
        **Guards.shown,
        DIM: show_dim, SHAPE: show_shape, MISSING: show_missing, NOT: show_not, GLOBAL: show_global, SHADOWED: show_shadowed,
        CELL: show_cell, DEFAULT: show_default, OBJECT: show_object, ATTRIBUTE: show_attribute, ITEM: show_item, CALL: show_call,
        PERFORM: show_perform, COUNT: show_count, IDENTITY: show_same, LEAST: show_least, GREATEST: show_greatest,
    }  # fmt: skip
