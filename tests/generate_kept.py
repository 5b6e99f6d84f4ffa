"""Programs written by hypothesis that consist of loops and branches: over numbers, and over arrays read and written at loop indices.

A program is a module with `f(x, y, a, n)` and some helpers: `x` and `y` are numbers, `a` is an array of one axis with at least one
element. Every array of a program is as long as `a`, every table is square with sides of that length, and every index in a program
is within them. What is assigned is squashed first, so that values stay small however often a loop runs. Nothing raises.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests import generate

Args = tuple[Any, Any, np.ndarray, int]

PRELUDE = """\
import functools
import math

import numpy as np

K = 0.75


def series(v, terms, scale=0.5):
    total = 0
    for k in range(terms):
        total = total + scale * math.sin(v + k)
        if total > 1.2:
            return total - k
    return total * K


def halve(v):
    while abs(v) > 0.4:
        if v < -1.0:
            return v * 0.25
        v = v * 0.5 - 0.01
    return v


def halve_towards(target, v, rate=0.5):
    return target + rate * (v - target)


def both(v, w):
    if v > w:
        return v * K, w
    return w * v, 0.5


def sweep(b, rate):
    for i in range(1, len(b)):
        b[i] = 0.5 * b[i] + rate * np.sin(b[i - 1])
        if b[i] > 1.0:
            break
    return b


def counted(function):
    @functools.wraps(function)
    def counting(*values):
        counting.calls += 1
        return function(*values) / (1.0 + 0.25 * counting.calls)

    counting.calls = 0
    return counting


def eased(rate):
    def decorate(function):
        @functools.wraps(function)
        def ease(q):
            return rate * function(q) + 0.5 * q

        return ease

    return decorate


def inner(b, c):
    total = 0.0
    for v, w in zip(b, c):
        total += v * w
    return total


