"""Programs written by hypothesis over objects of a library's classes: made in the function or outside it, with methods that write.

`library` is a module that s2sad takes for one of the standard library, so that its code is followed only where it concerns the call.
"""

from __future__ import annotations

import linecache
import types
from typing import Any

from hypothesis import strategies as st

from tests import generate

LIBRARY = """\
class Meter:
    unit = 2.0

    def __init__(self, rate, total=0.0):
        self.rate, self.total, self.steps, self.parts = rate, total, 0, [0.0, 0.5]

    def step(self):
        self.steps += 1
        self.total = 0.5 * self.total + self.rate * self.steps
        self.parts[0] += self.rate

    def add(self, value):
        self.total = self.total + 0.25 * value
        return self

    def get(self):
        self.total = 0.9 * self.total
        return self.total

    @property
    def level(self):
        return self.total * self.unit

    @classmethod
    def twice(cls, rate):
        return cls(2.0 * rate)

    def __len__(self):
        return self.steps


class Gauge:
    def __init__(self, meter):
        self.meter, self.seen = meter, {}

    def read(self):
        self.meter.step()
        self.seen[len(self.meter)] = self.meter.get()
        return sum(self.seen.values())


def drive(meter, times=2):
    for _ in range(times):
        meter.step()


def apply(function, count):
    total = 0.0
    for i in range(count):
        total = total + function(i)
    return total
"""

PRELUDE = """\
import functools
import math

OUTSIDE = library.Meter(0.25)


class Own(library.Meter):
    def step(self):
        super().step()
        self.rate = 0.5 * self.rate + 0.1


def f(x):
    t = 0.5 * x
"""


def library() -> types.ModuleType:
    made = types.ModuleType("turtledemo")  # one of the standard library, by its name
    linecache.cache["<library>"] = (len(LIBRARY), None, LIBRARY.splitlines(keepends=True), "<library>")
    exec(compile(LIBRARY, "<library>", "exec", dont_inherit=True), made.__dict__)
    return made


MADE = ("library.Meter({0})", "library.Meter(0.3, {0})", "library.Meter.twice({0})", "Own({0})", "library.Meter(rate={0})")
CHANGES = (
    "{m}.step()",
    "{m}.add(t)",
    "{m}.add(0.5)",
    "t = t + {m}.get()",
    "library.drive({m})",
    "functools.partial(library.drive, {m})(1)",
    "t = 0.5 * t + {m}.level",
    "t = t * (1 + len({m}))",
    "[{m}][0].step()",
    "t = t + {m}.add(t).get()",
    "{m}.rate = 0.5 * t",
    "t = t + library.Gauge({m}).read()",
    "t = t + library.apply(lambda i: i * {m}.get(), 2)",
    "{m}.total += 0.1",
    "getattr({m}, 'step')()",
    "t = t + sum({m}.parts)",
)


@st.composite
def programs(draw: Any) -> str:
    """The source text of a module with `f(x)`."""
    writer = generate.Writer(draw, False, [], [])
    meters: list[str] = []

    def statement(depth: int) -> None:
        if not meters or (depth == 1 and writer.chance(20)):
            meters.append(writer.name())
            rate = writer.pick(("x", "x * x", "math.sin(x)", "t"))
            writer.line(1, f"{meters[-1]} = {writer.pick(MADE).format(rate)}")
        elif writer.chance(10):
            writer.line(depth, str(writer.pick(("t = t + OUTSIDE.total", "t = t * OUTSIDE.level", "t = t + len(OUTSIDE)"))))
        else:
            writer.line(depth, str(writer.pick(CHANGES)).format(m=writer.pick(meters)))

    statement(1)
    for _ in range(draw(st.integers(2, 5))):
        if writer.chance(30):
            writer.line(1, str(writer.pick(("for _ in range(3):", "if t > 0.4:", "if x > 0.0:"))))
            for _ in range(draw(st.integers(1, 2))):
                statement(2)
        else:
            statement(1)
    writer.line(1, f"return math.sin(t) + 0.1 * {meters[-1]}.total + 0.1 * x")
    return PRELUDE + "\n".join(writer.lines) + "\n"
