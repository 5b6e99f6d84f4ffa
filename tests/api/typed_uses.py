"""What type checkers know of derivatives, said as assertions that they check (`test_typed.py`); it runs as well."""
from __future__ import annotations

import functools
import importlib.util
import math
from collections.abc import Callable
from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

from s2sad import (
    backend,
    checkpoint,
    compiled,
    custom_jvp,
    custom_vjp,
    elementwise_grad,
    fixed_point,
    grad,
    hessian,
    hvp,
    implicit,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    linearize,
    sparsity,
    stop_gradient,
    tree,
    value_and_grad,
    value_and_jacobian,
    vhp,
    vjp,
)
from s2sad.sparse.pattern import Pattern

Array = NDArray[np.float64]
Params = dict[str, Array]
X: Array = np.ones(3)
PARAMS: Params = {"w": np.ones(3), "b": np.zeros(3)}


def f(x: float, y: float, n: int = 3) -> float:
    return x * y**n


def loss(params: Params, x: Array, *, rate: float = 1.0) -> float:
    return rate * float(np.sum(params["w"] * x + params["b"]))


def with_aux(x: Array, n: int) -> tuple[float, str]:
    return float(np.sum(x)) * n, "aux"


def wave(x: Array, phase: float = 0.0) -> Array:
    return np.sin(x + phase)


# A gradient has the type of the first argument, and the derivative the parameters of the function

assert_type(grad(f)(1.0, 2.0), float)
assert_type(grad(f)(1.0, y=2.0, n=4), float)
assert_type(grad(loss)(PARAMS, X, rate=2.0), Params)
assert_type(grad(f, 0)(1.0, 2.0), float)
assert_type(grad(f, argnums=0, control="record")(1.0, 2.0), float)
assert_type(grad(grad(f))(1.0, 2.0), float)
assert_type(grad(with_aux, has_aux=True)(X, 2), tuple[Array, str])
assert_type(value_and_grad(f)(1.0, 2.0), tuple[float, float])
assert_type(value_and_grad(loss)(PARAMS, X), tuple[float, Params])
assert_type(value_and_grad(with_aux, has_aux=True)(X, 2), tuple[tuple[float, str], Array])
assert_type(elementwise_grad(wave)(X, phase=0.5), Array)
assert_type(elementwise_grad(wave, order=2)(X), Array)
elementwise_grad(np.tanh)(X)

# Of chosen arguments it is anything, or a tuple, and all arguments keep their names

assert_type(grad(f, 1)(1.0, 2.0), Any)
assert_type(grad(f, "y")(x=1.0, y=2.0), Any)
assert_type(grad(f, argnums=(0, 1))(1.0, y=2.0), tuple[Any, ...])
assert_type(grad(f, argnums=[0, "y"])(1.0, y=2.0), tuple[Any, ...])
assert_type(grad(f, argnums=("x", "y"))(x=1.0, y=2.0), tuple[Any, ...])
assert_type(grad(with_aux, 0, True)(X, 2), Any)
assert_type(value_and_grad(f, "y")(x=1.0, y=2.0), tuple[float, Any])
assert_type(value_and_grad(f, argnums=(0, 1))(1.0, 2.0), tuple[float, tuple[Any, ...]])
assert_type(elementwise_grad(wave, "phase")(X, 1.0), Any)
assert_type(elementwise_grad(wave, [0, 1])(X, 1.0), tuple[Any, ...])


# The other transforms

