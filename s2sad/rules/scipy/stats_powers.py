"""Functions of scipy.stats with a power for parameter, which SciPy computes otherwise where the power is a special one."""
from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import scipy.special
import scipy.stats

from s2sad.rules.facts import Facts
from s2sad.rules.following import FOLLOWED, follow, means
from s2sad.rules.language import rule, zero
from s2sad.rules.scipy.special import boxcox_by_power
from s2sad.rules.scipy.stats_followed import _followed, with_nan_policy
from s2sad.rules.solving import constant, in_place_of, refused, varies
from s2sad.runtime.functions import unbroadcast
from s2sad.types.summaries import same

# The transform of Yeo and Johnson is that of Box and Cox of 1 + x, and the opposite of that of 1 - x with 2 - lmbda below 0


def _transformed(x: Any, lmbda: Any) -> Any:
    return same(x)


def _size(x: Any) -> Any:
    return np.where(np.less(x, 0), -x, x)


def _from_one(x: Any, lmbda: Any) -> Any:
    """The power, which below 0 is counted from 2."""
    return np.where(np.less(x, 0), 2.0 - lmbda, lmbda)


def _yeojohnson_by_power(x: Any, lmbda: Any) -> Any:
    return boxcox_by_power(np.log1p(_size(x)), _from_one(x, lmbda))


def _yeojohnson_slope(x: Any, lmbda: Any) -> Any:
    return np.power(1.0 + _size(x), _from_one(x, lmbda) - 1.0)


follow("scipy.stats.yeojohnson")
rule("scipy.stats.yeojohnson(x, lmbda)", x="g * _yeojohnson_slope(x, lmbda)",
     lmbda="unbroadcast(g * _yeojohnson_by_power(x, lmbda), np.shape(lmbda))",
     jvp="x_dot * _yeojohnson_slope(x, lmbda) + lmbda_dot * _yeojohnson_by_power(x, lmbda)", facts=Facts(gives=_transformed))  # fmt: skip


# How likely a power is


def likelihood(lmb: Any, data: Any, axis: Any, keepdims: Any) -> Any:
    return scipy.stats.boxcox_llf(lmb, data, axis=axis, keepdims=keepdims)


zero("likelihood(lmb, data, axis, keepdims)")


def _log_variance(apart: Any, lmb: Any, axis: Any, keepdims: Any) -> Any:
    """Of what logarithms stand for, by their geometric mean: nothing cancels near the power 0, and nothing overflows far from it."""
    z = lmb * apart
    far = np.where(np.greater(z, 0), z, 0.0)
    top = constant(np.max(far, axis=axis, keepdims=True))
    y = apart * scipy.special.exprel(np.where(np.greater(z, 0), -z, z)) * np.exp(far - top)
    return np.log(np.var(y, axis=axis, keepdims=keepdims)) + 2.0 * np.max(top, axis=axis, keepdims=keepdims)


def _boxcox_llf(lmb: Any, data: Any, *, axis: Any = 0, keepdims: Any = False, nan_policy: Any = "propagate") -> Any:
    if nan_policy != "propagate":
        return with_nan_policy(data)
    data = np.asarray(data)
    value = likelihood(constant(lmb), constant(data), axis, keepdims)
    logs = np.log(data)
    variance = _log_variance(logs - np.mean(logs, axis=axis, keepdims=True), lmb, axis, keepdims)
    n = np.size(data) if axis is None else np.shape(data)[axis]
    return in_place_of(value, -n * np.mean(logs, axis=axis, keepdims=keepdims) - 0.5 * n * variance)


means("scipy.stats.boxcox_llf", _boxcox_llf)

# Divergences

NEAR = 1e-3
DIVERGENCE = inspect.unwrap(scipy.stats.power_divergence)
_PROPAGATED = _followed(DIVERGENCE, len(inspect.signature(DIVERGENCE).parameters))


def _power_divergence(f_obs: Any, f_exp: Any = None, ddof: Any = 0, axis: Any = 0, lambda_: Any = None, **kwargs: Any) -> Any:
    if varies(lambda_) and (lambda_ == 1 or abs(lambda_) < NEAR or abs(lambda_ + 1) < NEAR):
        refused("scipy.stats.power_divergence() has no derivative by lambda_ at 1, and near 0 and -1, where SciPy has other formulas: "
                "2 / (lambda_ + 1) * np.sum(f_obs * scipy.special.boxcox(f_obs / f_exp, lambda_)) has one at 1 and 0")  # fmt: skip
    return _PROPAGATED(f_obs, f_exp, ddof, axis, lambda_, **kwargs)


FOLLOWED[DIVERGENCE] = DIVERGENCE
means("scipy.stats.power_divergence", _power_divergence)
