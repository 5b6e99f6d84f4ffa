"""What type checkers know of derivatives, said as assertions that they check (`test_typed.py`); it runs as well."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

from s2sad import compiled, elementwise_grad, grad, hessian, jacobian, jvp, linearize, tree, value_and_grad, vjp

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
assert_type(linearize(wave, X)[1](X), Array)
assert_type(compiled(wave)(X, phase=0.5), Array)
assert_type(jacobian(wave)(X, phase=0.5), Any)
assert_type(hessian(f, argnums="y")(x=1.0, y=2.0), Any)


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


assert_type(slope(2.0, n=3), float)
assert_type(slope_with_aux(X, n=3), tuple[Array, int])
assert_type(slope_by_name(x=2.0, n=3.0), Any)
assert_type(both(X, n=3), tuple[float, Array])
assert_type(several(2.0, 3.0), tuple[float, tuple[Any, ...]])
assert_type(one(x=2.0, y=3.0), tuple[float, Any])
assert_type(bent(X, n=3), Array)


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

# Trees

assert_type(tree.map(np.zeros_like, PARAMS), Params)
assert_type(tree.map(lambda p, g: p - 0.1 * g, PARAMS, grad(loss)(PARAMS, X)), Params)
assert_type(tree.unflatten(tree.structure(PARAMS), tree.leaves(PARAMS)), Any)
