"""Loops and branches as text: each variable that a region carries keeps one name, so that no values are moved about.

A variable that is carried through a loop has four appearances in the list: what it is before, at the start of a step, at its end, and
after the loop. They get one name where none of them is read after the next one is assigned; where one is, the value is moved at the end
of the step. The results of a branch are treated in the same way.
"""
from __future__ import annotations

import ast
from collections import Counter, defaultdict
from typing import Any

import numpy as np

from s2sad.emit import Emitter, Text
from s2sad.ir import (
    UNDEFINED,
    ArrayType,
    Assign,
    Block,
    Const,
    Function,
    Guard,
    If,
    Loop,
    Operand,
    Region,
    StackType,
    Statement,
    Var,
    everything,
    has_regions,
    reads,
    targets_of,
    variables,
)  # fmt: skip
from s2sad.passes.storage import is_write, memory_of
from s2sad.printing import FOLDED_SIZE, attribute, load, store

NUMBERS = (int, float, complex, np.generic)


def emit(function: Function, title: str = "") -> Text:
    """The source of a function. `title` is a comment above it."""
    return (RegionEmitter if has_regions(function) else Emitter)(function).text(title)


class RegionEmitter(Emitter):
    """The statements of a function with regions."""

    def __init__(self, function: Function) -> None:
        super().__init__(function)
        self.uses = Counter()
        self.used_in: dict[Var, set[int]] = defaultdict(set)
        self.home: dict[Var, int] = {}
        self.definitions = {}
        top = Block(function.params, function.statements, function.results)
        self.count(top)
        self.grown = {s.args[0] for s in everything(function.statements) if is_write(s)}  # type: ignore[union-attr]
        self.grown |= {t for t, s in self.definitions.items() if s.primitive.name == "scatter"}
        self.inline = 0
        self.claimed: dict[Var, str] = {}
        self.ends: dict[int, tuple[Operand, ...]] = {}  # what is read at the end of a body; what it saves is read before
        self.numbers: set[str] = set()  # names of numbers, which are never changed in place
        self.others: set[str] = set()
        self.counters: dict[str, list[str]] = defaultdict(list)  # names of indices of loops that have ended
        self.promised: dict[str, Var] = {}  # names that a variable of a body being printed is going to take

    def count(self, block: Block) -> None:
        """How often each variable is read, in which blocks, and where it is made."""
        here = id(block)
        self.home.update(dict.fromkeys(block.params, here))
        for statement in block.statements:
            self.home.update(dict.fromkeys(targets_of(statement), here))
            if isinstance(statement, Assign):
                self.definitions.update(dict.fromkeys(statement.targets, statement))
            for var in own_reads(statement):
                self.read_in(var, here)
            if isinstance(statement, (Loop, If)):
                for inner in statement.blocks:
                    self.count(inner)
        for result in block.results:
            for var in variables(result):
                self.read_in(var, here)

    def memory_of(self, function: Function) -> Any:
        return shared_memory(Block(function.params, function.statements, function.results))

    def read_in(self, var: Var, block: int) -> None:
        self.uses[var] += 1
        self.used_in[var].add(block)

    def folds(self, statement: Assign, size: int) -> bool:
        if self.inline:
            return True
        if any(t in self.claimed for t in statement.targets):
            return False
        local = all(self.used_in[t] == {self.home[t]} for t in statement.targets)
        return local and super().folds(statement, size)

    def constant(self, value: Any) -> Any:
        return ast.Constant(None, None) if value is UNDEFINED else super().constant(value)

    def is_buffer(self, operand: Operand) -> bool:
        return not self.inline and super().is_buffer(operand)

    # Names

    def claim(self, var: Operand, label: str, block: Block, holders: set[Var]) -> bool:
        """Let a variable that the block makes go by a name, if nothing reads what has the name so far (`holders`) after that."""
        if not isinstance(var, Var) or var in self.labels or var in self.claimed or var in self.folded:
            return False
        place = next((k for k, s in enumerate(block.statements) if var in targets_of(s)), None)
        if place is None or self.home.get(var) != id(block):
            return False
        results = self.ends.get(id(block), block.results)
        later = [v for s in block.statements[place + 1 :] for v in reads(s)] + [v for r in results for v in variables(r)]
        holders = with_versions(holders, block.statements)
        holders.discard(var)
        if any(h in later for h in holders):
            return False
        made = block.statements[place]
        if isinstance(made, Loop) and not self.claim_loop(made, var, holders):
            return False
        if is_write(made):
            base = made.args[0]  # type: ignore[union-attr]
            if base not in holders and not self.claim(base, label, block, holders):
                return False
        self.claimed[var] = label
        if isinstance(made, If):
            self.claim_through(made, var, label, block, holders, later)
        return True

    def claim_through(self, branch: If, var: Var, label: str, block: Block, holders: set[Var], later: list[Var]) -> None:
        """What one side of a branch leaves as it is may have had the name before."""
        results = [b.results[branch.targets.index(var)] for b in branch.blocks]
        for result in results:
            here = isinstance(result, Var) and self.home.get(result) == id(block) and not isinstance(result.type, ArrayType)
            if here and result not in later and self.claim(result, label, block, holders):
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
        label = super().label(var)
        if isinstance(var.type, type) and issubclass(var.type, NUMBERS) and label not in self.others:
            self.numbers.add(label)
        else:
            self.others.add(label)
            self.numbers.discard(label)
        return label

    def assign(self, statement: Assign) -> None:
        for target in statement.targets:
            if target in self.claimed and not is_write(statement):
                self.settle_readers(self.claimed[target], set(reads(statement)))
        super().assign(statement)

    def written_in_place(self, target: Var, label: str) -> None:
        super().written_in_place(target, label)
        wanted = self.claimed.get(target)
        if wanted is not None and wanted != label:
            self.line(ast.Assign([store(wanted)], load(label), None))
            self.labels[target] = wanted

    def line(self, node: Any, location: Any = None) -> None:
        """A line; a number that is changed by adding to it is written so."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(left=ast.Name(id=same), op=op, right=right)) if name == same:
                if name in self.numbers and isinstance(op, (ast.Add, ast.Sub, ast.Mult, ast.Div)):
                    node = ast.AugAssign(store(name), op, right)
        super().line(node, location)

    def settle_readers(self, label: str, but: set[Var]) -> None:
        """Evaluate what is folded and reads a name that is assigned next, unless it goes into that assignment."""
        for var in sorted(self.folded, key=lambda v: v.number):
            if var in self.folded and var not in but and any(isinstance(n, ast.Name) and n.id == label for n in ast.walk(self.folded[var])):
                self.settle(var)

    def settle(self, var: Var) -> None:
        value = self.folded.pop(var)
        made = self.definitions.get(var)
        if made is not None:
            self.comment(made.location, made.phase)
        self.line(ast.Assign([store(self.label(var))], value, None))

    def settle_all(self, but: set[Var]) -> None:
        for var in sorted(self.folded, key=lambda v: v.number):
            if var in self.folded and var not in but:
                self.settle(var)

    # Regions

    def region(self, region: Region) -> None:
        self.settle_all(set(own_reads(region)))
        if isinstance(region, Loop):
            self.loop(region)
        elif not self.as_expression(region):
            self.branch(region)

    def inner(self, block: Block) -> None:
        outer, self.indent = self.indent, self.indent + "    "
        before = len(self.lines)
        self.place = ()
        self.statements(block.statements)
        self.indent = outer
        self.emptied = len(self.lines) == before

    def head(self, text: str, region: Region) -> None:
        """The first line of a region; the user's line above it where that says something else."""
        location = region.location
        if location is not None and (region.phase or location.text().strip() != text):
            self.comment(location, region.phase)
        self.lines.append(f"{self.indent}{text}")
        if location is not None:
            self.places[len(self.lines)] = location

    # Loops

    def loop(self, loop: Loop) -> None:
        labels = self.before(loop)
        if loop.stacks or loop.scanned:
            for bound in loop.range or ():
                if isinstance(bound, Var) and bound in self.folded:
                    self.settle(bound)
        for stack, value in zip(loop.stacks, loop.saved, strict=True):
            self.start_stack(stack, value, loop)
        test = self.header(loop)
        outer, self.indent = self.indent, self.indent + "    "
        self.place = ()
        if test is not None:
            self.statements(test.statements)
            self.lines.append(f"{self.indent}if {self.unparse(ast.UnaryOp(ast.Not(), self.operand(test.results[0])))}:")
            self.lines.append(f"{self.indent}    break")
        self.arrive(loop)
        inside = {t for s in loop.body.statements for t in targets_of(s)}
        self.save(loop, {v for v in loop.saved if not (isinstance(v, Var) and v in inside)})
        before = dict(self.promised)
        self.ends[id(loop.body)] = loop.body.results[: len(loop.body.results) - len(loop.saved)]
        self.claims(loop, labels)
        self.body(loop)
        self.promised = before
        self.indent = outer
        self.place = ()
        if loop.index in self.labels and self.used_in[loop.index] <= self.inside(loop):  # type: ignore[operator, index]
            self.counters[self.function.names.get(loop.index) or "i"].append(self.labels[loop.index])  # type: ignore[arg-type, index]

    def before(self, loop: Loop) -> list[str]:
        """A name for each carried value, holding its value before the loop."""
        labels, moves = [], []
        taken: set[Var] = set()
        for init, param, target in zip(loop.inits, loop.carried, loop.results, strict=True):
            label = self.claimed.get(target) or self.labels.get(target)
            dying = isinstance(init, Var) and self.dies(init) and init not in taken
            if label is None and isinstance(init, Var) and dying and init not in self.folded and self.is_free(self.label(init)):
                label = self.label(init)
            if isinstance(init, Var):
                taken.add(init)
            if label is None:
                hint = self.function.names.get(target) or self.function.names.get(param) or "t"
                label = self.fresh(hint)
            labels.append(label)
            self.labels[param] = self.labels[target] = label
            if not (isinstance(init, Const) and init.value is UNDEFINED):
                shown = self.operand(init)
                if not (isinstance(shown, ast.Name) and shown.id == label):
                    moves.append((label, shown))
        self.move(moves)
        return labels

    def is_free(self, label: str) -> bool:
        """Whether nothing else is going to take the name."""
        return label not in self.promised

    def dies(self, var: Var) -> bool:
        """Whether the variable is read once, in the block where it is made."""
        return self.uses[var] == 1 and self.used_in[var] == {self.home.get(var)}

    def move(self, moves: list[tuple[str, Any]]) -> None:
        """Assign values to names, all at once where one of the values is that of another name."""
        names = {label for label, _ in moves}
        mixed = any(isinstance(n, ast.Name) and n.id in names for _, v in moves for n in ast.walk(v))
        if mixed and len(moves) > 1:
            targets = ast.Tuple([store(label) for label, _ in moves], ast.Store())
            self.line(ast.Assign([targets], ast.Tuple([v for _, v in moves], ast.Load()), None))
            return
        for label, value in moves:
            self.line(ast.Assign([store(label)], value, None))

    def header(self, loop: Loop) -> Block | None:
        """The line that starts the loop; the block of its condition where that takes statements of its own."""
        if loop.range is not None:
            assert loop.index is not None
            if self.uses[loop.index] or loop.stacks or loop.scanned:
                name = self.counter(loop.index)
            else:
                name = "_"
            self.head(f"for {name} in {self.unparse(self.span(loop))}:", loop)
            return None
        assert loop.test is not None
        if all(self.within_line(s, loop.test) for s in loop.test.statements):
            self.statements(loop.test.statements)
            self.head(f"while {self.unparse(self.operand(loop.test.results[0]))}:", loop)
            return None
        self.head("while True:", loop)
        return loop.test

    def inside(self, loop: Loop) -> set[int]:
        """The blocks of a loop."""
        found = {id(b) for b in loop.blocks}
        for statement in everything(loop.body.statements):
            found |= {id(b) for b in getattr(statement, "blocks", ())}
        return found

    def counter(self, index: Var) -> str:
        """The name of an index: that of an earlier loop which has ended, where it was called the same."""
        hint = self.function.names.get(index) or "i"
        free = self.counters[hint]
        self.labels[index] = free.pop() if free else self.fresh(hint)
        return self.labels[index]

    def within_line(self, statement: Statement, block: Block) -> bool:
        """Whether a statement goes into an expression."""
        if isinstance(statement, If):
            return self.is_expression(statement)
        if not isinstance(statement, Assign) or is_write(statement) or statement.result is not None or statement.primitive.effect:
            return False
        target = statement.targets[0]
        if statement.primitive.name == "scatter" and target in self.grown:
            return False
        return self.uses[target] == 1 and self.used_in[target] == {id(block)} and target not in self.function.names

    def span(self, loop: Loop) -> Any:
        start, stop, step = loop.range or ()
        if not loop.reverse:
            parts = [self.operand(stop)]
            if not _is(start, 0) or not _is(step, 1):
                parts = [self.operand(start), *parts]
            return ast.Call(load("range"), parts if _is(step, 1) else [*parts, self.operand(step)], [])
        if _is(step, 1):
            ends = [plus(self.operand(stop), -1), plus(self.operand(start), -1), self.constant(-1)]
        elif _is(step, -1):
            ends = [plus(self.operand(stop), 1), plus(self.operand(start), 1)]
        else:
            whole = ast.Call(load("range"), [self.operand(start), self.operand(stop), self.operand(step)], [])
            return ast.Call(load("reversed"), [whole], [])
        return ast.Call(load("range"), ends, [])

    def position(self, loop: Loop) -> Any:
        """Which step this is, as the stacks are numbered."""
        assert loop.index is not None and loop.range is not None
        index, (start, _, step) = load(self.label(loop.index)), loop.range
        along = index if _is(start, 0) else ast.BinOp(index, ast.Sub(), self.operand(start))
        if isinstance(start, Const) and not _is(start, 0):
            along = plus(index, -start.value)
        return along if _is(step, 1) else ast.BinOp(along, ast.FloorDiv(), self.operand(step))

    # Stacks

    def start_stack(self, stack: Var, value: Operand, loop: Loop) -> None:
        kind = stack.type.element  # type: ignore[union-attr]
        zero = _zero(kind)
        if loop.range is None or (zero is None and not loop.reverse):
            made: Any = ast.List([], ast.Load())
        else:
            start, stop, step = loop.range
            if _is(step, 1):
                count = self.operand(stop) if _is(start, 0) else minus(self.operand(stop), start, self.operand(start))
            else:
                count = ast.Call(load("len"), [ast.Call(load("range"), [self.operand(p) for p in loop.range], [])], [])
            made = ast.BinOp(ast.List([self.constant(zero)], ast.Load()), ast.Mult(), count)
        self.comment(loop.location, loop.phase) if not self.place else None
        self.line(ast.Assign([store(self.label(stack))], made, None))

    def save(self, loop: Loop, made: set[Any]) -> None:
        """Put the values that are there now on their stacks."""
        for stack, value in zip(loop.stacks, loop.saved, strict=True):
            if value not in made:
                continue
            shown = self.operand(value)
            name = load(self.label(stack))
            if loop.range is None or (_zero(stack.type.element) is None and not loop.reverse):  # type: ignore[union-attr]
                self.line(ast.Expr(ast.Call(attribute(name, "append"), [shown], [])))
            else:
                self.line(ast.Assign([ast.Subscript(name, self.position(loop), ast.Store())], shown, None))

    def arrive(self, loop: Loop) -> None:
        """Take the elements of this step from their stacks."""
        for element, stack in zip(loop.elements, loop.scanned, strict=True):
            if self.uses[element]:
                value = ast.Subscript(load(self.label(stack)), self.position(loop), ast.Load())
                self.line(ast.Assign([store(self.label(element))], value, None))

    # Bodies

    def claims(self, loop: Loop, labels: list[str]) -> None:
        for label, param, following in zip(labels, loop.carried, loop.nexts, strict=True):
            if following is not param and self.claim(following, label, loop.body, {param}):
                assert isinstance(following, Var)
                self.promised[label] = following

    def body(self, loop: Loop) -> None:
        before = len(self.lines)
        going = loop.body.results[0] if loop.exits else None
        statements = loop.body.statements
        last = statements[-1] if statements else None
        for k, statement in enumerate(statements):
            if statement is last and isinstance(statement, If) and going in statement.targets and self.leaves(statement, loop):
                self.settle_all(set(own_reads(statement)))
                self.branch(statement, going)
                going = None
            else:
                self.statements((statement,))
            self.save(loop, set(targets_of(statement)))
            del k
        leaving = None if going is None else self.leaving(going)
        moves = self.closing(loop)
        if moves and isinstance(leaving, ast.expr) and not isinstance(leaving, ast.Constant):  # asked before the names change
            name = self.fresh("t")
            self.line(ast.Assign([store(name)], leaving, None))
            leaving = load(name)
        self.settle_all(set())
        self.move(moves)
        if leaving is not None:
            self.leave(leaving)
        if len(self.lines) == before:
            self.lines.append(f"{self.indent}pass")

    def closing(self, loop: Loop) -> list[tuple[str, Any]]:
        """The names that do not hold yet what the next step begins with, and that."""
        moves = []
        for param, following in zip(loop.carried, loop.nexts, strict=True):
            if isinstance(following, Const) and following.value is UNDEFINED:
                continue
            shown = self.operand(following)
            if not (isinstance(shown, ast.Name) and shown.id == self.label(param)):
                moves.append((self.label(param), shown))
        return moves

    def leaving(self, going: Operand) -> Any:
        """The condition on which a loop ends; None where it does not."""
        if isinstance(going, Const):
            return None if going.value else self.constant(True)
        return _opposite(self.operand(going))

    def leaves(self, branch: If, loop: Loop) -> bool:
        """Whether a side of the last branch may end the loop itself: nothing is left to do after it."""
        going = branch.targets.index(loop.body.results[0])  # type: ignore[arg-type]
        plain = all(isinstance(b.results[going], Const) for b in branch.blocks)
        inside = set(branch.targets)
        held = all(self.is_settled(p, n) for p, n in zip(loop.carried, loop.nexts, strict=True))
        return plain and held and not any(isinstance(v, Var) and v in inside for v in loop.saved)

    def is_settled(self, param: Var, following: Operand) -> bool:
        if not isinstance(following, Var):
            return False
        return following is param or self.claimed.get(following, self.labels.get(following)) == self.labels[param]

    def leave(self, test: Any) -> None:
        if isinstance(test, ast.Constant):
            self.lines.append(f"{self.indent}break")
            return
        self.lines.append(f"{self.indent}if {self.unparse(test)}:")
        self.lines.append(f"{self.indent}    break")

    # Branches

    def branch(self, branch: If, going: Operand | None = None) -> None:
        test = self.operand(branch.atom)
        self.settle_all(set())
        labels: list[str] = []
        for k in range(len(branch.targets)):
            labels.append(self.name_of_result(branch, k, labels))
        sides = []
        for number, block in enumerate(branch.blocks):
            start = len(self.lines)
            self.side(branch, block, labels, going)
            sides.append(self.lines[start:])
            del self.lines[start:]
            del number
        self.write_sides(branch, test, sides)
        self.place = ()

    def write_sides(self, branch: If, test: Any, sides: list[list[str]]) -> None:
        then, orelse = sides
        if not then and not orelse:
            return
        if not then:
            test, then, orelse = _opposite(test), orelse, []
        self.head(f"if {self.unparse(test)}:", branch)
        self.lines += then
        if orelse:
            self.lines.append(f"{self.indent}else:")
            self.lines += orelse

    def name_of_result(self, branch: If, k: int, others: list[str]) -> str:
        """The name of a result: that of the loop around it, of what one of the sides leaves as it is, or a new one."""
        target = branch.targets[k]
        label = self.claimed.get(target) or self.labels.get(target)
        if label is None:
            for block in branch.blocks:
                result = block.results[k]
                if isinstance(result, Var) and result in self.labels and self.ends_here(result, branch) and target in self.function.names:
                    found = self.labels[result]
                    if found not in others and self.is_free(found):
                        label = found
                        break
        if label is None:
            label = self.fresh(self.function.names.get(target) or "t")
        self.labels[target] = label
        holders = {v for v, name in self.labels.items() if name == label and v is not target}
        for block in branch.blocks:
            self.claim(block.results[k], label, block, holders)
        return label

    def ends_here(self, var: Var, branch: If) -> bool:
        """Whether all that reads a variable is within the branch, and it was made in the block of the branch."""
        within = Counter(_deep_reads(branch))
        if self.uses[var] != within[var] or isinstance(var.type, ArrayType):
            return False
        return var not in self.function.params and self.home.get(var) == self.home.get(branch.targets[0]) and not any(
            isinstance(s, Loop) for s in everything(branch.then.statements + branch.orelse.statements))  # fmt: skip

    def side(self, branch: If, block: Block, labels: list[str], going: Operand | None) -> None:
        outer, self.indent = self.indent, self.indent + "    "
        self.place = ()
        self.statements(block.statements)
        moves, leaves = [], False
        for label, target, result in zip(labels, branch.targets, block.results, strict=True):
            if going is not None and target is going:
                leaves = not result.value  # type: ignore[union-attr]
                continue
            if (isinstance(result, Const) and result.value is UNDEFINED) or not self.uses[target]:
                continue
            shown = self.operand(result)
            if not (isinstance(shown, ast.Name) and shown.id == label):
                moves.append((label, shown))
        self.settle_all(set())
        self.move(moves)
        if leaves:
            self.lines.append(f"{self.indent}break")
        self.indent = outer

    def is_expression(self, branch: If) -> bool:
        """Whether a branch only chooses between two expressions."""
        if len(branch.targets) != 1 or branch.targets[0] in self.claimed:
            return False
        for block in branch.blocks:
            if isinstance(block.results[0], Const) and block.results[0].value is UNDEFINED:
                return False
            if len(block.statements) > FOLDED_SIZE // 2 or not all(self.within_line(s, block) for s in block.statements):
                return False
        return True

    def as_expression(self, branch: If) -> bool:
        if not self.is_expression(branch):
            return False
        test = self.operand(branch.atom)
        shown = []
        lines = len(self.lines)
        self.inline += 1
        for block in branch.blocks:
            self.statements(block.statements)
            shown.append(self.operand(block.results[0]))
        self.inline -= 1
        assert len(self.lines) == lines, "a choice between expressions has taken lines"
        then, orelse = branch.then.results[0], branch.orelse.results[0]
        if isinstance(orelse, Const) and orelse.value is False:
            value: Any = ast.BoolOp(ast.And(), [test, shown[0]])
        elif isinstance(then, Const) and then.value is True:
            value = ast.BoolOp(ast.Or(), [test, shown[1]])
        else:
            value = ast.IfExp(test, *shown)
        target = branch.targets[0]
        local = self.uses[target] == 1 and self.used_in[target] == {self.home[target]}
        if self.inline or (local and target not in self.function.names):
            self.folded[target], self.sizes[target] = value, FOLDED_SIZE
            return True
        self.comment(branch.location, branch.phase)
        self.line(ast.Assign([store(self.label(target))], value, None), branch.location)
        return True


