"""Derivatives that users give themselves: values without one, functions with one of their own."""
from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar, cast, overload

import numpy as np

from s2sad import trees
from s2sad.api.standing_for import Standing, stand_for
from s2sad.errors import Location, NotDifferentiable, RuleError, UnsupportedSyntax
from s2sad.loading import at_first_use
from s2sad.machine.callables import SPECIAL, Transform
from s2sad.machine.traced import Traced, any_traced, strip
from s2sad.runtime import asking
from s2sad.tracebacks import entry

if TYPE_CHECKING:
    from s2sad.machine import custom as following
else:
    following = at_first_use("s2sad.machine.custom")

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
S = TypeVar("S")
V = TypeVar("V")
J = TypeVar("J", bound=Callable[..., tuple[Any, Any]])


class _Stopped(Standing, Transform):
    """A function that counts as a constant."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        stand_for(self, function)

    @entry
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = stop_gradient((args, kwargs))
        return stop_gradient(self.function(*args, **kwargs))

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        args, kwargs = following.without_derivative(machine, (args, kwargs))
        return following.without_derivative(machine, machine.attempts.call(self.function, args, kwargs))

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)


@entry
def stop_gradient(x: Any = ...) -> Any:
    """The value of `x`, which counts as a constant: nothing is differentiated through it, at any order.

    `x` is a number, an array, or a container of these; arrays come back as copies, of the same dtype and shape, and containers as new ones.
    Given a function, it makes one whose results are constants. The arguments are constants inside, so it may call native code. It is a
    decorator as well. There is no `with stop_gradient():` for a block: what the block writes into and what it names would be constant in
    some of their uses and not in others. Without a value it raises UnsupportedSyntax.

    >>> import s2sad
    >>> s2sad.grad(lambda x: x * s2sad.stop_gradient(x))(3.0)
    3.0
    >>> @s2sad.stop_gradient
    ... def scale(x):
    ...     return abs(x)
    >>> s2sad.grad(lambda x: x / scale(x))(-2.0)
    0.5
    """
    if x is ...:
        raise _of_nothing(Location.of(sys._getframe(2)))
    if _is_function(x):
        return _Stopped(x)
    leaves, structure = trees.flatten(x, opened=trees.EVERY)
    return trees.unflatten(structure, [_copied(strip(leaf)) for leaf in leaves])


def _of_nothing(location: Location | None) -> UnsupportedSyntax:
    return UnsupportedSyntax("stop_gradient() is given neither a value nor a function, and does not stand for a block of code", location,
                             "make a function of the block, with @stop_gradient, or use stop_gradient(x) for each value x")  # fmt: skip


def _is_function(x: Any) -> bool:
    return callable(x) and not isinstance(x, (Traced, Iterable)) and trees.parts(x, trees.EVERY) is None


def _copied(leaf: Any) -> Any:
    return leaf.copy(order="K") if isinstance(leaf, np.ndarray) else leaf


def _traced_stop(machine: Any, x: Any = ...) -> Any:
    if x is ...:
        raise _of_nothing(machine.location())
    return _Stopped(x) if _is_function(x) else following.without_derivative(machine, x)


SPECIAL[stop_gradient] = _traced_stop


class _Custom(Standing, Transform, Generic[P, R]):
    """A function with a derivative of its own; the arguments that the derivative is not for are given by position."""

    given_by = ""
    names: tuple[str, ...] = ()
    with_defaults = True  # the rule is given arguments that a call leaves out

    def __init__(self, function: Callable[P, R], nondiff_argnums: int | Iterable[int] = ()) -> None:
        if not callable(function):
            raise TypeError(f"{function!r} is not callable")
        self.function = function
        self.nondiff_argnums = (nondiff_argnums,) if isinstance(nondiff_argnums, int) else tuple(nondiff_argnums)
        stand_for(self, function)
        self.nondiff = tuple(sorted(n if n >= 0 else n + self._count() for n in self.nondiff_argnums))

    def _count(self) -> int:
        return len(asking.signature(self.function).parameters)

    @entry
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if any_traced(args, kwargs):
            reason = f"{asking.title(self)}() has a derivative of its own, and is called with a Variable in plain code"
            raise NotDifferentiable(reason, None, "use s2sad.tape.gradient, which follows the function that calls it")
        value: Any = cast(Any, self.function)(*self.by_position(args, kwargs))
        leaves, structure = trees.flatten(value, opened=trees.EVERY)
        if not any(isinstance(leaf, np.ndarray) for leaf in leaves):
            return cast(R, value)
        return cast(R, trees.unflatten(structure, [_copied(leaf) for leaf in leaves]))

    def by_position(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """The arguments in their order, those by name and those left out as well."""
        try:
            bound = asking.signature(self.function).bind(*args, **kwargs)
        except ValueError:  # native code that does not say what it takes
            return args
        if self.with_defaults or bound.kwargs:
            bound.apply_defaults()
        if bound.kwargs:
            raise TypeError(f"{asking.title(self)}() has a derivative of its own, and takes {next(iter(bound.kwargs))!r} by name alone")
        return bound.args

    def rule(self, machine: Any) -> tuple[Any, ...]:
        """The functions that the derivative is made of. Raises RuleError where there are none."""
        if any(getattr(self, name) is None for name in self.names):
            raise RuleError(f"{asking.title(self)}() has no rule yet", machine.location(), f"give it one with {self.given_by}")
        return tuple(following.read_now(machine, self, name) for name in self.names)

    @overload
    def __get__(self, instance: None, owner: Any = None) -> Self: ...
    @overload
    def __get__(self: Callable[Concatenate[S, Q], V], instance: object, owner: Any = None) -> Callable[Q, V]: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

class CustomVjp(_Custom[P, R]):
    """What `custom_vjp` makes of a function."""

    given_by = "defvjp(fwd, bwd)"
    names = ("fwd", "bwd")
    fwd: Any = None
    bwd: Any = None

    @entry
    def defvjp(self, fwd: Callable[..., tuple[R, Any]], bwd: Callable[..., tuple[Any, ...] | list[Any]]) -> None:
        """Say how the function is differentiated; see `custom_vjp`."""
        for function in (fwd, bwd):
            if not callable(function):
                raise TypeError(f"{function!r} is not callable")
        self.fwd, self.bwd = fwd, bwd

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return following.by_pullback(machine, self, self.by_position(args, kwargs))


class _MakesVjp(Protocol):
    """`custom_vjp(nondiff_argnums=...)` as a decorator."""

    def __call__(self, function: Callable[P, R], /) -> CustomVjp[P, R]: ...


@overload
def custom_vjp(function: Callable[P, R], nondiff_argnums: int | Iterable[int] = ()) -> CustomVjp[P, R]: ...
@overload
def custom_vjp(function: None = None, nondiff_argnums: int | Iterable[int] = ()) -> _MakesVjp: ...
@entry
def custom_vjp(function: Any = None, nondiff_argnums: int | Iterable[int] = ()) -> Any:
    """A function whose reverse derivative is given: decorator, with `f.defvjp(fwd, bwd)` after it, as in JAX.

    `fwd` takes the arguments of the function and returns `(value, residuals)`; `bwd` takes the residuals and the cotangent of the value,
    which has the value's structure, shapes and dtypes (None for what has no derivative). It returns a tuple with the cotangent of each
    argument, with the argument's structure and shapes, or None for zeros. Residuals may be any containers of numbers, arrays, strings and
    objects. The arguments in `nondiff_argnums` are not differentiated; `bwd` gets them first. Arguments given by name are passed on by
    position.

    Where nothing is differentiated, the function itself is called. Otherwise `fwd` and `bwd` are followed, so the second derivative is the
    derivative of these. At first order they see plain values, so they may call native code, which has no rule. `fwd` should call the
    function itself for the value if the function is native code and the second derivative is wanted, or if it hands code of its own to a
    solver. Arrays that are returned are copies. Raises NotDifferentiable for a value that is being differentiated and reaches the function
    in another way than as an argument, UnsupportedMutation for a write into an argument, and RuleError, at their definition, if `fwd` or
    `bwd` returns something wrong.

    >>> import math, s2sad
    >>> @s2sad.custom_vjp
    ... def log1pexp(x):
    ...     return math.log(1.0 + math.exp(x))
    >>> log1pexp.defvjp(lambda x: (log1pexp(x), x), lambda x, g: (g * (1.0 - 1.0 / (1.0 + math.exp(x))),))
    >>> s2sad.grad(log1pexp)(0.0)
    0.5
    """
    if function is None:
        return functools.partial(custom_vjp, nondiff_argnums=nondiff_argnums)
    return CustomVjp(function, nondiff_argnums)


class CustomJvp(_Custom[P, R]):
    """What `custom_jvp` makes of a function."""

    given_by = "defjvp(jvp)"
    names: tuple[str, ...] = ("jvp",)
    jvp: Any = None
    jvps: tuple[Any, ...] = ()

    @entry
    def defjvp(self, jvp: J) -> J:
        """Say how the function is differentiated; see `custom_jvp`. Decorator as well."""
        if not callable(jvp):
            raise TypeError(f"{jvp!r} is not callable")
        self.jvp, self.names, self.jvps = jvp, ("jvp",), ()
        return jvp

    def defjvps(self, *jvps: Callable[..., Any] | None) -> None:
        """Give one function for each argument, `jvp(tangent, value, *arguments)`, or None where the derivative is zero."""
        if self.nondiff:
            raise TypeError("defjvps is for functions without nondiff_argnums; use defjvp")
        for function in jvps:
            if function is not None and not callable(function):
                raise TypeError(f"{function!r} is not callable")
        self.jvps, self.names = jvps, ()

    def rule(self, machine: Any) -> tuple[Any, ...]:
        return following.read_now(machine, self, "jvps") if self.jvps else super().rule(machine)

    def told(self, functions: tuple[Any, ...]) -> Any:
        """The function that a message names."""
        return next((f for f in functions if f is not None), self.function)

    def applied(self, machine: Any, functions: Any, nondiff: list[Any], primals: Any, tangents: Any, call: Any) -> tuple[Any, Any]:
        """The value and its tangent."""
        if not self.jvps:
            return following.pair_of(machine, functions[0], nondiff, primals, tangents, call)
        if len(functions) != len(primals):
            raise RuleError(f"{asking.title(self)}() takes {len(primals)} arguments, and defjvps has {len(functions)} functions", None,
                            "give one for each argument, or None")  # fmt: skip
        return following.summed(machine, self, functions, primals, tangents)

    def trace(self, machine: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return following.by_jvp(machine, self, self.by_position(args, kwargs))


class _MakesJvp(Protocol):
    """`custom_jvp(nondiff_argnums=...)` as a decorator."""

    def __call__(self, function: Callable[P, R], /) -> CustomJvp[P, R]: ...


@overload
def custom_jvp(function: Callable[P, R], nondiff_argnums: int | Iterable[int] = ()) -> CustomJvp[P, R]: ...
@overload
def custom_jvp(function: None = None, nondiff_argnums: int | Iterable[int] = ()) -> _MakesJvp: ...
@entry
def custom_jvp(function: Any = None, nondiff_argnums: int | Iterable[int] = ()) -> Any:
    """A function whose tangent is given: decorator, with `f.defjvp(jvp)` or `f.defjvps(...)` after it, as in JAX.

    `jvp` takes a tuple of the arguments and a tuple of their tangents, of the same structures, shapes and dtypes (zeros for what is not
    differentiated, None for what has no derivative), and returns `(value, tangent)`. The tangent has to be linear in the given ones (where
    it is not, the result is NaN); None stands for zeros. Both forward and reverse mode follow from it: reverse mode transposes it. The
    arguments in `nondiff_argnums` are not differentiated; `jvp` gets them first. `defjvps` takes one function for each argument, which gets
    its tangent, the value, and all arguments. `custom_vjp` says more about arguments, values and refusals.

    >>> import math, s2sad
    >>> @s2sad.custom_jvp
    ... def log1pexp(x):
    ...     return math.log(1.0 + math.exp(x))
    >>> @log1pexp.defjvp
    ... def log1pexp_jvp(primals, tangents):
    ...     (x,), (x_dot,) = primals, tangents
    ...     return log1pexp(x), (1.0 - 1.0 / (1.0 + math.exp(x))) * x_dot
    >>> s2sad.grad(log1pexp)(0.0), s2sad.grad(s2sad.grad(log1pexp))(0.0)
    (0.5, 0.25)
    """
    if function is None:
        return functools.partial(custom_jvp, nondiff_argnums=nondiff_argnums)
    return CustomJvp(function, nondiff_argnums)


__all__ = ["CustomJvp", "CustomVjp", "custom_jvp", "custom_vjp", "stop_gradient"]
