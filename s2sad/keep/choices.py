"""Values of different kinds in one variable, by the way that was taken: None or a number, one text or another, one function or another.

Such a variable is a choice: a number that tells which kind it is, and for each kind a value. A statement that reads it is walked once for
each kind (`forks.py`), so what uses it sees plain values. That there is none yet is a kind as well: on that way the name is unknown. Of
lists and objects each one is a kind of its own: what is written into one is seen under its other names.
"""
from __future__ import annotations

import enum
import operator
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.errors import CannotKeep
from s2sad.ir.program import UNDEFINED, Var
from s2sad.ir.writing import Box
from s2sad.machine.callbacks import Callback
from s2sad.machine.traced import Traced
from s2sad.quickly import dataclass
from s2sad.runtime.notices import MACHINE
from s2sad.runtime.same import same_key

KINDS, ARRAYS = 8, 3  # of values that one variable may hold, and those of them with arrays: a loop may make one more in each step
FUNCTIONS = (types.FunctionType, Callback)
NUMBER = (bool, int, float, complex, np.generic)
PLAIN = (type(None), str, bytes, type, types.ModuleType, types.BuiltinFunctionType, np.ufunc, np.dtype, enum.Enum)


class Choice(Traced):
    """One of several values, by a number. What asks for its value is refused; it is to be told apart before."""

    __slots__ = ("options", "which")

    def __init__(self, machine: Any, which: Any, options: dict[int, Any]) -> None:
        self.machine, self.which, self.options = machine, which, options

    @property
    def value(self) -> Any:
        raise CannotKeep("a variable holds different things after a branch", self.machine.location())

    def each(self, change: Callable[[Any], Any]) -> Choice:
        return Choice(self.machine, change(self.which), {number: change(option) for number, option in self.options.items()})


@dataclass(frozen=True)
class Hole:
    """The place of a number, or of an array of one dtype and rank, in the values of a kind."""

    dtype: Any = None
    ndim: int | None = None


@dataclass(frozen=True)
class Kinds:
    """The structure of a choice: the numbers of its kinds, and the structure of each."""

    numbers: tuple[int, ...]
    structures: tuple[Any, ...]
    patterns: tuple[Any, ...]  # for each its leaves: holes, and what is no number


