"""What a step saves is saved in one line, as far as it is there yet."""
from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.emit.lines import line
from s2sad.emit.saved_together import saved_together
from tests.oracles import agrees


def together(*source: str) -> list[str]:
    """Lines as they are printed, those that save marked as such."""
    lines: list[Any] = []
    for text in source:
        node: Any = ast.parse(text).body[0]
        lines.append(line(text, node))
        lines[-1].saves = node if text[1:].startswith("_saved") else None
    return saved_together(["", *lines], lambda node: ast.unparse(ast.fix_missing_locations(node)), 60)[1:]


@pytest.mark.parametrize(
    "source",
    [
        ("a_saved[k] = a", "a = b * 2", "b_saved[k] = b"),
        ("a_saved[k] = a", "k = k + 1", "b_saved[k] = b"),
        ("a_saved[k] = a", "a[0] = 2", "b_saved[k] = b"),
        ("a_saved[k] = a", "f(a)", "b_saved[k] = b"),
        ("a_saved[k] = a", "c = a_saved[k]", "b_saved[k] = b"),
        ("a_saved[k] = f(a)", "c = a", "b_saved[k] = b"),
        ("a_saved[k] = a * (b + c + d + e + f)", "b_saved[k] = b * (c + d + e + f)"),
    ],
)
def test_these_stay_as_they_are(source: tuple[str, ...]) -> None:
    assert together(*source) == list(source)


def test_these_are_one() -> None:
    assert together("a_saved[k] = a", "b_saved[k] = b") == ["a_saved[k], b_saved[k] = (a, b)"]  # `ast.unparse` has brackets
    assert together("a_saved[k] = a", "b = a * 2", "b_saved[k] = b", "a = b") == ["b = a * 2", "a_saved[k], b_saved[k] = (a, b)", "a = b"]


def steps(w: Any, v: Any, n: int) -> Any:
    for _ in range(n):
        v = 0.9 * v + np.sin(w) ** 2
        w = w - 0.1 * v * np.exp(w) + np.tanh(v)
    return np.sum(w * v)


def test_the_steps_of_a_loop_save_at_once() -> None:
    derivative = value_and_grad(steps, argnums=(0, 1), control="keep")
    for n in (0, 1, 3):
        agrees(derivative, steps, np.array([0.3, -0.4]), np.array([0.5, 0.2]), n, argnums=(0, 1))
    assert "    w_saved, v_saved = np.empty(" in derivative.source


def twice(w: float, v: float, n: int) -> Any:
    for _ in range(n):
        w, v = v * w, w + np.sin(v)
    return w


def test_what_a_step_begins_with_is_saved_at_once() -> None:
    derivative = value_and_grad(twice, argnums=(0, 1), control="keep")
    for n in (0, 1, 3):
        agrees(derivative, twice, 0.3, 0.5, n, argnums=(0, 1))
    found = [line for line in derivative.source.splitlines() if " = " in line and "_saved[" in line.split(" = ")[0]]
    assert len(found) == 1 and found[0].count("_saved[") == 2
