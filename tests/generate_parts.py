"""Programs over vectors of one length and parts of them: views, writes in place by way of them, elements in loops, sums, branches.

Where an array lies in memory, and what has been written over it since, is what they are about: much is read again after something
near to it was written. They are written by a seeded `random.Random`.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

PARTS = (("",), ("1:", ":-1"), ("2:", ":-2", "1:-1"), ("::2",))  # by how many elements fewer they have; the last ones have half
RANGES = ("len(x)", "1, len(x)", "3", "len(x) - 1, 0, -1", "len(x) - 1", "k", "k")
BEGIN = ("x * w", "x.copy()", "np.zeros(len(x))", "np.sin(w)", "x + 0.5", "np.full(len(x), 0.7)", "np.ones(len(x))")
CALLS = ((5, 2), (2, 0), (7, 0), (5, 1))  # the lengths of the arrays, and `k`


class Writer:
    """Writes the statements of a function; `own` are the arrays that it may write into, `views` parts by their kind."""

    def __init__(self, random: Random) -> None:
        self.random, self.lines, self.count = random, ["s = 0.0"], 0
        self.full, self.own, self.numbers = ["x", "w"], list[str](), ["s"]
        self.views: dict[str, int] = {}
        self.counters: list[str] = []

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    # Expressions

    def part(self, kind: int) -> str:
        views = [v for v, k in self.views.items() if k == kind]
        if views and self.random.random() < 0.4:
            return self.random.choice(views)
        array = self.random.choice(self.full)
        if kind == 0:
            return array if self.random.random() < 0.8 else f"{array}[::-1]"
        return f"{array}[{self.random.choice(PARTS[kind])}]"

    def number(self) -> str:
        found = [self.random.choice(("0.5", "-0.3", "1.2")), self.random.choice(self.numbers)]
        if self.counters:
            found += [f"{self.random.choice(self.full)}[{self.counters[-1]}]"] * 2
        return self.random.choice(found)

    def expression(self, kind: int) -> str:
        one, other = self.part(kind), self.part(kind)
        return self.random.choice((
            f"np.sin({one})", f"np.sin({one})", f"{one} * {other}", f"{one} * {other}", f"{one} * {self.number()} + {other}",
            f"np.tanh({one} - {other})", f"{one} - 0.5 * {other}", f"np.where({one} > 0.1, {other}, {self.part(kind)} * 0.3)", one,
        ))  # fmt: skip

    # Statements

    def begin(self) -> None:
        for _ in range(self.random.randint(1, 2)):
            self.own.append(self.name("a"))
            self.full.append(self.own[-1])
            self.line(0, f"{self.own[-1]} = {self.random.choice(BEGIN)}")

    def statement(self, depth: int) -> None:
        ways = [self.write, self.write, self.element, self.sum, self.step, self.add]
        ways += [self.array, self.view, self.constant] if depth == 0 else [self.read, self.write]
        ways += [self.loop, self.loop, self.branch] if depth < 2 else []
        self.random.choice(ways)(depth)

    def array(self, depth: int) -> None:
        expression = self.expression(0)
        self.own.append(self.name("a"))
        self.full.append(self.own[-1])
        self.line(depth, f"{self.own[-1]} = {expression} + 0.0")

    def view(self, depth: int) -> None:
        kind, name, base = self.random.choice((0, 1, 1, 2, 2, 3)), self.name("v"), self.random.choice(self.own)
        part = self.random.choice(PARTS[kind])
        self.line(depth, f"{name} = {base}[{part}]" if part else f"{name} = {base}")
        self.views[name] = kind

    def constant(self, depth: int) -> None:
        name = self.name("t")
        self.line(depth, f"{name} = {self.number()} * {self.random.choice(self.full)}[0]")
        self.numbers.append(name)

    def write(self, depth: int) -> None:
        kind, sign = self.random.choice((0, 1, 1, 2, 2, 3)), self.random.choice(("=", "=", "+=", "-=", "*="))
        views = [v for v, k in self.views.items() if k == kind]
        expression = self.expression(kind)
        if views and self.random.random() < 0.3:
            return self.line(depth, f"{self.random.choice(views)}[:] {sign} {expression}")
        self.line(depth, f"{self.random.choice(self.own)}[{self.random.choice(PARTS[kind]) or ':'}] {sign} {expression}")

    def element(self, depth: int) -> None:
        place = self.counters[-1] if self.counters and self.random.random() < 0.8 else self.random.choice(("0", "-1", "1"))
        value = self.random.choice((self.number(), f"math.sin({self.number()})", f"{self.number()} * {self.number()}"))
        self.line(depth, f"{self.random.choice(self.own)}[{place}] {self.random.choice(('=', '+=', '-='))} {value}")

    def sum(self, depth: int) -> None:
        self.line(depth, f"s {self.random.choice(('+=', '-='))} np.sum({self.expression(self.random.choice((0, 1, 2)))})")

    def step(self, depth: int) -> None:
        self.line(depth, f"s = math.sin(s) + {self.number()}")

    def add(self, depth: int) -> None:
        self.line(depth, f"s += {self.number()} * 0.5")

    def read(self, depth: int) -> None:
        if self.counters:
            i = self.counters[-1]
            place = self.random.choice((i, f"{i} - 1", "-1"))
            self.line(depth, f"s += {self.random.choice(self.full)}[{i}] * {self.random.choice(self.full)}[{place}]")
        else:
            self.add(depth)

    def loop(self, depth: int) -> None:
        counter, range_ = self.name("i"), self.random.choice(RANGES)
        self.line(depth, f"for {counter} in range({range_}):")
        counts = range_ != "3"  # which may be more than there are elements
        self.counters += [counter] if counts else []
        for _ in range(self.random.randint(1, 4)):
            self.statement(depth + 1)
        if counts:
            self.counters.pop()
            if self.random.random() < 0.12:
                self.line(depth + 1, "if s > 2.5:")
                self.line(depth + 2, "break")

    def branch(self, depth: int) -> None:
        self.line(depth, f"if {self.random.choice(self.numbers)} > {self.random.choice((0.0, 0.3, -0.4))}:")
        self.statement(depth + 1)
        if self.random.random() < 0.6:
            self.line(depth, "else:")
            self.statement(depth + 1)


def program(number: int) -> str:
    """The text of a module with a function `f(x, w, k)` of two arrays of one length and a whole number."""
    writer = Writer(Random(number))
    writer.begin()
    for _ in range(writer.random.randint(4, 9)):
        writer.statement(0)
    last = f"return s + np.sum({writer.part(0)} * {writer.part(0)}) + np.sum({writer.expression(1)})"
    body = "".join(f"    {line}\n" for line in [*writer.lines, last])
    return f"import math\n\nimport numpy as np\n\n\ndef f(x, w, k):\n{body}"


def arguments(number: int) -> list[tuple[Any, ...]]:
    """Arguments of several sizes, for the ways of a program."""
    random = np.random.default_rng(number)
    return [(random.normal(size=n), random.normal(size=n), k) for n, k in CALLS]
