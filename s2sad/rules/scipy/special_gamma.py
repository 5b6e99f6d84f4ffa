"""Rules of scipy.special: the gamma function and what is made of it, among them the incomplete gamma and beta functions."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special

from s2sad.rules.facts import ELEMENTWISE, Facts
from s2sad.rules.language import elementwise, zero
from s2sad.rules.scipy.special import cython
from s2sad.runtime.special import complex_polygamma, gammainc_derivative
from s2sad.runtime.special_beta import betainc_derivative
from s2sad.types import families
from s2sad.types import special as types

# The gamma function and its logarithm
SOURCE = "DLMF 5.2.2, 5.15"
elementwise("scipy.special.gamma(z)", z="ans * scipy.special.psi(z)", facts=cython("gamma(z)"))
elementwise("scipy.special.gammaln(x)", x="scipy.special.psi(x)", facts=cython("gammaln(x)"))
elementwise("scipy.special.loggamma(z)", z="scipy.special.psi(z)", facts=cython("loggamma(z)"))
zero("scipy.special.gammasgn(x)", facts=Facts(gives=families.elementwise, native="scipy.special.cython_special.gammasgn(x)"))


def _trigamma(z: Any) -> Any:
    return complex_polygamma(1, z) if np.iscomplexobj(z) else scipy.special.polygamma(1, z)


elementwise("scipy.special.psi(z)", z="_trigamma(z)", facts=cython("psi(z)"))
elementwise("scipy.special.polygamma(n, x)", x="scipy.special.polygamma(n + 1, x)")
elementwise("complex_polygamma(n, z)", z="complex_polygamma(n + 1, z)")


def _rgamma_partial(z: Any) -> Any:
    """On the left by reflection (DLMF 5.5.3), which is finite at the poles of the gamma function: there the reciprocal is zero."""
    left = np.real(z) < 0.5
    low, high = np.where(left, z, 0.25), np.where(left, 0.75, z)
    turn = np.cos(np.pi * low) - np.sin(np.pi * low) / np.pi * scipy.special.psi(1.0 - low)
    return np.where(left, scipy.special.gamma(1.0 - low) * turn, -scipy.special.rgamma(high) * scipy.special.psi(high))


SOURCE = "DLMF 5.2.2, 5.5.3"
elementwise("scipy.special.rgamma(z)", z="_rgamma_partial(z)", facts=cython("rgamma(z)"))


def _multigamma_partial(a: Any, d: Any) -> Any:
    return np.sum(scipy.special.psi(np.expand_dims(a, -1) - 0.5 * np.arange(d)), axis=-1)


SOURCE = "DLMF 35.3.4"
elementwise("scipy.special.multigammaln(a, d)", a="_multigamma_partial(a, d)", may_raise=True,
            facts=ELEMENTWISE.but(gives=types.summed_over_dimensions))  # fmt: skip

# Beta function, quotients of gamma functions
SOURCE = "DLMF 5.2.5, 5.12.1"
elementwise("scipy.special.beta(a, b)", a="ans * (scipy.special.psi(a) - scipy.special.psi(a + b))",
            b="ans * (scipy.special.psi(b) - scipy.special.psi(a + b))", facts=cython("beta(a, b)"))  # fmt: skip
elementwise("scipy.special.betaln(a, b)", a="scipy.special.psi(a) - scipy.special.psi(a + b)",
            b="scipy.special.psi(b) - scipy.special.psi(a + b)", facts=cython("betaln(a, b)"))  # fmt: skip
elementwise("scipy.special.poch(z, m)", z="ans * (scipy.special.psi(z + m) - scipy.special.psi(z))",
            m="ans * scipy.special.psi(z + m)", facts=cython("poch(z, m)"))  # fmt: skip
elementwise("scipy.special.binom(n, k)", n="ans * (scipy.special.psi(n + 1.0) - scipy.special.psi(n - k + 1.0))",
            k="ans * (scipy.special.psi(n - k + 1.0) - scipy.special.psi(k + 1.0))", facts=cython("binom(n, k)"))  # fmt: skip


def _within(value: Any, N: Any, k: Any) -> Any:
    """0 where a number of choices is 0 because there are too few."""
    return np.where((k <= N) & (N >= 0) & (k >= 0), value, 0.0)


def _comb_by_all(ans: Any, N: Any, k: Any, repetition: bool) -> Any:
    if repetition:
        return ans * (scipy.special.psi(N + k) - scipy.special.psi(N))
    return _within(ans * (scipy.special.psi(N + 1.0) - scipy.special.psi(N - k + 1.0)), N, k)


def _comb_by_chosen(ans: Any, N: Any, k: Any, repetition: bool) -> Any:
    if repetition:
        return ans * (scipy.special.psi(N + k) - scipy.special.psi(k + 1.0))
    return _within(ans * (scipy.special.psi(N - k + 1.0) - scipy.special.psi(k + 1.0)), N, k)


elementwise("scipy.special.comb(N, k, exact=False, repetition=False)", N="_comb_by_all(ans, N, k, repetition)",
            k="_comb_by_chosen(ans, N, k, repetition)", may_raise=True)  # fmt: skip
elementwise("scipy.special.perm(N, k, exact=False)",
            N="_within(ans * (scipy.special.psi(N + 1.0) - scipy.special.psi(N - k + 1.0)), N, k)",
            k="_within(ans * scipy.special.psi(N - k + 1.0), N, k)", may_raise=True)  # fmt: skip


def _factorial_partial(n: Any, extend: str) -> Any:
    slope = scipy.special.gamma(n + 1.0) * scipy.special.psi(n + 1.0)
    return slope if extend == "complex" else np.where(n < 0, 0.0, slope)


elementwise("scipy.special.factorial(n, exact=False, extend='zero')", n="_factorial_partial(n, extend)", may_raise=True)


# Incomplete gamma functions: the density of the gamma distribution; by the shape a series
SOURCE = "DLMF 8.7.1, 8.8.13"
def gamma_density(a: Any, x: Any) -> Any:
    return np.exp(scipy.special.xlogy(a - 1.0, x) - x - scipy.special.gammaln(a))


def _density_by_shape(a: Any, x: Any, n: int) -> Any:
    """The n-th derivative of the density by the shape; that of its logarithm is `log(x) - psi(a)`."""
    if n == 0:
        return gamma_density(a, x)
    slope = np.log(np.where(x > 0.0, x, 1.0)) - scipy.special.psi(a)
    total = slope * _density_by_shape(a, x, n - 1)
    for j in range(n - 1):
        total = total - math.comb(n - 1, j) * _density_by_shape(a, x, j) * scipy.special.polygamma(n - 1 - j, a)
    return total


def _quantile_by_shape(a: Any, ans: Any) -> Any:
    return -gammainc_derivative(a, ans) / gamma_density(a, ans)


elementwise("gammainc_derivative(a, x, n=1)", a="gammainc_derivative(a, x, n=n + 1)", x="_density_by_shape(a, x, n)")
elementwise("scipy.special.gammainc(a, x)", a="gammainc_derivative(a, x)", x="gamma_density(a, x)", facts=cython("gammainc(a, x)"))
elementwise("scipy.special.gammaincc(a, x)", a="-gammainc_derivative(a, x)", x="-gamma_density(a, x)", facts=cython("gammaincc(a, x)"))
elementwise("scipy.special.gammaincinv(a, y)", a="_quantile_by_shape(a, ans)", y="1.0 / gamma_density(a, ans)",
            facts=cython("gammaincinv(a, y)"))  # fmt: skip
elementwise("scipy.special.gammainccinv(a, y)", a="_quantile_by_shape(a, ans)", y="-1.0 / gamma_density(a, ans)",
            facts=cython("gammainccinv(a, y)"))  # fmt: skip


# Incomplete beta functions: the density of the beta distribution; by the shapes series
SOURCE = "DLMF 8.17.1, 8.17.2, 8.17.8"
def beta_density(a: Any, b: Any, x: Any) -> Any:
    return np.exp(scipy.special.xlogy(a - 1.0, x) + scipy.special.xlog1py(b - 1.0, -x) - scipy.special.betaln(a, b))


def _slope_by_first(a: Any, b: Any, x: Any, i: int, j: int) -> Any:
    """The derivative of the logarithm of the density by `a`, differentiated on."""
    if j:
        return scipy.special.polygamma(i + j, a + b)
    if i:
        return scipy.special.polygamma(i, a + b) - scipy.special.polygamma(i, a)
    return np.log(np.where(x > 0.0, x, 1.0)) - scipy.special.psi(a) + scipy.special.psi(a + b)


def _slope_by_second(a: Any, b: Any, x: Any, j: int) -> Any:
    if j:
        return scipy.special.polygamma(j, a + b) - scipy.special.polygamma(j, b)
    return np.log1p(-np.where(x < 1.0, x, 0.0)) - scipy.special.psi(b) + scipy.special.psi(a + b)


def _beta_density_by_shapes(a: Any, b: Any, x: Any, i: int, j: int) -> Any:
    """The derivative of the density, `i` times by `a` and `j` times by `b`, by the rule of Leibniz."""
    if i == j == 0:
        return beta_density(a, b, x)
    total: Any = 0.0
    if i == 0:
        for q in range(j):
            total = total + math.comb(j - 1, q) * _beta_density_by_shapes(a, b, x, 0, q) * _slope_by_second(a, b, x, j - 1 - q)
        return total
    for p in range(i):
        for q in range(j + 1):
            rate = math.comb(i - 1, p) * math.comb(j, q) * _slope_by_first(a, b, x, i - 1 - p, j - q)
            total = total + rate * _beta_density_by_shapes(a, b, x, p, q)
    return total


def _beta_quantile_by_first(a: Any, b: Any, ans: Any) -> Any:
    return -betainc_derivative(a, b, ans, i=1) / beta_density(a, b, ans)


def _beta_quantile_by_second(a: Any, b: Any, ans: Any) -> Any:
    return -betainc_derivative(a, b, ans, j=1) / beta_density(a, b, ans)


elementwise("betainc_derivative(a, b, x, i=0, j=0)", a="betainc_derivative(a, b, x, i=i + 1, j=j)",
            b="betainc_derivative(a, b, x, i=i, j=j + 1)", x="_beta_density_by_shapes(a, b, x, i, j)")  # fmt: skip
elementwise("scipy.special.betainc(a, b, x)", a="betainc_derivative(a, b, x, i=1)", b="betainc_derivative(a, b, x, j=1)",
            x="beta_density(a, b, x)", facts=cython("betainc(a, b, x)"))  # fmt: skip
elementwise("scipy.special.betaincinv(a, b, y)", a="_beta_quantile_by_first(a, b, ans)", b="_beta_quantile_by_second(a, b, ans)",
            y="1.0 / beta_density(a, b, ans)", facts=cython("betaincinv(a, b, y)"))  # fmt: skip
if hasattr(scipy.special, "betaincc"):
    elementwise("scipy.special.betaincc(a, b, x)", a="-betainc_derivative(a, b, x, i=1)", b="-betainc_derivative(a, b, x, j=1)",
                x="-beta_density(a, b, x)", facts=cython("betaincc(a, b, x)"))  # fmt: skip
    elementwise("scipy.special.betainccinv(a, b, y)", a="_beta_quantile_by_first(a, b, ans)", b="_beta_quantile_by_second(a, b, ans)",
                y="-1.0 / beta_density(a, b, ans)", facts=cython("betainccinv(a, b, y)"))  # fmt: skip
