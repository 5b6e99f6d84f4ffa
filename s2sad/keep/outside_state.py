"""State outside the function that kept code changes: numbers under a name, as counters are, and containers that are filled and not read.

A walk does not know what comes later in a loop. So the walk in which a change is met for the first time ends, and another one begins, which
knows of it: a number under that name is read where the function reads it, in each step, and of the container nothing is read.
"""
from __future__ import annotations

import operator
import types
from typing import Any, NoReturn

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.ir.writing import Box
from s2sad.keep.variables import stand_in
from s2sad.machine import objects
from s2sad.machine.objects import strip_object
from s2sad.machine.standing import Outer
from s2sad.machine.traced import strip, traced_in
from s2sad.record.capture import NUMBERS
from s2sad.record.native import CONTAINERS, GIVES_NOTHING
from s2sad.rules import structural
from s2sad.rules.language import Primitive
from s2sad.rules.structural import CALL, ITEM, PERFORM
from s2sad.runtime.control import GivenUp, is_argument
from s2sad.types.sizes import is_whole

NAMED = (setattr, object.__setattr__, type.__setattr__, objects.assign_global)
OF_IDENTITY = (operator.is_, is_argument)
LEAVES = (*NUMBERS, str, bytes, type(None))


class Changed(GivenUp):
    """Something outside is changed that the walk did not know of: the function is walked again."""

    def __init__(self, key: Any, owner: Any) -> None:
        self.key, self.owner = key, owner


