"""The conventions of arrays that change, each through the compiled path, optimised and not, and through the tape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import grad, tape
from tests.rules.test_conventions import holds

pytestmark = pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")


def test_of_repeated_indices_the_last_write_wins() -> None:
    def listed(x):
        y = np.zeros(2)
        y[[0, 1, 0]] = x * x
        return np.sum(y)

    def put(x):
        y = np.zeros((1, 2))
        np.put(y, [0, 1, 0], x * x)
        return np.sum(y)

    for function in (listed, put):
        holds(function, np.array([1.0, 2.0, 3.0]), gives=np.array([0.0, 4.0, 6.0]))


def test_of_repeated_indices_an_augmented_assignment_keeps_the_last() -> None:
    def f(x):
        y = np.zeros(2)
        y[[0, 0]] += x * x
        return np.sum(y)

    holds(f, np.array([1.0, 2.0]), gives=np.array([0.0, 4.0]))


def test_at_writes_each_of_repeated_indices() -> None:
    def added(x):
        y = np.zeros(2)
        np.add.at(y, [0, 0], x)
        return np.sum(y * y)

    def multiplied(x):
        y = np.ones(2)
        np.multiply.at(y, [0, 0], x)
        return np.sum(y)

    holds(added, np.array([1.0, 2.0]), gives=np.array([6.0, 6.0]))
    holds(multiplied, np.array([3.0, 2.0]), gives=np.array([2.0, 3.0]))


def test_elements_written_over_get_an_exact_zero() -> None:
    """Also where the derivative of what stood there is infinite."""

    def masked(x):
        y = np.sqrt(x)
        y[x == 0] = 0.0
        return np.sum(y)

    def item(x):
        y = np.sqrt(x)
        y[0] = 7.0
        return np.sum(y)

    def view(x):
        y = np.sqrt(x)
        y[::-1][1] = 7.0
        return np.sum(y)

    for function in (masked, item, view):
        holds(function, np.array([0.0, 4.0]), gives=np.array([0.0, 0.25]))


def test_elements_that_where_leaves_out_get_an_exact_zero() -> None:
    def f(x):
        return np.sum(np.divide(1.0, x, out=np.zeros(2), where=x != 0))

    def g(x):
        y = np.zeros(2)
        np.copyto(y, np.sqrt(x), where=x > 0)
        return np.sum(y)

    holds(f, np.array([0.0, 2.0]), gives=np.array([0.0, -0.25]))
    holds(g, np.array([0.0, 4.0]), gives=np.array([0.0, 0.25]))


def test_a_value_written_into_whole_numbers_has_derivative_zero() -> None:
    def f(x):
        y = np.zeros(2, dtype=int)
        y[0] = x
        return x * np.sum(y)

    holds(f, 2.5, gives=2.0)


def test_a_value_written_into_float32_has_a_gradient_of_its_own_type() -> None:
    def f(x):
        y = np.zeros(2, dtype=np.float32)
        y[:] = x
        return np.sum(y) * 2.0

    holds(f, np.array([1.0, 2.0]), gives=np.array([2.0, 2.0]))


def test_the_gradient_is_by_the_value_that_was_passed() -> None:
    def read_before(x):
        s = np.sum(x * x)
        x[:] = 0.0
        return s + np.sum(x)

    def doubled(x):
        x *= 2.0
        return np.sum(x * x)

    x = np.array([1.0, 2.0])
    holds(read_before, x, gives=np.array([2.0, 4.0]))
    holds(doubled, x, gives=np.array([8.0, 16.0]))
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_sorting_in_place_sends_each_cotangent_where_its_entry_came_from() -> None:
    def f(x):
        y = x.copy()
        y.sort()
        return y[0]

    holds(f, np.array([3.0, 1.0, 2.0]), gives=np.array([0.0, 1.0, 0.0]))
    holds(f, np.array([3.0, 1.0, 1.0]), gives=np.array([0.0, 1.0, 0.0]))


SHARED = np.ones(3)


@pytest.mark.parametrize("derivative", [lambda f, *args: grad(f)(*args), lambda f, *args: tape.gradient(f, args)])
def test_an_array_from_outside_is_written_as_in_a_plain_call(derivative: Any) -> None:
    def captured(x):
        SHARED[0] = x
        return np.sum(SHARED)

    SHARED[:] = 1.0
    for x in (2.0, 3.0):
        found = derivative(captured, x)
        assert (found[1] if isinstance(found, tuple) else found) == 1.0
        np.testing.assert_array_equal(SHARED, [x, 1.0, 1.0])
