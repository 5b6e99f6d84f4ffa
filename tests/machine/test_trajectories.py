"""Solutions of differential equations: what is refused, and what fails."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.integrate

from s2sad import grad
from s2sad.errors import MissingRule


def end(a, **options):
    return scipy.integrate.solve_ivp(lambda t, y: -a * y, (0.0, 1.0), [1.0], **options).y[0, -1]


def test_the_derivative_is_that_of_the_exact_solution():
    assert grad(end)(1.5) == pytest.approx(-np.exp(-1.5), rel=1e-8)


def test_a_second_derivative_is_refused():
    with pytest.raises(MissingRule, match="a solution of a differential equation is not differentiated again"):
        grad(grad(end))(1.5)


def test_events_and_dense_output_are_refused():
    with pytest.raises(MissingRule, match="no derivative with dense_output or events"):
        grad(lambda a: end(a, dense_output=True))(1.5)
    with pytest.raises(MissingRule, match="no derivative with full_output"):
        grad(lambda a: scipy.integrate.odeint(lambda y, t: -a * y, 1.0, [0.0, 1.0], full_output=True)[0][1, 0])(1.5)


def test_what_is_not_solved_has_no_derivative():
    def f(a):
        return scipy.integrate.solve_ivp(lambda t, y: a * y * y, (0.0, 2.0), [1.0]).y[0, -1]

    with np.errstate(all="ignore"), pytest.raises(ArithmeticError, match="has not found: Required step size"):
        grad(f)(1.0)
