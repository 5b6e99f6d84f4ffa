"""Continuous distributions of scipy.stats: the derivatives of the logarithms of their densities, as SciPy's reference states these."""
from __future__ import annotations

from s2sad.rules.scipy.distributing import continuous

POWER = "p * y * np.log(y)"  # of a distribution of a power of y, by the exponent, which stands below it
IN_T = "df + y * y"
IN_F = "(dfd + dfn * y)"
WHOLE = "psi(0.5 * (dfn + dfd))"

# On the whole line
continuous("norm()", "-y")
continuous("laplace()", "-np.sign(y)")
continuous("logistic()", "-np.tanh(0.5 * y)")
continuous("cauchy()", "-2.0 * y / (1.0 + y * y)")
continuous("hypsecant()", "-np.tanh(y)")
continuous("gumbel_r()", "np.exp(-y) - 1.0")
continuous("gumbel_l()", "1.0 - np.exp(y)")
continuous("moyal()", "0.5 * (np.exp(-y) - 1.0)")
continuous("t(df)", "-(1.0 + 1.0 / df) * y / (1.0 + y * y / df)",
           df="0.5 * (psi(0.5 * (df + 1.0)) - psi(0.5 * df) - 1.0 / df - np.log1p(y * y / df) + (df + 1.0) * y * y / (df * (df + y * y)))",
           cdf={"df": "t_by_freedom(df, y)"})
continuous("loggamma(c)", "c - np.exp(y)", c="y - psi(c)", cdf={"c": "gammainc_derivative(c, np.exp(y))"})
continuous("genlogistic(c)", "(c + 1.0) * scipy.special.expit(-y) - 1.0", c="1.0 / c - np.logaddexp(0.0, -y)",
           cdf={"c": "-np.logaddexp(0.0, -y) * scipy.stats.genlogistic.cdf(y, c)"})  # fmt: skip
continuous("gennorm(beta)", "-beta * np.sign(y) * np.abs(y) ** (beta - 1.0)",
           beta="1.0 / beta + psi(1.0 / beta) / (beta * beta) - np.abs(y) ** beta * np.log(np.where(np.equal(y, 0), 1.0, np.abs(y)))",
           cdf={"beta": "p * y / beta * np.log(np.where(np.equal(y, 0), 1.0, np.abs(y)))"
                        " - 0.5 * np.sign(y) / (beta * beta) * gammainc_derivative(1.0 / beta, np.abs(y) ** beta)"})  # fmt: skip
continuous("skewnorm(a)", "a * relative(scipy.stats.norm.logpdf(a * y), scipy.stats.norm.logcdf(a * y)) - y",
           a="y * relative(scipy.stats.norm.logpdf(a * y), scipy.stats.norm.logcdf(a * y))",
           cdf={"a": "-np.exp(-0.5 * y * y * (1.0 + a * a)) / (math.pi * (1.0 + a * a))"})  # fmt: skip
continuous("johnsonsu(a, b)", "-y / (y * y + 1.0) - b * (a + b * np.arcsinh(y)) / np.sqrt(y * y + 1.0)",
           a="-(a + b * np.arcsinh(y))", b="1.0 / b - (a + b * np.arcsinh(y)) * np.arcsinh(y)",
           cdf={"a": "p * np.sqrt(y * y + 1.0) / b", "b": "p * np.sqrt(y * y + 1.0) / b * np.arcsinh(y)"})  # fmt: skip
continuous("dgamma(a)", "over(a - 1.0, y) - np.sign(y)", a="np.log(np.abs(y)) - psi(a)",
           cdf={"a": "0.5 * np.sign(y) * gammainc_derivative(a, np.abs(y))"})  # fmt: skip
continuous("dweibull(c)", "over(c - 1.0, y) - c * np.sign(y) * np.abs(y) ** (c - 1.0)",
           c="1.0 / c + np.log(np.abs(y)) * (1.0 - np.abs(y) ** c)", cdf={"c": "p * y * np.log(np.abs(y)) / c"})  # fmt: skip

