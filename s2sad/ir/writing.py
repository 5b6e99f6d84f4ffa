"""Writing down: values with their variables, statements, and guards."""
from __future__ import annotations

import contextlib
import math
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import Location, MissingRule, UnsupportedSyntax
from s2sad.ir.program import Assign, Const, Display, Guard, GuardKind, Operand, Statement, Var, type_of, variables
from s2sad.machine.standing import Outer
from s2sad.machine.traced import VIEWS, Traced, any_traced, traced_in
from s2sad.rules import structural
from s2sad.rules.language import STRONG, Primitive
from s2sad.runtime.control import OverBudget
from s2sad.runtime.notices import MACHINE
from s2sad.runtime.same import told_by_equality


class Box(Traced):
    """A value of the recorded call, its variable, and the differentiations it takes part in.

    For an array that the function holds it is the object: a write gives it another variable. `layout` is the array as it was made,
    `version` counts the writes, `given` is the argument it is a copy of, `native` says that code not followed has a view of it,
    `outer` is the object it stands for. Of a text, `told` are the differentiations of what it tells in words.
    """

    __slots__ = ("given", "layout", "levels", "native", "outer", "told", "var", "version")

    def __init__(self, machine: Any, value: Any, var: Var, levels: frozenset[int] = frozenset()) -> None:
        self.machine, self.value, self.var, self.levels = machine, value, var, levels
        self.layout, self.version, self.native = value, 0, False
        self.given: Box | None = None
        self.outer: Outer | None = None
        self.told: frozenset[int] = frozenset()

    @property
    def root(self) -> Box:
        """The object that owns the memory."""
        return self

    @property
    def passed(self) -> Box:
        """The argument this is a copy of, or the object itself."""
        return self if self.given is None else self.given

    def __repr__(self) -> str:
        return self._place(repr) or f"<followed {self.value!r}>"


class Sheet:
    """The list of a recording as it is written: its statements, the variables in them with their boxes, names, and guards.

    What is put at its end stands at a place and in a phase: 0 is the function, 1 its adjoint. It is asked for boxes and for the values of
    operands. Of the machine it asks where the function is, how an operand is written, and by which rule a statement or a guard is put.
    """

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.statements: list[Statement] = []
        self.boxes: dict[Var, Box] = {}
        self.names: dict[Var, str] = {}
        self.hints: dict[Var, str] = {}  # what those without a name may be called
        self.inputs: list[Var] = []
        self.phase = 0
        self.place: Location | None = None  # of the statements from now on; None: that of the line being run
        self.decided: set[Any] = set()  # what the guards say
        self.acted = False  # whether a statement has an effect
        self.budget: int | None = None  # how many statements there may be
        self.mode = ""  # of the derivative, where there is a choice
        self.sweeping = False  # whether a rule is being evaluated
        self.cotangents: set[Var] = set()
        self.telling = False  # whether a text tells of a value that is differentiated

    def at(self, place: Location | None) -> None:
        """Statements from now on belong to this place; None: to the line being run."""
        self.place = place

    # Variables

    def parameter(self, value: Any, name: str) -> Box:
        """An argument of the recorded function."""
        box = self.new(value, frozenset())
        self.names[box.var] = name
        self.inputs.append(box.var)
        box.outer = Outer(value, box.var)
        return box

    def called(self, var: Var) -> str:
        """The name of a variable, or what it may be called; empty where there is neither."""
        return self.names.get(var) or self.hints.get(var, "")

    def renamed(self, old: Box, new: Box) -> None:
        """A variable takes the place of another one, and its name where it has none."""
        if old.var in self.names:
            self.names.setdefault(new.var, self.names[old.var])

    def new(self, value: Any, levels: frozenset[int]) -> Box:
        """A variable with this value."""
        box = Box(self.machine, value, Var(type_of(value)), levels)
        self.boxes[box.var] = box
        return box

    def value_of(self, operand: Operand) -> Any:
        """The operand as rules see it: followed values, plain constants, containers of them."""
        if isinstance(operand, Var):
            return self.boxes[operand]
        if isinstance(operand, Const):
            return operand.value
        items = [self.value_of(i) for i in operand.items]
        if operand.kind is slice:
            return slice(*items)
        return dict(zip(operand.keys, items, strict=True)) if operand.kind is dict else operand.kind(items)

    # Statements

    def emit(self, primitive: Primitive, args: list[Any], value: Any, levels: frozenset[int] = frozenset(), whole: bool = True) -> Any:
        """A statement whose result is `value`; unless it is to be kept whole, a container becomes one variable per leaf."""
        machine = self.machine
        if self.budget is not None and len(self.statements) > self.budget and not self.phase and not self.acted:
            machine.give_up(OverBudget())
        leaves, structure = ([value], None) if whole else trees.flatten(value)
        boxes = [self.new(leaf, levels if inexact(leaf) else frozenset()) for leaf in leaves]
        operands = tuple([machine.operand(a) for a in args])
        targets = tuple([b.var for b in boxes])
        if whole and primitive.structural:
            boxes[0].outer = Outer(value, boxes[0].var)
        if self.telling or is_text(value):
            self.tell(args, boxes)
        self.statements.append(self.statement(targets, primitive, operands, structure))
        return trees.unflatten(structure, boxes) if structure is not None else boxes[0]

    def statement(self, targets: tuple[Var, ...], primitive: Primitive, operands: tuple[Operand, ...], structure: Any = None,
                  unsure: bool = False) -> Assign:  # fmt: skip
        """An assignment at the present place; while a rule is evaluated, what it makes of a cotangent is known as one."""
        strong = False
        if self.sweeping and not self.cotangents.isdisjoint(v for o in operands for v in variables(o)):
            self.cotangents.update(targets)
            strong = is_product(primitive, operands, self.cotangents)
        return Assign(targets, primitive, operands, self.machine.location(), self.phase, structure, strong, unsure=unsure)

    @contextlib.contextmanager
    def cotangent(self, value: Any) -> Iterator[None]:
        """A rule is being evaluated with this cotangent."""
        self.cotangents.update(box.var for box in traced_in(value) if isinstance(box, Box))
        before, self.sweeping = self.sweeping, True
        try:
            yield
        finally:
            self.sweeping = before

    def tell(self, args: list[Any], boxes: list[Box]) -> None:
        """A text made of a differentiated value tells of it, and so does what is made of the text. A number read from it would be lost."""
        given = [b for b in traced_in(args) if isinstance(b, Box)]
        told = frozenset().union(*(b.told for b in given))
        for box in boxes:
            if _is_number(box.value):
                if told & self.machine.levels.open and inexact(box.value):
                    raise MissingRule("a number is read from a text that was made of a value that is being differentiated",
                                      self.machine.location(), "compute with the value itself; round() rounds it")  # fmt: skip
            else:
                box.told = told.union(*(b.levels for b in given))
                self.telling = self.telling or bool(box.told)

    def raised(self, primitive: Primitive, bound: list[Any], error: Exception) -> None:
        """An operation that raised: the path holds only while it raises the same."""
        machine = self.machine
        box = machine.emit(primitive.raising(), bound, error)
        machine.guard("type", box, type(error))
        details = machine.performed.read(getattr, error, "args")
        self.guard_value(machine.emit(structural.ATTRIBUTE, [box, "args"], details), details)

    # Guards

    def guard(self, kind: GuardKind, box: Traced, value: Any, premise: bool) -> None:
        """The path holds for this value alone; what has been guarded is known."""
        assert isinstance(box, Box)
        if (box.var, kind) not in self.decided:
            self.decided.add((box.var, kind))
            self.statements.append(Guard(kind, box.var, value, self.machine.location(), premise))

    def guard_value(self, box: Traced, value: Any, premise: bool = False) -> None:
        """The path holds for what is the same as this value of the box."""
        self.machine.guard("equals" if told_by_equality(value) else "same", box, value, premise)


