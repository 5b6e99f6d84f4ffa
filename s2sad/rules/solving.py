"""What tables say with of functions that are given functions of the user's: what a solver finds, and what equations say of it.

The functions here are asked of a machine. A solver is called with plain values, and so are the functions that it is given: the user's own.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.types.dependence import elementwise
from s2sad.types.given import like_first


def solution(solver: Callable[..., Any], residual: Callable[..., Any], like: Any, known: dict[str, Any], *given: Any) -> Any:
    """`(x, told)`: what a solver finds, and a dict of what else it tells, constants.

    On plain values `solver(*given)` gives `(x, why, told)`, where the text says why there is no solution if that is so. `residual(x, told,
    *given)` is zero at a solution, has its shape, and is followed. `like` is a number or an array of the type of the solution; `known` is
    what is told where only types are known, with values of the same types.
    """
    raise NotImplementedError


def integral(solver: Callable[..., Any], integrand: Callable[..., Any], like: Any, known: list[Any], between: Any, *given: Any) -> Any:
    """`(value, told)`: the integral that a solver finds, and a list of what else it gives, of which `known` has the types.

    On plain values `solver(a, b, *given)` gives `[value, why, *told]`, where the text says why that is no integral if that is so. The
    integrand is `integrand(x, *given)`, a number or an array, which is followed; `like` has the type of the integral, or is a function that
    gives such a value for `a`, `b` and what is given. `between` are `a`, `b` and None or points between them at which the integrand needs
    care; or 0, 1, None and the number of variables that the integrand is a function of, over the unit cube.
    """
    raise NotImplementedError


def varies(value: Any) -> bool:
    """Whether a value is differentiated, or one that it contains."""
    raise NotImplementedError


def trajectory(solver: Callable[..., Any], rate: Callable[..., Any], like: Any, known: dict[str, Any], *given: Any) -> Any:
    """`(y, told)` of a differential equation, as of `solution`: the states as columns, and in `told["t"]` their times.

    What is given begins with the start, its time, the last time and the times that are asked for, or None, and ends with a dict of options.
    The derivative of the state is `rate(t, y, *given)`, which is followed.
    """
    raise NotImplementedError


def refused(why: str) -> Any:
    """Refuse a derivative for a reason."""
    raise NotImplementedError


def slope(function: Callable[..., Any], x: Any, *args: Any) -> Any:
    """The gradient of a function by its first argument."""
    raise NotImplementedError


def constant(value: Any) -> Any:
    """The value as one that has no derivative."""
    raise NotImplementedError


def as_now(value: Any) -> Any:
    """An array as it is now, or those in a list or a tuple, whatever is written into it later: for objects that compute with it when they
    are asked."""
    raise NotImplementedError


def is_as_then(then: Any, given: Any) -> bool:
    """Whether nothing has been written since into an array, or into those in a tuple, of which `then` was made by `as_now`."""
    raise NotImplementedError


def unheld(value: Any) -> Any:
    """An object from outside that a rule takes for a constant: refused where it has been given what is differentiated."""
    raise NotImplementedError


def check_as_then(kind: str, then: Any, given: Any) -> None:
    """Refuse what has been written into an array whose memory SciPy's object shares."""
    if not is_as_then(then, given):
        refused(f"an array that scipy.interpolate.{kind} was given is written into before it is asked, and it shares the memory: "
                "give it a copy, or make another one")  # fmt: skip


def on_types() -> bool:
    """Whether the code is written for values that are known by their types alone."""
    raise NotImplementedError


def adjoint(matrix: Any, g: Any) -> Any:
    """What solves the linear equation for the cotangent of a residual, of whose derivative by the unknown the matrix is made."""
    if np.ndim(g) == 0:
        return -g / matrix
    if np.ndim(g) == 1:
        return -np.linalg.solve(np.transpose(matrix), g)
    n = np.size(g)
    return -np.reshape(np.linalg.solve(np.transpose(np.reshape(matrix, (n, n))), np.ravel(g)), np.shape(g))


def in_place_of(value: Any, computed: Any) -> Any:
    """What native code has computed, with the derivative of the same computed otherwise."""
    return value.copy() if isinstance(value, np.ndarray) else value


rule("in_place_of(value, computed)", computed="g", jvp="computed_dot", facts=Facts(gives=like_first, spreads=elementwise))


def untold(value: Any, x: Any) -> Any:
    """What a solver tells beside its solution, such as a covariance: its derivative is not known, and not zero."""
    return value.copy() if isinstance(value, np.ndarray) else value


def _unknown(g: Any) -> Any:
    return refused("what a solver tells beside its solution has no derivative: compute it of the solution")


rule("untold(value, x)", x="_unknown(g)", jvp="np.nan * np.ones(np.shape(value)) if np.ndim(value) else np.nan",
     facts=Facts(gives=like_first))  # fmt: skip
