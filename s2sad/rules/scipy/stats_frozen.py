"""Distributions with parameters that are given before: they ask the distribution of the module, which has the rules."""
from __future__ import annotations

from typing import Any

from scipy.stats import rv_continuous, rv_discrete
from scipy.stats._distn_infrastructure import rv_continuous_frozen, rv_discrete_frozen, rv_frozen, rv_generic

from s2sad.rules.following import FOLLOWED, follow
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy.distributing import OBJECTS


def _the_same(dist: Any) -> Any:
    """The distribution of the module that a frozen one has a copy of; of one that is not known, itself."""
    return OBJECTS.get((type(dist), dist.name), dist)


def _freeze(self: Any, *args: Any, **kwds: Any) -> Any:
    return rv_continuous_frozen(self, *args, **kwds) if isinstance(self, rv_continuous) else rv_discrete_frozen(self, *args, **kwds)


def _init(self: Any, dist: Any, *args: Any, **kwds: Any) -> None:
    self.args, self.kwds, self.dist = args, kwds, dist


def _pdf(self: Any, x: Any) -> Any:
    return _the_same(self.dist).pdf(x, *self.args, **self.kwds)


def _logpdf(self: Any, x: Any) -> Any:
    return _the_same(self.dist).logpdf(x, *self.args, **self.kwds)


def _pmf(self: Any, k: Any) -> Any:
    return _the_same(self.dist).pmf(k, *self.args, **self.kwds)


def _logpmf(self: Any, k: Any) -> Any:
    return _the_same(self.dist).logpmf(k, *self.args, **self.kwds)


def _cdf(self: Any, x: Any) -> Any:
    return _the_same(self.dist).cdf(x, *self.args, **self.kwds)


def _logcdf(self: Any, x: Any) -> Any:
    return _the_same(self.dist).logcdf(x, *self.args, **self.kwds)


def _sf(self: Any, x: Any) -> Any:
    return _the_same(self.dist).sf(x, *self.args, **self.kwds)


def _logsf(self: Any, x: Any) -> Any:
    return _the_same(self.dist).logsf(x, *self.args, **self.kwds)


def _ppf(self: Any, q: Any) -> Any:
    return _the_same(self.dist).ppf(q, *self.args, **self.kwds)


def _isf(self: Any, q: Any) -> Any:
    return _the_same(self.dist).isf(q, *self.args, **self.kwds)


def _mean(self: Any) -> Any:
    return _the_same(self.dist).mean(*self.args, **self.kwds)


def _var(self: Any) -> Any:
    return _the_same(self.dist).var(*self.args, **self.kwds)


def _std(self: Any) -> Any:
    return _the_same(self.dist).std(*self.args, **self.kwds)


def _median(self: Any) -> Any:
    return _the_same(self.dist).median(*self.args, **self.kwds)


def _entropy(self: Any) -> Any:
    return _the_same(self.dist).entropy(*self.args, **self.kwds)


def _moment(self: Any, order: Any = None) -> Any:
    return _the_same(self.dist).moment(order, *self.args, **self.kwds)


def _stats(self: Any, moments: Any = "mv") -> Any:
    return _the_same(self.dist).stats(*self.args, **self.kwds, moments=moments)


def _support(self: Any) -> Any:
    return _the_same(self.dist).support(*self.args, **self.kwds)


def _interval(self: Any, confidence: Any = None) -> Any:
    return _the_same(self.dist).interval(confidence, *self.args, **self.kwds)


FOLLOWED |= {rv_generic.__call__: _freeze, rv_generic.freeze: _freeze, rv_frozen.__init__: _init,
             rv_continuous_frozen.pdf: _pdf, rv_continuous_frozen.logpdf: _logpdf,
             rv_discrete_frozen.pmf: _pmf, rv_discrete_frozen.logpmf: _logpmf}  # fmt: skip
FOLLOWED |= {getattr(rv_frozen, name.removeprefix("_")): method for name, method in [*globals().items()]
             if name in ("_cdf", "_logcdf", "_sf", "_logsf", "_ppf", "_isf", "_mean", "_var", "_std", "_median", "_entropy", "_interval",
                      "_moment", "_stats", "_support")}
follow("scipy.stats.rv_continuous.median", "scipy.stats.rv_continuous.interval")

FUNCTIONS = ("cdf", "logcdf", "sf", "logsf", "ppf", "isf")
refuse(*(f"scipy.stats.rv_continuous.{name}" for name in ("pdf", "logpdf", *FUNCTIONS)),
       *(f"scipy.stats.rv_discrete.{name}" for name in ("pmf", "logpmf", *FUNCTIONS)),
       why="there is no rule for a distribution that is not one of SciPy's own, or one of SciPy's that is seldom used; "
           "its density can be written with NumPy and scipy.special")  # fmt: skip
refuse("scipy.stats.rv_continuous.expect", "scipy.stats.rv_discrete.expect",
       why="it integrates a function natively; scipy.integrate.quad() of the function times the density has one")  # fmt: skip
refuse("scipy.stats.rv_continuous.fit", "scipy.stats.rv_continuous.fit_loc_scale",
       why="it searches for a solution; scipy.optimize.minimize() of a likelihood has one")  # fmt: skip
