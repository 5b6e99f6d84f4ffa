"""Functions that rules and generated code call by name where plain NumPy would divide by zero, raise or run long.

Each of them is a primitive with a rule of its own, except `unbroadcast`, which is plain NumPy and is read like a user's
helper. They take Python numbers, NumPy scalars and arrays, and keep float32.
"""
from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np

ONE = np.int8(1)  # of a dtype that no array of floats is promoted for


def ratio(a: Any, b: Any) -> Any:
    """`a / b` with NumPy's infinity or NaN, without an exception, where `b` is 0: a derivative must not raise where the function does not.

    >>> ratio(0.5, 0.0), ratio(1.0, 4.0)
    (inf, 0.25)
    """
    try:
        return a / b
    except ZeroDivisionError:
        if isinstance(a, complex) or isinstance(b, complex):
            return complex(math.nan, math.nan)
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(x: Any, y: Any) -> Any:
    """`x ** y` with NumPy's infinity or NaN, without an exception, at a pole or on overflow: for the same reason as `ratio`.

    >>> power(0.0, -0.5), power(2.0, 3)
    (inf, 8.0)
    """
    try:
        if type(x) is float and type(y) in (float, int):
            return x**y
        with np.errstate(all="ignore"):
            return x**y
    except (ZeroDivisionError, OverflowError):
        with np.errstate(all="ignore"):
            kind = complex if isinstance(x, complex) or isinstance(y, complex) else float
            return kind(np.power(kind(x), kind(y)))


def power_derivative(x: Any, y: Any, dx: int = 0, dy: int = 0) -> Any:
    """The derivative of `x ** y`, `dx` times in `x` and `dy` times in `y`: its limit from the right where `x` is 0.

    It is `x ** (y - dx)` times a polynomial in `log(x)`. Differentiating `x ** e * log(x) ** k` in `x` gives
    `e * x ** (e - 1) * log(x) ** k + k * x ** (e - 1) * log(x) ** (k - 1)`, from which the coefficients follow.

    >>> power_derivative(3.0, 2, dx=1), power_derivative(0.0, 2, dy=1), power_derivative(0.0, 2, dx=3)
    (6.0, 0.0, 0.0)
    """
    if dy == 0 and type(x) is float and type(y) in (float, int):
        factor, p = math.prod([y - step for step in range(dx)]), power(x, y - dx)
        return factor * p if factor != 0 and p != 0 else 0.0
    if isinstance(y, np.integer):
        y = int(y)
    elif isinstance(y, np.ndarray) and y.dtype.kind in "iu":
        y = y.astype(np.result_type(x, y))  # y - dx and the coefficients may leave the range of small integers
    coefficients: list[Any] = [0] * dy + [1]
    for step in range(dx):
        following = [(k + 1) * c for k, c in enumerate(coefficients[1:])] + [0]
        coefficients = [(y - step) * c + d for c, d in zip(coefficients, following, strict=True)]
    p = power(x, y - dx)
    total = coefficients[-1]
    if dy:
        log = _log(x, p)
        for c in coefficients[-2::-1]:
            total = _product(total, log) + c
    return _product(total, p)


def _product(a: Any, b: Any) -> Any:
    """`a * b`, and 0 where one of them is 0, whatever the other; of the class of the product in any case."""
    with np.errstate(all="ignore"):
        if np.ndim(a) == np.ndim(b) == 0:
            return a * b if a != 0 and b != 0 else 0.0 * type(a * b)(0)
        product = a * b
        if np.ndim(a) == 0 and a != 0 and np.isfinite(a):
            return product
        zero = np.equal(a, 0) | np.equal(b, 0)
    return np.where(zero, 0.0, product) if zero.any() else product


def _log(x: Any, p: Any) -> Any:
    """The logarithm of `x`, complex where its power `p` is."""
    if isinstance(x, (np.ndarray, np.generic)):
        with np.errstate(all="ignore"):
            return np.log(x)
    if isinstance(p, complex):
        return cmath.log(x) if x != 0 else complex(-math.inf)
    return math.log(x) if x > 0 else (-math.inf if x == 0 else math.nan)


