"""Quantiles of NumPy. What they give is linear in the entries at a rank, and piecewise linear in the quantile that is asked for."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.runtime.orders import along_order, along_order_back
from s2sad.types import dependence, reductions
from s2sad.types import orders as types

NONE = np._NoValue
__all__ = ["along_order", "along_order_back"]


def _over(a: Any, axis: Any) -> Any:
    """The axes that are gone over, counted from the end."""
    rank = np.ndim(a)
    axes = tuple(range(rank)) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    return tuple([k % max(rank, 1) - rank for k in axes])


def _without(g: Any, a: Any, axis: Any, keepdims: Any) -> Any:
    """A cotangent without the axes that are kept."""
    return np.squeeze(g, _over(a, axis)) if keepdims is not NONE and keepdims and np.ndim(a) else g


def _with(values: Any, a: Any, axis: Any, keepdims: Any) -> Any:
    return np.expand_dims(values, _over(a, axis)) if keepdims is not NONE and keepdims and np.ndim(a) else values


def _by_q(weighed: Any, q: Any) -> Any:
    """What belongs to each quantile, which lie in front, added up."""
    behind = tuple(range(np.ndim(q), np.ndim(weighed)))
    return np.sum(weighed, axis=behind) if behind else weighed


def _each(q_dot: Any, rates: Any) -> Any:
    missing = np.ndim(rates) - np.ndim(q_dot)
    return np.expand_dims(q_dot, tuple(range(-missing, 0))) * rates if missing else q_dot * rates


def _spread(given: Any) -> Any:
    """One quantile depends on what is gone over, several on all."""
    return (dependence.everything if np.ndim(given.numbered["q"]) else dependence.reduces("a"))(given)


def _none(_g: Any, x: Any) -> Any:
    """Ranks change by steps."""
    return np.zeros_like(x)


def _hundredth(q: Any) -> Any:
    return np.true_divide(q, 100.0)


GIVEN = "a, q, axis, method, weights, skip"
rule("along_order(v, a, q, axis=None, method='linear', weights=None, skip=False, rates=False)",
     v=f"along_order_back(g, {GIVEN}, rates)", a="_none(g, a)",
     q=f"_none(g, q) if rates else _by_q(g * along_order(v, {GIVEN}, True), q)", weights="_none(g, weights)",
     facts=Facts(gives=types.along))  # fmt: skip
rule("along_order_back(c, a, q, axis=None, method='linear', weights=None, skip=False, rates=False)",
     c=f"along_order(g, {GIVEN}, rates)", a="_none(g, a)",
     q=f"_none(g, q) if rates else _by_q(c * along_order(g, {GIVEN}, True), q)", weights="_none(g, weights)",
     facts=Facts(gives=reductions.as_it_is))  # fmt: skip


def _quantile(call: str, q: str, q_dot: str, skip: bool) -> None:
    """A function that gives quantiles, or hundredths of them."""
    given = f"a, {q}, axis, method, weights, {skip}"
    by_q = "_by_q(_without(g, a, axis, keepdims) * along_order(a, " + given + ", True), q)"
    rule(call, a=f"along_order_back(_without(g, a, axis, keepdims), {given})",
         q=by_q if q == "q" else f"0.01 * {by_q}", weights="_none(g, weights)",
         jvp=f"_with(along_order(a_dot, {given}), a, axis, keepdims)"
             f" + _with(_each({q_dot}, along_order(a, {given}, True)), a, axis, keepdims)",
         hides_nan=skip, may_raise=True, facts=Facts(gives=types.quantiles, spreads=_spread))  # fmt: skip


OPTIONS = "axis=None, overwrite_input=False, method='linear', keepdims=False, weights=None"
_quantile(f"np.quantile(a, q, {OPTIONS})", "q", "q_dot", skip=False)
_quantile(f"np.percentile(a, q, {OPTIONS})", "_hundredth(q)", "0.01 * q_dot", skip=False)
OPTIONS = "axis=None, overwrite_input=False, method='linear', keepdims=NONE, weights=None"
_quantile(f"np.nanquantile(a, q, {OPTIONS})", "q", "q_dot", skip=True)
_quantile(f"np.nanpercentile(a, q, {OPTIONS})", "_hundredth(q)", "0.01 * q_dot", skip=True)
rule("np.nanmedian(a, axis=None, keepdims=NONE)",
     a="along_order_back(_without(g, a, axis, keepdims), a, 0.5, axis, 'linear', None, True)",
     jvp="_with(along_order(a_dot, a, 0.5, axis, 'linear', None, True), a, axis, keepdims)", hides_nan=True,
     facts=Facts(gives=reductions.along, spreads=dependence.reduces("a")))  # fmt: skip
