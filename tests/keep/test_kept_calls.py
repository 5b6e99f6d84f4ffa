"""Calls of kept code: what it leaves out, what it warns of, that it changes and shares nothing, and several threads at once."""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.errors import NonFiniteWarning
from tests import golden_kept
from tests.oracles import agrees, assert_close, assert_identical, identical, module


def keep(function: Callable[..., Any], argnums: Any = 0) -> Any:
    return value_and_grad(function, argnums=argnums, control="keep")


# What kept code leaves out


RAISING = {
    "raise in a branch": ("if y > 3.0:\n            raise ValueError(f'{k} is too many')\n        y = y * x + 0.1", ValueError),
    "assertion": ("y = y * x + 0.1\n        assert y < 3.0, f'too large at {k}'", AssertionError),
    "division by zero": ("y = y * x + 1.0 / (5 - k)", ZeroDivisionError),
    "remainder by zero": ("y = y * x + 7 % (5 - k)", ZeroDivisionError),
    "unbound name": ("if n < 5:\n            late = y\n        y = y * late * 0.5", UnboundLocalError),
    "domain": ("y = y * x + math.log(5.5 - k)", ValueError),
    "overflow": ("y = y * x + math.exp(200.0 * k)", OverflowError),
    "index": ("y = y * x + v[k]", IndexError),
}  # fmt: skip


@pytest.mark.parametrize("form", RAISING)
def test_a_call_that_raises(form: str) -> None:
    text, kind = RAISING[form]
    function = module(f"import math\n\n\ndef f(x, v, n):\n    y = x\n    for k in range(n):\n        {text}\n    return y * x\n").f
    derivative, v = keep(function), np.linspace(0.2, 1.0, 5)
    for n in (3, 8, 2, 8, 4):
        if n < 5:
            agrees(derivative, function, 1.15, v, n)
            continue
        with pytest.raises(kind) as wanted:
            function(1.4, v, n)
        with pytest.raises(kind) as found:
            derivative(1.4, v, n)
        assert type(found.value) is type(wanted.value)
        assert str(found.value) == str(wanted.value)
        assert found.value.__cause__ is None
    assert [p.kept for p in derivative.paths if p.kept is not None] == [True]


def test_a_call_that_raises_before_any_kept_one() -> None:
    function = module("def f(x, n):\n    for k in range(n):\n        if k > 2:\n            raise KeyError(k)\n        x = x * x\n"
                      "    return x\n").f  # fmt: skip
    derivative = keep(function)
    for _ in range(2):
        with pytest.raises(KeyError, match=r"^3$"):
            derivative(0.5, 5)
    agrees(derivative, function, 0.5, 2)


def test_infinities_in_the_adjoint_are_those_of_the_recorded_path() -> None:
    def f(x, n):
        total = x[0] * 0.0
        for k in range(n):
            total = total + np.sqrt(x[k])
        return total

    x = np.array([1.0, 0.0, 4.0])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        kept = keep(f)(x, 3)
        recorded = value_and_grad(f, control="record")(x, 3)
    assert_identical(kept[0], recorded[0])
    np.testing.assert_array_equal(kept[1], recorded[1])
    assert not np.all(np.isfinite(recorded[1]))


# Warnings


def test_a_nan_within_a_loop_is_named_with_its_line() -> None:
    function = module("import numpy as np\n\n\ndef f(x, n):\n    for k in range(n):\n        y = x - 0.25 * k\n        x = np.sqrt(y)\n"
                      "    return x\n").f  # fmt: skip
    derivative = keep(function)
    with np.errstate(all="ignore"), pytest.warns(NonFiniteWarning, match=r"first arises in <cell \d+>:7: x = np\.sqrt\(y\)"):
        value, _ = derivative(np.float64(0.4), 6)
    assert np.isnan(value)
    assert [p.kept for p in derivative.paths] == [True]


