"""Where versions of arrays live in functions with regions: a write goes into the array itself where nothing reads the old version later.

What a loop writes into belongs to the loop: each array it carries has memory of its own when a step begins. So what is written before
the loop, or handed on at the end of a step, is copied where another variable that is read later may share its memory. A step that saves
an array which is written afterwards saves a copy; what is on a stack that the function gives has memory that nobody else knows.
"""
from __future__ import annotations

import functools
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.ir.footprints import Footprints
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    Const,
    Function,
    If,
    Loop,
    Operand,
    StackType,
    Statement,
    Type,
    Var,
    everything,
    has_regions,
    reads,
    rewrite,
    substitute,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.passes.absent import may_be_none
from s2sad.passes.elements import told
from s2sad.passes.separate import separate_results
from s2sad.passes.storage import OUTSIDE, Ties, is_write, may_alias, memory_of, place_writes
from s2sad.rules.lists import LIST_COPIED
from s2sad.rules.operations import ACCUMULATED_AT, COPIED_IF_THERE, COPY, COPY_IN_ORDER, IDENTITY

Roots = frozenset[Any]


def place(function: Function) -> Function:
    """Copy what a write would otherwise destroy, and results that share memory; then each write may be made in place."""
    return place_writes(separate_results(function)) if _is_plain(function) else place_in_regions(function)


def _is_plain(function: Function) -> bool:
    """Whether there are neither regions nor lists of a length that is not known, so that it can be asked which elements are read."""
    if any(isinstance(p.type, StackType) for p in function.params):
        return False
    listed = (isinstance(s, Assign) and (s.primitive.holds or s.primitive.takes) for s in function.statements)
    return not has_regions(function) and not any(listed)


def place_in_regions(function: Function) -> Function:
    """The same, for what it takes no list: each version of an array counts as a whole."""
    return _Placing(function).run()


