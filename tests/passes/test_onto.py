"""What is gathered in zeros for a copy of an array is added to the cotangent of the array at once."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import agrees

FIELD = np.random.default_rng(3).standard_normal((5, 6))
LINE = np.linspace(0.3, 1.4, 7)


def relaxed(p: Any, n: int) -> Any:
    p = p.copy()
    for _ in range(n):
        before = p.copy()
        p[1:-1, 1:-1] = 0.25 * (before[2:, 1:-1] + before[:-2, 1:-1]) + 0.2 * (before[1:-1, 2:] + before[1:-1, :-2])
        p[0, :] = p[1, :]
    return np.sum(p * p * p)


def written_meanwhile(x: Any, n: int) -> Any:
    for _ in range(n):
        y = x.copy()
        x = x.copy()
        x[1:] = np.sin(x[:-1])
        x[1:-1] = x[1:-1] * y[2:] * y[:-2] + y[1:-1]
        x[0] = 0.5 * x[-1]
    return np.sum(x * x)


def added_meanwhile(x: Any, n: int) -> Any:
    x = x.copy()
    for _ in range(n):
        slope = x[1:] - x[:-1]
        y = x.copy()
        x[1:-1] = y[2:] * y[:-2] + np.sin(slope[1:]) * y[1:-1]
    return np.sum(x * x)


def set_meanwhile(x: Any, n: int) -> Any:
    x = x.copy()
    for _ in range(n):
        y = x.copy()
        x[0] = 1.0
        x[1:-1] = y[2:] * y[:-2]
    return np.sum(x * x)


def set_in_the_copy(x: Any, n: int) -> Any:
    x = x.copy()
    for _ in range(n):
        y = x.copy()
        y[0] = 1.0
        x[1:-1] = y[2:] * y[:-2]
    return np.sum(x * x)


def added_by_turns(x: Any, n: int) -> Any:
    x = x.copy()
    for _ in range(n):
        y = x.copy()
        one = np.sin(y[2:])
        other = np.sin(x[1:])
        third = np.sin(y[:-2])
        x[1:-1] = one * other[1:] * third
    return np.sum(x * x)


def read_by_another(x: Any, n: int) -> Any:
    x = x.copy()
    total = 0.0
    for _ in range(n):
        y = x.copy()
        x[1:-1] = y[2:] * y[:-2]
        total = total + np.sum(x * y) * y[0]
    return total + np.sum(x)


def places_named_twice(x: Any, n: int) -> Any:
    x = x.copy()
    for _ in range(n):
        y = x.copy()
        x[2:5] = y[np.array([0, 0, 1])] * y[np.array([1, 3, 3])]
    return np.sum(x * x)


def test_nothing_is_gathered_in_zeros() -> None:
    derivative = value_and_grad(relaxed, control="keep")
    derivative(FIELD, 3)
    adjoint = derivative.source.partition("p_bar = ")[2]
    assert "zeros" not in adjoint and "before" not in adjoint
    assert adjoint.count("p_bar[") == 2 + 1 + 1 + 1 + 4


OTHERS = (written_meanwhile, added_meanwhile, set_meanwhile, set_in_the_copy, added_by_turns, read_by_another, places_named_twice)


@pytest.mark.parametrize("control", ["keep", "record"])
@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("function", OTHERS)
def test_what_else_is_done_with_either_counts(function: Any, steps: int, control: str) -> None:
    agrees(value_and_grad(function, control=control), function, LINE, steps)


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_fields(steps: int) -> None:
    agrees(value_and_grad(relaxed, control="keep"), relaxed, FIELD, steps)