def test_an_infinity_of_the_adjoint_is_named_with_its_line() -> None:
    function = module("import numpy as np\n\n\ndef f(x):\n    total = 0.0\n    for i in range(len(x)):\n        total += np.sqrt(x[i])\n"
                      "    return total\n").f  # fmt: skip
    with np.errstate(all="ignore"), pytest.warns(NonFiniteWarning, match=r"its adjoint of <cell \d+>:7: total"):
        _, gradient = keep(function)(np.array([1.0, 0.0, 4.0]))
    np.testing.assert_array_equal(gradient, [0.5, np.inf, 0.25])


# Memory


def writes(x, w, n):
    x[0] = x[0] * w[1]
    for k in range(n):
        w[k % len(w)] += x[k % len(x)] ** 2
        x *= 0.5
    x = x + 1.0
    return np.sum(w * w) + np.sum(x)


def parts_of_one(x, n):
    y = x.copy()
    for _ in range(n):
        y[1:] = y[:-1] * x[0] + y[1:]
    return np.sum(y)


@pytest.mark.parametrize("function", [writes, lambda x, w, n: parts_of_one(x, n) + np.sum(w)], ids=["writes", "copies"])
def test_arguments_stay_and_results_are_apart(function: Callable[..., Any]) -> None:
    derivative = keep(function, (0, 1))
    seen: list[Any] = []
    for n in (3, 0, 1, 3):
        args = np.linspace(0.5, 1.0, 3), np.linspace(-1.0, 1.0, 3), n
        before = copy.deepcopy(args)
        value, gradients = derivative(*args)
        assert identical(args, before)
        for gradient in gradients:
            assert gradient.flags.writeable and gradient.flags.owndata
            assert not any(np.shares_memory(gradient, other) for other in (*args[:2], *seen))
            seen.append(gradient)
        fresh = keep(function, (0, 1))(*args)
        assert_identical((value, gradients), fresh)
    assert {p.kept for p in derivative.paths} == {True}


def test_writing_into_a_gradient_leaves_the_next_one_alone() -> None:
    derivative = keep(golden_kept.kept_rosenbrock)
    x = np.linspace(0.0, 1.0, 5)
    first = derivative(x)[1]
    wanted = first.copy()
    first[:] = 100.0
    assert_identical(derivative(x)[1], wanted)


def test_what_the_function_returns_beside_the_value_is_its_own() -> None:
    def f(x, n):
        y = x.copy()
        for _ in range(n):
            y = y * x
        return np.sum(y), y

    derivative = value_and_grad(f, has_aux=True, control="keep")
    x = np.array([1.0, 2.0])
    (_, aux), gradient = derivative(x, 0)
    np.testing.assert_array_equal(aux, x)
    assert not np.shares_memory(aux, x) and not np.shares_memory(aux, gradient)


# Threads


@pytest.mark.sampled(3)
def test_one_kept_derivative_in_several_threads() -> None:
    calls = [(np.linspace(0.1, 1.0, m * k).reshape(m, k), sweeps) for m in (3, 4, 6) for k in (3, 5) for sweeps in (0, 1, 2)]
    wanted = [keep(golden_kept.kept_seidel)(*args) for args in calls]
    derivative = keep(golden_kept.kept_seidel)

    def work(number: int) -> None:
        order = np.random.default_rng(number).permutation(len(calls) * 2) % len(calls)
        for i in order:
            assert_identical(derivative(*calls[i]), wanted[i])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8), timeout=120.0))
    assert [p.kept for p in derivative.paths].count(True) >= 1


def test_exceptions_and_kept_calls_in_threads() -> None:
    def f(x, n):
        for _ in range(n):
            if x > 2.0:
                raise ValueError(f"{n}")
            x = x * 1.1 + math.sin(x) * 0.1
        return x

    derivative = keep(f)

    def work(number: int) -> None:
        for _ in range(10):
            if number % 2:
                with pytest.raises(ValueError, match=f"^{90 + number}$"):
                    derivative(1.0, 90 + number)
            else:
                value, gradient = derivative(0.1, number)
                assert value == f(0.1, number)
                assert_close(gradient, value_and_grad(f, control="record")(0.1, number)[1])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4), timeout=120.0))
