"""One cotangent gathers what comes from all that reads an equal value."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad import grad
from tests.emit.test_reverse_loops import lines_of
from tests.oracles import assert_close


def slope(u: Any, rates: Any) -> Any:
    return rates[0] * u[0] - rates[1] * u[0] * u[1]


def stepped(u: Any, rates: Any, n: Any) -> Any:
    total = 0.0
    for _ in range(n):
        total = total + slope(u, rates) * slope(u, rates)
        u = u * 0.9 + total * 0.01
    return total


def test_a_helper_called_twice_has_one_adjoint() -> None:
    u, rates = np.array([1.0, 0.8]), np.array([1.1, 0.6])
    text = "\n".join(lines_of(stepped, u, rates, 4, argnums=(0, 1)))
    reverse = text[text.rindex("for ") :]
    assert reverse.count("u_bar[0]") == reverse.count("u_bar[1]") == 1, text


def twice_in_a_loop(x: Any, n: Any) -> Any:
    s = 0.0
    for k in range(n):
        s += math.sin(x * k) * s + math.exp(math.sin(x * k))
    return s


def test_what_is_saved_of_equal_values_is_saved_once() -> None:
    assert len([line for line in lines_of(twice_in_a_loop, 0.3, 4) if "_saved" in line and "= [" in line]) == 1


def written_apart(x: Any, n: Any) -> Any:
    a = np.ones(n) * x
    b = np.ones(n) * x
    a[0] = x * x
    b[1] = x * 3.0
    for i in range(n):
        a[i] += b[i] * x
    return np.sum(a * b) + np.sum(a)


def test_arrays_that_are_written_stay_two() -> None:
    lines_of(written_apart, 0.7, 3)


def on_sides(x: Any, y: Any) -> Any:
    first = math.log(x)
    if y > 1.0:
        return math.log(x) * y
    return first + y


@pytest.mark.parametrize("y", [0.5, 1.5])
def test_a_side_of_a_branch_and_what_is_in_front_of_it(y: float) -> None:
    lines_of(on_sides, 1.3, y, argnums=(0, 1))


def test_the_second_order_is_the_same_with_equal_values() -> None:
    kept, recorded = (grad(grad(twice_in_a_loop, control=c), control=c)(0.3, 4) for c in ("keep", "record"))
    assert_close(kept, recorded)


def product(a: Any, b: Any) -> Any:
    return a * a * b


def with_slopes(x: Any, n: Any) -> Any:
    total = 0.0
    for _ in range(n):
        by_first, by_second = grad(product, argnums=(0, 1))(x, x)
        total += by_first * 3.0 + by_second
    return total


def test_an_argument_given_twice_is_two() -> None:
    lines_of(with_slopes, 0.7, 3)
