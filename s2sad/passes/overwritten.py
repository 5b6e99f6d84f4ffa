"""A place of a cotangent that is set to zero and then added to, among other places: the addition to the very place comes first.

    a_bar[1:-1] = 0.0
    a_bar[:-2] += share               a_bar[1:-1] = share
    a_bar[2:] += share                a_bar[:-2] += share
    a_bar[1:-1] += share              a_bar[2:] += share

So it can be assigned, and need not be set to zero before (`passes/zeroing.py`). Where a loop sets the place to zero at the end of a step
and adds to it in the next, it does so at the beginning instead, if there are zeros before the first step, and once after the loop.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeGuard

from s2sad.ir.equal import key
from s2sad.ir.program import ArrayType, Assign, Block, Function, If, Loop, Operand, Statement, Var, reads, rewrite, targets_of, variables
from s2sad.ir.spans import apart, spans
from s2sad.passes.copies import joined, names_of
from s2sad.passes.elements import known_of
from s2sad.passes.storage import may_alias
from s2sad.passes.zeroing import LONGEST, is_zeroing
from s2sad.rules.operations import ACCUMULATED, DIMINISHED, GETITEM, ZEROS

MOST = 32  # additions that are looked at together


def add_first_where_it_is_zero(function: Function) -> Function:
    """Let the addition to a place that is zero be the first of those that follow it."""
    return _Overwritten(function).run()


class _Overwritten:
    def __init__(self, function: Function) -> None:
        self.function, self.known, self.names = function, known_of(function), names_of(function)
        self.made: dict[Var, Assign] = {}  # in the blocks around, too

    def run(self) -> Function:
        block = self.block(Block(self.function.params, self.function.statements, self.function.results))
        return replace(self.function, statements=block.statements, names=joined(self.names))

    def block(self, block: Block) -> Block:
        statements = list[Statement]()
        for statement in block.statements:
            if isinstance(statement, Assign):
                self.made.update(dict.fromkeys(statement.targets, statement))
            statements += self.inside(statement)
        if len(statements) <= LONGEST:
            for zeroing in [s for s in statements if is_zeroing(s)]:
                self.turn(statements, block.results, zeroing)  # type: ignore[arg-type]
        return replace(block, statements=tuple(statements))

    def inside(self, statement: Statement) -> list[Statement]:
        match statement:
            case Loop():
                around, after = self.rotated(statement)
                return [replace(around, body=self.block(around.body)), *after]
            case If():
                return [replace(statement, then=self.block(statement.then), orelse=self.block(statement.orelse))]
            case _:
                return [statement]

    # Additions to what has been set to zero

    def turn(self, statements: list[Statement], results: tuple[Operand, ...], zeroing: Assign) -> None:
        """Let the addition to the place be the first that reaches it, where nothing that was read there is needed after that."""
        start = statements.index(zeroing)
        found = additions(statements, results, zeroing.targets[0], start + 1)
        passed = self.passed(statements, found, zeroing)
        if passed and not is_read(statements, results, zeroing, passed[0]):
            turned(statements, passed)

    def passed(self, statements: Sequence[Statement], found: list[int], zeroing: Assign) -> list[int]:
        """The positions of additions of which the last, to the place itself, may be the first; none if it cannot be so, or is."""
        same = next((k for k, p in enumerate(found) if is_same_place(statements[p], zeroing)), None)
        if same is None:
            return []
        first = next(k for k, p in enumerate(found) if k == same or not self.is_elsewhere(statements[p], zeroing))
        passed = found[first : same + 1]
        added, others = statements[passed[-1]], [statements[p] for p in passed[:-1]]
        between = {t for s in statements[passed[0] : passed[-1]] for t in targets_of(s)}
        there = between.isdisjoint(v for a in added.args[1:] for v in variables(a))  # type: ignore[union-attr]
        return passed if there and all(of_one_line(s, added) and not self.is_shown(s) for s in others) else []

    def is_elsewhere(self, statement: Statement, zeroing: Assign) -> bool:
        """Whether a write reaches no element of the place."""
        kind = zeroing.targets[0].type
        assert isinstance(kind, ArrayType) and isinstance(statement, Assign)
        shape = tuple(map(self.known.normal, kind.shape))
        here, there = (spans(s.args[1], shape, lambda var: self.known.normal(var.size)) for s in (zeroing, statement))
        return apart(here, there)

    def is_shown(self, statement: Statement) -> bool:
        """Whether what is added may be a view of an array, and another one after a write."""
        made = [self.made.get(v) for v in variables(statement.args[2])]  # type: ignore[union-attr]
        return any(m is None or may_alias(m) for m in made)

    # From the end of a step to the beginning

    def rotated(self, loop: Loop) -> tuple[Loop, list[Assign]]:
        """The loop, and after it what is set to zero there, no longer at the end of each of its steps."""
        after = list[Assign]()
        self.made.update({t: s for s in loop.body.statements if isinstance(s, Assign) for t in s.targets})
        if loop.test is None and not loop.exits and loop.phase:
            for number in range(len(loop.inits)):
                if (zeroing := self.last_of_a_step(loop, number)) is not None:
                    loop, again = self.moved(loop, number, zeroing)
                    after.append(again)
        return loop, after

    def last_of_a_step(self, loop: Loop, number: int) -> Assign | None:
        """What sets a place to zero at the end of each step, of which the next one would assign it instead."""
        body, first, next_one = loop.body, loop.inits[number], loop.nexts[number]
        made = self.made.get(first) if isinstance(first, Var) else None
        zeroing = next((s for s in body.statements if next_one in targets_of(s)), None)
        if made is None or made.primitive is not ZEROS or zeroing is None or not is_zeroing(zeroing):
            return None
        assert isinstance(zeroing, Assign)
        inner = {*body.params, *(t for s in body.statements for t in targets_of(s))}
        if uses_in_block(body)[next_one] != 1 or not inner.isdisjoint(variables(zeroing.args[1])):  # type: ignore[index]
            return None
        found = additions(body.statements, body.results, loop.carried[number], 0)
        to_place = [p for p in found if is_same_place(body.statements[p], zeroing)]
        return zeroing if to_place and (to_place[0] == found[0] or self.passed(body.statements, found, zeroing)) else None

    def moved(self, loop: Loop, number: int, zeroing: Assign) -> tuple[Loop, Assign]:
        body, param, target = loop.body, loop.carried[number], loop.targets[number]
        begun, ended = Var(param.type), Var(target.type)
        for new, old in ((begun, param), (ended, target)):
            if old in self.names:
                self.names[new] = self.names[old]
        statements = [rewrite(s, {param: begun}) for s in body.statements if s is not zeroing]
        before = replace(zeroing, args=(param, *zeroing.args[1:]), targets=(begun,))
        results = tuple(zeroing.args[0] if r is zeroing.targets[0] else r for r in body.results)
        body = replace(body, statements=(before, *statements), results=results)
        targets = tuple(ended if t is target else t for t in loop.targets)
        return replace(loop, body=body, targets=targets), replace(zeroing, args=(ended, *zeroing.args[1:]), targets=(target,))


def additions(statements: Sequence[Statement], results: tuple[Operand, ...], version: Var, start: int) -> list[int]:
    """The positions of what is added to an array one after the other, each the only one to read the version before."""
    found = list[int]()
    readers: defaultdict[Var, list[int]] = defaultdict(list)
    for position in range(start, len(statements)):
        for var in reads(statements[position]):
            readers[var].append(position)
    given = {v for r in results for v in variables(r)}
    while len(found) < MOST and len(readers[version]) == 1 and version not in given:
        position = readers[version][0]
        statement = statements[position]
        if not is_addition(statement) or statement.args[0] is not version or version in variables_of(statement.args[1:]):
            break
        found.append(position)
        version = statement.targets[0]
    return found


def is_addition(statement: Statement) -> TypeGuard[Assign]:
    return isinstance(statement, Assign) and statement.primitive in (ACCUMULATED, DIMINISHED) and statement.phase > 0


def of_one_line(one: Statement, other: Statement) -> bool:
    """Whether two statements are the adjoint of one line of the user's, so that each stands under it in any order."""
    here, there = one.location, other.location
    return here is None or there is None or (here.file, here.line) == (there.file, there.line)


