"""What nested loops save comes back in the class that it had, or stays on lists; second order, pullbacks, memory."""

from __future__ import annotations

import math
import re
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad, vjp
from s2sad.api.derivatives import Derivative
from s2sad.settings import Settings
from tests.oracles import assert_close
from tests.passes.test_nested_saves import (
    ROWS,
    both_ways,
    doubly,
    in_a_branch,
    lower,
    pythons,
    shapes,
    sided,
    source,
    triply,
    with_lists,
)

SINGLE = ROWS.astype(np.float32)
COMPLEX = ROWS + 0.3j
CALLS = ((5, 4), (0, 3), (3, 0), (1, 1))


def masks(x, n, m):
    """Truth values of Python's and of NumPy's, which a step needs as conditions."""
    total = 0.0
    for i in range(n):
        big = x[i] > 0.7
        for j in range(m):
            near = total < 0.5
            total = total + x[i] * x[j]
            if near and big:
                total = math.sin(total)
            elif not near:
                total = total * 0.5
    return total


def truths_as_numbers(x, n, m):
    total = x[0] * 1.0
    for _ in range(n):
        for j in range(m):
            low = total < 1.0
            total = np.sin(total * x[j] + low) * (1 + low)
    return total


def places(x, n, m):
    """Whole numbers that say where an element is."""
    total, k = 0.0, 0
    for i in range(n):
        for j in range(m):
            k = (3 * k + i + j) % 5
            total = total + np.sin(x[k]) * x[j]
    return total


def large_numbers(x, n, m):
    """Whole numbers that are too large for an array."""
    total, k = 0.0, 1
    for i in range(n):
        for j in range(m):
            k = k * 100003 + i * j
            total = np.sin(total + x[j] * k)
    return total


def mixed(x, n, m):
    """A number that is Python's in the first step, and NumPy's in those after it."""
    total = 0.0
    for i in range(n):
        for j in range(m):
            total = total * total * 0.3 + x[i] * x[j]
    return total


def complex_numbers(z, n, m):
    total = 0.1 + 0.2j
    for i in range(n):
        for j in range(m):
            total = np.sin(total * z[i]) + z[j]
    return (total * np.conj(total)).real


def complex_on_one_side(z, n, m):
    total = 0.1 + 0.2j
    for i in range(n):
        for j in range(m):
            if abs(total) < 1.0:
                w = np.exp(total * z[i])
                total = w * np.cos(w)
            else:
                total = total / (z[j] + 2.0)
    return (total * np.conj(total)).real


def asked(x, n, m):
    """A condition that takes long to ask, of three branches."""
    total = x[0] * 1.0
    for _ in range(n):
        for j in range(m):
            many = np.sum(np.sin(total * x)) > 5.0
            if many:
                total = total * 0.5
            else:
                total = total + x[j]
            if many and j > 1:
                total = np.sin(total)
            elif not many:
                total = np.cos(total)
    return total


def rows_of_arrays(x, n, m):
    h = x[:4] * 1.0
    for i in range(n):
        for j in range(m):
            h = np.tanh(h * x[i] + x[j])
    return np.sum(h)


def written_later(x, n, m):
    h = x[:4] * 1.0
    for i in range(n):
        for j in range(m):
            h[1] = np.sin(np.sum(h) * x[i])
            h[2] *= x[j]
    return np.sum(h)


def arrays_on_one_side(x, n, m):
    h, total = x[:4] * 1.0, 0.0
    for i in range(n):
        for j in range(m):
            if total < 1.0:
                g = np.exp(h * x[j])
                total = total + np.sum(g * g) * 0.1
            else:
                total = total * 0.5 * x[i]
    return total


def while_inside(x, n, m):
    total = 0.0
    for i in range(n):
        k = 0
        while k < m and total < 3.0:
            total = np.sin(total + x[i]) + x[k]
            k += 1
    return total


def inside_while(x, n, m):
    total, k = 0.0, 0
    while k < n:
        for i in range(m):
            for j in range(i):
                total = np.sin(total + x[i] * x[j])
        k += 1
    return total


