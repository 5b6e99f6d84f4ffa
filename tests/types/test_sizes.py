"""Sizes: polynomials in a normal form, what follows from them, and what bounds tell."""
from __future__ import annotations

import random

import numpy as np
import pytest

from s2sad.errors import CannotKeep
from s2sad.types.arrays import Array, dtype_of, shape_of
from s2sad.types.families import broadcast
from s2sad.types.polynomials import Symbol
from s2sad.types.questions import Undecided
from s2sad.types.sizes import Size, at_least_zero, derived, larger, same, smaller, value_at_hints, with_sizes

N, M = Symbol("n", 5, 0), Symbol("m", 7, 0)
n, m = Size.of(N), Size.of(M)
step = Size.of(Symbol("i", None, 0, n - 3))


@pytest.mark.parametrize("size, text", [
    (2 * (n - 1) + 3 - n, "n + 1"), (n * m - 2, "n*m - 2"), (-n, "-n"), ((4 * n) // 2, "2*n"), ((n * m) // m, "n"), (n // 2, "(n // 2)"),
    ((n + 1) // 2, "((n + 1) // 2)"), (n % 3, "(n % 3)"), (larger(n - 1, 0), "max(0, n - 1)"), (1 - n, "-n + 1"), (n**2, "n*n"),
])  # fmt: skip
def test_sizes_have_a_normal_form(size: Size, text: str) -> None:
    assert str(size) == text


@pytest.mark.parametrize("size, number", [(n * m - m * n, 0), ((n + 3) - n, 3), ((2 * n) % 2, 0), (n * 0, 0), (larger(n, -1) - n, 0)])
def test_what_no_symbol_is_left_in_is_a_number(size: int, number: int) -> None:
    assert type(size) is int and size == number


def test_polynomials_are_those_of_their_numbers() -> None:
    chance = random.Random(1)
    for _ in range(200):
        a, b, c = (sum((chance.randint(-3, 3) * s for s in (n, m, n * m, 1)), 0) for _ in range(3))
        x, y, z = (value_at_hints(s) for s in (a, b, c))
        assert x is not None and y is not None and z is not None
        assert value_at_hints(a * b - c * (a + 2)) == x * y - z * (x + 2)
        assert value_at_hints(with_sizes(a, {N: m + 1})) == value_at_hints(with_sizes(a, {N: 8}))


def test_what_follows_is_one_symbol_for_the_same_operands() -> None:
    assert same(n // 2, n // 2) and not same(n // 2, m // 2) and same(smaller(n, m), smaller(m, n))
    assert value_at_hints(n // 2) == 2 and value_at_hints(derived("max", n, m)) == 7


def test_bounds_tell_what_is_not_negative() -> None:
    assert at_least_zero(n) and at_least_zero(step) and at_least_zero(n - 3 - step) and at_least_zero(n * m + 2 * m)
    assert not at_least_zero(n - 2 - step - 2) and not at_least_zero(n - m) and not at_least_zero(-n)
    assert same(smaller(step + 3, n), step + 3) and same(larger(step, 0), step)


def test_a_question_that_nobody_answers() -> None:
    assert n != m and n == n + 0
    with pytest.raises(Undecided, match=r"whether n - m is negative"):
        _ = n < m
    with pytest.raises(Undecided, match=r"the number that n is"):
        np.zeros(n)


def test_an_array_of_which_the_type_is_known() -> None:
    a = Array(np.float32, (n, 1, 3))
    assert isinstance(a, np.ndarray) and np.ndim(a) == 3 and np.shape(a) == (n, 1, 3)
    assert str(a) == "float32[n, 1, 3]" and str(a.nbytes) == "12*n"
    with pytest.raises(CannotKeep, match="sin is asked of an array of which the type alone is known"):
        np.sin(a)
    with pytest.raises(AttributeError):
        _ = a.nothing
    assert shape_of([a, a]) == (2, n, 1, 3)
    with pytest.raises(ValueError, match="inhomogeneous"):
        shape_of([a, 1.0])


def test_broadcasting() -> None:
    assert broadcast((n, 1), (m,), ()) == (n, m) and broadcast((1, n), (m, n)) == (m, n)
    with pytest.raises(ValueError, match="n and 3 elements"):
        broadcast((n,), (3,))


def test_what_numpy_makes_of_a_list_has_the_dtype_of_all_its_parts() -> None:
    given = ([Array(np.float32, (n,)), [1, 2]], [], [True, n], np.float32(1))
    assert [str(dtype_of(g)) for g in given] == ["float64", "float64", "int64", "float32"]