def of_class(c: Any, like: Any) -> Any:
    """A number of the class of another: a cotangent of a `np.float32` is a `np.float32`.

    >>> of_class(0.5, np.float32(2.0))
    np.float32(0.5)
    """
    return type(like)(c)


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """`g` summed over the axes along which an array of `shape` was broadcast: the adjoint of broadcasting.

    >>> unbroadcast(np.ones((2, 3)), (1, 3))
    array([[2., 2., 2.]])
    """
    if alike(np.shape(g), shape):
        return g
    if shape == ():
        return np.sum(g)
    extra = np.ndim(g) - len(shape)
    if alike(np.shape(g)[extra:], shape):
        return np.sum(g, axis=tuple(range(extra)) if extra > 1 else 0)
    stretched = [extra + i for i, n in enumerate(shape) if n == 1]
    return np.reshape(np.sum(g, axis=(*range(extra), *stretched)), shape)


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two shapes are the same; of sizes that are not known, whether they are known to be the same.

    >>> alike((2, 3), (2, 3)), alike((2, 1), (2,))
    (True, False)
    """
    return one == other


def summed_to(array: Any, shape: tuple[int, ...]) -> Any:
    """The same as `unbroadcast`, for code that finds out only when it runs along which axes an array was broadcast.

    >>> summed_to(np.ones((2, 3)), (1, 3))
    array([[2., 2., 2.]])
    """
    return unbroadcast(array, shape)


def share(c: Any, chosen: Any, tie: Any) -> Any:
    """The cotangent `c` where `chosen` holds, half of it where `tie` holds as well, and 0 elsewhere: the part of one argument of a `max`.

    >>> share(1.0, True, False), share(1.0, True, True), share(np.inf, False, False)
    (1.0, 0.5, 0.0)
    """
    return 0.5 * c if chosen and tie else c if chosen else 0.0 if type(c) is float else np.zeros_like(c)[()]


def halved(c: Any, tie: Any) -> Any:
    """The cotangent `c`, and half of it where `tie` holds: for `np.maximum` and the like, whose arguments share it evenly there.

    >>> halved(np.array([1.0, 1.0, np.inf]), np.array([False, True, False]))
    array([1. , 0.5, inf])
    """
    if not np.count_nonzero(tie):
        shape = np.shape(c) if np.shape(c) == np.shape(tie) else np.broadcast_shapes(np.shape(c), np.shape(tie))
        return c if np.shape(c) == shape else np.broadcast_to(c, shape)
    if isinstance(c, np.ndarray) and c.dtype.kind == "f":  # several times faster, and exact
        return c / (tie + ONE)
    return np.where(tie, 0.5 * c, c)


# The digamma function and its derivatives


def digamma(x: float) -> float:
    """The derivative of `math.lgamma`; NaN at its poles 0, -1, -2, ...

    >>> round(digamma(1.0), 12)
    -0.577215664902
    """
    return polygamma(0, x)


def polygamma(n: int, x: float) -> float:
    """The n-th derivative of the digamma function, for real `x`; NaN at the poles.

    Recurrence up to where the asymptotic series (DLMF 5.11.2, 5.15.8) holds to double precision, reflection
    (DLMF 5.15.6) for negative `x`.

    >>> round(polygamma(1, 1.0), 12), round(math.pi**2 / 6, 12)
    (1.644934066848, 1.644934066848)
    """
    x = float(x)
    if x <= 0.0:
        pole = x == math.floor(x)
        return math.nan if pole else (-1.0) ** n * polygamma(n, 1.0 - x) - _cotangent_derivative(n, x)
    enough = 20 + 2 * n
    steps = math.ceil(enough - x) if x < enough else 0
    poles = math.fsum(power(x + k, -(n + 1)) for k in range(steps))
    return (-1.0) ** (n + 1) * (math.factorial(n) * poles + _polygamma_series(n, x + steps))


BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)


def _polygamma_series(n: int, x: float) -> float:
    inverse = 1.0 / x
    first = -math.log(x) if n == 0 else math.factorial(n - 1) * inverse**n
    rest = 0.5 * math.factorial(n) * inverse ** (n + 1)
    for k, b in enumerate(BERNOULLI, start=1):
        rest += b * math.factorial(2 * k + n - 1) / math.factorial(2 * k) * inverse ** (2 * k + n)
    return first + rest


def _cotangent_derivative(n: int, x: float) -> float:
    """The n-th derivative of `pi * cot(pi * x)`, a polynomial in the cotangent: its derivative is `-(1 + cot ** 2)`."""
    r = math.pi * (x - round(x))
    cotangent = math.cos(r) / math.sin(r)
    polynomial = np.polynomial.Polynomial([0.0, 1.0])
    for _ in range(n):
        polynomial = polynomial.deriv() * np.polynomial.Polynomial([-1.0, 0.0, -1.0])
    return float(math.pi ** (n + 1) * polynomial(cotangent))


# Derivatives of np.sinc and np.i0


def sinc_derivative(x: Any, n: int = 1) -> Any:
    """The n-th derivative of `np.sinc`: its power series near 0, elsewhere from `t f' + f = cos(t)`, differentiated.

    >>> sinc_derivative(np.array([0.0, 1.0, 2.0])).round(12)
    array([ 0. , -1. ,  0.5])
    """
    t = np.pi * np.asarray(x, np.float64)
    near = np.abs(t) < n + 2.0
    small, large = np.where(near, t, 0.0), np.where(near, n + 2.0, t)
    series = np.zeros_like(t)
    for k in range((n + 1) // 2, 24 + 2 * n):
        series += (-1.0) ** k / (math.factorial(2 * k - n) * (2 * k + 1)) * small ** (2 * k - n)
    f = np.sin(large) / large
    for k in range(1, n + 1):
        f = (np.sin(large + 0.5 * np.pi * k) - k * f) / large
    return _like(x, np.pi**n * np.where(near, series, f))


def i0_derivative(x: Any, n: int = 1) -> Any:
    """The n-th derivative of `np.i0`: the mean over the circle of `cos(t) ** n * exp(x * cos(t))` (DLMF 10.32.1).

    The trapezoidal rule converges exponentially for it; 256 nodes, folded onto a quarter, serve every `x` whose
    exponential is finite. The fold leaves cosh or sinh, so nothing cancels near 0.

    >>> round(float(i0_derivative(1.0)), 12)
    0.565159103992
    """
    values = np.asarray(x, np.float64)
    even_or_odd = np.sinh if n % 2 else np.cosh
    total = np.zeros_like(values)
    for j in range(65):
        c = math.cos(math.pi * j / 128) if j < 64 else 0.0
        total += (2 if j in (0, 64) else 4) / 256 * c**n * even_or_odd(values * c)
    return _like(x, total)


def _like(x: Any, result: Any) -> Any:
    """The result in the precision of `x`."""
    kind = getattr(x, "dtype", None)
    return result.astype(kind)[()] if kind is not None and kind.kind == "f" else result[()]


# np.interp is linear in its values; these are its slope and the two transposes


def _segments(x: Any, xp: Any) -> tuple[Any, Any]:
    """The segment of each `x` (at a knot the one to the right, the last one ends with its knot) and its length."""
    i = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(len(xp) - 2, 0))
    return i, np.asarray(xp)[np.minimum(i + 1, len(xp) - 1)] - np.asarray(xp)[i]


def interp_slope(x: Any, xp: Any, fp: Any) -> Any:
    """The derivative of `np.interp(x, xp, fp)` in `x`: the slope of its segment, 0 outside.

    >>> interp_slope(np.array([0.5, 1.0, 2.5]), [0.0, 1.0, 2.0], [0.0, 3.0, 4.0])
    array([3., 1., 0.])
    """
    i, length = _segments(x, xp)
    values = np.asarray(fp)
    rise = values[np.minimum(i + 1, len(values) - 1)] - values[i]
    outside = (np.asarray(x) < xp[0]) | (np.asarray(x) > xp[-1]) | (len(values) == 1)
    return np.where(outside, 0.0, rise / np.where(outside, 1.0, length))[()]


def interp_spread(c: Any, x: Any, xp: Any, left: bool = False, right: bool = False) -> Any:
    """The adjoint of `np.interp(x, xp, fp)` in `fp`: each `c` goes to the two knots around its `x`.

    `left` and `right` say that a constant stands for the values outside, so that no knot receives anything there.

    >>> interp_spread(2.0, 0.25, [0.0, 1.0, 2.0])
    array([1.5, 0.5, 0. ])
    """
    i, length = _segments(x, xp)
    before, after = np.asarray(x) < xp[0], np.asarray(x) > xp[-1]
    weight = np.clip((x - np.asarray(xp)[i]) / np.where(length == 0, 1.0, length), 0.0, 1.0)
    kept = np.where((before & left) | (after & right), 0.0, c)
    out = np.zeros(len(xp), kept.dtype)
    np.add.at(out, i, kept * (1.0 - weight))
    np.add.at(out, np.minimum(i + 1, len(xp) - 1), kept * weight)
    return out


def interp_slope_spread(c: Any, x: Any, xp: Any) -> Any:
    """The adjoint of `interp_slope(x, xp, fp)` in `fp`, for second derivatives.

    >>> interp_slope_spread(2.0, 0.25, [0.0, 4.0, 5.0])
    array([-0.5,  0.5,  0. ])
    """
    i, length = _segments(x, xp)
    outside = (np.asarray(x) < xp[0]) | (np.asarray(x) > xp[-1]) | (len(xp) == 1)
    rate = np.where(outside, 0.0, c / np.where(outside, 1.0, length))
    out = np.zeros(len(xp), rate.dtype)
    np.add.at(out, np.minimum(i + 1, len(xp) - 1), rate)
    np.add.at(out, i, -rate)
    return out
