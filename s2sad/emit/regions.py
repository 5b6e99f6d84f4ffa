"""Functions with regions as text: branches, choices between expressions, and the loops of `loops.py`."""
from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from s2sad.emit.choices import choice
from s2sad.emit.lines import Comment, comment, further_out, width
from s2sad.emit.loops import INLINE, Loops, opposite
from s2sad.emit.order import own_reads
from s2sad.emit.printing import ASSIGNED, store
from s2sad.emit.statements import Text
from s2sad.errors import InvalidIR
from s2sad.ir.liveness import may_have_no_truth
from s2sad.ir.program import (
    ArrayType,
    Block,
    Const,
    Function,
    If,
    Loop,
    Operand,
    Region,
    Var,
    is_undefined,
    variables,
)  # fmt: skip
from s2sad.passes.storage import is_write
from s2sad.runtime.notices import ignoring


def emit(function: Function, title: str = "", guards_apart: bool = False) -> Text:
    """The source of a function. `title` is a comment above it; guards that follow one another are one, unless they stand apart."""
    with ignoring(DeprecationWarning):  # of the node classes that astor asks for
        return RegionEmitter(function, guards_apart).text(title)


class RegionEmitter(Loops):
    """The statements of a function, its regions among them."""

    def region(self, region: Region) -> None:
        if not self.inline:
            self.comment(None, region.phase)  # where the adjoint may begin
            self.settle_all(own_reads(region))
            self.settle_long(own_reads(region))
        self.backwards += region.phase > 0
        outside, self.around = self.around, region.location or self.around
        if isinstance(region, Loop):
            self.loop(region)
        elif not self.as_expression(region):
            self.branch(region)
        self.backwards -= region.phase > 0
        self.around = outside

    def settle_long(self, read: Sequence[Var]) -> None:
        """Give what takes more than a line lines of its own, in front of a head that reads it."""
        for var in read:
            if var in self.folded and width(self.folded[var]) > self.room:
                self.settle(var)

    # Branches

    def branch(self, branch: If, going: Operand | None = None) -> None:
        test = self.operand(branch.atom)
        self.settle_all(())
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
        self.write_sides(branch, test, sides, labels)
        self.place = ()

    def write_sides(self, branch: If, test: Any, sides: list[list[str]], labels: list[str]) -> None:
        then, orelse = sides
        if not then and not orelse:
            if branch.phase or not may_have_no_truth(branch.atom):
                return
            then = [f"{self.indent}    pass"]
        if not then:
            test, then, orelse = opposite(test), orelse, []
        if self.is_choice(branch, test, [then, orelse], labels):
            return
        self.head(branch, "if", test)
        self.lines += then
        if orelse:
            self.lines += rung(orelse, self.indent) or [f"{self.indent}else:", *orelse]

    def is_choice(self, branch: If, test: Any, sides: list[list[str]], labels: list[str]) -> bool:
        """Write sides that give names a value each as a line. In the function itself they are of one line of the user's; in an adjoint of
        several lines they stand under the first."""
        remarks = [r for side in sides for r in [line for line in side if isinstance(line, Comment)][-1:]]
        if len({r.told for r in remarks}) > 1 and not branch.phase:
            return False
        left = [frozenset(n for n, r in zip(labels, b.results, strict=True) if not is_undefined(r)) for b in branch.blocks]
        node = choice(test, sides, left, labels)
        if node is None or width(node.value) + len(self.indent) + ASSIGNED * len(labels) > self.breadth:
            return False
        if remarks:
            self.lines.append(comment(f"{self.indent}{remarks[0].strip()}", remarks[0].told, remarks[0].heads, remarks[0].again))
        else:
            self.comment(branch.location, branch.phase)
        self.line(node, branch.location)
        return True

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
            label = self.name_written_on(branch, k, others)
        if label is None:
            label = self.name_for(target, self.hint(target), self.lifetimes.given(branch, target))
        self.labels[target] = label
        holders = self.holders[label] - {target}
        for block in branch.blocks:
            self.claim(block.results[k], label, block, holders)
        return label

    def name_written_on(self, branch: If, k: int, others: list[str]) -> str | None:
        """The name of an array into which the sides write, or that they leave as it is, where nothing else reads it any more."""
        target, bases = branch.targets[k], {written_into(b.results[k], b) for b in branch.blocks}
        base = bases.pop()
        if bases or not isinstance(base, Var) or not isinstance(target.type, ArrayType) or base not in self.labels:
            return None
        over = self.between[base][1] < self.spans[id(branch)][1] and self.home.get(base) == self.home[target]
        label, life = self.labels[base], self.lifetimes.given(branch, target)
        return label if over and label not in others and self.is_over(label, target, life, base) else None

    def ends_here(self, var: Var, branch: If) -> bool:
        """Whether all that reads a variable is within the branch, and it was made in the block of the branch."""
        (first, last), (start, end, loops) = self.between[var], self.spans[id(branch)]
        if not start <= first <= last < end or isinstance(var.type, ArrayType):
            return False
        return var not in self.function.params and self.home.get(var) == self.home.get(branch.targets[0]) and not loops

    def side(self, branch: If, block: Block, labels: list[str], going: Operand | None) -> None:
        outer, self.indent = self.indent, self.indent + "    "
        self.place = ()
        self.statements(block.statements)
        moves, leaves = [], False
        for label, target, result in zip(labels, branch.targets, block.results, strict=True):
            if going is not None and target is going:
                leaves = not result.value  # type: ignore[union-attr]
                continue
            if is_undefined(result) or not self.uses[target]:
                continue
            shown = self.operand(result)
            if not (isinstance(shown, ast.Name) and shown.id == label):
                moves.append((label, shown))
        self.settle_all(())
        self.move(moves)
        if leaves:
            self.lines.append(f"{self.indent}break")
        self.indent = outer

    def is_expression(self, branch: If) -> bool:
        """Whether a branch only chooses between two expressions."""
        if len(branch.targets) != 1 or branch.targets[0] in self.claimed:
            return False
        for block in branch.blocks:
            if is_undefined(block.results[0]):
                return False
            if len(block.statements) > INLINE // 2 or not all(self.within_line(s, block) for s in block.statements):
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
        if len(self.lines) != lines:
            raise InvalidIR(f"a choice between expressions has taken lines: {self.lines[lines:]}")
        then, orelse = branch.then.results[0], branch.orelse.results[0]
        if orelse is branch.atom or (isinstance(orelse, Const) and orelse.value is False):
            value: Any = ast.BoolOp(ast.And(), [test, shown[0]])
        elif then is branch.atom or (isinstance(then, Const) and then.value is True):
            value = ast.BoolOp(ast.Or(), [test, shown[1]])
        else:
            value = ast.IfExp(test, *shown)
        target = branch.targets[0]
        local = self.uses[target] == 1 and self.used_in[target] == {self.home[target]}
        if self.inline or (local and target not in self.function.names):
            read = [v for o in (branch.atom, then, orelse) for v in variables(o)]
            self.fold(target, value, self.touched(read))
            return True
        self.comment(branch.location, branch.phase)
        self.line(ast.Assign([store(self.label(target))], value, None), branch.location)
        return True


def written_into(result: Operand, side: Block) -> Operand:
    """The array from around a side of a branch that a result is, or is written into."""
    made = {s.targets[0]: s.args[0] for s in side.statements if is_write(s)}
    while isinstance(result, Var) and result in made:
        result = made[result]
    return result


def rung(orelse: list[str], indent: str) -> list[str]:
    """The other side of a branch as a further rung of a ladder, if it is a branch and nothing else; Python limits how deep blocks lie."""
    own = [(n, line) for n, line in enumerate(orelse) if line.startswith(f"{indent}    ") and line[len(indent) + 4] not in " #"]
    starts = [line.lstrip() for _, line in own]
    if not own or not starts[0].startswith("if ") or not all(line.startswith(("else:", "elif ")) for line in starts[1:]):
        return []
    return [further_out(line, f"{indent}el" if n == own[0][0] else indent, len(indent) + 4) for n, line in enumerate(orelse)]
