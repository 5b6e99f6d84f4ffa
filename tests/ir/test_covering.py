"""Writes are said to reach all of an array only where they do, whatever the sizes; of edges, the inner part and loops it is said."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.ir import covering
from s2sad.ir.covering import covered, reached
from s2sad.ir.footprints import Footprints
from s2sad.ir.spans import Span
from s2sad.types.polynomials import Symbol
from s2sad.types.sizes import at_least_zero, with_sizes
from tests.oracles import module

SIZES = range(7)
PARTS = ("0", "-1", "1", "-2", "1:", ":-1", "2:", ":2", "1:-1", ":-2", "-2:", ":", "::-1", "::2", "1::2", "n - 1", "n - 2:", ":n // 2",
         "n // 2:", "-3::-1", ":1:-1", ":n - 1", "-n", "[0, 1]")  # fmt: skip
RANGES = ("range(n)", "range(1, n)", "range(2, n)", "range(n - 2)", "range(n - 1, 0, -1)", "range(n - 3, -1, -1)", "range(1, n - 1)",
          "range(0, n, 2)", "reversed(range(n - 1))", "range(n // 2)", "range(n - 1)", "range(2)")  # fmt: skip
MOVING = ("i", "i", "i", "i - 1", "n - 1 - i", "i + 1", "i:i + 1", "i:i + 2", "2 * i:2 * i + 2", "-i - 1", ":i", "i:", "i % n",
          "n - i:n - i + 2")  # fmt: skip
KINDS = ("part", "loop", "condition", "break", "nested")


def one_axis(random: Random) -> str:
    """A program that writes into some of the elements of an array."""
    lines = ["import numpy as np", "def f(x):", "    n = x.shape[0]"]
    for _ in range(random.choice((1, 2, 3, 3))):
        kind = random.choices(KINDS, (8, 8, 1, 1, 2))[0]
        part, moving = random.choice(PARTS), random.choice(MOVING)
        within = moving.replace("i", "j") if random.random() < 0.5 else part
        if kind != "part":
            lines.append(f"    for i in {random.choice(RANGES)}:")
        lines += {
            "part": [f"    x[{part}] = 1.0"],
            "loop": [f"        x[{moving}] = 1.0"],
            "condition": ["        if i > 1:", f"            x[{moving}] = 1.0"],
            "break": ["        if x[i] > 0.5:", "            break", f"        x[{moving}] = 1.0"],
            "nested": ["        for j in range(i, n):", f"            x[{within}] = 1.0"],
        }[kind]
    return "\n".join([*lines, "    return np.sum(x * x)", ""])


def two_axes(random: Random) -> str:
    lines = ["import numpy as np", "def f(x):", "    n, m = x.shape"]
    for _ in range(random.choice((2, 3, 4, 5))):
        part, other = (random.choice((":", ":", "1:-1", *PARTS[:-1])) for _ in range(2))
        other = other.replace("n", "m")
        if random.random() < 0.4:
            first, second = (random.choice(MOVING), other) if random.random() < 0.6 else (part, random.choice(MOVING).replace("n", "m"))
            if random.random() < 0.2:
                first, second = random.choice(MOVING), random.choice(MOVING).replace("n", "m")
            lines += [f"    for i in {random.choice(RANGES)}:", f"        x[{first}, {second}] = 1.0"]
        else:
            lines.append(f"    x[{part}, {other}] = 1.0")
    return "\n".join([*lines, "    return np.sum(x * x)", ""])


def told(function: Callable[..., Any], *args: Any) -> tuple[bool, Callable[..., Any]]:
    """Whether the writes of a function are said to reach all elements, and the code of which it is said."""
    derivative = value_and_grad(function, control="keep")
    derivative(*args)
    path = derivative.paths[0]
    found = Footprints(tuple(s for s in path.function.statements if getattr(s, "phase", 0) == 0))
    thing = next(a for a in found.accesses.values() if a.writes).thing
    parts = [reached(a, found.laps, 0) for a in thing.accesses if a.writes]
    return covered([part for part in parts if part is not None], thing.shape), path.built.run


def taken(run: Callable[..., Any], x: np.ndarray) -> bool:
    """Whether the code is for a call of this size, and the call is a good one."""
    try:
        run(x)
    except Exception:
        return False
    return True


def left_out(function: Callable[..., Any], run: Callable[..., Any], axes: int) -> Iterator[tuple[int, ...]]:
    """The sizes for which an element is not written."""
    for shape in itertools.product(SIZES, repeat=axes):
        x = np.zeros(shape)
        if taken(run, x.copy()):
            function(x)
            if not (x == 1.0).all():
                yield shape


def compared(make: Callable[[Random], str], seed: int) -> bool:
    text = make(Random(seed))
    function, axes = module(text).f, 1 if make is one_axis else 2
    try:
        said, run = told(function, np.zeros((5, 6)[:axes]))
    except (IndexError, ValueError):  # which the program raises
        return False
    assert not said or not list(left_out(function, run, axes)), text
    return said


@pytest.mark.parametrize("make, least", [(one_axis, 8), (two_axes, 3)])
def test_what_is_said_to_be_covered_is_written(make: Callable[[Random], str], least: int) -> None:
    assert sum(compared(make, seed) for seed in range(60)) >= least


def too_small(lows: Any, highs: Any) -> bool:
    return any(at_least_zero(low - high + 1) for low in lows for high in highs)


def up_to_the_last_stop(span: Span, symbol: Symbol) -> Span:
    return Span(*(with_sizes(end, {symbol: bound}) for end, bound in ((span.first, symbol.low), (span.stop, symbol.high))), exact=True)


@pytest.mark.parametrize("name, wrong", [("_is_empty", too_small), ("_swept", up_to_the_last_stop)])
def test_a_wrong_answer_would_be_seen(name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covering, name, wrong)
    with pytest.raises(AssertionError):
        for seed in range(60):
            compared(one_axis, seed)


def edges_and_the_inner_part(x):
    x[1:-1, 1:-1] = 1.0
    x[0, :] = 1.0
    x[:, 0] = 1.0
    x[:, -1] = 1.0
    x[-1, :] = 1.0
    return np.sum(x * x)


def rows_from_the_third_on(x):
    x[0, :] = 1.0
    x[1] = 1.0
    for i in range(2, x.shape[0]):
        x[i, :] = 1.0
    return np.sum(x * x)


def rows_backwards(x):
    x[-1, :] = 1.0
    x[-2, :] = 1.0
    for i in range(x.shape[0] - 3, -1, -1):
        x[i, :] = 1.0
    return np.sum(x * x)


def elements_of_rows(x):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] = 1.0
    return np.sum(x * x)


def blocks(x):
    for i in range(x.shape[0]):
        x[i : i + 2, ::-1] = 1.0
    return np.sum(x * x)


def halves(x):
    x[: x.shape[0] // 2] = 1.0
    x[x.shape[0] // 2 :] = 1.0
    return np.sum(x * x)


@pytest.mark.parametrize("function", [edges_and_the_inner_part, rows_from_the_third_on, rows_backwards, elements_of_rows, blocks, halves])
def test_what_covers_is_said_to(function: Callable[..., Any]) -> None:
    said, run = told(function, np.zeros((5, 6)))
    assert said and not list(left_out(function, run, 2))


def without_a_corner(x):
    x[1:-1, :] = 1.0
    x[0, 1:] = 1.0
    x[-1, :] = 1.0
    return np.sum(x * x)


def below_the_diagonal(x):
    for i in range(x.shape[0]):
        for j in range(i + 1):
            x[i, j] = 1.0
    return np.sum(x * x)


def every_other_row(x):
    for i in range(0, x.shape[0], 2):
        x[i] = 1.0
    return np.sum(x * x)


def on_one_side(x):
    for i in range(x.shape[0]):
        if i > 0:
            x[i] = 1.0
    return np.sum(x * x)


def by_a_table(x):
    for i in range(x.shape[0]):
        x[[i, 0]] = 1.0
    return np.sum(x * x)


def may_end_early(x):
    for i in range(x.shape[0]):
        if x[i, 0] > 0.5:
            break
        x[i] = 1.0
    return np.sum(x * x)


def in_no_step(x):
    for _ in range(x.shape[0] - 3):
        x[:] = 1.0
    return np.sum(x * x)


@pytest.mark.parametrize("function", [without_a_corner, below_the_diagonal, every_other_row, on_one_side, by_a_table, may_end_early,
                                      in_no_step])  # fmt: skip
def test_what_may_leave_an_element_out_is_not(function: Callable[..., Any]) -> None:
    assert not told(function, np.zeros((5, 6)))[0]
