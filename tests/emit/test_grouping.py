"""Lines of generated code that a person writes as one: what is taken apart, and values to begin with."""
from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import agrees

U = np.array([1.2, 0.7])
RATES = np.array([0.5, 0.25, 0.125, 0.3])
GRID = np.linspace(0.5, 2.0, 12).reshape(3, 4)


def text(function: Any, *args: Any, argnums: Any = 0, control: str = "keep") -> list[str]:
    """The lines of the gradient, after it has been compared with the tape at first and second order."""
    derivative = value_and_grad(function, argnums=argnums, control=control)  # type: ignore[call-overload]
    agrees(derivative, function, *args, argnums=argnums)
    lines = textwrap.dedent(derivative.source.partition("\n")[2]).strip().split("\n")
    return [line for line in lines if not line.strip().startswith("#")]


def predators_and_prey(u: Any, rates: Any, steps: Any) -> Any:
    birth, hunt, feed, death = rates
    for _ in range(steps):
        prey, predators = u
        u = u + 0.1 * np.array([birth * prey - hunt * prey * predators, feed * prey * predators - death * predators])
    return u @ u


def smoothed(u: Any, weight: Any) -> Any:
    u = u.copy()
    rows, columns = u.shape
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            u[i, j] += weight * (u[i - 1, j] + u[i, j - 1] - 2.0 * u[i, j])
    return np.sum(u**2)


def two_sums(x: Any, y: Any) -> Any:
    a, b = x
    c, d = 0.0, 0.0
    for value in y:
        c = c + value * a
        d = d + value * value * b * c
    return c * d


def rows_of_it(m: Any, n: Any) -> Any:
    total = 0.0
    for _ in range(n):
        first, second, third = m
        total = total + np.sum(first * second) + third[0]
    return total


def test_an_array_is_taken_apart_in_one_line_forwards_and_backwards() -> None:
    lines = text(predators_and_prey, U, RATES, 3, argnums=(0, 1))
    assert lines.count("birth, hunt, feed, death = rates") == 1
    assert sum(line.strip().startswith("prey, predators = ") for line in lines) == 2
    assert not any("[0]" in line.partition(" = ")[2] or "[1]" in line.partition(" = ")[2] for line in lines)


def test_what_a_number_of_sums_begin_with_is_a_line() -> None:
    assert "birth_bar = hunt_bar = feed_bar = death_bar = 0.0" in text(predators_and_prey, U, RATES, 3, argnums=(0, 1))
    assert "c = d = 0.0" in text(two_sums, U, RATES, argnums=(0, 1))


def test_lists_that_are_begun_together_are_lists_of_their_own() -> None:
    lines = text(two_sums, U, RATES, argnums=(0, 1))
    assert not any(line.count("= []") > 1 for line in lines)


def test_a_shape_is_taken_apart_in_one_line() -> None:
    lines = text(smoothed, GRID, 0.3, argnums=(0, 1))
    assert sum(line.startswith("rows, columns = u") for line in lines) == 1


def test_rows_are_taken_in_one_line() -> None:
    lines = text(rows_of_it, GRID, 2)
    assert sum("first, second, third = m" in line for line in lines) >= 1


def elements_that_are_overwritten(u: Any, n: Any) -> Any:
    for _ in range(n):
        u = u * 1.5
        first = u[0]
        u[0] = first * first
        second = u[1]
        u[1] = second * first
    return np.sum(u)


def name_of_the_array_itself(m: Any, n: Any) -> Any:
    for _ in range(n):
        m = m * 2.0
    a = m[0]
    m = m[1]
    return np.sum(a * m)


def one_of_three(m: Any, n: Any) -> Any:
    a = 0.0
    for _ in range(n):
        x, _y, z = m * m
        a = a + x * z + x * x + z
    return a