def written(machine: Any, value: Any) -> Operand:
    """What is no box as an operand: a constant, or a display of operands."""
    kind = type(value)
    if kind is list or kind is tuple or kind is set or kind is frozenset:
        return Display(kind, tuple(machine.operand(v) for v in value))
    if kind in VIEWS:
        return Display(list, tuple(machine.operand(v) for v in value)) if any_traced(value) else Const(value)
    if kind is dict:
        return Display(dict, tuple(machine.operand(v) for v in value.values()), tuple(value))
    if kind is slice:
        return Display(slice, tuple(machine.operand(v) for v in (value.start, value.stop, value.step)))
    if isinstance(value, types.FunctionType) and MACHINE in value.__globals__:
        raise UnsupportedSyntax(f"{value.__name__}(), defined inside the function, is passed to native code", machine.location(),
                                "define it outside, or call it where it is defined; what a solver finds has a derivative by "
                                "s2sad.implicit(solver, residual), other code by s2sad.custom_vjp")  # fmt: skip
    if isinstance(value, (list, dict, set, tuple)) and any_traced(value):
        raise UnsupportedSyntax(f"native code is given a {kind.__name__} that holds followed values", machine.location(),
                                "give it a list, a tuple or a dict")  # fmt: skip
    return Const(value)


def is_product(primitive: Primitive, operands: tuple[Operand, ...], cotangents: set[Var]) -> bool:
    """Whether this is a product of a cotangent with something else, other than a number that is neither 0 nor infinite."""
    strong = STRONG.get(primitive)
    if strong is None or any(map(_ordinary, operands)):
        return False
    return any(v in cotangents for o in strong.factors(operands) for v in variables(o))


def _ordinary(operand: Operand) -> bool:
    value = operand.value if isinstance(operand, Const) else None
    return isinstance(value, float) and value != 0 and math.isfinite(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, (np.ndarray, np.generic)):
        return bool(value.dtype.kind in "biufc")
    return isinstance(value, (int, float, complex))


def is_text(value: Any) -> bool:
    """Whether a value is a text, or an array of texts."""
    return isinstance(value, (str, bytes)) or (isinstance(value, np.ndarray) and value.dtype.kind in "UST")


def inexact(value: Any) -> bool:
    if isinstance(value, (np.ndarray, np.generic)):
        return bool(value.dtype.kind in "fc")
    return isinstance(value, (float, complex))


def is_builtin(primitive: Primitive) -> bool:
    return getattr(primitive.callee, "__module__", None) == "builtins"
