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
from s2sad.tracebacks import entry
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

    def __init__(self, solver: Callable[P, R], residual: Callable[..., Any], has_aux: bool = False) -> None:
        super().__init__(solver)
        self.function: Any = solver if isinstance(solver, Transform) else _Solver(solver)
        if not callable(residual):
            raise TypeError(f"{residual!r} is not callable")
        self.residual, self.has_aux = residual, has_aux

    @functools.cached_property
    def adjoint(self) -> Implicit[..., Any]:
        """The solution of the linear equation for the adjoint, as a function of all that stands in it."""
        return Implicit(_AdjointSolver(self.residual), _AdjointResidual(self.residual))

    def rule(self, machine: Any) -> tuple[Any, ...]:
        _check_outside(machine, self.residual)
        return _Forward(self), _Backward(self)


@entry
def implicit(solver: Callable[P, R], residual: Callable[..., Any], *, has_aux: bool = False) -> Implicit[P, R]:
    """A solver as a function with a derivative: it gives the solution `x = solver(*args)` of `residual(x, *args) = 0`.

    The solution is a float, an array of floats, or a container of these, and the residual has its structure and shapes; `args` are any
    numbers, arrays and containers of them. The derivative does not use the solver, which may be native code. It is `dx = -(dr/dx)**-1
    (dr/dargs) dargs`, by the implicit function theorem, and takes one linear solve: with the Jacobian as a matrix for up to 64 unknowns,
    and by GMRES with products of the Jacobian for more (SciPy is needed then). It works in forward and reverse mode, to any order. The
    residual is followed. It is defined outside the function that is differentiated; a value that is being differentiated reaches it only as
    an argument. With `has_aux` the solver returns `(x, aux)`, and so does the result; `aux`, such as a number of steps, counts as a
    constant. Raises numpy.linalg.LinAlgError where the Jacobian is singular, ArithmeticError where GMRES does not converge, RuleError for a
    residual of another structure or shape, and what `custom_vjp` raises.

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
    return Implicit(solver, residual, has_aux)


@entry
def fixed_point(step: Callable[Concatenate[A, Q], Any], *, tolerance: float = 1e-12, max_steps: int = 10_000
                ) -> Implicit[Concatenate[A, Q], A]:  # fmt: skip
    """The function `(x0, *args) -> x` with `x = step(x, *args)`, found by repeating the step from `x0`, and its derivative by `args`.

    `x0` is a float, an array of floats, or a container of these; the result has its structure, shapes and dtypes. The step is repeated
    until, in each array, the largest change is at most `tolerance` times (1 plus the largest number), or what its dtype resolves.
    The steps are not followed: the derivative is that of `implicit`, and it is zero by `x0`. Raises ArithmeticError after `max_steps`,
    RuleError for a step that gives another structure or shape, and what `implicit` raises.

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
        leaves, structure = _apart(machine, args)
        if machine.on_types or machine.active(leaves) or MACHINE in getattr(self.function, "__globals__", ()):
            return machine.call(self.function, *args)
        return machine.opaque(solution, (self.function, structure, *leaves), {})


def solution(solver: Any, structure: trees.Structure, *leaves: Any) -> Any:
    """What a solver returns for arguments that were taken apart."""
    return solver(*trees.unflatten(structure, list(leaves)))


class _Forward(_Part):
    """`fwd`: the solution, which is needed with the arguments."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        found = machine.call(self.function, *args)
        if not self.function.has_aux:
            self.check(machine, found)
            return found, (found, args)
        x, aux = self.split(machine, found)
        self.check(machine, x)
        return (x, following.without_derivative(machine, aux)), (x, args)

    def split(self, machine: Any, found: Any) -> Any:
        pair = machine.opened(found)
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise RuleError(f"with has_aux=True {self.__name__}() must return a pair (x, aux), not {following.kind(found)}",
                            following.defined_at(self.function.function), "return x, aux")  # fmt: skip
        return pair

    def check(self, machine: Any, x: Any) -> None:
        leaves = following.flat(machine, x)[0]
        wrong = [leaf for leaf in leaves if not _is_unknown(strip(leaf))]
        if wrong or not leaves:
            what = following.kind(wrong[0] if wrong else x)
            raise RuleError(f"{self.__name__}() must return floats, arrays of floats, or containers of these, not {what}",
                            following.defined_at(self.function.function), "with has_aux=True it may return more: x, aux")  # fmt: skip


def _is_unknown(value: Any) -> bool:
    return isinstance(value, (float, np.floating, np.ndarray)) and dtype_of(value).kind == "f"


class _Backward(_Part):
    """`bwd`: the cotangents of the arguments are those of the residual for minus the adjoint solution."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        (x, given), g = args
        value, pullback = machine.call(vjp, _At(self.function.residual, x), *given)
        self.check(machine, value, x)
        adjoint = machine.call(self.function.adjoint, x, given, g[0] if self.function.has_aux else g)
        return machine.call(pullback, each(machine, lambda w: machine.unary("neg", w), adjoint))

    def check(self, machine: Any, value: Any, x: Any) -> None:
        residual = self.function.residual
        what, place = f"what {asking.title(residual)}() returns", following.defined_at(residual)
        (have, structure), (want, unknown) = following.flat(machine, value), following.flat(machine, x)
        if not trees.fits(unknown, structure):
            raise RuleError(f"{what} does not have the structure of the solution", place, "return a container like it")
        for part, leaf in zip(have, want, strict=True):
            following.check_part(what, part, leaf, place)


