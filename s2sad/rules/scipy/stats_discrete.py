"""Discrete distributions of scipy.stats: the derivatives of the logarithms of their masses, and of their sums."""
from __future__ import annotations

from s2sad.rules.scipy.distributing import discrete

discrete("poisson(mu)", mu="over(y, mu) - 1.0", pmf={"mu": "scipy.stats.poisson.pmf(k - 1, mu, loc) - ans"}, cdf={"mu": "-m"})
discrete("bernoulli(p)", p="over(y, p) - over(1.0 - y, 1.0 - p)",
         pmf={"p": "np.where(np.equal(y, 1), 1.0, np.where(np.equal(y, 0), -1.0, 0.0))"},
         cdf={"p": "-1.0"})  # fmt: skip
FEWER = "np.maximum(n - 1, 0), p"
discrete("binom(n, p)", p="over(y, p) - over(n - y, 1.0 - p)",
         pmf={"p": f"n * (scipy.stats.binom.pmf(k - 1, {FEWER}, loc) - scipy.stats.binom.pmf(k, {FEWER}, loc))"},
         cdf={"p": f"-n * scipy.stats.binom.pmf(y, {FEWER})"})  # fmt: skip
discrete("nbinom(n, p)", n="psi(y + n) - psi(n) + np.log(p)", p="over(n, p) - over(y, 1.0 - p)",
         pmf={"p": "n / p * ans - (y + n - 1.0) * scipy.stats.nbinom.pmf(k - 1, n, p, loc)"},
         cdf={"p": "(n + y) * m / p", "n": "betainc_derivative(n, y + 1.0, p, i=1)"})  # fmt: skip
discrete("geom(p)", p="1.0 / p - over(y - 1.0, 1.0 - p)", pmf={"p": "ans / p - (y - 1.0) * scipy.stats.geom.pmf(k - 1, p, loc)"},
         cdf={"p": "y * m / p"})  # fmt: skip
discrete("logser(p)", p="y / p + 1.0 / ((1.0 - p) * np.log1p(-p))")
discrete("dlaplace(a)", a="1.0 / np.sinh(a) - np.abs(y)")
discrete("planck(lambda_)", lambda_="1.0 / np.expm1(lambda_) - y", cdf={"lambda_": "(y + 1.0) * np.exp(-lambda_ * (y + 1.0))"})
discrete("betabinom(n, a, b)", a="psi(y + a) - psi(n + a + b) - psi(a) + psi(a + b)",
         b="psi(n - y + b) - psi(n + a + b) - psi(b) + psi(a + b)")  # fmt: skip
