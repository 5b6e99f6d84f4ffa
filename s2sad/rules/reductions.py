"""Reductions along axes, running sums and products, order statistics."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.language import elementwise, linear, rule, zero
from s2sad.rules.leading import behind, count, each_flat, shaped, within
from s2sad.runtime.arrays import (
    exclusive_cumprod,
    exclusive_scan,
    mean_where,
    product_of_others,
    ratio_or_zero,
    scatter_along_axis,
    shared_where,
)
from s2sad.runtime.functions import alike, unbroadcast
from s2sad.types import dependence
from s2sad.types import reductions as types


def spread(g: Any, a: Any, axis: Any) -> Any:
    """`g`, of the shape of a reduction of `a` over `axis`, with the axes back that make it broadcast against `a`."""
    if axis is None or np.ndim(g) in (0, np.ndim(a)) or _in_front(axis, np.ndim(a)):
        return g  # does so as it is
    return np.expand_dims(g, axis)


def _in_front(axis: Any, rank: int) -> bool:
    """Whether the axes are the first of an array."""
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    return sorted([k % rank for k in axes]) == list(range(len(axes)))


def _masked(where: Any) -> Any:
    return where is not np._NoValue and where is not True


def _initial(initial: Any) -> Any:
    return initial is not np._NoValue and initial is not None


def _total(g: Any) -> Any:
    return g if np.ndim(g) == 0 else np.sum(g)


def _sum_back(g: Any, a: Any, axis: Any, where: Any) -> Any:
    grown = spread(g, a, axis)
    if _masked(where) and alike(np.shape(where), np.shape(a)):
        return np.where(where, grown, 0.0)
    full = np.broadcast_to(grown, np.shape(a))
    return np.where(where, full, 0.0) if _masked(where) else full


def _count(a: Any, axis: Any, where: Any) -> Any:
    """How many entries of `a` one entry of the reduction gathers, in a shape that broadcasts against `a`."""
    if _masked(where):
        full = where if alike(np.shape(where), np.shape(a)) else np.broadcast_to(where, np.shape(a))
        return np.sum(full) if axis is None else np.sum(full, axis=axis, keepdims=True)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    if axis is None or len(axes) == np.ndim(a):
        return np.size(a)
    lengths = [np.shape(a)[k] for k in axes] if np.ndim(a) else []
    count = lengths[0] if lengths else 1
    for length in lengths[1:]:
        count = count * length
    return count


def _mean_back(g: Any, a: Any, axis: Any, where: Any) -> Any:
    count = _count(a, axis, where)
    if not _masked(where):
        return np.broadcast_to(spread(g, a, axis) / max(count, 1), np.shape(a))
    return _sum_back(spread(g, a, axis) / np.maximum(count, 1), a, axis, where)


def _prod_back(g: Any, a: Any, axis: Any, initial: Any, where: Any) -> Any:
    rate = spread(g * initial if _initial(initial) else g, a, axis)
    if _masked(where):
        return np.where(where, rate * product_of_others(np.where(where, a, 1.0), axis), 0.0)
    return rate * product_of_others(a, axis)


def _others_back(g: Any, a: Any, axis: Any) -> Any:
    if np.ndim(a) == 0 or np.size(a) == 0:
        return np.zeros_like(g)
    axes = tuple(range(np.ndim(a))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    last = tuple(range(np.ndim(a) - len(axes), np.ndim(a)))
    moved, seeds = np.moveaxis(a, axes, last), np.moveaxis(g, axes, last)
    shape = np.shape(moved)
    rows = np.reshape(moved, (*shape[: len(shape) - len(axes)], math.prod(shape[len(shape) - len(axes) :])))
    seeds = np.reshape(seeds, np.shape(rows))
    before, after = exclusive_cumprod(rows), exclusive_cumprod(rows, reverse=True)
    rate = before * exclusive_scan(rows, seeds * after, reverse=True) + after * exclusive_scan(rows, seeds * before)
    return np.moveaxis(np.reshape(rate, shape), last, axes)


def _extremum_back(g: Any, a: Any, ans: Any, axis: Any, initial: Any, where: Any) -> Any:
    """The cotangent of a maximum or minimum, in equal parts to all entries that attain it."""
    found = spread(ans, a, axis)
    reached = np.equal(a, found)  # which is not saved, as the operator's result would be, but computed again
    if _masked(where):
        reached = np.logical_and(reached, where)
    return shared_where(reached, g, axis, np.equal(found, initial)) if _initial(initial) else shared_where(reached, g, axis)


def _equal_back(g: Any, a: Any, ans: Any, axis: Any) -> Any:
    return shared_where(np.equal(a, spread(ans, a, axis)), g, axis)


def _extremum_initial_back(g: Any, a: Any, ans: Any, axis: Any, initial: Any, where: Any) -> Any:
    reached = a == spread(ans, a, axis)
    if _masked(where):
        reached = np.logical_and(reached, where)
    own = np.equal(initial, spread(ans, a, axis))
    ties = np.sum(reached, axis=axis, keepdims=True) + own
    return np.sum(np.where(own, spread(g, a, axis) / ties, 0.0))


def _centred(a: Any, axis: Any, where: Any, mean: Any = None) -> Any:
    given = mean is not None and mean is not NONE
    centred = a - (mean if given else np.mean(a, axis=axis, keepdims=NONE if axis is None else True, where=where))
    return np.conj(centred) if np.iscomplexobj(a) else centred


def _taken_off(ddof: Any, correction: Any) -> Any:
    """How many elements fewer a variance divides by."""
    return ddof if correction is NONE else correction


def _var_back(g: Any, a: Any, axis: Any, ddof: Any, where: Any, mean: Any = None) -> Any:
    count = _count(a, axis, where)
    if _masked(where):
        kept = np.where(where, a, 0.0)
        return np.where(where, spread(g, a, axis) * _masked_factor(count, ddof) * _centred(kept, axis, where, mean), 0.0)
    if ddof == 0:  # where there are no entries, there are none to hand a cotangent to
        return spread(g, a, axis) * (2.0 / max(count, 1)) * _centred(a, axis, where, mean)
    return spread(g, a, axis) * (2.0 / (count - ddof) if count > math.floor(ddof) else math.nan) * _centred(a, axis, where, mean)


def _mean_of_var_back(g: Any, a: Any, axis: Any, ddof: Any, where: Any, mean: Any) -> Any:
    """The cotangent of the mean that a variance is given, which lies along all axes of the array."""
    return unbroadcast(-_var_back(g, a, axis, ddof, where, mean), np.shape(mean))


def _masked_factor(count: Any, ddof: Any) -> Any:
    if ddof == 0:
        return 2.0 / np.maximum(count, 1)
    return 2.0 / np.where(np.greater(count, ddof), count - ddof, math.nan)


def _std_back(g: Any, a: Any, ans: Any, axis: Any, ddof: Any, where: Any, mean: Any = None) -> Any:
    # The derivative of the root of the variance, taken as 0 where the standard deviation is 0.
    return _var_back(ratio_or_zero(0.5 * g, ans), a, axis, ddof, where, mean)


def _mean_of_std_back(g: Any, a: Any, ans: Any, axis: Any, ddof: Any, where: Any, mean: Any) -> Any:
    return _mean_of_var_back(ratio_or_zero(0.5 * g, ans), a, axis, ddof, where, mean)


def _present(a: Any, where: Any) -> Any:
    present = np.logical_not(np.isnan(a))
    return np.logical_and(present, where) if _masked(where) else present


def _above(a: Any, ans: Any, axis: Any, where: Any) -> Any:
    """How far the entries lie above the result of the reduction; those left out are taken as equal to it."""
    total = spread(ans, a, axis)
    return (np.where(where, a, total) if _masked(where) else a) - total


def _entries_back(g: Any, partial: Any, a: Any, axis: Any, where: Any) -> Any:
    """The cotangent of the entries of a reduction whose derivatives by them are `partial`."""
    rate = spread(g, a, axis) * partial
    return np.where(where, rate, 0.0) if _masked(where) else rate


def _cumsum_back(g: Any, a: Any, axis: Any) -> Any:
    along = 0 if axis is None or np.ndim(a) == 0 else axis
    total = np.flip(np.cumsum(np.flip(g, along), along), along)
    return np.reshape(total, np.shape(a)) if np.shape(total) != np.shape(a) else total


def _cumprod_back(g: Any, a: Any, axis: Any) -> Any:
    flat = axis is None or np.ndim(a) == 0
    x, along = (np.ravel(a), 0) if flat else (a, axis)
    rate = exclusive_cumprod(x, along) * (g + exclusive_scan(x, g * x, along, reverse=True))
    return np.reshape(rate, np.shape(a)) if flat else rate


def _median_back(g: Any, a: Any, axis: Any) -> Any:
    if np.size(a) == 0:
        return np.zeros_like(a)
    shape = np.shape(a)
    axes = tuple(range(len(shape))) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    last = tuple(range(len(shape) - len(axes), len(shape)))
    moved = np.moveaxis(a, axes, last)
    count = math.prod(np.shape(moved)[len(shape) - len(axes) :])
    ordered = np.sort(np.reshape(moved, (*np.shape(moved)[: len(shape) - len(axes)], count)), axis=-1)
    low = np.reshape(ordered[..., (count - 1) // 2], np.shape(g))
    high = np.reshape(ordered[..., count // 2], np.shape(g))
    return _equal_back(0.5 * g, a, low, axis) + _equal_back(0.5 * g, a, high, axis)


def _along(weights: Any, a: Any, axis: Any) -> Any:
    """Weights in a shape that broadcasts against `a`; those of fewer axes lie along `axis`."""
    if np.ndim(weights) == np.ndim(a):
        return weights
    axes = [k % np.ndim(a) for k in (axis if isinstance(axis, tuple) else (axis,))]
    ordered = weights if axes == sorted(axes) else np.transpose(weights, [axes.index(k) for k in sorted(axes)])
    return np.reshape(ordered, [np.shape(a)[i] if i in axes else 1 for i in range(np.ndim(a))])


def _average_back(g: Any, a: Any, axis: Any, weights: Any) -> Any:
    if weights is None:
        return _mean_back(g, a, axis, np._NoValue)
    w = _along(weights, a, axis)
    total = np.sum(np.broadcast_to(w, np.shape(a)), axis=axis, keepdims=True)
    return spread(g, a, axis) * (w / total)


def _weights_back(g: Any, ans: Any, a: Any, axis: Any, weights: Any) -> Any:
    w = _along(weights, a, axis)
    total = np.sum(np.broadcast_to(w, np.shape(a)), axis=axis, keepdims=True)
    rate = spread(g, a, axis) * ((a - spread(ans, a, axis)) / total)
    if np.ndim(weights) == np.ndim(a):
        return rate
    axes = [k % np.ndim(a) for k in (axis if isinstance(axis, tuple) else (axis,))]
    left = np.sum(rate, axis=tuple(i for i in range(np.ndim(a)) if i not in axes))
    return left if axes == sorted(axes) else np.transpose(left, [sorted(axes).index(k) for k in axes])


def _sort_back(g: Any, a: Any, axis: Any) -> Any:
    return scatter_along_axis(g, np.argsort(a, axis=axis), axis, np.shape(a))


def _partition_back(g: Any, ans: Any, a: Any, axis: Any) -> Any:
    # np.argpartition need not agree with np.partition between the pivots; sorting both sides does.
    seeds = np.take_along_axis(g, np.argsort(ans, axis=axis), axis=axis)
    return scatter_along_axis(seeds, np.argsort(a, axis=axis), axis, np.shape(a))


def _as_many(one: Any, rows: Any) -> Any:
    return np.broadcast_to(one, np.shape(rows))


def _shared(chosen: Any, rows: Any, axis: Any, others: Any) -> Any:
    """`shared_where` of many."""
    if np.ndim(others):
        return None
    axes = tuple(range(1, np.ndim(chosen) + 1)) if axis is None else behind(axis)
    parts = rows
    if axis is not None and np.ndim(rows) not in (1, np.ndim(chosen) + 1):
        parts = np.expand_dims(rows, tuple([k % (np.ndim(chosen) + 1) for k in (axes if isinstance(axes, tuple) else (axes,))]))
    elif np.ndim(rows) == 1:
        parts = np.reshape(rows, (count(rows), *(1,) * np.ndim(chosen)))
    return shared_where(np.broadcast_to(chosen, shaped(rows, np.shape(chosen))), parts, axes, others)


NONE = np._NoValue

REDUCED = Facts(gives=types.reduced, again=True)
OUT = REDUCED.but(in_dtype_of_out=True)
SCANNED = OUT.but(gives=types.running)
EXTREME = Facts(gives=types.extremum, again=True)
PLACE = Facts(gives=types.extremum_at)
BY_UFUNC = Facts(gives=types.reduced_by_ufunc)

linear("np.sum(a, axis=None, dtype=None, keepdims=NONE, initial=NONE, where=NONE)",
       a="_sum_back(g, a, axis, where)", initial="_total(g)",
       facts=OUT.but(mapped={"a": "np.sum(a, axis=within(axis, a), dtype=dtype, keepdims=keepdims, initial=initial, where=where)"},
                     spreads=dependence.reduces("a")))  # fmt: skip
linear("np.mean(a, axis=None, dtype=None, keepdims=NONE, where=NONE)", a="_mean_back(g, a, axis, where)",
       facts=OUT.but(averages="np.sum",
                     mapped="np.mean(a, axis=within(axis, a), dtype=dtype, keepdims=keepdims, where=where)",
       spreads=dependence.reduces("a")))  # fmt: skip
rule("np.prod(a, axis=None, dtype=None, keepdims=NONE, initial=NONE, where=NONE)",
     a="_prod_back(g, a, axis, initial, where)",
     initial="np.sum(g * np.prod(a, axis=axis, keepdims=keepdims, where=where))",
       facts=OUT.but(spreads=dependence.reduces("a")))  # fmt: skip
rule("product_of_others(a, axis=None)", a="_others_back(g, a, axis)", facts=Facts(gives=types.as_it_is))
EXTREMUM: dict[str, Any] = {"a": "_extremum_back(g, a, ans, axis, initial, where)",
                            "initial": "_extremum_initial_back(g, a, ans, axis, initial, where)"}
rule("np.max(a, axis=None, keepdims=NONE, initial=NONE, where=NONE)",
     "np.amax(a, axis=None, keepdims=NONE, initial=NONE, where=NONE)",
     "np.min(a, axis=None, keepdims=NONE, initial=NONE, where=NONE)",
     "np.amin(a, axis=None, keepdims=NONE, initial=NONE, where=NONE)", **EXTREMUM, may_raise="sizes",
       facts=EXTREME.but(spreads=dependence.reduces("a")))  # fmt: skip
rule("np.nanmax(a, axis=None, keepdims=NONE, initial=NONE, where=NONE)",
     "np.nanmin(a, axis=None, keepdims=NONE, initial=NONE, where=NONE)", **EXTREMUM, may_raise="sizes", hides_nan=True,
     facts=EXTREME.but(spreads=dependence.reduces("a")))  # fmt: skip
linear("shared_where(chosen, c, axis=None, others=0)", c="mean_where(chosen, g, axis, np.ndim(c) == np.ndim(chosen) > 0, others)",
       facts=Facts(gives=types.as_chosen, mapped="_shared(chosen, c, axis, others)", spreads=dependence.shared))  # fmt: skip
linear("mean_where(chosen, v, axis=None, keepdims=False, others=0)", v="shared_where(chosen, g, axis, others)",
       facts=Facts(gives=types.mean_of_chosen,
                   mapped="mean_where(np.broadcast_to(chosen, np.shape(v)), v, within(axis, v), keepdims, others)"
                          " if np.ndim(others) == 0 else None", spreads=dependence.reduces("v")))  # fmt: skip
rule("np.ptp(a, axis=None, keepdims=NONE)",
     a="_equal_back(g, a, np.max(a, axis=axis, keepdims=keepdims), axis)"
       " - _equal_back(g, a, np.min(a, axis=axis, keepdims=keepdims), axis)", facts=PLACE.but(spreads=dependence.reduces("a")))  # fmt: skip
VARIANCE = OUT.but(gives=types.spread, spreads=dependence.reduces("a"), beyond_method=("correction",))
OF_VAR = "axis, _taken_off(ddof, correction), where, mean)"
OF_NANVAR = "axis, _taken_off(ddof, correction), _present(a, where), mean)"
rule("np.var(a, axis=None, dtype=None, ddof=0, keepdims=NONE, where=NONE, mean=NONE, correction=NONE)",
     a=f"_var_back(g, a, {OF_VAR}", mean=f"_mean_of_var_back(g, a, {OF_VAR}",
       facts=VARIANCE)  # fmt: skip
rule("np.std(a, axis=None, dtype=None, ddof=0, keepdims=NONE, where=NONE, mean=NONE, correction=NONE)",
     a=f"_std_back(g, a, ans, {OF_VAR}", mean=f"_mean_of_std_back(g, a, ans, {OF_VAR}",
       facts=VARIANCE)  # fmt: skip
rule("np.median(a, axis=None, keepdims=False)", a="_median_back(g, a, axis)",
       facts=Facts(gives=types.middle, spreads=dependence.reduces("a")))  # fmt: skip
rule("np.average(a, axis=None, weights=None, keepdims=NONE)", a="_average_back(g, a, axis, weights)",
     weights="_weights_back(g, ans, a, axis, weights)", may_raise=True,
       facts=Facts(gives=types.averaged, spreads=dependence.reduces("a")))  # fmt: skip

rule("np.nansum(a, axis=None, dtype=None, keepdims=NONE, initial=NONE, where=NONE)",
     a="_sum_back(g, a, axis, _present(a, where))", initial="_total(g)", hides_nan=True,
       facts=REDUCED.but(spreads=dependence.reduces("a")))  # fmt: skip
rule("np.nanmean(a, axis=None, dtype=None, keepdims=NONE, where=NONE)",
     a="_mean_back(g, a, axis, _present(a, where))", hides_nan=True, facts=REDUCED.but(spreads=dependence.reduces("a")))  # fmt: skip
rule("np.nanprod(a, axis=None, dtype=None, keepdims=NONE, initial=NONE, where=NONE)",
     a="_prod_back(g, a, axis, initial, _present(a, where))",
     initial="np.sum(g * np.nanprod(a, axis=axis, keepdims=keepdims, where=where))", hides_nan=True,
       facts=REDUCED.but(spreads=dependence.reduces("a")))  # fmt: skip
rule("np.nanvar(a, axis=None, dtype=None, ddof=0, keepdims=NONE, where=NONE, mean=NONE, correction=NONE)",
     a=f"_var_back(g, a, {OF_NANVAR}", mean=f"_mean_of_var_back(g, a, {OF_NANVAR}", hides_nan=True,
     facts=REDUCED.but(gives=types.spread, spreads=dependence.reduces("a")))  # fmt: skip
rule("np.nanstd(a, axis=None, dtype=None, ddof=0, keepdims=NONE, where=NONE, mean=NONE, correction=NONE)",
     a=f"_std_back(g, a, ans, {OF_NANVAR}", mean=f"_mean_of_std_back(g, a, ans, {OF_NANVAR}", hides_nan=True,
       facts=REDUCED.but(gives=types.spread, spreads=dependence.reduces("a")))  # fmt: skip

# Methods of ufuncs; those of `np.add` and the like have a function of their own.
rule("np.logaddexp.reduce(array, axis=0, dtype=None, keepdims=False, initial=NONE, where=NONE)",
     array="_entries_back(g, np.exp(_above(array, ans, axis, where)), array, axis, where)",
     initial="np.sum(g * np.exp(initial - ans))", facts=BY_UFUNC.but(spreads=dependence.reduces("array")))  # fmt: skip
rule("np.logaddexp2.reduce(array, axis=0, dtype=None, keepdims=False, initial=NONE, where=NONE)",
     array="_entries_back(g, np.exp2(_above(array, ans, axis, where)), array, axis, where)",
     initial="np.sum(g * np.exp2(initial - ans))", facts=BY_UFUNC.but(spreads=dependence.reduces("array")))  # fmt: skip
rule("np.hypot.reduce(array, axis=0, dtype=None, keepdims=False, initial=NONE, where=NONE)",
     array="_entries_back(g, ratio_or_zero(array, spread(ans, array, axis)), array, axis, where)",
     initial="np.sum(g * ratio_or_zero(initial, ans))", facts=BY_UFUNC.but(spreads=dependence.reduces("array")))  # fmt: skip

linear("np.cumsum(a, axis=None, dtype=None)", a="_cumsum_back(g, a, axis)",
       facts=SCANNED.but(mapped="np.cumsum(each_flat(a), axis=1, dtype=dtype) if axis is None"
                                " else np.cumsum(a, axis=behind(axis), dtype=dtype)",
       spreads=dependence.lines("a", running=True)))  # fmt: skip
rule("np.cumprod(a, axis=None, dtype=None)", a="_cumprod_back(g, a, axis)", facts=SCANNED.but(spreads=dependence.lines("a", running=True)))
rule("exclusive_cumprod(a, axis=-1, reverse=False)", a="ans * exclusive_scan(a, g, axis, not reverse)",
     facts=Facts(gives=types.as_it_is))  # fmt: skip
rule("exclusive_scan(c, v, axis=-1, reverse=False)", v="exclusive_scan(c, g, axis, not reverse)",
     c="ans * exclusive_scan(c, g, axis, not reverse)",
     facts=Facts(gives=types.scanned, mapped={"v": "exclusive_scan(_as_many(c, v), v, behind(axis), reverse)"}))  # fmt: skip
elementwise("ratio_or_zero(a, b)", a="ratio_or_zero(1.0, b)", b="-ratio_or_zero(ans, b)")

rule("np.sort(a, axis=-1, kind=None, stable=None)", a="_sort_back(g, a, axis)",
       facts=Facts(gives=types.arranged, spreads=dependence.lines("a")))  # fmt: skip
rule("np.partition(a, kth, axis=-1, kind='introselect')", a="_partition_back(g, ans, a, axis)",
     facts=Facts(gives=types.partitioned, spreads=dependence.lines("a")))  # fmt: skip

zero("np.all(a, axis=None, keepdims=NONE, where=NONE)", "np.any(a, axis=None, keepdims=NONE, where=NONE)", facts=REDUCED)
zero("np.argmax(a, axis=None, keepdims=NONE)", "np.argmin(a, axis=None, keepdims=NONE)", may_raise="sizes", facts=PLACE)
zero("np.nanargmax(a, axis=None, keepdims=NONE)", "np.nanargmin(a, axis=None, keepdims=NONE)", may_raise=True, facts=PLACE)
zero("np.count_nonzero(a, axis=None, keepdims=False)", facts=Facts(gives=types.along))
