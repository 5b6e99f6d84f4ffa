"""Functions that call themselves, kept: how often is told by what they are given, by whole numbers of the call, or by their bounds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad
from s2sad.errors import CannotKeep
from tests.oracles import agrees, module


def kept(function: Any, *calls: tuple[Any, ...], argnums: Any = 0) -> Any:
    """A gradient that has served these calls, each by a path that is kept."""
    derivative = value_and_grad(function, argnums=argnums, control="keep")
    for args in calls:
        agrees(derivative, function, *args, argnums=argnums)
    assert all(path.kept is not None for path in derivative.paths)
    return derivative


def power(x, n):
    if n == 0:
        return 1.0
    half = power(x, n // 2)
    return half * half * x if n % 2 else half * half


def test_a_whole_number_of_the_call_ends_it() -> None:
    derivative = kept(power, (1.5, 5), (0.7, 5), (1.5, 0), (1.5, 40))
    assert len(derivative.paths) == 3, "one for each number"
    assert derivative(2.0, 5) == (32.0, 80.0)


def newton(x, rounds):
    rest = x * x - 2.0
    if abs(rest) < 1e-9 or rounds == 0:
        return x
    return newton(x - rest / (2.0 * x), rounds - 1)


def test_a_number_ends_it_that_is_computed_or_else_a_whole_number() -> None:
    """How many rounds there are is not known, that there are not more than four is."""
    derivative = kept(newton, (9.0, 4), (1.5, 4), (math.sqrt(2.0), 4), (1.4, 4))
    assert len(derivative.paths) == 1
    with pytest.raises(CannotKeep, match=r"newton\(\) calls itself"):
        value_and_grad(newton, control="keep")(1.5, 40)


FLOATS = """
def f(x):
    return x if x > 9.0 else x * f(1.5 * x)
"""


def test_a_computed_number_alone_does_not_end_it() -> None:
    function = module(FLOATS).f
    with pytest.raises(CannotKeep, match=r"f\(\) calls itself"):
        value_and_grad(function, control="keep")(2.0)
    agrees(value_and_grad(function), function, 2.0)


def halves(x):
    n = len(x)
    if n == 1:
        return x[0]
    return halves(x[: n // 2]) * np.cos(halves(x[n // 2 :]))


def test_the_length_of_an_array_ends_it() -> None:
    derivative = kept(halves, (np.array([0.3, 0.8, 1.1, 0.2, 0.5]),), (np.array([0.3]),), (np.array([0.9, 0.8, 1.1, 0.2, 0.5]),))
    assert len(derivative.paths) == 2
    assert "if" not in derivative.source.replace("if not", "").split("def ")[1]


def test_a_tree_ends_it() -> None:
    def evaluate(node, x):
        if isinstance(node, tuple):
            name, *parts = node
            values = [evaluate(part, x) for part in parts]
            return math.sin(values[0]) if name == "sin" else values[0] * values[1] if values[0] > 1.0 else values[0] + values[1]
        return x if node == "x" else node

    tree = ("*", ("*", "x", ("sin", "x")), ("*", 2.0, "x"))
    derivative = kept(evaluate, (tree, 0.4), (tree, 1.7), (("sin", ("*", "x", 1.5)), 0.3), argnums=1)
    assert len(derivative.paths) == 2, "one for each tree"


IN_A_LOOP = """
def f(x, n):
    def down(v, depth):
        return v if depth <= 0 or v > 40.0 else down(v * v * 0.5 + x, depth - 1)

    total = 0.0
    for i in range(n):
        total += down(x, i) * down(x + i, 2)
    return total
"""


def test_the_bounds_of_the_number_of_a_step_end_it() -> None:
    """On the way on which it is above zero, it is at least one, and the one below it at least zero."""
    derivative = kept(module(IN_A_LOOP).f, (0.3, 0), (0.3, 1), (0.3, 3), (0.7, 3))
    assert "for i in range(n):" in derivative.source


def test_functions_that_call_each_other() -> None:
    def even(v, depth):
        return v if depth == 0 else odd(v * 0.5, depth - 1)

    def odd(v, depth):
        for _ in range(2):
            v = v * 1.5 if v > 1.0 else v - 0.25
        return v if depth == 0 else even(v * v, depth - 1)

    kept(even, (1.9, 4), (1.1, 4), (0.3, 1))


def test_a_function_that_calls_itself_through_what_it_is_given() -> None:
    def twice(function, x):
        return function(x) + function(2.0 * x) if x > 0.5 else x

    def both(x):
        return twice(lambda y: twice(math.sin, y), x) * x

    kept(both, (0.9,), (0.2,), (0.4,))


def test_second_order_and_single_precision() -> None:
    second = grad(grad(newton, control="keep"), control="keep")
    assert second(1.5, 2) == pytest.approx(grad(grad(newton, control="record"), control="record")(1.5, 2), rel=1e-12)
    x = np.array([0.3, 0.8, 1.1, 0.2], np.float32)
    _, gradient = value_and_grad(halves, control="keep")(x)
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, value_and_grad(halves, control="record")(x)[1], rtol=1e-5)


@pytest.mark.parametrize("condition", ["n == 2", "n != 3", "n > 1 and n < 3", "2 <= n", "not n < 2", "n % 2 == 0"])
def test_what_a_whole_number_of_the_call_decides(condition: str) -> None:
    """A set of two on one way and of one on the other: the path is for the number of its call."""
    text = f"def f(x, n):\n    y = {{1.0, 2.0}} if {condition} else {{3.0}}\n    return sum(y) * x[0] + len(y) * x[1]\n"
    derivative = kept(module(text).f, (np.array([0.3, 0.7]), 2), (np.array([0.4, 0.1]), 2), (np.array([0.4, 0.1]), 1))
    assert len(derivative.paths) == 2


@pytest.mark.parametrize("which", [1, 2, 3, 4, 0])
def test_what_is_told_on_one_way_is_asked_on_another(which: int) -> None:
    """Where one of three answers is yes, the others are no: they are asked in the same order on each way through the `try`."""
    text = """
import math


def f(x, n):
    y = x
    try:
        y = y * x
        if n == 1:
            raise ValueError
        if n == 2:
            raise TypeError
        if n > 2 and n == 3:
            raise LookupError
    except ValueError:
        y = y + x
    except (TypeError, LookupError) as error:
        y = y * 3.0 if isinstance(error, LookupError) else -y
    else:
        y = math.sin(y)
    return y * x
"""
    kept(module(text).f, *((0.7, n) for n in (which, 4, 3, 2, 1)))


def test_a_sort_that_is_told_its_answers() -> None:
    text = "def f(x, n):\n    a, b = sorted([(n, x), (2, x * x)])\n    return a[1] / b[1] * (2.0 if n == 2 else 3.0)\n"
    function = module(text).f
    derivative = value_and_grad(function, control="keep")
    for n in (1, 2, 3):
        agrees(derivative, function, 0.7, n)
        agrees(value_and_grad(function), function, 0.7, n)


def test_a_function_with_itself_in_a_cell_is_one_of_two_after_a_branch() -> None:
    def double(x: float) -> float:
        return 2.0 * x

    def chosen(x: float, n: int) -> Any:
        which, s = (chosen, 0.0) if x > 3.0 else (double, 1.0)
        for _ in range(n):
            which, s = (double if which is chosen else chosen), s + x * (x if which is double else 1.0)
        return s

    kept(chosen, (2.0, 3), (4.0, 4), (5.0, 1), (1.0, 0))
