"""Derivatives of distances between the rows of two arrays, by metric: functions that are followed.

A cotangent of all distances comes in, that of the first array goes out. All metrics are symmetric, so that of the second is the same thing
turned around. Where a distance is zero, its derivative is.
"""
from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial.distance import _METRIC_ALIAS

from s2sad.errors import MissingRule
from s2sad.runtime.arrays import ratio_or_zero

CANONICAL = {alias: info.canonical_name for alias, info in _METRIC_ALIAS.items()}
OF_TRUTHS = ("dice", "hamming", "jaccard", "rogerstanimoto", "russellrao", "sokalsneath", "yule")


def name_of(metric: Any) -> Any:
    return CANONICAL[metric.lower()]


def back(g: Any, a: Any, b: Any, distances: Any, metric: Any, p: Any, w: Any, V: Any, VI: Any) -> Any:
    """The cotangent of `a`."""
    name = name_of(metric)
    if name in OF_TRUTHS:
        return np.zeros_like(a)
    if name in ("euclidean", "sqeuclidean"):
        return _squares(2.0 * g if name == "sqeuclidean" else ratio_or_zero(g, distances), a, b, w)
    if name == "cosine":
        return _angles(g, a, b, w)
    if name == "correlation":
        return _correlations(g, a, b, w)
    if name == "jensenshannon":
        return _distributions(g, a, b, distances, w)
    if name == "seuclidean":
        return _squares(ratio_or_zero(g, distances), a, b, 1.0 / _given(V, "V"))
    if name == "mahalanobis":
        weights = 0.5 * (_given(VI, "VI") + VI.T)
        return _squares_in(ratio_or_zero(g, distances), a, b, weights)
    return np.sum(np.expand_dims(g, 2) * _slopes(name, a, b, distances, p, w), axis=1)


def _given(value: Any, name: str) -> Any:
    if value is None:
        raise MissingRule(f"a distance that makes {name} of all rows has no rule; say {name}")
    return value


def _squares(g: Any, a: Any, b: Any, w: Any) -> Any:
    """Of half the sums of weighted squares."""
    found = np.expand_dims(np.sum(g, axis=1), 1) * a - g @ b
    return found if w is None else w * found


def _squares_in(g: Any, a: Any, b: Any, weights: Any) -> Any:
    return _squares(g, a, b, None) @ weights


