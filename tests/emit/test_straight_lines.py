"""Code without loops and branches: it has the names, and as few lines, as code with them."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.oracles import agrees

X = np.array([1.0, 2.0, 0.5])


def one_after_another(x: Any) -> Any:
    total = np.sum(x) * x[1]
    total = total + np.sum(np.cos(x))
    total = total + np.sum(x * x)
    return total + 1.0


def element_before_and_after(x: Any) -> Any:
    y = x * 2.0
    before = y[0] * x[0]
    y[0] = x[1]
    return before * y[0] + np.sum(y * y)


def code(derivative: Any) -> list[str]:
    return [line.strip() for line in derivative.source.splitlines() if not line.strip().startswith("#")]


@pytest.mark.parametrize("control", ["record", "keep"])
def test_an_element_that_is_read_twice_stands_where_it_is_read(control: Any) -> None:
    derivative = value_and_grad(one_after_another, control=control)
    agrees(derivative, one_after_another, X)
    lines = code(derivative)
    assert not any(line.startswith("x1 = ") for line in lines) and sum("x[1]" in line for line in lines) == 2


@pytest.mark.parametrize("control", ["record", "keep"])
def test_a_name_stands_for_the_next_value_once_nothing_reads_the_one_before(control: Any) -> None:
    derivative = value_and_grad(one_after_another, control=control)
    derivative(X)
    assert sum(line.startswith("total += ") for line in code(derivative)) == 2 and "total_1" not in derivative.source


@pytest.mark.parametrize("control", ["record", "keep"])
def test_an_element_that_is_written_in_between_is_read_before(control: Any) -> None:
    derivative = value_and_grad(element_before_and_after, control=control)
    agrees(derivative, element_before_and_after, X)
    lines = code(derivative)
    assert lines.index("y[0] = x[1]") > next(k for k, line in enumerate(lines) if "y[0]" in line and not line.startswith("y[0]"))
