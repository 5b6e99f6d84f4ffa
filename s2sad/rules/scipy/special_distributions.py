"""Rules of scipy.special: distribution functions and their inverses.

A probability by the value is the density. By a shape parameter it is a series, where the distribution is an incomplete gamma or beta
function; of others a shape parameter has no right side.
"""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from s2sad.rules.language import elementwise
from s2sad.rules.scipy.special import boxcox_by_power, cython
from s2sad.rules.scipy.special_gamma import beta_density, gamma_density
from s2sad.runtime.special import gammainc_derivative
from s2sad.runtime.special_beta import betainc_derivative


# Binomial and negative binomial: incomplete beta functions of whole numbers
def _binomial(k: Any, n: Any, p: Any) -> Any:
    """How fast the probability of more than k successes grows with that of one."""
    few = np.floor(k)
    some = few < n
    return np.where(some, beta_density(np.where(some, few + 1.0, 1.0), np.where(some, n - few, 1.0), p), 0.0)


SOURCE = "DLMF 8.17.1, 8.17.5"
elementwise("scipy.special.bdtr(k, n, p)", p="-_binomial(k, n, p)")
elementwise("scipy.special.bdtrc(k, n, p)", p="_binomial(k, n, p)")
elementwise("scipy.special.bdtri(k, n, y)", y="-1.0 / _binomial(k, n, ans)")
elementwise("scipy.special.nbdtr(k, n, p)", p="beta_density(n, np.floor(k) + 1.0, p)")
elementwise("scipy.special.nbdtrc(k, n, p)", p="-beta_density(n, np.floor(k) + 1.0, p)")
elementwise("scipy.special.nbdtri(k, n, y)", y="1.0 / beta_density(n, np.floor(k) + 1.0, ans)")

# Poisson: the incomplete gamma function of a whole number
SOURCE = "DLMF 8.8.13"
elementwise("scipy.special.pdtr(k, m)", m="-gamma_density(np.floor(k) + 1.0, m)", facts=cython("pdtr(k, m)"))
elementwise("scipy.special.pdtrc(k, m)", m="gamma_density(np.floor(k) + 1.0, m)", facts=cython("pdtrc(k, m)"))
elementwise("scipy.special.pdtri(k, y)", y="-1.0 / gamma_density(np.floor(k) + 1.0, ans)")

# Chi squared and gamma
elementwise("scipy.special.chdtr(v, x)", v="0.5 * gammainc_derivative(0.5 * v, 0.5 * x)", x="0.5 * gamma_density(0.5 * v, 0.5 * x)",
            facts=cython("chdtr(v, x)"))  # fmt: skip
elementwise("scipy.special.chdtrc(v, x)", v="-0.5 * gammainc_derivative(0.5 * v, 0.5 * x)", x="-0.5 * gamma_density(0.5 * v, 0.5 * x)",
            facts=cython("chdtrc(v, x)"))  # fmt: skip
elementwise("scipy.special.chdtri(v, p)", v="-gammainc_derivative(0.5 * v, 0.5 * ans) / gamma_density(0.5 * v, 0.5 * ans)",
            p="-2.0 / gamma_density(0.5 * v, 0.5 * ans)", facts=cython("chdtri(v, p)"))  # fmt: skip
elementwise("scipy.special.chdtriv(p, x)", p="2.0 / gammainc_derivative(0.5 * ans, 0.5 * x)",
            x="-gamma_density(0.5 * ans, 0.5 * x) / gammainc_derivative(0.5 * ans, 0.5 * x)")  # fmt: skip
elementwise("scipy.special.gdtr(a, b, x)", a="x * gamma_density(b, a * x)", b="gammainc_derivative(b, a * x)",
            x="a * gamma_density(b, a * x)", facts=cython("gdtr(a, b, x)"))  # fmt: skip
elementwise("scipy.special.gdtrc(a, b, x)", a="-x * gamma_density(b, a * x)", b="-gammainc_derivative(b, a * x)",
            x="-a * gamma_density(b, a * x)", facts=cython("gdtrc(a, b, x)"))  # fmt: skip
elementwise("scipy.special.gdtria(p, b, x)", p="1.0 / (x * gamma_density(b, ans * x))", x="-ans / x",
            b="-gammainc_derivative(b, ans * x) / (x * gamma_density(b, ans * x))", facts=cython("gdtria(p, b, x)"))  # fmt: skip
elementwise("scipy.special.gdtrix(a, b, p)", a="-ans / a", p="1.0 / (a * gamma_density(b, a * ans))",
            b="-gammainc_derivative(b, a * ans) / (a * gamma_density(b, a * ans))", facts=cython("gdtrix(a, b, p)"))  # fmt: skip
