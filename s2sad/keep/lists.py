"""Lists whose length is not known, as stacks of the code: what is asked of them, and what is done to them."""
from __future__ import annotations

import functools
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.front import lookup
from s2sad.ir.program import Assign, StackType, Var
from s2sad.ir.writing import Box
from s2sad.keep import closures, list_calls, plainly, walk
from s2sad.keep.aliases import Aliases
from s2sad.keep.comprehensions import comprehended
from s2sad.keep.generators import Lazy
from s2sad.keep.growing import HINT, Grown, Length, grown, grows, may_grow
from s2sad.keep.joins import Joined
from s2sad.keep.outside_state import OutsideState
from s2sad.keep.syntax import parts, yields
from s2sad.machine import units
from s2sad.machine.traced import Traced, strip
from s2sad.record.recorder import Recorder
from s2sad.rules.language import Primitive
from s2sad.rules.lists import APPENDED, ITEM_OF, LENGTH, LISTED, POPPED, STACKED, STORED, TOTAL
from s2sad.types.arrays import Array, dtype_of

Machine = Any
PAIR = trees.flatten((0, 0))[1]


class Stacks:
    """The lists of unknown length: `convert` makes one of a list, the others write down what is done with it.

    `likes` has for each type of stack what its items have in common, `frozen` are the arrays that some list holds. Of the machine it uses
    the joins, the variables and the blocks.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.likes: dict[int, tuple[StackType, Joined]] = {}
        self.frozen: dict[int, Box] = {}

    # What there is

    def joined(self, items: list[Any], owner: Any) -> Joined:
        """What the items of a list have in common. Raises CannotKeep."""
        if not items or not may_grow(items):
            raise CannotKeep("a list changes its length in a loop or a branch, and holds things other than numbers and arrays",
                             self.machine.location(), "let it hold numbers, or arrays")  # fmt: skip
        found = self.machine.joins.join(items, ("item", id(owner)))
        if isinstance(found, str):
            raise CannotKeep("the items of a list that changes its length are of several kinds", self.machine.location(),
                             "let all be of one kind")  # fmt: skip
        return found  # type: ignore[no-any-return]

    def convert(self, owner: list[Any], joined: Joined) -> None:
        """From now on the length of the list is not known."""
        items = list(owner)
        like = self.machine.joins.box_of(joined)
        kind = StackType(like.var.type)
        self.likes[id(kind)] = kind, joined
        box = self.put(LISTED, kind, items, levels=joined.levels, length=Length(len(items)), name=self.name_of(owner))
        held = Grown(self.machine, owner, box, like)
        owner[:] = [held]
        for item in items:
            self.freeze(held, item)

    def name_of(self, owner: Any) -> str:
        """The user's name for a list."""
        names = (n for frame in reversed(self.machine.walks.frames) for n, v in frame.items() if v is owner and not n.startswith("__"))
        return next(names, "")

    def named(self, held: Grown) -> str:
        return str(self.machine.sheet.names.get(held.box.var, ""))

    def by_number(self, owner: Any, index: Any) -> Grown | None:
        """The items of a list of unknown length; of any other list too, where it is not known which of its items is meant."""
        held, machine = grown(owner), self.machine
        if held is not None or type(owner) not in (list, tuple) or not machine.variables.is_open(index) or len(owner) == 0:
            return held
        fixed = type(owner) is tuple or id(owner) in machine.external
        if not fixed and any(("shape", id(owner), None) in known for known in machine.regions.originals):
            raise grows(owner, (), machine.location())
        items = list(owner) if type(owner) is tuple else owner
        depth = max((machine.blocks.depth_of(v.var) for v in items if isinstance(v, Box)), default=0) if fixed else machine.blocks.depth
        with machine.blocks.further_out(depth):
            self.convert(items, self.joined(items, owner))
        return grown(items)

    def copied(self, held: Grown) -> list[Any]:
        """A list of its own with the same items."""
        made: list[Any] = []
        box = Box(self.machine, held.box.value, held.box.var, held.box.levels)
        made.append(Grown(self.machine, made, box, held.like))
        made[0].held.update(held.held)
        return made

    def freeze(self, held: Grown, item: Any) -> None:
        """An array in a list is not to be written: the code takes the items of lists for what they were."""
        if isinstance(item, Box) and isinstance(item.value, np.ndarray):
            held.held[id(item.root)] = self.frozen[id(item.root)] = item.root

    def element(self, stack: Var) -> Box:
        """A variable for an item of a stack."""
        joined = self.likes[id(stack.type)][1]
        box: Box = self.machine.joins.box_of(replace(joined, levels=self.machine.sheet.boxes[stack].levels), after=True)
        return box

    # Statements

    def put(self, primitive: Primitive, kind: Any, *args: Any, levels: frozenset[int] = frozenset(), length: Length | None = None,
            name: str = "") -> Box:  # fmt: skip
        """A stack that an operation gives."""
        box: Box = self.machine.variables.of_type(kind, length or Length(), levels, name)
        self.write((box.var,), primitive, args)
        return box

    def write(self, targets: tuple[Var, ...], primitive: Primitive, args: tuple[Any, ...], structure: Any = None) -> None:
        operands = tuple(map(self.machine.operand, args))
        statement: Assign = self.machine.sheet.statement(targets, primitive, operands, structure)
        self.machine.blocks.put(statement)

    def moved_on(self, held: Grown, box: Box) -> None:
        """The list is another one now."""
        self.machine.aliases.written(held.owner)
        self.machine.variables.freeze(held.box)
        held.box.value, held.box.var, held.box.levels = box.value, box.var, box.levels
        held.box.version += 1

    def fitting(self, held: Grown, value: Any) -> frozenset[int]:
        """The differentiations that a list takes part in with a further item, which has to be of the type of the others."""
        known, found = self.likes[id(held.box.var.type)][1], self.joined([held.like, value], held.owner)
        if not found.like(replace(known, levels=found.levels)):
            raise grows(held.owner, (held.like, value), self.machine.location())
        more = value.levels & self.machine.levels.open if isinstance(value, Box) else frozenset()
        return held.box.levels | more

    def append(self, held: Grown, value: Any) -> None:
        levels, known = self.fitting(held, value), held.box.value
        self.freeze(held, value)
        held.changes += 1
        length = replace(known, more=known.more + 1)
        self.moved_on(held, self.put(APPENDED, held.box.var.type, held.box, value, levels=levels, length=length, name=self.named(held)))

    def pop(self, held: Grown) -> Any:
        top = self.element(held.box.var)
        rest = self.machine.variables.of_type(held.box.var.type, Length(), held.box.levels, self.named(held))
        self.write((rest.var, top.var), POPPED, (held.box,), PAIR)
        held.changes += 1
        self.moved_on(held, rest)
        self.freeze(held, top)
        return top

    def clear(self, held: Grown) -> None:
        held.changes += 1
        length = Length(0)
        self.moved_on(held, self.put(LISTED, held.box.var.type, [], levels=held.box.levels, length=length, name=self.named(held)))

    def item(self, held: Grown, index: Any) -> Any:
        self.check_index(index)
        made = self.element(held.box.var)
        self.write((made.var,), ITEM_OF, (held.box, index))
        self.freeze(held, made)
        return made

    def part(self, held: Grown, index: slice) -> Any:
        """A list of some of the items."""
        return self.walked(plainly.part, held.owner, index.start, index.stop, self.step_of(index))

    def set_part(self, held: Grown, index: slice, value: Any) -> None:
        if self.step_of(index) != 1:
            self.machine.refuse_list("a part in steps is assigned of")
        self.walked(plainly.set_part, held.owner, index.start, index.stop, value)

    def step_of(self, index: slice) -> int:
        """The step of a part, which says from which end its bounds are counted."""
        step = 1 if index.step is None else self.machine.concrete(index.step)
        if not step or not all(b is None or isinstance(strip(b), (int, np.integer)) for b in (index.start, index.stop)):
            [][index]  # raises what Python raises
        return int(step)

    def set_item(self, held: Grown, index: Any, value: Any) -> None:
        self.check_index(index)
        levels = self.fitting(held, value)
        self.freeze(held, value)
        args, length = (held.box, index, value), held.box.value
        self.moved_on(held, self.put(STORED, held.box.var.type, *args, levels=levels, length=length, name=self.named(held)))

    def check_index(self, index: Any) -> None:
        if not isinstance(strip(index), (int, np.integer)):
            [][index]  # raises what Python raises

    # Sizes

    def size(self, held: Grown) -> Any:
        """The length, as a size."""
        known: Length = held.box.value
        if not isinstance(known.start, (int, Traced)):
            return self.machine.joins.step(("length", held.box.var), int, 0)
        return strip(known.start) + known.more

    def length(self, held: Grown) -> Any:
        if isinstance(held.box.value.start, int):
            return held.box.value.start + held.box.value.more
        made = self.machine.variables.made(self.size(held), frozenset())
        self.write((made.var,), LENGTH, (held.box,))
        return made

    def array(self, held: Grown) -> Box:
        """`np.array(items)`."""
        machine, like = self.machine, held.like
        if not isinstance(like.value, float) or machine.variables.may_be_whole(like):
            machine.variables.refuse_loose(like)
        dtype = dtype_of(like.value)
        if dtype != np.float64 or isinstance(like.value, np.ndarray):  # what NumPy makes of an empty list
            machine.certain(machine.compare(">", self.length(held), 0))
        made: Box = machine.variables.made(Array(dtype, (self.size(held), *np.shape(like.value))), held.box.levels)
        self.write((made.var,), STACKED, (held.box,))
        return made

    def total(self, held: Grown, start: Any) -> Any:
        """`sum(items, start)`; without items it is the start."""
        machine = self.machine
        if isinstance(held.like.value, np.ndarray):
            return self.walked(plainly.summed, held.owner, start)
        if isinstance(held.like.value, (bool, np.bool_)):
            return self.walked(plainly.counted, held.owner, start)
        joined = self.joined([held.like, start], ("total", id(held.owner)))
        made: Box = machine.joins.box_of(replace(joined, levels=joined.levels | held.box.levels))
        self.write((made.var,), TOTAL, (held.box, start))
        return made

    def walked(self, function: Any, *args: Any, native: Any = None, **kwargs: Any) -> Any:
        """One of the functions of `plainly`, as if it were the user's; `native` does the same where a generator is not walked."""
        own = parts(lookup.find(function.__code__, function.__globals__))
        unit, defaults = units.FixedUnit(function.__globals__), function.__defaults__ or ()
        kept = (walk.Generating if yields(own) else walk.Kept)(self.machine, own, unit, defaults, function.__kwdefaults__)
        if isinstance(kept, walk.Generating):
            kept.native = native
        return kept(*args, **kwargs)


