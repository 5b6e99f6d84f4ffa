"""What each primitive says of the type of its result is what NumPy gives, for the sizes of the samples and for others."""
from __future__ import annotations

import functools
import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from s2sad import trees
from s2sad.rules.language import Primitive
from s2sad.rules.results import result
from s2sad.types.polynomials import Symbol
from s2sad.types.questions import Undecided
from s2sad.types.sizes import Size
from tests.rule_samples_arrays import Call
from tests.types import more_samples, more_samples_shapes
from tests.types.typed import PRIMITIVES, Answers, at, dimensions, given, measured, outcome, resized, samples, shown, told, types

NAMES = sorted(name for name, p in PRIMITIVES.items() if not p.structural and not p.asks)
STATED = [name for name in NAMES if any(True for _ in samples(name))]
BY_SIZES = [*more_samples.BY_SIZES, *more_samples_shapes.BY_SIZES]
ERRORS = ("ValueError", "TypeError", "IndexError")
OUTSIDE = "IndexError"  # a place that is not there is a matter of values: the run raises what it raises
LIMIT = 12  # of samples of one primitive that are tried with other sizes


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("name", STATED)
def test_the_type_of_each_sample_is_told(name: str) -> None:
    primitive = PRIMITIVES[name]
    for bound in samples(name):
        typed = measured(primitive, bound, types(bound, lambda n: n))
        try:
            found = told(primitive, typed, {})
            assert found == outcome(functools.partial(primitive.evaluate, bound)) or (ours(primitive) and found in ERRORS), typed
        except Undecided:
            assert primitive.dynamic == "fractions" or any(map(decides, trees.flatten(bound)[0])), typed


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", STATED)
def test_the_type_is_told_of_sizes_that_are_symbols(name: str) -> None:
    """Also of other sizes than those of the call, where all that was asked is answered the same."""
    chance, rng, others = random.Random(name), np.random.default_rng(1), 0
    for bound in list(samples(name))[:LIMIT]:
        for pick in [lambda n: n, *(resized(chance) for _ in range(4))]:
            others += compared(name, bound, pick, chance, rng)
    assert others or not any(isinstance(part, np.ndarray) and part.ndim for bound in samples(name) for part in bound)


def decides(value: Any) -> bool:
    """Whether a value may say where or how many."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "ib"


def ours(primitive: Primitive) -> bool:
    """Whether it is one that rules call, with what goes together."""
    return (getattr(primitive.callee, "__module__", None) or "").startswith("s2sad")


def compared(name: str, bound: list[Any], pick: Callable[[int], int], chance: random.Random, rng: np.random.Generator) -> int:
    """How many other sets of sizes were compared."""
    answers = Answers()
    dimension, values = dimensions(answers, pick)
    symbolic = types(bound, dimension)
    others = [{s: choose(n) for s, n in values.items()} for choose in [resized(chance) for _ in range(8)]]
    return check(PRIMITIVES[name], symbolic, values, answers, others, rng)


def check(primitive: Primitive, symbolic: list[Any], values: dict[Symbol, int], answers: Answers, others: list[dict[Symbol, int]],
          rng: np.random.Generator) -> int:  # fmt: skip
    """The type told is that of what NumPy gives, for these numbers and for all others that answer the same."""
    try:
        found = result(primitive, symbolic)
    except Undecided:
        return 0
    except (ValueError, TypeError, IndexError, ZeroDivisionError):
        found = None
    about = f"{symbolic} at {values}, asked {answers}"
    real = given(primitive, at(symbolic, values), rng)
    assert real == OUTSIDE or told(primitive, symbolic, values) == real or (ours(primitive) and (real in ERRORS or found is None)), about
    same = [new for new in others if answers.hold(new)] if found is not None else []
    for new in same:
        real = given(primitive, at(symbolic, new), rng)
        assert real in (OUTSIDE, shown(at(found, new))) or (ours(primitive) and real in ERRORS), f"{about}, now {new}"
        assert type(found) is not Size or at(found, new) == primitive.evaluate(at(symbolic, new)), f"{about}, now {new}"
    return len(same)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name, call", BY_SIZES, ids=[name for name, _ in BY_SIZES])
def test_whole_numbers_that_say_how_many_are_symbols(name: str, call: Callable[..., Call]) -> None:
    chance, rng, primitive = random.Random(name), np.random.default_rng(1), PRIMITIVES[name]
    for _ in range(25):
        answers = Answers()
        dimension, values = dimensions(answers, lambda n: chance.choice((n, chance.randint(-1, 5))), low=None)
        asked_for = call(*map(dimension, (4, 2, 1)))
        symbolic = types(primitive.bind(asked_for.args, asked_for.kwargs), lambda n: n)
        check(primitive, symbolic, values, answers, [{s: chance.randint(-1, 5) for s in values} for _ in range(25)], rng)
