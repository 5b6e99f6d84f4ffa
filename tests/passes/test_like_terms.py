"""Terms of a cotangent that are one value times a number are one term."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import value_and_grad
from s2sad.ir.program import Assign, Const, Var
from s2sad.passes.like_terms import like_terms
from s2sad.rules.operations import ADD, MULTIPLY, SUBTRACT
from tests.benchmarks.changing import heat_3d
from tests.oracles import agrees

X = np.linspace(0.3, 1.4, 6)


@pytest.mark.parametrize("control", ["keep", "record"])
def test_the_middle_of_a_stencil_is_added_once(control: str) -> None:
    u = np.cos(np.arange(60.0)).reshape(5, 4, 3)
    derivative = value_and_grad(heat_3d, argnums=(0, 1), control=control)
    agrees(derivative, heat_3d, u, 0.1, 3, argnums=(0, 1))
    agrees(derivative, heat_3d, u, 0.1, 1, argnums=(0, 1))
    backwards = derivative.source.partition("adjoint of")[2]
    assert "u_bar[1:-1, 1:-1, 1:-1] -= 6.0 * " in backwards
    assert backwards.count(" += ") == 7 - (control == "record") and backwards.count(" -= ") == 1


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


@pytest.mark.parametrize(("primitive", "number"), [(SUBTRACT, 7.0), (ADD, -3.0)])
def test_the_number_of_a_difference_and_of_a_sum(primitive: Any, number: float) -> None:
    a, scaled, total = Var(float), Var(float), Var(float)
    made = {scaled: Assign((scaled,), MULTIPLY, (Const(-5.0), a), None, 1)}
    other = Var(float)
    made[other] = Assign((other,), MULTIPLY, (Const(2.0), a), None, 1)
    found = like_terms(Assign((total,), primitive, (other, scaled), None, 1), made.get)  # type: ignore[arg-type]
    assert found is not None and found.primitive is MULTIPLY and found.args[0].value == number and found.args[1] is a  # type: ignore[union-attr]
    opposite = Assign((total,), ADD if primitive is SUBTRACT else SUBTRACT, (scaled, scaled), None, 1)
    assert (like_terms(opposite, made.get) is None) is (opposite.primitive is SUBTRACT)  # type: ignore[arg-type]


def logistic_and_drift(a, n):
    a = a.copy()
    for _ in range(n):
        a[1:-1] = a[1:-1] * (1.0 - a[1:-1]) + 0.1 * (a[2:] - a[:-2])
    return np.sum(a * a)


def test_what_is_subtracted_here_and_added_there_is_computed_once() -> None:
    """So that nothing is needed of the cotangent after it was written, and no part of it is copied."""
    derivative = value_and_grad(logistic_and_drift, control="keep")
    agrees(derivative, logistic_and_drift, X, 3)
    backwards = derivative.source.partition("adjoint of")[2]
    assert backwards.count("0.1 * ") == 1 and "copy()" not in backwards
