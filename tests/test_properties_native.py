"""Programs at random with backend="numba": native code gives the tape's gradients on every path and in every world, or there is none.

The text runs as plain Python here; `test_native_programs` compiles. `S2SAD_EXAMPLES=2000` in the environment searches longer, at random.
"""

from __future__ import annotations

import contextlib
import copy
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, seed
from hypothesis import strategies as st

from s2sad import first_use_check, tape, value_and_grad
from s2sad.errors import S2sadError
from tests import generate_kept, generate_names, generate_parts, generate_sizes, generate_writes
from tests.at_random import ARRAYS, outcome, profile, quiet
from tests.generate_worlds import asking, changes
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.oracles import assert_close, identical, module, run

pytest.importorskip("numba")
ARGNUMS = st.sampled_from(((0, 1, 2), (2,), (0,)))
pytestmark = [pytest.mark.sampled(1), pytest.mark.usefixtures("uncompiled")]


def right(function: Callable[..., Any], derivative: Any, args: tuple[Any, ...], argnums: Any) -> bool:
    """One call: whether there is native code; if so, value and gradients are right, and so is what it raises; arguments stay."""
    before = copy.deepcopy(args)
    wanted = outcome(function, *copy.deepcopy(args))
    try:
        found = outcome(derivative, *args)
    except S2sadError as error:
        event(f"{type(error).__name__}: {error.reason}")
        return False
    assert identical(args, before), f"arguments changed: {args!r} instead of {before!r}"
    if isinstance(wanted, tuple):
        assert found == wanted
        return True
    narrow = any(getattr(arg, "dtype", None) == np.float32 for arg in args)
    assert_close(found[0], wanted, 2e-5 if narrow else 1e-12)
    if math.isfinite(wanted):
        assert_close(found[1], tape.gradient(function, copy.deepcopy(args), argnums)[1], 2e-3 if narrow else 1e-9)
    return True


@contextlib.contextmanager
def checked(on: bool) -> Iterator[None]:
    before = first_use_check()
    first_use_check(on)
    try:
        yield
    finally:
        first_use_check(before)


def right_on_every_path(text: str, calls: list[tuple[Any, ...]], argnums: Any, **options: Any) -> None:
    """Each call there and back on one gradient, with native code that is looked at when it serves new sizes, and without such looks."""
    for looked_at in (True, False):
        function = module(text).f
        derivative = value_and_grad(function, argnums=argnums, backend="numba", **options)
        with quiet(), checked(looked_at):
            if not all(right(function, derivative, args, argnums) for args in (*calls, *reversed(calls))):
                return
        stats = derivative.stats()
        assert not stats.faults, "the numbers of native code are not those of the code in Python"
        event("native" if sum(stats.hits) > sum(stats.left) else "left to Python")


@ARRAYS
def test_loops_and_branches(arrays: bool) -> None:
    @profile(12, share=6)
    @given(generate_kept.programs(arrays), st.lists(generate_kept.inputs(), min_size=2, max_size=4), ARGNUMS)
    def check(text: str, calls: list[Any], argnums: tuple[int, ...]) -> None:
        right_on_every_path(text, calls, argnums)

    check()


@pytest.mark.sampled(6)
@pytest.mark.long(6)
@pytest.mark.parametrize("control", ["record", "keep", "auto"])
@pytest.mark.parametrize("number", range(1, 5))
def test_changing_paths_at_other_seeds(number: int, control: str) -> None:
    """Which way a call takes changes from call to call; in a recording, guards ask for it."""
    @seed(number)
    @profile(8)
    @given(generate_kept.programs(number % 2 > 0), st.lists(generate_kept.inputs(), min_size=2, max_size=4), ARGNUMS)
    def check(text: str, calls: list[Any], argnums: tuple[int, ...]) -> None:
        right_on_every_path(text, calls, argnums, control=control)

    check()


