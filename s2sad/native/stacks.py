"""What steps save lies in arrays: one entry for each step, or as many as have been made."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative, Location
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Loop,
    StackType,
    Var,
    targets_of,
    variables,
)
from s2sad.native.asked_types import AskedTypes
from s2sad.native.lazy import Memory, View
from s2sad.native.numbers import kind_of, real
from s2sad.native.places import Along, Node, call, const, name, parsed
from s2sad.native.writer import Frame, Number


class Stack:
    """What steps save: an array with one entry for each step, and, where that is counted, how many there are."""

    def __init__(self, label: str, element: Any, count: str, dims: tuple[Any, ...], counted: bool) -> None:
        self.label, self.element, self.count, self.dims, self.counted = label, element, count, dims, counted
        self.memory = Memory(label, element.dtype, (1, *dims)) if isinstance(element, ArrayType) else None


class Stacks(AskedTypes):
    """The part that writes what steps save."""

    def ready(self, operands: Any) -> None:
        """Write the nests that give numbers which are read now."""
        gives = {label for nest in self.pending for label in nest.gives}
        if not gives:
            return
        for var in (v for o in operands for v in variables(o)):
            found = self.env.get(var)
            if isinstance(found, Number) and any(isinstance(n, ast.Name) and n.id in gives for n in ast.walk(found.node)):
                return self.flush()

    def of_kind(self, value: Number, kind: Any) -> Node:
        """A number as one of a class, so that a name always holds the same class."""
        if value.kind == kind or (np.dtype(kind) == np.dtype(value.kind)):
            return value.node
        if isinstance(value.node, ast.Constant) and np.dtype(kind).kind == "f" and np.dtype(kind).itemsize == 8:
            return const(float(value.node.value))  # type: ignore[arg-type]
        if np.dtype(kind) == np.float64:
            return real(value)
        return call(f"np.{np.dtype(kind).name}" if kind is not complex else "complex", value.node)

    def start_stacks(self, loop: Loop, bounds: Any, counted: bool, frame: Frame) -> tuple[list[Stack], str]:
        if not loop.stacks:
            return [], ""
        stacks = []
        count = self.fresh("count")
        if counted:
            self.line(f"{count} = 0")
        else:
            s, e, d = (ast.unparse(b.node) for b in bounds)
            self.line(f"{count} = " + (f"max({e}, 0)" if (s, d) == ("0", "1") else f"len(range({s}, {e}, {d}))"))
        for target in loop.stacks:
            assert isinstance(target.type, StackType)
            element = target.type.element
            if isinstance(element, StackType):
                raise CannotBeNative("what steps save is of several kinds", loop.location)
            dims = self.sizes_of(element.shape) if isinstance(element, ArrayType) else ()
            dtype = element.dtype if isinstance(element, ArrayType) else np.dtype(required(kind_of(element), loop.location))
            label = self.fresh(self.hint(target) or "saved")
            shape = "".join(f", {self.size(n)}" for n in dims)
            kind = "" if dtype == np.float64 else f", {self.dtype(dtype)}"
            first = "0" if counted else count
            self.line(f"{label} = np.empty(({first}{shape}){kind})" if dims else f"{label} = np.empty({first}{kind})")
            stacks.append(Stack(label, element, count, dims, counted))
        return stacks, count

    def save(self, loop: Loop, stacks: list[Stack], position: Node, count: str) -> None:
        for stack, value in zip(stacks, loop.saved, strict=True):
            at = count if stack.counted else ast.unparse(position)
            if stack.counted:
                self.said(f"if {count} == {stack.label}.shape[0]:")
                self.lines.append([f"{stack.label} = support.grown({stack.label})"])
            if isinstance(stack.element, ArrayType) and stack.element.shape:
                found = self.lazy(value)
                into = self.slot(stack, parsed(at))
                if isinstance(found, View) and found.memory is into.memory and found.map == into.map:
                    continue  # it was made there
                self.add(self.storing(found, into), stack.dims)
                self.flush()
            else:
                number = self.number(value)
                self.said(f"{stack.label}[{at}] = {ast.unparse(self.of_kind(number, kind_of(stack.element)))}")
        if stacks and stacks[0].counted:
            self.said(f"{count} += 1")

    def slots(self, loop: Loop, stacks: list[Stack], position: Node) -> dict[Var, View]:
        """Where arrays that a step makes are saved, so that they are made there."""
        made = {t for s in loop.body.statements for t in targets_of(s)}
        pairs = [(v, s) for v, s in zip(loop.saved, stacks, strict=True) if v in made and not s.counted and s.dims]
        return {v: self.slot(s, position) for v, s in pairs if isinstance(v, Var) and v not in loop.nexts}

    def slot(self, stack: Stack, position: Node) -> View:
        memory = stack.memory
        assert memory is not None
        return View(memory, (Along(None, 0, 0, ast.unparse(position)), *(Along(k) for k in range(len(stack.dims)))), stack.dims)

    def element(self, element: Var, stack: Any, position: Node) -> None:
        if not isinstance(stack, Stack):
            raise CannotBeNative("a loop goes over something other than what steps have saved", self.where)
        if isinstance(stack.element, ArrayType) and stack.element.shape:
            self.env[element] = self.slot(stack, position)
            return
        self.define(element, parsed(f"{stack.label}[{ast.unparse(position)}]"), reads_memory=True)

    def form_length_of(self, statement: Assign) -> None:
        stack = self.take(statement.args[0])
        if not isinstance(stack, Stack):
            raise CannotBeNative("the length of something other than what steps have saved is asked", self.where)
        (target,) = statement.targets
        self.env[target] = Number(name(stack.count), int)
        if target.size is not None:
            self.learn_number(target.size, stack.count)


def required(kind: Any, location: Location | None) -> Any:
    if kind is None:
        raise CannotBeNative("what steps save is neither numbers nor arrays", location)
    return kind