class Lists(Recorder):
    """A recorder that is asked about lists of unknown length as well."""

    certain: Callable[..., None]
    negated: Callable[..., Any]
    stacks: Stacks
    aliases: Aliases
    outside: OutsideState

    def assign_free(self, value: Any, unit: Any, name: str) -> None:
        if not closures.assigned(self, value, unit, name):
            super().assign_free(value, unit, name)

    def refuse_list(self, what: str) -> None:
        raise CannotKeep(f"{what} a list whose length is not known", self.location(), HINT)

    def item(self, owner: Any, index: Any) -> Any:
        held = self.stacks.by_number(owner, index)
        if held is not None and isinstance(index, slice):
            return self.stacks.part(held, index)
        return super().item(owner, index) if held is None else self.stacks.item(held, index)

    def set_item(self, value: Any, owner: Any, index: Any) -> None:
        held = self.stacks.by_number(owner, index)
        self.outside.not_written(owner, "an item is assigned")
        if not isinstance(index, slice) and (type(owner) is list or (type(owner) is dict and self.concrete(index) in owner)):
            self.aliases.overwritten(owner)
        if held is None:
            super().set_item(value, owner, index)
        elif isinstance(index, slice):
            self.stacks.set_part(held, index, value)
        else:
            self.stacks.set_item(held, index, value)

    def set_attribute(self, value: Any, owner: Any, name: str) -> None:
        self.aliases.overwritten(owner)
        super().set_attribute(value, owner, name)

    def delete_item(self, owner: Any, index: Any) -> None:
        held = grown(owner)
        if held is None:
            super().delete_item(owner, index)
        elif isinstance(index, slice):
            self.stacks.set_part(held, index, ())
        else:
            list_calls.of_list(self, held, "pop", (index,), {})

    def comprehension(self, walk: Any, number: int, names: dict[str, Any], first: Any, native: Callable[[Any], Any]) -> Any:
        """A comprehension of a function that is walked."""
        return comprehended(walk, number, names, first, native)

    def own_iterator(self, value: Any) -> Any:
        """What the `__iter__` of an object of the user's gives: a generator that is walked, say. Any other value is as it is."""
        method = None if isinstance(value, Traced) else self.method(value, "__iter__")
        made = value if method is None else self.call(method, value)
        if method is None or isinstance(made, Lazy):
            return made
        step = self.method(made, "__next__")
        return super().iterate(made) if step is None else self.steps(made, step)

    def iterate(self, value: Any, hint: Any = None) -> Any:
        value = self.own_iterator(value)
        if isinstance(value, Lazy):
            return value.natively()
        if grown(value) is not None:
            self.refuse_list("an expression takes apart")
        return super().iterate(value, hint)

    def unpack(self, value: Any, hints: Any) -> Any:
        held = grown(value)
        if held is None:
            return super().unpack(value, hints)
        self.certain(self.compare("==", self.stacks.length(held), len(hints)))
        return super().unpack([self.stacks.item(held, k) for k in range(len(hints))], hints)

    def apart(self, value: Any, before: int, after: int) -> Any:
        """What is assigned to several targets of which one has a star: so many stand before that one, and after it."""
        held = grown(value)
        if held is None:
            return value
        self.certain(self.compare(">=", self.stacks.length(held), before + after))
        ends = [self.stacks.item(held, k) for k in (*range(before), *range(-after, 0))]
        return [*ends[:before], *self.item(value, slice(before, -after or None, None)), *ends[before:]]

    def concatenated(self, *pieces: Any) -> list[Any]:
        """`[*these, that]`."""
        if any(list_calls.is_long(self, piece) for piece in pieces):
            return self.stacks.walked(plainly.concatenated, pieces)  # type: ignore[no-any-return]
        return [item for piece in pieces for item in self.iterate(piece)]

    def gathered(self, items: list[Any]) -> list[Any]:
        """What Python has put into the list of a target with a star."""
        if len(items) == 1 and type(items[0]) is Grown:
            items[0].owner = items
        return items

    def condition(self, value: Any) -> Any:
        """What is asked where a value is a condition."""
        held = grown(value)
        return value if held is None else self.compare(">", self.stacks.length(held), 0)

    def truth(self, value: Any) -> bool:
        if grown(value) is not None:
            self.refuse_list("a condition inside an expression asks for")
        return super().truth(value)

    def binary(self, symbol: str, left: Any, right: Any) -> Any:
        if grown(left) is None and grown(right) is None:
            return super().binary(symbol, left, right)
        if symbol != "+" or type(left) is not list or type(right) is not list:
            self.refuse_list(f"{symbol} is applied to")
        return self.stacks.walked(plainly.joined, left, right)

    def inplace(self, symbol: str, target: Any, value: Any) -> Any:
        held = grown(target)
        if held is None or symbol != "+":
            return super().inplace(symbol, target, value)
        list_calls.of_list(self, held, "extend", (value,), {})
        return target

    def compare(self, symbol: str, left: Any, right: Any) -> Any:
        if symbol in ("in", "not in") and (grown(right) is not None or list_calls.are_numbers(left, right)):
            found = self.stacks.walked(plainly.holds, right, left)
            return found if symbol == "in" else self.negated(found)
        if symbol not in ("is", "is not") and any(grown(v) is not None for v in (left, right)):
            self.refuse_list(f"{symbol} compares")
        return super().compare(symbol, left, right)

    def check_single(self, container: Any, what: str) -> None:
        self.aliases.written(container)
        super().check_single(container, what)

    def check_writable(self, owner: Any) -> None:
        if isinstance(owner, Box) and id(owner.root) in self.stacks.frozen:
            raise CannotKeep("a write into an array that a list of unknown length holds", self.location(), "put a copy into the list")
        super().check_writable(owner)

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        args = list_calls.without_generators(function, args, kwargs)
        if type(function) is types.FunctionType and function.__globals__ is vars(plainly):
            return self.stacks.walked(function, *args, **kwargs)
        plain = list_calls.in_plain_text(self, function, args, kwargs)
        if plain is not None:
            return self.stacks.walked(plain, *args, native=functools.partial(super().call, function))
        owner = function.__self__ if isinstance(function, types.BuiltinMethodType) else None
        held = grown(owner)
        if held is not None:
            return list_calls.of_list(self, held, function.__name__, args, kwargs)
        if any(grown(v) is not None for v in (*args, *kwargs.values())):
            return list_calls.given(self, super().call, function, args, kwargs)
        if list_calls.looks_for_a_number(function, args):
            return self.stacks.walked(list_calls.METHODS[function.__name__], owner, *args)
        return super().call(function, *args, **kwargs)