class Choices:
    """The kinds of values that variables hold, by their numbers."""

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.kinds: list[tuple[Any, tuple[Any, ...]]] = []
        self.asked: dict[Var, tuple[Var, int]] = {}  # for conditions the number of a choice, and with which it is compared

    def number(self, value: Any) -> int | None:
        """The number of the kind that a value is of; None if it is of none that may be chosen."""
        leaves, structure = trees.flatten_tuples(value)
        pattern = tuple(hole(leaf) or (leaf,) for leaf in leaves)
        if not all(isinstance(p, Hole) or _is_plain(p[0]) or self.machine.things.is_one(p[0]) for p in pattern):
            return None
        for number, (known, fixed) in enumerate(self.kinds):
            if known == structure and all(map(_agree, fixed, pattern)):
                return number
        self.kinds.append((structure, pattern))
        return len(self.kinds) - 1

    def options(self, value: Any) -> dict[int, Any] | None:
        """A value by the number of its kind, or all that it may be."""
        if isinstance(value, Choice):
            return value.options
        number = self.number(value)
        return None if number is None else {number: value}

    def which(self, value: Any) -> Any:
        return value.which if isinstance(value, Choice) else self.number(value)

    def among(self, values: Sequence[Any]) -> Kinds | None:
        """The kinds that values may be of; None where one of them may not be chosen."""
        found = [self.options(v) for v in values]
        if any(f is None for f in found):
            return None
        options = {number: value for f in found for number, value in f.items()}  # type: ignore[union-attr]
        numbers = tuple(options)  # in the order of the ways, which is the same where a statement is walked anew
        if len(numbers) > KINDS or sum(any(getattr(p, "ndim", None) for p in self.kinds[n][1]) for n in numbers) > ARRAYS:
            return None
        parts = [trees.flatten_tuples(options[n]) for n in numbers]
        return Kinds(numbers, tuple(s for _, s in parts), tuple(self.kinds[n][1] for n in numbers))

    def apart(self, value: Any, kinds: Kinds) -> list[Any]:
        """The leaves of a choice that are numbers, after the number of its kind; UNDEFINED for those of a kind that it is not of, and all
        of them where the value is of none."""
        options = self.options(value) or {}
        leaves = [self.which(value) if options.keys() <= set(kinds.numbers) else UNDEFINED]
        for number, pattern in zip(kinds.numbers, kinds.patterns, strict=True):
            found = trees.flatten_tuples(options[number])[0] if number in options else [UNDEFINED] * len(pattern)
            leaves += [leaf for leaf, p in zip(found, pattern, strict=True) if isinstance(p, Hole)]
        return leaves

    def together(self, leaves: Sequence[Any], kinds: Kinds) -> Choice:
        rest = iter(leaves[1:])
        options = {}
        for number, structure, pattern in zip(kinds.numbers, kinds.structures, kinds.patterns, strict=True):
            options[number] = trees.unflatten(structure, [next(rest) if isinstance(p, Hole) else p[0] for p in pattern])
        return Choice(self.machine, leaves[0], options)

    def picked(self, value: Any) -> Any:
        """The value, if it is one of a choice the one on the way that is being walked."""
        if not isinstance(value, Choice):
            return value
        *others, last = value.options
        return value.options[next((number for number in others if self.is_of(value, number)), last)]

    def answer(self, value: Any) -> Any:
        """What a function returns: where it is a number on some ways only, the code is for those."""
        numbers = [n for n, v in value.options.items() if hole(v)] if isinstance(value, Choice) else []
        if len(numbers) != 1 or not isinstance(value.which, Box):
            return value
        self.machine.guard("truth", self.asks(value.which, numbers[0]), True)
        return value.options[numbers[0]]

    def asks(self, which: Box, number: int) -> Any:
        """The condition that a choice is of a kind."""
        test = self.machine.once(("kind", which.var, number), lambda: self.machine.compare("==", which, number))
        self.asked[test.var] = which.var, number
        return test

    def is_of(self, choice: Choice, number: int) -> bool:
        which = choice.which
        return bool(self.machine.truth(self.asks(which, number)) if isinstance(which, Box) else which == number)

    def narrowed(self, value: Any, test: Box, answer: bool) -> Any:
        """What a value may be on one side of a branch."""
        opposites = self.machine.forks.opposites
        asked, answer = (self.asked.get(opposites[test.var]), not answer) if test.var in opposites else (self.asked.get(test.var), answer)
        if asked is None or not isinstance(value, Choice) or not isinstance(value.which, Box) or value.which.var is not asked[0]:
            return value
        left = {n: v for n, v in value.options.items() if (n == asked[1]) is answer}
        return next(iter(left.values())) if len(left) == 1 else Choice(self.machine, value.which, left)


def hole(leaf: Any) -> Hole | None:
    """The place of a leaf that is a number or an array."""
    plain = leaf.value if isinstance(leaf, Box) else leaf
    if isinstance(plain, np.ndarray):
        return Hole(plain.dtype, plain.ndim)
    return Hole() if isinstance(plain, NUMBER) else None


def _agree(one: Any, other: Any) -> bool:
    if isinstance(one, Hole) or isinstance(other, Hole):
        return bool(one == other)
    a, b = one[0], other[0]
    if isinstance(a, FUNCTIONS) and isinstance(b, FUNCTIONS):  # the same text is another function in each step
        return all(map(operator.is_, _text(a), _text(b)))
    return a is b or (type(a) is type(b) and isinstance(a, (str, bytes)) and same_key(a) == same_key(b))


def _text(function: Any) -> tuple[Any, Any]:
    """The text of a function, and the names it stands among."""
    if isinstance(function, types.FunctionType):
        return function.__code__, function.__globals__
    return getattr(function, "parts", function), function.around


def _is_plain(leaf: Any) -> bool:
    """Whether a leaf means the same on every way."""
    function = leaf.function if isinstance(leaf, Callback) else leaf
    if leaf is UNDEFINED:
        return True
    if isinstance(function, types.FunctionType):
        bare = not (function.__closure__ or function.__defaults__ or function.__kwdefaults__)
        return bare or (function is leaf and MACHINE not in function.__globals__)
    return isinstance(leaf, PLAIN)
