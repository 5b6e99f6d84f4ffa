"""Rules of scipy.integrate: sums of samples, and what has none. The value is SciPy's, the derivative that of the sum by its weights."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.integrate
import scipy.special

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow, means
from s2sad.rules.language import zero
from s2sad.rules.refusing import refuse
from s2sad.rules.solving import in_place_of
from s2sad.types import sampled

# What SciPy computes, as values


def trapezoid_of(y: Any, x: Any, dx: Any, axis: Any) -> Any:
    return scipy.integrate.trapezoid(y, x, dx, axis)


def simpson_of(y: Any, x: Any, dx: Any, axis: Any) -> Any:
    return scipy.integrate.simpson(y, x, dx=dx, axis=axis)


def romb_of(y: Any, x: Any, dx: Any, axis: Any) -> Any:
    return scipy.integrate.romb(y, dx, axis)


def cumulative_trapezoid_of(y: Any, x: Any, dx: Any, axis: Any, initial: Any) -> Any:
    return scipy.integrate.cumulative_trapezoid(y, x, dx, axis, initial)


def cumulative_simpson_of(y: Any, x: Any, dx: Any, axis: Any, initial: Any) -> Any:
    return scipy.integrate.cumulative_simpson(y, x=x, dx=dx, axis=axis, initial=initial)


def weights_of(n: Any, rule: str) -> Any:
    """The weights of samples at a distance of 1."""
    return {"simpson": scipy.integrate.simpson, "romb": scipy.integrate.romb}[rule](np.eye(n))


SUM, SUMS = Facts(gives=sampled.integrated), Facts(gives=sampled.accumulated)
zero("trapezoid_of(y, x, dx, axis)", facts=SUM)
zero("simpson_of(y, x, dx, axis)", facts=SUM)
zero("romb_of(y, x, dx, axis)", facts=SUM)
zero("cumulative_trapezoid_of(y, x, dx, axis, initial)", facts=SUMS)
zero("cumulative_simpson_of(y, x, dx, axis, initial)", facts=SUMS)
zero("weights_of(n, rule)", facts=Facts(gives=sampled.weights))


# The same by weights


def _last(values: Any, axis: Any) -> Any:
    return np.moveaxis(values, axis, -1)


def _spacings(y: Any, x: Any, axis: Any) -> Any:
    """The lengths of the intervals, along the last axis."""
    return np.diff(x) if np.ndim(x) == 1 else np.diff(_last(np.broadcast_to(x, np.shape(y)), axis))


def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: Any = -1) -> Any:
    y = np.asarray(y)
    rows = _last(y, axis)
    means_ = 0.5 * (rows[..., 1:] + rows[..., :-1])
    found = np.sum(means_ * (dx if x is None else _spacings(y, np.asarray(x), axis)), axis=-1)
    return in_place_of(trapezoid_of(y, x, dx, axis), found)


def _cumulative_trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: Any = -1, initial: Any = None) -> Any:
    y = np.asarray(y)
    rows = _last(y, axis)
    parts = 0.5 * (rows[..., 1:] + rows[..., :-1]) * (dx if x is None else _spacings(y, np.asarray(x), axis))
    return in_place_of(cumulative_trapezoid_of(y, x, dx, axis, initial), _added_up(parts, initial, axis))


def _added_up(parts: Any, initial: Any, axis: Any) -> Any:
    found = np.cumsum(parts, axis=-1)
    if initial is not None:
        found = np.concatenate((np.zeros((*np.shape(found)[:-1], 1)), found), axis=-1)
    return np.moveaxis(found, -1, axis)


def _by_weights(y: Any, dx: Any, axis: Any, rule: str) -> Any:
    return dx * (_last(y, axis) @ weights_of(np.shape(y)[axis], rule))


def _romb(y: Any, dx: Any = 1.0, axis: Any = -1, show: Any = False) -> Any:
    y = np.asarray(y)
    return in_place_of(romb_of(y, None, dx, axis), _by_weights(y, dx, axis, "romb"))


def _simpson(y: Any, x: Any = None, *, dx: Any = 1.0, axis: Any = -1) -> Any:
    y = np.asarray(y)
    found = _by_weights(y, dx, axis, "simpson") if x is None else _parabolas(y, np.asarray(x), axis)
    return in_place_of(simpson_of(y, x, dx, axis), found)


def _parabolas(y: Any, x: Any, axis: Any) -> Any:
    """By the parabolas through three neighbours each; over the last interval of an odd number by that through the last three."""
    rows, h = _last(y, axis), _spacings(y, x, axis)
    n = np.shape(rows)[-1]
    if n == 2:
        return 0.5 * h[..., 0] * (rows[..., 0] + rows[..., 1])
    first, second = _halves(rows, h)
    found = np.sum((first + second)[..., ::2], axis=-1)
    return found + second[..., -1] if n % 2 == 0 else found


def _halves(y: Any, h: Any) -> Any:
    """The integrals over the first and the second interval of the parabola through each three neighbours."""
    u, v = h[..., :-1], h[..., 1:]
    a, b, c = y[..., :-2], y[..., 1:-1], y[..., 2:]
    return _half(a, b, c, u, v), _half(c, b, a, v, u)


def _half(a: Any, b: Any, c: Any, u: Any, v: Any) -> Any:
    """From `a` to `b`, which are `u` apart; `c` is `v` away from `b`. It is exact of parabolas."""
    w = u + v
    return u * a / 2.0 + u * b / 2.0 - u**3 / 6.0 * ((c - b) / v - (b - a) / u) / w


def _cumulative_simpson(y: Any, *, x: Any = None, dx: Any = 1.0, axis: Any = -1, initial: Any = None) -> Any:
    y = np.asarray(y)
    rows = _last(y, axis)
    n = np.shape(rows)[-1]
    value = cumulative_simpson_of(y, x, dx, axis, initial)
    steps = dx if np.ndim(dx) == 0 else _last(dx, axis)
    h = steps * np.ones(n - 1) if x is None else _spacings(y, np.asarray(x), axis)
    if n < 3:
        parts = 0.5 * (rows[..., 1:] + rows[..., :-1]) * h
    else:
        first, second = _halves(rows, h)
        k = np.arange(n - 1)
        parts = np.where(np.equal(k % 2, 0) & np.less(k, n - 2), np.concatenate((first, first[..., -1:]), axis=-1),
                         np.concatenate((second[..., :1], second), axis=-1))  # fmt: skip
    found = np.cumsum(parts, axis=-1)
    if initial is not None:
        start = np.asarray(initial) if np.ndim(initial) == 0 else _last(initial, axis)
        found = np.concatenate((start * np.ones((*np.shape(found)[:-1], 1)), found + start), axis=-1)
    return in_place_of(value, np.moveaxis(found, -1, axis))


def nodes_of(n: Any) -> Any:
    """Gauss's points and weights."""
    return scipy.special.roots_legendre(n)


