"""Functions of one code share loops and branches that are kept, each with its own cells, sizes and checks."""
from __future__ import annotations

import functools
import gc
import math
import random
import types
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import tape, value_and_grad
from s2sad.calls import shared_paths
from s2sad.emit.build import build
from s2sad.ir.program import everything
from tests.calls.test_shared_paths import VALUES, Other, Part, agrees, anew_fixture, scaled  # noqa: F401
from tests.oracles import assert_close, assert_identical

SLOPE = 2.0


def slope_of(x: Any) -> Any:
    return x * SLOPE


def kept_agrees(function: Any, *args: Any, **options: Any) -> int:
    """As `agrees`, where loops and branches are kept; how many compilations that took."""
    derived = value_and_grad(function, control="keep", **options)
    for _ in range(3):
        value, gradient = derived(*args)
        assert_identical(value, function(*args))
        assert_close(gradient, tape.gradient(function, args)[1])
    assert all(derived.stats().kept) and not derived.stats().faults
    return int(derived.stats().compilations)


def stepping(a: Any, branch: Any = 1.0) -> Any:
    def f(x: Any, n: int) -> Any:
        s = x
        for k in range(n):
            s = s * 0.5 + a * x if s > branch else s + a * k
        return s
    return f


def test_of_loops_that_are_kept_nothing_is_compiled_from_the_third_on() -> None:
    assert [kept_agrees(stepping(float(k)), 3.0, 7 + k) for k in range(6)] == [1, 1, 0, 0, 0, 0]
    made = [s2sad.grad(stepping(float(k))) for k in range(5)]
    assert [g(0.5, 40) for g in made] == [tape.gradient(g.function, (0.5, 40))[1] for g in made]
    assert [g.stats().compilations for g in made] == [1, 1, 0, 0, 0] and all(g.stats().kept == (True,) for g in made)


def test_kept_loops_with_cells_of_other_types() -> None:
    def make(a: Any, n: Any) -> Any:
        def f(x: Any) -> Any:
            s = x
            for k in range(n):
                s = s + np.sum(np.real(a * x)) * 0.25 if k % 2 else s * 0.5
            return s
        return f

    chooser = random.Random(3)
    numbers = [kept_agrees(make(chooser.choice(VALUES), chooser.choice([0, 1, 2, 5, True, np.int64(3)])), 1.5) for _ in range(50)]
    assert numbers.count(0) > 10


def test_kept_loops_over_what_is_in_cells() -> None:
    def make(rows: Any, weights: Any, part: Any) -> Any:
        def f(x: Any) -> Any:
            s = 0.0
            for row in rows:
                s = s + np.sum(row * weights) * part.times(x)
            return s
        return f

    chooser = np.random.default_rng(4)
    recorded = 0
    for k in range(24):
        width = k % 3 + 1
        part = (Part, Other)[k % 5 == 4](float(k))
        function = make(chooser.normal(size=(k % 4 + 1, width)), chooser.normal(size=width), part)
        recorded += agrees(function, 0.5, derive=functools.partial(value_and_grad, control="keep"))
        derived = value_and_grad(function, control="keep")
        for slope in (2.0, 3.0):
            part.k = slope
            assert_identical(derived(0.5)[0], function(0.5))
            assert_close(derived(0.5)[1], tape.gradient(function, (0.5,))[1])
    assert recorded == 0


def test_kept_loops_of_functions_in_cells_and_of_functions_that_are_made_with_them() -> None:
    def make(g: Any, a: float) -> Any:
        def helper(y: Any) -> Any:
            return a * g(y)

        def f(x: Any, n: int) -> Any:
            s = x
            for _ in range(n):
                s = helper(s) + a if s < 100.0 else s
            return s
        return f

    inner: list[Any] = [math.sin, math.cos, scaled(0.5), np.tanh, math.sin, scaled(0.25), math.sin, scaled(0.5)]
    for k, g in enumerate(inner * 2):
        kept_agrees(make(g, 1.0 + k / 8), 0.5, 3 + k % 3)


