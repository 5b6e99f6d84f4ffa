"""Programs written by hypothesis that write: into items, slices, masks, views, aliases, arguments, containers, in loops
and under branches on written values.

A program is a module with `f(x, m, n)` and some helpers: `x` has p elements and `m` is p by q, both at least 3. Every array
of a program has one of the kinds below, a tuple of the lengths of its axes, so that any two of a kind fit together. What is
written is squashed first, so that values stay small however often a loop writes. Nothing raises that the program does
not catch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.writing import Lines

Kind = tuple[str, ...]
Args = tuple[np.ndarray, np.ndarray, int]

PRELUDE = """\
import math

import numpy as np

K = 0.75


class Box:
    scale = 0.5

    def __init__(self, items):
        self.items, self.count = items, 0

    def put(self, place, value):
        self.items[place] = value * self.scale
        self.count += 1
        return self.items

    def __iadd__(self, other):
        self.items += other
        return self


def damp(v, k=0.5):
    v *= k


def mix(out, source):
    out[0] = 0.5 * out[0] + 0.5 * np.sin(source[-1])
    source[-1] *= 0.75
    return out


def fresh(v):
    v = v * 0.5
    v[0] = 0.25
    return v


def ahead(v):
    for i in range(1, len(v)):
        v[i] = np.tanh(v[i - 1]) + 0.5 * v[i]
    return v[1:]


def either(a, b, n):
    return a if n % 2 else b


def halves(v, depth):
    if depth and len(v) > 1:
        half = len(v) // 2
        halves(v[:half], depth - 1)
        halves(v[half:], depth - 1)
    else:
        v += 0.25
    v[0] *= 0.5


