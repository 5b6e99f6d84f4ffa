"""What solvers find that are given functions: closures, refusals, and what does not converge."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import scipy.optimize

from s2sad import grad, jvp, value_and_grad
from s2sad.errors import MissingRule, NonFiniteWarning, UnsupportedSyntax
from tests.oracles import module


def test_the_derivative_by_the_first_guess_is_zero():
    def f(x0, a):
        return scipy.optimize.newton(lambda x: x**3 - a, x0, tol=1e-14)

    assert grad(f, (0, 1))(1.5, 2.0) == pytest.approx((0.0, 2.0 ** (-2 / 3) / 3))


def test_closures_of_closures_and_what_defaults_and_partials_hold():
    def f(a, b):
        def shifted(x, c=a * b):
            return x - c

        shift = np.array([a, 2.0])
        return scipy.optimize.brentq(lambda x: shifted(x) ** 3 - shift[0] * shift[1], -20.0, 20.0)

    x = 2.0 * 3.0 + (2 * 2.0) ** (1 / 3)
    value, found = value_and_grad(f, (0, 1))(2.0, 3.0)
    assert value == f(2.0, 3.0) == pytest.approx(x)
    assert found == pytest.approx((3.0 + (2 / 3) * 4.0 ** (-2 / 3), 2.0))
    assert jvp(f, (2.0, 3.0), (1.0, 0.0))[1] == pytest.approx(found[0])


def test_of_lambdas_in_one_line_the_right_one_is_handed_over():
    def f(a):
        return scipy.optimize.brentq(lambda x: x - a, -9.0, 9.0) + 10 * scipy.optimize.brentq(lambda x: x - 2 * a, -9.0, 9.0)

    assert value_and_grad(f)(1.5) == (f(1.5), 21.0)


def test_the_gradient_of_a_robust_fit_is_that_of_its_equation():
    t = np.linspace(0.0, 2.0, 6)
    y = 1.3 - 0.4 * t + np.array([0.02, -0.05, 0.3, 0.04, -0.06, 0.01])

    for loss in ("soft_l1", "cauchy", "arctan", "huber"):

        def f(y, w, loss=loss):
            found = scipy.optimize.least_squares(lambda p: p[0] + p[1] * t - y, [1.0, 0.5], loss=loss, f_scale=w, xtol=1e-14, ftol=1e-14)
            return found.x[0] + 2.0 * found.x[1]

        by_y, by_w = grad(f, (0, 1))(y, 0.1)
        step = 1e-4
        np.testing.assert_allclose(by_w, (f(y, 0.1 + step) - f(y, 0.1 - step)) / (2 * step), rtol=2e-3, atol=1e-5)
        along = np.cos(np.arange(6.0))
        np.testing.assert_allclose(by_y @ along, (f(y + step * along, 0.1) - f(y - step * along, 0.1)) / (2 * step), rtol=2e-3, atol=1e-5)


def test_what_is_not_found_has_no_derivative_but_a_value():
    def f(a):
        return scipy.optimize.root(lambda x: x**2 + a, [1.0]).x[0]

    with pytest.raises(ArithmeticError, match="has not found: The iteration is not making good progress"):
        grad(f)(2.0)

    def g(a):
        found = scipy.optimize.root(lambda x: x**2 + a, [1.0])
        return found.x[0] * 0.0 + a if found.success else 2.0 * a

    assert grad(g)(2.0) == 2.0


def cubic(x, a):
    return x**3 + x - a


def never(x, a):
    return x**2 + a


NOT_THERE = "a solver has found a point that is no solution"
BOTH_WAYS = "a bound is reached at the solution, and nothing holds it there"
FORK = "the equation does not say at the solution which way the unknowns go"
FAR = [
    (NOT_THERE, "brentq(cubic, -3.0, 4.0, args=(a,), xtol=1.0)"),
    (NOT_THERE, "newton(cubic, 1.5, args=(a,), tol=0.9)"),
    (NOT_THERE, "root(never, [0.5], args=(a,), method='lm').x[0]"),
    (NOT_THERE, "root(cubic, [0.5], args=(a,), method='krylov', tol=1.0).x[0]"),
    (NOT_THERE, "root(cubic, [0.5], args=(a,), method='df-sane', tol=1.0).x[0]"),
    (NOT_THERE, "minimize(lambda x: np.sum((x - a) ** 2 + x**4), [5.0, 2.0], method='BFGS', tol=10.0).x[0]"),
    (NOT_THERE, "minimize(lambda x: np.sum((x - a) ** 2 + x**4), [5.0, 2.0], method='Nelder-Mead', tol=10.0).x[0]"),
    ("maximum number of iterations", "root(lambda x: 1.0 + never(x, a), [0.5], method='broyden1').x[0]"),
    ("convergence error", "brentq(cubic, -3.0, 4.0, args=(a,), maxiter=2, disp=False)"),
    ("some of the roots did not converge", "newton(cubic, np.array([8.0, 1.0]), args=(a,), maxiter=3, disp=False)[0]"),
    ("Number of calls to function", "leastsq(lambda p: p[0] * np.exp(p[1] * T) - a, [9.0, 1.0], maxfev=5)[0][0]"),
    ("leaps from one side of zero", "brentq(lambda x: 1.0 / (x - a), -3.1, 4.0)"),
    ("leaps from one side of zero", "root_scalar(lambda x: np.sign(x - a), bracket=(-3.1, 4.0)).root"),
    (FORK, "fsolve(lambda x: np.array([x[0] + x[1] - a, 0.1 * (x[0] + x[1] - a)]), [8.0, 1.0])[0]"),
    (FORK, "minimize(lambda x: (x[0] + x[1] - a) ** 2, [1.0, 3.0]).x[0]"),
    (FORK, "minimize_scalar(lambda x: abs(x - a)).x"),
    (FORK, "least_squares(lambda p: (p[0] + p[1]) * T - a, [9.0, 1.0]).x[0]"),
    (FORK, "curve_fit(lambda t, p, q: (p + q) * t, T, a * T + T**2)[0][0]"),
    (BOTH_WAYS, "minimize(lambda x: np.sum((x - a) ** 2), [3.0, 2.5], bounds=[(2.0, None), (None, None)]).x[0]"),
    (BOTH_WAYS, "least_squares(lambda p: p[0] * T + p[1] - a * T, [0.4, 1.0], method='dogbox', bounds=([-1, -1], [2.0, 3])).x[0]"),
    (BOTH_WAYS, "lsq_linear(np.eye(2), np.array([a, 1.0]), bounds=([-1, -1], [2.0, 4.0])).x[0]"),
    (BOTH_WAYS, "nnls(np.eye(2), np.array([a - 2.0, 1.0]))[0][0]"),
]
T = np.linspace(0.0, 1.0, 7)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("why, call", FAR, ids=[call[:40] for _, call in FAR])
def test_what_is_no_solution_has_no_derivative(why, call):
    public = {name: getattr(scipy.optimize, name) for name in scipy.optimize.__all__}
    f = module(f"def f(a):\n    return {call}\n", np=np, T=T, cubic=cubic, never=never, **public).f
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isfinite(f(2.0))
        with pytest.raises(ArithmeticError, match=why):
            grad(f)(2.0)
        with pytest.raises(ArithmeticError, match=why):
            jvp(f, (2.0,), (1.0,))


def test_in_kept_code_too_what_is_no_solution_has_no_derivative():
    def f(a):
        return scipy.optimize.brentq(cubic, -3.0, 4.0, args=(a,), xtol=1.0)

    with pytest.raises(ArithmeticError, match=NOT_THERE):
        grad(f, control="keep")(2.0)


@pytest.mark.parametrize("method", ["L-BFGS-B", "TNC", "SLSQP", "Nelder-Mead", "Powell", "COBYLA"])
def test_a_bound_that_is_almost_reached_holds(method):
    def f(a, low):
        found = scipy.optimize.minimize(lambda x: np.sum((x - a) ** 2), [2.0, 3.0], method=method, bounds=[(low, None)] * 2, tol=1e-9)
        return found.x[0]

    assert grad(f, (0, 1))(1.0, 1.5) == pytest.approx((0.0, 1.0))


def test_a_programme_that_has_no_solution_gives_none():
    def f(a):
        found = scipy.optimize.linprog([-a, -1.0])
        return found.fun if found.success else 2.0 * a

    assert grad(f)(2.0) == 2.0


def test_constraints_and_differences_are_refused():
    def constrained(a):
        return scipy.optimize.minimize(lambda x: np.sum((x - a) ** 2), [1.0, 2.0], method="SLSQP",
                                       constraints=[{"type": "eq", "fun": lambda x: x[0] - 1.0}]).x[1]  # fmt: skip

    with pytest.raises(MissingRule, match="no derivative where there are constraints"):
        grad(constrained)(2.0)
    with pytest.raises(MissingRule, match=r"it takes differences, whose derivative is noise; s2sad.grad gives the gradient"):
        grad(lambda x: scipy.optimize.approx_fprime(x, np.sum)[0])(np.ones(2))
    with pytest.raises(MissingRule, match=r"what scipy.optimize.minimize\(\) finds has one"):
        grad(lambda a: scipy.optimize.fmin(lambda x: (x[0] - a) ** 2, 1.0)[0])(2.0)


def test_a_function_that_changes_what_is_around_it_is_not_handed_over():
    def f(a):
        count = 0

        def residual(x):
            nonlocal count
            count = count + 1
            return x - a

        return scipy.optimize.brentq(residual, -9.0, 9.0)

    with pytest.raises(UnsupportedSyntax, match="assigns 'count' of the function around it"):
        grad(f)(2.0)

    def g(a):
        seen = []

        def residual(x):
            seen.append(x)
            return x - a

        return scipy.optimize.brentq(residual, -9.0, 9.0) + len(seen)

    with pytest.raises(RuntimeError, match="changes a container of the function"):
        grad(g)(2.0)


def test_a_bound_that_holds_is_what_the_solution_depends_on():
    def f(low, a):
        return scipy.optimize.minimize(lambda x: np.sum((x - a) ** 2), np.ones(2), bounds=scipy.optimize.Bounds(low, np.inf)).x[0]

    assert grad(f, (0, 1))(2.0, 1.5) == (1.0, 0.0)
    assert grad(f, (0, 1))(1.0, 1.5) == pytest.approx((0.0, 1.0))

    def g(a):
        return scipy.optimize.minimize_scalar(lambda x: a * x, bounds=(0.0, 1.0)).x

    with pytest.raises(ArithmeticError, match="at one of the bounds"):
        grad(g)(2.0)


@pytest.mark.parametrize("control", ["record", "keep"])
def test_what_is_told_beside_the_solution_has_no_derivative_that_is_known(control):
    t = np.linspace(0.0, 1.0, 8)

    def of_the_fit(a, with_covariance):
        found, covariance = scipy.optimize.curve_fit(lambda t, p, q: p * np.exp(-q * t), t, a * np.exp(-t) + 0.1 * t, p0=(1.0, 1.0))
        return found[0] + covariance[0, 0] if with_covariance else found[0]

    assert np.isfinite(grad(of_the_fit, control=control)(1.5, False))
    assert np.isfinite(jvp(lambda a: of_the_fit(a, False), (1.5,), (1.0,))[1])
    with pytest.raises(MissingRule, match="what a solver tells beside its solution has no derivative"):
        grad(of_the_fit, control=control)(1.5, True)
    with pytest.warns(NonFiniteWarning):
        assert np.isnan(jvp(lambda a: of_the_fit(a, True), (1.5,), (1.0,), control=control)[1])