assert_type(jvp(wave, (X, 0.5), (X, None)), tuple[Array, Array])
assert_type(jvp(with_aux, (X, 2), (X, None), has_aux=True), tuple[float, float, str])
assert_type(linearize(wave, X, 0.5)[0], Array)
assert_type(linearize(wave, X, 0.5, backend="numba", parallel=True)[0], Array)
assert_type(jvp(wave, (X, 0.5), (X, None), backend="numba", reassociate=True), tuple[Array, Array])
assert_type(vjp(wave, X, 0.5, backend="numba", parallel=True)[0], Array)
assert_type(linearize(wave, X)[1](X), Array)
assert_type(compiled(wave)(X, phase=0.5), Array)
assert_type(jacobian(wave)(X, phase=0.5), Any)
assert_type(jacfwd(wave, "phase")(X, phase=0.5), Any)
assert_type(jacrev(with_aux, 0, True, control="record")(X, n=2), Any)
assert_type(hessian(f, argnums="y")(x=1.0, y=2.0), Any)
assert_type(value_and_jacobian(wave)(X, phase=0.5), tuple[Array, Any])
assert_type(value_and_jacobian(with_aux, has_aux=True)(X, 2), tuple[tuple[float, str], Any])
assert_type(hvp(f)(1.0, 2.0, 3.0, n=4), float)
assert_type(hvp(loss)(PARAMS, PARAMS, X, rate=2.0), Params)
assert_type(vhp(loss, control="record")(PARAMS, PARAMS, x=X), Params)
assert_type(checkpoint(wave)(X, phase=0.5), Array)
assert_type(checkpoint(range(3), snapshots=2), range)
if importlib.util.find_spec("scipy"):
    assert_type(sparsity(wave)(X, phase=0.5), Pattern)
    assert_type(sparsity(argnums="x")(wave)(X), Pattern)


# Derivatives of the user's

assert_type(stop_gradient(X), Array)
assert_type(stop_gradient(PARAMS), Params)
assert_type(stop_gradient(wave)(X, phase=0.5), Array)


@custom_vjp
def scaled(x: Array, rate: float = 1.0) -> Array:
    return x * rate


def scaled_fwd(x: Array, rate: float) -> tuple[Array, float]:
    return scaled(x, rate=rate), rate


def scaled_bwd(rate: float, g: Array) -> tuple[Array, None]:
    return g * rate, None


scaled.defvjp(scaled_fwd, scaled_bwd)
scaled.defvjp(lambda x, rate: (scaled(x, rate), rate), lambda rate, g: (g * rate, None))


@custom_vjp(nondiff_argnums=(1,))
def repeated(x: float, times: int) -> float:
    return x * times


@custom_jvp
def bend(x: float) -> float:
    return x * x


@bend.defjvp
def bend_jvp(primals: tuple[float], tangents: tuple[float]) -> tuple[float, float]:
    return bend(primals[0]), 2.0 * primals[0] * tangents[0]


@custom_jvp(nondiff_argnums=1)
def power(x: float, n: int) -> float:
    return x**n


bend.defjvps(lambda x_dot, value, x: 2.0 * x * x_dot)
assert_type(scaled(X, rate=2.0), Array)
assert_type(repeated(1.0, times=2), float)
assert_type(bend(2.0), float)
assert_type(power(2.0, n=3), float)
assert_type(bend_jvp((1.0,), (1.0,)), tuple[float, float])
assert_type(grad(bend)(2.0), float)


def root(a: float, start: float = 1.0) -> float:
    return math.sqrt(a)


square_root = implicit(root, lambda x, a, start=1.0: x * x - a)
cosine = fixed_point(wave)
assert_type(square_root(4.0, start=2.0), float)
assert_type(grad(square_root)(4.0), float)
assert_type(cosine(X, phase=0.5), Array)


# Decorators


@grad
def slope(x: float, n: int = 2) -> float:
    return x**n


@grad(has_aux=True)
def slope_with_aux(x: Array, n: int = 2) -> tuple[float, int]:
    return float(np.sum(x**n)), n


@grad(argnums="n", control="record")
def slope_by_name(x: float, n: float = 2.0) -> float:
    return x * n


@value_and_grad
def both(x: Array, n: int = 2) -> float:
    return float(np.sum(x**n))


@value_and_grad(argnums=(0, 1))
def several(x: float, y: float) -> float:
    return x * y


@value_and_grad(argnums="y")
def one(x: float, y: float) -> float:
    return x * y


@elementwise_grad()
def bent(x: Array, n: int) -> Array:
    return x**n


@elementwise_grad(order=2)
def bent_twice(x: Array, n: int) -> Array:
    return x**n


@hvp(control="record")
def product(x: Array, n: int = 2) -> float:
    return float(np.sum(x**n))


