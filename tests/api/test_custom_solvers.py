"""Functions with a derivative of the user's that hand code of their own to a solver of a library: they are called as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad import custom_jvp, custom_vjp, errors, grad, jacobian, jvp, stop_gradient, tape, value_and_grad

optimize = pytest.importorskip("scipy.optimize", reason="SciPy is an extra")
integrate = pytest.importorskip("scipy.integrate", reason="SciPy is an extra")
NATIVE: Any = optimize._numdiff.approx_derivative  # which calls back, and stands in no table
WORLD = {"right": 1.0}
SEEN: list[float] = []


def by_brentq(a: float) -> float:
    return optimize.brentq(lambda x: x**3 + a * x - WORLD["right"], 0.0, 5.0, xtol=1e-14)  # type: ignore[no-any-return]


def cubic(x: float, a: float) -> float:
    return x**3 + a * x - WORLD["right"]


def by_brentq_with_arguments(a: float) -> float:
    return optimize.brentq(cubic, 0.0, 5.0, args=(a,), xtol=1e-14)  # type: ignore[no-any-return]


def by_root(a: float) -> float:
    return optimize.root(lambda x: x**3 + a * x - WORLD["right"], 0.5, tol=1e-14).x[0]  # type: ignore[no-any-return]


def by_least_squares(a: float) -> float:
    found = optimize.least_squares(lambda x: x**3 + a * x - WORLD["right"], [0.5], xtol=1e-15, ftol=1e-15, gtol=1e-15)
    return float(found.x[0])


def by_newton_in_integral(a: float) -> float:
    inner = lambda t: optimize.newton(lambda x: x**3 + a * x - WORLD["right"], 0.5, tol=1e-14)
    return integrate.quad(inner, 0.0, 1.0)[0]  # type: ignore[no-any-return]


def by_cubature(a: float) -> float:
    """By a function that calls back, and has no rule."""
    return integrate.tanhsinh(lambda x: a * x, 0.0, 1.0).integral  # type: ignore[no-any-return]


def differentiated(solver: Any) -> Any:
    """With the derivative of the implicit function."""
    custom = custom_vjp(solver)

    def fwd(a: Any) -> Any:
        x = custom(a)
        return x, (x, a)

    custom.defvjp(fwd, lambda kept, g: (-g * kept[0] / (3.0 * kept[0] ** 2 + kept[1]),))
    return custom


SOLVERS = [by_brentq, by_brentq_with_arguments, by_root, by_least_squares, by_newton_in_integral]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("solver", SOLVERS, ids=lambda f: f.__name__)
def test_a_solver_that_calls_back_is_called_as_it_is(solver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    custom = differentiated(solver)
    f = lambda b: custom(b * b) ** 2 * b
    slope, curvature = value_and_grad(f), grad(grad(f))
    for b, right in ((0.7, 1.0), (0.9, 1.0), (0.7, 2.0), (1.1, 3.0)):
        monkeypatch.setitem(WORLD, "right", right)
        x, a = solver(b * b), b * b
        first = -x / (3 * x * x + a)
        second = -(2 * first + 6 * x * first**2) / (3 * x * x + a)
        by_hand = x * x + 4 * a * x * first
        assert slope(b) == (f(b), pytest.approx(by_hand, rel=1e-11))
        assert tape.gradient(f, (b,)) == (f(b), pytest.approx(by_hand, rel=1e-11))
        assert jvp(f, (b,), (2.0,))[1] == pytest.approx(2 * by_hand, rel=1e-11)
        twice = 12 * b * x * first + 8 * b**3 * (first**2 + x * second)
        assert curvature(b) == pytest.approx(twice, rel=1e-9)


def test_the_solver_is_a_call_in_the_code() -> None:
    derived = value_and_grad(differentiated(by_cubature))
    derived(0.5)
    assert "= perform(by_cubature" in derived.source


def test_values_may_be_arrays_and_the_rule_a_jvp() -> None:
    @custom_jvp
    def roots(a: Any) -> Any:
        return optimize.root(lambda x: x**3 + a * x - 1.0, np.full(a.shape, 0.5), tol=1e-14).x

    @roots.defjvp
    def roots_jvp(primals: Any, tangents: Any) -> Any:
        x = roots(*primals)
        return x, -tangents[0] * x / (3.0 * x**2 + primals[0])

    derived = jacobian(roots)
    for a in (np.array([0.5, 1.0]), np.array([2.0, 0.1, 0.3]), np.array([0.7, 0.2])):
        x = roots(a)
        np.testing.assert_allclose(derived(a), np.diag(-x / (3 * x**2 + a)), rtol=1e-11, atol=0.0)


def test_effects_before_it_are_refused() -> None:
    def noisy(a: float) -> float:
        SEEN.append(1.0)
        return NATIVE(lambda x: x**3 + a * x - 1.0, 1.0)

    with pytest.raises(errors.UnsupportedSyntax) as caught:
        grad(differentiated(noisy))(0.5)
    assert "approx_derivative() is given <lambda>(), after an effect of the function that calls approx_derivative()" in str(caught.value)
    assert "hint: leave the effect to the caller" in str(caught.value)


def test_outside_of_such_functions_code_that_is_called_back_is_refused() -> None:
    with pytest.raises(errors.MissingRule, match=r"tanhsinh\(\) has no derivative"):
        grad(by_cubature)(0.5)


MATRIX = np.array([[2.0, 1.0], [0.5, 3.0]])


def solved_natively() -> Any:
    """With a pullback that is native code as well."""
    linalg = pytest.importorskip("scipy.linalg", reason="SciPy is an extra")
    custom = custom_vjp(lambda x: linalg.lapack.dgesv(MATRIX, x)[2])
    custom.defvjp(lambda x: (custom(x), None), lambda _, g: (linalg.lapack.dgesv(MATRIX.T, g)[2],))
    return custom


def test_a_jacobian_goes_in_reverse_through_a_pullback_alone() -> None:
    custom, x = solved_natively(), np.array([1.0, 2.0])
    derived = jacobian(lambda a: custom(a * a))
    for at in (x, 3.0 * x, -x):
        np.testing.assert_allclose(derived(at), np.linalg.inv(MATRIX) * 2.0 * at, rtol=1e-13)
    assert "_jacobian_reverse(" in derived.source
    both = lambda a: np.concatenate([custom(a[:2] * a[:2]), np.sin(a[2:])])
    y = np.arange(1.0, 9.0)
    np.testing.assert_allclose(jacobian(both, sparse=True)(y).toarray(), jacobian(both)(y), rtol=1e-13)


def test_forward_mode_says_that_it_differentiates_the_pullback() -> None:
    custom, x = solved_natively(), np.array([1.0, 2.0])
    with pytest.raises(errors.MissingRule, match=r"forward mode, and a second derivative, differentiate <lambda>\(\)"):
        jvp(lambda a: custom(a * a), (x,), (x,))


def test_a_function_whose_results_are_constants_may_hand_code_over_too() -> None:
    @stop_gradient
    def found(a: float, *, low: float) -> float:
        return optimize.brentq(lambda x: x**3 + a * x - WORLD["right"], low, 5.0, xtol=1e-14)  # type: ignore[no-any-return]

    f = lambda b: b * found(b * b, low=0.0)
    derived = grad(f)
    for b in (0.7, 0.9, 0.7):
        assert derived(b) == by_brentq(b * b) == tape.gradient(f, (b,))[1]
