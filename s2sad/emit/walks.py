"""What a step takes from stacks: the head of the loop goes over them, from their ends in a reverse loop, or they are read in place.

    for x, y in zip(x_saved[::-1], y_saved[::-1]):

A stack has one element for each step that was made, so that such a loop needs no number of steps. A slice turns lists and arrays round,
and Numba takes it, which knows no `reversed`.
"""
from __future__ import annotations

import ast
from typing import Any

from s2sad.emit.naming import SHORT
from s2sad.emit.printing import load, store
from s2sad.emit.stacks import Stacks, grows, is_number
from s2sad.ir.program import Const, Loop, StackType, Var

MOST = 4  # stacks that a loop goes over at once
NUMBERED = 30  # what an index and its range take in the head of a loop

Pair = tuple[Var, Var]


class Walks(Stacks):
    """The part of the emitter that writes how stacks are read."""

    def span(self, loop: Loop) -> Any:
        raise NotImplementedError

    def counter(self, index: Var) -> str:
        raise NotImplementedError

    def pairs(self, loop: Loop) -> list[Pair]:
        """The elements that a step reads, each with its stack."""
        return [(e, s) for e, s in zip(loop.elements, loop.scanned, strict=True) if self.uses[e]]

    def is_numbered(self, loop: Loop) -> bool:
        """Whether a step asks which one it is."""
        return self.is_asked(loop) or any(e not in self.gone_over for e, _ in self.pairs(loop))

    def is_asked(self, loop: Loop) -> bool:
        """Whether a step asks which one it is for other reasons than to read from stacks."""
        return bool(self.uses[loop.index]) or not all(grows(s, loop) for s in loop.stacks)  # type: ignore[index]

    def choose(self, loop: Loop) -> None:
        """Let the head of a loop name all elements, or those that are not read just once, as many as there is room for.

        Where a step has its index anyway, and that says where on the stacks it is, what is read twice needs no name either.
        """
        pairs, asked = self.pairs(loop), self.is_asked(loop)
        if self.has_room(pairs, asked) and not (asked and is_plain(loop)):
            chosen = pairs[:]
        else:
            chosen = [pair for pair in pairs if not self.goes_in_place(*pair, 1 + asked)]
        while chosen and not self.has_room(chosen, asked or len(chosen) < len(pairs)):
            chosen.pop()
        self.gone_over.update(element for element, _ in chosen)

    def has_room(self, pairs: list[Pair], asked: bool) -> bool:
        names = sum(len(self.function.names.get(e, "t")) + len(self.labels.get(s, "")) + 12 for e, s in pairs)
        return len(pairs) <= MOST and names + NUMBERED * asked + 16 < self.room

    def goes_in_place(self, element: Var, stack: Var, times: int) -> bool:
        """Whether an element is read so few times, and not in a loop of the step, that it needs no name."""
        made, read = self.steps[element]
        if element in self.grown or isinstance(element.type, StackType) or self.uses[element] > times or read > made:
            return False
        return self.uses[element] == 1 or len(self.labels.get(stack, "")) <= SHORT

    def over(self, loop: Loop) -> tuple[str, Any]:
        """What the head of a loop names, and what it goes over."""
        self.choose(loop)
        names, sources = [], [self.span(loop)]
        if self.is_numbered(loop):
            names.append(self.counter(loop.index))  # type: ignore[arg-type]
        elif not self.gone_over.isdisjoint(loop.elements):
            sources.clear()
        self.being_made = loop.elements
        for element, stack in self.pairs(loop):
            if element in self.gone_over:
                names.append(self.label(element))
                sources.append(turned(self.operand(stack)) if loop.reverse else self.operand(stack))
        self.being_made = ()
        return ", ".join(names) or "_", sources[0] if len(sources) == 1 else ast.Call(load("zip"), sources, [])

    def arrive(self, loop: Loop) -> None:
        """Take those elements of this step from their stacks that its head has not named."""
        for element, stack in self.pairs(loop):
            if element in self.gone_over:
                continue
            value = ast.Subscript(self.operand(stack), self.position(loop), ast.Load())
            if self.goes_in_place(element, stack, 2):
                self.everywhere[element] = value
                self.pinned.update((self.labels[loop.index], self.label(stack)))  # type: ignore[index]
            else:
                self.line(ast.Assign([store(self.label(element))], value, None))


def is_plain(loop: Loop) -> bool:
    """Whether the index of a loop says where a step is on its stacks, or almost."""
    start, _, step = loop.range  # type: ignore[misc]
    return isinstance(start, Const) and is_number(step, 1)


def turned(node: Any) -> Any:
    """A list or an array from its end."""
    return ast.Subscript(node, ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1, None))), ast.Load())