@value_and_jacobian(argnums="x")
def with_jacobian(x: Array) -> Array:
    return x * x


@jacobian(argnums=(0,))
def blocks(x: Array) -> Array:
    return x * x


@compiled
def as_it_is(x: Array, n: int = 2) -> Array:
    return x**n


assert_type(slope(2.0, n=3), float)
assert_type(slope_with_aux(X, n=3), tuple[Array, int])
assert_type(slope_by_name(x=2.0, n=3.0), Any)
assert_type(both(X, n=3), tuple[float, Array])
assert_type(several(2.0, 3.0), tuple[float, tuple[Any, ...]])
assert_type(one(x=2.0, y=3.0), tuple[float, Any])
assert_type(bent(X, n=3), Array)
assert_type(bent_twice(X, n=3), Array)
assert_type(product(X, X, n=3), Array)
assert_type(with_jacobian(X), tuple[Array, Any])
assert_type(blocks(x=X), Any)
assert_type(as_it_is(X, n=3), Array)


class Model:
    """Methods bind: arguments are counted after `self`."""

    scale = 2.0

    @grad
    def slope(self, x: Array, n: int = 2) -> float:
        return self.scale * float(np.sum(x**n))

    @value_and_grad
    def both(self, x: Array, n: int = 2) -> float:
        return self.scale * float(np.sum(x**n))

    @value_and_grad(argnums="n")
    def by_name(self, x: float, n: float = 2.0) -> float:
        return self.scale * x * n

    @grad(has_aux=True)
    def with_aux(self, x: Array, n: int = 2) -> tuple[float, int]:
        return self.scale * float(np.sum(x**n)), n

    @custom_vjp
    def custom(self, x: Array, n: int = 2) -> Array:
        return self.scale * x**n

    custom.defvjp(lambda self, x, n: (self.custom(x, n), None), lambda res, g: (None, g, None))

    @elementwise_grad
    def bent(self, x: Array, n: int = 2) -> Array:
        return self.scale * x**n

    def plain(self, x: Array, n: int = 2) -> float:
        return self.scale * float(np.sum(x**n))

    def __call__(self, x: float, n: int) -> float:
        return self.scale * x**n


assert_type(Model().slope(X, n=3), Array)
assert_type(Model().both(X, n=3), tuple[float, Array])
assert_type(Model().with_aux(X, n=3), tuple[Array, int])
assert_type(Model().bent(X, n=3), Array)
assert_type(Model().custom(X, n=3), Array)
assert_type(Model().by_name(x=2.0, n=3.0), tuple[float, Any])
assert_type(grad(Model().plain)(X, n=3), Array)
assert_type(grad(Model())(2.0, n=3), float)

# What says less of itself

grad(lambda x: x * x)(2.0)
grad(functools.partial(f, y=2.0))(1.0)
assert_type(grad(f).source, str)

# The pullback

value, pullback = vjp(wave, X, phase=0.5)
assert_type(value, Array)
assert_type(pullback, Callable[[Any], tuple[Any, ...]])
assert_type(vjp(f, 1.0, 2.0, argnums=1)[1](1.0), Any)
assert_type(vjp(f, 1.0, y=2.0, argnums=(0, 1), control="record")[1](1.0), tuple[Any, ...])

# The backend

assert_type(grad(f, backend="python")(1.0, 2.0), float)
assert_type(value_and_grad(f, control="keep", backend="auto")(1.0, 2.0), tuple[float, float])
assert_type(vjp(f, 1.0, 2.0, backend="auto")[1](1.0), tuple[Any, ...])
assert_type(linearize(f, 1.0, 2.0, backend="python")[0], float)
assert_type(hvp(loss, backend="auto")(PARAMS, PARAMS, x=X), Params)
with backend("auto") as block:
    assert_type(block, backend)

# Trees

assert_type(tree.map(np.zeros_like, PARAMS), Params)
assert_type(tree.map(lambda p, g: p - 0.1 * g, PARAMS, grad(loss)(PARAMS, X)), Params)
assert_type(tree.unflatten(tree.structure(PARAMS), tree.leaves(PARAMS)), Any)
