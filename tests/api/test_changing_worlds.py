"""Every transform while the world changes: one object, called again with other data, on other paths, and after what it has read is another.

A fresh tape tells what is right at each call.
"""
from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from s2sad import compiled, grad, hessian, hvp, jacfwd, jacrev, linearize, tape, trees, value_and_jacobian, vhp
from s2sad.api.forward import Jvp
from s2sad.errors import S2sadError
from s2sad.settings import Settings
from tests.at_random import outcome, profile, quiet
from tests.generate_worlds import asking, changes
from tests.oracles import assert_close, assert_identical, module, run
from tests.sampling import RUN

CONTROLS = pytest.mark.parametrize("control", ["record", "keep", "auto"])
WORLD = """\
import numpy as np
import s2sad

SCALE, W, IDX, MODE = 2.0, np.array([0.5, -1.0, 2.0, 0.25, 1.5]), [0, -1], "plain"


class Model:
    def __init__(self):
        self.rate = 0.5

    def step(self, v, k):
        return v * self.rate + k


model = Model()


@s2sad.custom_vjp
def clipped(v, low):
    return np.maximum(v, low) * SCALE


clipped.defvjp(lambda v, low: (clipped(v, low), (v, low)), lambda r, c: (c * SCALE * np.where(r[0] > r[1], 1.0, 0.0), None))


@s2sad.custom_jvp
def soft(v):
    return np.log(1.0 + np.exp(v * model.rate)) / model.rate


soft.defjvp(lambda p, t: (soft(p[0]), t[0] / (1.0 + np.exp(-p[0] * model.rate))))
solved = s2sad.implicit(lambda a: np.sqrt(a * a + SCALE * SCALE), lambda y, a: y * y - a * a - SCALE * SCALE)


def vector(x, n):
    y, t = np.zeros(len(x), dtype=x.dtype if x.dtype.kind == "f" else float), x[0] * 0.0
    for i in range(len(x)):
        if x[i] > 0.0:
            t = t * x[i] + np.sin(W[i % len(W)] * x[0])
        else:
            t = model.step(t, x[i] * x[i])
        y[i] = t
    for k in range(n):
        y = y * x[IDX[k % 2]] + soft(y) if MODE == "plain" else clipped(y * x, 0.1 * k)
    return y + solved(x) * stopped(x)


def stopped(x):
    return s2sad.stop_gradient(np.max(x)) * SCALE


def f(x, n):
    return np.sum(vector(x, n) ** 2 * W[0])
"""
X = np.array([0.7, -0.4, 1.2])
TEN: tuple[tuple[str, Any, int], ...] = (
    ("", X, 2),
    ("", -1.3 * X, 2),
    ("SCALE = 0.75", X, 2),
    ("W[0] = -0.8", np.append(X, [0.3, -0.9]), 1),
    ("model.rate = 1.25", X.astype(np.float32), 3),
    ("W = np.array([1.5, 0.5]); IDX[1] = 0", np.array([2, -1, 3]), 0),
    ("MODE = 'other'", X, 2),
    ("model = Model(); model.step = lambda v, k: v - 0.5 * k", -X[:1], 2),
    ("clipped.defvjp(lambda v, low: (clipped(v, low), v), lambda v, c: (c * v, None)); SCALE = 1", X[::-1], 3),
    ("MODE = 'plain'; stopped = lambda x: np.max(x)", np.asfortranarray(2.0 * X), 1),
)


def direction(x: Any) -> Any:
    found = np.cos(np.arange(1.0, np.size(x) + 1.0))
    return found.astype(x.dtype) if x.dtype.kind == "f" else found


def forward(derivative: Callable[..., Any], made: Any, x: Any, n: int) -> None:
    value, moved = derivative((x, n), (direction(x), None))
    assert_identical(value, made.vector(x, n))
    assert_close(moved, tape.tangent(made.vector, (x, n), (direction(x), None))[1], 1e-9)


def linear(derivative: Callable[..., Any], made: Any, x: Any, n: int) -> None:
    if x.dtype.kind == "f":  # whole numbers stay as they are
        value, pushed = derivative(x, n)
        assert_identical(value, made.vector(x, n))
        assert_close(pushed(direction(x), None), tape.tangent(made.vector, (x, n), (direction(x), None))[1], 1e-9)


def rows(derivative: Callable[..., Any], made: Any, x: Any, n: int) -> None:
    assert_close(derivative(x, n), tape.jacobian(made.vector, (x, n))[1], 1e-9)


