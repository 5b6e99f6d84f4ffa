"""Derivatives of what equations say: the solution is differentiated by one linear solve, whatever the solver does."""
from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import numpy as np

from s2sad import trees
from s2sad.api.custom import CustomVjp
from s2sad.api.derivatives import vjp
from s2sad.api.standing_for import stand_for
from s2sad.errors import RuleError, UnsupportedSyntax
from s2sad.loading import at_first_use
from s2sad.machine.callables import Transform
from s2sad.machine.traced import strip
from s2sad.runtime import asking
from s2sad.runtime.notices import MACHINE
from s2sad.types.arrays import dtype_of

if TYPE_CHECKING:
    from s2sad.machine import custom as following
else:
    following = at_first_use("s2sad.machine.custom")

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
A = TypeVar("A", bound=Any)  # which lets a lambda do anything with its argument
DENSE = 64
"""Up to so many unknowns the Jacobian is a matrix."""


class Implicit(CustomVjp[P, R]):
    """What `implicit` returns: the solver, with the derivative that the residual says, which is given what the solver is given."""

    with_defaults = False

    def __init__(self, solver: Callable[P, R], residual: Callable[..., Any]) -> None:
        super().__init__(solver)
        self.function: Any = solver if isinstance(solver, Transform) else _Solver(solver)
        if not callable(residual):
            raise TypeError(f"{residual!r} is not callable")
        self.residual = residual

    @functools.cached_property
    def adjoint(self) -> Implicit[..., Any]:
        """The solution of the linear equation for the adjoint, as a function of all that stands in it."""
        return Implicit(_AdjointSolver(self.residual), _AdjointResidual(self.residual))

    def rule(self, machine: Any) -> tuple[Any, ...]:
        _check_outside(machine, self.residual)
        return _Forward(self), _Backward(self)


def implicit(solver: Callable[P, R], residual: Callable[..., Any]) -> Implicit[P, R]:
    """A solver as a function with a derivative: of the solution `x = solver(*args)` of `residual(x, *args) = 0`.

    The solution is a float or an array of floats, the residual has its shape; `args` are any numbers, arrays and containers of them. The
    derivative asks nothing of the solver, which may be native code: `dx = -(dr/dx)**-1 (dr/dargs) dargs`, the implicit function theorem,
    takes one linear solve, with the Jacobian as a matrix for up to 64 unknowns, and by GMRES with products of it for more (SciPy is
    needed then). It serves forward and reverse mode, to any order. The residual is followed, and stands outside of the function that is
    differentiated: what it depends on are its arguments. Raises numpy.linalg.LinAlgError where the Jacobian is singular, ArithmeticError
    where GMRES does not converge, RuleError for a residual of another shape, and what `custom_vjp` raises.

    >>> import s2sad
    >>> def root(a):  # by Newton's method
    ...     x = 1.0
    ...     while abs(x * x - a) > 1e-12:
    ...         x = x - (x * x - a) / (2.0 * x)
    ...     return x
    >>> square_root = s2sad.implicit(root, lambda x, a: x * x - a)
    >>> round(s2sad.grad(square_root)(4.0), 12)
    0.25
    """
    return Implicit(solver, residual)


def fixed_point(step: Callable[Concatenate[A, Q], Any], *, tolerance: float = 1e-12, max_steps: int = 10_000
                ) -> Implicit[Concatenate[A, Q], A]:  # fmt: skip
    """The function `(x0, *args) -> x` with `x = step(x, *args)`, found by repeating the step from `x0`, and its derivative by `args`.

    `x0` is a float or an array of floats, the result has its shape and dtype. Steps are made until the largest change is at most
    `tolerance` times 1 plus the largest number in `x` (not less than what its dtype resolves). They are not followed: the derivative is
    that of `implicit`, and by `x0` it is zero. Raises ArithmeticError after `max_steps`, and what `implicit` raises.

    >>> import math, s2sad
    >>> cosine = s2sad.fixed_point(lambda x, a: math.cos(a * x))
    >>> x = cosine(1.0, 1.0)
    >>> abs(s2sad.grad(cosine, argnums=1)(1.0, 1.0) - (-x * math.sin(x) / (1.0 + math.sin(x)))) < 1e-9
    True
    """
    return Implicit(cast(Any, _Repeated(step, tolerance, max_steps)), _Difference(step))


def _check_outside(machine: Any, function: Any) -> None:
    inner = function.step if isinstance(function, _Difference) else function
    if MACHINE in getattr(inner, "__globals__", ()):
        raise UnsupportedSyntax(f"{asking.title(inner)}(), which implicit() is given, is defined inside the function", machine.location(),
                                "define it outside; what it needs of the function is an argument")  # fmt: skip


class _Part(Transform):
    """A function that a machine is asked for, made of others."""

    def __init__(self, function: Any) -> None:
        self.function = function
        self.__name__ = asking.title(function, "the function")

    def __call__(self, *args: Any) -> Any:
        raise NotImplementedError


def _apart(machine: Any, args: Any) -> tuple[list[Any], trees.Structure]:
    """The leaves and the structure: one object for all that are the same, by which a call is told from others when it is followed again."""
    leaves, structure = following.flat(machine, args)
    return leaves, _one_of_its_kind(structure)


@functools.lru_cache(maxsize=256)
def _one_of_its_kind(structure: trees.Structure) -> trees.Structure:
    return structure