zero("nodes_of(n)")


def _fixed_quad(func: Any, a: Any, b: Any, args: Any = (), n: Any = 5) -> Any:
    points, weights = nodes_of(n)
    x = (b - a) * (points + 1) / 2.0 + a
    return (b - a) / 2.0 * np.sum(weights * func(x, *args), axis=-1), None


means("scipy.integrate.trapezoid", _trapezoid)
means("scipy.integrate.cumulative_trapezoid", _cumulative_trapezoid)
means("scipy.integrate.simpson", _simpson)
means("scipy.integrate.cumulative_simpson", _cumulative_simpson)
means("scipy.integrate.romb", _romb)
means("scipy.integrate.fixed_quad", _fixed_quad)
zero("scipy.integrate.lebedev_rule(n)")
refuse("scipy.integrate.newton_cotes", why="its weights are for whole numbers")
refuse("scipy.integrate.cubature", "scipy.integrate.tanhsinh",
       why="there is no rule for it; scipy.integrate.quad(), quad_vec() and nquad() have one")
refuse("scipy.integrate.nsum", why="there is no rule for it; np.sum() of enough terms has one")
refuse("scipy.integrate.qmc_quad", why="it takes points at random; the mean of a function over points of yours has one")
refuse("scipy.integrate.solve_bvp", why="there is no rule for it; the solution of its equations by scipy.optimize.root() has one")
follow("scipy.integrate.DOP853", "scipy.integrate.RK23", "scipy.integrate.RK45")
refuse("scipy.integrate.BDF", "scipy.integrate.LSODA", "scipy.integrate.Radau",
       why="its steps are not followed; solve_ivp() with method=s2sad.continuous('BDF') has the derivative of the equation")  # fmt: skip
refuse("scipy.integrate.OdeSolver", "scipy.integrate.DenseOutput", "scipy.integrate.OdeSolution", "scipy.integrate.complex_ode",
       "scipy.integrate.ode", why="it is made of steps that are not followed")  # fmt: skip
