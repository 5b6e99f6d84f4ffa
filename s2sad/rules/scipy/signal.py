"""Rules of scipy.signal: convolution and recursive filters, whose transposes are the same filters run backwards."""
from __future__ import annotations

from typing import Any

import numpy as np
import scipy.signal

from s2sad.errors import MissingRule
from s2sad.rules.facts import Facts
from s2sad.rules.language import rule
from s2sad.rules.scipy.boundaries import extended, folded
from s2sad.runtime.functions import unbroadcast
from s2sad.types import signals

# Convolution: a cotangent of the whole of it, correlated with the other operand


def _whole(g: Any, in1: Any, in2: Any) -> Any:
    """The cotangent of the whole convolution, of which each mode keeps the middle."""
    missing = [n + m - 1 - k for n, m, k in zip(np.shape(in1), np.shape(in2), np.shape(g), strict=True)]
    return np.pad(g, [(d // 2, d - d // 2) for d in missing])


def _conjugate(x: Any) -> Any:
    return np.conj(x) if np.iscomplexobj(x) else x


def _convolve_back(g: Any, in1: Any, in2: Any, method: str, first: bool) -> Any:
    other = in2 if first else in1
    if np.ndim(other) == 0:
        return g * other
    return scipy.signal.correlate(_whole(g, in1, in2), _conjugate(other), "valid", method)


def _turned(x: Any) -> Any:
    return _conjugate(np.flip(x))


def _correlate_back(g: Any, in1: Any, in2: Any, method: str, first: bool) -> Any:
    """Correlation is convolution with the second operand turned around and conjugated."""
    back = _convolve_back(g, in1, _turned(in2), method, first)
    return back if first else _turned(back)


def _product_jvp(name: str, given: str) -> str:
    return f"scipy.signal.{name}(in1_dot, in2, {given}) + scipy.signal.{name}(in1, in2_dot, {given})"


for _name in ("convolve", "correlate"):
    rule(f"scipy.signal.{_name}(in1, in2, mode='full', method='auto')", in1=f"_{_name}_back(g, in1, in2, method, True)",
         in2=f"_{_name}_back(g, in1, in2, method, False)", jvp=_product_jvp(_name, "mode, method"),
         facts=Facts(gives=signals.convolved))  # fmt: skip


def _along(axes: Any, in1: Any, in2: Any) -> Any:
    """The axes that are convolved, and not broadcast."""
    rank = np.ndim(in1)
    over = range(rank) if axes is None else [k % rank for k in (axes if isinstance(axes, (tuple, list)) else (axes,))]
    return [k for k in over if np.shape(in1)[k] != 1 and np.shape(in2)[k] != 1]


def _fftconvolve_back(g: Any, in1: Any, in2: Any, axes: Any, first: bool) -> Any:
    here, other = (in1, in2) if first else (in2, in1)
    over = _along(axes, in1, in2)
    if len(over) == 0:
        return unbroadcast(g * other, np.shape(here))
    missing = [np.shape(in1)[k] + np.shape(in2)[k] - 1 - np.shape(g)[k] if k in over else 0 for k in range(np.ndim(g))]
    whole = np.pad(g, [(d // 2, d - d // 2) for d in missing])
    found = scipy.signal.fftconvolve(whole, np.flip(other, tuple(over)), "valid", over)
    return unbroadcast(found, np.shape(here))


for _name in ("fftconvolve", "oaconvolve"):
    rule(f"scipy.signal.{_name}(in1, in2, mode='full', axes=None)", in1="_fftconvolve_back(g, in1, in2, axes, True)",
         in2="_fftconvolve_back(g, in1, in2, axes, False)", jvp=_product_jvp(_name, "mode, axes"),
         facts=Facts(gives=signals.convolved_along))  # fmt: skip

# Convolution in the plane, over arrays that go on beyond their ends: the parts of a form that is linear in three arrays
MODES = {"fill": "constant", "pad": "constant", "wrap": "wrap", "circular": "wrap", "symm": "reflect", "symmetric": "reflect"}


def _around(c: Any, shape: Any, other: Any, mode: str, correlation: bool) -> Any:
    """The cotangent of the whole result. The middle of an even number is another one where SciPy correlates."""
    missing = [n + k - 1 - m for n, k, m in zip(shape, other.shape, c.shape, strict=True)]
    start = [(d + int(correlation and mode == "same")) // 2 for d in missing]
    return np.pad(c, [(b, d - b) for b, d in zip(start, missing, strict=True)])


def _widths(other: Any) -> tuple[tuple[int, int], ...]:
    return tuple((k - 1, k - 1) for k in other.shape)


def plane_back(c: Any, w: Any, shape: Any, mode: str, boundary: str, correlation: bool) -> Any:
    """The cotangent of an array of a shape, which was convolved with `w`, or correlated with what `w` is when it is turned around."""
    whole = _around(c, shape, w, mode, correlation)
    outside = "constant" if mode == "valid" else MODES[boundary]
    return folded(scipy.signal.correlate(whole, np.conj(w), "full", "direct"), _widths(w), outside)


def plane_weights(c: Any, x: Any, w: Any, mode: str, boundary: str, fillvalue: Any, correlation: bool) -> Any:
    """The cotangent of what has the shape of `w`."""
    whole = _around(c, x.shape, w, mode, correlation)
    outside, value = ("constant", 0.0) if mode == "valid" else (MODES[boundary], fillvalue)
    return np.flip(scipy.signal.correlate(extended(x, _widths(w), outside, value), np.conj(whole), "valid", "direct"))


def plane(x: Any, w: Any, mode: str, boundary: str, fillvalue: Any, correlation: bool) -> Any:
    """The convolution, in the place where it is that of a correlation."""
    if correlation:
        return scipy.signal.correlate2d(x, np.conj(np.flip(w)), mode, boundary, fillvalue)
    return scipy.signal.convolve2d(x, w, mode, boundary, fillvalue)


def _as_correlated(in2: Any) -> Any:
    return np.flip(_conjugate(in2))


def _not_swapped(in1: Any, in2: Any, mode: str) -> Any:
    if mode == "valid" and np.iscomplexobj(in2) and np.shape(in1) < np.shape(in2):
        raise MissingRule("scipy.signal.correlate2d has a rule for complex arrays of which the first one is the larger one")
    return in2


rule("plane(x, w, mode, boundary, fillvalue, correlation)", x="plane_back(g, w, np.shape(x), mode, boundary, correlation)",
     w="plane_weights(g, x, w, mode, boundary, fillvalue, correlation)",
     jvp="plane(x_dot, w, mode, boundary, 0.0, correlation) + plane(x, w_dot, mode, boundary, fillvalue, correlation)",
     facts=Facts(gives=signals.in_the_plane))  # fmt: skip
rule("plane_back(c, w, shape, mode, boundary, correlation)", c="plane(g, w, mode, boundary, 0.0, correlation)",
     w="plane_weights(c, g, w, mode, boundary, 0.0, correlation)",
     jvp="plane_back(c_dot, w, shape, mode, boundary, correlation) + plane_back(c, w_dot, shape, mode, boundary, correlation)",
     facts=Facts(gives=signals.of_the_array))  # fmt: skip
rule("plane_weights(c, x, w, mode, boundary, fillvalue, correlation)", c="plane(x, g, mode, boundary, fillvalue, correlation)",
     x="plane_back(c, g, np.shape(x), mode, boundary, correlation)", w="0.0 * g",
     jvp="plane_weights(c_dot, x, w, mode, boundary, fillvalue, correlation)"
         " + plane_weights(c, x_dot, w, mode, boundary, 0.0, correlation)",
     facts=Facts(gives=signals.of_the_weights))  # fmt: skip
rule("scipy.signal.convolve2d(in1, in2, mode='full', boundary='fill', fillvalue=0)",
     in1="plane_back(g, in2, np.shape(in1), mode, boundary, False)",
     in2="plane_weights(g, in1, in2, mode, boundary, fillvalue, False)",
     jvp="scipy.signal.convolve2d(in1_dot, in2, mode, boundary, 0.0) + scipy.signal.convolve2d(in1, in2_dot, mode, boundary, fillvalue)",
     facts=Facts(gives=signals.convolved_in_the_plane))  # fmt: skip
rule("scipy.signal.correlate2d(in1, in2, mode='full', boundary='fill', fillvalue=0)",
     in1="plane_back(g, _as_correlated(_not_swapped(in1, in2, mode)), np.shape(in1), mode, boundary, True)",
     in2="_as_correlated(plane_weights(g, in1, _as_correlated(in2), mode, boundary, fillvalue, True))",
     jvp="scipy.signal.correlate2d(in1_dot, in2, mode, boundary, 0.0) + scipy.signal.correlate2d(in1, in2_dot, mode, boundary, fillvalue)",
     facts=Facts(gives=signals.convolved_in_the_plane))  # fmt: skip

# Recursive filters. The equation is a * y = b * x (in which * convolves), so each derivative is y = 1 / a of something


def lags(c: Any, v: Any, count: int, axis: int) -> Any:
    """The sum of `c[n] * v[n - k]` over all of an array for each `k` below a count.

    >>> lags(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 0.0]), 2, 0)
    array([3., 5.])
    """
    c, v = np.moveaxis(c, axis, -1), np.moveaxis(v, axis, -1)
    length = v.shape[-1]
    return np.array([np.sum(c[..., k:length] * v[..., : max(length - k, 0)]) for k in range(count)], np.result_type(c, v))


rule("lags(c, v, count, axis)", c="scipy.signal.lfilter(g, [1.0], v, axis)", v="_backwards(g, [1.0], c, axis)",
     jvp="lags(c_dot, v, count, axis) + lags(c, v_dot, count, axis)", facts=Facts(gives=signals.by_lag))  # fmt: skip


def _backwards(b: Any, a: Any, x: Any, axis: int) -> Any:
    """A filter that runs from the end to the beginning."""
    return np.flip(scipy.signal.lfilter(b, a, np.flip(x, axis), axis), axis)


def _of_rank_one(v: Any) -> Any:
    return np.reshape(v, (1,)) if np.ndim(v) == 0 else v


def _shaped(v: Any, like: Any) -> Any:
    return np.reshape(v, ()) if np.ndim(like) == 0 else v


def by_signal(g: Any, b: Any, a: Any, x: Any, axis: int, zi: Any) -> Any:
    if zi is None:
        return _backwards(b, a, g, axis)
    return _first(_lfilter_b_of(_solved(g, b, a, axis), b, a, axis), np.shape(x)[axis], axis)


def _first(v: Any, count: Any, axis: int) -> Any:
    return np.moveaxis(np.moveaxis(v, axis, 0)[:count], 0, axis)


def _rest(v: Any, count: Any, axis: int) -> Any:
    return np.moveaxis(np.moveaxis(v, axis, 0)[count:], 0, axis)


def _normal(v: Any, a: Any) -> Any:
    return np.asarray(v) / _of_rank_one(np.asarray(a))[0]


def _tail(v: Any, count: int, axis: int) -> Any:
    """With so many zeros at the end."""
    return np.concatenate([v, np.zeros_like(np.repeat(_first(v, 1, axis), count, axis))], axis)


def _solved(g: Any, b: Any, a: Any, axis: int) -> Any:
    """The cotangent of the right side of the equation, also of the entries that are left over at the end.

    What is left over is b * x - a * y there, and y depends on what went in before: the equation backwards from there on.
    """
    y, left = g
    normal = _normal(_of_rank_one(a), a)
    count = np.shape(left)[axis]
    whole = np.concatenate([y, left], axis)
    if np.shape(normal)[0] == 1 or count == 0:
        return whole
    carried = np.concatenate([np.zeros_like(y), left], axis)
    felt = y - _first(_backwards(normal, [1.0], carried, axis), np.shape(y)[axis], axis)
    return np.concatenate([_backwards([1.0], normal, felt, axis), left], axis)


def _lfilter_b_of(whole: Any, b: Any, a: Any, axis: int) -> Any:
    return _backwards(_normal(_of_rank_one(b), a), [1.0], whole, axis)


def by_start(g: Any, b: Any, a: Any, x: Any, axis: int, zi: Any) -> Any:
    count = np.shape(g[1])[axis]
    return unbroadcast(_first(_solved(g, b, a, axis), count, axis), np.shape(zi))


def by_numerator(g: Any, b: Any, a: Any, x: Any, axis: int, zi: Any) -> Any:
    count = np.shape(_of_rank_one(b))[0]
    if zi is None:
        return _shaped(lags(g, scipy.signal.lfilter([1.0], a, x, axis), count, axis), b)
    whole = _solved(g, b, a, axis)
    return _shaped(_normal(lags(whole, _tail(x, np.shape(g[1])[axis], axis), count, axis), a), b)


def by_denominator(g: Any, b: Any, a: Any, x: Any, axis: int, zi: Any, ans: Any) -> Any:
    count = np.shape(_of_rank_one(a))[0]
    if zi is None:
        return _shaped(-lags(g, scipy.signal.lfilter([1.0], a, ans, axis), count, axis), a)
    whole, first = _solved(g, b, a, axis), _of_rank_one(np.asarray(a))[0]
    extra = np.shape(g[1])[axis]
    direct = -lags(whole, _tail(ans[0], extra, axis), count, axis) / first  # of the coefficients after they are divided by the first
    from_b = lags(whole, _tail(x, extra, axis), np.shape(_of_rank_one(b))[0], axis) / first
    rest = np.where(np.arange(count) == 0, 0.0, direct)
    scale = -(np.sum(rest * _of_rank_one(a)) + np.sum(from_b * _of_rank_one(b))) / first
    return _shaped(np.where(np.arange(count) == 0, scale, rest), a)


rule("scipy.signal.lfilter(b, a, x, axis=-1, zi=None)", b="by_numerator(g, b, a, x, axis, zi)",
     a="by_denominator(g, b, a, x, axis, zi, ans)",
     x="by_signal(g, b, a, x, axis, zi)", zi="by_start(g, b, a, x, axis, zi)", facts=Facts(gives=signals.filtered))  # fmt: skip