class _Solver(_Part):
    """A solver of the user's, which is called as it is where nothing is differentiated; followed where only types are known."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        stand_for(self, function)

    def __call__(self, *args: Any) -> Any:
        return self.function(*args)

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if machine.on_types or machine.active(args) or MACHINE in getattr(self.function, "__globals__", ()):
            return machine.call(self.function, *args)
        leaves, structure = _apart(machine, args)
        return machine.opaque(solution, (self.function, structure, *leaves), {})


def solution(solver: Any, structure: trees.Structure, *leaves: Any) -> Any:
    """What a solver returns for arguments that were taken apart."""
    return solver(*trees.unflatten(structure, list(leaves)))


class _Forward(_Part):
    """`fwd`: the solution, which is needed with the arguments."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        x = machine.call(self.function, *args)
        if not isinstance(strip(x), (float, np.floating, np.ndarray)) or dtype_of(strip(x)).kind != "f":
            raise RuleError(f"{self.__name__}() must return a float or an array of floats, not {following.kind(x)}",
                            following.defined_at(self.function.function), "put unknowns of several arrays into one")  # fmt: skip
        return x, (x, args)


class _Backward(_Part):
    """`bwd`: the cotangents of the arguments are those of the residual for minus the adjoint solution."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        (x, given), g = args
        value, pullback = machine.call(vjp, _At(self.function.residual, x), *given)
        following.check_part(f"what {asking.title(self.function.residual)}() returns", value, x,
                             following.defined_at(self.function.residual))  # fmt: skip
        return machine.call(pullback, machine.unary("neg", machine.call(self.function.adjoint, x, given, g)))


class _At(_Part):
    """The residual as a function of the arguments, at a solution."""

    def __init__(self, residual: Any, x: Any) -> None:
        super().__init__(residual)
        self.x = x

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return machine.call(self.function, self.x, *args)


class _With(_Part):
    """The residual as a function of the unknown, with given arguments."""

    def __init__(self, residual: Any, args: Any) -> None:
        super().__init__(residual)
        self.args = args

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return machine.call(self.function, *args, *self.args)


class _AdjointResidual(_Part):
    """`(dr/dx)' w - g`, which is zero at the adjoint solution."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        w, x, given, g = args
        _, pullback = machine.call(vjp, _With(self.function, given), x)
        return machine.binary("-", machine.call(pullback, w)[0], g)


class _AdjointSolver(_Part):
    """Solves for `w`, on plain values, with the pullback of the residual."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        x, given, g = args
        leaves, structure = _apart(machine, given)
        return machine.levels.natively(adjoint_solution, [self.function, structure, x, leaves, g], x)


def adjoint_solution(residual: Any, structure: trees.Structure, x: Any, leaves: list[Any], g: Any) -> Any:
    """The solution `w` of `(dr/dx)' w = g`."""
    _, pullback = vjp(residual, x, *trees.unflatten(structure, leaves), argnums=0)
    if not isinstance(x, np.ndarray):
        return type(x)(np.linalg.solve([[pullback(type(x)(1))]], [g])[0])
    seen = np.ravel(g).astype(x.dtype)
    transposed: Callable[[Any], Any] = lambda w: np.ravel(pullback(np.reshape(w, x.shape).astype(x.dtype)))
    if x.size <= DENSE:
        rows = [transposed(unit) for unit in np.eye(x.size, dtype=x.dtype)]
        found = np.linalg.solve(np.reshape(rows, (x.size, x.size)).T, seen)
    else:
        found = _by_gmres(transposed, seen)
    return np.reshape(found, x.shape).astype(x.dtype)


def _by_gmres(product: Callable[[Any], Any], right: Any) -> Any:
    linalg = importlib.import_module("scipy.sparse.linalg")

    tolerance = 100 * float(np.finfo(right.dtype).eps)
    operator = linalg.LinearOperator((right.size, right.size), matvec=product, dtype=right.dtype)
    found, failed = linalg.gmres(operator, right, rtol=tolerance, atol=0.0, restart=min(right.size, 100), maxiter=100)
    if failed and not np.linalg.norm(product(found) - right) <= 1e4 * tolerance * np.linalg.norm(right):
        raise ArithmeticError("the linear equation for the derivative of implicit() is not solved by GMRES")
    return found


class _Difference(_Part):
    """`x - step(x, *args)`, which is zero at a fixed point, wherever the search begins."""

    def __init__(self, step: Any) -> None:
        super().__init__(step)
        self.step = step

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        x, _, *given = args
        return machine.binary("-", x, machine.call(self.step, x, *given))


class _Repeated(_Part):
    """The search for a fixed point, on plain values."""

    def __init__(self, step: Any, tolerance: float, max_steps: int) -> None:
        super().__init__(step)
        stand_for(self, step)
        self.tolerance, self.max_steps = tolerance, max_steps

    def __call__(self, *args: Any) -> Any:
        x0, *given = args
        x = np.asarray(x0) if isinstance(x0, np.ndarray) else x0
        tolerance = max(self.tolerance, 4 * float(np.finfo(np.asarray(x).dtype).eps))
        for _ in range(self.max_steps):
            before, x = x, self.function(x, *given)
            if np.shape(x) != np.shape(x0):
                raise RuleError(f"{self.__name__}() returns the shape {np.shape(x)} for one of {np.shape(x0)}")
            if np.max(np.abs(x - before), initial=0.0) <= tolerance * (1.0 + np.max(np.abs(x), initial=0.0)):
                return np.asarray(x, x0.dtype) if isinstance(x0, np.ndarray) else type(x0)(x)
        raise ArithmeticError(f"{self.__name__}() has not come to a fixed point after {self.max_steps} steps")

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        _check_outside(machine, self.function)
        leaves, structure = _apart(machine, args)
        return machine.levels.natively(repeated, [self, structure, leaves], args[0])


def repeated(repeat: _Repeated, structure: trees.Structure, leaves: list[Any]) -> Any:
    """The fixed point that is found from arguments that were taken apart."""
    return repeat(*trees.unflatten(structure, leaves))


__all__ = ["Implicit", "fixed_point", "implicit"]
