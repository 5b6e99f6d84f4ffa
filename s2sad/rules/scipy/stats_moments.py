"""Means, variances and entropies of distributions of scipy.stats, by their shapes: those that are closed and often asked for."""
from __future__ import annotations

from s2sad.rules.scipy.distributing import CALLS, MOMENTS, moments

BETA = "a * b / ((a + b) ** 2 * (a + b + 1.0))"
for name in ("norm", "laplace", "logistic", "expon", "uniform", "halfnorm", "halflogistic", "rayleigh", "maxwell", "gumbel_r",
             "gumbel_l", "hypsecant", "moyal", "arcsine", "semicircular", "cosine", "anglit"):  # fmt: skip
    moments(f"{name}()")

for name in ("gamma", "erlang"):
    moments(f"{name}(a)", mean={"a": "1.0"}, var={"a": "1.0"}, entropy={"a": "1.0 + (1.0 - a) * scipy.special.polygamma(1, a)"})
moments("chi2(df)", mean={"df": "1.0"}, var={"df": "2.0"},
        entropy={"df": "0.5 + 0.5 * (1.0 - 0.5 * df) * scipy.special.polygamma(1, 0.5 * df)"})  # fmt: skip
moments("beta(a, b)", mean={"a": "b / (a + b) ** 2", "b": "-a / (a + b) ** 2"},
        var={"a": f"{BETA} * (1.0 / a - 2.0 / (a + b) - 1.0 / (a + b + 1.0))",
             "b": f"{BETA} * (1.0 / b - 2.0 / (a + b) - 1.0 / (a + b + 1.0))"},
        entropy={"a": "(a + b - 2.0) * scipy.special.polygamma(1, a + b) - (a - 1.0) * scipy.special.polygamma(1, a)",
                 "b": "(a + b - 2.0) * scipy.special.polygamma(1, a + b) - (b - 1.0) * scipy.special.polygamma(1, b)"})  # fmt: skip
moments("t(df)", mean={"df": "0.0"}, var={"df": "np.where(np.greater(df, 2), -2.0 / (df - 2.0) ** 2, 0.0)"},
        entropy={"df": "0.25 * (df + 1.0) * (scipy.special.polygamma(1, 0.5 * (df + 1.0)) - scipy.special.polygamma(1, 0.5 * df))"
                       " + 0.5 / df"})  # fmt: skip
moments("lognorm(s)", mean={"s": "s * np.exp(0.5 * s * s)"}, var={"s": "2.0 * s * np.exp(s * s) * (2.0 * np.exp(s * s) - 1.0)"},
        entropy={"s": "1.0 / s"})  # fmt: skip
moments("weibull_min(c)", mean={"c": "-scipy.special.gamma(1.0 + 1.0 / c) * psi(1.0 + 1.0 / c) / (c * c)"},
        var={"c": "2.0 * (scipy.special.gamma(1.0 + 1.0 / c) ** 2 * psi(1.0 + 1.0 / c)"
                  " - scipy.special.gamma(1.0 + 2.0 / c) * psi(1.0 + 2.0 / c)) / (c * c)"},
        entropy={"c": "np.euler_gamma / (c * c) - 1.0 / c"})  # fmt: skip
moments("pareto(b)", mean={"b": "-1.0 / (b - 1.0) ** 2"},
        var={"b": "1.0 / ((b - 1.0) ** 2 * (b - 2.0)) * (1.0 - 2.0 * b / (b - 1.0) - b / (b - 2.0))"},
        entropy={"b": "-(1.0 + b) / (b * b)"})  # fmt: skip  # fmt: skip
moments("invgamma(a)", mean={"a": "-1.0 / (a - 1.0) ** 2"}, var={"a": "(5.0 - 3.0 * a) / ((a - 1.0) ** 3 * (a - 2.0) ** 2)"},
        entropy={"a": "1.0 - (1.0 + a) * scipy.special.polygamma(1, a)"})  # fmt: skip

moments("poisson(mu)", mean={"mu": "1.0"}, var={"mu": "1.0"})
moments("bernoulli(p)", mean={"p": "1.0"}, var={"p": "1.0 - 2.0 * p"}, entropy={"p": "np.log1p(-p) - np.log(p)"})
moments("binom(n, p)", mean={"p": "n"}, var={"p": "n * (1.0 - 2.0 * p)"})
moments("geom(p)", mean={"p": "-1.0 / (p * p)"}, var={"p": "(p - 2.0) / (p * p * p)"}, entropy={"p": "np.log1p(-p) / (p * p)"})
moments("nbinom(n, p)", mean={"n": "(1.0 - p) / p", "p": "-n / (p * p)"},
        var={"n": "(1.0 - p) / (p * p)", "p": "n * (p - 2.0) / (p * p * p)"})  # fmt: skip

for name in sorted(CALLS.keys() - MOMENTS):  # of the others by place and scale
    moments(CALLS[name])
