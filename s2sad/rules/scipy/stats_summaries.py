"""Summaries of samples along axes: scores, means of several kinds, moments."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special
import scipy.stats

from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.rules.quantiles import along_order_back
from s2sad.rules.scipy.logarithms import log_part, log_slope
from s2sad.rules.scipy.special import boxcox_by_power
from s2sad.runtime.arrays import ratio_or_zero
from s2sad.runtime.functions import unbroadcast
from s2sad.types import summaries


def _mean(a: Any, axis: Any) -> Any:
    return np.mean(a, axis=axis, keepdims=True)


def _count(a: Any, axis: Any) -> Any:
    """How many elements there are in a sample."""
    if axis is None:
        return np.size(a)
    found: Any = 1
    for k in axis if isinstance(axis, (tuple, list)) else (axis,):
        found = found * np.shape(a)[k]
    return found


def _deviation(a: Any, axis: Any, ddof: Any) -> Any:
    return np.sqrt(np.sum((a - _mean(a, axis)) ** 2, axis=axis, keepdims=True) / (_count(a, axis) - ddof))


def _along(g: Any, a: Any, axis: Any) -> Any:
    """What belongs to whole samples, with their axes."""
    return g if axis is None or np.ndim(g) == np.ndim(a) else np.expand_dims(g, axis)


# Scores


def _zscore_back(g: Any, ans: Any, a: Any, axis: Any, ddof: Any) -> Any:
    projected = ans * (np.sum(g * ans, axis=axis, keepdims=True) / (_count(a, axis) - ddof))
    return (g - _mean(g, axis) - projected) / _deviation(a, axis, ddof)


def _compared_back(g: Any, ans: Any, compare: Any, axis: Any, ddof: Any) -> Any:
    """By the sample that scores are compared with: its mean, and its deviation."""
    if axis is None:
        total, projected = np.sum(g), np.sum(g * ans)
    else:
        total, projected = np.sum(g, axis=axis, keepdims=True), np.sum(g * ans, axis=axis, keepdims=True)
    s, n = _deviation(compare, axis, ddof), _count(compare, axis)
    return unbroadcast(-total / (s * n) - (compare - _mean(compare, axis)) * projected / (s * s * (n - ddof)), np.shape(compare))


rule("scipy.stats.zscore(a, axis=0, ddof=0)", a="_zscore_back(g, ans, a, axis, ddof)", facts=Facts(gives=summaries.same))
rule("scipy.stats.gzscore(a, axis=0, ddof=0)", a="_zscore_back(g, ans, np.log(a), axis, ddof) / a", facts=Facts(gives=summaries.same))
rule("scipy.stats.zmap(scores, compare, axis=0, ddof=0)", scores="unbroadcast(g / _deviation(compare, axis, ddof), np.shape(scores))",
     compare="_compared_back(g, ans, compare, axis, ddof)", facts=Facts(gives=summaries.standardised))  # fmt: skip

# Means


def _shares(a: Any, axis: Any, weights: Any) -> Any:
    """What part each element has in a mean."""
    if weights is None:
        return 1.0 / _count(a, axis)
    w = np.broadcast_to(_placed(weights, a, axis), np.shape(a))
    return w / np.sum(w, axis=axis, keepdims=True)


def _placed(weights: Any, a: Any, axis: Any) -> Any:
    """Weights of one sample beside all of them."""
    if np.ndim(weights) == np.ndim(a) or axis is None:
        return weights
    return np.reshape(weights, [np.size(weights) if k == axis % np.ndim(a) else 1 for k in range(np.ndim(a))])


def _weights_back(rate: Any, a: Any, axis: Any, weights: Any) -> Any:
    """The cotangent of weights from how much more of each element would change the mean."""
    w = _placed(weights, a, axis)
    total = np.sum(np.broadcast_to(w, np.shape(a)), axis=axis, keepdims=True)
    return np.reshape(unbroadcast(rate / total, np.shape(w)), np.shape(weights))


def _power_rate(g: Any, ans: Any, a: Any, p: Any, axis: Any) -> Any:
    whole = _along(ans, a, axis)
    return _along(g, a, axis) * whole * scipy.special.boxcox(a / whole, p)


def _exponent_back(g: Any, ans: Any, a: Any, p: Any, axis: Any, weights: Any) -> Any:
    """Of the logarithm of the mean, which is that of the geometric mean and `log(1 + p * u) / p`, also where the power is 0."""
    shares, logs = _shares(a, axis, weights), np.log(a)
    apart = logs - np.sum(shares * logs, axis=axis, keepdims=True)
    u = np.sum(shares * scipy.special.boxcox(np.exp(apart), p), axis=axis, keepdims=True)
    slope = np.sum(shares * boxcox_by_power(apart, p), axis=axis, keepdims=True)
    rate = u * log_slope(-p * u) * (u + p * slope) - slope * log_part(-p * u)
    return np.sum(_along(g, a, axis) * _along(ans, a, axis) * rate)


WEIGHED = Facts(gives=summaries.weighed)
rule("scipy.stats.gmean(a, axis=0, weights=None, keepdims=False)", a="_along(g * ans, a, axis) * _shares(a, axis, weights) / a",
     weights="_weights_back(_along(g * ans, a, axis) * (np.log(a) - _along(np.log(ans), a, axis)), a, axis, weights)", facts=WEIGHED)
rule("scipy.stats.hmean(a, axis=0, weights=None, keepdims=False)",
     a="_along(g * ans * ans, a, axis) * _shares(a, axis, weights) / (a * a)",
     weights="_weights_back(_along(g * ans, a, axis) * (1.0 - _along(ans, a, axis) / a), a, axis, weights)", facts=WEIGHED)  # fmt: skip
rule("scipy.stats.pmean(a, p, axis=0, weights=None, keepdims=False)",
     a="_along(g, a, axis) * _shares(a, axis, weights) * (a / _along(ans, a, axis)) ** (p - 1.0)",
     p="_exponent_back(g, ans, a, p, axis, weights)",
     weights="_weights_back(_power_rate(g, ans, a, p, axis), a, axis, weights)", facts=WEIGHED)  # fmt: skip


def _trimmed_back(g: Any, a: Any, part: Any, axis: Any) -> Any:
    """Those that are neither among the least nor among the greatest take part alike."""
    flat = np.ravel(a) if axis is None else a
    along = 0 if axis is None else axis
    n = np.shape(flat)[along]
    cut = int(part * n)
    rank = np.moveaxis(np.argsort(np.argsort(flat, axis=along), axis=along), along, -1)
    left = np.moveaxis(np.where(np.greater_equal(rank, cut) & np.less(rank, n - cut), 1.0 / (n - 2 * cut), 0.0), -1, along)
    return np.reshape(left, np.shape(a)) * g if axis is None else left * _along(g, a, axis)


rule("scipy.stats.trim_mean(a, proportiontocut, axis=0, keepdims=False)", a="_trimmed_back(g, a, proportiontocut, axis)",
     facts=Facts(gives=summaries.summary))  # fmt: skip

NORMAL = 2.0 * math.sqrt(2.0) * float(scipy.special.erfinv(0.5))  # how far apart the quartiles of a normal distribution are


def _range_back(g: Any, x: Any, axis: Any, rng: Any, scale: Any, keepdims: Any) -> Any:
    axes = tuple(range(np.ndim(x))) if axis is None else axis
    share = (np.squeeze(g, axes) if keepdims else g) / (NORMAL if isinstance(scale, str) else scale)
    return along_order_back(share, x, max(rng) / 100.0, axis) - along_order_back(share, x, min(rng) / 100.0, axis)


rule("scipy.stats.iqr(x, axis=None, rng=(25, 75), scale=1.0, keepdims=False)", x="_range_back(g, x, axis, rng, scale, keepdims)",
     facts=Facts(gives=summaries.range_of))  # fmt: skip

# Moments


def _moment_back(g: Any, a: Any, order: Any, axis: Any, center: Any) -> Any:
    if np.ndim(order) > 0:
        parts = [_one_moment_back(g[i], a, int(k), axis, center) for i, k in enumerate(order)]
        return sum(parts[1:], parts[0])
    return _one_moment_back(g, a, int(order), axis, center)


def _one_moment_back(g: Any, a: Any, k: int, axis: Any, center: Any) -> Any:
    if k == 0 or (k == 1 and center is None):
        return np.zeros(np.shape(a))
    if center is not None:
        return _along(g, a, axis) * (k / _count(a, axis)) * (a - center) ** (k - 1)
    power = (a - _mean(a, axis)) ** (k - 1)
    return _along(g, a, axis) * (k / _count(a, axis)) * (power - _mean(power, axis))


def _center_back(g: Any, a: Any, order: Any, axis: Any, center: Any) -> Any:
    return unbroadcast(-_moment_back(g, a, order, axis, center), np.shape(center))


def _skew_back(g: Any, a: Any, axis: Any, bias: bool) -> Any:
    d, n = a - _mean(a, axis), _count(a, axis)
    m2, m3 = _mean(d * d, axis), _mean(d * d * d, axis)
    more = 1.0 if bias or n <= 2 else math.sqrt((n - 1.0) * n) / (n - 2.0)
    return _along(g, a, axis) * (3.0 * more / n) * ((d * d - m2) - d * m3 / m2) / m2**1.5


def _kurtosis_back(g: Any, a: Any, axis: Any, bias: bool) -> Any:
    d, n = a - _mean(a, axis), _count(a, axis)
    m2, m3, m4 = _mean(d * d, axis), _mean(d * d * d, axis), _mean(d**4, axis)
    more = 1.0 if bias or n <= 3 else (n * n - 1.0) / ((n - 2.0) * (n - 3.0))
    return _along(g, a, axis) * (4.0 * more / n) * ((d * d * d - m3) - d * m4 / m2) / (m2 * m2)


def _variation_back(g: Any, ans: Any, a: Any, axis: Any, ddof: Any) -> Any:
    m, n, v = _mean(a, axis), _count(a, axis), _along(ans, a, axis)
    return _along(g, a, axis) * (ratio_or_zero(a - m, v) / ((n - ddof) * m * m) - v / (m * n))


SUMMARY = Facts(gives=summaries.summary)
rule("scipy.stats.moment(a, order=1, axis=0, center=None, keepdims=False)", a="_moment_back(g, a, order, axis, center)",
     center="_center_back(g, a, order, axis, center)", facts=Facts(gives=summaries.moments))  # fmt: skip
rule("scipy.stats.skew(a, axis=0, bias=True, keepdims=False)", a="_skew_back(g, a, axis, bias)", facts=SUMMARY)
rule("scipy.stats.kurtosis(a, axis=0, fisher=True, bias=True, keepdims=False)", a="_kurtosis_back(g, a, axis, bias)", facts=SUMMARY)
rule("scipy.stats.sem(a, axis=0, ddof=1, keepdims=False)",
     a="ratio_or_zero(_along(g, a, axis) * (a - _mean(a, axis)), np.broadcast_to(_along(ans, a, axis), np.shape(a)))"
       " / (_count(a, axis) * (_count(a, axis) - ddof))", facts=SUMMARY)  # fmt: skip
rule("scipy.stats.variation(a, axis=0, ddof=0, keepdims=False)", a="_variation_back(g, ans, a, axis, ddof)", facts=SUMMARY)
rule("scipy.stats.gstd(a, axis=0, ddof=1, keepdims=False)",
     a="_along(g * ans / np.log(ans), a, axis) * (np.log(a) - _mean(np.log(a), axis)) / ((_count(a, axis) - ddof) * a)", facts=SUMMARY)
