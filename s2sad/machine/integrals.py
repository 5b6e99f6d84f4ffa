"""Integrals of functions of the user's: by their limits they have the derivative that the function says, by all else that of the integrand.

Leibniz's rule: `d int_a^b f(x, p) dx = f(b, p) db - f(a, p) da + int_a^b (df/dp)(x, p) dx dp`. The last one is an integral again, of what
the pullback of the integrand gives, so it has the same kind of derivative, to any order. It is computed by adaptive Gauss-Kronrod rules.
"""
from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad import trees
from s2sad.loading import at_first_use
from s2sad.machine import custom, handed
from s2sad.machine.callables import SPECIAL, Transform
from s2sad.machine.solving import check, untold
from s2sad.machine.traced import Traced, strip
from s2sad.machine.transforms import Inputs, differentiable, pull_back
from s2sad.quickly import dataclass
from s2sad.rules import solving
from s2sad.runtime import asking

derivatives = at_first_use("s2sad.api.derivatives")
Machine = Any
ACCURACY = {"epsabs": 1e-11, "epsrel": 1e-9, "limit": 1000}
"""How accurate the integral is that a derivative is."""
IN_CUBE, FEW, MORE = {"atol": 1e-11, "rtol": 1e-8}, 12, 32
"""The same of one over a cube, and how often it is cut: with few points in each part, and then with many."""
ROUNDING = 2
"""What SciPy says of an integral that has no more digits than rounding leaves."""


@dataclass(frozen=True)
class Integrand(Transform):
    """What is integrated, as a function of the point and of the leaves of what it is given: a list of one number or array."""

    integrand: Callable[..., Any]
    plan: Any

    @property
    def __name__(self) -> str:
        return asking.title(self.integrand).strip("_")

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        x, leaves = args
        return [machine.call(self.integrand, x, *handed.followed(machine, self.plan, leaves))]

    def __call__(self, *args: Any) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Pulled(Transform):
    """The cotangents of the parameters of an integrand, for parameters and cotangents."""

    of: Any
    __name__ = "integrand"

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        x, (given, g) = args
        inputs = Inputs(machine, _At(self.of, x), (0,), (given,), {})
        try:
            value = machine.call(inputs.function, *inputs.args)
            (found,) = pull_back(machine, inputs, value, g)
        finally:
            inputs.close()
        leaves, cotangents = custom.flat(machine, given)[0], custom.flat(machine, found)[0]
        return [c for leaf, c in zip(leaves, cotangents, strict=True) if differentiable(leaf)]

    def __call__(self, *args: Any) -> Any:
        raise NotImplementedError


class _At(Transform):
    def __init__(self, of: Any, x: Any) -> None:
        self.of, self.x, self.__name__ = of, x, "integrand"

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return machine.call(self.of, self.x, *args)

    def __call__(self, *args: Any) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Integral(Transform):
    """`(parameters, a, b, points, like) -> ([the integrals], why, told)`; SciPy's own function computes that of the user's."""

    of: Any
    solver: Any
    known: Any
    axes: int = 0  # of the unit cube over which it is, if not from a to b
    nondiff = ()
    __name__ = "integral"

    @property
    def function(self) -> Any:
        return _Run(self)

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return custom.by_pullback(machine, self, args)

    def rule(self, machine: Machine) -> tuple[Any, ...]:
        return _Forward(self), _Backward(self)

    def __call__(self, *args: Any) -> Any:
        raise NotImplementedError


class _Run(_At):
    def __init__(self, of: Integral) -> None:
        super().__init__(of, None)

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        given, a, b, points, like = args
        if self.of.solver is not None:
            call = [self.of.solver, self.of.of.plan, given, a, b]
            if machine.on_types:
                value, *told = machine.levels.natively(sound, call, [like, *self.of.known])
                return [value], "", told
            value, why, *told = machine.levels.natively(run, call, [like, "", *self.of.known])
            return [value], why, told
        leaves, structure = custom.flat(machine, given)
        like = [leaf for leaf in custom.flat(machine, given[0])[0] if differentiable(leaf)]
        call = [self.of.of, handed.one_of_its_kind(structure), leaves, a, b, points, self.of.axes]
        return machine.levels.natively(rates, call, like), "", []


class _Forward(_Run):
    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        found, why, told = machine.call(self.of, *args)
        constant = custom.without_derivative(machine, told)
        return (found, why, constant), (why, *args[:4])


