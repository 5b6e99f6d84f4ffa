"""Rules of scipy.integrate: integrals of functions, by their limits, and by what the functions are given and know.

The value is SciPy's, and the derivative an integral as well, which is computed anew. What has not converged has none.
"""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import scipy.integrate

from s2sad.rules.following import means
from s2sad.rules.solving import constant, in_place_of, integral, refused, varies

ROUNDED = "The occurrence of roundoff error is detected"  # no more digits than there are
NEAR = 1e-14


def _tuple(args: Any) -> Any:
    return args if isinstance(args, tuple) else (args,)


# quad


def _at(x: Any, f: Any, args: Any, part: Any, *rest: Any) -> Any:
    value = f(x, *args)
    return value if part == "" else np.real(value) if part == "real" else np.imag(value)


def _run_quad(a: Any, b: Any, f: Any, args: Any, part: Any, options: Any) -> Any:
    return _quadrature(f, a, b, args, part, options)


def _quadrature(f: Any, a: Any, b: Any, args: Any, part: Any, options: Any) -> Any:
    """What SciPy finds, and what it complains of. The warning comes as it would."""
    function = f if part == "" else lambda x, *given: getattr(f(x, *given), part)
    value, error, _, *message = scipy.integrate.quad(function, a, b, args, full_output=True, **options)
    if message:
        warnings.warn(message[0], scipy.integrate.IntegrationWarning, stacklevel=2)
    return value, _why(message), error


def _why(message: Any) -> str:
    return " ".join(message[0].split()) if message and not message[0].startswith(ROUNDED) else ""


def _one(f: Any, a: Any, b: Any, args: Any, part: Any, options: Any) -> Any:
    if options.get("weight") is not None:
        return _weighed(f, a, b, args, part, options)
    points = options.get("points")
    value, told = integral(_run_quad, _at, 0.0, [0.0], (a, b, points), f, args, part, options)
    if points is not None and varies(points):
        value = _in_pieces(value, points, a, b, f, args, part, options)
    return value, told[0]


def _quad(func: Any, a: Any, b: Any, args: Any = (), full_output: Any = 0, epsabs: Any = 1.49e-8, epsrel: Any = 1.49e-8, limit: Any = 50,
          points: Any = None, weight: Any = None, wvar: Any = None, wopts: Any = None, maxp1: Any = 50, limlst: Any = 50,
          complex_func: Any = False) -> Any:  # fmt: skip
    if full_output:
        refused("scipy.integrate.quad() has no derivative with full_output")
    options = {"epsabs": epsabs, "epsrel": epsrel, "limit": limit, "points": points, "maxp1": maxp1, "limlst": limlst, "weight": weight,
               "wvar": wvar, "wopts": wopts}  # fmt: skip
    if not complex_func:
        return _one(func, a, b, _tuple(args), "", options)
    (re, re_error), (im, im_error) = [_one(func, a, b, _tuple(args), part, options) for part in ("real", "imag")]
    return re + 1j * im, re_error + 1j * im_error


def _in_pieces(value: Any, points: Any, a: Any, b: Any, f: Any, args: Any, part: Any, options: Any) -> Any:
    """The same between points that move, where the function may jump: up to each, and from there on."""
    moving = np.asarray(points) * 1.0
    order = np.argsort(moving) if a < b else np.argsort(-moving)
    beside = NEAR * np.where(np.equal(moving, 0), 1.0, np.abs(constant(moving))) * (1.0 if a < b else -1.0)
    low, high = [a, *[moving[k] + beside[k] for k in order]], [*[moving[k] - beside[k] for k in order], b]
    whole = 0.0
    for start, end in zip(low, high, strict=True):
        whole = whole + integral(_run_quad, _at, 0.0, [0.0], (start, end, None), f, args, part, {**options, "points": None})[0]
    return in_place_of(constant(value), whole)


# With a weight: the product in a variable between 0 and 1, so that limits and exponents are parameters like others


