"""What a reverse step needs of the step of the loop: saved on a stack, or computed again where that is cheap.

The adjoint of a body is first written down as if it could read the variables of the body. Here each of them gets its way into the reverse
loop. The index is there, and so is what lies around the loop and keeps its contents. From that, and from what is saved, the rest is
computed again: which values are saved is the choice of least cost (`cheapest.py`, `costs.py`), over the statements of the step, arrays
included. What the function computes in a step has not raised there, so it does not raise where the adjoint of that step computes it again;
it stays in the step, or on the side of a branch, for that reason: a loop that makes no step evaluates nothing.
"""
from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import field, replace
from typing import Any

import numpy as np

from s2sad.adjoint import early, rerun
from s2sad.adjoint.cheapest import cheapest
from s2sad.adjoint.costs import OPERATOR, VIEW, Way, is_part, is_product, is_small, saving, work, work_of_branch, work_of_product
from s2sad.adjoint.still_there import Readings, made_in
from s2sad.errors import InvalidIR
from s2sad.ir.program import (
    AGAIN,
    UNDEFINED,
    ArrayType,
    Assign,
    Block,
    Const,
    If,
    Loop,
    Operand,
    Statement,
    Var,
    is_undefined,
    reads,
    rewrite,
    rewrite_block,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.ir.writing import Box
from s2sad.quickly import dataclass
from s2sad.rules.lists import LENGTH
from s2sad.rules.operations import ADD, NEGATE

Machine = Any
Ways = dict[Var, Way | None]
"""The variables of a block in order, and how each is computed again, where it may be."""


@dataclass
class Handed:
    """The loop as it saves what is needed, the stacks that the reverse loop reads, and the parameters their elements arrive at."""

    loop: Loop
    primal: list[Statement]
    stacks: list[Var]
    elements: list[Var]
    trips: Var | None = None
    followed: list[tuple[Var, Var, Var]] = field(default_factory=list)
    """What a step ended with is what the next one began with: the value after the loop, its parameter, and the element that follows it."""


def hand_over(machine: Machine, loop: Loop, reverse: Block, index: Box, readings: Readings) -> tuple[Block, Handed]:
    """Give the reverse block what it reads of the body."""
    return _HandOver(machine, loop, reverse, index, readings).run()


class _HandOver:
    def __init__(self, machine: Machine, loop: Loop, reverse: Block, index: Box, readings: Readings) -> None:
        self.machine, self.loop, self.reverse, self.index, self.readings = machine, loop, reverse, index, readings
        self.made = made_in(loop, readings)
        self.inside = {*loop.body.params, *self.made}
        self.there: dict[Var, Var] = {} if loop.index is None else {loop.index: index.var}
        self.following: dict[Var, tuple[Var, Var]] = {}
        self.followed: list[tuple[Var, Var, Var]] = []  # those that nothing else gives
        self.found: dict[Var, bool] = {}  # what has been found out to be readable or not
        self.written: set[Var] = machine.blocks.overwritten
        self.multiplies = any(is_product(s, 2) for s in loop.body.statements)
        self.again: list[Statement] = []

    def run(self) -> tuple[Block, Handed]:
        machine, loop = self.machine, self.loop
        self.reverse = early.computed(loop, self.reverse)
        self.asked_early()
        needed = [v for v in self.reverse.free if v in self.inside]
        elements = dict(zip(loop.elements, loop.scanned, strict=True))
        self.following = self.found_following(needed)
        saved = self.chosen(needed)
        self.there.update((var, machine.variables.again(var).var) for var in saved)
        for var in needed:
            self.compute_again(var)
        reverse = rewrite_block(self.reverse, self.there)
        reverse = replace(reverse, statements=(*self.again, *reverse.statements))
        handed = self.handed(saved, elements)
        handed.followed = [(target, var, self.there[param]) for target, var, param in self.followed]
        return reverse, handed

    def found_following(self, needed: list[Var]) -> dict[Var, tuple[Var, Var]]:
        """What a step ends with is what the next one began with, which is needed as well: the reverse loop has it from there."""
        found: dict[Var, tuple[Var, Var]] = {}
        for param, following, target in zip(self.loop.carried, self.loop.nexts, self.loop.results, strict=True):
            if param in needed and following in self.inside and following not in found and following not in self.loop.carried:
                if following.type == param.type == target.type and not self.readable(following):
                    found[following] = target, param
        return found

    def asked_early(self) -> None:
        """What the reverse step asks of a shape, or only compares, is asked in the step itself, and the answer is handed over.

        A size that follows from numbers around the loop is computed from those.
        """
        self.reverse = early.without_known(self.reverse, early.known_around(self.machine, early.sizes(self.reverse, self.missing)))
        for asking in (early.sizes, early.comparisons):
            found = early.of_the_step(asking(self.reverse, self.missing), self.reverse, early.not_always_there(self.loop))
            self.loop, self.reverse, made = early.moved(self.loop, self.reverse, found)
            self.made.update((s.targets[0], s) for s in made)
            self.inside.update(s.targets[0] for s in made)

    def missing(self, var: Var) -> bool:
        return var in self.inside and var not in self.on_stacks() and not self.readable(var)

    def chosen(self, needed: list[Var]) -> list[Var]:
        """The variables to save, so that the others are computed again from them and from what is there."""
        held = set(needed) | self.on_stacks()
        ways: Ways = {v: self.way(v, held) for v in (*self.loop.body.params, *self.made)}
        return cheapest(needed, ways, set(self.there), self.saving)

    def saving(self, var: Var) -> int:
        """What it costs to save a variable; a part of an array keeps all of it in memory, unless it has to be copied."""
        if var in self.on_stacks():
            return OPERATOR
        made = self.made.get(var)
        if isinstance(var.type, ArrayType) and isinstance(made, Assign) and is_part(made.primitive) and made.args[0] in self.inside:
            if self.written.isdisjoint(variables(made.args[0])):
                return VIEW + max(self.saving(v) for v in variables(made.args[0]))
            return saving(var.type, self.machine.blocks.loops, copied=True)
        return saving(var.type, self.machine.blocks.loops, var in self.written)

    def way(self, var: Var, held: set[Var]) -> Way | None:
        """How a variable of the body is computed again."""
        if var in self.following:
            return Way((self.following[var][1],), OPERATOR)
        if var in self.readings:
            way = read_back(self.readings[var], self.inside)
            return way if all(v in held for v in way.origins if isinstance(v.type, ArrayType)) else None
        statement = self.made.get(var)
        if statement is not None and var in self.machine.blocks.again:
            return Way(self.inner(reads(statement)), 0)
        cost = self.cost(statement)
        if statement is None or cost is None or not all(self.is_kept(v, var, held) for v in reads(statement)):
            return None
        return Way(self.inner(reads(statement)), cost)

    def cost(self, statement: Statement | None) -> int | None:
        """What it takes to evaluate a statement once more; a product with a vector only beside products of matrices."""
        if isinstance(statement, Assign):
            return work_of_product(statement) if is_product(statement, 1 if self.multiplies else 2) else work(statement)
        return work_of_branch(statement) if isinstance(statement, If) else None

    def is_kept(self, operand: Var, result: Var, held: set[Var]) -> bool:
        """Whether what a result is computed from takes no memory for the sake of it.

        An array from around the loop keeps its contents. One of the step is held anyway, if a number is to be computed of it.
        """
        if not isinstance(operand.type, ArrayType):
            return True
        if operand not in self.inside:
            return self.untouched(operand) or self.is_worth_a_copy(operand, result)
        return isinstance(result.type, ArrayType) or operand in held or is_small(operand.type) or self.readable(operand)

    def again_by(self, var: Var) -> Statement:
        """The statement that gives a value once more: one that reads it back, or that which has made it."""
        return self.readings.get(var) or self.made[var]

    def inner(self, variables: Iterable[Var]) -> tuple[Var, ...]:
        return tuple(v for v in variables if v in self.inside)

    def on_stacks(self) -> set[Var]:
        return {*self.loop.elements, *(v for v in self.loop.saved if isinstance(v, Var))}

    def untouched(self, operand: Operand) -> bool:
        """Whether an array from around the loop keeps its contents, so that its elements may be read again."""
        return isinstance(operand, Var) and operand not in self.inside and operand not in self.written

    def is_worth_a_copy(self, array: Var, result: Var) -> bool:
        """Whether one copy of an array from around all loops, which is written later, is less than what its steps would save."""
        blocks = self.machine.blocks
        all_read = isinstance(result.type, ArrayType) or len(array.type.shape) <= blocks.loops  # type: ignore[union-attr]
        return blocks.depth_of(array) == 0 and all_read

    def readable(self, var: Var) -> bool:
        """Whether a variable can be computed again from what is there."""
        if var in self.there or var not in self.inside:
            return True
        if var not in self.found:
            way = self.way(var, set())
            self.found[var] = way is not None and all(self.readable(v) for v in way.origins)
        return self.found[var]

    def compute_again(self, var: Var) -> None:
        if var in self.there or var not in self.inside:
            return
        if var in self.following:
            self.there[var] = self.machine.variables.again(var).var
            self.followed.append((self.following[var][0], self.there[var], self.following[var][1]))
            return
        statement = self.again_by(var)
        for each in reads(statement):
            self.compute_again(each)
        there = dict(self.there)  # what a branch gives beside it may be saved
        self.again += rerun.fresh(self.machine, (statement,), self.there)
        self.there.update(there)

    def handed(self, saved: list[Var], elements: dict[Var, Var]) -> Handed:
        """The loop with its new stacks, and what the reverse loop scans; what stands on a stack already is read there once more."""
        machine, loop = self.machine, self.loop
        elements = elements | {v: s for v, s in zip(loop.saved, loop.stacks, strict=True) if isinstance(v, Var)}
        stacks, arrivals, new, values = [], [], [], []
        for var in saved:
            arrivals.append(self.there[var])
            if var in elements:
                stacks.append(elements[var])
                continue
            stack = machine.variables.stack(var)
            stacks.append(stack)
            new.append(stack)
            values.append(var)
        statements = tuple(defined_everywhere(s, set(values), machine.variables.lifted) for s in loop.body.statements)
        body = Block(loop.body.params, statements, (*loop.body.results, *values))
        return Handed(replace(loop, body=body, targets=(*loop.targets, *new)), list(statements), stacks, arrivals)


def defined_everywhere(statement: Statement, saved: set[Var], lifted: set[Var]) -> Statement:
    """What a branch, or a loop that makes no step, leaves undefined has to be something, to be saved."""
    if not isinstance(statement, (If, Loop)) or not any(t in saved for t in statement.targets):
        return statement
    if isinstance(statement, Loop):
        pairs = zip(statement.results, statement.inits, strict=True)
        return replace(statement, inits=tuple(Const(None) if t in saved and is_undefined(i) else i for t, i in pairs))

    def filled(block: Block) -> Block:
        pairs = list(zip(statement.targets, block.results, strict=True))
        results = tuple((nothing(t) if t in lifted else Const(None)) if t in saved and is_undefined(r) else r for t, r in pairs)
        inner = {r for t, r in pairs if t in saved and isinstance(r, Var)}
        return Block(block.params, tuple(defined_everywhere(s, inner, lifted) for s in block.statements), results)

    return replace(statement, then=filled(statement.then), orelse=filled(statement.orelse))


def nothing(var: Var) -> Const:
    """A value that stands where there is none; it is never used."""
    kind = var.type
    plain = {(bool, np.bool_): False, (int, np.integer): 0, (float, np.floating): 0.0, (complex, np.complexfloating): 0j}
    return Const(next((zero for kinds, zero in plain.items() if isinstance(kind, type) and issubclass(kind, kinds)), None))


def read_back(reading: Assign, inside: Container[Var]) -> Way:
    """How a value is read back."""
    return Way(tuple(v for v in reads(reading) if v in inside), VIEW if isinstance(reading.targets[0].type, ArrayType) else OPERATOR)


class _Again:
    """What of a branch its adjoint reads back, or computes once more, from what is around the branch."""

    def __init__(self, machine: Machine, inside: dict[Var, Statement], there: dict[Var, Var], reverse: Block, readings: Readings) -> None:
        self.machine, self.there, self.readings = machine, there, readings
        self.inside = {v: readings.get(v, s) for v, s in inside.items()}
        self.read, self.written = set(reverse.free), machine.blocks.overwritten
        self.statements: list[Statement] = []

    def left(self, needed: list[Var]) -> list[Var]:
        """What the branch has to give, so that the rest of what is needed can be computed."""
        asked = set(needed)
        ways: Ways = {v: read_back(self.readings[v], self.inside) if v in self.readings else self.way(s, asked)
                      for v, s in self.inside.items()}  # fmt: skip
        return cheapest(needed, ways, set(self.there), lambda v: saving(v.type, self.machine.blocks.loops))

    def way(self, statement: Statement, needed: set[Var]) -> Way | None:
        cost = work(statement) if isinstance(statement, Assign) else None
        if cost is None or not all(self.is_kept(v) for v in reads(statement) if isinstance(v.type, ArrayType) and v not in needed):
            return None
        return Way(tuple(v for v in reads(statement) if v in self.inside), cost)

    def is_kept(self, array: Var) -> bool:
        """Whether an array is there anyway: one from around all loops, which keeps its contents, or one that the adjoint reads."""
        blocks = self.machine.blocks
        return array not in self.inside and (array in self.read or (blocks.depth_of(array) == 0 and array not in self.written))

    def compute(self, var: Var) -> None:
        statement = self.inside.get(var)
        if statement is None or var in self.there:
            return
        assert isinstance(statement, Assign)
        for each in reads(statement):
            self.compute(each)
        self.there[var] = self.machine.variables.again(var).var
        # As in `rerun.fresh` it is not to be rearranged; but a sign may stand anywhere, and the numbers are the same.
        phase = self.machine.sheet.phase if statement.primitive is NEGATE else statement.phase
        self.statements.append(replace(statement, targets=(self.there[var],), phase=phase, within=((AGAIN, None),)))


def lift(machine: Machine, branch: If, reverse: list[Block], readings: Readings) -> tuple[If, list[Block]]:
    """Let a branch give what its adjoint needs of its sides."""
    targets, results = list(branch.targets), [list(b.results) for b in branch.blocks]
    for side, block in enumerate(branch.blocks):
        inside = {t: s for s in block.statements for t in targets_of(s)}
        pairs = zip(targets, results[side], results[1 - side], strict=True)
        there: dict[Var, Var] = {r: t for t, r, other in pairs if isinstance(r, Var) and r in inside
                                 and (not isinstance(other, Var) or (t in readings and t.type == r.type))}  # fmt: skip
        again = _Again(machine, inside, there, reverse[side], readings)
        needed = [v for v in reverse[side].free if v in inside]
        for var in again.left(needed):
            there[var] = machine.variables.again(var).var
            machine.variables.lifted.add(there[var])
            machine.variables.may_be_absent(there[var])
            targets.append(there[var])
            results[side].append(var)
            results[1 - side].append(Const(UNDEFINED))
        for var in needed:
            again.compute(var)
        reverse[side] = rewrite_block(reverse[side], there)
        reverse[side] = replace(reverse[side], statements=(*(rewrite(s, there) for s in again.statements), *reverse[side].statements))
    then, orelse = (replace(b, results=tuple(r)) for b, r in zip(branch.blocks, results, strict=True))
    return replace(branch, targets=tuple(targets), then=then, orelse=orelse), reverse


def span_back(machine: Machine, loop: Loop, handed: Handed) -> tuple[tuple[Operand, Operand, Operand], bool]:
    """The range of the reverse loop: that of the loop from its end, as far as it came."""
    if loop.range is not None and not loop.exits:
        return loop.range, not loop.reverse
    count = told(machine, handed)
    if loop.range is None:
        return (Const(0), count, Const(1)), True
    if loop.reverse:
        raise InvalidIR("only what the user writes is left early")
    start, _, step = (machine.sheet.value_of(p) for p in loop.range)
    along = machine.sheet.boxes[count]
    length = along if _is_one(step) else machine.binary("*", along, step)
    stop = length if isinstance(start, int) and start == 0 else machine.binary("+", start, length)
    return (loop.range[0], machine.operand(stop), loop.range[2]), True


def told(machine: Machine, handed: Handed) -> Var:
    """How many steps the loop has made: as many as there are elements on a stack, where there is one."""
    if not handed.stacks:
        return counted(machine, handed)
    count: Var = machine.variables.counter("trips").var
    machine.blocks.put(Assign((count,), LENGTH, (handed.stacks[0],), handed.loop.location, machine.sheet.phase))
    return count


def steps_made(machine: Machine, loop: Loop, handed: Handed) -> Operand:
    """How many steps the loop has made."""
    if loop.range is None or loop.exits:
        return machine.operand(machine.sheet.boxes[counted(machine, handed)])  # type: ignore[no-any-return]
    return machine.operand(machine.sizes.trips(*(machine.sheet.value_of(p) for p in loop.range)))  # type: ignore[no-any-return]


def _is_one(value: Any) -> bool:
    return isinstance(value, int) and value == 1


def counted(machine: Machine, handed: Handed) -> Var:
    """How many steps the loop has made: one more value that it carries."""
    loop = handed.loop
    handed.trips = handed.trips or _count(loop)
    if handed.trips is None:
        counter, end = machine.variables.counter("trips"), machine.variables.counter("trips")
        param, following, target = counter.var, machine.variables.made(counter.value + 1, frozenset()).var, end.var
        for var in (param, following, target):
            machine.sheet.names[var] = "trips"
        add = Assign((following,), ADD, (param, Const(1)), loop.location, loop.phase)
        first = loop.first
        params, exits = list(loop.body.params), int(loop.exits)
        carried = len(loop.inits)
        results = list(loop.body.results)
        params.insert(first + carried, param)
        results.insert(exits + carried, following)
        targets = list(loop.targets)
        targets.insert(carried, target)
        handed.primal.append(add)
        body = Block(tuple(params), tuple(handed.primal), tuple(results))
        test = loop.test
        handed.loop = replace(loop, body=body, inits=(*loop.inits, Const(0)), targets=tuple(targets), test=test)
        handed.trips = target
        machine.blocks.declare(target)
    return handed.trips


def _count(loop: Loop) -> Var | None:
    """What counts the steps of a loop already."""
    made = {t: s for s in loop.body.statements for t in targets_of(s)}
    for init, param, following, target in zip(loop.inits, loop.carried, loop.nexts, loop.results, strict=True):
        if isinstance(init, Const) and type(init.value) is int and init.value == 0 and isinstance(following, Var) and param.type is int:
            step = made.get(following)
            if isinstance(step, Assign) and step.primitive is ADD and step.args[0] is param:
                if isinstance(step.args[1], Const) and type(step.args[1].value) is int and step.args[1].value == 1:
                    return target
    return None
