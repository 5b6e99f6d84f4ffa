"""What solves an equation is differentiated by the equation: one linear solve, in both modes and to any order."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import optimize

import s2sad
from s2sad import fixed_point, grad, implicit, jvp, tape, vjp
from tests.api.test_custom import everywhere, same

A, B = np.array([[3.0, 1.0, 0.0], [0.5, 2.0, 0.3], [0.0, 0.1, 4.0]]), np.array([1.0, 2.0, 3.0])


def root(a: Any) -> Any:
    x = 1.0
    while abs(x * x - a) > 1e-14 * a:
        x = x - (x * x - a) / (2.0 * x)
    return x


square_root = implicit(root, lambda x, a: x * x - a)


def test_a_number() -> None:
    everywhere(lambda a: square_root(a * a + 1.0) * a, lambda a: math.sqrt(a * a + 1.0) * a, 3.0, rtol=1e-10)
    assert grad(grad(grad(square_root)))(4.0) == pytest.approx(0.375 * 4.0**-2.5, rel=1e-10)

    def steps(a: Any) -> Any:
        for k in range(15):
            a = square_root(a) + 0.1 * k
        return a

    def plain(a: Any) -> Any:
        for k in range(15):
            a = math.sqrt(a) + 0.1 * k
        return a

    for control in ("record", "keep"):
        assert grad(steps, control=control)(3.0) == pytest.approx(grad(plain)(3.0), rel=1e-10)


def _solve(theta: Any) -> Any:
    return optimize.root(lambda x: theta["A"] @ x + x**3 - theta["b"], np.zeros(theta["b"].shape), tol=1e-14).x


def _residual(x: Any, theta: Any) -> Any:
    return theta["A"] @ x + x**3 - theta["b"]


cubic = implicit(_solve, _residual)


def test_containers_and_a_native_solver() -> None:
    def f(theta: Any) -> Any:
        return np.sum(cubic(theta) ** 2)

    x = _solve({"A": A, "b": B})
    adjoint = np.linalg.solve((A + np.diag(3 * x**2)).T, 2 * x)
    for found in (grad(f)({"A": A, "b": B}), tape.gradient(f, ({"A": A, "b": B},))[1]):
        same(found["b"], adjoint, 1e-11)
        same(found["A"], -np.outer(adjoint, x), 1e-11)
    dot = jvp(f, ({"A": A, "b": B},), ({"A": 0.1 * A, "b": B},))[1]
    same(dot, adjoint @ B - adjoint @ (0.1 * A) @ x, 1e-11)
    _, pullback = vjp(cubic, {"A": A, "b": B})
    same(pullback(2 * x)[0]["b"], adjoint, 1e-11)


def test_second_order_of_a_native_solver() -> None:
    def g(b: Any) -> Any:
        return np.sum(grad(lambda b: np.sum(cubic({"A": A, "b": b}) ** 2))(b) ** 2)

    step = 1e-5
    differences = [(g(B + step * e) - g(B - step * e)) / (2 * step) for e in np.eye(3)]
    same(grad(g)(B), differences, 1e-7)
    same(tape.gradient(g, (B,))[1], grad(g)(B), 1e-10)
    same(jvp(g, (B,), (np.ones(3),))[1], np.sum(grad(g)(B)), 1e-10)


def _relaxed(b: Any, s: Any) -> Any:
    x = b
    for _ in range(200):
        x = b + s * np.sin(np.roll(x, 1))
    return x


many = implicit(_relaxed, lambda x, b, s: x - b - s * np.sin(np.roll(x, 1)))


def test_many_unknowns() -> None:
    """More than a matrix is made for: GMRES, with the same derivative."""
    b = np.cos(np.arange(100.0))
    x = _relaxed(b, 0.4)
    jacobian = np.eye(100) - 0.4 * np.diag(np.cos(np.roll(x, 1))) @ np.roll(np.eye(100), 1, axis=0)
    adjoint = np.linalg.solve(jacobian.T, x)
    for control in ("record", "keep"):
        by_b, by_s = grad(lambda b, s: 0.5 * np.sum(many(b, s) ** 2), argnums=(0, 1), control=control)(b, 0.4)
        same(by_b, adjoint, 1e-10)
        same(by_s, adjoint @ np.sin(np.roll(x, 1)), 1e-10)
    same(jvp(lambda s: many(b, s), (0.4,), (1.0,))[1], np.linalg.solve(jacobian, np.sin(np.roll(x, 1))), 1e-9)


def test_a_fixed_point() -> None:
    cosine = fixed_point(lambda x, a: np.cos(a * x))
    x = cosine(np.array([1.0, 0.5]), 0.8)
    same(x, np.cos(0.8 * x), 1e-11)
    slope = -x * np.sin(0.8 * x) / (1.0 + 0.8 * np.sin(0.8 * x))
    for control in ("record", "keep"):
        by_x0, by_a = grad(lambda x0, a: np.sum(cosine(x0, a)), argnums=(0, 1), control=control)(np.array([1.0, 0.5]), 0.8)
        same(by_a, np.sum(slope), 1e-10)
        same(by_x0, [0.0, 0.0])
    same(jvp(lambda a: cosine(x, a), (0.8,), (1.0,))[1], slope, 1e-10)
    with pytest.raises(ArithmeticError, match="after 50 steps"):
        grad(fixed_point(lambda x, a: 2 * x + a, max_steps=50), argnums=1)(1.0, 1.0)
    single = grad(lambda a: np.sum(cosine(np.ones(2, np.float32), a)))(np.float32(0.8))
    assert single.dtype == np.float32
    same(single, np.sum(slope), 1e-5)


def test_arguments_by_name_and_left_out() -> None:
    """The residual is given what the solver is given."""
    def solver(a: Any, start: Any = 1.0) -> Any:
        return start * math.sqrt(a) / start

    assert grad(implicit(solver, lambda x, a: x * x - a))(4.0) == pytest.approx(0.25)
    named = implicit(solver, lambda x, a, start: x * x - a * start**0)
    assert named(a=4.0, start=2.0) == 2.0
    for control in ("record", "keep"):
        assert grad(lambda a: named(start=2.0, a=a), control=control)(4.0) == pytest.approx(0.25)
    cosine = fixed_point(lambda x, rate: math.cos(rate * x))
    assert cosine(x=1.0, rate=0.5) == cosine(1.0, 0.5)


def test_what_is_refused() -> None:
    wrong = implicit(lambda b: b * 1.0, lambda x, b: np.sum(x - b))
    with pytest.raises(s2sad.RuleError, match=r"has the shape \(\), its value"):
        grad(lambda b: np.sum(wrong(b)))(B)
    pair = implicit(lambda b: (b, b), lambda x, b: x - b)
    with pytest.raises(s2sad.RuleError, match="must return a float or an array of floats, not a tuple"):
        grad(lambda b: np.sum(pair(b)[0]))(B)
    singular = implicit(lambda b: b * 0.0, lambda x, b: x * 0.0 + b)
    with pytest.raises(np.linalg.LinAlgError):
        grad(lambda b: np.sum(singular(b)))(B)

    def inner(b: Any) -> Any:
        return np.sum(implicit(_solve, lambda x, t: t["A"] @ x + x**3 - t["b"] * b)({"A": A, "b": b}))

    with pytest.raises(s2sad.UnsupportedSyntax, match="is defined inside the function"):
        grad(inner)(B)