def _weighed(f: Any, a: Any, b: Any, args: Any, part: Any, options: Any) -> Any:
    if np.isinf(a) or np.isinf(b):
        refused("scipy.integrate.quad() has no derivative with a weight and an infinite limit")
    if options["weight"] == "cauchy":
        refused("scipy.integrate.quad() has no derivative with the weight of Cauchy: take off the value there, and integrate the quotient")
    value, told = integral(_run_weighed, _product, 0.0, [0.0], (0.0, 1.0, None), f, a, b, args, part, options)
    return value, told[0]


def _run_weighed(zero: Any, one: Any, f: Any, a: Any, b: Any, args: Any, part: Any, options: Any) -> Any:
    return _quadrature(f, a, b, args, part, options)


def _product(t: Any, f: Any, a: Any, b: Any, args: Any, part: Any, options: Any) -> Any:
    x, kind, w = a + (b - a) * t, options["weight"], options["wvar"]
    value = _at(x, f, args, part) * (b - a)
    if kind == "cos":
        return value * np.cos(w * x)
    if kind == "sin":
        return value * np.sin(w * x)
    above, below = (b - a) * t, (b - a) * (1.0 - t)
    value = value * above ** w[0] * below ** w[1]
    if kind in ("alg-loga", "alg-log"):
        value = value * np.log(above)
    return value * np.log(below) if kind in ("alg-logb", "alg-log") else value


# Over several variables: from the last one inwards

EACH = "each"  # before limits of dblquad() and tplquad()


def _limits(limits: Any, outer: Any, args: Any) -> Any:
    """Those of one variable, by the ones around it: as nquad() has them, or two, each a number, or a function of x, or of x and y."""
    if isinstance(limits, tuple) and len(limits) == 3:
        return [limit(*outer[::-1]) if callable(limit) else limit for limit in limits[1:]]
    return limits(*outer, *args) if callable(limits) else limits


def _run_nested(a: Any, b: Any, points: Any, f: Any, ranges: Any, outer: Any, args: Any, opts: Any) -> Any:
    inner = [_for_nquad(limits, len(ranges) + len(outer) - 1 - k) for k, limits in enumerate(ranges[:-1])]
    value, error = scipy.integrate.nquad(f, [*inner, [a, b]], (*outer, *args), opts)
    return value, "", error


def _for_nquad(limits: Any, count: int) -> Any:
    return lambda *given: _limits(limits, given[:count], given[count:])


def _within(x: Any, points: Any, f: Any, ranges: Any, outer: Any, args: Any, opts: Any) -> Any:
    if len(ranges) == 1:
        return f(x, *outer, *args)
    return _nested(f, ranges[:-1], (x, *outer), args, opts[:-1])[0]


# A triple integral in an integral takes too long: with three variables it is over a cube


def _run_cube(zero: Any, one: Any, f: Any, ranges: Any, outer: Any, args: Any, opts: Any) -> Any:
    low, high = _limits(ranges[-1], outer, args)
    return _run_nested(low, high, None, f, ranges, outer, args, opts)


def _in_cube(t: Any, f: Any, ranges: Any, outer: Any, args: Any, opts: Any) -> Any:
    around, size = outer, 1.0
    for k in range(len(ranges)):
        low, high = _limits(ranges[-1 - k], around, args)
        x, rate = _stretched(t[k], low, high)
        around, size = (x, *around), size * rate
    return f(*around, *args) * size


def _stretched(t: Any, low: Any, high: Any) -> Any:
    """A point between limits for one between 0 and 1, and how fast it moves."""
    if np.isinf(low) and np.isinf(high):
        return (t - 0.5) / (t * (1.0 - t)) * np.sign(high), (0.5 / t**2 + 0.5 / (1.0 - t) ** 2) * np.sign(high)
    if np.isinf(high):
        return low + np.sign(high) * t / (1.0 - t), np.sign(high) / (1.0 - t) ** 2
    if np.isinf(low):
        return high + np.sign(low) * (1.0 - t) / t, -np.sign(low) / t**2
    return low + (high - low) * t, high - low


