"""The rows of `jacobians` by autograd, over its own NumPy, and by JAX, in double precision and compiled by `jit`.

Both get the functions of `jacobians` line by line. JAX gets its arguments as arrays of its own; a call returns when the numbers are there.
"""
from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

import autograd
import autograd.numpy
import jax
import jax.numpy
from autograd import make_hvp

jax.config.update("jax_enable_x64", True)


def over(function: Any, numpy: Any) -> Any:
    """The same code over another NumPy."""
    return FunctionType(function.__code__, {**function.__globals__, "np": numpy}, function.__name__)


def by_autograd(kind: str, function: Any, arguments: tuple[Any, ...]) -> Callable[[], Any]:
    f = over(function, autograd.numpy)
    if kind == "hvp":
        made, (x, v, *rest) = make_hvp(f), arguments
        return lambda: made(x, *rest)[0](v)
    return functools.partial({"jacobian": autograd.jacobian, "hessian": autograd.hessian}[kind](f), *arguments)


def _product(f: Any) -> Callable[..., Any]:
    """Forward over reverse."""
    return lambda x, v, *rest: jax.jvp(lambda x: jax.grad(f)(x, *rest), (x,), (v,))[1]


def by_jax(kind: str, function: Any, arguments: tuple[Any, ...]) -> Callable[[], Any]:
    compiled = jax.jit({"jacobian": jax.jacfwd, "hessian": jax.hessian, "hvp": _product}[kind](over(function, jax.numpy)))
    own = jax.tree.map(jax.numpy.asarray, arguments)
    return lambda: jax.block_until_ready(compiled(*own))