def left_early(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(m):
            total = np.sin(total + x[i] * x[j]) + 0.4
            if total > 1.3:
                break
        if total > 1.35:
            break
    return total


def one_step_in_three(x, n, m):
    total = 0.0
    for i in range(0, n, 3):
        for j in range(m):
            total = np.sin(total + x[i] * x[j])
    return total


def deep_triangle(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(i):
            for k in range(j):
                total = np.sin(total + x[i] * x[j] * x[k])
    return total


def along_axes(x, n, m):
    """As many steps as an array is long."""
    total = x[0] * n
    for i in range(len(x)):
        for j in range(len(x)):
            total = np.sin(total + x[i] * x[j]) * m
    return total


ARRAYS = {
    masks: ROWS, truths_as_numbers: ROWS, places: ROWS, mixed: ROWS, complex_numbers: COMPLEX, complex_on_one_side: COMPLEX,
    asked: ROWS, rows_of_arrays: ROWS, written_later: ROWS, arrays_on_one_side: ROWS, sided: SINGLE,
    along_axes: ROWS,
}  # fmt: skip
LISTS = {
    large_numbers: ROWS, while_inside: ROWS, inside_while: ROWS, left_early: ROWS, one_step_in_three: ROWS, deep_triangle: ROWS,
    mixed: SINGLE, doubly: SINGLE, complex_numbers: COMPLEX.astype(np.complex64),
}  # fmt: skip
WAYS = [*((f, x, True) for f, x in ARRAYS.items()), *((f, x, False) for f, x in LISTS.items())]


@pytest.mark.parametrize("function, x, arrays", WAYS, ids=[f"{f.__name__}-{x.dtype}" for f, x, _ in WAYS])
def test_what_comes_back_is_what_was_saved(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], x: Any, arrays: bool) -> None:
    both_ways(monkeypatch, function, [(x, n, m) for n, m in CALLS])
    text = source(function, x, 5, 4)
    assert arrays is not ("_saved_saved" in text)
    assert bool(shapes(text)) or not arrays


@pytest.mark.parametrize("function, x", [w[:2] for w in WAYS], ids=[f"{f.__name__}-{x.dtype}" for f, x, _ in WAYS])
def test_arrays_and_what_is_read_of_them_have_the_types_that_primitives_tell(function: Callable[..., Any], x: Any) -> None:
    Derivative(function, 0, settings=Settings(verify=True, control="keep"))(x, 5, 4)


def test_a_condition_is_saved_once_and_as_a_truth_value() -> None:
    text = source(asked, ROWS, 5, 4)
    (name,) = re.findall(r"(\w+_saved\w*) = np\.empty\(.*, dtype=bool\)", text)
    assert len(re.findall(rf"{name}\[i, j\] = ", text)) == 1 and "bool(" not in text
    forward, backward = text.split("total_bar = 1.0")
    assert "many_1 = many and j > 1" in forward and "many and j > 1" in backward and "np.sin(total * x)" not in backward


def left_alone(x, y, n):
    t = 1.0
    for i in range(n):
        for j in range(i):
            t = t * 0.5 + math.sin(x * t) if j else x * t
        t = 0.9 * t if i % 2 else x * t * t
    return t


def test_a_gradient_that_is_a_constant_is_no_variable() -> None:
    for x in (0.3, np.float64(0.3)):
        value, (_, none) = value_and_grad(left_alone, argnums=(0, 1), control="keep")(x, 0.5, 4)
        assert (value, none) == (left_alone(x, 0.5, 4), 0.0)


def test_a_number_of_pythons_own_is_one_again() -> None:
    assert "float(total_saved[i, j])" in source(pythons, ROWS, 5, 4)


@pytest.mark.parametrize("function", (doubly, lower, triply, sided, in_a_branch, mixed, masks, places), ids=lambda f: f.__name__)
def test_derivatives_of_derivatives_save_in_arrays_as_well(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any]) -> None:
    def second() -> Any:
        return grad(lambda x: np.sum(grad(function, control="keep")(x, 4, 3) * ROWS), control="keep")(ROWS)

    found = second()
    with monkeypatch.context() as changed:
        with_lists(changed)
        assert_close(found, second())
    assert_close(found, grad(lambda x: np.sum(grad(function, control="record")(x, 4, 3) * ROWS), control="record")(ROWS))


@pytest.mark.parametrize("function", (doubly, lower, sided, pythons, rows_of_arrays, in_a_branch), ids=lambda f: f.__name__)
def test_pullbacks_read_what_they_are_given(function: Callable[..., Any]) -> None:
    for n, m in CALLS:
        value, pullback = vjp(function, ROWS, n, m, argnums=0, control="keep")
        expected, gradient = value_and_grad(function, control="record")(ROWS, n, m)
        assert_close(value, expected)
        assert_close(pullback(1.0), gradient)
        assert_close(pullback(2.0), 2.0 * gradient)


@pytest.mark.sampled(3)
def test_an_array_takes_a_quarter_of_the_memory_of_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    def peak() -> int:
        derivative = value_and_grad(doubly, control="keep")
        x = np.linspace(0.0, 1.0, 200)
        derivative(x, 200, 200)
        tracemalloc.start()
        try:
            derivative(x, 200, 200)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    array = peak()
    with monkeypatch.context() as changed:
        with_lists(changed)
        lists = peak()
    assert array < 200 * 200 * 8 + 40000 and lists > 3.5 * array


def test_no_more_than_half_of_an_array_stays_empty() -> None:
    assert shapes(source(lower, ROWS, 5, 4)) == ["(n, n)"] and not shapes(source(deep_triangle, ROWS, 5, 4))