def _nested(f: Any, ranges: Any, outer: Any, args: Any, opts: Any) -> Any:
    low, high = _limits(ranges[-1], outer, args)
    options = opts[-1](*outer, *args) if callable(opts[-1]) else opts[-1]
    points = options.get("points")
    if options.get("weight") is not None or (points is not None and varies(points)):
        refused("scipy.integrate.nquad() has no derivative with a weight, or by points: quad() has, and may be nested")
    if len(ranges) > 2:
        value, told = integral(_run_cube, _in_cube, 0.0, [0.0], (0.0, 1.0, None, len(ranges)), f, ranges, outer, args, opts)
        return value, told[0]
    value, told = integral(_run_nested, _within, 0.0, [0.0], (low, high, points), points, f, ranges, outer, args, opts)
    return value, told[0]


def _nquad(func: Any, ranges: Any, args: Any = None, opts: Any = None, full_output: Any = False) -> Any:
    if full_output:
        refused("scipy.integrate.nquad() has no derivative with full_output")
    options = [{}] * len(ranges) if opts is None else [opts] * len(ranges) if isinstance(opts, dict) else list(opts)
    return _nested(func, list(ranges), (), () if args is None else _tuple(args), options)


def _dblquad(func: Any, a: Any, b: Any, gfun: Any, hfun: Any, args: Any = (), epsabs: Any = 1.49e-8, epsrel: Any = 1.49e-8) -> Any:
    options = {"epsabs": epsabs, "epsrel": epsrel}
    return _nested(func, [(EACH, gfun, hfun), (a, b)], (), args, [options] * 2)


def _tplquad(func: Any, a: Any, b: Any, gfun: Any, hfun: Any, qfun: Any, rfun: Any, args: Any = (), epsabs: Any = 1.49e-8,
             epsrel: Any = 1.49e-8) -> Any:  # fmt: skip
    options = {"epsabs": epsabs, "epsrel": epsrel}
    return _nested(func, [(EACH, qfun, rfun), (EACH, gfun, hfun), (a, b)], (), args, [options] * 3)


# Of many functions at once


def _vector_at(x: Any, f: Any, args: Any, options: Any) -> Any:
    return f(x, *args)


def _like_vector(a: Any, b: Any, f: Any, args: Any, options: Any) -> Any:
    """A value between the limits."""
    low = np.where(np.isfinite(a), a, np.where(np.isfinite(b), b - 1.0, -0.7)) * 1.0
    high = np.where(np.isfinite(b), b, low + 1.0) * 1.0
    return f(0.5 * (low + high), *args)


def _run_vector(a: Any, b: Any, f: Any, args: Any, options: Any) -> Any:
    value, error, told = scipy.integrate.quad_vec(f, a, b, full_output=True, args=args, **options)
    if np.iscomplexobj(value):
        return value, "it is complex; take real and imaginary parts", error
    return value, "" if told.success or told.status == ROUNDING else told.message, error


ROUNDING = 2


def _quad_vec(f: Any, a: Any, b: Any, epsabs: Any = 1e-200, epsrel: Any = 1e-8, norm: Any = "2", cache_size: Any = 100e6,
              limit: Any = 10000, workers: Any = 1, points: Any = None, quadrature: Any = None, full_output: Any = False, *,
              args: Any = ()) -> Any:  # fmt: skip
    if full_output or (points is not None and varies(points)):
        refused("scipy.integrate.quad_vec() has no derivative with full_output, or by points; quad() has one by points")
    options = {"epsabs": epsabs, "epsrel": epsrel, "norm": norm, "cache_size": cache_size, "limit": limit, "workers": workers,
               "points": points, "quadrature": quadrature}  # fmt: skip
    value, told = integral(_run_vector, _vector_at, _like_vector, [0.0], (a, b, points), f, _tuple(args), options)
    return value, told[0]


means("scipy.integrate.quad", _quad)
means("scipy.integrate.dblquad", _dblquad)
means("scipy.integrate.tplquad", _tplquad)
means("scipy.integrate.nquad", _nquad)
means("scipy.integrate.quad_vec", _quad_vec)
