"""Indices: where the axes of an array lie in a part of it, and that a part lies inside."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.native.lazy import Lazy
from s2sad.native.numbers import Numbers
from s2sad.native.places import Along, Map, call, const, parsed, weight
from s2sad.native.writer import LEAVE, Number
from s2sad.types.sizes import Size, Whole, at_worst


def is_one(size: Whole) -> bool:
    return not isinstance(size, Size) and size == 1


class Indices(Numbers):
    """The part that reads indices."""

    def placed(self, dims: tuple[Whole, ...], index: Any) -> tuple[Map | None, tuple[Whole, ...]]:
        """Where the axes of an array lie in a part of it, and the sizes of that; None for the map where arrays of indices are in it."""
        index = numbered(index)
        parts = list(index) if isinstance(index, tuple) else [index]
        if any(isinstance(p, Lazy) for p in parts):
            return None, ()
        parts = filled_up(parts, len(dims))
        found: list[Along] = []
        left: list[Whole] = []
        axis = 0
        for part in parts:
            if part is None:
                left.append(1)
                continue
            size = dims[axis]
            axis += 1
            if isinstance(part, slice):
                start, step = self.slice_start(part, size)
                offset, term = start
                found.append(Along(len(left), step, offset, term))
                left.append(size if part == slice(None) else -1)
            else:
                offset, term = self.position(part, size)
                found.append(Along(None, 0, offset, term))
        return tuple(found), tuple(left)

    def slice_start(self, part: slice, size: Whole) -> tuple[tuple[int, str], int]:
        """Where a slice begins, as a number and a text, and how far its elements are apart."""
        step = 1 if part.step is None else whole_number(part.step)
        if step is None or step == 0:
            raise CannotBeNative("only the run knows the step of a slice", self.where)
        if part.start is None:
            return ((0, "") if step > 0 else self.offset(size - 1)), step
        begins = whole_number(part.start)
        if begins is not None and begins >= 0 and step > 0:
            return (begins, ""), step
        if step < 0:
            return self.last_of(part.start, begins, size), step
        if begins is not None and not isinstance(size, Size):
            return (max(size + begins, 0), ""), step
        if isinstance(part.start.size, Size) and self.level(part.start.size):
            stop = part.stop.size if isinstance(part.stop, Number) else None
            for asked in (part.start.size, size - part.start.size, *([] if stop is None else [size - stop])):
                self.ask_in_front(asked)
        if part.start.size is not None and all(self.known.told("negative", n) is False for n in (part.start.size, size - part.start.size)):
            return self.offset(self.sizes_of((part.start.size,))[0]), step
        shown_ = self.named(Number(call("support.slice_start", part.start.node, parsed(self.size(size))), int), "start")
        return (0, ast.unparse(shown_.node)), step

    def last_of(self, start: Any, begins: int | None, size: Whole) -> tuple[int, str]:
        """Where a slice that goes backwards begins; where there is no such element, it has none."""
        if begins is not None and not isinstance(size, Size):
            return (min(begins, int(size) - 1) if begins >= 0 else int(size) + begins), ""
        bound = start.size if begins is None else begins
        if bound is not None and all(self.known.told("negative", n) is False for n in (bound, size - bound - 1)):
            return self.offset(self.sizes_of((bound,))[0])
        shown_ = self.named(Number(call("support.slice_last", start.node, parsed(self.size(size))), int), "start")
        return 0, ast.unparse(shown_.node)

    def offset(self, size: Whole) -> tuple[int, str]:
        """A size as a number and a text."""
        if not isinstance(size, Size):
            return int(size), ""
        constant = next((f for t, f in size.terms if not t), 0)
        return constant, self.size(size - constant)

    def position(self, part: Any, size: Whole) -> tuple[int, str]:
        """An index as a number and a text; it is inside the array, or the call is handed over."""
        if not isinstance(part, Number):
            raise CannotBeNative("an index is neither a number nor a slice", self.where)
        known = whole_number(part)
        if known is not None:
            if known < 0:
                constant, term = self.offset(size)
                self.inside_array(-known - 1, size)
                return constant + known, term
            self.inside_array(known, size)
            return known, ""
        shown_ = part.node if isinstance(part.node, ast.Name) or weight(part.node) <= 2 else self.named(part, "index").node
        if not self.is_inside(part, size) and not self.asked_in_front(part, size):
            length = self.size(size)
            shown_ = self.named(Number(call("support.wrapped", shown_, parsed(length)), int), "index").node
            self.leave_if(parsed(f"not 0 <= {ast.unparse(shown_)} < {length}"))
        return 0, ast.unparse(shown_)

    def inside_array(self, known: int, size: Whole) -> None:
        """Hand the call over where an array is too short for a place that is known."""
        if isinstance(size, Size) and self.known.told("negative", size - (known + 1)) is not False:
            self.leave_if(parsed(f"{self.size(size)} <= {known}"))
        elif not isinstance(size, Size) and size <= known:
            self.leave_if(const(True))

    def is_inside(self, part: Number, size: Whole) -> bool:
        """Whether bounds tell that an index is inside an axis."""
        known = part.size
        if isinstance(size, Size) and size.symbol in self.at_least:
            size = self.at_least[size.symbol]
        return known is not None and all(self.known.told("negative", n) is False for n in (known, size - known - 1))

    def asked_in_front(self, part: Number, size: Whole) -> bool:
        """Ask in front of the loops whether an index is inside an axis in each of their steps; whether that can be asked there."""
        if not isinstance(part.size, Size) or self.level(part.size) == 0:
            return False
        worst = self.at_worst(part.size)
        if isinstance(worst, Size) and all(factor < 0 for term, factor in worst.terms if term):
            return False  # it counts from the end
        return all(self.ask_in_front(n) for n in (part.size, size - part.size - 1))

    def ask_equal(self, one: Whole, other: Whole) -> None:
        """Hand the call over where two lengths differ, in front of the loops that they do not depend on."""
        if isinstance(other, Size) and other.symbol is not None and self.is_told(one) and not self.is_told(other):
            label = self.fresh("length")
            self.said(f"{label} = {self.size(one)}")
            return self.learn_number(other, label)  # what is broadcast with it has to have as many, or the call is handed over
        if not self.is_told(one) or not self.is_told(other) or not (isinstance(one, Size) or isinstance(other, Size)):
            raise CannotBeNative(f"only the run knows whether {one} and {other} elements go together", self.where)
        level = max(self.level(one), self.level(other))
        question = f"if {self.size(one)} != {self.size(other)}:"
        lines = self.lines if level >= len(self.frames) else self.frames[level].front
        self.leaves = True
        if not any(line == question and lines[k + 1] == [LEAVE] for k, line in enumerate(lines[:-1])):
            lines += [question, [LEAVE]]

    def ask_in_front(self, size: Whole) -> bool:
        """Hand the call over, before the loops that a size depends on, where it may be negative in one of their steps.

        What is asked on a side of a branch alone is asked there.
        """
        if self.known.told("negative", size) is False:
            return True
        worst = self.at_worst(size)
        if worst is None or self.level(worst) >= len(self.frames) or not self.is_told(worst):
            return False
        if any(loops > self.level(worst) for loops in self.branches):
            return False
        if isinstance(worst, Size) and self.known.told("negative", worst) is not False:
            self.leaves = True
            self.frames[self.level(worst)].front += [f"if {self.size(worst)} < 0:", [LEAVE]]
            self.known.learn("negative", worst, False)
        return isinstance(worst, Size) or worst >= 0

    def at_worst(self, size: Whole) -> Any:
        """What a size is not below in any step of the loops around."""
        return at_worst(self.sizes_of((size,))[0], lambda s: self.is_told(Size.of(s)) and self.symbol_level(s) > 0)


def numbered(part: Any) -> Any:
    """An index, or a part of one, whose numbers are written in the code as such."""
    if isinstance(part, (int, np.integer)) and not isinstance(part, bool):
        return Number(const(int(part)), int, int(part))
    if isinstance(part, slice):
        return slice(numbered(part.start), numbered(part.stop), numbered(part.step))
    return type(part)(map(numbered, part)) if type(part) in (tuple, list) else part


def whole_number(part: Any) -> int | None:
    """The number that an index is, if that is known."""
    try:
        found = ast.literal_eval(part.node)
    except (ValueError, AttributeError):
        return None
    return int(found)


def filled_up(parts: list[Any], rank: int) -> list[Any]:
    """An index with a slice for each axis that it leaves out."""
    missing = rank - sum(p is not None and p is not Ellipsis for p in parts)
    at = next((k for k, p in enumerate(parts) if p is Ellipsis), len(parts))
    return [*parts[:at], *[slice(None)] * missing, *parts[at + 1 :]]
