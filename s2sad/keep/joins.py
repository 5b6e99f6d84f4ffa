"""What different ways through a function leave in one variable, as one variable."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.ir.program import (
    UNDEFINED,
    Const,
    Operand,
    StackType,
    Var,
)
from s2sad.ir.writing import Box
from s2sad.keep import rebinding
from s2sad.keep.aliases import STALE, containers_in
from s2sad.keep.choices import Choice, hole
from s2sad.keep.deciding import Deciding
from s2sad.keep.exits import Exit
from s2sad.keep.growing import Length, flattened, is_stack
from s2sad.keep.slots import Contents, Poison, Survey, same
from s2sad.keep.things import Images, Left
from s2sad.keep.variables import Variables
from s2sad.machine.traced import Traced, strip
from s2sad.quickly import dataclass
from s2sad.record.views import Ended
from s2sad.types.arrays import Array, class_of
from s2sad.types.sizes import Size, value_at_hints
from s2sad.types.sizes import same as same_size

RANKS: dict[type, float] = {bool: 0, np.bool_: 0.5, int: 1, np.int32: 1.5, np.int64: 2, float: 3, np.float32: 4, np.float64: 5,
                            complex: 6, np.complex64: 7, np.complex128: 8}  # fmt: skip

UNKNOWN = "a variable is not defined on every path"
LEAVES = (Box, int, float, complex, np.generic, np.ndarray)


@dataclass(frozen=True)
class Joined:
    """What several values have in common: what stands for the type, and the differentiations it takes part in."""

    value: Any
    levels: frozenset[int]
    shared: tuple[Box, ...] | None = None  # the arrays whose memory it may have, where it may have another name
    loose: bool = False
    whole: bool = False  # whether it may be a whole number where it is meant to be none
    kind: StackType | None = None  # of a list of unknown length
    name: str = ""
    packed: bool = False  # whether an array surely lies in the order of C without gaps

    def like(self, other: Joined | None) -> bool:
        kind = self.levels, self.loose, self.whole, self.packed, class_of(self.value)
        if other is None or kind != (other.levels, other.loose, other.whole, other.packed, class_of(other.value)):
            return False
        if (self.shared is None) != (other.shared is None) or set(map(id, self.shared or ())) != set(map(id, other.shared or ())):
            return False
        return same_shape(self.value, other.value) and getattr(self.value, "dtype", None) == getattr(other.value, "dtype", None)


class Joins:
    """What values of one variable, by different ways, have in common.

    `join` finds it, or says why there is nothing; `box_of` makes the variable. Keys say what is joined, so that walking a loop once more
    gives the same symbols; `reasons` are those for which a variable of a loop has no value. Of the machine it asks which differentiations
    are open, and the phase.
    """

    def __init__(self, machine: Any, deciding: Deciding, variables: Variables) -> None:
        self.machine, self.deciding, self.variables = machine, deciding, variables
        self.changing: set[Any] = set()  # the symbols of numbers that change with the ways
        self.reasons: dict[Any, str] = {}

    def join(self, values: list[Any], key: Any) -> Joined | str:
        """What values of one variable have in common, or the reason why there is nothing."""
        there = [v for v in values if v is not UNDEFINED]
        if there and all(map(is_stack, there)):
            return self.join_lists(there)
        plain = [strip(v) for v in there]
        levels = frozenset(self.machine.levels.open).intersection(*[frozenset().union(*(v.levels for v in there if isinstance(v, Box)))])
        kinds = set(map(class_of, plain))
        if kinds == {np.ndarray}:
            return self.join_arrays(there, levels, key)
        if not all(issubclass(k, (int, float, complex, np.generic)) for k in kinds) or not kinds:
            return f"a variable is {' or '.join(sorted(k.__name__ for k in kinds))} in a loop or after a branch"
        if len(kinds) > 1 and not kinds <= set(RANKS):
            return f"a variable is {' or '.join(sorted(k.__name__ for k in kinds))} in a loop or after a branch"
        kind: Any = kinds.pop() if len(kinds) == 1 else max(kinds, key=RANKS.__getitem__)
        if issubclass(kind, (int, np.integer)) and not issubclass(kind, bool):
            return Joined(self.step(key, kind), frozenset(), loose=len(set(map(class_of, plain))) > 1)
        if issubclass(kind, (bool, np.bool_)):
            return Joined(kind(True), frozenset())
        if not issubclass(kind, (float, complex, np.inexact)):
            return f"a variable is {kind.__name__} in a loop or after a branch"
        mixed = len(set(map(class_of, plain))) > 1 or any(map(self.machine.is_loose, there))
        return Joined(kind(1), levels, loose=mixed, whole=mixed and any(map(self.variables.may_be_whole, there)))

    def join_lists(self, there: list[Any]) -> Joined | str:
        """What lists of unknown length have in common; they are versions of one."""
        levels = frozenset(self.machine.levels.open).intersection(frozenset().union(*(v.levels for v in there)))
        length = there[0].value if all(there[0].value.like(v.value) for v in there) else Length()
        return Joined(length, levels, kind=there[0].var.type, name=self.machine.sheet.names.get(there[0].var, ""))

    def join_arrays(self, there: list[Any], levels: frozenset[int], key: Any) -> Joined | str:
        arrays = list(map(strip, there))
        first, *others = arrays
        if any(a.dtype != first.dtype or a.ndim != first.ndim for a in others):
            return "a variable is an array of different dtype or rank in a loop or after a branch"
        shape = [self.joined_size([a.shape[axis] for a in arrays], (key, axis)) for axis in range(first.ndim)]
        packed = all(isinstance(v, Box) and self.machine.orders.in_order(v) for v in there)
        return Joined(Array(first.dtype, tuple(shape)), levels, packed=packed)

    def joined_size(self, sizes: list[Any], key: Any) -> Any:
        """The size that all have, or one that changes with the ways."""
        first, *others = map(self.deciding.normal, sizes)
        return first if all(same_size(first, n) or self.equal_now(first, n) for n in others) else self.length(key)

    def equal_now(self, one: Any, other: Any) -> bool:
        """Whether two sizes are the same in the present call; the path is then for calls in which they are."""
        hint = value_at_hints(one)
        return hint is not None and hint == value_at_hints(other) and bool(one == other)

    def length(self, key: Any) -> Size:
        """The length of an array along an axis, which changes with the ways."""
        name = hint_of(key)
        return self.step(key, int, 0, f"{name}.shape[{key[1]}]" if isinstance(name, str) else "a length that changes")

    def step(self, key: Any, kind: Any = int, low: Any = None, name: str = "") -> Size:
        """A number that changes with the ways."""
        symbol = self.deciding.symbols.following(("step", key), name or str(hint_of(key) or "a number that changes"), low)
        self.changing.add(symbol)
        return self.deciding.symbols.size(symbol, kind)

    def afresh(self, value: Any) -> Any:
        """The same type after a loop: the numbers that change in it are those of another time."""
        if isinstance(value, Array):
            return Array(value.dtype, tuple(map(self.afresh, value.shape)))
        symbol = value.symbol if isinstance(value, Size) else None
        return self.step(object(), value.kind, symbol.low, symbol.name) if symbol is not None and symbol in self.changing else value

    def generalised(self, joined: Joined, key: Any, depth: int, since: int) -> Joined:
        """The same, with what belongs to a step of a loop as numbers that change."""
        value = joined.value
        if not isinstance(value, Array):
            return joined
        inside = [self.deciding.symbols.is_inside(n, depth, since) for n in value.shape]
        shape = [self.length((key, axis)) if inside[axis] else n for axis, n in enumerate(value.shape)]
        return replace(joined, value=Array(value.dtype, tuple(shape)))

    def box_of(self, joined: Joined, hint: Any = None, after: bool = False) -> Box:
        """A variable for it."""
        if joined.kind is not None:
            return self.variables.of_type(joined.kind, joined.value, joined.levels, joined.name)
        box = self.variables.made(self.afresh(joined.value) if after else joined.value, joined.levels)
        for axis, size in enumerate(box.value.shape) if isinstance(box.value, Array) else [(None, box.value)]:
            symbol = size.symbol if isinstance(size, Size) else None
            if symbol is not None and symbol in self.changing:
                self.deciding.symbols.places[symbol] = box, axis
        self.variables.unsure[id(box)] = box
        if joined.packed:
            self.machine.orders.ordered[id(box)] = box
        if joined.loose:
            self.variables.loose.add(box.var)
        if joined.whole:
            self.variables.whole.add(box.var)
        if isinstance(hint, str) and hint.isidentifier() and self.machine.sheet.phase == 0:
            self.machine.sheet.names[box.var] = hint
        return box


class Merges:
    """The results of an `if`, as they are found."""

    def __init__(self, machine: Any, before: Survey, ways: tuple[Survey, Survey], left: tuple[Left, Left]) -> None:
        self.machine, self.ways, self.left = machine, ways, left
        self.images = Images(machine.things, before, left, self.add_held)
        self.held = machine.aliases.holders(ways[0]) | machine.aliases.holders(ways[1])
        self.mark = object()  # what tells the numbers of this branch from those of another
        self.pairs: list[tuple[Any, Any]] = []
        self.boxes: list[Box] = []
        self.shared: list[tuple[Box, tuple[Box, ...]]] = []
        self.standing: list[tuple[Any, Any, Any]] = []  # containers that stand for one with other names or another one, and these

    def add(self, a: Any, b: Any, key: Any, idle: bool = False, objects: tuple[Any, Any] | None = None) -> Any:
        """The value that stands for both; where it is `idle`, nobody reads what is UNDEFINED. In `objects` lists and objects are those
        that the sides have; what is in them is at the ends of the sides in the other two.
        """
        if isinstance(a, Contents):
            self.machine.reshaping.stays(key[1], self.machine.sheet.boxes[a.var], self.machine.sheet.boxes[b.var])
            box = self.leaf(a.var, b.var, key)
            return Contents(box.value, box.var, box.levels)
        if objects is None or not self.machine.things.are_held(*objects):
            return self.together(a, b, key, idle, trees.flatten_tuples)
        if objects[0] is objects[1]:
            return objects[0]  # with what is in it
        shared = self.are_shared(objects)
        if not self.are_alike(a, b):
            if not shared:
                rebinding.level(self.machine, *objects)
            return self.add_held(*objects, key, idle)
        if shared and self.images.are_new(*objects):
            return self.add_held(*objects, key, idle)
        made = rebinding.closed(self.machine, self.together(a, b, key, idle, flattened))
        if shared:
            self.standing.append((made, *objects))
        return made

    def add_held(self, a: Any, b: Any, key: Any, idle: bool = False) -> Any:
        """The value that stands for both, of which each object is to stay one."""
        return self.together(*self.images.meet(a, b), key, idle, trees.flatten_tuples)

    def are_alike(self, a: Any, b: Any) -> bool:
        """Whether two containers may be taken for what is in them."""
        if a is UNDEFINED or b is UNDEFINED or any(isinstance(v, (Choice, Poison)) for v in (a, b)):
            return False
        (first, structure), (second, other) = flattened(a), flattened(b)
        return structure == other and all(map(self.may_be_one, first, second)) and not self.machine.things.are_held(*first, *second)

    def are_shared(self, objects: tuple[Any, Any]) -> bool:
        """Whether a container has other names, or is from outside, so that another variable with the same in it may not be written."""
        return any(way.references[id(each)] > 1 or id(each) in self.machine.external
                   for value, way in zip(objects, self.ways, strict=True) for each in containers_in(value))  # fmt: skip

    def close(self) -> None:
        """What is known after the branch of the variables that it gives."""
        for box, roots in self.shared:
            self.machine.aliases.share(box, roots)
        for made, *objects in self.standing:
            originals = [(side, each) for side, value in enumerate(objects) for each in containers_in(value)]
            images = {id(image): image for side, each in originals for image in (each, self.images.of[side].get(id(each), each))}
            self.machine.aliases.stand_for(made, list(images.values()))

    def together(self, a: Any, b: Any, key: Any, idle: bool, flatten: Callable[[Any], Any]) -> Any:
        if isinstance(a, Choice) or isinstance(b, Choice):
            return self.choice(a, b, key, "a variable holds different things after a branch", idle)
        if a is UNDEFINED or b is UNDEFINED:
            there = b if a is UNDEFINED else a
            if not idle and hole(there) is None:  # which would not be read by the code, and so would not be missed
                return self.choice(a, b, key, UNKNOWN)
            leaves, structure = flatten(there)
            nothing = [UNDEFINED] * len(leaves)
            first, second = (nothing, leaves) if a is UNDEFINED else (leaves, nothing)
        else:
            (first, structure), (second, other) = flatten(a), flatten(b)
            if structure != other:
                return self.choice(a, b, key, "a variable holds containers of different structure after a branch")
        if any(x is not UNDEFINED and y is not UNDEFINED and not self.may_be_one(x, y) for x, y in zip(first, second, strict=True)):
            return self.choice(a, b, key, "a variable holds different things after a branch")
        return trees.unflatten(structure, [self.each(x, y, (key, i)) for i, (x, y) in enumerate(zip(first, second, strict=True))])

    def choice(self, a: Any, b: Any, key: Any, reason: str, idle: bool = False) -> Any:
        """A value of one of several kinds, where they may be told apart."""
        for v in (a, b):
            if isinstance(v, Poison):
                return v
        choices = self.machine.choices
        kinds = choices.among([v for v in (a, b) if not (idle and v is UNDEFINED)])
        if kinds is None:
            return Poison(self.machine, reason)
        pairs = zip(choices.apart(a, kinds), choices.apart(b, kinds), strict=True)
        leaves = [self.each(x, y, (key, i)) if x is not y or x is not UNDEFINED else UNDEFINED for i, (x, y) in enumerate(pairs)]
        return next((leaf for leaf in leaves if isinstance(leaf, Poison)), None) or choices.together(leaves, kinds)

    def may_be_one(self, x: Any, y: Any) -> bool:
        """Whether two leaves are the same thing, or numbers, which one variable may hold."""
        if isinstance(x, Poison) or isinstance(y, Poison) or same(x, y) or (is_stack(x) and is_stack(y)):
            return True
        return hole(x) is not None and hole(x) == hole(y)

    def alike(self, a: Any, b: Any) -> bool:
        """Whether two values are of one kind, sizes included, so that one variable may hold either without any loss."""
        if isinstance(a, Contents) or a is UNDEFINED or b is UNDEFINED:
            return True
        (first, structure), (second, other) = trees.flatten(a), trees.flatten(b)
        return structure == other and all(map(self._alike, first, second))

    def _alike(self, x: Any, y: Any) -> bool:
        if same(x, y) or any(isinstance(v, (Poison, Choice)) for v in (x, y)):
            return x is y
        one, other = strip(x), strip(y)
        return class_of(one) is class_of(other) and same_shape(one, other)

    def each(self, x: Any, y: Any, key: Any) -> Any:
        if isinstance(x, Ended) and isinstance(y, Ended) and x.origin is y.origin:
            return x.origin
        for v in (x, y):
            if isinstance(v, Poison):
                return v
        if x is not UNDEFINED and same(x, y):
            return x
        if not all(v is UNDEFINED or isinstance(v, LEAVES) for v in (x, y)):
            there = y if x is UNDEFINED else x
            if (x is UNDEFINED or y is UNDEFINED) and not isinstance(there, Traced):
                return there
            return Poison(self.machine, "a variable holds different things after a branch")
        return self.leaf(x, y, key)

    def leaf(self, x: Any, y: Any, key: Any) -> Any:
        machine = self.machine
        values = [machine.sheet.boxes[v] if isinstance(v, Var) else v for v in (x, y)]
        if not rebinding.alike(machine, values):
            return Poison(machine, rebinding.UNLIKE)
        if any(map(machine.aliases.is_stale, values)):
            return Poison(machine, STALE)
        joined = machine.joins.join(values, (self.mark, key))
        if isinstance(joined, str):
            return Poison(machine, joined)
        for k, (one, other) in enumerate(self.pairs):
            if one is x and other is y:
                return self.boxes[k]
        box = machine.joins.box_of(joined, hint_of(key))
        if not isinstance(x, Var) and any(machine.aliases.is_shared(v, self.held, 0 if key[0][0] == "exit" else 1) for v in values):
            self.shared.append((box, tuple(r for v in values if isinstance(v, Box) for r in machine.aliases.roots_of(v))))
        if any(v is UNDEFINED or machine.variables.is_missing(v) for v in values):
            machine.variables.may_be_absent(box.var)
        self.pairs.append((values[0] if isinstance(x, Var) else x, values[1] if isinstance(y, Var) else y))
        self.boxes.append(box)
        return box


def same_shape(one: Any, other: Any) -> bool:
    """Whether two values have one shape in the normal form."""
    a, b = np.shape(one), np.shape(other)
    return len(a) == len(b) and all(map(same_size, a, b))


def as_operand(machine: Any, value: Any) -> Operand:
    """What a block gives, which may be nothing."""
    operand: Operand = Const(UNDEFINED) if value is UNDEFINED else machine.operand(value)
    return operand


def hint_of(key: Any) -> Any:
    while isinstance(key, tuple) and key and not isinstance(key[0], str):
        key = key[0] if isinstance(key[0], tuple) else key[1:] if len(key) > 2 else key[1] if len(key) > 1 else None
    return key[2] if isinstance(key, tuple) and len(key) > 2 and key[0] == "name" else None


def merge_exits(merges: Merges, e1: Exit, e2: Exit) -> Exit:
    if e1.kind == e2.kind and e1.kind in ("fall", "continue", "break", "stop"):
        return e1
    if e1.kind == e2.kind and e1.kind in ("value", "return"):
        value = merges.add(e1.value, e2.value, ("exit", 0, None), objects=(merges.left[0].value, merges.left[1].value))
        if isinstance(value, Poison):
            raise CannotKeep(value.reason, merges.machine.location())
        return replace(e1, value=value)
    flags = {}
    for name in ("going", "returned", "broke", "fell"):
        flags[name] = merges.add(getattr(e1, name), getattr(e2, name), ("exit", 0, name))
    has = [e.returned is not False for e in (e1, e2)]
    (a, x), (b, y) = ((e.value, left.value) if h else (UNDEFINED, UNDEFINED) for e, left, h in zip((e1, e2), merges.left, has, strict=True))
    value = merges.add(a, b, ("exit", 0, None), True, (x, y)) if any(has) else None
    if isinstance(value, Poison):
        raise CannotKeep(value.reason, merges.machine.location())
    return Exit("mixed", value, **flags, ways=e1.possible | e2.possible)
