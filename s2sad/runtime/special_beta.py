"""Derivatives of the incomplete beta function by its shapes, as series in small changes of both."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.runtime.special import like, log_gamma, polygamma_right

Series = list[list[Any]]  # the coefficient of `s ** i * t ** j` in row i, column j


def betainc_derivative(a: Any, b: Any, x: Any, i: int = 0, j: int = 0) -> Any:
    """The derivative of the regularised incomplete beta function, `i` times by `a` and `j` times by `b`: by its power series, of positive
    terms (DLMF 8.17.8), or what is missing to 1 (8.17.4), whichever is short.

    >>> round(float(betainc_derivative(2.0, 3.0, 0.4, i=1)), 12)
    -0.240869376088
    """
    given = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (a, b, x)))
    one, other, value = given
    there = (one > 0.0) & (other > 0.0) & (value > 0.0) & (value < 1.0)
    turned = there & (value * (one + other + 2.0) > one + 1.0)
    plain = there & ~turned
    low = _part([np.where(plain, v, w) for v, w in zip(given, (1.0, 1.0, 0.25), strict=True)], i, j)
    high = _part([np.where(turned, v, w) for v, w in ((other, 1.0), (one, 1.0), (1.0 - value, 0.25))], j, i)
    outside = np.where((one > 0.0) & (other > 0.0) & (value >= 0.0) & (value <= 1.0), 0.0, np.nan)
    return like(x, np.where(plain, low, np.where(turned, -high, outside)))


def _part(given: list[Any], i: int, j: int) -> Any:
    a, b, x = given
    term = _factor(a, b, x, i, j)
    total, k = term, 0
    while np.any(term[0][0] > 1e-20 * total[0][0]):
        term = _over(_times(term, x, a + b + k), a + 1.0 + k)
        total = [[p + q for p, q in zip(*rows, strict=True)] for rows in zip(total, term, strict=True)]
        k += 1
    return math.factorial(i) * math.factorial(j) * total[i][j]


def _times(series: Series, x: Any, constant: Any) -> Series:
    """A series times `x * (constant + s + t)`."""
    return [[x * (constant * c + (series[i - 1][j] if i else 0.0) + (row[j - 1] if j else 0.0)) for j, c in enumerate(row)]
            for i, row in enumerate(series)]  # fmt: skip


def _over(series: Series, constant: Any) -> Series:
    """A series over `constant + s`."""
    found: Series = []
    for row in series:
        found.append([(c - (found[-1][j] if found else 0.0)) / constant for j, c in enumerate(row)])
    return found


def _factor(a: Any, b: Any, x: Any, i: int, j: int) -> Series:
    """That of the series: `x ** a * (1 - x) ** b / (a * beta(a, b))`, a product of functions of s, of t and of `s + t`."""
    size = np.exp(a * np.log(x) + b * np.log1p(-x) + log_gamma(a + b) - log_gamma(a + 1.0) - log_gamma(b))
    by_s = _exponential(_slopes(a + 1.0, i, -1.0, np.log(x)))
    by_t = _exponential(_slopes(b, j, -1.0, np.log1p(-x)))
    by_both = _exponential(_slopes(a + b, i + j, 1.0, 0.0))
    return [[size * sum(by_s[m - p] * by_t[n - q] * by_both[p + q] * math.comb(p + q, p) for p in range(m + 1) for q in range(n + 1))
             for n in range(j + 1)] for m in range(i + 1)]  # fmt: skip


def _slopes(z: Any, n: int, sign: float, more: Any) -> list[Any]:
    """The coefficients of `sign * log(gamma(z + s)) + more * s` from the first power on."""
    return [sign * polygamma_right(m - 1, z) / math.factorial(m) + (more if m == 1 else 0.0) for m in range(1, n + 1)]


def _exponential(logs: list[Any]) -> list[Any]:
    """The coefficients of the exponential of a series without a constant."""
    found: list[Any] = [1.0]
    for m in range(1, len(logs) + 1):
        found.append(sum(n * logs[n - 1] * found[m - n] for n in range(1, m + 1)) / m)
    return found
