"""What goes through loops keeps one name: a list that a loop extends, and an array that loops one after the other write into."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.emit.test_reverse_loops import lines_of


def sums(x: Any, n: Any) -> Any:
    total = 0.0
    for i in range(n):
        made = [x * j for j in range(i)]
        total += sum(made) * x
    return total


def test_a_list_that_a_loop_extends_keeps_its_name() -> None:
    lines = lines_of(sums, 0.7, 5)
    assert "            items.append(x * j)" in lines
    assert not [line for line in lines if line.strip() == "items_1 = items"]


def twice(x: Any, n: Any) -> Any:
    y = np.zeros(n)
    for i in range(n):
        total = 1.0
        for j in range(i):
            total += y[j] * x
        for j in range(i):
            total += y[j] ** 2
        y[i] = total * x
    return np.sum(y)


def test_loops_one_after_the_other_write_into_an_array_of_one_name() -> None:
    lines = lines_of(twice, 0.7, 5)
    assert not [line for line in lines if line.strip() in ("y_bar_1 = y_bar", "y_bar = y_bar_1")]