class OutsideState:
    """What the function changes outside: the names of attributes and globals, and by their ids cells and containers.

    It is told of changes, of reads, and of each container from outside: those that are changed are guarded not to be one with those that
    are read. The machine writes down what is asked.
    """

    def __init__(self, machine: Any, changed: dict[Any, Any]) -> None:
        self.machine, self.changed = machine, changed
        self.met: list[Box] = []
        self.followed: set[Any] = set()  # where values are kept that are differentiated
        self.numbers: set[Any] = set()  # what has been read
        machine.world.is_counter = self.is_asked_anew
        for key, owner in changed.items():
            if key[0] == "container":
                machine.changes.changing[id(owner)] = owner  # it is not taken apart

    def change(self, what: str, function: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
        """`function(owner, *args, **kwargs)`."""
        machine, key = self.machine, self.key(function, owner, args)
        if key is None or kwargs or machine.blocks.checkpoints or not all(map(self.may_leave, args)):
            raise CannotKeep(f"state outside the function changes: {what}", machine.location(), 'use control="record"')
        if key not in self.changed:
            machine.give_up(Changed(key, strip_object(owner)))
        if any(isinstance(b, Box) and b.levels for b in traced_in(args)):
            self.followed.add(key)
        self.refuse_followed(key, args[0])
        machine.containers.changed_outside(owner)
        machine.sheet.acted = True
        machine.emit_typed(PERFORM, [function, [owner, *args], {}], None)

    def key(self, function: Any, owner: Any, args: tuple[Any, ...]) -> Any:
        """What is changed; None where that is not told."""
        plain, name = strip_object(owner), getattr(function, "__name__", "")
        if any(function is f for f in NAMED):
            return ("cell", id(plain)) if isinstance(plain, types.CellType) else ("name", args[0])
        fills = function is operator.setitem or name in GIVES_NOTHING
        return ("container", id(plain)) if fills and isinstance(owner, Box) and type(plain) in CONTAINERS else None

    def may_leave(self, value: Any) -> bool:
        """Whether a value may be kept outside: a number, a text, or a tuple of these. What can change would have to be followed there."""
        leaves = trees.flatten(value)[0] if type(value) is tuple else [value]
        return all(isinstance(strip(leaf), LEAVES) for leaf in leaves)

    def not_taken_apart(self, copy: Any, what: str) -> None:
        """A change of what was taken apart."""
        for known, box in (v for k, v in self.machine.memo.items() if k[0] == "unfolded"):
            if known is copy and type(known) is not tuple:
                self.machine.give_up(Changed(("container", id(box.value)), box.value))
        self.refuse(f"{what} of a {type(copy).__name__}")

    def not_written(self, container: Any, what: str) -> None:
        """What was taken apart is not written as if it were the function's."""
        if self.machine.external.get(id(container)) is container:
            self.not_taken_apart(container, what)

    # Reads

    def is_counter(self, primitive: Primitive, args: list[Any]) -> bool:
        """Whether what is read may be another value after a change."""
        if not self.changed or primitive not in (structural.GLOBAL, structural.ATTRIBUTE, structural.CELL):
            return False
        return counted(primitive, args) in self.changed

    def is_asked_anew(self, primitive: Primitive, args: list[Any]) -> bool:
        """Whether what the function reads is a counter; refused where it reads the dictionary that holds some."""
        if primitive is structural.ATTRIBUTE and args[1] == "__dict__" and any(key[0] == "name" for key in self.changed):
            self.refuse("__dict__ is read")
        return self.is_counter(primitive, args)

    def refuse_followed(self, key: Any, name: Any) -> None:
        """A value that is differentiated is no number where it is read again."""
        if key in self.followed and key in self.numbers:
            self.refuse(f"{name} is read, where a value that is being differentiated is kept")

    def read(self, primitive: Primitive, args: list[Any], value: Any) -> Box:
        """A number, as it is at this time."""
        if not isinstance(value, NUMBERS) or isinstance(value, bool):
            self.refuse(f"{args[1]} is read")
        key = counted(primitive, args)
        self.numbers.add(key)
        self.refuse_followed(key, args[1])
        with self.machine.blocks.in_place():
            box: Box = self.machine.emit_typed(primitive, args, self.stood_for(str(args[1]), value))
        return box

    def stood_for(self, name: str, value: Any) -> Any:
        """A stand-in; a whole number is another one each time."""
        if is_whole(value):
            symbols = self.machine.deciding.symbols
            return symbols.size(symbols.symbol(name), type(value))
        return stand_in(value) if isinstance(value, NUMBERS) else value

    def check(self, primitive: Primitive, args: list[Any]) -> None:
        """Refuse to read from a container that is changed, or what the dictionary of an object or a module holds under a name that is."""
        if not self.changed or primitive not in (CALL, ITEM) or any(args[0] is f for f in OF_IDENTITY):
            return
        for box in traced_in(args):
            if ("container", id(box.value)) in self.changed:
                self.refuse(f"a {type(box.value).__name__} is read")
        if primitive is ITEM and ("name", strip(args[1])) in self.changed:
            self.refuse(f"{strip(args[1])} is read")

    def meet(self, box: Box) -> None:
        """A container from outside."""
        if not self.changed or type(box.value) not in CONTAINERS:
            return
        for other in self.met:
            if other.value is not box.value and type(other.value) is type(box.value) and self.is_changed(box, other):
                self.are_two(box, other)
        self.met.append(box)

    def is_changed(self, *boxes: Box) -> bool:
        return any(("container", id(b.value)) in self.changed for b in boxes)

    def are_two(self, one: Box, other: Box) -> None:
        """Guard that two containers are not one."""
        if not self.machine.blocks.is_there(other.var):
            self.refuse("a container is read in a branch")
        self.machine.guard("truth", self.machine.emit(CALL, [operator.is_, [one, other], {}], False), False)

    def refuse(self, what: str) -> NoReturn:
        raise CannotKeep(f"state outside the function changes: {what}", self.machine.location(), 'use control="record"')


def counted(primitive: Primitive, args: list[Any]) -> Any:
    """What is read under a name."""
    return ("cell", id(args[0])) if primitive is structural.CELL else ("name", args[1])


def emit(machine: Any, primitive: Primitive, args: list[Any], value: Any, levels: frozenset[int] = frozenset(), whole: bool = True) -> Any:
    """A read from outside: the box stands for any value like the real one."""
    if primitive.callee is not None or not whole:
        return machine.emit_typed(primitive, args, value, levels, whole)
    if machine.outside.is_counter(primitive, args):
        return machine.outside.read(primitive, args, value)
    machine.outside.check(primitive, args)
    known = isinstance(value, (*NUMBERS, np.ndarray, str))
    called = next((a for a in reversed(args) if isinstance(a, str)), "")  # by the user
    box = machine.ties.box(value, called) if known else machine.variables.made(value, levels)
    operands = tuple(machine.operand(a) for a in args)
    machine.blocks.put(machine.sheet.statement((box.var,), primitive, operands))
    machine.variables.is_now(box, value)
    box.outer = Outer(value, box.var)
    if is_whole(value) and machine.ties.exact:
        machine.sheet.guard_value(box, value)
    if machine.sheet.telling or isinstance(value, (str, bytes)):
        machine.sheet.tell(args, [box])
    return box
