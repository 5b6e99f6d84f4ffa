"""Objects of SciPy's modules that a table names are meant by their names, as functions are, and so are their methods."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import scipy.stats
from scipy.stats import norm

from s2sad import grad, value_and_grad
from s2sad.errors import MissingRule
from s2sad.rules import following
from tests.ways import CONTROLS, every_way

CHOSEN: Any = norm
FROZEN: Any = norm(0.5, 2.0)


def test_a_name_from_outside_may_mean_another_one_in_the_next_call() -> None:
    def f(x: float) -> Any:
        return CHOSEN.logpdf(x)

    for control in CONTROLS:
        derived = grad(f, control=control)  # type: ignore[call-overload]
        assert derived(2.0) == -2.0
        globals()["CHOSEN"] = scipy.stats.laplace
        assert derived(2.0) == -1.0
        globals()["CHOSEN"] = norm
        assert derived(2.0) == -2.0


def test_methods_may_be_handed_on() -> None:
    def f(x: float) -> Any:
        return sum(method(x, 0.2, 1.3) for method in (norm.logpdf, norm.cdf, scipy.stats.cauchy.pdf))

    every_way(lambda: f)


def test_an_object_with_parameters_is_read_afresh() -> None:
    def f(x: float) -> Any:
        return FROZEN.logpdf(x)

    derived = grad(f)
    assert derived(1.0) == -0.125
    globals()["FROZEN"] = norm(0.0, 1.0)
    assert derived(1.0) == -1.0
    globals()["FROZEN"] = scipy.stats.expon(scale=0.5)
    assert derived(1.0) == -2.0
    globals()["FROZEN"] = norm(0.5, 2.0)


def test_one_that_the_function_makes() -> None:
    def f(x: float) -> Any:
        still, moving = norm(0.5, 2.0), scipy.stats.gamma(2.0, scale=np.exp(x))
        total = 0.0
        for k in range(3):
            total = total + still.logpdf(x * k) + moving.logsf(1.0 + k) + moving.mean()
        return total

    every_way(lambda: f)


def test_a_class_that_is_made_anew_is_another_distribution() -> None:
    other = type(norm)(a=0.0, name="other")
    assert not following.is_named(other)
    for one in (other, other(0.0, 1.0)):
        with pytest.raises(MissingRule, match="no rule for a distribution that is not one of SciPy's own"):
            grad(lambda x, one=one: one.logpdf(x))(0.3)


def test_what_the_density_has_no_logarithm_of() -> None:
    def f(x: Any, a: float, scale: float) -> Any:
        return np.sum(scipy.stats.gamma.logpdf(x, a, 0.5, scale))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value, found = value_and_grad(f, (0, 1, 2))(np.array([-1.0, 0.5, 2.5]), 2.0, 1.0)
    assert value == -np.inf
    np.testing.assert_allclose(found[0], [0.0, 0.0, -0.5])
    np.testing.assert_allclose(found[1:], [np.log(2.0) - scipy.special.psi(2.0), 0.0], atol=1e-15)


@pytest.mark.parametrize("f, what", [
    (lambda x: scipy.stats.vonmises.cdf(0.3, x), "scipy.stats.vonmises.cdf has no derivative with respect to 'kappa'"),
    (lambda x: scipy.stats.poisson.logpmf(x, 2.0), "scipy.stats.poisson.logpmf has no derivative with respect to 'k'"),
    (lambda x: scipy.stats.norm.pdf(x, tilt=2.0), "got an unexpected keyword argument 'tilt'"),
    (lambda x: scipy.stats.alpha.pdf(x, 2.0), "no rule for a distribution"),
    (lambda x: scipy.stats.kruskal([x, 0.2], [0.1, 0.4]).statistic, "it tests a hypothesis"),
    (lambda x: scipy.stats.circmean([x, 0.2], nan_policy="omit"), "NaNs are left out"),
    (lambda x: scipy.stats.multivariate_normal.logpdf([x, 0.2], [0.1, 0.3], allow_singular=True), "the argument 'allow_singular'"),
    (lambda x: scipy.stats.multivariate_normal([x, 0.2]).cdf([0.1, 0.3]), "it is integrated numerically"),
])  # fmt: skip
def test_what_has_no_rule_says_so(f: Any, what: str) -> None:
    with pytest.raises((MissingRule, TypeError), match=what):
        grad(f)(0.4)
