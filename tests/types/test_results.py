"""What each primitive says of the type of its result is what NumPy gives, for the sizes of the samples and for others."""
from __future__ import annotations

import pathlib
import random
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from s2sad.rules.language import Primitive
from s2sad.rules.results import Unstated, result
from s2sad.types.sizes import Symbol, Undecided
from tests.types.typed import PRIMITIVES, Answers, at, dimensions, given, resized, samples, shown, told, types

NOT_STATED = [line for line in pathlib.Path(__file__).with_name("not_stated.txt").read_text().splitlines() if line and line[0] != "#"]
NAMES = sorted(name for name, p in PRIMITIVES.items() if not p.structural and not p.asks)
STATED = [name for name in NAMES if name not in NOT_STATED and any(True for _ in samples(name))]
ERRORS = ("ValueError", "TypeError", "IndexError")
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
        try:
            found = result(primitive, types(bound, lambda n: n))
        except Undecided:
            assert primitive.dynamic, types(bound, lambda n: n)
            continue
        with np.errstate(all="ignore"):
            assert shown(found) == shown(primitive.evaluate(bound)), types(bound, lambda n: n)


@pytest.mark.parametrize("name", STATED)
def test_the_type_is_told_of_sizes_that_are_symbols(name: str) -> None:
    """Also of other sizes than those of the call, where all that was asked is answered the same."""
    chance, rng, others = random.Random(name), np.random.default_rng(1), 0
    for bound in list(samples(name))[:LIMIT]:
        for pick in [lambda n: n, *(resized(chance) for _ in range(4))]:
            others += compared(name, bound, pick, chance, rng)
    assert others or not any(isinstance(part, np.ndarray) and part.ndim for bound in samples(name) for part in bound)


def ours(primitive: Primitive) -> bool:
    """Whether it is one that rules call, with what goes together."""
    return (getattr(primitive.callee, "__module__", None) or "").startswith("s2sad")


def compared(name: str, bound: list[Any], pick: Any, chance: random.Random, rng: np.random.Generator) -> int:
    """How many other sets of sizes were compared."""
    primitive, answers, served = PRIMITIVES[name], Answers(), 0
    dimension, values = dimensions(chance, answers, pick)
    symbolic = types(bound, dimension)
    try:
        found = result(primitive, symbolic)
    except Undecided:
        return 0
    except (ValueError, TypeError, IndexError, ZeroDivisionError):
        found = None
    about = f"{symbolic} at {values}, asked {answers.asked}"
    real = given(primitive, at(symbolic, values), rng)
    assert told(primitive, symbolic, values) == real or (ours(primitive) and (real in ERRORS or found is None)), about
    for _ in range(8 if found is not None else 0):
        choose = resized(chance)
        new: dict[Symbol, int] = {s: choose(n) for s, n in values.items()}
        if answers.hold(new):
            served += 1
            real = given(primitive, at(symbolic, new), rng)
            assert shown(at(found, new)) == real or (ours(primitive) and real in ERRORS), f"{about}, now {new}"
    return served


@pytest.mark.parametrize("name", NOT_STATED)
def test_what_is_not_stated_says_so(name: str) -> None:
    with pytest.raises(Unstated):
        for bound in samples(name):
            result(PRIMITIVES[name], types(bound, lambda n: n))