def each(machine: Any, function: Callable[..., Any], *like: Any) -> Any:
    """What a function makes of the leaves of containers of one structure."""
    flat = [following.flat(machine, one) for one in like]
    return trees.unflatten(flat[0][1], [function(*parts) for parts in zip(*(leaves for leaves, _ in flat), strict=True)], machine.adopt)


def minus(machine: Any, one: Any, other: Any) -> Any:
    """The difference of containers of one structure, leaf by leaf."""
    return each(machine, lambda a, b: machine.binary("-", a, b), one, other)


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
        return minus(machine, machine.call(pullback, w)[0], g)


class _AdjointSolver(_Part):
    """Solves for `w`, on plain values, with the pullback of the residual."""

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        x, given, g = args
        (leaves, structure), (unknowns, unknown), (seeds, _) = (_apart(machine, one) for one in (given, x, g))
        found = machine.levels.natively(adjoint_solution, [self.function, structure, leaves, unknown, unknowns, seeds], unknowns)
        return trees.unflatten(unknown, found, machine.adopt)


def adjoint_solution(residual: Any, structure: trees.Structure, leaves: list[Any], unknown: trees.Structure, unknowns: list[Any],
                     seeds: list[Any]) -> list[Any]:  # fmt: skip
    """The leaves of the solution `w` of `(dr/dx)' w = g`."""
    _, pullback = vjp(residual, trees.unflatten(unknown, unknowns), *trees.unflatten(structure, leaves), argnums=0, backend="python")
    dtype = np.result_type(*map(np.asarray, unknowns))

    def transposed(w: Any) -> Any:
        return joined(trees.flatten(pullback(trees.unflatten(unknown, taken_apart(w, unknowns))), opened=trees.EVERY)[0], dtype)

    right = joined(seeds, dtype)
    if right.size > DENSE:
        return taken_apart(_by_gmres(transposed, right), unknowns)
    rows = [transposed(unit) for unit in np.eye(right.size, dtype=dtype)]
    return taken_apart(np.linalg.solve(np.reshape(rows, (right.size, right.size)).T, right), unknowns)


def joined(leaves: list[Any], dtype: Any) -> Any:
    """All numbers of some leaves, one after the other."""
    return np.concatenate([np.ravel(leaf) for leaf in leaves]).astype(dtype, copy=False)


def taken_apart(numbers: Any, like: list[Any]) -> list[Any]:
    """Such numbers as leaves, each of the class, shape and dtype of one."""
    parts = np.split(numbers, np.cumsum([np.size(leaf) for leaf in like])[:-1])
    return [part.reshape(leaf.shape).astype(leaf.dtype) if isinstance(leaf, np.ndarray) else type(leaf)(part[0])
            for part, leaf in zip(parts, like, strict=True)]  # fmt: skip


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
        return minus(machine, x, machine.call(self.step, x, *given))


class _Repeated(_Part):
    """The search for a fixed point, on plain values."""

    def __init__(self, step: Any, tolerance: float, max_steps: int) -> None:
        super().__init__(step)
        stand_for(self, step)
        self.tolerance, self.max_steps = tolerance, max_steps

    def __call__(self, *args: Any) -> Any:
        x0, *given = args
        first, structure = trees.flatten(x0, opened=trees.EVERY)
        x, tolerances = first, [max(self.tolerance, 4 * float(np.finfo(np.asarray(leaf).dtype).eps)) for leaf in first]
        for _ in range(self.max_steps):
            before, x = x, self.leaves(self.function(trees.unflatten(structure, list(x)), *given), first, structure)
            if all(map(_is_near, x, before, tolerances)):
                if not all(np.all(np.isfinite(leaf)) for leaf in x):
                    raise ArithmeticError(f"{self.__name__}() grows without bound, and does not reach a fixed point")
                return trees.unflatten(structure, [np.asarray(leaf, like.dtype) if isinstance(like, np.ndarray) else type(like)(leaf)
                                                   for leaf, like in zip(x, first, strict=True)])  # fmt: skip
        raise ArithmeticError(f"{self.__name__}() does not reach a fixed point after {self.max_steps} steps")

    def leaves(self, x: Any, first: list[Any], structure: trees.Structure) -> list[Any]:
        """What a step has given, leaf by leaf. Raises RuleError unless it is like what the search begins with."""
        found, own = trees.flatten(x, opened=trees.EVERY)
        if not trees.fits(structure, own):
            raise RuleError(f"{self.__name__}() returns another structure than that of its first argument")
        for leaf, like in zip(found, first, strict=True):
            if np.shape(leaf) != np.shape(like):
                raise RuleError(f"{self.__name__}() returns the shape {np.shape(leaf)} for one of {np.shape(like)}")
        return found

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        _check_outside(machine, self.function)
        leaves, structure = _apart(machine, args)
        first, unknown = _apart(machine, args[0])
        return trees.unflatten(unknown, machine.levels.natively(repeated, [self, structure, leaves], first), machine.adopt)


def _is_near(now: Any, before: Any, tolerance: float) -> bool:
    return bool(np.max(np.abs(now - before), initial=0.0) <= tolerance * (1.0 + np.max(np.abs(now), initial=0.0)))


def repeated(repeat: _Repeated, structure: trees.Structure, leaves: list[Any]) -> list[Any]:
    """The leaves of the fixed point that is found from arguments that were taken apart."""
    return trees.flatten(repeat(*trees.unflatten(structure, leaves)), opened=trees.EVERY)[0]


__all__ = ["Implicit", "fixed_point", "implicit"]
