"""Programs written by hypothesis: source text with branches on data, loops whose trip count data decides, early exits,
helpers, closures, containers and exceptions, on numbers or on arrays.

A program is a module with `f(x, y, n)`, helpers of its own, the globals `K` and `W`, and a function `make` that
returns closures. Nothing keeps it from raising: an exception is a result like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.generate_calls import PRELUDE
from tests.writing import Lines

CONSTANTS = ("0.3", "-0.7", "1.25", "0.5", "2.0", "-1.1")
THRESHOLDS = ("0.0", "0.4", "-0.35", "1.1", "0.9", "-1.5")

SCALAR_UNARY = (
    "math.sin({0})", "math.cos({0})", "math.tanh({0})", "math.exp(-abs({0}))", "math.sqrt(1.0 + {0} * {0})",
    "abs({0})", "-{0}",
    "{0} ** 2", "{0} ** 3 / (1.0 + {0} ** 4)", "math.log(1.0 + {0} * {0})", "max({0}, 0.15)",
    "min({0}, 0.8, 2.0 * {0})",
    "({0} if {0} > 0.2 else 0.5 * {0})", "({0} or 1.0)", "float({0})", "math.atan({0})", "np.sin({0})",
    "({0} and 2.0 * {0})",
    "math.hypot({0}, 0.5)", "math.fabs({0})", "(lambda q: q * {0})(0.5)", "sum([{0}, {0}, 1.0])",
    "[{0}, 2.0 * {0}][n % 2]",
    "math.sin({0}) % 0.75", "math.prod([{0}, 0.5, {0}])", "max([{0}, 0.2], key=abs)",
)  # fmt: skip
ARRAY_UNARY = (
    "np.sin({0})", "np.cos({0})", "np.tanh({0})", "np.exp(-np.square({0}))", "np.sqrt(1.0 + {0} * {0})",
    "np.abs({0})", "-{0}",
    "{0} ** 2", "np.arctan({0})", "np.maximum({0}, 0.15)", "np.clip({0}, -1.2, 1.3)",
    "np.where({0} > 0.2, {0}, 0.5 * {0})",
    "np.log1p({0} * {0})", "({0} - np.mean({0}))", "np.where({0} > 0.0, np.sqrt(np.abs({0})), 0.0)", "np.flip({0})",
    "np.square({0})",
    "np.minimum({0}, K)", "np.reshape({0}, np.shape({0}))", "np.cumsum({0}, axis=-1)",
    "np.stack([{0}, 2.0 * {0}])[n % 2]",
    "np.concatenate([np.ravel({0}), np.ravel({0})])[: np.size({0})].reshape(np.shape({0}))",
    "np.where(np.isfinite({0}), {0}, 0.0)",
    "np.broadcast_to({0}, (2, *np.shape({0})))[0]", "np.asarray({0}) * 1.0", "np.copy({0})",
    "{0} / (1.5 + np.square({0}))",
)  # fmt: skip
RESHAPING = (
    "np.ravel({0})", "np.transpose({0})", "np.expand_dims({0}, 0)", "np.atleast_1d({0})", "np.sort({0}, axis=-1)",
    "np.asarray({0})[..., 1:]",
    "np.asarray({0})[::-1]", "np.asarray({0})[None] * 0.5", "np.asarray({0})[np.asarray({0}) > 0.1]",
    "np.outer({0}, {0})", "np.diff({0}, axis=-1)",
)  # fmt: skip
REDUCTIONS = (
    "np.sum({0})", "np.mean({0})", "np.prod(np.tanh({0}))", "np.var({0})", "np.linalg.norm(np.ravel({0}))",
    "float(np.sum({0}))",
    "np.max({0})", "np.min({0})", "np.sum({0}, axis=-1).sum()", "np.std({0})", "np.dot(np.ravel({0}), np.ravel({0}))",
    "np.ravel({0})[0]",
    "np.einsum('i,i->', np.ravel({0}), np.ravel({0}))", "np.sum(np.max({0}, axis=0))", "np.ravel({0}) @ np.ravel({0})",
)  # fmt: skip
BINARY = ("{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} / (1.5 + {1} * {1})", "({0} * 2.0 + {1}) * 0.5")
ARRAY_BINARY = (
    "np.maximum({0}, {1})",
    "np.hypot({0}, {1})",
    "np.minimum({0}, {1})",
    "np.where({0} > {1}, {0}, {1})",
    "np.multiply({0}, {1})",
)
SCALAR_BINARY = (
    "max({0}, {1})",
    "math.hypot({0}, {1})",
    "({0} if {0} < {1} else {1})",
    "helper({0}, k={1})",
    "math.atan2({0}, 1.0 + {1} ** 2)",
)


@dataclass
class Writer(Lines):
    """The text of a function body as it grows; `values` may be read, `numbers` are scalars among them."""

    draw: Any
    arrays: bool
    values: list[str]
    numbers: list[str]
    lines: list[str] = field(default_factory=list)
    budget: int = 14
    fresh: int = 0

    def name(self) -> str:
        self.fresh += 1
        return f"v{self.fresh}"

    # Expressions

    def value(self, depth: int = 2) -> str:
        if depth == 0 or self.chance(20):
            return str(self.pick([*self.values, *self.values, *CONSTANTS, "K", "W[0]", "W[-1]", "y"]))
        choice = self.draw(st.integers(0, 9))
        if choice < 4:
            return str(self.pick(BINARY + (ARRAY_BINARY if self.arrays else SCALAR_BINARY))).format(
                self.value(depth - 1), self.value(depth - 1)
            )
        if choice < 8:
            return str(self.pick(ARRAY_UNARY if self.arrays else SCALAR_UNARY)).format(self.atom())
        if choice == 8:
            return f"helper({self.value(depth - 1)})"
        return f"{self.number(depth - 1)} * {self.atom()}"

    def atom(self) -> str:
        return str(self.pick(self.values))

    def number(self, depth: int = 1) -> str:
        if not self.arrays:
            return self.value(depth) if depth else self.atom()
        if depth == 0 or self.chance(30):
            return str(self.pick([*self.numbers, "K", "y"]))
        return str(self.pick(REDUCTIONS)).format(self.value(depth - 1))

    def condition(self) -> str:
        number, threshold = self.number(), self.pick(THRESHOLDS)
        return str(self.pick((
            "{0} > {1}", "{0} <= {1}", "n % 2 == 0", "n > 1 and {0} < {1}", "not {0} > {1}", "-1.0 < {0} < 0.75",
            "{0} > {1} or n == 2",
            "K > 0.6", "len(W) > 2", "n", "(w := {0}) > {1} and w < 2.0", "isinstance(x, float)", "np.ndim(x) == 1",
            "all(q > {1} for q in ({0}, {0} + 1.0))",
        ))).format(number, threshold)  # fmt: skip

    # Statements

    def block(self, depth: int, loop: bool, size: int) -> None:
        """Statements; names made inside a block are not read after it, for they may not have been made."""
        known, numbers, before = list(self.values), list(self.numbers), len(self.lines)
        for _ in range(size):
            if self.budget > 0:
                self.budget -= 1
                self.statement(depth, loop)
        if len(self.lines) == before:
            self.line(depth, "pass")
        if depth > 1:
            self.values[:], self.numbers[:] = known, numbers

    def statement(self, depth: int, loop: bool) -> None:
        kinds = [self.assign, self.assign, self.augment, self.container, self.closure, self.call]
        if depth < 4:
            kinds += [self.branch, self.branch, self.count, self.repeat, self.attempt, self.choose]
        if loop:
            kinds += [self.leave, self.leave]
        elif depth > 1:
            kinds += [self.give]
        self.pick(kinds)(depth, loop)

    def assign(self, depth: int, loop: bool) -> None:
        if self.arrays and self.chance(12):
            name = self.name()
            self.line(depth, f"{name} = {self.pick(RESHAPING).format(self.atom())}")
        else:
            name = self.pick([*self.values, self.name()]) if depth > 1 else self.name()
            self.line(depth, f"{name} = {self.value()}")
        if name not in self.values:
            self.values.append(name)

    def augment(self, depth: int, loop: bool) -> None:
        name, value = self.atom(), self.value()
        symbol = self.pick(("+", "-", "*"))
        # In place, an array would be written.
        self.line(depth, f"{name} = {name} {symbol} {value}" if self.arrays else f"{name} {symbol}= {value}")

    def container(self, depth: int, loop: bool) -> None:
        a, b, items = self.name(), self.name(), self.name()
        self.line(depth, self.pick((
            "{a}, {b} = {p}, {q}", "{items} = [{p}, {q}]; {a}, *{b} = {items}; {b} = {b}[0]",
            "{a}, {b} = sorted([{s}, {t}])",
            "{items} = {{'p': {p}, 'q': {q}}}; {a} = {items}['p']; {b} = sum({items}.values())",
            "({a}, {b}), _ = ({p}, {q}), {s}",
            "{items} = [{p} * k for k in range(n)] + [{q}]; {a} = sum({items}); {b} = {items}[-1]",
            "{items} = [{s}]; {items}.append({p}); {items} += [{q}]; {a} = {items}.pop(); {b} = {items}[0] * 2.0",
            "{a}, {b} = [g({p}) for g in make({s})]",
            "{items} = Pair({p}, {q}); {a} = {items}.first; {b} = {items}.both()",
            "{items} = {{i: {p} * (i + 1) for i in range(3)}}; {a}, {b} = {items}.pop(n % 3), {q} * len({items})",
            "{items} = Pair({p}, {q}); {items}.first = {s}; {a}, {b} = {items} + {t}, {items}.weight * {p}",
            "{a} = sum({p} for k in W if k > 0.2); {b} = max(({s} * k, k) for k in W)[0]",
        )).format(a=a, b=b, items=items, p=self.value(), q=self.value(), s=self.number(), t=self.number()))  # fmt: skip
        self.values += [a, b]

    def closure(self, depth: int, loop: bool) -> None:
        name, result = self.name(), self.name()
        if self.chance(50):
            self.line(depth, f"{name} = lambda q, k=K: q * k + {self.atom()}")
        else:
            state = self.name()
            self.line(depth, f"{state} = {self.value(1)}")
            self.line(depth, f"def {name}(q):")
            self.line(depth + 1, f"nonlocal {state}")
            self.line(depth + 1, f"{state} = {state} * 0.5 + q * {self.atom()}")
            self.line(depth + 1, f"return {state} + q")
            self.line(depth, f"{name}({self.value(1)})")
        self.line(depth, f"{result} = {name}({self.value(1)})")
        self.values.append(result)

    def call(self, depth: int, loop: bool) -> None:
        name = self.name()
        self.line(depth, f"{name} = " + self.pick((
            "helper({p}, {s})", "helper(*[{p}, {s}])", "helper({p}, k={s})", "deep({p}, n)", "twice(helper, {p})",
            "Pair({p}, {q}).both()",
            "functools.reduce(lambda a, b: a * 0.5 + b, [{p}, {q}, {p}])", "functools.partial(helper, k={s})({p})",
            "first({p}, {s})",
        )).format(p=self.value(), q=self.value(), s=self.number()))  # fmt: skip
        self.values.append(name)

    def branch(self, depth: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.block(depth + 1, loop, self.draw(st.integers(1, 2)))
        if self.chance(40):
            self.line(depth, f"elif {self.condition()}:")
            self.block(depth + 1, loop, 1)
        if self.chance(60):
            self.line(depth, "else:")
            self.block(depth + 1, loop, self.draw(st.integers(1, 2)))

    def count(self, depth: int, loop: bool) -> None:
        index = self.name()
        self.line(depth, f"for {index} in " + self.pick((
            "range(n):", "range(n, 0, -1):", "range(3):", "W:", "reversed(W):", "[0.5, y]:", "stream(n):", "sorted(W):"
        )))  # fmt: skip
        name = self.atom()
        self.line(depth + 1, f"{name} = {name} * 0.5 + {self.value()} * {index}")
        self.block(depth + 1, True, self.draw(st.integers(1, 2)))
        if self.chance(30):
            self.line(depth, "else:")
            self.block(depth + 1, loop, 1)

    def repeat(self, depth: int, loop: bool) -> None:
        counter = self.name()
        self.line(depth, f"{counter} = 0")
        self.line(depth, f"while {counter} < 3 and ({self.condition()}):")
        self.line(depth + 1, f"{counter} += 1")
        self.block(depth + 1, True, self.draw(st.integers(1, 2)))

    def attempt(self, depth: int, loop: bool) -> None:
        name = self.atom()
        self.line(depth, "try:")
        self.line(depth + 1, self.pick((
            "{name} = {name} * math.log({s})", "{name} = {name} / (n - 1)", "{name} = {name} * W[n]",
            "{name} = {name} * TABLE[n]",
            "assert {s} > 0.1; {name} = {name} * 2.0", "check({s}); {name} = {name} + {s}",
            "{name} = {name} * math.sqrt({s} - 0.5)",
        )).format(name=name, s=self.number()))  # fmt: skip
        self.line(
            depth,
            f"except {self.pick(('Exception', '(ValueError, KeyError)', 'ArithmeticError', 'LookupError as error'))}:",
        )
        self.block(depth + 1, loop, 1)
        if self.chance(30):
            self.line(depth, self.pick(("else:", "finally:")))
            self.line(depth + 1, f"{name} = {name} * 1.5")

    def choose(self, depth: int, loop: bool) -> None:
        self.line(depth, "match n:")
        self.line(depth + 1, "case 0 | 1:")
        self.block(depth + 2, loop, 1)
        self.line(depth + 1, f"case k if k > 2 and ({self.condition()}):")
        self.block(depth + 2, loop, 1)

    def leave(self, depth: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(
            depth + 1, self.pick(("break", "continue", "break")) if self.chance(80) else f"return {self.result()}"
        )

    def give(self, depth: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, f"return {self.result()}")

    def result(self) -> str:
        if not self.arrays:
            return f"float({self.value()})" if self.chance(70) else self.value()
        return str(self.pick(REDUCTIONS[:6])).format(self.value())


@st.composite
def programs(draw: Any, arrays: bool) -> str:
    """The source text of a module."""
    writer = Writer(draw, arrays, ["x"], ["y"])
    writer.block(1, False, draw(st.integers(3, 7)))
    for name in writer.values[-2:]:
        writer.line(1, f"x = x + 0.5 * {name}" if not arrays else f"x = np.sum(x) + 0.5 * np.sum({name})")
    writer.line(1, "return " + ("np.sum(x) * 0.5" if arrays else "x * 0.5"))
    return PRELUDE + "\n".join(writer.lines) + "\n"
