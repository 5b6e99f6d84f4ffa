"""Loops whose steps are independent, over threads: from the text of a native function to the same text with such loops in chunks.

A loop is taken apart into chunks, always as many; each is a call of a function of its own,
made of the text of the loop. What the steps add up, each chunk adds up by itself, and the sums are added in the order of the chunks. So
the numbers are the same from run to run, and for any number of threads. A loop of little work is one chunk.

What is not proven independent stays as it is (`independent.py` has the proof). A loop whose steps need one another may have loops in it
that do not.
"""
from __future__ import annotations

import ast
import re
from dataclasses import field
from typing import TYPE_CHECKING

from s2sad.loading import at_first_use
from s2sad.native.text_of_loops import Facts, with_sums
from s2sad.parsing import parse
from s2sad.quickly import dataclass
from s2sad.settings import NOT_OVER_THREADS

if TYPE_CHECKING:
    from s2sad.native import independent
    from s2sad.native.independent import Proof
else:
    independent = at_first_use("s2sad.native.independent")

CHUNKS = 64
LEAST = 20_000  # operations, below which threads are not worth waking
UNKNOWN = 8  # what a number of steps counts as that is not known in front of the loop
PLACE = re.compile(r"#\s+(?:adjoint of )?(\S+:\d+)")
INDENT = "    "


@dataclass
class Threads:
    """The text of a module's functions, those of the chunks in front, and why loops are not over threads."""

    text: str
    serial: list[str] = field(default_factory=list)

    @property
    def parallel(self) -> bool:
        """Whether any loop is over threads."""
        return "prange(" in self.text


def over_threads(text: str, label: str, of_steps: frozenset[str]) -> Threads:
    """The text of a native function with its independent loops over threads.

    `of_steps` are the arrays in which steps keep what nobody needs after them: each chunk gets its own.
    """
    return Rewriting(text, label, of_steps).done()


