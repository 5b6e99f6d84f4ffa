"""Forward mode on the tape: a tangent beside each value, through writes, views and containers, and within other derivatives."""
from __future__ import annotations

import math
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import grad, jvp, tape
from s2sad.rules.language import BY_FUNCTION, BY_NAME
from s2sad.tape import tangent
from tests.oracles import assert_close

X, V = np.array([0.7, -1.3, 2.1]), np.array([0.4, 1.1, -0.6])
Z, W = X + 1j * V[::-1], V - 2j * X
Pair = namedtuple("Pair", "x y")
seen: list[float] = []


@dataclass
class State:
    place: Any
    speed: Any


def along(f: Any, x: Any, v: Any, h: float = 1e-3) -> Any:
    """Central differences of sixth order."""
    weights = ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))
    return sum(w * (f(x + k * h * v) - f(x - k * h * v)) for k, w in weights) / h


def filled(x: Any) -> Any:
    y = np.zeros((2, 3), x.dtype)
    y[0] = x * x
    y[1, :2] = x[1:]
    y[[0, 0], [1, 1]] = x[0], x[2] * 3.0
    np.add.at(y, (np.array([1, 1]), np.array([2, 2])), x[:2])
    y[0, ::2] *= y[1, :2]
    return y


def through_views(x: Any) -> Any:
    y = np.sin(x)
    tail, back = y[1:], y[::-1]
    tail += x[0]
    back[0] = y[0] * y[1]
    return np.concatenate([y, tail * back[1:]])


def over_itself(x: Any) -> Any:
    x = x.copy()
    for i in range(1, 3):
        x[i] += x[i - 1] ** 2
    x.sort()
    return x * x[0]


def real_parts(x: Any) -> Any:
    y = np.zeros(3, complex)
    y[:] = x
    y[1] = np.conj(x[0]) * x[2]
    y += np.abs(x)
    return np.stack([y.real * y.imag, np.angle(y)]) * x


def by_algebra(x: Any) -> Any:
    a = np.outer(x, x) + np.diag(np.arange(1.0, 4.0))
    q, r = np.linalg.qr(a)
    return np.linalg.solve(a, x) + q @ x + np.diag(r) + np.linalg.eigh(a)[0] + np.linalg.norm(a, 2)


@pytest.mark.parametrize("f", [filled, through_views, over_itself, by_algebra])
def test_tangents_of_arrays(f: Any) -> None:
    value, found = tangent(f, (X,), (V,))
    assert value.tobytes() == f(X).tobytes()
    assert_close(found, along(f, X, V), 1e-9)


@pytest.mark.parametrize("f", [
    filled, real_parts, lambda z: z / np.abs(z), lambda z: z[0] / z[1] * np.conj(z), lambda z: np.dot(z, np.conj(z)),
])  # fmt: skip
def test_tangents_of_complex_numbers_that_need_not_be_analytic(f: Any) -> None:
    assert_close(tangent(f, (Z,), (W,))[1], along(f, Z, W), 1e-9)


def test_what_has_no_tangent_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def f(x: Any, y: Any) -> Any:
        a = np.linalg.inv(y)
        return a @ x, np.sin(y), y + 1.0

    y = np.diag(X)
    monkeypatch.setitem(BY_NAME["np.linalg.inv"].__dict__, "jvp", None)  # which would be an error
    monkeypatch.setitem(BY_FUNCTION[np.sin].__dict__, "pullbacks", {})
    _, (first, second, third) = tangent(f, (X, y), (V, None))
    assert_close(first, np.linalg.inv(y) @ V, 1e-14)
    assert not second.any() and not third.any() and second.shape == third.shape == (3, 3)


def test_containers_go_in_and_out() -> None:
    def f(state: State, pair: Any, options: Any) -> Any:
        state.place = state.place + state.speed * options["dt"]
        return {"state": state, "pair": Pair(pair.y * 2.0, len(options)), "texts": ["a", options["steps"]]}

    primals = (State(X, 2.0), Pair(1.0, 3), {"dt": 0.5, "steps": 7})
    value, found = tangent(f, primals, (State(V, 1.0), Pair(0.0, None), {"dt": -1.0, "steps": None}))
    assert_close(found["state"].place, V + 0.5 - 2.0, 1e-15)
    assert found["state"].speed == 1.0 and found["pair"] == (0.0, 0.0) and found["texts"] == [None, 0.0]
    assert value["pair"] == (6, 2) and primals[0].place is X and np.array_equal(X, [0.7, -1.3, 2.1])


def test_types_are_those_of_the_values() -> None:
    value, found = tangent(filled, (X.astype(np.float32),), (V.astype(np.float32),))
    assert value.dtype == found.dtype == np.float32
    assert_close(found.astype(float), tangent(filled, (X,), (V,))[1], 1e-5)
    assert type(tangent(lambda x: math.sin(x) * 2.0, (1.0,), (1.0,))[1]) is float
    assert type(tangent(lambda x: np.float64(x) * 2.0, (1.0,), (1.0,))[1]) is np.float64
    assert tangent(lambda n: n * n, (3,), (1,)) == (9.0, 6.0)
    assert tangent(lambda x: 3.0, (1.0,), (1.0,)) == (3.0, 0.0)


