"""Lists of unknown length: arrays with room to grow, and how many items each has. They are changed in place, as in Python.

An item that is an array is copied into the list and out of it: what writes into an array that such a list holds is not kept.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Display, Operand, StackType, Var
from s2sad.native.homes import Home
from s2sad.native.joining import several
from s2sad.native.lazy import Memory, View
from s2sad.native.nests import cost_of
from s2sad.native.numbers import kind_of
from s2sad.native.places import Node, binary, compared, const, name, parsed
from s2sad.native.stack_forms import StackForms
from s2sad.native.stacks import Stack
from s2sad.native.sweeps import DEAR
from s2sad.native.writer import Number
from s2sad.types.sizes import Size


class Lists(StackForms):
    """The part that writes lists."""

    # What a list is

    def stack(self, operand: Operand) -> Stack:
        found = self.take(operand)
        if not isinstance(found, Stack):
            raise CannotBeNative("a list of something other than numbers and arrays is read", self.where)
        return found

    def empty_list(self, hint: str, element: Any, length: str, count: str) -> Stack:
        """A list with room for as many items as a length."""
        if isinstance(element, StackType):
            raise CannotBeNative("lists in lists have no native form", self.where)
        label = self.fresh(f"{hint}_count")
        self.line(f"{label} = {count}")
        return replace(self.new_stack(Home(element), hint, length, label, True), owned=True, depth=len(self.frames))

    def as_list(self, stack: Stack, hint: str = "") -> Stack:
        """A copy of a stack, as a list that may be changed."""
        if isinstance(stack.element, StackType):
            raise CannotBeNative("lists in lists have no native form", self.where)
        self.flush()
        label = self.fresh(hint or "items")
        count = self.fresh(f"{label}_count")
        end = f"{stack.start} + {stack.count}" if stack.start else stack.count
        self.line(f"{label}, {count} = {stack.label}[{stack.start}:{end}].copy(), {stack.count}")
        return replace(stack, label=label, count=count, start="", counted=True, owned=True, depth=len(self.frames))

    def changed(self, statement: Assign) -> Stack:
        """The list that a statement changes; from now on it has the name of the next version."""
        base = statement.args[0]
        assert isinstance(base, Var)
        stack = self.stack(base)
        self.flush()
        if not stack.owned or self.left[base] > 0 or stack.depth < len(self.frames):
            stack = self.as_list(stack, self.hint(statement.targets[0]))
        self.env[statement.targets[0]] = stack
        return stack

    # Items

    def put_item(self, stack: Stack, at: str, operand: Operand) -> None:
        if stack.dims or (isinstance(stack.element, ArrayType) and stack.element.shape):
            found = self.lazy(operand)
            if cost_of(found) >= DEAR and self.wanted(found):
                found = self.materialised(found)
            slot = self.slot(stack, parsed(at), found.dims)
            self.add(self.storing(found, slot), found.dims)
            self.flush()
            found.stored = None if found.stored is slot else found.stored  # the list may be changed, and the name of the place
        else:
            number = self.number(operand)
            self.said(f"{stack.label}[{at}] = {ast.unparse(self.of_kind(number, kind_of(stack.element)))}")

    def read_item(self, target: Var, stack: Stack, at: str) -> None:
        """Let a variable be an item: a copy of it, as the list may be changed."""
        if not (isinstance(target.type, ArrayType) and target.type.shape):
            return self.define(target, parsed(f"{stack.label}[{stack.at(at)}]"), reads_memory=True)
        view = self.slot(stack, parsed(stack.at(at)), self.dims(target))
        copy = View(self.allocate(self.hint(target) or "item", view.dims, view.dtype, target in self.escaping))
        self.add(self.storing(view, copy), view.dims)
        self.flush()
        self.env[target] = copy

    def index_of(self, stack: Stack, operand: Operand) -> str:
        """Where an item is; the call is handed over where there is none."""
        given = self.number(operand)
        index = Number(self.of_kind(given, int), int)  # a truth value counts as a number
        if isinstance(index.node, (ast.Constant, ast.UnaryOp)):
            known = int(ast.literal_eval(index.node))
            node: Node = binary(parsed(stack.count), "-", const(-known)) if known < 0 else const(known)
            self.leave_if(compared(parsed(stack.count), "<", const(-known if known < 0 else known + 1)))
            return ast.unparse(node)
        wrapped = self.named(Number(parsed(f"support.wrapped({ast.unparse(index.node)}, {stack.count})"), int), "place").node
        self.leave_if(parsed(f"not 0 <= {ast.unparse(wrapped)} < {stack.count}"))
        return ast.unparse(wrapped)

    # Lists that go on

    def list_moves(self, result: Operand, to: Stack) -> list[tuple[str, Node]]:
        """What lets the names of a list hold another one: a copy, as each may be changed later."""
        found = self.stack(result)
        if found.label == to.label:
            return []
        copy = self.as_list(found, to.label)
        return [(to.label, name(copy.label)), (to.count, name(copy.count))]

    def carried_list(self, init: Operand, hint: str) -> Stack:
        """The list that a loop goes on with: changed in place, if nobody else reads it."""
        found = self.stack(init)
        may_be_changed = found.owned and found.depth == len(self.frames) and not (isinstance(init, Var) and self.left[init])
        return replace(found if may_be_changed else self.as_list(found, hint), depth=len(self.frames) + 1)

    # Forms

    def form_listed(self, statement: Assign) -> None:
        (target,), items = statement.targets, statement.args[0]
        assert isinstance(target.type, StackType)
        given = list(items.items) if isinstance(items, Display) else None
        if isinstance(items, Const) and isinstance(items.value, (list, tuple)):
            given = [Const(v) for v in items.value]
        if given is None:
            self.env[target] = self.as_list(self.stack(items), self.hint(target))
            return
        self.flush()
        stack = self.empty_list(self.hint(target) or "items", target.type.element, str(len(given) + 8), str(len(given)))
        for k, item in enumerate(given):
            self.put_item(stack, str(k), item)
        self.env[target] = stack

    def form_list_copied(self, statement: Assign) -> None:
        (target,) = statement.targets
        self.env[target] = self.as_list(self.stack(statement.args[0]), self.hint(target))

    def form_copied(self, statement: Assign) -> None:
        operand = statement.args[0]
        if not isinstance(operand, Var) or not isinstance(self.env.get(operand), Stack):
            return super().form_copied(statement)
        self.env[statement.targets[0]] = self.as_list(self.stack(operand), self.hint(statement.targets[0]))

    def form_appended(self, statement: Assign) -> None:
        value = statement.args[1]
        self.ready((value,))
        stack = self.changed(statement)
        self.grow(stack, f"{stack.count} == {stack.label}.shape[0]", stack.count)
        self.put_item(stack, stack.count, value)
        self.line(f"{stack.count} += 1")

    @several
    def form_popped(self, statement: Assign) -> None:
        stack = self.changed(statement)
        self.leave_if(compared(parsed(stack.count), "==", const(0)))
        self.line(f"{stack.count} -= 1")
        self.read_item(statement.targets[1], stack, stack.count)

    def form_stored(self, statement: Assign) -> None:
        stack = self.changed(statement)
        self.put_item(stack, self.index_of(stack, statement.args[1]), statement.args[2])

    def form_added_item(self, statement: Assign) -> None:
        stack = self.changed(statement)
        at = self.index_of(stack, statement.args[1])
        if isinstance(stack.element, ArrayType) and stack.element.shape:
            value = self.materialised(self.lazy(statement.args[2]), lasting=False)
            self.said(f"{stack.label}[{at}] += {value.memory.label}" if value.is_whole else "")
            if not value.is_whole:
                raise CannotBeNative("a part of an array is added to an item of a list", self.where)
        else:
            number = self.number(statement.args[2])
            self.said(f"{stack.label}[{at}] += {ast.unparse(self.of_kind(number, kind_of(stack.element)))}")

    def form_item_of(self, statement: Assign) -> None:
        stack = self.stack(statement.args[0])
        self.flush()
        self.read_item(statement.targets[0], stack, self.index_of(stack, statement.args[1]))

    def form_length_of(self, statement: Assign) -> None:
        stack = self.stack(statement.args[0])
        if not stack.owned:
            return self.length_is_known(statement.targets[0], name(stack.count))
        label = self.fresh(self.hint(statement.targets[0]) or "length")
        self.said(f"{label} = {stack.count}")
        self.length_is_known(statement.targets[0], name(label))

    def length_is_known(self, target: Var, node: Any) -> None:
        self.env[target] = Number(node, int)
        if target.size is not None:
            self.learn_number(target.size, node.id)

    def form_filled(self, statement: Assign) -> None:
        (target,) = statement.targets
        assert isinstance(target.type, StackType)
        like = self.stack(statement.args[1])
        self.flush()
        stack = self.empty_list(self.hint(target) or "items", target.type.element, like.count, like.count)
        step = self.fresh("entry")
        value = statement.args[0]
        held = self.materialised(self.lazy(value), lasting=False) if stack.dims else self.named(self.number(value))
        shown = held.memory.label if isinstance(held, View) else ast.unparse(self.of_kind(held, kind_of(stack.element)))
        if isinstance(held, View) and not held.is_whole:
            raise CannotBeNative("a list is filled with a part of an array", self.where)
        self.said(f"for {step} in range({stack.count}):")
        self.lines.append([f"{stack.label}[{step}] = {shown}"])
        self.env[target] = stack

    def form_stacked(self, statement: Assign) -> None:
        """The items as an array."""
        (target,) = statement.targets
        stack = self.stack(statement.args[0])
        self.flush()
        assert isinstance(target.type, ArrayType)
        if isinstance(stack.element, StackType) or target.type.dtype != self.dtype_in(stack):
            raise CannotBeNative("a list of other items is made an array", self.where)
        label = self.fresh(self.hint(target) or "array")
        size = target.type.shape[0]
        if isinstance(size, Size) and not self.is_told(self.sizes_of((size,))[0]) and size.symbol is None:
            raise CannotBeNative("how long a list is is not told", self.where)
        end = f"{stack.start} + {stack.count}" if stack.start else stack.count
        self.said(f"{label} = {stack.label}[{stack.start}:{end}].copy()")
        self.learn(target.type.shape, label)
        self.env[target] = View(Memory(label, target.type.dtype, self.dims(target)))

    def dtype_in(self, stack: Stack) -> Any:
        return stack.element.dtype if isinstance(stack.element, ArrayType) else np.dtype(kind_of(stack.element))

    def form_unstacked(self, statement: Assign) -> None:
        (target,) = statement.targets
        assert isinstance(target.type, StackType)
        array = self.materialised(self.lazy(statement.args[0]))
        length = self.size(array.dims[0])
        stack = self.empty_list(self.hint(target) or "items", target.type.element, f"max({length}, 0)", length)
        self.add(self.storing(array, View(Memory(stack.label, self.dtype_in(stack), array.dims))), array.dims)
        self.flush()
        self.env[target] = stack

    def form_total_of(self, statement: Assign) -> None:
        (target,) = statement.targets
        stack = self.stack(statement.args[0])
        kind = kind_of(target.type)
        if kind is None or (isinstance(target.type, ArrayType) and target.type.shape):
            raise CannotBeNative("the sum of a list of arrays has no native form", self.where)
        self.flush()
        start, label, step = self.number(statement.args[1]), self.fresh(self.hint(target) or "total"), self.fresh("entry")
        self.said(f"{label} = {ast.unparse(self.of_kind(start, kind))}")
        self.line(f"for {step} in range({stack.count}):")
        self.lines.append([f"{label} += {stack.label}[{stack.at(step)}]"])
        self.env[target] = Number(name(label), kind)
