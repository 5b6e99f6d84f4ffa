"""The reverse sweep over regions: the adjoint of a loop is a loop in the other direction, that of a branch is a branch.

The reverse loop carries the cotangents of what the loop carried, and of what its body reads from around it. Values of a step that the
reverse step needs are handed over by `residuals.py`.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.adjoint import rerun, residuals, stacks
from s2sad.adjoint.firsts import read_firsts
from s2sad.adjoint.still_there import read_back, readings
from s2sad.adjoint.sweep import Sweep, conform, differentiable, settled
from s2sad.ir.hints import described
from s2sad.ir.liveness import useful
from s2sad.ir.naming import spread
from s2sad.ir.program import (
    Assign,
    Block,
    Const,
    Guard,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    last_phase,
    reads,
    rewrite_block,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.ir.writing import Box
from s2sad.machine.checkpoints import Snapshots
from s2sad.machine.traced import Traced
from s2sad.types.comparing import same_sizes

Machine = Any


def pull(machine: Machine, start: int, outputs: list[Any], seeds: list[Any], inputs: list[Any]) -> list[Any]:
    """As `adjoint.pull`, over a list that may hold regions."""
    outputs = [machine.fixed(output) for output in outputs]
    written: list[Statement] = machine.sheet.statements
    end = len(written)
    written[start:end], firsts = read_firsts(machine, written[start:end])
    spread(written[start:end], machine.sheet.names)  # by which cotangents are called
    machine.sheet.hints.update(described(written[start:end], machine.sheet.names))
    live = {x.var for x in inputs}
    reach(written[start:end], live)
    given = [(firsts.get(o.var, o.var), seed) for o, seed in zip(outputs, seeds, strict=True) if isinstance(o, Traced)]
    live &= useful(tuple(written[start:end]), {var for var, _ in given}) | {x.var for x in inputs}
    sweep, sources = Sweep(machine, live, readings(machine, tuple(written[start:end]))), {x.var for x in inputs}
    before, machine.sheet.phase = machine.sheet.phase, 1 + last_phase(written[start:end])
    try:
        for var, seed in given:
            if var in live:
                sweep.add(var, seed)
        for position in reversed(range(start, end)):
            if not any(t in sources for t in targets_of(written[position])):
                written[position] = step(sweep, written[position])
        written[end:] = read_back(machine, written[start:end], written[end:], sweep.readings)
        machine.sheet.at(None)
        for x in inputs:
            sweep.christen(x.var, sweep.cotangents.get(x.var))
        return sweep.gradients(inputs)
    finally:
        machine.sheet.at(None)
        machine.sheet.phase = before


def reach(statements: Any, live: set[Var]) -> None:
    """Add the variables that depend on live ones."""
    for statement in statements:
        match statement:
            case Assign(primitive=primitive, args=args):
                rerun.refuse(statement, live)
                arguments = (args[primitive.index(p)] for p in primitive.pullbacks)
                if any(v in live for a in arguments for v in variables(a)):
                    live.update(t for t in statement.targets if differentiable(t.type))
            case Loop():
                _reach_loop(statement, live)
            case If():
                for block in statement.blocks:
                    reach(block.statements, live)
                    _spread(block.results, statement.targets, live)


def _reach_loop(loop: Loop, live: set[Var]) -> None:
    _spread(loop.inits, loop.carried, live)
    _spread(loop.scanned, loop.elements, live)
    before = -1
    while before != len(live):
        before = len(live)
        reach(loop.body.statements, live)
        _spread(loop.nexts, loop.carried, live)
    _spread((*loop.nexts, *loop.saved), loop.targets, live)
    _spread(loop.carried, loop.results, live)


def _spread(sources: tuple[Operand, ...], targets: tuple[Var, ...], live: set[Var]) -> None:
    for source, target in zip(sources, targets, strict=True):
        if isinstance(source, Var) and source in live and differentiable(target.type):
            live.add(target)


def step(sweep: Sweep, statement: Statement) -> Statement:
    """Hand the cotangents of what a statement gives on; the statement, which may save more than before."""
    if isinstance(statement, Guard) or not any(t in sweep.cotangents for t in targets_of(statement)):
        return statement
    match statement:
        case Assign():
            sweep.machine.sheet.at(statement.location)
            sweep.statement(statement)
            return statement
        case Loop():
            return _ReverseLoop(sweep, statement).run()
        case If():
            return _reverse_branch(sweep, statement)
    return statement


def cotangent_box(machine: Machine, var: Var, absent: bool = False, sized: Operand | None = None) -> Box:
    """A variable for the cotangent of another, with the sizes of that or of one that is handed on to it; it may be absent where what it is
    made of is."""
    like = machine.sheet.boxes[sized].value if isinstance(sized, Var) else None
    name = machine.sheet.called(var)
    box: Box = machine.variables.twin(var, name and f"{name}_bar", like)
    machine.variables.loose.add(box.var)
    machine.variables.maybe.discard(box.var)
    if absent:
        machine.variables.may_be_absent(box.var)
    return box


class _ReverseLoop:
    """The adjoint of one loop, while it is written down."""

    def __init__(self, sweep: Sweep, loop: Loop) -> None:
        self.sweep, self.loop, self.machine = sweep, loop, sweep.machine
        self.given = {t: sweep.cotangents.pop(t, None) for t in loop.targets}
        read = set(loop.body.free) | {v for s in loop.body.statements for v in reads(s)} | {v for r in loop.nexts for v in variables(r)}
        self.unread = {p for p in loop.carried if p not in read}
        self.resized = {p for p, end in zip(loop.carried, loop.nexts, strict=True) if p in self.unread and self.is_resized(p, end)}
        self.kept = [k for k, p in enumerate(loop.carried) if p in sweep.live and differentiable(p.type)
                     and (p in read or self.given[loop.results[k]] is not None)]  # fmt: skip
        inside = [v for v in loop.body.free if v in sweep.live and differentiable(v.type)]
        self.outer = list(dict.fromkeys(inside))
        self.ends = [*(loop.carried[k] for k in self.kept), *self.outer]

    def is_resized(self, param: Var, end: Operand) -> bool:
        """Whether an array may have other sizes at the end of a step than at its beginning."""
        shapes = [np.shape(self.machine.sheet.boxes[v].value) for v in (param, end) if isinstance(v, Var)]
        return len(shapes) == 2 and len(shapes[0]) == len(shapes[1]) and not same_sizes(*shapes)

    def run(self) -> Loop:
        machine, loop, sweep = self.machine, self.loop, self.sweep
        machine.sheet.at(loop.location)
        self.starts = [settled(sweep, self.given[loop.results[k]], loop.results[k]) for k in self.kept]
        self.starts += [settled(sweep, sweep.cotangents.pop(v, None), v) for v in self.outer]
        for v, start in zip(self.ends, self.starts, strict=True):
            sweep.christen(v, start)
        with machine.blocks.opened(loop=True) as opened, machine.deciding.again(loop.mark):
            self.body()
            primal = replace(loop, body=replace(loop.body, statements=tuple(self.statements)))
            block, handed = self.handed_over(primal, self.block(opened.statements))
        self.write_down(block, handed)
        return stacks.there_before(handed.loop, sweep.wanted)

    def handed_over(self, primal: Loop, reverse: Block) -> tuple[Block, residuals.Handed]:
        """Let the reverse block have what it reads of the body: from stacks, or from running the steps once more."""
        if primal.snapshots is None:
            return residuals.hand_over(self.machine, primal, reverse, self.index, self.sweep.readings)
        machine = self.machine
        handed = residuals.Handed(primal, list(primal.body.statements), [], [])
        self.snapshots = Var(Snapshots)
        before, there = rerun.restored(machine, primal, self.snapshots, self.index.var)
        if primal.index is not None:
            there[primal.index] = self.index.var
        before += rerun.counted(machine, primal, self.index.var, there)
        step = rerun.fresh(machine, primal.body.statements, there)
        block = rewrite_block(reverse, there)
        return replace(block, statements=(*before, *rerun.needed(step, set(block.free)), *block.statements)), handed

    def body(self) -> None:
        """Walk the body backwards, with parameters for the cotangents."""
        machine, loop = self.machine, self.loop
        self.index = machine.variables.counter("step") if loop.index is None else machine.variables.twin(loop.index)
        machine.deciding.symbols.found(self.index)
        self.absent = [machine.is_absent(s) for s in self.starts]
        for i, k in enumerate(self.kept):
            self.absent[i] |= loop.carried[k] in machine.variables.maybe and loop.carried[k] not in self.unread
        self.params = [cotangent_box(machine, *each) for each in zip(self.ends, self.absent, self.sized(loop.nexts), strict=True)]
        inner = self.sweep.inner()
        for v, box in zip(self.outer, self.params[len(self.kept) :], strict=True):
            inner.add(v, box)
        for k, box in zip(self.kept, self.params, strict=False):
            self.arrive(inner, loop.nexts[k], box)
        self.given_elements: list[tuple[Var, Box]] = []
        for result, stack in zip(loop.saved, loop.stacks, strict=True):
            if self.given[stack] is not None and isinstance(result, Var):
                element = cotangent_box(machine, result, result in machine.variables.maybe)
                self.given_elements.append((self.given[stack].var, element))
                self.arrive(inner, result, element)
        self.statements = list(loop.body.statements)
        for position in reversed(range(len(self.statements))):
            self.statements[position] = step(inner, self.statements[position])
        machine.sheet.at(loop.location)
        self.finish(inner)

    def arrive(self, inner: Sweep, result: Operand, box: Box) -> None:
        if isinstance(result, Var) and result in self.sweep.live:
            inner.add(result, box)

    def finish(self, inner: Sweep) -> None:
        """The cotangents at the start of the step: of the carried parameters, of what is around, of the elements of stacks."""
        loop = self.loop
        self.nexts = [self.nothing(v) if v in self.resized else settled(inner, inner.cotangents.get(v), self.shaped_like(v))
                      for v in self.ends]  # fmt: skip
        self.read = [(e, s) for e, s in zip(loop.elements, loop.scanned, strict=True) if e in self.sweep.live]
        inner.hand_on([*self.ends, *(e for e, _ in self.read)])
        self.element_bars = [settled(inner, inner.cotangents.get(e), e) for e, _ in self.read]

    def sized(self, handed: tuple[Operand, ...]) -> list[Operand | None]:
        """What the cotangents that the reverse loop carries are as large as: what they belong to at that end of a step."""
        return [None if self.loop.carried[k] in self.resized else handed[k] for k in self.kept] + list(self.outer)

    def nothing(self, var: Var) -> Any:
        """The cotangent of what a step does not read, as an array of any size: it broadcasts to what the step before gave."""
        value = self.machine.sheet.boxes[var].value
        return self.machine.call(np.zeros, (1,) * value.ndim, **({} if value.dtype == np.float64 else {"dtype": value.dtype.type}))

    def shaped_like(self, var: Var) -> Var:
        """A variable that a step gives but does not read may not be there before it: its cotangent is zeros like what the step gives."""
        if var in self.unread:
            following = self.loop.nexts[self.loop.carried.index(var)]
            return following if isinstance(following, Var) else var
        return var

    def block(self, statements: list[Statement]) -> Block:
        machine = self.machine
        params = (self.index.var, *(p.var for p in self.params), *(e.var for _, e in self.given_elements))
        results = (*map(machine.operand, self.nexts), *map(machine.operand, self.element_bars))
        return Block(params, tuple(statements), results)

    def write_down(self, block: Block, handed: residuals.Handed) -> None:
        machine, sweep, loop = self.machine, self.sweep, self.loop
        targets = [cotangent_box(machine, *each) for each in zip(self.ends, self.absent, self.sized(loop.inits), strict=True)]
        bars = [machine.variables.twin(s, f"{machine.sheet.called(e) or 't'}_bar") for e, s in self.read]
        names = (*(t.var for t in targets), *(b.var for b in bars))
        scanned = (*(s for s, _ in self.given_elements), *handed.stacks)
        first, count = 1 + len(self.params), len(self.params)
        names = (*names[:count], *(machine.variables.twin(target).var for target, _, _ in handed.followed), *names[count:])
        params = (*block.params[:first], *(p for _, p, _ in handed.followed), *block.params[first:], *handed.elements)
        results = (*block.results[:count], *(e for _, _, e in handed.followed), *block.results[count:])
        body = Block(params, block.statements, results)
        machine.sheet.at(loop.location)
        if loop.snapshots is None:
            span, reverse = residuals.span_back(machine, loop, handed)
        else:
            held = rerun.state(handed.loop)
            steps = residuals.steps_made(machine, loop, handed)  # which may make the loop carry their number as well
            span, reverse = (Const(0), steps, Const(1)), True
            machine.blocks.put(rerun.taken(machine, handed.loop, held, self.snapshots, steps, loop.snapshots))
        inits = (*map(machine.operand, self.starts), *(t for t, _, _ in handed.followed))
        reverse_loop = Loop(names, body, inits, span, None, scanned, False, reverse, loop.location, machine.sheet.phase, mark=loop.mark)
        machine.blocks.put(reverse_loop)
        for k, target in zip(self.kept, targets, strict=False):
            init = loop.inits[k]
            if isinstance(init, Var) and init in sweep.live:
                sweep.add(init, conform(machine, target, machine.sheet.boxes[init]))
        for v, target in zip(self.outer, targets[len(self.kept) :], strict=True):
            sweep.add(v, target)
        for (_, stack), bar in zip(self.read, bars, strict=True):
            sweep.add(stack, bar)
        handed.loop = replace(handed.loop, body=replace(handed.loop.body, statements=tuple(handed.primal)))


def _reverse_branch(sweep: Sweep, branch: If) -> If:
    """A branch on the same condition, whose sides hand the cotangents on."""
    machine = sweep.machine
    machine.sheet.at(branch.location)
    branch = stacks.there_on_both_sides(branch, sweep.wanted)
    given = {t: sweep.cotangents.pop(t, None) for t in branch.targets}
    outer = [v for v in dict.fromkeys(v for b in branch.blocks for v in b.free) if v in sweep.live and differentiable(v.type)]
    starts = {v: settled(sweep, sweep.cotangents.pop(v), v) for v in outer if v in sweep.cotangents}
    for v, start in starts.items():
        sweep.christen(v, start)
    sides: list[Any] = []
    for answer, block in zip((True, False), branch.blocks, strict=True):
        known = machine.deciding.conditions.on_the_way(branch.atom, answer), machine.deciding.again((branch.atom, answer))
        with machine.blocks.opened(loop=False) as opened, known[0], known[1]:
            inner = sweep.inner()
            for v, start in starts.items():
                inner.add(v, start)
            for target, result in zip(branch.targets, block.results, strict=True):
                if given[target] is not None and isinstance(result, Var) and result in sweep.live:
                    inner.add(result, given[target])
            statements = list(block.statements)
            for position in reversed(range(len(statements))):
                statements[position] = step(inner, statements[position])
            machine.sheet.at(branch.location)
            inner.hand_on(outer)
            ends = [settled(sweep, inner.cotangents.get(v), v) for v in outer]
            sides.append((opened.statements, ends, replace(block, statements=tuple(statements))))
    boxes = [cotangent_box(machine, v, any(machine.is_absent(s[1][i]) for s in sides)) for i, v in enumerate(outer)]
    blocks = [Block((), tuple(s), tuple(map(machine.operand, ends))) for s, ends, _ in sides]
    primal = replace(branch, then=sides[0][2], orelse=sides[1][2])
    primal, blocks = residuals.lift(machine, primal, blocks, sweep.readings)
    machine.blocks.put(If(tuple(b.var for b in boxes), branch.atom, blocks[0], blocks[1], branch.location, machine.sheet.phase))
    for v, box in zip(outer, boxes, strict=True):
        sweep.add(v, box)
    return primal