class _Backward(_Run):
    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        (why, given, a, b, points), (g, *_) = args
        if not machine.on_types:
            machine.opaque(check, (why,), {})
        leaves, structure = custom.flat(machine, given)
        found = iter(machine.call(Integral(Pulled(self.of.of), None, (), self.of.axes), (given, g), a, b, points, None)[0])
        whole = [next(found) if differentiable(leaf) else None for leaf in leaves]
        ends = [self.end(machine, given, end, g, sign) for end, sign in ((a, -1.0), (b, 1.0))]
        return trees.unflatten(structure, whole, machine.adopt), *ends, None, None

    def end(self, machine: Machine, given: Any, end: Any, g: Any, sign: float) -> Any:
        """The cotangent of a limit."""
        known = not (machine.on_types and isinstance(end, Traced))
        if not differentiable(end) or self.of.axes or (known and math.isinf(strip(end))):
            return None
        values = machine.call(self.of.of, end, given)
        products = [machine.call(np.sum, machine.binary("*", h, value)) for h, value in zip(g, values, strict=True)]
        total = products[0]
        for product in products[1:]:
            total = machine.binary("+", total, product)
        return machine.binary("*", total, sign)


def run(solver: Callable[..., Any], plan: Any, leaves: list[Any], a: Any, b: Any) -> list[Any]:
    """What SciPy's function finds, and why that is no integral."""
    given, unchanged = handed.plain(plan, leaves)
    found = solver(a, b, *given)
    unchanged()
    return list(found)


def sound(solver: Callable[..., Any], plan: Any, leaves: list[Any], a: Any, b: Any) -> list[Any]:
    """The same without the reason. Raises what `check` raises."""
    value, why, *told = run(solver, plan, leaves, a, b)
    check(why)
    return [value, *told]


def rates(of: Pulled, structure: trees.Structure, leaves: list[Any], a: Any, b: Any, points: Any, axes: int) -> list[Any]:
    """The integrals of the cotangents that the pullback of an integrand gives, with care at some points. Raises ArithmeticError where they
    do not converge."""
    like = [leaf for leaf in trees.flatten(trees.unflatten(structure, leaves)[0], opened=trees.EVERY)[0] if differentiable(leaf)]
    given, g = trees.unflatten(structure, [in_double(leaf) for leaf in leaves])

    def values(x: Any) -> Any:
        _, pullback = derivatives.vjp(of.of, x if axes else float(x), given, argnums=1, backend="python")
        found = trees.flatten(pullback(g), opened=trees.EVERY)[0]
        return np.concatenate([np.ravel(c) for c, leaf in zip(found, trees.flatten(given, opened=trees.EVERY)[0], strict=True)
                               if differentiable(leaf)]).astype(float)  # fmt: skip

    found = _over_cube(values, axes) if axes else _over_interval(values, a, b, points)
    parts = np.split(found, np.cumsum([np.size(leaf) for leaf in like])[:-1])
    return [part.reshape(leaf.shape).astype(leaf.dtype) if isinstance(leaf, np.ndarray) else type(leaf)(part[0])
            for part, leaf in zip(parts, like, strict=True)]  # fmt: skip


def in_double(leaf: Any) -> Any:
    """The leaf in double precision: what is computed in less is rough, and does not converge."""
    rough = isinstance(leaf, (np.ndarray, np.generic)) and differentiable(leaf)
    return leaf.astype(np.result_type(leaf, np.float64)) if rough else leaf


def _over_interval(values: Any, a: Any, b: Any, points: Any) -> Any:
    found, _, told = importlib.import_module("scipy.integrate").quad_vec(values, a, b, points=points, full_output=True, **ACCURACY)
    if not told.success and told.status != ROUNDING:
        raise ArithmeticError(f"the integral that is the derivative of an integral does not converge: {told.message}")
    return found


def _over_cube(values: Any, axes: int) -> Any:
    many = lambda rows: np.stack([values(row) for row in rows])
    cubature, ends = importlib.import_module("scipy.integrate").cubature, (np.zeros(axes), np.ones(axes))
    told = cubature(many, *ends, rule="genz-malik", max_subdivisions=FEW, **IN_CUBE)
    if told.status != "converged":
        told = cubature(many, *ends, rule="gk15", max_subdivisions=MORE, **IN_CUBE)
    if told.status != "converged":
        raise ArithmeticError("the integral that is the derivative of an integral does not converge: it would need too many points")
    return told.estimate


def integral(machine: Machine, solver: Any, integrand: Any, like: Any, known: Any, between: Any, *given: Any) -> Any:
    leaves, plan = handed.apart(machine, list(given))
    a, b, points, *axes = between
    if callable(like):
        like = machine.call(like, a, b, *given) if machine.on_types else 0.0
    points, like = custom.without_derivative(machine, (points, like))
    found, _, told = machine.call(Integral(Integrand(integrand, plan), solver, tuple(known), *axes), leaves, a, b, points, like)
    return found[0], [untold(machine, value, found[0]) for value in custom.without_derivative(machine, told)]


def varies(machine: Machine, value: Any) -> bool:
    return bool(machine.active(value))


SPECIAL[solving.varies] = varies
SPECIAL[solving.integral] = integral
