"""Programs over arrays whose sizes come from arguments, loop variables and lengths, written by a seeded `random.Random`.

A program is a module with helpers and a function `f`, and what each of its parameters is: an array with names for its sizes, a whole
number, a float. The writer knows the shape of each of its arrays as far as that can be said, so most of what it writes fits; what does
not for some sizes, among them 0 and 1, raises in the function, and has to raise in a gradient. What is assigned is squashed first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.generate_sizes_parts import Shape, array_of, parts
from tests.generate_sizes_shapes import ONE, Size, elements, least

PRELUDE = """\
import math

import numpy as np


def window(v, at, width):
    return v[at:at + width].sum()


def smooth(v):
    out = v.copy()
    for i in range(1, len(v) - 1):
        out[i] = 0.25 * v[i - 1] + 0.5 * v[i] + 0.25 * v[i + 1]
    return out


def tail(v, k):
    return v[k:] if k < len(v) else v[:0]


def lower(a, b):
    n = min(a.shape)
    out = np.zeros(n)
    for i in range(min(n, len(b))):
        out[i] = np.tanh(b[i] - np.dot(a[i, :i], out[:i]))
    return out


def even(n):
    if n % 2:
        raise ValueError(f"{n} is odd")
    return n // 2


def halves(v):
    middle = len(v) // 2
    return v[:middle], v[middle:2 * middle]


def first(v, otherwise=0.25):
    if len(v) == 0:
        return otherwise
    return v[0]