@profile(12, share=6)
@given(generate_writes.programs(), generate_writes.inputs(), generate_writes.inputs(), generate_writes.inputs(np.float32))
def test_programs_that_write(text: str, one: Any, other: Any, narrow: Any) -> None:
    right_on_every_path(text, [one, other, narrow], (0, 1))


@profile(10)
@given(generate_names.programs())
def test_arrays_of_several_names(text: str) -> None:
    right_on_every_path(text, [(np.array(x), n) for x in ([0.3, 0.8, 0.5], [0.9, -0.4, 0.2]) for n in (3, 0, 1)], 0)


@profile(12, share=6)
@given(st.integers(0, 10**6))
def test_sizes(number: int) -> None:
    made = generate_sizes.program(number)
    texts = generate_sizes.calls(made, number, 6)
    right_on_every_path(made.text, [generate_sizes.arguments(text) for text in texts], made.argnums)


def steady(function: Any, args: tuple[Any, ...]) -> bool:
    """Whether gradients hold their digits where arguments are moved in their last ones."""
    moved = tuple(a * (1.0 + 4e-16) if isinstance(a, np.ndarray) else a for a in args)
    one, other = (np.concatenate(tape.gradient(function, copy.deepcopy(given), (0, 1))[1]) for given in (args, moved))
    return bool(np.max(np.abs(one - other)) <= 1e-11 * np.max(np.abs(one)))


@profile(40, share=20, long=3)
@given(st.integers(0, 10**6))
def test_parts_that_are_written_over(number: int) -> None:
    text = generate_parts.program(number)
    with quiet():
        calls = [args for args in generate_parts.arguments(number) if steady(module(text).f, args)]
    right_on_every_path(text, calls, (0, 1))


@profile(8)
@given(asking(), changes, st.sampled_from((0.25, 0.5, 1.5)))
def test_worlds_that_change(text: str, made: list[str], x: float) -> None:
    program = module(text)
    derivative = value_and_grad(program.f, backend="numba")
    with quiet():
        for number, change in enumerate(("", *made)):
            run(program, change)
            right(program.f, derivative, (x, (2, 1, 3)[number % 3]), 0)


WORLD = """\
import numpy as np

SCALE, W, RATE = 2.0, np.array([0.5, -1.0, 2.0]), 0.5


def step(v, k):
    return v * RATE + k


def f(x, n):
    y, t = np.zeros(len(x)), 0.0
    for i in range(len(x)):
        if x[i] > 0.0:
            t = t * x[i] + np.sin(SCALE * x[0])
        else:
            t = step(t, x[i] * x[i])
        y[i] = t
    for k in range(n):
        y[1:] = y[1:] * x[:-1] + W[k % len(W)]
    return np.sum(y**2) * SCALE
"""
X = np.array([0.7, -0.4, 1.2])
TEN: tuple[tuple[str, Any, int], ...] = (
    ("", X, 2),
    ("", -1.3 * X, 2),
    ("SCALE = 0.75", X, 4),
    ("W[0] = -0.8", np.append(X, [0.3, -0.9]), 1),
    ("RATE = 1.25", X.astype(np.float32), 3),
    ("W = np.array([1.5, 0.5])", X[::-1], 0),
    ("def step(v, k):\n    return v - 0.5 * k", X, 2),
    ("RATE, SCALE = 2, 1", -X[:1], 2),
    ("W = np.float32([1.5, 0.25, -1.0])", np.repeat(X, 2)[::2], 3),
    ("step = lambda v, k: k * v; SCALE = 3.5", np.asfortranarray(2.0 * X), 1),
)


def test_ten_calls_in_a_changing_world() -> None:
    made = module(WORLD)
    derivative = value_and_grad(made.f, backend="numba")
    for change, x, n in TEN:
        run(made, change)
        assert right(made.f, derivative, (x, n), 0)
    assert all(derivative.stats().native) and not derivative.stats().faults and not sum(derivative.stats().left)
