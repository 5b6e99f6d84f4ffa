"""Counts of NumPy: they are sums of weights, which change by steps with what is counted; edges of bins and densities do not."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow
from s2sad.rules.language import rule
from s2sad.rules.reductions import _equal_back
from s2sad.types import statistics as types


def _shaped(value: Any, given: Any) -> Any:
    """An array as the list that was given, if one was."""
    return [value[i] for i in range(len(given))] if isinstance(given, (list, tuple)) else value


def _sums_back(g: Any, ans: Any, a: Any, bins: Any, range: Any, density: Any, weights: Any) -> Any:
    """The cotangent of the sums in the bins. A density is a sum by all sums and by the width of its bin."""
    if not density:
        return g[0]
    total = np.sum(np.histogram(a, bins, range=range, weights=weights)[0])
    return (g[0] / np.diff(ans[1]) - np.sum(g[0] * ans[0])) / total


def _weights_back(g: Any, ans: Any, a: Any, bins: Any, range: Any, density: Any, weights: Any) -> Any:
    """Each weight has what its bin has."""
    sums, edges = _sums_back(g, ans, a, bins, range, density, weights), ans[1]
    there = np.logical_and(np.greater_equal(a, edges[0]), np.less_equal(a, edges[-1]))
    bin_of = np.clip(np.searchsorted(edges, a, side="right") - 1, 0, np.shape(sums)[0] - 1)
    return np.where(there, sums[bin_of], 0.0)


def _edges_back(g: Any, ans: Any, density: Any) -> Any:
    if not density:
        return g[1]
    return g[1] - np.diff(-g[0] * ans[0] / np.diff(ans[1]), prepend=0.0, append=0.0)


def _ends_back(edges: Any) -> Any:
    """The cotangents of the first edge and of the last, between which the others lie evenly."""
    part = np.arange(np.shape(edges)[0]) / (np.shape(edges)[0] - 1)
    return np.sum(edges * (1.0 - part)), np.sum(edges * part)


def _counted_back(g: Any, ans: Any, a: Any, bins: Any, range: Any, density: Any) -> Any:
    """What is counted says where the first and the last edge are."""
    if np.ndim(bins) or range is not None or np.size(a) == 0:
        return np.zeros_like(a)
    first, last = _ends_back(_edges_back(g, ans, density))
    return _equal_back(first, a, np.min(a), None) + _equal_back(last, a, np.max(a), None)


GIVEN = "a, bins, range, density, weights)"
rule("np.histogram(a, bins=10, range=None, density=None, weights=None)",
     a="_shaped(_counted_back(g, ans, a, bins, range, density), a)", bins="_shaped(_edges_back(g, ans, density), bins)",
     range="_shaped(np.stack(_ends_back(_edges_back(g, ans, density))), range)",
     weights=f"_shaped(_weights_back(g, ans, {GIVEN}, weights)", as_given=True, may_raise=True,
     facts=Facts(how_many="bins", gives=types.counts))  # fmt: skip
rule("np.histogram_bin_edges(a, bins=10, range=None, weights=None)",
     a="_shaped(_counted_back([None, g], [None, ans], a, bins, range, False), a)", bins="_shaped(g, bins)",
     range="_shaped(np.stack(_ends_back(g)), range)", as_given=True, may_raise=True,
     facts=Facts(how_many="bins", gives=types.edges))  # fmt: skip
follow("np.histogram2d", "np.histogramdd")
