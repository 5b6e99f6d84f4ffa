"""Terms of a cotangent that are one value times a number are one term."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from tests.benchmarks.changing import heat_3d
from tests.oracles import agrees

X = np.linspace(0.3, 1.4, 6)


def test_the_middle_of_a_stencil_is_added_once() -> None:
    u = np.cos(np.arange(60.0)).reshape(5, 4, 3)
    derivative = value_and_grad(heat_3d, argnums=(0, 1), control="keep")
    agrees(derivative, heat_3d, u, 0.1, 3, argnums=(0, 1))
    backwards = derivative.source.partition("adjoint of")[2]
    assert "u_bar[1:-1, 1:-1, 1:-1] -= 6.0 * " in backwards
    assert backwards.count(" += ") == 7 and backwards.count(" -= ") == 1


def differs(x):
    y = np.sin(x)
    return np.sum(3.0 * y - y * 5.0)


def is_nothing(x):
    y = np.sin(x)
    return np.sum((2.0 * y - 2.0 * y) * x)


def of_parts(x):
    y = np.sin(x)
    return np.sum(y[1:] * 2.0 - 4.0 * y[1:] + y[:-1] - y[:-1] * 7.0)


@pytest.mark.parametrize("control", ["keep", "record"])
@pytest.mark.parametrize("function", [differs, is_nothing, of_parts])
def test_the_gradient_is_that_of_before(function: Any, control: str) -> None:
    derivative = value_and_grad(function, control=control)
    agrees(derivative, function, X)
    agrees(derivative, function, X.astype(np.float32))
