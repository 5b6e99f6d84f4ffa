"""`with np.errstate(...)` in kept loops and branches: what is ignored in it is, what raises raises, and the state outside stays."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import NonFiniteWarning, grad, value_and_grad
from tests.oracles import assert_close, assert_identical


def logarithms(x: Any, n: int) -> Any:
    t = x
    for _ in range(n):
        with np.errstate(divide="ignore", invalid="ignore"):
            y = np.where(t > 0.0, np.log(t), 0.0)
        t = t + 0.1 * y
    return np.sum(t)


def what_does_not_change_in_the_loop(x: Any, n: int) -> Any:
    t = 0.0
    for _ in range(n):
        with np.errstate(all="ignore"):
            t = t + np.sum(np.where(x > 0.0, np.sqrt(x), 0.0))
    return t


def left_by_break_and_return(x: Any, n: int) -> Any:
    t = x
    for i in range(n):
        with np.errstate(all="ignore"):
            t = t + np.where(x > 0.0, np.log(x), 1.0)
            if i == 3:
                break
            if np.sum(t) > 9.0:
                return np.sum(t * t)
    return np.sum(t)


def nested_and_as_a_helper(x: Any, n: int) -> Any:
    def safe(v: Any) -> Any:
        with np.errstate(invalid="ignore"), contextlib.nullcontext(2.0) as two:
            return np.where(v > 0.0, np.sqrt(v), two)

    t = x
    with np.errstate(over="ignore"):
        for _ in range(n):
            with np.errstate(divide="ignore", invalid="ignore"):
                t = safe(t) + np.where(t > 0.0, np.log(t), 0.0)
    return np.sum(t)


def known_before(x: Any, n: int) -> Any:
    quiet = np.errstate(all="ignore")
    t = x
    with quiet:
        for _ in range(n):
            t = np.where(t > 0.0, np.log(t), 0.5)
    return np.sum(t)


PROGRAMS = [logarithms, what_does_not_change_in_the_loop, left_by_break_and_return, nested_and_as_a_helper, known_before]
CALLS = [([-1.0, 2.0, 0.0], 3), ([1.5, 0.0], 0), ([0.5, -2.0, 3.0, 1.0], 5), ([4.0], 2), ([-1.0, 2.0, 0.0], 20)]


@pytest.mark.parametrize("control", ["keep", "auto"])
@pytest.mark.parametrize("function", PROGRAMS)
def test_nobody_is_warned(function: Callable[..., Any], control: str) -> None:
    derivative, recorded = value_and_grad(function, control=control), value_and_grad(function, control="record")
    before = np.geterr()
    for numbers, n in CALLS:
        for dtype in (np.float64, np.float32):
            x = np.array(numbers, dtype)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                warnings.simplefilter("ignore", NonFiniteWarning)
                value, slope = derivative(x, n)
            assert_identical(value, function(x, n))
            with np.errstate(all="ignore"):
                assert_close(slope, recorded(x, n)[1], 1e-9 if dtype == np.float64 else 1e-4)
            assert np.geterr() == before
    assert control == "auto" or all(path.kept for path in derivative.paths)


@pytest.mark.parametrize("control", ["record", "keep"])
def test_outside_of_it_numpy_warns(control: str) -> None:
    def f(x: Any, n: int) -> Any:
        t = x
        for _ in range(n):
            with np.errstate(all="ignore"):
                t = t + np.where(x > 0.0, np.log(x), 0.0)
            t = t + np.where(x > 0.0, np.log(x), 0.0)
        return np.sum(t)

    derivative = grad(f, control=control)
    for _ in range(2):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            derivative(np.array([0.0, 1.0]), 2)
        lines = {w.lineno - f.__code__.co_firstlineno for w in seen}
        assert lines == {5} and "divide by zero" in str(seen[0].message)


@pytest.mark.parametrize("control", ["keep", "auto"])
def test_what_raises_is_raised_and_may_be_caught(control: str) -> None:
    def f(x: Any, n: int) -> Any:
        t = x
        for _ in range(n):
            with np.errstate(divide="raise"):
                t = t + 1.0 / (x - 2.0)
        return t

    def caught(x: Any, n: int) -> Any:
        try:
            return f(x, n)
        except FloatingPointError:
            return x * x

    before = np.geterr()
    derivative, other = value_and_grad(f, control=control), value_and_grad(caught, control=control)
    for x in (np.float64(3.0), np.float64(2.0), np.float64(1.0)):
        for n in (3, 20):
            if x == 2.0:
                with pytest.raises(FloatingPointError, match="divide by zero"):
                    derivative(x, n)
            else:
                assert_identical(derivative(x, n)[0], f(x, n))
                assert_close(derivative(x, n)[1], 1.0 - n / (x - 2.0) ** 2)
            assert np.geterr() == before
    assert_identical(other(np.float64(3.0), 3)[0], caught(np.float64(3.0), 3))