def test_kept_loops_that_read_cells_globals_and_defaults_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(a: Any) -> Any:
        def f(x: Any, n: int, c: float = a) -> Any:
            s = x
            for _ in range(n):
                s = s * 0.5 + slope_of(x) * SLOPE * late * c
            return s

        def assign(value: Any) -> None:
            nonlocal late
            late = value
        late = a
        return f, assign

    for k in range(8):
        f, assign = make(float(k))
        derived = value_and_grad(f, control="keep")
        for value in (2.0, 3.0, np.float64(1.0)):
            assign(value)
            assert_identical(derived(0.5, 3)[0], f(0.5, 3))
            assert_close(derived(0.5, 3)[1], tape.gradient(f, (0.5, 3))[1])
        f.__defaults__ = (7.0 + k,)
        assert_identical(derived(0.5, 3)[0], f(0.5, 3))
        if k == 4:
            monkeypatch.setitem(globals(), "SLOPE", 5.0)
        if k == 5:
            monkeypatch.setitem(globals(), "slope_of", lambda x: x * x)


def test_sides_of_kept_branches_are_checked_for_each() -> None:
    """What is marked, and what is known of sizes, is of each function its own."""
    made = [value_and_grad(stepping(float(k), 5.0), control="keep") for k in range(5)]
    for n in (2, 9):
        for x in (0.5, 20.0):
            for g in made:
                assert_identical(g(x, n)[0], g.function(x, n))
    assert [g.stats().compilations for g in made] == [1, 1, 0, 0, 0]
    assert len({g.stats().checks for g in made[1:3]}) == 1 and all(g.stats().checks >= 2 for g in made)


def test_a_branch_on_a_derivative_that_is_zero_times_infinity() -> None:
    """The products of such a function are strong from the beginning, for all: both sides have the same value here, and other slopes."""
    def make(a: float) -> Any:
        def f(x: Any, n: int) -> Any:
            s = x
            for _ in range(n):
                slope = s2sad.grad(lambda y: np.sqrt(y) * (a * 0.0))(x)
                s = s + a * x if slope >= 0.0 else s + 2.0 * a * x
            return s
        return f

    compiled = []
    for k in range(4):
        derived = value_and_grad(make(1.0 + k), control="keep")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            assert derived(np.float64(0.0), 3) == (0.0, 4.0 + 3.0 * k)
        compiled.append(derived.stats().compilations)
    assert compiled == [1, 1, 0, 0]


def test_statements_in_a_loop_that_speak_of_the_function() -> None:
    """In each step it is asked whether a number is the function, or a cell."""
    def make(a: Any) -> Any:
        def f(x: Any, n: int) -> Any:
            s = x
            for k in range(n):
                s = s + (f, k).count(f) * a * x + [k, f].index(f)
            return s
        return f

    assert [kept_agrees(make(float(k)), 3.0, 5) for k in range(5)] == [1, 1, 0, 0, 0]
    f = make(7.0)
    derived = value_and_grad(f, control="keep")
    assert derived(3.0, 4) == (f(3.0, 4), 29.0)
    (path,) = derived.paths
    own = (f, *f.__closure__)
    spoken = [v for s in everything(path.function.statements) for v in shared_paths._constants(s)]
    theirs = [v for v in spoken if (isinstance(v, types.FunctionType) and v.__code__ is f.__code__) or isinstance(v, types.CellType)]
    assert theirs and all(any(v is one for one in own) for v in theirs)


def of_a_square(f: Any, a: float) -> Any:
    return lambda x: f(x * x, 3) * a


def test_second_derivatives_of_kept_loops() -> None:
    for k in range(5):
        f = stepping(float(k))
        derived = s2sad.grad(s2sad.grad(squared := of_a_square(f, float(k)), control="keep"), control="keep")
        assert_close(derived(1.5), tape.gradient(s2sad.grad(squared), (1.5,))[1])
        again = s2sad.grad(s2sad.grad(f, control="keep"), control="keep")
        assert_close(again(1.5, 3), 0.0)


def test_a_kept_path_that_is_wrong_is_withdrawn() -> None:
    """Each function has its own check at first use; who finds a fault takes the path away from those that come."""
    for k in range(3):
        assert value_and_grad(stepping(1.0 + k), control="keep")(3.0, 5)
    (patterns,) = shared()
    made = patterns[0].made
    text = made.built.text
    assert "0.5 * " in text.source or "* 0.5" in text.source
    made.built = build(replace(text, source=text.source.replace("0.5", "0.25")), True)
    derived = value_and_grad(f := stepping(9.0), control="keep")
    with pytest.warns(s2sad.FaultWarning):
        assert_identical(derived(3.0, 5)[0], f(3.0, 5))
    assert derived.stats().faults == 1 and not shared()
    assert kept_agrees(stepping(8.0), 3.0, 5) == 1