"""

UNARY = ("np.sin({0})", "np.tanh({0})", "0.5 * {0}", "-{0}", "np.cos({0})", "{0} / (1.5 + np.square({0}))", "np.where({0} > 0.2, {0}, 0.1)",
         "np.maximum({0}, 0.1)", "np.exp(-np.abs({0}))")  # fmt: skip
SQUASHED = ("np.sin({0})", "np.tanh({0})", "0.8 * np.cos({0})")
BINARY = ("{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} / (1.5 + {1} * {1})", "np.minimum({0}, {1})", "0.5 * ({0} + {1})")
REDUCTIONS = ("np.sum({0})", "{0}.sum()", "np.sum({0} * {0})", "np.sum(np.sin({0}))", "np.linalg.norm({0})", "{0}.mean()", "np.max({0})",
              "float(np.sum({0}))", "np.var({0})", "np.ravel({0})[-1]", "np.prod(np.cos({0}))")  # fmt: skip
THRESHOLDS = ("0.0", "0.4", "-0.35", "0.9", "0.15")
LARGEST = 300  # elements of an array whose sizes are about six
NAMES = ("n", "m", "p", "q")


@dataclass(frozen=True)
class Index:
    """A whole number of a loop, at least `low`, and below `bound` also when `room` is added."""

    name: str
    bound: Size
    low: int = 0
    room: int = 0


@dataclass(frozen=True)
class Parameter:
    """A name and what it is: the names of the sizes of an array, or `whole`, or `float`."""

    name: str
    kind: str
    sizes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """The text of a module, and the parameters of its function `f`."""

    text: str
    parameters: tuple[Parameter, ...]

    @property
    def argnums(self) -> tuple[int, ...]:
        """The places of what can be differentiated."""
        return tuple(place for place, each in enumerate(self.parameters) if each.kind != "whole")


@dataclass
class Writer:
    """The text of a function as it grows, and what can be read there."""

    random: Random
    arrays: dict[str, Shape] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)  # arrays that belong to the function
    numbers: list[str] = field(default_factory=list)
    wholes: list[str] = field(default_factory=list)
    indices: list[Index] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    budget: int = 12
    fresh: int = 0
    loops: list[bool] = field(default_factory=list)  # of each, whether `continue` ends

    def pick(self, options: Any) -> Any:
        return self.random.choice(list(options))

    def chance(self, percent: float) -> bool:
        return self.random.random() * 100 < percent

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def name(self) -> str:
        self.fresh += 1
        return f"v{self.fresh}"

    def made(self, depth: int, text: str, shape: Shape) -> str:
        """A new array that nothing else holds."""
        name = self.name()
        self.line(depth, f"{name} = {text}")
        self.arrays[name] = shape
        self.written.add(name)
        return name

    # Expressions

    def array(self, rank: int | None = None) -> str:
        """The name of an array, the later ones more often."""
        names = [name for name, shape in self.arrays.items() if rank is None or len(shape) == rank] or list(self.arrays)
        return str(self.pick([*names, *names[-3:]]))

    def parts(self, name: str) -> Iterator[tuple[str, Shape]]:
        return ((text, shape) for text, shape in parts(name, self.arrays[name], self.indices, self.wholes) if elements(shape) <= LARGEST)

    def part(self, name: str) -> tuple[str, Shape]:
        """What can be made of an array in one step."""
        return self.pick(list(self.parts(name)))  # type: ignore[no-any-return]

    def like(self, shape: Shape) -> str:
        """Something of a shape: a name, a part of something, or new."""
        names = [name for name, known in self.arrays.items() if known == shape]
        if names and self.chance(50):
            return str(self.pick(names))
        found = [text for name in self.arrays for text, its in self.parts(name) if its == shape]
        if found and self.chance(80):
            return str(self.pick(found))
        if names and self.chance(70):
            return str(self.pick(names))
        return str(self.pick(array_of(shape, self.pick(self.numbers))))

    def beside(self, shape: Shape) -> str:
        """What goes together with an array of a shape: the same, what is broadcast to it, or anything."""
        choice = self.random.randrange(20)
        if choice < 10:
            return self.like(shape)
        if choice < 13 or not shape:
            return str(self.pick(self.numbers))
        if choice < 15:
            return self.like(shape[1:]) if len(shape) > 1 else self.like((ONE,))
        if choice < 18:
            place = self.random.randrange(len(shape))
            return self.like((*shape[:place], ONE, *shape[place + 1 :]))
        return self.array(len(shape)) if choice == 19 and self.chance(25) else self.like(shape)

    def value(self, shape: Shape, depth: int = 2) -> str:
        """An expression that has a shape, mostly."""
        if depth == 0 or self.chance(20):
            return self.like(shape)
        choice = self.random.randrange(10)
        if choice < 4:
            return str(self.pick(UNARY)).format(self.like(shape))
        if choice < 9:
            return "(" + str(self.pick(BINARY)).format(self.value(shape, depth - 1), self.beside(shape)) + ")"
        return self.product(shape)

    def product(self, shape: Shape) -> str:
        """A product of matrices, or of numbers along an axis."""
        inner = (self.pick(self.arrays.values()) or (ONE,))[-1]
        if len(shape) == 1:
            return str(self.pick(("({0} @ {1})", "np.dot({0}, {1})", "({0} * {1}).sum(axis=1)"))).format(
                self.like((*shape, inner)), self.like((inner,)))  # fmt: skip
        if len(shape) == 2 and self.chance(50):
            return f"np.outer({self.like(shape[:1])}, {self.like(shape[1:])})"
        if len(shape) >= 2:
            return f"({self.like((*shape[:-1], inner))} @ {self.like((inner, shape[-1]))})"
        return self.like(shape)

    def small(self, shape: Shape) -> str:
        return str(self.pick(SQUASHED)).format(self.value(shape))

    def number(self, depth: int = 2) -> str:
        if depth == 0 or self.chance(15):
            return str(self.pick((*self.numbers, *self.numbers, "0.3", "-0.7", "0.1 * n")))
        choice = self.random.randrange(12)
        if choice < 3:
            return "(" + str(self.pick(BINARY[:4])).format(self.number(depth - 1), self.number(depth - 1)) + ")"
        if choice < 6:
            return str(self.pick(REDUCTIONS)).format(self.pick((self.array(), self.part(self.array())[0])))
        if choice < 9:
            return self.element()
        if choice < 11:
            return self.inner()
        return str(self.pick(("window({0}, {1}, {2})", "first({0})", "first({3})", "np.sum(tail({0}, {1}))", "np.sum(lower({4}, {0}))",
                              "np.sum(smooth({0}))", "halves({0})[0] @ halves({0})[1]", "0.1 * even({1})"))).format(
            self.array(1), self.whole(), self.pick((2, 3, self.whole())), self.part(self.array(1))[0], self.array(2))  # fmt: skip

    def inner(self) -> str:
        """The product of two parts of equal length."""
        text, shape = self.part(self.array())
        other = self.like(shape)
        if len(shape) == 1:
            return str(self.pick(("np.dot({0}, {1})", "({0} @ {1})", "np.sum({0} * {1})"))).format(text, other)
        return f"np.sum({text} * {other})"

    def element(self) -> str:
        name = self.array()
        return f"{name}[{', '.join(self.place(size) for size in self.arrays[name])}]" if self.arrays[name] else name

    def place(self, size: Size) -> str:
        """Where an element lies; within the axis as far as is known."""
        within = [i for i in self.indices if i.bound == size]
        if within and self.chance(85):
            i = self.pick(within)
            return str(self.pick([i.name, i.name] + [f"{i.name} - 1"] * (i.low > 0) + [f"{i.name} + 1"] * (i.room > 0)))
        return str(self.pick(("0", "-1", "-1", self.whole() if self.chance(5) else "0", f"min({self.whole()}, {size - 1})")))

    def whole(self) -> str:
        return str(self.pick((*self.wholes, *(i.name for i in self.indices))))

    def condition(self) -> str:
        name = self.array()
        return str(self.pick((
            "{w} % 2 == 0", "{w} > {u}", "{w} == {u}", "{w} < 2", "len({v}) > 2", "{v}.size", "{x} > {t}", "{x} <= {t}",
            "np.sum({v}) > {t}", "{v}.shape[-1] == {w}", "{w} <= {u} < 5", "{w} > 1 and {x} > {t}", "not {w} % 3", "np.ndim({v}) == 1",
            "{w} != {u} or {x} > {t}",
        ))).format(w=self.whole(), u=self.whole(), x=self.number(1), t=self.pick(THRESHOLDS), v=name)  # fmt: skip

    # Statements

    def block(self, depth: int, size: int, *firsts: Any) -> None:
        """Statements; what is made inside a block is not read after it."""
        arrays, numbers, wholes, before = dict(self.arrays), list(self.numbers), list(self.wholes), len(self.lines)
        for first in firsts:
            first(depth)
        for _ in range(size):
            if self.budget > 0:
                self.budget -= 1
                self.pick(self.kinds(depth))(depth)
        if len(self.lines) == before:
            self.line(depth, "pass")
        if depth > 1:
            self.arrays, self.numbers, self.wholes = arrays, numbers, wholes

    def kinds(self, depth: int) -> list[Any]:
        found = [self.new, self.new, self.take, self.take, self.again, self.add, self.add, self.start, self.write, self.write, self.count]
        if depth < 4:
            found += [self.branch, self.branch]
        if len(self.loops) < 3 and depth < 5:
            found += [self.loop, self.loop, self.loop, self.build, self.build, self.repeat]
        if not self.loops:
            found += [self.refuse, self.give] if depth > 1 or self.chance(30) else []
        elif self.chance(30):
            found += [self.leave]
        return found

    def new(self, depth: int) -> None:
        """A new array of the shape of another one."""
        shape = self.arrays[self.array()]
        self.made(depth, self.small(shape), shape)

    def take(self, depth: int) -> None:
        """A part of an array, and something made of it."""
        text, shape = self.part(self.array())
        if self.chance(60):
            self.made(depth, str(self.pick(SQUASHED)).format("(" + str(self.pick(BINARY)).format(text, self.beside(shape)) + ")"), shape)
        else:
            name = self.name()
            self.line(depth, f"{name} = {text}")
            self.arrays[name] = shape

    def again(self, depth: int) -> None:
        """Another value for a name, of the same shape."""
        name = self.array()
        if name in self.written:
            self.line(depth, f"{name} = {self.small(self.arrays[name])}")
        else:
            self.add(depth)

    def add(self, depth: int) -> None:
        name = self.pick(self.numbers)
        self.line(depth, str(self.pick(("{0} += {1}", "{0} = 0.5 * {0} + {1}", "{0} = {0} * {1} + 0.1", "{0} -= {1}"))).format(
            name, str(self.pick(SQUASHED)).format(self.number())))  # fmt: skip

    def start(self, depth: int) -> None:
        name = self.name()
        self.line(depth, f"{name} = {self.pick(SQUASHED).format(self.number())}")
        self.numbers.append(name)

    def count(self, depth: int) -> None:
        """A whole number made of others."""
        name = self.name()
        self.line(depth, f"{name} = " + str(self.pick((
            "min({0}, {1})", "{0} // 2", "{0} + {1}", "max({0} - 1, 0)", "len({2})", "len({2}) // 2", "{2}.shape[0]", "{2}.size", "{0} % 3",
            "abs({0} - {1})", "max({0}, {1})",
        ))).format(self.whole(), self.whole(), self.array()))  # fmt: skip
        self.wholes.append(name)

    def write(self, depth: int) -> None:
        own = [name for name in self.arrays if name in self.written and self.arrays[name]]
        if not own:
            return self.new(depth)
        name = self.pick(own)
        shape = self.arrays[name]
        if self.chance(45):
            at = ", ".join(self.place(size) for size in shape)
            self.line(depth, f"{name}[{at}] {self.pick(('=', '+=', '*='))} {self.pick(SQUASHED).format(self.number())}")
            return None
        part, its = self.pick([(text, its) for text, its in self.parts(name) if text.startswith(f"{name}[") and text.endswith("]")])
        value = self.small(its) if its and self.chance(75) else self.pick(SQUASHED).format(self.number())
        self.line(depth, f"{part} {self.pick(('=', '=', '+=', '*='))} {value}")
        return None

    def branch(self, depth: int) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.block(depth + 1, self.random.randint(1, 2))
        if self.chance(50):
            self.line(depth, "else:")
            self.block(depth + 1, self.random.randint(1, 2))

    def refuse(self, depth: int) -> None:
        """What raises for some sizes."""
        self.line(depth, f"if {self.condition()} and {self.whole()} == {self.random.randint(0, 4)}:")
        self.line(depth + 1, str(self.pick((
            "raise ValueError(f'{{{0}}} and {{{1}}} do not go together')", "raise IndexError({0})",
            "raise ArithmeticError('not for these')", "raise KeyError({0}, {1})",
        ))).format(self.whole(), self.whole()))  # fmt: skip

    def give(self, depth: int) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, f"return {self.result()}")

    def leave(self, depth: int) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, str(self.pick(("break", "continue" if self.loops[-1] else "break", f"return {self.result()}"))))

    # Loops

    def loop(self, depth: int) -> None:
        """Over places of an axis, from either end, with steps, from where an outer loop is."""
        size, name = self.axis(), self.name()
        outer = [i for i in self.indices if i.bound == size]
        heads = [("{0}", Index(name, size)), (f"len({self.spelled(size)})", Index(name, size)), ("1, {0}", Index(name, size, 1)),
                 ("1, {0} - 1", Index(name, size, 1, 1)), ("{0} - 1", Index(name, size, 0, 1)), ("{0} - 1, -1, -1", Index(name, size)),
                 ("0, {0}, 2", Index(name, size)), ("{0} - 1, 0, -1", Index(name, size, 1)), ("1, {0}, 3", Index(name, size, 1)),
                 (f"min({{0}}, {self.whole()})", Index(name, size)), ("{0} // 2", Index(name, size))]  # fmt: skip
        for i in outer:
            heads += [(f"{i.name}, {{0}}", Index(name, size, i.low))] * 3 + [(f"{i.name} + 1, {{0}}", Index(name, size, 1))] * 2
            heads += [(i.name, Index(name, size, 0, 1))] + [(f"{i.name}{end}", Index(name, size)) for end in (" + 1", ", -1, -1")]
        head, index = self.pick(heads)
        self.line(depth, f"for {name} in range({head.format(size)}):")
        self.body(depth, index)

    def axis(self) -> Size:
        """The size of an axis of an array."""
        shapes = [shape for shape in self.arrays.values() if shape]
        sizes = [size for shape in shapes for size in shape if size != ONE] or [least(NAMES[0])]
        return self.pick([*sizes, *(i.bound for i in self.indices)] if self.chance(50) else sizes)  # type: ignore[no-any-return]

    def spelled(self, size: Size) -> str:
        """An array whose first axis has a size."""
        return str(self.pick([name for name, shape in self.arrays.items() if shape and shape[0] == size] or [f"range({size})"]))

    def body(self, depth: int, index: Index) -> None:
        self.loops.append(True)
        self.indices.append(index)
        self.block(depth + 1, self.random.randint(1, 2), *[self.pick((self.add, self.write))] * self.chance(70))
        self.indices.pop()
        self.loops.pop()

    def build(self, depth: int) -> None:
        """An array that is filled element by element, or row by row."""
        shape = self.pick([shape for shape in self.arrays.values() if shape])
        out = self.made(depth, str(self.pick(("np.zeros({0})", "np.zeros({0})", "np.full({0}, 0.5)", "np.ones({0})"))).format(
            shape[0] if len(shape) == 1 else f"({', '.join(map(str, shape))})"), shape)  # fmt: skip
        del self.arrays[out]  # it is not read before it is filled
        name = self.name()
        self.line(depth, f"for {name} in range({shape[0]}):")
        self.indices.append(Index(name, shape[0]))
        self.loops.append(True)
        if self.chance(40):
            self.block(depth + 1, 1)
        value = self.small(shape[1:]) if len(shape) > 1 else self.pick(SQUASHED).format(self.number())
        self.line(depth + 1, f"{out}[{name}] = {value}")
        self.loops.pop()
        self.indices.pop()
        self.arrays[out] = shape

    def repeat(self, depth: int) -> None:
        name = self.name()
        self.line(depth, f"{name} = {self.pick(('0', '0', '1', self.whole()))}")
        self.line(depth, f"while {name} < {self.pick(('3', str(self.axis()), self.whole()))} and ({self.condition()}):")
        if self.chance(50):
            self.line(depth + 1, f"{name} += 1")
            self.body(depth, Index(name, Size((), -1)))
        else:
            self.loops.append(False)
            self.block(depth + 1, 1, self.add)
            self.line(depth + 1, f"{name} += 1")
            self.loops.pop()

    def result(self) -> str:
        """A number made of what there is."""
        arrays = [name for name in self.arrays if name.startswith("v")][-2:]
        ends = [f"np.sum(np.sin({name}))" for name in arrays]
        ends += [f"np.sin({name})" for name in self.numbers[-2:]]
        return " + ".join(f"{1.0 - 0.125 * k} * {end}" for k, end in enumerate(ends)) + f" + 0.1 * {self.number(1)}"


def program(seed: int) -> Program:
    """The program of a seed."""
    random = Random(seed)
    writer, parameters = Writer(random), list(_parameters(random))
    for each in parameters:
        if each.kind == "array":
            writer.arrays[each.name] = tuple(least(size) for size in each.sizes)
        (writer.numbers if each.kind == "float" else writer.wholes if each.kind == "whole" else []).append(each.name)
    _sizes(writer, parameters)
    if not writer.numbers:
        writer.line(1, "s = 0.5")
        writer.numbers.append("s")
    writer.block(1, random.randint(2, 4))
    writer.pick((writer.loop, writer.build, writer.loop))(1)
    writer.block(1, random.randint(1, 3))
    writer.line(1, f"return {writer.result()}")
    head = f"def f({', '.join(each.name for each in parameters)}):"
    return Program(PRELUDE + "\n".join((head, *writer.lines)) + "\n", tuple(parameters))


def _parameters(random: Random) -> list[Parameter]:
    """One to three arrays that share sizes, a matrix or more among them; whole numbers and floats."""
    first = [Parameter("x", "array", ("n",)), Parameter("a", "array", random.choice((("n", "m"), ("n", "m"), ("n", "n"), ("m", "n"))))]
    more = [Parameter("y", "array", (random.choice("nm"),)), Parameter("t", "array", random.choice((("n", "m", "p"), ("n", "n", "m")))),
            Parameter("b", "array", random.choice((("m", "p"), ("m", "1"), ("1", "n"), ("n", "m"))))]  # fmt: skip
    chosen = [each for each in first if random.random() < 0.85] + [each for each in more if random.random() < 0.35]
    if not any(each.name == "x" for each in chosen):
        chosen.insert(0, first[0])
    chosen += [Parameter("k", "whole")] * (random.random() < 0.6) + [Parameter("s", "float")] * (random.random() < 0.5)
    return chosen


def _sizes(writer: Writer, parameters: list[Parameter]) -> None:
    """Name the sizes of the arguments."""
    known: set[str] = set()
    for each in parameters:
        for axis, size in enumerate(each.sizes):
            if size not in known and size != "1":
                known.add(size)
                writer.wholes.append(size)
                forms = (f"{each.name}.shape[{axis}]", f"np.shape({each.name})[{axis}]", f"len({each.name})" if axis == 0 else "",
                         f"{each.name}.size" if len(each.sizes) == 1 else "")  # fmt: skip
                writer.line(1, f"{size} = {writer.pick([form for form in forms if form])}")


# Inputs

SIZES = (0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7)


def calls(made: Program, seed: int, number: int = 20) -> list[str]:
    """The arguments of so many calls, as texts; sizes may meet, and whole numbers may be sizes."""
    random = Random(f"{seed} calls")
    return [_call(made, random) for _ in range(number)]


def _call(made: Program, random: Random) -> str:
    sizes = {name: random.choice(SIZES) for name in NAMES} | {"1": 1}
    if random.random() < 0.1:
        sizes["m"] = sizes["n"]
    texts = []
    for each in made.parameters:
        if each.kind == "array":
            shape = tuple(sizes[size] for size in each.sizes)
            texts.append(f"wave({shape}, {random.choice((0.0, 1.0, 2.5, 4.0))})")
        elif each.kind == "whole":
            texts.append(str(random.choice((0, 1, 2, 2, 3, 4, 5, sizes["n"], sizes["n"], sizes["m"], max(sizes["n"] - 1, 0)))))
        else:
            texts.append(str(random.choice((0.37, -0.82, 1.31, 0.05, -1.7))))
    return f"({', '.join(texts)},)"


WAVE = """\
def wave(shape, phase):
    size = math.prod(shape)
    return (0.9 * np.sin(1.7 * np.arange(1, size + 1) ** 1.1 + phase) + 0.1).reshape(shape)
"""


def arguments(text: str) -> tuple[Any, ...]:
    """The arguments of a call from its text, made anew."""
    return eval(text, _SCOPE)  # type: ignore[no-any-return]


_SCOPE: dict[str, Any] = {}
exec("import math\nimport numpy as np\n" + WAVE, _SCOPE)