elementwise("scipy.special.gdtrib(a, p, x)", p="1.0 / gammainc_derivative(ans, a * x)",
            a="-x * gamma_density(ans, a * x) / gammainc_derivative(ans, a * x)",
            x="-a * gamma_density(ans, a * x) / gammainc_derivative(ans, a * x)", facts=cython("gdtrib(a, p, x)"))  # fmt: skip


# F and t
SOURCE = "DLMF 8.17.1, 8.17.8"
def f_density(dfn: Any, dfd: Any, x: Any) -> Any:
    half, other = 0.5 * dfn, 0.5 * dfd
    logs = scipy.special.xlogy(half - 1.0, x) + half * np.log(dfn / dfd) - (half + other) * np.log1p(dfn / dfd * x)
    return np.exp(logs - scipy.special.betaln(half, other))


def t_density(df: Any, t: Any) -> Any:
    return np.exp(-0.5 * (df + 1.0) * np.log1p(t * t / df) - scipy.special.betaln(0.5 * df, 0.5) - 0.5 * np.log(df))


def f_by_numerator(dfn: Any, dfd: Any, x: Any) -> Any:
    """An incomplete beta function at `z`, which moves with its shapes."""
    z = dfn * x / (dfn * x + dfd)
    return 0.5 * betainc_derivative(0.5 * dfn, 0.5 * dfd, z, i=1) + x / dfn * f_density(dfn, dfd, x)


def f_by_denominator(dfn: Any, dfd: Any, x: Any) -> Any:
    z = dfn * x / (dfn * x + dfd)
    return 0.5 * betainc_derivative(0.5 * dfn, 0.5 * dfd, z, j=1) - x / dfd * f_density(dfn, dfd, x)


def t_by_freedom(df: Any, t: Any) -> Any:
    """Half of what an incomplete beta function lacks to 1, on the side of t."""
    rest = 0.5 * np.sign(t) * betainc_derivative(0.5 * df, 0.5, df / (df + t * t), i=1)
    return -0.5 * (rest + t / df * t_density(df, t))


elementwise("scipy.special.fdtr(dfn, dfd, x)", dfn="f_by_numerator(dfn, dfd, x)", dfd="f_by_denominator(dfn, dfd, x)",
            x="f_density(dfn, dfd, x)", facts=cython("fdtr(dfn, dfd, x)"))  # fmt: skip
elementwise("scipy.special.fdtrc(dfn, dfd, x)", dfn="-f_by_numerator(dfn, dfd, x)", dfd="-f_by_denominator(dfn, dfd, x)",
            x="-f_density(dfn, dfd, x)", facts=cython("fdtrc(dfn, dfd, x)"))  # fmt: skip
elementwise("scipy.special.fdtri(dfn, dfd, p)", dfn="-f_by_numerator(dfn, dfd, ans) / f_density(dfn, dfd, ans)",
            dfd="-f_by_denominator(dfn, dfd, ans) / f_density(dfn, dfd, ans)", p="1.0 / f_density(dfn, dfd, ans)",
            facts=cython("fdtri(dfn, dfd, p)"))  # fmt: skip
elementwise("scipy.special.stdtr(df, t)", df="t_by_freedom(df, t)", t="t_density(df, t)", facts=cython("stdtr(df, t)"))
elementwise("scipy.special.stdtrit(df, p)", df="-t_by_freedom(df, ans) / t_density(df, ans)", p="1.0 / t_density(df, ans)",
            facts=cython("stdtrit(df, p)"))  # fmt: skip
elementwise("scipy.special.btdtria(p, b, x)", p="1.0 / betainc_derivative(ans, b, x, i=1)",
            b="-betainc_derivative(ans, b, x, j=1) / betainc_derivative(ans, b, x, i=1)",
            x="-beta_density(ans, b, x) / betainc_derivative(ans, b, x, i=1)", facts=cython("btdtria(p, b, x)"))  # fmt: skip
elementwise("scipy.special.btdtrib(a, p, x)", p="1.0 / betainc_derivative(a, ans, x, j=1)",
            a="-betainc_derivative(a, ans, x, i=1) / betainc_derivative(a, ans, x, j=1)",
            x="-beta_density(a, ans, x) / betainc_derivative(a, ans, x, j=1)", facts=cython("btdtrib(a, p, x)"))  # fmt: skip


