"""The forward sweep over regions: a loop carries the tangents of what it carries, a branch gives those of what it gives.

A tangent is there where its value is: what is undefined, or None, on some way has such a tangent there.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.adjoint import lists, stacks
from s2sad.adjoint.regions import reach
from s2sad.adjoint.sweep import differentiable, settled
from s2sad.ir.liveness import useful
from s2sad.ir.moving import made_before_read
from s2sad.ir.naming import spread
from s2sad.ir.program import Assign, Block, Const, Display, If, Loop, Operand, Statement, Var, targets_of, variables
from s2sad.ir.writing import Box
from s2sad.machine.traced import Traced
from s2sad.rules.lists import LISTED
from s2sad.rules.operations import NO_COTANGENTS
from s2sad.tangent import sweep

Machine = Any


def push(machine: Machine, start: int, outputs: list[Any], tangents: list[Any], inputs: list[Any]) -> list[Any]:
    """As `sweep.push`, over a list that may hold regions."""
    outputs = [machine.fixed(output) for output in outputs]
    statements: list[Statement] = machine.sheet.statements
    spread(statements[start:], machine.sheet.names)  # by which tangents are called
    live = {x.var for x in inputs}
    reach(statements[start:], live)
    live &= useful(tuple(statements[start:]), {o.var for o in outputs if isinstance(o, Traced)}) | {x.var for x in inputs}
    made = Sweep(machine, live)
    found = sweep.pushed(made, start, outputs, tangents, inputs)
    statements[start:] = there(statements[start:], made.wanted)
    return found


def there(statements: list[Statement], wanted: set[Var]) -> list[Statement]:
    """The statements, with None in place of what is not there on some ways and has its zeros asked for."""
    kept: list[Statement] = []
    for statement in reversed(statements):
        match statement:
            case If():
                statement = stacks.there_on_both_sides(statement, wanted)
                then, orelse = (replace(b, statements=tuple(there(list(b.statements), wanted))) for b in statement.blocks)
                statement = replace(statement, then=then, orelse=orelse)
            case Loop():
                statement = stacks.there_before(statement, wanted)
                inside = tuple(there(list(statement.body.statements), wanted))
                statement = replace(statement, body=replace(statement.body, statements=inside))
        kept.append(statement)
    return kept[::-1]


class Sweep(sweep.Sweep):
    """A sweep over the variables that are `live`: that depend on the inputs, and on which an output depends."""

    def __init__(self, machine: Machine, live: set[Var]) -> None:
        super().__init__(machine)
        self.live, self.wanted = live, set[Var]()

    def step(self, statement: Statement) -> Statement:
        if not any(t in self.live for t in targets_of(statement)):
            return statement
        match statement:
            case Assign() if lists.concerns(statement) or statement.primitive.holds:
                self.of_list(statement)
            case Assign():
                self.statement(statement)
            case Loop():
                return self.loop(statement)
            case If():
                return self.branch(statement)
        return statement

    def has_tangent(self, var: Operand) -> bool:
        return isinstance(var, Var) and var in self.live and differentiable(var.type)

    def twin(self, var: Var) -> Box:
        """A variable for the tangent of another."""
        machine = self.machine
        name = machine.sheet.called(var)
        box: Box = machine.variables.twin(var, name and f"{name}_dot", machine.sheet.boxes[var].value)
        machine.variables.loose.add(box.var)
        machine.variables.whole.discard(box.var)
        return box

    def end(self, operand: Operand) -> Operand:
        """The tangent of what a block hands on, in full."""
        machine = self.machine
        if isinstance(operand, Var):
            return machine.operand(self.in_whole(operand))  # type: ignore[no-any-return]
        if isinstance(operand, Display):
            return replace(operand, items=tuple(map(self.end, operand.items)))
        if isinstance(operand.value, np.ndarray):
            return machine.operand(machine.call(np.zeros, operand.value.shape))  # type: ignore[no-any-return]
        return Const(0.0) if isinstance(operand.value, (int, float, complex, np.generic)) else operand

    def in_whole(self, var: Var) -> Any:
        """The tangent of a variable, in full; zeros like what is there, if it has none."""
        dot = self.tangents.get(var)
        if dot is None and (stacks.is_stack(var) or var in self.machine.variables.maybe):
            return stacks.nothing_arrived(self.machine, var, self.wanted)
        return settled(self, dot, var)

    # Lists of unknown length

    def of_list(self, statement: Assign) -> None:
        """What makes, changes or reads a list does the same to the list of tangents."""
        primitive, machine = statement.primitive, self.machine
        active = [primitive.index(name) for name in primitive.pullbacks]
        arrived = any(v in self.tangents for k in active for v in variables(statement.args[k]))
        if primitive is NO_COTANGENTS or not (arrived or primitive is LISTED):
            return
        args = [self.end(a) if k in active else a for k, a in enumerate(statement.args)]
        targets = [self.twin(t) for t in statement.targets]
        machine.blocks.put(replace(statement, targets=tuple(t.var for t in targets), args=tuple(args), phase=machine.sheet.phase))
        for target, dot in zip(statement.targets, targets, strict=True):
            if self.has_tangent(target):
                self.tangents[target] = dot

    # Regions

    def loop(self, loop: Loop) -> Loop:
        """The loop, which carries, saves and takes the tangents as well."""
        machine = self.machine
        kept = [k for k, p in enumerate(loop.carried) if self.has_tangent(p)]
        saved = [k for k, s in enumerate(loop.stacks) if self.has_tangent(s) and self.has_tangent(loop.saved[k])]
        taken = [k for k, s in enumerate(loop.scanned) if s in self.tangents]
        inits = tuple(self.end(loop.inits[k]) for k in kept)
        with ExitStack() as known:
            known.enter_context(machine.blocks.opened(loop=True))
            if loop.test is not None:
                known.enter_context(machine.deciding.conditions.on_the_way(loop.test.results[0], True))
            known.enter_context(machine.deciding.again(loop.mark))
            self.declare(loop.body.params)
            params = [self.give(loop.carried[k], self.twin(loop.carried[k])) for k in kept]
            elements = [self.give(loop.elements[k], self.twin(loop.elements[k])) for k in taken]
            statements, ends = self.body(loop.body, [*(loop.nexts[k] for k in kept), *(loop.saved[k] for k in saved)], loop)
        results = [self.give(loop.results[k], self.twin(loop.results[k])) for k in kept]
        made = [self.give(loop.stacks[k], self.twin(loop.stacks[k])) for k in saved]
        first, count = loop.first + len(loop.inits), loop.exits + len(loop.inits)
        body = Block((*loop.body.params[:first], *params, *loop.elements, *elements), tuple(statements),
                     (*loop.body.results[:count], *ends[: len(kept)], *loop.saved, *ends[len(kept) :]))  # fmt: skip
        scanned = (*loop.scanned, *(self.tangents[loop.scanned[k]].var for k in taken))
        targets = (*loop.results, *results, *loop.stacks, *made)
        return replace(loop, targets=targets, body=body, inits=(*loop.inits, *inits), scanned=scanned)

    def branch(self, branch: If) -> If:
        """The branch, which gives the tangents as well."""
        machine = self.machine
        kept = [k for k, t in enumerate(branch.targets) if self.has_tangent(t)]
        sides: list[Block] = []
        for answer, block in zip((True, False), branch.blocks, strict=True):
            with ExitStack() as known:
                known.enter_context(machine.blocks.opened(loop=False))
                known.enter_context(machine.deciding.conditions.on_the_way(branch.atom, answer))
                known.enter_context(machine.deciding.again((branch.atom, answer)))
                statements, ends = self.body(block, [block.results[k] for k in kept], branch)
            sides.append(replace(block, statements=tuple(statements), results=(*block.results, *ends)))
        made = [self.give(branch.targets[k], self.twin(branch.targets[k])) for k in kept]
        return replace(branch, targets=(*branch.targets, *made), then=sides[0], orelse=sides[1])

    def give(self, var: Var, dot: Box) -> Var:
        self.tangents[var] = dot
        return dot.var

    def declare(self, names: Any) -> None:
        for var in names:
            self.machine.blocks.declare(var)

    def body(self, block: Block, ends: list[Operand], region: Statement) -> tuple[list[Statement], list[Operand]]:
        """The statements of a block that is open, with the tangents of what they give and in the end of what the block hands on."""
        machine = self.machine
        self.declare(made_in(block))
        statements = self.over(block.statements)
        machine.sheet.at(region.location)
        machine.sheet.phase = self.phase
        found = [self.end(end) for end in ends]
        last = sweep.beside(machine.sheet.statements, region, self.phase)
        return made_before_read([*statements, *last]), found


def made_in(block: Block) -> Iterator[Var]:
    for statement in block.statements:
        yield from targets_of(statement)
