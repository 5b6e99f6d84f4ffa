"""Loops, branches and lists mapped over a leading axis: a loop carries rows of what depends on a seed, a branch gives them.

A condition never depends on a seed. What does not depend on one, but stands where rows are handed on, is zero: all that follows from a
seed is linear in it. An operation that does not say how it is of many values is done in a loop over the rows of its own.
"""
from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.adjoint import lists
from s2sad.adjoint.mapped import Mapped, NotMapped
from s2sad.adjoint.sweep import differentiable
from s2sad.ir.moving import made_before_read
from s2sad.ir.program import (
    Assign,
    Block,
    Const,
    If,
    Loop,
    Operand,
    StackType,
    Statement,
    Var,
    is_undefined,
    targets_of,
    type_of,
    variables,
)
from s2sad.ir.writing import Box
from s2sad.machine.conversions import cast
from s2sad.machine.traced import strip
from s2sad.rules.lists import NO_ROWS, STACKED, TOTAL, UNSTACKED
from s2sad.rules.operations import ADDED_COTANGENTS, REPLACED
from s2sad.rules.structural import DIM
from s2sad.types.arrays import Array, dtype_of
from s2sad.types.comparing import same_now


def depending(statements: Iterable[Statement], found: set[Var]) -> set[Var]:
    """Add the variables that depend on those that are given, inside of regions as well."""
    for statement in statements:
        match statement:
            case Assign(targets=targets):
                if targets and differentiable(targets[0].type) and not found.isdisjoint(statement.reads):
                    found.update(targets)
            case If():
                for block in statement.blocks:
                    depending(block.statements, found)
                    _handed(block.results, statement.targets, found)
            case Loop():
                _of_loop(statement, found)
    return found


def _of_loop(loop: Loop, found: set[Var]) -> None:
    _handed(loop.inits, loop.carried, found)
    _handed(loop.scanned, loop.elements, found)
    before = -1
    while before != len(found):
        before = len(found)
        depending(loop.body.statements, found)
        _handed(loop.nexts, loop.carried, found)
    _handed(loop.carried, loop.results, found)
    _handed(loop.saved, loop.stacks, found)


def _handed(sources: tuple[Operand, ...], targets: tuple[Var, ...], found: set[Var]) -> None:
    found.update(t for s, t in zip(sources, targets, strict=True) if s in found)


