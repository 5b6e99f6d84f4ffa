"""Quantiles as what they do to an array: means of the entries that lie at a rank, for values that lie beside those that are ranked.

The rank of a quantile is the quantile of the ranks, whatever the method: between two of them, both neighbours have a part in it.
"""
from __future__ import annotations

from typing import Any

import numpy as np

# How fast the rank moves with the quantile: n + 1 - alpha - beta of Hyndman and Fan, "Sample quantiles in statistical packages" (1996)
ENDS = {"interpolated_inverted_cdf": 1.0, "hazen": 1.0, "weibull": 0.0, "linear": 2.0, "median_unbiased": 2.0 / 3.0,
        "normal_unbiased": 0.75}  # fmt: skip
Rank = tuple[Any, Any, Any, Any]
AT_ONCE = 1_000_000


def along_order(v: Any, a: Any, q: Any, axis: Any = None, method: str = "linear", weights: Any = None, skip: bool = False,
                rates: bool = False) -> Any:  # fmt: skip
    """The values of `v` at the quantiles of `a`, ties shared evenly; of `a` itself they are the quantiles. With `rates` their
    derivative by `q`. `skip` leaves out what is not a number; without it, all is 0 where something is not.

    >>> float(along_order(np.array([5.0, 6.0, 7.0]), np.array([2.0, 0.0, 1.0]), 0.75))
    6.0
    """
    ranked, values, wanted = _rows(a, axis), _rows(v, axis), np.ravel(q)
    found = np.zeros((len(ranked), len(wanted)), values.dtype)
    for some, shares in _shares(ranked, wanted, method, _weigh(weights, a, axis), skip, rates):
        found[some] = np.sum(np.where(shares == 0, 0.0, shares * values[some][:, None]), axis=2)
    return _in_front(found, q, a, axis)


def along_order_back(c: Any, a: Any, q: Any, axis: Any = None, method: str = "linear", weights: Any = None, skip: bool = False,
                     rates: bool = False) -> Any:  # fmt: skip
    """The adjoint of `along_order(v, a, q)` in `v`.

    >>> along_order_back(1.0, np.array([2.0, 0.0, 1.0]), 0.75)
    array([0.5, 0. , 0.5])
    """
    ranked, wanted = _rows(a, axis), np.ravel(q)
    seeds = _behind(np.asarray(c), q, a, axis)
    found = np.zeros(ranked.shape, seeds.dtype)
    for some, shares in _shares(ranked, wanted, method, _weigh(weights, a, axis), skip, rates):
        found[some] = np.sum(np.where(shares == 0, 0.0, shares * seeds[some][:, :, None]), axis=1)
    return _back(found, a, axis)


# Rows along the axes, and what is made of one


def _axes(a: Any, axis: Any) -> list[int]:
    rank = np.ndim(a)
    return list(range(rank)) if axis is None else [int(k) % max(rank, 1) for k in np.ravel(axis)]


def _moved(a: Any, axis: Any) -> Any:
    axes = sorted(_axes(a, axis))
    return np.moveaxis(np.asarray(a), axes, range(np.ndim(a) - len(axes), np.ndim(a))) if np.ndim(a) else np.reshape(a, (1,))


def _left(a: Any, axis: Any) -> tuple[int, ...]:
    axes = _axes(a, axis)
    return tuple(n for k, n in enumerate(np.shape(a)) if k not in axes)


def _rows(a: Any, axis: Any) -> Any:
    moved, left = _moved(a, axis), _left(a, axis)
    count = int(np.prod(left))
    return np.reshape(moved, (count, np.size(moved) // count if count else int(np.prod(np.shape(moved)[len(left) :]))))


def _back(rows: Any, a: Any, axis: Any) -> Any:
    if np.ndim(a) == 0:
        return rows.reshape(())[()]
    axes, moved = sorted(_axes(a, axis)), np.shape(_moved(a, axis))
    return np.moveaxis(np.reshape(rows, moved), range(np.ndim(a) - len(axes), np.ndim(a)), axes)


def _in_front(found: Any, q: Any, a: Any, axis: Any) -> Any:
    return np.reshape(found.T, (*np.shape(q), *_left(a, axis)))[()]


def _behind(c: Any, q: Any, a: Any, axis: Any) -> Any:
    return np.reshape(c, (np.size(q), int(np.prod(_left(a, axis))))).T


def _weigh(weights: Any, a: Any, axis: Any) -> Any:
    """Weights as rows like those of the array; those of fewer axes lie along the ones that are gone over."""
    if weights is None or np.shape(weights) == np.shape(a):
        return None if weights is None else _rows(weights, axis)
    axes = _axes(a, axis)
    ordered = np.transpose(weights, [axes.index(k) for k in sorted(axes)])
    return _rows(np.broadcast_to(np.reshape(ordered, [n if k in axes else 1 for k, n in enumerate(np.shape(a))]), np.shape(a)), axis)


def _shares(ranked: Any, wanted: Any, method: str, weights: Any, skip: bool, rates: bool) -> Any:
    """How much each entry has of each quantile, for some rows at a time; rows that are left out have nothing."""
    there = ~np.isnan(ranked)
    count = np.sum(there, axis=1)
    counts = [int(n) for n in np.unique(count) if n > 0 and (skip or n == ranked.shape[1])]
    for n in counts if weights is None else ():
        ranks = _ranks(n, wanted, method, ranked.dtype)
        for some in _blocks(np.flatnonzero(count == n), max(ranked.shape[1] * len(wanted), 1)):
            yield some, _parts(ranked[some], ranks, rates)
    for r in np.flatnonzero(np.isin(count, counts)) if weights is not None else ():
        yield slice(r, r + 1), _parts(ranked[r : r + 1], _weighted(ranked[r][there[r]], wanted, weights[r][there[r]]), rates)


def _blocks(rows: Any, size: int) -> Any:
    """As many rows as take little memory."""
    step = max(AT_ONCE // size, 1)
    return [rows[k : k + step] for k in range(0, len(rows), step)]


def _ranks(count: int, wanted: Any, method: Any, kind: Any) -> Rank:
    """The ranks below and above each quantile, the part of the one above, and how fast that grows."""
    q = wanted.astype(kind) if kind.kind == "f" else wanted
    rank = np.quantile(np.arange(count, dtype=kind), q, method=method)
    low = np.floor(rank).astype(int)
    inside = (rank > 0) & (rank < count - 1) if method in ENDS else np.zeros(len(wanted), bool)
    rate = np.where(inside, count + 1.0 - ENDS.get(method, 0.0), 0.0)
    low = np.minimum(low, max(count - 2, 0))
    return low, np.minimum(low + 1, count - 1), rank - low, rate


def _weighted(row: Any, wanted: Any, weights: Any) -> Rank:
    order = np.argsort(row)
    rank = np.quantile(np.arange(len(row)), wanted, weights=weights[order], method="inverted_cdf").astype(int)
    return rank, rank, np.zeros(len(wanted)), np.zeros(len(wanted))


def _parts(rows: Any, ranks: Rank, rates: bool) -> Any:
    low, high, part, rate = ranks
    ordered = np.sort(rows, axis=1)
    below, above = (-rate, rate) if rates else (1.0 - part, part)
    found = _evenly(rows, ordered[:, low]) * below[:, None] + _evenly(rows, ordered[:, high]) * above[:, None]
    return found.astype(rows.dtype if rows.dtype.kind == "f" else float)


def _evenly(rows: Any, values: Any) -> Any:
    there = rows[:, None] == values[:, :, None]
    return there / np.sum(there, axis=2, keepdims=True)
