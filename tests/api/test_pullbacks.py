"""The pullback of `vjp` is of the world of then: it reads nothing again, and says at the call what `grad` would say."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad import MissingRule, NonFiniteWarning, NotDifferentiable, grad, vjp
from tests.native.plainly import uncompiled_fixture  # noqa: F401
from tests.oracles import assert_close, module
from tests.runtime.test_same_keys import Scale

X = np.array([0.5, 1.0, 1.5])
ONES = np.ones(3)


def world() -> types.ModuleType:
    """Functions that read what is outside them, and what they read."""
    return module(
        "import numpy as np\nimport s2sad\nW, K, P, rng = np.array([1.0, 2.0, 3.0]), 3.0, {'w': np.ones(3)}, np.random.default_rng(5)\n"
        "class H: pass\nh = H()\nh.w = np.array([2.0, 3.0, 4.0])\n"
        "def array(x): return x * W\ndef number(x): return np.sin(x) * K\ndef item(x): return x * P['w']\n"
        "def attribute(x): return x @ h.w\n"
        "def view(x): return x[1:] * W[:-1]\n"
        "def product(x): return np.outer(W, x) @ x\n"
        "def itself(x): return W * 1.0\n"
        "def drawn(x): return x * rng.normal() * W\n"
        "def loop(x):\n    t = x\n    for i in range(40):\n        t = np.sin(t) * W + x * K\n    return t\n"
        "@s2sad.checkpoint\ndef step(t): return np.sin(t) * W\n"
        "def again(x):\n    for _ in range(30):\n        x = step(x)\n    return x\n"
        "def written(x):\n    x[0] = K\n    t = np.zeros(3)\n    t += x * W\n    return t * x\n"
        "def branch(x):\n    t = x\n    for i in range(30):\n        if t[0] > K:\n            t = t * 0.5\n        else:\n"
        "            t = t * 1.7 + W\n    return t\n"
    )


NAMES = ("array", "number", "item", "attribute", "view", "product", "itself", "drawn", "loop", "again", "written", "branch")


@pytest.mark.parametrize("name", NAMES)
def test_a_pullback_belongs_to_the_world_of_its_call(name: str) -> None:
    made, like = world(), world()
    f: Callable[..., Any] = getattr(made, name)
    for _ in range(3):  # recorded, run, and run again after the world has changed
        x = X.copy()
        value, pullback = vjp(f, x)
        seed = np.ones_like(value)
        wanted = grad(lambda x, c: np.sum(getattr(like, name)(x) * c))(X, seed)
        assert_close(pullback(seed)[0], wanted)
        for one in (made, like):
            one.W[:], one.K, one.P["w"][:], one.h.w[:] = one.W + 1.0, one.K + 0.5, one.P["w"] * 2.0, one.h.w - 1.0
        made.P = like.P = {"w": made.P["w"].copy()}
        x[:] = 100.0
        assert_close(pullback(seed)[0], wanted)
        pullback(2.0 * seed)[0][:] = 7.0  # which is nobody else's
        assert_close(pullback(seed)[0], wanted)


def test_arrays_and_numbers_that_change_between() -> None:
    w = np.array([1.0, 2.0])
    pullback = vjp(lambda x: np.sum(x * w), np.ones(2))[1]
    w[:] = 50.0
    assert pullback(1.0)[0].tolist() == [1.0, 2.0]
    value, pullback = vjp(lambda x: np.exp(x), np.zeros(2))
    value[:] = 100.0
    assert pullback(np.ones(2))[0].tolist() == [1.0, 1.0]


def test_functions_that_write_an_argument_and_read_or_write_something_else() -> None:
    k = 3.0

    def first(x: Any, y: Any) -> Any:
        x[0] = y * 2.0
        return np.sum(x * k)

    x = np.ones(2)
    value, pullback = vjp(first, x, 4.0)
    assert value == 27.0 and x.tolist() == [1.0, 1.0]
    for _ in range(2):
        by_x, by_y = pullback(1.0)
        assert by_x.tolist() == [0.0, 3.0] and by_y == 6.0

    def second(x: Any, y: Any) -> Any:
        x[0] = 2.0
        y[1] = x[1]
        return x * y

    value, pullback = vjp(second, np.array([1.0, 3.0]), np.array([4.0, 5.0]))
    assert value.tolist() == [8.0, 9.0]
    for _ in range(2):
        by_x, by_y = pullback(np.ones(2))
        assert by_x.tolist() == [0.0, 6.0] and by_y.tolist() == [2.0, 0.0]


def test_what_grad_would_say_is_said_at_the_call() -> None:
    with pytest.raises(MissingRule, match=r"np.ma.average\(\) has no derivative rule"):
        vjp(lambda x: np.ma.average(x), X)
    with pytest.raises(NotDifferentiable, match="the argument 'y' is a str"):
        vjp(lambda x, y: x * len(y), 2.0, "abc", argnums=1)
    with pytest.raises(NotDifferentiable, match="the argument 'y' holds no floats"):
        vjp(lambda x, y: x * len(y), 2.0, ["abc"], argnums="y")
    with pytest.raises(TypeError, match="argnums"):
        vjp(lambda x: x, 2.0, argnums=1.5)


def test_arguments_that_hold_no_numbers_are_passed_over() -> None:
    value, pullback = vjp(lambda x, s, m, f: x * len(s) * len(m["a"]) * (2.0 if f is None else 1.0), 2.0, "abc", {"a": "de"}, None)
    assert value == 24.0 and pullback(1.0) == (12.0, None, {"a": None}, None)
    assert vjp(lambda x, p: x * p["k"] * p["n"], 2.0, {"k": 3.0, "n": 4})[1](1.0) == (12.0, {"k": 8.0, "n": 0.0})
    assert grad(lambda x: vjp(lambda y, s: y**3 * len(s), x, "ab")[1](1.0)[0])(2.0) == 24.0


def test_argnums() -> None:
    def f(x: Any, y: Any, k: float = 1.0) -> Any:
        return x * x * y * k

    assert vjp(f, 2.0, 3.0, argnums=1)[1](1.0) == 4.0
    assert vjp(f, 2.0, 3.0, argnums=("y", 0))[1](1.0) == (4.0, 12.0)
    assert vjp(f, 2.0, y=3.0, argnums="y")[1](1.0) == 4.0
    assert vjp(f, 2.0, 3.0, k=2.0)[1](1.0) == (24.0, 8.0)
    assert grad(lambda x: vjp(f, x, 3.0, argnums=0)[1](1.0))(2.0) == 6.0


@dataclasses.dataclass
class Unhashable:
    k: float

    def __call__(self, x: Any) -> Any:
        return x * self.k

    def method(self, x: Any) -> Any:
        return x * x * self.k


def test_callables_are_told_by_identity() -> None:
    assert [vjp(Scale("a", k), 3.0)[1](1.0) for k in (2.0, 5.0)] == [(2.0,), (5.0,)]
    assert [vjp(Unhashable(k), 3.0)[1](1.0) for k in (2.0, 5.0)] == [(2.0,), (5.0,)]
    assert [vjp(Unhashable(k).method, 3.0)[1](1.0) for k in (2.0, 5.0)] == [(12.0,), (30.0,)]


def test_cotangents_become_what_the_value_is() -> None:
    x = X.astype(np.float32)
    for seed in (ONES, np.ones(3, np.uint8), np.ones(3, bool)):
        (found,) = vjp(lambda x: x * 2.0, x)[1](seed)
        assert found.dtype == np.float32 and found.tolist() == [2.0, 2.0, 2.0]
    assert vjp(lambda x: x * 2.0, 1.0)[1](np.int8(100)) == (200.0,)
    for seed, why in ((ONES * 1j, "is complex, the value real"), (np.ones(2), r"has shape \(2,\)"), ([1.0] * 3, "structure")):
        with pytest.raises(NotDifferentiable, match=why):
            vjp(lambda x: x * 2.0, X)[1](seed)
    with pytest.raises(NotDifferentiable, match="the cotangent is a NoneType"):
        vjp(lambda x: x * 2.0, 1.0)[1](None)


def test_results_share_no_memory() -> None:
    value, pullback = vjp(lambda x: (x, x), X)
    value[0][:] = 9.0
    assert value[1].tolist() == X.tolist() == [0.5, 1.0, 1.5]
    seed = np.ones(3)
    (found,) = pullback((seed, seed))
    found[:] = 5.0
    assert pullback((seed, seed))[0].tolist() == [2.0, 2.0, 2.0] and seed.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("backend", ["python", "numba"])
def test_what_is_there_on_one_way_only_is_handed_over_on_the_other(backend: str, uncompiled: None) -> None:
    def one_of_two(x: Any, m: Any, n: int) -> Any:
        a = x
        if n:
            for _ in range(n):
                a = np.array([e * n for e in m[0]])
        return np.sum(a)

    for n in (2, 0, 1):
        value, pullback = vjp(one_of_two, X, np.ones((2, 3)), n, argnums=(0, 1), control="keep", backend=backend)
        of_x, of_m = pullback(1.0)
        assert value == 3.0 * (n or 1)
        assert of_x.tolist() == [float(not n)] * 3
        assert of_m.tolist() == [[float(n)] * 3, [0.0] * 3]


def test_a_nan_is_told_at_the_line_that_calls() -> None:
    with pytest.warns(NonFiniteWarning, match=r"first arises in its adjoint of .*test_pullbacks.py") as caught:
        assert vjp(lambda x: np.sqrt(x), np.array([0.0, 1.0]))[1](np.ones(2))[0].tolist() == [np.inf, 0.5]
    assert caught[0].filename == __file__
    with np.errstate(divide="ignore"), pytest.warns(NonFiniteWarning, match="gives a NaN or an infinity") as caught:
        vjp(lambda x: np.log(x), np.array([0.0, 1.0]))
    assert caught[0].filename == __file__
    masked = vjp(lambda x: np.where(x > 0.0, np.sqrt(x), 0.0), np.array([0.0, 1.0]))[1]
    assert masked(np.ones(2))[0].tolist() == [0.0, 0.5]
