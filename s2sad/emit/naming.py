"""Names: a name stands for another value once nothing reads the one before, and each variable that a region carries keeps one name, so that
no values are moved about.

A variable that is carried through a loop has four appearances in the list: what it is before, at the start of a step, at its end, and
after the loop. They get one name where none of them is read after the next one is assigned; where one is, the value is moved at the end
of the step. The results of a branch are treated in the same way.
"""
from __future__ import annotations

import ast
import functools
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from s2sad.emit.again import SIZES, cannot_raise, is_cheap, is_of_numbers, is_offset, is_short, is_whole_arithmetic
from s2sad.emit.hints import TEMPORARY, Labels, identifier, is_nameless
from s2sad.emit.lifetimes import Life, Lifetimes, alike
from s2sad.emit.lines import again, changing, mark, reads_name, width
from s2sad.emit.order import Order, own_reads, shared_memory, with_versions
from s2sad.emit.printing import load, store
from s2sad.emit.statements import NUMBERS, Emitter
from s2sad.errors import CannotKeep
from s2sad.ir.program import (
    UNDEFINED,
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
    Var,
    everything,
    has_regions,
    reads,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.passes.storage import is_write
from s2sad.rules.operations import ACCUMULATED, GETITEM, SCATTER

SHORT, MOST_PLACES = 16, 6  # characters of a whole number that is written at each of its uses, and how many of them there may be
ELEMENT = 24  # characters of an element, a size or an operation on numbers that is written at both of its uses
MOST_LABELS, MOST_HOLDERS = 8, 64  # names of a hint that are asked for, and what each may have stood for


class Naming(Emitter):
    """What an emitter knows of the names of variables in blocks."""

    def __init__(self, function: Function, guards_apart: bool = False) -> None:
        super().__init__(function, guards_apart)
        self.uses = Counter()
        self.between: dict[Var, tuple[int, int]] = {}  # the number of the first reading and of the last one
        self.readings = self.loops_met = 0  # as many as are counted
        self.spans: dict[int, tuple[int, int, int]] = {}  # which readings are in a branch, and how many loops
        self.used_in: dict[Var, set[int]] = defaultdict(set)
        self.blocks: dict[int, Block] = {}
        self.home: dict[Var, int] = {}
        self.steps: dict[Var, tuple[int, int]] = {}  # how many loops are around where it is made, and where it is read
        self.read_inside: Counter[Var] = Counter()  # how often it is read, but for the bounds of loops
        self.definitions = {}
        top = Block(function.params, function.statements, function.results)
        self.count(top)
        self.grown = {s.args[0] for s in everything(function.statements) if is_write(s)}
        if has_regions(function):  # in a loop an array is made once in a step, and no function is called for it
            self.grown |= {t for t, s in self.definitions.items() if s.primitive is SCATTER}
        self.inline = 0
        self.claims_on: dict[str, set[Var]] = defaultdict(set)
        self.claimed: dict[Var, str] = Labels(self.claims_on)  # the names that variables are going to have
        self.being_made: tuple[Var, ...] = ()  # what the statement makes that is being printed
        self.ends: dict[int, tuple[Operand, ...]] = {}  # what is read at the end of a body; what it saves is read before
        self.orders: dict[int, Order] = {}
        self.held: set[Var] = set()
        self.numbers: set[str] = set()  # names of numbers, which are never changed in place
        self.others: set[str] = set()
        self.counters: dict[str, list[str]] = defaultdict(list)  # names of indices of loops that have ended
        self.promised: dict[str, Var] = {}  # names that a variable of a body being printed is going to take
        self.due: Counter[str] = Counter()  # names that were claimed for variables that are not made yet
        self.pinned: set[str] = set()  # names that stay those of what they are
        self.everywhere: dict[Var, Any] = {}  # expressions that go to each use
        self.lifetimes = Lifetimes(top, lambda statement: self.folds(statement, load("_")))
        self.gone_over: set[Var] = set()  # elements of stacks that the heads of loops name

    def count(self, block: Block, loops_around: int = 0) -> None:
        """How often each variable is read, in which blocks, and where it is made."""
        here = id(block)
        self.blocks[here] = block
        self.home.update(dict.fromkeys(block.params, here))
        self.steps.update(dict.fromkeys(block.params, (loops_around, 0)))
        for statement in block.statements:
            self.home.update(dict.fromkeys(targets_of(statement), here))
            self.count_steps(statement, loops_around)
            if isinstance(statement, Assign):
                self.definitions.update(dict.fromkeys(statement.targets, statement))
            start, loops = self.readings, self.loops_met
            for var in own_reads(statement):
                self.read_in(var, here)
            if isinstance(statement, (Loop, If)):
                self.loops_met += isinstance(statement, Loop)
                for inner in statement.blocks:
                    self.count(inner, loops_around + isinstance(statement, Loop))
                self.spans[id(statement)] = start, self.readings, self.loops_met - loops
        for result in block.results:
            for var in variables(result):
                self.read_in(var, here)
                self.note_step(var, loops_around)

    def count_steps(self, statement: Statement, loops: int) -> None:
        self.steps.update(dict.fromkeys(targets_of(statement), (loops, 0)))
        bounds = [v for b in getattr(statement, "range", None) or () for v in variables(b)]
        for var in own_reads(statement):
            if var in bounds:
                bounds.remove(var)
            else:
                self.note_step(var, loops)

    def note_step(self, var: Var, loops: int) -> None:
        made, read = self.steps.get(var, (0, 0))
        self.steps[var] = made, max(read, loops)
        self.read_inside[var] += 1

    def memory_of(self, function: Function) -> Any:
        return shared_memory(Block(function.params, function.statements, function.results))

    def read_in(self, var: Var, block: int) -> None:
        self.uses[var] += 1
        self.used_in[var].add(block)
        self.between[var] = self.between.get(var, (self.readings, 0))[0], self.readings
        self.readings += 1

    def folds(self, statement: Assign, value: Any) -> bool:
        if self.inline:
            return True
        if any(t in self.claimed for t in statement.targets):
            return False
        local = all(self.used_in[t] == {self.home[t]} for t in statement.targets)
        return local and (super().folds(statement, value) or self.is_read_again(statement, value))

    def is_read_again(self, statement: Assign, value: Any) -> bool:
        """Whether a statement is cheap and short enough to be written twice, and what it reads is not changed until then."""
        if not self.may_repeat(statement) or width(value) > ELEMENT or not is_short(value):
            return False
        target, made = statement.targets[0], self.blocks[self.home[statement.targets[0]]]
        if self.uses[target] != 2 or not is_nameless(statement, self.function.names) or target in self.grown:
            return False
        order = self.order_of(made)
        between = made.statements[order.made[target] + 1 : order.read.get(target, len(made.statements))]
        memory = self.touched(reads(statement))
        return not any(isinstance(s, (Loop, If)) or (is_write(s) and self.memory[s.targets[0]] & memory) for s in between)

    def may_repeat(self, statement: Assign) -> bool:
        """Whether a statement may be evaluated again: an effect may write into arrays from outside."""
        return is_cheap(statement) and (not self.effects or is_of_numbers(statement))

    def constant(self, value: Any) -> Any:
        return ast.Constant(None, None) if value is UNDEFINED else super().constant(value)

    def is_buffer(self, operand: Operand) -> bool:
        return not self.inline and super().is_buffer(operand)

    # Names

    def claim(self, var: Operand, label: str, block: Block, holders: set[Var]) -> bool:
        """Let a variable that the block makes go by a name, if nothing reads what has the name so far (`holders`) after that."""
        if not isinstance(var, Var) or any(var in known for known in (self.labels, self.claimed, self.folded, self.everywhere)):
            return False
        if label in self.pinned:
            return False
        order = self.order_of(block)
        place = order.made.get(var)
        if place is None or self.home.get(var) != id(block):
            return False
        given = order.read_at_the_end(self.ends.get(id(block), block.results))
        holders = with_versions(holders, order.versions)
        holders.discard(var)
        if any(h in given or order.read.get(h, place) > place for h in holders):
            return False
        made = block.statements[place]
        if isinstance(made, Loop) and not self.claim_loop(made, var, holders):
            return False
        if is_write(made):
            base = made.args[0]
            if base not in holders and not self.claim(base, label, block, holders):
                return False
        self.claimed[var] = label
        self.due[label] += 1
        if isinstance(made, If):
            self.claim_through(made, var, label, block, holders, given)
        return True

    def order_of(self, block: Block) -> Order:
        if id(block) not in self.orders:
            self.orders[id(block)] = Order(block)
        return self.orders[id(block)]

    def claim_through(self, branch: If, var: Var, label: str, block: Block, holders: set[Var], given: set[Var]) -> None:
        """What one side of a branch leaves as it is may have had the name before."""
        order, place = self.order_of(block), self.order_of(block).made[var]
        results = [b.results[branch.targets.index(var)] for b in branch.blocks]
        for result in results:
            if not isinstance(result, Var) or self.home.get(result) != id(block) or isinstance(result.type, ArrayType):
                continue
            if result not in given and order.read.get(result, place) <= place and self.claim(result, label, block, holders):
                return

    def claim_loop(self, loop: Loop, var: Var, holders: set[Var]) -> bool:
        if var not in loop.results:
            return False
        init = loop.inits[loop.results.index(var)]
        inside = {v for b in loop.blocks for v in b.free} | {v for k, i in enumerate(loop.inits) if i is not init for v in variables(i)}
        return not any(h in inside for h in holders)

    def label(self, var: Var) -> str:
        if var in self.claimed and var not in self.labels:
            self.labels[var] = self.claimed[var]
            self.due[self.claimed[var]] -= 1
        if var in self.being_made and var not in self.labels:
            self.labels[var] = self.name_for(var, self.hint(var), self.lifetimes.of_name(var))
        label = super().label(var)
        if isinstance(var.type, type) and issubclass(var.type, NUMBERS) and label not in self.others:
            self.numbers.add(label)
        else:
            self.others.add(label)
            self.numbers.discard(label)
        return label

    def operand(self, operand: Operand) -> Any:
        return again(self.everywhere[operand]) if operand in self.everywhere else super().operand(operand)

    def goes_everywhere(self, statement: Assign) -> bool:
        """Whether a statement is written where it is used: a sum or product of whole numbers, a given element, or what stays."""
        target = statement.targets[0] if statement.targets else None
        if target is None or self.inline or target in self.function.names or target in self.claimed:
            return False
        made, read = self.steps[target]
        if (read > made and not is_offset(statement)) or self.read_inside[target] > MOST_PLACES * (1 + is_offset(statement)):
            return False
        if not is_whole_arithmetic(statement) and not self.is_given_element(statement) and not self.stays(statement):
            return False
        return all(v in self.everywhere or (v not in self.folded and self.lasts(v)) for v in reads(statement))

    def is_given_element(self, statement: Assign) -> bool:
        """Whether this is an element of an argument, which nothing writes, read outside loops, and first in the block where it is made."""
        target = statement.targets[0]
        if statement.primitive is not GETITEM or self.effects or isinstance(target.type, ArrayType):
            return False
        return self.steps[target] == (0, 0) and statement.args[0] in self.function.params and self.is_read_at_once(target)

    def is_read_at_once(self, var: Var) -> bool:
        """Whether a statement of the block where a variable is made reads it, in front of any loop or branch: what raises does so there."""
        block = self.blocks[self.home[var]]
        after = block.statements[self.order_of(block).made[var] + 1 :]
        return isinstance(next((s for s in after if isinstance(s, (Loop, If)) or var in reads(s)), None), Assign)

    def stays(self, statement: Assign) -> bool:
        """Whether what a statement reads is there, and the same, as long as its result is read, which is done in few places."""
        target = statement.targets[0]
        anywhere = (size := statement.primitive in SIZES) or self.used_in[target] != {self.home[target]}
        if not 2 - anywhere <= self.uses[target] <= 2 + size or target in self.grown or self.effects or not is_cheap(statement):
            return False
        if not all(v in self.everywhere or self.keeps_its_name(v, target) for v in reads(statement)):
            return False
        if is_of_numbers(statement):
            return cannot_raise(statement)
        return size or (self.is_read_at_once(target) and not self.touched(reads(statement)) & self.written)

    def keeps_its_name(self, var: Var, target: Var) -> bool:
        """Whether a variable is needed as long as another one, or no other would have its name."""
        name = self.function.names.get(var)
        return self.lifetimes.of(var).last >= self.lifetimes.of(target).last or name is None or self.namesakes[name] == 1

    @functools.cached_property
    def namesakes(self) -> Counter[str]:
        """How many variables would have each name."""
        return Counter(self.function.names.values())

    @functools.cached_property
    def written(self) -> frozenset[Any]:
        """The memory that is written anywhere."""
        writes = (s for s in everything(self.function.statements) if is_write(s))
        return frozenset().union(*(self.memory[s.targets[0]] for s in writes))

    def lasts(self, var: Var) -> bool:
        """Whether a name stays that of a variable as long as this can be read."""
        return var in self.labels and (self.labels[var] in self.pinned or not self.due[self.labels[var]])

    def write_everywhere(self, statement: Assign) -> bool:
        if not self.goes_everywhere(statement):
            return False
        value = self.expression(statement)
        if not (width(value) <= SHORT if is_whole_arithmetic(statement) else width(value) <= ELEMENT and is_short(value)):
            return False
        self.everywhere[statement.targets[0]] = value
        needed = self.lifetimes.of(statement.targets[0]).last
        self.pinned.update(self.labels[v] for v in self.named_in(statement) if self.lifetimes.of(v).last < needed)
        return True

    def named_in(self, statement: Assign) -> set[Var]:
        """What has its name in what is written for a statement."""
        parts = {v: self.definitions.get(v) for v in reads(statement) if v in self.everywhere}
        return set(reads(statement)).difference(parts).union(*(self.named_in(s) for s in parts.values() if s is not None))

    def name_for(self, var: Var, hint: str, life: Life) -> str:
        """A name for what a line makes: one that was made of this hint and that nothing needs any more, or a new one."""
        for label in self.named_by[identifier(hint)][:MOST_LABELS] if hint != TEMPORARY else ():
            if self.is_over(label, var, life):
                return label
        return self.fresh(hint)

    def is_over(self, label: str, var: Var, life: Life, but: Var | None = None) -> bool:
        """Whether a name may stand for another value of the same kind: nobody has to read in that time what it stood for."""
        if (isinstance(var.type, StackType) and but is None) or label in self.pinned or not 0 < len(self.holders[label]) < MOST_HOLDERS:
            return False
        holders = [h for h in (*self.holders[label], *self.claims_on[label]) if h is not but]
        if not all(alike(h.type, var.type) for h in holders):
            return False
        return not any(self.lifetimes.meet(var, life, h, holders) for h in holders) and not self.is_waited_for(label)

    def is_waited_for(self, label: str) -> bool:
        """Whether an expression that is going to be written in place reads a name."""
        return any(reads_name(value, label) for value in self.folded.values())

    def assign(self, statement: Assign) -> None:
        if self.write_everywhere(statement):
            return
        for target in statement.targets:
            if target in self.claimed and not is_write(statement):
                self.settle_readers(self.claimed[target], reads(statement))
        self.being_made = statement.targets
        super().assign(statement)
        self.being_made = ()

    def root_slope(self, args: tuple[Operand, ...]) -> Any:
        return None if self.inline and (args[0] in self.folded or args[0] in self.everywhere) else super().root_slope(args)

    def apart(self, target: Var, value: Any, place: Any) -> tuple[Any, Any]:
        label = self.label(target)
        if reads_name(place, label):
            raise CannotKeep(f"an index that reads {label}, which is assigned in the same place", None, 'use control="record"')
        if reads_name(value, label):
            name = self.fresh()
            self.line(ast.Assign([store(name)], value, None))
            return load(name), place
        return value, place

    def in_place(self, statement: Assign) -> None:
        """`x_bar += value` where the whole array is meant."""
        index = statement.args[1] if statement.primitive is ACCUMULATED else None
        if not (isinstance(index, Const) and index.value is Ellipsis):
            return super().in_place(statement)
        shown, array = self.operand(statement.args[2]), self.operand(statement.args[0])
        self.flush(self.memory[statement.args[0]])  # type: ignore[index]
        self.comment(statement.location, statement.phase)
        self.written_in_place(statement.targets[0], array.id)
        super().line(mark(ast.AugAssign(store(array.id), ast.Add(), shown), statement), statement.location)

    def written_in_place(self, target: Var, label: str) -> None:
        super().written_in_place(target, label)
        wanted = self.claimed.get(target)
        if wanted is not None and wanted != label:
            self.line(ast.Assign([store(wanted)], load(label), None))
            self.labels[target] = wanted

    def line(self, node: Any, location: Any = None) -> None:
        """A line; a number that is changed by adding to it is written so."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=same)) if name == same:
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(left=ast.Name(id=same), op=op)) if name == same:
                if name in self.numbers and isinstance(op, (ast.Add, ast.Sub, ast.Mult, ast.Div)):
                    node = changing(node)
        super().line(node, location)

    def settle_readers(self, label: str, but: Sequence[Var]) -> None:
        """Evaluate what is folded and reads a name that is assigned next, unless it goes into that assignment and nowhere else."""
        for var in list(self.folded):
            if var in self.folded and not self.goes_into(var, but) and reads_name(self.folded[var], label):
                self.settle(var)

    def goes_into(self, var: Var, read: Sequence[Var]) -> bool:
        """Whether what is folded is used by what reads these variables, for the last time."""
        return read.count(var) >= self.left[var] if var in read else False

    def make_room(self, statement: Assign) -> None:
        if not self.inline:
            super().make_room(statement)

    def settle_all(self, but: Sequence[Var]) -> None:
        for var in list(self.folded):
            if var in self.folded and not self.goes_into(var, but) and not self.is_held(var):
                self.settle(var)

    def is_held(self, var: Var) -> bool:
        """Whether this is the negation of a name that says whether a loop ends: it is asked at the end of the step."""
        value = self.folded[var]
        return var in self.held and isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not) and isinstance(value.operand, ast.Name)