# Of positive numbers
continuous("expon()", "-1.0", bounded=True)
continuous("halfnorm()", "-y", bounded=True)
continuous("halfcauchy()", "-2.0 * y / (1.0 + y * y)", bounded=True)
continuous("halflogistic()", "-np.tanh(0.5 * y)", bounded=True)
continuous("rayleigh()", "1.0 / y - y", bounded=True)
continuous("maxwell()", "2.0 / y - y", bounded=True)
continuous("levy()", "-1.5 / y + 0.5 / (y * y)", bounded=True)
for name in ("gamma", "erlang"):
    continuous(f"{name}(a)", "over(a - 1.0, y) - 1.0", a="np.log(y) - psi(a)", cdf={"a": "gammainc_derivative(a, y)"}, bounded=True)
continuous("chi2(df)", "over(0.5 * df - 1.0, y) - 0.5", df="0.5 * (np.log(0.5 * y) - psi(0.5 * df))", bounded=True,
           cdf={"df": "0.5 * gammainc_derivative(0.5 * df, 0.5 * y)"})  # fmt: skip
continuous("chi(df)", "over(df - 1.0, y) - y", df="np.log(y) - 0.5 * (math.log(2.0) + psi(0.5 * df))", bounded=True,
           cdf={"df": "0.5 * gammainc_derivative(0.5 * df, 0.5 * y * y)"})  # fmt: skip
continuous("invgamma(a)", "(1.0 / y - a - 1.0) / y", a="-np.log(y) - psi(a)", cdf={"a": "-gammainc_derivative(a, 1.0 / y)"}, bounded=True)
continuous("gengamma(a, c)", "over(c * a - 1.0, y) - c * y ** (c - 1.0)", a="c * np.log(y) - psi(a)",
           c="1.0 / c + (a - y ** c) * np.log(y)", bounded=True,
           cdf={"a": "np.sign(c) * gammainc_derivative(a, y ** c)", "c": f"{POWER} / c"})  # fmt: skip
continuous("nakagami(nu)", "over(2.0 * nu - 1.0, y) - 2.0 * nu * y",
           nu="np.log(nu) + 1.0 - psi(nu) + 2.0 * np.log(y) - y * y", bounded=True,
           cdf={"nu": "gammainc_derivative(nu, nu * y * y) + p * y / (2.0 * nu)"})  # fmt: skip
continuous("lognorm(s)", "-(1.0 + np.log(y) / (s * s)) / y", s="((np.log(y) / s) ** 2 - 1.0) / s", cdf={"s": f"-{POWER} / s"}, bounded=True)
continuous("weibull_min(c)", "over(c - 1.0, y) - c * y ** (c - 1.0)", c="1.0 / c + np.log(y) * (1.0 - y ** c)",
           cdf={"c": f"{POWER} / c"}, bounded=True)  # fmt: skip
continuous("weibull_max(c)", "over(c - 1.0, y) + c * (-y) ** (c - 1.0)", c="1.0 / c + np.log(-y) * (1.0 - (-y) ** c)",
           cdf={"c": "p * y * np.log(-y) / c"}, bounded=True)  # fmt: skip
continuous("exponpow(b)", "over(b - 1.0, y) + b * y ** (b - 1.0) * (1.0 - np.exp(y ** b))",
           b="1.0 / b + np.log(y) * (1.0 + y ** b * (1.0 - np.exp(y ** b)))", cdf={"b": f"{POWER} / b"}, bounded=True)  # fmt: skip
continuous("fisk(c)", "over(c - 1.0, y) - 2.0 * c * y ** (c - 1.0) / (1.0 + y ** c)",
           c="1.0 / c + np.log(y) * (1.0 - y ** c) / (1.0 + y ** c)",
           cdf={"c": f"{POWER} / c"}, bounded=True)  # fmt: skip
continuous("burr12(c, d)", "over(c - 1.0, y) - (d + 1.0) * c * y ** (c - 1.0) / (1.0 + y ** c)",
           c="1.0 / c + np.log(y) * (1.0 - (d + 1.0) * y ** c / (1.0 + y ** c))", d="1.0 / d - np.log1p(y ** c)",
           cdf={"c": f"{POWER} / c", "d": "(1.0 + y ** c) ** -d * np.log1p(y ** c)"}, bounded=True)  # fmt: skip
