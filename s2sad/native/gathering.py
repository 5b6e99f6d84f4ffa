"""What a stencil adds up backwards: one value that is added to several parts of an array, each shifted, becomes one sum of shifted reads.

    a_bar[:-2] += t; a_bar[1:-1] -= 2 * t; a_bar[2:] += t

writes each element three times, one after the other. Where `t` lies in memory with zeros around it, each element is written once, by a loop
that takes its steps several at a time: `a_bar[i] += t[i + 2] - 2 * t[i + 1] + t[i]`.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from s2sad.errors import CannotBeNative
from s2sad.ir.program import ArrayType, Assign, Const, Display, Operand, Statement, Var
from s2sad.native.elements import Elements, size_of
from s2sad.native.lazy import By, Lazy, Memory, View
from s2sad.native.nests import Item, NestStep, reads_of, stored
from s2sad.native.places import Along, Map, Node, Places, binary
from s2sad.passes.storage import is_write
from s2sad.quickly import dataclass
from s2sad.rules.operations import MULTIPLY, NEGATE, SCATTER
from s2sad.types.indexing import part_shape
from s2sad.types.sizes import Size, Whole, same

Starts = tuple[int, ...]


@dataclass(eq=False)
class Chain:
    """Statements that add to parts of one array: where each part starts, and which array each value is a multiple of."""

    members: list[Assign]
    starts: list[Starts]
    cores: list[Var]

    @property
    def sets(self) -> bool:
        """Whether the first statement sets its part, instead of adding to it."""
        return self.members[0].primitive.writes == "="

    @property
    def low(self) -> Starts:
        return tuple(map(min, zip(*self.starts, strict=True)))

    @property
    def width(self) -> Starts:
        """How far the parts are apart at most, along each axis."""
        return tuple(max(s) - min(s) for s in zip(*self.starts, strict=True))


@dataclass(frozen=True)
class Box:
    """A part of what a chain adds to: where it lies along each axis, and its sizes."""

    map: Map
    dims: tuple[Whole, ...]


def chains(statements: tuple[Statement, ...], fills: Callable[[Assign], bool] = lambda statement: True) -> list[Chain]:
    """The chains of a block, of values that fill their parts. Between the members of one there are no writes and no regions."""
    made = {t: s for s in statements if isinstance(s, Assign) for t in s.targets}
    found: list[Chain] = []
    open_: Chain | None = None
    for statement in statements:
        if not isinstance(statement, Assign):
            open_ = None
            continue
        member = as_member(statement, made)
        member = member if member is None or fills(statement) else None
        if open_ is not None and not is_write(statement) and open_.members[-1].targets[0] in statement.reads:
            open_ = None  # what has been added so far is read
        if open_ is not None and is_write(statement) and (member is None or statement.args[0] is not open_.members[-1].targets[0]
                                                          or not alike(open_, statement, member[0])):  # fmt: skip
            open_ = None
        if member is None:
            continue
        if open_ is None or statement.primitive is SCATTER or statement.primitive.writes == "=":
            open_ = Chain([], [], [])
            found.append(open_)
        open_.members.append(statement)
        open_.starts.append(member[0])
        open_.cores.append(member[1])
    return [c for c in map(with_its_kind, found) if c.members and gathers(c)]


def with_its_kind(chain: Chain) -> Chain:
    """A chain without a first statement that sets its part to something else than is added, and its values where they are one."""
    if chain.sets and chain.cores.count(chain.cores[0]) == 1:
        chain = Chain(chain.members[1:], chain.starts[1:], chain.cores[1:])
    if len({value_of(m) for m in chain.members}) == 1:
        chain.cores = [value_of(m) for m in chain.members]  # type: ignore[misc]
    return chain


def gathers(chain: Chain) -> bool:
    """Whether a value goes to several places."""
    return len(chain.members) > len(set(chain.cores)) and max(Counter(chain.cores).values()) > 1 and len(set(chain.starts)) > 1


def alike(chain: Chain, statement: Assign, starts: Starts) -> bool:
    """Whether the value of a further member has the sizes of the others."""
    first, further = value_of(chain.members[0]), value_of(statement)
    if not isinstance(first, Var) or not isinstance(further, Var) or first.type.__class__ is not further.type.__class__:
        return False
    one, other = first.type, further.type
    assert isinstance(one, ArrayType) and isinstance(other, ArrayType)
    return len(starts) == len(chain.starts[0]) and len(one.shape) == len(other.shape) and all(map(same, one.shape, other.shape))


def value_of(statement: Assign) -> Operand:
    return statement.args[0] if statement.primitive is SCATTER else statement.args[2]


def as_member(statement: Assign, made: dict[Var, Assign]) -> tuple[Starts, Var] | None:
    """Where the part starts to which a statement adds, and which array its value is a multiple of."""
    if statement.primitive is not SCATTER and statement.primitive.writes not in ("=", "+=", "-="):
        return None
    value, target = value_of(statement), statement.targets[0]
    if not isinstance(value, Var) or not isinstance(value.type, ArrayType) or not isinstance(target.type, ArrayType):
        return None
    if value.type.dtype != target.type.dtype:
        return None
    starts = starts_of(statement.args[1], len(target.type.shape))
    return None if starts is None or len(value.type.shape) != len(starts) else (starts, core_of(value, made))


def starts_of(index: Operand, rank: int) -> Starts | None:
    """Where slices start that say it by whole numbers from the front, one for each axis."""
    items = list(index.items) if isinstance(index, Display) and index.kind is tuple else [index]
    found = [start_of(i) for i in items] + [0] * (rank - len(items))
    return None if None in found or len(found) != rank else tuple(f for f in found if f is not None)


def start_of(item: Operand) -> int | None:
    if not isinstance(item, Display) or item.kind is not slice:
        return None
    start, _, step = item.items
    if not isinstance(start, Const) or not isinstance(step, Const) or step.value not in (None, 1):
        return None
    first = 0 if start.value is None else start.value
    return first if type(first) is int and first >= 0 else None


def core_of(value: Var, made: dict[Var, Assign]) -> Var:
    """The array that a value is a multiple of by numbers."""
    statement = made.get(value)
    if statement is not None and statement.primitive is NEGATE and isinstance(statement.args[0], Var):
        return core_of(statement.args[0], made)
    if statement is not None and statement.primitive is MULTIPLY:
        for one, other in (statement.args, statement.args[::-1]):
            if not is_array(one) and isinstance(other, Var) and is_array(other) and other.type == value.type:
                return core_of(other, made)
    return value


def is_array(operand: Operand) -> bool:
    return isinstance(operand, Var) and isinstance(operand.type, ArrayType) and bool(operand.type.shape)


class Gathering(Elements):
    """The part that writes chains of shifted additions."""

    chain_of: dict[int, Chain]
    widths: dict[Var, Starts]
    gathered_so_far: dict[int, list[Lazy]]

    def note_chains(self, statements: tuple[Statement, ...]) -> None:
        """Find the chains of a block before it is written: values are given room for zeros when they are stored."""
        for chain in chains(statements, self.fills_its_part):
            self.chain_of.update({id(m): chain for m in chain.members})
            for core in dict.fromkeys(chain.cores):
                known = self.widths.get(core, chain.width)
                self.widths[core] = tuple(map(max, known, chain.width))
                self.left[core] += 1  # it is read by the gathering

    def fills_its_part(self, statement: Assign) -> bool:
        """Whether a value has the sizes of the part that it is added to, and is not one element for many."""
        value, target, index = value_of(statement), statement.targets[0], statement.args[1]
        assert isinstance(value, Var) and isinstance(value.type, ArrayType) and isinstance(target.type, ArrayType)
        items = index.items if isinstance(index, Display) and index.kind is tuple else (index,)
        part = self.sizes_of(part_shape(self.dims(target), tuple(map(size_of, items))))
        return all(map(same, part, self.sizes_of(value.type.shape)))

    def member(self, statement: Assign) -> bool:
        """Take a statement into its chain, and write that with its last one; whether it is in one."""
        chain = self.chain_of.get(id(statement))
        if chain is None:
            return False
        values = self.gathered_so_far.setdefault(id(chain), [])
        value = self.lazy(value_of(statement))
        values.append(value)
        if statement is chain.members[0]:
            self.base_of_chain = self.base_for(statement)
        else:
            self.take(statement.args[0])
        for extra in (statement.args[1], *([statement.args[2]] if statement.primitive is SCATTER else [])):
            self.take(extra)
        if statement is chain.members[-1]:
            self.gather(chain, statement, values)
        self.env[statement.targets[0]] = self.base_of_chain
        return True

    base_of_chain: View

    def base_for(self, statement: Assign) -> View:
        if statement.primitive is not SCATTER:
            return self.writable(statement.args[0], statement)
        target = statement.targets[0]
        assert isinstance(target.type, ArrayType)
        return View(self.allocate(self.hint(target), self.dims(target), target.type.dtype, True, "zeros"))

    def gather(self, chain: Chain, statement: Assign, values: list[Lazy]) -> None:
        base, low, width = self.base_of_chain, chain.low, chain.width
        cores = [self.padded(core, self.widths[core]) for core in dict.fromkeys(chain.cores)]
        self.left.subtract(dict.fromkeys(chain.cores, 1))
        self.ask_padded(values)
        self.before_write(base.memory, statement)
        shifts = [tuple(s - b for s, b in zip(start, low, strict=True)) for start in chain.starts]
        terms = list(zip(chain.members, values, shifts, strict=True))
        box = Box(tuple(Along(k) for k in range(len(width))), tuple(n + w for n, w in zip(values[0].dims, width, strict=True)))
        if chain.sets:
            for wall in self.walls(values[0].dims, shifts[0], width):
                self.gather_in(wall, terms[1:], base, low, tuple(cores), statement)
            box = Box(tuple(Along(k, 1, s) for k, s in enumerate(shifts[0])), values[0].dims)
        self.gather_in(box, terms, base, low, tuple(cores), statement)

    def ask_padded(self, values: list[Lazy]) -> None:
        """Raise CannotBeNative unless all that values are read from has zeros around it."""
        for value in values:
            read = reads_of(value)
            if not read or not all(memory.padding for memory, _ in read):
                raise CannotBeNative("what is added to shifted parts of an array lies without zeros around it", self.where)

    def walls(self, dims: tuple[Whole, ...], inside: Starts, width: Starts) -> Iterator[Box]:
        """What there is of a box around another one in it, in pieces."""
        for axis, (size, before, both) in enumerate(zip(dims, inside, width, strict=True)):
            rest = int(dict(size.terms).get((), 0)) if isinstance(size, Size) else int(size)
            behind = Along(axis, 1, before + rest, self.size(size - rest) if isinstance(size, Size) else "")
            for place, thick in ((Along(axis), before), (behind, both - before)):
                if thick:
                    map_ = tuple(Along(k, 1, s) if k < axis else Along(k) for k, s in enumerate(inside))
                    sizes = tuple(n if k < axis else n + w for k, (n, w) in enumerate(zip(dims, width, strict=True)))
                    yield Box((*map_[:axis], place, *map_[axis + 1 :]), (*sizes[:axis], thick, *sizes[axis + 1 :]))

    def gather_in(self, box: Box, terms: list[Any], base: View, low: Starts, cores: tuple[Lazy, ...], statement: Assign) -> None:
        """Add up what goes into a box. Where the first term sets a part, the box is that part."""

        def make(step: Any, places: Places) -> Node:
            node: Node = None
            for member, value, shift in terms:
                term = step.element(value, tuple(a.at(places).after(1, -s) for a, s in zip(box.map, shift, strict=True)))
                less = member.primitive.writes == "-="
                node = binary(node, "-" if less else "+", term) if node is not None else ast.UnaryOp(ast.USub(), term) if less else term
            return node

        total = By(make, box.dims, base.dtype, len(terms), cores)
        total.hint = base.memory.label
        part = View(base.memory, tuple(Along(a.axis, 1, a.offset + s, a.term) for a, s in zip(box.map, low, strict=True)), box.dims)
        sets = terms[0][0].primitive.writes == "="

        def write(step: NestStep, places: Places) -> None:
            step.put(item, part.index(places), total.at(step, places), "=" if sets else "+=")

        item = Item(total, write, "store" if sets else "add", base.memory, part.map, location=statement.location, phase=statement.phase)
        self.add(item, box.dims)

    def padded(self, core: Var, width: Starts) -> Lazy:
        """The value of a variable in memory with zeros around it."""
        value: Lazy = self.env[core]
        held = stored(value)
        if isinstance(held, View) and held.memory.padding == width:
            return held
        view = self.room(value, self.hint(core), width, False)
        self.add(self.storing(value if value.stored is None else held, view), value.dims)
        self.keeps(value, view)
        return view

    def room(self, value: Lazy, hint: str, width: Starts, lasting: bool) -> View:
        """New memory for a value, with zeros around it."""
        dims = tuple(n + 2 * w for n, w in zip(value.dims, width, strict=True))
        memory: Memory = self.allocate(value.hint or hint, dims, value.dtype, lasting, "zeros")
        memory.padding = width
        return View(memory, tuple(Along(k, 1, w) for k, w in enumerate(width)), value.dims)
