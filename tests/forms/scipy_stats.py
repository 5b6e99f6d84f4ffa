"""Distributions of scipy.stats: densities, probabilities and quantiles by value and parameters, given at once or before."""

import numpy as np

from tests.forms.form import form

LINE = np.array([-1.3, 0.4, 2.1])
HALF = np.array([0.7, 1.4, 3.2])
UNIT = np.array([0.15, 0.5, 0.8])
COUNTS = np.array([0, 2, 3])
PLACED = {"loc": 0.1, "scale": 1.5}
COMMON = {
    "norm": (LINE, {}), "laplace": (LINE, {}), "logistic": (LINE, {}), "cauchy": (LINE, {}), "t": (LINE, {"df": 3.3}),
    "expon": (HALF, {}), "gamma": (HALF, {"a": 2.3}), "chi2": (HALF, {"df": 3.4}), "lognorm": (HALF, {"sigma": 0.7}),
    "weibull_min": (HALF, {"c": 1.7}), "beta": (HALF / 4, {"a": 2.3, "b": 1.8}), "uniform": (HALF / 3, {}),
}  # fmt: skip
OPEN = ("t", "gamma", "chi2", "beta")  # whose probability has no closed derivative by the shapes
RARE = {
    "hypsecant": (LINE, {}), "gumbel_r": (LINE, {}), "gumbel_l": (LINE, {}), "moyal": (LINE, {}), "loggamma": (LINE, {"c": 1.7}),
    "genlogistic": (LINE, {"c": 1.6}), "gennorm": (LINE, {"beta": 1.4}), "skewnorm": (LINE, {"a": 1.2}),
    "johnsonsu": (LINE, {"a": 0.4, "b": 1.3}), "dgamma": (LINE, {"a": 1.8}), "dweibull": (LINE, {"c": 1.7}), "halfnorm": (HALF, {}),
    "halfcauchy": (HALF, {}), "halflogistic": (HALF, {}), "rayleigh": (HALF, {}), "maxwell": (HALF, {}), "levy": (HALF, {}),
    "chi": (HALF, {"df": 2.6}), "invgamma": (HALF, {"a": 2.2}), "gengamma": (HALF, {"a": 1.7, "c": 1.3}), "nakagami": (HALF, {"nu": 1.4}),
    "weibull_max": (-HALF, {"c": 1.7}), "exponpow": (HALF / 2, {"b": 1.3}), "fisk": (HALF, {"c": 2.3}),
    "burr12": (HALF, {"c": 1.8, "d": 2.1}), "pareto": (HALF + 1.2, {"b": 2.4}), "lomax": (HALF, {"c": 2.4}),
    "invgauss": (HALF, {"mu": 0.8}),
    "f": (HALF, {"dfn": 4.2, "dfd": 5.7}), "betaprime": (HALF, {"a": 2.2, "b": 3.1}), "powerlaw": (HALF / 4, {"a": 1.8}),
    "arcsine": (HALF / 4, {}), "semicircular": (HALF / 4, {}), "cosine": (LINE, {}),
    "anglit": (LINE / 3, {}), "triang": (HALF / 4, {"c": 0.4}),
    "truncexpon": (HALF / 2, {"b": 2.4}), "truncnorm": (HALF / 2, {"a": -0.7, "b": 1.9}), "reciprocal": (HALF + 0.5, {"a": 0.5, "b": 2.9}),
    "loguniform": (HALF + 0.5, {"a": 0.5, "b": 2.9}),
}  # fmt: skip
EXTREMES = {
    "genextreme": (LINE, {"c": 0.3}), "genpareto": (HALF, {"c": 0.4}), "invweibull": (HALF, {"c": 1.8}), "gompertz": (HALF, {"c": 0.7}),
    "exponweib": (HALF, {"a": 1.4, "c": 1.6}), "rice": (HALF, {"b": 0.9}), "ncx2": (HALF, {"df": 3.0, "nc": 1.3}),
    "foldnorm": (HALF, {"c": 0.8}), "fatiguelife": (HALF, {"c": 0.9}), "johnsonsb": (HALF / 4, {"a": 0.4, "b": 1.3}),
    "laplace_asymmetric": (LINE, {"kappa": 1.4}), "loglaplace": (HALF, {"c": 2.3}), "powernorm": (LINE, {"c": 1.6}),
    "exponnorm": (LINE, {"K": 1.2}), "bradford": (HALF / 4, {"c": 1.7}), "vonmises": (LINE, {"kappa": 1.8}),
    "vonmises_line": (LINE, {"kappa": 1.8}), "gibrat": (HALF, {}), "wald": (HALF, {}),
}  # fmt: skip
DISCRETE = {
    "poisson": {"mu": 2.3}, "bernoulli": {"p": 0.3}, "binom": {"n": 5, "p": 0.3}, "nbinom": {"n": 2.5, "p": 0.4}, "geom": {"p": 0.3},
    "logser": {"p": 0.6}, "dlaplace": {"a": 0.8}, "planck": {"lambda_": 0.6}, "betabinom": {"n": 6, "a": 1.3, "b": 2.1},
}  # fmt: skip


