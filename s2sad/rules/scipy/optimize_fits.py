"""Rules of scipy.optimize: fits, and linear problems with bounds."""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import scipy.optimize
from scipy.optimize import OptimizeResult

from s2sad.rules.following import means
from s2sad.rules.scipy.bounded import held
from s2sad.rules.solving import constant, in_place_of, refused, slope, solution

MARGIN = 1e-9


# Least squares: at the solution the gradient of the cost is zero, its second derivative is that of the whole cost


def _rho(z: Any, loss: str) -> Any:
    """The losses by their names, of squares."""
    if loss == "linear":
        return z
    if loss == "soft_l1":
        return 2.0 * (np.sqrt(1.0 + z) - 1.0)
    if loss == "cauchy":
        return np.log1p(z)
    if loss == "arctan":
        return np.arctan(z)
    if loss == "huber":
        return np.where(z <= 1.0, z, 2.0 * np.sqrt(np.where(z <= 1.0, 1.0, z)) - 1.0)
    return refused("scipy.optimize.least_squares() has no derivative with a loss that is a function")


def _cost(x: Any, f: Any, args: Any, keywords: Any, loss: Any, scale: Any) -> Any:
    found = np.ravel(f(x, *args, **keywords))
    if isinstance(loss, str) and loss == "linear":
        return 0.5 * np.sum(found * found)
    return 0.5 * scale * scale * np.sum(_rho((found / scale) ** 2, loss))


def _of_squares(x: Any, told: Any, f: Any, args: Any, keywords: Any, loss: Any, scale: Any, bounds: Any, *rest: Any) -> Any:
    falling = slope(_cost, x, f, args, keywords, loss, scale)
    return held(x, falling, *_arrays(bounds))


def _run_squares(f: Any, args: Any, keywords: Any, loss: Any, scale: Any, bounds: Any, x0: Any, jac: Any, options: Any) -> Any:
    found = scipy.optimize.least_squares(f, x0, jac, bounds, args=args, kwargs=keywords, loss=loss, f_scale=scale, **options)
    return found.x, "" if found.success else found.message, {name: value for name, value in found.items() if name != "x"}


def _least_squares(fun: Any, x0: Any, jac: Any = "2-point", bounds: Any = (-np.inf, np.inf), method: Any = "trf", ftol: Any = 1e-8,
                   xtol: Any = 1e-8, gtol: Any = 1e-8, x_scale: Any = None, loss: Any = "linear", f_scale: Any = 1.0, args: Any = (),
                   kwargs: Any = None, **options: Any) -> Any:  # fmt: skip
    given = {"method": method, "ftol": ftol, "xtol": xtol, "gtol": gtol, "x_scale": x_scale, **options}
    keywords = {} if kwargs is None else kwargs
    like = np.zeros(np.size(x0))
    known = {"success": True, "status": 0, "message": "", "nfev": 0, "active_mask": np.zeros(np.size(x0), int), "cost": np.float64(0.0)}
    x, told = solution(_run_squares, _of_squares, like, known, fun, args, keywords, loss, f_scale, _two(bounds), x0, jac, given)
    told["cost"] = in_place_of(constant(told["cost"]), _cost(x, fun, args, keywords, loss, f_scale))
    told["fun"] = np.atleast_1d(fun(x, *args, **keywords))
    return OptimizeResult(x=x, **told)


def _arrays(bounds: Any) -> Any:
    return np.asarray(bounds[0]), np.asarray(bounds[1])


def _two(bounds: Any) -> Any:
    return (bounds.lb, bounds.ub) if isinstance(bounds, scipy.optimize.Bounds) else (bounds[0], bounds[1])


# Fits of curves


def _misfit(p: Any, f: Any, x: Any, y: Any, sigma: Any) -> Any:
    apart = f(x, *[p[i] for i in range(len(p))]) - y
    if sigma is None:
        return apart
    return np.linalg.solve(np.linalg.cholesky(sigma), apart) if np.ndim(sigma) == 2 else apart / sigma


def _fit_cost(p: Any, f: Any, x: Any, y: Any, sigma: Any) -> Any:
    apart = _misfit(p, f, x, y, sigma)
    return 0.5 * np.sum(apart * apart)