class _Placing:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.absent = may_be_none(function.statements)
        self.given = _on_stacks(function)
        self.hot = _written(function.statements)  # what is on a stack must not be written until it is read
        self.roots: dict[Var, Roots] = dict.fromkeys(function.params, OUTSIDE)
        self.views: set[Var] = set()
        self.read_only: set[Var] = set()
        self.renamed: dict[Var, Any] = {}
        self.names = dict(function.names)
        self.outs: list[list[Statement]] = []

    def run(self) -> Function:
        function = self.function
        block = self.block(Block(function.params, function.statements, function.results), set(), self.separate)
        return replace(function, statements=block.statements, results=block.results, names=self.names)  # type: ignore[arg-type]

    # Blocks

    def block(self, block: Block, outside: set[Var], finish: Any = None) -> Block:
        """The block with its writes placed; `outside` are the arrays that are read after it, or in its next run."""
        later = _later(block, outside)
        out: list[Statement] = []
        self.outs.append(out)
        for statement, after in zip(block.statements, later, strict=True):
            statement = rewrite(statement, self.renamed)
            match statement:
                case Assign() if is_write(statement):
                    statement = self.write(self.put_in(statement), after)
                case Assign(primitive=primitive) if primitive.holds:
                    statement = self.put_in(statement)
                case Loop():
                    statement = self.loop(statement, after)
                case If():
                    then, orelse = (self.block(b, after) for b in statement.blocks)
                    statement = replace(statement, then=then, orelse=orelse)
            self.note(statement)
            out.append(statement)
        results = tuple(substitute(r, self.renamed) for r in block.results)
        if finish is not None:
            results = finish(results)
        self.outs.pop()
        return Block(block.params, tuple(out), results)

    def note(self, statement: Statement) -> None:
        """The memory of what a statement gives."""
        if isinstance(statement, Assign):
            found = memory_of(statement, {v: self.of(v) for v in reads(statement)}, in_place=True)
            for target in statement.targets:
                self.roots[target] = frozenset({target}) if found is None else found
                if statement.primitive.takes and not isinstance(target.type, StackType):
                    self.roots[target] = OUTSIDE  # which the list may hold
                if found is not None and not is_write(statement) and may_alias(statement) and isinstance(target.type, ArrayType):
                    self.views.add(target)
            of_read_only = found is not None and not is_write(statement) and any(v in self.read_only for v in reads(statement))
            if statement.primitive.read_only or of_read_only:
                self.read_only.update(statement.targets)
        elif isinstance(statement, If):
            for target, a, b in zip(statement.targets, statement.then.results, statement.orelse.results, strict=True):
                self.roots[target] = self.of(a) | self.of(b)
                if a in self.read_only or b in self.read_only:
                    self.read_only.add(target)

    def of(self, operand: Operand) -> Roots:
        if isinstance(operand, Var):
            return self.roots.get(operand, OUTSIDE)
        return OUTSIDE if isinstance(operand, Const) and isinstance(operand.value, np.ndarray) else frozenset()

    def share(self, one: Operand, other: Operand) -> bool:
        return _is_array(one) and _is_array(other) and bool(self.of(one) & self.of(other))

    # Writes

    def write(self, statement: Assign, after: set[Var]) -> Assign:
        base = statement.args[0]
        others = (v for v in self.now(after) if v is not statement.targets[0])
        conflicts = sorted((v for v in others if self.share(v, base) and not self.is_elsewhere(v, statement)), key=lambda v: v.number)
        parts = [v for v in conflicts if v in self.views and v is not base and self.made_here(v)]
        held = [v for v in conflicts if v not in parts]
        for part in parts:
            self.keep(part)
        if held or not isinstance(base, Var) or None in self.of(base) or base in self.read_only:
            base = self.copy(base, statement, statement.targets[0].type, self.names.get(statement.targets[0]))
        careful = [v for a in statement.args[1:2] for v in variables(a)]
        if statement.primitive is ACCUMULATED_AT:
            careful += variables(statement.args[2])
        copies = {v: self.copy(v, statement, v.type, None) for v in dict.fromkeys(careful) if self.share(v, base)}
        return replace(statement, args=(base, *(substitute(a, copies) for a in statement.args[1:])))

    def now(self, later: set[Var]) -> set[Var]:
        """What is read later, by the names that it has by now: a copy of it may be written as well."""
        return {self.renamed.get(v, v) for v in later}

    def is_elsewhere(self, part: Var, write: Assign) -> bool:
        """Whether a part that is a view has no element that a write touches, as long as it is there."""
        if part not in self.views:
            return False
        view, written = (self.footprints.accesses.get(v) for v in (part, write.targets[0]))
        if view is None or written is None or view.thing is not written.thing:
            return False
        return not self.footprints.may_follow(view, written, len(view.place.regions))

    @functools.cached_property
    def footprints(self) -> Footprints:
        return told(self.function)

    def put_in(self, statement: Assign) -> Assign:
        """Let a list hold a copy of an array that is written somewhere."""
        if not statement.primitive.holds:
            return statement
        hot = dict.fromkeys(v for a in statement.args for v in variables(a) if isinstance(v.type, ArrayType) and v in self.hot)
        copies = {v: self.copy(v, statement, v.type, None) for v in hot}
        return replace(statement, args=tuple(substitute(a, copies) for a in statement.args))

    def made_here(self, var: Var) -> bool:
        return any(var in targets_of(s) for s in self.outs[-1])

    def keep(self, part: Var, earlier: bool = False) -> None:
        """A part of an array that is read after the array is written: copied when it is made. What stands `earlier` reads the copy as well,
        but sums do not, which go by how the part lies in memory."""
        out = self.outs[-1]
        place = next(k for k, s in enumerate(out) if part in targets_of(s))
        made = self.copied(part, out[place], part.type, self.names.get(part))
        out.insert(place + 1, made)
        self.note(made)
        self.renamed[part] = made.targets[0]
        if earlier and all(_goes_by_element(s) for s in out[place + 2 :] if part in reads(s)):
            out[place + 2 :] = [rewrite(s, {part: made.targets[0]}) for s in out[place + 2 :]]

    def copy(self, source: Operand, beside: Statement, kind: Type, hint: str | None) -> Var:
        made = self.copied(source, beside, kind, hint)
        self.outs[-1].append(made)
        self.note(made)
        return made.targets[0]

    def copied(self, source: Operand, beside: Statement, kind: Type, hint: str | None) -> Assign:
        """A copy of an array; in the primal part with the layout of the source, which sums go by."""
        target = Var(kind)
        if hint:
            self.names[target] = hint
        phase = getattr(beside, "phase", 1)
        plain = phase > 0 or (isinstance(kind, ArrayType) and len(kind.shape) < 2)
        primitive = LIST_COPIED if isinstance(kind, StackType) else COPY_IN_ORDER if plain else COPY
        if source in self.absent:
            primitive = COPIED_IF_THERE
            self.absent.add(target)
        defaults = primitive.bind((None,), {})[1:]
        return Assign((target,), primitive, (source, *map(Const, defaults)), beside.location, phase)

    # Loops

    def loop(self, loop: Loop, after: set[Var]) -> Loop:
        written = _written(loop.body.statements, loop)
        inside = {v for b in loop.blocks for v in b.free if _is_array(v)}.difference(loop.carried)  # which the condition reads
        inits = list(loop.inits)
        owned = [_is_array(p) and (p in written or p in self.given) for p in loop.carried]
        for k, (init, own) in enumerate(zip(loop.inits, owned, strict=True)):
            if own and (_is_array(init) or (isinstance(init, Const) and isinstance(init.value, np.ndarray))):
                others = [*self.now(after), *inside, *(i for j, i in enumerate(inits) if j != k)]
                held = {v for v in others if self.share(v, init)}
                if self.are_rows(held, init, loop):
                    for row in sorted(held, key=lambda v: v.number):  # type: ignore[union-attr]
                        self.keep(row, earlier=True)  # type: ignore[arg-type]
                elif held or None in self.of(init) or init in self.read_only:
                    inits[k] = self.copy(init, loop, loop.carried[k].type, self.names.get(loop.carried[k]))
        loop = replace(loop, inits=tuple(inits))
        for param, init, own in zip(loop.carried, inits, owned, strict=True):
            self.roots[param] = frozenset({param}) if own else frozenset({param}) | self.of(init)
        self.roots.update(dict.fromkeys(loop.elements, OUTSIDE))
        loop = self.save_copies(loop, written)
        around = after | inside
        mine = set(loop.body.params)

        def finish(results: tuple[Operand, ...]) -> tuple[Operand, ...]:
            return self.save_owned(loop, self.hand_on(loop, results, owned, mine))

        body = self.block(loop.body, around, finish)
        test = None if loop.test is None else self.block(loop.test, around)
        made = {t for s in everything(body.statements) for t in targets_of(s)} | mine
        for target, init, following, own in zip(loop.results, inits, body.results[loop.exits :], owned, strict=False):
            outer = frozenset(r for r in self.of(following) if r not in made)
            self.roots[target] = frozenset({target}) if own else frozenset({target}) | self.of(init) | outer
            if not own and (init in self.read_only or following in self.read_only):
                self.read_only.add(target)
            if not self.given.isdisjoint(loop.stacks):  # it may be on a stack as well
                self.roots[target] |= OUTSIDE
        return replace(loop, body=body, test=test)

    def are_rows(self, held: set[Operand], whole: Operand, loop: Loop) -> bool:
        """Whether all that shares the memory of an array of ours are rows of it, which are less to copy when they are made."""
        if None in self.of(whole) or whole in self.read_only or not isinstance(whole, Var):
            return False
        rows = self.views.difference(loop.inits)
        rank = len(whole.type.shape) if isinstance(whole.type, ArrayType) else 0
        return 0 < len(held) and all(v in rows and len(v.type.shape) < rank and self.made_here(v) for v in held)  # type: ignore[union-attr]

    def save_copies(self, loop: Loop, written: set[Var]) -> Loop:
        """Let the step save a copy of an array that is written later."""
        statements, results = list(loop.body.statements), list(loop.body.results)
        first = len(results) - len(loop.saved)
        for k, value in enumerate(loop.saved):
            if isinstance(value, Var) and _is_array(value) and (value in written or value in self.hot):
                block = Block(loop.body.params, tuple(statements), ())
                block, copy = self.copy_after(block, value, loop)
                statements, results[first + k] = list(block.statements), copy
        return replace(loop, body=Block(loop.body.params, tuple(statements), tuple(results)))

    def copy_after(self, block: Block, value: Var, beside: Loop) -> tuple[Block, Operand]:
        """The block with a copy of a value right after the value is made: in the branches, if a branch makes it."""
        place = next((i for i, s in enumerate(block.statements) if value in targets_of(s)), -1)
        made = block.statements[place] if place >= 0 else None
        statements = list(block.statements)
        if isinstance(made, If):
            target, k = Var(value.type), made.targets.index(value)
            sides = []
            for side in made.blocks:
                result = side.results[k]
                if isinstance(result, Var):
                    side, result = self.copy_after(side, result, beside)
                sides.append(Block((), side.statements, (*side.results, result)))
            statements[place] = replace(made, targets=(*made.targets, target), then=sides[0], orelse=sides[1])
        else:
            target = self.copied(value, beside, value.type, None)  # type: ignore[assignment]
            statements.insert(place + 1, target)  # type: ignore[arg-type]
            target = target.targets[0]  # type: ignore[attr-defined]
        return Block(block.params, tuple(statements), block.results), target

    def hand_on(self, loop: Loop, results: tuple[Operand, ...], owned: list[bool], mine: set[Var]) -> tuple[Operand, ...]:
        """What the next step begins with: of arrays that are written, memory of their own."""
        made = mine | {t for s in everything(tuple(self.outs[-1])) for t in targets_of(s)}
        nexts = list(results)
        used: Counter[Any] = Counter()
        for following in results[loop.exits : loop.exits + len(owned)]:
            if isinstance(following, Var) and _is_array(following):
                used.update(self.of(following))
        for k, own in enumerate(owned):
            following = results[loop.exits + k]
            if not own or not (_is_array(following) or (isinstance(following, Const) and isinstance(following.value, np.ndarray))):
                continue
            roots = self.of(following)
            if any(r is None or r not in made or used[r] > 1 for r in roots) or following in self.read_only:
                used.subtract(roots)
                nexts[loop.exits + k] = self.copy(following, loop, loop.carried[k].type, None)
        return tuple(nexts)

    def save_owned(self, loop: Loop, results: tuple[Operand, ...]) -> tuple[Operand, ...]:
        """What a step saves for a stack that the function gives: no memory from outside."""
        first = len(results) - len(loop.saved)
        saved = list(results[first:])
        for k, (stack, value) in enumerate(zip(loop.stacks, saved, strict=True)):
            if stack in self.given and isinstance(value, Var) and _is_array(value) and None in self.of(value):
                saved[k] = self.copy(value, loop, value.type, None)
        return (*results[:first], *saved)

    # Results

    def separate(self, results: tuple[Operand, ...]) -> tuple[Operand, ...]:
        """Results of the function own their memory, each its own."""
        taken: set[Any] = set()
        answer: list[Operand] = []
        for result in results:
            if isinstance(result, Var) and _is_array(result):
                roots = self.of(result)
                if None in roots or roots & taken or result in self.read_only:
                    result = self.copy(result, Assign((), IDENTITY, (), None, 1), result.type, self.names.get(result))
                taken |= self.of(result)
            answer.append(result)
        return tuple(answer)