def f(x, y, a, n):
"""

CONSTANTS = ("0.3", "-0.7", "1.25", "0.5", "K", "2", "1")
THRESHOLDS = ("0.0", "0.4", "-0.35", "0.9", "0.15")
NUMBER_UNARY = ("math.sin({0})", "np.cos({0})", "-{0}", "{0} ** 2", "abs({0})", "0.5 * {0}", "max({0}, 0.15)", "min({0}, 0.8)",
                "({0} if {0} > 0.2 else 0.5)", "series({0}, n)", "halve(np.tanh({0}))", "float({0})", "math.exp(-{0} ** 2)",
                "series({0}, 2, scale=y)", "({0} and 0.7 * {0})", "(lambda q: q * {0})(x)")  # fmt: skip
ARRAY_UNARY = ("np.sin({0})", "np.tanh({0})", "0.5 * {0}", "{0}[::-1]", "{0} * {0}", "np.where({0} > 0.2, {0}, 0.1)", "-{0}",
               "np.cumsum({0}) / (n + 1)", "np.maximum({0}, 0.1)")  # fmt: skip
REDUCTIONS = ("np.sum({0})", "({0} @ {0})", "np.max({0})", "np.mean({0})", "inner({0}, {0})", "np.sum({0}[:{1}])", "np.sum({0}[{1}:])",
              "({0}[:{1}] @ {0}[:{1}])", "{0}.sum()", "np.linalg.norm({0} + 2.0)")  # fmt: skip
BINARY = ("{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} / (1.5 + {1} * {1})")
SQUASHED = ("math.sin({0})", "np.tanh({0})", "0.8 * math.cos({0})", "({0}) / (1.5 + ({0}) ** 2)")
SQUASHED_ARRAYS = ("np.sin({0})", "np.tanh({0})", "0.8 * np.cos({0})", "({0}) / (1.5 + np.square({0}))")
RANGES = ("range(n)", "range(n, 0, -1)", "range(1, n + 1)", "range(0, n, 2)", "range(3)", "reversed(range(n))")
ALONG = ("range(len(a))", "range(1, len(a))", "range(len(a) - 1, -1, -1)", "range(0, len(a), 2)", "reversed(range(len(a)))",
         "range({0}, len(a))", "range({0} + 1, len(a))", "range({0})", "range(min(n, len(a)))")  # fmt: skip


@dataclass
class Writer(generate.Writer):
    """As its base, with `values` for the names of arrays and `numbers` for what numbers can be read from and assigned to."""

    places: list[str] = field(default_factory=list)  # indices that are within every array
    counters: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    loops: int = 0
    budget: int = 18

    # Expressions

    def place(self) -> str:
        if self.places and self.chance(75):
            return str(self.pick((*self.places, *(f"{p} - 1" for p in self.places), f"-{self.places[-1]}")))
        return str(self.pick(("0", "-1", "n % len(a)", *(f"{c} % len(a)" for c in self.counters))))

    def part(self) -> str:
        """A slice, whose length may change from one iteration to the next."""
        return str(self.pick(("{0}:", ":{0}", "{0}:{1}", ":", "{0}:{0} + 2", "::-1", ":{0}:2"))).format(self.place(), self.place())

    def array(self) -> str:
        """The name of an array, or something of that length that is a view."""
        if self.tables and self.chance(25):
            table = self.pick(self.tables)
            return str(self.pick(("{0}[{1}]", "{0}[:, {1}]", "{0}[{1}, :]", "{0}.T[{1}]"))).format(table, self.place())
        return str(self.pick(self.values))

    def arrays_value(self, depth: int = 1) -> str:
        if depth == 0 or self.chance(25):
            return self.array()
        choice = self.draw(st.integers(0, 9))
        if choice < 4:
            return str(self.pick(ARRAY_UNARY)).format(self.array())
        other = self.array() if choice < 7 else self.number(0)
        return "(" + str(self.pick(BINARY)).format(self.arrays_value(depth - 1), other) + ")"

    def number(self, depth: int = 2) -> str:
        if depth == 0 or self.chance(15):
            return self.atom()
        choice = self.draw(st.integers(0, 9))
        if choice < 5:
            return "(" + str(self.pick(BINARY)).format(self.number(depth - 1), self.number(depth - 1)) + ")"
        if choice < 8 or not self.arrays:
            return str(self.pick(NUMBER_UNARY)).format(self.atom())
        return str(self.pick(REDUCTIONS)).format(self.array(), self.place())

    def atom(self) -> str:
        choice = self.draw(st.integers(0, 9))
        if choice < 5:
            return str(self.pick([*self.numbers, *self.numbers[-2:]]))
        if choice < 8 and self.arrays:
            return self.element()
        if choice == 8 and self.functions:
            return f"{self.pick(self.functions)}({self.pick(self.numbers)})"
        return str(self.pick((*CONSTANTS, *self.places, *self.counters)))

    def element(self) -> str:
        if self.tables and self.chance(35):
            return f"{self.pick(self.tables)}[{self.place()}, {self.place()}]"
        return f"{self.pick(self.values)}[{self.place()}]"

    def small(self) -> str:
        return str(self.pick(SQUASHED)).format(self.number())

    def small_array(self) -> str:
        return str(self.pick(SQUASHED_ARRAYS)).format(self.arrays_value())

    def condition(self) -> str:
        whole = self.pick((*self.places, *self.counters, "n"))
        return str(self.pick((
            "{0} > {1}", "{0} <= {1}", "not {0} > {1}", "-0.4 < {0} < 0.6", "{2} % 2 == 0", "{2} > 1 and {0} < {1}", "{2}",
            "{0} > {1} or {2} == 2", "(q := {0}) > {1} and q < 1.1", "{0} > {3}", "{0} < {3} < 1.0",
        ))).format(self.number(1), self.pick(THRESHOLDS), whole, self.atom())  # fmt: skip

    # Statements

    def statement(self, depth: int, loop: bool) -> None:
        kinds = [self.assign, self.assign, self.augment, self.augment, self.turn, self.start, self.hold, self.tick, self.closure,
                 self.optional, self.pair]  # fmt: skip
        if self.arrays:
            kinds += [self.write, self.write, self.write, self.new, self.new, self.view, self.rebind, self.fill, self.square]
        if depth < 5:
            kinds += [self.branch] * 3
        if depth < 5 and self.loops < 3:
            kinds += [self.count] * 2 + [self.repeat, self.forever] + [self.along, self.along, self.elements] * self.arrays
        if loop:
            kinds += [self.leave] * 2
        elif depth > 1:
            kinds += [self.give]
        self.pick(kinds)(depth, loop)

    def target(self, depth: int) -> str:
        """A number to assign to: one that is there, or a new name."""
        if self.chance(70):
            return str(self.pick(self.numbers))
        self.numbers.append(self.name())
        return self.numbers[-1]

    def assign(self, depth: int, loop: bool) -> None:
        value = self.small()
        self.line(depth, f"{self.target(depth)} = {value}")

    def augment(self, depth: int, loop: bool) -> None:
        name = self.pick(self.numbers)
        self.line(depth, str(self.pick((
            "{0} += 0.5 * ({1})", "{0} -= {1}", "{0} *= {1}", "{0} = 0.7 * {0} + {1}", "{0} = ({1}) * {0}", "{0} /= 1.3 + ({1}) ** 2",
        ))).format(name, self.small()))  # fmt: skip

    def turn(self, depth: int, loop: bool) -> None:
        """State of several names that change places."""
        one, other = self.pick(self.numbers), self.pick(self.numbers)
        self.line(depth, str(self.pick(("{0}, {1} = {1}, {0}", "{0}, {1} = {1}, {2}", "{0}, {1} = {2}, {0} * {1}"))).format(
            one, other, self.small()))  # fmt: skip

    def start(self, depth: int, loop: bool) -> None:
        """An integer or a constant, which a loop may make a float or a differentiated number."""
        self.line(depth, f"{self.target(depth)} = {self.pick(('0', '1', '0.0', '0.5', 'y', 'n'))}")

    def hold(self, depth: int, loop: bool) -> None:
        """A list or a dictionary whose items are read and assigned like numbers."""
        name = self.name()
        if self.chance(50):
            self.line(depth, f"{name} = [{self.small()}, {self.pick(self.numbers)}]")
            self.numbers += [f"{name}[0]", f"{name}[1]"]
        else:
            self.line(depth, f"{name} = {{'p': {self.small()}, 'q': 0}}")
            self.numbers += [f"{name}['p']", f"{name}['q']"]

    def tick(self, depth: int, loop: bool) -> None:
        if self.counters and self.chance(70):
            self.line(depth, f"{self.pick(self.counters)} += 1")
        elif depth == 1:
            self.counters.append(self.name())
            self.line(depth, f"{self.counters[-1]} = {self.pick(('0', 'n', '2'))}")
        else:
            self.augment(depth, loop)

    def closure(self, depth: int, loop: bool) -> None:
        if depth > 1:
            return self.assign(depth, loop)
        name = self.name()
        choice = self.draw(st.integers(0, 9))
        if choice < 4:
            self.line(depth, f"{name} = lambda q: {str(self.pick(BINARY)).format('q', self.number(1))}")
        elif choice < 6:
            self.line(depth, f"{name} = functools.partial(halve_towards, {self.number(1)})")
        else:
            for _ in range(choice - 7):
                self.line(depth, str(self.pick(("@counted", "@eased(y)", f"@eased({self.small()})"))))
            self.line(depth, f"def {name}(q):")
            self.line(depth + 1, f"if {self.condition()}:")
            self.line(depth + 2, f"return {self.small()} + q")
            self.line(depth + 1, f"return q * {self.number(1)}")
            self.hang(depth, name, choice > 7)
        self.functions.append(name)

    def hang(self, depth: int, name: str, wrapped: bool) -> None:
        """An attribute of a function, read and assigned like a number; what a decorator has wrapped is a function as well."""
        if self.chance(60):
            self.line(depth, f"{name}.held = {self.small()}")
            self.numbers.append(f"{name}.held")
        if wrapped and self.chance(50):
            self.functions.append(f"{name}.__wrapped__")

    def optional(self, depth: int, loop: bool) -> None:
        """A name that only one branch defines, used where the same condition holds."""
        flag, name, target = self.name(), self.name(), self.pick(self.numbers)
        self.line(depth, f"{flag} = {self.condition()}")
        self.line(depth, f"if {flag}:")
        self.line(depth + 1, f"{name} = {self.small()}")
        self.block(depth + 1, loop, 1)
        self.line(depth, f"{target} = {name} + 0.3 * {target} if {flag} else {self.small()}")

    def pair(self, depth: int, loop: bool) -> None:
        one, other = self.target(depth), self.target(depth)
        names = {one, other}
        known = [n for n in self.numbers if n not in names] or ["x"]
        self.line(depth, f"{one}, {other} = both({self.pick(SQUASHED).format(self.pick(known))}, {self.pick((*CONSTANTS, *known))})")

    # Arrays

    def write(self, depth: int, loop: bool) -> None:
        choice = self.draw(st.integers(0, 9))
        if choice < 4:
            self.line(depth, f"{self.element()} = {self.small()}")
        elif choice < 7:
            self.line(depth, f"{self.element()} {self.pick(('+=', '-=', '*='))} {self.small()}")
        elif choice < 9:
            part = self.part()
            value = f"({self.small_array()})[{part}]" if self.chance(60) else self.small()
            self.line(depth, f"{self.array()}[{part}] {self.pick(('=', '=', '+=', '*='))} {value}")
        else:
            one, other = self.element(), self.element()
            self.line(depth, f"{one}, {other} = {other}, 0.8 * {one}")

    def made(self, name: str = "") -> str:
        name = name or self.name()
        if name not in self.values:
            self.values.append(name)
        return name

    def new(self, depth: int, loop: bool) -> None:
        text = str(self.pick((
            "np.zeros(len(a))", "np.zeros_like(a)", "np.zeros(a.shape)", "{0}.copy()", "np.array({0})", "{1}", "{1}", "np.ones(len(a)) * x",
            "np.array([v * y for v in {0}])",
        ))).format(self.array(), self.small_array())  # fmt: skip
        name = self.pick([v for v in self.values if v != "a"] or [""]) if self.chance(30) else ""
        self.line(depth, f"{self.made(name)} = {text}")

    def view(self, depth: int, loop: bool) -> None:
        text = str(self.pick(("{0}", "{0}[:]", "{0}[::-1]", "{0}.reshape(-1)", "np.asarray({0})"))).format(self.array())
        self.line(depth, f"{self.made()} = {text}")

    def rebind(self, depth: int, loop: bool) -> None:
        one, other = self.pick(self.values), self.pick(self.values)
        self.line(depth, str(self.pick((
            "{0}, {1} = {1}, {0}", "{0} = 0.5 * {0} + {2}", "{0} = {0} * {3}", "{0} += {2}", "{0} *= {3}", "{0} = {1}",
            "{0} = {1} if {4} else {2}",
        ))).format(one, other, self.small_array(), self.small(), self.condition()))  # fmt: skip

    def fill(self, depth: int, loop: bool) -> None:
        self.line(depth, str(self.pick((
            "sweep({0}, {1})", "sweep({0}[::-1], y)", "{2} = sweep({0}, {1}) * 0.5", "sweep({0}[:n], {1})",
        ))).format(self.array(), self.small(), self.pick(self.values)))  # fmt: skip

    def square(self, depth: int, loop: bool) -> None:
        if self.tables and self.chance(60):
            table = self.pick(self.tables)
            self.line(depth, str(self.pick((
                "{0}[{1}] = {2}", "{0}[:, {1}] *= {3}", "{0}[{1}, :{4}] = {3}", "{0} *= 0.8", "{0}[{1}, {4}:] += ({2})[{4}:]",
                "{0}[:] = 0.5 * {0}.T",
            ))).format(table, self.place(), self.small_array(), self.small(), self.place()))  # fmt: skip
        elif depth == 1:
            name = self.name()
            self.line(depth, f"{name} = " + str(self.pick((
                "np.zeros((len(a), len(a)))", "np.outer(a, a)", "np.empty((len(a), len(a))); {0}[:] = {1}",
            ))).format(name, self.small_array()))  # fmt: skip
            self.tables.append(name)
        else:
            self.write(depth, loop)

    # Statements with blocks

    def body(self, depth: int, size: int) -> None:
        """The body of a loop, which mostly changes something that is there before it, and may be left early."""
        self.loops += 1
        if self.chance(70):
            (self.step if self.arrays and self.places else self.augment)(depth, True)
        self.block(depth, True, size)
        if self.chance(30):
            self.leave(depth, True)
            self.augment(depth, True)
        self.loops -= 1

    def step(self, depth: int, loop: bool) -> None:
        """An element at the index of the loop from others, and from what it was."""
        self.line(depth, str(self.pick((
            "{0}[{1}] = {2}", "{0}[{1}] += 0.5 * {0}[{1} - 1] ** 2", "{0}[{1}] = math.sin({0}[{1} - 1]) * {0}[{1}] + 0.2",
            "{0}[{1}] *= {2}", "{0}[{1} - 1] -= {0}[{1}] * {2}", "{0}[:{1}] *= 0.9 + 0.1 * {0}[{1}]", "{0}[{1}:] += 0.3 * {0}[{1} - 1]",
        ))).format(self.pick(self.values), self.places[-1], self.small()))  # fmt: skip

    def each(self, depth: int, loop: bool, head: str, index: str, place: bool) -> None:
        """A loop; its index is a place within arrays, or an integer to count with."""
        known = self.places if place else self.counters
        after = self.chance(25)
        if after:
            self.line(depth, f"{index} = 0")
        self.line(depth, head)
        known.append(index)
        self.body(depth + 1, self.draw(st.integers(2, 3)))
        known.remove(index)
        if self.chance(20):
            self.line(depth, "else:")
            self.block(depth + 1, loop, 1)
        if after and depth == 1:
            known.append(index)

    def count(self, depth: int, loop: bool) -> None:
        index = self.name()
        options = (*RANGES, *(f"range({c} % 3)" for c in self.counters))
        self.each(depth, loop, f"for {index} in {self.pick(options)}:", index, False)

    def along(self, depth: int, loop: bool) -> None:
        index = self.name()
        options = ALONG if self.places else [r for r in ALONG if "{0}" not in r]
        place = self.pick(self.places) if self.places else ""
        self.each(depth, loop, f"for {index} in {str(self.pick(options)).format(place)}:", index, True)

    def elements(self, depth: int, loop: bool) -> None:
        """Over elements, with or without their place, or over the rows of a table."""
        index, item, other = self.name(), self.name(), self.name()
        numbers, values = list(self.numbers), list(self.values)
        array = self.array()
        if self.tables and self.chance(30):
            self.line(depth, f"for {index}, {item} in enumerate({self.pick(self.tables)}):")
            self.values.append(item)
        elif self.chance(50):
            self.line(depth, f"for {index}, {item} in enumerate({array}):")
            self.numbers.append(item)
        else:
            self.line(depth, f"for {index}, {item}, {other} in zip(range(len(a)), {array}, reversed({self.array()})):")
            self.numbers += [item, other]
        self.places.append(index)
        self.body(depth + 1, 2)
        self.places.remove(index)
        self.numbers[:], self.values[:] = numbers, values

    def repeat(self, depth: int, loop: bool) -> None:
        counter = self.name()
        self.line(depth, f"{counter} = 0")
        self.line(depth, f"while {counter} < {self.pick(('n', '3', 'len(a)'))} and ({self.condition()}):")
        self.line(depth + 1, f"{counter} += 1")
        self.body(depth + 1, 2)

    def forever(self, depth: int, loop: bool) -> None:
        counter = self.name()
        self.line(depth, f"{counter} = {self.pick(('0', 'n', '-1'))}")
        self.line(depth, "while True:")
        self.line(depth + 1, f"{counter} += 1")
        self.line(depth + 1, f"if {counter} > 3 or {self.condition()}:")
        self.block(depth + 2, False, 1)
        self.line(depth + 2, "break")
        self.body(depth + 1, 2)

    def result(self) -> str:
        return f"{self.number(1)} + 0.1 * x"


@st.composite
def programs(draw: Any, arrays: bool) -> str:
    """The source text of a module; about half of those with arrays write into the argument itself."""
    writer = Writer(draw, arrays, ["a"], ["x", "y"])
    if arrays and writer.chance(50):
        writer.line(1, "a = a.copy()")
    writer.block(1, False, draw(st.integers(1, 3)))
    writer.pick([writer.count, writer.repeat, writer.forever] + [writer.along, writer.along, writer.elements] * arrays)(1, False)
    writer.block(1, False, draw(st.integers(2, 4)))
    ends = [f"np.sin({name})" for name in dict.fromkeys(("x", *writer.numbers[-3:]))]
    ends += [f"np.sum(np.sin({name}))" for name in dict.fromkeys(("a", *writer.values[-2:]))]
    ends += [f"np.sum(np.cos({name}) * {name})" for name in writer.tables]
    writer.line(1, "return " + " + ".join(f"{1.0 - 0.125 * k} * {end}" for k, end in enumerate(ends)))
    return PRELUDE + "\n".join(writer.lines) + "\n"


# Inputs


@st.composite
def inputs(draw: Any) -> Args:
    """Arguments that take different paths: other sizes, trip counts, types of numbers, and values on either side of branches."""
    number = draw(st.sampled_from((float, float, np.float64)))
    length, phase = draw(st.sampled_from((1, 2, 3, 3, 4))), draw(st.sampled_from((0.0, 1.0, 2.5, 4.0)))
    dtype = draw(st.sampled_from((float, float, float, np.float32)))
    a = np.asarray(0.9 * np.sin(1.7 * np.arange(1, length + 1) ** 1.1 + phase) + 0.1, dtype)
    return number(draw(st.sampled_from((0.37, -0.82, 1.31, 0.05, -1.7)))), draw(st.sampled_from((0.8, -0.6))), a, draw(st.integers(0, 4))
