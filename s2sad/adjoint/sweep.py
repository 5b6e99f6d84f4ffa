"""The reverse sweep: cotangents from the results back to the inputs, written down by the recorder that holds the primal.

The rules say what one primitive contributes; everything common is here: the product with the cotangent, broadcasting
undone, dtypes, accumulation, exact zeros. A cotangent may be smaller than its value as long as it broadcasts to it: the adjoint of
a sum is then a number, not an array full of it.
"""
from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.adjoint import lists, stacks
from s2sad.errors import InvalidIR, MissingRule
from s2sad.ir.program import Assign, Operand, StackType, Statement, Var, variables
from s2sad.machine.conversions import as_floats, as_type_of, cast
from s2sad.machine.formulas import check_shape, lowered_formula
from s2sad.machine.traced import Traced, strip, traced_in
from s2sad.rules.language import Primitive
from s2sad.rules.operations import IDENTITY, SUMMED_TO
from s2sad.rules.rule_text import Formula
from s2sad.types.arrays import dtype_of
from s2sad.types.comparing import same_now, same_sizes

Machine = Any
NUMBER = (bool, int, float, complex)


def pull(machine: Machine, start: int, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
    """Cotangents of the inputs, each with the shape and dtype of its input, given those of the outputs.

    `start` is the statement the differentiated part begins at; outputs and inputs are followed values. The statements of the sweep go to
    the end of the machine's list.
    """
    outputs = [machine.fixed(output) for output in outputs]
    statements: list[Statement] = machine.sheet.statements[start:]
    live = _reached(statements, {x.var for x in inputs})
    sweep, sources = Sweep(machine, live), {x.var for x in inputs}
    before, machine.sheet.phase = machine.sheet.phase, 1 + max([s.phase for s in statements if isinstance(s, Assign)], default=0)
    try:
        for output, seed in zip(outputs, seeds, strict=True):
            if isinstance(output, Traced) and output.var in live:
                sweep.add(output.var, seed)
        for statement in reversed(statements):
            # The inputs are copies of the arguments: the sweep ends there.
            if isinstance(statement, Assign) and any(t in sweep.cotangents and t not in sources for t in statement.targets):
                machine.sheet.at(statement.location)
                sweep.statement(statement)
        machine.sheet.at(None)
        for x in inputs:
            sweep.christen(x.var, sweep.cotangents.get(x.var))
        return sweep.gradients(inputs)
    finally:
        machine.sheet.at(None)
        machine.sheet.phase = before


def _reached(statements: list[Statement], inputs: set[Var]) -> set[Var]:
    """The variables that depend on the inputs through primitives that have a derivative."""
    live = set(inputs)
    for statement in statements:
        if isinstance(statement, Assign) and statement.primitive.pullbacks:
            arguments = (statement.args[statement.primitive.index(p)] for p in statement.primitive.pullbacks)
            if any(v in live for a in arguments for v in variables(a)):
                live.update(t for t in statement.targets if differentiable(t.type))
    return live


def differentiable(kind: Any) -> bool:
    """Whether a value of this type has a derivative; a stack has that of its elements."""
    while isinstance(kind, StackType):
        kind = kind.element
    dtype = getattr(kind, "dtype", None)
    if isinstance(dtype, np.dtype):
        return dtype.kind in "fc"
    return isinstance(kind, type) and issubclass(kind, (float, complex, np.inexact))


class Sweep:
    """The state of one sweep: the cotangents gathered so far, of the variables that are `live`; `readings` say which values are read back.

    A sweep over a list hands on with `statement`, one over regions walks into blocks with an `inner` one.
    """

    def __init__(self, machine: Machine, live: set[Var], readings: Mapping[Var, Assign] = MappingProxyType({})) -> None:
        self.machine, self.live, self.readings = machine, live, readings
        self.cotangents: dict[Var, Any] = {}
        self.wanted: set[Var] = set()
        self.since = Var(float).number  # variables made from now on are the sweep's own

    def add(self, var: Var, contribution: Any) -> None:
        if var in self.cotangents:
            contribution = self.sum(var, self.cotangents[var], contribution)
        self.cotangents[var] = contribution

    def sum(self, var: Var, one: Any, other: Any) -> Any:
        """The sum of two cotangents of a variable."""
        machine = self.machine
        if not stacks.needs_care(machine, one, other):
            return machine.binary("+", one, other)
        if not stacks.is_stack(var):  # an array that may be absent: the parts are as large as the sum
            one, other = (c if machine.is_absent(c) else full(machine, c, machine.sheet.boxes[var]) for c in (one, other))
        return stacks.added(machine, var, one, other)

    def inner(self) -> Sweep:
        """The sweep over a block inside."""
        made = Sweep(self.machine, self.live, self.readings)
        made.wanted = self.wanted
        return made

    def gradients(self, inputs: list[Any]) -> list[Any]:
        """What has arrived at the inputs; from now on they are values like any other."""
        found = [finish(self.machine, self.cotangents.get(x.var), x) for x in inputs]
        self.machine.sheet.cotangents.difference_update(box.var for box in traced_in(found))
        return found

    def hand_on(self, ends: list[Var]) -> None:
        """Make sure that nothing has arrived in a block that is handed on nowhere."""
        lost = [v for v in self.cotangents if v not in ends]
        if lost:
            raise InvalidIR(f"the cotangent of {lost[0]} is handed on nowhere", self.machine.location())

    def statement(self, statement: Assign) -> None:
        """Hand the cotangent of a statement's result on to its arguments."""
        primitive = statement.primitive
        if lists.concerns(statement):
            return lists.pull(self, statement)
        cotangent = self.of_result(statement)
        values = [self.machine.sheet.value_of(a) for a in statement.args]
        answer = self.result(statement)
        for name, formula in primitive.pullbacks.items():
            operand = statement.args[primitive.index(name)]
            if any(v in self.live for v in variables(operand)):
                with self.machine.cotangent(cotangent):
                    contribution = self.contribution(primitive, formula, values, answer, cotangent)
                    if primitive.kind != "elementwise" and isinstance(operand, Var) and contribution is not None:
                        check_shape(formula, contribution, self.machine.sheet.boxes[operand], False)
                    self.distribute(operand, contribution, answer, primitive)

    def settled(self, cotangent: Any, var: Var) -> Any:
        """A cotangent in full, of the shape and dtype of its variable."""
        return settled(self, cotangent, var)

    def conformed(self, cotangent: Any, var: Var) -> Any:
        """A cotangent in the dtype of its variable."""
        return conform(self.machine, cotangent, self.machine.sheet.boxes[var])

    def of_result(self, statement: Assign) -> Any:
        found = [self.cotangents.pop(t, None) for t in statement.targets]
        for target, cotangent in zip(statement.targets, found, strict=True):
            self.christen(target, cotangent)
        if statement.result is None:
            if statement.primitive.kind == "elementwise" or statement.primitive is IDENTITY:
                return found[0]
            target = self.machine.sheet.boxes[statement.targets[0]]
            cotangent = full(self.machine, found[0], target)
            return as_array(self.machine, cotangent) if isinstance(target.value, np.ndarray) else cotangent
        boxes = [self.machine.sheet.boxes[t] for t in statement.targets]
        return self.group(statement, [full(self.machine, 0.0 if c is None else c, b) for c, b in zip(found, boxes, strict=True)])

    def christen(self, var: Var, cotangent: Any) -> None:
        """A cotangent that the sweep has made takes the name of what it belongs to."""
        if var in self.machine.sheet.names and isinstance(cotangent, Traced) and cotangent.var.number > self.since:
            self.machine.sheet.names.setdefault(cotangent.var, f"{self.machine.sheet.names[var]}_bar")

    def result(self, statement: Assign) -> Any:
        boxes = [self.machine.sheet.boxes[t] for t in statement.targets]
        return boxes[0] if statement.result is None else self.group(statement, boxes)

    def group(self, statement: Assign, values: list[Any]) -> Any:
        return trees.unflatten(statement.result, values)

    def contribution(self, primitive: Primitive, formula: Formula, values: list[Any], answer: Any, cotangent: Any) -> Any:
        found = lowered_formula(self.machine, formula)(*values, answer, cotangent if is_product(primitive, formula) else None)
        if primitive.kind == "elementwise":
            check_shape(formula, found, answer, True)
        return found if is_product(primitive, formula) else product(self.machine, cotangent, found, answer)

    def small(self, contribution: Any) -> Any:
        """What a contribution is a broadcast of: the adjoint of a sum stays a number."""
        last: Any = self.machine.sheet.statements[-1] if self.machine.sheet.statements else None
        made = isinstance(last, Assign) and last.primitive.memory == "spread"
        if made and isinstance(contribution, Traced) and last.targets == (contribution.var,):
            return self.machine.sheet.value_of(last.args[0])
        return contribution

    def distribute(self, operand: Operand, contribution: Any, answer: Any, primitive: Primitive) -> None:
        """Give the contribution to the variable, or its parts to those inside a container."""
        if contribution is None or (isinstance(contribution, NUMBER) and contribution == 0):  # nothing flows, whatever comes then
            return
        if isinstance(operand, Var):
            if operand in self.live:
                target = self.machine.sheet.boxes[operand]
                contribution = self.small(contribution)
                if primitive.kind == "elementwise":
                    contribution = undo_broadcast(self.machine, contribution, target, answer)
                self.add(operand, conform(self.machine, contribution, target))
            return
        items = getattr(operand, "items", ())
        for item, part in zip(items, contribution if items else (), strict=True):
            self.distribute(item, part, answer, primitive)


def is_product(primitive: Primitive, formula: Formula) -> bool:
    """Whether a right side has the cotangent in it, which is a factor otherwise."""
    return primitive.kind != "elementwise" or formula.uses_cotangent


# Shapes and dtypes of cotangents


def settled(sweep: Any, cotangent: Any, var: Var) -> Any:
    """A cotangent, or a tangent, of the shape and dtype of its variable."""
    machine = sweep.machine
    box = machine.sheet.boxes[var]
    if cotangent is None and (stacks.is_stack(var) or var in machine.variables.maybe):
        return stacks.nothing_arrived(machine, var, sweep.wanted)
    if stacks.is_stack(var):
        return cotangent
    if cotangent is None:
        return zeros(machine, box) if isinstance(box.value, np.ndarray) else 0.0
    if isinstance(cotangent, int) or (isinstance(cotangent, Traced) and isinstance(cotangent.value, (int, np.integer))):
        cotangent = machine.call(float, cotangent)
    if isinstance(box.value, np.ndarray):
        cotangent = full(machine, cotangent, box)
        if not isinstance(strip(cotangent), np.ndarray):
            cotangent = machine.call(np.asarray, cotangent)
        return conform(machine, cotangent, box)
    return cotangent

def product(machine: Machine, cotangent: Any, partial: Any, answer: Any) -> Any:
    """cotangent * partial; by the plain numbers 1, -1 and 0 nothing is multiplied: 0 times anything is 0."""
    if any(isinstance(factor, NUMBER) and factor == 0 for factor in (cotangent, partial)):
        return 0.0
    if isinstance(cotangent, NUMBER) and isinstance(partial, NUMBER):
        return cotangent * float(partial) if not isinstance(partial, complex) else cotangent * partial
    for one, other in ((cotangent, partial), (partial, cotangent)):
        if isinstance(one, NUMBER) and one == 1:
            return as_floats(machine, other, answer)
        if isinstance(one, NUMBER) and one == -1:
            return machine.unary("neg", as_floats(machine, other, answer))
    return machine.binary("*", cotangent, partial)


def undo_broadcast(machine: Machine, contribution: Any, target: Any, answer: Any) -> Any:
    """Sum over the axes along which an argument was repeated to the shape of the answer.

    Along an axis where the contribution itself is of size one, summing is multiplying by the length.
    """
    shape, full_shape = np.shape(target.value), np.shape(answer.value)
    if same_sizes(shape, full_shape):
        return contribution
    own = np.shape(strip(contribution))
    own = (1,) * (len(full_shape) - len(own)) + own
    padded = (1,) * (len(full_shape) - len(shape)) + shape
    if not all(same_now(n, m) or same_now(n, 1) for n, m in zip(padded, full_shape, strict=True)):  # the code finds out
        return machine.perform(SUMMED_TO, [full(machine, contribution, answer), machine.shape(target)])
    repeated = [i for i, (n, m) in enumerate(zip(padded, full_shape, strict=True)) if same_now(n, 1) and not same_now(m, 1)]
    lengths = [machine.shape(answer)[i] for i in repeated if same_now(own[i], 1)]
    summed = tuple(i for i in repeated if not same_now(own[i], 1))
    known = math.prod(n for n in lengths if not isinstance(n, Traced))
    if known != 1:
        contribution = product(machine, contribution, float(known), contribution)
    for length in (n for n in lengths if isinstance(n, Traced)):
        contribution = machine.binary("*", contribution, length)
    if summed:
        if np.ndim(strip(contribution)) < len(full_shape):
            contribution = machine.item(contribution, (None,) * (len(full_shape) - np.ndim(strip(contribution))))
        if all(same_now(n, 1) for n in padded):
            return machine.call(np.sum, contribution)
        axis = summed if len(summed) > 1 else summed[0]
        if summed == tuple(range(len(full_shape) - len(shape))):
            return machine.call(np.sum, contribution, axis=axis)
        contribution = machine.call(np.sum, contribution, axis=axis, keepdims=True)
    more = np.ndim(strip(contribution)) - len(shape)
    return contribution if more <= 0 else machine.item(contribution, (0,) * more if more > 1 else 0)


def conform(machine: Machine, contribution: Any, target: Any) -> Any:
    """The contribution in the dtype of the value it belongs to; the real part for a real value."""
    contribution = as_floats(machine, contribution, target)
    want, have = dtype_of(target.value), strip(contribution)
    if isinstance(have, NUMBER) and not (isinstance(have, complex) and want.kind == "f"):
        return contribution
    dtype = dtype_of(have)
    if want.kind == "c" and dtype.kind == "f":
        return machine.binary("+", contribution, 0j)
    if dtype.kind == "c" and want.kind == "f":
        contribution = machine.call(np.real, contribution)
        dtype = dtype_of(strip(contribution))
    return as_type_of(machine, contribution, target)


def full(machine: Machine, cotangent: Any, target: Any) -> Any:
    """The cotangent in the full shape of its value."""
    shape = np.shape(target.value)
    if same_sizes(np.shape(strip(cotangent)), shape):
        return cotangent
    if not isinstance(cotangent, Traced) or np.ndim(cotangent.value) == 0:
        return machine.call(np.full, machine.shape(target), cotangent, dtype=_full_dtype(target, cotangent))
    return machine.call(np.broadcast_to, cotangent, machine.shape(target))


def as_array(machine: Machine, cotangent: Any) -> Any:
    """An array, which has parts and attributes: what NumPy computes from arrays without axes are numbers."""
    plain = strip(cotangent)
    return cotangent if isinstance(plain, np.ndarray) else machine.call(np.full, (), cotangent, dtype=dtype_of(plain).type)


def _full_dtype(target: Any, cotangent: Any) -> Any:
    want = dtype_of(target.value)
    return None if want == np.float64 and dtype_of(strip(cotangent)).kind != "i" else want.type


def zeros(machine: Machine, target: Any) -> Any:
    """Zeros of the shape and dtype of an array."""
    dtype = target.value.dtype
    return machine.call(np.zeros, machine.shape(target), **({} if dtype == np.float64 else {"dtype": dtype.type}))


def finish(machine: Machine, cotangent: Any, target: Any) -> Any:
    """A gradient as it is handed out: of the input's class, shape and dtype, zeros where nothing arrived."""
    value = target.value
    if isinstance(value, np.ndarray):
        if cotangent is None:
            return zeros(machine, target)
        cotangent = full(machine, cotangent, target)
        if not isinstance(strip(cotangent), np.ndarray):
            cotangent = machine.call(np.asarray, cotangent)
        if machine.is_loose(cotangent) and value.dtype not in (np.float64, np.complex128):
            return cast(machine, cotangent, value.dtype)
        return conform(machine, cotangent, target)
    if cotangent is None:
        cotangent = 0.0
    if np.shape(strip(cotangent)):
        raise MissingRule("a contribution has more axes than its argument", target.machine.location())
    kind = type(value)
    if not isinstance(cotangent, Traced):
        return kind(cotangent)
    if isinstance(cotangent.value, complex) and issubclass(kind, float):
        cotangent = machine.call(np.real, cotangent)
    return cotangent if type(cotangent.value) is kind and not machine.is_loose(cotangent) else machine.call(kind, cotangent)
