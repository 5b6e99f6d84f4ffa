"""What steps save lies in arrays: one entry for each step, or as many as have been made."""

from __future__ import annotations

import ast
import operator
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative, Location
from s2sad.ir.program import (
    ArrayType,
    Assign,
    If,
    Loop,
    StackType,
    Var,
    everything,
    targets_of,
    variables,
)
from s2sad.native.asked_types import AskedTypes
from s2sad.native.homes import Home, Homes, steps_of, trips
from s2sad.native.lazy import Memory, View
from s2sad.native.numbers import kind_of, real
from s2sad.native.places import Along, Node, call, const, parsed
from s2sad.native.weak import EITHER
from s2sad.native.writer import Frame, Number
from s2sad.quickly import dataclass
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import Size, Whole, at_worst, larger, same, smaller, with_sizes

MONOTONE: dict[str, Any] = {"max": larger, "min": smaller, "//": operator.floordiv}  # what is larger where its operands are


def is_monotone(symbol: Symbol) -> bool:
    return symbol.operation in ("max", "min") or (symbol.operation == "//" and type(symbol.operands[1]) is int and symbol.operands[1] > 0)


@dataclass
class Stack:
    """What steps save: an array with one entry for each step, and, where that is counted, how many there are.

    A stack that is handed on is a part of a longer array, from `start` on. An entry of a stack of stacks is where each begins in the
    array that all of them are parts of, and, in `lengths`, how many entries it has.
    """

    label: str
    element: Any
    count: str
    dims: tuple[Any, ...]
    counted: bool
    start: str = ""
    lengths: str = ""
    home: Home | None = None
    owned: bool = False  # whether it is a list that is changed in place: its names are those of no other
    depth: int = 0  # how many loops there are around the code that may change it

    def __post_init__(self) -> None:
        self.memory = Memory(self.label, self.element.dtype, (1, *self.dims)) if isinstance(self.element, ArrayType) else None

    def at(self, position: str) -> str:
        """Which entry of the array a step has."""
        return position if not self.start else self.start if position == "0" else f"{self.start} + {position}"

    @property
    def arrays(self) -> list[str]:
        return [self.label, self.lengths] if self.lengths else [self.label]


