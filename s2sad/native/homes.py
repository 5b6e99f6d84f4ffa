"""Stacks that go on after the step, or the side of a branch, that makes them: which of them lie in the same memory.

    for i in range(n):            # saves a stack of what the inner loop saves, one for each i
        for k in range(i): ...    # saves a number for each k

A stack that an outer loop saves, or that a branch gives, is a part of one long array, which is made before the outermost loop or
branch that hands it on: where it begins there and how many entries it has is all that is saved or given.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field
from typing import Any

from s2sad.ir.program import Const, If, Loop, Operand, StackType, Statement, Var, everything
from s2sad.quickly import dataclass


@dataclass(eq=False)
class Home:
    """Where stacks lie that may come from several loops. `of`: the home of the stacks that these are stacks of."""

    element: Any
    same: Home | None = None
    of: Home | None = None
    shared: bool = False  # whether something hands it on
    makers: list[Loop] = field(default_factory=list)

    def found(self) -> Home:
        home = self
        while home.same is not None:
            home = home.same
        return home

    def inner(self) -> Home | None:
        home = self.found()
        if isinstance(home.element, StackType) and home.of is None:
            home.of = Home(home.element.element, shared=True)
        return None if home.of is None else home.of.found()

    def join(self, other: Home) -> None:
        one, other = self.found(), other.found()
        if one is other:
            return
        mine, its = one.inner(), other.inner()
        other.same = one
        one.shared = one.shared or other.shared
        one.makers += other.makers
        if mine is not None and its is not None:
            mine.join(its)


class Homes:
    """The homes of all stacks of a function."""

    def __init__(self, statements: tuple[Statement, ...]) -> None:
        self.homes: dict[Var, Home] = {}
        for statement in everything(statements):
            if isinstance(statement, Loop):
                self.read_loop(statement)
            elif isinstance(statement, If):
                for block in statement.blocks:
                    self.tie_all(statement.targets, block.results, shared=True)

    def of(self, var: Any) -> Home | None:
        """The home of a stack; None of what is none."""
        if not isinstance(var, Var) or not isinstance(var.type, StackType):
            return None
        if var not in self.homes:
            self.homes[var] = Home(var.type.element)
        return self.homes[var].found()

    def read_loop(self, loop: Loop) -> None:
        for stack, saved in zip(loop.stacks, loop.saved, strict=True):
            home = self.of(stack)
            assert home is not None
            home.makers.append(loop)
            self.tie(home.inner(), self.of(saved), shared=True)
        for element, scanned in zip(loop.elements, loop.scanned, strict=True):
            home = self.of(scanned)
            self.tie(None if home is None else home.inner(), self.of(element), shared=True)

    def tie_all(self, targets: tuple[Var, ...], results: tuple[Operand, ...], shared: bool) -> None:
        for target, result in zip(targets, results, strict=True):
            self.tie(self.of(target), self.of(result), shared)

    def tie(self, one: Home | None, other: Home | None, shared: bool) -> None:
        if one is not None:
            one.shared = one.shared or shared
        if one is not None and other is not None:
            one.join(other)

    def handed_on(self, region: Loop | If, apart: Collection[Var] = ()) -> list[Home]:
        """The homes of what a region hands on, with those of the stacks in it; but for those of some targets."""
        found: list[Home] = []
        for target in region.targets:
            home = None if target in apart else self.of(target)
            if home is None:
                continue
            if not isinstance(region, Loop):
                found.append(home)
            while (home := home.inner()) is not None:
                found.append(home)
        return list(dict.fromkeys(found))


def steps_of(region: Loop | If, maker: Loop) -> list[Loop] | None:
    """The loops around a loop in a region, the region among them, and that loop itself; None where it is not in it."""
    if region is maker:
        return [maker]
    for block in region.blocks:
        for statement in block.statements:
            if isinstance(statement, (Loop, If)) and (found := steps_of(statement, maker)) is not None:
                return [region, *found] if isinstance(region, Loop) else found
    return None


def trips(loop: Loop) -> Any:
    """How many steps a loop has, as a size; None where only the run knows."""
    if loop.range is None or loop.exits or loop.test is not None:
        return None
    start, stop, step = (o.value if isinstance(o, Const) else getattr(o, "size", None) for o in loop.range)
    return None if step != 1 or start is None or stop is None else stop - start