def _of_fit(p: Any, told: Any, f: Any, x: Any, y: Any, sigma: Any, bounds: Any, *rest: Any) -> Any:
    falling = slope(_fit_cost, p, f, x, np.asarray(y), sigma)
    return held(p, falling, *_arrays(bounds))


def _run_fit(f: Any, x: Any, y: Any, sigma: Any, bounds: Any, p0: Any, options: Any) -> Any:
    found = scipy.optimize.curve_fit(f, x, y, p0, sigma, bounds=bounds, full_output=True, **options)
    return found[0], "", {"pcov": found[1], "mesg": found[3], "ier": found[4], **found[2]}


def _curve_fit(f: Any, xdata: Any, ydata: Any, p0: Any = None, sigma: Any = None, absolute_sigma: Any = False, check_finite: Any = None,
               bounds: Any = (-np.inf, np.inf), method: Any = None, jac: Any = None, *, full_output: Any = False, nan_policy: Any = None,
               **kwargs: Any) -> Any:  # fmt: skip
    options = {"absolute_sigma": absolute_sigma, "check_finite": check_finite, "method": method, "jac": jac, "nan_policy": nan_policy,
               **kwargs}  # fmt: skip
    n = _how_many(f) if p0 is None else np.size(p0)
    xdata = np.asarray(xdata, dtype=float) if isinstance(xdata, (list, tuple)) else xdata  # as the function is given it
    x, told = solution(_run_fit, _of_fit, np.zeros(n), {"pcov": np.zeros((n, n))}, f, xdata, ydata, sigma, _two(bounds), p0, options)
    if not full_output:
        return x, told["pcov"]
    info = {name: value for name, value in told.items() if name not in ("pcov", "mesg", "ier")}
    return x, told["pcov"], info, told["mesg"], told["ier"]


def _how_many(f: Any) -> Any:
    return f.__code__.co_argcount - 1 if hasattr(f, "__code__") else refused("scipy.optimize.curve_fit() has no derivative without p0 here")


# Linear problems


def _residuals(p: Any, f: Any, args: Any) -> Any:
    found = f(p, *args)
    return 0.5 * np.sum(found * found)


def _of_residuals(p: Any, told: Any, f: Any, args: Any, *rest: Any) -> Any:
    return slope(_residuals, p, f, args)


def _run_leastsq(f: Any, args: Any, x0: Any, full_output: Any, options: Any) -> Any:
    x, cov, info, message, code = scipy.optimize.leastsq(f, x0, args, full_output=True, **options)
    if code not in (1, 2, 3, 4) and not full_output:
        warnings.warn(message, RuntimeWarning, stacklevel=2)
    return x, "" if code in (1, 2, 3, 4) else message, {**info, "cov": cov, "code": code, "message": message}


def _leastsq(func: Any, x0: Any, args: Any = (), Dfun: Any = None, full_output: Any = False, **options: Any) -> Any:
    args = args if isinstance(args, tuple) else (args,)
    known, given = {"code": 1, "message": "", "cov": None}, {"Dfun": Dfun, **options}
    x, told = solution(_run_leastsq, _of_residuals, np.zeros(np.size(x0)), known, func, args, x0, full_output, given)
    if not full_output:
        return x, told["code"]
    info = {name: value for name, value in told.items() if name not in ("cov", "code", "message")}
    return x, told["cov"], info, told["message"], told["code"]


def _of_nonnegative(x: Any, told: Any, a: Any, b: Any, *rest: Any) -> Any:
    return held(x, np.transpose(a) @ (a @ x - b), np.zeros(np.shape(x)), np.inf)


def _run_nnls(a: Any, b: Any, options: Any) -> Any:
    x, norm = scipy.optimize.nnls(a, b, **options)
    return x, "", {"norm": norm}


def _nnls(A: Any, b: Any, **options: Any) -> Any:
    a, b = np.asarray(A), np.asarray(b)
    x, told = solution(_run_nnls, _of_nonnegative, np.zeros(np.shape(a)[1]), {"norm": 0.0}, a, b, options)
    return x, in_place_of(constant(told["norm"]), np.linalg.norm(a @ x - b))


def _of_linear(x: Any, told: Any, a: Any, b: Any, bounds: Any, *rest: Any) -> Any:
    return held(x, np.transpose(a) @ (a @ x - b), *_arrays(bounds))


