"""Functions whose tangent is given: forward mode pushes through it, reverse mode transposes it."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import special

import s2sad
from s2sad import custom_jvp, grad, jvp, tape
from s2sad.api import Derivative
from s2sad.settings import Settings
from tests.api.test_custom import X, everywhere, same


def _wave(control: Any = None) -> tuple[Any, Any]:
    @custom_jvp
    def wave(x: Any, y: Any) -> Any:
        return {"v": np.sin(x) * y, "n": 3}

    @wave.defjvp
    def wave_jvp(primals: Any, tangents: Any) -> Any:
        (x, y), (x_dot, y_dot) = primals, tangents
        out = np.zeros_like(x)
        for i in range(x.shape[0]):  # a loop with writes, in the tangent
            out[i] = math.cos(x[i]) * x_dot[i] * y[i]
        return wave(x, y), {"v": out + np.sin(x) * y_dot, "n": None}

    return wave, lambda x, y: {"v": np.sin(x) * y, "n": 3}


def test_jvp() -> None:
    wave, plain = _wave()

    def using(wave: Any) -> Any:
        return lambda x: np.sum(wave(x * x, x)["v"] * x) * wave(x, np.ones(3))["n"]

    everywhere(using(wave), using(plain), X, rtol=1e-11)


@pytest.mark.sampled(3)
def test_in_loops_and_branches() -> None:
    @custom_jvp
    def wave(x: Any, y: Any) -> Any:
        return np.sin(x) * y

    wave.defjvps(lambda t, ans, x, y: t * np.cos(x) * y, lambda t, ans, x, y: t * np.sin(x))

    def walk(wave: Any) -> Any:
        def f(x: Any) -> Any:
            total = 0.0
            for k in range(16):
                x = (wave(x, x) if k % 3 else 0.5 * wave(x, 0.9)) + 0.1
                if np.sum(x) > 0.3:
                    total = total + np.sum(wave(x, k + 1.0))
            return total

        return f

    everywhere(walk(wave), walk(lambda x, y: np.sin(x) * y), X, rtol=1e-9)


def test_the_rule_is_what_counts() -> None:
    @custom_jvp
    def f(x: Any) -> Any:
        return x**3

    f.defjvp(lambda primals, tangents: (f(*primals), 2 * 3 * primals[0] ** 2 * tangents[0]))
    assert grad(f)(2.0) == 24.0 == tape.gradient(f, (2.0,))[1] == jvp(f, (2.0,), (1.0,))[1]
    assert grad(grad(f))(2.0) == 24.0 == tape.gradient(grad(f), (2.0,))[1]
    assert grad(grad(lambda x: f(x) * x))(2.0) == 96.0 == tape.gradient(grad(lambda x: f(x) * x), (2.0,))[1]


def test_native_code_and_constants() -> None:
    @custom_jvp(nondiff_argnums=(0,))
    def bessel(n: Any, x: Any, scale: Any) -> Any:
        return special.jv(n, x) * scale

    @bessel.defjvp
    def bessel_jvp(n: Any, primals: Any, tangents: Any) -> Any:
        (x, scale), (x_dot, scale_dot) = primals, tangents
        value = bessel(n, x, scale)
        return value, 0.5 * (bessel(n - 1, x, scale) - bessel(n + 1, x, scale)) * x_dot + bessel(n, x, 1.0) * scale_dot

    def f(x: Any) -> Any:
        return np.sum(bessel(2, x, 3.0) * x)

    wanted = 3.0 * (special.jvp(2, X) * X + special.jv(2, X))
    second = 3.0 * (special.jvp(2, X, 2) * X + 2 * special.jvp(2, X))
    same(grad(f)(X), wanted)
    same(tape.gradient(f, (X,))[1], wanted)
    same(jvp(f, (X,), (np.ones(3),))[1], np.sum(wanted))
    same(grad(lambda x: np.sum(grad(f)(x)))(X), second)  # the rule calls the function itself, whose rule is followed in its turn
    same(grad(lambda s: bessel(1, 2.0, s))(0.5), special.jv(1, 2.0))


def test_float32() -> None:
    f = custom_jvp(lambda x: np.tanh(x))
    f.defjvps(lambda t, ans, x: t * (1 - ans * ans))
    x = X.astype(np.float32)
    found = grad(lambda x: np.sum(f(x)))(x)
    assert found.dtype == np.float32
    same(found, 1 - np.tanh(x) ** 2, 1e-6)


WRONG = {
    "must return a pair": lambda p, t: p[0],
    "does not depend on the tangents": lambda p, t: (p[0] ** 2, 2 * p[0]),
    r"has the shape \(\), its value": lambda p, t: (p[0] ** 2, np.sum(t[0])),
    "not the structure": lambda p, t: (p[0] ** 2, (2 * p[0] * t[0],)),
}


@pytest.mark.parametrize("said", sorted(WRONG))
def test_wrong_rules(said: str) -> None:
    f = custom_jvp(lambda x: x**2)
    f.defjvp(WRONG[said])

    def total(x: Any) -> Any:
        return np.sum(f(x))

    for run in (grad(total), grad(total, control="keep"), lambda x: tape.gradient(total, (x,))):
        with pytest.raises(s2sad.RuleError, match=said) as caught:
            run(X)
        assert caught.value.location is not None and "test_custom_jvp" in caught.value.location.file


def test_what_is_not_linear_gives_nan() -> None:
    f = custom_jvp(lambda x: x**2)
    f.defjvp(lambda p, t: (f(*p), t[0] * t[0]))
    with pytest.warns(s2sad.NonFiniteWarning):
        assert math.isnan(grad(lambda x: f(x))(2.0))


def test_no_tangent() -> None:
    f = custom_jvp(lambda x, y: x * y)
    f.defjvp(lambda p, t: (f(*p), None))
    assert grad(lambda x: f(x, x) + x)(2.0) == 1.0
    f.defjvps(None, lambda t, ans, x, y: x * t)
    assert grad(lambda x: f(x, x) + x)(2.0) == 3.0
    with pytest.raises(s2sad.RuleError, match="takes 2 arguments, and defjvps has 1"):
        f.defjvps(lambda t, ans, x, y: t)
        grad(lambda x: f(x, x))(2.0)


def test_tangents_are_of_the_type_of_their_arguments() -> None:
    """What stands for them while the rule is followed is: the list says of each statement what it gives."""
    f = custom_jvp(lambda x, y: x * y)
    f.defjvps(lambda t, ans, x, y: t * y, lambda t, ans, x, y: t * x)
    verified = Derivative(lambda x: f(x, x * x), settings=Settings(verify=True))
    for x in (0.5, np.float64(0.5), np.float32(0.5)):
        assert verified(x) == (x**3, 0.75) and type(verified(x)[1]) is type(x)
