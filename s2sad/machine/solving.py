"""What a solver finds has the derivative that equations say, by the implicit function theorem: one linear solve, whatever the solver does.

For the solution `x` of `r(x, p) = 0` it is `dx = -(dr/dx)**-1 (dr/dp) dp`. The parameters are all numbers that the solver is given, those
in the free names of functions as well. The derivative of the residual is code like any other, so it can be differentiated again.
"""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import CannotKeep, MissingRule
from s2sad.machine import belonging, custom, handed
from s2sad.machine.callables import SPECIAL, Transform
from s2sad.machine.jacobians import jacobian
from s2sad.machine.kept_outside import refuse_held
from s2sad.machine.traced import Traced
from s2sad.machine.transforms import Inputs, differentiable, pull_back, value_and_grad
from s2sad.quickly import dataclass
from s2sad.rules import solving
from s2sad.runtime import asking

Machine = Any
APART, NEAR = 1e-3, 1e-5
"""How far from a solution the equation may say that it is, as a part of what was found, or at all: what is further away is none."""
SPREAD = 1e13
SINGULAR = "the equation does not say at the solution which way the unknowns go, for its matrix is singular there"


@dataclass(frozen=True)
class Solution(Transform):
    """A solver as a function of the leaves of what it is given."""

    solver: Callable[..., Any]
    residual: Callable[..., Any]
    plan: Any
    nondiff = ()

    @property
    def function(self) -> Any:
        return _Run(self)

    @property
    def __name__(self) -> str:
        return asking.title(self.solver).strip("_")

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return custom.by_pullback(machine, self, args)

    def rule(self, machine: Machine) -> tuple[Any, ...]:
        return _Forward(self), _Backward(self)


class _Part(Transform):
    def __init__(self, of: Solution) -> None:
        self.of = of
        self.__name__ = of.__name__

    def __call__(self, *args: Any) -> Any:
        raise NotImplementedError


class _Run(_Part):
    """The solver on plain values."""

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        leaves, like, known = args
        call = [self.of.solver, self.of.plan, leaves]
        if machine.on_types:
            x, *told = machine.levels.natively(found, [*call, tuple(known)], [like, *known.values()])
            return x, "", dict(zip(known, told, strict=True))
        x, why, telling, *told = machine.levels.natively(run, call, [like, "", ""])
        machine.guard_type(x)
        why, telling = machine.name("why", why), machine.name("told", telling)
        return x, why, dict(zip(names_in(machine.concrete(telling)), told, strict=True))


def run(solver: Callable[..., Any], plan: Any, leaves: list[Any]) -> list[Any]:
    """What a solver finds, why it does not, and what it tells, as far as that is numbers, texts and arrays."""
    given, unchanged = handed.plain(plan, leaves)
    x, why, told = solver(*given)
    unchanged()
    told = {name: value for name, value in told.items() if isinstance(value, (int, float, str, np.ndarray, np.generic, type(None)))}
    return [x, why, "; ".join(f"{name}: {_kind(value)}" for name, value in told.items()), *told.values()]


def _kind(value: Any) -> str:
    """The type of what is told, as it is read in generated code."""
    return f"{value.dtype}{list(value.shape)}" if isinstance(value, np.ndarray) else type(value).__name__


def names_in(telling: str) -> list[str]:
    """The names in what says of what names and types a solver's words are."""
    return [each.partition(":")[0] for each in telling.split("; ")] if telling else []


def found(solver: Callable[..., Any], plan: Any, leaves: list[Any], names: tuple[str, ...]) -> list[Any]:
    """What a solver finds and tells under these names. Raises what `check` raises."""
    x, why, telling, *values = run(solver, plan, leaves)
    check(why)
    told = dict(zip(names_in(telling), values, strict=True))
    return [x, *(told[name] for name in names)]


class _Forward(_Part):
    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        x, why, told = machine.call(self.of, *args)
        constant = custom.without_derivative(machine, told)
        return (x, why, constant), (x, why, constant, args[0])


class _Backward(_Part):
    """The cotangents of the parameters are those of the residual for minus the adjoint solution."""

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        (x, why, told, leaves), (g, *_) = args
        if not machine.on_types:
            machine.opaque(check, (why,), {})
        residual, matrix = jacobian(machine, _OfUnknown(self.of, told, leaves), 0, False, (x,), {}, "either")
        seen = custom.without_derivative(machine, [matrix, residual, x])
        matrix = machine.call(solving.in_place_of, machine.levels.natively(solved, seen, seen[:1])[0], matrix)
        w = machine.call(solving.adjoint, matrix, g)
        inputs = Inputs(machine, _OfParameters(self.of, told, x), (0,), (leaves,), {})
        try:
            value = machine.call(inputs.function, *inputs.args)
            return (*pull_back(machine, inputs, value, w), None, None)
        finally:
            inputs.close()


