"""Operations on whole stacks, which derivatives of derivatives have: zeros for what is not read, and sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from s2sad.errors import CannotBeNative
from s2sad.ir.program import Assign, StackType
from s2sad.native.homes import Home
from s2sad.native.lazy import Filled, Lazy
from s2sad.native.numbers import kind_of
from s2sad.native.places import const
from s2sad.native.stacks import Stack, Stacks
from s2sad.native.writer import Number


class StackForms(Stacks):
    """The part that writes operations on stacks."""

    def form_no_cotangents(self, statement: Assign) -> None:
        (target,) = statement.targets
        value = self.take(statement.args[0])
        if isinstance(target.type, StackType):
            self.env[target] = self.summed_stack(target, value, [])
        elif isinstance(value, Lazy):
            self.env[target] = Filled(const(0.0), value.dims, target.type.dtype)  # type: ignore[union-attr]
        else:
            self.env[target] = Number(self.of_kind(Number(const(0.0), float), kind_of(target.type)), kind_of(target.type))

    def form_added_cotangents(self, statement: Assign) -> None:
        (target,) = statement.targets
        stacks = [self.take(a) for a in statement.args]
        if not isinstance(target.type, StackType):
            raise CannotBeNative("cotangents that may not be there have no native form", self.where)
        self.env[target] = self.summed_stack(target, None, stacks)

    def summed_stack(self, target: Any, like: Any, stacks: Sequence[Any]) -> Stack:
        """The sum of stacks, entry by entry, as long as the longest, or as another one: what a stack does not have is zero."""
        home = self.homes.of(target)
        if home is None or not all(isinstance(s, Stack) for s in ([like] if like is not None else stacks)):
            raise CannotBeNative("a stack of other things is added up", self.where)
        self.flush()
        return self.summed(home, self.hint(target) or "saved", like, stacks)

    def summed(self, home: Home, hint: str, like: Stack | None, stacks: Sequence[Stack]) -> Stack:
        count, step, inner = self.fresh("count"), self.fresh("entry"), home.inner()
        self.line(f"{count} = " + (like.count if like is not None else f"max({', '.join(s.count for s in stacks)})"))
        if inner is not None and inner not in self.rooms:
            self.open_room(inner, "0")
        found = self.started(hint, home, count, False)
        at = found.at(step)
        self.line(f"for {step} in range({count}):")
        outer = self.inside()
        if inner is not None:
            entries = [self.entry_if_there(s, step) for s in stacks]
            made = self.summed(inner, hint, None if like is None else self.inner_stack(like, like.at(step)), entries)
            self.line(f"{found.label}[{at}], {found.lengths}[{at}] = {made.start or '0'}, {made.count}")
        else:
            self.line(f"{found.label}[{at}] = 0")
            for stack in stacks:
                self.line(f"if {step} < {stack.count}:")
                self.lines.append([f"{found.label}[{at}] += {stack.label}[{stack.at(step)}]"])
        self.lines = outer
        return found

    def entry_if_there(self, stack: Stack, step: str) -> Stack:
        """The stack that an entry is; one without entries where there is no such entry."""
        assert stack.home is not None
        start, count = self.fresh("start"), self.fresh("count")
        self.line(f"{start}, {count} = 0, 0")
        self.line(f"if {step} < {stack.count}:")
        self.lines.append([f"{start}, {count} = {stack.label}[{stack.at(step)}], {stack.lengths}[{stack.at(step)}]"])
        return replace(self.rooms[stack.home.found()].stack, start=start, count=count)