# Chi squared that is not central: its density, and what the probability loses as the centre moves
SOURCE = "DLMF 13.6.9"
def _noncentral_density(x: Any, df: Any, nc: Any) -> Any:
    """With a series where its terms are small; elsewhere the Bessel function that it is, scaled."""
    product = x * nc
    near = product < 100.0
    far = np.where(near, 100.0, product)
    series = scipy.special.hyp0f1(0.5 * df, np.where(near, 0.25 * product, 0.0))
    small = np.exp(-0.5 * nc) * gamma_density(0.5 * df, 0.5 * x) * series
    ratio = np.where(near, 1.0, x) / np.where(near, 1.0, nc)
    large = np.exp(-0.5 * (np.sqrt(x) - np.sqrt(nc)) ** 2) * np.power(ratio, 0.25 * df - 0.5)
    return 0.5 * np.where(near, small, large * scipy.special.ive(0.5 * df - 1.0, np.sqrt(far)))


elementwise("scipy.special.chndtr(x, df, nc)", x="_noncentral_density(x, df, nc)", nc="0.5 * (scipy.special.chndtr(x, df + 2.0, nc) - ans)",
            facts=cython("chndtr(x, df, nc)"))  # fmt: skip
elementwise("scipy.special.chndtrix(p, df, nc)", p="1.0 / _noncentral_density(ans, df, nc)",
            nc="-0.5 * (scipy.special.chndtr(ans, df + 2.0, nc) - p) / _noncentral_density(ans, df, nc)",
            facts=cython("chndtrix(p, df, nc)"))  # fmt: skip
elementwise("scipy.special.chndtrinc(x, df, p)", p="2.0 / (scipy.special.chndtr(x, df + 2.0, ans) - p)",
            x="-2.0 * _noncentral_density(x, df, ans) / (scipy.special.chndtr(x, df + 2.0, ans) - p)",
            facts=cython("chndtrinc(x, df, p)"))  # fmt: skip

# Parameters of the normal distribution
SOURCE = ""
elementwise("scipy.special.nrdtrimn(p, std, x)", p="-std * math.sqrt(2.0 * math.pi) * np.exp(0.5 * ((x - ans) / std) ** 2)",
            std="-(x - ans) / std", x="1.0", facts=cython("nrdtrimn(p, std, x)"))  # fmt: skip
elementwise("scipy.special.nrdtrisd(mn, p, x)", mn="-1.0 / scipy.special.ndtri(p)", x="1.0 / scipy.special.ndtri(p)",
            p="-ans * math.sqrt(2.0 * math.pi) * np.exp(0.5 * scipy.special.ndtri(p) ** 2) / scipy.special.ndtri(p)",
            facts=cython("nrdtrisd(mn, p, x)"))  # fmt: skip


# Tukey's distribution: its quantile is boxcox(p, lmbda) - boxcox(1 - p, lmbda)
def _tukey_density(ans: Any, lmbda: Any) -> Any:
    inside = (ans > 0.0) & (ans < 1.0)
    p = np.where(inside, ans, 0.5)
    return np.where(inside, 1.0 / (np.power(p, lmbda - 1.0) + np.power(1.0 - p, lmbda - 1.0)), 0.0)


def _tukey_by_shape(ans: Any, lmbda: Any) -> Any:
    p = np.where((ans > 0.0) & (ans < 1.0), ans, 0.5)
    return -(boxcox_by_power(np.log(p), lmbda) - boxcox_by_power(np.log1p(-p), lmbda)) * _tukey_density(ans, lmbda)


elementwise("scipy.special.tklmbda(x, lmbda)", x="_tukey_density(ans, lmbda)", lmbda="_tukey_by_shape(ans, lmbda)",
            facts=cython("tklmbda(x, lmbda)"))  # fmt: skip


# Kolmogorov's distribution: two series, which are the same by a formula of Jacobi; eight terms give all digits
SOURCE = "DLMF 20.7.32"
def _kolmogorov_slope(y: Any) -> Any:
    wide = y > 0.8
    k = np.arange(1.0, 9.0)
    high, low = np.expand_dims(np.where(wide, y, 1.0), -1), np.expand_dims(np.where(wide | (y <= 0.0), 0.5, y), -1)
    right = np.sum(-8.0 * high * np.cos(np.pi * (k - 1.0)) * k * k * np.exp(-2.0 * (k * high) ** 2), axis=-1)
    c = 0.125 * ((2.0 * k - 1.0) * np.pi) ** 2
    left = np.sum(np.exp(-c / low ** 2) * (1.0 - 2.0 * c / low ** 2), axis=-1) * np.sqrt(2.0 * np.pi)
    return np.where(wide, right, np.where(y <= 0.0, 0.0, left / np.where(wide | (y <= 0.0), 1.0, y) ** 2))


elementwise("scipy.special.kolmogorov(y)", y="_kolmogorov_slope(y)", facts=cython("kolmogorov(y)"))
elementwise("scipy.special.kolmogi(p)", p="1.0 / _kolmogorov_slope(ans)", facts=cython("kolmogi(p)"))
