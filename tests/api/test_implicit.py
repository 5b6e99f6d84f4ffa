"""What solves an equation is differentiated by the equation: one linear solve, in both modes and to any order."""
from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from scipy import optimize

import s2sad
from s2sad import fixed_point, grad, implicit, jvp, tape, value_and_grad, vjp
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
    with pytest.raises(ArithmeticError, match="grows without bound"):
        fixed_point(lambda x, a: 2 * x + a)(1.0, 1.0)
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


# Containers of unknowns


@dataclasses.dataclass
class Theta:
    w: Any
    n: Any
    label: str = "label"


def _scales(theta: Any) -> Any:
    s = root(theta.n)
    return {"y": [theta.w / s], "s": s}


def _scaled(x: Any, theta: Any) -> Any:
    return {"y": [x["y"][0] * x["s"] - theta.w], "s": x["s"] * x["s"] - theta.n}


scales = implicit(_scales, _scaled)
counted = implicit(lambda theta: (_scales(theta), {"steps": 7, "w": theta.w}), _scaled, has_aux=True)


def test_unknowns_and_parameters_in_containers() -> None:
    def f(x: Any) -> Any:
        found = scales(Theta(x[1:] * x[0], x[0] * x[0] + 1.0))
        return np.sum(found["y"][0] ** 3) * found["s"]

    def plain(x: Any) -> Any:
        s = np.sqrt(x[0] * x[0] + 1.0)
        return np.sum((x[1:] * x[0] / s) ** 3) * s

    everywhere(f, plain, np.array([1.5, 0.7, -0.4]), rtol=1e-9)
    found = grad(lambda theta: np.sum(scales(theta)["y"][0]) * scales(theta)["s"])(Theta(np.array([1.0, 3.0]), 4.0))
    same(found.w, [1.0, 1.0], 1e-10)
    assert abs(found.n) < 1e-10 and found.label is None
    single = Theta(np.array([1.0, 3.0], np.float32), np.float64(4.0))
    found = grad(lambda theta: np.sum(scales(theta)["y"][0]))(single)
    assert found.w.dtype == np.float32 and type(found.n) is np.float64
    same(found.w, [0.5, 0.5], 1e-6)
    same(found.n, -0.25, 1e-6)  # -sum(w) / 2 n**1.5


def test_what_a_solver_returns_beside_the_solution() -> None:
    """It is a constant, as it is."""
    x = np.array([1.5, 0.7, -0.4])
    for control in ("record", "keep"):
        def f(x: Any) -> Any:
            found, aux = counted(Theta(x[1:], x[0]))
            return np.sum(found["y"][0] * aux["w"]) * aux["steps"]

        value, gradient = value_and_grad(f, control=control)(x)
        assert value == f(x)
        same(gradient, [-7 * 0.5 * np.sum(x[1:] ** 2) * x[0] ** -1.5, *(7 * x[1:] / np.sqrt(x[0]))], 1e-10)
        same(jvp(f, (x,), (x,), control=control)[1], gradient @ x, 1e-10)
    same(tape.gradient(f, (x,))[1], gradient, 1e-10)


two = implicit(lambda b, s: dict(zip("ab", _halves(_relaxed(np.concatenate([b["a"], b["b"]]), s)), strict=True)),
               lambda x, b, s: dict(zip("ab", _halves(_both(x) - _both(b) - s * np.sin(np.roll(_both(x), 1))), strict=True)))  # fmt: skip


def _both(x: Any) -> Any:
    return np.concatenate([x["a"], x["b"]])


def _halves(x: Any) -> Any:
    return x[:60], x[60:]


def test_many_unknowns_in_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    """GMRES and a matrix give the same, of second order as well."""
    b = np.cos(np.arange(100.0))

    def f(b: Any, s: Any) -> Any:
        x = two({"a": b[:60], "b": b[60:]}, s)
        return np.sum(x["a"] ** 2) + np.sum(x["b"] ** 3)

    def plain(b: Any, s: Any) -> Any:
        x = many(b, s)
        return np.sum(x[:60] ** 2) + np.sum(x[60:] ** 3)

    def found(f: Any) -> list[Any]:
        second = grad(lambda b: np.sum(grad(f)(b, 0.4) ** 2))(b)
        return [*grad(f, argnums=(0, 1))(b, 0.4), jvp(f, (b, 0.4), (b, 1.0))[1], second]

    by_gmres = found(f)
    monkeypatch.setattr(s2sad.api.implicit, "DENSE", 100)
    for one, other, third in zip(by_gmres, found(f), found(plain), strict=True):
        same(one, other, 1e-9)
        same(one, third, 1e-9)


