"""Solutions of differential equations have the derivative that the equation says: adjoint equations, solved backward in time.

For `y' = f(t, y, p)` and cotangents `g_k` of `y(t_k)` it is `l' = -(df/dy)' l`, with `l` growing by `g_k` at `t_k`; the cotangent of the
start is `l(t_0)`, that of the parameters the integral of `(df/dp)' l`, and that of a time `g_k f(t_k, y(t_k))` (Pontryagin 1962). So it is
the derivative of the exact solution, computed by DOP853, or LSODA for stiff equations, to eleven digits; that of the
steps that SciPy took differs from it by as much as these err.
"""
from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.loading import at_first_use
from s2sad.machine import custom, handed
from s2sad.machine.callables import SPECIAL, Transform
from s2sad.machine.solving import Solution, _Forward, _Known, _Part, check
from s2sad.machine.transforms import differentiable
from s2sad.quickly import dataclass
from s2sad.rules import solving

derivatives, forward = at_first_use("s2sad.api.derivatives"), at_first_use("s2sad.api.forward")
Machine = Any
ACCURACY = {False: {"method": "DOP853", "rtol": 1e-10, "atol": 1e-12}, True: {"method": "LSODA", "rtol": 1e-11, "atol": 1e-13}}
STIFF = frozenset({"Radau", "BDF", "LSODA"})
LEADING = 4  # leaves: the start, its time, the last time, the times that are asked for


@dataclass(frozen=True)
class Rate(Transform):
    """The right side of the equation, as a function of time, state and leaves."""

    rate: Callable[..., Any]
    plan: Any
    __name__ = "rate"

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        t, y, leaves = args
        return machine.call(self.rate, t, y, *handed.followed(machine, self.plan, leaves))

    def __call__(self, *args: Any) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Trajectory(Solution):
    """A solver of differential equations as a function of the leaves of what it is given."""

    def rule(self, machine: Machine) -> tuple[Any, ...]:
        return _Forward(self), _Backward(self)


class _Backward(_Part):
    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        (y, why, told, leaves), (g, *_) = args
        if not machine.on_types:
            machine.opaque(check, (why,), {})
        if machine.active([y, leaves]):
            raise MissingRule("the derivative of a solution of a differential equation is not differentiated again", machine.location(),
                              "for a second derivative, take the steps in a loop of your own")  # fmt: skip
        found = iter(machine.call(_Swept(self.of), g, leaves, told["t"]))
        return [next(found) if differentiable(leaf) else None for leaf in leaves], None, None


class _Swept(_Part):
    """The adjoint equation, which is linear in the cotangents of the solution."""

    nondiff = (1, 2)

    @property
    def function(self) -> Any:
        return _Natively(self.of, swept, lambda g, leaves: [leaf for leaf in leaves if differentiable(leaf)])

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return custom.by_pullback(machine, self, args)

    def rule(self, machine: Machine) -> tuple[Any, ...]:
        return _Again(self), _Ahead(self.of)


class _Again(_Part):
    def __init__(self, of: Any) -> None:
        super().__init__(of)

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        g, leaves, t = args
        return machine.call(self.of, *args), (g, leaves, t)


class _Ahead(_Part):
    """The transpose of the adjoint equation is that of the tangents."""

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        *_, (like, leaves, t), dots = args
        return (machine.call(_Natively(self.of, pushed, lambda dots, leaves: [like]), dots, leaves, t)[0],)