@pytest.mark.parametrize("function", [elements_that_are_overwritten, name_of_the_array_itself, one_of_three])
def test_values_are_those_of_the_function(function: Any) -> None:
    arg = GRID[:2].copy() if function is name_of_the_array_itself else np.array([0.4, 1.3, 0.6])
    text(function, arg, 2)
    text(function, arg, 0)


def test_what_is_not_asked_for_goes_nowhere() -> None:
    assert sum("x, _, z = " in line for line in text(one_of_three, np.array([0.4, 1.3, 0.6]), 2)) >= 1


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("dtype", [np.float32, np.complex128])
def test_elements_have_their_dtype(control: str, dtype: Any) -> None:
    def f(u: Any, n: Any) -> Any:
        for _ in range(n):
            a, b = u
            u = np.array([a * b, a + b * a])
        return np.sum(np.abs(u))

    derivative = value_and_grad(f, control=control)  # type: ignore[call-overload]
    u = U.astype(dtype)
    value, gradient = derivative(u, 2)
    assert type(value) is type(f(u, 2)) and value.tobytes() == f(u, 2).tobytes() and gradient.dtype == dtype
    assert "a, b = " in derivative.source


def test_second_derivatives() -> None:
    second = grad(lambda u, r: np.sum(grad(predators_and_prey, control="keep")(u, r, 2) ** 2))
    step = 1e-6 * np.array([1.0, 0.0])

    def value(u: Any) -> Any:
        return np.sum(grad(predators_and_prey, control="keep")(u, RATES, 2) ** 2)

    np.testing.assert_allclose(second(U, RATES)[0], (value(U + step) - value(U - step)) / 2e-6, rtol=1e-6)


def larger_of_both(x: Any, y: Any) -> Any:
    z = x * y
    w = (x if z > 1.0 else y) ** 2
    return w * z


def steps_of_a_choice(x: Any, c: Any) -> Any:
    a, b = x[0], x[1]
    for k in range(len(x)):
        if x[k] > c:
            a, b = b, a * 1.5
        else:
            a = b
            b = a
    return a * b * x[1]


def sometimes_there(x: Any, c: Any) -> Any:
    total = 0.0
    for k in range(len(x)):
        if x[k] > c:
            late = x[k]
            total = 1.0
        else:
            late = total
            total = x[k]
        total = total * x[k] + late
    return total


def pairs(x: Any, m: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            total += np.sin(m[i] * m[j]) * (x[i] - x[j]) ** 2
    return total


def test_a_branch_that_chooses_values_for_two_names_is_a_line() -> None:
    assert "x_bar, y_bar = (x_bar, 0.0) if z > 1.0 else (0.0, x_bar)" in text(larger_of_both, 1.3, 0.9, argnums=(0, 1))
    assert text(larger_of_both, 0.5, 0.9, argnums=(0, 1))


@pytest.mark.parametrize("function", [steps_of_a_choice, sometimes_there])
@pytest.mark.parametrize("c", [0.0, 0.5, 3.0])
def test_what_a_side_assigns_and_reads_again_is_in_order(function: Any, c: float) -> None:
    text(function, np.array([0.4, 1.3, 0.6]), c)


def test_zeros_and_elements_stand_side_by_side() -> None:
    lines = [line.strip() for line in text(pairs, RATES, RATES * 2.0, argnums=(0, 1))]
    assert "x_bar, m_bar = np.zeros(x.shape), np.zeros(m.shape)" in lines or "m_bar, x_bar = np.zeros(m.shape), np.zeros(x.shape)" in lines
    assert "x_i, m_i = x[i], m[i]" in lines or "m_i, x_i = m[i], x[i]" in lines


def test_a_value_that_reads_a_name_beside_it_has_a_line_of_its_own() -> None:
    def shifted(x: Any, n: Any) -> Any:
        a, b, c = x[0], x[1], x[2]
        for _ in range(n):
            a, b, c = b, c, a * b
        return a * b * c

    for n in range(4):
        text(shifted, np.array([0.4, 1.3, 0.6]), n)
