"""What is known of the variables of a kept function besides their types."""
from __future__ import annotations

import contextlib
import operator
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep
from s2sad.ir.program import ArrayType, Operand, StackType, Var, type_of, variables
from s2sad.ir.writing import Box, inexact
from s2sad.keep.blocks import Blocks
from s2sad.machine.questions import NUMERIC
from s2sad.machine.traced import strip, traced_in
from s2sad.rules.language import Primitive
from s2sad.rules.structural import CALL
from s2sad.types.arrays import Array, dtype_of
from s2sad.types.sizes import Size, is_whole, settled


class Variables:
    """Variables with their types, and what may be so of their values on some way through the function.

    `made`, `twin` and `stack` make them, in the block that is being written. The sets say which numbers are those of this call
    (`known`), what may not be there (`maybe`), and which numbers may be of another class than they look (`loose`, `whole`). Of the machine
    it uses the tables of boxes and of names; the blocks are told of each variable.
    """

    def __init__(self, machine: Any, blocks: Blocks) -> None:
        self.machine, self.blocks = machine, blocks
        self.known: set[Var] = set()
        self.maybe: set[Var] = set()  # arrays and stacks that are not there on every way: None, or no name
        self.missing: set[Var] = set()  # all variables that have no value on some way, numbers as well
        self.whole: set[Var] = set()  # what may be an int where a float is meant
        self.loose: set[Var] = set()  # what may be an int where a float is meant, or a number of Python's where one of NumPy's is
        self.lifted: set[Var] = set()  # what branches give for the sake of their adjoints alone
        self.first: dict[Var, Var] = {}  # for what holds the value of another once more, that one
        self.present: dict[Var, float] = {}  # floats of the present call, which a guard may say that they are
        self.unsure: dict[int, Box] = {}  # what a loop or a branch hands on, which may be one object or another
        self.carried: frozenset[int] = frozenset()  # the differentiations that the seeds of the present sweep take part in

    def made(self, value: Any, levels: frozenset[int]) -> Box:
        """A variable for what this stands for."""
        return self._new(value, Var(type_of(value)), levels)

    @contextlib.contextmanager
    def carrying(self, seeds: Any) -> Iterator[None]:
        """A sweep: what it hands on through regions takes part in what its seeds take part in, whatever the values themselves do."""
        before = self.carried
        self.carried = frozenset().union(*(b.levels for b in traced_in(seeds) if isinstance(b, Box)))
        try:
            yield
        finally:
            self.carried = before

    def twin(self, var: Var, name: str | None = None, sized: Any = None) -> Box:
        """Another variable of the same type, but for the sizes, which may be those of another array."""
        like = self.machine.sheet.boxes[var]
        value = like.value.like(sized.shape) if isinstance(sized, Array) and np.ndim(like.value) == sized.ndim else like.value
        levels = like.levels | (self.carried if inexact(value) else frozenset())
        box = self._new(value, Var(var.type if value is like.value else type_of(value)), levels)
        self.unsure[id(box)] = box
        for of_a_kind in (self.loose, self.whole, self.maybe, self.missing):
            if var in of_a_kind:
                of_a_kind.add(box.var)
        if name or var in self.machine.sheet.names:
            self.machine.sheet.names[box.var] = name or self.machine.sheet.names[var]
        return box

    def wide(self, var: Var, number: Any) -> Box:
        """A variable for that many values of another, along an axis in front; for a list of them."""
        like = self.machine.sheet.boxes[var]
        if isinstance(var.type, StackType):
            box = self.of_type(self.wide_kind(var.type, number), like.value, like.levels)
        else:
            box = self.made(Array(dtype_of(like.value), (number, *np.shape(like.value))), like.levels)
            self.unsure[id(box)] = box
        narrow = isinstance(var.type, StackType) or dtype_of(like.value) not in (np.float64, np.complex128)  # else it is promoted to it
        for of_a_kind in (self.maybe, self.missing, *((self.loose,) if narrow else ())):
            if var in of_a_kind:
                of_a_kind.add(box.var)
        if var in self.machine.sheet.names:
            self.machine.sheet.names[box.var] = self.machine.sheet.names[var]
        return box

    def wide_kind(self, kind: StackType, number: Any) -> StackType:
        """The type of the lists whose items are that many of the items of another."""
        element = kind.element
        if isinstance(element, StackType):
            return StackType(self.wide_kind(element, number), kind.loose)
        shape, dtype = (element.shape, element.dtype) if isinstance(element, ArrayType) else ((), np.dtype(element))
        made = StackType(ArrayType(dtype, (settled(number), *shape)), kind.loose)
        likes = self.machine.stacks.likes
        if id(kind) in likes:
            likes[id(made)] = made, replace(likes[id(kind)][1], value=Array(dtype, (number, *np.shape(likes[id(kind)][1].value))))
        return made

    def again(self, var: Var) -> Box:
        """A variable for the same value, which an adjoint reads back or computes once more."""
        box = self.twin(var)
        self.first[box.var] = self.first.get(var, var)
        return box

    def counter(self, name: str) -> Box:
        """A number of steps."""
        symbols = self.machine.deciding.symbols
        return self.made(symbols.size(symbols.symbol(name, None, 0)), frozenset())

    def stack(self, var: Var) -> Var:
        """A stack of the values that a variable has in the steps of a loop."""
        box = self._new((), Var(StackType(var.type, var in self.loose)), self.machine.sheet.boxes[var].levels)
        self.machine.sheet.names[box.var] = f"{self.machine.sheet.called(var) or 't'}_saved"
        return box.var

    def of_type(self, kind: StackType, value: Any, levels: frozenset[int], name: str = "") -> Box:
        """A list of unknown length."""
        box = self._new(value, Var(kind), levels)
        if name:
            self.machine.sheet.names[box.var] = name
        return box

    def _new(self, value: Any, var: Var, levels: frozenset[int]) -> Box:
        box = self.machine.sheet.boxes[var] = Box(self.machine, value, var, levels)
        if isinstance(value, Array):
            box.layout = np.zeros((1,) * value.ndim, value.dtype)  # memory of its own, by which arrays are told apart
        self.blocks.declare(var)
        return box

    def settle(self, depth: int) -> None:
        """What has been learnt of sizes in this block is known of the arrays in it, also when their adjoint is written down."""
        if depth:
            for var, box in self.machine.sheet.boxes.items():
                if isinstance(box.value, Array) and self.blocks.belongs(var, depth):
                    box.value = Array(box.value.dtype, self.machine.deciding.shape(box.value.shape), box.value.writeable)

    def freeze(self, box: Box) -> None:
        """Let the variable stand for what the box holds now; the adjoint reads what it was."""
        if self.machine.sheet.boxes[box.var] is box:
            self.machine.sheet.boxes[box.var] = Box(self.machine, box.value, box.var, box.levels)

    # Floats of the present call

    def is_now(self, box: Box, value: Any) -> None:
        """The number that a variable from outside is in the present call."""
        if isinstance(value, float):
            self.present[box.var] = value

    def follow(self, primitive: Primitive, bound: list[Any], made: Any) -> None:
        """What is made of one such number alone, as `-np.inf` is."""
        if len(bound) == 1 and isinstance(bound[0], Box) and bound[0].var in self.present and primitive.cheap:
            self.is_now(made, primitive.evaluate([self.present[bound[0].var]]))

    def plain(self, value: Any) -> Any:
        """A plain number, on which the code depends."""
        number = self.present.get(value.var) if isinstance(value, Box) else None
        if number is None:
            return self.machine.concrete(value)
        self.machine.sheet.guard_value(value, number)
        return number

    # What may be so

    def is_open(self, value: Any) -> bool:
        """Whether a truth value is to be asked by the code, not now. In a rule, sizes say whether they are 0."""
        if self.is_number(value) or (isinstance(value, Box) and isinstance(value.value, Size) and self.machine.formulas):
            return False
        return isinstance(value, Box) and value.var not in self.known and isinstance(value.value, NUMERIC)

    def is_number(self, value: Any) -> bool:
        """Whether a whole number is told by types: the same in each call."""
        return isinstance(value, Box) and is_whole(value.value) and type(value.value) is not Size

    def is_known(self, value: Any) -> bool:
        """Whether a value is that of every call the code is for; the numbers of the code are."""
        return not isinstance(value, Box) or value.var in self.known

    def shaping(self, value: Any) -> Any:
        """What shapes a result: a number that is known and a text become constants, under a guard."""
        if type(value) in (tuple, list):
            return type(value)(self.shaping(v) for v in value)
        if not isinstance(value, Box) or not isinstance(value.value, (int, np.integer, str)):
            return value
        if self.is_known(value) or isinstance(value.value, str):
            return self.machine.concrete(value)
        return value

    def may_be_absent(self, var: Var) -> None:
        """A number that is not there counts as zero in a derivative, and needs no care."""
        self.missing.add(var)
        if isinstance(var.type, (ArrayType, StackType)):
            self.maybe.add(var)

    def is_missing(self, value: Any) -> bool:
        """Whether a variable may have no value."""
        return isinstance(value, Box) and value.var in self.missing

    def surely_there(self, box: Box) -> None:
        """Let the code ask for a variable that may have no value, where it would not read it otherwise: there it is an error."""
        asked = self.machine.emit_typed(CALL, [operator.is_not, [box, None], {}], True)
        self.machine.guard("truth", asked, True)

    def surely_no_whole(self, outputs: list[Any]) -> None:
        """Let the code ask where a result may be a whole number, which has no derivative, whichever way it came."""
        for output in outputs:
            if inexact(strip(output)) and self.may_be_whole(output):
                asked = self.machine.emit_typed(CALL, [isinstance, [output, (int, np.integer)], {}], False)
                self.machine.guard("truth", asked, False)

    def refuse_open(self, value: Box) -> None:
        """A number that is not known cannot decide what the code is."""
        if not (isinstance(value.value, np.ndarray) and value.value.ndim):
            raise CannotKeep("the code depends on a number that may change in the next call, or in the next step of a loop",
                             self.machine.location(), 'use control="record"')  # fmt: skip

    def refuse_loose(self, value: Any) -> None:
        """A number that is an int on one way, say, and a float on another has no known class, nor has an array of it a dtype."""
        if self.machine.is_loose(value):
            raise CannotKeep("the class of a number depends on the path that was taken", self.machine.location(),
                             'use control="record"')  # fmt: skip

    def may_be_whole(self, value: Any) -> bool:
        """Whether a number is an int, or may be one although it is meant to be none."""
        return isinstance(strip(value), (int, np.integer)) or (isinstance(value, Box) and value.var in self.whole)

    def loosen(self, primitive: Primitive, args: list[Any], operands: tuple[Operand, ...], boxes: list[Box]) -> None:
        """What is made of a number that may be of another class may be so as well."""
        deciding = {"mixed": operands, "first": operands[:1], "own": ()}[primitive.result_type]
        if any(v in self.loose for o in deciding for v in variables(o)):
            self.loose.update(b.var for b in boxes)
            if all(map(self.may_be_whole, args)):
                self.whole.update(b.var for b in boxes)


def stand_in(value: Any) -> Any:
    """What stands for any number of a class."""
    return value if isinstance(value, (bool, np.bool_, Size)) else type(value)(1)


def of_any_size(array: Any) -> ArrayType:
    """The type of the arrays that have the dtype and the rank of this one."""
    return ArrayType(array.dtype, (None,) * array.ndim)
