"""Sums of cotangents, as a person would write them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import agrees

X = np.linspace(0.2, 1.0, 4)


def squares(x, n):
    total = 0.0
    for _ in range(n):
        x = np.sin(x)
        total = total + np.sum(x * x)
    return total


def square_and_place(x):
    return np.sum(x * x) * x[0]


def test_what_is_added_twice_is_added_doubled() -> None:
    slope = value_and_grad(squares, control="keep")
    agrees(slope, squares, X, 3)
    assert slope.source.count(" + 2 * ") == 1


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_part_is_added_to_after_the_terms_that_make_a_shorter_sum(control: Any) -> None:
    slope = value_and_grad(square_and_place, control=control)
    agrees(slope, square_and_place, X)
    assert "x_bar = 2 * (t2 * x)\n" in slope.source and "copy" not in slope.source
