"""Lengths that change in a loop and meet: what NumPy makes of them is found out by the code, and what it raises is raised."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import agrees, assert_identical, made

HALVES = "h = x.shape[0]\ny = x\nwhile h > 1:\n    h = h // 2\n    y = y[:h] + y[h:2 * h]\nreturn y[0] * 1.0"
ONE_OR_ALL = "s = 0.0\nfor k in range(n):\n    h = x[:k + 1] if k % 2 else x[:1]\n    s += np.sum((h + x[:k + 1]) ** 2)\nreturn s"


def vector(size: int) -> Any:
    return np.sin(np.arange(1.0, size + 1)) + 1.5


def test_halves_are_added_in_each_step() -> None:
    derivative = value_and_grad(made(HALVES, "x"), control="keep")
    for x, value, gradient in (([1.0, 2.0, 4.0, 8.0], 15.0, [1.0, 1.0, 1.0, 1.0]), ([3.0], 3.0, [1.0]),
                               ([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0], 27.0, [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0])):  # fmt: skip
        found = derivative(np.array(x))
        assert found[0] == value
        assert_identical(found[1], np.array(gradient))
    assert [path.kept for path in derivative.paths] == [True]


def test_one_element_or_all_of_them() -> None:
    function = made(ONE_OR_ALL)
    derivative = value_and_grad(function, control="keep")
    value, gradient = derivative(np.array([1.0, 2.0, 3.0]), 3)  # (1+1)**2, then (2, 4)**2, then (2, 3, 4)**2
    assert (value, gradient.tolist()) == (53.0, [8.0 + 8.0 + 4.0 + 18.0, 16.0 + 6.0, 8.0])
    for size, n in ((5, 4), (1, 1), (4, 0), (6, 6)):
        agrees(derivative, function, vector(size), n)
    assert [path.kept for path in derivative.paths] == [True]


UNUSED = "s = 0.0\nh = x[:2]\nfor k in range(n):\n    {}\n    s += x[k]\nreturn s"


@pytest.mark.parametrize("statement", ("y = h + x[:k]", "y = x[:k] @ h", "y = np.concatenate([h[None], x[None, :k]])",
                                       "for j in range(k - 1):\n        y = h * x[:k]", "z = x[:k].copy()\n    z += h"))  # fmt: skip
def test_what_does_not_go_together_raises_though_it_is_not_used(statement: str) -> None:
    function = made(UNUSED.format(statement))
    derivative = value_and_grad(function, control="keep")
    for n in range(5):
        try:
            value = function(vector(6), n)
        except ValueError:
            with pytest.raises(ValueError):
                derivative(vector(6), n)
        else:
            found, gradient = derivative(vector(6), n)
            assert_identical(found, value)
            assert gradient.tolist() == [1.0] * n + [0.0] * (6 - n)


def test_the_code_asks_only_where_it_does_not_know() -> None:
    known = made("s = 0.0\nfor k in range(n):\n    h = x[:k] * x[1:k + 1]\n    s += np.sum(h * x[:k])\nreturn s")
    derivative = value_and_grad(known, control="keep")
    derivative(vector(6), 3)
    assert "summed_to" not in derivative.source
    derivative = value_and_grad(made(ONE_OR_ALL), control="keep")
    derivative(vector(6), 3)
    assert derivative.source.count("summed_to(") == 2


def test_what_only_the_last_step_leaves_has_the_sizes_of_that_step() -> None:
    function = made("y, s = x[:1], 0.0\nfor k in range(1, n):\n    y = x[k:]\n    s += x[k]\nreturn s + np.sum(y ** 2)")
    derivative = value_and_grad(function, control="keep")
    assert derivative(np.array([1.0, 2.0, 3.0, 4.0]), 3)[1].tolist() == [0.0, 1.0, 1.0 + 6.0, 8.0]
    assert derivative(np.array([1.0, 2.0, 3.0]), 1)[1].tolist() == [2.0, 0.0, 0.0]
    for size, n in ((5, 5), (4, 4), (6, 0)):
        agrees(derivative, function, vector(size), n)
    assert [path.kept for path in derivative.paths] == [True]


STEPS = {
    "numbers left out": "y = np.zeros(len(x))\nfor k in range(2, n):\n    y[::k] += x[0] * k\n    y[k::k] *= 0.9\nreturn np.sum(y * x)",
    "forwards and backwards": "s = 0.0\nfor k in range(1, n):\n    s += np.sum(x[::-k] * x[::k]) + np.sum(x[1::k] * x[0])\nreturn s",
    "doubled": "s, k = 0.0, 1\nwhile k < len(x):\n    s += np.sum(x[::2 * k]) * x[k]\n    k *= 2\nreturn s",
    "from outside": "y = x[::n + 1] * 2.0\nreturn np.sum(y * x[::n + 1]) + np.sum(x[:n:n + 2])",
}  # fmt: skip


@pytest.mark.parametrize("form", STEPS)
def test_the_step_of_a_part_is_a_number_like_others(form: str) -> None:
    function = made(STEPS[form])
    derivative = value_and_grad(function, control="keep")
    for size, n in ((7, 4), (5, 2), (8, 1), (9, 5), (6, 3)):
        agrees(derivative, function, vector(size), n)
    assert [path.kept for path in derivative.paths] == [True]


def test_a_step_of_zero_raises_what_numpy_raises() -> None:
    derivative = value_and_grad(made("s = 0.0\nfor k in range(n, 3):\n    y = x[::k]\n    s += x[k]\nreturn s"), control="keep")
    assert derivative(vector(4), 1)[1].tolist() == [0.0, 1.0, 1.0, 0.0]
    with pytest.raises(ValueError, match="slice step cannot be zero"):
        derivative(vector(4), 0)
