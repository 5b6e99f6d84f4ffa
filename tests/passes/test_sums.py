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
    assert "x_bar = 2 * x[0] * x\n" in slope.source and "copy" not in slope.source


def rows(x, W):
    total = 0.0
    for i in range(len(x)):
        r = W[i, :i] @ W[i, :i]
        total = total + x[i] * r
    return total


def pairs(x):
    total = 0.0
    for i in range(len(x)):
        for j in range(i):
            d = x[i] - x[j]
            total = total + d * np.sin(x[i] * x[j])
    return total


def shifted(x):
    total = 0.0
    for i in range(1, len(x)):
        total = total + np.sum(x[:i] * np.cos(x[1 : i + 1])) + np.sum(np.sin(x[:i]))
    return total


def test_two_slices_that_are_added_to_one_target_are_one_statement() -> None:
    slope = value_and_grad(rows, argnums=(0, 1), control="keep")
    agrees(slope, rows, X, np.outer(X, X), argnums=(0, 1))
    assert slope.source.count("W_bar[i, :i]") == 1 and "np.zeros(W.shape)" in slope.source
    slope = value_and_grad(shifted, control="keep")
    agrees(slope, shifted, X)
    assert slope.source.count("x_bar[:") == 1 and slope.source.count("x_bar[1:") == 1


def test_numbers_that_are_added_to_one_element_are_added_first_whatever_is_added_between() -> None:
    slope = value_and_grad(pairs, control="keep")
    agrees(slope, pairs, X)
    inner = [line for line in slope.source.split("\n") if line.startswith(" " * 12) and "x_bar[" in line and "=" in line]
    assert len(inner) == 1  # what belongs to the row is added up in a number


def weighted(x, w, s):
    K = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        for j in range(len(x)):
            K[i, j] = s**2 * np.exp(-((x[i] - x[j]) ** 2))
        K[i, :i] = w[:i] * x[i]
    return np.sum(K)


def test_the_cotangent_of_what_is_summed_is_a_number_where_elements_and_parts_of_it_are_read() -> None:
    slope = value_and_grad(weighted, argnums=(0, 1, 2), control="keep")
    agrees(slope, weighted, X, X, 0.7, argnums=(0, 1, 2))
    assert "np.full" in slope.source  # the parts are written over before
    slope = value_and_grad(summed, argnums=(0, 1), control="keep")
    agrees(slope, summed, X, 0.7, argnums=(0, 1))
    assert "np.full" not in slope.source and "1.0 *" not in slope.source


def summed(x, s):
    K = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        for j in range(i):
            K[i, j] = s**2 * np.exp(-((x[i] - x[j]) ** 2))
    return np.sum(K)


def roots(s, n):
    y = np.zeros(n)
    for i in range(n):
        y[i] = (s * s) ** 0.5 + np.sqrt(s)
    return np.sum(y)


@pytest.mark.filterwarnings("ignore::s2sad.errors.NonFiniteWarning")
def test_a_number_of_pythons_does_not_raise_where_one_of_numpys_warns() -> None:
    slope = value_and_grad(roots, control="keep")
    agrees(slope, roots, 0.25, 3)
    with np.errstate(all="ignore"):
        agrees(slope, roots, 0.0, 3)


def cholesky(A):
    L = A.copy()
    n = L.shape[0]
    for i in range(n):
        for j in range(i):
            L[i, j] -= L[i, :j] @ L[j, :j]
            L[i, j] /= L[j, j]
        L[i, i] -= L[i, :i] @ L[i, :i]
        L[i, i] = np.sqrt(L[i, i])
    return np.sum(np.log(np.diag(L)))


def test_a_step_makes_no_whole_array_for_a_slice_of_one() -> None:
    slope = value_and_grad(cholesky, control="keep")
    agrees(slope, cholesky, np.outer(X, X) + np.eye(4))
    adjoint = slope.source.partition("L_bar = ")[2]
    assert adjoint.count("L_bar[i, :i] -= 2 * ") == 1 and "np.zeros" not in adjoint


def speed(u, k):
    return k[0] * np.sin(u) - k[1] * u


def heun(u, k, steps):
    for _ in range(steps):
        first = speed(u, k)
        second = speed(u + 0.1 * first, k)
        u = u + 0.05 * (first + second)
    return u * u


def signs(x, y, n):
    a, b = 0.0, 0.0
    for i in range(n):
        a = a + y * x[i]
        b = np.sin(b) - y * x[i]
    return a * b + y


def test_what_a_loop_gathers_in_two_places_for_one_sum_is_gathered_in_one() -> None:
    slope = value_and_grad(heun, argnums=(0, 1), control="keep")
    agrees(slope, heun, 0.7, np.array([1.5, 0.4]), 3, argnums=(0, 1))
    agrees(slope, heun, 0.7, np.array([1.5, 0.4]), 0, argnums=(0, 1))
    assert "k0_bar = k1_bar = 0.0\n" in slope.source and slope.source.count("k_bar[") == 2
    slope = value_and_grad(signs, argnums=(0, 1), control="keep")
    agrees(slope, signs, X, 0.3, 4, argnums=(0, 1))


def leaps(v, n):
    a = np.zeros_like(v)
    for _ in range(n):
        v = v + 0.5 * a
        a = np.zeros_like(v)
        for i in range(len(v)):
            a[i] = v[i] * v[i]
        v = v + 0.5 * a
    return np.sum(v)


def test_a_sum_that_a_loop_inside_reads_is_made_in_place() -> None:
    """Both arrays would be there all through that loop."""
    slope = value_and_grad(leaps, control="keep")
    agrees(slope, leaps, X, 3)
    assert "a_bar += " in slope.source and "a_bar = a_bar +" not in slope.source
