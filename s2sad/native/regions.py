"""Loops and branches that stay what they are; what steps save lies in arrays."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from s2sad.errors import CannotBeNative
from s2sad.ir.program import (
    ArrayType,
    Assign,
    Block,
    Const,
    Guard,
    If,
    Loop,
    Operand,
    StackType,
    Statement,
    Var,
    everything,
    is_undefined,
    targets_of,
)
from s2sad.native.branches import Branches, is_same, zero_of
from s2sad.native.lazy import Lazy, Memory, View
from s2sad.native.numbers import kind_of
from s2sad.native.places import Node, const, name, negated, parsed, whole
from s2sad.native.stacks import Stack
from s2sad.native.weak import EITHER, may_be_either
from s2sad.native.writer import Frame, Number
from s2sad.rules.native_forms import form_of
from s2sad.types.sizes import Size, same


class Regions(Branches):
    """The part that writes statements, loops and branches among them."""

    def statements(self, statements: tuple[Statement, ...]) -> None:
        self.note_chains(statements)
        for statement in statements:
            self.statement(statement)

    def statement(self, statement: Statement) -> None:
        self.where = statement.location or self.where
        self.here = (statement.location, statement.phase) if not isinstance(statement, Guard) else (statement.location, 0)
        match statement:
            case Guard():
                self.ready((statement.atom,))
                self.guard(statement)
                if statement.kind == "truth" and self.frames:
                    self.learn_condition(statement.atom, bool(statement.value))
            case Loop():
                self.loop(statement)
            case If():
                self.branch(statement)
            case Assign():
                self.assign(statement)

    def assign(self, statement: Assign) -> None:
        form = form_of(statement.primitive)
        if form is None:
            raise CannotBeNative(f"{statement.primitive.name} has no native form", self.where)
        way = getattr(self, f"form_{form[1:]}", None)
        if (statement.result is not None or len(statement.targets) != 1) and not getattr(way, "several", False):
            raise CannotBeNative(f"{statement.primitive.name} gives several results", self.where)
        self.ready(statement.args)
        self.makers.update((t, statement) for t in statement.targets)
        if self.member(statement):
            return
        if form.startswith("@"):
            if way is None:
                raise CannotBeNative(f"{statement.primitive.name} has no native form", self.where)
            way(statement)
        else:
            self.elementwise(statement)

    # Loops

    def loop(self, loop: Loop) -> None:
        if loop.snapshots is not None:
            raise CannotBeNative("a loop with snapshots has no native form", loop.location)
        self.ready((*loop.inits, *(loop.range or ())))
        self.before_region(loop)
        carried = self.carry(loop)
        outer_memory, self.carried_memory = self.carried_memory, {h.memory for h in carried if isinstance(h, View)}
        outer_made = self.made_outside
        self.becomes.update((n, held) for n, held in zip(loop.nexts, carried, strict=True) if isinstance(n, Var) and isinstance(held, View))
        self.flush()
        bounds = None if loop.range is None else tuple(self.named(self.number(b)) for b in loop.range)
        given = [self.take(s) for s in loop.scanned]
        counted = loop.test is not None or loop.exits
        self.comment(loop.location, loop.phase)
        frame = Frame()
        self.lines.append(frame.front)
        stacks, count = self.start_stacks(loop, bounds, counted, frame)
        nowhere = self.not_in_memory()
        position = self.head(loop, bounds)
        outer_counters = list(self.used_counters)
        outer, place = self.inside(), self.place
        self.place = None
        self.frames.append(frame)
        self.made_outside = frozenset(self.made)
        if loop.test is not None:
            self.test(loop.test)
        for element, stack in zip(loop.elements, given, strict=True):
            self.element(element, stack, position)
        self.body(loop, carried, stacks, position, count)
        self.frames.pop()
        self.forget_sizes()
        self.carried_memory, self.made_outside = outer_memory, outer_made
        self.lines, self.place = outer, place
        self.used_counters = outer_counters
        self.forget(nowhere)
        self.finish(loop, carried, stacks, count)

    def body(self, loop: Loop, carried: list[Any], stacks: list[Stack], position: Node, count: str) -> None:
        """What a step does, and saves, and whether another one follows."""
        self.becomes.update(self.slots(loop, stacks, position))
        self.statements(loop.body.statements)
        self.flush()
        self.ask_late()
        going = self.number(loop.body.results[0]) if loop.exits else None
        if going is not None:
            going = self.named(going, "going")
        self.save(loop, stacks, position, count)
        self.close(loop, carried)  # of what lies among what the step has saved, too
        if stacks and stacks[0].counted:
            self.said(f"{count} += 1")
        if going is not None:
            self.said(f"if {ast.unparse(negated(going.node))}:")
            self.lines.append(["break"])
        if not self.lines:
            self.lines.append("pass")

    def carry(self, loop: Loop) -> list[Any]:
        """Names, or memory, for what a loop goes on with."""
        found: list[Any] = []
        moves: list[tuple[str, Node]] = []
        for place, (init, param, target) in enumerate(zip(loop.inits, loop.carried, loop.results, strict=True)):
            if may_be_either(loop, place):
                raise CannotBeNative(EITHER, loop.location)
            hint = self.hint(target) or self.hint(param)
            if isinstance(param.type, ArrayType) and param.type.shape:
                fresh = is_nothing(init)  # a step makes it before anything reads it
                view = View(self.allocate(hint, self.dims(param), param.type.dtype, True)) if fresh else self.owned(init, param.type, hint)
                self.env[param] = view
                found.append(view)
                continue
            if isinstance(param.type, StackType):
                self.env[param] = self.carried_list(init, hint)
                found.append(self.env[param])
                continue
            kind = kind_of(param.type)
            if kind is None:
                raise CannotBeNative(f"a loop goes on with a {getattr(param.type, '__name__', param.type)}", loop.location)
            label = self.fresh(hint)
            value = Number(self.literal(zero_of(kind)), kind) if is_nothing(init) else self.number(init)
            moves.append((label, self.of_kind(value, kind)))
            self.env[param] = Number(name(label), kind)
            if isinstance(param.size, Size) and (symbol := param.size.symbol) is not None:
                self.sizes[symbol] = (label, len(self.frames) + 1)
            found.append(label)
        for label, node in moves:
            self.said(f"{label} = {ast.unparse(node)}")
        return found

    def head(self, loop: Loop, bounds: Any) -> Node:
        """The first line of a loop; which of its steps one is, as an expression."""
        if loop.range is None:
            self.said("while True:")
            return const(0)
        assert loop.index is not None
        label = self.fresh_counter(self.hint(loop.index) or "step")
        self.env[loop.index] = Number(name(label), int)
        if loop.index.size is not None:
            self.learn_loop(loop.index.size, label)
        s, e, d = (ast.unparse(b.node) for b in bounds)
        shown = f"range({e})" if s == "0" and d == "1" else f"range({s}, {e})" if d == "1" else f"range({s}, {e}, {d})"
        if loop.reverse:
            if d == "1":
                low = "-1" if s == "0" else ast.unparse(parsed(f"({s}) - 1"))
                shown = f"range({e} - 1, {low}, -1)"
            else:
                if d != "-1":
                    back = self.fresh("last")
                    self.said(f"{back} = ({s}) + ({d}) * (len(range({s}, {e}, {d})) - 1)")
                    shown = f"range({back}, ({s}) - ({d}), -({d}))"
                else:
                    shown = f"range(({e}) + 1, ({s}) + 1)"
        self.said(f"for {label} in {shown}:")
        if s == "0" and d == "1":
            return name(label)
        if d == "1":
            return parsed(f"{label} - {s}" if s.isidentifier() or s.isdigit() else f"{label} - ({s})")
        return parsed(f"({label} - ({s})) // ({d})")

    def learn_loop(self, size: Any, label: str) -> None:
        if isinstance(size, Size) and (symbol := size.symbol) is not None:
            self.sizes[symbol] = (label, len(self.frames) + 1)
            self.steps.add(label)

    def fresh_counter(self, hint: str) -> str:
        hint = "step" if hint in ("", "_", "t") else hint
        if hint in self.counters:
            self.counters.remove(hint)
            return hint
        return self.fresh(hint)

    def test(self, test: Block) -> None:
        self.statements(test.statements)
        going = self.number(test.results[0])
        self.flush()
        self.said(f"if {ast.unparse(negated(going.node))}:")
        self.lines.append(["break"])

    # The end of a step, and of a loop

    def close(self, loop: Loop, carried: list[Any]) -> None:
        """Let the names hold what the next step begins with."""
        moves: list[tuple[str, Node]] = []
        arrays: list[tuple[View, Lazy]] = []
        for held, param, following in zip(carried, loop.carried, loop.nexts, strict=True):
            if is_nothing(following):
                continue
            if isinstance(held, Stack):
                moves += self.list_moves(following, held)
            elif isinstance(held, str):
                number = self.number(following)
                node = self.of_kind(number, kind_of(param.type))
                if not (isinstance(node, ast.Name) and node.id == held):
                    moves.append((held, node))
            else:
                arrays.append((held, self.of_sizes(self.lazy(following), held)))
        self.close_arrays(arrays)
        self.flush()
        if len(moves) == 1:
            self.said(f"{moves[0][0]} = {ast.unparse(moves[0][1])}")
        elif moves:
            self.said(f"{', '.join(m for m, _ in moves)} = {', '.join(ast.unparse(n) for _, n in moves)}")

    def of_sizes(self, value: Lazy, held: View) -> Lazy:
        """What the next step begins with, which has to have as many elements as the memory that the loop goes on with."""
        for one, other in zip(value.dims, held.dims, strict=True):
            if not same(one, other):
                self.ask_equal(one, other)
        return value

    def close_arrays(self, arrays: list[tuple[View, Lazy]]) -> None:
        """Bring what the next step begins with into the memory in which it looks for it, or let it look elsewhere."""
        for held, value in arrays:
            self.ask_for_size(value, held)
        late = [(held, found) for held, value in arrays if not is_same(found := value.stored or value, held)]
        held_roots = frozenset().union(*(h.roots for h, _ in arrays)) if arrays else frozenset()
        moved: list[tuple[View, Lazy]] = []
        for held, value in late:
            if len(late) == 1 and reads_in_place(value, held) and value.roots.isdisjoint(held_roots - held.roots):
                self.add(self.storing(value, held), held.dims)
            else:
                moved.append((held, value))
        turned = [(h, v) for h, v in moved if isinstance(v, View) and self.may_take_turns(h, v)]
        if len({v.memory for _, v in turned}) < len(turned) or self.would_be_lost(arrays, turned):
            turned = []
        self.move_arrays([m for m in moved if m not in turned], held_roots)
        self.take_turns([(h.memory, v.memory) for h, v in turned])

    def ask_for_size(self, value: Lazy, held: View) -> None:
        """Hand the call over where the next step begins with another number of elements than the first one did."""
        for one, other in zip(value.dims, held.dims, strict=True):
            if not same(one, other):
                self.ask_equal(one, other)

    def may_take_turns(self, held: View, value: View) -> bool:
        """Whether a name may go on with memory that another one has, or that a step has made for itself."""
        memory = value.memory
        made = self.made.get(memory)
        in_front = made is not None and any(made[0] is f.front for f in self.frames)
        fresh = made is not None and (not in_front or " = np.empty(" in made[1])  # zeros are made once in front, and looked for there
        fresh = fresh and memory not in self.made_outside  # what stands there is for each step
        return (
            value.is_whole
            and memory.owned
            and not memory.padding
            and held.dtype == value.dtype
            and (memory in self.carried_memory or fresh)
        )

    def would_be_lost(self, arrays: list[tuple[View, Lazy]], turned: list[tuple[View, View]]) -> bool:
        """Whether a name that stays with its memory is among those that another one would take."""
        stay = {h.memory for h, _ in arrays} - {h.memory for h, _ in turned}
        return any(v.memory in stay for _, v in turned)

    def move_arrays(self, moved: list[tuple[View, Lazy]], held_roots: frozenset[int]) -> None:
        """Copy what the next step begins with to where it looks for it."""
        copies: list[tuple[View, Lazy]] = []
        for held, value in moved:
            if not value.roots.isdisjoint(held_roots):
                copy = View(self.allocate(held.memory.label, held.dims, held.dtype, False))
                self.add(self.storing(value, copy), held.dims)
                value = copy
            copies.append((held, value))
        self.flush()
        for held, value in copies:
            self.add(self.storing(value, held), held.dims)
        self.flush()

    def take_turns(self, turned: list[tuple[Memory, Memory]]) -> None:
        """Give names the memory of others; memory that was made in front of the loop goes back to the name that it came from."""
        if not turned:
            return
        taken = [value for _, value in turned]
        left = [held for held, _ in turned if held not in taken]
        names, values = [h.label for h, _ in turned], [v.label for v in taken]
        for value in taken:
            self.hold(value)
            if value not in self.carried_memory:
                names.append(value.label)
                values.append(left.pop(0).label)
        self.said(f"{', '.join(names)} = {', '.join(values)}")

    carried_memory: set[Memory]
    made_outside: frozenset[Memory] = frozenset()  # before the loop that is being written

    def finish(self, loop: Loop, carried: list[Any], stacks: list[Stack], count: str) -> None:
        for held, target in zip(carried, loop.results, strict=True):
            if isinstance(held, str):
                self.env[target] = Number(name(held), kind_of(target.type))
                if target.size is not None:
                    self.learn_number(target.size, held)
            else:
                self.env[target] = replace(held, depth=len(self.frames)) if isinstance(held, Stack) else View(held.memory)
        self.end_stacks(stacks, [self.homes.of(s) for s in loop.stacks])
        self.env.update(zip(loop.stacks, stacks, strict=True))
        for var in [v for b in loop.blocks for s in everything(b.statements) for v in targets_of(s)]:
            self.env.pop(var, None)


def is_nothing(operand: Operand) -> bool:
    return is_undefined(operand) or (isinstance(operand, Const) and operand.value is None)


def reads_in_place(value: Lazy, held: View) -> bool:
    """Whether each element is computed of the one that it takes the place of, and of other memory."""
    return all(m is held.memory and map_ == whole(held.memory.rank) for m, map_ in value.reads() if not m.roots.isdisjoint(held.roots))