@dataclass
class Room:
    """The array that stacks which are handed on are parts of, and how much of it is used."""

    stack: Stack
    used: str


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
        if not self.here[1] and value.kind is not bool and precision(kind) != precision(value.kind) and not is_exact(value.node, kind):
            raise CannotBeNative(EITHER, self.where)
        if isinstance(value.node, ast.Constant) and np.dtype(kind).kind == "f" and np.dtype(kind).itemsize == 8:
            return const(float(value.node.value))  # type: ignore[arg-type]
        if np.dtype(kind) == np.float64:
            return real(value)
        return call(f"np.{np.dtype(kind).name}" if kind is not complex else "complex", value.node)

    homes: Homes
    rooms: dict[Home, Room]

    def start_stacks(self, loop: Loop, bounds: Any, counted: bool, frame: Frame) -> tuple[list[Stack], str]:
        if not loop.stacks:
            return [], ""
        count = self.fresh("count")
        if counted:
            self.line(f"{count} = 0")
        else:
            s, e, d = (ast.unparse(b.node) for b in bounds)
            self.line(f"{count} = " + (f"max({e}, 0)" if (s, d) == ("0", "1") else f"len(range({s}, {e}, {d}))"))
        self.open_rooms(loop, count)
        homes = [self.homes.of(target) for target in loop.stacks]
        if counted and any(h in self.rooms and self.is_made_again(loop, h) for h in homes if h is not None):
            raise CannotBeNative("stacks of loops in one another go on as one", loop.location)
        ways = zip(loop.stacks, homes, strict=True)
        return [self.started(self.hint(t) or "saved", h, count, counted) for t, h in ways if h is not None], count

    def is_made_again(self, loop: Loop, home: Home) -> bool:
        inner = (s for s in everything((loop,)) if isinstance(s, Loop))
        return sum(self.homes.of(stack) is home for each in inner for stack in each.stacks) > 1

    def started(self, hint: str, home: Home, count: str, counted: bool) -> Stack:
        """A stack without entries: a part of the array that its home is, or an array of its own."""
        room = self.rooms.get(home)
        if room is None:
            return self.new_stack(home, hint, "0" if counted else count, count, counted)
        start = self.fresh("start")
        self.line(f"{start} = {room.used}")
        if not counted:
            self.line(f"{room.used} += {count}")
            self.grow(room.stack, f"{room.used} > {room.stack.label}.shape[0]", room.used)
        return replace(room.stack, count=count, start=start, counted=counted)

    def new_stack(self, home: Home, hint: str, length: str, count: str, counted: bool) -> Stack:
        element = home.element
        label, lengths = self.fresh(hint), ""
        if isinstance(element, StackType):
            lengths = self.fresh("lengths")
            self.line(f"{label}, {lengths} = np.empty({length}, np.int64), np.empty({length}, np.int64)")
            return Stack(label, element, count, (), counted, "", lengths, home.inner())
        dims = tuple(map(self.greatest, self.sizes_of(element.shape))) if isinstance(element, ArrayType) else ()
        dtype = element.dtype if isinstance(element, ArrayType) else np.dtype(required(kind_of(element), self.where))
        shape = "".join(f", {self.size(n)}" if self.known.told("negative", n) is False else f", max({self.size(n)}, 0)" for n in dims)
        kind = "" if dtype == np.float64 else f", {self.dtype(dtype)}"
        self.line(f"{label} = np.empty(({length}{shape}){kind})" if dims else f"{label} = np.empty({length}{kind})")
        return Stack(label, element, count, dims, counted)

    def greatest(self, size: Whole) -> Whole:
        """A size that is told here; of one that differs from step to step the greatest."""
        if self.is_told(size):
            return size
        given: Any = self.sizes_of((size,))[0]
        if not isinstance(given, Size):
            return given  # type: ignore[no-any-return]
        steps = [s for s in given.symbols() if not self.is_told(Size.of(s)) and is_monotone(s)]
        if all(dict(given.terms).get((s,), 0) > 0 for s in steps):
            given = with_sizes(given, {s: MONOTONE[s.operation](*map(self.greatest, s.operands)) for s in steps})
        worst = at_worst(-given, lambda s: not self.is_told(Size.of(s)))
        if worst is None or not self.is_told(worst):
            raise CannotBeNative(f"how large {size} gets is not told by an argument", self.where)
        return -worst  # type: ignore[no-any-return]

    def open_rooms(self, region: Loop | If, count: str = "", apart: Collection[Var] = ()) -> None:
        """Make the arrays that stacks in a region are parts of, if it hands them on; but for those of some targets."""
        for home in self.homes.handed_on(region, apart):
            if home not in self.rooms:
                self.open_room(home, self.capacity(region, home, count))

    def open_room(self, home: Home, length: str) -> None:
        stack = self.new_stack(home, "saved", length, "", False)
        self.rooms[home] = Room(stack, self.fresh("used"))
        self.line(f"{self.rooms[home].used} = 0")

    def capacity(self, region: Loop | If, home: Home, count: str) -> str:
        """How many entries there will be, if that is known here, else some."""
        ways = [steps_of(region, maker) for maker in home.found().makers]
        if len(ways) != 1 or ways[0] is None:
            return "0"
        factors = [count] if isinstance(region, Loop) else []
        for loop in ways[0][len(factors) :]:
            number = trips(loop)
            if number is None or not self.is_told(number):
                return "0"
            factors.append(f"max({self.size(number)}, 0)")
        return " * ".join(factors)

    def grow(self, stack: Stack, condition: str, length: str) -> None:
        """Give the array of a stack more room where it has too little."""
        self.said(f"if {condition}:")
        self.lines.append([f"{label} = support.grown({label}, {length})" for label in stack.arrays])

    def save(self, loop: Loop, stacks: list[Stack], position: Node, count: str) -> None:
        for stack, value in zip(stacks, loop.saved, strict=True):
            at = stack.at(count if stack.counted else ast.unparse(position))
            if stack.counted:
                self.grow(stack, f"{at} == {stack.label}.shape[0]", at)
            if isinstance(stack.element, StackType):
                inner = self.take(value)
                if not isinstance(inner, Stack) or stack.home is None:
                    raise CannotBeNative("what steps save is of several kinds", loop.location)
                inner = self.housed(inner, stack.home)
                self.said(f"{stack.label}[{at}], {stack.lengths}[{at}] = {inner.start or '0'}, {inner.count}")
            elif isinstance(stack.element, ArrayType) and stack.element.shape:
                found = self.lazy(value)
                into = self.slot(stack, parsed(at), found.dims)
                if isinstance(found, View) and found.memory is into.memory and found.map == into.map:
                    continue  # it was made there
                self.add(self.storing(found, into), found.dims)
                self.flush()
            else:
                number = self.number(value)
                self.said(f"{stack.label}[{at}] = {ast.unparse(self.of_kind(number, kind_of(stack.element)))}")

    def end_stacks(self, stacks: list[Stack], homes: list[Home | None]) -> None:
        """What follows a loop that had to count begins behind what that has saved."""
        for stack, home in zip(stacks, homes, strict=True):
            if stack.counted and stack.start and home is not None:
                self.line(f"{self.rooms[home].used} = {stack.at(stack.count)}")

    def slots(self, loop: Loop, stacks: list[Stack], position: Node) -> dict[Var, View]:
        """Where arrays that a step makes are saved, so that they are made there."""
        made = {t for s in loop.body.statements for t in targets_of(s)}
        pairs = [(v, s) for v, s in zip(loop.saved, stacks, strict=True) if v in made and not s.counted and s.dims]
        at = ast.unparse(position)
        return {v: self.slot(s, parsed(s.at(at)), self.dims(v)) for v, s in pairs if isinstance(v, Var) and v not in loop.nexts}

    def slot(self, stack: Stack, position: Node, dims: tuple[Whole, ...]) -> View:
        """An entry of an array, as an array."""
        memory = stack.memory
        assert memory is not None
        return View(memory, (Along(None, 0, 0, ast.unparse(position)), *(Along(k) for k in range(len(dims)))), dims)

    def element(self, element: Var, stack: Any, position: Node) -> None:
        if not isinstance(stack, Stack):
            raise CannotBeNative("a loop goes over something other than what steps have saved", self.where)
        at = parsed(stack.at(ast.unparse(position)))
        if isinstance(stack.element, StackType):
            self.env[element] = self.inner_stack(stack, ast.unparse(at))
        elif isinstance(stack.element, ArrayType) and stack.element.shape:
            self.env[element] = self.slot(stack, at, self.dims(element))
        else:
            self.define(element, parsed(f"{stack.label}[{ast.unparse(at)}]"), reads_memory=True)
            found = self.env[element]
            if isinstance(element.size, Size) and (symbol := element.size.symbol) is not None and isinstance(found.node, ast.Name):
                self.sizes[symbol] = (found.node.id, len(self.frames))

    def inner_stack(self, stack: Stack, at: str) -> Stack:
        """The stack that an entry of a stack of stacks is."""
        assert stack.home is not None
        start, count = self.fresh("start"), self.fresh("count")
        self.said(f"{start}, {count} = {stack.label}[{at}], {stack.lengths}[{at}]")
        return replace(self.rooms[stack.home.found()].stack, start=start, count=count)

    def form_getitem(self, statement: Assign) -> None:
        """Also all that a stack holds, as an array."""
        stack = self.env.get(statement.args[0]) if isinstance(statement.args[0], Var) else None
        if not isinstance(stack, Stack):
            return super().form_getitem(statement)
        self.take(statement.args[0])
        dims = self.dims(statement.targets[0])
        assert stack.memory is not None
        if stack.start or stack.counted or not all(map(same, dims[1:], stack.dims)):  # a part of a longer array, or of a wider one
            map_ = (Along(0, 1, 0, stack.start), *(Along(k) for k in range(1, len(dims))))
            return self.bind(statement, View(stack.memory, map_, dims))
        self.bind(statement, View(Memory(stack.label, stack.element.dtype, dims, owned=False, roots=stack.memory.roots)))

    def housed(self, stack: Stack, home: Home) -> Stack:
        """A stack as a part of the array of its home; another one is copied to there."""
        room = self.rooms[home.found()]
        if stack.label == room.stack.label:
            return stack
        start = self.fresh("start")
        self.said(f"{start} = {room.used}")
        self.line(f"{room.used} += {stack.count}")
        self.grow(room.stack, f"{room.used} > {room.stack.label}.shape[0]", room.used)
        end = f"{stack.start} + {stack.count}" if stack.start else stack.count
        for into, label in zip(room.stack.arrays, stack.arrays, strict=True):
            self.line(f"{into}[{start}:{room.used}] = {label}[{stack.start}:{end}]")
        return replace(room.stack, start=start, count=stack.count)


def required(kind: Any, location: Location | None) -> Any:
    if kind is None:
        raise CannotBeNative("what steps save is neither numbers nor arrays", location)
    return kind


def precision(kind: Any) -> int:
    """How many bytes a number of a class takes, or each of the two parts of a complex one; a whole number may need eight."""
    dtype = np.dtype(kind)
    return dtype.itemsize // 2 if dtype.kind == "c" else dtype.itemsize if dtype.kind == "f" else 8


def is_exact(node: Node, kind: Any) -> bool:
    """Whether a number of the code is the same in a class, with no rounding."""
    try:
        value = ast.literal_eval(node.args[0] if isinstance(node, ast.Call) and len(node.args) == 1 else node)
    except ValueError:
        return False
    return bool(np.dtype(kind).type(value) == value)
