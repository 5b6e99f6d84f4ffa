"""What nested loops save goes into one array with an index for each loop, and comes back as it was: compared with lists, bit for bit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, passes, value_and_grad
from s2sad.adjoint import costs, residuals
from s2sad.calls import kept_paths
from s2sad.passes.nested import save_in_arrays
from tests.oracles import assert_close

ROWS = np.linspace(0.4, 1.2, 12)
TABLE = np.linspace(-1.0, 1.5, 12).reshape(3, 4)


def doubly(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(m):
            total = np.sin(total + x[i] * x[j])
    return total


def triply(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(m):
            for k in range(3):
                total = np.sin(total + x[i] * x[j] * x[k])
    return total


def lower(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(i):
            total = np.sin(total + x[i] * x[j])
    return total


def upper(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            total = np.sin(total + x[i] * x[j])
    return total


def with_diagonal(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(i + 1):
            total = np.sin(total + x[i] * x[j])
    return total


def banded(x, n, m):
    total = 0.0
    for i in range(n):
        for j in range(i, i + 3):
            total = np.sin(total + x[i] * x[j])
    return total


def inner_part(x, n, m):
    total = 0.0
    for i in range(1, n - 1):
        for j in range(1, m - 1):
            total = np.sin(total + x[i] * x[j])
    return total


def far_out(x, n, m):
    total = 0.0
    for i in range(m, n):
        for j in range(m, n + 1):
            total = np.sin(total + x[i] * x[j])
    return total


def negative(x, n, m):
    total = 0.0
    for i in range(-2, n):
        for j in range(-m, m):
            total = np.sin(total + x[i] * x[j])
    return total


def downwards(x, n, m):
    total = 0.0
    for i in range(n - 1, -1, -1):
        for j in range(i - 1, -1, -1):
            total = np.sin(total + x[i] * x[j])
    return total


def downwards_to(x, n, m):
    total = 0.0
    for i in range(n, m, -1):
        for j in range(n, m - 1, -1):
            total = np.sin(total + x[i] * x[j])
    return total


def guarded(x, n, m):
    total = 0.0
    for i in range(n):
        if x[i] > 0.6:
            for j in range(m):
                if x[j] > x[i]:
                    total = np.sin(total + x[i] * x[j])
                else:
                    total = total * x[j]
    return total


def sided(x, n, m):
    total = x[0] * 1.0
    for i in range(n):
        for j in range(m):
            if total > 0.3:
                y = np.exp(-total * x[j] - 0.1 * i)
                total = y * np.cos(y)
            else:
                total = np.exp(np.sin(total))
    return total


def in_a_branch(x, n, m):
    total = x[0] * 1.0
    if m > 2:
        for i in range(n):
            for j in range(m):
                total = np.sin(total + x[i] * x[j])
    return total


def second_nest(x, n, m):
    total = 0.0
    for i in range(n):
        row = x[i]
        for j in range(m):
            row = np.sin(row * x[j])
        for j in range(i):
            row = np.cos(row * x[j])
        total = total + row * row
    return total


def pythons(x, n, m):
    a, total = float(x[0]), 1.0
    for i in range(n):
        for j in range(m):
            total = math.sin(total * a + 0.1 * i - 0.2 * j)
    return total + x[1]


SAVED = {
    doubly: ["(n, m)"], triply: ["(n, m, 3)"], lower: ["(n, n)"], upper: ["(n, n)"], with_diagonal: ["(n, n)"], banded: ["(n, 3)"],
    guarded: ["(n, m)"], sided: ["(n, m)"],
    in_a_branch: ["(n, m)"], second_nest: ["(n, m)", "(n, n)"], downwards: ["(n, n)"], pythons: ["(n, m)"],
}  # fmt: skip
ALIKE = [*SAVED, inner_part, far_out, negative, downwards_to]


def source(function: Callable[..., Any], *args: Any, argnums: Any = 0) -> str:
    derivative = value_and_grad(function, argnums=argnums, control="keep")
    derivative(*args)
    return derivative.source


def shapes(text: str) -> list[str]:
    """The shapes of the arrays that are saved into."""
    begun = [line.partition(" = ")[2] for line in text.splitlines() if re.match(r" *(\w+_saved\w*(, )?)+ = np\.(empty|zeros)", line)]
    found = [shape for each in begun for shape in re.findall(r"np\.(?:empty|zeros)\((\((?:[^()]|\([^()]*\))*\))", each)]
    return [re.sub(r"max\((\w+(?: \+ 1)?), 0\)", r"\1", each) for each in found]


def with_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave stacks of stacks what they are."""
    monkeypatch.setattr(kept_paths, "PASSES", tuple(each for each in passes.PASSES if each is not save_in_arrays))


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and np.array_equal(one, other, equal_nan=True)


def both_ways(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], calls: list[Any], argnums: Any = 0) -> None:
    """Values and gradients of kept code with arrays, with lists, and of the recorded path."""
    arrays = value_and_grad(function, argnums=argnums, control="keep")
    found = [arrays(*args) for args in calls]
    with monkeypatch.context() as changed:
        with_lists(changed)
        lists = value_and_grad(function, argnums=argnums, control="keep")
        for args, (value, gradient) in zip(calls, found, strict=True):
            expected = lists(*args)
            assert same(value, expected[0]) and same(gradient, expected[1])
            assert_close(gradient, grad(function, argnums=argnums, control="record")(*args))


@pytest.mark.parametrize("function", ALIKE, ids=lambda f: f.__name__)
def test_arrays_give_back_what_lists_do(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any]) -> None:
    both_ways(monkeypatch, function, [(ROWS, n, m) for n, m in ((5, 4), (1, 3), (6, 1), (0, 4), (4, 0), (0, 0), (9, 2))])


@pytest.mark.parametrize("function", SAVED, ids=lambda f: f.__name__)
def test_one_array_has_an_index_for_each_loop(function: Callable[..., Any]) -> None:
    text = source(function, ROWS, 5, 4)
    assert sorted(shapes(text)) == sorted(SAVED[function])
    assert "_saved_saved" not in text and "append" not in text


@pytest.fixture
def no_function_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only operators of numbers are computed again."""
    monkeypatch.setattr(residuals, "work", lambda s: costs.work(s) if s.primitive.cheap else None)


@pytest.mark.usefixtures("no_function_again")
def test_a_value_of_one_side_is_saved_on_that_side() -> None:
    forward = source(sided, ROWS, 5, 4).partition("total_bar")[0]
    assert re.search(r"if total > 0\.3:\n( {16}.*\n)* {16}y_saved\[i, j\] = y( = .*)?\n", forward)
    assert "= None" not in forward and not re.search(r"^ {12,}(?!total)\w+ = 0\.0$", forward, re.MULTILINE)


@pytest.mark.usefixtures("no_function_again")
def test_a_value_is_read_on_the_side_that_needs_it() -> None:
    backward = source(sided, ROWS, 5, 4).partition("total_bar = 1.0")[2]
    assert backward.index("else:") < backward.index("total_saved_1[i, j]")
    assert backward.index("if total") < backward.index("y_saved[i, j]") < backward.index("else:")