def pair(derivative: Callable[..., Any], made: Any, x: Any, n: int) -> None:
    value, found = derivative(x, n)
    assert_identical(value, made.vector(x, n))
    assert_close(found, tape.jacobian(made.vector, (x, n))[1], 1e-9)


def curvature(made: Any, x: Any, n: int) -> Any:
    return tape.tangent(grad(made.f), (x, n), (direction(x), None))[1]


def product(derivative: Callable[..., Any], made: Any, x: Any, n: int) -> None:
    assert_close(derivative(x, direction(x), n), curvature(made, x, n), 1e-9)


def whole(derivative: Callable[..., Any], made: Any, x: Any, n: int) -> None:
    assert_close(derivative(x, n) @ direction(x), curvature(made, x, n), 1e-9)


def gradient(derivative: Callable[..., Any], made: Any, x: Any, n: int) -> None:
    assert_close(derivative(x, n), tape.gradient(made.f, (x, n))[1], 1e-9)


def plain(derivative: Callable[..., Any], made: Any, x: Any, n: int) -> None:
    assert_identical(derivative(x, n), made.vector(x, n))


def linearized(function: Any, control: str) -> Any:
    return lambda *args: linearize(function, *args, control=control)


def pushed(function: Any, control: str) -> Any:
    return Jvp(function, settings=Settings(control=control))


TRANSFORMS: dict[str, tuple[Callable[..., Any], str, Callable[..., None]]] = {
    "jvp": (pushed, "vector", forward), "linearize": (linearized, "vector", linear), "jacrev": (jacrev, "vector", rows),
    "jacfwd": (jacfwd, "vector", rows), "value_and_jacobian": (value_and_jacobian, "vector", pair), "hessian": (hessian, "f", whole),
    "hvp": (hvp, "f", product), "vhp": (vhp, "f", product), "grad": (grad, "f", gradient), "compiled": (compiled, "vector", plain),
}  # fmt: skip


@pytest.mark.sampled(30)
@pytest.mark.long(6)
@CONTROLS
@pytest.mark.parametrize("name", TRANSFORMS)
def test_ten_calls(name: str, control: str) -> None:
    """Each call is right, and so is one of an object that is made for it; the arguments stay as they are. The quick run makes a few."""
    transform, of, check = TRANSFORMS[name]
    made = module(WORLD)
    derivative = transform(getattr(made, of), control=control)
    for number, (change, x, n) in enumerate(TEN):
        run(made, change)
        if number % 3 and not RUN.whole:
            continue
        before = copy.deepcopy(x)
        check(derivative, made, x, n)
        if number % 3 == 2:
            check(transform(getattr(made, of), control=control), made, x, n)
        assert_identical(x, before)


# Worlds at random


def along(function: Any, control: str) -> Any:
    derivative = pushed(function, control)
    return lambda x, n: derivative((x, n), (1.0, None))[1]


def by_the_map(function: Any, control: str) -> Any:
    return lambda x, n: linearize(function, x, n, control=control)[1](1.0, None)


def curved(function: Any, control: str) -> Any:
    derivative = hvp(function, control=control)
    return lambda x, n: derivative(x, 1.0, n)


NUMBERS: dict[str, tuple[Callable[..., Any], int]] = {
    "jvp": (along, 1), "linearize": (by_the_map, 1), "jacfwd": (jacfwd, 1), "hessian": (hessian, 2), "hvp": (curved, 2),
}  # fmt: skip


@pytest.mark.sampled(15)
@pytest.mark.long(5)
@CONTROLS
@pytest.mark.parametrize("name", NUMBERS)
def test_a_derivative_knows_the_world_of_its_call(name: str, control: str) -> None:
    transform, order = NUMBERS[name]

    @profile(12)
    @given(asking(), changes, st.sampled_from((0.25, 0.5, 1.5)))
    def check(text: str, made: list[str], x: float) -> None:
        program = module(text)
        derivative = transform(program.f, control=control)
        with quiet():
            for number, change in enumerate(("", *made)):
                run(program, change)
                args = (x, (2, 1, 3)[number % 3])
                wanted = outcome(program.f, *args)
                try:
                    found = outcome(derivative, *args)
                    slope = program.f if order == 1 else grad(program.f)
                    right = tape.tangent(slope, args, (1.0, None))[1] if isinstance(wanted, float) else wanted
                except S2sadError as error:
                    event(f"{type(error).__name__}: {error.reason}")
                    return
                if not isinstance(wanted, float):
                    assert found == wanted, f"after {change}\n{text}"
                    continue
                assert trees.count(trees.flatten(found)[1]) == 1
                np.testing.assert_allclose(float(found), float(right), 1e-9, 1e-12, err_msg=f"after {change}\n{text}")

    check()
