"""More continuous distributions of scipy.stats: of extremes, of angles, of lengths, and made of others."""
from __future__ import annotations

from s2sad.rules.scipy.distributing import continuous

NORMAL = "0.3989422804014327 * np.exp(-0.5 * ({}) ** 2)"

# Of extremes: log t is y times a part of c y, which goes through c = 0
IN_T = "np.exp(y * log_part(c * y))"
continuous("genextreme(c)", f"({IN_T} - 1.0 + c) / (1.0 - c * y)", bounded=True,
           c=f"(1.0 - c - {IN_T}) * y * y * log_slope(c * y) - y * log_part(c * y)",
           cdf={"c": f"-scipy.stats.genextreme.cdf(y, c) * {IN_T} * y * y * log_slope(c * y)"})  # fmt: skip
continuous("genpareto(c)", "-(c + 1.0) / (1.0 + c * y)", bounded=True,
           c="y * log_part(-c * y) - (c + 1.0) * y * y * log_slope(-c * y)",
           cdf={"c": "scipy.stats.genpareto.sf(y, c) * y * y * log_slope(-c * y)"})  # fmt: skip
continuous("invweibull(c)", "(c * y ** -c - c - 1.0) / y", c="1.0 / c - np.log(y) * (1.0 - y ** -c)",
           cdf={"c": "p * y * np.log(y) / c"}, bounded=True)  # fmt: skip
continuous("gompertz(c)", "1.0 - c * np.exp(y)", c="1.0 / c - np.expm1(y)",
           cdf={"c": "np.expm1(y) * np.exp(-c * np.expm1(y))"}, bounded=True)  # fmt: skip
continuous("exponweib(a, c)", "((a - 1.0) / np.expm1(y ** c) - 1.0) * c * y ** (c - 1.0) + over(c - 1.0, y)", bounded=True,
           a="1.0 / a + np.log(-np.expm1(-(y ** c)))", c="1.0 / c + np.log(y) * (1.0 + y ** c * ((a - 1.0) / np.expm1(y ** c) - 1.0))",
           cdf={"a": "scipy.stats.exponweib.cdf(y, a, c) * np.log(-np.expm1(-(y ** c)))", "c": "p * y * np.log(y) / c"})  # fmt: skip

# Of angles and lengths
RATIO = "scipy.special.i1e({0}) / scipy.special.i0e({0})"
for name in ("vonmises", "vonmises_line"):
    continuous(f"{name}(kappa)", "-kappa * np.sin(y)", kappa=f"np.cos(y) - {RATIO.format('kappa')}", bounded=name == "vonmises_line")
continuous("rice(b)", f"1.0 / y - y + b * {RATIO.format('(y * b)')}", b=f"y * {RATIO.format('(y * b)')} - b", bounded=True,
           cdf={"b": "-y * np.exp(-0.5 * (y - b) ** 2) * scipy.special.i1e(y * b)"})  # fmt: skip
BESSEL = "scipy.special.ive(0.5 * df, np.sqrt(nc * y)) / scipy.special.ive(0.5 * df - 1.0, np.sqrt(nc * y))"
continuous("ncx2(df, nc)", f"(0.5 * df - 1.0) / y - 0.5 + 0.5 * np.sqrt(nc / y) * {BESSEL}", bounded=True,
           nc=f"0.5 * np.sqrt(y / nc) * {BESSEL} - 0.5", cdf={"nc": "-scipy.stats.ncx2.pdf(y, df + 2.0, nc)"})  # fmt: skip
continuous("foldnorm(c)", "c * np.tanh(c * y) - y", c="y * np.tanh(c * y) - c", bounded=True,
           cdf={"c": f"{NORMAL.format('y + c')} - {NORMAL.format('y - c')}"})  # fmt: skip

# Made of others
continuous("gibrat()", "-(1.0 + np.log(y)) / y", bounded=True)
continuous("wald()", "-1.5 / y - 0.5 + 0.5 / (y * y)", bounded=True)
continuous("fatiguelife(c)", "1.0 / (y + 1.0) - 1.5 / y - 0.5 * (1.0 - 1.0 / (y * y)) / (c * c)", bounded=True,
           c="(y - 1.0) ** 2 / (y * c ** 3) - 1.0 / c", cdf={"c": "-2.0 * p * y * (y - 1.0) / (c * (y + 1.0))"})  # fmt: skip
LOGIT = "scipy.special.logit(y)"
continuous("johnsonsb(a, b)", f"(2.0 * y - 1.0 - b * (a + b * {LOGIT})) / (y * (1.0 - y))", bounded=True,
           a=f"-(a + b * {LOGIT})", b=f"1.0 / b - (a + b * {LOGIT}) * {LOGIT}",
           cdf={"a": "p * y * (1.0 - y) / b", "b": f"p * y * (1.0 - y) * {LOGIT} / b"})  # fmt: skip
ABOVE = "np.greater_equal(y, 0)"
continuous("laplace_asymmetric(kappa)", f"np.where(np.equal(y, 0), 0.0, np.where({ABOVE}, -kappa, 1.0 / kappa))",
           kappa=f"np.where({ABOVE}, -y, -y / (kappa * kappa)) - (kappa * kappa - 1.0) / (kappa * (kappa * kappa + 1.0))",
           cdf={"kappa": f"np.where({ABOVE}, np.exp(-kappa * np.abs(y)), np.exp(-np.abs(y) / kappa))"
                         " * (2.0 * kappa / (kappa * kappa + 1.0) + np.abs(y)) / (kappa * kappa + 1.0)"})  # fmt: skip
continuous("loglaplace(c)", "(c * np.sign(1.0 - y) - 1.0) / y", c="1.0 / c - np.abs(np.log(y))",
           cdf={"c": "p * y * np.log(y) / c"}, bounded=True)  # fmt: skip
HAZARD = "relative(scipy.stats.norm.logpdf({0}), scipy.stats.norm.logcdf({0}))"
continuous("powernorm(c)", f"-y - (c - 1.0) * {HAZARD.format('-y')}", c="1.0 / c + scipy.stats.norm.logcdf(-y)",
           cdf={"c": "-scipy.stats.powernorm.sf(y, c) * scipy.stats.norm.logcdf(-y)"})  # fmt: skip
LEFT = HAZARD.format("(y - 1.0 / K)")
continuous("exponnorm(K)", f"{LEFT} - 1.0 / K", K=f"((y - 1.0 / K + {LEFT}) / K - 1.0) / K",
           cdf={"K": f"-p * (y - 1.0 / K + {LEFT}) / K"})  # fmt: skip
continuous("bradford(c)", "-c / (1.0 + c * y)", c="1.0 / c - 1.0 / ((1.0 + c) * np.log1p(c)) - y / (1.0 + c * y)", bounded=True,
           cdf={"c": "(y / (1.0 + c * y) - np.log1p(c * y) / ((1.0 + c) * np.log1p(c))) / np.log1p(c)"})  # fmt: skip
