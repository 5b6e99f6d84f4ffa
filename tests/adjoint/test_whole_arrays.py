"""A part of an array from around a loop is taken in the step that reads it: its cotangent goes into that of the whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.emit.test_reverse_loops import lines_of


def gated(u: Any, h: Any, n: Any) -> Any:
    size = len(h)
    for _ in range(n):
        h = np.tanh(h @ u[:, :size]) * (h @ u[:, size:])
    return np.sum(h)


def test_the_cotangents_of_parts_go_into_that_of_the_whole() -> None:
    h = np.array([0.3, -0.4])
    u = np.arange(8.0).reshape(2, 4) / 10
    lines = lines_of(gated, u, h, 3, argnums=(0, 1))
    assert not [line for line in lines if "u_part_bar" in line or "u_part = " in line.replace("times_u_part", "")]
    assert len([line for line in lines if line.startswith("        u_bar[:, ")]) == 2


def turned(f: Any, p: Any, n: Any) -> Any:
    for _ in range(n):
        p = f @ p @ f.T
    return np.sum(p)


def test_what_is_transposed_twice_is_itself() -> None:
    f = np.array([[0.9, 0.1], [-0.2, 0.8]])
    text = "\n".join(lines_of(turned, f, f @ f, 3, argnums=(0, 1)))
    assert ".T.T" not in text
    assert "f_T_bar" not in text


def doubled(v: Any, w: Any) -> Any:
    size = len(v)
    return np.sum(w[: 2 * size] * w[: size * 2]) + np.sum(v) * (size * 2)


def test_the_order_of_whole_numbers_does_not_matter() -> None:
    text = "\n".join(lines_of(doubled, np.ones(2), np.arange(4.0), argnums=(0, 1)))
    assert not ("2 * size" in text and "size * 2" in text)
    assert not ("2 * v" in text and ".shape[0] * 2" in text), text


def stepped(h: Any, w: Any, n: Any) -> Any:
    total = 0.0
    for _ in range(n):
        h = np.tanh(w * h)
        total += np.sum((h - 0.1) ** 2)
    return total


def test_what_the_loop_ends_with_keeps_its_name_in_the_reverse_loop() -> None:
    lines = lines_of(stepped, np.array([0.3, 0.7]), 1.3, 4, argnums=(0, 1))
    assert not [line for line in lines if line.strip() == "h_1 = h"], "\n".join(lines)
