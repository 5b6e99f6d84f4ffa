"""`np.nan_to_num(y, copy=False)` leaves its result in the array it is given, which is a write like any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape, value_and_grad

X = np.array([1.0, np.nan, 3.0])


def unused(x):
    y = x * 1.0
    np.nan_to_num(y, copy=False)
    return np.sum(y * 2.0)


def used(x):
    y = x * 1.0
    z = np.nan_to_num(y, False, 5.0)
    z[0] *= 2.0
    return np.sum(z * y)


def part(x):
    y = np.stack([x, x])
    np.nan_to_num(y[1], copy=False, nan=1.0)
    return np.sum(y[1] * y[1])


def looped(x):
    y = np.zeros_like(x)
    for k in range(3):
        y = y + x * k
        np.nan_to_num(y, copy=False)
    return np.sum(y)


def number(x):
    y = np.array(x[0] * x[2])
    z = np.nan_to_num(y, copy=False)
    return z * y[()]


def chosen(x, copy):
    y = x * 1.0
    z = np.nan_to_num(y, copy=copy)
    return np.sum(np.where(np.isnan(y), 7.0, y) * z)


WANTED = [
    (unused, [2.0, 0.0, 2.0]), (used, [8.0, 0.0, 6.0]), (part, [2.0, 0.0, 6.0]), (looped, [3.0, 0.0, 3.0]), (number, [18.0, 0.0, 6.0]),
]  # fmt: skip


@pytest.mark.parametrize(("function", "wanted"), WANTED)
@pytest.mark.parametrize("control", ["record", "keep", "auto"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_is_written_over_gets_nothing(function: Callable[..., Any], wanted: list[float], control: str, dtype: Any) -> None:
    x = X.astype(dtype)
    for _ in range(3):
        value, gradient = value_and_grad(function, control=control)(x)
        np.testing.assert_array_equal(value, function(x))
        np.testing.assert_array_equal(gradient, np.array(wanted, dtype))
    assert np.isnan(x[1])


@pytest.mark.parametrize(("function", "wanted"), WANTED)
def test_the_tape_says_the_same(function: Callable[..., Any], wanted: list[float]) -> None:
    value, gradient = tape.gradient(function, (X,))
    np.testing.assert_array_equal(value, function(X))
    np.testing.assert_array_equal(gradient, wanted)


@pytest.mark.parametrize("copy", [True, False])
def test_a_flag_that_changes_from_call_to_call(copy: bool) -> None:
    slope = grad(chosen)
    for flag in (copy, not copy, copy):
        np.testing.assert_array_equal(slope(X, flag), [2.0, 0.0, 6.0])


def test_second_order() -> None:
    assert grad(grad(lambda x: unused(np.array([x, np.nan]) ** 3)))(2.0) == 24.0


def test_what_numpy_refuses_is_its_own_error() -> None:
    def frozen(x):
        y = np.broadcast_to(x * 1.0, (2, 3))
        np.nan_to_num(y, copy=False)
        return np.sum(y)

    with pytest.raises(ValueError, match="read-only"):
        frozen(X)
    with pytest.raises(ValueError, match="read-only"):
        grad(frozen)(X)