STILL = {"vonmises": ("kappa",), "vonmises_line": ("kappa",)}  # whose probability has no closed derivative by the shape


UNKEPT = {"single": False, "but": "SciPy computes it in double precision"}


def called(name, method, shapes, first="x", rest=", loc, scale"):
    return f"scipy.stats.{name}.{method}({', '.join([first, *shapes])}{rest})"


SERIES: dict[str, dict[str, float]] = {
    "gamma": {"a": 2.3}, "chi2": {"df": 3.4}, "chi": {"df": 2.7}, "invgamma": {"a": 2.2}, "nakagami": {"nu": 1.6},
    "gengamma": {"a": 1.7, "c": 2.1}, "beta": {"a": 1.7, "b": 2.6}, "betaprime": {"a": 2.1, "b": 3.2}, "f": {"dfn": 3.3, "dfd": 5.1},
    "t": {"df": 3.7}, "dgamma": {"a": 1.8}, "loggamma": {"c": 1.4}, "gennorm": {"beta": 1.7},
}  # fmt: skip

FORMS = [
    *(form(called(name, "logpdf", shapes), x=x, **shapes, **PLACED) for name, (x, shapes) in (COMMON | RARE).items()),
    *(form(called(name, "pdf", shapes), x=x, **shapes, **PLACED) for name, (x, shapes) in COMMON.items()),
    *(form(called(name, "logpdf", shapes), x=x, **shapes, **PLACED, still=("df",)) for name, (x, shapes) in EXTREMES.items()),
    *(form(called(name, "cdf", shapes), x=x, **shapes, **PLACED, still=("df", *STILL.get(name, ()))) for name, (x, shapes) in
      EXTREMES.items()),
    form("scipy.stats.genextreme.logpdf(x, c)", x=LINE, c=np.array([0.0, -0.2, 0.01])),
    form("scipy.stats.genextreme.ppf(q, c, loc, scale)", q=UNIT, c=-0.3, **PLACED),
    form("scipy.stats.genextreme.pdf(x, c)", x=np.array([-90.0, 9.0]), c=0.5, edge={"x": [0, 0], "c": 0.0}),
    form("scipy.stats.genpareto.sf(x, c, scale=scale)", x=HALF, c=np.array([0.0, 0.2, -0.2]), scale=1.5),
    form("scipy.stats.genpareto(c, scale=scale).isf(q)", q=UNIT, c=0.4, scale=1.5),
    form("scipy.stats.rice.ppf(q, b)", q=UNIT, b=0.9),
    form("scipy.stats.laplace_asymmetric.logpdf(x, k)", x=np.array([0.0]), k=1.5, still=("k",), edge={"x": [0]}),
    *(form(called(name, method, shapes), x=x, **shapes, **PLACED, still=(*shapes,) if name in OPEN else ())
      for name, (x, shapes) in COMMON.items() for method in ("cdf", "logsf")),
    *(form(called(name, "ppf", shapes, "q"), q=UNIT, **shapes, **PLACED, still=(*shapes,) if name in OPEN else ())
      for name, (_, shapes) in COMMON.items()),
    form("scipy.stats.norm.sf(x, loc, scale)", x=LINE, **PLACED),
    form("scipy.stats.lognorm.sf(x, t, loc, scale)", x=HALF, t=0.7, **PLACED),
    form("scipy.stats.norm.logcdf(x, loc, scale)", x=LINE * 3, **PLACED),
    form("scipy.stats.weibull_min.logcdf(x, c)", x=HALF, c=1.7),
    form("scipy.stats.norm.isf(q, loc, scale)", q=UNIT, **PLACED),
    form("scipy.stats.lognorm.isf(q, t)", q=UNIT, t=0.7),
    # Ways to give the parameters
    form("scipy.stats.norm.logpdf(x)", x=0.3),
    form("scipy.stats.norm.logpdf(x, scale=scale)", x=LINE, scale=0.7),
    form("scipy.stats.norm.logpdf(x, loc=loc)", x=LINE, loc=np.array([[0.1], [0.7]])),
    form("scipy.stats.norm.logpdf(x[:, None], m, np.exp(t))", x=LINE, m=np.array([0.1, 0.4]), t=np.array([-0.2, 0.3])),
    form("scipy.stats.gamma.logpdf([x, 2.0], a=a, scale=1.0 / r)", x=0.4, a=np.array([1.3, 2.2]), r=0.6),
    form("scipy.stats.beta.logpdf(x, b=b, a=a)", x=UNIT, a=2.0, b=1.5),
    form("scipy.stats.expon.logpdf(0.7, loc, scale)", **PLACED),
    form("scipy.stats.norm(loc, scale).logpdf(x)", x=LINE, **PLACED),
    form("scipy.stats.norm(scale=scale).cdf(x)", x=LINE, scale=1.5),
    form("scipy.stats.gamma(a, scale=scale).pdf(x=x)", x=HALF, a=2.3, scale=0.8),
    form("scipy.stats.norm.freeze(loc, scale).ppf(q)", q=UNIT, **PLACED),
    form("scipy.stats.norm(0.5, 2.0).isf(q)", q=UNIT),
    form("scipy.stats.t(4.0, loc, scale).logcdf(x)", x=LINE, **PLACED),
    form("scipy.stats.laplace(loc, scale).sf(x)", x=LINE, **PLACED),
    form("scipy.stats.logistic(loc, scale).logsf(x)", x=LINE, **PLACED),
    form("scipy.stats.poisson(mu).logpmf(k)", k=COUNTS, mu=1.7),
    form("scipy.stats.poisson(mu).pmf(k)", k=COUNTS, mu=1.7),
    # Edges: outside of the support nothing changes, at its end it changes as inside
    form("scipy.stats.expon.pdf(x)", x=np.array([-1.0, 0.0, np.inf]), edge={"x": [0, -1, 0]}),
    form("scipy.stats.uniform.pdf(x, loc, scale)", x=np.array([-1.0, 0.0, 3.0]), loc=0.0, scale=2.0,
         edge={"x": [0, 0, 0], "loc": 0.0, "scale": -0.25}),
    form("scipy.stats.beta.logpdf(x, a, b)", x=np.array([0.0, 1.0]), a=1.0, b=1.0, still=("a", "b"), edge={"x": [0, 0]}),
    form("scipy.stats.beta.logpdf(x, a, b)", x=UNIT, a=1.0, b=1.0),
    form("scipy.stats.erlang.logpdf(x, a, loc, scale)", x=HALF, a=3, **PLACED),
    form("scipy.stats.gamma.pdf(x, a)", x=np.array([-1.0, 0.0]), a=1.0, still=("a",), edge={"x": [0, -1]}),
    form("scipy.stats.norm.cdf(x, loc, scale)", x=np.array([-np.inf, np.inf]), loc=0.0, scale=2.0,
         edge={"x": [0, 0], "loc": 0.0, "scale": 0.0}),
    form("scipy.stats.norm.logcdf(x)", x=np.array([-np.inf, np.inf]), edge={"x": [0, 0]}),
    form("scipy.stats.lognorm.cdf(x, t)", x=np.array([-1.0, 0.0]), t=0.5, edge={"x": [0, 0], "t": 0.0}),
    form("scipy.stats.weibull_min.logpdf(x, c)", x=np.array([0.0]), c=1.0, still=("c",), edge={"x": [-1]}),
    form("scipy.stats.laplace.logpdf(x)", x=np.array([0.0]), edge={"x": [0]}),
    form("scipy.stats.norm.logpdf(x)", x=np.array([])),
    # Counts
    *(form(called(name, method, shapes, "k", ""), k=COUNTS + (name in ("geom", "logser")) if name != "bernoulli" else np.array([0, 1]),
           **shapes, still=("n",) if name == "betabinom" else ())
      for name, shapes in DISCRETE.items() for method in ("logpmf", "pmf")),
    *(form(called(name, method, shapes, "k", ""), k=np.array([0.5, 1.0, 3.0]), **shapes, still=("k", "n"))
      for name, shapes in DISCRETE.items() for method in ("cdf", "logsf") if name not in ("logser", "dlaplace", "betabinom", "bernoulli")),
    form("scipy.stats.bernoulli.cdf(0, p)", p=0.3),
    form("scipy.stats.poisson.sf(k, mu, 1)", k=COUNTS + 1, mu=1.7),
    form("scipy.stats.poisson.logcdf(k, mu, loc=1)", k=COUNTS + 1, mu=1.7),
    form("scipy.stats.poisson.logpmf(0, mu)", mu=0.0, edge={"mu": -1.0}),
    form("scipy.stats.poisson.pmf(k, mu)", k=np.array([1, 2]), mu=0.0, edge={"mu": 1.0}),
    form("scipy.stats.binom.pmf(k, n, p)", k=np.array([1, 3]), n=2, p=0.0, edge={"p": 2.0}),
    form("scipy.stats.geom.pmf(k, p)", k=np.array([0, 2]), p=1.0, edge={"p": -1.0}),
    form("scipy.stats.bernoulli.pmf(k, p)", k=np.array([-1, 1]), p=0.0, edge={"p": 1.0}),
    form("scipy.stats.binom.cdf(k, n, p)", k=np.array([0, 1]), n=0, p=0.5, edge={"p": 0.0}),
    form("scipy.stats.poisson.ppf(q, mu)", q=UNIT, mu=2.2, edge={"q": [0, 0, 0], "mu": 0.0}),
    # Means
    *(form(f"scipy.stats.norm.{method}(loc, scale)", **PLACED) for method in ("mean", "var", "std", "entropy", "median")),
    *(form(f"scipy.stats.{name}.{method}({', '.join(shapes)}, scale=scale)", **shapes, scale=1.5)
      for name, shapes in {"gamma": {"a": 2.3}, "beta": {"a": 2.3, "b": 1.8}, "lognorm": {"sigma": 0.7}, "t": {"df": 3.3}}.items()
      for method in ("mean", "var", "std", "entropy") if name != "t" or method == "entropy"),
    *(form(f"scipy.stats.t.{method}(df, scale=scale)", df=3.3, scale=1.5, single=False, but="SciPy raises for single precision here")
      for method in ("mean", "var", "std")),
    form("scipy.stats.gamma(a, loc, scale).mean() + scipy.stats.gamma(a, loc, scale).std()", a=1.7, **PLACED),
    form("scipy.stats.norm(loc, scale).interval(0.9)", **PLACED),
    form("scipy.stats.norm(loc, scale).median()", **PLACED),
    form("scipy.stats.norm(loc, scale).var() + scipy.stats.norm(loc, scale).entropy()", **PLACED),
    form("scipy.stats.poisson.mean(mu) * scipy.stats.poisson.var(mu) + scipy.stats.binom.std(5, p)", mu=1.7, p=0.3),
    form("scipy.stats.gamma.moment(1, a, loc, scale)", a=1.7, **PLACED),
    form("scipy.stats.gamma(a, loc, scale).moment(2)", a=1.7, **PLACED),
    form("scipy.stats.gamma.moment(3, 1.7, loc=loc, scale=scale)", **PLACED, **UNKEPT),
    form("scipy.stats.norm.stats(loc, scale, moments='mvsk')", **PLACED, **UNKEPT),
    form("scipy.stats.gamma(a, scale=scale).stats()", a=1.7, scale=1.5, **UNKEPT),
    form("scipy.stats.uniform.support(loc, scale)", **PLACED, **UNKEPT),
    form("scipy.stats.genextreme.std(0.3, scale=scale) + scipy.stats.rice(0.4, scale=scale).entropy()", scale=1.5),
    # By the shapes of which a series knows more
    form("scipy.stats.erlang.cdf(x, a)", x=np.array([0.3, 0.6]), a=2.0, still=("a",)),
    form("scipy.stats.erlang.ppf(q, a, loc=l)", q=np.array([0.3, 0.6]), l=0.5, a=2.0, still=("a",)),
    *(form(f"scipy.stats.{name}.cdf(x, {', '.join(shapes)})", x=np.array([0.3, 0.6]), **shapes) for name, shapes in SERIES.items()),
    *(form(f"scipy.stats.{name}.ppf(q, {', '.join(SERIES[name])}, loc=l)", q=np.array([0.3, 0.6]), l=0.5, **SERIES[name])
      for name in ("gamma", "beta", "t")),
    form("scipy.stats.nbinom.sf(k, n, p)", k=np.array([0, 2]), n=2.4, p=0.3),
    form("scipy.stats.gamma.cdf(x, a)", x=np.array([-1.0, 0.0]), a=2.0, edge={"x": [0, 0], "a": 0.0}),
]
