"""What native code leaves comes out as in Python: exceptions at the line of the function, warnings of NumPy, a NaN."""

from __future__ import annotations

import math
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import NonFiniteWarning, grad

X = np.arange(3.0)


def grows(x: float, n: int) -> float:
    for _ in range(n):
        x = math.exp(x)
    return x


def beyond(a: Any, n: int) -> Any:
    s = 0.0
    for k in range(n):
        s += a[k] * a[k]
    return s


def raises(x: float, n: int) -> float:
    for _ in range(n):
        if x < 0.1:
            raise ValueError("too small")
        x = x * 0.5
    return x


def no_root(x: float, n: int) -> float:
    for _ in range(n):
        x = math.sqrt(x - 0.3)
    return x


def divides(x: float, n: int) -> float:
    for k in range(n):
        x = x / (3.0 - k)
    return x


def no_logarithm(a: Any, n: int) -> Any:
    for _ in range(n):
        a = np.log(a)
    return np.sum(a)


def asserts(x: float, n: int) -> float:
    i = 0
    while x > 1e-3 and i < n:
        x *= 0.7
        i += 1
    assert i < n
    return x


def outcome(derivative: Callable[..., Any], args: Any) -> tuple[Any, list[Any]]:
    """What a call gives or raises, and where; and what it warns of."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            found = repr(derivative(*args))
        except Exception as error:
            found = f"{type(error).__name__}: {error}, line {traceback.extract_tb(error.__traceback__)[-1].lineno}"
    return found, [(str(w.message), w.lineno) for w in told if w.category is not NonFiniteWarning]


@pytest.mark.parametrize("function, good, bad, end", [
    (grows, (0.1, 2), (1.0, 6), "OverflowError: math range error"),
    (beyond, (X, 3), (X, 4), "IndexError: index 3 is out of bounds"),
    (raises, (1.0, 2), (1.0, 9), "ValueError: too small"),
    (no_root, (2.0, 2), (0.5, 5), "ValueError: math domain error"),
    (divides, (1.0, 2), (1.0, 5), "ZeroDivisionError"),
    (no_logarithm, (X + 5.0, 1), (X + 5.0, 4), "array("),
    (asserts, (1.0, 50), (1.0, 3), "AssertionError"),
])  # fmt: skip
@pytest.mark.sampled(4)
def test_an_error_in_the_middle_of_a_loop(function: Any, good: Any, bad: Any, end: str) -> None:
    derivative, python = grad(function, backend="numba"), grad(function, backend="python")
    assert np.allclose(derivative(*good), python(*good), rtol=1e-12) and derivative.stats().native == (True,)
    for _ in range(2):
        found = outcome(derivative, bad)
        assert found == outcome(python, bad) and found[0].startswith(end)
    hits = derivative.stats().hits
    assert np.allclose(derivative(*good), python(*good), rtol=1e-12) and derivative.stats().left[0] in (0, 2)
    assert derivative.stats().hits[0] == hits[0] + 1 and derivative.stats().faults == 0
