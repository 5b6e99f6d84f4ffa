"""Solvers in code that is kept: a function that they are given knows the variables of the one around it, and no globals of these names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import optimize

from s2sad import grad, tape
from tests.oracles import assert_close
from tests.ways import CONTROLS

x = y = a = 5.0  # which none of the functions below reads


def of_an_argument(x: Any) -> Any:
    return optimize.newton(lambda t: t**3 + t - x[0], 1.0)


def of_a_variable(x: Any) -> Any:
    y = x * 2.0
    return optimize.brentq(lambda t: t**3 + t * y[1] - y[0], -9.0, 9.0)


def of_what_a_loop_and_a_branch_assign(x: Any) -> Any:
    total = 0.0
    for k in range(4):
        a = x[0] * (k + 1.0)
        if a > 2.5:
            a = a * x[1]
        total = total + optimize.brentq(lambda t: t**3 + t - a, -9.0, 9.0)  # noqa: B023
    return total


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("function", [of_an_argument, of_a_variable, of_what_a_loop_and_a_branch_assign])
def test_a_solver_in_kept_code(function: Any, control: str) -> None:
    derivative = grad(function, control=control)
    for at in (np.array([1.5, 2.0]), np.array([0.4, 1.2]), np.array([2.2, 0.7])):
        found = derivative(at)
        assert_close(found, tape.gradient(function, (at,))[1], rtol=1e-9)
        steps = [(function(at + 1e-5 * e) - function(at - 1e-5 * e)) / 2e-5 for e in np.eye(2)]
        np.testing.assert_allclose(found, steps, rtol=1e-5, atol=1e-6)