def test_effects_happen_once() -> None:
    seen.clear()

    def f(x: float) -> float:
        seen.append(1.0)
        return x * len(seen)

    assert tangent(f, (2.0,), (3.0,)) == (2.0, 3.0) and seen == [1.0]


def test_an_infinite_slope_times_nothing_is_nothing() -> None:
    x = np.array([0.0, 4.0])
    assert tangent(np.sqrt, (x,), (np.array([0.0, 1.0]),))[1].tolist() == [0.0, 0.25]
    assert tangent(np.sqrt, (x,), (np.ones(2),))[1].tolist() == [np.inf, 0.25]


# Within other derivatives


def cube(x: Any) -> Any:
    return x * x * x


def test_compositions_of_any_order() -> None:
    def forward(f: Any, x: Any) -> Any:
        return tangent(f, (x,), (1.0,))[1]

    def inside(f: Any, x: Any) -> Any:
        return jvp(f, (x,), (1.0,))[1]

    orders = [lambda x: inside(cube, x), grad(cube)]
    assert [forward(order, 2.0) for order in orders] == [12.0] * 2
    assert [tape.gradient(order, (2.0,))[1] for order in orders] == [12.0] * 2
    assert forward(lambda x: inside(lambda y: inside(cube, y), x), 2.0) == 6.0
    assert forward(lambda x: inside(grad(cube), x), 2.0) == 6.0
    assert forward(lambda x: grad(lambda y: inside(cube, y))(x), 2.0) == 6.0
    assert forward(grad(grad(cube)), 2.0) == 6.0
    assert tape.gradient(lambda x: inside(grad(cube), x), (2.0,))[1] == 6.0


def test_perturbations_are_not_confused() -> None:
    """The inner derivative is by y alone: d/dx (x * d/dy (x + y)) is 1, not 2."""
    assert tangent(lambda x: x * jvp(lambda y: x + y, (x,), (1.0,))[1], (3.0,), (1.0,)) == (3.0, 1.0)
    assert tangent(lambda x: x * jvp(lambda y: x * y, (2.0,), (x,))[1], (3.0,), (1.0,)) == (27.0, 27.0)
    assert tangent(lambda x: x * grad(lambda y: x * y)(x), (3.0,), (1.0,)) == (9.0, 6.0)
    assert tape.gradient(lambda x: x * jvp(lambda y: x * y, (x,), (1.0,))[1], (3.0,))[1] == 6.0


@pytest.mark.parametrize("f", [filled, through_views, over_itself, by_algebra])
def test_second_derivatives_are_one_number_in_every_mode(f: Any) -> None:
    w = np.linspace(-1.0, 2.0, f(X).size).reshape(f(X).shape)

    def total(x: Any) -> Any:
        return np.sum(f(x) * w)

    def slope(x: Any) -> Any:
        return jvp(total, (x,), (V,))[1]

    modes = [tangent(slope, (X,), (W.imag,))[1], tape.gradient(slope, (X,))[1] @ W.imag, tangent(grad(total), (X,), (W.imag,))[1] @ V,
             tape.gradient(lambda x: grad(total)(x) @ V, (X,))[1] @ W.imag]  # fmt: skip
    for one in modes[1:]:
        assert_close(one, modes[0], 1e-11)
    assert_close(modes[0], along(lambda x: tangent(total, (x,), (V,))[1], X, W.imag), 1e-8)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(s2sad.NotDifferentiable, match="there are 2 tangents for 1 arguments"):
        tangent(cube, (2.0,), (1.0, 1.0))
    with pytest.raises(s2sad.NotDifferentiable, match=r"the tangent has shape \(3,\), the argument \(\)"):
        tangent(cube, (2.0,), (V,))


def test_numbers_of_single_precision_and_complex_ones() -> None:
    """What a rule says of a cotangent is not always true of a tangent: partials of double precision, products with the conjugate."""
    narrow = X.astype(np.float32)
    for f in (lambda x: np.clip(x, -1.0, 1.0), lambda x: np.maximum(x, x[::-1]), lambda x: np.where(x > 0.0, x, 0.5) * x, np.abs):
        value, moved = tangent(f, (narrow,), (V,))
        assert value.dtype == moved.dtype == np.float32
        assert_close(moved, along(f, X, V).astype(np.float32), 1e-5)
    for f in (np.abs, np.angle, np.real, lambda z: np.abs(z) ** 2 * z, lambda z: np.conj(z) / (z * z), lambda z: z.imag * z**3):
        assert_close(tangent(f, (Z,), (W,))[1], along(f, Z, W), 1e-8)
        assert_close(jvp(f, (Z,), (W,))[1], along(f, Z, W), 1e-8)