def _slopes(name: str, a: Any, b: Any, distances: Any, p: Any, w: Any) -> Any:
    """The derivatives of each distance by each coordinate of the first row."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)  # as the distances are, which one of these is
    away = np.expand_dims(a, 1) - b
    found = _plain_slopes(name, a, b, away, np.expand_dims(distances, 2), p, w)
    return found if w is None or name == "chebyshev" else w * found


def _plain_slopes(name: str, a: Any, b: Any, away: Any, distances: Any, p: Any, w: Any) -> Any:
    sign = np.sign(away)
    if name == "cityblock":
        return sign
    if name == "minkowski":
        return sign * _power(ratio_or_zero(np.abs(away), distances), p)
    if name == "chebyshev":
        largest = np.equal(np.abs(away), distances) & (np.ones_like(away, bool) if w is None else np.greater(w, 0))
        return sign * largest / np.maximum(np.sum(largest, axis=2, keepdims=True), 1)
    if name == "canberra":
        size = np.abs(np.expand_dims(a, 1)) + np.abs(b)
        return ratio_or_zero(sign, size) - ratio_or_zero(ratio_or_zero(np.abs(away), size), size) * np.sign(np.expand_dims(a, 1))
    return _bray_curtis(np.expand_dims(a, 1) + b, sign, distances, w)


def _power(ratio: Any, p: Any) -> Any:
    """The power that is one less, and 0 of 0 also below 1."""
    return np.where(np.equal(ratio, 0.0), 0.0, np.power(np.where(np.equal(ratio, 0.0), 1.0, ratio), p - 1.0))


def _bray_curtis(both: Any, sign: Any, distances: Any, w: Any) -> Any:
    total = np.sum(np.abs(both) if w is None else w * np.abs(both), axis=2, keepdims=True)
    return ratio_or_zero(sign - distances * np.sign(both), total)


def _angles(g: Any, a: Any, b: Any, w: Any) -> Any:
    """The cosine of the angle, subtracted from 1."""
    weighed, other = (a, b) if w is None else (w * a, w * b)
    own = np.sqrt(np.sum(weighed * a, axis=1, keepdims=True))
    theirs = np.sqrt(np.sum(other * b, axis=1))
    share = g / (own * theirs)
    along = np.sum(share * (a @ other.T), axis=1, keepdims=True)
    return along / (own * own) * weighed - share @ other


def _correlations(g: Any, a: Any, b: Any, w: Any) -> Any:
    if w is not None:
        raise MissingRule("the distance by correlation with weights has no rule")
    found = _angles(g, a - np.mean(a, axis=1, keepdims=True), b - np.mean(b, axis=1, keepdims=True), None)
    return found - np.mean(found, axis=1, keepdims=True)


def _distributions(g: Any, a: Any, b: Any, distances: Any, w: Any) -> Any:
    """The root of half the sum of relative entropies to the mean; each row is divided by its sum first."""
    if w is not None:
        raise MissingRule("the distance of Jensen and Shannon with weights has no rule")
    size = np.sum(a, axis=1, keepdims=True)
    own, theirs = np.expand_dims(a / size, 1), b / np.sum(b, axis=1, keepdims=True)
    logarithms = np.where(np.equal(own, 0.0), 0.0, np.log(2.0 * np.where(np.equal(own, 0.0), 1.0, own) / (own + theirs)))
    share = np.expand_dims(ratio_or_zero(g, 4.0 * distances), 2)
    found = np.sum(share * logarithms, axis=1)
    return (found - np.sum(found * (a / size), axis=1, keepdims=True)) / size


# By what a metric is given besides


def weights_back(g: Any, a: Any, b: Any, distances: Any, metric: Any, p: Any) -> Any:
    """The cotangent of the weights of coordinates."""
    name, away = name_of(metric), np.abs(np.expand_dims(a, 1) - b)
    if name == "sqeuclidean":
        return np.sum(np.expand_dims(g, 2) * away * away, axis=(0, 1))
    if name == "euclidean":
        return np.sum(np.expand_dims(ratio_or_zero(g, 2.0 * distances), 2) * away * away, axis=(0, 1))
    if name == "cityblock":
        return np.sum(np.expand_dims(g, 2) * away, axis=(0, 1))
    if name == "minkowski":
        ratio = ratio_or_zero(away, np.expand_dims(distances, 2))
        return np.sum(np.expand_dims(g, 2) * _power(ratio, p) * away, axis=(0, 1)) / p
    raise MissingRule(f"the distance {name!r} has no derivative by its weights")


def variances_back(g: Any, a: Any, b: Any, distances: Any, V: Any) -> Any:
    away = (np.expand_dims(a, 1) - b) / V
    return -np.sum(np.expand_dims(ratio_or_zero(g, 2.0 * distances), 2) * away * away, axis=(0, 1))


def inverse_back(g: Any, a: Any, b: Any, distances: Any) -> Any:
    away = np.expand_dims(a, 1) - b
    share = np.expand_dims(ratio_or_zero(g, 2.0 * distances), 2) * away
    return np.tensordot(share, away, ((0, 1), (0, 1)))


# What is followed in place of SciPy's where the metric is a function of the user's


def cdist(XA: Any, XB: Any, metric: Any = "euclidean", out: Any = None, **kwargs: Any) -> Any:
    rows, others = np.asarray(XA), np.asarray(XB)
    return np.array([[metric(a, b, **kwargs) for b in others] for a in rows])


def pdist(X: Any, metric: Any = "euclidean", out: Any = None, **kwargs: Any) -> Any:
    rows = np.asarray(X)
    return np.array([metric(rows[i], rows[j], **kwargs) for i in range(len(rows) - 1) for j in range(i + 1, len(rows))])