def f(x, m, n):
"""

# Something of every kind that can be read without having been made.
GIVEN: dict[Kind, tuple[str, ...]] = {
    ("p",): ("x", "m[:, 0]", "m[:, -1]"), ("q",): ("m[0]", "m[-1]"), ("p-",): ("x[1:]", "m[:-1, 1]"), ("q-",): ("m[0, 1:]", "m[1, :-1]"),
    ("p", "q"): ("m", "(x[:, None] * m[0])"), ("q", "p"): ("m.T", "m.T[::-1]"), ("p-", "q"): ("m[1:]", "m[:-1]"),
    ("q-", "p"): ("m.T[1:]",), ("pq",): ("m.ravel()", "m.T.reshape(-1)"),
}  # fmt: skip
VIEWS = ("{0}[:]", "{0}[...]", "{0}[::-1]", "{0}[None][0]", "np.asarray({0})", "{0}.reshape({0}.shape)", "{0}.view()",
         "{0}[..., ::-1]", "np.expand_dims({0}, 0)[0]", "{0}[:, None][:, 0]")  # fmt: skip
SQUARE_VIEWS = ("{0}.T", "np.swapaxes({0}, 0, 1)", "{0}.transpose(1, 0)", "np.moveaxis({0}, 0, 1)")
COPIES = ("{0}.copy()", "np.array({0})", "+{0}", "{0} * 1", "{0}[[*range(len({0}))]]", "{0} + 0.0", "np.copy({0})",
          "{0}[{0} == {0}].reshape({0}.shape)",
          "np.where(True, {0}, 0.0)", "np.concatenate([{0}])", "{0}.astype({0}.dtype)", "np.stack([{0}, {0}])[n % 2]")  # fmt: skip
NEW = ("np.zeros_like({0})", "np.ones({0}.shape)", "np.full({0}.shape, 0.5)", "np.arange({0}.size * 0.5, step=0.5).reshape({0}.shape)",
       "np.zeros({0}.shape, {0}.dtype)")  # fmt: skip
UNARY = ("np.sin({0})", "np.tanh({0})", "np.cos({0})", "np.exp(-np.square({0}))", "{0} / (1.5 + np.square({0}))",
         "np.maximum({0}, 0.1)",
         "0.5 * {0}", "{0}[::-1]", "np.sqrt(1.0 + {0} * {0})", "-{0}",
         "np.where({0} > 0.2, {0}, 0.5 * {0})", "np.clip({0}, -1.1, 1.2)")  # fmt: skip
BINARY = ("{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} / (1.5 + {1} * {1})", "np.minimum({0}, {1})", "np.hypot({0}, {1})",
          "np.where({0} > {1}, {0}, {1})")  # fmt: skip
NUMBERS = ("np.mean({0})", "np.max({0})", "{0}.ravel()[0]", "{0}[0].sum()", "np.sum(np.square({0})) * 0.1", "np.tanh(np.sum({0}))",
           "float({0}.ravel()[-1])", "(np.ravel({0}) @ np.ravel({0}) * 0.1)")  # fmt: skip
CONSTANTS = ("0.3", "-0.7", "1.25", "0.5", "K", "-0.2 * n")
THRESHOLDS = ("0.0", "0.4", "-0.35", "1.1", "0.9")
# A part of an array, and the same part of another one of the same kind.
PARTS = ("[:]", "[1:]", "[:-1]", "[::2]", "[::-1]", "[-1:0:-1]", "[0]", "[-1]", "[n % 2]", "[...]", "[..., 0]", "[..., 1:]", "[0:0]",
         "[n:]",
         "[[0, -1]]", "[[1, 0, 1]]", "[np.array([0, 0])]", "[..., ::-1]", "[None]", "[()]")  # fmt: skip
SHIFTS = (("[1:]", "[:-1]"), ("[:-1]", "[1:]"), ("[:]", "[::-1]"), ("[::2]", "[::-1][::2]"), ("[[0, 1]]", "[[1, 0]]"),
          ("[..., 1:]", "[..., :-1]"))  # fmt: skip


def kinds_of_views(kind: Kind) -> list[tuple[str, Kind]]:
    """Ways to take a part of an array of a kind, each with the kind of the part."""
    found = [(text, kind) for text in VIEWS]
    first = kind[0]
    if first in ("p", "q"):
        found += [("{0}[1:]", (first + "-", *kind[1:])), ("{0}[:-1]", (first + "-", *kind[1:]))]
    if len(kind) == 2:
        found += [(text, kind[::-1]) for text in SQUARE_VIEWS]
        found += [(text, kind[1:]) for text in ("{0}[0]", "{0}[-1]", "{0}[n % 2 - 1]")]
        found += [(text, kind[:1]) for text in ("{0}[:, 0]", "{0}[..., -1]")]
    if kind in (("p", "q"), ("q", "p")):
        found += [("{0}.reshape(-1)", ("pq",)), ("{0}.ravel()", ("pq",)), ("{0}.flatten()", ("pq",))]
    if kind == ("pq",):
        found += [("{0}.reshape(m.shape)", ("p", "q")), ("{0}.reshape(len(x), -1)", ("p", "q"))]
    return [(text, new) for text, new in found if new in GIVEN]


@dataclass
class Writer(Lines):
    """The text of a function body as it grows, and the kinds of its arrays."""

    draw: Any
    arrays: dict[str, Kind] = field(default_factory=lambda: {"x": ("p",), "m": ("p", "q")})
    lines: list[str] = field(default_factory=list)
    budget: int = 16
    fresh: int = 0

    def name(self, kind: Kind | None = None) -> str:
        self.fresh += 1
        made = f"v{self.fresh}"
        if kind is not None:
            self.arrays[made] = kind
        return made

    # Expressions

    def array(self) -> str:
        """The name of an array; the later ones more often, for they may be views and aliases of the first."""
        names = list(self.arrays)
        return str(self.pick([*names, *names[-3:]]))

    def like(self, kind: Kind) -> str:
        """The name of an array of a kind, or something that can be read in its place."""
        known = [name for name, other in self.arrays.items() if other == kind]
        return str(self.pick(known * 2 + [*GIVEN[kind]] if known else GIVEN[kind]))

    def number(self) -> str:
        return str(self.pick(CONSTANTS) if self.chance(30) else self.pick(NUMBERS).format(self.array()))

    def value(self, kind: Kind, depth: int = 2) -> str:
        """An expression of a kind, or one that broadcasts to it."""
        if depth == 0 or self.chance(15):
            return self.like(kind)
        choice = self.draw(st.integers(0, 9))
        if choice < 4:
            return str(self.pick(BINARY)).format(self.operand(kind, depth - 1), self.operand(kind, depth - 1))
        if choice < 8:
            return str(self.pick(UNARY)).format(self.like(kind))
        if choice == 8 and len(kind) == 2 and kind[1:] in GIVEN:
            return f"({self.like(kind)} * {self.like(kind[1:])})"
        return f"({self.like(kind)} * {self.number()})"

    def operand(self, kind: Kind, depth: int) -> str:
        return f"({self.value(kind, depth)})"

    def small(self, kind: Kind) -> str:
        """An expression of a kind whose values are at most about 1."""
        squashed = self.pick(("np.tanh({0})", "np.sin({0})", "0.5 * np.cos({0})", "({0}) / (1.5 + np.square({0}))"))
        return str(squashed).format(self.value(kind))

    def factor(self, kind: Kind) -> str:
        return str(self.pick(("0.5", "0.75", "np.cos({0})", "(0.6 + 0.3 * np.sin({0}))", "-0.8"))).format(self.value(kind, 1))

    def condition(self) -> str:
        return str(self.pick((
            "{0} > {1}", "{0} <= {1}", "n % 2 == 0", "n > 1 and {0} < {1}", "not {0} > {1}", "-1.0 < {0} < 0.75", "np.any({2} > {1})",
            "np.all({2} < {1})", "{2}.size > 3", "{2}[0].max() > {1}", "np.ndim({2}) == 1",
        ))).format(self.pick(NUMBERS).format(self.array()), self.pick(THRESHOLDS), self.array())  # fmt: skip

    # Statements

    def block(self, depth: int, loop: bool, size: int) -> None:
        """Statements; arrays made inside a block are not used after it, for they may not have been made."""
        known, before = dict(self.arrays), len(self.lines)
        for _ in range(size):
            if self.budget > 0:
                self.budget -= 1
                self.statement(depth, loop)
        if len(self.lines) == before:
            self.line(depth, "pass")
        if depth > 1:
            self.arrays = known

    def statement(self, depth: int, loop: bool) -> None:
        kinds = [self.new, self.view, self.view, self.write, self.write, self.shift, self.augment, self.augment, self.out,
                 self.mask, self.scatter, self.function, self.swap, self.rebind,
                 self.helper, self.container, self.owner, self.closure]  # fmt: skip
        if depth < 4:
            kinds += [self.branch, self.branch, self.count, self.rows, self.along, self.repeat, self.attempt]
        if loop:
            kinds += [self.leave]
        elif depth > 1:
            kinds += [self.give]
        self.pick(kinds)(depth, loop)

    def new(self, depth: int, loop: bool) -> None:
        kind = self.arrays[self.array()]
        style, source = self.draw(st.integers(0, 9)), self.like(kind)
        if style < 4:
            text = self.pick(COPIES).format(source)
        elif style < 6:
            text = self.pick(NEW).format(source)
        else:
            text = self.value(kind)
            text = f"0.5 * ({text})" if style < 9 else f"np.array({text})"
        self.line(depth, f"{self.name(kind)} = {text}")

    def view(self, depth: int, loop: bool) -> None:
        source = self.array()
        text, kind = self.pick(kinds_of_views(self.arrays[source]))
        self.line(depth, f"{self.name(kind)} = {text.format(source)}")

    def write(self, depth: int, loop: bool) -> None:
        target, part = self.array(), self.pick(PARTS)
        kind = self.arrays[target]
        value = self.number() if self.chance(25) else f"({self.small(kind)}){part}"
        self.line(depth, f"{target}{part} = " + (value if ")" in value and value[0] == "(" else f"np.tanh({value})"))

    def shift(self, depth: int, loop: bool) -> None:
        """Parts of one array, or of its alias, that overlap."""
        target = self.array()
        left, right = self.pick(SHIFTS)
        source = target if self.chance(60) else self.like(self.arrays[target])
        form = self.pick(("{t}{l} = {s}{r} * 0.5", "{t}{l} = {s}{r}", "{t}{l} += 0.5 * {s}{r}", "{t}{l} *= np.cos({s}{r})",
                          "{t}{l} = np.tanh({s}{r} - {t}{l})"))  # fmt: skip
        self.line(depth, form.format(t=target, l=left, s=source, r=right))

    def augment(self, depth: int, loop: bool) -> None:
        target = self.array()
        kind, part = self.arrays[target], self.pick(("", "", *PARTS))
        form = self.pick(("{t}{p} += 0.5 * ({v}){p}", "{t}{p} -= 0.3 * ({v}){p}", "{t}{p} *= ({f} * np.ones_like({t})){p}",
                          "{t}{p} /= (1.5 + np.square({v})){p}", "{t}{p} **= 2; {t}{p} *= 0.25; np.clip({t}, -2.0, 2.0, out={t})",
                          "{t}{p} -= 0.2", "{t}{p} *= 0.5"))  # fmt: skip
        self.line(depth, form.format(t=target, p=part, v=self.small(kind), f=self.factor(kind)))

    def out(self, depth: int, loop: bool) -> None:
        target = self.array()
        kind = self.arrays[target]
        a, b, k = self.like(kind), self.like(kind), self.pick(THRESHOLDS)
        self.line(depth, self.pick((
            "np.sin({a}, out={t})", "np.tanh({a} + {b}, {t})", "np.multiply({t}, 0.5, out={t})", "np.add(0.5 * {a}, 0.5 * {b}, out={t})",
            "np.exp(-np.square({a}), out={t}, where={b} > {k})", "np.cos({t}, out={t}[::-1])", "np.cumsum(0.3 * {a}, axis=-1, out={t})",
            "np.subtract({t}[1:], {t}[:-1], out={t}[1:]); {t} *= 0.5", "np.clip({a}, -0.9, {k}, out={t})", "np.maximum({a}, 0.2, out={t})",
            "np.sqrt(np.square({a}), out={t}, where=np.abs({a}) > 0.01)",
        )).format(t=target, a=a, b=b, k=k))  # fmt: skip

    def mask(self, depth: int, loop: bool) -> None:
        target = self.array()
        kind = self.arrays[target]
        forms = (
            "{t}[{a} > {k}] = {c}", "{t}[{a} > {k}] = np.tanh({v})[{a} > {k}]", "{t}[{t} < {k}] *= 0.5", "{t}[~({a} > {k})] += 0.1",
            "{t}[np.abs({t}) > 1.5] = np.tanh({n})", "{t}[{a} > {t}] = 0.0", "{t}[np.where({a} > {k})] -= 0.25",
        )  # fmt: skip
        a, k, c = self.like(kind), self.pick(THRESHOLDS), self.pick(CONSTANTS)
        self.line(depth, self.pick(forms).format(t=target, a=a, v=self.value(kind), k=k, c=c, n=self.number()))

    def scatter(self, depth: int, loop: bool) -> None:
        target = self.array()
        self.line(depth, self.pick((
            "np.add.at({t}, [0, -1, 0], np.tanh({n}))", "np.subtract.at({t}, np.array([1, 1]), 0.3 * np.tanh({n}))",
            "np.multiply.at({t}, [0, 0, -1], 0.5 + 0.1 * np.tanh({n}))", "np.maximum.at({t}, [0, 1, 0], np.tanh({n}))",
            "np.add.at({t}, {a}.ravel()[0] > 0.0, 0.5)" if self.chance(10) else "np.add.at({t}, slice(1, None), 0.5 * np.sin({n}))",
            "np.negative.at({t}, [0, 1])", "{t}[[0, 1, 0]] += np.tanh({n})", "{t}[[0, -1, 0]] = np.tanh({n})",
        )).format(t=target, a=self.array(), n=self.number()))  # fmt: skip

    def function(self, depth: int, loop: bool) -> None:
        target = self.array()
        kind = self.arrays[target]
        forms = ["np.copyto({t}, {a})", "np.copyto({t}, np.tanh({n}), where={a} > {k})", "np.put({t}, [0, -1], [0.5, np.tanh({n})])",
                 "np.putmask({t}, {a} > {k}, 0.5 * {b})", "np.place({t}, {a} > {k}, [np.tanh({n}), 0.25])",
                 "{t}.fill(np.tanh({n}))", "{t}.sort()",
                 "{t}.put([1, 2 % {t}.size], np.tanh({n}))", "{t}[...] = np.add.accumulate(0.4 * {a})", "{t}.sort(axis=0)"]  # fmt: skip
        if kind in (("p", "q"), ("q", "p")):
            forms += ["np.fill_diagonal({t}, np.tanh({n}))", "np.put_along_axis({t}, np.argmax({a}, axis=1)[:, None], 0.5, axis=1)",
                      "np.add.reduce(0.3 * {a}, axis=1, out={t}[:, 0])"]  # fmt: skip
        a, b, k = self.like(kind), self.like(kind), self.pick(THRESHOLDS)
        self.line(depth, self.pick(forms).format(t=target, a=a, b=b, n=self.number(), k=k))

    def swap(self, depth: int, loop: bool) -> None:
        one = self.array()
        same = [name for name, kind in self.arrays.items() if kind == self.arrays[one]]
        other = self.pick(same)
        self.line(depth, self.pick((
            "{a}, {b} = {b}, {a}", "{a}, {b} = {b}, {a}", "{a}[0], {b}[-1] = 0.5 * {b}[-1], 0.75 * {a}[0]", "{a}[[0, 1]] = {a}[[1, 0]]",
            "{a}[:1], {b}[1:] = {b}[:1] * 0.5, {b}[:-1]", "{a}, {b} = {b} * 0.5, {a}",
        )).format(a=one, b=other))  # fmt: skip

    def rebind(self, depth: int, loop: bool) -> None:
        """A name becomes an alias of another array of its kind, or a new array: not a write."""
        name = self.array()
        kind = self.arrays[name]
        source = self.like(kind)
        if self.chance(50):
            self.line(depth, f"{name} = {source}")
        elif self.chance(50):
            self.line(depth, f"{name} = 0.5 * {name} + {self.small(kind)}")
        else:
            condition = self.condition()
            self.line(depth, f"{self.name(kind)} = {source} if {condition} else {name}")

    def helper(self, depth: int, loop: bool) -> None:
        target = self.array()
        kind = self.arrays[target]
        a, made = self.like(kind), self.name()
        text, result = self.pick((
            ("damp({t})", None), ("damp({t}[1:], k=0.3 + 0.1 * np.tanh({n}))", None), ("halves({t}, n)", None), ("ahead({t})", None),
            ("{made} = mix({t}, {a})", kind), ("{made} = fresh({t})", kind), ("{made} = either({t}, {a}, n)", kind),
            ("mix({t}, {t})", None),
            ("[damp(part, 0.9) for part in ({t}, {a}[:1])]", None),
        ))  # fmt: skip
        self.line(depth, text.format(t=target, a=a, n=self.number(), made=made))
        if result:
            self.arrays[made] = result

    def container(self, depth: int, loop: bool) -> None:
        target = self.array()
        kind = self.arrays[target]
        items, made = self.name(), self.name()
        self.line(depth, self.pick((
            "{i} = [{t}, {a}]; {i}[0][0] = np.tanh({n}); {i}[1] = {i}[1] * 0.5; {m} = {i}[n % 2]",
            "{i} = [{t}]; {i}.append({t}[::-1]); {i}.insert(0, 0.5 * {a}); {i}[1] *= 0.75; {m} = {i}.pop()",
            "{i} = {{'a': {t}, 'b': {a}.copy()}}; {i}['b'][-1] += np.tanh({n}); {i}['a'] *= 0.8; {i}['b'], {m} = {i}['a'], {i}['b']",
            "{i} = ({t}, {a}); {i}[0][1:] = 0.5 * {i}[1][:-1]; {m}, _ = {i}",
            "{i} = [{t}] * 2; {i}[0][0] = 0.25; {i}[1][-1] *= 0.5; {m} = {i}[0] + 0.1 * {i}[1]",
            "{i} = [{t}, {a}, {t}]; {i}[:1] = [{a} * 0.5]; {i}.reverse(); {i} += [{t}]; damp({i}[0]); {m} = {i}[-1]",
            "{i} = {{}}; {i}.setdefault('k', {t})[0] = np.sin({n}); {i}.update(k=0.5 * {a}, l={t}); {m} = {i}.pop('k' if n else 'l')",
        )).format(t=target, a=self.like(kind), n=self.number(), i=items, m=made))  # fmt: skip
        self.arrays[made] = kind

    def owner(self, depth: int, loop: bool) -> None:
        target = self.array()
        kind = self.arrays[target]
        box, made = self.name(), self.name()
        self.line(depth, self.pick((
            "{b} = Box({t}); {m} = {b}.put(0, np.tanh({n}))", "{b} = Box({t}); {b}.items *= 0.5; {m} = {b}.items",
            "{b} = Box({a}.copy()); {b} += 0.25; {b}.items = {b}.items * 0.5; {m} = {b}.put(-1, {b}.count + 0.5)",
            "{b} = Box({t}[::-1]); {b}.items[0] += 0.3 * np.tanh({n}); {m} = {b}.items",
            "{b} = Box({t}); {b}.scale = np.tanh({n}); {b}.put(1, 0.5); {m} = {b}.items[::-1]",
        )).format(t=target, a=self.like(kind), n=self.number(), b=box, m=made))  # fmt: skip
        self.arrays[made] = kind

    def closure(self, depth: int, loop: bool) -> None:
        target = self.array()
        kind = self.arrays[target]
        function = self.name()
        self.line(depth, f"def {function}(i, v):")
        body = self.pick(("{t}[i] = 0.5 * np.tanh(v) + 0.5 * {t}[i]", "{t}[i:] *= 0.75; {t}[i] += 0.2 * np.tanh(v)"))
        self.line(depth + 1, body.format(t=target))
        self.line(depth + 1, f"return {target}")
        if self.chance(50):
            self.line(depth, f"{function}(0, {self.number()})")
        number = self.number()
        self.line(depth, f"{self.name(kind)} = {function}(-1, {number})")

    # Statements with blocks

    def branch(self, depth: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.block(depth + 1, loop, self.draw(st.integers(1, 2)))
        if self.chance(60):
            self.line(depth, "else:")
            self.block(depth + 1, loop, self.draw(st.integers(1, 2)))

    def count(self, depth: int, loop: bool) -> None:
        self.line(depth, f"for {self.name()} in {self.pick(('range(n):', 'range(3):', 'range(n, 0, -1):'))}")
        self.block(depth + 1, True, self.draw(st.integers(1, 3)))

    def rows(self, depth: int, loop: bool) -> None:
        """Over the rows of an array of two axes, which are views of it."""
        source = self.pick([name for name, kind in self.arrays.items() if len(kind) == 2 and kind[1:] in GIVEN])
        known, row = dict(self.arrays), self.name(self.arrays[source][1:])
        self.line(depth, f"for {row} in {source}:")
        self.line(depth + 1, f"{row} *= {self.factor(self.arrays[row])}")
        self.block(depth + 1, True, 1)
        self.arrays = known

    def along(self, depth: int, loop: bool) -> None:
        """Over the places of an array, each written from others."""
        target = self.array()
        index = self.name()
        self.line(depth, f"for {index} in range(1, len({target})):")
        self.line(depth + 1, self.pick((
            "{t}[{i}] = np.tanh({t}[{i} - 1]) + 0.25 * {t}[{i}]", "{t}[{i}] += 0.5 * np.sin({a}[{i} - 1])",
            "{t}[-{i}] *= np.cos({t}[{i} - 1])",
            "{t}[{i}], {t}[{i} - 1] = {t}[{i} - 1], 0.75 * {t}[{i}]", "{t}[{i}] -= 0.3 * {t}[: {i}].sum(axis=0) / {i}",
        )).format(t=target, a=self.like(self.arrays[target]), i=index))  # fmt: skip
        if self.chance(40):
            self.block(depth + 1, True, 1)

    def repeat(self, depth: int, loop: bool) -> None:
        counter, target = self.name(), self.array()
        self.line(depth, f"{counter} = 0")
        self.line(depth, f"while {counter} < 3 and np.sum(np.square({target})) > {self.pick(THRESHOLDS)}:")
        self.line(depth + 1, f"{counter} += 1")
        self.line(depth + 1, f"{target} *= 0.6")
        self.block(depth + 1, True, 1)

    def attempt(self, depth: int, loop: bool) -> None:
        target = self.array()
        self.line(depth, "try:")
        self.line(depth + 1, self.pick((
            "{t}[n] = np.tanh({n})", "{t}[0] = 0.5; {t}[9] = 1.0", "{t}[0] *= math.sqrt({n} - 0.5)", "{t} += np.zeros((7, 7, 7))",
            "{t}[:] = np.zeros(17)", "[{t}][n][0] = 0.25", "{{1: {t}}}[n][-1] *= 0.5",
        )).format(t=target, n=self.number()))  # fmt: skip
        self.line(depth, f"except {self.pick(('Exception', '(ArithmeticError, LookupError, ValueError)'))}:")
        self.block(depth + 1, loop, 1)
        if self.chance(30):
            self.line(depth, "finally:")
            self.line(depth + 1, f"{target} *= 0.9")

    def leave(self, depth: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, self.pick(("break", "continue")) if self.chance(80) else f"return {self.result()}")

    def give(self, depth: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, f"return {self.result()}")

    def result(self) -> str:
        names = [*dict.fromkeys(["x", "m", *list(self.arrays)[-3:]])]
        return " + ".join(f"np.sum(np.sin({name}) * {0.5 + 0.25 * k})" for k, name in enumerate(names))


@st.composite
def programs(draw: Any) -> str:
    """The source text of a module; about half of the programs write into the arguments themselves."""
    writer = Writer(draw)
    if writer.chance(50):
        writer.line(1, "x, m = x * 1.0, m.copy()")
    writer.block(1, False, draw(st.integers(4, 9)))
    writer.line(1, f"return {writer.result()}")
    return PRELUDE + "\n".join(writer.lines) + "\n"


# Inputs


def wave(shape: tuple[int, ...], phase: float, dtype: Any) -> np.ndarray:
    count = int(np.prod(shape))
    return np.asarray(1.1 * np.sin(1.7 * np.arange(1, count + 1) ** 1.1 + phase) + 0.1, dtype).reshape(shape)


@st.composite
def inputs(draw: Any, dtype: Any = float) -> Args:
    """Arguments of a program; the strides of the matrix are not always those of a fresh array."""
    p, q = draw(st.sampled_from(((4, 3), (3, 4), (3, 3), (5, 3))))
    phase = draw(st.sampled_from((0.0, 1.0, 2.5, 4.0)))
    matrix = wave((p, q), phase + 0.5, dtype)
    if draw(st.integers(0, 3)) == 0:
        matrix = np.asfortranarray(matrix)
    return wave((p,), phase, dtype), matrix, draw(st.integers(0, 4))
