"""Cotangents of lists of unknown length, which are lists of the same length: what is appended comes from what is popped, and so on.

A sweep changes the cotangent of a list where the function reads or changes the list; so reading one item costs one item.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad import trees
from s2sad.adjoint import stacks
from s2sad.ir.program import Assign, Operand, StackType, Var, variables
from s2sad.ir.writing import Box
from s2sad.rules.language import Primitive
from s2sad.rules.lists import ADDED_ITEM, APPENDED, FILLED, ITEM_OF, LISTED, POPPED, STACKED, STORED, TOTAL, UNSTACKED
from s2sad.runtime.stacks import no_cotangents

Machine = Any
Sweep = Any
PAIR = trees.flatten((0, 0))[1]


def concerns(statement: Assign) -> bool:
    """Whether a statement makes a list of unknown length, or reads one."""
    return statement.primitive in PULLS


def pull(sweep: Sweep, statement: Assign) -> None:
    """Hand the cotangents of what the statement gives on to what it reads."""
    bars = [sweep.cotangents.pop(t, None) for t in statement.targets]
    PULLS[statement.primitive](_Pull(sweep), statement, bars)


class _Pull:
    """What is written down while the cotangents of one statement are handed on."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep, self.machine = sweep, sweep.machine

    def there(self, bar: Any, var: Var) -> Any:
        """The cotangent of a variable in full; zeros where none has arrived."""
        if bar is None and isinstance(var.type, StackType):
            return stacks.nothing_arrived(self.machine, var, self.sweep.wanted)
        return self.sweep.settled(bar, var)

    def arrived(self, stack: Operand) -> Any:
        """What has arrived at a list so far, which will be another one now."""
        assert isinstance(stack, Var)
        return self.there(self.sweep.cotangents.pop(stack, None), stack)

    def add(self, operand: Operand, bar: Any) -> None:
        if isinstance(operand, Var) and operand in self.sweep.live:
            self.sweep.add(operand, bar if isinstance(operand.type, StackType) else self.sweep.conformed(bar, operand))

    def is_live(self, operand: Operand) -> bool:
        return any(v in self.sweep.live for v in variables(operand))

    def stack(self, primitive: Primitive, like: Var, *args: Any) -> Box:
        return stacks.applied(self.machine, primitive, like, *args)

    def element(self, stack: Var) -> Box:
        box: Box = self.machine.stacks.element(stack)
        self.machine.variables.loose.add(box.var)
        return box

    def item(self, bar: Box, index: Any) -> Box:
        box = self.element(bar.var)
        self.write((box.var,), ITEM_OF, (bar, index))
        return box

    def popped(self, bar: Box) -> tuple[Box, Box]:
        rest, top = self.machine.variables.twin(bar.var), self.element(bar.var)
        self.write((rest.var, top.var), POPPED, (bar,), PAIR)
        return rest, top

    def write(self, targets: tuple[Var, ...], primitive: Primitive, args: tuple[Any, ...], structure: Any = None) -> None:
        machine = self.machine
        operands = tuple(map(machine.operand, args))
        machine.blocks.put(Assign(targets, primitive, operands, machine.location(), machine.sheet.phase, structure))

    def value(self, operand: Operand) -> Any:
        return self.machine.sheet.value_of(operand)


def _listed(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    bar = pull.there(bars[0], statement.targets[0])
    for k, item in enumerate(getattr(statement.args[0], "items", ())):
        if pull.is_live(item):
            pull.add(item, pull.item(bar, k))


def _appended(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    stack, value = statement.args
    rest, top = pull.popped(pull.there(bars[0], statement.targets[0]))
    pull.add(stack, rest)
    pull.add(value, top)


def _popped(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    (stack,) = statement.args
    rest, top = (pull.there(b, t) for b, t in zip(bars, statement.targets, strict=True))
    pull.add(stack, pull.stack(APPENDED, stack, rest, top))  # type: ignore[arg-type]


def _stored(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    stack, index, value = statement.args
    bar, place = pull.there(bars[0], statement.targets[0]), pull.value(index)
    if pull.is_live(value):
        pull.add(value, pull.item(bar, place))
    if pull.is_live(stack):
        nothing = pull.there(None, value) if isinstance(value, Var) else no_cotangents(value.value)  # type: ignore[union-attr]
        pull.add(stack, pull.stack(STORED, stack, bar, place, nothing))  # type: ignore[arg-type]


def _added_item(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    stack, index, value = statement.args
    bar = pull.there(bars[0], statement.targets[0])
    if pull.is_live(value):
        pull.add(value, pull.item(bar, pull.value(index)))
    pull.add(stack, bar)


def _item_of(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    stack, index = statement.args
    bar = pull.there(bars[0], statement.targets[0])
    pull.sweep.cotangents[stack] = pull.stack(ADDED_ITEM, stack, pull.arrived(stack), pull.value(index), bar)  # type: ignore[arg-type]


def _filled(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    value, _ = statement.args
    bar = pull.there(bars[0], statement.targets[0])
    if pull.is_live(value):
        box = pull.element(bar.var)
        pull.write((box.var,), TOTAL, (bar, 0.0))
        pull.add(value, box)


def _stacked(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    (stack,) = statement.args
    pull.add(stack, pull.stack(UNSTACKED, stack, pull.there(bars[0], statement.targets[0])))  # type: ignore[arg-type]


def _unstacked(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    (array,) = statement.args
    assert isinstance(array, Var)
    box = pull.machine.variables.twin(array)
    pull.write((box.var,), STACKED, (pull.there(bars[0], statement.targets[0]),))
    pull.add(array, box)


def _total(pull: _Pull, statement: Assign, bars: list[Any]) -> None:
    stack, start = statement.args
    bar = pull.there(bars[0], statement.targets[0])
    pull.add(start, bar)
    if pull.is_live(stack):
        pull.add(stack, pull.stack(FILLED, stack, bar, pull.value(stack)))  # type: ignore[arg-type]


PULLS: dict[Primitive, Callable[[_Pull, Assign, list[Any]], None]] = {
    LISTED: _listed, APPENDED: _appended, POPPED: _popped, STORED: _stored, ADDED_ITEM: _added_item, ITEM_OF: _item_of,
    FILLED: _filled, STACKED: _stacked, UNSTACKED: _unstacked, TOTAL: _total,
}  # fmt: skip
