"""Functions of NumPy about numbers along axes: moments, differences, counts, and what only asks."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.rules.facts import Facts
from s2sad.rules.following import follow, instead
from s2sad.rules.language import linear, rule, zero
from s2sad.runtime.functions import i0_derivative
from s2sad.types import families
from s2sad.types import statistics as types

# Covariance: of rows that are centred, C = X diag(w) X* / c


def _conj(x: Any) -> Any:
    return np.conj(x) if np.iscomplexobj(x) else x


def _real(x: Any) -> Any:
    return np.real(x) if np.iscomplexobj(x) else x


def _rows(m: Any, rowvar: Any) -> Any:
    """Each variable in a row."""
    if np.ndim(m) < 2:
        return np.reshape(m, (1, np.size(m)))
    return m if rowvar else np.transpose(m)


def _others(y: Any, rowvar: Any) -> Any:
    return y if np.ndim(y) == 2 and np.shape(y)[0] == 1 else _rows(y, rowvar)


def _unrolled(rows: Any, m: Any, rowvar: Any, alone: Any = False) -> Any:
    if np.ndim(m) < 2:
        return np.reshape(rows, np.shape(m))
    return rows if rowvar or alone else np.transpose(rows)


def _weight(fweights: Any, aweights: Any) -> Any:
    if fweights is None or aweights is None:
        return aweights if fweights is None else fweights
    return np.asarray(fweights) * np.asarray(aweights)


def _centred(m: Any, y: Any, rowvar: Any, weight: Any) -> Any:
    rows = _rows(m, rowvar) if y is None else np.concatenate((_rows(m, rowvar), _others(y, rowvar)))
    return rows - np.expand_dims(np.average(rows, axis=1, weights=weight), 1)


def _taken_off(bias: Any, ddof: Any) -> Any:
    return (0 if bias else 1) if ddof is None else ddof


def _divisor(count: Any, ddof: Any, weight: Any, aweights: Any) -> Any:
    """What a covariance is divided by."""
    if weight is None:
        return count - ddof if count > math.floor(ddof) else math.nan
    total = np.sum(weight)
    if ddof == 0 or aweights is None:
        return total - ddof
    return total - ddof * np.sum(weight * np.asarray(aweights)) / total


def _divisor_slope(ddof: Any, fweights: Any, aweights: Any) -> Any:
    """Its derivative by the weights of observations."""
    times = 1.0 if fweights is None else np.asarray(fweights)
    weight = times * aweights
    total = np.sum(weight)
    return times * (1.0 - ddof * (2.0 * aweights / total - np.sum(weight * aweights) / (total * total)))


def _rows_back(g: Any, m: Any, y: Any, rowvar: Any, ddof: Any, fweights: Any, aweights: Any) -> Any:
    """The cotangent of the rows; what the means would add is zero."""
    weight = _weight(fweights, aweights)
    rows = _centred(m, y, rowvar, weight)
    seeds = np.reshape(g, (np.shape(rows)[0], np.shape(rows)[0]))
    found = (seeds + _conj(np.transpose(seeds))) @ _conj(rows)
    scaled = found / _divisor(np.shape(rows)[1], ddof, weight, aweights)
    return scaled if weight is None else scaled * weight


def _cov_back(g: Any, m: Any, y: Any, rowvar: Any, ddof: Any, fweights: Any = None, aweights: Any = None) -> Any:
    rows = _rows_back(g, m, y, rowvar, ddof, fweights, aweights)
    return _unrolled(rows if y is None else rows[: np.shape(_rows(m, rowvar))[0]], m, rowvar)


def _other_back(g: Any, m: Any, y: Any, rowvar: Any, ddof: Any, fweights: Any = None, aweights: Any = None) -> Any:
    rows = _rows_back(g, m, y, rowvar, ddof, fweights, aweights)
    return _unrolled(rows[np.shape(_rows(m, rowvar))[0] :], y, rowvar, np.ndim(y) == 2 and np.shape(y)[0] == 1)


def _weights_back(g: Any, ans: Any, m: Any, y: Any, rowvar: Any, ddof: Any, fweights: Any, aweights: Any) -> Any:
    weight = _weight(fweights, aweights)
    rows = _centred(m, y, rowvar, weight)
    seeds = np.reshape(g, (np.shape(rows)[0], np.shape(rows)[0]))
    each = np.sum(_real(rows * (seeds @ _conj(rows))), axis=0)
    times = each if fweights is None else each * np.asarray(fweights)
    part = np.sum(_real(g * ans)) * _divisor_slope(ddof, fweights, aweights)
    return (times - part) / _divisor(np.shape(rows)[1], ddof, weight, aweights)


COVARIANCE = "y, rowvar, _taken_off(bias, ddof), fweights, aweights)"
rule("np.cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, dtype=None)",
     m=f"_cov_back(g, m, {COVARIANCE}", y=f"_other_back(g, m, {COVARIANCE}", aweights=f"_weights_back(g, ans, m, {COVARIANCE}",
     facts=Facts(gives=types.covariance))  # fmt: skip


def _covariance_of(g: Any, ans: Any, x: Any, y: Any, rowvar: Any) -> Any:
    """The cotangent of the covariance that a correlation is made of; what is divided by cancels."""
    variance = _real(np.diagonal(np.cov(x, y, rowvar)))
    deviation = np.sqrt(variance)
    both = _real(g * ans)
    own = 0.5 * (np.sum(both, axis=0) + np.sum(both, axis=1)) / variance
    return g / (np.expand_dims(deviation, 1) * np.expand_dims(deviation, 0)) - np.diag(own)


def _corr_back(g: Any, ans: Any, x: Any, y: Any, rowvar: Any) -> Any:
    return _cov_back(_covariance_of(g, ans, x, y, rowvar), x, y, rowvar, 1) if np.ndim(ans) else np.zeros_like(x)


def _other_corr_back(g: Any, ans: Any, x: Any, y: Any, rowvar: Any) -> Any:
    return _other_back(_covariance_of(g, ans, x, y, rowvar), x, y, rowvar, 1)


rule("np.corrcoef(x, y=None, rowvar=True, dtype=None)", x="_corr_back(g, ans, x, y, rowvar)", y="_other_corr_back(g, ans, x, y, rowvar)",
     facts=Facts(gives=types.correlation))  # fmt: skip


# Windows


def _kaiser_slope(ans: Any, M: Any, beta: Any) -> Any:
    last = M - 1
    width = np.sqrt(1.0 - ((2.0 * np.arange(M) - last) / max(last, 1)) ** 2)
    return (width * i0_derivative(beta * width) - ans * i0_derivative(beta)) / np.i0(beta)


rule("np.kaiser(M, beta)", beta="np.sum(g * _kaiser_slope(ans, M, beta))", jvp="beta_dot * _kaiser_slope(ans, M, beta)",
     facts=Facts(gives=types.window))  # fmt: skip


zero("np.bartlett(M)", "np.blackman(M)", "np.hamming(M)", "np.hanning(M)", facts=Facts(gives=types.window))

# Counts, and values that differ


linear("np.bincount(x, weights=None, minlength=0)", weights="np.take(g, x)", dynamic=True)


def _unique_back(g: Any, ar: Any, axis: Any, equal_nan: Any) -> Any:
    """Values that are equal share evenly."""
    _, inverse, counts = np.unique(ar, return_inverse=True, return_counts=True, axis=axis, equal_nan=equal_nan)
    if axis is None:
        return np.reshape(np.take(g / counts, np.ravel(inverse)), np.shape(ar))
    return np.moveaxis(np.moveaxis(np.moveaxis(g, axis, -1) / counts, -1, 0)[np.ravel(inverse)], 0, axis)


FIRST = "g[0] if return_index or return_inverse or return_counts else g"
OPTIONS = "return_index=False, return_inverse=False, return_counts=False, axis=None, equal_nan=True"
rule(f"np.unique(ar, {OPTIONS}, sorted=True)" if np.lib.NumpyVersion(np.__version__) >= "2.3.0" else f"np.unique(ar, {OPTIONS})",
       ar=f"_unique_back({FIRST}, ar, axis, equal_nan)", dynamic=True)  # fmt: skip
if hasattr(np, "unique_values"):
    rule("np.unique_values(x)", x="_unique_back(g, x, None, False)", dynamic=True)
    rule("np.unique_counts(x)", "np.unique_inverse(x)", "np.unique_all(x)", x="_unique_back(g[0], x, None, False)", dynamic=True)

zero("np.lexsort(keys, axis=-1)", facts=Facts(gives=types.ordered_by_keys))


def _piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """`np.piecewise` with its conditions in a list, of which the length is known."""
    x = np.asanyarray(x)
    if np.isscalar(condlist) or (not isinstance(condlist[0], (list, np.ndarray)) and np.ndim(x) != 0):
        condlist = [condlist]
    conditions = [np.asarray(c, dtype=bool)[()] for c in condlist]
    if len(conditions) == len(funclist) - 1:
        conditions = [*conditions, ~np.any(np.stack(conditions), axis=0)]
    elif len(conditions) != len(funclist):
        raise ValueError(f"with {len(conditions)} condition(s), either {len(conditions)} or {len(conditions) + 1} functions are expected")
    y = np.zeros_like(x)
    for condition, function in zip(conditions, funclist, strict=True):
        if not callable(function):
            y[condition] = function
        else:
            there = x[condition]
            if there.size > 0:
                y[condition] = function(there, *args, **kw)
    return y


instead("np.piecewise", "s2sad.rules.statistics._piecewise")
follow("np.allclose", "np.array_equal", "np.array_equiv", "np.average", "np.clip", "np.cumulative_prod", "np.cumulative_sum",
       "np.ediff1d", "np.isin", "np.median", "np.nancumprod",
       "np.nancumsum", "np.real_if_close", "np.sort_complex", "np.trapezoid", "np.unwrap")
