"""Guards as text: where one does not hold, a call takes another path."""
from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.emit.breadth import broken
from s2sad.emit.lines import Line, again, indented, line
from s2sad.emit.lists import Lists
from s2sad.emit.printing import LEAVE, attribute, load
from s2sad.emit.sizes_first import EVERY, Dimension, SizesFirst, dimension
from s2sad.errors import Location
from s2sad.ir.program import ArrayType, Const, Guard
from s2sad.rules.structural import DIM
from s2sad.runtime.same import same


class Guards(Lists):
    """The part of the emitter that writes guards."""

    def guard(self, guard: Guard) -> None:
        if isinstance(guard.atom, Const) and isinstance(guard.atom.value, SizesFirst):
            return self.sizes(guard.atom.value)
        self.comment(guard.location, 0)
        condition = self.condition(guard)
        if isinstance(condition, ast.UnaryOp) and isinstance(condition.op, ast.Not):
            test = condition.operand
        else:
            test = ast.UnaryOp(ast.Not(), condition)
        if not self.asked_with_the_one_above(test, guard.location):
            self.asking("if", test, guard.location)
            self.lines[-1].asked = (test,)  # type: ignore[attr-defined]
            self.leave_path(guard.location).guard = guard

    def asked_with_the_one_above(self, test: Any, place: Location | None) -> bool:
        """Ask it in the line of the guard right above, which is of the same line of the user's, where there is room."""
        above = self.lines[-2] if len(self.lines) > 1 else ""
        tests = getattr(above, "asked", ())
        if self.guards_apart or not tests or indented(above) != len(self.indent) or getattr(self.lines[-1], "guard", None) is None:
            return False
        tests = (*tests, test)
        node = ast.If(ast.BoolOp(ast.Or(), [again(t) for t in tests]), [ast.Pass()], [])
        text = f"{self.indent}if {self.unparse(node.test)}:"
        if len(text) > self.breadth:
            return False
        self.lines[-2] = line(text, node, getattr(above, "place", place))
        self.lines[-2].asked = tests  # type: ignore[attr-defined]
        return True

    def leave_path(self, place: Location | None) -> Line:
        last = Line(f"{self.indent}    {self.unparse(ast.Raise(load(LEAVE), None))}")
        last.place = place
        self.lines.append(last)
        return last

    def sizes(self, asked: SizesFirst) -> None:
        """What is asked of the sizes of arguments, all at once."""
        arrays = ((d, size) for d, size in asked.given.items() if d.axis is not None)
        self.lengths.update((d.argument.type.shape[d.axis], size) for d, size in arrays)  # type: ignore[union-attr, index]
        dims = ((t, s) for t, s in self.definitions.items() if s.primitive is DIM)
        named = {dimension(s): t for t, s in dims if t in self.labels and t in self.function.names}

        def shown(of: Dimension) -> Any:
            name = of.argument if of.axis is None else named.get(of)
            if name is not None:
                return load(self.label(name))
            shape = attribute(load(self.label(of.argument)), "shape")
            return shape if of.axis is EVERY else ast.Subscript(shape, self.constant(of.axis), ast.Load())

        self.place = ()
        self.lines.append(f"{self.indent}# the sizes this is written for")
        tests = list(asked.refused(shown))
        if tests:
            self.refusing(tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests), asked.location)

    def refusing(self, test: Any, place: Location | None) -> None:
        """Leave the path where a condition holds, in as many lines as that takes."""
        text = f"{self.indent}if {self.unparse(test)}:"
        if len(text) > self.breadth:
            text = broken(f"{self.indent}if ({self.unparse(test)}):", self.breadth)
        self.lines.append(line(text, ast.If(test, [ast.Pass()], []), place))
        self.leave_path(place)

    def condition(self, guard: Guard) -> Any:
        """The expression that holds on this path."""
        subject = self.operand(guard.atom)
        match guard.kind:
            case "truth":
                return subject if guard.value else ast.UnaryOp(ast.Not(), subject)
            case "equals":
                return ast.Compare(subject, [ast.Eq()], [self.constant(guard.value)])
            case "same":
                return ast.Call(load(self.bind("same", same)), [subject, self.constant(guard.value)], [])
            case "is":
                return ast.Compare(subject, [ast.Is()], [self.constant(guard.value)])
            case "type":
                return self.type_condition(subject, guard.value)

    def type_condition(self, subject: Any, kind: Any) -> Any:
        if isinstance(kind, ArrayType) and not isinstance(subject, (ast.Name, ast.Attribute)) and not self.in_premise:
            subject = self.named(subject)  # three questions, one value
        what = ast.Call(load("type"), [subject], [])
        if not isinstance(kind, ArrayType):
            return ast.Compare(what, [ast.Is()], [self.constant(kind)])
        dtype = ast.Compare(attribute(subject, "dtype"), [ast.Eq()], [self.constant(kind.dtype.type)])
        if any(n is None for n in kind.shape):  # any shape of this rank
            shape = ast.Compare(attribute(subject, "ndim"), [ast.Eq()], [self.constant(len(kind.shape))])
        else:
            shape = ast.Compare(attribute(subject, "shape"), [ast.Eq()], [self.constant(kind.shape)])
        return ast.BoolOp(ast.And(), [ast.Compare(what, [ast.Is()], [self.constant(np.ndarray)]), dtype, shape])