continuous("pareto(b)", "-(b + 1.0) / y", b="1.0 / b - np.log(y)", cdf={"b": f"{POWER} / b"}, bounded=True)
continuous("lomax(c)", "-(c + 1.0) / (1.0 + y)", c="1.0 / c - np.log1p(y)", cdf={"c": "p * (1.0 + y) * np.log1p(y) / c"}, bounded=True)
continuous("invgauss(mu)", "-1.5 / y - 0.5 / (mu * mu) + 0.5 / (y * y)", mu="(y / mu - 1.0) / (mu * mu)", bounded=True,
           cdf={"mu": "-2.0 / (mu * mu) * np.exp(2.0 / mu + scipy.stats.norm.logcdf(-(y / mu + 1.0) / np.sqrt(y)))"})  # fmt: skip
continuous("f(dfn, dfd)", f"over(0.5 * dfn - 1.0, y) - 0.5 * (dfn + dfd) * dfn / {IN_F}", bounded=True,
           dfn=f"0.5 * (np.log(dfn * y / {IN_F}) + 1.0 - (dfn + dfd) * y / {IN_F} - psi(0.5 * dfn) + {WHOLE})",
           dfd=f"0.5 * (np.log(dfd / {IN_F}) + 1.0 - (dfn + dfd) / {IN_F} - psi(0.5 * dfd) + {WHOLE})",
           cdf={"dfn": "f_by_numerator(dfn, dfd, y)", "dfd": "f_by_denominator(dfn, dfd, y)"})  # fmt: skip
continuous("betaprime(a, b)", "over(a - 1.0, y) - (a + b) / (1.0 + y)", a="np.log(y) - np.log1p(y) - psi(a) + psi(a + b)",
           b="-np.log1p(y) - psi(b) + psi(a + b)", bounded=True,
           cdf={"a": "betainc_derivative(a, b, y / (1.0 + y), i=1)", "b": "betainc_derivative(a, b, y / (1.0 + y), j=1)"})  # fmt: skip

# Between bounds
continuous("uniform()", "0", bounded=True)
continuous("beta(a, b)", "over(a - 1.0, y) - over(b - 1.0, 1.0 - y)", a="np.log(y) - psi(a) + psi(a + b)",
           b="np.log1p(-y) - psi(b) + psi(a + b)", bounded=True,
           cdf={"a": "betainc_derivative(a, b, y, i=1)", "b": "betainc_derivative(a, b, y, j=1)"})  # fmt: skip
continuous("powerlaw(a)", "over(a - 1.0, y)", a="1.0 / a + np.log(y)", cdf={"a": f"{POWER} / a"}, bounded=True)
continuous("arcsine()", "0.5 / (1.0 - y) - 0.5 / y", bounded=True)
continuous("semicircular()", "-y / (1.0 - y * y)", bounded=True)
continuous("cosine()", "-np.sin(y) / (1.0 + np.cos(y))", bounded=True)
continuous("anglit()", "-2.0 * np.tan(2.0 * y)", bounded=True)
continuous("triang(c)", "np.where(np.less(y, c), 1.0 / y, -1.0 / (1.0 - y))", c="np.where(np.less(y, c), -1.0 / c, 1.0 / (1.0 - c))",
           cdf={"c": "np.where(np.less(y, c), -(y / c) ** 2, -((1.0 - y) / (1.0 - c)) ** 2)"}, bounded=True)  # fmt: skip
continuous("truncexpon(b)", "-1.0", b="-1.0 / np.expm1(b)", cdf={"b": "-scipy.stats.truncexpon.cdf(y, b) / np.expm1(b)"}, bounded=True)
continuous("truncnorm(a, b)", "-y", a="scipy.stats.truncnorm.pdf(a, a, b)", b="-scipy.stats.truncnorm.pdf(b, a, b)",
           cdf={"a": "-scipy.stats.truncnorm.pdf(a, a, b) * scipy.stats.truncnorm.sf(y, a, b)",
                "b": "-scipy.stats.truncnorm.pdf(b, a, b) * scipy.stats.truncnorm.cdf(y, a, b)"}, bounded=True)  # fmt: skip
for name in ("reciprocal", "loguniform"):
    continuous(f"{name}(a, b)", "-1.0 / y", a="1.0 / (a * np.log(b / a))", b="-1.0 / (b * np.log(b / a))",
               cdf={"a": f"-scipy.stats.{name}.sf(y, a, b) / (a * np.log(b / a))",
                    "b": f"-scipy.stats.{name}.cdf(y, a, b) / (b * np.log(b / a))"}, bounded=True)  # fmt: skip