class _OfUnknown(_Part):
    def __init__(self, of: Solution, told: Any, leaves: Any) -> None:
        super().__init__(of)
        self.told, self.leaves = told, leaves

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return machine.call(self.of.residual, args[0], as_known(machine, self.told), *handed.followed(machine, self.of.plan, self.leaves))


class _OfParameters(_Part):
    def __init__(self, of: Solution, told: Any, x: Any) -> None:
        super().__init__(of)
        self.told, self.x = told, x

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return machine.call(self.of.residual, self.x, as_known(machine, self.told), *handed.followed(machine, self.of.plan, args[0]))


def check(why: str) -> None:
    """Raise ArithmeticError if a solver has found no solution."""
    if why:
        raise ArithmeticError(f"there is no derivative of what a solver has not found: {why}")


def solved(matrix: Any, residual: Any, x: Any) -> list[Any]:
    """The matrix as it is. Raises ArithmeticError where Newton's step says that the equation is solved elsewhere, or says nothing."""
    n = np.size(x)
    a, r = np.reshape(matrix, (n, n)).astype(float), np.ravel(residual).astype(float)
    if np.all(np.isfinite(a)) and np.all(np.isfinite(r)) and n:
        step = np.max(np.abs(np.linalg.solve(a, r))) if regular(a) else np.inf
        if not step <= max(APART * np.max(np.abs(x)), NEAR):
            why = "a solver has found a point that is no solution: a smaller tolerance may help" if step < np.inf else SINGULAR
            raise ArithmeticError(f"there is no derivative: {why}")
    return [matrix]


def regular(a: Any) -> bool:
    """Whether a matrix has an inverse, whatever the units of its rows and columns."""
    for axis in (1, 0):
        size = np.max(np.abs(a), axis=axis, keepdims=True)
        a = a / np.where(size == 0.0, 1.0, size)
    return bool(np.linalg.cond(a) < SPREAD)


def solution(machine: Machine, solver: Any, residual: Any, like: Any, known: Any, *given: Any) -> Any:
    leaves, plan = handed.apart(machine, list(given))
    x, _, told = machine.call(Solution(solver, residual, plan), leaves, custom.without_derivative(machine, like), known)
    told = {name: untold(machine, value, x) for name, value in custom.without_derivative(machine, told).items()}
    return x, as_known(machine, told)


def untold(machine: Machine, value: Any, x: Any) -> Any:
    """What is told beside the solution, as something that has a derivative which nobody knows."""
    return machine.call(solving.untold, value, x) if differentiable(value) else value


def as_known(machine: Machine, told: dict[str, Any]) -> dict[str, Any]:
    """What a solver tells, as far as it is known."""
    return _Known(machine, told) if machine.on_types else told


class _Known(dict[str, Any]):
    """What a solver tells where only types are known, of which the rest is not known."""

    def __init__(self, machine: Machine, told: dict[str, Any]) -> None:
        super().__init__(told)
        self.location = machine.location()

    def __missing__(self, name: str) -> Any:
        raise CannotKeep(f"what the solver tells as {name!r} is known from values alone", self.location, 'use control="record"')


def as_now(machine: Machine, value: Any) -> Any:
    if isinstance(value, Traced):
        return machine.fixed(value)
    if type(value) in (list, tuple):
        return type(value)([as_now(machine, one) for one in value])
    if not isinstance(value, np.ndarray):
        return value
    kept = machine.fixed(value)  # on the tape an array that holds what is differentiated is one like others
    return machine.call(np.array, value) if kept is value else kept


def is_as_then(machine: Machine, then: Any, given: Any) -> bool:
    if type(then) in (list, tuple):
        return len(then) == len(given) and all(map(functools.partial(is_as_then, machine), then, given))
    now = as_now(machine, given)
    for said in ("var", "name"):  # in code that is written, and on the tape
        if isinstance(now, Traced) and isinstance(then, Traced) and hasattr(now, said):
            return bool(getattr(now, said) == getattr(then, said))
    return now is then or (not isinstance(now, Traced) and not isinstance(then, Traced) and np.array_equal(now, then))


def unheld(machine: Machine, value: Any) -> Any:
    arrays = [held for held in belonging.reachable((value,)) if isinstance(held, np.ndarray)]
    if machine.holds((value,)) or machine.active(arrays):  # or on the tape what is differentiated has been written into one of its arrays
        refuse_held(machine, value)
    return value


def on_types(machine: Machine) -> bool:
    return bool(machine.on_types)


def refused(machine: Machine, why: str) -> Any:
    raise MissingRule(why, machine.location())


def slope(machine: Machine, function: Any, *args: Any) -> Any:
    return value_and_grad(machine, function, 0, False, args, {})[1]


SPECIAL[solving.solution] = solution
SPECIAL[solving.refused] = refused
SPECIAL[solving.slope] = slope
SPECIAL[solving.as_now] = as_now
SPECIAL[solving.is_as_then] = is_as_then
SPECIAL[solving.unheld] = unheld
SPECIAL[solving.on_types] = on_types
SPECIAL[solving.constant] = custom.without_derivative
