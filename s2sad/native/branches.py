"""Branches that stay branches: both sides give the same names, or write into the same memory."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.errors import CannotBeNative
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    Const,
    If,
    Loop,
    Operand,
    StackType,
    Statement,
    Var,
    everything,
    is_undefined,
    variables,
)
from s2sad.native.elements import shown_lazily
from s2sad.native.lazy import Filled, Lazy, Memory, View
from s2sad.native.lists import Lists
from s2sad.native.nests import same_dims, stored
from s2sad.native.numbers import kind_of
from s2sad.native.places import Node, const, name, parsed, whole
from s2sad.native.stacks import Stack
from s2sad.native.sweeps import reach
from s2sad.native.weak import EITHER, counts, is_single, is_weak
from s2sad.native.writer import Number
from s2sad.passes.storage import is_write


class Named(View):
    """An array that a branch gives of which only its sides know the size: each gives the name to an array that it has made."""


class Branches(Lists):
    """The part that writes branches."""

    def statements(self, statements: tuple[Statement, ...]) -> None:
        raise NotImplementedError

    def before_region(self, region: Loop | If) -> None:
        """Write what waits, and compute what the region reads many times or writes over."""
        self.flush()
        self.ask_late()
        inside = {v for block in region.blocks for v in block.free}
        handed = {i for i in region.inits if isinstance(i, Var)} if isinstance(region, Loop) else inside
        alone: set[Var] = set()
        written, computed = self.written_in(region)
        more = True
        while more:  # what has got memory is written over there, and others are computed from that
            self.settle_all(written, computed, inside, handed, alone)
            now, _ = self.written_in(region)
            written, more = written | now, not now <= written
        for var in inside:
            found = self.env.get(var)
            if isinstance(found, Number) and not isinstance(found.node, (ast.Name, ast.Constant)) and not self.is_size(found):
                self.env[var] = self.named(found, self.hint(var))
        self.flush()

    def settle_all(self, written: frozenset[int], computed: set[Lazy], inside: set[Var], handed: set[Var], alone: set[Var]) -> None:
        """Compute what a region reads, and what it writes over; `alone`: those that have been given arrays of their own."""
        for var, found in list(self.env.items()):
            if self.left[var] <= 0 or not isinstance(found, Lazy) or var in alone:
                continue
            value = found.stored or found
            over = not value.roots.isdisjoint(written) or not reach([value]).isdisjoint(computed)
            if isinstance(value, View):
                if over and (not value.is_whole or var not in handed):
                    self.rescue(var, value)
                    alone.update({var} if value.is_whole else ())
            elif over:
                self.rescue(var, value)
            elif var in inside and not isinstance(value, Filled):
                self.settle(var, value)

    def not_in_memory(self) -> list[Lazy]:
        """The values from around a region that lie nowhere yet, such as zeros."""
        return [v for v in self.env.values() if isinstance(v, Lazy) and v.stored is None]

    def forget(self, values: list[Lazy]) -> None:
        """After a region, or a side of it, which may not have run: what has been stored in it is not there."""
        for value in values:
            if value in self.lost and self.wanted(value):
                raise CannotBeNative("what is computed from an array is read after steps that write over the array", self.where)
            value.stored = None

    def is_size(self, number: Number) -> bool:
        return all(isinstance(n, (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Load)) for n in ast.walk(number.node))

    def written_in(self, region: Loop | If) -> tuple[frozenset[int], set[Lazy]]:
        """The memory that a region writes into, and the values that it writes over: not what those are computed from."""
        found: frozenset[int] = frozenset()
        computed: set[Lazy] = set()
        writes = [s.args[0] for block in region.blocks for s in everything(block.statements) if is_write(s)]
        inits = [i for s in (region, *(s for b in region.blocks for s in everything(b.statements))) if isinstance(s, Loop) for i in s.inits]
        for operand in (*writes, *inits):
            value = self.env.get(operand) if isinstance(operand, Var) else None
            value = value.stored or value if isinstance(value, Lazy) else None
            new = isinstance(value, Filled) or (isinstance(value, View) and not value.memory.owned)  # a loop writes into a copy of these
            if value is not None and (operand in writes or not new):
                found |= value.roots if isinstance(value, View) else frozenset()
                computed |= set() if isinstance(value, View) else {value}
        return found, computed

    def owned(self, operand: Operand, kind: Any, hint: str) -> View:
        """Memory of its own that holds an array, for a loop that goes on with it."""
        found = self.take(operand)
        if not isinstance(found, Lazy):
            raise CannotBeNative("a loop goes on with an array that is not there before it", self.where)
        found = found.stored or found
        if isinstance(found, View) and found.is_whole and found.memory.owned and not self.is_read_again(found):
            self.hold(found.memory)
            return found
        if isinstance(found, Filled) and found.is_zero:
            return View(self.allocate(hint, found.dims, found.dtype, True, "zeros"))
        copy = View(self.allocate(hint, found.dims, found.dtype, True))
        apart = shown_lazily(found, whole(len(found.dims)), found.dims)  # the value itself does not lie where steps write over it
        apart.location, apart.phase = found.location, found.phase
        self.add(self.storing(apart, copy), found.dims)
        return copy

    def is_read_again(self, found: View) -> bool:
        """Whether something that is still read lies in the memory of a view, by whatever name."""
        live = [stored(v) for k, v in self.env.items() if self.left[k] > 0 and isinstance(v, Lazy)]
        return any(not found.roots.isdisjoint(v.roots) for v in live)

    def branch(self, branch: If) -> None:
        self.ready((branch.atom,))
        self.before_region(branch)
        test = self.number(branch.atom)
        self.flush()
        lists = {t: found for k, t in enumerate(branch.targets) if (found := self.common_list(branch, k)) is not None}
        self.open_rooms(branch, "", lists)
        held: list[Any] = []
        for target, one, other in zip(branch.targets, branch.then.results, branch.orelse.results, strict=True):
            held.append(lists[target] if target in lists else self.result_of(branch, target, (one, other)))
        self.said(f"if {ast.unparse(test.node)}:")
        sides = [reads_in(block) for block in branch.blocks]
        for number, block in enumerate(branch.blocks):
            self.left.subtract(sides[1]) if not number else None
            if number and not (block.statements or self.differ(block, held)):
                for result in block.results:
                    self.take(result) if not is_undefined(result) else None
                continue
            if number:
                self.line("else:")
            outer, place = self.inside(), self.place
            self.place = None
            before, nowhere = set(self.made), self.not_in_memory()
            self.branches.append(len(self.frames))
            with self.known.for_now():
                self.made_where_they_go(block, held)
                self.statements(block.statements)
                self.hand_on(branch, block, held, before)
                self.flush()
            self.ask_late()
            self.forget(nowhere)
            self.branches.pop()
            if not any(self.lines):
                self.lines.append("pass")
            self.lines, self.place = outer, place
            self.left.update(sides[1]) if not number else None
        for target, to in zip(branch.targets, held, strict=True):
            if isinstance(to, Stack):
                self.env[target] = to
            elif isinstance(to, str):
                self.env[target] = Number(name(to), kind_of(target.type))
                if target.size is not None:
                    self.learn_number(target.size, to)
            elif to is not None:
                self.env[target] = View(to.memory) if isinstance(to, Named) else to
                # a side that makes none gives one without elements, so it tells no size that something else tells
                self.learn(tuple(0 if self.is_told(n) else n for n in to.dims), to.memory.label) if isinstance(to, Named) else None

    def differ(self, block: Block, held: list[Any]) -> bool:
        """Whether a side without statements gives something other than what is there."""
        for result, to in zip(block.results, held, strict=True):
            found = self.env.get(result) if isinstance(result, Var) else None
            if isinstance(to, Stack) and to.owned and isinstance(found, Stack) and found.label == to.label:
                continue
            if isinstance(to, (Stack, Named)):
                return True
            if (
                to is not None
                and not is_undefined(result)
                and not (isinstance(to, View) and isinstance(found, View) and is_same(found, to))
            ):
                return True
        return False

    def result_of(self, branch: If, target: Var, results: tuple[Operand, Operand]) -> Any:
        """A name for a number, or memory for an array, that a branch gives."""
        if all(is_undefined(r) for r in results):
            return None
        if isinstance(target.type, ArrayType) and target.type.shape:
            base = self.common_memory(branch, results)
            if base is None and not all(map(self.is_told, self.dims(target))):
                return Named(Memory(self.fresh(self.hint(target)), target.type.dtype, self.dims(target)))
            base = base if base is not None else self.slot_of(target)
            return base if base is not None else View(self.allocate(self.hint(target), self.dims(target), target.type.dtype, True))
        home = self.homes.of(target)
        if home is not None:
            return replace(self.rooms[home].stack, start=self.fresh("start"), count=self.fresh("count"))
        kind = kind_of(target.type)
        if kind is None:
            if not self.left[target]:
                return None
            raise CannotBeNative(f"a branch gives a {getattr(target.type, '__name__', target.type)}", branch.location)
        return self.fresh(self.hint(target))

    def common_memory(self, branch: If, results: tuple[Operand, Operand]) -> View | None:
        """The array that both sides leave as it is or write into."""
        base = self.common_base(branch, results)
        found = None if base is None else self.env.get(base)
        if isinstance(found, Lazy):
            found = found.stored or found
        if (
            isinstance(found, View)
            and found.is_whole
            and found.memory.owned
            and base is not None
            and self.is_last(branch, base)
        ):
            self.hold(found.memory)
            return found
        return None

    def is_last(self, branch: If, base: Var) -> bool:
        """Whether nobody but a branch reads an array or a list."""
        return self.left[base] == sum(reads_in(b)[base] for b in branch.blocks)

    def common_base(self, branch: If, results: tuple[Operand, Operand]) -> Var | None:
        """What is there before a branch of which both sides give a version."""
        bases = []
        for block, result in zip(branch.blocks, results, strict=True):
            made = {s.targets[0]: s.args[0] for s in block.statements if is_write(s)}
            for s in block.statements:
                if isinstance(s, Loop):
                    made.update(zip(s.results, s.inits, strict=True))
                elif isinstance(s, If):
                    made.update({t: b for k, t in enumerate(s.targets) if (b := self.common_base(s, results_of(s, k))) is not None})
            while isinstance(result, Var) and result in made:
                result = made[result]
            bases.append(result)
        return bases[0] if bases[0] is bases[1] and isinstance(bases[0], Var) else None

    def common_list(self, branch: If, number: int) -> Stack | None:
        """The list that both sides leave as it is or change."""
        if not isinstance(branch.targets[number].type, StackType):
            return None
        base = self.common_base(branch, results_of(branch, number))
        found = None if base is None else self.env.get(base)
        if not isinstance(found, Stack) or base is None or not self.is_last(branch, base):
            return None
        if found.owned and found.depth < len(self.frames):
            return None
        if not found.owned and not any(is_write(s) for b in branch.blocks for s in b.statements):
            return None
        found = found if found.owned else self.as_list(found, self.hint(branch.targets[number]))
        self.env[base] = found
        return found

    def slot_of(self, target: Var) -> View | None:
        """Where what a branch gives is saved, if that is all that becomes of it: each side makes it there."""
        slot = self.becomes.get(target)
        assert isinstance(target.type, ArrayType)
        if slot is None or slot.is_whole or slot.dtype != target.type.dtype or not same_dims(slot.dims, self.dims(target)):
            return None
        return slot if self.is_free(slot.memory, None, 0) else None

    def made_where_they_go(self, block: Block, held: list[Any]) -> None:
        """Let a side make arrays where the branch gives them."""
        made = {t for s in block.statements if isinstance(s, Assign) for t in s.targets}
        for result, to in zip(block.results, held, strict=True):
            if isinstance(to, View) and not isinstance(to, Named) and result in made and block.results.count(result) == 1:
                self.becomes.setdefault(result, to)

    def hand_on(self, branch: If, block: Block, held: list[Any], before: set[Memory]) -> None:
        moves: list[tuple[str, Node]] = []
        targets = {to: t.type for to, t in zip(held, branch.targets, strict=True) if isinstance(to, str)}
        for target, result, to in zip(branch.targets, block.results, held, strict=True):
            if isinstance(to, Stack):
                moves += self.list_moves(result, to) if to.owned else self.stack_moves(target, result, to)
                continue
            if isinstance(to, Named):
                moves.append((to.memory.label, self.array_move(result, to, before)))
                before.update(self.made)
                continue
            if is_undefined(result) or (isinstance(result, Const) and result.value is None):
                if isinstance(to, str):  # it is not read after this side, but may be saved
                    moves.append((to, self.literal(zero_of(kind_of(targets[to])))))
                continue
            if to is None:
                self.take(result)
            elif isinstance(to, str):
                self.ready((result,))
                number = self.number(result)
                if not branch.phase and is_single(targets[to]) and is_weak(result) and counts(self.function, target):
                    raise CannotBeNative(EITHER, branch.location)
                moves.append((to, self.of_kind(number, kind_of(targets[to]))))
            else:
                value = self.lazy(result)
                if not (isinstance(value, View) and (is_same(value, to) or (value.memory is to.memory and value.map == to.map))):
                    self.add(self.storing(value, to), to.dims)
        self.flush()
        for label, node in moves:
            self.said(f"{label} = {ast.unparse(node)}")

    def array_move(self, result: Operand, to: View, before: set[Memory]) -> Node:
        """The name of an array that a side has made, for what only sides know the size of; one without elements where it makes none."""
        if is_undefined(result) or (isinstance(result, Const) and result.value is None):
            return parsed(nothing_in(to.memory))
        found = self.lazy(result)
        found = found.stored or found
        if not (isinstance(found, View) and found.is_whole and found.memory.owned and found.memory in self.made) or found.memory in before:
            copy = View(self.allocate(to.memory.label, found.dims, to.dtype, True))
            self.add(self.storing(found, copy), found.dims)
            found = copy
        before.add(self.hold(found.memory))
        return name(found.memory.label)

    def stack_moves(self, target: Var, result: Operand, to: Stack) -> list[tuple[str, Node]]:
        """Where a stack that a side gives begins, and how many entries it has: none where there is no such stack."""
        if is_undefined(result) or (isinstance(result, Const) and result.value is None):
            return [(to.start, const(0)), (to.count, const(0))]
        found = self.take(result)
        if not isinstance(found, Stack):
            raise CannotBeNative("a branch gives something other than what steps have saved", self.where)
        home = self.homes.of(target)
        assert home is not None
        found = self.housed(found, home)
        return [(to.start, parsed(found.start or "0")), (to.count, parsed(found.count))]


def results_of(branch: If, number: int) -> tuple[Operand, Operand]:
    return branch.then.results[number], branch.orelse.results[number]


def nothing_in(memory: Memory) -> str:
    """An array like one of memory, without elements."""
    dtype = "" if memory.dtype == np.float64 else f", np.{'bool_' if memory.dtype.kind == 'b' else memory.dtype.name}"
    return f"np.empty({'0' if memory.rank == 1 else (0,) * memory.rank}{dtype})"


def is_same(value: Lazy, held: View) -> bool:
    return isinstance(value, View) and value.memory is held.memory and value.is_whole


def reads_in(block: Block) -> Counter[Var]:
    """How often a block reads what variables from around it and its own."""
    found: Counter[Var] = Counter(v for r in block.results for v in variables(r))
    for statement in block.statements:
        if isinstance(statement, (Loop, If)):
            outer = (statement.atom,) if isinstance(statement, If) else (*(statement.range or ()), *statement.inits, *statement.scanned)
            found.update(v for o in outer for v in variables(o))
            for part in statement.blocks:
                found.update(reads_in(part))
        else:
            operands = statement.args if isinstance(statement, Assign) else (statement.atom,)
            found.update(v for o in operands for v in variables(o))
    return found


def zero_of(kind: Any) -> Any:
    return kind(0)
