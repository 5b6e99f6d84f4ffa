"""Branches: what is known of their conditions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad import value_and_grad
from tests.emit.test_reverse_loops import lines_of
from tests.oracles import agrees


def by_functions(x: Any) -> Any:
    return (math.exp if x < 1 else math.cos)(x * 0.5)


def test_a_comparison_of_what_a_branch_gives_is_its_condition() -> None:
    lines = lines_of(by_functions, 0.7)
    assert not [line for line in lines if "(0 if" in line]
    assert any("x < 1" in line for line in lines)
    assert lines_of(by_functions, 1.7) == lines


TABLE = np.array([0.7, -0.2])


def by_numbers(x: Any, n: Any) -> Any:
    total = x
    for i in range(n):
        kind = 0 if TABLE[i % 2] * total > 0.1 else 1
        if kind == 0:
            total = total * 0.9
        total = total + ((kind == 0) + (kind < 1)) * x * total + x * (kind == 0)
    return total


def test_a_comparison_is_one_of_python_s_where_its_condition_is_one_of_numpy_s() -> None:
    """Two of the former are added up to 2."""
    for control in ("keep", "record"):
        for args in ((0.4, 3), (-0.7, 2), (1.3, 5)):
            agrees(value_and_grad(by_numbers, control=control), by_numbers, *args)  # type: ignore[call-overload]


def by_a_text(x: Any, kind: Any) -> Any:
    if kind == "tanh":
        y = math.tanh(x)
    elif kind == "sine":
        y = math.sin(x)
    else:
        y = x
    return y * x


def test_constants_are_compared_when_the_code_is_written() -> None:
    for kind, name in (("tanh", "tanh"), ("sine", "sin"), ("none", None)):
        lines = lines_of(by_a_text, 0.7, kind)
        assert [line for line in lines if line.lstrip().startswith(("if", "else"))] == [f"    if not kind == '{kind}':"]
        assert name is None or f"math.{name}(x)" in "\n".join(lines)


def of_a_tree(x: Any) -> Any:
    tree = ("add", ("square", "x"), ("half", "x"))

    def evaluated(node: Any) -> Any:
        match node:
            case "x":
                return x
            case ("add", a, b):
                return evaluated(a) + evaluated(b)
            case ("square", a):
                return evaluated(a) ** 2
            case (_, a):
                return evaluated(a) * 0.5

    return evaluated(tree)


def test_a_guard_that_always_holds_is_not_asked() -> None:
    for control in ("keep", "record"):
        derivative = value_and_grad(of_a_tree, control=control)  # type: ignore[call-overload]
        agrees(derivative, of_a_tree, 0.7)
        assert "OtherPath" not in derivative.source, derivative.source


def handed_on(x: Any, limit: Any) -> Any:
    y = math.sin(x) if x > limit else None
    z = x * x if x > limit else 3.0
    return z + (y * x if y is not None else x)


def test_what_a_side_has_given_is_read_on_that_side() -> None:
    for x in (0.7, 0.2):
        lines = lines_of(handed_on, x, 0.5)
        assert not [line for line in lines if " == " in line], "\n".join(lines)


def moved_between(x: Any, n: Any) -> Any:
    y = np.zeros(n)
    if x > 1.0:
        y[0] = x * x
        a = y[0] * 2.0
    else:
        y[1] = x
        a = y[1] * 1.5
    y = y * a
    if x > 1.0:
        y[1] += a * x
        b = y[1] * a
    else:
        y[0] += a
        b = y[0]
    return np.sum(y * y) + b


def test_branches_that_write_and_what_stands_between_them() -> None:
    for x in (1.7, 0.7):
        lines_of(moved_between, x, 3)


def there_or_not(x: Any, y: Any) -> Any:
    scale = None if x > 1.0 else x * y
    if not scale:
        return x * y
    if scale is not None:
        x = x + scale**2
    return x


def test_a_condition_is_not_asked_on_its_own_sides() -> None:
    for x in (0.7, 1.7):
        text = "\n".join(lines_of(there_or_not, x, 0.5, argnums=(0, 1)))
        assert "raise OtherPath" not in text, text


def filled(x: Any, n: Any) -> Any:
    y = np.zeros(n + 2)
    for i in range(n):
        if i % 2:
            y[i] += x * i
            y[0] *= x
        else:
            y[i + 1] = y[0] + x
    return np.sum(y * y)


def test_an_array_that_the_sides_write_into_keeps_its_name() -> None:
    for n in (0, 3, 4):
        lines = lines_of(filled, 0.7, n)
        assert not {"y_1 = y", "y_bar_1 = y_bar", "y = y_1", "y_bar = y_bar_1"}.intersection(map(str.strip, lines)), "\n".join(lines)
    lines = lines_of(moved_between, 0.7, 3)
    assert not [line for line in lines if line.strip() in ("y_1 = y", "y_2 = y", "y_bar_1 = y_bar")], "\n".join(lines)
