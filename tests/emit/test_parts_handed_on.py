"""What a branch hands on may be a part of an array: no expression that reads it is written after a write into that array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import jacfwd, jacrev, tape, value_and_grad

R = np.random.default_rng(0)
ROWS, SIGNS = R.normal(size=(6, 3)), np.array([1.0, -0.5, -2.0, 0.7, 2.0, -0.1])


def row_that_is_written_later(a: Any, c: Any) -> Any:
    a = a * 1.0
    total = 0.0
    for j in range(len(a)):
        row = a[j]
        if c[j] > 0:
            b = row
        else:
            b = row * 2
        w = b * b
        a[j] = c[j]
        total = total + np.sum(w * a[j])
    return total


def larger_one_kept_in_an_array(a: Any, c: Any) -> Any:
    found = np.zeros(3)
    for v in c:
        found[0] = max(found[0], v * a[0, 0])
    return found


def column_or_its_double(a: Any, c: Any) -> Any:
    a = a * 1.0
    total = np.zeros(len(a))
    for j in range(3):
        column = a[:, j]
        for k in range(2):
            if c[j + k] > 0:
                b = column
            else:
                b = 2.0 * column
            w = b * b
            a[:, j] = w * 0.5
            total = total + w
    return total


@pytest.mark.parametrize("function", [row_that_is_written_later, larger_one_kept_in_an_array, column_or_its_double])
@pytest.mark.parametrize("transform", [jacfwd, jacrev])
@pytest.mark.parametrize("argnums", [0, 1])
def test_a_part_that_a_branch_hands_on(function: Callable[..., Any], transform: Any, argnums: int) -> None:
    kept = transform(function, argnums=argnums, control="keep")
    for a, c in ((ROWS, SIGNS), (-ROWS, SIGNS[::-1].copy()), (ROWS[:4] * 2.0, -SIGNS)):
        wanted = tape.jacobian(function, (a, c), argnums=argnums)[1]
        np.testing.assert_allclose(kept(a, c), wanted, rtol=1e-12, atol=1e-14)


def test_the_value_and_the_gradient_of_such_a_part() -> None:
    kept = value_and_grad(row_that_is_written_later, control="keep")
    value, gradient = kept(ROWS, SIGNS)
    assert value == row_that_is_written_later(ROWS, SIGNS)
    np.testing.assert_allclose(gradient, tape.gradient(row_that_is_written_later, (ROWS, SIGNS))[1], rtol=1e-12, atol=1e-14)