class MappedRegions(Mapped):
    """What is mapped where control flow is kept."""

    def statement(self, statement: Statement) -> None:
        if not isinstance(statement, (Loop, If)) or not any(v in self.rows or v in self.same for v in statement.reads):
            return super().statement(statement)
        self.place(statement)
        self.begin()
        many = depending((statement,), set(self.rows))
        self.machine.blocks.put(self.loop(statement, many) if isinstance(statement, Loop) else self.branch(statement, many))

    # Regions

    def loop(self, loop: Loop, many: set[Var]) -> Loop:
        """The loop, in which what depends on a seed has an axis in front."""
        machine, inits = self.machine, self.ends(loop.inits, loop.carried, many)
        if loop.test is not None and not many.isdisjoint((*loop.test.free, *depending(loop.test.statements, set(many)) - many)):
            raise NotMapped
        scanned = tuple(self.operand(s) for s in loop.scanned)
        with ExitStack() as known:
            opened = known.enter_context(machine.blocks.opened(loop=True))
            if loop.test is not None:
                known.enter_context(machine.deciding.conditions.on_the_way(loop.test.results[0], True))
            known.enter_context(machine.deciding.again(loop.mark))
            params = tuple(self.given(p, many) for p in loop.body.params)
            self.over(loop.body, many)
            self.place(loop)
            go_on = tuple(map(self.operand, loop.body.results[: loop.exits]))
            ends = self.ends((*loop.nexts, *loop.saved), (*loop.carried, *loop.stacks), many)
            body = Block(params, tuple(made_before_read(opened.statements)), (*go_on, *ends))
        span: Any = None if loop.range is None else tuple(map(self.operand, loop.range))
        targets = tuple(self.given(t, many) for t in loop.targets)
        return replace(loop, targets=targets, body=body, inits=inits, range=span, scanned=scanned)

    def branch(self, branch: If, many: set[Var]) -> If:
        """The branch, which gives rows where either side does."""
        machine, sides = self.machine, list[Block]()
        atom: Any = self.operand(branch.atom)
        for answer, block in zip((True, False), branch.blocks, strict=True):
            with ExitStack() as known:
                opened = known.enter_context(machine.blocks.opened(loop=False))
                known.enter_context(machine.deciding.conditions.on_the_way(branch.atom, answer))
                known.enter_context(machine.deciding.again((branch.atom, answer)))
                self.over(block, many)
                self.place(branch)
                ends = self.ends(block.results, branch.targets, many)
                sides.append(Block((), tuple(made_before_read(opened.statements)), ends))
        targets = tuple(self.given(t, many) for t in branch.targets)
        return replace(branch, targets=targets, atom=atom, then=sides[0], orelse=sides[1])

    def over(self, block: Block, many: set[Var]) -> None:
        """The statements of a block that is open."""
        for statement in block.statements:
            for target in targets_of(statement):
                if target not in many:
                    self.machine.blocks.declare(target)
        for statement in block.statements:
            self.statement(statement)

    def place(self, region: Loop | If) -> None:
        self.machine.sheet.at(region.location)
        self.machine.sheet.phase = region.phase

    def given(self, var: Var, many: set[Var]) -> Var:
        """What takes the place of a variable that a region has or gives."""
        if var not in many:
            self.machine.blocks.declare(var)
            return var
        self.rows[var] = made = self.twin(var)
        return made.var

    def twin(self, var: Var) -> Box:
        box: Box = self.machine.variables.wide(var, self.length)
        return box

    @property
    def length(self) -> Any:
        """How many seeds there are, as types know it."""
        return strip(self.count)

    # What is handed on

    def ends(self, operands: tuple[Operand, ...], targets: tuple[Var, ...], many: set[Var]) -> tuple[Any, ...]:
        return tuple(self.end(o, t) if t in many else self.operand(o) for o, t in zip(operands, targets, strict=True))

    def operand(self, operand: Any) -> Any:
        """An operand that is the same for all, or of which the rows are there."""
        if isinstance(operand, Var) and operand not in self.rows and operand not in self.same:
            return operand
        return self.machine.operand(self.value(operand)) if variables(operand) else operand

    def end(self, operand: Operand, target: Var) -> Any:
        """The rows that are handed on."""
        machine = self.machine
        if is_undefined(operand) or (isinstance(operand, Const) and operand.value is None):
            return operand
        if isinstance(operand, Var) and operand in self.rows:
            return machine.operand(self.of_dtype(self.rows[operand], target))
        if isinstance(operand, Var) and (isinstance(operand.type, StackType) or operand in machine.variables.maybe):
            return self.none_of(operand).var
        value = self.value(operand)
        return machine.operand(self.zeros(self.dtype(target), machine.extents(value)))

    def none_of(self, var: Var) -> Box:
        """Zeros for each of what a list holds, or for what may not be there."""
        box = self.twin(var)
        self.write((box.var,), NO_ROWS, (var, self.machine.operand(self.count)))
        return box

    def dtype(self, var: Var) -> Any:
        return dtype_of(self.machine.sheet.boxes[var].value)

    def of_dtype(self, rows: Any, target: Var) -> Any:
        if isinstance(target.type, StackType) or dtype_of(strip(rows)) == self.dtype(target):
            return rows
        return cast(self.machine, rows, self.dtype(target))

    # Statements

    def settled(self, target: Var, rows: Any) -> Any:
        """The sizes of the rows are those of the one value, also where they are computed in another way."""
        one = self.machine.sheet.boxes[target].value
        if isinstance(rows, Box) and isinstance(rows.value, Array) and rows.value.ndim == np.ndim(one) + 1:
            unlike = [{type(n), type(m)} for n, m in zip(rows.value.shape[1:], np.shape(one), strict=True) if not same_now(n, m)]
            if unlike and {int} not in unlike:
                rows.value = Array(rows.value.dtype, (self.length, *np.shape(one)), rows.value.writeable)
                object.__setattr__(rows.var, "type", type_of(rows.value))
        return super().settled(target, rows)

    def assign(self, statement: Assign) -> None:
        if statement.primitive is DIM:
            array, axis = statement.args
            if array in self.rows:
                box = self.machine.sheet.boxes[statement.targets[0]]
                self.same[statement.targets[0]] = self.machine.emit_typed(DIM, [self.rows[array], axis.value + 1], box.value)  # type: ignore[union-attr]
                return
        if lists.concerns(statement) or any(isinstance(t.type, StackType) or t in self.machine.variables.maybe for t in statement.targets) \
                or statement.primitive is ADDED_COTANGENTS:
            return self.of_list(statement)
        super().assign(statement)

    def write(self, targets: tuple[Var, ...], primitive: Any, args: tuple[Any, ...], structure: Any = None) -> None:
        machine = self.machine
        machine.blocks.put(Assign(targets, primitive, args, machine.location(), machine.sheet.phase, structure))

    def of_list(self, statement: Assign) -> None:
        """What makes, changes or reads a list does the same to the list of rows."""
        if not any(v in self.rows for v in statement.reads):
            raise NotMapped
        primitive = statement.primitive
        if primitive in (STACKED, UNSTACKED):
            return self.of_array(statement)
        active = [primitive.index(name) for name in primitive.pullbacks]
        args = [self.held(a, statement) if k in active else self.operand(a) for k, a in enumerate(statement.args)]
        targets = [self.twin(t) for t in statement.targets]
        self.write(tuple(t.var for t in targets), primitive, tuple(args), statement.result)
        self.rows.update(zip(statement.targets, targets, strict=True))

    def held(self, operand: Operand, statement: Assign) -> Any:
        """What is put into a list of rows, or added to one."""
        if isinstance(operand, (Var, Const)):
            if isinstance(operand, Const) and statement.primitive is TOTAL:
                return operand
            return self.end(operand, operand) if isinstance(operand, Var) else self.zeros_like(operand)
        items = [self.held(item, statement) for item in operand.items]
        return replace(operand, items=tuple(items))

    def zeros_like(self, operand: Const) -> Any:
        if not isinstance(operand.value, (int, float)) or operand.value != 0:
            raise NotMapped
        return self.machine.operand(self.machine.call(np.zeros, self.count))

    def of_array(self, statement: Assign) -> None:
        """A list becomes an array, or an array a list: the rows lie in front in the one, and in the items of the other."""
        machine, (source,), (target,) = self.machine, statement.args, statement.targets
        if statement.primitive is UNSTACKED:
            turned, box = machine.call(np.moveaxis, self.rows[source], 1, 0), self.twin(target)  # type: ignore[index]
            self.write((box.var,), UNSTACKED, (machine.operand(turned),))
        else:
            one = machine.sheet.boxes[target]
            made = machine.variables.made(Array(one.value.dtype, (one.value.shape[0], self.length, *one.value.shape[1:])), one.levels)
            self.write((made.var,), STACKED, (self.rows[source].var,))  # type: ignore[index]
            box = machine.call(np.moveaxis, made, 0, 1)
        self.rows[target] = box

    # Row by row

    def sizes(self, box: Box) -> Any:
        """The shape of what is not there itself any more. Raises Undecided where nothing else has it."""
        deciding = self.machine.deciding
        return (deciding.symbols.code(n) for n in deciding.shape(np.shape(box.value)))

    def one_by_one(self, statement: Assign) -> Any:
        """The results of the operation, written down once, in a loop over the rows."""
        if statement.primitive.structural:
            raise NotMapped
        machine, boxes = self.machine, [self.machine.sheet.boxes[t] for t in statement.targets]
        holders = [self.zeros(dtype_of(b.value), self.sizes(b)) for b in boxes]
        index, params = machine.variables.counter("row"), [machine.variables.twin(h.var) for h in holders]
        machine.deciding.symbols.found(index)
        with machine.blocks.opened(loop=True) as opened, machine.blocks.in_place():
            found = self.of_row(statement, index)
            leaves = [found] if statement.result is None else trees.flatten(found)[0]
            ends = [machine.perform(REPLACED, [p, index, leaf]) for p, leaf in zip(params, leaves, strict=True)]
        results = [machine.variables.twin(h.var) for h in holders]
        body = Block((index.var, *(p.var for p in params)), tuple(opened.statements), tuple(map(machine.operand, ends)))
        span = (Const(0), machine.operand(self.count), Const(1))
        machine.blocks.put(Loop(tuple(r.var for r in results), body, tuple(map(machine.operand, holders)), span, None, (),
                                location=statement.location, phase=machine.sheet.phase))  # fmt: skip
        return results[0] if statement.result is None else trees.unflatten(statement.result, results)