def _run_lsq_linear(a: Any, b: Any, bounds: Any, options: Any) -> Any:
    found = scipy.optimize.lsq_linear(a, b, bounds, **options)
    why = "" if found.success else found.message
    return found.x, why, {name: value for name, value in found.items() if name not in ("x", "unbounded_sol")}


def _lsq_linear(A: Any, b: Any, bounds: Any = (-np.inf, np.inf), **options: Any) -> Any:
    a, b, n = np.asarray(A), np.asarray(b), np.shape(A)[1]
    known = {"success": True, "status": 0, "message": "", "nit": 0, "active_mask": np.zeros(n, int), "cost": np.float64(0.0),
             "fun": np.zeros(np.shape(b))}  # fmt: skip
    x, told = solution(_run_lsq_linear, _of_linear, np.zeros(n), known, a, b, _two(bounds), options)
    apart = a @ x - b
    told["fun"] = in_place_of(constant(told["fun"]), apart)
    told["cost"] = in_place_of(constant(told["cost"]), 0.5 * np.dot(apart, apart))
    return OptimizeResult(x=x, **told)


# Linear programmes: a corner is where as many equations hold as there are unknowns


def _of_programme(x: Any, told: Any, c: Any, a: Any, b: Any, e: Any, f: Any, low: Any, high: Any, *rest: Any) -> Any:
    """The equations that hold at the corner, those of bounds, of inequalities and the given ones, one for each unknown."""
    parts = [] if e is None else [np.asarray(e) @ x - f]
    if a is not None:
        parts.append((np.asarray(a) @ x - b)[told["tight"]])
    parts.append(x[told["low"]] - low[told["low"]])
    parts.append(x[told["high"]] - high[told["high"]])
    return np.concatenate(parts)


def _run_linprog(c: Any, a: Any, b: Any, e: Any, f: Any, low: Any, high: Any, bounds: Any, options: Any) -> Any:
    found = scipy.optimize.linprog(c, a, b, e, f, bounds, **options)
    fields = {name: value for name, value in found.items() if name != "x"}
    if not found.success:
        return found.x, found.message, fields
    tight, at_low, at_high = (near_zero(v) for v in (found.slack, found.x - low, high - found.x))
    at_high &= ~at_low
    count = tight.sum() + at_low.sum() + at_high.sum() + (0 if e is None else len(f))
    why = "" if count == len(found.x) else "the solution is no corner at which as many constraints hold as there are unknowns"
    return found.x, why, {**fields, "tight": np.flatnonzero(tight), "low": np.flatnonzero(at_low), "high": np.flatnonzero(at_high)}


def near_zero(distance: Any) -> Any:
    return np.abs(np.asarray(distance, dtype=float)) < MARGIN


def _linprog(c: Any, A_ub: Any = None, b_ub: Any = None, A_eq: Any = None, b_eq: Any = None, bounds: Any = (0, None),
             **options: Any) -> Any:  # fmt: skip
    c, n = np.asarray(c), np.size(c)
    if isinstance(bounds, scipy.optimize.Bounds):
        low, high = np.broadcast_to(bounds.lb, n), np.broadcast_to(bounds.ub, n)
        bounds = [(low[i], high[i]) for i in range(n)]
    pairs = _each(bounds, n)
    low, high = np.array([_or(p[0], -np.inf) for p in pairs]), np.array([_or(p[1], np.inf) for p in pairs])
    x, told = solution(_run_linprog, _of_programme, np.zeros(n), {"fun": 0.0}, c, A_ub, b_ub, A_eq, b_eq, low, high, bounds, options)
    fields = {name: value for name, value in told.items() if name not in ("tight", "low", "high", "fun")}
    if x is None:
        return OptimizeResult(x=None, fun=None, **fields)
    return OptimizeResult(x=x, fun=in_place_of(constant(told["fun"]), np.dot(c, x)), **fields)


def _each(bounds: Any, n: int) -> Any:
    if bounds is None:
        return [(0, None)] * n
    return [bounds] * n if np.ndim(bounds[0]) == 0 else bounds


def _or(value: Any, other: float) -> Any:
    return other if value is None else value


means("scipy.optimize.least_squares", _least_squares)
means("scipy.optimize.leastsq", _leastsq)
means("scipy.optimize.curve_fit", _curve_fit)
means("scipy.optimize.nnls", _nnls)
means("scipy.optimize.lsq_linear", _lsq_linear)
means("scipy.optimize.linprog", _linprog)