class _Natively(_Part):
    def __init__(self, of: Any, function: Callable[..., Any], like: Callable[..., Any]) -> None:
        super().__init__(of)
        self.run, self.like = function, like

    def trace(self, machine: Machine, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        given, leaves, t = args
        call = [self.of.solver, self.of.residual, self.of.plan, leaves, t, given]
        return machine.levels.natively(self.run, call, self.like(given, leaves))


class _Solved:
    """An equation on plain values: its solution at all times, and what is differentiated."""

    def __init__(self, rate: Any, plan: Any, leaves: list[Any]) -> None:
        self.rate, self.leaves, (y0, self.t0, tf) = Rate(rate, plan), leaves, leaves[: LEADING - 1]
        given, _ = handed.plain(plan, leaves)
        options = given[-1]
        self.options = ACCURACY[options.get("method") in STIFF]
        self.at = self.solve(lambda t, y: rate(t, y, *given), self.t0, tf, np.asarray(y0, dtype=float), dense_output=True).sol
        self.taken = [leaf for leaf in leaves[LEADING:] if differentiable(leaf)]
        self.given = given

    def here(self, t: float) -> Any:
        """The rate at a time."""
        return self.rate.rate(t, self.at(t), *self.given)

    def solve(self, function: Any, start: float, end: float, y: Any, **options: Any) -> Any:
        found = importlib.import_module("scipy.integrate").solve_ivp(function, (start, end), y, **self.options, **options)
        if not found.success:
            raise ArithmeticError(f"the equation for a derivative is not solved: {found.message}")
        return found

    def pulled(self, t: float, w: Any) -> tuple[Any, Any]:
        """The cotangents of the state and of the parameters for one of the rate."""
        _, pullback = derivatives.vjp(self.rate, float(t), self.at(t), self.leaves, argnums=(1, 2), backend="python")
        by_state, by_leaves = pullback(w)
        pairs = zip(by_leaves[LEADING:], self.leaves[LEADING:], strict=True)
        return by_state, self.joined([c for c, leaf in pairs if differentiable(leaf)])

    def joined(self, parts: Any) -> Any:
        return np.concatenate([np.zeros(0), *[np.ravel(part) for part in parts]])


def swept(solver: Any, rate: Any, plan: Any, leaves: list[Any], t: Any, g: Any) -> list[Any]:
    """The cotangents of the leaves for those of the solution at some times."""
    solved = _Solved(rate, plan, leaves)
    n = len(g)
    state, by_times = np.zeros(n + sum(np.size(leaf) for leaf in solved.taken)), np.zeros(len(t))

    def back(now: float, both: Any) -> Any:
        by_state, by_leaves = solved.pulled(now, both[:n])
        return -np.concatenate((by_state, by_leaves))

    for k in reversed(range(len(t))):
        state[:n] += g[:, k]
        by_times[k] = g[:, k] @ solved.here(t[k])
        before = t[k - 1] if k else solved.t0
        if before != t[k]:
            state = solved.solve(back, t[k], before, state).y[:, -1]
    return [*_of_leaves(leaves, solved, state, n, by_times)]


def _of_leaves(leaves: list[Any], solved: _Solved, state: Any, n: int, by_times: Any) -> Iterator[Any]:
    t0, t_eval = leaves[1], leaves[3]
    by_start, by_leaves = state[:n], np.split(state[n:], np.cumsum([np.size(leaf) for leaf in solved.taken])[:-1])
    own = t_eval is None  # the first and the last time are those of the solution
    leading = (by_start, -by_start @ solved.here(t0) + (by_times[0] if own else 0.0), by_times[-1] if own else 0.0, by_times)
    for leaf, part in zip((*leaves[:LEADING], *solved.taken), (*leading, *by_leaves), strict=False):
        if differentiable(leaf):
            yield np.reshape(part, np.shape(leaf)).astype(leaf.dtype) if isinstance(leaf, np.ndarray) else type(leaf)(np.ravel(part)[0])


def pushed(solver: Any, rate: Any, plan: Any, leaves: list[Any], t: Any, dots: list[Any]) -> list[Any]:
    """The tangents of the solution at some times for those of the leaves."""
    solved, given = _Solved(rate, plan, leaves), iter(dots)
    dot_of: list[Any] = [next(given) if differentiable(leaf) else None for leaf in leaves]
    dy0, dt0, dtf, dt_eval = dot_of[:LEADING]
    rest = [None if d is None else d * 0.0 if k < LEADING else d for k, d in enumerate(dot_of)]

    def ahead(now: float, v: Any) -> Any:
        return forward.jvp(solved.rate, (float(now), solved.at(now), leaves), (0.0, v, rest), backend="python")[1]

    start = np.asarray(dy0) - (0.0 if dt0 is None else dt0) * solved.here(solved.t0)
    rows, before = [], solved.t0
    for k, now in enumerate(t):
        if now != before:
            start = solved.solve(ahead, before, now, start).y[:, -1]
        before = now
        moved = (dt0 if k == 0 else dtf if k == len(t) - 1 else 0.0) if leaves[3] is None else dt_eval[k]
        rows.append(start + (moved or 0.0) * solved.here(now))
    return [np.stack(rows, axis=1)]


def trajectory(machine: Machine, solver: Any, rate: Any, like: Any, known: Any, *given: Any) -> Any:
    leaves, plan = handed.apart(machine, list(given))
    y, _, told = machine.call(Trajectory(solver, rate, plan), leaves, custom.without_derivative(machine, like), known)
    told = custom.without_derivative(machine, told)
    return y, _Known(machine, told) if machine.on_types else told


SPECIAL[solving.trajectory] = trajectory
