"""Loops as text: their heads, and what each step begins and ends with."""
from __future__ import annotations

import ast
from typing import Any

from s2sad.emit.order import own_reads
from s2sad.emit.printing import load, store
from s2sad.emit.stacks import grows, is_number, plus
from s2sad.emit.walks import Walks
from s2sad.errors import InvalidIR
from s2sad.ir.program import (
    Assign,
    Block,
    Const,
    If,
    Loop,
    Operand,
    Region,
    Statement,
    Var,
    everything,
    is_undefined,
    targets_of,
)  # fmt: skip
from s2sad.passes.storage import is_write
from s2sad.rules.operations import SCATTER

INLINE = 14  # statements of a condition, beyond which it takes lines of its own


class Loops(Walks):
    """The part of the emitter that writes loops."""

    def branch(self, branch: If, going: Operand | None = None) -> None:
        raise NotImplementedError

    def is_expression(self, branch: If) -> bool:
        raise NotImplementedError

    def head(self, region: Region, word: str, test: Any) -> None:
        """The first line of a region; the user's line above it where that says something else."""
        location = region.location
        if location is not None and (region.phase or location.text().strip() != f"{word} {self.unparse(test)}:"):
            self.comment(location, region.phase, heads=True)
        self.asking(word, test, location)
        if isinstance(region, Loop):
            self.lines[-1].loop = region.mark  # type: ignore[attr-defined]

    # Loops

    def loop(self, loop: Loop) -> None:
        labels = self.before(loop)
        for asked in self.asked_again(loop):
            if isinstance(asked, Var) and asked in self.folded:
                self.settle(asked)
        for stack, value in zip(loop.stacks, loop.saved, strict=True):
            self.start_stack(stack, value, loop)
        test = self.header(loop)
        outer, self.indent = self.indent, self.indent + "    "
        self.place = ()
        if test is not None:
            self.statements(test.statements)
            self.asking("if", ast.UnaryOp(ast.Not(), self.operand(test.results[0])))
            self.lines.append(f"{self.indent}    break")
        self.being_made = loop.elements
        self.arrive(loop)
        self.being_made = ()
        inside = {t for s in loop.body.statements for t in targets_of(s)}
        self.save(loop, {v for v in loop.saved if not (isinstance(v, Var) and v in inside)})
        before = dict(self.promised)
        if loop.index in self.labels:  # which says where the stacks are, up to the end of the step
            self.promised[self.labels[loop.index]] = loop.index
        self.ends[id(loop.body)] = loop.body.results[: len(loop.body.results) - len(loop.saved)]
        self.claims(loop, labels)
        self.body(loop)
        self.promised = before
        self.indent = outer
        self.place = ()
        if loop.index in self.labels and self.used_in[loop.index] <= self.inside(loop):
            self.counters[self.hint_of(loop.index)].append(self.labels[loop.index])

    def asked_again(self, loop: Loop) -> tuple[Operand, ...]:
        """What is asked in every step, or for each stack."""
        start, stop, step = loop.range or (Const(None),) * 3
        filled = not all(grows(s, loop) for s in loop.stacks)
        return (*((start, step) if filled or loop.scanned else ()), *((stop,) if filled else ()), *loop.scanned)

    def before(self, loop: Loop) -> list[str]:
        """A name for each carried value, holding its value before the loop."""
        labels, moves = [], []
        taken: set[Var] = set()
        for init, param, target in zip(loop.inits, loop.carried, loop.results, strict=True):
            label = self.claimed.get(target) or self.labels.get(target)
            if label is None and isinstance(init, Var) and init not in taken and self.hands_over(init, loop, target):
                label = self.label(init)
            if isinstance(init, Var):
                taken.add(init)
            if label is None:
                label = self.name_for(target, self.hint(target) or self.hint(param), self.lifetimes.carried(loop, target))
            labels.append(label)
            self.labels[param] = self.labels[target] = label
            if not is_undefined(init):
                shown = self.operand(init)
                if not (isinstance(shown, ast.Name) and shown.id == label):
                    moves.append((label, shown))
        for label, _ in moves:
            self.settle_readers(label, ())
        self.move(moves)
        return labels

    def is_free(self, label: str) -> bool:
        """Whether nothing else is going to take the name."""
        return label not in self.promised and label not in self.pinned

    def hands_over(self, init: Var, loop: Loop, target: Var) -> bool:
        """Whether nothing but the loop reads what it begins with, from there on, so that it goes on under the same name."""
        life = self.lifetimes.carried(loop, target)
        if init in self.folded or self.lifetimes.of(init).last != life.made or own_reads(loop).count(init) != 1:
            return False
        label = self.label(init)
        if self.hint(target).endswith("_bar") and "_bar" not in label:  # what is added up to a cotangent is called so
            return False
        return label not in self.pinned and self.is_over(label, target, life, init)  # by what is going to take the name as well

    def claim(self, var: Operand, label: str, block: Block, holders: set[Var]) -> bool:
        """What a loop begins with may have had the name that it ends with, where nothing else reads it."""
        if not super().claim(var, label, block, holders):
            return False
        assert isinstance(var, Var)
        made = block.statements[self.order_of(block).made[var]]
        if isinstance(made, Loop):
            init, start = made.inits[made.results.index(var)], self.lifetimes.carried(made, var).made
            if isinstance(init, Var) and self.lifetimes.of(init).last == start and own_reads(made).count(init) == 1:
                self.claim(init, label, block, holders)
        return True

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
            names, source = self.over(loop)
            self.head(loop, f"for {names} in", source)
            return None
        assert loop.test is not None
        statements = loop.test.statements
        if len(statements) <= INLINE and all(self.within_line(s, loop.test) for s in statements):
            if any(isinstance(s, If) for s in statements):
                self.settle_all(())
            lines = len(self.lines)
            self.inline += 1  # as one expression, which is asked before each step
            self.statements(statements)
            self.inline -= 1
            if len(self.lines) != lines:
                raise InvalidIR(f"a condition has taken lines: {self.lines[lines:]}")
            self.head(loop, "while", self.operand(loop.test.results[0]))
            return None
        self.head(loop, "while", ast.Constant(True, None))
        return loop.test

    def hint_of(self, index: Var) -> str:
        """The user's name of an index; where there is none, one that the user has not given to anything."""
        name = self.function.names.get(index, "_")
        unnamed = "step" if "i" in self.given else "i"
        return unnamed if name == "_" else name

    def inside(self, loop: Loop) -> set[int]:
        """The blocks of a loop."""
        found = {id(b) for b in loop.blocks}
        for statement in everything(loop.body.statements):
            found |= {id(b) for b in getattr(statement, "blocks", ())}
        return found

    def counter(self, index: Var) -> str:
        """The name of an index: that of an earlier loop which has ended, where it was called the same and nothing else is kept in it."""
        hint, life = self.hint_of(index), self.lifetimes.of(index)
        free = self.counters[hint]

        def is_kept(label: str) -> bool:
            return any(life.meets(self.lifetimes.of(v)) for v in (*self.holders[label], *self.claims_on[label]))

        label = next((label for label in reversed(free) if not is_kept(label)), None)
        if label is not None:
            free.remove(label)
        self.labels[index] = self.fresh(hint) if label is None else label
        return self.labels[index]

    def within_line(self, statement: Statement, block: Block) -> bool:
        """Whether a statement goes into an expression."""
        if isinstance(statement, If):
            return self.is_expression(statement) and self.is_read_once(statement.targets[0], block)
        if not isinstance(statement, Assign) or is_write(statement) or statement.result is not None or statement.primitive.effect:
            return False
        target = statement.targets[0]
        if statement.primitive is SCATTER and target in self.grown:
            return False
        return self.is_read_once(target, block) and target not in self.function.names

    def is_read_once(self, var: Var, block: Block) -> bool:
        return self.uses[var] == 1 and self.used_in[var] == {id(block)}

    def span(self, loop: Loop) -> Any:
        assert loop.range is not None
        start, stop, step = loop.range
        if not loop.reverse or not self.is_numbered(loop):
            parts = [self.operand(stop)]
            if not is_number(start, 0) or not is_number(step, 1):
                parts = [self.operand(start), *parts]
            return ast.Call(load("range"), parts if is_number(step, 1) else [*parts, self.operand(step)], [])
        if is_number(step, 1):
            ends = [plus(self.operand(stop), -1), plus(self.operand(start), -1), self.constant(-1)]
        elif is_number(step, -1):
            ends = [plus(self.operand(stop), 1), plus(self.operand(start), 1)][is_number(stop, -1) :]
        else:
            whole = ast.Call(load("range"), [self.operand(start), self.operand(stop), self.operand(step)], [])
            return ast.Call(load("reversed"), [whole], [])
        return ast.Call(load("range"), ends, [])

    # Bodies

    def claims(self, loop: Loop, labels: list[str]) -> None:
        for label, param, following in zip(labels, loop.carried, loop.nexts, strict=True):
            if following is not param and self.claim(following, label, loop.body, {param}):
                assert isinstance(following, Var)
                self.promised[label] = following

    def body(self, loop: Loop) -> None:
        before = len(self.lines)
        going = loop.body.results[0] if loop.exits else None
        if isinstance(going, Var):
            self.held.add(going)
        statements = loop.body.statements
        last = statements[-1] if statements else None
        for k, statement in enumerate(statements):
            if statement is last and isinstance(statement, If) and going in statement.targets and self.leaves(statement, loop):
                self.settle_all(own_reads(statement))
                self.branch(statement, going)
                going = None
            else:
                self.statements((statement,))
            self.save(loop, set(targets_of(statement)))
            del k
        leaving = None if going is None else self.leaving(going)
        self.held.discard(going)
        moves = self.closing(loop)
        if moves and isinstance(leaving, ast.expr) and not isinstance(leaving, ast.Constant):  # asked before the names change
            name = self.fresh()
            self.line(ast.Assign([store(name)], leaving, None))
            leaving = load(name)
        self.settle_all(())
        self.move(moves)
        if leaving is not None:
            self.leave(leaving)
        if len(self.lines) == before:
            self.lines.append(f"{self.indent}pass")

    def closing(self, loop: Loop) -> list[tuple[str, Any]]:
        """The names that do not hold yet what the next step begins with, and that."""
        moves = []
        for param, following in zip(loop.carried, loop.nexts, strict=True):
            if is_undefined(following):
                continue
            shown = self.operand(following)
            if not (isinstance(shown, ast.Name) and shown.id == self.label(param)):
                moves.append((self.label(param), shown))
        return moves

    def leaving(self, going: Operand) -> Any:
        """The condition on which a loop ends; None where it does not."""
        if isinstance(going, Const):
            return None if going.value else self.constant(True)
        return opposite(self.operand(going))

    def leaves(self, branch: If, loop: Loop) -> bool:
        """Whether a side of the last branch may end the loop itself: nothing is left to do after it."""
        going = branch.targets.index(loop.body.results[0])
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
            self.lines += [f"{self.indent}break"] if test.value else []
            return
        self.asking("if", test)
        self.lines.append(f"{self.indent}    break")


def opposite(test: Any) -> Any:
    return test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else ast.UnaryOp(ast.Not(), test)