def with_versions(holders: set[Var], statements: tuple[Statement, ...]) -> set[Var]:
    """The variables, and what writes in place make of them, which goes by the same name."""
    found = set(holders)
    for statement in everything(statements):
        if is_write(statement) and statement.args[0] in found:  # type: ignore[union-attr]
            found.update(targets_of(statement))
    return found


def own_reads(statement: Statement) -> list[Var]:
    """What a statement reads by itself: of a region its operands, not what its blocks read."""
    match statement:
        case Loop():
            operands = (*(statement.range or ()), *statement.inits, *statement.scanned)
            return [v for o in operands for v in variables(o)]
        case If(atom=atom):
            return list(variables(atom))
        case _:
            return list(reads(statement))


def _deep_reads(branch: If) -> list[Var]:
    found = list(own_reads(branch))
    for block in branch.blocks:
        for statement in everything(block.statements):
            found += own_reads(statement)
            if isinstance(statement, (Loop, If)):
                found += [v for b in statement.blocks for r in b.results for v in variables(r)]
        found += [v for r in block.results for v in variables(r)]
    return found


def shared_memory(block: Block) -> dict[Var, frozenset[Any]]:
    """For each variable the memory it may be, by one name for all that a loop or a branch hands on."""
    parents: dict[Any, Any] = {}

    def find(v: Any) -> Any:
        while parents.setdefault(v, v) is not v:
            v = parents[v]
        return v

    def tie(a: Any, b: Any) -> None:
        if isinstance(a, Var) and isinstance(b, Var):
            parents[find(a)] = find(b)

    found: dict[Var, set[Any]] = {p: {None, p} for p in block.params}
    for statement in everything(block.statements):
        match statement:
            case Assign():
                roots = memory_of(statement, {v: frozenset(found.get(v, {v})) for v in reads(statement)}, in_place=True)
                for target in statement.targets:
                    found[target] = {target} if roots is None else set(roots)
            case Loop():
                for group in zip(statement.inits, statement.carried, statement.nexts, statement.results, strict=True):
                    for one in group[1:]:
                        tie(group[0] if isinstance(group[0], Var) else group[1], one)
            case If():
                for target, a, b in zip(statement.targets, statement.then.results, statement.orelse.results, strict=True):
                    tie(target, a)
                    tie(target, b)
    answer: dict[Var, frozenset[Any]] = defaultdict(frozenset)
    for statement in everything(block.statements):
        for var in (*targets_of(statement), *(p for b in getattr(statement, "blocks", ()) for p in b.params)):
            found.setdefault(var, {var})
    for var, roots in found.items():
        answer[var] = frozenset(r if r is None else find(r) for r in roots) | {find(var)}
    return answer


