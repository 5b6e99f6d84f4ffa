"""How a loop takes what another one saved: its head goes over the stacks, from their ends; what is read once or twice is read in place."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import grad, value_and_grad, vjp
from tests.oracles import agrees, assert_close


def lines_of(function: Callable[..., Any], *args: Any, **options: Any) -> list[str]:
    """The lines of the kept value and gradient, without comments; they are held against the tape."""
    compiled = value_and_grad(function, **{"control": "keep", **options})
    agrees(compiled, function, *args, **{k: v for k, v in options.items() if k == "argnums"})
    return [line for line in compiled.source.rstrip().split("\n") if not line.lstrip().startswith("#")]


def halved(x: Any, limit: Any) -> Any:
    while x * x > limit:
        x = 0.5 * x - 0.1 * x * x
    return x


def test_a_list_says_how_many_steps_there_were() -> None:
    assert lines_of(halved, 3.0, 0.1) == [
        "def halved_value_and_grad(x, limit):",
        "    x_saved = []",
        "    while x * x > limit:",
        "        x_saved.append(x)",
        "        x = 0.5 * x - 0.1 * x * x",
        "    x_bar = 1.0",
        "    for x_1 in x_saved[::-1]:",
        "        x_bar = -0.1 * (x_1 * x_bar) - 0.1 * x_1 * x_bar + 0.5 * x_bar",
        "    return x, x_bar",
    ]


def counted(x: Any, limit: Any) -> Any:
    while x > limit:
        x = 0.5 * x
    return x


def test_where_nothing_is_saved_the_steps_are_counted() -> None:
    text = "\n".join(lines_of(counted, 3.0, 0.1))
    assert "trips += 1" in text and "for _ in range(trips):" in text


def left(x: Any, y: Any, limit: Any) -> Any:
    for _ in range(50):
        x = math.sin(x) * y
        if x < limit:
            break
    return x


def test_a_loop_that_is_left_early_saves_into_lists() -> None:
    lines = lines_of(left, 2.0, 0.9, 0.3)
    assert lines[1:] == [
        "    x_saved = []",
        "    for _ in range(50):",
        "        x_saved.append(x)",
        "        x = math.sin(x) * y",
        "        if x < limit:",
        "            break",
        "    x_bar = 1.0",
        "    for x_1 in x_saved[::-1]:",
        "        x_bar = x_bar * y * math.cos(x_1)",
        "    return x, x_bar",
    ]


def pendulum(angle: Any, speed: Any, n: Any) -> Any:
    for _ in range(n):
        angle, speed = angle + 0.1 * speed, speed - 0.1 * math.sin(angle) * speed
    return angle * speed


def test_several_stacks_are_gone_over_at_once_and_no_index_is_needed() -> None:
    lines = lines_of(pendulum, 0.5, 0.25, 4)
    assert "    for speed, angle in zip(speed_saved[::-1], angle_saved[::-1]):" in lines


def weighted(w: Any) -> Any:
    s = 0.5
    for i in range(len(w)):
        s = math.sin(s) * w[i]
    return s


def test_with_an_index_what_is_read_twice_is_read_in_place() -> None:
    lines = lines_of(weighted, np.linspace(0.5, 1.5, 5))
    start = next(k for k, line in enumerate(lines) if line.startswith("    for i in range(") and line.endswith(" - 1, -1, -1):"))
    assert lines[start + 1 : -1] == [
        "        w_bar[i] = s_bar * math.sin(s_saved[i])",
        "        s_bar = s_bar * w[i] * math.cos(s_saved[i])",
    ]


def backwards(x: Any, w: Any) -> Any:
    s = 0.5
    for i in range(len(w) - 2, -1, -1):
        s = math.sin(s) * x + w[i] * w[i + 1] * s
    return s


def test_where_the_place_is_no_index_the_head_names_the_elements() -> None:
    lines = lines_of(backwards, 0.5, np.linspace(0.5, 1.5, 5), argnums=(0, 1))
    assert any(line.startswith("    for i, s_1 in zip(range(") and line.endswith(" - 1), s_saved[::-1]):") for line in lines)


def many(x: Any, n: Any) -> Any:
    a, b, c, d, e = x, 2 * x, 3 * x, 0.5 * x, 0.25 * x
    for _ in range(n):
        a, b, c, d, e = (math.sin(a * b) * a, math.sin(b * c) * b, math.sin(c * d) * c, math.sin(d * e) * d, math.sin(e * a) * e)
    return a + b + c + d + e


def test_a_head_is_no_longer_than_a_line() -> None:
    lines = lines_of(many, 0.75, 3)
    assert max(map(len, lines)) <= 133  # which is the longest of the function
    assert "    for i, e, a, d in zip(range(n - 1, -1, -1), e_saved[::-1], a_saved[::-1], d_saved[::-1]):" in lines
    assert "        b, c = b_saved[i], c_saved[i]" in lines or "        c, b = c_saved[i], b_saved[i]" in lines


def rows(x: Any, n: Any) -> Any:
    while np.sum(x) > n:
        x = np.sin(x) * x[::-1]
    return np.sum(x)


def within(x: Any, n: Any) -> Any:
    s = 0.0
    for i in range(n):
        y = x + i
        while y > 0.5:
            y = y * 0.5 * math.sin(y)
        s = s + y * s + math.sin(y)
    return s


def branches(x: Any, n: Any) -> Any:
    s = x
    for i in range(1, n):
        if s > 0.5:
            s = s * math.sin(s) * 0.75
        elif i % 2:
            s = s + x * x * s
    return s


def never(x: Any, n: Any) -> Any:
    s = x
    for _ in range(n, 0):
        s = s * math.sin(s)
    while s > 100.0:
        s = s * math.sin(s)
    return s * x


def steps_of_two(x: Any, n: Any) -> Any:
    s = x
    for i in range(1, n, 2):
        s = s * math.sin(s) + i * x
        if s > 4.0:
            break
    return s


ALL = [
    (halved, (3.0, 0.1)),
    (counted, (3.0, 0.1)),
    (left, (2.0, 0.9, 0.3)),
    (pendulum, (0.5, 0.25, 4)),
    (many, (0.75, 3)),
    (within, (3.0, 3)),
    (branches, (0.75, 7)),
    (never, (0.75, 3)),
    (steps_of_two, (0.75, 9)),
    (steps_of_two, (0.75, 1)),
]
each = pytest.mark.parametrize(("function", "args"), ALL, ids=lambda value: getattr(value, "__name__", None))


def test_nested_lists_are_gone_over_in_turn() -> None:
    lines = lines_of(within, 3.0, 3)
    assert "    for y, s_1, y_saved_2 in zip(y_saved[::-1], s_saved[::-1], y_saved_saved[::-1]):" in lines
    assert "        for y in y_saved_2[::-1]:" in lines


@each
def test_derivatives_of_derivatives_are_those_of_recorded_code(function: Any, args: Any) -> None:
    kept = grad(grad(function, control="keep"), control="keep")
    assert_close(kept(*args), grad(grad(function, control="record"), control="record")(*args))


@each
def test_a_pullback_reads_what_is_handed_over(function: Any, args: Any) -> None:
    agrees(value_and_grad(function, control="keep"), function, *args)
    _, pullback = vjp(function, *args, argnums=0, control="keep")
    found = pullback(1.0)
    assert_close(found[0] if isinstance(found, tuple) else found, grad(function, control="record")(*args))


def test_arrays_on_lists() -> None:
    x = np.linspace(0.5, 1.5, 4)
    assert "    for x in x_saved[::-1]:" in lines_of(rows, x, 3)
