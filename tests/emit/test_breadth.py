"""How wide a line of generated code is, and over how many lines a statement stands: as the user writes."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.emit.breadth import broken
from tests.corpus import BY_NAME
from tests.oracles import agrees

ONES = np.ones((5, 6))


def narrow(u: Any, v: Any) -> Any:
    return np.sum(u / np.sqrt(1.0 + v) * np.cosh(u - 0.5) * np.sinh(v) + v)


def wide(u: Any, v: Any) -> Any:
    return np.sum(u * np.arctan(v) / np.hypot(u, v) - np.sinh(u) / np.sqrt(1.0 + v * v) + np.log1p(u * u) * np.cosh(v - 0.5)) + 0.25


def tall(u: Any, v: Any) -> Any:
    u = u.copy()
    for _ in range(3):
        u[1:-1, 1:-1] = (
            u[1:-1, 1:-1] * v[1:-1, 1:-1]
            + u[:-2, 1:-1] * v[:-2, 1:-1]
            + u[2:, 1:-1] * v[2:, 1:-1]
            + u[1:-1, :-2] * v[1:-1, :-2] / (v[1:-1, 2:] - 1.0)
            + np.log(u[1:-1, 2:] * v[1:-1, 2:] - 1.0)
        )
    return (np.sum(u * u * u * u * u) * np.sum(v * v * v * v * v) + np.sum(u * v * u * v * u)
            - np.sum(np.sqrt(u * u * u * u * u)))  # fmt: skip


def source(function: Callable[..., Any], **options: Any) -> str:
    derivative = value_and_grad(function, **{"argnums": (0, 1), "control": "keep", **options})
    derivative(2.0 * ONES, 3.0 * ONES)
    return str(derivative.source)


def code(function: Callable[..., Any]) -> list[str]:
    return [line for line in source(function).splitlines() if not line.lstrip().startswith("#")]


def first_write(text: str) -> str:
    writes = (ast.unparse(n) for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Subscript))
    return next(write for write in writes if "[1:-1, 1:-1] =" in write)


def test_a_line_is_as_long_as_the_longest_of_the_function() -> None:
    assert max(map(len, code(narrow))) <= 100 < max(map(len, code(wide))) <= 140


def test_a_statement_of_several_lines_stays_one_and_has_one_comment() -> None:
    text = source(tall)
    assert len(re.findall(r"\bu\w*\[", first_write(text))) == 6
    forward = re.findall(r"# test_breadth\.py:\d+  (.*)", text)
    assert len(forward) == len(set(forward)) == 3, text
    assert len(re.findall(r"# adjoint of", text)) == 2, text


@pytest.mark.parametrize("control", ["keep", "record"])
@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_a_warning_is_of_the_line_that_the_function_computes_it_in(control: str, scale: float) -> None:
    u, v = scale * ONES, ONES
    told = []
    for run in (tall, value_and_grad(tall, control=control)):
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            run(u, v)
        told.append({(w.lineno, str(w.message)) for w in found if w.category is RuntimeWarning})
    assert told[0] == told[1]


def test_a_long_line_is_broken_at_operators_outside_of_indices() -> None:
    line = "    x = (a[i + 1, j] * b['(', j - 1] + f(c, d + e) - g)"
    assert broken(line, 100) == line
    assert broken(line, 40).split("\n") == ["    x = (a[i + 1, j] * b['(', j - 1]", "         + f(c, d + e) - g)"]
    inner = broken("    x = a * (b + c * (ddddd - eeeee * fffff) + ggggggggggggggg) + h", 30)
    assert [len(part) <= 30 for part in inner.split("\n")].count(False) <= 1
    assert ast.dump(ast.parse(inner.strip())) == ast.dump(ast.parse(inner.replace("\n", " ").strip()))


def many_terms(birth: Any, prey: Any, n: Any) -> Any:
    total = 0.0
    for i in range(n):
        first, second = prey[i], prey[i + 1] * total
        third, fourth = prey[i + 2] * total, prey[i + 3] * total
        fifth, sixth = prey[i + 4] * total, prey[i + 5] * total
        total = np.sin(birth * first) * np.sin(birth * second)
        total += np.cos(birth * third) * np.cos(birth * fourth)
        total += np.tanh(birth * fifth) * np.tanh(birth * sixth)
    return total * birth


def test_what_is_cut_off_a_long_sum_goes_by_the_name_of_the_sum() -> None:
    prey = np.linspace(0.2, 1.1, 11)
    derivative = value_and_grad(many_terms, argnums=(0, 1), control="keep")
    for n in range(6):
        value, gradient = derivative(0.7, prey, n)
        expected, reference = value_and_grad(many_terms, argnums=(0, 1), control="record")(0.7, prey, n)
        assert value == expected == many_terms(0.7, prey, n)
        np.testing.assert_allclose(gradient[0], reference[0], rtol=1e-12)
        np.testing.assert_allclose(gradient[1], reference[1], rtol=1e-12)
    lines = [line.strip() for line in derivative.source.split("\n") if re.match(r" +birth_bar\b", line)]
    assert len(lines) == 3 and all(line.startswith(("birth_bar += ", "birth_bar = birth_bar ")) for line in lines[1:]), derivative.source


def seven_terms_that_are_read(a: Any, b: Any, n: Any) -> Any:
    total = a * b
    for i in range(n):
        before = total
        total = np.sin(a * i) + np.sin(b * i) * total + np.cos(a * b * i) * np.cos(a - b) + total * a + np.exp(-a * a - b) * total + before
        a = a + 0.1 * total * (a + b) + np.sin(a * b) * np.cos(a + b) * before + a * np.tanh(before * b * total) + 0.1 * np.sin(a - b)
    return total * np.sum(a) + before * b if n else a


@pytest.mark.parametrize("n", range(4))
def test_a_name_that_is_read_in_the_rest_of_a_sum_is_not_taken(n: int) -> None:
    agrees(value_and_grad(seven_terms_that_are_read, control="keep"), seven_terms_that_are_read, 0.3, 0.4, n)


def test_results_that_are_long_stand_over_several_lines_in_brackets() -> None:
    program = BY_NAME["numpy_methods.copies_are_independent"]
    for found in (code(wide), value_and_grad(program.function, argnums=program.argnums, control="keep")):
        if not isinstance(found, list):
            found(*program.calls[0])
            found = [line for line in found.source.rstrip().split("\n") if "#" not in line]
        end = next(k for k, line in enumerate(found) if line.startswith("    return "))
        assert max(map(len, found)) <= 140 and len(found[end:]) > 1 and found[end].startswith("    return ("), found
