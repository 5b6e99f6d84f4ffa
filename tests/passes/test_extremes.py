"""`min` and `max` are calls again where choices would take lines to name what is compared, with the values that Python gives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.emit.test_needless_lines import text


def cheapest_way(cost: Any) -> Any:
    best = np.zeros(len(cost) + 2)
    for i in range(len(cost)):
        best[i + 2] = cost[i] * cost[i] + min(best[i], best[i + 1], cost[i])
    return best[-1]


def least_after_greatest(a: Any) -> Any:
    total = 0.0
    for i in range(1, len(a)):
        total = total + min(max(a[i] * a[i - 1], 0.25), 3.0 * a[i])
    return total


def of_names(a: Any) -> Any:
    low, total = 0.5, 0.0
    for i in range(len(a)):
        high = a[i] * a[i]
        total = total + max(low, high)
    return total


def that_is_asked_again(a: Any) -> Any:
    total = 0.0
    for i in range(1, len(a)):
        larger = a[i] * a[i - 1] > a[i] + 1.0
        total = total + (a[i] * a[i - 1] if larger else a[i] + 1.0)
        total = total * 2.0 if larger else total
    return total


def other_numbers(a: Any) -> Any:
    total = 0.0
    for i in range(1, len(a)):
        total = total + (2.0 * a[i] if a[i] * a[i - 1] < a[i] + 1.0 else a[i] + 1.0)
    return total


SOME = np.array([0.4, 1.2, 0.9, -0.7, 1.6])


def test_three_are_one_call() -> None:
    assert "min(best[i], best[i + 1], cost_i)" in text(cheapest_way, SOME)


def test_one_inside_another() -> None:
    assert "total += min(max(a[i] * a[i - 1], 0.25), 3.0 * a[i])" in text(least_after_greatest, SOME)


@pytest.mark.parametrize("function", [of_names, that_is_asked_again, other_numbers])
def test_what_stays_a_choice(function: Any) -> None:
    assert "min(" not in text(function, SOME) and "max(" not in text(function, SOME)


@pytest.mark.parametrize("function", [cheapest_way, least_after_greatest])
def test_beside_nan_and_zeros_of_both_signs_the_value_is_the_same(function: Any) -> None:
    for numbers in ([math.nan, 1.0, 2.0], [1.0, math.nan, 2.0], [1.0, 2.0, math.nan], [-0.0, 0.0, -0.0], [0.0, -0.0, 0.0]):
        a = np.array(numbers)
        value, _ = value_and_grad(function, control="keep")(a)
        assert np.asarray(value).tobytes() == np.asarray(function(a)).tobytes()