class Rewriting:
    """One text that is rewritten, by the numbers of its lines."""

    def __init__(self, text: str, label: str, of_steps: frozenset[str]) -> None:
        self.lines, self.label = text.rstrip("\n").split("\n"), label
        function = with_sums(parse(text)).body[0]
        assert isinstance(function, ast.FunctionDef)
        self.function, self.facts = function, Facts(function, of_steps)
        self.chunks: list[str] = []
        self.replaced: dict[int, tuple[int, list[str]]] = {}  # by the first line: the last one, and what stands there instead
        self.serial: list[str] = []

    def done(self) -> Threads:
        for statement in self.function.body:
            self.look(statement)
        lines: list[str] = []
        number = 1
        while number <= len(self.lines):
            last, instead = self.replaced.get(number, (number, [self.lines[number - 1]]))
            lines += instead
            number = last + 1
        return Threads("\n\n\n".join([*self.chunks, "\n".join(lines)]) + "\n", list(dict.fromkeys(self.serial)))

    def look(self, statement: ast.stmt) -> None:
        """Put a loop over threads, or else those in it."""
        if isinstance(statement, ast.For):
            try:
                self.rewrite(statement, independent.proof(statement, self.facts))
                return
            except independent.Dependent as reason:
                if not reason.short:
                    self.serial.append(f"{self.place(statement)}{NOT_OVER_THREADS}{reason}")
        for part in ("body", "orelse"):
            for inner in getattr(statement, part, ()):
                self.look(inner)

    def place(self, loop: ast.For) -> str:
        """Where the user has written what a loop does first, as far as a comment tells."""
        near = [*self.lines[loop.lineno - 1 : loop.end_lineno], self.lines[loop.lineno - 2]]
        return next((f"{found[1]}: " for line in near if (found := PLACE.search(line))), "")

    def rewrite(self, loop: ast.For, found: Proof) -> None:
        number = len(self.chunks) + 1
        self.chunks.append(self.chunk(loop, found, f"{self.label}_part_{number}"))
        assert loop.end_lineno is not None
        self.replaced[loop.lineno] = loop.end_lineno, self.call(loop, found, number)
        for label in found.private:
            line = self.facts.makers[label]
            self.replaced[line] = line, []

    def chunk(self, loop: ast.For, found: Proof, name: str) -> str:
        """The function of a chunk: some of the steps, after what they need of memory for themselves."""
        own = [self.lines[self.facts.makers[label] - 1].strip() for label in found.private]
        begin = [f"{label} = {zero}" for label, zero in found.sums.items()]
        first, last = self.facts.fresh("first"), self.facts.fresh("last")
        sign, rest = ("+", "") if found.step == 1 else ("-", ", -1")
        begin_at = "" if found.first == "0" and found.step == 1 else f"{found.first} {sign} "
        steps = f"{begin_at}{first}, {begin_at}{last}{rest}"
        head = f"def {name}({', '.join([first, last, *found.reads, *found.arrays])}):"
        inner = self.lines[loop.body[0].lineno - 1 : loop.end_lineno]
        before = self.lines[loop.lineno : loop.body[0].lineno - 1]  # comments
        cut = loop.col_offset
        body = [line[cut:] for line in [*before, *inner]]
        left = ", ".join(["True", *found.sums]) + ("," if not found.sums else "")
        if found.leave:
            body = [re.sub(r"^(\s*)return .*", rf"\1return {left}", line) for line in body]
        gives = ", ".join([*(["False"] if found.leave else []), *found.sums])
        gives += "," if len(found.sums) + bool(found.leave) == 1 else ""
        assert isinstance(loop.target, ast.Name)
        lines = [*own, *begin, f"for {loop.target.id} in range({steps}):", *body, f"return {gives or None}"]
        return "\n".join([head, *(INDENT + line for line in lines)])

    def call(self, loop: ast.For, found: Proof, number: int) -> list[str]:
        """What stands where the loop was: of little work one chunk, else all of them."""
        fresh = self.facts.fresh
        steps, chunk = fresh("steps"), fresh("chunk")
        left = fresh("left") if found.leave else ""
        leave = self.lines[found.leave - 1].strip() if found.leave else ""
        parts = {label: fresh(f"{label}_parts") for label in (*found.sums, *found.arrays)}
        gives = [left] * bool(left) + [parts[label] for label in found.sums]
        whole = {name: fresh(name.replace("_parts", "_all")) for name in gives}
        work = f"{steps} * {self.work(loop.body, found)}"
        few = " or ".join([f"{work} < {LEAST}", *(f"{label}.size * {CHUNKS} > {work}" for label in found.arrays)])
        name = f"{self.label}_part_{number}"

        def calling(at: str, first: str, last: str) -> str:
            target = ", ".join(f"{one}{at}" if at else whole[one] for one in gives)
            arrays = [f"{parts[label]}{at}" if at else label for label in found.arrays]
            given = ", ".join([first, last, *found.reads, *arrays])
            return f"{target}{',' if len(gives) == 1 else ''}{' = ' if gives else ''}{name}({given})"

        one = [calling("", "0", steps), *([f"if {whole[left]}:", INDENT + leave] if left else []),
               *(f"{label} += {whole[parts[label]]}" for label in found.sums)]  # fmt: skip
        all_ = [f"{left} = np.zeros({CHUNKS}, np.bool_)"] * bool(left)
        all_ += [f"{parts[label]} = np.zeros({CHUNKS}{kind_of(zero)})" for label, zero in found.sums.items()]
        all_ += [f"{parts[label]} = np.zeros(({CHUNKS},) + {label}.shape, {label}.dtype)" for label in found.arrays]
        bounds = f"{chunk} * {steps} // {CHUNKS}", f"({chunk} + 1) * {steps} // {CHUNKS}"
        all_ += [f"for {chunk} in prange({CHUNKS}):", INDENT + calling(f"[{chunk}]", *bounds)]
        all_ += [f"if {left}.any():", INDENT + leave] if left else []
        if parts:
            part = fresh("part")
            all_ += [f"for {part} in range({CHUNKS}):", *(f"{INDENT}{label} += {own}[{part}]" for label, own in parts.items())]
        head = f"{steps} = len(range({', '.join(map(ast.unparse, loop.iter.args))}))"  # type: ignore[attr-defined]
        lines = [head, f"if {few}:", *(INDENT + line for line in one), "else:", *(INDENT + line for line in all_)]
        return [" " * loop.col_offset + line for line in lines]

    def work(self, statements: list[ast.stmt], found: Proof) -> str:
        """About how many operations a step takes, as an expression of what is known in front of the loop."""
        plain, inner = 0, []
        for statement in statements:
            if isinstance(statement, ast.For) and isinstance(statement.iter, ast.Call):
                steps = [found.in_front(a) for a in statement.iter.args]
                known = f"len(range({', '.join(s for s in steps if s)}))" if all(steps) else str(UNKNOWN)
                inner.append(f"{known} * {self.work(statement.body, found)}")
            elif isinstance(statement, (ast.If, ast.While)):
                inner.append(self.work([*statement.body, *statement.orelse], found))
            else:
                plain += 1
        return f"({' + '.join([str(max(plain, 1)), *inner])})" if inner else str(max(plain, 1))


def kind_of(zero: str) -> str:
    """The dtype of an array of sums that begin so, as the rest of a call."""
    if zero.startswith("np."):
        return f", {zero.partition('(')[0]}"
    return {"0": ", np.int64", "complex(0.0)": ", np.complex128", "0j": ", np.complex128"}.get(zero, "")
