"""What the text of generated code looks like: what goes into one line, how loops run, in which order, and under which comments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import value_and_grad


def lines_of(function: Callable[..., Any], *args: Any, **options: Any) -> list[str]:
    """The lines of the kept value and gradient, without comments."""
    return [line for line in text_of(function, *args, **options) if not line.lstrip().startswith("#")]


def text_of(function: Callable[..., Any], *args: Any, **options: Any) -> list[str]:
    compiled = value_and_grad(function, **{"control": "keep", **options})
    compiled(*args)
    source: str = compiled.source
    return source.rstrip().split("\n")


def nine_points(u: Any) -> Any:
    u = u.copy()
    for i in range(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            u[i, j] = (u[i - 1, j - 1] + u[i - 1, j] + u[i - 1, j + 1] + u[i, j - 1] + u[i, j]
                       + u[i, j + 1] + u[i + 1, j - 1] + u[i + 1, j] + u[i + 1, j + 1]) / 9.0  # fmt: skip
    return np.sum(u)


def test_what_is_used_once_is_written_in_place_up_to_the_length_of_a_line() -> None:
    text = lines_of(nine_points, np.ones((4, 4)))
    sums = [line for line in text if line.count("[") > 2]
    assert [line.count("[") for line in sums] == [6, 4], sums
    assert sums[1].endswith(") / 9.0") and max(map(len, text)) <= 100
