"""Solutions of differential equations: what is refused, and what fails."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.integrate

from s2sad import continuous, grad
from s2sad.errors import MissingRule


def end(a, method=continuous(), **options):
    return scipy.integrate.solve_ivp(lambda t, y: -a * y, (0.0, 1.0), [1.0], method, **options).y[0, -1]


def difference(method, a=1.5, h=1e-5):
    return (end(a + h, method) - end(a - h, method)) / (2 * h)


@pytest.mark.parametrize("method", ["RK45", "RK23", "DOP853"])
def test_steps_are_differentiated_or_the_equation(method):
    """The one is the derivative of what was computed, the other that of the exact solution: they differ by as much as the steps err."""
    steps, equation, exact = grad(end)(1.5, method), grad(end)(1.5, continuous(method)), -np.exp(-1.5)
    assert steps == pytest.approx(difference(method), rel=1e-8) and equation == pytest.approx(exact, rel=1e-8)
    assert 1e-7 < abs(steps - equation) < 2e-3
    assert end(1.5, continuous(method)) == end(1.5, method)


@pytest.mark.parametrize("method", ["Radau", "BDF", "LSODA"])
def test_of_implicit_methods_the_equation_has_to_be_said(method):
    with pytest.raises(MissingRule, match=r"its steps are not followed; solve_ivp\(\) with method=s2sad\.continuous\("):
        grad(end)(1.5, method)
    assert grad(end)(1.5, continuous(method)) == pytest.approx(-np.exp(-1.5), rel=1e-8)


def test_steps_have_a_second_derivative():
    h = 1e-4
    second = (end(1.5 + h, "RK45") - 2 * end(1.5, "RK45") + end(1.5 - h, "RK45")) / h**2
    assert grad(grad(lambda a: end(a, "RK45")))(1.5) == pytest.approx(second, rel=1e-5)


@pytest.mark.parametrize("method", ["Euler", 4, int, scipy.integrate.OdeSolver])
def test_what_is_no_method(method):
    with pytest.raises(ValueError, match=r"is no method of scipy\.integrate\.solve_ivp: take 'RK45'"):
        continuous(method)


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
        return scipy.integrate.solve_ivp(lambda t, y: a * y * y, (0.0, 2.0), [1.0], continuous()).y[0, -1]

    with np.errstate(all="ignore"), pytest.raises(ArithmeticError, match="has not found: Required step size"):
        grad(f)(1.0)
