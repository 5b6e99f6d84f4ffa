"""A place that is read and set to zero is set to zero after it is used, where only other places are written meanwhile; and neighbours."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from tests.oracles import agrees, assert_close, module

A = np.linspace(0.2, 1.0, 30).reshape(5, 6)


def text_of(function: Any, *args: Any, argnums: Any = 0, control: Any = "keep") -> str:
    derivative = value_and_grad(function, argnums=argnums, control=control)
    agrees(derivative, function, *args, argnums=argnums)
    return derivative.source


def walls(p, n):
    p = p.copy()
    for _ in range(n):
        p[:, 0] = p[:, 1] * 0.5
        p[0, :] = p[1, :]
    return np.sum(p * p)


def rows(x, a):
    y = np.ones_like(x)
    for i in range(2, len(x)):
        y[i] = a * x[i] + y[i - 1] * y[i] - a * y[i - 2]
    return np.sum(y * y)


def onto_itself(x):
    y = x * 1.0
    for i in range(1, len(x)):
        y[i] = np.sin(y[i]) + y[i - 1]
    return np.sum(y * y)


def the_same_place(p, k):
    p = p.copy()
    for i in range(3):
        p[i] = p[k] * 2.0
    return np.sum(p * p)


def in_the_middle(p):
    p = p.copy()
    for _ in range(2):
        p[1:-1] = p[:-2] + 0.5 * p[2:]
    return np.sum(p * p)


def seidel(u, sweeps):
    u = u.copy()
    for _ in range(sweeps):
        for i in range(1, u.shape[0] - 1):
            for j in range(1, u.shape[1] - 1):
                u[i, j] = (u[i - 1, j - 1] + u[i - 1, j] + u[i - 1, j + 1] + u[i, j - 1] + u[i, j] + u[i, j + 1]
                           + u[i + 1, j - 1] + u[i + 1, j] + u[i + 1, j + 1]) / 9.0  # fmt: skip
    return np.sum(u * u)


def wrapped(x):
    total = 0.0
    for i in range(len(x) - 1):
        total += np.sin(x[i - 1] + x[i] + x[i + 1])
    return total


def across(u):
    total = 0.0
    for i in range(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            total += np.sin(u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
    return total


def twice(x):
    total = 0.0
    for i in range(1, len(x) - 1):
        total += np.sin(x[i] + x[i + 1] + x[i])
    return total


def test_what_is_read_once_has_no_name_and_no_copy():
    text = text_of(walls, A, 3)
    assert "p_bar[:, 1] += 0.5 * p_bar[:, 0]\n        p_bar[:, 0] = 0.0" in text
    assert ".copy()" not in text[text.index("adjoint of") :]


def test_what_is_added_to_the_place_is_assigned():
    text = text_of(onto_itself, A[0])
    assert "y_bar[i] = 0.0" not in text
    assert "y_bar[i] = " in text


@pytest.mark.parametrize("k", [0, 1, 2, 4, -1])
def test_a_place_that_may_be_the_same_is_set_to_zero_first(k):
    text_of(the_same_place, A, k)


@pytest.mark.parametrize("function", [rows, in_the_middle])
def test_overlapping_places(function):
    args = (A[0], 0.7) if function is rows else (A,)
    text_of(function, *args)
    text_of(function, *args, control="record")


def test_neighbours_are_added_to_in_one_line():
    text = text_of(seidel, A, 2)
    assert "u_bar[i - 1:i + 2, j - 1:j + 2] += " in text
    assert text.count("u_bar[") == 3


@pytest.mark.parametrize("function", [wrapped, across, twice])
def test_what_is_no_block_or_may_be_counted_from_the_end_is_not(function):
    arg = A if function is across else A[0]
    assert "x_bar[i - 1:" not in text_of(function, arg)
    text_of(function, arg, control="record")


def test_part_of_the_elements_are_neighbours():
    def ahead(x):
        total = 0.0
        for i in range(len(x) - 3):
            total += np.sin(x[i] + x[i + 2] + x[i + 3])
        return total

    assert "x_bar[i + 2:i + 4] += " in text_of(ahead, A[0])


@pytest.mark.parametrize("function", [walls, seidel])
def test_the_second_order(function):
    second = grad(lambda p: np.sum(grad(function, control="keep")(p, 2) ** 2), control="keep")
    direct = grad(lambda p: np.sum(grad(function, control="record")(p, 2) ** 2), control="record")
    assert_close(second(A), direct(A))


PLACES = ["0", "1", "i", "i - 1", "i + 1", "-1", "k", "slice(1, None)", "slice(None, -1)", "slice(0, i)", "slice(i, None)", "slice(None)"]


def writing(seed: int) -> str:
    """The text of a function whose loop writes elements and parts of an array that are read on the right."""
    chosen = random.Random(seed)
    lines = []
    for _ in range(chosen.randint(2, 4)):
        to, one, other = (chosen.choice(PLACES) for _ in range(3))
        lines.append(f"        y[{to}] = 0.3 * total(y[{one}]) + np.sin(total(y[{other}])) * y[{to}]" if chosen.random() < 0.5
                     else f"        y[{to}] = y[{to}] * 0.7 + 0.1 * total(y[{one}])")  # fmt: skip
    return "def written(x, k):\n    y = x * 1.0\n    for i in range(1, 4):\n" + "\n".join(lines) + "\n    return np.sum(y * y)\n"


@pytest.mark.sampled(8)
@pytest.mark.parametrize("seed", range(24))
def test_any_places(seed):
    text = "import numpy as np\n\ndef total(v):\n    return np.sum(v)\n\n" + writing(seed)
    function = module(text).written
    for control, k in itertools.product(("keep", "record"), (0, 2)):
        text_of(function, np.linspace(0.3, 1.1, 6), k, control=control)
