"""Functions that the rules of scipy.special call by name: derivatives that SciPy has no function for, to any order.

They take Python numbers and arrays, and keep float32. SciPy is not needed.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np


def like(x: Any, result: Any) -> Any:
    """The result in the precision of `x`."""
    narrow = getattr(x, "dtype", None) in (np.float32, np.complex64)
    kind = np.result_type(result.dtype.type(0), np.complex64 if result.dtype.kind == "c" else np.float32)
    return result.astype(np.complex64 if kind.kind == "c" else np.float32)[()] if narrow else result[()]


# Polygamma functions of complex numbers

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)


def complex_polygamma(n: int, z: Any) -> Any:
    """The n-th derivative of the digamma function, by recurrence (DLMF 5.15.5), its asymptotic series (5.15.9) and reflection (5.15.6).

    >>> complex(np.round(complex_polygamma(1, 1.0 + 0.0j), 12)), round(math.pi**2 / 6, 12)
    ((1.644934066848+0j), 1.644934066848)
    """
    value = np.asarray(z, np.complex128)
    left = value.real < 0.0
    right = polygamma_right(n, np.where(left, 1.0 - value, value))
    if not np.any(left):
        return like(z, right)
    return like(z, np.where(left, (-1.0) ** n * right - _cotangent_derivative(n, np.where(left, value, 0.5)), right))


def polygamma_right(n: int, z: Any) -> Any:
    steps = 20 + 2 * n
    total = sum((math.factorial(n) * (z + k) ** -(n + 1.0) for k in range(steps)), np.zeros_like(z))
    w = z + steps
    total += 0.5 * math.factorial(n) * w ** -(n + 1.0) + (math.factorial(n - 1) * w ** -float(n) if n else -np.log(w))
    for k, b in enumerate(BERNOULLI, start=1):
        total += b * math.factorial(2 * k + n - 1) / math.factorial(2 * k) * w ** -(2.0 * k + n)
    return (-1.0) ** (n + 1) * total


def _cotangent_derivative(n: int, z: Any) -> Any:
    """The n-th derivative of `pi * cot(pi * z)`, a polynomial in the cotangent, whose derivative is `-(1 + cot ** 2)`."""
    polynomial = np.polynomial.Polynomial([0.0, 1.0])
    for _ in range(n):
        polynomial = polynomial.deriv() * np.polynomial.Polynomial([-1.0, 0.0, -1.0])
    return math.pi ** (n + 1) * polynomial(1.0 / np.tan(math.pi * (z - np.round(z.real))))


# Derivatives of the zeta function of Hurwitz by its exponent


def zeta_derivative(x: Any, q: Any, n: int = 1) -> Any:
    """The n-th derivative by `x` of the sum of `(q + k) ** -x`: by the formula of Euler and Maclaurin (DLMF 25.11.7), term by term.

    >>> round(float(zeta_derivative(2.0, 1.0)), 12)
    -0.937548254316
    """
    s, first = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(q, np.float64))
    a = first + HEAD
    total = sum((_power_derivative(first + k, s, n) for k in range(HEAD)), np.zeros(s.shape))
    total = total + _quotient(_taylor_of_power(a, s - 1.0, n), s - 1.0)[n] + 0.5 * _power_derivative(a, s, n)
    rising = [s, *[np.ones(s.shape)] * min(n, 1), *[np.zeros(s.shape)] * (n - 1)]
    for k, b in enumerate(BERNOULLI, start=1):
        decay = _taylor_of_power(a, s + (2.0 * k - 1.0), n)
        total = total + b / math.factorial(2 * k) * math.factorial(n) * sum(rising[i] * decay[n - i] for i in range(n + 1))
        rising = _times(_times(rising, s + (2.0 * k - 1.0)), s + 2.0 * k)
    return like(x, total)


HEAD = 14  # terms that are summed one by one


def _power_derivative(a: Any, s: Any, n: int) -> Any:
    return (-np.log(a)) ** n * a**-s


def _taylor_of_power(a: Any, s: Any, n: int) -> list[Any]:
    """The coefficients of `a ** -(s + t)` in `t`."""
    return [(-np.log(a)) ** i / math.factorial(i) * a**-s for i in range(n + 1)]


def _times(series: list[Any], constant: Any) -> list[Any]:
    """A series in `t` times `constant + t`."""
    return [c * constant + (series[i - 1] if i else 0.0) for i, c in enumerate(series)]


def _quotient(series: list[Any], constant: Any) -> list[Any]:
    """The derivatives at 0 of a series in `t` over `constant + t`."""
    found: list[Any] = []
    for c in series:
        found.append((c - found[-1] if found else c) / constant)
    return [math.factorial(i) * c for i, c in enumerate(found)]


# Integrals of Carlson, and all their derivatives


def carlson(x: Any, y: Any, z: Any, p: Any, a: float = 0.5, b: float = 0.5, c: float = 0.5, d: float = 0.0, k: float = 0.0) -> Any:
    """The integral over positive t of `t**k * (t + x)**-a * (t + y)**-b * (t + z)**-c * (t + p)**-d`.

    A derivative of it is one of its kind. In the logarithm of t the integrand is analytic in a strip, so that the trapezoidal rule gives
    all digits. NaN where an argument is negative, or next to that.

    >>> round(float(carlson(1.0, 2.0, 3.0, 1.0) / 2.0), 12)  # scipy.special.elliprf(1.0, 2.0, 3.0)
    0.726945935469
    """
    given = np.broadcast_arrays(*(np.asarray(v, np.result_type(v, np.float64))[..., None] for v in (x, y, z, p)))
    low, high = _bounds(np.abs(np.stack(given)))
    used = [(v, e) for v, e in zip(given, (a, b, c, d), strict=True) if e]
    cut = math.pi - np.max(np.abs(np.stack([np.angle(v) for v, _ in used])), axis=0)  # to the negative numbers, where there is a pole
    step = min(0.5, 0.16 * float(np.min(cut, initial=math.pi, where=cut > 0.03)))
    t = np.exp(np.arange(low, high, step))
    with np.errstate(all="ignore"):
        total = step * np.sum(math.prod([(t + v) ** -e for v, e in used], start=t ** (k + 1.0)), axis=-1)
    at_zero = sum(np.where(v[..., 0] == 0, e, 0.0) for v, e in used)
    return like(x, np.where(cut[..., 0] > 0.03, np.where(at_zero < k + 1.0, total, np.inf), np.nan))


def _bounds(sizes: Any) -> tuple[float, float]:
    """Between which logarithms of t the integrand counts; arguments that are 0 leave a root of t."""
    some = sizes[(sizes > 0.0) & np.isfinite(sizes)]
    return (math.log(some.min()) - 76.0, math.log(some.max()) + 76.0) if some.size else (0.0, 0.0)


# The kernel of Dirichlet


def diric_derivative(x: Any, n: Any, k: int = 1) -> Any:
    """The k-th derivative of the mean of `cos(c * x)` over the n numbers c with steps of 1 that lie evenly around 0; NaN for other n.

    >>> round(float(diric_derivative(0.5, 3)), 12)
    -0.319617025736
    """
    values, count = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(n, np.float64))
    whole = (count > 0.0) & (count == np.floor(count))
    total, turn = np.zeros(values.shape), (1.0, -1.0, -1.0, 1.0)[k % 4]
    for j in range(int(np.max(count, initial=0.0, where=whole))):
        c = j - 0.5 * (count - 1.0)
        total = total + np.where(j < count, turn * c**k * (np.sin if k % 2 else np.cos)(c * values), 0.0)
    return like(x, np.where(whole, total / np.where(whole, count, 1.0), np.nan))


# Derivatives of the incomplete gamma function by its shape, as series in a small change of the shape


def gammainc_derivative(a: Any, x: Any, n: int = 1) -> Any:
    """The n-th derivative by `a` of the regularised incomplete gamma function: below `a + 1` by its power series (DLMF 8.7.1), above by
    an integral for what is missing to 1 (8.6.7), both term by term.

    >>> round(float(gammainc_derivative(2.0, 1.5)), 12), round(float(gammainc_derivative(2.0, 4.5)), 12)
    (-0.313488637825, -0.079248842127)
    """
    shape, value = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(x, np.float64))
    there = (shape > 0.0) & (value > 0.0) & np.isfinite(value)
    below = there & (value < shape + 1.0)
    above = there & ~below
    low = _gamma_below(np.where(below, shape, 1.0), np.where(below, value, 1.0), n)
    high = _gamma_above(np.where(above, shape, 1.0), np.where(above, value, 3.0), n)
    outside = np.where((shape > 0.0) & (value >= 0.0), 0.0, np.nan)
    return like(x, np.where(below, low, np.where(above, -high, outside)))


def log_gamma(z: Any) -> Any:
    """`math.lgamma` of each element."""
    return np.reshape(np.array([math.lgamma(v) for v in np.ravel(z).tolist()], np.float64), np.shape(z))


def _power_over_gamma(a: Any, x: Any, shift: float, n: int) -> list[Any]:
    """The coefficients of `x ** (a + t) * exp(-x) / gamma(a + t + shift)` in `t`."""
    z = a + shift
    logs = [np.log(x) - polygamma_right(0, z), *[-polygamma_right(j - 1, z) / math.factorial(j) for j in range(2, n + 1)]]
    found = [np.exp(a * np.log(x) - x - log_gamma(z))]
    for m in range(1, n + 1):
        found.append(sum(j * logs[j - 1] * found[m - j] for j in range(1, m + 1)) / m)
    return found


def _gamma_below(a: Any, x: Any, n: int) -> Any:
    term = _power_over_gamma(a, x, 1.0, n)
    total, k = term, 0
    while np.any(term[0] > 1e-20 * total[0]):
        k += 1
        following: list[Any] = []
        for c in term:
            following.append((x * c - (following[-1] if following else 0.0)) / (a + k))
        term = following
        total = [one + other for one, other in zip(total, term, strict=True)]
    return math.factorial(n) * total[n]


def _gamma_above(a: Any, x: Any, n: int) -> Any:
    """Over the logarithm `s` of what is integrated, in units of `x`, with nodes that lie denser than any power of `s` near 0."""
    u = np.arange(-4.0, 5.0, 1.0 / 32.0)
    s = np.exp(u - np.exp(-u)) / (x - a + np.sqrt(x))[..., None]
    with np.errstate(over="ignore"):
        weights = np.exp(a[..., None] * s - x[..., None] * np.expm1(s)) * s * (1.0 + np.exp(-u)) / 32.0
    moments = [np.sum(s**i * weights, axis=-1) / math.factorial(i) for i in range(n + 1)]
    factor = _power_over_gamma(a, x, 0.0, n)
    return math.factorial(n) * sum(factor[n - i] * moments[i] for i in range(n + 1))