def test_a_fault_in_the_path_that_others_have_theirs_of() -> None:
    first, second = (value_and_grad(stepping(1.0 + k), control="keep") for k in range(2))
    assert first(3.0, 5) and second(3.0, 5) and shared()
    (path,) = second.paths
    text = path.built.text
    path.built = build(replace(text, source=text.source.replace("0.5", "0.25")), True)
    with pytest.warns(s2sad.FaultWarning):
        assert_identical(second(3.0, 6)[0], second.function(3.0, 6))
    assert not shared() and kept_agrees(stepping(8.0), 3.0, 5) == 1


def shared() -> list[Any]:
    """The patterns of kept paths that there are."""
    return [known for place in shared_paths._places.values() for known in place.patterns.values() if known]


def test_kept_loops_in_threads() -> None:
    def work(number: int) -> None:
        for k in range(10):
            f = stepping(float(number * 100 + k))
            derived = value_and_grad(f, control="keep")
            for n in (2, 5):
                assert derived(3.0, n)[0] == f(3.0, n)

    with ThreadPoolExecutor(8) as pool:
        assert len([*pool.map(work, range(8))]) == 8


def test_loops_that_are_kept_hold_no_value_of_the_users() -> None:
    def make(held: Part, array: Any) -> Any:
        def f(x: Any) -> Any:
            s = x
            for row in array:
                s = s + held.k * x * row
            return s
        return f

    alive = []
    for k in range(5):
        held = Part(float(k))
        function = make(held, np.ones(3))
        alive += [weakref.ref(held), weakref.ref(function)]
        assert value_and_grad(function, control="keep")(2.0) == (2.0 + 6.0 * k, 1.0 + 3.0 * k)
        del held, function
    gc.collect()
    assert [a for a in alive if a() is not None] == []


def test_effects_and_caches_in_loops() -> None:
    def make(log: list[Any], a: float) -> Any:
        @functools.cache
        def squared(k: int) -> float:
            log.append(k)
            return float(k * k) * a

        def f(x: Any, n: int) -> Any:
            s = x
            for k in range(n):
                s = s + squared(k) * x
            return s
        return f

    for k in range(5):
        log: list[Any] = []
        derived = value_and_grad(make(log, float(k)))
        assert [derived(2.0, 20) for _ in range(2)] == [(2.0 + 2.0 * k * 2470, 1.0 + k * 2470)] * 2
        assert log == [*range(20)] and derived.stats().compilations == 1


@functools.cache
def half_of(k: int) -> float:
    return 0.5 * k


def test_loops_that_fill_a_cache_are_of_each_function() -> None:
    def make(a: float) -> Any:
        def f(x: float, n: int) -> Any:
            s = x
            for _ in range(n):
                s = s * a + half_of(n)
            return s
        return f

    assert [kept_agrees(make(float(k)), 2.5, 6) for k in range(5)] == [1] * 5


def test_loops_that_catch_exceptions_are_of_each_function() -> None:
    def make(a: float) -> Any:
        def f(x: float, n: int) -> Any:
            s = x
            for k in range(n):
                try:
                    s = s + math.log(x - k) * a
                except ValueError:
                    s = s + a * x
            return s
        return f

    assert [kept_agrees(make(float(k)), 2.5, 6) for k in range(5)] == [1] * 5



def test_what_does_not_come_out_the_same_again_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    def otherwise(function: Any, path: Any, settings: Any) -> Any:
        made = compiled_again(function, path, settings)
        made.built = build(replace(made.built.text, source=made.built.text.source.replace("0.5", "0.25")), True)
        return made

    compiled_again = shared_paths.compiled_again
    monkeypatch.setattr(shared_paths, "compiled_again", otherwise)
    assert [kept_agrees(stepping(float(k)), 3.0, 7) for k in range(4)] == [1, 1, 1, 1] and not shared()