def plus(node: Any, number: int) -> Any:
    """`node + number`, with numbers added up."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        total = node.value + number
        return ast.Constant(total, None) if total >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-total, None))
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(node.right, ast.Constant):
        if type(node.right.value) is int:
            number += node.right.value if isinstance(node.op, ast.Add) else -node.right.value
            node = node.left
    if not number:
        return node
    return ast.BinOp(node, ast.Add() if number > 0 else ast.Sub(), ast.Constant(abs(number), None))


def minus(node: Any, operand: Operand, other: Any) -> Any:
    return plus(node, -operand.value) if isinstance(operand, Const) else ast.BinOp(node, ast.Sub(), other)


def _opposite(test: Any) -> Any:
    return test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else ast.UnaryOp(ast.Not(), test)


def _is(operand: Operand, number: int) -> bool:
    return isinstance(operand, Const) and type(operand.value) is int and operand.value == number


def _zero(kind: Any) -> Any:
    """What a stack of values of a type is filled with; None where it grows."""
    if not isinstance(kind, type):
        return None
    if issubclass(kind, (bool, np.bool_)):
        return False
    if issubclass(kind, (int, np.integer)):
        return 0
    if issubclass(kind, (float, np.floating)):
        return 0.0
    return 0j if issubclass(kind, (complex, np.complexfloating)) else None


__all__ = ["Guard", "StackType", "emit"]
