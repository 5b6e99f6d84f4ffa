"""What NumPy gives and what types tell, side by side: the samples of all rules with sizes that are symbols."""
from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import s2sad.rules as rules
from s2sad.rules.language import BY_NAME, STRONG, Primitive
from s2sad.rules.results import result
from s2sad.types.arrays import Array
from s2sad.types.indexing import Chosen
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import OPERATIONS, Size, value_at_hints, with_sizes
from tests.rule_samples_arrays import INDEXING, REDUCTIONS
from tests.rule_samples_elementwise import ROWS, arguments
from tests.rule_samples_linalg import LINALG, PRODUCTS
from tests.rule_samples_shapes import CREATION, SHAPES
from tests.types import more_samples, more_samples_shapes

assert rules.FAMILIES
CALLS = {**INDEXING, **REDUCTIONS, **SHAPES, **CREATION, **PRODUCTS, **LINALG}
PRIMITIVES: dict[str, Primitive] = {**BY_NAME, **{made.primitive.name: made.primitive for made in STRONG.values()}}
PLAIN = {made.primitive.name: plain.name for plain, made in STRONG.items()}


def samples(name: str) -> Iterator[list[Any]]:
    """The arguments of the sample calls of a primitive, in the order of its parameters."""
    primitive, name = PRIMITIVES[name], PLAIN.get(name, name)
    for call in CALLS.get(name, ()):
        given = primitive.bind(call.args, call.kwargs)
        yield [np.array(g) if isinstance(g, list) else g for g in given] if PRIMITIVES[name] is not primitive else given
    for k, row in enumerate(ROWS.get(name, ())):
        yield bound(primitive, arguments(row, k))
    for k, row in enumerate((*more_samples.ROWS.get(name, ()), *more_samples_shapes.ROWS.get(name, ()))):
        yield bound(primitive, arguments(row, k))


def bound(primitive: Primitive, given: list[Any]) -> list[Any]:
    names = [p.name for p in primitive.parameters]
    variadic = any(p.variadic for p in primitive.parameters)
    return primitive.bind(tuple(given), {}) if variadic else primitive.bind((), dict(zip(names, given, strict=False)))


# Types with symbols


class Answers:
    """Answers questions about sizes from the numbers of a call, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Size, Any]] = []

    def __repr__(self) -> str:
        return ", ".join(f"{size}: {question} {answer}" for question, size, answer in self.asked)

    def is_zero(self, size: Size) -> bool:
        return bool(self._answer("zero", size))

    def is_negative(self, size: Size) -> bool:
        return bool(self._answer("negative", size))

    def number(self, size: Size) -> int:
        return int(self._answer("number", size))

    def _answer(self, question: str, size: Size) -> Any:
        answer = QUESTIONS[question](value_at_hints(size))
        self.asked.append((question, size, answer))
        return answer

    def hold(self, values: dict[Symbol, int]) -> bool:
        """Whether all would be answered the same for other sizes."""
        return all(QUESTIONS[question](at(size, values)) == answer for question, size, answer in self.asked)


QUESTIONS: dict[str, Callable[[Any], Any]] = {"zero": lambda n: n == 0, "negative": lambda n: n < 0, "number": lambda n: n}


def types(value: Any, dimension: Callable[[int], Any]) -> Any:
    """A value with its type in the place of each array, the dimensions replaced."""
    if isinstance(value, np.ndarray):
        return Array(value.dtype, tuple(map(dimension, value.shape)))
    return parts(value, lambda part: types(part, dimension))


def measured(primitive: Primitive, bound: list[Any], typed: list[Any]) -> list[Any]:
    """The types of arguments, in which an array that says how long the result is knows the number."""
    return [_measured(primitive, p.name, b, t) for p, b, t in zip(primitive.parameters, bound, typed, strict=True)]


def _measured(primitive: Primitive, name: str, value: Any, kind: Any) -> Any:
    if type(kind) is not Array or name not in (primitive.counts, primitive.adds):
        return kind
    return Chosen(kind.dtype, kind.shape, int(np.count_nonzero(value) if name == primitive.counts else np.sum(value)))


def parts(value: Any, function: Callable[[Any], Any]) -> Any:
    if isinstance(value, (list, tuple)):
        inside = [function(v) for v in value]
        return inside if isinstance(value, list) else type(value)(*inside) if hasattr(value, "_fields") else tuple(inside)
    return value


def at(value: Any, values: dict[Symbol, int]) -> Any:
    """A type with numbers for symbols."""
    if type(value) is Array:
        return Array(value.dtype, tuple(at(n, values) for n in value.shape))
    if type(value) is Size:
        # One that follows from others has these inside.
        known = {s: number(s, values) for s in value.symbols()}
        return value.kind(with_sizes(value, known))
    return parts(value, lambda part: at(part, values))


def number(symbol: Symbol, values: dict[Symbol, int]) -> int:
    if symbol in values:
        return values[symbol]
    operands = [at(o, values) for o in symbol.operands]
    return int(OPERATIONS[symbol.operation](*operands))


def instance(value: Any, rng: np.random.Generator) -> Any:
    """A value with an array of its type in the place of each type."""
    if type(value) is not Array:
        return parts(value, lambda part: instance(part, rng))
    dtype, shape = value.dtype, value.shape
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    if dtype.kind not in "fc":
        return np.zeros(shape, dtype)
    found = rng.uniform(0.5, 0.9, shape).astype(dtype)
    if len(shape) > 1 and shape[-1] == shape[-2]:  # matrices that are positive definite, or nearly
        found += 3.0 * np.eye(shape[-1], dtype=dtype)
    return found


# Outcomes, to be compared


def outcome(function: Callable[[], Any]) -> Any:
    """The type of what a function gives, or the error it raises, as text."""
    with np.errstate(all="ignore"):
        try:
            return shown(function())
        except (ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError) as error:
            kind = type(error)
            return next(k.__name__ for k in kind.__mro__ if k.__module__ == "builtins")


def shown(value: Any) -> str:
    """Class, dtype and shape of a value, or of what stands for it."""
    if isinstance(value, np.ndarray):
        return f"{np.dtype(value.dtype)}[{', '.join(str(n) for n in value.shape)}]"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}({', '.join(map(shown, value))})"
    return "number of " + (value.kind if type(value) is Size else type(value)).__name__


def told(primitive: Primitive, bound: list[Any], values: dict[Symbol, int]) -> Any:
    """The type that is told, with numbers for its symbols."""
    return outcome(lambda: at(result(primitive, bound), values))


def given(primitive: Primitive, bound: list[Any], rng: np.random.Generator) -> Any:
    """The type of what NumPy gives on arrays of the types."""
    return outcome(lambda: primitive.evaluate(instance(bound, rng)))


def dimensions(answers: Answers, pick: Callable[[int], int], low: int | None = 0) -> tuple[Callable[[int], Size], dict[Symbol, int]]:
    """What makes a symbol of each dimension, and the numbers they are."""
    values: dict[Symbol, int] = {}

    def dimension(n: int) -> Size:
        symbol = Symbol(f"n{len(values)}", pick(n), low)
        values[symbol] = symbol.hint or 0
        return Size.of(symbol, answers)

    return dimension, values


def resized(chance: random.Random, largest: int = 4) -> Callable[[int], int]:
    """Other sizes for dimensions: mostly those that are equal stay equal."""
    same = {n: chance.randint(0, largest) for n in range(30)}
    stay, apart = chance.random() < 0.4, chance.random() < 0.2
    return lambda n: n if stay and chance.random() < 0.7 else chance.randint(0, largest) if apart else same[n]

