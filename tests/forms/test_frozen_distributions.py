"""Frozen distributions are of their parameters as SciPy has them: some as they are later, some as they were then."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from s2sad import check_grads, value_and_grad
from tests.oracles import assert_close, assert_identical, differences

Y, X = np.array([1.0, 2.0, 4.0]), np.array([0.5, 0.2, 0.3])


def covariance(y: Any) -> Any:
    c = np.diag(y[:2])
    rv = stats.multivariate_normal([0.0, 1.0], c)
    c[0, 0] = 9.0
    return rv.logpdf(X[:2]) + 2.0 * rv.pdf(X[:2]) + rv.entropy() + 0.1 * np.sum(rv.cov * np.array([1.0, 2.0]))


def variances(y: Any) -> Any:
    v = 1.0 * y
    rv = stats.multivariate_normal(np.zeros(3), v)
    v *= 2.0
    return rv.logpdf(X) + np.sum(rv.cov)


def one_variance(y: Any) -> Any:
    rv = stats.multivariate_normal(np.zeros(3), y[0])
    return rv.logpdf(X) + np.sum(rv.cov)


def mean(y: Any) -> Any:
    m = 1.0 * y
    rv = stats.multivariate_normal(m, np.eye(3))
    m[0] = 9.0
    return rv.logpdf(X) + np.sum(rv.mean)


def lists(y: Any) -> Any:
    m, c, a = [y[0], 1.0], [[y[1], 0.0], [0.0, 1.0]], [y[0], 2.0, 1.0]
    rv, shares = stats.multivariate_normal(m, c), stats.dirichlet(a)
    m[0] = c[0][0] = a[0] = 9.0
    return rv.logpdf(X[:2]) + shares.logpdf(X[:2])


def shares(y: Any) -> Any:
    a = 1.0 * y
    rv = stats.dirichlet(a)
    a[0] = 9.0
    return rv.logpdf(X[:2])


def shape_and_scale(y: Any) -> Any:
    a, s = y[1:], 1.0 * y
    rv, other = stats.gamma(a), stats.norm(0.0, scale=s)
    s[0] = 9.0
    return np.sum(rv.logpdf(0.5)) + np.sum(other.logpdf(X))


def kernels(y: Any) -> Any:
    a = 1.0 * y
    estimate = stats.gaussian_kde(a)
    a[0] = 9.0
    return np.sum(estimate(X)) + np.sum(estimate.dataset)


def in_a_loop(y: Any) -> Any:
    total = 0.0
    for k in range(3):
        c = np.diag(y[:2] + k)
        rv = stats.multivariate_normal([0.0, 1.0], c)
        c[0, 0] = 9.0
        total = total + rv.logpdf(X[:2]) + np.sum(rv.cov)
    return total


@pytest.mark.parametrize("control", ["record", "keep"])
@pytest.mark.parametrize("f", [covariance, variances, one_variance, mean, lists, shares, shape_and_scale, kernels, in_a_loop])
def test_what_is_written_into_parameters_later(f: Any, control: Any) -> None:
    value, gradient = value_and_grad(f, control=control)(Y)
    assert_identical(value, f(Y))
    assert_close(gradient, differences(f, (Y,)), rtol=1e-6)
    check_grads(f, (Y,))