def test_a_fixed_point_in_a_container() -> None:
    """Of a pair of equations: x = cos(a y), y = sin(x) / 2."""
    pair = fixed_point(lambda z, a: {"x": np.cos(a * z["y"][0]), "y": (0.5 * np.sin(z["x"]),)})
    one = fixed_point(lambda x, a: np.cos(a * 0.5 * np.sin(x)))
    start = {"x": np.ones(2), "y": (np.zeros(2),)}

    def f(a: Any) -> Any:
        found = pair(start, a)
        return np.sum(found["x"] * found["y"][0])

    def plain(a: Any) -> Any:
        x = one(np.ones(2), a)
        return np.sum(x * 0.5 * np.sin(x))

    everywhere(f, plain, 0.8, rtol=1e-9)
    by_start = grad(lambda start, a: np.sum(pair(start, a)["x"]))(start, 0.8)
    assert by_start["x"].tolist() == [0.0, 0.0] and by_start["y"][0].tolist() == [0.0, 0.0]


def test_what_is_refused() -> None:
    wrong = implicit(lambda b: b * 1.0, lambda x, b: np.sum(x - b))
    with pytest.raises(s2sad.RuleError, match=r"has the shape \(\), its value"):
        grad(lambda b: np.sum(wrong(b)))(B)
    pair = implicit(lambda b: (b, b), lambda x, b: x[0] - b)
    with pytest.raises(s2sad.RuleError, match="does not have the structure of the solution"):
        grad(lambda b: np.sum(pair(b)[0]))(B)
    for solver, said in ((lambda b: (b, 3), "not an int"), (lambda b: {}, "not a dict"), (lambda b: [b, "text"], "not a str")):
        wrong = implicit(solver, lambda x, b: x)
        with pytest.raises(s2sad.RuleError, match=f"must return floats, arrays of floats, or containers of these, {said}"):
            grad(lambda b, wrong=wrong: np.sum(wrong(b)[0]))(B)
    alone = implicit(lambda b: b * 1.0, lambda x, b: x - b, has_aux=True)
    with pytest.raises(s2sad.RuleError, match=r"with has_aux=True .* must return a pair \(x, aux\), not an ndarray"):
        grad(lambda b: np.sum(alone(b)))(B)
    with pytest.raises(s2sad.RuleError, match="another structure than that of its first argument"):
        fixed_point(lambda x, a: (x["a"], a))({"a": 1.0}, 2.0)
    singular = implicit(lambda b: b * 0.0, lambda x, b: x * 0.0 + b)
    with pytest.raises(np.linalg.LinAlgError):
        grad(lambda b: np.sum(singular(b)))(B)

    def inner(b: Any) -> Any:
        return np.sum(implicit(_solve, lambda x, t: t["A"] @ x + x**3 - t["b"] * b)({"A": A, "b": b}))

    with pytest.raises(s2sad.UnsupportedSyntax, match="is defined inside the function"):
        grad(inner)(B)


def test_a_solver_is_called_twice_with_containers() -> None:
    def f(theta: Any) -> Any:
        return np.sum(cubic(theta)) + np.sum(cubic({"A": theta["A"], "b": theta["b"] * 2.0}))

    one, other = (np.linalg.solve((A + np.diag(3 * x**2)).T, np.ones(3)) for x in (_solve({"A": A, "b": B}), _solve({"A": A, "b": 2 * B})))
    same(grad(f, control="record")({"A": A, "b": B})["b"], one + 2.0 * other, 1e-11)
    same(tape.gradient(f, ({"A": A, "b": B},))[1]["b"], one + 2.0 * other, 1e-11)
