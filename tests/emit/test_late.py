"""What an adjoint reads once after a loop is computed after it, where that gives the same and keeps no array for longer."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.emit.test_needless_lines import text


def energy(v: Any, mass: Any) -> Any:
    total = 0.0
    for i in range(len(mass)):
        total = total + 0.5 * mass[i] * (v[i] @ v[i])
        for j in range(i + 1, len(mass)):
            total = total - mass[i] * mass[j]
    return total


V, MASS = np.arange(1.0, 7.0).reshape(3, 2), np.array([0.5, 1.0, 2.0])


def test_what_is_read_once_is_part_of_the_line_after_the_loop() -> None:
    lines = text(energy, V, MASS, argnums=(0, 1)).split("\n")
    assert not any(line.strip().startswith(("v_i_dot_v_i =", "half_mass_i =")) for line in lines)
    assert any("0.5 * (v_i @ v_i)" in line for line in lines)


def scaled(y: Any, w: Any) -> float:
    for j in range(len(y)):
        y[j] = y[j] * w[j]
    return 1.0


def written_in_the_loop(x: Any, w: Any) -> Any:
    y = np.ones(len(x))
    for i in range(len(x)):
        y[i] = 2.0 * x[i] + scaled(y, w)
    return y @ y


def test_what_the_loop_writes_is_read_before_it() -> None:
    """The gradients, which are compared with those of the tape, are others where a cotangent is read after it was written."""
    lines = [line.strip() for line in text(written_in_the_loop, MASS, MASS + 1.0).split("\n")]
    read = next(n for n, line in enumerate(lines) if line.endswith("= y_bar[i]"))
    assert any(line.startswith("for j in range(") for line in lines[read:])
