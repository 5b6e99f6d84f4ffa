"""Which lines may be one: what they read, and what stands between them, is the same there."""
from __future__ import annotations

import ast
from typing import Any

import pytest

from s2sad.emit.choices import choice
from s2sad.emit.grouping import grouped
from s2sad.emit.lines import comment, line, one_of


def lines(*source: str) -> list[str]:
    """Lines as they are printed; `u` has two elements."""
    found: list[str] = []
    for text in source:
        node: Any = ast.parse(text).body[0]
        if isinstance(value := node.value, ast.Subscript) and ast.unparse(value.value) == "u":
            one_of(value, 2)
        found.append(line(text, node))
    return found


def together(*source: str, effects: bool = False) -> list[str]:
    return grouped(lines(*source), lambda node: ast.unparse(ast.fix_missing_locations(node)), 100, effects, spare=False)


@pytest.mark.parametrize(
    "source",
    [
        ("u = u[0]", "b = u[1]"),
        ("a = u[0]", "u = v * 2", "b = u[1]"),
        ("a = u[0]", "c = b", "b = u[1]"),
        ("a = u[0]", "b = v", "b = u[1]"),
        ("a = u[0]", "a = u[1]"),
        ("a = x[i]", "b = a[i]"),
        ("a = b", "c = a"),
        ("a = 0.0", "c = b", "b = 0.0"),
        ("a = 0.0", "b = -0.0"),
        ("a = 0", "b = 0.0"),
        ("a = x[i]", "c = v * 2", "b = y[i]"),
        ("a = np.cos(z)", "b = np.sin(a)"),
        ("a = np.cos(z)", "b = z * 2"),
        ("a = np.cos(z)", "a = np.sin(z)"),
        ("a = np.cos(z)", "c = z < 1.0", "b = np.sin(z)"),
        ("a = np.cos(z)", "b = [z * 2, z]"),
        ("a = z * z", "b = first_argument * second_argument"),
    ],
)
def test_these_stay_as_they_are(source: tuple[str, ...]) -> None:
    assert together(*source) == list(source)


def test_these_are_one() -> None:
    assert together("b = u[1]", "u = u[0]") == ["u, b = u"]
    assert together("a = u[0]", "c = a * 2", "b = u[1]") == ["a, b = u", "c = a * 2"]
    assert together("a = 0.0", "c = x * 2", "b = 0.0") == ["a = b = 0.0", "c = x * 2"]
    assert together("a = x[i]", "b = y[i]") == ["a, b = (x[i], y[i])"]  # `ast.unparse` has brackets
    assert together("z = np.cos(z)", "b = np.sin(c)", "d = np.tan(c)") == ["z, b, d = (np.cos(z), np.sin(c), np.tan(c))"]
    assert together("a = z[:n]", "b = z[n:]") == ["a, b = (z[:n], z[n:])"]


def test_what_is_computed_stands_beside_others_under_one_comment() -> None:
    first, second = lines("a = np.cos(z)", "b = np.sin(z)")
    adjoint_of_another = comment("# adjoint of f.py:3", ("f.py", 3, True), heads=False, again=False)
    source = [first, adjoint_of_another, second]
    assert grouped(source, ast.unparse, 100, False, spare=False) == source


def test_a_value_of_the_function_does_not_stand_beside_one_of_the_adjoint() -> None:
    first, second = lines("a = np.cos(z)", "b = np.sin(z)")
    first.made = (object(),)  # type: ignore[attr-defined]
    assert grouped([first, second], ast.unparse, 100, False, spare=False) == [first, second]


def test_an_effect_may_change_an_array() -> None:
    source = ("a = u[0]", "c = perform(f, x)", "b = u[1]")
    assert together(*source, effects=True) == list(source)


def chosen(then: tuple[str, ...], orelse: tuple[str, ...], left: frozenset[str] = frozenset("ab")) -> str | None:
    found = choice(ast.Name("z", ast.Load()), [lines(*then), lines(*orelse)], [left, left], ["a", "b"])
    return None if found is None else ast.unparse(ast.fix_missing_locations(found))


def test_a_branch_is_a_line_where_its_values_may_be_evaluated_at_once() -> None:
    assert chosen(("a = 0.0",), ("a, b = b, a",)) == "a, b = (0.0, b) if z else (b, a)"
    assert chosen(("a = 0.0", "b = c"), ("a = c", "b = a")) is None
    assert chosen(("a = 0.0", "a = c"), ("a = c", "b = c")) is None
    assert chosen(("a = 0.0",), ("b = c",), left=frozenset("a")) is None
    assert chosen(("a = 0.0", "t = c"), ("b = c",)) is None
