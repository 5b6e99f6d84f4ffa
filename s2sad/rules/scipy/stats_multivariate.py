"""Distributions of several variables."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special
import scipy.stats
from scipy.stats import _multivariate as multivariate

from s2sad.rules.factors import from_triangle, whole
from s2sad.rules.facts import Facts
from s2sad.rules.following import FOLLOWED, name_objects
from s2sad.rules.language import rule
from s2sad.rules.refusing import refuse
from s2sad.rules.scipy import special_gamma
from s2sad.rules.solving import as_now
from s2sad.types import densities

psi = scipy.special.psi

# The normal distribution: Petersen and Pedersen, The Matrix Cookbook (2012), sections 8.1 and 2.1. Of the covariance the lower triangle is
# read.


def _length(mean: Any, cov: Any) -> Any:
    if mean is not None:
        return np.size(mean)
    if isinstance(cov, scipy.stats.Covariance):
        return np.shape(cov.covariance)[0]
    return np.shape(cov)[0] if np.ndim(cov) == 2 else 1


def _matrix(cov: Any, n: Any) -> Any:
    if isinstance(cov, scipy.stats.Covariance):
        return cov.covariance
    if np.ndim(cov) == 2:
        return whole(cov)
    return cov * np.eye(n) if np.ndim(cov) == 0 else np.diag(cov)


def _apart(x: Any, mean: Any, cov: Any) -> Any:
    """How far the points are from the mean, a row each."""
    rows = np.reshape(x, (-1, _length(mean, cov)))
    return rows if mean is None else rows - mean


def _scaled(x: Any, mean: Any, cov: Any) -> Any:
    """The same, by the inverse of the covariance."""
    return np.linalg.solve(_matrix(cov, _length(mean, cov)), np.transpose(_apart(x, mean, cov))).T


def _normal_back(g: Any, x: Any, mean: Any, cov: Any) -> Any:
    """By the points; the mean has the opposite, all together."""
    return -np.reshape(g, (-1, 1)) * _scaled(x, mean, cov)


def _mean_back(g: Any, x: Any, mean: Any, cov: Any) -> Any:
    return np.reshape(-np.sum(_normal_back(g, x, mean, cov), axis=0), np.shape(mean))


def _cov_back(g: Any, x: Any, mean: Any, cov: Any) -> Any:
    n = _length(mean, cov)
    by = -0.5 * (np.transpose(_scaled(x, mean, cov)) @ _normal_back(g, x, mean, cov) + np.sum(g) * np.linalg.inv(_matrix(cov, n)))
    return _of_form(by, cov)


def _of_form(by: Any, cov: Any) -> Any:
    """The part of the cotangent of a covariance that a number, a diagonal or a matrix stands for."""
    if np.ndim(cov) == 2:
        return from_triangle(by)
    return np.trace(by) if np.ndim(cov) == 0 else np.diagonal(by)


rule("scipy.stats.multivariate_normal.logpdf(x, mean=None, cov=1)", x="np.reshape(_normal_back(g, x, mean, cov), np.shape(x))",
     mean="_mean_back(g, x, mean, cov)", cov="_cov_back(g, x, mean, cov)", facts=Facts(gives=densities.along_last))  # fmt: skip
rule("scipy.stats.multivariate_normal.pdf(x, mean=None, cov=1)", x="np.reshape(_normal_back(g * ans, x, mean, cov), np.shape(x))",
     mean="_mean_back(g * ans, x, mean, cov)", cov="_cov_back(g * ans, x, mean, cov)", facts=Facts(gives=densities.along_last))  # fmt: skip
rule("scipy.stats.multivariate_normal.entropy(mean=None, cov=1)", mean="0.0 * g * mean",
     cov="_of_form(0.5 * g * np.linalg.inv(_matrix(cov, _length(mean, cov))), cov)", facts=Facts(gives=densities.number))  # fmt: skip

# The Dirichlet distribution, along the first axis; the last share may be left out


def _shares(x: Any, alpha: Any) -> Any:
    if np.shape(x)[0] == np.shape(alpha)[0]:
        return x
    return np.concatenate([x, np.expand_dims(1.0 - np.sum(x, axis=0), 0)])


def _over_points(v: Any, x: Any) -> Any:
    """A vector, for points that may lie along one more axis."""
    return np.reshape(v, (-1, *(1,) * (np.ndim(x) - 1)))


def _shares_back(g: Any, x: Any, alpha: Any) -> Any:
    more, shares = _over_points(alpha - 1.0, x), _shares(x, alpha)
    by = g * np.where(np.equal(more, 0) & np.equal(shares, 0), 0.0, more / shares)
    return by if np.shape(x)[0] == np.shape(alpha)[0] else by[:-1] - by[-1]


def _alpha_back(g: Any, x: Any, alpha: Any) -> Any:
    shares = np.reshape(_shares(x, alpha), (np.size(alpha), -1))
    return np.sum(np.log(shares) * np.reshape(g, (1, -1)), axis=1) - np.sum(g) * (psi(alpha) - psi(np.sum(alpha)))


rule("scipy.stats.dirichlet.logpdf(x, alpha)", x="_shares_back(g, x, alpha)", alpha="_alpha_back(g, x, alpha)",
     facts=Facts(gives=densities.along_first))  # fmt: skip
rule("scipy.stats.dirichlet.pdf(x, alpha)", x="_shares_back(g * ans, x, alpha)", alpha="_alpha_back(g * ans, x, alpha)",
     facts=Facts(gives=densities.along_first))  # fmt: skip

# With parameters that are given before


class _Given:
    """What a frozen distribution has in place of what SciPy prepares: the covariance as it is then, beside the one that is given."""

    def __init__(self, covariance: Any) -> None:
        self.covariance, self.then = covariance, as_now(covariance)


def _array(given: Any) -> Any:
    """What SciPy has of a parameter: an array itself, and a copy of a list."""
    return np.asarray(given) if isinstance(given, (list, tuple)) else given


def _square(mean: Any, cov: Any) -> Any:
    """The covariance as a matrix, which is not looked at."""
    return cov if np.ndim(cov) == 2 else _matrix(cov, _length(mean, cov))


def _init_normal(self: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False, seed: Any = None, maxpts: Any = None,
                 abseps: float = 1e-5, releps: float = 1e-5) -> None:  # fmt: skip
    mean, cov = _array(mean), _array(cov)
    known = isinstance(cov, scipy.stats.Covariance)
    self.mean, self.cov_object, self.allow_singular = mean, cov if known else _Given(_square(mean, cov)), allow_singular


def _parameters(self: Any) -> Any:
    """The mean and the covariance; what SciPy has prepared of that is given as it is."""
    cov = self.cov_object
    return self.mean, cov.then if isinstance(cov, _Given) else cov


def _logpdf(self: Any, x: Any) -> Any:
    return scipy.stats.multivariate_normal.logpdf(x, *_parameters(self), **_singular(self))


def _pdf(self: Any, x: Any) -> Any:
    return scipy.stats.multivariate_normal.pdf(x, *_parameters(self), **_singular(self))


def _singular(self: Any) -> dict[str, bool]:
    """An argument that has no rule, where it says something."""
    return {"allow_singular": True} if self.allow_singular else {}


def _entropy(self: Any) -> Any:
    return scipy.stats.multivariate_normal.entropy(*_parameters(self))


def _init_dirichlet(self: Any, alpha: Any, seed: Any = None) -> None:
    self.alpha = _array(alpha)


def _logpdf_dirichlet(self: Any, x: Any) -> Any:
    return scipy.stats.dirichlet.logpdf(x, self.alpha)


def _pdf_dirichlet(self: Any, x: Any) -> Any:
    return scipy.stats.dirichlet.pdf(x, self.alpha)


Normal, Shares = multivariate.multivariate_normal_frozen, multivariate.dirichlet_frozen
FOLLOWED |= {Normal.__init__: _init_normal, Normal.logpdf: _logpdf, Normal.pdf: _pdf, Normal.entropy: _entropy,
             Shares.__init__: _init_dirichlet, Shares.logpdf: _logpdf_dirichlet, Shares.pdf: _pdf_dirichlet}  # fmt: skip
FOLLOWED |= {multivariate.multivariate_normal_gen.__call__: multivariate.multivariate_normal_gen.__call__,
             multivariate.dirichlet_gen.__call__: multivariate.dirichlet_gen.__call__}  # fmt: skip
name_objects("scipy.stats.multivariate_normal", "scipy.stats.dirichlet")
refuse(*(f"scipy.stats._multivariate.multivariate_normal_{kind}.{name}" for kind in ("gen", "frozen") for name in ("cdf", "logcdf")),
       why="it is integrated numerically")  # fmt: skip
refuse(*(f"scipy.stats._multivariate.{name}.rvs" for name in ("multivariate_normal_gen", "multivariate_normal_frozen", "dirichlet_gen",
                                                              "dirichlet_frozen")), why="it draws random numbers")  # fmt: skip