def is_same_place(statement: Statement, zeroing: Assign) -> bool:
    return is_addition(statement) and key(statement.args[1]) == key(zeroing.args[1])


def is_read(statements: list[Statement], results: tuple[Operand, ...], zeroing: Assign, position: int) -> bool:
    """Whether what has been read of the place, before it was set to zero, is used from a position on."""
    base, place = zeroing.args[0], key(zeroing.args[1])
    before = (s for s in statements[:position] if isinstance(s, Assign) and s.primitive is GETITEM and s.args[0] is base)
    read = {s.targets[0] for s in before if key(s.args[1]) == place}
    later = (v for s in statements[position:] for v in reads(s))
    return bool(read) and not read.isdisjoint((*later, *variables_of(results)))


def variables_of(operands: Iterable[Operand]) -> set[Var]:
    return {v for operand in operands for v in variables(operand)}


def uses_in_block(block: Block) -> Counter[Var]:
    return Counter([*(v for s in block.statements for v in reads(s)), *(v for r in block.results for v in variables(r))])


def turned(statements: list[Statement], passed: list[int]) -> None:
    """Move the last of some additions in front of the others; each has the version from the one that is in front of it now."""
    places = [statements[p] for p in passed]
    contents = [places[-1], *places[:-1]]
    for position, place, content in zip(passed, places, contents, strict=True):
        assert isinstance(place, Assign) and isinstance(content, Assign)
        statements[position] = replace(content, args=(place.args[0], *content.args[1:]), targets=place.targets)