def _goes_by_element(statement: Statement) -> bool:
    return isinstance(statement, Assign) and statement.primitive.kind == "elementwise"


def _is_array(var: Any) -> bool:
    return isinstance(var, Var) and isinstance(var.type, (ArrayType, StackType))


def _on_stacks(function: Function) -> set[Var]:
    """The stacks that a function gives, and what is put there."""
    found = {r for r in function.results if isinstance(r, Var) and isinstance(r.type, StackType)}
    for statement in everything(function.statements) if found else ():
        match statement:
            case Loop():
                pairs = [*zip(statement.stacks, statement.saved, strict=True)]
            case If():
                pairs = [(t, r) for block in statement.blocks for t, r in zip(statement.targets, block.results, strict=True)]
            case _:
                continue
        found.update(put for target, put in pairs if target in found and isinstance(put, Var))
    return found


def _later(block: Block, outside: set[Var]) -> list[set[Var]]:
    """For each statement the arrays that are read after it."""
    now = outside | {v for r in block.results for v in variables(r) if _is_array(v)}
    found = []
    for statement in reversed(block.statements):
        found.append(now)
        if not now.issuperset(arrays := list(filter(_is_array, reads(statement)))):
            now = now.union(arrays)
    return found[::-1]


def _written(statements: tuple[Statement, ...], loop: Loop | None = None) -> set[Var]:
    """The variables whose memory is written in the statements: all that share memory with what is written.

    With a loop they are its body, and what is before and after it counts for other memory.
    """
    ties = Ties()
    for param, following in () if loop is None else zip(loop.carried, loop.nexts, strict=True):
        ties.tie(param, following)
    bases: list[Var] = []
    for statement in everything(statements):
        match statement:
            case Assign():
                if is_write(statement):
                    bases += list(variables(statement.args[0]))
                    ties.tie(statement.targets[0], statement.args[0])
                elif may_alias(statement):  # numbers have no memory: what is read by one index has nothing in common
                    for v in filter(_is_array, reads(statement)):
                        for target in filter(_is_array, statement.targets):
                            ties.tie(target, v)
            case Loop() | If():
                ties.across(statement)
    hot = {ties.find(b) for b in bases}
    return {v for v in list(ties.parents) if ties.find(v) in hot} | set(bases)
