"""Programs written at random that read and write elements of arrays in loops, by indices that go with the steps.

They go forwards, backwards, in twos, turned round, in triangles, with writes in branches, elements that change places, and loops that write
over what others have read.

A program is a module with `f(a, b, M)`, two arrays of n elements and one of n by n. With four elements the outer loops make no step.
"""

from __future__ import annotations

from random import Random

RANGES = ("range(2, n - 2)", "range(n - 3, 1, -1)", "reversed(range(2, n - 2))", "range(2, n - 2, 2)", "range(n - 3, 1, -2)")
INNER = ("range(i)", "range(i - 1, -1, -1)", "range(i + 1, n)", "range(n - 1, i, -1)", "range(2, n - 2)")
PLACES = ("i", "i", "i", "i - 1", "i - 1", "i + 1", "i + 2", "i - 2",
          "n - 1 - i", "n - i", "-i", "-i - 1", "i // 2", "(i + 2) % n", "0", "-1")  # fmt: skip
WITHIN = ("j", "j", "j", "i", "j - 1", "n - 1 - j", "(j + 1) % n", "0")
PARTS = ("i - 1:i + 1", "i:i + 2", "i - 2:i + 2:2", "i + 1:i - 1:-1")
CONDITIONS = ("i % 2 == 0", "i > 3", "a[i] > 0.6", "b[i - 1] * b[i] > 0.3", "i != n - 3", "i == n // 2")
NUMBERS = ("np.sin({0})", "0.5 * {0} * {1}", "{0} / (2.0 + {1} ** 2)", "{0} ** 2 - {1}", "np.tanh({0} + {1} * {2})", "np.exp(-{0} ** 2)")


def program(seed: int) -> str:
    """The text of a module with `f`."""
    return _Program(Random(seed)).text()


class _Program:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.lines = ["import numpy as np", "", "", "def f(a, b, M):", "    n = len(a)"]

    def add(self, depth: int, line: str) -> None:
        self.lines.append("    " * depth + line)

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def text(self) -> str:
        if self.often(0.3):
            self.add(1, "b = np.zeros(n)")
        for _ in range(self.random.choice((1, 1, 2, 2, 3))):
            self.loop()
        self.add(1, "return np.sum(a * b) + np.sum(a ** 2) + np.sum(b * b) + np.sum(M * M)")
        return "\n".join(self.lines) + "\n"

    def loop(self) -> None:
        depth = 1
        if self.often(0.15):
            self.add(depth, f"for _ in range({self.random.choice((0, 1, 2))}):")
            depth += 1
        if self.often(0.15):
            self.add(depth, "i = 2")
            self.add(depth, "while i < n - 2:")
            self.statements(depth + 1, ())
            self.add(depth + 1, f"i += {self.random.choice((1, 2))}")
        else:
            self.add(depth, f"for i in {self.random.choice(RANGES)}:")
            self.statements(depth + 1, ())

    def statements(self, depth: int, inner: tuple[str, ...]) -> None:
        for _ in range(self.random.choice((1, 2, 2, 3))):
            self.statement(depth, inner)

    def statement(self, depth: int, inner: tuple[str, ...]) -> None:
        kind = self.random.choices(("set", "add", "swap", "part", "branch", "inner", "number"), (8, 3, 2, 2, 3, 3, 2))[0]
        if kind == "set":
            self.add(depth, f"{self.element(inner)} = {self.number(inner)}")
        elif kind == "add":
            self.add(depth, f"{self.element(inner)} {self.random.choice(('+=', '-=', '*='))} {self.number(inner)}")
        elif kind == "swap":
            one, other = self.element(inner), self.element(inner)
            self.add(depth, f"{one}, {other} = {other}, {one}")
        elif kind == "part":
            array, part = self.random.choice("ab"), self.random.choice(PARTS)
            self.add(depth, f"{array}[{part}] = np.sin({self.random.choice('ab')}[{part}]) * {self.element(inner)}")
        elif kind == "branch":
            self.branch(depth, inner)
        elif kind == "inner" and not inner:
            self.add(depth, f"for j in {self.random.choice(INNER)}:")
            self.statements(depth + 1, WITHIN)
        else:
            self.add(depth, f"t = {self.number(inner)}")
            self.add(depth, f"{self.element(inner)} = t * {self.element(inner)}")
            self.add(depth, f"{self.element(inner)} = t")

    def branch(self, depth: int, inner: tuple[str, ...]) -> None:
        self.add(depth, f"if {self.random.choice(CONDITIONS)}:")
        self.add(depth + 1, f"{self.element(inner)} = {self.number(inner)}")
        if self.often(0.5):
            self.add(depth, "else:")
            self.add(depth + 1, f"{self.element(inner)} = {self.number(inner)}")

    def number(self, inner: tuple[str, ...]) -> str:
        return self.random.choice(NUMBERS).format(*(self.element(inner) for _ in range(3)))

    def element(self, inner: tuple[str, ...]) -> str:
        places = (*PLACES[:8], *inner, *inner) if inner else PLACES
        if self.often(0.4 if inner else 0.15):
            return f"M[{self.random.choice(places)}, {self.random.choice(places)}]"
        return f"{self.random.choice('ab')}[{self.random.choice(places)}]"
